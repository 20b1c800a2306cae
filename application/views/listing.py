"""A plain list of journeys, in the order of their ids, for a person at the command line."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One journey as recorded now.

    `since` is the day it entered its phase, or of its referral before the first phase; `version`
    that of its newest entry, stored at `last_recorded_at` (UTC). `responsible` is the person's id.
    """

    journey: str
    client: str
    programme: str
    organisation: str
    status: str
    phase: str | None
    since: date | None
    responsible: str | None
    version: int
    last_recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which journeys are listed: those that are of all that is given, at most `limit` (0: all)."""

    programme: str | None = None
    organisation: str | None = None
    phase: str | None = None
    status: str | None = None
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The journeys listed, how many there are, and what the journeys of the log are of.

    `behind` is how many entries the list lacks, where the views could not be brought up to date;
    `set_aside` how many journeys are missing, or as they were, because they could not be read.
    """

    cases: tuple[Case, ...]
    found: int
    programmes: frozenset[str]
    organisations: frozenset[str]
    behind: int
    set_aside: int = 0
