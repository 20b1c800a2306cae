"""Ways to make up the team, and to plan."""

from collections.abc import Callable

from application.candidates.way import Asked, Fields, Way, Ways, each, signatories, texts, words
from domain.entry import Personal
from domain.journey import events as e
from domain.wording import said


def join(asked: Asked) -> Ways:
    """Return the one way into the team."""
    by = asked.act.by

    def free(attempt: int) -> Fields:
        return {"person": by.person, "organisation": by.organisation, "role": words(attempt)}

    return (Way(free=free),)


def leave(asked: Asked) -> Ways:
    """Return each member of the team."""
    members = dict.fromkeys((m.person, m.organisation) for m in asked.history.journey.team)
    ways = [Way({"person": person, "organisation": place}) for person, place in members]
    by = asked.act.by
    return ways or (Way(free=lambda _: {"person": by.person, "organisation": by.organisation}),)


def _steps(asked: Asked, attempt: int) -> tuple[e.PlanStep, ...]:
    return (e.PlanStep("1", Personal(words(attempt)), asked.act.on),)


def draft(asked: Asked) -> Ways:
    """Return the one way to draft a plan."""
    return (Way(free=lambda n: {"steps": _steps(asked, n)}),)


def agree(asked: Asked) -> Ways:
    """Return the one way to agree the plan."""
    return (Way(free=lambda n: {"signatories": signatories(asked, n)}),)


def revise(asked: Asked) -> Ways:
    """Return the one way to revise the plan."""

    def free(attempt: int) -> Fields:
        return {
            "steps": _steps(asked, attempt),
            "signatories": signatories(asked, attempt),
            "reason": Personal(words(attempt)),
        }

    return (Way(free=free),)


def each_step(*names: str) -> Callable[[Asked], Ways]:
    """Return what gives a way for each step of the plan."""

    def ways(asked: Asked) -> Ways:
        plan = asked.history.journey.plan
        steps = [course.step.id for course in plan.steps] if plan else []
        return each("step", steps, said("the plan has no steps"), free=texts(*names))

    return ways
