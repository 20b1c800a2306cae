"""The stored tree, as proofs ask for it: the hash of any complete subtree, the root of any size."""

from collections.abc import Iterable
from typing import Any

from domain.merkle import Frontier, complete_root
from infrastructure.database import Database
from infrastructure.ledger import Head, head_of
from infrastructure.ledger_rows import HashedRows
from infrastructure.ledger_tables import TILE, LedgerStatements, split, stored_bytes

BITS = 8
"""Levels of the tree that a tile spans."""


class StoredTree:
    """Reads the ledger of a database. What was read stays in memory: it never changes."""

    def __init__(self, database: Database, connection: Any = None) -> None:
        """Read by the driver's `connection`, where there is one, within its transaction."""
        self._database, self._connection = database, connection
        self._statements = LedgerStatements(is_sqlite=database.is_sqlite)
        self._rows = HashedRows(database)
        self._hashes: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def head(self) -> Head:
        """Return the tree's head now. Raises ValueError where what is stored is none."""
        rows = self._ask(self._statements.head)
        if not rows:
            raise ValueError("there is no ledger")
        return head_of(rows[0][0], stored_bytes(rows[0][1]))

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree of 2**level leaves (`domain.merkle.Subtree`).

        Raises ValueError where the log is too short to have it.
        """
        tiles, within = divmod(level, BITS)
        number, at = divmod(index << within, TILE)
        wanted = slice(at, at + (1 << within))
        hashes = self._hashes.get((tiles, number), ())[wanted]
        if len(hashes) < 1 << within:  # not read yet, or read when the tile was shorter
            hashes = self._tile(tiles, number)[wanted]
        if len(hashes) < 1 << within:
            raise ValueError(f"the log has no entries for the subtree {index} of level {level}")
        return complete_root(hashes)

    def root(self, size: int) -> bytes:
        """Return the root of the tree of the first `size` entries."""
        hashes, done = [], 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                hashes.append(self.subtree(level, done >> level))
                done += 1 << level
        return Frontier(size, tuple(hashes)).root()

    def read_ahead(self, positions: Iterable[int]) -> None:
        """Read the tiles of entries at these positions together, for proofs of them."""
        numbers = sorted({(position - 1) // TILE for position in positions})
        wanted = [number for number in numbers if (0, number) not in self._hashes]
        for start in range(0, len(wanted), TILE):
            chosen = ", ".join(str(int(number)) for number in wanted[start : start + TILE])
            found = self._ask(
                f"SELECT number, hashes FROM ledger_tiles WHERE level = 0 AND number IN ({chosen})"
            )
            for number, hashes in found:
                self._hashes[0, number] = split(stored_bytes(hashes))

    def _tile(self, level: int, number: int) -> tuple[bytes, ...]:
        found = self._ask(self._statements.hashes, level, number, number + 1)
        known = split(stored_bytes(found[0][0])) if found else self._unfinished(level, number)
        self._hashes[level, number] = known
        return known

    def _unfinished(self, level: int, number: int) -> tuple[bytes, ...]:
        """Return the hashes of a tile that is not complete: from the rows, or the tiles below."""
        first, end = number * TILE, (number + 1) * TILE
        if level == 0:
            return self._rows.page(first, end).hashes
        found = self._ask(self._statements.roots, level - 1, first, end)
        return tuple(stored_bytes(root) for (root,) in found)

    def _ask(self, statement: str, *asked: Any) -> list[Any]:
        if self._connection is None:
            return self._database.rows(statement, asked)
        return self._database.rows_of(self._connection, statement, asked)
