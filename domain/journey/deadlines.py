"""Deadlines of a journey as values, computed from its entries whenever somebody asks.

A deadline of the definition opens each time one of its starting events happens, and is met by the
first of its ending events from that day on. In which order two of one day were written down says
nothing, but for an ending event that met another deadline of the rule already. Where both events
name a service, or both a placement, it must be the same one, unless the deadline asks for the next
to be proposed. Which version of the definition holds is what the journey was under when the
deadline opened: one that there is not, as of a journey that came from another system, opens none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from domain.calendar import IsWorkingDay, Span, add_span
from domain.definition import Definition, NoDefinition, Title
from domain.journey import events as e
from domain.journey.evolve import fold
from domain.journey.history import JourneyEntry, as_it_happened
from domain.journey.running import Opened, OpenedFrom, Running, opened_and_met
from domain.journey.state import Adjustment, Pause

DefinitionOf = Callable[[int], Definition]
"""Returns a version of the journey's definition. Raises NoDefinition."""

_PAUSING = (e.JourneyPaused, e.JourneyResumed, e.JourneyClosed)
_MOVING = frozenset({*_PAUSING, e.DeadlineExempted, e.DeadlineMoved})
_ALWAYS = frozenset(
    {*_MOVING, e.ReferralMade, e.ReferralDeclined, e.DefinitionAdopted, e.JourneyReopened}
)
"""What deadlines depend on whatever the definition says."""


class Instead(NamedTuple):
    """Another definition, by which deadlines open from a day on, whatever the journey is under."""

    definition: Definition
    since: date


