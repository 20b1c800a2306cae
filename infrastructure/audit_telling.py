"""What happened to rows whose hash is not the one that was recorded: told by trying what fits."""

from collections.abc import Sequence
from typing import Final

from infrastructure.audit_faults import Fault, Wrong, inserted_fault, missing_fault
from infrastructure.ledger_rows import HashedRows, hash_of
from infrastructure.log_tables import Row

MOST_TOLD: Final = 20
"""Rows of which it is tried what happened to them."""


def told(rows: HashedRows, differing: Sequence[tuple[int, bytes]]) -> list[Fault]:
    """Return a fault for each of the first rows (position, and the hash that was recorded)."""
    first = sorted(differing)
    recorded = dict(first)
    return [_told(rows, position, recorded) for position, _ in first[:MOST_TOLD]]


def _told(rows: HashedRows, position: int, recorded: dict[int, bytes]) -> Fault:
    row = rows.whole(position)
    if row is None:
        return missing_fault(position)
    other = _place_of(row, recorded)
    following = rows.whole(position + 1)
    if other is not None and _stood_at(rows.whole(other), position, recorded):
        said = f"the rows of positions {position} and {other} were swapped"
        return Fault(position, Wrong.SWAPPED, said)
    if other == position + 1:
        said = f"the row of position {position} is missing, and those after it were moved up"
        return Fault(position, Wrong.MISSING, said)
    if _stood_at(following, position, recorded):
        return inserted_fault(position)
    said = f"the row of position {position} is not what was recorded: it was altered"
    return Fault(position, Wrong.ALTERED, said)


def _place_of(row: Row, recorded: dict[int, bytes]) -> int | None:
    """Return the other position at which the row was recorded, if any."""
    return next(
        (n for n, leaf in recorded.items() if n != row[0] and hash_of((n, *row[1:])) == leaf),
        None,
    )


def _stood_at(row: Row | None, position: int, recorded: dict[int, bytes]) -> bool:
    return row is not None and hash_of((position, *row[1:])) == recorded.get(position)
