"""Where small numbers are taken out of a report's tables (`suppression` says how they are found).

All tables of an indicator are looked at together, so that no total gives a group away. A share is
three cells: those of whom it is true, those of whom it is not, and both. Of whom it is not known is
a cell, too. An indicator that is a part of another (employed, of all participants) is looked at as
one: all, the parts, the missing, and the rest, which anybody can reckon.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from application.evaluation.report import Figure, Key, Table
from application.evaluation.suppression import Counts, suppress
from domain.indicators import Indicator

NOT_KNOWN = "(not known)"
"""The group of those of whom the column is not known; None stands for a total there."""

YES, NO, MISSING, REST = "(yes)", "(no)", "(missing)", "(rest)"

Parts: TypeAlias = Mapping[str, tuple[str, str]]
"""Of indicators that are a part: the indicator that is the whole, and what it is split by."""


class _Cell(NamedTuple):
    """A cell: of what, in which group (column and word), and its number."""

    counted: str
    group: frozenset[tuple[str, str]]


class _Cells(NamedTuple):
    """The cells that a figure tells: of its value, of how many it is made, and the missing."""

    value: dict[_Cell, int]
    among: _Cell
    missing: dict[_Cell, int]


def parts_of(indicators: Iterable[Indicator]) -> Parts:
    """Return which indicators are a part of which other one that is asked, too."""
    asked = {one.id: one for one in indicators}
    return {one.id: one.part for one in asked.values() if one.part and one.part[0] in asked}


def suppressed(tables: tuple[Table, ...], threshold: int, parts: Parts) -> tuple[Table, ...]:
    """Return the tables without groups of fewer than the threshold; 0 and 1 leave all."""
    if threshold <= 1:
        return tables
    told = {(t.indicator, t.by, f.key): _cells(t, f, parts) for t in tables for f in t.figures}
    numbers: dict[_Cell, int] = {}
    for cells in told.values():
        numbers |= cells.value | cells.missing
    numbers |= dict(_rests(numbers, parts))
    withheld = _withheld(numbers, threshold)
    return tuple(
        replace(
            table,
            figures=tuple(
                _without(f, told[table.indicator, table.by, f.key], withheld) for f in table.figures
            ),
        )
        for table in tables
    )


def _cells(table: Table, figure: Figure, parts: Parts) -> _Cells:
    group = _group(table.by, figure.key)
    among, unknown = figure.counted or 0, figure.missing or 0
    if table.indicator in parts:
        whole, split = parts[table.indicator]
        own = _Cell(whole, group | {(split, table.indicator)})
        return _Cells({own: among}, own, {_Cell(whole, group | {(split, MISSING)}): unknown})
    all_ = _Cell(table.indicator, group)
    missing = {_Cell(f"{table.indicator} {MISSING}", group): unknown}
    if figure.having is None:
        return _Cells({all_: among}, all_, missing)
    answers = {YES: figure.having, NO: among - figure.having}
    value = {_Cell(all_.counted, group | {("", word)}): n for word, n in answers.items()}
    return _Cells({all_: among, **value}, all_, missing)


def _group(by: Sequence[str], key: Key) -> frozenset[tuple[str, str]]:
    words = (NOT_KNOWN if word is None else word for word in key)
    return frozenset(zip(by, words, strict=True))


def _rests(numbers: Mapping[_Cell, int], parts: Parts) -> Iterator[tuple[_Cell, int]]:
    """Yield what is left of each whole in each group: what it says less its parts and missing."""
    for whole, split in dict.fromkeys(parts.values()):
        taken: dict[_Cell, int] = {}
        for cell, number in numbers.items():
            inner = [pair for pair in cell.group if pair[0] == split]
            if cell.counted == whole and inner:
                of = _Cell(whole, cell.group - set(inner))
                taken[of] = taken.get(of, 0) + number
        for cell, number in taken.items():
            if cell in numbers and numbers[cell] >= number:
                yield _Cell(whole, cell.group | {(split, REST)}), numbers[cell] - number


def _withheld(numbers: Mapping[_Cell, int], threshold: int) -> set[_Cell]:
    counts = [_counts(counted, numbers) for counted in sorted({cell.counted for cell in numbers})]
    return {
        _Cell(one.counted, frozenset((d, w) for d, w in zip(one.dimensions, key, strict=True) if w))
        for one, keys in zip(counts, suppress(counts, threshold), strict=True)
        for key in keys
    }


def _counts(counted: str, numbers: Mapping[_Cell, int]) -> Counts:
    """Return all cells of one count as a table, a total where a cell says nothing of a column."""
    own = {cell.group: number for cell, number in numbers.items() if cell.counted == counted}
    dimensions = tuple(sorted({name for group in own for name, _ in group}))
    cells = {
        tuple(dict(group).get(name) for name in dimensions): number for group, number in own.items()
    }
    return Counts(counted, dimensions, cells)


def _without(figure: Figure, cells: _Cells, withheld: set[_Cell]) -> Figure:
    missing = None if withheld & cells.missing.keys() else figure.missing
    if not withheld & cells.value.keys():
        return replace(figure, missing=missing)
    counted = None if cells.among in withheld else figure.counted
    return replace(
        figure, value=None, counted=counted, having=None, missing=missing, suppressed=True
    )
