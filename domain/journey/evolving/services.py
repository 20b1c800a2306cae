"""What services do to a journey."""

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving, with_course
from domain.journey.state import Certificate, Journey, ServiceCourse, ServiceStatus

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _service_proposed(journey: Journey, event: e.ServiceProposed, entry: JourneyEntry) -> Journey:
    return _service(
        journey,
        entry,
        service=event.service,
        status=ServiceStatus.PROPOSED,
        provider=event.provider,
        step=event.step,
        proposed_on=entry.occurred_on,
    )


@_evolves
def _service_accepted(journey: Journey, _: e.ServiceAccepted, entry: JourneyEntry) -> Journey:
    return _service(journey, entry, status=ServiceStatus.ACCEPTED, accepted_on=entry.occurred_on)


@_evolves
def _service_started(journey: Journey, event: e.ServiceStarted, entry: JourneyEntry) -> Journey:
    return _service(
        journey,
        entry,
        service=event.service,
        status=ServiceStatus.STARTED,
        provider=event.provider,
        started_on=entry.occurred_on,
        started=entry.version,
    )


@_evolves
def _attended(journey: Journey, event: e.AttendanceRecorded, entry: JourneyEntry) -> Journey:
    known = journey.service(event.reference) or _UNKNOWN
    hours = known.hours if known.in_all else known.hours + event.hours
    absences = known.absences + (event.absence_reason is not None)
    return _service(journey, entry, hours=hours, absences=absences)


@_evolves
def _service_completed(journey: Journey, event: e.ServiceCompleted, entry: JourneyEntry) -> Journey:
    counted = {} if event.hours is None else {"hours": event.hours, "in_all": True}
    return _service(
        journey,
        entry,
        service=event.service,
        status=ServiceStatus.COMPLETED,
        ended_on=entry.occurred_on,
        ended=entry.version,
        result=event.result,
        **counted,
    )


@_evolves
def _service_declined(journey: Journey, _: e.ServiceDeclined, entry: JourneyEntry) -> Journey:
    return _service_ended(journey, entry, ServiceStatus.DECLINED)


@_evolves
def _interrupted(journey: Journey, _: e.ServiceInterrupted, entry: JourneyEntry) -> Journey:
    return _service_ended(journey, entry, ServiceStatus.INTERRUPTED)


@_evolves
def _certified(journey: Journey, event: e.CertificateAwarded, entry: JourneyEntry) -> Journey:
    awarded = Certificate(
        entry.version, entry.occurred_on, event.title, event.awarding_body, event.eqf_level
    )
    return journey._replace(certificates=(*journey.certificates, awarded))


_UNKNOWN = ServiceCourse(0, "", "", None, ServiceStatus.STARTED)


def _service(journey: Journey, entry: JourneyEntry, **changes: object) -> Journey:
    return journey._replace(services=with_course(journey.services, entry, _UNKNOWN, changes))


def _service_ended(journey: Journey, entry: JourneyEntry, status: ServiceStatus) -> Journey:
    on, version = entry.occurred_on, entry.version
    return _service(journey, entry, status=status, ended_on=on, ended=version)
