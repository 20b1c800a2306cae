"""The course of a journey in any phase: phases, handovers, feedback, deadlines, pauses."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from domain.definition import Phase
from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID, Answer, FactUsed


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """The journey entered a phase; requirements that were not met are overridden with a reason."""

    phase: Phase
    definition_version: int
    facts: tuple[FactUsed, ...] = ()
    overridden: tuple[str, ...] = ()
    reason: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class HandoverRequested:
    """The responsible organisation asked another to take over."""

    to_organisation: str
    reason: Personal
    brief: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class HandoverAccepted:
    """The other organisation took over; `person` is responsible from now on."""

    organisation: str
    person: str


@dataclass(frozen=True, slots=True)
class HandoverDeclined:
    """The other organisation did not take over."""

    reason: Personal


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """Feedback of the client, an employer or the network."""

    respondent: str
    questionnaire: str
    questionnaire_version: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class DeadlineExempted:
    """A deadline was lifted, for a reason of the definition's list."""

    deadline: str
    reason: str
    note: Personal = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """A deadline was moved to another day."""

    deadline: str
    due: date
    reason: Personal


@dataclass(frozen=True, slots=True)
class JourneyPaused:
    """The journey rests and its clocks stand still; `until` is a hope, not an end."""

    reason: Personal
    until: date | None = None


@dataclass(frozen=True, slots=True)
class JourneyResumed:
    """The journey goes on and its clocks run again."""


@dataclass(frozen=True, slots=True)
class DefinitionAdopted:
    """The journey goes on under another version of its programme's definition."""

    definition_version: int
    reason: Personal


CourseEvent: TypeAlias = (
    PhaseEntered
    | HandoverRequested
    | HandoverAccepted
    | HandoverDeclined
    | FeedbackGiven
    | DeadlineExempted
    | DeadlineMoved
    | JourneyPaused
    | JourneyResumed
    | DefinitionAdopted
)
