"""How a client fared afterwards."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.calendar import Period
from domain.journey.events import EmploymentStatus


class FollowUp(NamedTuple):
    """A follow-up that was held, and for which point of the calendar."""

    entry: int
    on: date
    status: EmploymentStatus
    point: str | None


class PeriodKind(StrEnum):
    """What a recorded period is a period of."""

    EMPLOYMENT = "employment"
    UNEMPLOYMENT = "unemployment"
    BENEFIT = "benefit"


class RecordedPeriod(NamedTuple):
    """A period of work, unemployment or benefit; `kind` as the source codes it."""

    entry: int
    of: PeriodKind
    period: Period
    kind: str
    paid_days: int | None
