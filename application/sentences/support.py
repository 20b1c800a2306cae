"""Sentences of services, placements and money."""

from typing import TypeAlias, assert_never

from application.sentences.words import Words, signed_by
from domain.journey import events as e
from domain.wording import said

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
            step = words.say(", for {step}", step=words.step(event.step)) if event.step else ""
            why = words.clause(event.reason, "; because {text}")
            return words.say("Service proposed: {service}", service=what) + step + why
        case e.ServiceAccepted():
            return words.say("Service accepted: {service}", service=words.service(event.reference))
        case e.ServiceDeclined():
            service = words.service(event.reference)
            why = words.clause(event.reason, "; because {text}")
            return words.say("Service declined: {service}", service=service) + why
        case e.ServiceStarted():
            what = _with_provider(event.service, event.provider, words)
            return words.say("Service started: {service}", service=what)
        case e.AttendanceRecorded():
            return _attendance(event, words)
        case e.ServiceInterrupted():
            service = words.service(event.reference)
            why = words.clause(event.reason, "; because {text}")
            return words.say("Service interrupted: {service}", service=service) + why
        case e.ServiceCompleted():
            return _completion(event, words)
        case e.CertificateAwarded():
            return _certificate(event, words)
        case never:
            assert_never(never)


def _with_provider(service: str, provider: str | None, words: Words) -> str:
    what = words.title("service", service)
    if not provider:
        return what
    return words.say(
        "{service}, at {provider}", service=what, provider=words.organisation(provider)
    )


def _attendance(event: e.AttendanceRecorded, words: Words) -> str:
    service, hours = words.service(event.reference), words.number(event.hours)
    attended = words.say("Attended {service}: {hours} h", service=service, hours=hours)
    if not event.absence_reason:
        return attended
    return attended + words.say(
        ", absent ({reason})", reason=words.code("absence", event.absence_reason)
    )


def _completion(event: e.ServiceCompleted, words: Words) -> str:
    completed = words.say(
        "Service completed: {service}, {result}",
        service=words.title("service", event.service),
        result=words.code("result", event.result),
    )
    if event.hours is None:
        return completed
    return completed + words.say(", {hours} h in all", hours=words.number(event.hours))


def _certificate(event: e.CertificateAwarded, words: Words) -> str:
    awarded = words.say(
        "Certificate awarded by {body}: {title}",
        body=words.organisation(event.awarding_body),
        title=event.title,
    )
    if event.eqf_level is not None:
        awarded += words.say(", EQF {level}", level=event.eqf_level)
    found = words.listed(words.title("concept", concept) for concept in event.competences)
    return awarded + words.say(", for {competences}", competences=found) if found else awarded


def placement_sentence(event: PlacementEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of a placement, or of money for it."""
    match event:
        case e.PlacementProposed():
            return _proposal(event, words)
        case e.PlacementAgreed():
            return words.say(
                "Agreed: {placement}, signed by {people}",
                placement=words.employer(event.reference),
                people=signed_by(event.signatories, words),
            )
        case e.PlacementStarted():
            return words.say("Started: {placement}", placement=words.employer(event.reference))
        case e.PlacementReviewed():
            talked = words.say(
                "Talked over: {placement}", placement=words.employer(event.reference)
            )
            return talked + words.clause(event.note, "; note: {text}")
        case e.PlacementEnded():
            ended = words.say("Ended: {placement}", placement=words.employer(event.reference))
            return ended + words.clause(event.reason, "; because {text}")
        case e.GrantAwarded() | e.GrantPaid() | e.WageSubsidyGranted():
            return _money(event, words)
        case e.EmployerAdvised():
            return words.say(
                "{employer} was advised on {topic}",
                employer=event.employer,
                topic=words.code("topic", event.topic),
            )
        case never:
            assert_never(never)


def _proposal(event: e.PlacementProposed, words: Words) -> str:
    proposed = words.say(
        "Placement proposed: {form} at {employer}",
        form=words.code("placement-form", event.form),
        employer=event.employer,
    )
    if event.hours_per_week:
        proposed += words.say(", {hours} h a week", hours=words.number(event.hours_per_week))
    return proposed + words.clause(event.tutor, ", tutor {text}")


_MONEY = {
    e.GrantAwarded: said(
        "Grant awarded: {amount} by {payer}, from {start} to {end}, for the {placement}"
    ),
    e.GrantPaid: said(
        "Grant paid: {amount} by {payer}, from {start} to {end}, for the {placement}"
    ),
    e.WageSubsidyGranted: said(
        "Wage subsidy granted: {amount} by {payer}, from {start} to {end}, for the {placement}"
    ),
}


def _money(event: MoneyEvent, words: Words) -> str:
    return words.say(
        _MONEY[type(event)],
        amount=words.money(event.amount, event.currency),
        payer=words.organisation(event.payer),
        start=words.day(event.start),
        end=words.day(event.end),
        placement=words.employer(event.reference),
    )
