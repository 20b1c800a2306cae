"""How many journeys, and of how many persons, went as the definition's own pathway has it.

Journeys come one after the other, however many they are; what is kept of each is a few numbers, and
who it is of.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from application.evaluation.conformance import Outcome, Step, StepKind, Taken, Went, went_of
from application.evaluation.headcount import Headcount
from application.evaluation.told_journeys import CaseSeen
from application.views.view import Rules


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
