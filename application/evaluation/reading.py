"""The journeys of a programme, read from the log for evaluation, at a moment of both clocks.

Which journeys a programme has is told by the archive where there is one; then no other is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from application.acts import named
from application.evaluation.asking import Moment
from application.evaluation.followed import Followed, followed
from application.local_time import instant_meant, zone_of
from application.office import Office
from application.ports import Recorded
from domain.definition import Definition
from domain.entry import Entry
from domain.journey.history import clients_referred
from domain.programme.state import fold
from domain.same_person import ClientsMerged
from domain.wording import said

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how much is read, and how much there is."""

JourneysOf: TypeAlias = Callable[[str, Moment], Sequence[str]]
"""Returns the ids of the journeys of a programme at a moment."""


class NobodyFollowed(LookupError):
    """A programme has no journey that had begun by the moment; the message says what to do."""


def newest_definition(office: Office, programme: str) -> Definition | None:
    """Return the newest published definition of a programme; None: of another system."""
    versions = office.programmes.state(programme).versions
    return office.programmes.definition(programme, versions[-1].number) if versions else None


def definition_in_force(
    office: Office, programme: str, day: date, known_at: datetime | None
) -> Definition | None:
    """Return the definition in force on a day, as far as it was known; before all, the first one.

    None: of another system, or not published by then.
    """
    entries = office.log.load(named("programme", programme))
    state = fold(x for x in entries if known_at is None or x.known_at <= known_at)
    if not state.versions:
        return None
    current = state.current(day) or state.versions[0]
    return office.programmes.definition(programme, current.number)


def instant_asked(
    office: Office, programme: str | None, known_at: datetime | date | None
) -> datetime | None:
    """Return the instant that is asked for: of a day its end, where the programme is run."""
    newest = newest_definition(office, programme) if programme else None
    return instant_meant(known_at, zone_of(newest))


def clocks_asked(
    office: Office, programme: str, as_at: date | None, known_at: datetime | date | None
) -> tuple[date, datetime | None]:
    """Return the day and the instant that are asked for, where the programme is run.

    Without `as_at` the day is that of `known_at`, or today.
    """
    zone = zone_of(newest_definition(office, programme))
    instant = instant_meant(known_at, zone)
    return as_at or (instant or office.log.now()).astimezone(zone).date(), instant


def followed_until(office: Office, programme: str, day: date, known_at: datetime | None) -> date:
    """Return the last day of which anything is known: no later than it was known, and today."""
    clocks = (clocks_asked(office, programme, None, known)[0] for known in (known_at, None))
    return min(day, *clocks)


def read(
    office: Office,
    programme: str,
    moment: Moment,
    on_progress: Progress = lambda _done, _all: None,
    journeys_of: JourneysOf | None = None,
) -> list[Followed]:
    """Return the journeys of a programme that had begun by a moment, in the order of their ids.

    Without `journeys_of` the whole log is read.
    """
    last = office.log.position() if moment.position is None else moment.position
    if journeys_of is None:
        recorded = _whole(office, last, on_progress)
    else:
        recorded = _only(office, journeys_of(programme, moment), last, on_progress)
    return followed(recorded, programme, moment)


def read_some(
    office: Office,
    programme: str,
    moment: Moment,
    on_progress: Progress = lambda _done, _all: None,
    journeys_of: JourneysOf | None = None,
) -> list[Followed]:
    """Return the journeys as `read`, where there are any. Raises NobodyFollowed."""
    found = read(office, programme, moment, on_progress, journeys_of)
    if not found:
        raise NobodyFollowed(
            said(
                "{programme} has no journey that had begun by {day}: `polku journeys list` shows "
                "which there are",
                programme=programme,
                day=moment.as_at,
            )
        )
    return found


def _whole(office: Office, last: int, on_progress: Progress) -> Iterator[Recorded]:
    for recorded in office.log.read(until=last):
        if recorded.entry.position % 1000 == 0:
            on_progress(recorded.entry.position, last)
        yield recorded


def _only(
    office: Office, journeys: Sequence[str], last: int, on_progress: Progress
) -> Iterator[Recorded]:
    """Yield the entries of journeys, and of all ids of who were ever said to be their clients."""
    clients: set[str] = set()
    for number, journey in enumerate(journeys, 1):
        entries = _entries(office, named("journey", journey), last)
        yield from entries
        clients |= clients_referred(one.entry for one in entries)
        on_progress(number, len(journeys))
    read: set[str] = set()
    while unread := sorted(clients - read):
        for client in unread:
            entries = _entries(office, named("client", client), last)
            yield from entries
            clients.update(_merged(one.entry for one in entries))
        read.update(unread)


def _entries(office: Office, stream: str, last: int) -> list[Recorded]:
    found = office.log.load(stream)
    return [Recorded(stream, entry) for entry in found if entry.position <= last]


def _merged(entries: Iterable[Entry[Any]]) -> Iterator[str]:
    return (x.event.other for x in entries if isinstance(x.event, ClientsMerged))
