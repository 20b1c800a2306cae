"""Which of the unknowns of linear equations can move while every equation goes on to hold."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeAlias, TypeVar

X = TypeVar("X", bound=Hashable)

Row: TypeAlias = dict[X, int]
"""The factors of the unknowns in an equation whose right side does not change."""

PRIME = 2**61 - 1
"""Whole numbers are reckoned modulo this prime: exact where no determinant is a multiple of it.
That would only ever let a cell count as given away that is not, or once in some 10^18 the other
way round."""


def unmoved(rows: Sequence[Row[X]], moving: Sequence[X], held: Sequence[X]) -> set[X]:
    """Return the unknowns that cannot be shown to move.

    Those `moving` may go up and down. Those `held` may only go up, and each is tried alone, with
    the moving ones giving way.
    """
    solved, left = _eliminated(rows, {x: n for n, x in enumerate((*moving, *held))}, set(held))
    stuck = {x for row in left for x in row}
    risen = set(held) - stuck
    moved = risen | (set(moving) - solved.keys())
    return stuck | {pivot for pivot, row in solved.items() if moved.isdisjoint(row)}


def _eliminated(
    rows: Sequence[Row[X]], place: dict[X, int], held: set[X]
) -> tuple[dict[X, Row[X]], list[Row[X]]]:
    """Return the equations solved for moving unknowns (reduced echelon form), by unknown.

    And those that are left, in which only held ones stand.
    """
    uses = Counter(x for row in rows for x in row)
    solved: dict[X, Row[X]] = {}
    left: list[Row[X]] = []
    for row in sorted(rows, key=len):  # short ones first: then the others stay short longer
        rest = {x: factor % PRIME for x, factor in row.items()}
        for pivot in [x for x in rest if x in solved]:
            _take_off(rest, solved[pivot], pivot)
        leading = [x for x in rest if x not in held]
        if not leading:
            left += [rest] if rest else []
            continue
        pivot = min(leading, key=lambda x: (uses[x], place[x]))
        inverse = pow(rest[pivot], -1, PRIME)
        rest = {x: factor * inverse % PRIME for x, factor in rest.items()}
        for other in solved.values():
            if pivot in other:
                _take_off(other, rest, pivot)
        solved[pivot] = rest
    return solved, left


def _take_off(row: Row[X], other: Row[X], pivot: X) -> None:
    """Take a multiple of another equation off, so that the pivot goes."""
    factor = row[pivot]
    for x, value in other.items():
        changed = (row.get(x, 0) - factor * value) % PRIME
        if changed:
            row[x] = changed
        else:
            row.pop(x, None)
