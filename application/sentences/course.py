"""Sentences of follow-up, and of the course of a journey as a whole."""

from typing import TypeAlias, assert_never

from application.sentences.words import Words, situation_said
from domain.journey import events as e
from domain.wording import said

FollowUpEvent: TypeAlias = e.FollowUpHeld | e.PeriodRecorded | e.FeedbackGiven
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
            return _period(event, words)
        case e.FeedbackGiven():
            return words.say(
                "Feedback of the {respondent} given: {questionnaire}, version {version}",
                respondent=words.code("respondent", event.respondent),
                questionnaire=words.title("questionnaire", event.questionnaire),
                version=event.questionnaire_version,
            )
        case never:
            assert_never(never)


def _follow_up(event: e.FollowUpHeld, words: Words) -> str:
    point = f" ({words.title('point', event.point)})" if event.point else ""
    held = words.say("Follow-up held") + point
    support = words.listed(words.title("need", code) for code in event.support_needed)
    needs = words.say("; needs {support}", support=support) if support else ""
    note = words.clause(event.note, "; note: {text}")
    return f"{held}: {_stands(event, words)}{needs}{note}"


def _stands(event: e.FollowUpHeld, words: Words) -> str:
    """Say how the client fares, once where the situation says the same."""
    situation, status = event.situation, words.code("employment", event.status.value)
    told = situation_said(situation, words) if situation else ""
    if situation is None or not told:
        return status
    unemployed = event.status is e.EmploymentStatus.UNEMPLOYED and situation.unemployed_since
    same = situation.employment is event.status
    return told if same or (unemployed and situation.employment is None) else f"{status}; {told}"


def _period(event: e.PeriodRecorded, words: Words) -> str:
    kind = words.code("period-kind", event.kind)
    if event.paid_days is not None:
        kind += ", " + words.counted("{n} paid day", "{n} paid days", event.paid_days)
    start, end = words.day(event.start), words.day(event.end) if event.end else ""
    return words.say(_PERIODS[type(event), bool(end)], start=start, end=end, kind=kind)


_PERIODS = {
    (e.EmploymentPeriodRecorded, True): said("In work from {start} to {end} ({kind})"),
    (e.EmploymentPeriodRecorded, False): said("In work from {start} and still so ({kind})"),
    (e.UnemploymentPeriodRecorded, True): said("Unemployed from {start} to {end} ({kind})"),
    (e.UnemploymentPeriodRecorded, False): said("Unemployed from {start} and still so ({kind})"),
    (e.BenefitPeriodRecorded, True): said("On a benefit from {start} to {end} ({kind})"),
    (e.BenefitPeriodRecorded, False): said("On a benefit from {start} and still so ({kind})"),
}


def course_sentence(event: CourseEvent, words: Words) -> str:  # noqa: PLR0911 - a line an event
    """Say an event of the journey as a whole."""
    match event:
        case e.PhaseEntered():
            return _phase(event, words)
        case e.DeadlineExempted():
            lifted = words.say(
                "Deadline lifted: {deadline}, {reason}",
                deadline=words.deadline(event.deadline),
                reason=words.title("exemption", event.reason),
            )
            return lifted + words.clause(event.note, ": {text}")
        case e.DeadlineMoved():
            moved = words.say(
                "Deadline moved to {day}: {deadline}",
                day=words.day(event.due),
                deadline=words.deadline(event.deadline),
            )
            return moved + words.clause(event.reason, ": {text}")
        case e.JourneyPaused():
            return _pause(event, words)
        case e.JourneyResumed():
            return words.say("Journey resumed")
        case e.DefinitionAdopted():
            version = event.definition_version
            goes_on = words.say("Goes on under version {version} of the programme", version=version)
            return goes_on + words.clause(event.reason, ": {text}")
        case e.JourneyClosed():
            closed = words.say(
                "Journey closed: {end_state}, destination {destination}",
                end_state=words.title("end-state", event.end_state),
                destination=words.code("destination", event.destination),
            )
            return closed + words.clause(event.reason, "; {text}")
        case e.JourneyReopened():
            return words.say("Journey reopened") + words.clause(event.reason, ": {text}")
        case never:
            assert_never(never)


def _phase(event: e.PhaseEntered, words: Words) -> str:
    entered = words.say("Phase entered: {phase}", phase=words.title("phase", event.phase.value))
    over = words.listed(words.title("requirement", rule) for rule in event.overridden)
    if not over:
        return entered
    why = words.clause(event.reason, ": {text}")
    return entered + words.say("; not met and overridden: {requirements}", requirements=over) + why


def _pause(event: e.JourneyPaused, words: Words) -> str:
    why = words.clause(event.reason, ": {text}")
    if event.until is None:
        return words.say("Journey paused") + why
    return words.say("Journey paused until about {day}", day=words.day(event.until)) + why
