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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from application.evaluation.figures import Persons
from application.evaluation.report import Figure, Key, Place, Table
from application.evaluation.suppression import THRESHOLD, Counts, suppress
from domain.indicators import Indicator

NOT_KNOWN = "(not known)"
"""The group of those of whom the column is not known; None stands for a total there."""

YES, NO, MISSING, REST = "(yes)", "(no)", "(missing)", "(rest)"
KNOWN, ALL, SPLIT = "(known)", "(all)", "of "

_ANSWERS = {YES: KNOWN, NO: KNOWN}
"""Which answers are a part of those that are known."""

Parts: TypeAlias = Mapping[str, tuple[str, str]]
"""Of indicators that are a part: the indicator that is the whole, and what it is split by."""

Alike: TypeAlias = Mapping[str, str]
"""Of indicators that ask of the same ones, as a count and a share do: what these are called."""


class Kin(NamedTuple):
    """What indicators have to do with one another; `lacking` are those that miss somebody."""

    parts: Parts
    alike: Alike
    lacking: frozenset[str] = frozenset()


class _Cell(NamedTuple):
    """A cell: of what, in which group (column and word), and its number."""

    counted: str
    group: frozenset[tuple[str, str]]


class _Cells(NamedTuple):
    """The cells that a figure tells: of its value, of how many it is made, and the missing.

    `all_`: known and missing together, where a figure of another indicator may say how many.
    `persons` are those behind each.
    """

    value: dict[_Cell, int]
    among: _Cell
    missing: dict[_Cell, int]
    all_: Mapping[_Cell, int] = MappingProxyType({})
    persons: Mapping[_Cell, int] = MappingProxyType({})


def kin_of(indicators: Iterable[Indicator]) -> Kin:
    """Return which indicators are a part of which other one, and which ask of the same ones."""
    asked = {one.id: one for one in indicators}
    parts = {one.id: one.part for one in asked.values() if one.part and one.part[0] in asked}
    same: dict[tuple[str, ...], list[str]] = {}
    for one in asked.values():
        if one.id not in parts:
            same.setdefault(_of_whom(one), []).append(one.id)
    alike = {id_: f"{ids[0]} {ALL}" for ids in same.values() if len(ids) > 1 for id_ in ids}
    return Kin(parts, alike)


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
    return {(one.part[0],)} if one.part else {(one.id,), _of_whom(one)}


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
) -> tuple[Table, ...]:
    """Return the tables without groups of fewer than the threshold; 0 and 1 leave all.

    `persons` are those behind each figure; where they are not said, each unit is another person.
    `always` says which tables every report of these indicators has. What those withhold is settled
    first, then each other breakdown by itself, after those of fewer of its columns: so none of them
    depends on which others are asked beside it, and several reports tell no more than one. Nor does
    one of a greater threshold: it withholds what one of 5 does, and more.
    """
    if threshold <= 1:
        return tables
    kin = _of_all(tables, kin)
    told = {
        place: _cells(t, f, kin, persons.get(place) or _each_another(f))
        for t in tables
        for f in t.figures
        for place in [(t.indicator, t.by, f.key)]
    }
    turns = [
        _Turn(
            [t for t in tables if always(t) or columns.issuperset(t.by)],
            [t for t in tables if not always(t) and columns == frozenset(t.by)],
        )
        for columns in _turns(tables, always)
    ]
    settled = _settled(turns, told, kin.parts, min(threshold, THRESHOLD), _Settled(set(), set()))
    if threshold > THRESHOLD:
        settled = _settled(turns, told, kin.parts, threshold, settled)
    return tuple(
        replace(
            table,
            figures=tuple(
                _without(f, told[table.indicator, table.by, f.key], settled.withheld)
                for f in table.figures
                if (table.indicator, table.by) not in settled.untold
            ),
        )
        for table in tables
    )


class _Turn(NamedTuple):
    """A breakdown that is settled: all tables that are told with it, and its own."""

    tables: Sequence[Table]
    own: Sequence[Table]


class _Settled(NamedTuple):
    """Cells that are withheld, and tables (indicator, columns) whose groups are not even named."""

    withheld: set[_Cell]
    untold: set[tuple[str, tuple[str, ...]]]


