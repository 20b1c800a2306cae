"""A sentence for every event of a journey, as a line of its history, in a person's language."""

from typing import TypeAlias, assert_never

from application.sentences.arrival import (
    ArrivalEvent,
    PlanEvent,
    ReviewEvent,
    arrival_sentence,
    plan_sentence,
    review_sentence,
)
from application.sentences.course import (
    CourseEvent,
    FollowUpEvent,
    course_sentence,
    follow_up_sentence,
)
from application.sentences.support import (
    PlacementEvent,
    ServiceEvent,
    placement_sentence,
    service_sentence,
)
from application.sentences.words import Words
from domain.journey import events as e

__all__ = ["sentence"]

CorrectionEvent: TypeAlias = e.EntryCorrected | e.EntryRetracted | e.DecisionReviewed


def sentence(event: e.JourneyEvent, words: Words) -> str:  # noqa: PLR0911 - a line for each kind
    """Return what the event says, without who and when, which are in its entry."""
    if isinstance(event, ArrivalEvent):
        return arrival_sentence(event, words)
    if isinstance(event, ReviewEvent):
        return review_sentence(event, words)
    if isinstance(event, PlanEvent):
        return plan_sentence(event, words)
    if isinstance(event, ServiceEvent):
        return service_sentence(event, words)
    if isinstance(event, PlacementEvent):
        return placement_sentence(event, words)
    if isinstance(event, FollowUpEvent):
        return follow_up_sentence(event, words)
    if isinstance(event, CourseEvent):
        return course_sentence(event, words)
    if isinstance(event, CorrectionEvent):
        return _correction_sentence(event, words)
    assert_never(event)


def _correction_sentence(event: CorrectionEvent, words: Words) -> str:
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
