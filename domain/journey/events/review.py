"""What a client can: self-assessments and competences."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.entry import Personal
from domain.journey.events.shared import NOTHING_SAID, Answer


@dataclass(frozen=True, slots=True)
class Score:
    """A score computed from answers, on the questionnaire's own scale."""

    scale: str
    value: float


@dataclass(frozen=True, slots=True)
class CompetenceReviewStarted:
    """A competence review began, by a method of the definition."""

    method: str
    assessor: str


@dataclass(frozen=True, slots=True)
class SelfAssessmentSubmitted:
    """The client answered a self-assessment."""

    questionnaire: str
    questionnaire_version: int
    answers: tuple[Answer, ...]
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True)
class CompetenceRecorded:
    """A competence was found: an ESCO URI or a code of a frame, its level and its evidence."""

    concept: str
    level: str
    evidence: Personal = NOTHING_SAID
    validated_by: str | None = None


@dataclass(frozen=True, slots=True)
class CompetenceReviewCompleted:
    """The competence review was finished."""

    strengths: tuple[Personal, ...]
    development_needs: tuple[Personal, ...]


ReviewEvent: TypeAlias = (
    CompetenceReviewStarted
    | SelfAssessmentSubmitted
    | CompetenceRecorded
    | CompetenceReviewCompleted
)
