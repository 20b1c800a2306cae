"""Periods, working days and spans of time, as dates only (no time zone)."""

import calendar
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["working-days", "days", "weeks", "months"]
IsWorkingDay: TypeAlias = Callable[[date], bool]
"""Says whether a day is a working day in the programme's country; given by infrastructure."""

_IN_EVERY_MONTH = 28
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: so many working days, days, weeks or months (count >= 0)."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; `end` None while it lasts."""

    start: date
    end: date | None = None


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or the month's last where there is no such day.

    31 January plus one month is 28 or 29 February; 29 February plus twelve is 28 February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """Return how many whole months lie between two days (0 where `end` is before `start`)."""
    if end < start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def latest_start(end: date, months: int) -> date:
    """Return the last day from which so many whole months lie to `end`.

    From each of the last four days of January it is one month to 28 February, where that is the
    month's last.
    """
    start = add_months(end, -months)
    return _last_of_month(start) if end == _last_of_month(end) else start


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def whole_years(start: date, end: date) -> int:
    """Return a person's age on `end`: whole years since `start`."""
    return whole_months(start, end) // 12


def add_span(day: date, span: Span, is_working_day: IsWorkingDay) -> date:
    """Return the day that lies a span after `day`; working days count from the next day."""
    match span.unit:
        case "working-days":
            return _add_working_days(day, span.count, is_working_day)
        case "days":
            return day + timedelta(days=span.count)
        case "weeks":
            return day + timedelta(weeks=span.count)
        case "months":
            return add_months(day, span.count)


@lru_cache(maxsize=8192)  # many journeys ask for the same days
def _add_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    while count > 0:
        day += _ONE_DAY
        if is_working_day(day):
            count -= 1
    return day


def days_covered(periods: Iterable[Period], first: date, last: date) -> int:
    """Return how many days from `first` to `last` (both included) lie in any of the periods."""
    covered, reached = 0, first
    for period in sorted(periods, key=lambda p: p.start):
        start = max(period.start, reached)
        end = last if period.end is None else min(period.end, last)
        if start <= end:
            covered += (end - start).days + 1
            reached = end + timedelta(days=1)
    return covered


def until_one_of(period: Period, days: Sequence[date]) -> Period:
    """Return a period that lasts as one that ends the day before the first of days after its start.

    The days are in their order. A period that has an end keeps it.
    """
    place = bisect_right(days, period.start)
    if period.end is not None or place == len(days):
        return period
    return Period(period.start, days[place] - _ONE_DAY)


def joined(periods: Iterable[Period]) -> Iterator[Period]:
    """Yield what periods come to, by first day, where nobody is in two of them at a time.

    Those that share a day, or follow one another without a day between, are one. One that nobody
    saw the end of lasts until the next one that was told begins, if there is one.
    """
    told = sorted(periods, key=lambda period: (period.start, period.end or date.min))
    found: Period | None = None
    for one, following in zip_longest(told, told[1:]):
        end = one.end or (following.start if following else None)
        if found is None or _is_apart(found, one):
            if found is not None:
                yield found
            found = Period(one.start, end)
        else:
            found = Period(found.start, _later(found.end, end))
    if found is not None:
        yield found


def _is_apart(before: Period, one: Period) -> bool:
    """Whether there is a day between a period and one that begins no earlier."""
    return before.end is not None and (one.start - before.end).days > 1


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
