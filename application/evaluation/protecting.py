"""Which cells must be withheld beside small ones, so that no sum gives any of them away.

The check is linear algebra. Withheld cells of 1 are held where they are, the others may move:
a cell is safe where some movement that keeps every published sum moves it. That is enough for its
least and greatest value to differ (and a little stricter than needed). Cells are then published
again, the largest first, where all stays safe without them. The outcome depends on nothing but the
tables. See A. Hundepool and others, Statistical Disclosure Control (2012), chapter 4.
"""

from collections.abc import Iterable, Mapping, Sequence

from application.evaluation.movements import Row, unmoved
from application.evaluation.published import Cell, Sum


def small_of(values: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Return the cells that are too small to be shown."""
    return frozenset(cell for cell, value in values.items() if 0 < value < threshold)


def completed(
    values: Mapping[Cell, int],
    sums: Sequence[Sum],
    threshold: int,
    primary: frozenset[Cell],
    persons: Mapping[Cell, int],
    settled: frozenset[Cell] = frozenset(),
    unseen: frozenset[Cell] = frozenset(),
) -> frozenset[Cell]:
    """Return the cells to withhold so that nobody can reckon the `primary` ones, with these.

    `persons` are those behind each cell. Those that are `settled` are withheld only where nothing
    else will do. `unseen` are cells that nobody publishes (`suppression.withheld_of`); they are
    among those withheld where any is.
    """
    if not primary:
        return primary
    tables = _Tables(values, sums, threshold, settled, persons, unseen)
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
