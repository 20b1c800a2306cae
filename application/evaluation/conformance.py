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

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from application.evaluation.headcount import Headcount
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


@dataclass(slots=True)
class StepCount:
    """How a step went in all journeys: how often it was asked, and what became of it.

    `journeys` are those that it was asked of. The others are persons: `persons` those that it was
    asked of, `again` more than once in a journey, `not_asked` those with a journey in which it was
    not; `of_outcome` those in whose journeys it came out so at least once, `of_overridden` and
    `of_not_lawful` in which it was missed, and overridden or not.
    """

    step: Step
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    overridden: int = 0
    journeys: int = 0
    persons: Headcount = field(default_factory=Headcount)
    again: Headcount = field(default_factory=Headcount)
    not_asked: Headcount = field(default_factory=Headcount)
    of_outcome: dict[Outcome, Headcount] = field(
        default_factory=lambda: {x: Headcount() for x in Outcome}
    )
    of_overridden: Headcount = field(default_factory=Headcount)
    of_not_lawful: Headcount = field(default_factory=Headcount)

    @property
    def asked(self) -> int:
        """How often the step was due."""
        return self.outcomes.total()

    @property
    def share(self) -> float:
        """The share of those that were done as the pathway has it, between 0 and 1."""
        return self.outcomes[Outcome.DONE] / self.asked


@dataclass(slots=True)
class JourneyCount:
    """How many journeys went as the pathway has it, and of whom those are that did and did not."""

    journeys: int = 0
    conforming: int = 0
    of_conforming: Headcount = field(default_factory=Headcount)
    of_deviating: Headcount = field(default_factory=Headcount)

    @property
    def share(self) -> float | None:
        """The share of them, between 0 and 1; None where there are none."""
        return self.conforming / self.journeys if self.journeys else None


@dataclass(slots=True)
class Conformance:
    """How journeys went, by step and by organisation, and the first that deviate.

    `untold` counts journeys under a definition that nobody published: nothing is asked of them.
    They are of the persons `of_untold`. `persons` has the number of each, by the id.
    """

    total: JourneyCount = field(default_factory=JourneyCount)
    organisations: dict[str, JourneyCount] = field(default_factory=dict)
    steps: dict[tuple[StepKind, str], StepCount] = field(default_factory=dict)
    deviating: list[Went] = field(default_factory=list)
    untold: int = 0
    of_untold: Headcount = field(default_factory=Headcount)
    persons: dict[str, int] = field(default_factory=dict)

    def number_of(self, person: str) -> int:
        """Return the number of a person, from 0 on; the next one if there is none yet."""
        return self.persons.setdefault(person, len(self.persons))

    @property
    def share_of_steps(self) -> float | None:
        """The share of all steps that were done as the pathway has it; None where none was due."""
        asked = sum(one.asked for one in self.steps.values())
        done = sum(one.outcomes[Outcome.DONE] for one in self.steps.values())
        return done / asked if asked else None


def conformance(
    cases: Iterable[CaseSeen], rules: Rules, day: date, *, first: int = 0
) -> Conformance:
    """Return how journeys went until the day; they must be seen as at that day.

    `first` is how many of those that deviate are kept, one by one.
    """
    found = Conformance()
    for case in cases:
        went = went_of(case, rules, day)
        if went is None:
            found.untold += 1
            found.of_untold.add(found.number_of(case.person))
            continue
        _count(found, went)
        if went.deviations and len(found.deviating) < first:
            found.deviating.append(went)
    return found


def _count(found: Conformance, went: Went) -> None:
    asked, person = _by_step(went.steps), found.number_of(went.person)
    for key, some in asked.items():
        _count_step(_of_step(found, key, some[0].step), person, some)
    for key, one in found.steps.items():
        if key not in asked:
            one.not_asked.add(person)
    place = found.organisations.setdefault(went.organisation, JourneyCount())
    for count in (found.total, place):
        count.journeys += 1
        count.conforming += not went.deviations
        (count.of_deviating if went.deviations else count.of_conforming).add(person)


def _of_step(found: Conformance, key: tuple[StepKind, str], step: Step) -> StepCount:
    """Return the count of a step; of one that is new, no journey before was asked it."""
    if key not in found.steps:
        before = found.total.of_conforming | found.total.of_deviating
        found.steps[key] = StepCount(step, not_asked=before)
    return found.steps[key]


def _count_step(count: StepCount, person: int, some: Sequence[Taken]) -> None:
    count.journeys += 1
    count.outcomes.update(taken.outcome for taken in some)
    count.overridden += sum(taken.overridden for taken in some)
    _count_person(count, person, some)


def _count_person(count: StepCount, person: int, some: Sequence[Taken]) -> None:
    count.persons.add(person)
    if len(some) > 1:
        count.again.add(person)
    for taken in some:
        count.of_outcome[taken.outcome].add(person)
        if taken.overridden:
            count.of_overridden.add(person)
        elif taken.outcome in (Outcome.LEFT_OUT, Outcome.OUT_OF_ORDER):
            count.of_not_lawful.add(person)


def _by_step(steps: Iterable[Taken]) -> dict[tuple[StepKind, str], list[Taken]]:
    found: dict[tuple[StepKind, str], list[Taken]] = {}
    for taken in steps:
        found.setdefault((taken.step.kind, taken.step.id), []).append(taken)
    return found


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