def _settled(
    turns: Iterable[_Turn],
    told: Mapping[Place, _Cells],
    parts: Parts,
    threshold: int,
    before: _Settled,
) -> _Settled:
    """Return what is withheld when one turn was settled after the other.

    `before` is withheld already: what a report of a smaller threshold does not tell. A breakdown
    that could be told only if what other reports tell were taken back is not told at all: its empty
    groups would tell the others.
    """
    withheld, untold = before
    seen: set[_Cell] = set()
    for turn in turns:
        tables = [t for t in turn.tables if (t.indicator, t.by) not in untold]
        cells = [told[t.indicator, t.by, f.key] for t in tables for f in t.figures]
        numbers = _numbers(cells, parts)
        found = _withheld(numbers, threshold, withheld, seen - withheld)
        if found & (seen - withheld):
            untold = untold | {(t.indicator, t.by) for t in turn.own}
        else:
            withheld = withheld | found
            seen |= numbers.of.keys()
    return _Settled(withheld, untold)


def _turns(tables: Iterable[Table], always: Callable[[Table], bool]) -> list[frozenset[str]]:
    """Return the columns of the breakdowns in the order in which they are settled."""
    others = {frozenset(t.by) for t in tables if not always(t)}
    return [frozenset(), *sorted(others, key=lambda columns: (len(columns), sorted(columns)))]


