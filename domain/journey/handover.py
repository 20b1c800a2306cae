"""Handover: another organisation is asked to take over, and does or does not."""

from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    newest_day,
    not_before,
    not_before_responsible,
    organisation_said,
    require,
    require_day,
    require_participant,
    require_text,
    unless_recorded,
)
from domain.journey.history import History
from domain.journey.state import Status
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said


def request_handover(
    history: History,
    act: Act,
    *,
    to_organisation: str,
    reason: Personal,
    brief: Personal = e.NOTHING_SAID,
) -> Events:
    """Ask another organisation to take over; until it accepts, responsibility stays."""
    journey = history.journey
    require(journey, said("request a handover"), Status.OPEN, Status.PAUSED)
    require_day(journey, act)
    asked = journey.handover
    if asked is not None and asked.to_organisation != to_organisation:
        raise IllegalTransition(
            state=said(
                "{to_organisation} has been asked on {on}",
                to_organisation=organisation_said(act.definition, asked.to_organisation),
                on=asked.on,
            ),
            act=said("request a handover"),
            missing=said("wait for their answer"),
        )
    require_participant("to_organisation", to_organisation, act)
    require_text("reason", reason)
    if to_organisation == journey.organisation:
        raise InvalidField(
            "to_organisation",
            said(
                "{to_organisation} is responsible already",
                to_organisation=organisation_said(act.definition, to_organisation),
            ),
        )
    if asked is not None:
        return NOTHING
    answered = newest_day(history, e.HandoverAccepted, e.HandoverDeclined)
    not_before(act, answered, said("a handover was answered"))
    return (e.HandoverRequested(to_organisation, reason, brief),)


def accept_handover(history: History, act: Act, *, person: str) -> Events:
    """Take over for the organisation that was asked; `person` is responsible from that day."""
    journey = history.journey
    require_text("person", person)
    if journey.handover is None and journey.responsible is not None:
        now = journey.responsible
        if (now.person, now.organisation) == (person, act.by.organisation):
            return NOTHING
    _asked(history, act, said("accept the handover"))
    not_before_responsible(history, act)
    return (e.HandoverAccepted(act.by.organisation, person),)


def decline_handover(history: History, act: Act, *, reason: Personal) -> Events:
    """Do not take over, for a reason; the responsibility stays where it is."""
    require_text("reason", reason)
    event = e.HandoverDeclined(reason)
    if history.journey.handover is None and not unless_recorded(history, act, event):
        return NOTHING
    _asked(history, act, said("decline the handover"))
    return (event,)


def _asked(history: History, act: Act, what: str) -> None:
    journey = history.journey
    require(journey, what, Status.OPEN, Status.PAUSED)
    require_day(journey, act)
    if journey.handover is None:
        raise IllegalTransition(
            state=said("no handover was asked for"), act=what, missing=said("request one first")
        )
    asked = journey.handover
    if asked.to_organisation != act.by.organisation:
        raise IllegalTransition(
            state=said(
                "{to_organisation} was asked, not {organisation}",
                to_organisation=organisation_said(act.definition, asked.to_organisation),
                organisation=organisation_said(act.definition, act.by.organisation),
            ),
            act=what,
            missing=said("leave the answer to them"),
        )
    if act.on < asked.on:
        raise InvalidField(
            "occurred_on", said("the handover was asked for only on {on}", on=asked.on)
        )
