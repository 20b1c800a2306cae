"""The journeys of a programme, read from the log for evaluation, at a moment of both clocks.

Which journeys a programme has is told by the archive where there is one; then no other is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from application.acts import named
from application.evaluation.followed import Followed, Moment, followed
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from application.ports import Recorded
from domain.definition import Definition
from domain.entry import Entry
from domain.journey.events import ReferralMade
from domain.wording import said

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with how much is read, and how much there is."""

JourneysOf: TypeAlias = Callable[[str, Moment], Sequence[str]]
"""Returns the ids of the journeys of a programme at a moment."""


class NobodyFollowed(LookupError):
    """A programme has no journey that had begun by the moment; the message says what to do."""


def newest_definition(office: Office, programme: str) -> Definition | None:
    """Return the newest published definition of a programme; None: of another system."""
    versions = office.programmes.state(programme).versions
    return office.programmes.definition(programme, versions[-1].number) if versions else None


def moment_of(
    office: Office, programme: str, as_at: date | None, known_at: datetime | date | None
) -> Moment:
    """Return the moment that is asked for, where the programme is run.

    Without `as_at` it is the day of `known_at`, or today. `known_at` may be a day: then what was
    known at its end.
    """
    zone = zone_of(newest_definition(office, programme))
    instant = instant_meant(known_at, zone)
    day = as_at or (instant or office.log.now()).astimezone(zone).date()
    return Moment(day, instant)


def read(
    office: Office,
    programme: str,
    moment: Moment,
    on_progress: OnProgress = lambda _done, _all: None,
    journeys_of: JourneysOf | None = None,
) -> list[Followed]:
    """Return the journeys of a programme at a moment. Raises NobodyFollowed.

    Without `journeys_of` the whole log is read.
    """
    if journeys_of is None:
        recorded = _whole(office, on_progress)
    else:
        recorded = _only(office, journeys_of(programme, moment), on_progress)
    found = followed(recorded, programme, moment)
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


def _whole(office: Office, on_progress: OnProgress) -> Iterator[Recorded]:
    last = office.log.position()
    for recorded in office.log.read(until=last):
        if recorded.entry.position % 1000 == 0:
            on_progress(recorded.entry.position, last)
        yield recorded


def _only(office: Office, journeys: Sequence[str], on_progress: OnProgress) -> Iterator[Recorded]:
    """Yield the entries of journeys, and of all who were ever said to be their clients."""
    clients: set[str] = set()
    for number, journey in enumerate(journeys, 1):
        entries = office.log.load(named("journey", journey))
        yield from (Recorded(named("journey", journey), entry) for entry in entries)
        clients.update(_clients(entries))
        on_progress(number, len(journeys))
    for client in sorted(clients):
        stream = named("client", client)
        yield from (Recorded(stream, entry) for entry in office.log.load(stream))


def _clients(entries: Iterable[Entry[Any]]) -> Iterator[str]:
    for event in (getattr(entry.event, "event", entry.event) for entry in entries):
        if isinstance(event, ReferralMade):
            yield event.client
