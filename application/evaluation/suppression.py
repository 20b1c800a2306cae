"""Small numbers: which cells of published tables are withheld, so that none can be worked out.

*Primary*: a cell from 1 up to the threshold, not included, is withheld; so is a margin. Where cells
count what one person can have several of (payments, journeys), the persons behind a cell are what
must not be fewer: six payments to one client are one. *Zeros are
published*: that there was nobody says nothing of a person, and who reads knows then that every
withheld cell is at least 1, which is reckoned with here. *Complementary*: further cells are
withheld until no published sum gives one away. Whoever solves all sums of all tables together finds
at least two values for every withheld cell, also with the knowledge that none is below 1; and what
a published total leaves over when the published cells are taken off is never below the threshold,
nor of fewer persons.

The check is linear algebra. Withheld cells of 1 are held where they are, the others may move:
a cell is safe where some movement that keeps every published sum moves it. That is enough for its
least and greatest value to differ (and a little stricter than needed). Cells are then published
again, the largest first, where all stays safe without them. The outcome depends on nothing but the
tables. See A. Hundepool and others, Statistical Disclosure Control (2012), chapter 4.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple, TypeAlias

from application.evaluation.movements import Row, unmoved

THRESHOLD = 5
"""Below it a number is small, where nothing else is said."""

TOTAL = None
"""Stands in a key for all categories of a dimension together."""

YES, NO = "yes", "no"
"""Of whom a share is true, and is not."""

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


def suppress(
    tables: Sequence[Counts],
    threshold: int = THRESHOLD,
    before: Sequence[frozenset[Key]] = (),
    known: Sequence[frozenset[Key]] = (),
    also: Sequence[Sum] = (),
) -> list[frozenset[Key]]:
    """Return the keys to withhold, for each table; a threshold of 0 or 1 withholds nothing.

    `before` are keys of each table that are withheld already, elsewhere, and `known` those that
    stand published elsewhere: they are withheld only where nothing else will do. `also` are sums of
    cells that no table has, and anybody knows of.
    Raises ValueError where two tables give one cell two values.
    """
    values = values_of(tables)
    few = frozenset(cell_of(table, key) for table in tables for key in table.few)
    earlier, settled = (
        frozenset(cell_of(t, key) for t, some in zip(tables, of, strict=False) for key in some)
        for of in (before, known)
    )
    shown = frozenset(cell_of(table, key) for table in tables for key in table.shown)
    persons = _persons_of(tables, values)
    small = {cell: number for cell, number in persons.items() if cell not in shown}
    primary = earlier | few | small_of(small, threshold)
    sums = (*sums_of(tables, values), *also)
    withheld = completed(values, sums, threshold, primary, settled, persons)
    return [frozenset(k for k in t.cells if cell_of(t, k) in withheld) for t in tables]


def values_of(tables: Iterable[Counts]) -> dict[Cell, int]:
    """Return every cell of the tables with its value, once. Raises ValueError."""
    values: dict[Cell, int] = {}
    for table in tables:
        for key, value in table.cells.items():
            cell = cell_of(table, key)
            if values.setdefault(cell, value) != value or value < 0:
                raise ValueError(f"{cell}: {values[cell]} and {value} cannot both be its count")
    return values


def _persons_of(tables: Iterable[Counts], values: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return of how many persons each cell is; where nothing is said, each one of it is another."""
    return {**values} | {
        cell_of(table, key): number for table in tables for key, number in table.persons.items()
    }


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
    return completed(values, sums, threshold, small, persons=behind, unseen=unseen)


