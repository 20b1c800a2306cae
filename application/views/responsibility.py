"""Responsibility: who answered for which journey, from when to when."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from application.scope import responsible_key, worker_key
from application.views.course import Evening, course
from application.views.rows import OnceRow, ResponsibilityRow
from application.views.view import Rules, View
from domain.journey import events as e
from domain.journey.history import History
from domain.journey.state import Status

_ENDED = (Status.CLOSED, Status.DECLINED)


class _Hands(NamedTuple):
    person: str | None
    organisation: str
    ended: bool


def responsibility_rows(journey_id: str, history: History, rules: Rules) -> Iterable[NamedTuple]:
    """Return who answered for a journey, from its referral until its end.

    Before a person is named the organisation answers. Nobody does after the end, until the journey
    is reopened. What was known at an instant may have been otherwise: those who answered by what
    was recorded then are found by the keys that the journey once had.
    """
    held = _held(journey_id, history, rules)
    told = {key for row in held for key in _keys(row.organisation, row.person, row.programme)}
    said = (x.event for x in history.entries if type(x.event) in _NAMING)
    once = {key for event in said for key in _named(event)}
    return (*held, *(OnceRow(journey_id, key) for key in sorted(once - told)))


def _held(journey_id: str, history: History, rules: Rules) -> tuple[ResponsibilityRow, ...]:
    days = rules.once(course, history)
    held = [(hands, next(same).day) for hands, same in groupby(days, _hands)]
    ends = (*(day for _, day in held[1:]), None)
    dated = zip(held, ends, strict=False)
    answered = [(hands, day, end) for (hands, day), end in dated if not hands.ended]
    journey = history.journey
    return tuple(
        ResponsibilityRow(
            owner=journey_id,
            number=number,
            client=journey.client,
            programme=journey.programme,
            person=hands.person,
            organisation=hands.organisation,
            since=since,
            until=until,
        )
        for number, (hands, since, until) in enumerate(answered, start=1)
    )


RESPONSIBILITY: View[History] = View(
    name="responsibility",
    shape=3,
    kind="journey",
    inline=False,
    tables=(ResponsibilityRow, OnceRow),
    rows=responsibility_rows,
)
"""Who was responsible for which journey on any day."""


def _hands(evening: Evening) -> _Hands:
    journey = evening.journey
    if journey.status in _ENDED:
        return _Hands(None, journey.organisation, ended=True)
    person = journey.responsible.person if journey.responsible else None
    return _Hands(person, journey.organisation, ended=False)


_NAMING = frozenset({e.EntryCorrected, e.ReferralMade, e.CaseWorkerAssigned, e.HandoverAccepted})
"""Events that may name who answers for the journey: few of many."""


def _named(event: e.JourneyEvent) -> Iterable[str]:
    """Yield the keys of whom an event names as answering for the journey, and of its programme."""
    match event:
        case e.EntryCorrected():
            yield from _named(event.event)
        case e.ReferralMade():
            yield from _keys(event.to_organisation, programme=event.programme)
        case e.CaseWorkerAssigned() | e.HandoverAccepted():
            yield from _keys(event.organisation, event.person)


def _keys(
    organisation: str, person: str | None = None, programme: str | None = None
) -> Iterable[str]:
    yield responsible_key(organisation)
    if person is not None:
        yield worker_key(person)
    if programme is not None:
        yield f"programme:{programme}"
