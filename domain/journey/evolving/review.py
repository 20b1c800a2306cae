"""What a competence review does to a journey."""

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving
from domain.journey.state import Competence, Journey, Review, SelfAssessment

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _reviewing(journey: Journey, event: e.CompetenceReviewStarted, entry: JourneyEntry) -> Journey:
    review = Review(entry.version, entry.occurred_on, event.method, event.assessor)
    return journey._replace(review=review)


@_evolves
def _reviewed(journey: Journey, _: e.CompetenceReviewCompleted, entry: JourneyEntry) -> Journey:
    review = journey.review or Review(entry.version, entry.occurred_on, "", "")
    done = review._replace(completed=entry.version, completed_on=entry.occurred_on)
    return journey._replace(review=done)


@_evolves
def _self_assessed(
    journey: Journey, event: e.SelfAssessmentSubmitted, entry: JourneyEntry
) -> Journey:
    handed_in = SelfAssessment(
        entry.version, entry.occurred_on, event.questionnaire, event.questionnaire_version
    )
    return journey._replace(self_assessments=(*journey.self_assessments, handed_in))


@_evolves
def _competent(journey: Journey, event: e.CompetenceRecorded, entry: JourneyEntry) -> Journey:
    found = Competence(
        entry.version, entry.occurred_on, event.concept, event.level, event.validated_by
    )
    others = [c for c in journey.competences if c.concept != event.concept]
    return journey._replace(competences=(*others, found))
