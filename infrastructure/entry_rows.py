"""Makes rows of the events table of what a command records; `row_reader` reads them.

The row is a plain tuple in the order of the table's columns.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from application.ports import Append
from domain.access import JourneyOpened
from domain.data_kinds import DataKind, data_kind, named_client
from domain.entry import Entry, Source
from domain.journey.events import EntryCorrected, EntryRetracted
from infrastructure.event_names import (
    EventNames,
    UnreadableEvent,
)
from infrastructure.kept_keys import KeyUse
from infrastructure.log_tables import Row
from infrastructure.sealing import (
    FieldOpener,
    FieldSealer,
    Sealing,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return an instant as whole microseconds since 1970 in UTC. Raises ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: say in which it is meant")
    return (moment - EPOCH) // MICROSECOND


def to_instant(micros: int) -> datetime:
    """Return the instant (UTC) of whole microseconds since 1970."""
    return EPOCH + micros * MICROSECOND


def recorded_at(position: int, micros: int) -> datetime:
    """Return when the entry of a position was recorded (UTC).

    Raises UnreadableEvent: SQLite holds anything in a column, so somebody may have put in a text.
    """
    try:
        return to_instant(micros)
    except (TypeError, ValueError, OverflowError) as error:
        said = f"position {position} of the log: when it was recorded is no instant"
        raise UnreadableEvent(said) from error


class StoredText(msgspec.Struct, frozen=True, gc=False):
    """The stored form of a personal text, as `domain.entry.Personal` has it: it can be sealed."""

    text: str | None
    sealed: str | None


class StoredSource(msgspec.Struct, frozen=True, gc=False):
    """The stored form of an entry's source; its claimed instant has a column of its own.

    Pinned by tests/golden/rows: what was stored stays readable for ever. Another form takes the
    next `v`, and the older ones are read as before.
    """

    v: int
    name: str
    digest: str
    table: str
    row: int
    record: StoredText


SOURCE_VERSION = 1

RECORD = "source.record"
"""The path of the record's id among the fields of an entry."""

_write_source = msgspec.json.Encoder().encode
_read_source = msgspec.json.Decoder(StoredSource).decode


def source_text(source: Source, seal: FieldSealer | None = None) -> str:
    """Return the stored form of a source; `seal` its record's id, which may point to a person."""
    record = StoredText(source.record, None)
    if seal is not None:
        record = StoredText(None, seal(RECORD, source.record))
    stored = StoredSource(
        SOURCE_VERSION, source.name, source.digest, source.table, source.row, record
    )
    return _write_source(stored).decode()


def to_source(text: str, claimed: int | None, open_: FieldOpener | None = None) -> Source:
    """Return the source of its stored form and the instant it claims.

    The record's id is empty where it is sealed, and `open_` does not open it.

    Raises ValueError for a form that cannot be read.
    """
    s = _read_source(text)
    if s.v != SOURCE_VERSION:
        raise ValueError(
            f"the form is of version {s.v}, and this program knows {SOURCE_VERSION}: "
            "use the program that wrote it"
        )
    at = None if claimed is None else to_instant(claimed)
    record = s.record.text
    if s.record.sealed is not None and open_ is not None:
        record = open_(RECORD, s.record.sealed)
    return Source(s.name, s.digest, s.table, s.row, record or "", at)


Body: TypeAlias = tuple[str, int, str, int | None, str | None, bytes]
"""What is known of a row before the log has given it a place."""


def bodies(append: Append, names: EventNames, sealing: Sealing | None = None) -> list[Body]:
    """Encode a command's events, and seal what is personal in them.

    The envelope has been checked (`check_envelope`). Raises UnknownEvent, UnstorableEvent or
    ValueError.
    """
    made = []
    for version, fresh in enumerate(append.events, append.expected_version + 1):
        seal = None if sealing is None else _sealer(sealing, version, fresh.event, append.speaks_of)
        stored = names.encode(fresh.event, seal)
        made.append(_body(*stored, fresh.occurred_on, fresh.source, seal))
    return made


REASON = "reason"
"""The path of why an entry is put right, or a journey opened, among the fields of an entry."""


def _sealer(sealing: Sealing, version: int, event: Any, speaks_of: str | None) -> FieldSealer:
    """Return what seals the fields of an event: its reason with the key of whom it speaks of."""
    use = _use(event)
    seal = sealing.fields(version, use)
    if speaks_of is None or not isinstance(event, EntryCorrected | EntryRetracted | JourneyOpened):
        return seal
    of_reason = sealing.fields(version, use._replace(about=speaks_of))
    return lambda path, text: (of_reason if path == REASON else seal)(path, text)


def _use(event: Any) -> KeyUse:
    """Return under which key an event is sealed: what is of no other kind tells of the course."""
    client = named_client(event)
    about = None if client is None else f"client:{client}"
    return KeyUse((data_kind(event) or DataKind.COURSE).value, about)


def check_envelope(append: Append) -> None:
    """Raise ValueError for what only one of the databases would take."""
    _check_text("stream", append.stream)
    _check_text("person", append.by.person)
    _check_text("organisation", append.by.organisation)
    _check_text("request", append.request)
    for name, text in (
        ("key", append.key),
        ("correlation", append.correlation),
        ("causation", append.causation),
    ):
        if text is not None:
            _check_text(name, text)


def _check_text(name: str, text: str) -> None:
    if not isinstance(text, str):
        raise ValueError(f"the command's {name} is {text!r}, which is not a text")  # noqa: TRY004
    if "\0" in text:
        raise ValueError(f"the command's {name} {text!r} has a NUL character: leave it out")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the command's {name} {text!r} has half a character: read it as UTF-8"
            ) from error


def _body(
    name: str,
    schema: int,
    body: bytes,
    day: date,
    source: Source | None,
    seal: FieldSealer | None,
) -> Body:
    if type(day) is not date:
        raise ValueError(f"{name} happened on {day!r}, which is not a day")
    if source is None:
        return (name, schema, day.isoformat(), None, None, body)
    claimed = None if source.recorded_at is None else to_micros(source.recorded_at)
    return (name, schema, day.isoformat(), claimed, source_text(source, seal), body)


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