def _of_all(tables: Iterable[Table], kin: Kin) -> Kin:
    """Return the kin with parts of all that are asked of, instead of parts of the count of these.

    Alike are those that ask of as many in each group, whatever table or unit they count. A count
    that misses somebody is not all; where it has parts, it is looked at with these alone.
    """
    tables = list(tables)
    lacking = frozenset(t.indicator for t in tables if any(f.missing for f in t.figures))
    by_itself = lacking & {whole for whole, _ in kin.parts.values()}
    asked: dict[str, dict[_Cell, int]] = {}
    for t in tables:
        asked.setdefault(t.indicator, {}).update(
            {_Cell("", _group(t.by, f.key)): _asked(f) for f in t.figures}
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
    parts = {id_: (alike.get(whole, whole), split) for id_, (whole, split) in kin.parts.items()}
    return Kin(parts, alike, lacking)


def _asked(figure: Figure) -> int:
    return (figure.counted or 0) + (figure.missing or 0)


def _agree(some: Mapping[_Cell, int], others: Mapping[_Cell, int]) -> bool:
    return all(some[cell] == others[cell] for cell in some.keys() & others.keys())


class _Numbers(NamedTuple):
    """The number of each cell, and how many persons are behind it."""

    of: dict[_Cell, int]
    persons: dict[_Cell, int]


def _numbers(told: Iterable[_Cells], parts: Parts) -> _Numbers:
    """Return the numbers of all cells; where two figures are one cell, the persons of the fewest.

    Of the rest of a whole it is how many persons there are at least.
    """
    numbers, persons = dict[_Cell, int](), dict[_Cell, int]()
    for cells in told:
        numbers |= {**cells.value, **cells.missing, **cells.all_}
        for cell, number in cells.persons.items():
            persons[cell] = min(number, persons.get(cell, number))
    rests = dict(_rests(numbers, persons, parts))
    numbers |= {cell: number for cell, (number, _) in rests.items()}
    persons |= {cell: of for cell, (_, of) in rests.items()}
    return _Numbers(numbers, persons)


def _each_another(figure: Figure) -> Persons:
    """Return the persons behind a figure of which each unit is another person."""
    known, missing = figure.counted or 0, figure.missing or 0
    having = figure.having
    others = None if having is None else known - having
    return Persons(known + missing, known, missing, having, others)


def _cells(table: Table, figure: Figure, kin: Kin, persons: Persons) -> _Cells:
    value, missing, all_ = _named(table, figure, kin)
    numbers, of = _each_another(figure)._asdict(), persons._asdict()
    told = [{cell: numbers[name] for name, cell in some.items()} for some in (value, missing, all_)]
    behind = {cell: of[name] for some in (value, missing, all_) for name, cell in some.items()}
    return _Cells(told[0], value["counted"], told[1], told[2], behind)


_Named: TypeAlias = dict[str, _Cell]
"""The cells of numbers of a figure, by the names that `Persons` has for them."""


def _named(table: Table, figure: Figure, kin: Kin) -> tuple[_Named, _Named, _Named]:
    """Return the cells of a figure's value, of the missing, and of known and missing together."""
    group, id_ = _group(table.by, figure.key), table.indicator
    if id_ in kin.parts:
        whole, split = kin.parts[id_]
        own, lacking = (_Cell(whole, group | {(split, word)}) for word in (id_, MISSING))
        return {"counted": own}, {"missing": lacking}, {}
    all_ = _Cell(kin.alike.get(id_, id_), group)
    if id_ not in kin.alike:
        answers = {name: _Cell(id_, group | {("", word)}) for name, word in _told(figure)}
        return {"counted": all_, **answers}, {"missing": _Cell(f"{id_} {MISSING}", group)}, {}
    if table.measure == "count" and id_ not in kin.lacking:
        return {"counted": all_}, {}, {}
    words = {"counted": KNOWN, **dict(_told(figure))}
    value = {
        name: _Cell(all_.counted, group | {(f"{SPLIT}{id_}", word)}) for name, word in words.items()
    }
    lacking = _Cell(all_.counted, group | {(f"{SPLIT}{id_}", MISSING)})
    return value, {"missing": lacking}, {"all_": all_}


def _told(figure: Figure) -> Iterable[tuple[str, str]]:
    """Return what a share tells beside those of whom it is known."""
    return () if figure.having is None else (("having", YES), ("others", NO))


def _group(by: Sequence[str], key: Key) -> frozenset[tuple[str, str]]:
    words = (NOT_KNOWN if word is None else word for word in key)
    return frozenset(zip(by, words, strict=True))


def _rests(
    numbers: Mapping[_Cell, int], persons: Mapping[_Cell, int], parts: Parts
) -> Iterator[tuple[_Cell, tuple[int, int]]]:
    """Yield what is left of each whole in each group: what it says less its parts and missing."""
    for whole, split in dict.fromkeys(parts.values()):
        taken: dict[_Cell, list[_Cell]] = {}
        for cell in numbers:
            inner = [pair for pair in cell.group if pair[0] == split]
            if cell.counted == whole and inner:
                taken.setdefault(_Cell(whole, cell.group - set(inner)), []).append(cell)
        for cell, those in taken.items():
            left = numbers.get(cell, -1) - sum(numbers[one] for one in those)
            if left >= 0:
                least = persons[cell] - sum(persons[one] for one in those)
                rest = _Cell(whole, cell.group | {(split, REST)})
                yield rest, (left, min(left, max(1, least)))


def _withheld(
    numbers: _Numbers,
    threshold: int,
    before: Set[_Cell] = frozenset(),
    known: Set[_Cell] = frozenset(),
) -> set[_Cell]:
    counts = [
        _counts(counted, numbers) for counted in sorted({cell.counted for cell in numbers.of})
    ]
    earlier, settled = (
        [frozenset(key for key in one.cells if _cell_of(one, key) in of) for one in counts]
        for of in (before, known)
    )
    found = suppress(counts, threshold, earlier, settled)
    return {_cell_of(one, key) for one, keys in zip(counts, found, strict=True) for key in keys}


def _cell_of(one: Counts, key: tuple[str | None, ...]) -> _Cell:
    named = zip(one.dimensions, key, strict=True)
    return _Cell(one.counted, frozenset((name, word) for name, word in named if word))


def _counts(counted: str, numbers: _Numbers) -> Counts:
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


def _is_missing(cell: _Cell) -> bool:
    """Whether it is how many are not known: that is told, however few, where nothing forbids it."""
    return cell.counted.endswith(MISSING) or any(word == MISSING for _, word in cell.group)


def _without(figure: Figure, cells: _Cells, withheld: set[_Cell]) -> Figure:
    missing = None if withheld & cells.missing.keys() else figure.missing
    if not withheld & cells.value.keys():
        return replace(figure, missing=missing)
    counted = None if cells.among in withheld else figure.counted
    return replace(
        figure, value=None, counted=counted, having=None, missing=missing, suppressed=True
    )
