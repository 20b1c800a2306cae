"""What the journeys of a caseload are told as."""

from datetime import date, datetime

from interfaces.http.clocks import Told
from interfaces.http.journey_models import ClientLink, Coded


class NextDeadline(Told):
    """The deadline that is due first."""

    id: str
    title: str
    due: date
    days_left: int
    overdue: bool


class LastEntry(Told):
    """The newest entry of a journey."""

    kind: str
    """The name of the event, such as intake-interview-held."""
    title: str
    """The same in words."""
    occurred_on: date
    recorded_at: datetime


class CaseTold(Told):
    """A journey in the caseload."""

    journey: str
    version: int
    client: ClientLink
    programme: Coded
    organisation: Coded
    status: Coded
    is_open: bool
    phase: Coded | None
    phase_since: date | None
    phase_days: int | None
    responsible: str | None
    responsible_since: date | None
    next_deadline: NextDeadline | None
    exempt: int
    """How many deadlines were lifted."""
    reviews: int
    """How many decisions wait for review after a correction."""
    last: LastEntry
    day: date
    """The day it is seen from, where its programme is run."""
    stale_since: datetime | None
    """Since when this list could not take its newest entries; its page tells them."""


class ListClocks(Told):
    """Which moment a list speaks of; a day of `known_at` ends where each programme is run."""

    as_at: date | None
    known_at: datetime | date | None
    claimed: bool
    """Whether a journey of the page leans on another system's claim of when it knew something."""


class Caseload(Told):
    """Some of the journeys of a caseload."""

    clocks: ListClocks
    items: list[CaseTold]
    next: str | None
    """The cursor of what follows; null at the end. With clocks, or with `shared`, a page may have
    fewer than asked for, or none, and not be the last."""
    position: int
    """How far the list had come in the log."""
