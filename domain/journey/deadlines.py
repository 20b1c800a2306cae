"""Deadlines of a journey as values, computed from its entries whenever somebody asks.

A deadline of the definition opens each time one of its starting events happens, and is met by the
first of its ending events from that day on. Where both events name a service, or both a placement,
it must be the same one, unless the deadline asks for the next to be proposed. Which version of the
definition holds is what the journey was under when the deadline opened.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from domain.calendar import IsWorkingDay, Span, add_span
from domain.definition import DeadlineRule, Definition, Title
from domain.entry import event_name
from domain.journey import events as e
from domain.journey.evolve import fold
from domain.journey.history import JourneyEntry, as_it_happened
from domain.journey.state import Adjustment, Pause

DefinitionOf = Callable[[int], Definition]
Named: TypeAlias = tuple[str, str] | None

FOLLOW_UP_CALENDAR = "follow-up calendar"
"""The basis of what is due by the follow-up calendar of a definition."""


_PAUSING = (e.JourneyPaused, e.JourneyResumed, e.JourneyClosed)
_MOVING = (*_PAUSING, e.DeadlineExempted, e.DeadlineMoved)


_ALWAYS = frozenset(
    {*_MOVING, e.ReferralMade, e.ReferralDeclined, e.DefinitionAdopted, e.JourneyReopened}
)
"""What deadlines depend on whatever the definition says."""


class DeadlineStatus(StrEnum):
    """How a deadline stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met-late"
    EXEMPT = "exempt"
    STANDING = "standing"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Deadline:
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


def deadlines(
    in_force: Iterable[JourneyEntry], definition_of: DefinitionOf, is_working_day: IsWorkingDay
) -> tuple[Deadline, ...]:
    """Return every deadline that the entries opened, in the order of opening."""
    entries = as_it_happened(in_force)
    found = _opened_and_met(entries, definition_of)
    journey = fold(x for x in entries if isinstance(x.event, _MOVING))
    adjusted = {a.deadline: a for a in journey.adjustments}
    return tuple(
        _dated(deadline, rule, journey.pauses, adjusted.get(deadline.id), is_working_day)
        for deadline, rule in found
    )


def kinds_that_matter(versions: Iterable[Definition]) -> frozenset[type]:
    """Return the kinds of events that the deadlines of the definitions depend on."""
    rules = [rule for version in versions for rule in rules_of(version)]
    return _ALWAYS | {e.KINDS[name] for rule in rules for name in (*rule.starts, *rule.ends)}


def overdue(all_deadlines: Iterable[Deadline], day: date) -> tuple[Deadline, ...]:
    """Return the deadlines that are overdue on the day."""
    return tuple(d for d in all_deadlines if d.status(day) is DeadlineStatus.OVERDUE)


def _opened_and_met(
    entries: Sequence[JourneyEntry], definition_of: DefinitionOf
) -> list[tuple[Deadline, DeadlineRule]]:
    rules = _first_rules(entries, definition_of)
    found: list[tuple[Deadline, DeadlineRule]] = []
    named: list[Named] = []
    for entry in entries:
        event, name = entry.event, event_name(type(entry.event))
        match event:
            case e.ReferralMade() | e.DefinitionAdopted():
                rules = rules_of(definition_of(event.definition_version))
            case e.JourneyClosed() | e.ReferralDeclined():
                _meet(found, named, entry, name)
                found = [(_lapse(d, entry.occurred_on), r) for d, r in found]
            case e.JourneyReopened():
                found = [(replace(d, lapsed_on=None), r) for d, r in found]
                _meet(found, named, entry, name)
            case _:
                _meet(found, named, entry, name)
        for rule in rules:
            if name in rule.starts:
                found.append((_open(rule, entry), rule))
                named.append(_named(event))
    return found


def _first_rules(
    entries: Sequence[JourneyEntry], definition_of: DefinitionOf
) -> tuple[DeadlineRule, ...]:
    # A referral that is dated after what followed it opens deadlines all the same.
    for entry in entries:
        if isinstance(entry.event, e.ReferralMade):
            return rules_of(definition_of(entry.event.definition_version))
    return ()


