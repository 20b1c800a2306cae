"""What the rooms share: how a room says what kinds of events do, and what several of them do."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, get_args

from domain.entry import Entry
from domain.facts import AT_WORK, WITHOUT_WORK
from domain.journey import events as e
from domain.journey.state import (
    Eligibility,
    Journey,
    Needs,
    Responsible,
    Status,
    Told,
    WorkTold,
)

JourneyEntry: TypeAlias = Entry[e.JourneyEvent]

Does: TypeAlias = Callable[[Journey, Any, JourneyEntry], Journey]
"""What an event does: the state before it, the event, its entry; returns the state after it."""

Doing: TypeAlias = dict[type, Does]
"""What kinds of events do: found at once, however many kinds there are."""

Evolves = TypeVar("Evolves", bound=Does)
Dated = TypeVar("Dated", Eligibility, Told, Needs)

_UNSAID = frozenset({None, e.EmploymentStatus.UNKNOWN})
"""What is said of working life where nothing is."""


def evolving(room: Doing) -> Callable[[Evolves], Evolves]:
    """Return a decorator: the function says what the kinds of its second parameter do."""

    def evolves(does: Evolves) -> Evolves:
        kinds = list(does.__annotations__.values())[1]
        room.update(dict.fromkeys(get_args(kinds) or (kinds,), does))
        return does

    return evolves


def newest(known: Dated | None, told: Dated) -> Dated:
    """Return what counts: what is recorded late does not put itself before what happened since."""
    return told if known is None or known.on <= told.on else known


def with_work_told(
    known: tuple[WorkTold, ...],
    entry: JourneyEntry,
    situation: e.Situation | None,
    status: e.EmploymentStatus | None = None,
) -> tuple[WorkTold, ...]:
    """Return what conversations told of working life with what one told, if it told any of it."""
    since, employment = None, None
    if situation is not None:
        since, employment = situation.unemployed_since, situation.employment
    at_work = None
    if status in AT_WORK or employment in AT_WORK:
        at_work = True
    elif (
        status in WITHOUT_WORK
        or employment in WITHOUT_WORK
        or (since is not None and status in _UNSAID and employment in _UNSAID)
    ):
        at_work = False
    if at_work is None and since is None:
        return known
    return (*known, WorkTold(entry.version, entry.occurred_on, at_work, since))


def unless_closed(journey: Journey, status: Status) -> Status:
    """Return the status, or that it is closed.

    Other systems date an end before the beginning; only a reopening undoes an end.
    """
    return Status.CLOSED if journey.closing is not None else status


def answering(event: e.CaseWorkerAssigned | e.HandoverAccepted, entry: JourneyEntry) -> Responsible:
    """Return who answers for a journey from the entry on."""
    return Responsible(entry.version, event.person, event.organisation, entry.occurred_on)
