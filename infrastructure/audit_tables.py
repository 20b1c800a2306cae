"""Whether tables show the same rows to an audit and to the program, however they are asked.

An audit reads rows by their positions, the program by their streams. Whoever may do anything in the
database can have both shown something else: by an index that leaves a row out, by a column that is
computed as it is read, by a policy or a view that looks at the question. The rows are then right,
and what people see is not.
"""

import sqlite3
from typing import Any, Final

from infrastructure.audit_faults import Fault, Wrong
from infrastructure.database import Database, Reads
from infrastructure.ledger_tables import checkpoints, ledger_keys, tail, tiles
from infrastructure.log_tables import events

READ: Final = tuple(table.name for table in (events, tail, tiles, checkpoints, ledger_keys))
"""The tables that an audit reads."""

_NOT_PLAIN: Final = "it has no rows of its own"

_COMPUTED: Final = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 0"
_PLAIN: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND rootpage > 0"
_PLAIN_ON_SERVER: Final = "SELECT 1 FROM pg_class WHERE oid = to_regclass(%s) AND relkind = 'r'"
_POLICIES: Final = (
    "SELECT polname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid "
    "WHERE polrelid = to_regclass(%s) AND relrowsecurity ORDER BY polname"
)

_INDEX: Final = "sqlite_autoindex_events_1"
"""What SQLite calls the index of the streams and their versions, by which the program looks."""

_INDEXES: Final = "SELECT name FROM pragma_index_list(?) ORDER BY name"
_IN_INDEX: Final = f"SELECT count(*) FROM events INDEXED BY {_INDEX} WHERE position <= ?"
_NOT_FOUND: Final = f"""
    SELECT position FROM events AS row WHERE position > ? AND position <= ? AND NOT EXISTS (
        SELECT 1 FROM events AS found INDEXED BY {_INDEX}
        WHERE found.stream = row.stream AND found.version = row.version
        AND found.position = row.position
    )
"""


def shown_otherwise(database: Database) -> list[Fault]:
    """Return a fault for each table that may show other rows to somebody else."""
    odd = _odd_in_sqlite if database.is_sqlite else _odd_in_postgresql
    found = [(table, what) for table in READ if (what := odd(database, table))]
    return [_fault(f"the table {table} is not as Polku made it: {what}") for table, what in found]


def _odd_in_sqlite(database: Database, table: str) -> str | None:
    if not database.rows(_PLAIN, (table,)):
        return _NOT_PLAIN
    if computed := _named(database.rows(_COMPUTED, (table,))):
        return f"{computed} is computed as it is read"
    if table == events.name and (names := _named(database.rows(_INDEXES, (table,)))) != _INDEX:
        return f"its indexes are {names or 'none'}, and not {_INDEX} alone"
    return None


def _odd_in_postgresql(database: Database, table: str) -> str | None:
    if not database.rows(_PLAIN_ON_SERVER, (table,)):
        return _NOT_PLAIN
    policies = _named(database.rows(_POLICIES, (table,)))
    return f"the policy {policies} chooses which rows are shown" if policies else None


def _named(rows: list[Any]) -> str:
    return ", ".join(str(name) for (name,) in rows)


def not_found(database: Reads, after: int, until: int) -> list[Fault]:
    """Return a fault for each row above a position up to another one that its index does not have.

    Only SQLite is asked; the index of a server is believed.
    """
    if not database.is_sqlite:
        return []
    try:
        rows = database.rows(_NOT_FOUND, (after, until))
    except sqlite3.DatabaseError as error:
        return [_unusable(error)]
    return [_left_out(position) for (position,) in rows]


def found_too_often(database: Reads, size: int) -> list[Fault]:
    """Return a fault where the index has more than the `size` rows, each of which it has."""
    if not database.is_sqlite:
        return []
    try:
        [(count,)] = database.rows(_IN_INDEX, (size,))
    except sqlite3.DatabaseError as error:
        return [_unusable(error)]
    said = f"the index of the table {events.name} has {count} entries of {size} rows"
    return [] if count == size else [_fault(said)]


def _left_out(position: int) -> Fault:
    what = "is not found as the program looks for it: an index does not have it as it is"
    return Fault(position, Wrong.TABLE, f"the row of position {position} {what}")


def _unusable(error: sqlite3.DatabaseError) -> Fault:
    return _fault(f"SQLite cannot look up rows of the table {events.name} by its index: {error}")


def _fault(said: str) -> Fault:
    return Fault(0, Wrong.TABLE, said)
