"""Periods of unemployment, work and benefit, as journeys record them, and their benefit days."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.calendar import Period
from domain.journey.state import Journey, PeriodKind, RecordedPeriod
from domain.measures import ON_TO_WORK

_WEEK, _PAID_OF_WEEK = 7, 5
_ONE_DAY = timedelta(days=1)


def periods_of(
    journey: Journey, of: PeriodKind, kind: str | None = None
) -> tuple[RecordedPeriod, ...]:
    """Return the periods of a kind by their first day; of two records of one start the newer holds.

    An end is recorded as the same period once more, with its last day.
    """
    found: dict[date, RecordedPeriod] = {}
    for one in sorted(journey.periods, key=lambda period: period.entry):
        if one.of is of and kind in (None, one.kind):
            found[one.period.start] = one
    return tuple(found[start] for start in sorted(found))


def spells_of(journey: Journey) -> tuple[Period, ...]:
    """Return the spells of unemployment that a journey tells of, by their first day.

    They are the periods recorded; where there is none, the spell told at an interview. One without
    an end ends the day before the work that was recorded after its start, or before a closing into
    work.
    """
    told = journey.told.situation.unemployed_since if journey.told else None
    recorded = [one.period for one in periods_of(journey, PeriodKind.UNEMPLOYMENT)]
    spells = recorded or ([Period(told)] if told is not None else [])
    works = [one.period.start for one in periods_of(journey, PeriodKind.EMPLOYMENT)]
    if journey.closing is not None and journey.closing.destination in ON_TO_WORK:
        works.append(journey.closing.on)
    return tuple(one if one.end else _ended(one, sorted(works)) for one in spells)


def _ended(spell: Period, works: Iterable[date]) -> Period:
    work = next((day for day in works if day > spell.start), None)
    return spell if work is None else Period(spell.start, work - _ONE_DAY)


def benefit_days(first: date, last: date) -> int:
    """Return how many days from the first to the last (both included) a benefit is paid for.

    It is paid for five days a week, taken as Monday to Friday.
    """
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, _WEEK)
    beyond = (first + timedelta(days=weeks * _WEEK + n) for n in range(rest))
    return weeks * _PAID_OF_WEEK + sum(day.weekday() < _PAID_OF_WEEK for day in beyond)


def benefit_days_in(periods: Iterable[Period], first: date, last: date) -> int:
    """Return the benefit days from the first to the last that lie in any of the periods."""
    covered, reached = 0, first
    for period in sorted(periods, key=lambda one: one.start):
        start, end = max(period.start, reached), min(period.end or last, last)
        if start <= end:
            covered += benefit_days(start, end)
            reached = end + _ONE_DAY
    return covered
