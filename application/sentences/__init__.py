"""A sentence for every event of a journey, as a line of its history, in a person's language."""

from typing import assert_never

from application.sentences.arrival import (
    arrival_sentence,
    plan_sentence,
    review_sentence,
)
from application.sentences.course import (
    course_sentence,
    follow_up_sentence,
)
from application.sentences.support import placement_sentence, service_sentence
from application.sentences.words import Words
from domain.journey import events as e

__all__ = ["sentence"]


def sentence(event: e.JourneyEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Return what the event says, without who and when, which are in its entry."""
    match event:
        case (
            e.ReferralMade()
            | e.ReferralAccepted()
            | e.ReferralDeclined()
            | e.EligibilityAssessed()
            | e.CaseWorkerAssigned()
            | e.HandoverRequested()
            | e.HandoverAccepted()
            | e.HandoverDeclined()
        ):
            return arrival_sentence(event, words)
        case (
            e.IntakeInterviewHeld()
            | e.ServiceNeedsDefined()
            | e.CompetenceReviewStarted()
            | e.SelfAssessmentSubmitted()
            | e.CompetenceRecorded()
            | e.CompetenceReviewCompleted()
            | e.TeamMemberJoined()
            | e.TeamMemberLeft()
        ):
            return review_sentence(event, words)
        case (
            e.PlanDrafted()
            | e.PlanAgreed()
            | e.PlanRevised()
            | e.PlanStepReached()
            | e.PlanStepDropped()
        ):
            return plan_sentence(event, words)
        case (
            e.ServiceProposed()
            | e.ServiceAccepted()
            | e.ServiceDeclined()
            | e.ServiceStarted()
            | e.AttendanceRecorded()
            | e.ServiceInterrupted()
            | e.ServiceCompleted()
            | e.CertificateAwarded()
        ):
            return service_sentence(event, words)
        case (
            e.PlacementProposed()
            | e.PlacementAgreed()
            | e.PlacementStarted()
            | e.PlacementReviewed()
            | e.PlacementEnded()
            | e.GrantAwarded()
            | e.GrantPaid()
            | e.WageSubsidyGranted()
            | e.EmployerAdvised()
        ):
            return placement_sentence(event, words)
        case (
            e.FollowUpHeld()
            | e.EmploymentPeriodRecorded()
            | e.UnemploymentPeriodRecorded()
            | e.BenefitPeriodRecorded()
            | e.FeedbackGiven()
        ):
            return follow_up_sentence(event, words)
        case (
            e.PhaseEntered()
            | e.DeadlineExempted()
            | e.DeadlineMoved()
            | e.JourneyPaused()
            | e.JourneyResumed()
            | e.DefinitionAdopted()
            | e.JourneyClosed()
            | e.JourneyReopened()
        ):
            return course_sentence(event, words)
        case e.EntryCorrected() | e.EntryRetracted() | e.DecisionReviewed():
            return _correction_sentence(event, words)
        case never:
            assert_never(never)


def _correction_sentence(
    event: e.EntryCorrected | e.EntryRetracted | e.DecisionReviewed, words: Words
) -> str:
    match event:
        case e.EntryCorrected():
            corrected = words.say(
                "Entry {entry} corrected: on {day}, {sentence}",
                entry=event.entry,
                day=words.day(event.occurred_on),
                sentence=sentence(event.event, words),
            )
            return corrected + words.clause(event.reason, "; because {text}")
        case e.EntryRetracted():
            retracted = words.say("Entry {entry} retracted", entry=event.entry)
            return retracted + words.clause(event.reason, ": {text}")
        case e.DecisionReviewed():
            return _review(event, words)
        case never:
            assert_never(never)


def _review(event: e.DecisionReviewed, words: Words) -> str:
    say = words.say
    entry = event.entry
    decision = say("a decision") if entry is None else say("entry {entry}", entry=entry)
    reviewed = say(
        "Reviewed after correction {correction}: {decision}, {verdict}",
        correction=event.correction,
        decision=words.deadline(event.deadline) if event.deadline else decision,
        verdict=say("upheld") if event.upheld else say("not upheld"),
    )
    return reviewed + words.clause(event.reason, ": {text}")
