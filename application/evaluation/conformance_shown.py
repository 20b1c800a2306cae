"""How journeys went beside the pathway, as it may be shown: without what small numbers give away.

A step is asked of a journey any number of times, and a person can have several journeys, so a
number can be large and of few persons. It is withheld where the persons behind it, or those with a
journey that the step was not asked of, are fewer than the threshold; then as many others as keep it
from being worked out of totals and shares. The share of all steps tells how often all were asked
and done, to whoever looks for whole numbers: it is withheld where any of these is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from application.evaluation.conformance import Outcome, Step, StepKind, Went
from application.evaluation.conformance_counted import Conformance, JourneyCount, StepCount
from application.evaluation.headcount import Headcount
from application.evaluation.published import TOTAL, Cell, Counts, Key, Sum
from application.evaluation.suppression import NO, YES, suppress, suppress_shares

_MISSED, _DEVIATING = "missed", "deviating"
"""What anybody can add up: what was missed, and all that did not go as the pathway has it."""
_LAWFUL, _NOT_LAWFUL = "overridden", "not overridden"
_ORDER = tuple(StepKind)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step; numbers are None where they are withheld (`StepCount` says what they are)."""

    step: Step
    asked: int | None
    outcomes: Mapping[Outcome, int | None]
    overridden: int | None
    journeys: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """How many journeys went as the pathway has it, in an organisation (None: in all)."""

    organisation: str | None
    journeys: int | None
    conforming: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class ConformanceShown:
    """How journeys went; None is a number that is withheld, or a share of nothing."""

    total: PlaceShown
    organisations: tuple[PlaceShown, ...]
    steps: tuple[StepShown, ...]
    share_of_steps: float | None
    untold: int | None
    deviating: tuple[Went, ...]
    threshold: int

    @property
    def withheld(self) -> bool:
        """Whether any number is withheld."""
        places = (self.total, *self.organisations)
        told = [number for one in places for number in (one.journeys, one.conforming)]
        for one in self.steps:
            told += [one.asked, one.overridden, one.journeys, *one.outcomes.values()]
        return None in [*told, self.untold]


def shown(found: Conformance, threshold: int) -> ConformanceShown:
    """Return what may be shown; a threshold of 0 or 1 shows all.

    Single journeys that deviate are named only where all is shown. Of few in all no organisation is
    named: each has one at least, and four of fewer than five have one each.
    """
    total, *places = _places(found, threshold)
    hidden = _hidden_steps(found, threshold)
    of_share = any(rest in _OF_SHARE for _, *rest in hidden)
    return ConformanceShown(
        total,
        () if total.journeys is None else tuple(places),
        tuple(_step(one, hidden, threshold) for one in _in_order(found.steps.values())),
        None if of_share else found.share_of_steps,
        None if 0 < len(found.of_untold) < threshold else found.untold,
        tuple(found.deviating) if threshold <= 1 else (),
        threshold,
    )


def _in_order(steps: Iterable[StepCount]) -> list[StepCount]:
    """Return the steps by kind, and those of a kind as they first came."""
    return sorted(steps, key=lambda one: _ORDER.index(one.step.kind))


def _places(found: Conformance, threshold: int) -> Iterator[PlaceShown]:
    """Yield how journeys went in all, and in each organisation."""
    counts: dict[str | None, JourneyCount] = {None: found.total}
    counts.update(sorted(found.organisations.items()))
    shares: dict[Key, tuple[int, int]] = {
        (place,): (one.conforming, one.journeys) for place, one in counts.items()
    }
    persons: dict[Key, int] = {
        (place, answer): len(those)
        for place, one in counts.items()
        for answer, those in (
            (TOTAL, one.of_conforming | one.of_deviating),
            (YES, one.of_conforming),
            (NO, one.of_deviating),
        )
    }
    withheld = suppress_shares(("organisation",), shares, threshold, persons=persons)
    for place, one in counts.items():
        journeys = None if (place,) in withheld.counts else one.journeys
        if (place,) in withheld.values:
            yield PlaceShown(place, journeys, None, None)
        else:
            yield PlaceShown(place, journeys, one.conforming, one.share)


def _name(step: Step) -> str:
    return f"{step.kind.value}:{step.id}"


def _hidden_steps(found: Conformance, threshold: int) -> frozenset[Key]:
    """Return the keys (step, outcome, whether lawful) of the numbers that are withheld."""
    if threshold <= 1:
        return frozenset()
    tables = _tables(_numbers(found), _persons(found), _few(found, threshold))
    hidden = zip(tables, suppress(tables, threshold, also=[*_entries(found)]), strict=True)
    return frozenset(
        (key[0], key[1], key[2] if len(key) > 2 else TOTAL) for _, keys in hidden for key in keys
    )


def _entries(found: Conformance) -> Iterator[Sum]:
    """Yield what steps of one phase have to do with one another.

    Whenever it was entered, in order or not, each of its requirements was asked for, but for those
    that came, or went, as its definition was revised.
    """
    asked: dict[tuple[str, int], StepCount] = {}
    for one in found.steps.values():
        if one.step.kind is StepKind.REQUIREMENT:
            phase, _, _ = one.step.id.partition("/")
            before = asked.setdefault((phase, one.asked), one)
            if before is not one:
                yield Sum(_cell(one), (_cell(before),))
    for (phase, number), one in asked.items():
        entered = found.steps.get((StepKind.PHASE, phase))
        if entered and number == sum(entered.outcomes[x] for x in _ENTERED):
            yield Sum(_cell(one), tuple(_cell(entered, x) for x in _ENTERED))


_ENTERED = (Outcome.DONE, Outcome.OUT_OF_ORDER)
"""What becomes of a phase that is entered."""


