"""How a client came, for the documentation of the API: the referral and the last verdict."""

from datetime import date

from interfaces.http.clocks import Told
from interfaces.http.journey_models.shared import Coded


class ReferralTold(Told):
    """Where the client came from, and when the referral was accepted."""

    entry: int
    """The entry (version) that says so."""
    on: date
    """The day it happened."""
    from_organisation: Coded
    """The organisation that referred the client."""
    to_organisation: Coded
    """The organisation that is asked to take the client."""
    channel: Coded
    """The way the client came."""
    service_line: Coded | None
    """The service line; null where none was said."""
    accepted_on: date | None
    """The day it was accepted; null where it was not."""


class RuleTold(Told):
    """What one rule said of the facts: `outcome` is met, not-met or unknown."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    outcome: str
    """met, not-met or unknown."""
    basis: str
    """The legal or agreed ground."""
    text: str
    """The rule as it was worded, in CEL."""
    missing: list[str]
    """The facts that were not known."""


class EligibilityTold(Told):
    """The last verdict on eligibility, with every rule that was asked."""

    entry: int
    """The entry (version) that says so."""
    on: date
    """The day it happened."""
    eligible: bool
    """Whether the client is eligible."""
    definition_version: int
    """The version of the definition whose rules were asked."""
    reasons: list[str]
    """Why not, in words; empty where the client is eligible."""
    rules: list[RuleTold]
    """Every rule that was asked."""
