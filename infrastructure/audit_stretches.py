"""A stretch of the log, recomputed from its rows and held against the tiles that are stored.

Stretches are 65,536 positions, so that each has whole tiles, and one tile of level 1. They hang on
nothing before them: what crosses their borders (versions of streams, clocks) is given back, and
joined by whoever has them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from domain.merkle import Frontier, complete_root
from infrastructure.audit_faults import (
    Fault,
    Wrong,
    clock_fault,
    inserted_fault,
    missing_fault,
    tile_fault,
    version_fault,
)
from infrastructure.audit_tables import not_found
from infrastructure.database import Reads
from infrastructure.ledger_rows import HashedRows, Page
from infrastructure.ledger_tables import TILE, LedgerStatements, split, stored_bytes

STRETCH: Final = TILE * TILE
"""Positions of a stretch."""

MOST_FAULTS: Final = 1000
"""Faults that are kept of one stretch; the first ones matter."""


class Stretch(NamedTuple):
    """Positions above `after` up to `until`; `marks` are sizes within, whose roots are asked."""

    after: int
    until: int
    marks: tuple[int, ...] = ()


@dataclass(slots=True)
class Checked:
    """What was found in a stretch.

    `roots` are those of its whole tiles and `rest` the hashes after them, recomputed. `edges` has
    the edge within the last tile for each mark. `firsts` and `newest` are the first and the last
    version of each stream. `differing` has the positions whose hash is not
    the one that a tile holds, with that one.
    """

    stretch: Stretch
    roots: list[bytes] = field(default_factory=list)
    rest: Sequence[bytes] = ()
    edges: dict[int, Frontier] = field(default_factory=dict)
    differing: list[tuple[int, bytes]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    firsts: dict[str, int] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    clocks: tuple[int, int] | None = None


def check(database: Reads, stretch: Stretch) -> Checked:
    """Recompute a stretch from its rows."""
    return _Checking(database, stretch).run()


class _Checking:
    def __init__(self, database: Reads, stretch: Stretch) -> None:
        self._database, self._stretch = database, stretch
        self._rows = HashedRows(database)
        self._found = Checked(stretch)
        self._tiles = _stored_tiles(database, stretch)
        self._at = stretch.after

    def run(self) -> Checked:
        found, stretch = self._found, self._stretch
        for page in self._rows.pages(stretch.after, stretch.until):
            until = min(self._at + self._rows.page_size, stretch.until)
            self._follow(page.even())
            self._tree(self._dense(page, until), self._at)
            self._at = until
        self._tile_above()
        found.faults += not_found(self._database, stretch.after, stretch.until)
        found.faults = sorted(found.faults)[:MOST_FAULTS]
        found.differing = found.differing[:MOST_FAULTS]
        return found

    def _follow(self, page: Page) -> None:
        """Follow the clock and the versions of the streams."""
        if not page.positions:
            return
        first, before = self._found.clocks or (page.instants[0],) * 2
        if before > page.instants[0] or [*page.instants] != sorted(page.instants):
            pairs = zip(page.positions, (before, *page.instants), page.instants, strict=False)
            self._found.faults += [clock_fault(n) for n, was, now in pairs if now < was]
        self._found.clocks = first, page.instants[-1]
        self._follow_streams(page)

    def _follow_streams(self, page: Page) -> None:
        firsts, newest = self._found.firsts, self._found.newest
        for position, stream, version in zip(
            page.positions, page.streams, page.versions, strict=True
        ):
            before = newest.get(stream)
            if before is None:
                firsts[stream] = version
            elif version != before + 1:
                self._found.faults.append(version_fault(position, stream, version, before))
            newest[stream] = version

    def _dense(self, page: Page, until: int) -> Sequence[bytes]:
        """Return a hash for each position; for one that is missing, that of the stored tile."""
        positions = range(self._at + 1, until + 1)
        if page.positions == (*positions,):
            return page.hashes
        by_position: dict[int, bytes] = {}
        for position, *_, leaf in page.rows():
            if position in by_position or position not in positions:  # a fraction, as SQLite takes
                self._found.faults.append(inserted_fault(position))
            by_position[position] = leaf
        self._found.faults += [missing_fault(n) for n in positions if n not in by_position]
        return [by_position.get(n) or self._stored(n) or b"" for n in positions]

    def _stored(self, position: int) -> bytes | None:
        tile = self._tiles.get((position - 1) // TILE)
        at = (position - 1) % TILE
        return tile.hashes[at] if tile and at < len(tile.hashes) else None

    def _tree(self, leaves: Sequence[bytes], after: int) -> None:
        for start in range(0, len(leaves), TILE):
            mine = leaves[start : start + TILE]
            first = after + start
            for mark in self._marks(first, first + len(mine)):
                self._found.edges[mark] = Frontier().extended(mine[: mark - first])
            if len(mine) == TILE:
                root = complete_root(mine)
                self._found.roots.append(root)
                self._hold_against(first, mine, root)
            else:
                self._found.rest = mine

    def _marks(self, first: int, end: int) -> Iterator[int]:
        return (mark for mark in self._stretch.marks if first < mark <= end)

    def _hold_against(self, first: int, mine: Sequence[bytes], root: bytes) -> None:
        tile = self._tiles.get(first // TILE)
        faults = self._found.faults
        if tile is None:
            faults.append(tile_fault(first, "is missing"))
        elif tile.joined != b"".join(mine):
            self._differing(first, mine, root, tile)
        elif tile.root != root:
            faults.append(tile_fault(first, "has another hash over it than its entries give"))

    def _differing(
        self, first: int, mine: Sequence[bytes], root: bytes, tile: "StoredTile"
    ) -> None:
        if root == tile.root or len(tile.hashes) != TILE:
            self._found.faults.append(tile_fault(first, "was altered; its entries were not"))
            return
        pairs = enumerate(zip(mine, tile.hashes, strict=True), first + 1)
        self._found.differing += [(n, stored) for n, (leaf, stored) in pairs if leaf != stored]

    def _tile_above(self) -> None:
        stretch, roots = self._stretch, self._found.roots
        if stretch.until - stretch.after < STRETCH:
            return
        number = stretch.after // STRETCH
        tile = _stored_tiles(self._database, stretch, level=1).get(number)
        mine = StoredTile(complete_root(roots), b"".join(roots))
        if not self._found.differing and tile != mine:
            said = f"tile {number} of level 1 is not the one that its entries give"
            self._found.faults.append(Fault(stretch.after + 1, Wrong.TILE, said))


class StoredTile(NamedTuple):
    """A tile of the ledger as it is stored: the root over its hashes, and these, joined."""

    root: bytes
    joined: bytes

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The hashes one by one."""
        return split(self.joined)


def _stored_tiles(database: Reads, stretch: Stretch, level: int = 0) -> dict[int, StoredTile]:
    wide = TILE ** (level + 1)
    asked = (level, stretch.after // wide, stretch.until // wide)
    statement = LedgerStatements(is_sqlite=database.is_sqlite).tiles
    return {
        number: StoredTile(stored_bytes(root), stored_bytes(hashes))
        for number, root, hashes in database.rows(statement, asked)
    }
