"""A played log in the `eventsourcing` library, as its documentation would have it stored.

An event class for each of our kinds, with our fields and all that our envelope says: day, person,
organisation, source, correlation and causation; the instant is the library's own `timestamp`. Days,
values and nested events have transcodings with the JSONTranscoder, which gives lists for an event's
tuples and texts for its codes: that is left so, as it is the fastest. A value is stored with the
names of its fields, as Polku stores it and as the documentation shows it: a log that outlives its
program must be readable. Streams keep their ids as texts, so that no UUID is made of each; there is
no compressor and no cipher.

The documentation also shows mappers to write oneself, with other people's decoders. Measured is
what the library brings.

For the replay, events change their aggregate by `apply`, as the documentation has it, and what they
do is what they do in Polku: both sides end with the same journeys. The aggregate begins as an empty
one, which costs the library less than its own event of the beginning does.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from eventsourcing.application import Application
from eventsourcing.domain import (
    BaseAggregate,
    CanMutateAggregate,
    MetaDomainEvent,
)
from eventsourcing.persistence import JSONTranscoder, StoredEvent, Transcoding

from application.ports import Recorded
from domain.entry import Source
from domain.journey import events as e
from domain.journey.evolve import EVOLVED
from domain.journey.evolving.growing import Growing
from domain.journey.state import BEFORE, Journey
from infrastructure.registered_events import registered_events
from tests.performance.library import Reading, environment
from tests.performance.played import NotTheSame, recorded_in

NEVER = datetime(1970, 1, 1, tzinfo=UTC)

TOGETHER = 100
"""Events in one insert: with some thousands, the library's PostgreSQL module and the server wait
for each other for ever."""


class Told(NamedTuple):
    """What of an entry an event asks for, to do what it does."""

    version: int
    event: Any
    occurred_on: date


class History(BaseAggregate[str]):
    """The aggregate of every stream; the class of each kind of event is put here below.

    `growing` is the journey, which events change in place.
    """

    def begin(self, stream: str, timestamp: datetime) -> None:
        """Be the aggregate of a stream before its first event."""
        self.__base_init__(stream, 0, timestamp)
        self.growing = Growing(BEFORE)

    class Event(CanMutateAggregate[str], metaclass=MetaDomainEvent):
        """What is recorded of every event. Its metaclass makes frozen dataclasses."""

        originator_id: str
        originator_version: int
        timestamp: datetime
        on_day: date
        by_person: str
        by_organisation: str
        source: Source | None
        correlation: str | None
        causation: str | None

        def apply(self, aggregate: Any) -> None:
            """Change the journey as the event does in Polku."""
            entry = Told(self.originator_version, self, self.on_day)
            DOES[type(self)](aggregate.growing, self, entry)


def _event_class(ours: type[Any]) -> type[Any]:
    names = {
        "__module__": __name__,
        "__qualname__": f"{History.__name__}.{ours.__name__}",
        "__annotations__": get_type_hints(ours),
    }
    return MetaDomainEvent(ours.__name__, (History.Event,), names)


EVENTS = {ours: _event_class(ours) for ours in registered_events().shapes().values()}
for _ours, _theirs in EVENTS.items():
    setattr(History, _ours.__name__, _theirs)


BY_THEIR_CLASS = (
    *(e.EmploymentPeriodRecorded, e.UnemploymentPeriodRecorded, e.BenefitPeriodRecorded),
    *(e.GrantAwarded, e.GrantPaid, e.WageSubsidyGranted),
)
"""Events of which several do one thing, which asks for their class."""


def _does(ours: type[Any]) -> Callable[[Any, Any, Any], Any]:
    does, names = EVOLVED[ours], [field.name for field in fields(ours)]
    if ours not in BY_THEIR_CLASS:
        return does
    return lambda journey, event, entry: does(
        journey, ours(*(getattr(event, name) for name in names)), entry
    )


DOES = {EVENTS[ours]: _does(ours) for ours in EVOLVED}
"""What the library's events do to a journey."""


class Day(Transcoding):
    """A day as its ISO 8601 text."""

    type = date
    name = "date_iso"
    decode = staticmethod(date.fromisoformat)

    def encode(self, obj: date) -> str:
        return obj.isoformat()


