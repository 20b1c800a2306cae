"""Rows of the log as the archive's tables: all entries, revisions, and one for each event.

A correction has its row in the table of the event that it says should have been, beside the row of
the entry as it was recorded. Which of them counts is asked when the archive is read, because it
depends on what was known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, select

from application.evaluation.tables import EVENTS, RECORDED, event_classes, table_name
from domain.journey.events import EntryCorrected, EntryRetracted
from infrastructure.archive_columns import days, form_of
from infrastructure.archive_unreadable import WRONG, Rows, tell_where
from infrastructure.entry_rows import StoredSource
from infrastructure.event_names import EventNames
from infrastructure.log_statements import ONE, Statements, json_list
from infrastructure.log_tables import ENTRY, events

INSTANT = pa.timestamp("us")
_ARROW = {
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": INSTANT,
    "BOOLEAN": pa.bool_(),
}
SCHEMAS = {
    table.name: pa.schema([(column.name, _ARROW[column.type]) for column in table.columns])
    for table in RECORDED
}
CLASSES = {cls: kind for kind in EVENTS for cls in event_classes(kind)}
"""The classes of events that have a table, each with the kind of its stream."""

NO_ENVELOPE = 0
"""The shape of what another program stored in the log: it has no fields that Polku knows."""

Ask = Callable[[str, dict[str, Any]], Rows]
"""Asks the database, as `infrastructure.database.Database.rows` does."""


class _Nested(msgspec.Struct, gc=False):
    name: str
    schema: int
    body: msgspec.Raw


class _Corrected(msgspec.Struct, gc=False):
    entry: int
    event: _Nested
    occurred_on: str


class _Retracted(msgspec.Struct, gc=False):
    entry: int


_corrected = msgspec.json.Decoder(_Corrected).decode
_retracted = msgspec.json.Decoder(_Retracted).decode
_source = msgspec.json.Decoder(StoredSource).decode


class Revision(NamedTuple):
    """What a correction or retraction says; `row` is its place among the rows."""

    row: int
    entry: int
    said: _Corrected | None


class Group(NamedTuple):
    """Rows of one stored shape: their places, their bodies, and what corrections say otherwise."""

    rows: list[int]
    bodies: list[bytes]
    revised: list[Revision]


class Columns(NamedTuple):
    """A page of rows as `ArchiveStatements.page` gives them, column by column."""

    position: Sequence[int]
    stream: Sequence[str]
    version: Sequence[int]
    name: Sequence[str]
    schema: Sequence[int]
    occurred_on: Sequence[str]
    recorded_at: Sequence[int]
    source_recorded_at: Sequence[int | None]
    source: Sequence[str | None]
    actor: Sequence[str]
    organisation: Sequence[str]
    body: Sequence[bytes]


class ArchiveStatements:
    """What the archive asks the log."""

    def __init__(self, *, is_sqlite: bool) -> None:
        statements = Statements(is_sqlite=is_sqlite)
        asked = [column for column in ENTRY if column.name not in ("correlation", "causation")]
        e = events.c
        self.page = statements.text(
            select(*asked)
            .where(e.position > bindparam("after"), e.position <= bindparam("until"))
            .order_by(e.position)
        )
        streams = e.stream.in_(select(statements.each("streams").c.value))
        self.begun = statements.text(select(e.stream, e.position).where(streams, e.version == ONE))
        self.whole = statements.text(
            select(e.stream, e.version, e.position, e.name, e.recorded_at, e.source_recorded_at)
            .where(streams)
            .order_by(e.stream, e.version)
        )


class ArchiveTables:
    """Makes tables of rows; for those that follow each other it knows where streams begin."""

    def __init__(self, names: EventNames, ask: Ask, statements: ArchiveStatements) -> None:
        self._names, self._ask, self._statements = names, ask, statements
        self._begun: dict[str, int] = {}
        self._revising = {
            names.shape_of(EntryCorrected).name: True,
            names.shape_of(EntryRetracted).name: False,
        }

    def made(self, rows: Rows) -> dict[str, pa.Table]:
        """Return the tables of rows as `ArchiveStatements.page` gives them, by name.

        Raises UnknownEvent or UnreadableEvent, saying where.
        """
        try:
            return self._made(rows)
        except WRONG:
            tell_where(rows, self._made, self._names)
            raise

    def _made(self, rows: Rows) -> dict[str, pa.Table]:
        columns = _columns(rows)
        groups, revisions = self._grouped(columns)
        entries = self._entries(columns, revisions)
        made = {"entries": entries}
        if revisions:
            made["revisions"] = self._revisions(rows, entries, revisions)
        found: dict[str, list[pa.Table]] = defaultdict(list)
        own = _own(entries)
        for (name, schema), group in groups.items():
            cls = self._names.class_of(name)
            if cls in CLASSES:
                found[table_name(cls)].append(self._events(cls, schema, group, own))
        return made | {name: _in_order(some) for name, some in found.items()}

    def _grouped(self, columns: Columns) -> tuple[Mapping[tuple[str, int], Group], list[Revision]]:
        bodies = columns.body
        places: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place, kind in enumerate(zip(columns.name, columns.schema, strict=True)):
            places[kind].append(place)
        groups: dict[tuple[str, int], Group] = defaultdict(lambda: Group([], [], []))
        revisions: list[Revision] = []
        for (name, schema), some in places.items():
            if name in self._revising:
                self._names.decoder(name, schema)  # raises where a newer program wrote it
                revisions += [self._revision(place, name, bodies[place]) for place in some]
            elif schema != NO_ENVELOPE:
                groups[name, schema] = Group(some, [bodies[place] for place in some], [])
        revisions.sort(key=attrgetter("row"))
        for revision in revisions:
            said = revision.said
            if said is not None and said.event.name not in self._revising:
                groups[said.event.name, said.event.schema].revised.append(revision)
        return groups, revisions

    def _revision(self, place: int, name: str, body: bytes) -> Revision:
        if not self._revising[name]:
            return Revision(place, _retracted(body).entry, None)
        said = _corrected(body)
        return Revision(place, said.entry, said)

    def _entries(self, of: Columns, revisions: Iterable[Revision]) -> pa.Table:
        """Return the table of all entries."""
        rows = len(of.position)
        revises: list[int | None] = [None] * rows
        retracts: list[bool | None] = [None] * rows
        for place, entry, said in revisions:
            revises[place], retracts[place] = entry, said is None
        stored_at = pa.array(of.recorded_at, pa.int64()).cast(INSTANT)
        claims = pa.array(of.source_recorded_at, pa.int64()).cast(INSTANT)
        columns = [
            pa.array(self._keys(of), pa.int64()),
            pa.array(of.stream, pa.string()),
            pa.array(of.version, pa.int64()),
            pa.array(of.position, pa.int64()),
            pa.array(of.name, pa.string()),
            days(of.occurred_on),
            stored_at,
            pc.coalesce(claims, stored_at),
            pc.is_valid(claims),
            pa.array(of.actor, pa.string()),
            pa.array(of.organisation, pa.string()),
            pa.array([source and _source(source).name for source in of.source], pa.string()),
            pa.array(revises, pa.int64()),
            pa.array(retracts, pa.bool_()),
        ]
        return pa.Table.from_arrays(columns, schema=SCHEMAS["entries"])

    def _keys(self, of: Columns) -> list[int]:
        """Return the position at which each stream began."""
        begun, streams = self._begun, of.stream
        first = [version == 1 for version in of.version]
        begun.update(zip(compress(streams, first), compress(of.position, first), strict=True))
        try:
            return [*map(begun.__getitem__, streams)]
        except KeyError:
            unknown = sorted(set(streams) - begun.keys())
            begun.update(self._ask(self._statements.begun, {"streams": json_list(unknown)}))
            return [*map(begun.__getitem__, streams)]

    def _revisions(self, rows: Rows, entries: pa.Table, revisions: Sequence[Revision]) -> pa.Table:
        """Return the table of corrections and retractions, with what is known of their entries."""
        of = sorted({rows[revision.row][1] for revision in revisions})
        found = self._ask(self._statements.whole, {"streams": json_list(of)})
        known = {(stream, version): rest for stream, version, *rest in found}
        none = (None, None, None, None)
        told = [known.get((rows[r.row][1], r.entry), none) for r in revisions]
        said = [revision.said for revision in revisions]
        places = pa.array([revision.row for revision in revisions], pa.int64())
        own = entries.select(["key", "stream", "version", "position", "known_at"]).take(places)
        columns = [
            own["key"],
            _subject(own["stream"]),
            own["version"],
            own["position"],
            own["known_at"],
            pa.array([revision.entry for revision in revisions], pa.int64()),
            pa.array([position for position, *_ in told], pa.int64()),
            pa.array([at if claim is None else claim for *_, at, claim in told], pa.int64()).cast(
                INSTANT
            ),
            pa.array([name for _, name, *_ in told], pa.string()),
            pa.array([one is None for one in said], pa.bool_()),
            pa.array([one.event.name if one else None for one in said], pa.string()),
            days([one.occurred_on if one else None for one in said]),
        ]
        return pa.Table.from_arrays(columns, schema=SCHEMAS["revisions"])

    def _events(self, cls: Any, schema: int, group: Group, page: pa.Table) -> pa.Table:
        """Return the rows of one stored shape in the table of its class."""
        form = form_of(cls)
        said = [revision.said for revision in group.revised if revision.said]
        places = pa.array(group.rows + [revision.row for revision in group.revised], pa.int64())
        own = page.take(places)
        bodies = group.bodies + [bytes(one.event.body) for one in said]
        revised = pa.array([revision.entry for revision in group.revised], pa.int64())
        on, native = days([one.occurred_on for one in said]), len(group.rows)
        columns = [
            own["key"],
            own["subject"],
            own["version"],
            _then(own["version"], native, revised),
            own["position"],
            _then(own["occurred_on"], native, on),
            own["known_at"],
            *form.columns(self._present(cls, schema, bodies)),
        ]
        return pa.Table.from_arrays(columns, schema=event_schema(cls))

    def _present(self, cls: type[Any], schema: int, bodies: list[bytes]) -> list[bytes]:
        """Return bodies in the present shape of their class."""
        name, latest = self._names.shape_of(cls)
        if schema == latest:
            return bodies
        encode = self._names.codec(cls).encode
        return [encode(self._names.decode(name, schema, body)) for body in bodies]


def event_schema(cls: Any) -> pa.Schema:
    """Return the columns of the table of a class of events."""
    own = [
        ("key", pa.int64()),
        (CLASSES[cls], pa.string()),
        ("version", pa.int64()),
        ("entry", pa.int64()),
        ("position", pa.int64()),
        ("occurred_on", pa.date32()),
        ("known_at", INSTANT),
    ]
    return pa.schema([*own, *form_of(cls).schema])


def _columns(rows: Rows) -> Columns:
    # Column by column it is quicker than to zip so many rows.
    return Columns(*([*map(itemgetter(n), rows)] for n in range(len(Columns._fields))))


def _own(entries: pa.Table) -> pa.Table:
    """Return what event tables have of their entries."""
    own = entries.select(["key", "version", "position", "occurred_on", "known_at"])
    return own.append_column("subject", _subject(entries["stream"]))


def _subject(streams: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the ids of streams without their kind."""
    return pc.replace_substring_regex(streams, "^[a-z]+:", "")


def _then(own: pa.ChunkedArray, native: int, other: pa.Array) -> pa.ChunkedArray:
    """Return the first values of a column, and others after them."""
    if not len(other):
        return own
    return pa.chunked_array([*own.slice(0, native).chunks, other], own.type)


def _in_order(some: Sequence[pa.Table]) -> pa.Table:
    """Return one table of several, in the order of the log."""
    table = pa.concat_tables(some)
    positions = table["position"]
    if len(some) == 1 and _rises(positions):
        return table
    return table.sort_by("position")


def _rises(positions: pa.ChunkedArray) -> bool:
    falls = pc.less_equal(positions.slice(1), positions.slice(0, max(len(positions) - 1, 0)))
    return not pc.any(falls).as_py()
