"""The event log: events that cannot be changed, keys, tracking and snapshots."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, UniqueConstraint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the event log is append-only: record a correction instead"


def upgrade() -> None:
    """Make the tables, and have the database itself refuse any change of an event."""
    op.create_table(
        "events",
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
    op.create_table(
        "idempotency_keys",
        Column("key", Text, primary_key=True),
        Column("request", Text, nullable=False),
        Column("stream", Text, nullable=False),
        Column("first_version", BigInteger, nullable=False),
        Column("last_version", BigInteger, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("recorded_at", BigInteger, nullable=False),
    )
    op.create_table(
        "tracking",
        Column("application", Text, primary_key=True),
        Column("position", BigInteger, nullable=False),
    )
    op.create_table(
        "snapshots",
        Column("purpose", Text, primary_key=True),
        Column("stream", Text, primary_key=True),
        Column("version", BigInteger, primary_key=True),
        Column("name", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _guard_on_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_refuse_{act.lower()} BEFORE {act} ON events "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # INSERT OR REPLACE deletes the old row without asking a DELETE trigger.
    op.execute(
        "CREATE TRIGGER events_refuse_replace BEFORE INSERT ON events "
        "WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position) "
        "OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version) "
        "BEGIN SELECT RAISE(ABORT, 'this position or version of the event log is taken'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()"
    )
