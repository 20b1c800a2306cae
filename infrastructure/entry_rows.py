"""Between entries and rows of the events table.

The row is a plain tuple in the order of the table's columns; this is the hot path of reading and
writing, so values that repeat (who, on which day) are made once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from application.ports import Append, NotReadable, Recorded, Unread
from domain.access import JourneyOpened
from domain.data_kinds import DataKind, data_kind, named_client
from domain.entry import By, Entry, Source
from domain.journey.events import EntryCorrected, EntryRetracted
from infrastructure.event_names import (
    EventNames,
    Opening,
    UnknownEvent,
    UnreadableEvent,
    UnreadableText,
)
from infrastructure.kept_keys import Key, KeyUse
from infrastructure.keys import Keys
from infrastructure.known import Known
from infrastructure.log_tables import Row
from infrastructure.sealing import (
    DoesNotOpen,
    FieldOpener,
    FieldSealer,
    Sealing,
    bound_to,
    opened,
)

SEALED = b'"sealed":"'
"""What is in every body with a sealed text in it."""
SEALED_TEXT = SEALED.decode()
"""What is in every source whose record is sealed."""
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


_days = Known(date.fromisoformat)
_who: Known[tuple[str, str], By] = Known(lambda pair: By(*pair))


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


class RowReader:
    """Reads rows of the events table as entries."""

    def __init__(self, names: EventNames, keys: Keys | None = None) -> None:
        """Take what decodes, and the keys that open; without them, what is sealed stays so."""
        self._names, self._keys = names, keys
        self._decoders: Known[tuple[str, int], tuple[Callable[[bytes], Any], Opening | None]]
        self._decoders = Known(self._decoder)

    def _decoder(self, shape: tuple[str, int]) -> tuple[Callable[[bytes], Any], Opening | None]:
        opening = None if self._keys is None else self._names.opening(*shape)
        return self._names.decoder(*shape), opening

    def recorded(self, rows: Sequence[Row]) -> Iterator[Recorded]:
        """Yield the rows' entries, each with its stream. Raises as `entries` does."""
        make = tuple.__new__
        for row, entry in zip(rows, self.entries(rows), strict=True):
            yield make(Recorded, (row[1], entry))

    def readable(self, rows: Sequence[Row], unread: Unread) -> Iterator[Recorded]:
        """Yield the entries that can be read, each with its stream; tell of the others.

        A text that does not open is told of by whoever asks for it.
        """
        done = 0
        while done < len(rows):
            try:
                for one in self.recorded(rows[done:]):
                    done += 1
                    yield one
            except NotReadable:
                unread(rows[done][0])
                done += 1

    def entries(
        self, rows: Sequence[Row], page: Collection[str] | None = None
    ) -> Iterator[Entry[Any]]:
        """Yield the rows' entries. Raises UnreadableEvent or UnknownEvent, saying where.

        `page` are the streams that are read one after the other, of which these rows are some: the
        keys of all of them are fetched at once. A text that does not open raises UnreadableText
        when it is asked for.
        """
        # Every entry that is ever read passes here, so: tuple.__new__, no call that can be saved,
        # and one entry at a time, because a list of them sets the garbage collector to work.
        make, decoders = tuple.__new__, self._decoders
        days, who, since, instant, keys = _days, _who, 0, EPOCH, self._keys
        try:
            for (
                position, stream, version, name, schema, day, micros, claimed, source,
                actor, organisation, correlation, causation, body,
            ) in rows:  # fmt: skip
                decode, opening = decoders[name, schema]
                if keys is not None and opening is not None and SEALED in body:
                    page = page or streams_of(rows)
                    event = opening(body, Opener(keys, page, stream, version, position))
                else:
                    event = decode(body)
                came_from = None
                if source is not None:
                    open_ = None
                    if keys is not None and SEALED_TEXT in source:
                        page = page or streams_of(rows)
                        open_ = Opener(keys, page, stream, version, position)
                    came_from = to_source(source, claimed, open_)
                if micros != since:  # entries that were stored together follow each other
                    since, instant = micros, EPOCH + micros * MICROSECOND
                yield make(Entry, (
                    version, event, days[day], instant, who[actor, organisation], came_from,
                    position, correlation, causation,
                ))  # fmt: skip
        except Exception:
            for row in rows:
                self._try(row)
            raise

    def _try(self, row: Row) -> None:
        position, stream, version, name, schema, day, micros, claimed, source, *_, body = row
        opens = None
        if self._keys is not None:
            opens = Opener(self._keys, {stream}, stream, version, position)
        where = _where(position, version, stream)
        try:
            self._names.decode(name, schema, body)
        except UnknownEvent as error:
            raise UnknownEvent(f"{where}: {error}") from error
        except UnreadableEvent as error:
            raise UnreadableEvent(f"{where}: {error}") from error
        opening = None if opens is None else self._names.opening(name, schema)
        if opening is not None and opens is not None:
            opening(bytes(body), opens)
        recorded_at(position, micros)
        try:
            date.fromisoformat(day)
            if source is not None:
                to_source(source, claimed, opens)
        except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
            raise UnreadableEvent(f"{where}: its day or source cannot be read: {error}") from error


def streams_of(rows: Iterable[Row]) -> frozenset[str]:
    """Return the streams that rows are of."""
    return frozenset([row[1] for row in rows])


class Opener:
    """Opens the fields of an entry; its key comes with those of the streams read with it."""

    __slots__ = ("_keys", "_place", "_streams")

    def __init__(
        self, keys: Keys, streams: Collection[str], stream: str, version: int, position: int
    ) -> None:
        self._keys, self._streams = keys, streams
        self._place = position, version, stream

    def __call__(self, path: str, form: str) -> str | None:
        """Return the text of a sealed form in a field; None where its key is destroyed.

        Raises UnreadableText, saying where, and UnusableMasterKey.
        """
        _, version, stream = self._place
        try:
            return opened(form, bound_to(stream, version) + path, self._key_of)
        except DoesNotOpen as error:
            raise UnreadableText(f"{_where(*self._place)}: {error}") from error

    def _key_of(self, key_id: bytes) -> Key | None:
        return self._keys.opening(key_id, self._streams)


def _where(position: int, version: int, stream: str) -> str:
    return f"position {position} of the log (version {version} of {stream})"
