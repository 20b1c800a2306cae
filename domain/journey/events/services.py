"""Training and other services. `reference` tells one service of the client from another."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ServiceProposed:
    """A service was proposed to the client."""

    reference: str
    service: str
    provider: str | None = None
    step: str | None = None
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ServiceAccepted:
    """The client accepted the service."""

    reference: str


@dataclass(frozen=True, slots=True)
class ServiceDeclined:
    """The service was declined, by the client or by the provider."""

    reference: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class ServiceStarted:
    """The service began."""

    reference: str
    service: str
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class AttendanceRecorded:
    """The client was there for so many hours, or was absent for a coded reason."""

    reference: str
    hours: float
    absence_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceInterrupted:
    """The service ended before its time."""

    reference: str
    reason: Personal


@dataclass(frozen=True, slots=True)
class ServiceCompleted:
    """The service was carried through; `hours` in all, where they are known."""

    reference: str
    service: str
    result: str
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class CertificateAwarded:
    """A certificate was awarded; `eqf_level` of the European Qualifications Framework, 1 to 8."""

    title: str
    awarding_body: str
    competences: tuple[str, ...] = ()
    eqf_level: int | None = None


ServiceEvent: TypeAlias = (
    ServiceProposed
    | ServiceAccepted
    | ServiceDeclined
    | ServiceStarted
    | AttendanceRecorded
    | ServiceInterrupted
    | ServiceCompleted
    | CertificateAwarded
)
