"""The team around the client: persons of several organisations, one client process."""

from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    not_before,
    organisation_said,
    require_open,
    require_text,
)
from domain.journey.history import History
from domain.refusals import IllegalTransition
from domain.wording import said


def join_team(history: History, act: Act, *, person: str, organisation: str, role: str) -> Events:
    """Let a person of a partner join the client's team, in a role."""
    for field, text in (("person", person), ("organisation", organisation), ("role", role)):
        require_text(field, text)
    require_open(history.journey, act, said("join the team"))
    present = {(m.person, m.organisation, m.role) for m in history.journey.present_team()}
    if (person, organisation, role) in present:
        return NOTHING
    gone = [m for m in history.journey.team if (m.person, m.organisation) == (person, organisation)]
    left = max((m.until for m in gone if m.until is not None), default=None)
    not_before(act, left, said("{person} left", person=person))
    return (e.TeamMemberJoined(person, organisation, role),)


def leave_team(history: History, act: Act, *, person: str, organisation: str) -> Events:
    """Let a person leave the client's team."""
    team = [m for m in history.journey.team if (m.person, m.organisation) == (person, organisation)]
    if team and all(m.until is not None for m in team):
        return NOTHING
    require_open(history.journey, act, said("leave the team"))
    if not team:
        raise IllegalTransition(
            state=said(
                "{person} of {organisation} is not in the team",
                person=person,
                organisation=organisation_said(act.definition, organisation),
            ),
            act=said("leave the team"),
            missing=said("name a member of the team"),
        )
    not_before(act, max(m.since for m in team), said("{person} joined", person=person))
    return (e.TeamMemberLeft(person, organisation),)
