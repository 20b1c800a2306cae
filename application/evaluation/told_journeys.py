"""Journeys one after the other, as at a day and as known at an instant: what other tools are given.

Each is told as it happened: corrections and retractions are applied and are no entries themselves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from application.evaluation.asking import Moment
from application.evaluation.persons import known_of
from domain.client import Client, ClientEvent
from domain.entry import Entry
from domain.journey.events import EntryCorrected, EntryRetracted
from domain.journey.history import REVISING, JourneyEntry, as_it_happened, effective, look
from domain.journey.state import Journey

ShapeOf = Callable[[type], tuple[str, int]]
"""Returns the stored name of a class of events, and the version of its shape."""


class Case(NamedTuple):
    """A journey's whole stream as recorded; what is sealed may be so still.

    `clients` has the streams, by their ids, of all who were ever said to be its client, and those
    of every other id that was ever merged with theirs.
    """

    journey: str
    entries: Sequence[JourneyEntry]
    clients: Mapping[str, Sequence[Entry[ClientEvent]]]


@dataclass(frozen=True, slots=True)
class Origin:
    """The log that is told of: its name, the position up to which, and the ledger's root there.

    Journeys of `programme` (None: of all) are told, as they are at `moment`. `root` is in hex,
    empty where the log is. `shape_of` names its events.
    """

    log: str
    position: int
    root: str
    programme: str | None
    moment: Moment
    shape_of: ShapeOf


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A journey at the moment asked for: its entries as they happened, and where it stood then.

    `client` is what is known of the client, whichever id it is known under.
    """

    id: str
    entries: tuple[JourneyEntry, ...]
    journey: Journey
    client: Client

    @property
    def person(self) -> str:
        """The id that the client goes by, as far as it was known: after a merge one for all."""
        return self.client.same.into or self.journey.client


def seen(cases: Iterable[Case], moment: Moment, programme: str | None = None) -> Iterator[CaseSeen]:
    """Return the journeys of which anything had happened, and was known, by the moment.

    Only those of `programme`; None: of all.
    """
    told = (_seen(case, moment, programme) for case in cases)
    return (one for one in told if one is not None and one.entries)


def _seen(case: Case, moment: Moment, programme: str | None) -> CaseSeen | None:
    """Return a journey at the moment, None where it was not of the programme."""
    found = look(case.entries, as_at=moment.as_at, known_at=moment.known_at)
    if programme not in (None, found.journey.programme):
        return None
    told = [x for x in found.entries if type(x.event) not in REVISING]
    entries = tuple(told if moment.as_at is not None else as_it_happened(told))
    client = _client(case, found.journey.client, moment)
    return CaseSeen(case.journey, entries, found.journey, client)


def _client(case: Case, name: str, moment: Moment) -> Client:
    """Return what is known of a client: who somebody is does not happen on a day."""
    return known_of(name, lambda of: (x for x in case.clients.get(of, ()) if _known(x, moment)))


def recorded(
    cases: Iterable[Case], moment: Moment, programme: str | None = None
) -> Iterator[tuple[CaseSeen, JourneyEntry]]:
    """Yield every entry as it was recorded, corrections too, with the journey that it is of.

    Of a journey of which nothing holds any more, too: it is of no programme.

    A day leaves out what happened later, as far as is known, with all that puts it right. With what
    happened by then it has whatever puts that right, on whichever day it was said, and what takes
    it back: who applies it comes to what the other forms tell of the day.
    """
    for case in cases:
        one = _seen(case, moment, programme)
        if one is not None:
            yield from ((one, x) for x in _counted(case.entries, moment))


def _counted(entries: Iterable[JourneyEntry], moment: Moment) -> Iterator[JourneyEntry]:
    known = [x for x in entries if _known(x, moment)]
    if moment.as_at is None:
        yield from known
        return
    days, spoken_of = {x.version: x.occurred_on for x in known}, _spoken_of(known)
    for x in effective(known):
        if isinstance(x.event, EntryCorrected):
            days[x.event.entry] = x.event.occurred_on  # the newest that holds comes last
    yield from (x for x in known if days[spoken_of[x.version]] <= moment.as_at)


def _spoken_of(entries: Iterable[JourneyEntry]) -> dict[int, int]:
    """Return of which entry each one speaks in the end, by their versions; most of themselves."""
    found: dict[int, int] = {}
    for entry in entries:
        of, event = entry.version, entry.event
        if isinstance(event, EntryCorrected | EntryRetracted):
            of = found.get(event.entry, of)
        found[entry.version] = of
    return found


def _known(entry: Entry[Any], moment: Moment) -> bool:
    return moment.known_at is None or entry.known_at <= moment.known_at
