"""Placements with employers, and the money for them. `reference` tells one from another."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID, Signatory


@dataclass(frozen=True, slots=True)
class PlacementProposed:
    """A placement with an employer was proposed; `form` is one of the vocabulary's forms."""

    reference: str
    employer: str
    form: str
    hours_per_week: float | None = None
    tutor: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class PlacementAgreed:
    """The placement was agreed and signed."""

    reference: str
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class PlacementStarted:
    """The client began at the employer's."""

    reference: str


@dataclass(frozen=True, slots=True)
class PlacementReviewed:
    """How the placement goes was talked over with client, employer or tutor."""

    reference: str
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class PlacementEnded:
    """The placement ended."""

    reference: str
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class GrantAwarded:
    """A grant for a placement was awarded: an amount in all, for a period (both days included)."""

    reference: str
    amount: Decimal
    currency: str
    payer: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class GrantPaid:
    """A part of a grant was paid, for a period (both days included)."""

    reference: str
    amount: Decimal
    currency: str
    payer: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class WageSubsidyGranted:
    """A wage subsidy was granted to the employer, for a period (both days included)."""

    reference: str
    amount: Decimal
    currency: str
    payer: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class EmployerAdvised:
    """The employer was advised, for instance on the law of taking on such a person."""

    employer: str
    topic: str


PlacementEvent: TypeAlias = (
    PlacementProposed
    | PlacementAgreed
    | PlacementStarted
    | PlacementReviewed
    | PlacementEnded
    | GrantAwarded
    | GrantPaid
    | WageSubsidyGranted
    | EmployerAdvised
)
