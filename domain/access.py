"""Who looked at a client's data, and who opened a journey that was out of scope.

The events are stored formats: a change of shape needs a new version.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from domain.entry import By, Entry, Personal
from domain.kinds import DataKind
from domain.refusals import InvalidField
from domain.wording import said


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What left for another organisation than the responsible one, and on which ground.

    `ground` is how it comes to the journey ("team", "handover", "partner", "opened"), or to the
    client in a seat of a service that it runs ("seat"); `consents` are the entries of the client's
    stream, `duties` those of the programme's agreement, by which it is shown more.
    """

    kinds: tuple[DataKind, ...]
    ground: str
    consents: tuple[int, ...] = ()
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a client's data.

    `person` read it in a `role` for an `organisation`, for a `purpose`, `at` an instant (UTC);
    `client` and `journey` are ids, `what` the name of what was read ("journey-page"), and
    `correlation` that of the request.
    """

    person: str
    role: str
    organisation: str
    purpose: str
    client: str | None
    journey: str | None
    what: str
    at: datetime
    correlation: str | None = None
    disclosed: Disclosed | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom something was read: a client, a journey, or both; their ids.

    `disclosed` is what left for another organisation by it; None where it stayed in the house.
    """

    client: str | None
    journey: str | None
    disclosed: Disclosed | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """All readings that one answer was, as of a list: the fields are those of a reading."""

    person: str
    role: str
    organisation: str
    purpose: str
    what: str
    at: datetime
    correlation: str | None
    read: tuple[Subject, ...]

    def readings(self) -> Iterator[Reading]:
        """Yield them one by one, in the order told."""
        return map(self.reading, self.read)

    def reading(self, subject: Subject) -> Reading:
        """Return the one of a subject."""
        return Reading(
            self.person,
            self.role,
            self.organisation,
            self.purpose,
            subject.client,
            subject.journey,
            self.what,
            self.at,
            self.correlation,
            subject.disclosed,
        )


@dataclass(frozen=True, slots=True)
class ReadingsRecorded:
    """Answers in the order in which they were given: many in one entry, as they are many."""

    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class JourneyOpened:
    """A person opened a journey out of scope, for a reason; it is open up to a day (included)."""

    journey: str
    reason: Personal
    until: date


AccessEvent: TypeAlias = ReadingsRecorded | JourneyOpened


@dataclass(frozen=True, slots=True)
class Openings:
    """Who opened one journey out of scope, and up to which day (included): the latest of each."""

    version: int = 0
    until: tuple[tuple[By, date], ...] = ()

    def open_for(self, by: By, day: date) -> bool:
        """Whether the person, for that organisation, may read the journey on the day."""
        return any(day <= until for who, until in self.until if who == by)


NEVER_OPENED = Openings()


def fold(entries: Iterable[Entry[AccessEvent]], state: Openings = NEVER_OPENED) -> Openings:
    """Return the openings after the entries, from `state` on."""
    version, until = state.version, dict(state.until)
    for entry in entries:
        version = entry.version
        if isinstance(entry.event, JourneyOpened):
            until[entry.by] = max(entry.event.until, until.get(entry.by, date.min))
    return Openings(version, tuple(until.items()))


def open_out_of_scope(
    state: Openings, *, by: By, journey: str, reason: Personal, until: date
) -> tuple[JourneyOpened, ...]:
    """Open the journey for a person; nothing where it is open for as long already.

    Raises InvalidField without a reason.
    """
    if not str(reason).strip():
        raise InvalidField("reason", said("must not be empty"))
    return () if state.open_for(by, until) else (JourneyOpened(journey, reason, until),)
