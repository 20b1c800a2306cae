"""Between entries and rows of the events table.

The row is a plain tuple in the order of the table's columns; this is the hot path of reading and
writing, so values that repeat (who, on which day, at which instant) are made once.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from application.ports import Append, Recorded
from domain.entry import By, Entry, Source
from infrastructure.event_names import EventNames, UnknownEvent, UnreadableEvent

Row: TypeAlias = tuple[Any, ...]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return an instant as whole microseconds since 1970 in UTC. Raises ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: say in which it is meant")
    return (moment - EPOCH) // MICROSECOND


@lru_cache(maxsize=4096)
def to_instant(micros: int) -> datetime:
    """Return the instant (UTC) of whole microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


@lru_cache(maxsize=16384)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=16384)
def _by(actor: str, organisation: str) -> By:
    return By(actor, organisation)


class StoredSource(msgspec.Struct, frozen=True):
    """The stored form of an entry's source; its claimed instant has a column of its own."""

    name: str
    digest: str
    table: str
    row: int
    record: str


_write_source = msgspec.json.Encoder().encode
_read_source = msgspec.json.Decoder(StoredSource).decode


def source_text(source: Source) -> str:
    """Return the stored form of a source."""
    stored = StoredSource(source.name, source.digest, source.table, source.row, source.record)
    return _write_source(stored).decode()


def to_source(text: str, claimed: int | None) -> Source:
    """Return the source of its stored form and the instant it claims."""
    s = _read_source(text)
    at = None if claimed is None else to_instant(claimed)
    return Source(s.name, s.digest, s.table, s.row, s.record, at)


Body: TypeAlias = tuple[str, int, str, int | None, str | None, bytes]
"""What is known of a row before the log has given it a place."""


def bodies(append: Append, names: EventNames) -> list[Body]:
    """Encode a command's events. Raises UnknownEvent, UnstorableEvent or ValueError."""
    return [
        _body(*names.encode(fresh.event), fresh.occurred_on, fresh.source)
        for fresh in append.events
    ]


def _body(name: str, schema: int, body: bytes, day: date, source: Source | None) -> Body:
    if type(day) is not date:
        raise ValueError(f"{name} happened on {day!r}, which is not a day")
    if source is None:
        return (name, schema, day.isoformat(), None, None, body)
    claimed = None if source.recorded_at is None else to_micros(source.recorded_at)
    return (name, schema, day.isoformat(), claimed, source_text(source), body)


def place(append: Append, made: list[Body], position: int, micros: int) -> list[Row]:
    """Return the rows of a command whose first event takes the position after `position`."""
    actor, organisation = append.by.person, append.by.organisation
    stream, version = append.stream, append.expected_version
    correlation, causation = append.correlation, append.causation
    return [
        (
            position + n, stream, version + n, name, schema, day, micros, claimed, source,
            actor, organisation, correlation, causation, body,
        )
        for n, (name, schema, day, claimed, source, body) in enumerate(made, 1)
    ]  # fmt: skip


def entries(append: Append, position: int, moment: datetime) -> tuple[Entry[Any], ...]:
    """Return the entries of a command whose first event takes the position after `position`."""
    version = append.expected_version
    return tuple(
        Entry(
            version + n, fresh.event, fresh.occurred_on, moment, append.by, fresh.source,
            position + n, append.correlation, append.causation,
        )
        for n, fresh in enumerate(append.events, 1)
    )  # fmt: skip


_make: Callable[..., Any] = tuple.__new__


def recorded(rows: Iterable[Row], names: EventNames) -> Iterator[Recorded]:
    """Read rows of the events table. Raises UnreadableEvent or UnknownEvent, saying where."""
    decoders: dict[tuple[str, int], Callable[[bytes], Any]] = {}
    for (
        position, stream, version, name, schema, day, micros, claimed, source,
        actor, organisation, correlation, causation, body,
    ) in rows:  # fmt: skip
        try:
            decode = decoders[name, schema]
        except KeyError:
            decode = decoders[name, schema] = _decoder(names, name, schema, position)
        try:
            event = decode(body)
        except Exception as error:
            raise UnreadableEvent(
                f"position {position} of the log ({name}.v{schema}, version {version} of "
                f"{stream}) cannot be read: {error}"
            ) from error
        # tuple.__new__ rather than the class: half the time, and this is every entry ever read
        yield _make(Recorded, (stream, _make(Entry, (
            version, event, _day(day), to_instant(micros), _by(actor, organisation),
            None if source is None else to_source(source, claimed),
            position, correlation, causation,
        ))))  # fmt: skip


def _decoder(names: EventNames, name: str, schema: int, position: int) -> Callable[[bytes], Any]:
    try:
        return names.decoder(name, schema)
    except UnknownEvent as error:
        raise UnknownEvent(f"position {position} of the log: {error}") from error
