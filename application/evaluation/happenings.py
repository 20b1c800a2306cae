"""What can happen on a journey, as an evaluator names it: an event, or one with a code.

    placement-started               any placement started
    journey-closed:employment       the journey closed with this destination (or this end state)
    employment-period-recorded:part-time     a period of this kind; its first day counts

A code is compared with all codes that the event carries. The day is that on which it happened; of
a period of work, unemployment or benefit it is the period's first day. An end is recorded as the
same period once more: of two records of one first day the newer says which kind it is of; two
benefits from one day are two periods.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from operator import attrgetter

from domain.journey import events as e
from domain.journey.events import KINDS
from domain.journey.history import JourneyEntry
from domain.wording import Listed, said

_PERIODS = (
    e.EmploymentPeriodRecorded,
    e.UnemploymentPeriodRecorded,
    e.BenefitPeriodRecorded,
)


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

    def days(self, entries: Iterable[JourneyEntry], last: date) -> Iterator[date]:
        """Yield the days up to the last on which it happened, by entries in force.

        Work that was agreed and begins later has not happened by then.
        """
        if self.kind in _PERIODS:
            entries = _newer(entry for entry in entries if type(entry.event) is self.kind)
        days = (day_of(entry) for entry in entries if self.is_in(entry))
        return (day for day in days if day <= last)


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
    return event.start if isinstance(event, _PERIODS) else entry.occurred_on


def _newer(periods: Iterable[JourneyEntry]) -> Iterable[JourneyEntry]:
    """Return periods of one kind of event: of two records of one period, the newer."""
    recorded = sorted(periods, key=attrgetter("version"))
    return {(day_of(entry), _benefit(entry)): entry for entry in recorded}.values()


def _benefit(entry: JourneyEntry) -> str | None:
    return entry.event.kind if isinstance(entry.event, e.BenefitPeriodRecorded) else None


def _codes(told: object) -> Iterator[str]:
    """Yield the codes of an event, alone or several in one field, and of the situation it tells."""
    for field in fields(told):  # type: ignore[arg-type]
        value = getattr(told, field.name)
        if isinstance(value, e.Situation):
            yield from _codes(value)
        several = value if isinstance(value, tuple) else (value,)
        yield from (str(one) for one in several if isinstance(one, str))
