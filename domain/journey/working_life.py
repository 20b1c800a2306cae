"""What a journey tells of the client's working life on a day: by what was told of it last.

It is told by interviews and follow-ups on their day, and by recorded periods from their first day
until their last: whoever was unemployed at the interview and began to work since is at work.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import NamedTuple

from domain.calendar import Period, joined, until_one_of
from domain.facts import EmploymentStatus
from domain.journey.state import Journey, PeriodKind, RecordedPeriod, Told, periods_in_force

_ONE_DAY = timedelta(days=1)


class Spell(NamedTuple):
    """Days of unemployment or of work, and the entries that tell of them."""

    period: Period
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WorkingLife:
    """Where a client stands in working life on a day; None where nothing tells it.

    `since` is the first day of the spell of unemployment that lasts. `of_status` and `of_spell` are
    the entries that tell the status, and the spell. `spells` are all spells of unemployment that
    are known, where any was recorded; one told at an interview is among them.
    """

    status: EmploymentStatus | None = None
    unemployed: bool | None = None
    since: date | None = None
    of_status: tuple[int, ...] = ()
    of_spell: tuple[int, ...] = ()
    spells: tuple[Spell, ...] = ()


class _Word(NamedTuple):
    """What is told of a day: a status, since when unemployed, or that a status is `over`."""

    day: date
    entry: int
    status: EmploymentStatus | None
    unemployed: bool
    since: date | None = None
    entries: tuple[int, ...] = ()
    over: bool = False


def working_life(journey: Journey, on: date) -> WorkingLife:
    """Return where the client stands on a day; of two that were told of one day, the later entry.

    A spell that was recorded as lasting ends where the client was told to be in another status.
    """
    said = [*_situation(journey.told), *_follow_ups(journey), *_periods(_work(journey), _AT_WORK)]
    elsewhere = [one.day for one in said if not one.unemployed and not one.over]
    recorded = periods_in_force(journey.periods, PeriodKind.UNEMPLOYMENT)
    spells = _joined(recorded, elsewhere)
    words = (one for one in (*said, *_periods(spells, _UNEMPLOYED)) if one.day <= on)
    ordered = sorted(words, key=lambda one: (one.day, not one.over, one.entry))
    known = reduce(_told, ordered, WorkingLife())
    told = _spell_told(journey.told, ordered) if spells else ()
    return replace(known, spells=(*spells, *told))


_AT_WORK, _UNEMPLOYED = EmploymentStatus.EMPLOYED, EmploymentStatus.UNEMPLOYED


def _told(known: WorkingLife, word: _Word) -> WorkingLife:
    if word.over:
        ended = known.unemployed if word.unemployed else known.status is word.status
        return WorkingLife() if ended else known
    since, of_spell = word.since, word.entries
    if word.unemployed and since is None and known.unemployed:
        since, of_spell = known.since, known.of_spell
    return WorkingLife(word.status, word.unemployed, since, word.entries, of_spell)


def _situation(told: Told | None) -> Iterator[_Word]:
    if told is None:
        return
    status, since = told.situation.employment, told.situation.unemployed_since
    if status is EmploymentStatus.UNKNOWN:
        status = None
    if status is not None or since is not None:
        unemployed = since is not None or status is _UNEMPLOYED
        on = told.working_life_on or told.on
        yield _Word(on, told.entry, status, unemployed, since, told.entries)


def _follow_ups(journey: Journey) -> Iterator[_Word]:
    for one in journey.follow_ups:
        if one.status is not EmploymentStatus.UNKNOWN:
            unemployed = one.status is _UNEMPLOYED
            yield _Word(one.on, one.entry, one.status, unemployed, entries=(one.entry,))


def _periods(spells: Iterable[Spell], status: EmploymentStatus) -> Iterator[_Word]:
    unemployed = status is _UNEMPLOYED
    for period, entries in spells:
        newest, since = entries[-1], period.start if unemployed else None
        yield _Word(period.start, newest, status, unemployed, since, entries)
        if period.end is not None and period.end < date.max:
            after = period.end + _ONE_DAY
            yield _Word(after, newest, status, unemployed, entries=entries, over=True)


def _work(journey: Journey) -> tuple[Spell, ...]:
    return _joined(periods_in_force(journey.periods, PeriodKind.EMPLOYMENT), ())


def _joined(recorded: Iterable[RecordedPeriod], elsewhere: Iterable[date]) -> tuple[Spell, ...]:
    """Return what recorded periods come to; one that lasts ends where somebody was elsewhere."""
    days = sorted(elsewhere)
    ended = [(until_one_of(one.period, days), one.entry) for one in recorded]
    whole = tuple(joined(period for period, _ in ended))
    entries: list[list[int]] = [[] for _ in whole]
    starts = [period.start for period in whole]
    for part, entry in ended:
        entries[bisect_right(starts, part.start) - 1].append(entry)
    return tuple(
        Spell(period, tuple(sorted(told))) for period, told in zip(whole, entries, strict=True)
    )


def _spell_told(told: Told | None, words: Iterable[_Word]) -> tuple[Spell, ...]:
    """Return the spell that was told at an interview, until something else was told since."""
    if told is None or told.situation.unemployed_since is None:
        return ()
    on = told.working_life_on or told.on
    others = [word.day for word in words if word.day > on and (word.over or not word.unemployed)]
    ended = min(others) - _ONE_DAY if others else None
    return (Spell(Period(told.situation.unemployed_since, ended), told.entries),)
