"""Rows turned into historic entries, without touching the log.

Imported entries are claims of another system, so no decision guards them: what looks wrong is
doubted in the report, not refused, unless the mapping says so. A row is one thing: all of its
entries are brought in, or none. A row that opens a client or a journey and is refused takes the
rows that belong to it along (`parent-refused`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from application.importing.binding import (
    Bound,
    BoundEvent,
    BoundPart,
    BoundTable,
    bind,
    named,
)
from application.importing.doubts import (
    Doubt,
    doubts_of_a_day,
    doubts_of_a_start,
    doubts_of_an_end,
    severities,
)
from application.importing.ids import IdOf
from application.importing.language import Mapping
from application.importing.policies import Refused, Remark
from application.importing.reading import columns_of
from application.importing.report import Finding, Report, RowId, TableCount, shown
from application.importing.rows import asked_of, check_line, record_of, shared_by
from application.importing.shapes import NOTHING
from application.importing.streams import History, Line, OpenStream, Order
from application.importing.tables import Row, Tables
from application.ports import Fresh
from domain.entry import By, Source


def convert(
    mapping: Mapping, tables: Tables, today: date, id_of: IdOf
) -> tuple[list[History], Report]:
    """Turn all rows into histories, and report on every row that is refused or doubtful.

    `today` stands in for the day the tables were made where the mapping does not say it, `id_of`
    names what a row opens. Raises MappingFaults where the mapping and the tables do not go
    together.
    """
    conversion = _Conversion(bind(mapping, tables), tables, today, id_of)
    return conversion.histories(), conversion.report


@dataclass(slots=True)
class _RowAtHand:
    """A row while it is read: what it opens and brings is kept back until all of it is read."""

    place: int
    table: BoundTable
    row: Row
    record: str
    source: Source
    recorded_on: date | None
    joining: list[Line] = field(default_factory=list)
    streams: list[OpenStream] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class _Conversion:
    """One run over all rows."""

    def __init__(self, bound: Bound, tables: Tables, today: date, id_of: IdOf) -> None:
        mapping = bound.mapping
        self._bound, self._mapping, self._id_of = bound, mapping, id_of
        self._extracted = bound.extracted or today
        self._severity = severities(mapping)
        self._streams: dict[str, OpenStream] = {}
        self._refused: set[RowId] = set()
        self._doubtful: set[RowId] = set()
        self._only_joined: set[RowId] = set()
        self._naming: dict[str, set[RowId]] = {}
        self.report = Report(tables.source, mapping.file, dry_run=False, atomic="")
        self.report.unmapped = tables.unmapped
        self._files = {table.rule.name: table.table.file for table in bound.tables}

    def histories(self) -> list[History]:
        for place, table in enumerate(self._bound.tables):
            self._read_table(place, table)
        self._doubt_journeys()
        self._leave_out_refused()
        self._count()
        return [stream.history() for stream in self._streams.values()]

    # Rows

    def _read_table(self, place: int, table: BoundTable) -> None:
        name, read = table.rule.name, table.table
        rows = len(read.rows) + len(read.bad)
        self.report.tables.append(TableCount(name, read.file, rows))
        for bad in read.bad:
            self._refuse((name, bad.number), Remark(bad.code, named(bad.columns), "", bad.message))
        seen: dict[str, int] = {}
        for row in read.rows:
            try:
                record = record_of(table, row, seen)
                if table.parts:
                    self._read_row(place, table, row, record)
            except Refused as refused:
                self._refuse((name, row.number), refused.remark)

    def _read_row(self, place: int, table: BoundTable, row: Row, record: str) -> None:
        doubts, opened = self._bound.doubts, self._bound.opened
        doubts.clear()
        self._bound.here.clear()
        self._bound.named.clear()
        try:
            self._keep(self._whole(place, table, row, record))
        except Refused:
            opens = [part.part.kind for part in table.parts if part.stream is None]
            opened.update(dict.fromkeys((kind, table.rule.name, record) for kind in opens))
            raise
        if table.lookups:
            doubts.extend(_dangling(table, row))
        for remark in dict.fromkeys(doubts):
            self._doubt((table.rule.name, row.number), remark)

    def _whole(self, place: int, table: BoundTable, row: Row, record: str) -> _RowAtHand:
        """Return all that a row brings, kept nowhere yet. Raises Refused."""
        _doubt_row(table, row, self._bound.doubts)
        source, recorded_on = self._source(table, row, record)
        at_hand = _RowAtHand(place, table, row, record, source, recorded_on)
        self._read_parts(at_hand)
        return at_hand

    def _source(self, table: BoundTable, row: Row, record: str) -> tuple[Source, date | None]:
        claim = table.recorded_at(row.cells)
        instant, day = (None, None) if claim is NOTHING else claim
        name, digest = self._mapping.source, table.table.digest
        return Source(name, digest, table.rule.name, row.number, record, instant), day

    def _read_parts(self, at_hand: _RowAtHand) -> None:
        for part in at_hand.table.parts:
            self._read_part(part, at_hand)
        if not at_hand.lines and not at_hand.joining:
            asked = asked_of(at_hand.table)
            raise Refused(
                Remark("no-event", asked, "", "no event of the mapping is for such a row")
            )

    def _read_part(self, part: BoundPart, at_hand: _RowAtHand) -> None:
        cells, kind = at_hand.row.cells, part.part.kind
        stream = self._open(part, at_hand) if part.stream is None else part.stream(cells)
        later = part.stream is not None
        for number, bound in enumerate(part.events):
            if bound.when(cells):
                line = self._line(number, bound, f"{kind}:{stream}", at_hand, later=later)
                if part.by is not None and not later:
                    self._open_or_join(line, part, at_hand)
                else:
                    at_hand.lines.append(line)
                later = True
        if not later:
            raise Refused(Remark("no-event", "", "", f"no event of the mapping opens the {kind}"))

    def _open(self, part: BoundPart, at_hand: _RowAtHand) -> str:
        kind, table = part.part.kind, at_hand.table.rule.name
        key = (kind, table, at_hand.record)
        shared = shared_by(part, at_hand.row)
        made = self._id_of(kind, table, shared or at_hand.record)
        self._bound.opened[key] = self._bound.here[kind] = made
        if f"{kind}:{made}" in self._streams:
            return made
        organisation = part.organisation(at_hand.row.cells)
        if organisation is NOTHING:
            organisation = self._mapping.organisation
        check_line(organisation, "the organisation", columns_of(part.part.organisation))
        by = By(self._mapping.person, organisation)
        opener = (table, at_hand.row.number)
        at_hand.streams.append(OpenStream(f"{kind}:{made}", kind, by, opener))
        return made

    def _open_or_join(self, line: Line, part: BoundPart, at_hand: _RowAtHand) -> None:
        """Open what rows share with the first of them; what a later one says is compared."""
        source = replace(at_hand.source, record=shared_by(part, at_hand.row))
        line = line._replace(fresh=replace(line.fresh, source=source))
        stream = self._streams.get(line.stream)
        if stream is None:
            at_hand.lines.append(line)
            return
        at_hand.joining.append(line)
        first = next(one for one in stream.lines if one.made_from == stream.opener)
        if first.fresh.event != line.fresh.event:
            column = named(part.part.by)
            message = f"row {stream.opener[1]} opened the {stream.kind} with other words; they stay"
            value = part.by(at_hand.row.cells) if part.by else ""
            self._bound.doubts.append(Remark("opening-differs", column, value, message))

    def _line(
        self, number: int, bound: BoundEvent, stream: str, at_hand: _RowAtHand, *, later: bool
    ) -> Line:
        row, cells = at_hand.row.number, at_hand.row.cells
        occurred_on = bound.occurred_on(cells)
        if occurred_on is NOTHING:
            column = bound.rule.occurred_on.path
            raise Refused(Remark("date-missing", column, "", "the day it happened is not said"))
        recorded_on = at_hand.recorded_on
        if occurred_on > self._extracted or (recorded_on and recorded_on < occurred_on):
            self._doubt_day(bound, occurred_on, recorded_on)
        order = Order(later, occurred_on, at_hand.place, row, number)
        fresh = Fresh(bound.make(cells), occurred_on, at_hand.source)
        return Line(order, stream, (at_hand.table.rule.name, row), bound.rule, fresh)

    def _doubt_day(self, bound: BoundEvent, occurred_on: date, recorded_on: date | None) -> None:
        for doubt in doubts_of_a_day(
            bound.rule, occurred_on, recorded_on, self._extracted, self._severity
        ):
            if doubt.severity == "refuse":
                raise Refused(doubt.remark)
            if doubt.severity == "doubtful":
                self._bound.doubts.append(doubt.remark)

    def _keep(self, at_hand: _RowAtHand) -> None:
        for stream in at_hand.streams:
            self._streams[stream.stream] = stream
        for line in at_hand.lines:
            self._streams[line.stream].lines.append(line)
        for line in at_hand.joining:
            self._streams[line.stream].others.append(line)
        row = (at_hand.table.rule.name, at_hand.row.number)
        for name in self._bound.named:
            self._naming.setdefault(name, set()).add(row)
        if not at_hand.lines:
            self._only_joined.add(row)

    # Journeys as wholes

    def _doubt_journeys(self) -> None:
        """Doubt days beside those of a journey's start and end; an end that is refused is none."""
        for stream in self._streams.values():
            if stream.kind != "journey":
                continue
            opened_on = stream.opened_on
            for line in stream.lines:
                day = line.order.occurred_on
                self._weigh(line, doubts_of_a_start(line.rule, day, opened_on, self._severity))
            ended_on = stream.ended_on(but=self._refused)
            if ended_on is None:
                continue
            for line in stream.lines:
                day = line.order.occurred_on
                self._weigh(line, doubts_of_an_end(line.rule, day, ended_on, self._severity))

    def _weigh(self, line: Line, doubts: Iterator[Doubt]) -> None:
        row = line.made_from
        for doubt in doubts:
            if doubt.severity == "refuse" and row not in self._refused:
                self._refuse(row, doubt.remark)
            elif doubt.severity == "doubtful":
                self._doubt(row, doubt.remark)

    def _leave_out_refused(self) -> None:
        """Leave out what refused rows open; the rows that go with it may open more."""
        while gone := [s for s in self._streams.values() if s.opener in self._refused]:
            for stream in gone:
                self._leave_out(stream)
        for stream in self._streams.values():
            stream.lines = [line for line in stream.lines if line.made_from not in self._refused]

    def _leave_out(self, stream: OpenStream) -> None:
        if stream.opened_by_another(self._refused):
            self._only_joined.discard(stream.opener)
            return
        message = f"the row of {stream.opener[0]} that opens the {stream.kind} was refused"
        of_it = {line.made_from for line in stream.lines} | self._naming.get(stream.stream, set())
        for row in of_it - self._refused:
            self._refuse(row, Remark("parent-refused", "", "", message))
        del self._streams[stream.stream]

    # The report

    def _refuse(self, row: RowId, remark: Remark) -> None:
        self._refused.add(row)
        self._find("refused", row, remark)

    def _doubt(self, row: RowId, remark: Remark) -> None:
        self._doubtful.add(row)
        self._find("doubtful", row, remark)

    def _find(self, severity: Literal["refused", "doubtful"], row: RowId, remark: Remark) -> None:
        table, number = row
        code, column, value, message = remark
        finding = Finding(severity, code, self._files[table], number, column, shown(value), message)
        self.report.findings.append(finding)

    def _count(self) -> None:
        report = self.report
        refused = Counter(table for table, _ in self._refused)
        doubtful = Counter(table for table, _ in self._doubtful)
        joined = Counter(table for table, _ in self._only_joined - self._refused)
        for count, table in zip(report.tables, self._bound.tables, strict=True):
            count.refused, count.doubtful = refused[count.table], doubtful[count.table]
            count.looked_up = joined[count.table] if table.parts else count.rows - count.refused
        streams = self._streams.values()
        report.clients = sum(stream.kind == "client" for stream in streams)
        report.journeys = sum(stream.kind == "journey" for stream in streams)
        report.closed = sum(stream.ended_on() is not None for stream in streams)
        report.sort(self._files.values())


def _doubt_row(table: BoundTable, row: Row, doubts: list[Remark]) -> None:
    """Note what the mapping itself doubts of such a row. Raises Refused."""
    for said, holds in table.doubts:
        if not holds(row.cells):
            continue
        remark = Remark(said.code, "", "", said.message)
        if said.severity == "refuse":
            raise Refused(remark)
        doubts.append(remark)


def _dangling(table: BoundTable, row: Row) -> Iterator[Remark]:
    for name, key, index in table.lookups:
        parent = key(row.cells)
        if parent and parent not in index:
            join = table.rule.parents[name]
            message = f"{join.table} has no row with this id"
            yield Remark("parent-missing", named(join.columns), parent, message)
