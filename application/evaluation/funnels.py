"""Organisations side by side, by what chance alone lets a unit of such a size reach.

Around a centre (what all reach together, or a reference value) there is room for chance: 95 of 100
units that do just as well lie within the inner limits, 998 of 1,000 within the outer. A unit within
them is neither better nor worse for anything that its figure shows. Limits of shares are exact
binomial, of counts for each client exact Poisson, of means Student's: how single values differ is
known by those of all units together, and where none has two, nothing is known of it. D. J.
Spiegelhalter, Statistics in Medicine 24 (2005), 1185-1202.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median, stdev
from typing import NamedTuple

from application.evaluation.distributions import (
    binomial_at_most,
    poisson_at_most,
    student_quantile,
    within,
)

INNER, OUTER = 0.95, 0.998
"""How many of units that are alike lie within the limits."""


class Kind(StrEnum):
    """What a unit's figure is."""

    SHARE = "share"
    RATE = "rate"
    MEAN = "mean"
    MEDIAN = "median"


class Stands(StrEnum):
    """Where a figure lies by its limits."""

    BELOW_OUTER = "far-below"
    BELOW = "below"
    WITHIN = "within-chance"
    ABOVE = "above"
    ABOVE_OUTER = "far-above"


@dataclass(frozen=True, slots=True)
class Point:
    """A unit of the funnel: of how many its figure is, the figure, and its limits.

    `inner` and `outer` are the least and greatest figure within chance, in the unit of the figure.
    """

    unit: str
    size: int
    value: float
    inner: tuple[float, float]
    outer: tuple[float, float]
    stands: Stands


@dataclass(frozen=True, slots=True)
class Funnel:
    """What the units are compared with, and each of them, in the order of their names."""

    kind: Kind
    centre: float
    points: tuple[Point, ...]


class Spread(NamedTuple):
    """The standard deviation of single values, and the degrees of freedom it is known by."""

    deviation: float
    freedom: int


def figure(kind: Kind, values: Sequence[float]) -> float:
    """Return the figure of those with these values (1 or 0 where a share is asked)."""
    return float(median(values)) if kind is Kind.MEDIAN else fmean(values)


def funnel(kind: Kind, units: Mapping[str, Sequence[float]], centre: float | None = None) -> Funnel:
    """Return where each unit stands by the centre; without one, by the figure of all together.

    Units without any value are left out. Raises ValueError where none has one.
    """
    known = {unit: values for unit, values in sorted(units.items()) if values}
    every = [value for values in known.values() for value in values]
    if not every:
        raise ValueError("nobody is counted in any unit")
    middle = figure(kind, every) if centre is None else centre
    spread = _spread(known.values())
    points = [point(kind, unit, values, middle, spread) for unit, values in known.items()]
    return Funnel(kind, middle, tuple(points))


def _spread(units: Iterable[Sequence[float]]) -> Spread:
    """Return the deviation within units, as they have it together."""
    known = [values for values in units if len(values) > 1]
    squares = sum(stdev(values) ** 2 * (len(values) - 1) for values in known)
    freedom = sum(len(values) - 1 for values in known)
    return Spread(math.sqrt(squares / freedom) if freedom else 0.0, freedom)


def point(
    kind: Kind, unit: str, values: Sequence[float], centre: float, spread: Spread | None = None
) -> Point:
    """Return where one unit stands by the centre.

    `spread` is that of single values, for a mean; None: as this unit has it.
    """
    spread = _spread([values]) if spread is None else spread
    inner, outer = (_limits(kind, values, centre, spread, x) for x in (INNER, OUTER))
    value = figure(kind, values)
    return Point(unit, len(values), value, inner, outer, _stands(value, inner, outer))


def _stands(value: float, inner: tuple[float, float], outer: tuple[float, float]) -> Stands:
    slack = 1e-9 * max(1.0, abs(value))
    if value < inner[0] - slack:
        return Stands.BELOW_OUTER if value < outer[0] - slack else Stands.BELOW
    if value > inner[1] + slack:
        return Stands.ABOVE_OUTER if value > outer[1] + slack else Stands.ABOVE
    return Stands.WITHIN


def _limits(
    kind: Kind, values: Sequence[float], centre: float, spread: Spread, coverage: float
) -> tuple[float, float]:
    size = len(values)
    match kind:
        case Kind.SHARE:
            low, high = within(lambda k: binomial_at_most(k, size, centre), coverage, size)
            return low / size, high / size
        case Kind.RATE:
            expected = centre * size
            most = math.ceil(expected + 40 * math.sqrt(expected) + 40)
            low, high = within(lambda k: poisson_at_most(k, expected), coverage, most)
            return low / size, high / size
        case Kind.MEAN:
            if not spread.freedom:
                return -math.inf, math.inf  # nobody knows how far chance reaches
            beyond = student_quantile((1 + coverage) / 2, spread.freedom)
            reach = beyond * spread.deviation / math.sqrt(size)
            return centre - reach, centre + reach
        case Kind.MEDIAN:
            return _of_median(values, centre, coverage)


def _of_median(values: Sequence[float], centre: float, coverage: float) -> tuple[float, float]:
    """Return the limits of a median: how far the unit's own may lie from the centre by chance.

    They are those of the sign test, turned round: the interval of the unit's median (from one of
    its values to another, W. R. Thompson, Annals of Mathematical Statistics 7 (1936), 122-128)
    reaches as far from the figure as the limits reach from the centre.
    """
    size, ordered, middle = len(values), sorted(values), float(median(values))
    rank, _ = within(lambda k: binomial_at_most(k, size, 0.5), coverage, size)
    if rank < 1:
        return -math.inf, math.inf  # so few that chance explains any
    return centre - (ordered[size - rank] - middle), centre + (middle - ordered[rank - 1])
