"""What each event does to a journey's state. Total: it never raises, whatever the order.

A history from another system, or one ordered by the day things happened, may tell of a service
that was completed before it started; the state then holds what is known and makes up nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeAlias, TypeVar, get_args

from domain.calendar import Period
from domain.entry import Entry
from domain.journey import events as e
from domain.journey.state import (
    BEFORE,
    Adjustment,
    Advice,
    Certificate,
    Closing,
    Competence,
    Eligibility,
    Feedback,
    FollowUp,
    Handover,
    Journey,
    Member,
    Money,
    MoneyKind,
    Needs,
    Pause,
    PeriodKind,
    Placement,
    PlacementStatus,
    Plan,
    RecordedPeriod,
    Referral,
    Responsible,
    Review,
    Reviewed,
    SelfAssessment,
    ServiceCourse,
    ServiceStatus,
    Status,
    Stay,
    StepCourse,
    Told,
)

_SITUATION = tuple(field.name for field in fields(e.Situation))

Dated = TypeVar("Dated", Eligibility, Told, Needs)

_Entry: TypeAlias = Entry[e.JourneyEvent]


def fold(entries: Iterable[_Entry], journey: Journey = BEFORE) -> Journey:
    """Fold effective entries, in the order given, into a state."""
    for entry in entries:
        journey = evolve(journey, entry)
    return journey


def evolve(journey: Journey, entry: _Entry) -> Journey:
    """Return the state after the entry."""
    event = entry.event
    return _EVOLVED[type(event)](journey, event, entry)


_EVOLVED: dict[type, Callable[[Journey, Any, _Entry], Journey]] = {}
"""What each kind of event does: found at once, however many kinds there are."""

Evolves = TypeVar("Evolves", bound=Callable[[Journey, Any, _Entry], Journey])


def _evolves(does: Evolves) -> Evolves:
    """Have a function say what the kinds of events do that its second parameter is of."""
    kinds = list(does.__annotations__.values())[1]
    _EVOLVED.update(dict.fromkeys(get_args(kinds) or (kinds,), does))
    return does


@_evolves
def _revised(journey: Journey, _: e.EntryCorrected | e.EntryRetracted, __: _Entry) -> Journey:
    return journey  # `history.effective` has applied them to the entries they name


@_evolves
def _referred(journey: Journey, event: e.ReferralMade, entry: _Entry) -> Journey:
    referral = Referral(
        entry.version,
        entry.occurred_on,
        event.from_organisation,
        event.to_organisation,
        event.channel,
        event.service_line,
        has_plan=event.existing_plan != e.NOTHING_SAID,
        has_need_definition=event.need_definition != e.NOTHING_SAID,
    )
    return journey._replace(
        client=event.client,
        programme=event.programme,
        definition_version=event.definition_version,
        status=_unless_closed(journey, Status.REFERRED),
        organisation=event.to_organisation,
        referral=referral,
    )


@_evolves
def _accepted(journey: Journey, _: e.ReferralAccepted, entry: _Entry) -> Journey:
    referral = journey.referral and journey.referral._replace(
        accepted=entry.version, accepted_on=entry.occurred_on
    )
    return journey._replace(status=_unless_closed(journey, Status.OPEN), referral=referral)


@_evolves
def _declined(journey: Journey, _: e.ReferralDeclined, __: _Entry) -> Journey:
    return journey._replace(status=_unless_closed(journey, Status.DECLINED))


@_evolves
def _assessed(journey: Journey, event: e.EligibilityAssessed, entry: _Entry) -> Journey:
    verdict = Eligibility(
        entry.version, entry.occurred_on, event.eligible, event.definition_version
    )
    return journey._replace(eligibility=_newest(journey.eligibility, verdict))


@_evolves
def _entered(journey: Journey, event: e.PhaseEntered, entry: _Entry) -> Journey:
    stay = Stay(entry.version, event.phase, entry.occurred_on)
    return journey._replace(stays=(*journey.stays, stay))


@_evolves
def _assigned(journey: Journey, event: e.CaseWorkerAssigned, entry: _Entry) -> Journey:
    return journey._replace(responsible=_answering(event, entry), organisation=event.organisation)


@_evolves
def _interviewed(journey: Journey, event: e.IntakeInterviewHeld, entry: _Entry) -> Journey:
    told = Told(entry.version, entry.occurred_on, event.situation)
    return journey._replace(interviewed=entry.version, told=_newest(journey.told, told))


@_evolves
def _needing(journey: Journey, event: e.ServiceNeedsDefined, entry: _Entry) -> Journey:
    needs = Needs(entry.version, entry.occurred_on, event.needs, event.service_line)
    return journey._replace(needs=_newest(journey.needs, needs))


@_evolves
def _reviewing(journey: Journey, event: e.CompetenceReviewStarted, entry: _Entry) -> Journey:
    review = Review(entry.version, entry.occurred_on, event.method, event.assessor)
    return journey._replace(review=review)


@_evolves
def _reviewed(journey: Journey, _: e.CompetenceReviewCompleted, entry: _Entry) -> Journey:
    review = journey.review or Review(entry.version, entry.occurred_on, "", "")
    done = review._replace(completed=entry.version, completed_on=entry.occurred_on)
    return journey._replace(review=done)


@_evolves
def _self_assessed(journey: Journey, event: e.SelfAssessmentSubmitted, entry: _Entry) -> Journey:
    handed_in = SelfAssessment(
        entry.version, entry.occurred_on, event.questionnaire, event.questionnaire_version
    )
    return journey._replace(self_assessments=(*journey.self_assessments, handed_in))


@_evolves
def _competent(journey: Journey, event: e.CompetenceRecorded, entry: _Entry) -> Journey:
    found = Competence(
        entry.version, entry.occurred_on, event.concept, event.level, event.validated_by
    )
    others = tuple(c for c in journey.competences if c.concept != event.concept)
    return journey._replace(competences=(*others, found))


@_evolves
def _joined(journey: Journey, event: e.TeamMemberJoined, entry: _Entry) -> Journey:
    member = Member(entry.version, event.person, event.organisation, event.role, entry.occurred_on)
    return journey._replace(team=(*journey.team, member))


@_evolves
def _left(journey: Journey, event: e.TeamMemberLeft, entry: _Entry) -> Journey:
    gone = (event.person, event.organisation)
    team = tuple(
        m._replace(until=entry.occurred_on)
        if m.until is None and (m.person, m.organisation) == gone
        else m
        for m in journey.team
    )
    return journey._replace(team=team)


@_evolves
def _drafted(journey: Journey, event: e.PlanDrafted, entry: _Entry) -> Journey:
    plan, version, on = journey.plan, entry.version, entry.occurred_on
    if plan is None:
        plan = Plan(version, on, _courses(event.steps, None))
    else:
        plan = plan._replace(entry=version, drafted_on=on, steps=_courses(event.steps, plan))
    return journey._replace(plan=plan)


@_evolves
def _agreed(journey: Journey, event: e.PlanAgreed, entry: _Entry) -> Journey:
    return _with_agreed(journey, journey.plan, event.signatories, entry)


@_evolves
def _plan_revised(journey: Journey, event: e.PlanRevised, entry: _Entry) -> Journey:
    plan = Plan(entry.version, entry.occurred_on, _courses(event.steps, journey.plan))
    if journey.plan is not None:
        plan = plan._replace(revision=journey.plan.revision)
    return _with_agreed(journey, plan, event.signatories, entry)


@_evolves
def _reached(journey: Journey, event: e.PlanStepReached, entry: _Entry) -> Journey:
    return _step(journey, event.step, reached=entry.version, reached_on=entry.occurred_on)


@_evolves
def _dropped(journey: Journey, event: e.PlanStepDropped, entry: _Entry) -> Journey:
    return _step(journey, event.step, dropped=entry.version, dropped_on=entry.occurred_on)


@_evolves
def _service_proposed(journey: Journey, event: e.ServiceProposed, entry: _Entry) -> Journey:
    return _service(
        journey,
        event.reference,
        entry.version,
        service=event.service,
        status=ServiceStatus.PROPOSED,
        provider=event.provider,
        step=event.step,
        proposed_on=entry.occurred_on,
    )


@_evolves
def _service_accepted(journey: Journey, event: e.ServiceAccepted, entry: _Entry) -> Journey:
    return _service(journey, event.reference, entry.version, status=ServiceStatus.ACCEPTED)


@_evolves
def _service_started(journey: Journey, event: e.ServiceStarted, entry: _Entry) -> Journey:
    return _service(
        journey,
        event.reference,
        entry.version,
        service=event.service,
        status=ServiceStatus.STARTED,
        provider=event.provider,
        started_on=entry.occurred_on,
        started=entry.version,
    )


@_evolves
def _attended(journey: Journey, event: e.AttendanceRecorded, entry: _Entry) -> Journey:
    known = journey.service(event.reference)
    hours = (known.hours if known else 0.0) + event.hours
    absences = (known.absences if known else 0) + (event.absence_reason is not None)
    return _service(journey, event.reference, entry.version, hours=hours, absences=absences)


@_evolves
def _service_completed(journey: Journey, event: e.ServiceCompleted, entry: _Entry) -> Journey:
    counted = {} if event.hours is None else {"hours": event.hours}
    return _service(
        journey,
        event.reference,
        entry.version,
        service=event.service,
        status=ServiceStatus.COMPLETED,
        ended_on=entry.occurred_on,
        ended=entry.version,
        result=event.result,
        **counted,
    )


@_evolves
def _service_declined(journey: Journey, event: e.ServiceDeclined, entry: _Entry) -> Journey:
    return _service_ended(journey, event.reference, entry, ServiceStatus.DECLINED)


@_evolves
def _interrupted(journey: Journey, event: e.ServiceInterrupted, entry: _Entry) -> Journey:
    return _service_ended(journey, event.reference, entry, ServiceStatus.INTERRUPTED)


@_evolves
def _certified(journey: Journey, event: e.CertificateAwarded, entry: _Entry) -> Journey:
    awarded = Certificate(
        entry.version, entry.occurred_on, event.title, event.awarding_body, event.eqf_level
    )
    return journey._replace(certificates=(*journey.certificates, awarded))


@_evolves
def _placement_proposed(journey: Journey, event: e.PlacementProposed, entry: _Entry) -> Journey:
    return _placement(
        journey,
        event.reference,
        entry.version,
        employer=event.employer,
        form=event.form,
        status=PlacementStatus.PROPOSED,
        proposed_on=entry.occurred_on,
    )


@_evolves
def _placement_agreed(journey: Journey, event: e.PlacementAgreed, entry: _Entry) -> Journey:
    return _placement(
        journey,
        event.reference,
        entry.version,
        status=PlacementStatus.AGREED,
        agreed_on=entry.occurred_on,
        agreed=entry.version,
    )


@_evolves
def _placement_started(journey: Journey, event: e.PlacementStarted, entry: _Entry) -> Journey:
    return _placement(
        journey,
        event.reference,
        entry.version,
        status=PlacementStatus.STARTED,
        started_on=entry.occurred_on,
        started=entry.version,
    )


@_evolves
def _placement_reviewed(journey: Journey, event: e.PlacementReviewed, entry: _Entry) -> Journey:
    known = journey.placement(event.reference)
    reviews = known.reviews + 1 if known else 1
    return _placement(journey, event.reference, entry.version, reviews=reviews)


@_evolves
def _placement_ended(journey: Journey, event: e.PlacementEnded, entry: _Entry) -> Journey:
    return _placement(
        journey,
        event.reference,
        entry.version,
        status=PlacementStatus.ENDED,
        ended_on=entry.occurred_on,
        ended=entry.version,
    )


@_evolves
def _money(
    journey: Journey,
    event: e.GrantAwarded | e.GrantPaid | e.WageSubsidyGranted,
    entry: _Entry,
) -> Journey:
    period = Period(event.start, event.end)
    money = Money(
        entry.version,
        _MONEY[type(event)],
        event.reference,
        event.amount,
        event.currency,
        event.payer,
        period,
    )
    return journey._replace(money=(*journey.money, money))


@_evolves
def _period(
    journey: Journey,
    event: e.EmploymentPeriodRecorded | e.UnemploymentPeriodRecorded | e.BenefitPeriodRecorded,
    entry: _Entry,
) -> Journey:
    period = Period(event.start, event.end)
    of = _PERIODS[type(event)]
    recorded = RecordedPeriod(entry.version, of, period, event.kind, event.paid_days)
    return journey._replace(periods=(*journey.periods, recorded))


@_evolves
def _advised(journey: Journey, event: e.EmployerAdvised, entry: _Entry) -> Journey:
    advice = Advice(entry.version, entry.occurred_on, event.employer, event.topic)
    return journey._replace(advice=(*journey.advice, advice))


@_evolves
def _offered(journey: Journey, event: e.HandoverRequested, entry: _Entry) -> Journey:
    handover = Handover(entry.version, entry.occurred_on, event.to_organisation)
    return journey._replace(handover=handover)


@_evolves
def _handed_over(journey: Journey, event: e.HandoverAccepted, entry: _Entry) -> Journey:
    return journey._replace(
        handover=None, responsible=_answering(event, entry), organisation=event.organisation
    )


@_evolves
def _kept(journey: Journey, _: e.HandoverDeclined, __: _Entry) -> Journey:
    return journey._replace(handover=None)


@_evolves
def _followed_up(journey: Journey, event: e.FollowUpHeld, entry: _Entry) -> Journey:
    held = FollowUp(entry.version, entry.occurred_on, event.status, event.point)
    told = journey.told
    if event.situation is not None:
        told = _newest(told, _told_anew(told, event.situation, entry))
    return journey._replace(follow_ups=(*journey.follow_ups, held), told=told)


@_evolves
def _feedback(journey: Journey, event: e.FeedbackGiven, entry: _Entry) -> Journey:
    feedback = Feedback(entry.version, entry.occurred_on, event.respondent, event.questionnaire)
    return journey._replace(feedback=(*journey.feedback, feedback))


@_evolves
def _exempted(journey: Journey, event: e.DeadlineExempted, entry: _Entry) -> Journey:
    return _adjusted(journey, entry, event.deadline, None, event.reason)


@_evolves
def _moved(journey: Journey, event: e.DeadlineMoved, entry: _Entry) -> Journey:
    return _adjusted(journey, entry, event.deadline, event.due, str(event.reason))


@_evolves
def _looked_at(journey: Journey, event: e.DecisionReviewed, entry: _Entry) -> Journey:
    reviewed = Reviewed(entry.version, event.correction, event.entry, event.deadline, event.upheld)
    return journey._replace(reviewed=(*journey.reviewed, reviewed))


@_evolves
def _adopted(journey: Journey, event: e.DefinitionAdopted, _: _Entry) -> Journey:
    return journey._replace(definition_version=event.definition_version)


@_evolves
def _paused(journey: Journey, _: e.JourneyPaused, entry: _Entry) -> Journey:
    pauses = (*journey.pauses, Pause(entry.version, entry.occurred_on))
    return journey._replace(status=_unless_closed(journey, Status.PAUSED), pauses=pauses)


@_evolves
def _resumed(journey: Journey, _: e.JourneyResumed, entry: _Entry) -> Journey:
    status = Status.OPEN if journey.status is Status.PAUSED else journey.status
    pauses = _ended(journey.pauses, entry.occurred_on)
    return journey._replace(status=status, pauses=pauses)


@_evolves
def _closed(journey: Journey, event: e.JourneyClosed, entry: _Entry) -> Journey:
    on = entry.occurred_on
    closing = Closing(entry.version, on, event.end_state, event.destination)
    pauses = _ended(journey.pauses, on)
    return journey._replace(status=Status.CLOSED, closing=closing, pauses=pauses)


@_evolves
def _reopened(journey: Journey, _: e.JourneyReopened, __: _Entry) -> Journey:
    waiting = journey.referral is not None and journey.referral.accepted is None
    status = Status.REFERRED if waiting else Status.OPEN
    return journey._replace(status=status, closing=None)


_MONEY = {
    e.GrantAwarded: MoneyKind.GRANT_AWARDED,
    e.GrantPaid: MoneyKind.GRANT_PAID,
    e.WageSubsidyGranted: MoneyKind.WAGE_SUBSIDY,
}

_PERIODS = {
    e.EmploymentPeriodRecorded: PeriodKind.EMPLOYMENT,
    e.UnemploymentPeriodRecorded: PeriodKind.UNEMPLOYMENT,
    e.BenefitPeriodRecorded: PeriodKind.BENEFIT,
}


def _newest(known: Dated | None, told: Dated) -> Dated:
    # What is recorded late does not put itself before what happened since.
    return told if known is None or known.on <= told.on else known


def _unless_closed(journey: Journey, status: Status) -> Status:
    # Other systems date an end before the beginning; only a reopening undoes an end.
    return Status.CLOSED if journey.closing is not None else status


def _answering(event: e.CaseWorkerAssigned | e.HandoverAccepted, entry: _Entry) -> Responsible:
    return Responsible(entry.version, event.person, event.organisation, entry.occurred_on)


def _courses(steps: tuple[e.PlanStep, ...], before: Plan | None) -> tuple[StepCourse, ...]:
    known = {c.step.id: c for c in before.steps} if before else {}
    return tuple(known[s.id]._replace(step=s) if s.id in known else StepCourse(s) for s in steps)


def _with_agreed(
    journey: Journey,
    plan: Plan | None,
    signatories: tuple[e.Signatory, ...],
    entry: _Entry,
) -> Journey:
    plan = plan or Plan(entry.version, entry.occurred_on, ())
    agreed = plan._replace(
        revision=plan.revision + 1,
        agreed=entry.version,
        agreed_on=entry.occurred_on,
        signatories=signatories,
    )
    return journey._replace(plan=agreed)


def _step(journey: Journey, step_id: str, **came: object) -> Journey:
    if journey.plan is None:
        return journey
    steps = tuple(
        c._replace(**came) if c.step.id == step_id else c  # type: ignore[arg-type]
        for c in journey.plan.steps
    )
    return journey._replace(plan=journey.plan._replace(steps=steps))


def _service(journey: Journey, reference: str, version: int, **changes: object) -> Journey:
    services = journey.services
    for index in range(len(services) - 1, -1, -1):
        if services[index].reference == reference:
            changed = services[index]._replace(**changes)  # type: ignore[arg-type]
            services = (*services[:index], changed, *services[index + 1 :])
            return journey._replace(services=services)
    unknown = ServiceCourse(version, reference, "", None, ServiceStatus.STARTED)
    return journey._replace(services=(*services, unknown._replace(**changes)))  # type: ignore[arg-type]


def _service_ended(
    journey: Journey, reference: str, entry: _Entry, status: ServiceStatus
) -> Journey:
    version, on = entry.version, entry.occurred_on
    return _service(journey, reference, version, status=status, ended_on=on, ended=version)


def _placement(journey: Journey, reference: str, version: int, **changes: object) -> Journey:
    known = journey.placement(reference)
    if known is None:
        unknown = Placement(version, reference, "", "", PlacementStatus.PROPOSED)
        placements = (*journey.placements, unknown._replace(**changes))  # type: ignore[arg-type]
    else:
        placements = tuple(
            p._replace(**changes) if p is known else p  # type: ignore[arg-type]
            for p in journey.placements
        )
    return journey._replace(placements=placements)


def _told_anew(told: Told | None, situation: e.Situation, entry: _Entry) -> Told:
    if told is None:
        return Told(entry.version, entry.occurred_on, situation)
    silent = {
        name: getattr(told.situation, name)
        for name in _SITUATION
        if getattr(situation, name) in (None, ())
        and not (name == "unemployed_since" and situation.employment is not None)
    }
    return Told(entry.version, entry.occurred_on, replace(situation, **silent), told.entries)


def _adjusted(
    journey: Journey, entry: _Entry, deadline: str, due: date | None, reason: str
) -> Journey:
    adjustment = Adjustment(entry.version, entry.occurred_on, deadline, due, reason)
    return journey._replace(adjustments=(*journey.adjustments, adjustment))


def _ended(pauses: tuple[Pause, ...], day: date) -> tuple[Pause, ...]:
    return tuple(p._replace(end=day) if p.end is None else p for p in pauses)