def rules_of(definition: Definition) -> tuple[DeadlineRule, ...]:
    """Return the deadlines of a definition, those of its follow-up calendar among them."""
    points = tuple(
        DeadlineRule(p.id, p.title, p.span, (p.after,), ("follow-up-held",), FOLLOW_UP_CALENDAR)
        for p in definition.follow_up
    )
    return (*definition.deadlines, *points)


def _open(rule: DeadlineRule, entry: JourneyEntry) -> Deadline:
    return Deadline(
        f"{rule.id}/{entry.version}",
        rule.id,
        rule.title,
        rule.basis,
        entry.version,
        entry.occurred_on,
        None,
    )


def _meet(
    found: list[tuple[Deadline, DeadlineRule]],
    named: list[Named],
    entry: JourneyEntry,
    name: str,
) -> None:
    proposed = isinstance(entry.event, e.ServiceProposed | e.PlacementProposed)
    same = None if proposed else _named(entry.event)
    point = entry.event.point if isinstance(entry.event, e.FollowUpHeld) else None
    ended = [
        index
        for index, (deadline, rule) in enumerate(found)
        if name in rule.ends and not deadline.met_on and not _differ(same, named[index])
    ]
    points = [i for i in ended if found[i][1].basis == FOLLOW_UP_CALENDAR]
    held = [i for i in points if point in (None, found[i][1].id)]
    one = min(held, key=lambda i: _roughly_due(*found[i]), default=None)
    for index in ended:
        if index in points and index != one:
            continue  # one meeting meets one point of the calendar: the earliest that it can
        deadline, rule = found[index]
        found[index] = (replace(deadline, met_by=entry.version, met_on=entry.occurred_on), rule)


def _roughly_due(deadline: Deadline, rule: DeadlineRule) -> date:
    return add_span(deadline.opened_on, rule.span, lambda _: True)


def _named(event: e.JourneyEvent) -> Named:
    """Return which service or which placement an event is about, None where about neither."""
    reference: str | None = getattr(event, "reference", None)
    if reference is None:
        return None
    of_service = event_name(type(event)).startswith(("service-", "attendance-"))
    return ("service" if of_service else "placement"), reference


def _differ(one: Named, other: Named) -> bool:
    return one is not None and other is not None and one[0] == other[0] and one != other


def _lapse(deadline: Deadline, day: date) -> Deadline:
    return deadline if deadline.met_on else replace(deadline, lapsed_on=day)


def _dated(
    deadline: Deadline,
    rule: DeadlineRule,
    pauses: tuple[Pause, ...],
    adjustment: Adjustment | None,
    is_working_day: IsWorkingDay,
) -> Deadline:
    rests = pauses if rule.pausable else ()
    due = due_day(deadline.opened_on, rule.span, rests, is_working_day)
    if adjustment is None:
        return replace(deadline, due=due)
    if adjustment.due is None:
        return replace(deadline, due=due, exempt=adjustment)
    ahead = Span(max(0, (adjustment.due - adjustment.on).days), "days")
    since = min(adjustment.on, adjustment.due)
    return replace(deadline, due=due_day(since, ahead, rests, is_working_day), moved=adjustment)


def due_day(
    opened_on: date, span: Span, pauses: tuple[Pause, ...], is_working_day: IsWorkingDay
) -> date | None:
    """Return the last day in time, with the clock standing still in pauses; None if it stands.

    A pause stops the clock from its first day until the day the journey goes on (not included).
    """
    rests = sorted((p.start, p.end) for p in pauses if p.end is not None)

    def counts(day: date) -> bool:
        return is_working_day(day) and not any(start <= day < end for start, end in rests)

    due = add_span(opened_on, span, counts)
    if span.unit != "working-days":
        next_day = opened_on + timedelta(days=1)
        for start, end in rests:
            if start <= due:
                due += max(timedelta(0), end - max(start, next_day))
    stopped = any(p.end is None and p.start <= due for p in pauses)
    return None if stopped else due
