"""What is done because it is due: most of it about its day, some late, some never."""

from collections.abc import Callable

from application.simulation.following import give_feedback, hold
from application.simulation.placing import advise
from application.simulation.reviewing import join_team, make_plan, revise_plan
from application.simulation.starting import define_needs
from application.simulation.way import Acts, Way
from domain.journey import course
from domain.journey.deadlines import Deadline, DeadlineStatus
from domain.journey.state import Status

NEAR = 25
"""Days before a deadline from which somebody thinks of it."""

HELD = "follow-up-held"

DUTIES: dict[str, Callable[[Way], Acts]] = {
    "feedback-given": lambda way: give_feedback(way, "client"),
    "employer-advised": advise,
    "team-member-joined": join_team,
    "plan-agreed": make_plan,
    "plan-revised": revise_plan,
    "service-needs-defined": define_needs,
}
"""What to do for a deadline that one of these events meets."""


def tend(way: Way) -> Acts:
    """Do what is due soon, or overdue; one act can meet several deadlines."""
    ends = {rule.id: rule.ends for rule in way.definition.timed}
    done: set[str] = set()
    for deadline in way.deadlines():
        if not _is_near(way, deadline) or not way.is_(Status.OPEN):
            continue
        names = [name for name in ends.get(deadline.rule, ()) if name in DUTIES or name == HELD]
        if not names and deadline.status(way.day) is DeadlineStatus.OVERDUE:
            yield from _let_go(way, deadline)
        for name in names:
            if name not in done and way.chance(way.rates.tended):
                done.add(name)
                yield from _act(way, name, deadline)


def _is_near(way: Way, deadline: Deadline) -> bool:
    settled = (deadline.met_on, deadline.lapsed_on, deadline.exempt)
    if any(settled) or deadline.due is None:
        return False
    return (deadline.due - way.day).days <= NEAR


def _act(way: Way, name: str, deadline: Deadline) -> Acts:
    if name == HELD:
        points = {point.id for point in way.definition.follow_up}
        yield from hold(way, deadline.rule if deadline.rule in points else None)
    else:
        yield from DUTIES[name](way)


def _let_go(way: Way, deadline: Deadline) -> Acts:
    """Lift a deadline that nothing can meet in this phase, where somebody thinks of it."""
    reasons = way.definition.exemption_reasons
    if reasons and way.chance(way.rates.tended):
        reason = way.rng.choice(reasons).code
        yield from way.do(course.exempt_deadline, deadline=deadline.id, reason=reason)
