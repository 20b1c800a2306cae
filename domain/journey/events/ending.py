"""How a journey ended, or went on after all."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID


@dataclass(frozen=True, slots=True)
class JourneyClosed:
    """The journey ended, in an end state of the definition, with a destination."""

    end_state: str
    destination: str
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class JourneyReopened:
    """A closed journey was opened again."""

    reason: Personal


EndingEvent: TypeAlias = JourneyClosed | JourneyReopened
