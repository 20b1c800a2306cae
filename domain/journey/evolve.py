"""What each event does to a journey's state. Total: it never raises, whatever the order.

A history from another system, or one ordered by the day things happened, may tell of a service
that was completed before it started; the state then holds what is known and makes up nothing.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import TypeVar, assert_never

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


def fold(entries: Iterable[Entry[e.JourneyEvent]], journey: Journey = BEFORE) -> Journey:
    """Fold effective entries, in the order given, into a state."""
    for entry in entries:
        journey = evolve(journey, entry)
    return journey


def evolve(journey: Journey, entry: Entry[e.JourneyEvent]) -> Journey:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line an event
    """Return the state after the entry."""
    event, on, version = entry.event, entry.occurred_on, entry.version
    match event:
        case e.AttendanceRecorded():
            return _attended(journey, event, version)
        case e.ServiceProposed() | e.ServiceStarted() | e.ServiceCompleted():
            return _service_named(journey, event, entry)
        case e.ServiceAccepted(reference):
            return _service(journey, reference, version, status=ServiceStatus.ACCEPTED)
        case e.ServiceDeclined(reference):
            declined = ServiceStatus.DECLINED
            return _service(
                journey, reference, version, status=declined, ended_on=on, ended=version
            )
        case e.ServiceInterrupted(reference):
            stopped = ServiceStatus.INTERRUPTED
            return _service(journey, reference, version, status=stopped, ended_on=on, ended=version)
        case e.FollowUpHeld():
            return _followed_up(journey, event, entry)
        case e.PhaseEntered():
            stay = Stay(version, event.phase, on)
            return journey._replace(stays=(*journey.stays, stay))
        case e.ReferralMade():
            return _referred(journey, event, entry)
        case e.ReferralAccepted():
            referral = journey.referral and journey.referral._replace(
                accepted=version, accepted_on=on
            )
            return journey._replace(status=_unless_closed(journey, Status.OPEN), referral=referral)
        case e.ReferralDeclined():
            return journey._replace(status=_unless_closed(journey, Status.DECLINED))
        case e.EligibilityAssessed():
            verdict = Eligibility(version, on, event.eligible, event.definition_version)
            return journey._replace(eligibility=_newest(journey.eligibility, verdict))
        case e.CaseWorkerAssigned(person, organisation):
            responsible = Responsible(version, person, organisation, on)
            return journey._replace(responsible=responsible, organisation=organisation)
        case e.IntakeInterviewHeld():
            told = Told(version, on, event.situation)
            return journey._replace(interviewed=version, told=_newest(journey.told, told))
        case e.ServiceNeedsDefined():
            needs = Needs(version, on, event.needs, event.service_line)
            return journey._replace(needs=_newest(journey.needs, needs))
        case e.CompetenceReviewStarted():
            return journey._replace(review=Review(version, on, event.method, event.assessor))
        case e.CompetenceReviewCompleted():
            review = journey.review or Review(version, on, "", "")
            done = review._replace(completed=version, completed_on=on)
            return journey._replace(review=done)
        case e.SelfAssessmentSubmitted():
            handed_in = SelfAssessment(
                version, on, event.questionnaire, event.questionnaire_version
            )
            return journey._replace(self_assessments=(*journey.self_assessments, handed_in))
        case e.CompetenceRecorded():
            return _competent(journey, event, entry)
        case e.TeamMemberJoined(person, organisation, role):
            member = Member(version, person, organisation, role, on)
            return journey._replace(team=(*journey.team, member))
        case e.TeamMemberLeft(person, organisation):
            return _left(journey, person, organisation, entry)
        case e.PlanDrafted(steps):
            plan = journey.plan
            if plan is None:
                plan = Plan(version, on, _courses(steps, None))
            else:
                plan = plan._replace(entry=version, drafted_on=on, steps=_courses(steps, plan))
            return journey._replace(plan=plan)
        case e.PlanAgreed(signatories):
            return _agreed(journey, journey.plan, signatories, entry)
        case e.PlanRevised(steps, signatories):
            plan = Plan(version, on, _courses(steps, journey.plan))
            if journey.plan is not None:
                plan = plan._replace(revision=journey.plan.revision)
            return _agreed(journey, plan, signatories, entry)
        case e.PlanStepReached(step):
            return _step(journey, step, reached=version, reached_on=on)
        case e.PlanStepDropped(step):
            return _step(journey, step, dropped=version, dropped_on=on)
        case e.CertificateAwarded():
            awarded = Certificate(version, on, event.title, event.awarding_body, event.eqf_level)
            return journey._replace(certificates=(*journey.certificates, awarded))
        case e.PlacementProposed():
            return _placement_proposed(journey, event, entry)
        case e.PlacementAgreed(reference):
            agreed = PlacementStatus.AGREED
            return _placement(
                journey, reference, version, status=agreed, agreed_on=on, agreed=version
            )
        case e.PlacementStarted(reference):
            started = PlacementStatus.STARTED
            return _placement(
                journey, reference, version, status=started, started_on=on, started=version
            )
        case e.PlacementReviewed(reference):
            known = journey.placement(reference)
            reviews = known.reviews + 1 if known else 1
            return _placement(journey, reference, version, reviews=reviews)
        case e.PlacementEnded(reference):
            ended = PlacementStatus.ENDED
            return _placement(journey, reference, version, status=ended, ended_on=on, ended=version)
        case e.GrantAwarded():
            return _money(journey, event, version, MoneyKind.GRANT_AWARDED)
        case e.GrantPaid():
            return _money(journey, event, version, MoneyKind.GRANT_PAID)
        case e.WageSubsidyGranted():
            return _money(journey, event, version, MoneyKind.WAGE_SUBSIDY)
        case e.EmployerAdvised(employer, topic):
            advice = Advice(version, on, employer, topic)
            return journey._replace(advice=(*journey.advice, advice))
        case e.EmploymentPeriodRecorded():
            return _period(journey, event, version, PeriodKind.EMPLOYMENT)
        case e.UnemploymentPeriodRecorded():
            return _period(journey, event, version, PeriodKind.UNEMPLOYMENT)
        case e.BenefitPeriodRecorded():
            return _period(journey, event, version, PeriodKind.BENEFIT)
        case e.HandoverRequested(to_organisation):
            return journey._replace(handover=Handover(version, on, to_organisation))
        case e.HandoverAccepted(organisation, person):
            responsible = Responsible(version, person, organisation, on)
            return journey._replace(
                handover=None, responsible=responsible, organisation=organisation
            )
        case e.HandoverDeclined():
            return journey._replace(handover=None)
        case e.FeedbackGiven():
            feedback = Feedback(version, on, event.respondent, event.questionnaire)
            return journey._replace(feedback=(*journey.feedback, feedback))
        case e.DeadlineExempted(deadline, reason):
            return _adjusted(journey, Adjustment(version, on, deadline, None, reason))
        case e.DeadlineMoved(deadline, due, moved):
            return _adjusted(journey, Adjustment(version, on, deadline, due, str(moved)))
        case e.JourneyPaused():
            pauses = (*journey.pauses, Pause(version, on))
            return journey._replace(status=_unless_closed(journey, Status.PAUSED), pauses=pauses)
        case e.JourneyResumed():
            return _resumed(journey, entry)
        case e.DefinitionAdopted(definition_version):
            return journey._replace(definition_version=definition_version)
        case e.DecisionReviewed():
            reviewed = Reviewed(
                version, event.correction, event.entry, event.deadline, event.upheld
            )
            return journey._replace(reviewed=(*journey.reviewed, reviewed))
        case e.JourneyClosed(end_state, destination):
            closing = Closing(version, on, end_state, destination)
            pauses = _ended(journey.pauses, on)
            return journey._replace(status=Status.CLOSED, closing=closing, pauses=pauses)
        case e.JourneyReopened():
            waiting = journey.referral is not None and journey.referral.accepted is None
            status = Status.REFERRED if waiting else Status.OPEN
            return journey._replace(status=status, closing=None)
        case e.EntryCorrected() | e.EntryRetracted():
            return journey  # `history.effective` has applied them to the entries they name
        case _:
            assert_never(event)


def _newest(known: Dated | None, told: Dated) -> Dated:
    # What is recorded late does not put itself before what happened since.
    return told if known is None or known.on <= told.on else known


def _unless_closed(journey: Journey, status: Status) -> Status:
    # Other systems date an end before the beginning; only a reopening undoes an end.
    return Status.CLOSED if journey.closing is not None else status


def _referred(journey: Journey, event: e.ReferralMade, entry: Entry[e.JourneyEvent]) -> Journey:
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


def _competent(
    journey: Journey, event: e.CompetenceRecorded, entry: Entry[e.JourneyEvent]
) -> Journey:
    found = Competence(
        entry.version, entry.occurred_on, event.concept, event.level, event.validated_by
    )
    others = tuple(c for c in journey.competences if c.concept != event.concept)
    return journey._replace(competences=(*others, found))


def _left(
    journey: Journey, person: str, organisation: str, entry: Entry[e.JourneyEvent]
) -> Journey:
    team = tuple(
        m._replace(until=entry.occurred_on)
        if m.until is None and (m.person, m.organisation) == (person, organisation)
        else m
        for m in journey.team
    )
    return journey._replace(team=team)


def _courses(steps: tuple[e.PlanStep, ...], before: Plan | None) -> tuple[StepCourse, ...]:
    known = {c.step.id: c for c in before.steps} if before else {}
    return tuple(known[s.id]._replace(step=s) if s.id in known else StepCourse(s) for s in steps)


def _agreed(
    journey: Journey,
    plan: Plan | None,
    signatories: tuple[e.Signatory, ...],
    entry: Entry[e.JourneyEvent],
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


def _attended(journey: Journey, event: e.AttendanceRecorded, version: int) -> Journey:
    known = journey.service(event.reference)
    hours = (known.hours if known else 0.0) + event.hours
    absences = (known.absences if known else 0) + (event.absence_reason is not None)
    return _service(journey, event.reference, version, hours=hours, absences=absences)


def _service_named(
    journey: Journey,
    event: e.ServiceProposed | e.ServiceStarted | e.ServiceCompleted,
    entry: Entry[e.JourneyEvent],
) -> Journey:
    on, version = entry.occurred_on, entry.version
    changes: dict[str, object]
    match event:
        case e.ServiceProposed():
            changes = {
                "status": ServiceStatus.PROPOSED,
                "provider": event.provider,
                "step": event.step,
                "proposed_on": on,
            }
        case e.ServiceStarted():
            changes = {
                "status": ServiceStatus.STARTED,
                "provider": event.provider,
                "started_on": on,
                "started": version,
            }
        case e.ServiceCompleted():
            changes = {
                "status": ServiceStatus.COMPLETED,
                "ended_on": on,
                "ended": version,
                "result": event.result,
            }
            if event.hours is not None:
                changes["hours"] = event.hours
        case _:
            assert_never(event)
    return _service(journey, event.reference, version, service=event.service, **changes)


def _service(journey: Journey, reference: str, version: int, **changes: object) -> Journey:
    services = journey.services
    for index in range(len(services) - 1, -1, -1):
        if services[index].reference == reference:
            changed = services[index]._replace(**changes)  # type: ignore[arg-type]
            services = (*services[:index], changed, *services[index + 1 :])
            return journey._replace(services=services)
    unknown = ServiceCourse(version, reference, "", None, ServiceStatus.STARTED)
    return journey._replace(services=(*services, unknown._replace(**changes)))  # type: ignore[arg-type]


def _placement_proposed(
    journey: Journey, event: e.PlacementProposed, entry: Entry[e.JourneyEvent]
) -> Journey:
    return _placement(
        journey,
        event.reference,
        entry.version,
        employer=event.employer,
        form=event.form,
        status=PlacementStatus.PROPOSED,
        proposed_on=entry.occurred_on,
    )


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


def _money(
    journey: Journey,
    event: e.GrantAwarded | e.GrantPaid | e.WageSubsidyGranted,
    version: int,
    kind: MoneyKind,
) -> Journey:
    period = Period(event.start, event.end)
    money = Money(version, kind, event.reference, event.amount, event.currency, event.payer, period)
    return journey._replace(money=(*journey.money, money))


def _period(
    journey: Journey,
    event: e.EmploymentPeriodRecorded | e.UnemploymentPeriodRecorded | e.BenefitPeriodRecorded,
    version: int,
    of: PeriodKind,
) -> Journey:
    period = Period(event.start, event.end)
    recorded = RecordedPeriod(version, of, period, event.kind, event.paid_days)
    return journey._replace(periods=(*journey.periods, recorded))


def _followed_up(journey: Journey, event: e.FollowUpHeld, entry: Entry[e.JourneyEvent]) -> Journey:
    held = FollowUp(entry.version, entry.occurred_on, event.status, event.point)
    told = journey.told
    if event.situation is not None:
        told = _newest(told, _told_anew(told, event.situation, entry))
    return journey._replace(follow_ups=(*journey.follow_ups, held), told=told)


def _told_anew(told: Told | None, situation: e.Situation, entry: Entry[e.JourneyEvent]) -> Told:
    if told is None:
        return Told(entry.version, entry.occurred_on, situation)
    silent = {
        name: getattr(told.situation, name)
        for name in _SITUATION
        if getattr(situation, name) in (None, ())
        and not (name == "unemployed_since" and situation.employment is not None)
    }
    return Told(entry.version, entry.occurred_on, replace(situation, **silent), told.entries)


def _adjusted(journey: Journey, adjustment: Adjustment) -> Journey:
    return journey._replace(adjustments=(*journey.adjustments, adjustment))


def _resumed(journey: Journey, entry: Entry[e.JourneyEvent]) -> Journey:
    status = Status.OPEN if journey.status is Status.PAUSED else journey.status
    pauses = _ended(journey.pauses, entry.occurred_on)
    return journey._replace(status=status, pauses=pauses)


def _ended(pauses: tuple[Pause, ...], day: date) -> tuple[Pause, ...]:
    return tuple(p._replace(end=day) if p.end is None else p for p in pauses)