def small_of(values: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Return the cells that are too small to be shown."""
    return frozenset(cell for cell, value in values.items() if 0 < value < threshold)


def completed(
    values: Mapping[Cell, int],
    sums: Sequence[Sum],
    threshold: int,
    primary: frozenset[Cell],
    settled: frozenset[Cell] = frozenset(),
    persons: Mapping[Cell, int] | None = None,
    unseen: frozenset[Cell] = frozenset(),
) -> frozenset[Cell]:
    """Return the cells to withhold so that nobody can reckon the `primary` ones, with these.

    Those that are `settled` are withheld only where nothing else will do. `persons` are those
    behind each cell; without them each one that a cell counts is another. `unseen` are cells that
    nobody publishes (`withheld_of`); they are among those withheld where any is.
    """
    if not primary:
        return primary
    behind = values if persons is None else persons
    tables = _Tables(values, sums, threshold, settled, behind, unseen)
    return tables.completed(primary)


class _Tables:
    """All cells and sums together, and what is safe among them."""

    def __init__(
        self,
        values: Mapping[Cell, int],
        sums: Sequence[Sum],
        threshold: int,
        settled: frozenset[Cell],
        persons: Mapping[Cell, int],
        unseen: frozenset[Cell],
    ) -> None:
        self._values, self._threshold, self._settled = values, threshold, settled
        self._persons, self._unseen = persons, unseen
        self._harmless = unseen - small_of(persons, threshold)
        self._sums = [(one.total, *one.parts) for one in sums]
        self._in: dict[Cell, list[int]] = {cell: [] for cell in values}
        for number, cells in enumerate(self._sums):
            for cell in cells:
                self._in[cell].append(number)
        self._same = _together(self._sums, values, unseen)

    def completed(self, primary: frozenset[Cell]) -> frozenset[Cell]:
        """Withhold further cells until all is safe, then publish what need not be withheld."""
        withheld = {*primary, *self._unseen}
        everywhere = set(range(len(self._sums)))
        while wanted := self._sums_to_close(withheld):
            # Where all of the sums is withheld, sums that hang together with them tell too much.
            more = self._cheapest(wanted, withheld) or self._cheapest(everywhere, withheld)
            if more is None:
                break
            withheld.add(more)
        spare = withheld - primary - self._unseen
        for cell in sorted(spare, key=lambda x: (len(x.categories), -self._values[x], x)):
            if not self._sums_to_close(withheld - {cell}):
                withheld.remove(cell)
        return frozenset(withheld)

    def _sums_to_close(self, withheld: set[Cell]) -> set[int]:
        """Return the sums in which another cell must be withheld; none where all is safe."""
        telling = self._telling(withheld)
        return telling or self._of(self._pinned(withheld))

    def _of(self, cells: Iterable[Cell]) -> set[int]:
        """Return the sums of cells, and those that have an unseen cell in common with them."""
        own = {number for cell in cells for number in self._in[cell]}
        unseen = {cell for number in own for cell in self._sums[number] if cell in self._unseen}
        return own.union(*(self._in[cell] for cell in unseen))

    def _telling(self, withheld: set[Cell]) -> set[int]:
        """Return the sums that give something away by themselves."""
        touched = {number for cell in withheld for number in self._in[cell]}
        return {number for number in touched if self._tells(self._sums[number], withheld)}

    def _tells(self, cells: tuple[Cell, ...], withheld: set[Cell]) -> bool:
        hidden = [cell for cell in cells if cell in withheld]
        if len(hidden) == 1:
            return hidden[0] not in self._harmless
        left_over = any(self._values[cell] for cell in hidden)
        return (
            cells[0] not in withheld and left_over and self._least(cells, hidden) < self._threshold
        )

    def _least(self, cells: tuple[Cell, ...], hidden: Iterable[Cell]) -> int:
        """Return how many persons are behind the hidden parts of a total, at least.

        One can be behind several of its parts, so they cannot be added up: they are no fewer than
        those of any part, nor than those of the total who are not behind the parts that are shown.
        """
        others = sum(self._persons[cell] for cell in {*cells[1:]}.difference(hidden))
        return max(self._persons[cells[0]] - others, *(self._persons[cell] for cell in hidden))

    def _cheapest(self, wanted: set[int], withheld: set[Cell]) -> Cell | None:
        """Return a cell to withhold in the sums: no total where a part will do.

        Among those it is the one that closes most of the sums and opens fewest others.
        """
        candidates = {
            cell
            for number in wanted
            for cell in self._sums[number]
            if cell not in withheld and self._values[cell] > 0
        }

        def worth(cell: Cell) -> tuple[bool, int, int, int, Cell]:
            opened = sum(
                not any(other in withheld for other in self._sums[number])
                for number in self._in[cell]
            )
            closed = sum(number in wanted for number in self._in[cell])
            known = cell in self._settled
            return known, -len(cell.categories), opened - closed, self._values[cell], cell

        return min(candidates, key=worth, default=None)

    def _pinned(self, withheld: set[Cell]) -> set[Cell]:
        """Return the withheld cells that the sums may give away."""
        rows = [self._row(cells, withheld) for cells in self._sums]
        # One that is 1 cannot be less; nor can one that is 0, where nobody says that it is.
        held = {
            self._same.get(cell, cell)
            for cell in withheld
            if self._values[cell] == (0 if cell in self._unseen else 1)
        }
        moving = {self._same.get(cell, cell) for cell in withheld} - held
        still = unmoved([row for row in rows if row], sorted(moving), sorted(held))
        return {cell for cell in withheld - self._harmless if self._same.get(cell, cell) in still}

    def _row(self, cells: tuple[Cell, ...], withheld: set[Cell]) -> Row[Cell]:
        row: Row[Cell] = {}
        for place, cell in enumerate(cells):
            if cell in withheld:
                one = self._same.get(cell, cell)
                row[one] = row.get(one, 0) + (1 if place else -1)
        return {cell: factor for cell, factor in row.items() if factor}


def _together(
    sums: Iterable[tuple[Cell, ...]], values: Mapping[Cell, int], unseen: frozenset[Cell]
) -> dict[Cell, Cell]:
    """Return for cells that a reader knows to be equal (all else in a sum is 0) one of them."""
    same: dict[Cell, Cell] = {}

    def first(cell: Cell) -> Cell:
        while cell in same:
            cell = same[cell]
        return cell

    for cells in sums:
        there = [cell for cell in cells if values[cell] or cell in unseen]
        if len(there) == 2 and values[there[0]] == values[there[1]]:
            one, other = sorted((first(there[0]), first(there[1])))
            if one != other:
                same[other] = one
    return {cell: first(cell) for cell in list(same)}


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
    within: Mapping[str, Mapping[str, str]] | None = None,
    persons: Mapping[Key, int] | None = None,
) -> Withheld:
    """Return what to withhold of means, given how many each is the mean of, and of whom.

    What was added up for the means obeys the same sums as the counts: where no count can be
    worked out, no such sum can, so a mean is withheld where its count is.
    """
    table = Counts("", dimensions, counts, within or {}, persons=persons or {})
    (hidden,) = suppress([table], threshold)
    return Withheld(hidden, hidden)
