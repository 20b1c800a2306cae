"""Flows of unemployment as they may be shown: without what small numbers give away.

Anybody can reckon: who was there and who flowed in are who flowed out and who is left, month by
month; a year's inflow is that of its months; of the spells that last, some are on the way and the
others are not. So a small number is withheld with as many others as keep it from being worked out
of these sums. The dispersion of a year tells much of its months, and the limits tell the
dispersion: they are withheld where any of its months is. Quartiles are, where their number is.
A number is small where few persons are behind it, however many spells they had.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from application.evaluation.flows import YEAR, Flow, Flows, Lengths, Projection
from application.evaluation.suppression import Cell, Sum, withheld_of


@dataclass(frozen=True, slots=True)
class FlowShown:
    """A month; numbers are None where they are withheld (`Flow` says what they are)."""

    month: date
    inflow: int | None
    outflow: int | None
    stock: int | None


@dataclass(frozen=True, slots=True)
class LengthsShown:
    """Lengths of spells; `ended` and `lasting` are None where they are withheld."""

    ended: int | None
    lower: float | None
    median: float | None
    upper: float | None
    lasting: int | None


@dataclass(frozen=True, slots=True)
class ProjectionShown:
    """The projection; numbers are None where they are withheld (`Projection`)."""

    since: date
    expected: float | None
    least: float | None
    most: float | None
    dispersion: float | None
    on_the_way: int | None


@dataclass(frozen=True, slots=True)
class FlowsShown:
    """Flows, lengths and the projection (None without a full year), as they may be shown."""

    months: tuple[FlowShown, ...]
    lengths: LengthsShown
    projection: ProjectionShown | None
    threshold: int


_IN, _OUT, _STOCK, _THERE = "inflow", "outflow", "stock", "there"
_WORDS = (_IN, _OUT, _STOCK)
_IN_NO_TABLE = ("told", "by a sum alone")
"""Of a number that no table has: it is withheld before the others are."""
_YEAR = Cell("inflow of a year", ())
_ENDED, _LASTING = Cell("ended", ()), Cell("lasting", ())
_ON_THE_WAY = Cell("on the way", (("of", "lasting"),))
_OTHERS = Cell("not on the way", (("of", "lasting"), _IN_NO_TABLE))


def shown(found: Flows, threshold: int) -> FlowsShown:
    """Return what may be shown; a threshold of 0 or 1 shows all."""
    hidden, coming = _hidden(found, threshold), found.projection
    return FlowsShown(
        tuple(_flow(one, hidden) for one in found.months),
        _lengths(found.lengths, hidden),
        None if coming is None else _projection(coming, found.months[-YEAR:], hidden),
        threshold,
    )


def _hidden(found: Flows, threshold: int) -> frozenset[Cell]:
    values = {_cell(what, one): n for one in found.months for what, n in _numbers(one)}
    persons = {_ENDED: found.ended, _YEAR: found.of_year}
    for one in found.months:
        persons |= zip((_cell(x, one) for x in _WORDS), one.persons or (), strict=False)
    sums = [*_balances(found.months, values)]
    values |= {_LASTING: found.lengths.lasting, _ENDED: found.lengths.ended}
    if found.projection is not None:
        year = tuple(_cell(_IN, one) for one in found.months[-YEAR:])
        on_the_way = found.projection.on_the_way
        values |= {
            _YEAR: sum(values[cell] for cell in year),
            _ON_THE_WAY: on_the_way,
            _OTHERS: found.lengths.lasting - on_the_way,
        }
        sums += [Sum(_YEAR, year), Sum(_LASTING, (_ON_THE_WAY, _OTHERS))]
    return withheld_of(values, sums, threshold, persons)


def _balances(months: Sequence[Flow], values: dict[Cell, int]) -> Iterator[Sum]:
    """Yield what months have to do with one another, and add who was there in each to the values.

    What was there before the first month, nothing tells.
    """
    for before, one in pairwise(months):
        there = _cell(_THERE, one)
        values[there] = one.stock + one.outflow
        yield Sum(there, (_cell(_STOCK, before), _cell(_IN, one)))
        yield Sum(there, (_cell(_STOCK, one), _cell(_OUT, one)))


def _cell(what: str, one: Flow) -> Cell:
    month = ("month", one.month.isoformat())
    return Cell(what, (month, _IN_NO_TABLE) if what == _THERE else (month,))


def _numbers(one: Flow) -> Iterable[tuple[str, int]]:
    return (_IN, one.inflow), (_OUT, one.outflow), (_STOCK, one.stock)


def _flow(one: Flow, hidden: frozenset[Cell]) -> FlowShown:
    told: Mapping[str, int | None] = {
        what: None if _cell(what, one) in hidden else number for what, number in _numbers(one)
    }
    return FlowShown(one.month, told[_IN], told[_OUT], told[_STOCK])


def _lengths(found: Lengths, hidden: frozenset[Cell]) -> LengthsShown:
    lasting = None if _LASTING in hidden else found.lasting
    if _ENDED in hidden:
        return LengthsShown(None, None, None, None, lasting)
    return LengthsShown(found.ended, found.lower, found.median, found.upper, lasting)


def _projection(
    found: Projection, year: Sequence[Flow], hidden: frozenset[Cell]
) -> ProjectionShown:
    expected = None if _YEAR in hidden else found.expected
    on_the_way = None if _ON_THE_WAY in hidden else found.on_the_way
    if expected is None or any(_cell(_IN, one) in hidden for one in year):
        return ProjectionShown(found.since, expected, None, None, None, on_the_way)
    return ProjectionShown(
        found.since, expected, found.least, found.most, found.dispersion, on_the_way
    )
