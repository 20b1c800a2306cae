"""Where small numbers are taken out of a report's tables (`suppression` says how they are found).

All tables of an indicator are looked at together, so that no total gives a group away. A share is
three cells: those of whom it is true, those of whom it is not, and both. Of whom it is not known is
a cell, too; it tells nothing of anybody, so it is shown however small, and withheld only where it
would give another one away. An indicator that is a part of another (employed, of all participants)
is looked at as one: all, the parts, the missing, and the rest, which anybody can reckon. Indicators
that ask of the same ones (how many they are; of how many of them something is true) are looked at
as one, too: the known and the missing of each are together all, and another one may tell how many
these are.

Fewer than the threshold are persons, whatever is counted: of payments, placements or journeys one
person can have many. So each cell has, beside its number, how many persons are behind it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from application.evaluation import published
from application.evaluation.cells import (
    ALL,
    KNOWN,
    MISSING,
    NO,
    SPLIT,
    YES,
    Cell,
    Cells,
    Kin,
    Numbers,
    Parts,
    cells_of,
    each_another,
    group_of,
    numbers_of,
)
from application.evaluation.coarser import (
    Tie,
    finer_last,
    ties_of,
    ties_of_inner,
    ties_of_shares,
    told_with,
)
from application.evaluation.figures import Persons
from application.evaluation.published import Counts, Sum
from application.evaluation.report import Figure, Place, Table
from application.evaluation.suppression import THRESHOLD, suppress
from domain.indicators import Indicator

_ANSWERS = {YES: KNOWN, NO: KNOWN}
"""Which answers are a part of those that are known."""


def kin_of(indicators: Iterable[Indicator]) -> Kin:
    """Return which indicators are a part of which other one, and which ask of the same ones."""
    asked = {one.id: one for one in indicators}
    named = {one.id: one.part for one in asked.values() if one.part and one.part[0] in asked}
    outermost = {whole: _outermost(whole, named) for whole, _ in named.values()}
    inner = {id_: whole for id_, (whole, _) in named.items() if whole != outermost[whole]}
    parts = {
        # Parts of a part are none beside it, by whatever word both are split.
        id_: (outermost[whole], f"{whole} {split}" if id_ in inner else split)
        for id_, (whole, split) in named.items()
    }
    same: dict[tuple[str, ...], list[str]] = {}
    for one in asked.values():
        if one.id not in parts:
            same.setdefault(_of_whom(one), []).append(one.id)
    alike = {id_: f"{ids[0]} {ALL}" for ids in same.values() if len(ids) > 1 for id_ in ids}
    return Kin(parts, alike, inner=inner)


def _outermost(whole: str, named: Parts) -> str:
    """Return what a whole is a part of at last; of parts of one another, the first."""
    seen = {whole: None}
    while whole in named and named[whole][0] not in seen:
        whole = named[whole][0]
        seen[whole] = None
    return whole


def related(chosen: Iterable[Indicator], every: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Return those of all indicators that tell something of the chosen ones, and these.

    What one report withholds another one must not tell, whichever indicators each is asked for.
    """
    found, before = {one.id for one in chosen}, set[str]()
    while found != before:
        before = found
        told = {name for one in every if one.id in found for name in _names(one)}
        found = {one.id for one in every if told & _names(one)}
    return tuple(one for one in every if one.id in found)


def _names(one: Indicator) -> set[tuple[str, ...]]:
    """Return what ties an indicator to others: whom it asks of, and what it is a part of."""
    return {(one.id,), (one.part[0],)} if one.part else {(one.id,), _of_whom(one)}


def _of_whom(one: Indicator) -> tuple[str, ...]:
    """Return the words that say whom it asks of; whether these are the same, the numbers show."""
    who = f"cel {one.facts.who}" if one.facts else one.who
    return "whom", " ".join(who.split())


