"""How journeys went beside the pathway, as it may be shown: without what small numbers give away.

A step is asked of a journey any number of times, so a number of steps can be large and of few
journeys. It is withheld where it is small, or where the journeys behind it, or those that it was
not asked of, are fewer than the threshold; then as many others as keep it from being worked out of
totals and shares.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from application.evaluation.conformance import (
    Conformance,
    JourneyCount,
    Outcome,
    Step,
    StepCount,
    StepKind,
    Went,
)
from application.evaluation.suppression import TOTAL, Counts, Key, suppress, suppress_shares

_MISSED, _DEVIATING = "missed", "deviating"
_WITHIN = {
    Outcome.LEFT_OUT.value: _MISSED,
    Outcome.OUT_OF_ORDER.value: _MISSED,
    _MISSED: _DEVIATING,
    Outcome.LATE.value: _DEVIATING,
}
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

    Single journeys that deviate are named only where all is shown.
    """
    total, *places = _places(found, threshold)
    hidden = _hidden_steps(found, threshold)
    in_all = {(TOTAL, TOTAL, TOTAL), (TOTAL, Outcome.DONE.value, TOTAL)}
    return ConformanceShown(
        total,
        tuple(places),
        tuple(_step(one, hidden, threshold) for one in _in_order(found.steps.values())),
        None if hidden & in_all else found.share_of_steps,
        None if 0 < found.untold < threshold else found.untold,
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
    shares = {(place,): (one.conforming, one.journeys) for place, one in counts.items()}
    withheld = suppress_shares(("organisation",), shares, threshold)
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
    cells: dict[Key, int] = {}
    few: set[Key] = set()
    for one in found.steps.values():
        if 0 < found.total.journeys - one.journeys < threshold:
            few.add((_name(one.step), TOTAL, TOTAL))
        for rest, (number, journeys) in _cells(one).items():
            cells[_name(one.step), *rest] = number
            if 0 < journeys < threshold:
                few.add((_name(one.step), *rest))
            if rest in _IN_ALL:
                cells[TOTAL, *rest] = cells.get((TOTAL, *rest), 0) + number
    dimensions = ("step", "outcome", "lawful")
    counts = Counts("steps", dimensions, cells, {"outcome": _WITHIN}, frozenset(few))
    return suppress([counts], threshold)[0] if threshold > 1 else frozenset()


_IN_ALL: set[Key] = {(TOTAL, TOTAL), (Outcome.DONE.value, TOTAL), (_DEVIATING, TOTAL)}
"""What the share of all steps tells of."""


def _cells(one: StepCount) -> dict[Key, tuple[int, int]]:
    """Return the numbers of a step that are shown or can be reckoned, and of how many journeys.

    Of what can be reckoned alone it is at least as many as the largest part has.
    """
    outcomes, behind = one.outcomes, one.of_outcome
    missed = outcomes[Outcome.LEFT_OUT] + outcomes[Outcome.OUT_OF_ORDER]
    of_missed = max(behind[Outcome.LEFT_OUT], behind[Outcome.OUT_OF_ORDER])
    unlawful = missed - one.overridden
    found: dict[Key, tuple[int, int]] = {
        (TOTAL, TOTAL): (one.asked, one.journeys),
        **{(name.value, TOTAL): (outcomes[name], behind[name]) for name in Outcome},
        (_MISSED, TOTAL): (missed, of_missed),
        (_DEVIATING, TOTAL): (
            missed + outcomes[Outcome.LATE],
            max(of_missed, behind[Outcome.LATE]),
        ),
        (_MISSED, _LAWFUL): (one.overridden, one.of_overridden),
        (_MISSED, _NOT_LAWFUL): (unlawful, unlawful),
    }
    return found


def _step(one: StepCount, hidden: frozenset[Key], threshold: int) -> StepShown:
    def number(outcome: str | None, lawful: str | None, value: int) -> int | None:
        return None if (_name(one.step), outcome, lawful) in hidden else value

    asked = number(TOTAL, TOTAL, one.asked)
    outcomes = {name: number(name.value, TOTAL, one.outcomes[name]) for name in Outcome}
    told = asked is not None and outcomes[Outcome.DONE] is not None
    repeated = one.asked - one.journeys
    return StepShown(
        one.step,
        asked,
        outcomes,
        number(_MISSED, _LAWFUL, one.overridden),
        None if asked is None or 0 < repeated < threshold else one.journeys,
        one.share if told else None,
    )
