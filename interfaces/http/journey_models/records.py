"""What was found, paid and followed up, for the documentation of the API."""

from datetime import date
from decimal import Decimal

from interfaces.http.clocks import Told
from interfaces.http.journey_models.shared import Coded


class MoneyTold(Told):
    """An amount for a placement, as a decimal text, and the days it is for (both included)."""

    kind: Coded
    """Of which kind."""
    reference: str
    """The placement that it is for."""
    amount: Decimal
    """The amount, as a decimal text."""
    currency: str
    """The currency, as a code of ISO 4217."""
    payer: Coded
    """The organisation that pays."""
    start: date
    """The first day."""
    end: date | None
    """The last day (included); null while it lasts."""
    entry: int
    """The entry (version) that says so."""


class PeriodTold(Told):
    """A period of work, unemployment or benefit, both days included; `end` null while it lasts."""

    of: Coded
    """Work, unemployment or benefit."""
    kind: str
    """Of which kind."""
    start: date
    """The first day."""
    end: date | None
    """The last day (included); null while it lasts."""
    paid_days: int | None
    """How many days were paid; null where nobody said."""
    entry: int
    """The entry (version) that says so."""


class CompetenceTold(Told):
    """A competence that was found."""

    concept: Coded
    """The competence."""
    level: str
    """The level, of its frame."""
    on: date
    """The day it was found."""
    validated_by: str | None
    """Who validated it; null where nobody did."""
    entry: int
    """The entry (version) that says so."""


class FollowUpTold(Told):
    """A follow-up that was held, and for which point of the follow-up calendar."""

    on: date
    """The day it happened."""
    status: Coded
    """The client's status on the labour market."""
    point: Coded | None
    """The point of the follow-up calendar; null where it was for none."""
    entry: int
    """The entry (version) that says so."""


class CertificateTold(Told):
    """A certificate that was awarded; `eqf_level` is 1 to 8."""

    title: str
    """What it is called, as it was recorded."""
    awarding_body: str
    """Who awarded it."""
    eqf_level: int | None
    """The level of the European Qualifications Framework, 1 to 8; null where nobody said."""
    on: date
    """The day it happened."""
    entry: int
    """The entry (version) that says so."""
