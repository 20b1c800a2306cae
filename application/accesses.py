"""What an audit asks of accesses: who read what, and who opened a journey out of scope, and why.

A worker may open a journey that is out of scope, with a reason ("break the glass"), and may read
it until the end of the next day where the programme is run: long enough for an evening's duty and
the morning after, too short to become a habit. It is an entry of the stream `access:<journey>`.

Readings are entries of streams `readings:<day>-<spool>`, many in one: each process of a server
notes its readings in spools, and each spool has its stream.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from application.acts import named
from application.journey_clients import client_of
from application.journeys import history
from application.office import KIND, Office, journey_of, today_in
from application.permissions import Denied, NotAllowed, may_do
from application.ports import Append, EventLog, Receipt
from application.programmes import NotPublished
from application.same_person import others_of
from application.scope import Scope, keys_of, may_see
from application.transact import Asked, Leaning, Streams, append_of, digest_of, transact
from application.views.readings import key_of
from domain.access import (
    NEVER_OPENED,
    Answered,
    JourneyOpened,
    Openings,
    Reading,
    ReadingsRecorded,
    Subject,
    fold,
    open_out_of_scope,
)
from domain.entry import By, Entry, Personal
from domain.journey.state import Journey
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said

OPENINGS, READINGS = "access", "readings"
"""The kinds of the streams of openings (by journey) and of readings (by spool)."""

LookUp = Callable[[str], Iterable[int]]
"""Finds the positions of the entries that have readings under a key (`Views.readings`)."""

RECORDER = By("polku", "polku")
"""Who records readings: the program itself."""

OPEN_FOR = timedelta(days=1)
"""How long after the day of the opening a journey may be read."""


def open_journey(
    office: Office,
    scope: Scope,
    journey: str,
    reason: Personal,
    *,
    key: str | None = None,
    correlation: str | None = None,
) -> Receipt:
    """Open a journey out of scope for the person who asks; nothing where it is open already.

    Raises NotAllowed, UnknownJourney, IllegalTransition where it is in scope anyway or its client
    was erased, InvalidField without a reason, KeyReused.
    """
    if not may_do(scope.role, "break-glass"):
        raise NotAllowed(Denied.ROLE)
    found = history(office, journey).journey
    if may_see(replace(scope, opened=frozenset()), keys_of(journey, found)):
        raise IllegalTransition(
            state=said("the journey is in your scope"),
            act=said("open it out of scope"),
            missing=said("just read it"),
        )
    by = By(scope.person, scope.organisation)
    asked = Asked(by, _day_at(office, journey, found), key=key, correlation=correlation)
    return record_opening(office, journey, reason, asked)


def record_opening(office: Office, journey: str, reason: Personal, asked: Asked) -> Receipt:
    """Record that a person opens a journey out of scope.

    The day asked for is today's where the programme is run. Raises InvalidField without a reason,
    and IllegalTransition where the client was erased: the reason would be readable for ever.
    """
    return transact(
        Streams(office.log, NEVER_OPENED, _extended),
        named(OPENINGS, journey),
        lambda state: open_out_of_scope(
            state, by=asked.by, journey=journey, reason=reason, until=asked.on + OPEN_FOR
        ),
        asked,
        digest_of("open-journey", journey, asked.by, reason),
        leans=partial(_on_client, office, journey),
        speaks_of=partial(_of_client, office, journey),
    )


def opening_append(
    office: Office, journey: str, client: str, reason: Personal, asked: Asked
) -> tuple[Append, ...]:
    """Return what records that a person makes a journey for a client out of scope, and why.

    It is recorded together with the referral, so that no reason is left of one that never was:
    nobody would find it when the client is erased. Nothing where the journey is open already.
    """
    stream = named(OPENINGS, journey)
    state = fold(office.log.load(stream))
    opened = open_out_of_scope(
        state, by=asked.by, journey=journey, reason=reason, until=asked.on + OPEN_FOR
    )
    speaks_of = named("client", client)
    return (append_of(stream, state, opened, asked, "", speaks_of=speaks_of),) if opened else ()


def _of_client(office: Office, journey: str, *_: Any) -> str | None:
    client = client_of(office, journey)
    return named("client", client) if client else None


def _on_client(office: Office, journey: str, _: Openings, events: tuple[Any, ...]) -> Leaning:
    client = client_of(office, journey)
    if not events or not client:
        return ()
    stream = named("client", client)
    state = office.clients.newest(stream)
    if state.keeping.erased:
        raise IllegalTransition(
            state=said("the data of client {client} was erased", client=client),
            act=said("open it out of scope"),
            missing=said("leave the history as it is"),
        )
    return ((stream, state.version),)


def has_opened(log: EventLog, scope: Scope, journey: str, day: date) -> bool:
    """Whether the person has opened the journey out of scope and may still read it on the day."""
    opened = fold(log.load(named(OPENINGS, journey)))
    return opened.open_for(By(scope.person, scope.organisation), day)


def with_opened(office: Office, scope: Scope, journey_id: str, journey: Journey) -> Scope:
    """Return the scope with the journey in it where the person has opened it and may still read it.

    The log is asked only where the journey is not in scope otherwise.
    """
    if not may_do(scope.role, "break-glass") or may_see(scope, keys_of(journey_id, journey)):
        return scope
    if not has_opened(office.log, scope, journey_id, _day_at(office, journey_id, journey)):
        return scope
    return replace(scope, opened=scope.opened | {journey_id})


def today_at(office: Office, journey: Journey) -> date:
    """Return which day it is where the journey's programme is run; in UTC where nobody knows it."""
    return _today_under(office, journey.programme, journey.definition_version)


