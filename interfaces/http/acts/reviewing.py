"""Bodies of the acts of competence review."""

from typing import Annotated

from pydantic import Field

from interfaces.http.acts.fields import (
    MOST_LINES,
    Body,
    Name,
    Said,
    SaidShortly,
    Version,
    given,
    maybe,
)
from interfaces.http.acts.values import Answers, Scores


class StartCompetenceReview(Body):
    """A review of what the client can do begins."""

    method: Name = given("bilancio-di-competenze")
    """The method, in a code of the programme's definition."""
    assessor: Name = given("worker-7")
    """The id of who carries it out."""


class SubmitSelfAssessment(Body):
    """The client answered a self-assessment."""

    questionnaire: Name = given("self-view")
    """The questionnaire, in a code of the programme's definition."""
    questionnaire_version: Version = given(1)
    """The version of the questionnaire."""
    answers: Answers = given([{"question": "q1", "value": 4}])
    """The client's answers, one a question."""
    scores: Scores | None = maybe([{"scale": "work-ability", "value": 7.5}])
    """The scores that were computed from the answers."""


class RecordCompetence(Body):
    """A competence was found."""

    concept: Name = given("http://data.europa.eu/esco/skill/welding")
    """The competence: an ESCO URI, or a code of the programme's definition."""
    level: Name = given("high")
    """The level, in a code of the frame that the competence belongs to."""
    evidence: Said | None = maybe("Welded for six years at the shipyard")
    """What it is known from."""
    validated_by: Name | None = maybe("worker-7")
    """The id of who validated it."""


_Few = Annotated[tuple[SaidShortly, ...], Field(max_length=MOST_LINES)]


class CompleteCompetenceReview(Body):
    """The review of what the client can do is finished."""

    strengths: _Few = given(["Works carefully", "Learns by doing"])
    """What the client is strong in."""
    development_needs: _Few = given(["Written Finnish"])
    """What the client wants to develop."""
