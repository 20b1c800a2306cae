"""Entries as the eventsourcing library's stored events, with their envelope beside them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from application.ports import Append, Fresh
from domain.entry import Entry
from infrastructure.entry_rows import bodies, check_envelope, place
from infrastructure.event_names import EventNames
from infrastructure.key_rows import owner_of
from infrastructure.keys import Keys
from infrastructure.log_tables import Row
from infrastructure.registered_events import registered_events
from infrastructure.row_reader import RowReader
from infrastructure.sealing import Sealing

PLAIN = 0
"""The schema version of an event without an envelope."""


@dataclass(frozen=True)
class StoredEntry(StoredEvent):
    """A stored event with the envelope of an entry, in the form of the table's columns.

    `recorded_at` and `position` are the log's to give: they are 0 before it is stored.
    """

    schema_version: int
    occurred_on: str
    actor: str
    organisation: str
    source_recorded_at: int | None = None
    source: str | None = None
    correlation: str | None = None
    causation: str | None = None
    recorded_at: int = 0
    position: int = 0


def stored_row(stored: StoredEvent, position: int, micros: int) -> Row:
    """Return the row of a stored event at its place in the log."""
    place_and_name = (position, str(stored.originator_id), stored.originator_version, stored.topic)
    if not isinstance(stored, StoredEntry):
        return (*place_and_name, PLAIN, None, micros, *(None,) * 6, stored.state)
    return (
        *place_and_name,
        stored.schema_version,
        stored.occurred_on,
        micros,
        stored.source_recorded_at,
        stored.source,
        stored.actor,
        stored.organisation,
        stored.correlation,
        stored.causation,
        stored.state,
    )


def stored_event(row: Row, originator_id: UUID | str) -> StoredEvent:
    """Return the stored event of a row: a StoredEntry where it has an envelope."""
    position, _, version, name, schema, day, micros, claimed, source, *rest = row
    actor, organisation, correlation, causation, body = rest
    if schema == PLAIN:
        return StoredEvent(originator_id, version, name, bytes(body))
    return StoredEntry(
        originator_id=originator_id,
        originator_version=version,
        topic=name,
        state=bytes(body),
        schema_version=schema,
        occurred_on=day,
        actor=actor,
        organisation=organisation,
        source_recorded_at=claimed,
        source=source,
        correlation=correlation,
        causation=causation,
        recorded_at=micros,
        position=position,
    )


@dataclass(frozen=True)
class LoggedEntry:
    """An entry as the library's event store takes and gives it: with its stream."""

    originator_id: str
    entry: Entry[Any]

    @property
    def originator_version(self) -> int:
        """The entry's version."""
        return self.entry.version


class EntryMapper(Mapper[str]):
    """Maps entries to stored events under their stable names, and back to the present shape."""

    def __init__(
        self,
        transcoder: Transcoder | None = None,
        compressor: Any = None,
        cipher: Any = None,
        names: EventNames | None = None,
        keys: Keys | None = None,
    ) -> None:
        """Take the names of events, and the keys that seal and open what is personal in them.

        Without keys texts are stored as they are, and sealed ones stay so.
        """
        if compressor is not None or cipher is not None:
            raise ValueError(
                "entries are stored as plain JSON, their personal fields sealed one by one: "
                "leave COMPRESSOR_TOPIC and CIPHER_TOPIC unset"
            )
        super().__init__(transcoder)  # type: ignore[arg-type]  # nothing of it is used
        self._names = names or registered_events()
        self._keys = keys
        self._reader = RowReader(self._names, keys)

    def to_stored_event(self, domain_event: LoggedEntry) -> StoredEntry:  # type: ignore[override]
        """Return the stored form of an entry. Raises UnknownEvent or UnstorableEvent."""
        entry = domain_event.entry
        asked = Append(
            domain_event.originator_id,
            entry.version - 1,
            (Fresh(entry.event, entry.occurred_on, entry.source),),
            entry.by,
            correlation=entry.correlation,
            causation=entry.causation,
        )
        check_envelope(asked)
        owner, sealing = owner_of(asked.stream), None
        if self._keys is not None and owner is not None:
            sealing = Sealing(self._keys, owner, asked.stream, 0, is_new=False)
        (row,) = place(asked, bodies(asked, self._names, sealing), entry.position - 1, 0)
        if self._keys is not None and sealing is not None:
            self._keys.save(sealing.rows)  # before the entry: without its key nobody could read it
            sealing.stored()
        stored = stored_event(row, domain_event.originator_id)
        assert isinstance(stored, StoredEntry)  # noqa: S101 - for the type checker
        return stored

    def to_domain_event(self, stored_event: StoredEvent) -> LoggedEntry:
        """Return the entry of a stored event. Raises UnreadableEvent or UnknownEvent."""
        at = getattr(stored_event, "position", 0), getattr(stored_event, "recorded_at", 0)
        (read,) = self._reader.recorded([stored_row(stored_event, *at)])
        return LoggedEntry(read.stream, read.entry)
