"""How a client fared afterwards: talks, and periods of work, unemployment and benefits."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from domain.entry import Personal
from domain.facts import EmploymentStatus
from domain.journey.events.shared import NOTHING_SAID, Situation


@dataclass(frozen=True, slots=True)
class FollowUpHeld:
    """The client was met or called afterwards; `point` is a point of the follow-up calendar."""

    status: EmploymentStatus
    support_needed: tuple[str, ...] = ()
    point: str | None = None
    situation: Situation | None = None
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class EmploymentPeriodRecorded:
    """A period of work, both days included; `end` None while it lasts."""

    start: date
    end: date | None
    kind: str
    paid_days: int | None = None


@dataclass(frozen=True, slots=True)
class UnemploymentPeriodRecorded:
    """A period of unemployment, both days included; `end` None while it lasts."""

    start: date
    end: date | None
    kind: str
    paid_days: int | None = None


@dataclass(frozen=True, slots=True)
class BenefitPeriodRecorded:
    """A period on a benefit, both days included, with the days paid in it."""

    start: date
    end: date | None
    kind: str
    paid_days: int | None = None


PeriodRecorded: TypeAlias = (
    EmploymentPeriodRecorded | UnemploymentPeriodRecorded | BenefitPeriodRecorded
)
FollowUpEvent: TypeAlias = FollowUpHeld | PeriodRecorded
