"""Services: proposed, accepted, started, attended, completed; and certificates."""

import math

from domain.definition import Service
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    not_before,
    phase_said,
    require_code,
    require_name,
    require_open,
    require_text,
    unless_done,
    unless_recorded,
    would_have_to_be,
)
from domain.journey.history import History
from domain.journey.state import Journey, ServiceCourse, ServiceStatus
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Listed, Wording, coded, said

_TAKEN = (ServiceStatus.ACCEPTED, ServiceStatus.STARTED, ServiceStatus.COMPLETED)


def propose_service(
    history: History,
    act: Act,
    *,
    reference: str,
    service: str,
    provider: str | None = None,
    step: str | None = None,
    reason: Personal = e.NOTHING_SAID,
) -> Events:
    """Propose a service of the catalogue to the client, under a reference new to the journey."""
    require_open(history.journey, act, said("propose a service"))
    require_name("reference", reference, act)
    _in_this_phase(history.journey, act, service)
    plan = history.journey.plan
    if step is not None:
        require_code("step", step, [c.step.id for c in plan.steps] if plan else [])
    event = e.ServiceProposed(reference, service, provider, step, reason)
    if not unless_recorded(history, act, event):
        return NOTHING
    _new_reference(history.journey, reference)
    return (event,)


def accept_service(history: History, act: Act, *, reference: str) -> Events:
    """Record that the client accepted a proposed service."""
    journey, what = history.journey, said("accept the service")
    require_open(journey, act, said("accept a service"))
    known = journey.service(reference)
    if known is not None and known.status in _TAKEN:
        return NOTHING
    if known is None and all(s.status is not ServiceStatus.PROPOSED for s in journey.services):
        raise IllegalTransition(
            state=said("no service waits for an answer"),
            act=what,
            missing=said("propose a service first"),
        )
    course = _course(journey, what, reference, ServiceStatus.PROPOSED)
    not_before(act, course.proposed_on, said("it was proposed"))
    return (e.ServiceAccepted(reference),)


def decline_service(history: History, act: Act, *, reference: str, reason: Personal) -> Events:
    """Record that a proposed or accepted service is declined, for a reason."""
    require_open(history.journey, act, said("decline a service"))
    require_text("reason", reason)
    allowed = (ServiceStatus.PROPOSED, ServiceStatus.ACCEPTED, ServiceStatus.DECLINED)
    course = _course(history.journey, said("decline the service"), reference, *allowed)
    event = e.ServiceDeclined(reference, reason)
    if course.status is ServiceStatus.DECLINED:
        return unless_done(
            history, event, said("it is declined already"), said("decline the service")
        )
    _not_before_answered(act, course)
    return (event,)


def start_service(
    history: History,
    act: Act,
    *,
    reference: str,
    service: str | None = None,
    provider: str | None = None,
) -> Events:
    """Start an accepted service, or one that needs no proposal (then `service` is its code)."""
    require_open(history.journey, act, said("start a service"))
    course = history.journey.service(reference)
    if course is None:
        require_name("reference", reference, act)
        if service is None:
            raise InvalidField("service", said("name the service, as none was proposed before"))
        _in_this_phase(history.journey, act, service)
        return (e.ServiceStarted(reference, service, provider),)
    if course.status is ServiceStatus.STARTED:
        return NOTHING
    _course(history.journey, said("start the service"), reference, ServiceStatus.ACCEPTED)
    if service is not None and service != course.service:
        raise InvalidField(
            "service",
            said(
                "{reference} was proposed as {service}", reference=reference, service=course.service
            ),
        )
    _in_this_phase(history.journey, act, course.service)
    _not_before_answered(act, course)
    return (e.ServiceStarted(reference, course.service, provider or course.provider),)


def _not_before_answered(act: Act, course: ServiceCourse) -> None:
    not_before(act, course.proposed_on, said("it was proposed"))
    not_before(act, course.accepted_on, said("it was accepted"))


def record_attendance(
    history: History, act: Act, *, reference: str, hours: float, absence_reason: str | None = None
) -> Events:
    """Record the hours of a day on a running service, or an absence with its reason."""
    require_open(history.journey, act, said("record attendance"))
    begun = (ServiceStatus.STARTED, ServiceStatus.COMPLETED, ServiceStatus.INTERRUPTED)
    course = _course(history.journey, said("record attendance"), reference, *begun)
    not_before(act, course.started_on, said("the service started"))
    if course.ended_on is not None and act.on > course.ended_on:
        raise InvalidField(
            "occurred_on", said("the service ended on {ended_on}", ended_on=course.ended_on)
        )
    _check_hours(hours, 24)
    if hours == 0 and absence_reason is None:
        raise InvalidField("absence_reason", said("say why the client was absent, or give hours"))
    return unless_recorded(history, act, e.AttendanceRecorded(reference, hours, absence_reason))