def suppressed(
    tables: tuple[Table, ...],
    threshold: int,
    kin: Kin,
    always: Callable[[Table], bool] = lambda _table: True,
    persons: Mapping[Place, Persons] = MappingProxyType({}),
    tying: Sequence[Table] = (),
) -> tuple[Table, ...]:
    """Return the tables without groups of fewer than the threshold; 0 and 1 leave all.

    `persons` are those behind each figure; where they are not said, each unit is another person.
    `always` says which tables every report of these indicators has. What those withhold is settled
    first, then each other breakdown by itself, after those of fewer of its columns, or of coarser
    ones: so none of them depends on which others are asked beside it, and several reports tell no
    more than one. `tying` are tables that nobody is told, which tie these to one another
    (`coarser`). Nor does a report of a greater threshold tell more: it withholds what one of 5
    does, and more. Of few in all no group is named: each that is withheld has one at least, and
    four of fewer than five have one each.
    """
    if threshold <= 1:
        return tables
    kin = _of_all(tables, kin)
    told = _cells_told((*tables, *tying), kin, persons)
    turns = _turns(tables, always)
    settled = _settled(turns, told, kin, min(threshold, THRESHOLD), _Settled(set(), set()))
    if threshold > THRESHOLD:
        settled = _settled(turns, told, kin, threshold, settled)
    few = _of_few(tables, persons, threshold)
    return tuple(
        replace(table, figures=())
        if (table.indicator, table.by) in settled.untold or (table.by and table.indicator in few)
        else _without_cells(table, told, settled.withheld)
        for table in tables
    )


def _cells_told(
    tables: Iterable[Table], kin: Kin, persons: Mapping[Place, Persons]
) -> dict[Place, Cells]:
    """Return the cells that each figure tells."""
    return {
        place: cells_of(t, f, kin, persons.get(place) or each_another(f))
        for t in tables
        for f in t.figures
        for place in [(t.indicator, t.by, f.key)]
    }


def _without_cells(table: Table, told: Mapping[Place, Cells], withheld: set[Cell]) -> Table:
    """Return the table, each figure without what its withheld cells tell."""
    figures = (_without(f, told[table.indicator, table.by, f.key], withheld) for f in table.figures)
    return replace(table, figures=tuple(figures))


def _of_few(
    tables: Iterable[Table], persons: Mapping[Place, Persons], threshold: int
) -> frozenset[str]:
    """Return the indicators of which few persons are counted in all."""
    return frozenset(
        t.indicator
        for t in tables
        for f in t.figures
        if not t.by
        and 0 < (persons.get((t.indicator, t.by, f.key)) or each_another(f)).counted < threshold
    )


class _Turn(NamedTuple):
    """A breakdown that is settled: all tables that are told with it, and its own."""

    tables: Sequence[Table]
    own: Sequence[Table]


class _Settled(NamedTuple):
    """Cells that are withheld, and tables (indicator, columns) whose groups are not even named."""

    withheld: set[Cell]
    untold: set[tuple[str, tuple[str, ...]]]


def _settled(
    turns: Iterable[_Turn],
    told: Mapping[Place, Cells],
    kin: Kin,
    threshold: int,
    before: _Settled,
) -> _Settled:
    """Return what is withheld when one turn was settled after the other.

    `before` is withheld already: what a report of a smaller threshold does not tell. A breakdown
    that could be told only if what other reports tell were taken back is not told at all: its empty
    groups would tell the others.
    """
    withheld, untold = before
    seen: set[Cell] = set()
    for turn in turns:
        tables = [t for t in turn.tables if (t.indicator, t.by) not in untold]
        cells = [told[t.indicator, t.by, f.key] for t in tables for f in t.figures]
        numbers = numbers_of(cells, kin.parts)
        ties = [
            *ties_of(told, numbers.of),
            *ties_of_inner(told, kin, numbers.of),
            *ties_of_shares(told, kin, numbers.of),
        ]
        found = _withheld(numbers, threshold, withheld, seen - withheld, ties)
        if found & (seen - withheld):
            untold = untold | {(t.indicator, t.by) for t in turn.own}
        else:
            withheld = withheld | found
            seen |= numbers.of.keys()
    return _Settled(withheld, untold)


def _turns(tables: Sequence[Table], always: Callable[[Table], bool]) -> list[_Turn]:
    """Return the breakdowns in the order in which they are settled: that of every report first."""
    others = {frozenset(t.by) for t in tables if not always(t)}
    return [
        _Turn(
            [t for t in tables if always(t) or frozenset(t.by) in told_with(columns)],
            [t for t in tables if not always(t) and columns == frozenset(t.by)],
        )
        for columns in (frozenset[str](), *sorted(others, key=finer_last))
    ]


