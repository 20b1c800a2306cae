"""What an auditor looks for over all journeys: how often, where, how late, and which entries.

The log is read page by page, as it was recorded: what was retracted later is counted too. What is
kept meanwhile are counts, by organisation and by days, however large the log is. Deadlines are
computed of each journey for itself, as it stands now.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from application.accesses import OPENINGS, require_days
from application.audit.spread import Distribution, Tally
from application.journeys import rules_of
from application.of_whom import Read, beside_openings, besides_each
from application.office import KIND, Office, country_of, today_in
from application.plainly import worded
from application.ports import EventLog, Recorded
from application.questions import BadCursor
from application.views.caseload import clocks_of, deadlines_by
from domain.access import JourneyOpened
from domain.entry import By, Entry, Personal, event_name
from domain.journey.deadlines import Deadline
from domain.journey.events import EntryCorrected, EntryRetracted, PhaseEntered
from domain.journey.history import History, history_of, recorded_up_to


class OverviewKind(StrEnum):
    """What is looked for.

    Overridden requirements, journeys opened out of scope, what was recorded later than it happened,
    what was put right, and deadlines that were missed.
    """

    OVERRIDES = "overrides"
    OPENINGS = "openings"
    LATE = "late"
    CORRECTIONS = "corrections"
    MISSED_DEADLINES = "missed-deadlines"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that was looked for, or, of a missed deadline, the entry that opened it.

    `on` is the day it happened, or on which the deadline was due. `what` are codes: requirements
    overridden, the kind of what was corrected, the deadline's rule. `days` are those between the
    two clocks (in UTC), or by which a deadline was missed. `organisation` is that of who recorded
    it; of a deadline, the one responsible now. `after` is the cursor of what follows.
    """

    stream: str
    entry: int
    position: int
    on: date
    recorded_at: datetime
    by: By
    organisation: str
    what: tuple[str, ...]
    days: int | None
    reason: str
    after: str

    @property
    def journey(self) -> str:
        """The id of the journey that it is of."""
        return self.stream.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Window:
    """Days, both included, in UTC: of the recording, or on which deadlines were due; None: open.

    Looked through is the log as it was at a position (`head`); None: as it is now. Raises
    InvalidField for days in the wrong order.
    """

    since: date | None = None
    until: date | None = None
    head: int | None = None

    def __post_init__(self) -> None:
        """Check the order of the days."""
        require_days(self.since, self.until)

    def holds(self, day: date) -> bool:
        """Whether the day lies in the window."""
        return (self.since or date.min) <= day <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Overview:
    """Distributions: the first in all, then by organisation; and the first entries found."""

    distributions: tuple[Distribution, ...]
    entries: tuple[Found, ...]


class _Seen(NamedTuple):
    """One of those among which is looked: whether it was found, and what it says."""

    one: Found
    found: bool


