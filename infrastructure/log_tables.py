"""The tables, and the few statements that are hot, written once for both databases."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.expression import Executable, FromClause

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("stream", Text(collation="C").with_variant(Text, "sqlite"), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("occurred_on", Text),
    Column("recorded_at", BigInteger, nullable=False),
    Column("source_recorded_at", BigInteger),
    Column("source", Text),
    Column("actor", Text),
    Column("organisation", Text),
    Column("correlation", Text),
    Column("causation", Text),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version", name="events_stream_version"),
)
"""Everything that was recorded. Instants are whole microseconds since 1970 in UTC, days are
ISO 8601 texts: both sort alike on both databases. `schema_version` 0 marks an event that another
program stored through the eventsourcing library's own interface, without an envelope."""

keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("first_version", BigInteger, nullable=False),
    Column("last_version", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
"""What was answered under a key. Where a command recorded nothing, `first_version` is one above
`last_version`."""

client_keys = Table(
    "client_keys",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wrapped", LargeBinary),
    Column("master", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("destroyed_at", BigInteger),
    Index("client_keys_owner", "owner"),
    Index("client_keys_master", "master"),
    Index("client_keys_destroyed", "destroyed_at"),
    info={"since": "0004"},
)
"""The keys that personal data is sealed with, by the stream that it is in (`owner`) and the kind of
data, wrapped by the `master` key of that id. A destroyed key has nothing wrapped any more. Besides
the views this is the only table whose rows change. The last index has destroyed ones alone, as the
step that makes it says: to hear it here SQLAlchemy would load what it knows of every database."""

tracking = Table(
    "tracking",
    metadata,
    Column("application", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""How far a follower of some log has come."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("purpose", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""A cache of folded states, kept for the eventsourcing library; may be emptied at any time."""

projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("shape", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("building", Integer),
    Column("building_position", BigInteger),
    Column("retired", Integer),
    Column("runner", Text),
    Column("updated_at", BigInteger, nullable=False),
    info={"since": "0002"},
)
"""Where each view stands: the generation of its tables that is read (0: there is none yet), the
shape of their rows, the position up to which the log has been followed; and the generations that
are being built beside it, or wait to be dropped."""

set_aside = Table(
    "projections_set_aside",
    metadata,
    Column("view", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    info={"since": "0002"},
)
"""Owners whose rows a view could not make, and which are as they were before."""

ENTRY = (
    events.c.position,
    events.c.stream,
    events.c.version,
    events.c.name,
    events.c.schema_version,
    events.c.occurred_on,
    events.c.recorded_at,
    events.c.source_recorded_at,
    events.c.source,
    events.c.actor,
    events.c.organisation,
    events.c.correlation,
    events.c.causation,
    events.c.body,
)

ONE: ColumnElement[int] = literal_column("1")
NONE: ColumnElement[int] = literal_column("0")

LOG_LOCK: Final = 0x706F6C6B75
"""The number of PostgreSQL's advisory lock under which positions are given."""

CHANNEL: Final = "polku_log"
"""Where PostgreSQL says that something was recorded."""


def _after_in_stream() -> ColumnElement[Any]:
    return tuple_(bindparam("stream", type_=Text), bindparam("version", type_=BigInteger))


def sql_of(*, is_sqlite: bool) -> Any:
    """Return how SQLAlchemy says things to a database; the other's way is not waited for."""
    if is_sqlite:
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - one of them

        return sqlite
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - or the other

    return postgresql


class Statements:
    """The log's statements as texts of one database's driver, with named parameters."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._sql = sql_of(is_sqlite=is_sqlite)
        self._dialect = self._sql.dialect(paramstyle="named" if is_sqlite else "pyformat")
        self.begin = (
            "BEGIN IMMEDIATE"
            if is_sqlite
            else f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({LOG_LOCK})"
        )
        self.commit = "COMMIT" if is_sqlite else f"NOTIFY {CHANNEL}; COMMIT"
        self.head = self.text(
            select(events.c.position, events.c.recorded_at)
            .order_by(events.c.position.desc())
            .limit(ONE)
            .offset(NONE)
        )
        self.heads = self.text(self._heads())
        self.known_keys = self.text(
            select(keys).where(keys.c.key.in_(select(self.each("keys").c.value)))
        )
        self.known_key = self.text(select(keys).where(keys.c.key == bindparam("key")))
        self.load = self.text(
            select(*ENTRY)
            .where(events.c.stream == bindparam("stream"), events.c.version > bindparam("after"))
            .order_by(events.c.version)
        )
        self.page = self.text(
            select(*ENTRY)
            .where(events.c.position > bindparam("after"), events.c.position <= bindparam("until"))
            .order_by(events.c.position)
            .limit(bindparam("limit"))
            .offset(NONE)
        )
        self.streams = self.text(
            select(events.c.stream)
            .where(events.c.stream >= bindparam("since"), events.c.stream < bindparam("until"))
            .where(events.c.version == ONE)
            .order_by(events.c.stream)
        )
        self.load_many = self.text(
            select(*ENTRY)
            .where(events.c.stream.in_(select(self.each("streams").c.value)))
            .order_by(events.c.stream, events.c.version)
        )
        self.load_many_after = self.text(self._load_many_after())
        self.by_stream = self.text(
            select(*ENTRY)
            .where(tuple_(events.c.stream, events.c.version) > _after_in_stream())
            .where(events.c.stream < bindparam("until"), events.c.position <= bindparam("head"))
            .order_by(events.c.stream, events.c.version)
            .limit(bindparam("limit"))
            .offset(NONE)
        )
        self.further = self.text(
            select(events.c.stream)
            .where(tuple_(events.c.stream, events.c.version) > _after_in_stream())
            .where(events.c.stream < bindparam("until"))
            .order_by(events.c.stream, events.c.version)
            .limit(ONE)
            .offset(bindparam("skip"))
        )
        self.touched = self.text(
            select(events.c.stream).where(events.c.position > bindparam("after")).distinct()
        )
        self.track = self.text(self._track())
        self.insert_events = self._insert_many(events)
        self.insert_keys = self._insert_many(keys)
        self.destroyed = self.text(select(func.max(client_keys.c.destroyed_at)))
        self.insert_client_keys = self._insert_many(client_keys)
        self.insert_client_key = self._insert_one(client_keys)
        self.insert_event = self._insert_one(events)
        self.insert_key = self._insert_one(keys)

    def text(self, statement: Executable) -> str:
        """Return a statement as a text of the driver's, with named parameters."""
        return str(statement.compile(dialect=self._dialect))  # type: ignore[attr-defined]

    def each(self, name: str) -> FromClause:
        """Give the texts of a JSON list as rows, so that a statement has one form."""
        if self._is_sqlite:
            return func.json_each(bindparam(name)).table_valued("value", name=f"each_{name}")
        values = func.json_array_elements_text(cast(bindparam(name), JSON))
        return values.table_valued("value", name=f"each_{name}").render_derived()

    def _load_many_after(self) -> Any:
        """Ask for the entries of many streams, each above the version that a JSON object names."""
        each = func.json_each if self._is_sqlite else func.json_each_text
        of = bindparam("after") if self._is_sqlite else cast(bindparam("after"), JSON)
        asked = each(of).table_valued("key", "value", name="each_after")
        if not self._is_sqlite:
            asked = asked.render_derived()
        return (
            select(*ENTRY)
            .select_from(asked.join(events, events.c.stream == asked.c.key))
            .where(events.c.version > cast(asked.c.value, BigInteger))
            .order_by(events.c.stream, events.c.version)
        )

    def each_text(self, name: str) -> str:
        """Return a sub-query that gives the texts of a JSON list, for a statement in words."""
        if self._is_sqlite:
            return f"SELECT value FROM json_each(:{name})"  # noqa: S608 - our own names
        return f"SELECT json_array_elements_text(CAST(:{name} AS JSON))"

    def _heads(self) -> Any:
        """Ask for the newest position and instant, and the newest version of each stream."""
        newest = (
            select(events.c.recorded_at, events.c.position)
            .order_by(events.c.position.desc())
            .limit(ONE)
            .offset(NONE)
            .subquery()
        )
        asked = self.each("streams")
        # As two lookups of one row: joined, PostgreSQL may choose to scan the whole table.
        last_of = [
            select(column)
            .where(events.c.stream == asked.c.value)
            .order_by(events.c.version.desc())
            .limit(ONE)
            .offset(NONE)
            .scalar_subquery()
            for column in (events.c.version, events.c.position)
        ]
        return union_all(
            select(null().label("stream"), newest),
            select(asked.c.value, *last_of),
        )

    def _track(self) -> Any:
        """Move a follower's position, but never back."""
        new = self._sql.insert(tracking).values(
            application=bindparam("application"), position=bindparam("position")
        )
        return new.on_conflict_do_update(
            index_elements=["application"],
            set_={"position": new.excluded.position},
            where=tracking.c.position < new.excluded.position,
        )

    def _insert_many(self, table: Table) -> str:
        if self._is_sqlite:
            return self._insert_one(table)
        names = ", ".join(column.name for column in table.columns)
        return f"COPY {table.name} ({names}) FROM STDIN"

    def _insert_one(self, table: Table) -> str:
        names = ", ".join(column.name for column in table.columns)
        marks = ", ".join(["?" if self._is_sqlite else "%s"] * len(table.columns))
        return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - our own names


@cache
def statements_of(*, is_sqlite: bool) -> Statements:
    """Return the statements for a driver: to write them takes longer than to run most of them."""
    return Statements(is_sqlite=is_sqlite)


def json_list(texts: Iterable[str]) -> str:
    """Return texts in the form in which a statement takes many of them."""
    return msgspec.json.encode(list(texts)).decode()


def json_object(numbers: Mapping[str, int]) -> str:
    """Return numbers by names in the form in which a statement takes many of them."""
    return msgspec.json.encode(numbers).decode()
