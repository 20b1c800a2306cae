"""Periods of unemployment, work and benefit, as journeys record them, and their benefit days."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from domain.calendar import Period, joined, until_one_of
from domain.facts import WITHOUT_WORK
from domain.journey.state import Journey, PeriodKind, periods_in_force
from domain.measures import ON_TO_WORK

_WEEK, _PAID_OF_WEEK = 7, 5
_ONE_DAY = timedelta(days=1)


def spells_of(journeys: Sequence[Journey]) -> tuple[Period, ...]:
    """Return the spells of unemployment that the journeys of one person tell of, by first day.

    Of each journey they are the periods recorded; where there is none, the spells told at
    interviews and follow-ups. One without an end ends the day before the person is known to work:
    by work that any of the journeys recorded after its start, by what was told, or by a closing
    into work. Those that share a day, or follow one another without a day between, are one.
    """
    works = sorted(day for one in journeys for day in _works(one))
    spells = (spell for one in journeys for spell in _recorded(one) or _told(one, works))
    return tuple(joined(until_one_of(spell, works) for spell in spells))


def _recorded(journey: Journey) -> list[Period]:
    return [one.period for one in periods_in_force(journey.periods, PeriodKind.UNEMPLOYMENT)]


def _told(journey: Journey, works: Sequence[date]) -> Iterator[Period]:
    """Yield the spells told; of those that the same work ended, the first day told last counts."""
    spells: dict[date | None, Period] = {}
    for one in sorted(journey.work_told, key=lambda told: (told.on, told.entry)):
        if one.unemployed_since is not None:
            ended = until_one_of(Period(one.unemployed_since), works)
            spells[ended.end] = ended
    yield from spells.values()


def _works(journey: Journey) -> Iterator[date]:
    yield from (
        one.period.start for one in periods_in_force(journey.periods, PeriodKind.EMPLOYMENT)
    )
    yield from (one.on for one in journey.work_told if one.at_work)
    if journey.closing is not None and journey.closing.destination in ON_TO_WORK:
        yield journey.closing.on


def out_of_work(journeys: Iterable[Journey]) -> list[date]:
    """Return the days on which the journeys of one person tell that they had no work, in order.

    They are the first days of unemployment, and those on which an interview, a follow-up or the
    closing found the person without work; that somebody studies or is in a measure tells nothing
    of it.
    """
    return sorted({day for one in journeys for day in _out_of_work(one)})


def _out_of_work(journey: Journey) -> Iterator[date]:
    yield from (one.start for one in _recorded(journey))
    yield from (one.unemployed_since for one in journey.work_told if one.unemployed_since)
    yield from (one.on for one in journey.work_told if one.at_work is False)
    if journey.closing is not None and journey.closing.destination in WITHOUT_WORK:
        yield journey.closing.on


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
            if end == last:
                break
            reached = end + _ONE_DAY
    return covered
