"""Organisations side by side, and against reference values: what stands out, and what is chance.

Under a threshold, units of few persons are withheld, and as many others as keep them from being
worked out of the figure of all together. How often something came in a unit is told by its rate and
its size: units in which it came to few are withheld, too.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from types import MappingProxyType

from application.evaluation.funnels import Funnel, Kind, Point, Stands, figure, funnel, point
from application.evaluation.published import TOTAL, Key
from application.evaluation.suppression import NO, THRESHOLD, YES, suppress_means, suppress_shares
from domain.definition import ReferenceValue

LEVELS = ("local", "national", "european")
"""How far reference values reach, from near to far."""


class Verdict(StrEnum):
    """What a figure is by a reference value."""

    STRENGTH = "strength"
    WEAKNESS = "weakness"
    WITHIN_CHANCE = "within-chance"


@dataclass(frozen=True, slots=True)
class Against:
    """A unit's figure against a reference value; `unit` None: all together."""

    unit: str | None
    reference: ReferenceValue
    point: Point
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The funnel of units that may be shown, those withheld, and the verdicts by reference.

    `size` and `value` are those of all together, None where they are withheld, and then there is
    no funnel, and no unit is named: each has one at least, and four named of whom there are fewer
    than five are one each. Where nobody is counted, `size` is 0.
    """

    kind: Kind
    size: int | None
    value: float | None
    funnel: Funnel | None
    withheld: tuple[str, ...]
    against: tuple[Against, ...]
    threshold: int


def side_by_side(
    kind: Kind,
    units: Mapping[str, Sequence[float]],
    *,
    better: str = "more",
    centre: float | None = None,
    references: Sequence[ReferenceValue] = (),
    threshold: int = THRESHOLD,
    persons: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> SideBySide:
    """Return units by a funnel and by reference values; `better` is "more" or "less".

    `persons` says of each value whose it is; without it each is another's.
    """
    known = {unit: values for unit, values in sorted(units.items()) if values}
    every = [value for values in known.values() for value in values]
    hidden = _hidden(kind, known, threshold, persons)
    if not every or None in hidden:
        return SideBySide(kind, None if every else 0, None, None, (), (), threshold)
    value = figure(kind, every)
    shown = {unit: values for unit, values in known.items() if unit not in hidden}
    whole = funnel(kind, known, centre)
    drawn = Funnel(kind, whole.centre, tuple(x for x in whole.points if x.unit in shown))
    compared: dict[str | None, Sequence[float]] = {None: every}
    compared.update(shown)
    against = _against(kind, compared, references, better)
    withheld = tuple(unit for unit in known if unit not in shown)
    return SideBySide(kind, len(every), value, drawn, withheld, tuple(against), threshold)


def _hidden(
    kind: Kind,
    units: Mapping[str, Sequence[float]],
    threshold: int,
    persons: Mapping[str, Sequence[str]],
) -> set[str | None]:
    cells: dict[Key, list[tuple[Hashable, float]]] = {
        (unit,): list(zip(persons.get(unit) or ((unit, n) for n in count()), values, strict=False))
        for unit, values in units.items()
    }
    cells[TOTAL,] = [one for some in cells.values() for one in some]
    if kind is Kind.SHARE:
        shares = {key: (round(sum(x for _, x in some)), len(some)) for key, some in cells.items()}
        whose = {
            (*key, answer): len({person for person, value in some if value in meant})
            for key, some in cells.items()
            for answer, meant in ((TOTAL, (0, 1)), (YES, (1,)), (NO, (0,)))
        }
        hidden = suppress_shares(("unit",), shares, threshold, persons=whose)
        return {unit for (unit,) in hidden.values}
    every = {key: [(person, 1.0) for person, _ in some] for key, some in cells.items()}
    told = [every, cells] if kind is Kind.RATE else [every]
    return {unit for one in told for (unit,) in _of_few(one, threshold)}


def _of_few(
    cells: Mapping[Key, Sequence[tuple[Hashable, float]]], threshold: int
) -> frozenset[Key]:
    """Return the units in whose numbers, added up, few persons have a part, and what tells them."""
    counts = {key: round(sum(number for _, number in some)) for key, some in cells.items()}
    behind = {key: len({whose for whose, number in some if number}) for key, some in cells.items()}
    return suppress_means(("unit",), counts, threshold, persons=behind).values


def _against(
    kind: Kind,
    units: Mapping[str | None, Sequence[float]],
    references: Iterable[ReferenceValue],
    better: str,
) -> Iterable[Against]:
    order = sorted(references, key=lambda one: (LEVELS.index(one.level), one.id))
    for unit, values in units.items():
        for reference in order:
            found = point(kind, unit or "", values, reference.value)
            yield Against(unit, reference, found, verdict(found.stands, better))


def verdict(stands: Stands, better: str) -> Verdict:
    """Return what it means to stand there, where more or less is better.

    Outside the inner limits it is a strength or a weakness: of 20 comparisons where nothing is
    different one comes out so.
    """
    if stands is Stands.WITHIN:
        return Verdict.WITHIN_CHANCE
    above = stands in (Stands.ABOVE, Stands.ABOVE_OUTER)
    return Verdict.STRENGTH if above == (better == "more") else Verdict.WEAKNESS
