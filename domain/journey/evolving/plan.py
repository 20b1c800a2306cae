"""What the team and the plan do to a journey."""

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving
from domain.journey.state import Journey, Member, Plan, StepCourse

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _joined(journey: Journey, event: e.TeamMemberJoined, entry: JourneyEntry) -> Journey:
    member = Member(entry.version, event.person, event.organisation, event.role, entry.occurred_on)
    return journey._replace(team=(*journey.team, member))


@_evolves
def _left(journey: Journey, event: e.TeamMemberLeft, entry: JourneyEntry) -> Journey:
    gone = (event.person, event.organisation)
    team = tuple(
        m._replace(until=entry.occurred_on)
        if m.until is None and (m.person, m.organisation) == gone
        else m
        for m in journey.team
    )
    return journey._replace(team=team)


@_evolves
def _drafted(journey: Journey, event: e.PlanDrafted, entry: JourneyEntry) -> Journey:
    plan, version, on = journey.plan, entry.version, entry.occurred_on
    if plan is None:
        plan = Plan(version, on, _courses(event.steps, None))
    else:
        plan = plan._replace(entry=version, drafted_on=on, steps=_courses(event.steps, plan))
    return journey._replace(plan=plan)


@_evolves
def _agreed(journey: Journey, event: e.PlanAgreed, entry: JourneyEntry) -> Journey:
    return _with_agreed(journey, journey.plan, event.signatories, entry)


@_evolves
def _plan_revised(journey: Journey, event: e.PlanRevised, entry: JourneyEntry) -> Journey:
    plan = Plan(entry.version, entry.occurred_on, _courses(event.steps, journey.plan))
    if journey.plan is not None:
        plan = plan._replace(revision=journey.plan.revision)
    return _with_agreed(journey, plan, event.signatories, entry)


@_evolves
def _reached(journey: Journey, event: e.PlanStepReached, entry: JourneyEntry) -> Journey:
    return _step(journey, event.step, reached=entry.version, reached_on=entry.occurred_on)


@_evolves
def _dropped(journey: Journey, event: e.PlanStepDropped, entry: JourneyEntry) -> Journey:
    return _step(journey, event.step, dropped=entry.version, dropped_on=entry.occurred_on)


def _courses(steps: tuple[e.PlanStep, ...], before: Plan | None) -> tuple[StepCourse, ...]:
    known = {c.step.id: c for c in before.steps} if before else {}
    return tuple([known[s.id]._replace(step=s) if s.id in known else StepCourse(s) for s in steps])


def _with_agreed(
    journey: Journey,
    plan: Plan | None,
    signatories: tuple[e.Signatory, ...],
    entry: JourneyEntry,
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
    steps = [
        c._replace(**came) if c.step.id == step_id else c  # type: ignore[arg-type]
        for c in journey.plan.steps
    ]
    return journey._replace(plan=journey.plan._replace(steps=tuple(steps)))
