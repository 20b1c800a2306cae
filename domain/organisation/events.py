"""Every event of an organisation. These are stored formats: a change of shape needs a new version.

An id (of an agreement, a need, an offering) is unique in the organisation's stream.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class OrganisationKind(StrEnum):
    """What an organisation is."""

    MUNICIPALITY = "municipality"
    STATE_OFFICE = "state-office"
    SCHOOL = "school"
    PROVIDER = "provider"
    EMPLOYER = "employer"
    FUNDER = "funder"


class NeedKind(StrEnum):
    """Whether an employer needs people now, or foresees that it will."""

    ACUTE = "acute"
    LONG_TERM = "long-term"


@dataclass(frozen=True, slots=True)
class Duty:
    """Who does what: a partner's code, and the code of what it does."""

    partner: str
    duty: str


@dataclass(frozen=True, slots=True)
class OrganisationRegistered:
    """An organisation became known, under the code that its stream is named by."""

    name: str
    kind: OrganisationKind
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """Organisations agreed who does what, both days included; `end` None where it is open."""

    agreement: str
    partners: tuple[str, ...]
    duties: tuple[Duty, ...]
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementEnded:
    """An agreement ends before its time; `last_day` is the last on which it holds."""

    agreement: str
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class EmployerNeedPublished:
    """An employer needs people: an occupation (code or name), competences, how many, by when."""

    need: str
    occupation: str
    competences: tuple[str, ...]
    openings: int
    kind: NeedKind
    by: date | None = None


@dataclass(frozen=True, slots=True)
class EmployerNeedFilled:
    """Openings of a need were filled; `journey` is the one that led there, if one did."""

    need: str
    reference: str
    openings: int
    journey: str | None = None


@dataclass(frozen=True, slots=True)
class EmployerNeedWithdrawn:
    """The employer no longer looks for the people still missing."""

    need: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfferingPublished:
    """A service is held on given days (both included) with so many seats."""

    offering: str
    service: str
    seats: int
    start: date
    end: date
    place: str


@dataclass(frozen=True, slots=True)
class SeatReserved:
    """A seat was reserved for a client, on the way of a journey if there is one yet."""

    offering: str
    reference: str
    client: str
    journey: str | None = None


@dataclass(frozen=True, slots=True)
class SeatReleased:
    """A reserved seat is free again; `reason` is a code."""

    offering: str
    reference: str
    reason: str


OrganisationEvent: TypeAlias = (
    OrganisationRegistered
    | AgreementSigned
    | AgreementEnded
    | EmployerNeedPublished
    | EmployerNeedFilled
    | EmployerNeedWithdrawn
    | OfferingPublished
    | SeatReserved
    | SeatReleased
)
