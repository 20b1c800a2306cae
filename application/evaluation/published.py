"""Tables of counts that are to be published: their cells, and the sums that a reader relies on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple, TypeAlias

TOTAL = None
"""Stands in a key for all categories of a dimension together."""

Key: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of counts that is to be published, with its margins.

    `counted` says what is counted ("clients"): cells of two tables that count the same, and have
    the same categories, are one cell. A key has one category for each dimension; TOTAL: a margin.
    What has no key is not published; it is no zero. `within` says which category of a dimension is
    a part of which other ({"organisation": {"team-1": "kuopio"}}). Keys in `few` are withheld
    however large they are: what they count is many, and of few. `persons` says how many persons are
    behind a cell, where they are fewer than it counts. Keys in `shown` are withheld only
    to keep another one: nobody need be protected from them, however small they are.
    """

    counted: str
    dimensions: tuple[str, ...]
    cells: Mapping[Key, int]
    within: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    few: frozenset[Key] = frozenset()
    shown: frozenset[Key] = frozenset()
    persons: Mapping[Key, int] = field(default_factory=dict)


class Cell(NamedTuple):
    """A cell of any of the tables: what is counted, and its categories but the totals."""

    counted: str
    categories: tuple[tuple[str, str], ...]


class Sum(NamedTuple):
    """A total and the cells that it is the sum of."""

    total: Cell
    parts: tuple[Cell, ...]


def cell_of(table: Counts, key: Key) -> Cell:
    """Return the cell of a key; the order of the dimensions does not matter."""
    named = zip(table.dimensions, key, strict=True)
    return Cell(table.counted, tuple(sorted((d, c) for d, c in named if c is not TOTAL)))


def values_of(tables: Iterable[Counts]) -> dict[Cell, int]:
    """Return every cell of the tables with its value, once. Raises ValueError."""
    values: dict[Cell, int] = {}
    for table in tables:
        for key, value in table.cells.items():
            cell = cell_of(table, key)
            if values.setdefault(cell, value) != value or value < 0:
                raise ValueError(f"{cell}: {values[cell]} and {value} cannot both be its count")
    return values


def sums_of(tables: Iterable[Counts], values: Mapping[Cell, int]) -> tuple[Sum, ...]:
    """Return every sum that a reader can rely on, once: totals and the parts published of them.

    A total that is more than its published parts has parts that nobody sees, and gives none away.
    """
    found = dict.fromkeys(one for table in tables for one in _sums(table))
    return tuple(one for one in found if values[one.total] <= sum(values[x] for x in one.parts))


def _sums(table: Counts) -> Iterator[Sum]:
    yield from _sums_of_one_dimension(table)
    shapes = {_shape(key) for key in table.cells}
    for coarse, fine in sorted(product(shapes, shapes), key=str):
        if coarse < fine and not any(coarse < between < fine for between in shapes):
            yield from _sums_of_several(table, coarse, fine)


def _sums_of_several(table: Counts, coarse: frozenset[int], fine: frozenset[int]) -> Iterator[Sum]:
    """Yield sums over several dimensions at once, where no margin between is published."""
    parts: dict[Key, list[Key]] = {}
    for key in table.cells if len(fine) > len(coarse) + 1 else ():
        inner = any(key[n] in table.within.get(table.dimensions[n], {}) for n in fine - coarse)
        if _shape(key) == fine and not inner:
            whole = tuple(word if n in coarse else TOTAL for n, word in enumerate(key))
            parts.setdefault(whole, []).append(key)
    for whole in sorted(parts.keys() & table.cells.keys(), key=str):
        keys = sorted(parts[whole], key=str)
        yield Sum(cell_of(table, whole), tuple(cell_of(table, key) for key in keys))


def _shape(key: Key) -> frozenset[int]:
    """Return in which places a key has a category."""
    return frozenset(n for n, word in enumerate(key) if word is not TOTAL)


def _sums_of_one_dimension(table: Counts) -> Iterator[Sum]:
    for place, dimension in enumerate(table.dimensions):
        within = table.within.get(dimension, {})
        parts: dict[Key, list[Key]] = {}
        for key in table.cells:
            category = key[place]
            if category is not TOTAL:
                whole = (*key[:place], within.get(category), *key[place + 1 :])
                parts.setdefault(whole, []).append(key)
        for whole in sorted(parts.keys() & table.cells.keys(), key=str):
            keys = sorted(parts[whole], key=str)
            yield Sum(cell_of(table, whole), tuple(cell_of(table, key) for key in keys))
