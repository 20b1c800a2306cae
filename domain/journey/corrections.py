"""Corrections, retractions, and the review of decisions that had relied on what was wrong."""

from datetime import date

from domain.entry import Personal, event_name
from domain.journey import events as e
from domain.journey.act import NOTHING, Act, Events, require_text
from domain.journey.history import History, JourneyEntry, effective
from domain.journey.referral import referred_already
from domain.journey.reliance import doubts
from domain.journey.repeated import check_correction
from domain.refusals import IllegalTransition, InvalidField, LiesAhead
from domain.wording import coded, said


def correct(
    history: History,
    act: Act,
    *,
    entry: int,
    event: e.JourneyEvent,
    occurred_on: date | None = None,
    reason: Personal,
) -> Events:
    """Say what an entry should have said, any time and in any status, with a reason.

    `occurred_on` is the day it really happened, None where the recorded day was right. A
    correction of a correction corrects the entry that it named. What is said must be what could
    have been recorded then: the decision that guards the act is asked again.
    """
    require_text("reason", reason)
    _not_ahead(act, act.on, "occurred_on")
    target = _meant_by(history, entry)
    if isinstance(target.event, e.EntryRetracted):
        raise IllegalTransition(
            state=said("entry {entry} is a retraction", entry=entry),
            act=said("correct it"),
            missing=said("retract it, and what it retracted holds again"),
        )
    _require_same_kind(target, event)
    recorded = history.entry_in_force(target.version)
    if recorded is None:
        raise IllegalTransition(
            state=said("entry {version} was retracted", version=target.version),
            act=said("correct it"),
            missing=said("retract the retraction first"),
        )
    happened = occurred_on or recorded.occurred_on
    _not_ahead(act, happened, "event.occurred_on")
    if (recorded.event, recorded.occurred_on) == (event, happened):
        return NOTHING
    check_correction(history, act, recorded, event, happened)
    return (e.EntryCorrected(target.version, event, happened, reason),)


def _meant_by(history: History, entry: int) -> JourneyEntry:
    """Return the entry that a correction is of: not the corrections of it in between."""
    target = _target(history, entry)
    while isinstance(target.event, e.EntryCorrected):
        target = _target(history, target.event.entry)
    return target


def _require_same_kind(target: JourneyEntry, event: e.JourneyEvent) -> None:
    if type(event) is type(target.event):
        return
    was, now = (coded("event", event_name(type(x))) for x in (target.event, event))
    raise InvalidField(
        "event",
        said(
            "entry {version} is {was}, not {now}: retract it and record anew",
            version=target.version,
            was=was,
            now=now,
        ),
    )


def retract(history: History, act: Act, *, entry: int, reason: Personal) -> Events:
    """Say that an entry should never have been recorded, any time, with a reason."""
    require_text("reason", reason)
    _not_ahead(act, act.on, "occurred_on")
    target = _target(history, entry)
    if history.entry_in_force(target.version) is None:
        return NOTHING
    event = e.EntryRetracted(target.version, reason)
    _require_one_referral(history, target, event)
    return (event,)


def _require_one_referral(history: History, target: JourneyEntry, event: e.EntryRetracted) -> None:
    """Raise IllegalTransition where a referral would hold again beside one made since."""
    if not isinstance(target.event, e.EntryRetracted) or history.journey.referral is None:
        return
    retracting = target._replace(version=history.version + 1, event=event)
    then = effective((*history.entries, retracting))
    if sum(isinstance(x.event, e.ReferralMade) for x in then) > 1:
        raise referred_already(history.journey)


def review_decision(
    history: History,
    act: Act,
    *,
    correction: int,
    entry: int | None = None,
    deadline: str | None = None,
    upheld: bool,
    reason: Personal,
) -> Events:
    """Record that somebody looked again at a decision that relied on a corrected fact.

    The decision is named by its entry, or by the deadline that it is.
    """
    require_text("reason", reason)
    _not_ahead(act, act.on, "occurred_on")
    if entry is None and deadline is None:
        raise InvalidField("entry", said("name the decision by its entry, or the deadline"))
    waiting = [
        d
        for d in doubts(history, act.definition_of, act.is_working_day)
        if (d.correction, d.entry, d.deadline) == (correction, entry, deadline)
    ]
    if not waiting:
        raise IllegalTransition(
            state=said(
                "correction {correction} calls for no review of {decision}",
                correction=correction,
                decision=deadline or entry,
            ),
            act=said("review the decision"),
            missing=said("name a decision that waits for review"),
        )
    if not waiting[0].open:
        return NOTHING
    return (e.DecisionReviewed(correction, entry, deadline, upheld, reason),)


def _target(history: History, version: int) -> JourneyEntry:
    found = history.entry(version)
    if found is None:
        raise InvalidField(
            "entry", said("the journey has the entries 1 to {version}", version=history.version)
        )
    return found


def _not_ahead(act: Act, day: date, field: str) -> None:
    if day > act.today:
        raise LiesAhead(field, said("{day} lies ahead of today, {today}", day=day, today=act.today))
