"""Flows into and out of structural unemployment, spell lengths, and the coming year's inflow.

A person flows in on the day on which a spell of unemployment reaches so many months (12 is what the
agreement of Askel calls structural), and out on the day after that spell ends. A spell whose end
was never recorded lasts, as far as anybody knows. Counted are people who were referred: who flowed
in and was not, or was not yet, is not in the log.

The projection takes the coming twelve months to be like the last twelve full ones. With the mean m
of their counts, and their dispersion d (variance over mean, at least 1, which a Poisson count has),
the year's inflow is 12m, and its prediction interval at 95 % is 12m +- 1.96 * sqrt(2d * 12m): the
chance of the coming year and that of the year it was estimated from, each with the variance d * 12m
(quasi-Poisson, as in McCullagh and Nelder, Generalized Linear Models, 1989). Nothing in it knows of
a rule, an office or an economy that changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from statistics import mean, median, quantiles, variance
from typing import NamedTuple

from domain.calendar import Period, add_months

MONTHS = 12
"""Whole months of a spell from which unemployment is structural."""

YEAR = 12
"""Months that a projection is made from, and for."""

_NORMAL_95 = 1.96
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Flow:
    """A month by its first day: who flowed in and out, and the stock at its end.

    `persons` are those behind each of the three numbers; None: as many as there are.
    """

    month: date
    inflow: int
    outflow: int
    stock: int
    persons: tuple[int, int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Spells that ended: how many, and their length in days by quartiles; None where none did.

    `lasting` spells had not ended; their length is not known, and they are not among these.
    """

    ended: int
    lower: float | None
    median: float | None
    upper: float | None
    lasting: int


@dataclass(frozen=True, slots=True)
class Projection:
    """The inflow of the twelve months from `since` on, with its 95 % prediction interval.

    `dispersion` is the variance of the monthly counts over their mean. `on_the_way` are spells that
    last, had not reached the length by the day, and do within that year if they go on: but for who
    flowed in since its first day already, no more of those known can.
    """

    since: date
    expected: float
    least: float
    most: float
    dispersion: float
    on_the_way: int


class Many(NamedTuple):
    """How many spells, and of how many persons."""

    spells: int
    persons: int


class Beside(NamedTuple):
    """Numbers that no table has, and that those in the tables have to do with.

    Structural were spells `before` the first month began, became others `since` the last one, and
    are those that last `now`. Of those that ended, `long` were, of which `earlier` ended before the
    first month and `lately` after the last one, and `short` were not. Of those that last, `coming`
    reach the length after the day and within a year from the end of the last month, and `far` later
    (None where no spell can).
    """

    before: Many
    since: Many
    now: Many
    long: Many
    earlier: Many
    lately: Many
    short: Many
    coming: Many
    far: Many | None


@dataclass(frozen=True, slots=True)
class Flows:
    """Flows month by month, lengths of spells, and the projection (None without a full year).

    Structural are spells of `length` months. `ended` persons are behind the lengths, `of_year`
    behind the inflow that is projected.
    """

    length: int
    months: tuple[Flow, ...]
    lengths: Lengths
    projection: Projection | None
    ended: int
    of_year: int
    beside: Beside


class Spell(NamedTuple):
    """A spell of unemployment of a person."""

    person: str
    period: Period


def flows(spells: Iterable[Spell], since: date, day: date, months: int = MONTHS) -> Flows:
    """Return flows into and out of unemployment of so many months, as at a day.

    Months are counted from that of `since` to the last one that is over by the end of the day.
    """
    each = [Spell(x.person, _until(x.period, day)) for x in spells if x.period.start <= day]
    stays = [
        Spell(person, stay)
        for person, period in each
        if (stay := structural(period, months, day)) is not None
    ]
    series = tuple(_series(stays, since.replace(day=1), _running(day)))
    beside = _beside(each, stays, months, day, _months_of(series, day))
    year = series[-YEAR:]
    return Flows(
        months,
        series,
        _lengths([x.period for x in each]),
        project(series, beside.coming.spells),
        ended=len({x.person for x in each if x.period.end is not None}),
        of_year=len(
            {x.person for x in stays if year and year[0].month <= x.period.start < _after(year[-1])}
        ),
        beside=beside,
    )


