"""How a client came: referred, assessed, taken in or not, and who became responsible."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID, FactUsed
from domain.policy import RuleOutcome


@dataclass(frozen=True, slots=True)
class ReferralMade:
    """A client was referred to a programme: the journey begins."""

    client: str
    programme: str
    definition_version: int
    from_organisation: str
    to_organisation: str
    channel: str
    service_line: str | None = None
    existing_plan: Personal = NOTHING_SAID
    need_definition: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ReferralAccepted:
    """The organisation took the client in."""


@dataclass(frozen=True, slots=True)
class ReferralDeclined:
    """The organisation did not take the client in, for a reason."""

    reason: Personal


@dataclass(frozen=True, slots=True)
class EligibilityAssessed:
    """The rules in force on the day, in the place, were put to the facts.

    Each rule is kept as it was worded then, with its outcome and legal basis.
    """

    definition_version: int
    organisation: str
    eligible: bool
    facts: tuple[FactUsed, ...]
    rules: tuple[RuleOutcome, ...]


@dataclass(frozen=True, slots=True)
class CaseWorkerAssigned:
    """A person became responsible for the journey."""

    person: str
    organisation: str


ReferralEvent: TypeAlias = (
    ReferralMade | ReferralAccepted | ReferralDeclined | EligibilityAssessed | CaseWorkerAssigned
)
