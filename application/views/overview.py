"""A programme at a glance: clients by phase and organisation, what is overdue, a journey to tell.

Everything is folded from the entries of the log; nothing is kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from application.ports import Recorded
from domain.calendar import IsWorkingDay
from domain.client import UNKNOWN, Client, fold
from domain.entry import Entry
from domain.journey import events as e
from domain.journey.deadlines import Deadline, DefinitionOf, deadlines, overdue
from domain.journey.history import History, history_of
from domain.journey.state import Journey, Status

WAITING = "waiting"
"""Where a journey stands that was accepted, or not yet, and has entered no phase."""


class Known(NamedTuple):
    """A journey of the log with its history, and the client as registered."""

    id: str
    history: History
    client: Client

    @property
    def journey(self) -> Journey:
        """The journey as recorded now."""
        return self.history.journey


@dataclass(frozen=True, slots=True)
class Standing:
    """How many journeys of an organisation stand where.

    `counts` has a number for each phase (journeys under way in it), and for "waiting", "paused",
    "closed" and "declined"; `overdue` is the number of its deadlines that are overdue.
    """

    organisation: str
    counts: Mapping[str, int]
    overdue: int

    @property
    def journeys(self) -> int:
        """How many journeys there are in all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline that is overdue, whose it is, and for how many days."""

    journey: str
    organisation: str
    responsible: str | None
    deadline: Deadline
    days: int


def known_journeys(recorded: Iterable[Recorded]) -> dict[str, list[Known]]:
    """Return the journeys of the log by programme, in the order of their ids."""
    streams: dict[str, list[Entry[Any]]] = {}
    for stream, entry in recorded:
        streams.setdefault(stream, []).append(entry)
    found: dict[str, list[Known]] = {}
    for stream in sorted(streams):
        kind, _, name = stream.partition(":")
        if kind == "journey":
            history = history_of(streams[stream])
            client = fold(streams.get(f"client:{history.journey.client}", ()), UNKNOWN)
            found.setdefault(history.journey.programme, []).append(Known(name, history, client))
    return found


def stands_in(journey: Journey) -> str:
    """Return where a journey stands: a phase, "waiting", "paused", "closed" or "declined"."""
    match journey.status:
        case Status.OPEN:
            return journey.stay.phase.value if journey.stay else WAITING
        case Status.PAUSED | Status.CLOSED | Status.DECLINED:
            return journey.status.value
        case _:
            return WAITING


def standings(journeys: Iterable[Known], late: Iterable[Late]) -> list[Standing]:
    """Return how many journeys stand where, for each organisation that answers for some."""
    counts: dict[str, Counter[str]] = {}
    for known in journeys:
        by_place = counts.setdefault(known.journey.organisation, Counter())
        by_place[stands_in(known.journey)] += 1
    overdue_at = Counter(one.organisation for one in late)
    return [Standing(code, counts[code], overdue_at[code]) for code in sorted(counts)]


def late_on(
    journeys: Iterable[Known],
    day: date,
    definition_of: DefinitionOf,
    is_working_day: IsWorkingDay,
) -> list[Late]:
    """Return every deadline that is overdue on the day, the longest overdue first."""
    found = [
        Late(
            known.id,
            known.journey.organisation,
            _responsible(known),
            deadline,
            _days(deadline, day),
        )
        for known in journeys
        if known.journey.status in (Status.OPEN, Status.PAUSED)
        for deadline in overdue(
            deadlines(known.history.in_force, definition_of, is_working_day), day
        )
    ]
    return sorted(found, key=lambda one: (-one.days, one.journey, one.deadline.id))


def _responsible(known: Known) -> str | None:
    return known.journey.responsible.person if known.journey.responsible else None


def _days(deadline: Deadline, day: date) -> int:
    return (day - deadline.due).days if deadline.due else 0


_TELLING = 28
"""Of about so many entries is a journey that is worth telling."""


def most_telling(journeys: Iterable[Known]) -> Known | None:
    """Return a journey worth telling: of middling length, with all that makes work real.

    A fact put right, an entry recorded late, a handover, a pause; of two alike the first by id.
    """
    return max(journeys, key=lambda known: (_interest(known), known.id), default=None)


def _interest(known: Known) -> float:
    entries = known.history.entries
    kinds = {type(entry.event) for entry in entries}
    late = sum((entry.recorded_at.date() - entry.occurred_on).days >= 3 for entry in entries)
    points = (
        8 * _fact_put_right(known)
        + 8 * bool(kinds & {e.HandoverAccepted, e.JourneyResumed})
        + 4 * (late > 0)
        + 2 * (e.DecisionReviewed in kinds)
        + 2 * (e.JourneyClosed in kinds)
        + (e.PlacementStarted in kinds)
    )
    return points - abs(len(entries) - _TELLING) / 2


def _fact_put_right(known: Known) -> bool:
    return _first_put_right(known.history.entries) is not None


def _first_put_right(
    entries: Sequence[Entry[e.JourneyEvent]],
) -> Entry[e.JourneyEvent] | None:
    """Return the first correction of what the client told of the situation."""
    told = {x.version: x.event for x in entries if isinstance(x.event, e.IntakeInterviewHeld)}
    for entry in entries:
        event = entry.event
        if isinstance(event, e.EntryCorrected) and event.entry in told:
            said = event.event
            was = told[event.entry].situation
            if isinstance(said, e.IntakeInterviewHeld) and said.situation != was:
                return entry
    return None


def telling_day(entries: Sequence[Entry[e.JourneyEvent]]) -> date:
    """Return a day on which less was known than today: the last before a mistake was put right.

    Where no mistake was, the day on which the entry happened that was recorded latest.
    """
    correction = _first_put_right(entries)
    if correction is not None:
        before = [x for x in entries if x.recorded_at < correction.recorded_at]
        return before[-1].recorded_at.date()
    latest = max(entries, key=lambda x: (x.recorded_at.date() - x.occurred_on, x.version))
    return latest.occurred_on
