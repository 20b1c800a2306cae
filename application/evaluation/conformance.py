"""Whether journeys went as the definition's own pathway has it: what was left out or done late.

A journey is taken as it happened. Three kinds of steps are asked of it:

- *phases*: the definition says after which others a phase can be entered. A phase that lies on the
  way between two that were entered, and was not, is left out; one that was entered where no way of
  the definition leads is out of order.
- *requirements* of a phase are asked of the facts on the day that it was entered. One that was met
  only later is out of order, one that was never met is left out; an overridden one is so, too, and
  is marked: that was lawful.
- *deadlines*: what was met after the last day in time, or is still open after it, is late; what
  was open after it when the journey ended is left out. What an exemption lifted is not asked.

A step that is not due yet is not counted. How many phases a journey should come to, the definition
does not say: a journey that ends early leaves none out.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from application.evaluation.told_journeys import CaseSeen
from application.views.caseload import Clocks, clocks_of
from application.views.view import Rules
from domain.definition import Definition, NoDefinition, Phase, Rule, Title
from domain.journey.deadlines import Deadline, DeadlineStatus, deadlines
from domain.journey.events import PhaseEntered
from domain.journey.evolve import fold
from domain.journey.facts import facts_of, values
from domain.journey.history import History, JourneyEntry
from domain.journey.state import BEFORE, Journey
from domain.policy import unmet


class Outcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    LEFT_OUT = "left-out"
    OUT_OF_ORDER = "out-of-order"
    LATE = "late"


class StepKind(StrEnum):
    """What a step of the pathway is."""

    PHASE = "phase"
    REQUIREMENT = "requirement"
    DEADLINE = "deadline"


class Step(NamedTuple):
    """A step of the pathway: a phase, a requirement of a phase ("training/plan"), a deadline."""

    kind: StepKind
    id: str
    title: Title


class Taken(NamedTuple):
    """What became of a step in a journey.

    `on` is the day it was entered, asked for or due, `entry` the one that it was asked by. `days`
    are those by which it was late; of a deadline that is still open, until the day asked about.
    """

    step: Step
    outcome: Outcome
    on: date
    entry: int
    days: int | None = None
    overridden: bool = False


class Went(NamedTuple):
    """How one journey of a person went, by the organisation that is responsible for it."""

    journey: str
    organisation: str
    steps: tuple[Taken, ...]
    person: str

    @property
    def deviations(self) -> tuple[Taken, ...]:
        """The steps that did not go as the pathway has it."""
        return tuple(x for x in self.steps if x.outcome is not Outcome.DONE)


def went_of(case: CaseSeen, rules: Rules, day: date) -> Went | None:
    """Return how a journey went until the day; None where its definition is not known."""
    history = History(case.entries, case.entries, case.journey)
    clocks = clocks_of(history, rules)
    if clocks is None:
        return None
    timed = deadlines(case.entries, *clocks)
    steps = (*_phases(case.entries, clocks), *_requirements(case.entries, clocks))
    steps = (*steps, *_deadlines(timed, day))
    return Went(case.id, case.journey.organisation, steps, case.person)


# Phases


class _Entered(NamedTuple):
    """A phase that was entered, and the definition that held."""

    entry: JourneyEntry
    phase: Phase
    definition: Definition


def _entered(entries: Iterable[JourneyEntry], clocks: Clocks) -> Iterator[_Entered]:
    for entry in entries:
        event = entry.event
        if isinstance(event, PhaseEntered):
            try:
                definition = clocks.definition_of(event.definition_version)
            except NoDefinition:
                continue
            yield _Entered(entry, event.phase, definition)


def _phases(entries: Sequence[JourneyEntry], clocks: Clocks) -> Iterator[Taken]:
    entered = [*_entered(entries, clocks)]
    every = {one.phase for one in entered}
    now: Phase | None = None
    for one in entered:
        if one.phase is now:
            continue
        way = ways(tuple((rule.phase, rule.after) for rule in one.definition.phases))
        between = way.get((now, one.phase))
        missed = [phase for phase in between or () if phase not in every]
        lost = between is None or (between and not missed)
        yield _phase(one, one.phase, Outcome.OUT_OF_ORDER if lost else Outcome.DONE)
        yield from (_phase(one, phase, Outcome.LEFT_OUT) for phase in missed)
        now = one.phase


def _phase(one: _Entered, phase: Phase, outcome: Outcome) -> Taken:
    rule = one.definition.phase(phase)
    title = rule.title if rule else Title(phase.value, phase.value, "en")
    step = Step(StepKind.PHASE, phase.value, title)
    return Taken(step, outcome, one.entry.occurred_on, one.entry.version)


@lru_cache(maxsize=256)  # most journeys are under the same few versions
def ways(
    pathway: tuple[tuple[Phase, tuple[Phase, ...]], ...],
) -> Mapping[tuple[Phase | None, Phase], tuple[Phase, ...]]:
    """Return the phases between two, by the shortest way there is; None is the beginning.

    `pathway` has each phase with those that it can be entered from. There is no way where the
    second cannot come after the first.
    """
    follow: dict[Phase | None, list[Phase]] = {}
    for phase, after in pathway:
        for before in after or (None,):
            follow.setdefault(before, []).append(phase)
    return {
        (start, end): between
        for start in (None, *(phase for phase, _ in pathway))
        for end, between in _reached(start, follow).items()
    }


def _reached(
    start: Phase | None, follow: Mapping[Phase | None, Sequence[Phase]]
) -> dict[Phase, tuple[Phase, ...]]:
    found: dict[Phase, tuple[Phase, ...]] = {}
    waiting: deque[tuple[Phase | None, tuple[Phase, ...]]] = deque([(start, ())])
    while waiting:
        at, between = waiting.popleft()
        for phase in follow.get(at, ()):
            if phase not in found and phase is not start:
                found[phase] = between
                waiting.append((phase, (*between, phase)))
    return found


# Requirements


class _Pending(NamedTuple):
    """A requirement that was not met on the day that its phase was entered."""

    one: _Entered
    rule: Rule


def _requirements(entries: Sequence[JourneyEntry], clocks: Clocks) -> Iterator[Taken]:
    entered = {one.entry.version: one for one in _entered(entries, clocks)}
    pending: list[_Pending] = []
    state = BEFORE
    for day, group in groupby(entries, attrgetter("occurred_on")):
        some = list(group)
        state = fold(some, state)
        waiting, pending = pending, []
        for x in waiting:
            if _not_met((x.rule,), state, day):
                pending.append(x)
            else:
                yield _required(x.one, x.rule, Outcome.OUT_OF_ORDER)
        for one in (entered[x.version] for x in some if x.version in entered):
            phase = one.definition.phase(one.phase)
            rules = phase.requires if phase else ()
            left = _not_met(rules, state, day)
            yield from (_required(one, x, Outcome.DONE) for x in rules if x.id not in left)
            pending += [_Pending(one, x) for x in rules if x.id in left]
    yield from (_required(x.one, x.rule, Outcome.LEFT_OUT) for x in pending)


def _not_met(rules: Sequence[Rule], state: Journey, day: date) -> set[str]:
    return {rule.id for rule in unmet(rules, values(facts_of(state, day)))}


def _required(one: _Entered, rule: Rule, outcome: Outcome) -> Taken:
    event = one.entry.event
    overridden = isinstance(event, PhaseEntered) and rule.id in event.overridden
    step = Step(StepKind.REQUIREMENT, f"{one.phase.value}/{rule.id}", rule.title)
    on, entry = one.entry.occurred_on, one.entry.version
    return Taken(step, outcome, on, entry, overridden=overridden and outcome is not Outcome.DONE)


# Deadlines


def _deadlines(timed: Iterable[Deadline], day: date) -> Iterator[Taken]:
    for one in timed:
        status, due = one.status(day), one.due
        if status is DeadlineStatus.MET:
            yield _due(one, Outcome.DONE, due or one.opened_on)
        elif due is not None and status in _PASSED:
            ended = one.met_on or one.lapsed_on or day
            if ended > due:
                yield _due(one, _PASSED[status], due, (ended - due).days)


_PASSED = {
    DeadlineStatus.MET_LATE: Outcome.LATE,
    DeadlineStatus.OVERDUE: Outcome.LATE,
    DeadlineStatus.LAPSED: Outcome.LEFT_OUT,
}


def _due(one: Deadline, outcome: Outcome, on: date, days: int | None = None) -> Taken:
    step = Step(StepKind.DEADLINE, one.rule, one.title)
    return Taken(step, outcome, on, one.opened_by, days)
