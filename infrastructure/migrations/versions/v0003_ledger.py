"""The ledger: a tree of hashes over all events, and the checkpoints that were given out of it."""

from alembic import context, op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

from infrastructure.ledger_filling import cover_rows

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSAL = "the ledger is append-only: nothing of it is changed"
FIXED = "ledger_tiles", "ledger_checkpoints", "ledger_keys"
"""Tables of which no row is changed or deleted."""


def upgrade() -> None:
    """Make the tables, and grow the tree over the events that are there."""
    op.create_table(
        "ledger_tail",
        Column(
            "size",
            BigInteger().with_variant(Integer, "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("leaves", LargeBinary, nullable=False),
        Column("frontier", LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_tiles",
        Column("level", Integer, primary_key=True),
        Column("number", BigInteger, primary_key=True),
        Column("root", LargeBinary, nullable=False),
        Column("hashes", LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_checkpoints",
        Column("issued", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("size", BigInteger, nullable=False),
        Column("issued_at", BigInteger, nullable=False),
        Column("note", Text, nullable=False),
    )
    op.create_table(
        "ledger_keys",
        Column("key", Text, primary_key=True),
        Column("since", BigInteger, nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    (_guard_on_sqlite if is_sqlite else _guard_on_postgresql)()
    _begin(is_sqlite=is_sqlite)


def _begin(*, is_sqlite: bool) -> None:
    """Grow the tree from nothing, in its one form, which never changes."""
    connection = op.get_bind().connection
    cursor = connection.cursor()
    mark = "?" if is_sqlite else "%s"
    cursor.execute(f"INSERT INTO ledger_tail VALUES (0, {mark}, {mark})", (b"", b""))  # noqa: S608
    given = context.config.attributes.get("on_progress")
    cover_rows(cursor, is_sqlite=is_sqlite, on_progress=given or (lambda _done, _all: None))
    cursor.close()


def _guard_on_sqlite() -> None:
    for table in FIXED:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger()"
        )
