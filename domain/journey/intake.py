"""Intake: the first interview and the definition of service needs."""

from domain.definition import codes
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    Act,
    Events,
    require_code,
    require_open,
    unless_recorded,
)
from domain.journey.history import History
from domain.refusals import InvalidField
from domain.wording import said


def check_situation(situation: e.Situation, act: Act) -> None:
    """Raise InvalidField for a situation that cannot be."""
    if situation.education is not None and not 0 <= situation.education <= 8:
        raise InvalidField("situation.education", said("ISCED 2011 has levels from 0 to 8"))
    if situation.unemployed_since is not None and situation.unemployed_since > act.on:
        raise InvalidField(
            "situation.unemployed_since", said("lies after the interview of {on}", on=act.on)
        )
    for disadvantage in situation.disadvantages or ():
        known = codes(act.definition.disadvantages)
        require_code("situation.disadvantages", disadvantage, known)


def hold_intake_interview(
    history: History, act: Act, *, situation: e.Situation, note: Personal = e.NOTHING_SAID
) -> Events:
    """Record the intake interview and what the client told of the situation."""
    require_open(history.journey, act, said("hold an intake interview"))
    check_situation(situation, act)
    return unless_recorded(history, act, e.IntakeInterviewHeld(situation, note))


def define_service_needs(
    history: History,
    act: Act,
    *,
    needs: tuple[str, ...],
    service_line: str | None = None,
    note: Personal = e.NOTHING_SAID,
) -> Events:
    """Define what the client needs, in codes of the definition."""
    require_open(history.journey, act, said("define service needs"))
    if not needs:
        raise InvalidField("needs", said("name at least one need"))
    for need in needs:
        require_code("needs", need, codes(act.definition.needs))
    if service_line is not None:
        require_code("service_line", service_line, codes(act.definition.service_lines))
    return unless_recorded(history, act, e.ServiceNeedsDefined(needs, service_line, note))
