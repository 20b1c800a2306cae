"""The ledger: a Merkle tree (RFC 9162) over every row of the log, kept in tiles of 256 hashes.

It grows in the transaction that writes the rows, under the log's lock. A transaction adds one small
row; a tile is written when 256 entries are there, as in C2SP's tlog-tiles.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from application.ports import OutOfStep
from domain.merkle import HASH_SIZE, Frontier
from infrastructure.ledger_leaves import columns_of, leaf_hashes
from infrastructure.ledger_tables import TILE, LedgerStatements, split, stored_bytes
from infrastructure.log_tables import Row


class LedgerOutOfStep(OutOfStep):
    """The ledger does not end where the log ends. The message says what to do."""

    def __init__(self, size: int | None, position: int) -> None:
        covers = "there is no ledger" if size is None else f"the ledger covers {size} entries"
        super().__init__(
            f"{covers}, and the log ends at position {position}: nothing is recorded, because the "
            "log was changed by another way than Polku's; `polku audit verify` says where"
        )


class Head(NamedTuple):
    """How many entries the tree holds, and its right edge above the tiles and within the last."""

    size: int = 0
    above: Frontier = Frontier()
    within: Frontier = Frontier()

    @property
    def frontier(self) -> Frontier:
        """The right edge of the whole tree."""
        return Frontier(self.size, self.above.hashes + self.within.hashes)


EMPTY_HEAD: Final = Head()


class Tile(NamedTuple):
    """A tile that is complete: the hash over it, and its hashes joined."""

    number: int
    root: bytes
    hashes: bytes


class Grown(NamedTuple):
    """How the tree is after it grew: new tiles of entries, and hashes that are in none yet."""

    head: Head
    tiles: Sequence[Tile]
    leaves: bytes


def head_of(size: int, frontier: bytes) -> Head:
    """Return the head that is stored so. Raises ValueError where it is none."""
    hashes = split(frontier)
    if len(frontier) % HASH_SIZE:
        raise ValueError(f"{len(frontier)} bytes are no hashes: the last one is cut off")
    tiles = size // TILE
    above = tiles.bit_count()
    return Head(size, Frontier(tiles, hashes[:above]), Frontier(size % TILE, hashes[above:]))


def grow(head: Head, leaves: Sequence[bytes], unfinished: Callable[[], bytes]) -> Grown:
    """Add hashes of entries; `unfinished` gives those of the last tile, if it is to be complete."""
    size, above, within = head
    room = TILE - within.size
    if len(leaves) < room:
        grown = Head(size + len(leaves), above, within.extended(leaves))
        return Grown(grown, (), b"".join(leaves))
    made: list[Tile] = []
    before = unfinished() if within.size else b""
    at = 0
    while len(leaves) - at >= room:
        within = within.extended(leaves[at : at + room])
        hashes = before + b"".join(leaves[at : at + room])
        made.append(Tile(above.size, within.root(), hashes))
        above, within = above.extended((within.root(),)), Frontier()
        at, room, before = at + room, TILE, b""
    rest = leaves[at:]
    return Grown(Head(size + len(leaves), above, within.extended(rest)), made, b"".join(rest))


class Ledger:
    """Grows the stored tree, within the transaction of whoever gives the cursor."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.statements = LedgerStatements(is_sqlite=is_sqlite)
        self._last: tuple[bytes, Head] = b"", EMPTY_HEAD

    def head(self, row: Sequence[Any] | None, position: int) -> Head:
        """Return the head that is stored as size and edge.

        Raises LedgerOutOfStep unless it fits the log's newest position.
        """
        if row is None or row[0] != position:
            raise LedgerOutOfStep(None if row is None else row[0], position)
        joined, last = self._last
        if row[0] == last.size and row[1] == joined:
            return last  # mostly nobody else has written since
        try:
            return head_of(row[0], stored_bytes(row[1]))
        except ValueError:
            raise LedgerOutOfStep(None, position) from None

    def record(self, cursor: Any, head: Head, rows: Iterable[Row]) -> None:
        """Add rows that are written in this transaction, in their order."""
        leaves = leaf_hashes(columns_of(rows))
        if leaves:
            self.add(cursor, head, leaves)

    def add(self, cursor: Any, head: Head, leaves: Sequence[bytes]) -> Head:
        """Add hashes of entries, and return the head that the tree has then."""
        grown = grow(head, leaves, lambda: self._unfinished(cursor))
        size = grown.head.size
        if grown.tiles:
            self._complete(cursor, 0, grown.tiles)
            cursor.execute(self.statements.forget, (size,))
        joined = b"".join(grown.head.frontier.hashes)
        cursor.execute(self.statements.add, (size, grown.leaves, joined))
        self._last = joined, grown.head
        return grown.head

    def _unfinished(self, cursor: Any) -> bytes:
        cursor.execute(self.statements.unfinished)
        return b"".join(bytes(leaves) for (leaves,) in cursor.fetchall())

    def _complete(self, cursor: Any, level: int, made: Sequence[Tile]) -> None:
        """Write complete tiles, and those above that they complete."""
        rows = [(level, *tile) for tile in made]
        cursor.executemany(self.statements.complete, rows)
        first, end = made[0].number // TILE, (made[-1].number + 1) // TILE
        if first < end:
            above = [self._tile_over(cursor, level, number) for number in range(first, end)]
            self._complete(cursor, level + 1, above)

    def _tile_over(self, cursor: Any, level: int, number: int) -> Tile:
        asked = (level, number * TILE, (number + 1) * TILE)
        cursor.execute(self.statements.roots, asked)
        roots = [bytes(root) for (root,) in cursor.fetchall()]
        return Tile(number, Frontier().extended(roots).root(), b"".join(roots))
