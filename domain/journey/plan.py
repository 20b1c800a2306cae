"""The client's plan: drafted, agreed, revised; and what was planned against what came of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.definition import codes
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    not_before,
    require_code,
    require_name,
    require_open,
    require_text,
    unless_done,
    unless_recorded,
)
from domain.journey.history import History
from domain.journey.state import Journey, Plan, StepCourse
from domain.refusals import IllegalTransition, InvalidField
from domain.texts import check_id
from domain.wording import Listed, said


class StepStatus(StrEnum):
    """How a step of the plan stands on a day."""

    AHEAD = "ahead"
    OVERDUE = "overdue"
    REACHED = "reached"
    REACHED_LATE = "reached-late"
    DROPPED = "dropped"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True, slots=True)
class StepProgress:
    """A step planned for a day, and what came of it; `days_late` is negative where early.

    A step still open at the end of the journey was not reached, and grows no later.
    """

    step: e.PlanStep
    status: StepStatus
    actual: date | None
    days_late: int | None


def progress(journey: Journey, day: date) -> tuple[StepProgress, ...]:
    """Return planned against actual for each step of the plan.

    Give the journey as at the same day (`history.look`) to ask about a past day.
    """
    if journey.plan is None:
        return ()
    ended = journey.closing.on if journey.closing else None
    return tuple(_progress(course, day, ended) for course in journey.plan.steps)


def _progress(course: StepCourse, day: date, ended: date | None) -> StepProgress:
    by = course.step.by
    if course.reached_on is not None:
        late = (course.reached_on - by).days
        status = StepStatus.REACHED_LATE if late > 0 else StepStatus.REACHED
        return StepProgress(course.step, status, course.reached_on, late)
    if course.dropped_on is not None:
        return StepProgress(course.step, StepStatus.DROPPED, course.dropped_on, None)
    if ended is not None and ended <= day:
        return StepProgress(course.step, StepStatus.NOT_REACHED, None, None)
    if day > by:
        return StepProgress(course.step, StepStatus.OVERDUE, None, (day - by).days)
    return StepProgress(course.step, StepStatus.AHEAD, None, None)


def draft_plan(history: History, act: Act, *, steps: tuple[e.PlanStep, ...]) -> Events:
    """Draft a plan, or draft it again as long as it is not agreed."""
    require_open(history.journey, act, said("draft a plan"))
    _check_steps(history.journey, steps, act)
    plan, event = history.journey.plan, e.PlanDrafted(steps)
    if not unless_recorded(history, act, event):
        return NOTHING
    if plan is not None and plan.agreed is not None:
        raise IllegalTransition(
            state=said("a plan was agreed on {agreed_on}", agreed_on=plan.agreed_on),
            act=said("draft a plan"),
            missing=said("revise the agreed plan, with a reason"),
        )
    if plan is not None:
        _require_drafted(plan, act)
    return (event,)


def agree_plan(history: History, act: Act, *, signatories: tuple[e.Signatory, ...]) -> Events:
    """Agree the drafted plan; the client must be among those who sign."""
    require_open(history.journey, act, said("agree the plan"))
    require_client_signs(history.journey, act, signatories)
    plan = history.journey.plan
    if plan is None:
        raise IllegalTransition(
            state=said("there is no plan"),
            act=said("agree the plan"),
            missing=said("draft a plan first"),
        )
    if plan.agreed is not None:
        if plan.signatories == signatories:
            return NOTHING
        raise IllegalTransition(
            state=said("the plan was agreed on {agreed_on}", agreed_on=plan.agreed_on),
            act=said("agree the plan"),
            missing=said("revise it, with a reason, to have it signed anew"),
        )
    _require_drafted(plan, act)
    return (e.PlanAgreed(signatories),)


def revise_plan(
    history: History,
    act: Act,
    *,
    steps: tuple[e.PlanStep, ...],
    signatories: tuple[e.Signatory, ...],
    reason: Personal,
) -> Events:
    """Replace the agreed plan, for a reason; steps that keep their id keep what came of them."""
    require_open(history.journey, act, said("revise the plan"))
    agreed = _agreed_plan(history.journey, said("revise the plan"))
    not_before(act, agreed.agreed_on, said("the plan was agreed"))
    _check_steps(history.journey, steps, act)
    require_client_signs(history.journey, act, signatories)
    require_text("reason", reason)
    return unless_recorded(history, act, e.PlanRevised(steps, signatories, reason))


def reach_step(history: History, act: Act, *, step: str) -> Events:
    """Record that a step of the agreed plan was reached."""
    require_open(history.journey, act, said("reach a step of the plan"))
    course = _step(history.journey, step, said("reach the step"))
    if course.reached is not None:
        return NOTHING
    not_before(
        act,
        _agreed_plan(history.journey, said("reach the step")).drafted_on,
        said("it was drafted"),
    )
    if course.dropped is not None:
        raise IllegalTransition(
            state=said("the step was dropped on {dropped_on}", dropped_on=course.dropped_on),
            act=said("reach the step {step}", step=step),
            missing=said("revise the plan to take it up again under a new id"),
        )
    return (e.PlanStepReached(step),)


def drop_step(history: History, act: Act, *, step: str, reason: Personal) -> Events:
    """Give up a step of the agreed plan, for a reason."""
    require_open(history.journey, act, said("drop a step of the plan"))
    require_text("reason", reason)
    course = _step(history.journey, step, said("drop the step"))
    event, what = e.PlanStepDropped(step, reason), said("drop the step {step}", step=step)
    if course.dropped is not None:
        return unless_done(
            history,
            event,
            said("it was dropped on {dropped_on}", dropped_on=course.dropped_on),
            what,
        )
    if course.reached is not None:
        raise IllegalTransition(
            state=said("the step was reached on {reached_on}", reached_on=course.reached_on),
            act=what,
            missing=said("retract that entry if it is wrong"),
        )
    not_before(act, _agreed_plan(history.journey, what).drafted_on, said("it was drafted"))
    return (event,)


def _require_drafted(plan: Plan, act: Act) -> None:
    """Raise InvalidField on a day before the plan was drafted as it stands."""
    if act.on < plan.drafted_on:
        raise InvalidField(
            "occurred_on",
            said("the plan was drafted only on {drafted_on}", drafted_on=plan.drafted_on),
        )


def require_client_signs(journey: Journey, act: Act, signatories: tuple[e.Signatory, ...]) -> None:
    """Raise InvalidField unless the client is among the signatories, each under a fit id."""
    if not any(s.role == "client" for s in signatories):
        raise InvalidField("signatories", said("the client must be among those who sign"))
    known = {journey.client, *act.named}  # who goes by an old id signs by it
    for index, signatory in enumerate(signatories):
        if signatory.person not in known:
            check_id(f"signatories[{index}].person", signatory.person)


def _agreed_plan(journey: Journey, what: str) -> Plan:
    if journey.plan is None or journey.plan.agreed is None:
        raise IllegalTransition(
            state=said("no plan was agreed"),
            act=what,
            missing=said("draft a plan and have it agreed"),
        )
    return journey.plan


def _step(journey: Journey, step: str, what: str) -> StepCourse:
    course = _agreed_plan(journey, what).step(step)
    if course is None:
        known = Listed(c.step.id for c in _agreed_plan(journey, what).steps)
        raise InvalidField(
            "step", said("{step!r} is not in the plan; its steps: {known}", step=step, known=known)
        )
    return course


def _check_steps(journey: Journey, steps: tuple[e.PlanStep, ...], act: Act) -> None:
    if not steps:
        raise InvalidField("steps", said("a plan has at least one step"))
    ids = [s.id for s in steps]
    if len(set(ids)) != len(ids):
        raise InvalidField("steps", said("two steps have the same id"))
    known = [course.step.id for course in journey.plan.steps] if journey.plan else ()
    for index, step in enumerate(steps):
        require_name(f"steps[{index}].id", step.id, act, known)
        require_text(f"steps[{index}].goal", step.goal)
        if step.service is not None:
            require_code(f"steps[{index}].service", step.service, codes(act.definition.services))
