"""Rows of the log as an auditor reads them: where each stands, and the hash of its bytes."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Text

from domain.merkle import leaf_hash
from infrastructure.database import Database
from infrastructure.entry_rows import Row
from infrastructure.ledger_leaves import leaf_data, leaf_sql
from infrastructure.log_tables import ENTRY

PAGE: Final = 2048
"""Rows that are read at a time: whole tiles, few enough to stay in the processor's cache."""


Hashed: TypeAlias = tuple[int, int, str, int, bytes]
"""A row's position, instant, stream and version, and the hash of all of it."""


class HashedRows:
    """Reads rows of a database by their positions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        columns = ", ".join(column.name for column in ENTRY)
        self._columns = self._page(columns)
        leaf = f"position, recorded_at, stream, version, {leaf_sql()}"
        self._leaves = self._page(leaf)

    def _page(self, columns: str) -> str:
        after, until = (":after", ":until") if self._database.is_sqlite else _PERCENT
        return (
            f"SELECT {columns} FROM events WHERE position > {after} AND position <= {until} "
            "ORDER BY position"
        )

    def whole(self, position: int) -> Row | None:
        """Return all of the row at a position, None where there is none."""
        found = self._rows(self._columns, position - 1, position)
        return tuple(found[0]) if found else None

    def pages(self, after: int, until: int) -> Iterator[list[Hashed]]:
        """Yield the rows above a position up to another one, hashed."""
        for start in range(after, until, PAGE):
            yield self.hashed(start, min(start + PAGE, until))

    def hashed(self, after: int, until: int) -> list[Hashed]:
        """Return the rows above a position up to another one, hashed."""
        if self._database.is_sqlite:
            rows = self._rows(self._columns, after, until)
            leaves = _hashes(rows)
            return [
                (row[0], row[6], row[1], row[2], leaf)
                for row, leaf in zip(rows, leaves, strict=True)
            ]
        return [
            (position, micros, stream, version, leaf_hash(leaf))
            for position, micros, stream, version, leaf in self._rows(self._leaves, after, until)
        ]

    def _rows(self, statement: str, after: int, until: int) -> Sequence[Any]:
        try:
            return self._database.rows(statement, {"after": after, "until": until})
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            return self._undecodable(statement, after, until)

    def _undecodable(self, statement: str, after: int, until: int) -> Sequence[Any]:
        """Return rows one by one: some hold bytes that are no text, and have them as bytes."""
        if until - after == 1:
            names = [column.name for column in ENTRY]
            as_bytes = ", ".join(
                f"CAST({name} AS BLOB)" if name in _TEXTS else name for name in names
            )
            return self._database.rows(self._page(as_bytes), {"after": after, "until": until})
        return [row for at in range(after, until) for row in self._rows(statement, at, at + 1)]


_TEXTS = {column.name for column in ENTRY if isinstance(column.type, Text)}

_PERCENT = "%(after)s", "%(until)s"


def _hashes(rows: Sequence[Row]) -> list[bytes]:
    try:
        return [leaf_hash(leaf_data(row)) for row in rows]
    except (TypeError, ValueError, AttributeError):
        return [hash_of(row) for row in rows]


def hash_of(row: Row) -> bytes:
    """Return the hash of a row, also of one that holds what Polku never writes."""
    try:
        return leaf_hash(leaf_data(row))
    except (TypeError, ValueError, AttributeError):
        return leaf_hash(repr(row).encode(errors="backslashreplace"))
