"""A mapping bound to the tables at hand: columns found, joins indexed, expressions made ready."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from application.importing.cells import instant
from application.importing.language import (
    At,
    Columns,
    EventRule,
    Extracted,
    Join,
    Mapping,
    MappingFaults,
    Part,
    RowDoubt,
    StreamOf,
    TableRule,
)
from application.importing.policies import (
    Cell,
    Cells,
    Read,
    Refused,
    Remark,
    Surroundings,
    Unbindable,
    conditions,
)
from application.importing.reading import day_reader, event_reader, reader
from application.importing.shapes import NOTHING
from application.importing.tables import Table, Tables
from domain.faults import Fault

Opened = dict[tuple[str, str, str], str | None]
"""The stream that a row opened: by kind, table and record; None where the row was refused."""


@dataclass(frozen=True, slots=True)
class BoundEvent:
    """An event rule made ready. `when` says whether the row makes the event."""

    rule: EventRule
    when: Callable[[Cells], bool]
    occurred_on: Read
    make: Read


@dataclass(frozen=True, slots=True)
class BoundPart:
    """A part made ready: which stream, for which organisation (opening rows), which events."""

    part: Part
    stream: Read | None
    organisation: Read
    events: tuple[BoundEvent, ...]
    by: Cell | None = None


@dataclass(frozen=True, slots=True)
class BoundTable:
    """A table made ready; without `key` a row's number names it.

    `lookups` are the joins that only serve values: name, cell, index.
    """

    rule: TableRule
    table: Table
    key: Cell | None
    recorded_at: Read
    parts: tuple[BoundPart, ...]
    lookups: tuple[tuple[str, Cell, dict[str, Cells]], ...]
    doubts: tuple[tuple[RowDoubt, Callable[[Cells], bool]], ...] = ()


@dataclass(slots=True)
class Bound:
    """A whole mapping made ready; `doubts` and `opened` fill while rows are read.

    `here` has the client and the journey that the row being read opens or joins, `named` the
    streams of its parents that it names.
    """

    mapping: Mapping
    extracted: date | None
    tables: tuple[BoundTable, ...] = ()
    doubts: list[Remark] = field(default_factory=list)
    opened: Opened = field(default_factory=dict)
    here: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


def together(texts: list[str]) -> str:
    """Return texts as one, such that other texts make another one; empty if all are."""
    if not any(texts):
        return ""
    return "|".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def named(columns: Columns) -> str:
    """Return columns as a finding names them."""
    return ", ".join(columns)


def zone_of(name: str) -> tzinfo:
    """Return the time zone of an IANA name. Raises ValueError or KeyError (ZoneInfoNotFound)."""
    return UTC if name == "UTC" else ZoneInfo(name)


def bind(mapping: Mapping, tables: Tables) -> Bound:
    """Make the mapping ready for the tables. Raises MappingFaults."""
    return _Binding(mapping, tables).bound()


class _Binding:
    """The work of `bind`, with what all tables share."""

    def __init__(self, mapping: Mapping, tables: Tables) -> None:
        self._mapping, self._tables = mapping, tables
        self._rules = {rule.name: rule for rule in mapping.tables}
        self._faults: list[tuple[At, str]] = []
        self._indexes: dict[str, dict[str, Cells]] = {}
        self._bound = Bound(mapping, None)

    def bound(self) -> Bound:
        try:
            self._bound.extracted = self._extracted()
        except Unbindable as unbindable:
            self._note(unbindable)
        ready = [self._table(rule) for rule in self._mapping.tables]
        if self._faults:
            file = self._mapping.file
            raise MappingFaults(
                [Fault(file, *at, message, "not-in-source") for at, message in self._faults]
            )
        self._bound.tables = tuple(one for one in ready if one is not None)
        return self._bound

    def _note(self, unbindable: Unbindable) -> None:
        self._faults.append((unbindable.at, unbindable.message))

    def _extracted(self) -> date | None:
        said = self._mapping.extracted
        if not isinstance(said, Extracted):
            return said.value if said else None
        rows = self._tables.by_name[said.table].rows
        read = reader(said.day, date, None, self._around(self._rules[said.table]))
        try:
            value = read(rows[0].cells) if rows else NOTHING
        except Refused as refused:
            raise Unbindable(
                said.at, f"{refused.remark.message}, not {refused.remark.value!r}"
            ) from None
        if isinstance(value, date):
            return value
        message = f"{said.table} does not say in {said.day.path} when the tables were made"
        raise Unbindable(said.at, message)

    def _around(self, rule: TableRule) -> Surroundings:
        return Surroundings(
            cell=lambda path, at: self._cell(rule, path, at),
            stream=lambda said: self._stream(rule, said),
            doubts=self._bound.doubts,
            decimal=self._mapping.form.decimal,
            zone=zone_of(self._mapping.time_zone),
            faults=self._faults,
        )

    def _table(self, rule: TableRule) -> BoundTable | None:
        around = self._around(rule)
        try:
            key = self._key(rule, rule.key, rule.at) if rule.key else None
            recorded = instant(rule.recorded_at, around) if rule.recorded_at else _nothing
        except Unbindable as unbindable:
            self._note(unbindable)
            return None
        parts = tuple(self._part(rule, part, around) for part in rule.parts)
        opening = {part.parent for part in rule.parts}
        lookups = tuple(
            (name, self._key(rule, join.columns, join.at), self._index(join.table))
            for name, join in rule.parents.items()
            if name not in opening and self._has(rule, join)
        )
        doubts = tuple(one for doubt in rule.doubts if (one := self._doubt(doubt, around)))
        table = self._tables.by_name[rule.name]
        return BoundTable(rule, table, key, recorded, parts, lookups, doubts)

    def _doubt(
        self, said: RowDoubt, around: Surroundings
    ) -> tuple[RowDoubt, Callable[[Cells], bool]] | None:
        try:
            return said, conditions(said.when, around)
        except Unbindable as unbindable:
            self._note(unbindable)
            return None

    def _part(self, rule: TableRule, part: Part, around: Surroundings) -> BoundPart:
        stream: Read = _nothing
        organisation: Read = _nothing
        try:
            if part.parent is not None:
                stream = self._stream(rule, StreamOf(part.at, part.kind, part.parent))
            if part.organisation is not None:
                organisation = reader(part.organisation, str, None, around)
        except Unbindable as unbindable:
            self._note(unbindable)
        events = tuple(one for e in part.events if (one := _event(e, around)))
        by = self._by(rule, part)
        return BoundPart(part, stream if part.parent else None, organisation, events, by)

    def _by(self, rule: TableRule, part: Part) -> Cell | None:
        try:
            return self._key(rule, part.by, part.at) if part.by else None
        except Unbindable as unbindable:
            self._note(unbindable)
            return None

    def _has(self, rule: TableRule, join: Join) -> bool:
        missing = set(join.columns).difference(self._tables.by_name[rule.name].header)
        self._faults += [(join.at, self._no_column(rule, column)) for column in sorted(missing)]
        return not missing

    def _key(self, rule: TableRule, columns: Columns, at: At) -> Cell:
        """Return what reads the cells that together name something, put together as one text."""
        cells = [self._own(rule, column, at) for column in columns]
        if len(cells) == 1:
            return cells[0]
        return lambda row: together([cell(row) for cell in cells])

    def _no_column(self, rule: TableRule, column: str) -> str:
        table = self._tables.by_name[rule.name]
        return f"{table.file} has no column {column!r}; it has {', '.join(table.header)}"

    def _own(self, rule: TableRule, column: str, at: At) -> Cell:
        header = self._tables.by_name[rule.name].header
        if column not in header:
            raise Unbindable(at, self._no_column(rule, column))
        place = header.index(column)
        return lambda cells: cells[place].strip()

    def _cell(self, rule: TableRule, path: str, at: At) -> Cell:
        """Return what reads a column of the row, or of its parent (`Parent.Column`)."""
        parent, dot, rest = path.partition(".")
        if path in self._tables.by_name[rule.name].header or not dot:
            return self._own(rule, path, at)
        join = rule.parents.get(parent)
        if join is None:
            message = f"{rule.name} has no parent {parent!r}: name it under `parents`"
            raise Unbindable(at, message)
        key, index = self._key(rule, join.columns, join.at), self._index(join.table)
        far = self._cell(self._rules[join.table], rest, at)

        def cell(cells: Cells) -> str:
            row = index.get(key(cells))
            return "" if row is None else far(row)

        return cell

    def _index(self, name: str) -> dict[str, Cells]:
        """Return the rows of a table by their key, the first where a key comes twice."""
        index = self._indexes.get(name)
        if index is None:
            index = self._indexes[name] = {}
            rule = self._rules[name]
            if set(rule.key) <= set(self._tables.by_name[name].header):
                key = self._key(rule, rule.key, rule.at)
                for row in self._tables.by_name[name].rows:
                    if record := key(row.cells):
                        index.setdefault(record, row.cells)
        return index

    def _stream(self, rule: TableRule, said: StreamOf) -> Read:
        kind, opened, here = said.kind, self._bound.opened, self._bound.here
        names = self._bound.named
        if said.parent is None:
            return lambda _cells: here[kind]
        if said.parent not in rule.parents:
            raise Unbindable(said.at, f"{rule.name} has no parent {said.parent!r}")
        table, columns, _ = rule.parents[said.parent]
        key = self._key(rule, columns, said.at)

        def stream(cells: Cells) -> Any:
            record = key(cells)
            found = opened.get((kind, table, record), "")
            if found:
                names.add(f"{kind}:{found}")
                return found
            code = "parent-missing" if found == "" else "parent-refused"
            why = "is not there" if found == "" else "was refused"
            message = f"the row of {table} that opens the {kind} {why}"
            raise Refused(Remark(code, named(columns), record, message))

        return stream


def _nothing(_cells: Cells) -> Any:
    return NOTHING


def _event(event: EventRule, around: Surroundings) -> BoundEvent | None:
    occurred_on = day_reader(event.occurred_on, around)
    make = event_reader(event.shape, event.at, event.fields, around)
    try:
        when = conditions(event.when, around)
    except Unbindable as unbindable:
        around.faults.append((unbindable.at, unbindable.message))
        return None
    return BoundEvent(event, when, occurred_on, make)