def _day_at(office: Office, journey_id: str, journey: Journey) -> date:
    """Return the same, of a journey whose referral was retracted by what it was referred to.

    So what was opened is closed at the same hour, whatever was retracted meanwhile.
    """
    if journey.programme:
        return today_at(office, journey)
    under = journey_of(office.histories.newest(named(KIND, journey_id)))
    return _today_under(office, *(under or ("", 0)))


def _today_under(office: Office, programme: str, version: int) -> date:
    try:
        country = office.programmes.definition(programme, version).country if programme else ""
    except NotPublished:  # brought in from another system
        country = ""
    return today_in(office, country)


def _extended(openings: Openings, entries: Iterable[Entry[Any]]) -> Openings:
    return fold(entries, openings)


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening of a journey out of scope, as an audit reads it; `position` is its place."""

    position: int
    journey: str
    by: By
    reason: Personal
    on: date
    until: date
    recorded_at: datetime


def openings(
    log: EventLog,
    *,
    journey: str | None = None,
    person: str | None = None,
    head: int | None = None,
) -> Iterator[Opened]:
    """Yield the openings of a journey, of a person, or all, by journey and in the order made.

    `head`: those that the log had at this position, however far it has come since.
    """
    prefix = f"{OPENINGS}:"
    streams = log.streams(prefix) if journey is None else [named(OPENINGS, journey)]
    for stream in streams:
        for entry in log.load(stream):
            event = entry.event
            if head is not None and entry.position > head:
                break
            if isinstance(event, JourneyOpened) and person in {None, entry.by.person}:
                yield Opened(
                    entry.position,
                    event.journey,
                    entry.by,
                    event.reason,
                    entry.occurred_on,
                    event.until,
                    entry.recorded_at,
                )


def readings_stream(spool: str) -> str:
    """Return the stream of the readings of a spool, whose name begins with its day (UTC)."""
    return f"{READINGS}:{spool}"


def require_days(since: date | None, until: date | None) -> None:
    """Raise InvalidField for days that end before they begin: that nothing was found says less."""
    if since is not None and until is not None and until < since:
        before = said("{end} lies before the start, {start}", end=until, start=since)
        raise InvalidField("until", before)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readings are wanted; None: no matter.

    `since` and `until` are days (UTC) of the readings, both included. `also` are other ids of the
    client, whose readings are wanted as well. Raises InvalidField for days in the wrong order.
    """

    client: str | None = None
    journey: str | None = None
    person: str | None = None
    organisation: str | None = None
    since: date | None = None
    until: date | None = None
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the order of the days."""
        require_days(self.since, self.until)

    @property
    def clients(self) -> tuple[str, ...]:
        """The ids of the client whose readings are wanted; none where it is no matter."""
        return () if self.client is None else (self.client, *self.also)

    def keys(self) -> tuple[str, ...]:
        """Return the keys to look under that have the fewest; none where only days are wanted."""
        if self.clients:
            return tuple(key_of("client", client) for client in self.clients)
        for of in ("journey", "person", "organisation"):
            value: str | None = getattr(self, of)
            if value is not None:
                return (key_of(of, value),)
        return ()

    def of(self, answer: Answered) -> Iterator[Reading]:
        """Yield those of an answer's readings that are wanted."""
        asked = {None, answer.person}, {None, answer.organisation}
        day, first, last = answer.at.date(), self.since or date.min, self.until or date.max
        if self.person in asked[0] and self.organisation in asked[1] and first <= day <= last:
            for subject in answer.read:
                if self._is_of(subject):
                    yield answer.reading(subject)

    def _is_of(self, subject: Subject) -> bool:
        whose = not self.clients or subject.client in self.clients
        return whose and self.journey in (None, subject.journey)


