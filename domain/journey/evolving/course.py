"""What happens in any phase, and at the end, and what it does to a journey."""

from datetime import date

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, answering, evolving, unless_closed
from domain.journey.state import (
    Adjustment,
    Closing,
    Feedback,
    Handover,
    Journey,
    Pause,
    Reviewed,
    Status,
    Stay,
)

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _revised(journey: Journey, _: e.EntryCorrected | e.EntryRetracted, __: JourneyEntry) -> Journey:
    return journey  # `history.effective` has applied them to the entries they name


@_evolves
def _entered(journey: Journey, event: e.PhaseEntered, entry: JourneyEntry) -> Journey:
    stay = Stay(entry.version, event.phase, entry.occurred_on)
    return journey._replace(stays=(*journey.stays, stay))


@_evolves
def _offered(journey: Journey, event: e.HandoverRequested, entry: JourneyEntry) -> Journey:
    handover = Handover(entry.version, entry.occurred_on, event.to_organisation)
    return journey._replace(handover=handover)


@_evolves
def _handed_over(journey: Journey, event: e.HandoverAccepted, entry: JourneyEntry) -> Journey:
    return journey._replace(
        handover=None, responsible=answering(event, entry), organisation=event.organisation
    )


@_evolves
def _kept(journey: Journey, _: e.HandoverDeclined, __: JourneyEntry) -> Journey:
    return journey._replace(handover=None)


@_evolves
def _feedback(journey: Journey, event: e.FeedbackGiven, entry: JourneyEntry) -> Journey:
    feedback = Feedback(entry.version, entry.occurred_on, event.respondent, event.questionnaire)
    return journey._replace(feedback=(*journey.feedback, feedback))


@_evolves
def _exempted(journey: Journey, event: e.DeadlineExempted, entry: JourneyEntry) -> Journey:
    return _adjusted(journey, entry, event.deadline, None, event.reason)


@_evolves
def _moved(journey: Journey, event: e.DeadlineMoved, entry: JourneyEntry) -> Journey:
    return _adjusted(journey, entry, event.deadline, event.due, str(event.reason))


@_evolves
def _looked_at(journey: Journey, event: e.DecisionReviewed, entry: JourneyEntry) -> Journey:
    reviewed = Reviewed(entry.version, event.correction, event.entry, event.deadline, event.upheld)
    return journey._replace(reviewed=(*journey.reviewed, reviewed))


@_evolves
def _adopted(journey: Journey, event: e.DefinitionAdopted, _: JourneyEntry) -> Journey:
    return journey._replace(definition_version=event.definition_version)


@_evolves
def _paused(journey: Journey, _: e.JourneyPaused, entry: JourneyEntry) -> Journey:
    pauses = (*journey.pauses, Pause(entry.version, entry.occurred_on))
    return journey._replace(status=unless_closed(journey, Status.PAUSED), pauses=pauses)


@_evolves
def _resumed(journey: Journey, _: e.JourneyResumed, entry: JourneyEntry) -> Journey:
    status = Status.OPEN if journey.status is Status.PAUSED else journey.status
    pauses = _ended(journey.pauses, entry.occurred_on)
    return journey._replace(status=status, pauses=pauses)


@_evolves
def _closed(journey: Journey, event: e.JourneyClosed, entry: JourneyEntry) -> Journey:
    on = entry.occurred_on
    closing = Closing(entry.version, on, event.end_state, event.destination)
    pauses = _ended(journey.pauses, on)
    return journey._replace(status=Status.CLOSED, closing=closing, pauses=pauses)


@_evolves
def _reopened(journey: Journey, _: e.JourneyReopened, __: JourneyEntry) -> Journey:
    accepted = journey.referral.accepted if journey.referral else journey.early
    status = Status.REFERRED if accepted is None else Status.OPEN
    return journey._replace(status=status, closing=None)


def _adjusted(
    journey: Journey, entry: JourneyEntry, deadline: str, due: date | None, reason: str
) -> Journey:
    adjustment = Adjustment(entry.version, entry.occurred_on, deadline, due, reason)
    return journey._replace(adjustments=(*journey.adjustments, adjustment))


def _ended(pauses: tuple[Pause, ...], day: date) -> tuple[Pause, ...]:
    return tuple(p._replace(end=day) if p.end is None else p for p in pauses)
