"""A journey's entries under two clocks, with corrections and retractions applied.

*As recorded* is the order of the stream: what decisions saw. *As it happened* is the order of
`occurred_on`, then of version: what evaluation counts. In both, an entry that was corrected says
what it should have said, and one that was retracted is gone.

What another system tells passed no guard, and comes in any order where it is imported in several
runs. So the state of its journeys goes by the days in either order, but for what opened them.
"""

from bisect import bisect_left
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import TypeAlias

from domain.entry import Entry
from domain.journey.events import EntryCorrected, EntryRetracted, JourneyEvent, ReferralMade
from domain.journey.evolve import fold
from domain.journey.state import BEFORE, Journey

JourneyEntry: TypeAlias = Entry[JourneyEvent]

REVISING = frozenset({EntryCorrected, EntryRetracted})
"""The events that change what earlier entries say."""


def clients_referred(entries: Iterable[JourneyEntry]) -> frozenset[str]:
    """Return all who were ever said to be the client of a journey, by what was put right, too."""
    events = (x.event.event if isinstance(x.event, EntryCorrected) else x.event for x in entries)
    return frozenset(event.client for event in events if isinstance(event, ReferralMade))


@dataclass(frozen=True, slots=True)
class History:
    """The entries of a stream as recorded, those in force, and the state they fold to."""

    entries: tuple[JourneyEntry, ...] = ()
    in_force: tuple[JourneyEntry, ...] = ()
    journey: Journey = BEFORE

    @property
    def version(self) -> int:
        """The version of the newest entry, 0 before the first."""
        return self.entries[-1].version if self.entries else 0

    def extended(
        self, new: Iterable[JourneyEntry], telling: Container[type] | None = None
    ) -> "History":
        """Return the history with further entries at its end.

        `telling` are the kinds of events that the state is folded from, where not all of it is
        asked for; None: all.
        """
        added = tuple(new)
        entries = (*self.entries, *added)
        if not REVISING.isdisjoint([type(x.event) for x in added]):
            return history_of(entries)
        in_force = entries if self.in_force is self.entries else (*self.in_force, *added)
        journey, turn = self._gone_on(in_force, added)
        told = turn if telling is None else [x for x in turn if type(x.event) in telling]
        return History(entries, in_force, fold(told, journey))

    def _gone_on(
        self, in_force: tuple[JourneyEntry, ...], added: tuple[JourneyEntry, ...]
    ) -> tuple[Journey, Sequence[JourneyEntry]]:
        """Return a state, and the entries to be folded into it still, in their turn."""
        turn, known = _in_turn(in_force), len(self.in_force)
        if turn is in_force:
            return self.journey, added
        if tuple(turn[:known]) == self.in_force:
            return self.journey, turn[known:]
        return BEFORE, turn

    def at(self, day: date) -> Journey:
        """Return the state as at the day: what a decision about an earlier day leans on."""
        if not self.in_force or day >= max(x.occurred_on for x in self.in_force):
            return self.journey
        return fold(happened_by(day, self.in_force))

    def entry(self, version: int) -> JourneyEntry | None:
        """Return the entry with the version as it was recorded."""
        return _at(self.entries, version)

    def entry_in_force(self, version: int) -> JourneyEntry | None:
        """Return the entry with the version as it stands now, None where it was retracted."""
        return _at(self.in_force, version)


def recorded_up_to(found: History, head: int | None) -> History:
    """Return the history as it was when the log ended at a position; None: as it is."""
    if head is None or not found.entries or found.entries[-1].position <= head:
        return found
    return history_of(x for x in found.entries if x.position <= head)


def _at(entries: Sequence[JourneyEntry], version: int) -> JourneyEntry | None:
    """Return the entry with the version, of entries in the order recorded."""
    place = bisect_left(entries, version, key=lambda entry: entry.version)
    found = entries[place] if place < len(entries) else None
    return found if found is not None and found.version == version else None


def history_of(entries: Iterable[JourneyEntry]) -> History:
    """Return the history of a whole stream, in the order recorded."""
    recorded = tuple(entries)
    in_force = effective(recorded)
    return History(recorded, in_force, state_of(in_force))


def state_of(in_force: Sequence[JourneyEntry]) -> Journey:
    """Return the state that entries in force leave, given in the order recorded."""
    return fold(_in_turn(in_force))


