"""What a client can."""

from datetime import date
from typing import NamedTuple

from domain.journey.state.quickly import quickly_changed


@quickly_changed
class Review(NamedTuple):
    """A competence review; `completed` is the entry that finished it."""

    entry: int
    started_on: date
    method: str
    assessor: str
    completed: int | None = None
    completed_on: date | None = None


class Competence(NamedTuple):
    """A competence that was found; the newest record of a concept stands."""

    entry: int
    on: date
    concept: str
    level: str
    validated_by: str | None


class SelfAssessment(NamedTuple):
    """A self-assessment that was handed in."""

    entry: int
    on: date
    questionnaire: str
    questionnaire_version: int
