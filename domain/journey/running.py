"""Deadlines while a journey's entries are gone through: which open, and what meets or ends them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from domain.calendar import add_span
from domain.definition import FOLLOW_UP_CALENDAR, DeadlineRule
from domain.journey import events as e
from domain.journey.history import JourneyEntry

Named: TypeAlias = tuple[str, str] | None

Opened: TypeAlias = Mapping[str, tuple[DeadlineRule, ...]]
"""What may fall due from an event on, by the event's name."""

_ENDING = frozenset({e.JourneyClosed, e.ReferralDeclined})
_PROPOSING = frozenset({e.ServiceProposed, e.PlacementProposed})
_NAMES = {kind: name for name, kind in e.KINDS.items()}


class OpenedFrom(NamedTuple):
    """What falls due from a day on, whatever version of its definition the journey is under."""

    day: date
    opened: Opened


@dataclass(slots=True)
class Running:
    """A deadline while the entries are gone through: what it is about, and what became of it."""

    rule: DeadlineRule
    opened_by: int
    opened_on: date
    about: Named
    met_by: int | None = None
    met_on: date | None = None
    lapsed_on: date | None = None


def opened_and_met(
    entries: Sequence[JourneyEntry],
    opened_under: Callable[[int], Opened],
    instead: OpenedFrom | None,
) -> list[Running]:
    """Return the deadlines that entries opened, in the order of opening, and what met them.

    The entries come as they happened. `opened_under` tells what falls due under a version of the
    journey's definition.
    """
    opened, after = _first_opened(entries, opened_under), _referred_after_adopting(entries)
    found: list[Running] = []
    day, told = date.min, _OfTheDay()
    for entry in entries:
        if entry.occurred_on != day:
            day, told = entry.occurred_on, _OfTheDay()
        event = entry.event
        kind = type(event)
        name = _NAMES[kind]
        if kind in e.VERSION_NAMING and entry is not after:
            opened = opened_under(event.definition_version)  # type: ignore[union-attr]
        if found:
            _meet_or_lapse(found, entry, name)
        holds = opened
        if instead is not None and entry.occurred_on >= instead.day:
            holds = instead.opened
        about = _named(event, name)
        opening = holds.get(name, ())
        new = [Running(rule, entry.version, entry.occurred_on, about) for rule in opening]
        if new:
            could = told.that_could_meet(new, about)
            if could:
                _meet_by_earlier(new, found, could)
            found.extend(new)
        if kind not in _ENDING:
            told.add(entry, name, about)
    return found


class _OfTheDay:
    """What was told of a day so far, but for the end: by its name, and what it is about.

    So however much is told of one day, no deadline that opens looks through all of it.
    """

    def __init__(self) -> None:
        self._by: dict[str, dict[Named, list[JourneyEntry]]] = {}

    def add(self, entry: JourneyEntry, name: str, about: Named) -> None:
        self._by.setdefault(name, {}).setdefault(about, []).append(entry)

    def that_could_meet(self, new: Iterable[Running], about: Named) -> list[JourneyEntry]:
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
    new: Sequence[Running], found: Iterable[Running], could: Iterable[JourneyEntry]
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


def _used_up(found: Iterable[Running]) -> set[tuple[str, int]]:
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


def _first_opened(entries: Sequence[JourneyEntry], opened_under: Callable[[int], Opened]) -> Opened:
    # A referral that is dated after what followed it opens deadlines all the same.
    for entry in entries:
        if isinstance(entry.event, e.ReferralMade):
            return opened_under(entry.event.definition_version)
    return {}


def _referred_after_adopting(entries: Iterable[JourneyEntry]) -> JourneyEntry | None:
    """Return what opened the journey, where a version was adopted before its day: that stands."""
    adopted = False
    for entry in entries:
        if isinstance(entry.event, e.ReferralMade):
            return entry if adopted and entry.version == 1 else None
        if isinstance(entry.event, e.DefinitionAdopted):
            adopted = adopted or bool(entry.event.definition_version)
    return None


def _meet_or_lapse(found: list[Running], entry: JourneyEntry, name: str) -> None:
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


def _meet(open_: Sequence[Running], entry: JourneyEntry, name: str) -> None:
    same = None if type(entry.event) in _PROPOSING else _named(entry.event, name)
    ended = [one for one in open_ if not _differ(same, one.about)]
    points = [one for one in ended if one.rule.basis == FOLLOW_UP_CALENDAR]
    next_point = _next(points, entry.event) if points else None
    for one in ended:
        if one.rule.basis == FOLLOW_UP_CALENDAR and one is not next_point:
            continue  # one meeting meets one point of the calendar: the earliest that it can
        one.met_by, one.met_on = entry.version, entry.occurred_on


def _next(points: Sequence[Running], event: e.JourneyEvent) -> Running | None:
    point = event.point if isinstance(event, e.FollowUpHeld) else None
    held = [one for one in points if point in (None, one.rule.id)]
    return min(held, key=_roughly_due, default=None)


def _roughly_due(one: Running) -> date:
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