def _of_all(tables: Iterable[Table], kin: Kin) -> Kin:
    """Return the kin with parts of all that are asked of, instead of parts of the count of these.

    Alike are those that ask of as many in each group, whatever table or unit they count. A count
    that misses somebody is not all; where it has parts, it is looked at with these alone.
    """
    tables = list(tables)
    lacking = frozenset(t.indicator for t in tables if any(f.missing for f in t.figures))
    by_itself = lacking & {whole for whole, _ in kin.parts.values()}
    asked: dict[str, dict[Cell, int]] = {}
    for t in tables:
        asked.setdefault(t.indicator, {}).update(
            {Cell("", group_of(t.by, f.key)): _asked(f) for f in t.figures}
        )
    alike: dict[str, str] = {}
    for id_, numbers in asked.items():
        like = [one for one, all_ in alike.items() if all_ == kin.alike.get(id_)]
        if (
            id_ in kin.alike
            and id_ not in by_itself
            and all(_agree(numbers, asked[one]) for one in like)
        ):
            alike[id_] = kin.alike[id_]
    parts = {
        # Where some are not known of the whole either, its parts are those of all that it asks of.
        id_: (f"{whole} {ALL}", f"{whole} {split}")
        if whole in by_itself
        else (alike.get(whole, whole), split)
        for id_, (whole, split) in kin.parts.items()
    }
    inner = {id_: whole for id_, (whole, _) in kin.parts.items() if whole in by_itself}
    return Kin(parts, alike, lacking, {**inner, **kin.inner})


def _asked(figure: Figure) -> int:
    return (figure.counted or 0) + (figure.missing or 0)


def _agree(some: Mapping[Cell, int], others: Mapping[Cell, int]) -> bool:
    return all(some[cell] == others[cell] for cell in some.keys() & others.keys())


def _withheld(
    numbers: Numbers,
    threshold: int,
    before: Set[Cell] = frozenset(),
    known: Set[Cell] = frozenset(),
    ties: Iterable[Tie] = (),
) -> set[Cell]:
    counts = [
        _counts(counted, numbers) for counted in sorted({cell.counted for cell in numbers.of})
    ]
    earlier, settled = (
        [frozenset(key for key in one.cells if _cell_of(one, key) in of) for one in counts]
        for of in (before, known)
    )
    sums, unseen = _sums_of(ties)
    found = suppress(counts, threshold, earlier, settled, sums, unseen)
    return {_cell_of(one, key) for one, keys in zip(counts, found, strict=True) for key in keys}


def _sums_of(ties: Iterable[Tie]) -> tuple[list[Sum], dict[published.Cell, int]]:
    """Return the ties as sums, and what nobody is told but that cells of both sides come to it."""
    sums, unseen = list[Sum](), dict[published.Cell, int]()
    for number, tie in enumerate(ties):
        finer, coarser = (tuple(map(_published, cells)) for cells in (tie.finer, tie.coarser))
        unseen |= {_published(cell): left for cell, left in tie.rest.items()}
        if len(coarser) == 1:
            sums.append(Sum(coarser[0], finer))
        elif len(finer) == 1:
            sums.append(Sum(finer[0], coarser))
        else:
            both = published.Cell("together", (("tie", str(number)),))
            unseen[both] = tie.number
            sums += [Sum(both, finer), Sum(both, coarser)]
    return sums, unseen


def _published(cell: Cell) -> published.Cell:
    return published.Cell(cell.counted, tuple(sorted(cell.group)))


def _cell_of(one: Counts, key: tuple[str | None, ...]) -> Cell:
    named = zip(one.dimensions, key, strict=True)
    return Cell(one.counted, frozenset((name, word) for name, word in named if word))


def _counts(counted: str, numbers: Numbers) -> Counts:
    """Return all cells of one count as a table, a total where a cell says nothing of a column."""
    own = {cell: cell.group for cell in numbers.of if cell.counted == counted}
    dimensions = tuple(sorted({name for group in own.values() for name, _ in group}))
    keys = {
        cell: tuple(dict(group).get(name) for name in dimensions) for cell, group in own.items()
    }
    cells, persons = ({key: of[cell] for cell, key in keys.items()} for of in numbers)
    within = {name: _ANSWERS for name in dimensions if name.startswith(SPLIT)}
    one = Counts(counted, dimensions, cells, within, persons=persons)
    return replace(one, shown=frozenset(key for key in cells if _is_missing(_cell_of(one, key))))


def _is_missing(cell: Cell) -> bool:
    """Whether it is how many are not known: that is told, however few, where nothing forbids it."""
    return cell.counted.endswith(MISSING) or any(word == MISSING for _, word in cell.group)


def _without(figure: Figure, cells: Cells, withheld: set[Cell]) -> Figure:
    missing = None if withheld & cells.missing.keys() else figure.missing
    if not withheld & cells.value.keys():
        return replace(figure, missing=missing)
    counted = None if cells.among in withheld else figure.counted
    return replace(
        figure, value=None, counted=counted, having=None, missing=missing, suppressed=True
    )
