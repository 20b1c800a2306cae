"""The cells of a report's figures: what is added up to what when small numbers are looked for.

A figure has several numbers (of whom it is true, of whom it is known, of whom it is not), and two
figures may say the same one. Each cell has its number, and how many persons are behind it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from application.evaluation.figures import Persons
from application.evaluation.report import Figure, Key, Table

NOT_KNOWN = "(not known)"
"""The group of those of whom the column is not known; None stands for a total there."""

YES, NO, MISSING, REST = "(yes)", "(no)", "(missing)", "(rest)"
KNOWN, ALL, ADDING, SPLIT = "(known)", "(all)", "(adding)", "of "

Parts: TypeAlias = Mapping[str, tuple[str, str]]
"""Of indicators that are a part: the indicator that is the whole, and what it is split by."""

Alike: TypeAlias = Mapping[str, str]
"""Of indicators that ask of the same ones, as a count and a share do: what these are called."""


class Kin(NamedTuple):
    """What indicators have to do with one another; `lacking` are those that miss somebody.

    `inner` has of parts of parts the part that they are a part of; `parts` the whole of both.
    """

    parts: Parts
    alike: Alike
    lacking: frozenset[str] = frozenset()
    inner: Mapping[str, str] = MappingProxyType({})


class Cell(NamedTuple):
    """A cell: of what, in which group (column and word), and its number."""

    counted: str
    group: frozenset[tuple[str, str]]


class Cells(NamedTuple):
    """The cells that a figure tells: of its value, of how many it is made, and the missing.

    `all_`: known and missing together, where a figure of another indicator may say how many.
    `persons` are those behind each.
    """

    value: dict[Cell, int]
    among: Cell
    missing: dict[Cell, int]
    all_: Mapping[Cell, int] = MappingProxyType({})
    persons: Mapping[Cell, int] = MappingProxyType({})


class Numbers(NamedTuple):
    """The number of each cell, and how many persons are behind it."""

    of: dict[Cell, int]
    persons: dict[Cell, int]


def numbers_of(told: Iterable[Cells], parts: Parts) -> Numbers:
    """Return the numbers of all cells; where two figures are one cell, the persons of the fewest.

    Of the rest of a whole it is how many persons there are at least.
    """
    numbers, persons = dict[Cell, int](), dict[Cell, int]()
    for cells in told:
        numbers |= {**cells.value, **cells.missing, **cells.all_}
        for cell, number in cells.persons.items():
            persons[cell] = min(number, persons.get(cell, number))
    rests = dict(_rests(numbers, persons, parts))
    numbers |= {cell: number for cell, (number, _) in rests.items()}
    persons |= {cell: of for cell, (_, of) in rests.items()}
    return Numbers(numbers, persons)


def each_another(figure: Figure) -> Persons:
    """Return the persons behind a figure of which each unit is another person."""
    known, missing = figure.counted or 0, figure.missing or 0
    having = figure.having
    others = None if having is None else known - having
    return Persons(known + missing, known, missing, having, others)


def cells_of(table: Table, figure: Figure, kin: Kin, persons: Persons) -> Cells:
    """Return the cells that a figure tells, with its numbers and the persons behind them."""
    value, missing, all_ = _named(table, figure, kin)
    numbers, of = each_another(figure)._asdict(), persons._asdict()
    if figure.having is None and persons.having is not None:
        # What a sum comes to is of these alone; how many they are is a count of its own.
        numbers["having"] = persons.having
        value["having"] = Cell(f"{table.indicator} {ADDING}", group_of(table.by, figure.key))
    told = [{cell: numbers[name] for name, cell in some.items()} for some in (value, missing, all_)]
    behind = {cell: of[name] for some in (value, missing, all_) for name, cell in some.items()}
    return Cells(told[0], value["counted"], told[1], told[2], behind)


_Named: TypeAlias = dict[str, Cell]
"""The cells of numbers of a figure, by the names that `Persons` has for them."""


def _named(table: Table, figure: Figure, kin: Kin) -> tuple[_Named, _Named, _Named]:
    """Return the cells of a figure's value, of the missing, and of known and missing together."""
    group, id_ = group_of(table.by, figure.key), table.indicator
    if id_ in kin.parts:
        whole, split = kin.parts[id_]
        own, lacking = (Cell(whole, group | {(split, word)}) for word in (id_, MISSING))
        return {"counted": own, **_answers(id_, group, figure)}, {"missing": lacking}, {}
    all_ = Cell(kin.alike.get(id_, id_), group)
    if id_ not in kin.alike:
        answers = _answers(id_, group, figure)
        return {"counted": all_, **answers}, {"missing": Cell(f"{id_} {MISSING}", group)}, {}
    if table.measure == "count" and id_ not in kin.lacking:
        return {"counted": all_}, {}, {}
    words = {"counted": KNOWN, **dict(_told(figure))}
    value = {
        name: Cell(all_.counted, group | {(f"{SPLIT}{id_}", word)}) for name, word in words.items()
    }
    lacking = Cell(all_.counted, group | {(f"{SPLIT}{id_}", MISSING)})
    return value, {"missing": lacking}, {"all_": all_}


def _answers(id_: str, group: frozenset[tuple[str, str]], figure: Figure) -> _Named:
    return {name: Cell(id_, group | {("", word)}) for name, word in _told(figure)}


def _told(figure: Figure) -> Iterable[tuple[str, str]]:
    """Return what a share tells beside those of whom it is known."""
    return () if figure.having is None else (("having", YES), ("others", NO))


def group_of(by: Sequence[str], key: Key) -> frozenset[tuple[str, str]]:
    """Return the columns and words of a group."""
    words = (NOT_KNOWN if word is None else word for word in key)
    return frozenset(zip(by, words, strict=True))


def _rests(
    numbers: Mapping[Cell, int], persons: Mapping[Cell, int], parts: Parts
) -> Iterator[tuple[Cell, tuple[int, int]]]:
    """Yield what is left of each whole in each group: what it says less its parts and missing."""
    for whole, split in dict.fromkeys(parts.values()):
        taken: dict[Cell, list[Cell]] = {}
        for cell in numbers:
            inner = [pair for pair in cell.group if pair[0] == split]
            if cell.counted == whole and inner:
                taken.setdefault(Cell(whole, cell.group - set(inner)), []).append(cell)
        for cell, those in taken.items():
            left = numbers.get(cell, -1) - sum(numbers[one] for one in those)
            if left >= 0:
                least = persons[cell] - sum(persons[one] for one in those)
                rest = Cell(whole, cell.group | {(split, REST)})
                yield rest, (left, min(left, max(1, least)))
