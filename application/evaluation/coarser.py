"""Columns of which one tells the other, and what their tables tell of one another.

Who answers for a journey is of the organisation that is responsible for it, and one that has no end
yet has no destination. So the numbers of some groups of the one column are together those of a
group of the other, as anybody knows who reads both; they are looked at together then, and in the
same way whichever of them a report is asked for: the coarser one is settled first. Which groups
belong together is read off the journeys, by both columns at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from application.evaluation.cells import REST, Cell, Cells, Kin, group_of
from application.evaluation.report import Place
from application.evaluation.wanted import Breakdown

COARSER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "responsible_organisation": ("organisation",),
        "responsible_person": ("organisation",),
        "person": ("organisation",),
        "phase_since": ("phase",),
        "end_state": ("status",),
        "destination": ("status", "end_state"),
        "closed_on": ("status", "end_state", "destination"),
        "assessed_on": ("eligible",),
        "plan_agreed_on": ("plan_revisions",),
        "placement_started_on": ("placements_started",),
        "birth_year": ("age_at_start",),
        "result": ("status",),
        "kind": ("what",),
    }
)
"""Of columns, those that they tell, at least of some of their groups."""

Columns: TypeAlias = frozenset[str]


def told_with(columns: Iterable[str]) -> frozenset[Columns]:
    """Return the breakdowns that are looked at together with one by these columns.

    They are those by some of the columns alone, and by coarser ones in their place.
    """
    ways = product(*([None, name, *COARSER.get(name, ())] for name in columns))
    return frozenset(frozenset(name for name in way if name) for way in ways)


def finer_last(columns: Columns) -> tuple[int, int, list[str]]:
    """Return by what breakdowns are put in order: few columns first, and coarse ones."""
    return len(columns), sum(len(COARSER.get(name, ())) for name in columns), sorted(columns)


def beside(by: Iterable[Breakdown]) -> list[Breakdown]:
    """Return the breakdowns that are looked at together with these, beside them."""
    asked = {frozenset(one) for one in by}
    return _in_order({some for one in asked for some in told_with(one) if some} - asked)


def tying(by: Iterable[Breakdown]) -> list[Breakdown]:
    """Return the breakdowns that tie any of these to a coarser one, where they are not of them."""
    asked = {frozenset(one) for one in by}
    return _in_order(
        {one | {x} for one in asked for name in one for x in COARSER.get(name, ())} - asked
    )


def _in_order(those: Iterable[Columns]) -> list[Breakdown]:
    return [tuple(sorted(one)) for one in sorted(those, key=finer_last)]


class Tie(NamedTuple):
    """Cells that are together what others are, and how many that is; `rest` is one nobody tells."""

    finer: tuple[Cell, ...]
    coarser: tuple[Cell, ...]
    number: int
    rest: Mapping[Cell, int] = MappingProxyType({})


def ties_of(told: Mapping[Place, Cells], numbers: Mapping[Cell, int]) -> Iterator[Tie]:
    """Yield what the cells of tables tell of one another, of those that have a number here.

    `told` are those of every figure; what ties two groups is a figure of both their columns.
    """
    groups: dict[tuple[str, str], list[tuple[Cell, Cell]]] = {}
    for (_, by, _), cells in told.items():
        for finer, coarser in ((x, y) for x in by for y in COARSER.get(x, ()) if y in by):
            for cell, number in (*cells.value.items(), *cells.missing.items(), *cells.all_.items()):
                two = _without(cell, coarser), _without(cell, finer)
                if number and numbers.keys() >= {*two}:
                    groups.setdefault((finer, coarser), []).append(two)
    for _, pairs in sorted(groups.items()):
        for some, others in _together(pairs):
            yield Tie(some, others, sum(numbers[cell] for cell in others))


def ties_of_inner(
    told: Mapping[Place, Cells], kin: Kin, numbers: Mapping[Cell, int]
) -> Iterator[Tie]:
    """Yield what parts of parts tell of these: what is left of them in each group.

    Whoever is not known of the one is not known of what is a part of it either, nor of the others
    that it is split into by the same word.
    """
    parts: dict[tuple[Place, str], list[Cells]] = {}
    for (id_, by, key), cells in told.items():
        if id_ in kin.inner and cells.among in numbers:
            place = kin.inner[id_], by, key
            parts.setdefault((place, kin.parts[id_][1]), []).append(cells)
    for (place, split), those in parts.items():
        of = told.get(place)
        if of is None or of.among not in numbers:
            continue
        part = {cell: number for cells in those for cell, number in _some_of(cells).items()}
        whole = _some_of(of)
        left = sum(whole.values()) - sum(part.values())
        if part and whole and left >= 0:
            # Of nobody nothing is left, as anybody knows who reads that.
            rest = {Cell(f"{split} {REST}", group_of(*place[1:])): left}
            if not left and not numbers[of.among]:
                rest = {}
            yield Tie((*part, *rest), tuple(whole), sum(whole.values()), rest)


def ties_of_shares(
    told: Mapping[Place, Cells], kin: Kin, numbers: Mapping[Cell, int]
) -> Iterator[Tie]:
    """Yield what shares of parts tell of these: of whom it is true and is not, are the part."""
    for (id_, _, _), cells in told.items():
        answers = [x for x, n in cells.value.items() if n and x.counted == id_ and x in numbers]
        if id_ in kin.parts and answers and cells.among in numbers:
            yield Tie(tuple(answers), (cells.among,), numbers[cells.among])


def _some_of(cells: Cells) -> dict[Cell, int]:
    """Return of how many a figure is made and of how many not, without what it says of these."""
    asked = {cells.among: cells.value[cells.among], **cells.missing}
    return {cell: number for cell, number in asked.items() if number}


def _without(cell: Cell, column: str) -> Cell:
    return Cell(cell.counted, frozenset(one for one in cell.group if one[0] != column))


def _together(
    pairs: Iterable[tuple[Cell, Cell]],
) -> Iterator[tuple[tuple[Cell, ...], tuple[Cell, ...]]]:
    """Yield the cells of both sides that hang together by the pairs."""
    of: dict[Cell, set[Cell]] = {}
    for some, other in pairs:
        of.setdefault(some, set()).add(other)
    while of:
        first, others = of.popitem()
        finer, grown = {first}, True
        while grown:
            more = {cell for cell, there in of.items() if there & others}
            grown = bool(more)
            finer |= more
            others = others.union(*(of.pop(cell) for cell in more))
        yield _sorted(finer), _sorted(others)


def _sorted(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda cell: (cell.counted, sorted(cell.group))))