def _running(day: date) -> date:
    """Return the first day of the month that is not over by the end of a day."""
    return (day + _ONE_DAY).replace(day=1)


def _after(flow: Flow) -> date:
    return add_months(flow.month, 1)


def _months_of(series: Sequence[Flow], day: date) -> Period:
    """Return the first day of the months of a series, and the first after them."""
    if not series:
        return Period(_running(day), _running(day))
    return Period(series[0].month, _after(series[-1]))


def _beside(
    spells: Sequence[Spell], stays: Sequence[Spell], length: int, day: date, shown: Period
) -> Beside:
    """Return what is counted beside the months from `shown.start` until `shown.end` (excluded)."""
    first, after = shown.start, shown.end or _running(day)
    gone = [(x, x.period.end + _ONE_DAY) for x in stays if x.period.end is not None]
    lasting = [(x, add_months(x.period.start, length)) for x in spells if x.period.end is None]
    within = add_months(after, YEAR)
    can_be_far = within <= add_months(day, length)
    ended = [x for x in spells if x.period.end is not None]
    return Beside(
        before=_many(
            x
            for x in stays
            if x.period.start < first and (x.period.end is None or first <= x.period.end + _ONE_DAY)
        ),
        since=_many(x for x in stays if after <= x.period.start),
        now=_many(x for x in stays if x.period.end is None),
        long=_many(x for x, _ in gone),
        earlier=_many(x for x, left in gone if left < first),
        lately=_many(x for x, left in gone if after <= left),
        short=_many(x for x in ended if structural(x.period, length, day) is None),
        coming=_many(x for x, reached in lasting if day < reached < within),
        far=_many(x for x, reached in lasting if within <= reached) if can_be_far else None,
    )


def _many(spells: Iterable[Spell]) -> Many:
    those = [x.person for x in spells]
    return Many(len(those), len({*those}))


def _until(spell: Period, day: date) -> Period:
    return spell if spell.end is None or spell.end <= day else Period(spell.start)


def structural(spell: Period, months: int, day: date) -> Period | None:
    """Return the part of a spell from which it is structural; None where it has none by the day."""
    since = add_months(spell.start, months)
    if since > day or (spell.end is not None and spell.end < since):
        return None
    return Period(since, spell.end)


def _series(stays: Sequence[Spell], month: date, end: date) -> Iterator[Flow]:
    while month < end:
        after = add_months(month, 1)
        last = after - _ONE_DAY
        into = [who for who, stay in stays if month <= stay.start < after]
        out = [who for who, stay in stays if stay.end and month <= stay.end + _ONE_DAY < after]
        there = [who for who, stay in stays if stay.start <= last <= (stay.end or last)]
        persons = (len({*into}), len({*out}), len({*there}))
        yield Flow(month, len(into), len(out), len(there), persons)
        month = after


def _lengths(spells: Sequence[Period]) -> Lengths:
    ended = sorted((one.end - one.start).days + 1 for one in spells if one.end is not None)
    lasting = len(spells) - len(ended)
    if not ended:
        return Lengths(0, None, None, None, lasting)
    if len(ended) == 1:
        return Lengths(1, ended[0], ended[0], ended[0], lasting)
    lower, _, upper = quantiles(ended, n=4, method="inclusive")
    return Lengths(len(ended), lower, median(ended), upper, lasting)


def project(series: Sequence[Flow], on_the_way: int) -> Projection | None:
    """Project the coming year's inflow; None where there are fewer than twelve full months."""
    if len(series) < YEAR:
        return None
    counts = [flow.inflow for flow in series[-YEAR:]]
    expected = float(sum(counts))
    dispersion = max(1.0, variance(counts) / mean(counts)) if expected else 1.0
    spread = _NORMAL_95 * sqrt(dispersion * expected * 2)
    since = add_months(series[-1].month, 1)
    least = max(0.0, expected - spread)
    return Projection(since, expected, least, expected + spread, dispersion, on_the_way)
