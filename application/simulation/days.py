"""The simulation's time: a clock that it moves, and the hours at which offices record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from domain.calendar import IsWorkingDay

SLOTS = 6
"""How often a day the acts of all journeys are recorded together."""

_OPENS = time(7, 0, tzinfo=UTC)  # nine or ten in Helsinki, eight or nine in Rome: the same day
_APART = timedelta(minutes=65)


class Moment(NamedTuple):
    """A working day, and which of the day's `SLOTS` it is."""

    day: date
    slot: int

    def instant(self) -> datetime:
        """Return the instant (UTC) of the moment; offices do not work by the full hour."""
        seconds = (self.day.toordinal() * 7919 + self.slot * 4729) % 3600
        begins = datetime.combine(self.day, _OPENS)
        return begins + self.slot * _APART + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are played, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1


class VirtualClock:
    """A clock that stands until it is moved. Open the log with it."""

    def __init__(self, first: date) -> None:
        self._now = Moment(first, 0).instant()

    def __call__(self) -> datetime:
        """Return the instant (UTC) that it was moved to last."""
        return self._now

    def move(self, to: datetime) -> None:
        """Move the clock on; it never runs backwards."""
        self._now = max(self._now, to)


class WorkDays:
    """The working days of a place, each looked up once."""

    def __init__(self, is_working_day: IsWorkingDay) -> None:
        self._is_working_day = is_working_day
        self._known: dict[date, bool] = {}

    def __call__(self, day: date) -> bool:
        """Say whether the day is a working day."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._is_working_day(day)
        return known

    def from_on(self, day: date) -> date:
        """Return the day, or the next working day where it is none."""
        while not self(day):
            day += timedelta(days=1)
        return day

    def of(self, window: Window) -> list[date]:
        """Return the working days of the window."""
        every = (window.first + timedelta(days=count) for count in range(window.days))
        return [day for day in every if self(day)]


OnDay = Callable[[date, int], None]
"""Told of each day that begins: the day, and how many entries were recorded before it."""
