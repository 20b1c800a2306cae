"""The end of a journey, and its reopening."""

from domain.definition import codes
from domain.entry import Personal, tells_in_words
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    newest_day,
    not_before,
    phase_said,
    require,
    require_code,
    require_day,
    require_text,
)
from domain.journey.history import History, clients_referred, history_of
from domain.journey.state import Status
from domain.refusals import InvalidField
from domain.wording import said


def close(
    history: History,
    act: Act,
    *,
    end_state: str,
    destination: str,
    reason: Personal = e.NOTHING_SAID,
) -> Events:
    """Close the journey in an end state of the definition, with a destination that goes with it."""
    journey = history.journey
    if journey.closing is not None:
        ended = journey.closing
        if (ended.end_state, ended.destination) == (end_state, destination):
            return NOTHING
    require(journey, said("close the journey"), Status.REFERRED, Status.OPEN, Status.PAUSED)
    require_day(journey, act)
    require_code("end_state", end_state, codes(act.definition.end_states))
    fitting = next(s.destinations for s in act.definition.end_states if s.code == end_state)
    require_code("destination", destination, fitting)
    if journey.status is Status.PAUSED:
        not_before(act, journey.pauses[-1].start, said("the pause began"))
    not_before(
        act, max((p.end for p in journey.pauses if p.end), default=None), said("a pause ended")
    )
    not_before(act, newest_day(history, e.JourneyReopened), said("the journey was reopened"))
    if journey.stay is not None and act.on < journey.stay.since:
        since = journey.stay.since
        raise InvalidField(
            "occurred_on",
            said(
                "{phase} was entered on {since}",
                phase=phase_said(act.definition, journey.stay.phase),
                since=since,
            ),
        )
    return (e.JourneyClosed(end_state, destination, reason),)


def reopen(history: History, act: Act, *, reason: Personal) -> Events:
    """Open a closed journey again, for a reason."""
    require_text("reason", reason)
    journey = history.journey
    if journey.status in (Status.OPEN, Status.REFERRED) and history.entries:
        last = history.entries[-1]
        if (last.event, last.occurred_on) == (e.JourneyReopened(reason), act.on):
            return NOTHING
    require(journey, said("reopen the journey"), Status.CLOSED)
    require_day(journey, act)
    not_before(act, journey.closing and journey.closing.on, said("the journey was closed"))
    return (e.JourneyReopened(reason),)


def goes_on_for(history: History, event: e.JourneyEvent) -> str:
    """Return the client whose journey an event begins or lets go on again; "" where it does not.

    Besides a referral and a reopening it may be a retraction: of an end, of what took one of these
    back, or of a correction that said whose journey it is.
    """
    match event:
        case e.EntryCorrected():
            return goes_on_for(history, event.event)
        case e.ReferralMade():
            return event.client
        case e.JourneyReopened():
            return history.journey.client
        case e.EntryRetracted():
            return _once_retracted(history, event.entry)
        case _:
            return ""


ENDED = frozenset({Status.CLOSED, Status.DECLINED, Status.NOT_BEGUN})
"""How a journey stands that is nobody's work: one whose referral was retracted has not begun."""


def told_after_the_end(history: History, event: e.JourneyEvent) -> frozenset[str]:
    """Return the clients of whom an event tells in words though the journey has ended."""
    journey = history.journey
    if journey.status not in ENDED or not history.entries or not tells_in_words(event):
        return frozenset()
    if isinstance(event, e.ReferralMade):
        return frozenset({event.client})
    return frozenset({journey.client}) if journey.client else clients_referred(history.entries)


def _once_retracted(history: History, entry: int) -> str:
    """Return the client whose journey goes on once an entry is retracted; "" where it does not."""
    target = history.entry(entry)
    match target.event if target else None:
        case e.JourneyClosed() | e.ReferralDeclined():
            return history.journey.client
        case e.EntryRetracted(entry=restored):
            again = history.entry(restored)
            return goes_on_for(history, again.event) if again else ""
        case e.EntryCorrected(event=e.ReferralMade()):
            without = history_of(x for x in history.entries if x.version != entry)
            return without.journey.client
        case _:
            return ""