def interrupt_service(history: History, act: Act, *, reference: str, reason: Personal) -> Events:
    """End a running service before its time, for a reason."""
    require_open(history.journey, act, said("interrupt a service"))
    require_text("reason", reason)
    allowed = (ServiceStatus.STARTED, ServiceStatus.INTERRUPTED)
    course = _course(history.journey, said("interrupt the service"), reference, *allowed)
    event = e.ServiceInterrupted(reference, reason)
    if course.status is ServiceStatus.INTERRUPTED:
        return unless_done(
            history, event, said("it was interrupted already"), said("interrupt the service")
        )
    not_before(act, course.started_on, said("the service started"))
    return (event,)


def complete_service(
    history: History, act: Act, *, reference: str, result: str, hours: float | None = None
) -> Events:
    """Record that a service was carried through, with its result and hours in all."""
    require_open(history.journey, act, said("complete a service"))
    require_text("result", result)
    allowed = (ServiceStatus.STARTED, ServiceStatus.COMPLETED)
    course = _course(history.journey, said("complete the service"), reference, *allowed)
    if hours is not None:
        _check_hours(hours, math.inf)
    event = e.ServiceCompleted(reference, course.service, result, hours)
    if course.status is ServiceStatus.COMPLETED:
        return unless_done(
            history, event, said("it was completed already"), said("complete the service")
        )
    not_before(act, course.started_on, said("the service started"))
    return (event,)


def award_certificate(
    history: History,
    act: Act,
    *,
    title: str,
    awarding_body: str,
    competences: tuple[str, ...] = (),
    eqf_level: int | None = None,
) -> Events:
    """Record a certificate; `eqf_level` is 1 to 8 where the certificate has one."""
    require_open(history.journey, act, said("award a certificate"))
    require_text("title", title)
    require_text("awarding_body", awarding_body)
    if eqf_level is not None and not 1 <= eqf_level <= 8:
        raise InvalidField(
            "eqf_level", said("the European Qualifications Framework has levels 1 to 8")
        )
    event = e.CertificateAwarded(title, awarding_body, competences, eqf_level)
    return unless_recorded(history, act, event)


def _in_this_phase(journey: Journey, act: Act, code: str) -> Service:
    services = {s.code: s for s in act.definition.services}
    require_code("service", code, services)
    service = services[code]
    if not service.offered(act.on):
        raise IllegalTransition(
            state=_offered(service),
            act=said("use it on {on}", on=act.on),
            missing=said("choose a service that is offered on the day"),
        )
    phases = [stay.phase for stay in journey.stays_on(act.on)]
    if not set(phases) & set(service.phases):
        within = Listed(phase_said(act.definition, phase) for phase in phases)
        raise IllegalTransition(
            state=said("the journey is in {phases:and}", phases=within)
            if within
            else said("the journey has entered no phase"),
            act=said("use the service {code}", code=code),
            missing=said(
                "it belongs to {phases:or}: enter that phase first",
                phases=Listed(phase_said(act.definition, phase) for phase in service.phases),
            ),
        )
    return service


def _offered(service: Service) -> Wording:
    code, since, until = service.code, service.since, service.until
    if since is None:
        return said("{code} is offered until {until}", code=code, until=until)
    if until is None:
        return said("{code} is offered from {since}", code=code, since=since)
    return said("{code} is offered from {since} until {until}", code=code, since=since, until=until)


def _new_reference(journey: Journey, reference: str) -> None:
    known = journey.service(reference)
    if known is not None:
        raise IllegalTransition(
            state=said(
                "{reference} is {service}, {status}",
                reference=reference,
                service=known.service,
                status=coded("service-status", known.status.value),
            ),
            act=said("propose a service"),
            missing=said("give another reference"),
        )


def _course(journey: Journey, what: str, reference: str, *allowed: ServiceStatus) -> ServiceCourse:
    course = journey.service(reference)
    if course is None:
        known = Listed(s.reference for s in journey.services) or said("none")
        raise InvalidField(
            "reference",
            said("no service {reference!r} here; known: {known}", reference=reference, known=known),
        )
    if course.status not in allowed:
        raise IllegalTransition(
            state=said(
                "the service {reference} is {status}",
                reference=reference,
                status=coded("service-status", course.status.value),
            ),
            act=what,
            missing=would_have_to_be("service-status", allowed),
        )
    return course


def _check_hours(hours: float, most: float) -> None:
    if not 0 <= hours <= most or math.isnan(hours):
        raise InvalidField("hours", said("{hours} is not a number of hours", hours=hours))
