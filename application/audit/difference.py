"""What differs between two moments of a journey, on either clock, by entries and by fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from application.case_file import Seen
from application.plainly import Changed, changed, said_by
from domain.journey.history import JourneyEntry


class Difference(StrEnum):
    """How an entry differs at the second moment.

    It counts now, it says another thing, or it no more counts: because it was retracted, had not
    happened by that day, or was not known by that instant.
    """

    ADDED = "added"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    NOT_YET = "not-yet"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class EntryDiffers:
    """An entry that counts at one of two moments only, or says another thing.

    `before` and `after` are what it says at each: None where it does not count there. `changed` are
    the fields in which they differ, for one that says another thing.
    """

    version: int
    how: Difference
    before: JourneyEntry | None
    after: JourneyEntry | None
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Differs:
    """All that differs between two moments: entries, by version, and fields of the state."""

    entries: tuple[EntryDiffers, ...]
    state: tuple[Changed, ...]


def difference(one: Seen, other: Seen) -> Differs:
    """Return what differs in a journey from one moment to another."""
    return Differs(tuple(_entries(one, other)), changed(one.journey, other.journey))


def _entries(one: Seen, other: Seen) -> Iterator[EntryDiffers]:
    before = {x.version: x for x in one.look.entries}
    after = {x.version: x for x in other.look.entries}
    for version in sorted({*before, *after}):
        was, now = before.get(version), after.get(version)
        if was == now:
            continue
        how = _how(was, now) or _gone(version, other)
        fields = changed(said_by(was), said_by(now)) if how is Difference.CORRECTED else ()
        yield EntryDiffers(version, how, was, now, fields)


def _how(was: JourneyEntry | None, now: JourneyEntry | None) -> Difference | None:
    if was is None:
        return Difference.ADDED
    return Difference.CORRECTED if now is not None else None


def _gone(version: int, other: Seen) -> Difference:
    if other.known.entry(version) is None:
        return Difference.NOT_KNOWN
    counts = other.known.entry_in_force(version) is not None
    return Difference.NOT_YET if counts else Difference.RETRACTED