class DeadlineStatus(StrEnum):
    """How a deadline stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met-late"
    EXEMPT = "exempt"
    STANDING = "standing"
    LAPSED = "lapsed"


class Deadline(NamedTuple):
    """One thing that is due; `id` is the rule and the entry that opened it, as "interview/2".

    `due` is the last day in time (included), None while a pause holds the clock. `lapsed_on` is
    the day the journey ended with the deadline still open; it can be met even then, as by a
    follow-up after the end.
    """

    id: str
    rule: str
    title: Title
    basis: str
    opened_by: int
    opened_on: date
    due: date | None
    met_by: int | None = None
    met_on: date | None = None
    exempt: Adjustment | None = None
    moved: Adjustment | None = None
    lapsed_on: date | None = None

    def status(self, day: date) -> DeadlineStatus:
        """Return how the deadline stands on the day, as far as the entries say."""
        if self.exempt is not None:
            return DeadlineStatus.EXEMPT
        if self.met_on is not None:
            late = self.due is not None and self.met_on > self.due
            return DeadlineStatus.MET_LATE if late else DeadlineStatus.MET
        if self.lapsed_on is not None:
            return DeadlineStatus.LAPSED
        if self.due is None:
            return DeadlineStatus.STANDING
        return DeadlineStatus.OVERDUE if day > self.due else DeadlineStatus.OPEN

    def missed(self, day: date) -> bool:
        """Whether its last day has passed by the day: met later, or open still, or at the end."""
        if self.exempt is not None or self.due is None:
            return False
        return (self.met_on or self.lapsed_on or day) > self.due


def deadlines(
    in_force: Iterable[JourneyEntry],
    definition_of: DefinitionOf,
    is_working_day: IsWorkingDay,
    instead: Instead | None = None,
) -> tuple[Deadline, ...]:
    """Return every deadline that the entries opened, in the order of opening."""
    entries = _that_matter(tuple(in_force), definition_of, instead)
    otherwise = instead and OpenedFrom(instead.since, instead.definition.opened)
    found = opened_and_met(entries, lambda under: _opened(under, definition_of), otherwise)
    journey = fold([x for x in entries if type(x.event) in _MOVING])
    adjusted = {a.deadline: a for a in journey.adjustments}
    return tuple(_dated(one, journey.pauses, adjusted, is_working_day) for one in found)


def kinds_that_matter(versions: Iterable[Definition]) -> frozenset[type]:
    """Return the kinds of events that the deadlines of the definitions depend on."""
    return _kinds(frozenset(version.timing for version in versions))


@lru_cache(maxsize=256)  # most journeys are under the same few versions
def _kinds(timings: frozenset[frozenset[str]]) -> frozenset[type]:
    return _ALWAYS | {e.KINDS[name] for timing in timings for name in timing}


def versions_named(in_force: Iterable[JourneyEntry]) -> list[int]:
    """Return the versions of its definition under which entries put the journey, in their order."""
    naming = [x.event for x in in_force if type(x.event) in e.VERSION_NAMING]
    return [event.definition_version for event in naming]  # type: ignore[union-attr]


def versions_there(versions: Iterable[int], definition_of: DefinitionOf) -> Iterator[Definition]:
    """Yield those versions of a definition that there are."""
    for version in versions:
        try:
            yield definition_of(version)
        except NoDefinition:
            continue


def overdue(all_deadlines: Iterable[Deadline], day: date) -> tuple[Deadline, ...]:
    """Return the deadlines that are overdue on the day."""
    return tuple(d for d in all_deadlines if d.status(day) is DeadlineStatus.OVERDUE)


def _that_matter(
    in_force: Sequence[JourneyEntry], definition_of: DefinitionOf, instead: Instead | None
) -> list[JourneyEntry]:
    """Return the entries that deadlines depend on, as they happened; a few of many."""
    versions = set(versions_named(in_force))
    others = () if instead is None else (instead.definition,)
    kinds = kinds_that_matter((*versions_there(versions, definition_of), *others))
    return as_it_happened([x for x in in_force if type(x.event) in kinds])


def _opened(version: int, definition_of: DefinitionOf) -> Opened:
    return next((d.opened for d in versions_there((version,), definition_of)), {})


def _dated(
    one: Running,
    pauses: tuple[Pause, ...],
    adjusted: Mapping[str, Adjustment],
    is_working_day: IsWorkingDay,
) -> Deadline:
    rule, id_ = one.rule, f"{one.rule.id}/{one.opened_by}"
    rests = pauses if rule.pausable else ()
    adjustment = adjusted.get(id_)
    moved = adjustment if adjustment is not None and adjustment.due is not None else None
    if moved is None or moved.due is None:
        due = due_day(one.opened_on, rule.span, rests, is_working_day)
    else:
        due = _moved_day(moved, moved.due, rests, is_working_day)
    return Deadline(
        id_,
        rule.id,
        rule.title,
        rule.basis,
        one.opened_by,
        one.opened_on,
        due,
        one.met_by,
        one.met_on,
        exempt=adjustment if moved is None else None,
        moved=moved,
        lapsed_on=one.lapsed_on,
    )


def _moved_day(
    moved: Adjustment, due: date, pauses: tuple[Pause, ...], is_working_day: IsWorkingDay
) -> date | None:
    """Return the last day in time of a deadline that was moved to a day; None if the clock stands.

    Who moved it within a pause meant the day as it is: that pause puts it off only as far as the
    day the journey goes on. A pause that began afterwards holds the clock as it does any other.
    """
    within = [p for p in pauses if _is_within(p, moved)]
    since = moved.on
    for pause in within:
        if pause.end is None:
            return None
        since, due = max(since, pause.end), max(due, pause.end)
    ahead = Span(max(0, (due - since).days), "days")
    return due_day(min(since, due), ahead, pauses, is_working_day)


def _is_within(pause: Pause, moved: Adjustment) -> bool:
    begun = (pause.start, pause.entry) < (moved.on, moved.entry)
    return begun and (pause.end is None or pause.end > moved.on)


def due_day(
    opened_on: date, span: Span, pauses: tuple[Pause, ...], is_working_day: IsWorkingDay
) -> date | None:
    """Return the last day in time, with the clock standing still in pauses; None if it stands.

    A pause stops the clock from its first day until the day the journey goes on (not included).
    No day in time lies within one: what would be due there is due on the day it goes on.
    """
    if not pauses:
        return add_span(opened_on, span, is_working_day)
    rests = sorted((p.start, p.end) for p in pauses if p.end is not None)

    def counts(day: date) -> bool:
        return is_working_day(day) and not any(start <= day < end for start, end in rests)

    due = add_span(opened_on, span, counts)
    if span.unit != "working-days":
        reached = opened_on + timedelta(days=1)
        for start, end in rests:
            if start <= due and end > reached:  # a day in two pauses rests once
                due += end - max(start, reached)
                reached = end
    for start, end in rests:  # only what is due on the very day it opened lies in one still
        due = end if start <= due < end else due
    stopped = any(p.end is None and p.start <= due for p in pauses)
    return None if stopped else due
