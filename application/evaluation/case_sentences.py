"""What would have been for one client, in sentences."""

from collections.abc import Iterator

from application.evaluation.cases import Case, Change, DeadlineAgain
from application.evaluation.verdicts_again import FirstDay
from domain.facts import FACTS
from domain.wording import Listed, Wording, called, coded, counted, said


def sentences(case: Case) -> tuple[Wording, ...]:
    """Say what would have been otherwise, and what cannot be told, each in one sentence."""
    return tuple(_sentences(case))


def _sentences(case: Case) -> Iterator[Wording]:
    changed = _changed(case)
    if changed is not None:
        yield changed
    for phase in case.phases:
        name = coded("phase", phase.phase)
        yield said("{phase} on {on}: {why}", phase=name, on=phase.on, why=phase.why)
    yield from (_deadline(one) for one in case.deadlines)


def _changed(case: Case) -> Wording | None:
    if case.newest is None:
        return None
    answer = case.newest.replayed
    match case.change:
        case Change.IN:
            return _let_in(case.replayed_possible)
        case Change.OUT:
            reasons = Listed(answer.reasons)
            return said("would not have been let in: {reasons:;}", reasons=reasons)
        case Change.SOONER | Change.LATER:
            return _moved(case)
        case Change.UNTOLD:
            facts = Listed(Wording(FACTS[name].title, context="fact") for name in answer.unasked)
            return said("cannot be told: nobody asked then for {facts}", facts=facts)
        case _:
            return None


def _let_in(possible: FirstDay | None) -> Wording:
    if possible is None:
        return said("would have been let in")
    if possible.exact:
        return said("would have been let in, from {day} on", day=possible.day)
    return said("would have been let in, from {day} on at the latest", day=possible.day)


def _moved(case: Case) -> Wording:
    one, other, days = case.possible, case.replayed_possible, case.days_sooner
    if one is None or other is None or days is None:
        return said("would have been let in on another day")
    if days > 0:
        return counted(
            "could have been let in from {other} on instead of {day}: {n} day sooner",
            "could have been let in from {other} on instead of {day}: {n} days sooner",
            days,
            other=other.day,
            day=one.day,
        )
    return counted(
        "could have been let in from {other} on instead of {day}: {n} day later",
        "could have been let in from {other} on instead of {day}: {n} days later",
        -days,
        other=other.day,
        day=one.day,
    )


def _deadline(one: DeadlineAgain) -> Wording:
    due = (one.replayed_due if one.missed else one.due) or "-"
    name = called("deadline", one.deadline, one.title)
    if one.missed:
        return said("would have missed {deadline}, due on {due}", deadline=name, due=due)
    return said("would not have missed {deadline}, due on {due}", deadline=name, due=due)