EVERY = Wanted()


def of_person(office: Office, wanted: Wanted) -> Wanted:
    """Return what is wanted with all ids of the client, where the client has several by now."""
    if wanted.client is None:
        return wanted
    return replace(wanted, also=others_of(office.clients, wanted.client))


def readings(
    log: EventLog,
    wanted: Wanted = EVERY,
    look_up: LookUp | None = None,
    *,
    persons: Collection[str] | None = None,
    head: int | None = None,
) -> Iterator[Reading]:
    """Yield recorded readings.

    Where `look_up` is given, and somebody's are wanted, only the entries that have them are read,
    in the log's order; else all, day by day, those of one server process after another's.
    `persons`: those by one of them alone. `head`: those that the log had at this position, however
    far it has come since.
    """
    keys = wanted.keys() if persons is None else [key_of("person", one) for one in persons]
    if look_up is None or (persons is None and not keys):
        found = _all(log, wanted)
    else:
        found = _at(log, sorted({place for key in keys for place in look_up(key)}), wanted.since)
    for entry in found:
        if head is None or entry.position <= head:
            for answer in entry.event.answers:
                if persons is None or answer.person in persons:
                    yield from wanted.of(answer)


def _at(
    log: EventLog, positions: Sequence[int], since: date | None
) -> Iterator[Entry[ReadingsRecorded]]:
    """Yield the entries at these positions but those of days before: what they tell is older."""

    def recorded(position: int) -> date:
        return next(_entries(log, position)).recorded_at.date()

    first = 0 if since is None else bisect_left(positions, since, key=recorded)
    for position in positions[first:]:
        yield from _entries(log, position)


def _entries(log: EventLog, position: int) -> Iterator[Entry[ReadingsRecorded]]:
    return (entry for _, entry in log.read(after=position - 1, until=position))


def _all(log: EventLog, wanted: Wanted) -> Iterator[Entry[ReadingsRecorded]]:
    for stream in log.streams(f"{READINGS}:"):
        begun = date.fromisoformat(stream.removeprefix(f"{READINGS}:")[:10])
        # What was asked just before midnight may be noted in the first spool of the day after.
        if begun - timedelta(days=1) <= (wanted.until or date.max):
            yield from log.load(stream)