def _in_turn(in_force: Sequence[JourneyEntry]) -> Sequence[JourneyEntry]:
    """Return entries in the order that their state goes by: the same where it is that recorded."""
    if not in_force:
        return in_force
    opener = in_force[0]
    if opener.version > 1:  # what opened it was taken back, or is not known: nothing stays first
        return in_force if all(x.source is None for x in in_force) else as_it_happened(in_force)
    return in_force if opener.source is None else (opener, *as_it_happened(in_force[1:]))


def effective(entries: Sequence[JourneyEntry]) -> tuple[JourneyEntry, ...]:
    """Return the entries in force, in the order given: corrected ones say what they should.

    Entries are read from the newest back, so that a retracted correction or retraction does
    nothing, and of several corrections of one entry the newest holds. A corrected entry keeps its
    version, position and clocks of the log; its event and `occurred_on` are those of the
    correction. Corrections and retractions in force stay in the list, where they are no-ops.
    """
    if REVISING.isdisjoint(map(type, map(attrgetter("event"), entries))):
        return tuple(entries)
    retracted: set[int] = set()
    corrections: dict[int, EntryCorrected] = {}
    for entry in reversed(entries):
        event = entry.event
        if entry.version in retracted:
            continue
        if isinstance(event, EntryRetracted):
            if event.entry < entry.version:
                retracted.add(event.entry)
        elif isinstance(event, EntryCorrected) and event.entry < entry.version:
            corrections.setdefault(event.entry, event)
    if not retracted and not corrections:
        return tuple(entries)
    return tuple(_said(e, corrections) for e in entries if e.version not in retracted)


def _said(entry: JourneyEntry, corrections: dict[int, EntryCorrected]) -> JourneyEntry:
    correction = corrections.get(entry.version)
    if correction is None or isinstance(entry.event, EntryCorrected | EntryRetracted):
        return entry
    return entry._replace(event=correction.event, occurred_on=correction.occurred_on)


def as_it_happened(in_force: Iterable[JourneyEntry]) -> list[JourneyEntry]:
    """Order entries by the day they happened, then by version."""
    return sorted(in_force, key=attrgetter("occurred_on", "version"))


def happened_by(day: date, in_force: Iterable[JourneyEntry]) -> list[JourneyEntry]:
    """Return the entries as they happened, up to and with a day."""
    return [entry for entry in as_it_happened(in_force) if entry.occurred_on <= day]


def told_why_of(before: History, event: JourneyEvent) -> str | None:
    """Return of which client it is told why a referral is put right; None where none is.

    It is whose the journey was until then: by mistake. Where it was nobody's, whom the entry named.
    """
    if not isinstance(event, EntryCorrected | EntryRetracted):
        return None
    put_right = before.entry(event.entry)
    referred = () if put_right is None else clients_referred([put_right])
    return next((before.journey.client or client for client in referred), None)


@dataclass(frozen=True, slots=True)
class Look:
    """A journey as asked for: the entries that count, the state, and the clocks used.

    `claimed` says that the answer leans on another system's claim of when it knew.
    """

    entries: tuple[JourneyEntry, ...]
    journey: Journey
    as_at: date | None
    known_at: datetime | None
    claimed: bool


def look(
    entries: Sequence[JourneyEntry],
    *,
    as_at: date | None = None,
    known_at: datetime | None = None,
) -> Look:
    """Return the journey as at a day, as known at an instant (UTC), both, or as recorded now.

    With `as_at` the entries are taken as they happened, up to and with that day; without it, in
    the order recorded. Raises ValueError for an instant without a time zone.
    """
    if known_at is not None and known_at.tzinfo is None:
        raise ValueError("known_at needs a time zone: 2025-03-01T12:00:00+00:00")
    known = entries if known_at is None else [e for e in entries if e.known_at <= known_at]
    in_force: Sequence[JourneyEntry] = effective(known)
    claimed = known_at is not None and any(e.claimed for e in entries)
    if as_at is None:
        return Look(tuple(in_force), state_of(in_force), as_at, known_at, claimed)
    in_force = happened_by(as_at, in_force)
    return Look(tuple(in_force), fold(in_force), as_at, known_at, claimed)


def find(entries: Iterable[JourneyEntry], version: int) -> JourneyEntry | None:
    """Return the entry with the version, None where there is none."""
    return next((e for e in entries if e.version == version), None)