def overview(
    office: Office,
    kind: OverviewKind,
    window: Window,
    *,
    first: int = 0,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Overview:
    """Return how what is looked for is spread, and the first entries of it."""
    total, places = Tally(), dict[str, Tally]()
    entries: list[Found] = []
    for seen in _looked_through(office, kind, window, None, on_progress):
        for tally in (total, places.setdefault(seen.one.organisation, Tally())):
            tally.add(seen.one.what, seen.one.days, found=seen.found)
        if seen.found and len(entries) < first:
            entries.append(seen.one)
    told = [places[name].told(name) for name in sorted(places)]
    return Overview((total.told(None), *told), tuple(entries))


def beside_found(office: Office, kind: OverviewKind, found: Iterable[Found]) -> list[Read]:
    """Return of whom else is read where these are shown, beside whose the journeys are."""
    match kind:
        case OverviewKind.OPENINGS:
            return beside_openings(office, ((one.journey, one.position) for one in found))
        case OverviewKind.MISSED_DEADLINES:
            return []
        case _:
            return besides_each(office, ((one.journey, one.entry) for one in found))


def entries_found(
    office: Office, kind: OverviewKind, window: Window, after: str | None = None
) -> Iterator[Found]:
    """Yield what is found, in order, behind a cursor. Raises BadCursor."""
    looked = _looked_through(office, kind, window, after, lambda _done, _all: None)
    return (seen.one for seen in looked if seen.found)


def _looked_through(
    office: Office,
    kind: OverviewKind,
    window: Window,
    after: str | None,
    on_progress: Callable[[int, int], None],
) -> Iterator[_Seen]:
    if kind is OverviewKind.MISSED_DEADLINES:
        return _deadlines(office, window, after, on_progress)
    return _recorded(office.log, _LOOKS[kind], window, after, on_progress)


# What was recorded: one way through the log


def _recorded(
    log: EventLog,
    look: Callable[[Recorded], _Seen | None],
    window: Window,
    after: str | None,
    on_progress: Callable[[int, int], None],
) -> Iterator[_Seen]:
    first, last = positions_within(log, window)
    if after is not None:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise BadCursor(after)
        first = max(first, int(after))
    for recorded in log.read(after=first, until=last):
        if recorded.entry.position % 1000 == 0:
            on_progress(recorded.entry.position - first, last - first)
        seen = look(recorded)
        if seen is not None:
            yield seen


def positions_within(log: EventLog, window: Window) -> tuple[int, int]:
    """Return after which position, and up to which, the log was recorded in the window."""
    newest = log.position() if window.head is None else window.head
    first = 0 if window.since is None else position_before(log, _midnight(window.since))
    if window.until is None or window.until == date.max:
        return first, newest
    return first, min(newest, position_before(log, _midnight(window.until + timedelta(days=1))))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def position_before(log: EventLog, instant: datetime) -> int:
    """Return the last position that was recorded before an instant; the clock runs one way."""
    low, high = 0, log.position()
    while low < high:
        middle = (low + high + 1) // 2
        one = next(iter(log.read(after=middle - 1, until=middle)), None)
        if one is not None and one.entry.recorded_at < instant:
            low = middle
        else:
            high = middle - 1
    return low


def _found(
    recorded: Recorded, *what: str, days: int | None = None, reason: Personal | str = ""
) -> Found:
    stream, entry = recorded
    return Found(
        stream,
        entry.version,
        entry.position,
        entry.occurred_on,
        entry.recorded_at,
        entry.by,
        entry.by.organisation,
        what,
        days,
        worded(reason),
        str(entry.position),
    )


def _overridden(recorded: Recorded) -> _Seen | None:
    event = recorded.entry.event
    if not isinstance(event, PhaseEntered):
        return None
    found = _found(recorded, *event.overridden, reason=event.reason)
    return _Seen(found, bool(event.overridden))


def _opened(recorded: Recorded) -> _Seen | None:
    event = recorded.entry.event
    if not recorded.stream.startswith(f"{OPENINGS}:") or not isinstance(event, JourneyOpened):
        return None
    return _Seen(_found(recorded, reason=event.reason), found=True)


def _late(recorded: Recorded) -> _Seen | None:
    if not recorded.stream.startswith(f"{KIND}:"):
        return None
    days = days_late(recorded.entry)
    kind = event_name(type(recorded.entry.event))
    return _Seen(_found(recorded, kind, days=days), days > 0)


def days_late(entry: Entry[object]) -> int:
    """Return the days from when an entry happened until it was known (UTC).

    What was recorded on the day itself is 0, also where the day is a later one in its place.
    """
    return max(0, (entry.known_at.astimezone(UTC).date() - entry.occurred_on).days)


def _corrected(recorded: Recorded) -> _Seen | None:
    if not recorded.stream.startswith(f"{KIND}:"):
        return None
    event = recorded.entry.event
    match event:
        case EntryCorrected():
            return _Seen(
                _found(recorded, event_name(type(event.event)), reason=event.reason), found=True
            )
        case EntryRetracted():
            return _Seen(_found(recorded, "entry-retracted", reason=event.reason), found=True)
        case _:
            return _Seen(_found(recorded), found=False)


_LOOKS: Mapping[OverviewKind, Callable[[Recorded], _Seen | None]] = {
    OverviewKind.OVERRIDES: _overridden,
    OverviewKind.OPENINGS: _opened,
    OverviewKind.LATE: _late,
    OverviewKind.CORRECTIONS: _corrected,
}


# Deadlines: journey by journey


def _deadlines(
    office: Office,
    window: Window,
    after: str | None,
    on_progress: Callable[[int, int], None],
) -> Iterator[_Seen]:
    begin, _, passed = (after or "").partition(" ")
    if after is not None and not (begin.startswith(f"{KIND}:") and passed):
        raise BadCursor(after)
    streams = [x for x in office.log.streams(f"{KIND}:") if x >= begin]
    for number, stream in enumerate(streams, 1):
        seen = _of_journey(office, stream, window)
        if stream == begin:
            known = list(seen)
            places = [x.one.after for x in known]
            seen = known[places.index(after) + 1 :] if after in places else known
        yield from seen
        on_progress(number, len(streams))


def _of_journey(office: Office, stream: str, window: Window) -> Iterable[_Seen]:
    history = recorded_up_to(history_of(office.log.load(stream)), window.head)
    known = deadlines_by(clocks_of(history, rules_of(office)), history)
    if not known:
        return
    today = today_in(office, country_of(office, history.journey.programme, history.in_force))
    for one in known:
        if one.due is not None and one.exempt is None and window.holds(one.due):
            yield _due(stream, history, one, today)


def _due(stream: str, history: History, one: Deadline, today: date) -> _Seen:
    due, entry = one.due or today, history.entries[one.opened_by - 1]
    ended, missed = one.met_on or one.lapsed_on or today, one.missed(today)
    found = Found(
        stream,
        entry.version,
        entry.position,
        due,
        entry.recorded_at,
        entry.by,
        history.journey.organisation,
        (one.rule,),
        (ended - due).days if missed else None,
        "",
        f"{stream} {one.id}",
    )
    return _Seen(found, missed)
