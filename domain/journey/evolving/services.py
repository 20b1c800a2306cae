"""What services do to a journey."""

from typing import Any

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving
from domain.journey.state import Certificate, Journey, ServiceCourse, ServiceStatus

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _service_proposed(journey: Journey, event: e.ServiceProposed, entry: JourneyEntry) -> Journey:
    known = journey.service(event.reference)
    told: dict[str, Any] = {
        "service": event.service,
        "provider": event.provider,
        "status": ServiceStatus.PROPOSED,
        "step": event.step,
        "proposed_on": entry.occurred_on,
    }
    if known is not None:
        return journey.with_service(known._replace(**told))
    return journey.with_service(ServiceCourse(entry.version, event.reference, **told))


@_evolves
def _service_accepted(journey: Journey, event: e.ServiceAccepted, entry: JourneyEntry) -> Journey:
    accepted = _known(journey, event.reference, entry)._replace(
        status=ServiceStatus.ACCEPTED, accepted_on=entry.occurred_on
    )
    return journey.with_service(accepted)


@_evolves
def _service_started(journey: Journey, event: e.ServiceStarted, entry: JourneyEntry) -> Journey:
    started = _known(journey, event.reference, entry)._replace(
        service=event.service,
        status=ServiceStatus.STARTED,
        provider=event.provider,
        started_on=entry.occurred_on,
        started=entry.version,
    )
    return journey.with_service(started)


@_evolves
def _attended(journey: Journey, event: e.AttendanceRecorded, entry: JourneyEntry) -> Journey:
    known = _known(journey, event.reference, entry)
    hours = known.hours if known.in_all else known.hours + event.hours
    absences = known.absences + (event.absence_reason is not None)
    return journey.with_service(known._replace(hours=hours, absences=absences))


@_evolves
def _service_completed(journey: Journey, event: e.ServiceCompleted, entry: JourneyEntry) -> Journey:
    known = _known(journey, event.reference, entry)
    completed = known._replace(
        service=event.service,
        status=ServiceStatus.COMPLETED,
        ended_on=entry.occurred_on,
        ended=entry.version,
        result=event.result,
        hours=known.hours if event.hours is None else event.hours,
        in_all=known.in_all or event.hours is not None,
    )
    return journey.with_service(completed)


@_evolves
def _service_declined(journey: Journey, event: e.ServiceDeclined, entry: JourneyEntry) -> Journey:
    return _ended(journey, event.reference, entry, ServiceStatus.DECLINED)


@_evolves
def _interrupted(journey: Journey, event: e.ServiceInterrupted, entry: JourneyEntry) -> Journey:
    return _ended(journey, event.reference, entry, ServiceStatus.INTERRUPTED)


@_evolves
def _certified(journey: Journey, event: e.CertificateAwarded, entry: JourneyEntry) -> Journey:
    awarded = Certificate(
        entry.version, entry.occurred_on, event.title, event.awarding_body, event.eqf_level
    )
    return journey._replace(certificates=(*journey.certificates, awarded))


def _known(journey: Journey, reference: str, entry: JourneyEntry) -> ServiceCourse:
    """Return the service with the reference; where none is known, one that an entry begins."""
    return journey.service(reference) or ServiceCourse(
        entry.version, reference, "", None, ServiceStatus.STARTED
    )


def _ended(journey: Journey, reference: str, entry: JourneyEntry, status: ServiceStatus) -> Journey:
    ended = _known(journey, reference, entry)._replace(
        status=status, ended_on=entry.occurred_on, ended=entry.version
    )
    return journey.with_service(ended)
