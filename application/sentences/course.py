"""Sentences of follow-up, and of the course of a journey as a whole."""

from typing import TypeAlias, assert_never

from application.sentences.words import Words, listed, plain, quoted, situation_said
from domain.journey import events as e

PeriodEvent: TypeAlias = (
    e.EmploymentPeriodRecorded | e.UnemploymentPeriodRecorded | e.BenefitPeriodRecorded
)
FollowUpEvent: TypeAlias = e.FollowUpHeld | PeriodEvent | e.FeedbackGiven
CourseEvent: TypeAlias = (
    e.PhaseEntered
    | e.DeadlineExempted
    | e.DeadlineMoved
    | e.JourneyPaused
    | e.JourneyResumed
    | e.DefinitionAdopted
    | e.JourneyClosed
    | e.JourneyReopened
)


def follow_up_sentence(event: FollowUpEvent, words: Words) -> str:
    """Say an event of follow-up."""
    match event:
        case e.FollowUpHeld():
            return _follow_up(event, words)
        case (
            e.EmploymentPeriodRecorded()
            | e.UnemploymentPeriodRecorded()
            | e.BenefitPeriodRecorded()
        ):
            return _period(event)
        case e.FeedbackGiven():
            name = words.title("questionnaire", event.questionnaire)
            whose = plain(event.respondent)
            return f"Feedback of the {whose} given: {name}, version {event.questionnaire_version}"
        case never:
            assert_never(never)


def _follow_up(event: e.FollowUpHeld, words: Words) -> str:
    point = f" ({words.title('point', event.point)})" if event.point else ""
    support = listed(words.title("need", code) for code in event.support_needed)
    needs = f"; needs {support}" if support else ""
    told = situation_said(event.situation, words) if event.situation else ""
    status = plain(event.status.value)
    stands = told if told.startswith(status) else "; ".join(filter(None, (status, told)))
    return f"Follow-up held{point}: {stands}{needs}{quoted(event.note, '; note: ')}"


def _period(event: PeriodEvent) -> str:
    match event:
        case e.EmploymentPeriodRecorded():
            what = "In work"
        case e.UnemploymentPeriodRecorded():
            what = "Unemployed"
        case e.BenefitPeriodRecorded():
            what = "On a benefit"
        case never:
            assert_never(never)
    until = f"to {event.end}" if event.end else "and still so"
    paid = f", {event.paid_days} paid days" if event.paid_days is not None else ""
    return f"{what} from {event.start} {until} ({plain(event.kind)}{paid})"


def course_sentence(event: CourseEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of the journey as a whole."""
    match event:
        case e.PhaseEntered():
            over = listed(words.title("requirement", rule) for rule in event.overridden)
            waived = f"; not met and overridden: {over}{quoted(event.reason)}" if over else ""
            return f"Phase entered: {words.title('phase', event.phase.value)}{waived}"
        case e.DeadlineExempted():
            why = words.title("exemption", event.reason)
            note = quoted(event.note)
            return f"Deadline lifted: {words.deadline(event.deadline)}, {why}{note}"
        case e.DeadlineMoved():
            why = quoted(event.reason)
            return f"Deadline moved to {event.due}: {words.deadline(event.deadline)}{why}"
        case e.JourneyPaused():
            until = f" until about {event.until}" if event.until else ""
            return f"Journey paused{until}{quoted(event.reason)}"
        case e.JourneyResumed():
            return "Journey resumed"
        case e.DefinitionAdopted():
            why = quoted(event.reason)
            return f"Goes on under version {event.definition_version} of the programme{why}"
        case e.JourneyClosed():
            how = words.title("end-state", event.end_state)
            to = plain(event.destination)
            return f"Journey closed: {plain(how)}, destination {to}{quoted(event.reason, '; ')}"
        case e.JourneyReopened():
            return f"Journey reopened{quoted(event.reason)}"
        case never:
            assert_never(never)
