"""The journeys of a programme, read from the log for evaluation, at a moment of both clocks."""

from collections.abc import Callable
from datetime import date, datetime

from application.evaluation.followed import Followed, Moment, followed
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from application.ports import Recorded
from domain.definition import Definition
from domain.wording import said


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
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Followed]:
    """Return the journeys of a programme at a moment. Raises NobodyFollowed."""
    last = office.log.position()

    def told(recorded: Recorded) -> Recorded:
        if recorded.entry.position % 1000 == 0:
            on_progress(recorded.entry.position, last)
        return recorded

    found = followed(map(told, office.log.read(until=last)), programme, moment)
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
