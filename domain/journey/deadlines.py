"""Deadlines of a journey as values, computed from its entries whenever somebody asks.

A deadline of the definition opens each time one of its starting events happens, and is met by the
first of its ending events from that day on. In which order two of one day were written down says
nothing, but for an ending event that met another deadline of the rule already. Where both events
name a service, or both a placement, it must be the same one, unless the deadline asks for the next
to be proposed. Which version of the definition holds is what the journey was under when the
deadline opened: one that there is not, as of a journey that came from another system, opens none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from domain.calendar import IsWorkingDay, Span, add_span
from domain.definition import FOLLOW_UP_CALENDAR, DeadlineRule, Definition, NoDefinition, Title
from domain.journey import events as e
from domain.journey.evolve import fold
from domain.journey.history import JourneyEntry, as_it_happened
from domain.journey.state import Adjustment, Pause

DefinitionOf = Callable[[int], Definition]
"""Returns a version of the journey's definition. Raises NoDefinition."""

Named: TypeAlias = tuple[str, str] | None

_Opened: TypeAlias = Mapping[str, tuple[DeadlineRule, ...]]
"""What may fall due from an event on, by the event's name."""

_PAUSING = (e.JourneyPaused, e.JourneyResumed, e.JourneyClosed)
_MOVING = frozenset({*_PAUSING, e.DeadlineExempted, e.DeadlineMoved})
_ALWAYS = frozenset(
    {*_MOVING, e.ReferralMade, e.ReferralDeclined, e.DefinitionAdopted, e.JourneyReopened}
)
"""What deadlines depend on whatever the definition says."""
_ENDING = frozenset({e.JourneyClosed, e.ReferralDeclined})
_PROPOSING = frozenset({e.ServiceProposed, e.PlacementProposed})
_NAMES = {kind: name for name, kind in e.KINDS.items()}


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
    found = _opened_and_met(entries, definition_of, instead)
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


@dataclass(slots=True)
class _Running:
    """A deadline while the entries are gone through: what it is about, and what became of it."""

    rule: DeadlineRule
    opened_by: int
    opened_on: date
    about: Named
    met_by: int | None = None
    met_on: date | None = None
    lapsed_on: date | None = None


def _that_matter(
    in_force: Sequence[JourneyEntry], definition_of: DefinitionOf, instead: Instead | None
) -> list[JourneyEntry]:
    """Return the entries that deadlines depend on, as they happened; a few of many."""
    versions = set(versions_named(in_force))
    others = () if instead is None else (instead.definition,)
    kinds = kinds_that_matter((*versions_there(versions, definition_of), *others))
    return as_it_happened([x for x in in_force if type(x.event) in kinds])


def _opened_and_met(
    entries: Sequence[JourneyEntry], definition_of: DefinitionOf, instead: Instead | None
) -> list[_Running]:
    opened = _first_opened(entries, definition_of)
    found: list[_Running] = []
    day, told = date.min, _Told()
    for entry in entries:
        if entry.occurred_on != day:
            day, told = entry.occurred_on, _Told()
        event = entry.event
        kind = type(event)
        name = _NAMES[kind]
        if kind in e.VERSION_NAMING:
            opened = _opened(event.definition_version, definition_of)  # type: ignore[union-attr]
        if found:
            _meet_or_lapse(found, entry, name)
        holds = opened
        if instead is not None and entry.occurred_on >= instead.since:
            holds = instead.definition.opened
        about = _named(event, name)
        opening = holds.get(name, ())
        new = [_Running(rule, entry.version, entry.occurred_on, about) for rule in opening]
        if new:
            could = told.that_could_meet(new, about)
            if could:
                _meet_by_earlier(new, found, could)
            found.extend(new)
        if kind not in _ENDING:
            told.add(entry, name, about)
    return found


class _Told:
    """What was told of a day so far, but for the end: by its name, and what it is about.

    So however much is told of one day, no deadline that opens looks through all of it.
    """

    def __init__(self) -> None:
        self._by: dict[str, dict[Named, list[JourneyEntry]]] = {}

    def add(self, entry: JourneyEntry, name: str, about: Named) -> None:
        self._by.setdefault(name, {}).setdefault(about, []).append(entry)

    def that_could_meet(self, new: Iterable[_Running], about: Named) -> list[JourneyEntry]:
        """Return what could meet deadlines that open, all about the same, as it was written down.

        A service that was proposed and completed on one day was not proposed next.
        """
        ends = {name for one in new for name in one.rule.ends} & self._by.keys()
        some = [x for name in ends for few in self._of(name, about) for x in few]
        return sorted(some, key=attrgetter("version"))

    def _of(self, name: str, about: Named) -> Iterable[list[JourneyEntry]]:
        told = self._by[name]
        if about is None:
            return told.values()
        if e.KINDS[name] in _PROPOSING:
            return [some for other, some in told.items() if other != about]
        if about[0] != _about_what(name):
            return told.values()
        return [told[one] for one in (about, None) if one in told]


