"""Growing the ledger over rows that are there already: by an upgrade, or written in bulk by SQL."""

from collections.abc import Callable
from typing import Any, Final

from infrastructure.ledger import Head, Ledger, head_of
from infrastructure.ledger_leaves import columns_of, leaf_hashes
from infrastructure.log_tables import ENTRY

BATCH: Final = 8192
"""Rows that are read at a time: whole tiles."""


def cover_rows(
    cursor: Any,
    *,
    is_sqlite: bool,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Grow the ledger over all rows that it does not cover yet; return how many it covers then.

    Works in the transaction of the cursor, which must be the only one that writes. Raises
    ValueError where a position is missing: the ledger covers rows without a hole.
    """
    ledger = Ledger(is_sqlite=is_sqlite)
    head = _head(cursor, ledger)
    mark = "?" if is_sqlite else "%s"
    columns = ", ".join(column.name for column in ENTRY)
    page = (
        f"SELECT {columns} FROM events WHERE position > {mark} AND position <= {mark} "
        "ORDER BY position"
    )
    cursor.execute("SELECT coalesce(max(position), 0) FROM events")
    (newest,) = cursor.fetchone()
    while head.size < newest:
        cursor.execute(page, (head.size, head.size + BATCH))
        rows = cursor.fetchall()
        _check(rows, head.size)
        head = ledger.add(cursor, head, leaf_hashes(columns_of(rows)))
        on_progress(head.size, newest)
    return head.size


def _head(cursor: Any, ledger: Ledger) -> Head:
    cursor.execute(ledger.statements.head)
    size, frontier = cursor.fetchone()
    return head_of(size, bytes(frontier))


def _check(rows: list[Any], after: int) -> None:
    for position, row in enumerate(rows, after + 1):
        if row[0] != position:
            raise ValueError(f"the log has no entry at position {position}: restore it first")
    if not rows:
        raise ValueError(f"the log has no entry at position {after + 1}: restore it first")
