"""The first interview, and what the client needs."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID, Situation


@dataclass(frozen=True, slots=True)
class IntakeInterviewHeld:
    """The first interview was held."""

    situation: Situation
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class ServiceNeedsDefined:
    """What the client needs, in codes of the definition."""

    needs: tuple[str, ...]
    service_line: str | None = None
    note: Personal = NOTHING_SAID


IntakeEvent: TypeAlias = IntakeInterviewHeld | ServiceNeedsDefined
