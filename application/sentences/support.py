"""Sentences of services, placements and money."""

from typing import TypeAlias, assert_never

from application.sentences.words import Words, amount, listed, plain, quoted, signed_by
from domain.journey import events as e

ServiceEvent: TypeAlias = (
    e.ServiceProposed
    | e.ServiceAccepted
    | e.ServiceDeclined
    | e.ServiceStarted
    | e.AttendanceRecorded
    | e.ServiceInterrupted
    | e.ServiceCompleted
    | e.CertificateAwarded
)
MoneyEvent: TypeAlias = e.GrantAwarded | e.GrantPaid | e.WageSubsidyGranted
PlacementEvent: TypeAlias = (
    e.PlacementProposed
    | e.PlacementAgreed
    | e.PlacementStarted
    | e.PlacementReviewed
    | e.PlacementEnded
    | MoneyEvent
    | e.EmployerAdvised
)


def service_sentence(event: ServiceEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of a service."""
    match event:
        case e.ServiceProposed():
            what = _with_provider(event.service, event.provider, words)
            step = f", for {words.step(event.step)}" if event.step else ""
            return f"Service proposed: {what}{step}{quoted(event.reason, '; because ')}"
        case e.ServiceAccepted():
            return f"Service accepted: {words.service(event.reference)}"
        case e.ServiceDeclined():
            why = quoted(event.reason, "; because ")
            return f"Service declined: {words.service(event.reference)}{why}"
        case e.ServiceStarted():
            return f"Service started: {_with_provider(event.service, event.provider, words)}"
        case e.AttendanceRecorded():
            absent = f", absent ({plain(event.absence_reason)})" if event.absence_reason else ""
            return f"Attended {words.service(event.reference)}: {event.hours:g} h{absent}"
        case e.ServiceInterrupted():
            why = quoted(event.reason, "; because ")
            return f"Service interrupted: {words.service(event.reference)}{why}"
        case e.ServiceCompleted():
            hours = f", {event.hours:g} h in all" if event.hours is not None else ""
            what = words.title("service", event.service)
            return f"Service completed: {what}, {plain(event.result)}{hours}"
        case e.CertificateAwarded():
            return _certificate(event, words)
        case never:
            assert_never(never)


def _with_provider(service: str, provider: str | None, words: Words) -> str:
    what = words.title("service", service)
    return f"{what}, at {words.organisation(provider)}" if provider else what


def _certificate(event: e.CertificateAwarded, words: Words) -> str:
    level = f", EQF {event.eqf_level}" if event.eqf_level is not None else ""
    found = listed(words.title("concept", concept) for concept in event.competences)
    for_what = f", for {found}" if found else ""
    return f"Certificate awarded by {event.awarding_body}: {event.title}{level}{for_what}"


def placement_sentence(event: PlacementEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of a placement, or of money for it."""
    match event:
        case e.PlacementProposed():
            hours = f", {event.hours_per_week:g} h a week" if event.hours_per_week else ""
            tutor = quoted(event.tutor, ", tutor ")
            return f"Placement proposed: {plain(event.form)} at {event.employer}{hours}{tutor}"
        case e.PlacementAgreed():
            signed = signed_by(event.signatories)
            return f"Agreed: {words.employer(event.reference)}, signed by {signed}"
        case e.PlacementStarted():
            return f"Started: {words.employer(event.reference)}"
        case e.PlacementReviewed():
            return f"Talked over: {words.employer(event.reference)}{quoted(event.note, '; note: ')}"
        case e.PlacementEnded():
            why = quoted(event.reason, "; because ")
            return f"Ended: {words.employer(event.reference)}{why}"
        case e.GrantAwarded() | e.GrantPaid() | e.WageSubsidyGranted():
            return _money(event, words)
        case e.EmployerAdvised():
            return f"{event.employer} was advised on {plain(event.topic)}"
        case never:
            assert_never(never)


def _money(event: MoneyEvent, words: Words) -> str:
    match event:
        case e.GrantAwarded():
            what = "Grant awarded"
        case e.GrantPaid():
            what = "Grant paid"
        case e.WageSubsidyGranted():
            what = "Wage subsidy granted"
        case never:
            assert_never(never)
    payer = words.organisation(event.payer)
    return (
        f"{what}: {amount(event.amount, event.currency)} by {payer}, "
        f"from {event.start} to {event.end}, for the {words.employer(event.reference)}"
    )
