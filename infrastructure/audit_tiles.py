"""Tiles that no stretch has: those over whole stretches, and those of a log that is not so long."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.merkle import complete_root
from infrastructure.audit_faults import Fault, Wrong
from infrastructure.audit_stretches import STRETCH, StoredTile
from infrastructure.database import Database
from infrastructure.ledger_tables import TILE, LedgerStatements, stored_bytes

REACH: Final = (
    "SELECT level, min(number), max(number), "
    f"(SELECT max(size) FROM ledger_tail WHERE size <= {2**63 - 1}) "
    "FROM ledger_tiles GROUP BY level ORDER BY level"
)
"""To SQLite texts and bytes are more than any number: where a size is one, the audit tells it."""


def tiles_above(database: Database, start: int, roots: Sequence[bytes]) -> Iterator[Fault]:
    """Yield what is wrong with the tiles of level 2 and above.

    `roots` are those of the tiles of level 1 from position `start` on, as the rows give them. What
    lies before is believed, as it is stored.
    """
    level, first = 2, start // STRETCH
    while roots:
        number = first // TILE
        believed: list[bytes] = []
        if first % TILE:
            believed = _roots(database, level - 1, number * TILE, first)
        hashes = [*believed, *roots]
        above: list[bytes] = []
        for at in range(0, len(hashes) - TILE + 1, TILE):
            mine = hashes[at : at + TILE]
            made = StoredTile(complete_root(mine), b"".join(mine))
            if _tile(database, level, number + len(above)) != made:
                yield altered_fault(level, number + len(above))
            above.append(made.root)
        level, first, roots = level + 1, number, above


def stray_tiles(database: Database) -> Iterator[Fault]:
    """Yield a fault for each level that has a tile which the log is too short for."""
    for level, least, most, head in database.rows(REACH, {}):
        if not all(isinstance(one, int) for one in (level, least, most)):  # as SQLite takes it
            said = f"a tile of level {level!r:.20} was put in: no level or tile has such a number"
            yield Fault(0, Wrong.TILE, said)
            continue
        size = int(head or 0)
        complete = size // TILE ** (level + 1) if 0 <= level < size.bit_length() else 0
        if least < 0 or most >= complete:
            number = least if least < 0 else most
            said = f"tile {number} of level {level} was put in: the log does not come so far"
            yield Fault(0, Wrong.TILE, said)


def altered_fault(level: int, number: int) -> Fault:
    """Say that a tile over others is not what they give."""
    said = f"tile {number} of level {level} is not the one that its entries give"
    return Fault(number * TILE ** (level + 1) + 1, Wrong.TILE, said)


def _roots(database: Database, level: int, first: int, end: int) -> list[bytes]:
    return [stored_bytes(root) for _, root, _ in _stored(database, level, first, end)]


def _tile(database: Database, level: int, number: int) -> StoredTile | None:
    found = _stored(database, level, number, number + 1)
    return StoredTile(*map(stored_bytes, found[0][1:])) if found else None


def _stored(database: Database, level: int, first: int, end: int) -> list[tuple[int, bytes, bytes]]:
    statement = LedgerStatements(is_sqlite=database.is_sqlite).tiles
    return database.rows(statement, (level, first, end))