class Value(Transcoding):
    """A value object, or an event within another, with the names of its fields."""

    def __init__(self, cls: type[Any]) -> None:
        self.type, self.name = cls, cls.__name__
        self._names = [field.name for field in fields(cls)]
        hints = get_type_hints(cls)
        self._lists = [name for name in self._names if _may_be_tuple(hints[name])]

    def encode(self, obj: Any) -> dict[str, Any]:
        return {name: getattr(obj, name) for name in self._names}

    def decode(self, data: dict[str, Any]) -> Any:
        for name in self._lists:
            if type(data[name]) is list:
                data[name] = tuple(data[name])
        return self.type(**data)


def _may_be_tuple(hint: Any) -> bool:
    return get_origin(hint) is tuple or any(_may_be_tuple(one) for one in get_args(hint))


def _values(hint: Any, seen: set[type[Any]]) -> None:
    """Find all dataclasses that a value of this type may hold."""
    if isinstance(hint, type) and is_dataclass(hint):
        if hint in seen:
            return
        seen.add(hint)
        inner: Iterable[Any] = get_type_hints(hint).values()
    else:
        inner = get_args(hint)
    for one in inner:
        _values(one, seen)


class Histories(Application[str]):
    """The application: what the documentation has an application register."""

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        transcoder.register(Day())
        values: set[type[Any]] = set()
        for ours in (Source, *EVENTS):
            _values(ours, values)
        for cls in values:
            transcoder.register(Value(cls))


def _theirs(recorded: Recorded) -> Any:
    entry = recorded.entry
    event = entry.event
    return EVENTS[type(event)](
        originator_id=recorded.stream,
        originator_version=entry.version,
        timestamp=entry.recorded_at,
        on_day=entry.occurred_on,
        by_person=entry.by.person,
        by_organisation=entry.by.organisation,
        source=entry.source,
        correlation=entry.correlation,
        causation=entry.causation,
        **{field.name: _said(event, field.name) for field in fields(event)},
    )


def _said(event: Any, name: str) -> Any:
    value = getattr(event, name)
    return list(value) if type(value) is tuple else value


class Played(Reading):
    """A played log, kept by the library's own module."""

    def __init__(self, app: Application[Any], kind: str) -> None:
        super().__init__(app, kind)
        self._grouped: dict[str, list[StoredEvent]] = {}

    def copy(self, source: str) -> None:
        """Store what the source holds, and compare all that is read back. Raises NotTheSame."""
        events = [_theirs(recorded) for recorded in recorded_in(source)]
        for first in range(0, len(events), TOGETHER):
            self.app.events.put(events[first : first + TOGETHER])
        read = [self.app.mapper.to_domain_event(stored) for stored in self._stored_events()]
        for mine, theirs in zip(events, read, strict=True):
            if mine != theirs:
                raise NotTheSame(f"{mine} was stored, {theirs} was read")

    def replay(self) -> int:
        """Turn stored events of journeys that are in memory into journeys."""
        return sum(history.version for history in self.histories())

    def histories(self) -> Iterator[History]:
        """Yield the aggregate of each journey, from stored events that are in memory."""
        to_event = self.app.mapper.to_domain_event
        for stream, mine in self._journeys().items():
            history = History.__new__(History)
            history.begin(stream, NEVER)
            for stored in mine:
                history = to_event(stored).mutate(history)
            yield history

    def journeys(self) -> dict[str, Journey]:
        """Return the journeys that a replay comes to."""
        return {history.id: history.growing.grown() for history in self.histories()}

    def _journeys(self) -> dict[str, list[StoredEvent]]:
        """Return the stored events of each journey, put together once."""
        if not self._grouped:
            for stored in self._stored_events():
                if str(stored.originator_id).startswith("journey:"):
                    self._grouped.setdefault(str(stored.originator_id), []).append(stored)
        return self._grouped


def played(where: dict[str, Any]) -> Played:
    """The library's own module, made ready for a played log."""
    env = environment(where, ORIGINATOR_ID_TYPE="text")
    return Played(Histories(env=env), where["kind"])
