"""Placements with employers, the money for them, and the advice."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.calendar import Period
from domain.journey.state.quickly import quickly_changed


class PlacementStatus(StrEnum):
    """Where a placement stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    STARTED = "started"
    ENDED = "ended"


@quickly_changed
class Placement(NamedTuple):
    """One placement with an employer."""

    entry: int
    reference: str
    employer: str
    form: str
    status: PlacementStatus
    proposed_on: date | None = None
    agreed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    reviews: int = 0
    agreed: int | None = None
    started: int | None = None
    ended: int | None = None


class MoneyKind(StrEnum):
    """What an amount of money is."""

    GRANT_AWARDED = "grant-awarded"
    GRANT_PAID = "grant-paid"
    WAGE_SUBSIDY = "wage-subsidy"


class Money(NamedTuple):
    """An amount for a placement and the period it is for."""

    entry: int
    kind: MoneyKind
    reference: str
    amount: Decimal
    currency: str
    payer: str
    period: Period


class Advice(NamedTuple):
    """Advice that an employer was given."""

    entry: int
    on: date
    employer: str
    topic: str
