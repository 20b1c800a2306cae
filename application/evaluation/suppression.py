"""Small numbers: which cells of published tables are withheld, so that none can be worked out.

*Primary*: a cell from 1 up to the threshold, not included, is withheld; so is a margin. Where cells
count what one person can have several of (payments, journeys), the persons behind a cell are what
must not be fewer: six payments to one client are one. *Zeros are published*: that there was nobody
says nothing of a person, and who reads knows then that every withheld cell is at least 1, which is
reckoned with here. *Complementary*: further cells are withheld until no published sum gives one
away (`protecting` says how they are found). Whoever solves all sums of all tables together finds at
least two values for every withheld cell, also with the knowledge that none is below 1; and what a
published total leaves over when the published cells are taken off is never below the threshold, nor
of fewer persons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from application.evaluation.protecting import completed, small_of
from application.evaluation.published import (
    TOTAL,
    Cell,
    Counts,
    Key,
    Sum,
    cell_of,
    sums_of,
    values_of,
)

THRESHOLD = 5
"""Below it a number is small, where nothing else is said."""

YES, NO = "yes", "no"
"""Of whom a share is true, and is not."""


def suppress(
    tables: Sequence[Counts],
    threshold: int = THRESHOLD,
    before: Sequence[frozenset[Key]] = (),
    known: Sequence[frozenset[Key]] = (),
    also: Sequence[Sum] = (),
    unseen: Mapping[Cell, int] = MappingProxyType({}),
) -> list[frozenset[Key]]:
    """Return the keys to withhold, for each table; a threshold of 0 or 1 withholds nothing.

    `before` are keys of each table that are withheld already, elsewhere, and `known` those that
    stand published elsewhere: they are withheld only where nothing else will do. `also` are sums of
    cells that no table has, and anybody knows of; `unseen` cells of these with their values, that
    no table has either (`withheld_of`).
    Raises ValueError where two tables give one cell two values.
    """
    values = values_of(tables)
    sums = (*sums_of(tables, values), *also)
    values |= unseen
    few = frozenset(cell_of(table, key) for table in tables for key in table.few)
    earlier, settled = (
        frozenset(cell_of(t, key) for t, some in zip(tables, of, strict=False) for key in some)
        for of in (before, known)
    )
    shown = frozenset(cell_of(table, key) for table in tables for key in table.shown)
    persons = _persons_of(tables, values)
    small = {cell: number for cell, number in persons.items() if cell not in shown}
    primary = earlier | few | small_of(small, threshold)
    withheld = completed(values, sums, threshold, primary, persons, settled, frozenset(unseen))
    return [frozenset(k for k in t.cells if cell_of(t, k) in withheld) for t in tables]


def _persons_of(tables: Iterable[Counts], values: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return of how many persons each cell is; where nothing is said, each one of it is another."""
    return {**values} | {
        cell_of(table, key): number for table in tables for key, number in table.persons.items()
    }


def withheld_of(
    values: Mapping[Cell, int],
    sums: Sequence[Sum],
    threshold: int = THRESHOLD,
    persons: Mapping[Cell, int] | None = None,
    unseen: frozenset[Cell] = frozenset(),
) -> frozenset[Cell]:
    """Return the cells to withhold of those with these values, bound by these sums.

    `persons` are those behind each cell, where they are fewer than it counts; those of what is no
    cell here say nothing. `unseen` are cells that nobody publishes, not where they are 0 either:
    that they are no less is all that is known of them. They are no protection where the sums give
    them away, and must not be given away where they are small.
    """
    behind = {cell: (persons or {}).get(cell, number) for cell, number in values.items()}
    small = small_of(behind, threshold)
    return completed(values, sums, threshold, small, behind, unseen=unseen)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Keys of a table of shares or means whose share or mean, and whose count, is withheld."""

    values: frozenset[Key]
    counts: frozenset[Key]


def suppress_shares(
    dimensions: tuple[str, ...],
    shares: Mapping[Key, tuple[int, int]],
    threshold: int = THRESHOLD,
    within: Mapping[str, Mapping[str, str]] | None = None,
    persons: Mapping[Key, int] | None = None,
) -> Withheld:
    """Return what to withhold of shares, given as those counted and those among whom.

    A share of a known number gives those counted away, and those not counted: all three are cells.
    A share of 0 or 1 is published where those among whom are. `persons` are those behind each of
    the three, by the key and TOTAL, YES or NO.
    """
    cells: dict[Key, int] = {}
    for key, (counted, among) in shares.items():
        cells |= {(*key, TOTAL): among, (*key, YES): counted, (*key, NO): among - counted}
    table = Counts("", (*dimensions, "answer"), cells, within or {}, persons=persons or {})
    (hidden,) = suppress([table], threshold)
    return Withheld(
        frozenset(key for key in shares if any((*key, x) in hidden for x in (TOTAL, YES, NO))),
        frozenset(key for key in shares if (*key, TOTAL) in hidden),
    )


def suppress_means(
    dimensions: tuple[str, ...],
    counts: Mapping[Key, int],
    threshold: int = THRESHOLD,
    persons: Mapping[Key, int] | None = None,
) -> Withheld:
    """Return what to withhold of means, given how many each is the mean of, and of whom.

    What was added up for the means obeys the same sums as the counts: where no count can be
    worked out, no such sum can, so a mean is withheld where its count is.
    """
    table = Counts("", dimensions, counts, persons=persons or {})
    (hidden,) = suppress([table], threshold)
    return Withheld(hidden, hidden)