def _meet_by_earlier(
    new: Sequence[_Running], found: Iterable[_Running], could: Iterable[JourneyEntry]
) -> None:
    """Meet deadlines that open by what happened on the same day and was written down before."""
    used, waiting = _used_up(found), new
    for entry in could:
        name = _NAMES[type(entry.event)]
        fit = [
            one
            for one in waiting
            if name in one.rule.ends and (_whose(one.rule), entry.version) not in used
        ]
        if fit:
            _meet(fit, entry, name)
            waiting = [one for one in waiting if one.met_on is None]
            if not waiting:
                break


def _used_up(found: Iterable[_Running]) -> set[tuple[str, int]]:
    """Return which entries meet no other deadline of a rule, as they met one opened before them.

    That is one of an earlier day, whenever it was recorded, or written down before on their own.
    """
    return {
        (_whose(one.rule), one.met_by)
        for one in found
        if one.met_by is not None
        and (
            one.rule.basis == FOLLOW_UP_CALENDAR
            or one.opened_on != one.met_on
            or one.opened_by < one.met_by
        )
    }


def _whose(rule: DeadlineRule) -> str:
    """Return of which deadlines an entry meets one alone: of a rule, or of the calendar."""
    return FOLLOW_UP_CALENDAR if rule.basis == FOLLOW_UP_CALENDAR else rule.id


def _first_opened(entries: Sequence[JourneyEntry], definition_of: DefinitionOf) -> _Opened:
    # A referral that is dated after what followed it opens deadlines all the same.
    for entry in entries:
        if isinstance(entry.event, e.ReferralMade):
            return _opened(entry.event.definition_version, definition_of)
    return {}


def _opened(version: int, definition_of: DefinitionOf) -> _Opened:
    return next((d.opened for d in versions_there((version,), definition_of)), {})


def _meet_or_lapse(found: list[_Running], entry: JourneyEntry, name: str) -> None:
    kind = type(entry.event)
    if kind is e.JourneyReopened:
        for one in found:
            one.lapsed_on = None
    open_ = [one for one in found if one.met_on is None]
    ended = [one for one in open_ if name in one.rule.ends]
    if ended:
        _meet(ended, entry, name)
    if kind in _ENDING:
        for one in open_:
            if one.met_on is None and one.lapsed_on is None:
                one.lapsed_on = entry.occurred_on


def _meet(open_: Sequence[_Running], entry: JourneyEntry, name: str) -> None:
    same = None if type(entry.event) in _PROPOSING else _named(entry.event, name)
    ended = [one for one in open_ if not _differ(same, one.about)]
    points = [one for one in ended if one.rule.basis == FOLLOW_UP_CALENDAR]
    next_point = _next(points, entry.event) if points else None
    for one in ended:
        if one.rule.basis == FOLLOW_UP_CALENDAR and one is not next_point:
            continue  # one meeting meets one point of the calendar: the earliest that it can
        one.met_by, one.met_on = entry.version, entry.occurred_on


def _next(points: Sequence[_Running], event: e.JourneyEvent) -> _Running | None:
    point = event.point if isinstance(event, e.FollowUpHeld) else None
    held = [one for one in points if point in (None, one.rule.id)]
    return min(held, key=_roughly_due, default=None)


def _roughly_due(one: _Running) -> date:
    return add_span(one.opened_on, one.rule.span, _every_day)


def _every_day(_day: date) -> bool:
    return True


def _named(event: e.JourneyEvent, name: str) -> Named:
    """Return which service or which placement an event is about, None where about neither."""
    reference: str | None = getattr(event, "reference", None)
    if reference is None:
        return None
    return _about_what(name), reference


def _about_what(name: str) -> str:
    """Return whether an event that names what it is about, names a service or a placement."""
    return "service" if name.startswith(("service-", "attendance-")) else "placement"


def _differ(one: Named, other: Named) -> bool:
    return one is not None and other is not None and one[0] == other[0] and one != other


def _dated(
    one: _Running,
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
        ahead = Span(max(0, (moved.due - moved.on).days), "days")
        due = due_day(min(moved.on, moved.due), ahead, rests, is_working_day)
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


def due_day(
    opened_on: date, span: Span, pauses: tuple[Pause, ...], is_working_day: IsWorkingDay
) -> date | None:
    """Return the last day in time, with the clock standing still in pauses; None if it stands.

    A pause stops the clock from its first day until the day the journey goes on (not included).
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
    stopped = any(p.end is None and p.start <= due for p in pauses)
    return None if stopped else due
