"""Training and other services of a client, and what was awarded in them."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.journey.state.quickly import quickly_changed


class ServiceStatus(StrEnum):
    """Where a service of the client stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STARTED = "started"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"


@quickly_changed
class ServiceCourse(NamedTuple):
    """One service of the client; `hours` attended so far, `absences` counted.

    `in_all` says that the completion gave the hours: what is attended is among them.
    """

    entry: int
    reference: str
    service: str
    provider: str | None
    status: ServiceStatus
    step: str | None = None
    proposed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    hours: float = 0.0
    absences: int = 0
    result: str | None = None
    started: int | None = None
    ended: int | None = None
    accepted_on: date | None = None
    in_all: bool = False


class Certificate(NamedTuple):
    """A certificate that was awarded."""

    entry: int
    on: date
    title: str
    awarding_body: str
    eqf_level: int | None
