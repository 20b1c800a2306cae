"""The circumstances of an act, and the guards that acts share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from domain.calendar import IsWorkingDay
from domain.definition import Definition, codes
from domain.entry import By, Personal
from domain.journey.events import JourneyEvent
from domain.journey.history import History
from domain.journey.state import Journey, Status
from domain.refusals import IllegalTransition, InvalidField

Events: TypeAlias = tuple[JourneyEvent, ...]
NOTHING: Events = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, on which day it happened, and what holds for the journey.

    `on` is the day a person gives, `today` the log's day; `definition` the version the journey is
    under and `definition_of` any version of it. `roles` are what the person may do
    (`Definition.override_roles` lists who may override a requirement).
    """

    by: By
    on: date
    today: date
    definition: Definition
    definition_of: Callable[[int], Definition]
    is_working_day: IsWorkingDay
    roles: tuple[str, ...] = ()


_WHAT_TO_DO = {
    Status.NOT_BEGUN: "refer the client first",
    Status.REFERRED: "accept the referral first",
    Status.DECLINED: "the referral was declined: make a new one",
    Status.OPEN: "it goes on already",
    Status.PAUSED: "resume the journey first",
    Status.CLOSED: "reopen the journey first",
}


def require(journey: Journey, act: str, *allowed: Status) -> None:
    """Raise IllegalTransition unless the journey's status is one of those allowed."""
    if journey.status not in allowed:
        state = f"the journey is {journey.status.value}"
        raise IllegalTransition(state=state, act=act, missing=_WHAT_TO_DO[journey.status])


def require_open(journey: Journey, act: Act, what: str) -> None:
    """Raise unless the journey is open and the day is within it."""
    require(journey, what, Status.OPEN)
    require_day(journey, act)


def require_begun(journey: Journey, act: Act, what: str) -> None:
    """Raise unless the journey was accepted once; it may be paused or closed."""
    require(journey, what, Status.OPEN, Status.PAUSED, Status.CLOSED)
    require_day(journey, act)


def require_day(journey: Journey, act: Act) -> None:
    """Raise InvalidField for a day in the future or before the referral."""
    if act.on > act.today:
        raise InvalidField("occurred_on", f"{act.on} lies ahead of today, {act.today}")
    if journey.referral is not None and act.on < journey.referral.on:
        began = journey.referral.on
        raise InvalidField("occurred_on", f"{act.on} lies before the referral of {began}")


def require_code(field: str, code: str, known: Iterable[str]) -> None:
    """Raise InvalidField unless the code is known, naming those that are."""
    names = sorted(known)
    if code not in names:
        listed = ", ".join(names) or "none are defined"
        raise InvalidField(field, f"{code!r} is not in the definition; known: {listed}")


def require_participant(field: str, organisation: str, act: Act) -> None:
    """Raise InvalidField unless the organisation takes part in the programme on the day."""
    present = [p for p in act.definition.organisations if p.takes_part(act.on)]
    require_code(field, organisation, codes(present))


def require_text(field: str, text: str | Personal) -> None:
    """Raise InvalidField for an empty text."""
    if not str(text).strip():
        raise InvalidField(field, "must not be empty")


def require_period(start: date, end: date | None) -> None:
    """Raise InvalidField for a period that ends before it starts."""
    if end is not None and end < start:
        raise InvalidField("end", f"{end} lies before the start, {start}")


def unless_recorded(history: History, act: Act, event: JourneyEvent) -> Events:
    """Return the event, or nothing where the same was recorded for the same day."""
    for entry in reversed(history.in_force):
        if entry.occurred_on == act.on and entry.event == event:
            return NOTHING
    return (event,)
