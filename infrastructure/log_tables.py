"""The tables of the log and what stands beside it, written once for both databases."""

from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

Row: TypeAlias = tuple[Any, ...]
"""A row of the events table: a plain tuple in the order of `ENTRY`."""

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
    Column("about", Text),
    Index("client_keys_owner", "owner"),
    Index("client_keys_master", "master"),
    Index("client_keys_destroyed", "destroyed_at"),
    Index("client_keys_about", "about"),
    info={"since": "0004"},
)
"""The keys that personal data is sealed with, by the stream that it is in (`owner`) and the kind of
data, wrapped by the `master` key of that id. `about` is the stream of a client whom the texts name,
and with whose keys this one goes, too. A destroyed key has nothing wrapped any more. Besides the
views this is the only table whose rows change. The last two indexes have only rows with something
there, as the steps that make them say: to hear it here SQLAlchemy would load what it knows of every
database."""

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


def sql_of(*, is_sqlite: bool) -> Any:
    """Return how SQLAlchemy says things to a database; the other's way is not waited for."""
    if is_sqlite:
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - one of them

        return sqlite
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - or the other

    return postgresql
