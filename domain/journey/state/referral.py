"""How a client came, and who answers for the journey."""

from datetime import date
from typing import NamedTuple

from domain.journey.state.quickly import quickly_changed


@quickly_changed
class Referral(NamedTuple):
    """Where the client came from, by which channel and service line."""

    entry: int
    on: date
    from_organisation: str
    to_organisation: str
    channel: str
    service_line: str | None
    has_plan: bool
    has_need_definition: bool
    accepted: int | None = None
    accepted_on: date | None = None


class Acceptance(NamedTuple):
    """That a referral was accepted."""

    entry: int
    on: date


class Eligibility(NamedTuple):
    """The last verdict on eligibility."""

    entry: int
    on: date
    eligible: bool
    definition_version: int


class Responsible(NamedTuple):
    """The person who answers for the journey."""

    entry: int
    person: str
    organisation: str
    since: date
