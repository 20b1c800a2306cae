"""The journeys of a programme, read from the log for evaluation, at a moment of both clocks."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeAlias

from application.evaluation.asking import Moment
from application.evaluation.followed import Followed, followed
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from application.ports import Recorded
from domain.definition import Definition

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many entries of the log are read, and how many there are."""


class NobodyFollowed(LookupError):
    """A programme has no journey that had begun by the moment; the message says what to do."""


def newest_definition(office: Office, programme: str) -> Definition | None:
    """Return the newest published definition of a programme; None: of another system."""
    versions = office.programmes.state(programme).versions
    return office.programmes.definition(programme, versions[-1].number) if versions else None


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


def read(
    office: Office,
    programme: str,
    moment: Moment,
    on_progress: Progress = lambda _done, _all: None,
) -> list[Followed]:
    """Return the journeys of a programme that had begun by a moment, in the order of their ids."""
    last = office.log.position() if moment.position is None else moment.position

    def told(recorded: Recorded) -> Recorded:
        if recorded.entry.position % 1000 == 0:
            on_progress(recorded.entry.position, last)
        return recorded

    return followed(map(told, office.log.read(until=last)), programme, moment)


def read_some(
    office: Office,
    programme: str,
    moment: Moment,
    on_progress: Progress = lambda _done, _all: None,
) -> list[Followed]:
    """Return the journeys as `read`, where there are any. Raises NobodyFollowed."""
    found = read(office, programme, moment, on_progress)
    if not found:
        raise NobodyFollowed(
            f"{programme} has no journey that had begun by {moment.as_at}: "
            "`polku journeys list` shows which there are"
        )
    return found
