"""Whether tables show the same rows to an audit and to the program, however they are asked.

An audit reads rows by their positions, the program by their streams. Whoever may do anything in the
database can have both shown something else: by an index that leaves a row out, by a column that is
computed as it is read, by a policy or a view that looks at the question. The rows are then right,
and what people see is not.
"""

import re
from typing import Any, Final

from infrastructure.audit_stretches import Fault, Wrong
from infrastructure.database import Database
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
_MISSING: Final = re.compile(r"row (\d+) missing from index ")


def shown_otherwise(database: Database) -> list[Fault]:
    """Return a fault for each table that may show other rows to somebody else."""
    odd = _odd_in_sqlite if database.is_sqlite else _odd_in_postgresql
    found = [(table, what) for table in READ if (what := odd(database, table))]
    return [_fault(f"the table {table} is not as Polku made it: {what}") for table, what in found]


def _odd_in_sqlite(database: Database, table: str) -> str | None:
    if not database.rows(_PLAIN, (table,)):
        return _NOT_PLAIN
    computed = _named(database.rows(_COMPUTED, (table,)))
    return f"{computed} is computed as it is read" if computed else None


def _odd_in_postgresql(database: Database, table: str) -> str | None:
    if not database.rows(_PLAIN_ON_SERVER, (table,)):
        return _NOT_PLAIN
    policies = _named(database.rows(_POLICIES, (table,)))
    return f"the policy {policies} chooses which rows are shown" if policies else None


def _named(rows: list[Any]) -> str:
    return ", ".join(str(name) for (name,) in rows)


def not_in_index(database: Database) -> list[Fault]:
    """Return what the indexes of the log do not show as its rows are: only SQLite tells.

    It takes a part of the time that recomputing takes.
    """
    if not database.is_sqlite:
        return []
    said = [one for (one,) in database.rows(f"PRAGMA integrity_check({events.name})", {})]
    if said == ["ok"]:
        return []
    left_out = [int(found[1]) for one in said if (found := _MISSING.match(one))]
    return [_left_out(position) for position in sorted({*left_out})] or [
        _fault(f"SQLite says of the table {events.name} and its indexes: {' '.join(one.split())}")
        for one in said
    ]


def _left_out(position: int) -> Fault:
    what = "is not found as the program looks for it: an index does not have it as it is"
    return Fault(position, Wrong.TABLE, f"the row of position {position} {what}")


def _fault(said: str) -> Fault:
    return Fault(0, Wrong.TABLE, said)
