"""What can happen on a journey, as an evaluator names it: an event, or one with a code.

    placement-started               any placement started
    journey-closed:employment       the journey closed with this destination (or this end state)
    employment-period-recorded:part-time     a period of this kind; its first day counts

A code is compared with all codes that the event carries. The day is that on which it happened; of
a period of work, unemployment or benefit it is the period's first day. An end is recorded as the
same period once more: of two records of one period the newer says which kind it is of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches

from domain.journey import events as e
from domain.journey.events import KINDS
from domain.journey.history import JourneyEntry
from domain.journey.state import periods_that_hold, recorded_period
from domain.wording import Listed, said


class UnknownHappening(ValueError):
    """No event of a journey is named so; the message says which are."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A kind of event, and a code that it must carry; None: any."""

    kind: type
    code: str | None
    name: str

    def __str__(self) -> str:
        """Return it as it was named."""
        return self.name

    def is_in(self, entry: JourneyEntry) -> bool:
        """Whether the entry tells of it."""
        event = entry.event
        if type(event) is not self.kind:
            return False
        return self.code is None or self.code in _codes(event)

    def told_by(self, entries: Iterable[JourneyEntry], last: date) -> Iterator[JourneyEntry]:
        """Yield the entries in force that tell of it, where it happened by a day.

        Work that was agreed and begins later has not happened by then.
        """
        if issubclass(self.kind, e.PeriodRecorded):
            entries = _that_hold(entries)
        return (entry for entry in entries if self.is_in(entry) and day_of(entry) <= last)

    def days(self, entries: Iterable[JourneyEntry], last: date) -> Iterator[date]:
        """Yield the days up to the last on which it happened, by entries in force."""
        return map(day_of, self.told_by(entries, last))


def first_of(what: Happening, entries: Iterable[JourneyEntry], last: date) -> JourneyEntry | None:
    """Return the entry that tells of the first time something happened by a day; None: never."""
    return min(what.told_by(entries, last), key=day_of, default=None)


def first_since(
    began: JourneyEntry, what: Happening, entries: Iterable[JourneyEntry], last: date
) -> date | None:
    """Return the first day, from that of an entry on, on which something else happened.

    What the entry itself tells of does not count: of the same event, it is the next one.
    """
    others = (entry for entry in what.told_by(entries, last) if entry.version != began.version)
    return min((day for day in map(day_of, others) if day_of(began) <= day), default=None)


def happening(text: str) -> Happening:
    """Return what a name means. Raises UnknownHappening."""
    name, colon, code = text.partition(":")
    kind = KINDS.get(name)
    if kind is None or (colon and not code):
        near = get_close_matches(name, KINDS, 3) or sorted(KINDS)
        raise UnknownHappening(
            said(
                "{text} is no event of a journey; write a name such as {near}, or with a code: "
                "journey-closed:employment",
                text=repr(text),
                near=Listed(near),
            )
        )
    return Happening(kind, code or None, text)


def day_of(entry: JourneyEntry) -> date:
    """Return the day on which what the entry tells of happened, or began."""
    event = entry.event
    return event.start if isinstance(event, e.PeriodRecorded) else entry.occurred_on


def _that_hold(entries: Iterable[JourneyEntry]) -> list[JourneyEntry]:
    """Return those that record periods: of two records of one period, the newer."""
    by_version = {entry.version: entry for entry in entries}
    recorded = (
        recorded_period(version, entry.event)
        for version, entry in by_version.items()
        if isinstance(entry.event, e.PeriodRecorded)
    )
    return [by_version[one.entry] for one in periods_that_hold(recorded)]


def _codes(told: object) -> Iterator[str]:
    """Yield the codes of an event, alone or several in one field, and of the situation it tells."""
    for field in fields(told):  # type: ignore[arg-type]
        value = getattr(told, field.name)
        if isinstance(value, e.Situation):
            yield from _codes(value)
        several = value if isinstance(value, tuple) else (value,)
        yield from (str(one) for one in several if isinstance(one, str))
