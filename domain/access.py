"""Who looked at a client's data, and who opened a journey that was out of scope.

These are stored formats: a change of shape needs a new version.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from domain.entry import Personal


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


@dataclass(frozen=True, slots=True)
class ReadingsRecorded:
    """Readings in the order in which they were answered: many in one entry, as they are many."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class JourneyOpened:
    """A person opened a journey out of scope, for a reason; it is open up to a day (included)."""

    journey: str
    reason: Personal
    until: date


AccessEvent: TypeAlias = ReadingsRecorded | JourneyOpened