def _cell(one: StepCount, outcome: Outcome | None = None) -> Cell:
    said = () if outcome is None else (("outcome", outcome.value),)
    return Cell("steps", (*said, ("step", _name(one.step))))


def _numbers(found: Conformance) -> dict[Key, int]:
    """Return the numbers of each step."""
    return {key: number for key, (number, _) in _of_steps(found)}


def _persons(found: Conformance) -> dict[Key, int]:
    """Return how many persons are behind each number."""
    return {key: len(those) for key, (_, those) in _of_steps(found)}


def _of_steps(found: Conformance) -> Iterator[tuple[Key, tuple[int, Headcount]]]:
    for one in found.steps.values():
        for rest, told in _cells(one).items():
            yield (_name(one.step), *rest), told


def _few(found: Conformance, threshold: int) -> set[Key]:
    """Return the keys of numbers that leave out few persons' journeys, or entries into a phase."""
    few = [one for one in found.steps.values() if 0 < len(one.not_asked) < threshold]
    return {(_name(one.step), TOTAL, TOTAL) for one in [*few, *_nearly_each(found, threshold)]}


def _nearly_each(found: Conformance, threshold: int) -> Iterator[StepCount]:
    """Yield requirements that were asked a few times less, or more, than others of their phase.

    As of those who entered it before the definition was revised, or twice without leaving it.
    """
    told = {
        phase: [sum(one.outcomes[x] for x in _ENTERED)]
        for (kind, phase), one in found.steps.items()
        if kind is StepKind.PHASE
    }
    for one in sorted(found.steps.values(), key=lambda one: -one.asked):
        if one.step.kind is StepKind.REQUIREMENT:
            others = told.setdefault(one.step.id.partition("/")[0], [])
            if any(0 < abs(other - one.asked) < threshold for other in others):
                yield one
            else:
                others.append(one.asked)


def _tables(
    numbers: Mapping[Key, int], persons: Mapping[Key, int], few: Collection[Key]
) -> list[Counts]:
    """Return every way in which the numbers can be added up, a table for each."""
    ways: tuple[tuple[tuple[str | None, ...], str | None], ...] = (
        ((TOTAL, *_OUTCOMES), TOTAL),
        ((TOTAL, Outcome.DONE.value, _DEVIATING), TOTAL),
        ((_DEVIATING, *_OUTCOMES[1:]), _DEVIATING),
        ((_MISSED, Outcome.LEFT_OUT.value, Outcome.OUT_OF_ORDER.value), _MISSED),
    )
    tables = [_added_up(numbers, persons, few, outcomes, whole) for outcomes, whole in ways]
    lawful = {key: n for key, n in numbers.items() if key[1] == _MISSED}
    behind = {key: persons[key] for key in lawful}
    dimensions = ("step", "outcome", "lawful")
    return [*tables, Counts("steps", dimensions, lawful, {}, persons=behind)]


def _added_up(
    numbers: Mapping[Key, int],
    persons: Mapping[Key, int],
    few: Collection[Key],
    outcomes: Collection[str | None],
    whole: str | None,
) -> Counts:
    """Return a table in which some outcomes add up to a whole; None: to all that were asked."""
    cells = {key[:2]: n for key, n in numbers.items() if key[1] in outcomes and key[2] is TOTAL}
    parts = {} if whole is None else {one: whole for one in outcomes if one and one != whole}
    of_few = frozenset(key[:2] for key in few if key[:2] in cells and key[2] is TOTAL)
    behind = {key: persons[*key, TOTAL] for key in cells}
    dimensions = ("step", "outcome")
    return Counts("steps", dimensions, cells, {"outcome": parts}, of_few, persons=behind)


_OUTCOMES = (
    Outcome.DONE.value,
    Outcome.LEFT_OUT.value,
    Outcome.OUT_OF_ORDER.value,
    Outcome.LATE.value,
)
_OF_SHARE = ([TOTAL, TOTAL], [Outcome.DONE.value, TOTAL])
"""What the share of all steps is made of."""


def _cells(one: StepCount) -> dict[Key, tuple[int, Headcount]]:
    """Return the numbers of a step that are shown or can be reckoned, and the persons of each."""
    outcomes, behind = one.outcomes, one.of_outcome
    missed = outcomes[Outcome.LEFT_OUT] + outcomes[Outcome.OUT_OF_ORDER]
    of_missed = behind[Outcome.LEFT_OUT] | behind[Outcome.OUT_OF_ORDER]
    found: dict[Key, tuple[int, Headcount]] = {
        (TOTAL, TOTAL): (one.asked, one.persons),
        **{(name.value, TOTAL): (outcomes[name], behind[name]) for name in Outcome},
        (_MISSED, TOTAL): (missed, of_missed),
        (_DEVIATING, TOTAL): (missed + outcomes[Outcome.LATE], of_missed | behind[Outcome.LATE]),
        (_MISSED, _LAWFUL): (one.overridden, one.of_overridden),
        (_MISSED, _NOT_LAWFUL): (missed - one.overridden, one.of_not_lawful),
    }
    return found


def _step(one: StepCount, hidden: frozenset[Key], threshold: int) -> StepShown:
    def number(outcome: str | None, lawful: str | None, value: int) -> int | None:
        return None if (_name(one.step), outcome, lawful) in hidden else value

    asked = number(TOTAL, TOTAL, one.asked)
    outcomes = {name: number(name.value, TOTAL, one.outcomes[name]) for name in Outcome}
    told = asked is not None and outcomes[Outcome.DONE] is not None
    return StepShown(
        one.step,
        asked,
        outcomes,
        number(_MISSED, _LAWFUL, one.overridden),
        None if asked is None or 0 < len(one.again) < threshold else one.journeys,
        one.share if told else None,
    )
