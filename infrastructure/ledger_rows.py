"""Rows of the log as an auditor reads them: where each stands, and the hash of its bytes."""

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypeAlias

from domain.merkle import leaf_hash
from infrastructure.database import Reads
from infrastructure.ledger_leaves import columns_of, leaf_hashes, leaf_sql
from infrastructure.log_tables import ENTRY, Row

SQLITE_PAGE, POSTGRESQL_PAGE = 512, 2048
"""Rows that are read at a time: whole tiles, few enough to stay in the processor's cache. A server
is not asked as often."""

Hashed: TypeAlias = tuple[int, int, str, int, bytes]
"""A row's position, instant, stream and version, and the hash of all of it."""

NO_LEAF: Final = TypeError, ValueError, AttributeError
"""What is raised for a row that no leaf can be made of."""


class Page(NamedTuple):
    """Rows that follow each other, column by column.

    `odd` are the places (from 0) of those that hold what Polku never writes: a text for a number,
    for one, which SQLite takes. Their hashes are those of no entry.
    """

    positions: tuple[int, ...] = ()
    instants: tuple[int, ...] = ()
    streams: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()
    hashes: tuple[bytes, ...] = ()
    odd: tuple[int, ...] = ()

    def rows(self) -> Iterator[Hashed]:
        """Yield the rows one by one."""
        yield from zip(*self[:5], strict=True)

    def even(self) -> "Page":
        """Return the page without the odd rows."""
        if not self.odd:
            return self
        odd = {*self.odd}
        return Page(*zip(*(row for n, row in enumerate(self.rows()) if n not in odd), strict=True))


class HashedRows:
    """Reads rows of a database by their positions."""

    def __init__(self, database: Reads) -> None:
        self._database = database
        self.page_size = SQLITE_PAGE if database.is_sqlite else POSTGRESQL_PAGE
        self._columns = self._page(", ".join(column.name for column in ENTRY))
        self._leaves = self._page(f"position, recorded_at, stream, version, {leaf_sql()}")

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

    def pages(self, after: int, until: int) -> Iterator[Page]:
        """Yield the rows above a position up to another one, hashed."""
        for start in range(after, until, self.page_size):
            yield self.page(start, min(start + self.page_size, until))

    def page(self, after: int, until: int) -> Page:
        """Return the rows above a position up to another one, hashed."""
        if self._database.is_sqlite:
            return _hashed(self._rows(self._columns, after, until))
        rows = self._rows(self._leaves, after, until)
        if not rows:
            return Page()
        positions, instants, streams, versions, leaves = zip(*rows, strict=True)
        if None in leaves:  # of a column that was altered, and takes what is missing
            return _odd(self._rows(self._columns, after, until))
        hashes = tuple([sha256(leaf).digest() for leaf in leaves])
        return Page(positions, instants, streams, versions, hashes)

    def _rows(self, statement: str, after: int, until: int) -> Sequence[Any]:
        try:
            return self._database.rows(statement, {"after": after, "until": until})
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            return self._undecodable(statement, after, until)

    def _undecodable(self, statement: str, after: int, until: int) -> Sequence[Any]:
        """Return rows one by one: some hold bytes that are no text, and have texts as bytes.

        SQLite takes such a text in any column, one of numbers too.
        """
        if until - after == 1:
            as_bytes = ", ".join(
                f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
                for name in (column.name for column in ENTRY)
            )
            return self._database.rows(self._page(as_bytes), {"after": after, "until": until})
        return [row for at in range(after, until) for row in self._rows(statement, at, at + 1)]


_PERCENT = "%(after)s", "%(until)s"


def _hashed(rows: Sequence[Row]) -> Page:
    columns = columns_of(rows)
    try:
        hashes = leaf_hashes(columns)
    except NO_LEAF:
        return _odd(rows)
    if not columns:
        return Page()
    positions, streams, versions, _, _, _, instants, *_ = columns
    return Page(positions, instants, streams, versions, tuple(hashes))


def _odd(rows: Sequence[Row]) -> Page:
    """Return rows some of which hold what Polku never writes, each by itself."""
    hashes = [hash_of(row) for row in rows]
    odd = tuple(n for n, row in enumerate(rows) if not _is_typed(row))
    known = zip(rows, hashes, strict=True)
    told = ((row[0], row[6], row[1], row[2], leaf) for row, leaf in known)
    return Page(*zip(*told, strict=True))._replace(odd=odd)


def _is_typed(row: Row) -> bool:
    """Whether the instant, stream and version of a row can be followed."""
    return isinstance(row[6], int) and isinstance(row[1], str) and isinstance(row[2], int)


def hash_of(row: Row) -> bytes:
    """Return the hash of a row, also of one that holds what Polku never writes."""
    try:
        return leaf_hashes(columns_of((row,)))[0]
    except NO_LEAF:
        return leaf_hash(repr(row).encode(errors="backslashreplace"))
