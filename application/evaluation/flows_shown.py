"""Flows of unemployment as they may be shown: without what small numbers give away.

Anybody can reckon: who was there and who flowed in are who flowed out and who is left, month by
month, from who was there before the first one to who is there on the day; a year's inflow is that
of its months; who flowed out are among those whose spells ended, and the others had short ones, or
left before the first month or after the last; of the spells that last, some are on the way and the
others are not. So a small number, told or not, is withheld with as many others as keep it from
being worked out of these sums, also where it is known only that what nobody tells is not below 0.
So is one of several months together: of two stocks with nobody who flowed out between, one taken
off the other is who flowed in.
The dispersion of a year tells much of its months, and the limits tell the dispersion: they are
withheld where any of its months is. Quartiles are, where their number is, and where they tell how
many of the spells that ended were structural, though that would give something away.
A number is small where few persons are behind it, however many spells they had.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import NamedTuple

from application.evaluation.flows import YEAR, Flow, Flows, Lengths, Many, Projection
from application.evaluation.published import Cell, Sum
from application.evaluation.suppression import withheld_of


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
_YEAR = Cell("inflow of a year", ())
_ENDED, _LASTING = Cell("ended", (("of", "spells"),)), Cell("lasting", ())
_ON_THE_WAY, _OTHERS = Cell("on the way", (("of", "lasting"),)), Cell("not on the way", ())
_BEFORE, _SINCE, _NOW, _FAR = (Cell(x, ()) for x in ("before", "since", "now", "far"))
_EARLIER, _LATELY = Cell("left before", ()), Cell("left since", ())
_SHORT, _LONG, _REST = (Cell(x, ()) for x in ("short", "structural", "left in no month"))
_THERE_NOW = Cell(_THERE, ())


class _Numbers(NamedTuple):
    """The number of each cell, the persons behind it, what adds up, and what no table has."""

    values: dict[Cell, int]
    persons: dict[Cell, int]
    sums: list[Sum]
    unseen: frozenset[Cell]


def shown(found: Flows, threshold: int) -> FlowsShown:
    """Return what may be shown; a threshold of 0 or 1 shows all."""
    numbers, coming = _numbers(found, threshold), found.projection
    hidden = _withheld(numbers, threshold, numbers.unseen)
    told = _ENDED not in hidden and not _give_away(found, numbers, hidden, threshold)
    return FlowsShown(
        tuple(_flow(one, hidden) for one in found.months),
        _lengths(found.lengths, hidden, quartiles=told),
        None if coming is None else _projection(coming, found.months[-YEAR:], hidden),
        threshold,
    )


def _numbers(found: Flows, threshold: int) -> _Numbers:
    """Return all numbers that are told, and those that anybody can look for."""
    lengths, beside = found.lengths, found.beside
    counts = {_cell(what, one): n for one in found.months for what, n in _told(one)}
    persons = {_ENDED: found.ended, _YEAR: found.of_year}
    for one in found.months:
        persons |= zip((_cell(x, one) for x in _WORDS), one.persons or (), strict=False)
    far = () if beside.far is None else (_FAR,)  # where none can be, all else is on the way
    for cell, many in _of_beside(found).items():
        counts[cell], persons[cell] = many
    counts |= {_ENDED: lengths.ended, _LASTING: lengths.lasting}
    counts[_OTHERS] = counts[_NOW] + sum(counts[cell] for cell in far)
    counts[_REST] = beside.short.spells + beside.earlier.spells + beside.lately.spells
    persons[_REST] = max(x.persons for x in (beside.short, beside.earlier, beside.lately))
    sums = [*_sums_of_ended(found.months), Sum(_LASTING, (_ON_THE_WAY, _OTHERS))]
    sums += [Sum(_OTHERS, (_NOW, *far)), *_balances(found.months, counts)]
    together = [*_of_several(found.months, threshold)]
    counts |= {few.total: sum(counts[cell] for cell in few.parts) for few in together}
    sums += together
    told = {_cell(what, one) for one in found.months for what in _WORDS} | {_ENDED, _LASTING}
    if found.projection is not None:
        year = tuple(_cell(_IN, one) for one in found.months[-YEAR:])
        counts[_YEAR] = sum(counts[cell] for cell in year)
        sums.append(Sum(_YEAR, year))
        told |= {_YEAR, _ON_THE_WAY}
    return _Numbers(counts, persons, sums, frozenset(counts.keys() - told))


def _of_beside(found: Flows) -> dict[Cell, Many]:
    """Return what is counted beside the months, by its cell."""
    those = (_BEFORE, _SINCE, _NOW, _LONG, _EARLIER, _LATELY, _SHORT, _ON_THE_WAY, _FAR)
    each = zip(those, found.beside, strict=True)
    return {cell: many for cell, many in each if many is not None}


def _sums_of_ended(months: Sequence[Flow]) -> Iterator[Sum]:
    """Yield what spells that ended have to do with who flowed out."""
    out = tuple(_cell(_OUT, one) for one in months)
    yield Sum(_ENDED, (*out, _REST))
    yield Sum(_REST, (_SHORT, _EARLIER, _LATELY))
    yield Sum(_LONG, (*out, _EARLIER, _LATELY))
    yield Sum(_ENDED, (_LONG, _SHORT))


def _balances(months: Sequence[Flow], counts: dict[Cell, int]) -> Iterator[Sum]:
    """Yield what months have to do with one another, and add who was there in each to the counts.

    The first one goes on from who was there before it, the last one with who was there since.
    """
    before = _BEFORE
    for one in months:
        there, stock = _cell(_THERE, one), _cell(_STOCK, one)
        counts[there] = one.stock + one.outflow
        yield Sum(there, (before, _cell(_IN, one)))
        yield Sum(there, (stock, _cell(_OUT, one)))
        before = stock
    if months:
        counts[_THERE_NOW] = counts[_NOW] + counts[_LATELY]
        yield Sum(_THERE_NOW, (before, _SINCE))
        yield Sum(_THERE_NOW, (_NOW, _LATELY))


def _of_several(months: Sequence[Flow], threshold: int) -> Iterator[Sum]:
    """Yield small numbers of several months together, each from one to another in which some are.

    Months between in which nobody is are left out: that they are 0 is told.
    """
    for what in (_IN, _OUT):
        some = [(one, n) for one in months for word, n in _told(one) if word == what and n]
        for first in range(len(some)):
            for last in range(first + 1, len(some)):
                those = some[first : last + 1]
                if sum(n for _, n in those) >= threshold:
                    break
                cells = tuple(_cell(what, one) for one, _ in those)
                yield Sum(Cell(what, (*cells[0].categories, *cells[-1].categories)), cells)


def _withheld(numbers: _Numbers, threshold: int, unseen: frozenset[Cell]) -> frozenset[Cell]:
    values, persons, sums, _ = numbers
    return withheld_of(values, sums, threshold, persons, unseen)


def _give_away(found: Flows, numbers: _Numbers, hidden: frozenset[Cell], threshold: int) -> bool:
    """Whether quartiles tell how many spells were structural, and that gives something away."""
    long = numbers.values[_LONG]
    least, most = _between(found.lengths, found.length)
    if least < long < most:
        return False
    unseen = numbers.unseen - {_LONG, _SHORT}
    again = _withheld(numbers, threshold, unseen)
    return not again <= hidden - {_LONG, _SHORT}


_SHORTEST, _LONGEST = 28, 31
"""Days of a month."""


def _between(told: Lengths, months: int) -> tuple[int, int]:
    """Return how many spells that ended have so many months, at least and at most, by quartiles.

    Nothing is known where it is more than -1, or less than one more than all.
    """
    least, most = -1, told.ended + 1
    for quarter, days in enumerate((told.lower, told.median, told.upper), 1):
        place = (told.ended - 1) * quarter / 4
        if days is not None and days >= _SHORTEST * months:
            least = max(least, told.ended - ceil(place))
        if days is not None and days <= _LONGEST * months:
            most = min(most, told.ended - floor(place) - 1)
    return least, most


def _cell(what: str, one: Flow) -> Cell:
    return Cell(what, (("month", one.month.isoformat()),))


def _told(one: Flow) -> Iterable[tuple[str, int]]:
    return (_IN, one.inflow), (_OUT, one.outflow), (_STOCK, one.stock)


def _flow(one: Flow, hidden: frozenset[Cell]) -> FlowShown:
    told: Mapping[str, int | None] = {
        what: None if _cell(what, one) in hidden else number for what, number in _told(one)
    }
    return FlowShown(one.month, told[_IN], told[_OUT], told[_STOCK])


def _lengths(found: Lengths, hidden: frozenset[Cell], *, quartiles: bool) -> LengthsShown:
    ended = None if _ENDED in hidden else found.ended
    lasting = None if _LASTING in hidden else found.lasting
    if not quartiles:
        return LengthsShown(ended, None, None, None, lasting)
    return LengthsShown(ended, found.lower, found.median, found.upper, lasting)


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
