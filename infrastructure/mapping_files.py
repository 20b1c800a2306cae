"""Mappings read from YAML and checked, before a row is touched. Faults have line and field.

A mapping says how the tables of another system become histories:

    source: hmis                       # names the system; entries and ids carry it
    by: {person: import:hmis, organisation: hmis}
    time_zone: Europe/Helsinki         # of instants without a zone; UTC unless said
    form: {delimiter: ";", encoding: utf-8, decimal: ","}
    dates: ["%Y-%m-%d"]                # how days are written, unless a field says otherwise
    extracted: {table: Export, date: ExportDate}     # when the tables were made; or a day
    checks: {in-the-future: doubtful}  # doubtful, refuse or ignore; see application doubts
    codes:                             # code tables; null: the code says that nothing is known
      gender: {1: f, 2: m, 99: null}
    tables:                            # in this order entries of one day follow each other
      Client:
        file: Client.csv               # left out where the source is one file
        key: PersonalID                # the row's own id: a column, or several whose cells
                                       # together are one ([Course, Person]); see below
        parents: {Office: OfficeID}    # joins: table, and the column with its key;
                                       # or {Home: {table: Office, column: HomeID}}
        recorded_at: {instant: DateCreated}
        doubts:                        # of rows as wholes; `refuse` leaves the row out, without
                                       # `severity` it is brought in and is in the report
          - {code: deleted-in-source, when: {Deleted: {not: ""}}, severity: refuse,
             message: the other system deleted it}
        brings:                        # left out: the table is only looked up
          - client: new                # or the name of a parent, whose row opened the stream,
                                       # or {by: SSN}: rows with the same SSN share one
            organisation: {column: Office.Code}      # for whom, where a row opens a stream
            events:                    # the first that holds opens the stream
              - event: client-registered
                when: {Deleted: "", Kind: {not: [3, 4]}}
                occurred_on: {date: DateCreated}
                checks: {recorded-before-happened: ignore}
                fields: {...}          # see infrastructure.mapping_expressions

Rows without an id: `key: {row: number}` names a row by its number in the file, and nothing can
join to it. A newer export is then not recognised row by row: with a row put in or taken out, those
after it are compared with what stood at their number, are reported as changed since the import,
and what stands after the last number known comes in as new. Bring in such a file once; where any
columns tell the rows apart, make a key of them.

One person in several rows: `client: {by: SSN}` (or a list of columns) opens a client for each
value. The first row opens it; of the later ones the opening event is left out, with a doubt
(`opening-differs`) where its fields say something else, and their other events are brought in.
Where a newer export has another row first, the client stays as it was opened and the row is
reported as changed since the import.
`journey: {by: CaseID}` likewise. Parents and `{id: client}` work as with `new`; a row that only
joins what another has opened counts among those looked up.
"""

import hashlib
import re
from collections.abc import Mapping as Readonly
from datetime import date
from pathlib import Path
from typing import Literal, cast

from application.importing.binding import zone_of
from application.importing.checking import faults_of
from application.importing.language import (
    CHECKS,
    ROW_NUMBER,
    Columns,
    Constant,
    EventRule,
    Extracted,
    Form,
    Join,
    Mapping,
    MappingFaults,
    NoMapping,
    Part,
    RowDoubt,
    Severity,
    TableRule,
)
from application.importing.shapes import EVENTS
from application.importing.texts import ISO_DAY, ISO_INSTANT
from infrastructure.mapping_expressions import Expressions, conditions, formats
from infrastructure.mapping_nodes import Said, Wrong, read_each, root
from infrastructure.marked_yaml import Faults

SHIPPED = Path(__file__).parent / "mappings"
"""Where the mappings are that come with Polku."""

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

ANY_ISO = (ISO_DAY, ISO_INSTANT)


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with Polku."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read_mapping(name: str, *, source: str | None = None) -> Mapping:
    """Return a mapping by the name of a shipped one, or by the path of a file.

    `source` names the other system instead of the mapping's own word. Raises NoMapping and
    MappingFaults.
    """
    path = SHIPPED / f"{name}.yaml" if name in shipped_mappings() else Path(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        known = ", ".join(shipped_mappings())
        message = f"{name}: no mapping has this name or path ({error.strerror}); there is {known}"
        raise NoMapping(message) from error
    return parse_mapping(content, path.name if path.parent == SHIPPED else str(path), source)


def parse_mapping(content: bytes, file: str, source: str | None = None) -> Mapping:
    """Return the mapping that a text says. Raises MappingFaults with every fault."""
    faults = Faults(file)
    try:
        said = root(content.decode("utf-8"), faults)
        mapping = (
            _mapping(said, file, hashlib.sha256(content).hexdigest(), source) if said else None
        )
    except Wrong:
        mapping = None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{content[error.start]:02x} is no UTF-8: save the mapping as UTF-8"
        faults.note(line, "", "not-utf-8", message)
        mapping = None
    except RecursionError:
        faults.note(1, "", "bad-yaml", "something in the file holds itself")
        mapping = None
    if mapping is None or faults.found:
        raise MappingFaults(faults.found)
    if found := faults_of(mapping):
        raise MappingFaults(found)
    return mapping


def _mapping(said: Said, file: str, digest: str, source: str | None) -> Mapping:
    keys = said.keys(
        ("source", "by", "tables"), ("time_zone", "form", "dates", "extracted", "checks", "codes")
    )
    by = keys["by"].keys(("person", "organisation"))
    forms = formats(keys["dates"]) if "dates" in keys else ANY_ISO
    expressions = Expressions(_codes(keys.get("codes")), forms)
    return Mapping(
        file=file,
        digest=digest,
        source=source or keys["source"].text(),
        person=by["person"].text(),
        organisation=by["organisation"].text(),
        time_zone=_zone(keys.get("time_zone")),
        tables=tuple(_Tables(expressions).read(keys["tables"])),
        checks=_checks(keys.get("checks")),
        form=_form(keys.get("form")),
        extracted=_extracted(keys.get("extracted"), expressions),
    )


def _codes(said: Said | None) -> dict[str, dict[str, Constant]]:
    if said is None:
        return {}
    tables = said.entries()
    return {
        name: {code: Constant(one.at, one.value()) for code, one in table.entries().items()}
        for name, table in tables.items()
    }


def _zone(said: Said | None) -> str:
    if said is None:
        return "UTC"
    name = said.text()
    try:
        zone_of(name)
    except (KeyError, ValueError, OSError):
        message = f"there is no time zone {name!r}; write it as Europe/Helsinki"
        raise said.wrong("unknown-name", message) from None
    return name


def _checks(said: Said | None) -> dict[str, Severity]:
    if said is None:
        return {}
    keys = said.keys((), CHECKS)
    severities = ("doubtful", "refuse", "ignore")
    return {n: cast("Severity", p.one_of(severities, "severity")) for n, p in keys.items()}


def _form(said: Said | None) -> Form:
    if said is None:
        return Form()
    keys = said.keys((), ("delimiter", "encoding", "decimal"))
    words = {name: one.text() for name, one in keys.items() if name != "delimiter"}
    if "delimiter" in keys:
        words["delimiter"] = keys["delimiter"].letter()
    if words.get("delimiter") in ('"', "\n", "\r"):
        raise keys["delimiter"].wrong("wrong-value", "a quote or a line's end cannot divide cells")
    if words.get("decimal", ".") not in (".", ","):
        raise keys["decimal"].wrong("wrong-value", "it must be . or ,")
    try:
        encoding = words.get("encoding", "utf-8")
        "a".encode(encoding).decode(encoding, "surrogateescape")
    except (LookupError, ValueError):  # not known, or not of whole texts, as idna and base64
        message = f"there is no encoding {words['encoding']!r} of texts; write utf-8 or latin-1"
        raise keys["encoding"].wrong("unknown-name", message) from None
    return Form(**words)


def _extracted(said: Said | None, expressions: Expressions) -> Constant | Extracted | None:
    if said is None:
        return None
    if not said.is_mapping():
        day = said.value()
        if not isinstance(day, date):
            raise said.wrong(
                "wrong-value", "a day is wanted, such as 2023-09-08, or {table: ..., date: ...}"
            )
        return Constant(said.at, day)
    keys = said.keys(("table", "date"), ("formats",))
    forms = formats(keys["formats"]) if "formats" in keys else None
    day_said = expressions.plain_day(said.at, keys["date"].text(), forms)
    return Extracted(said.at, keys["table"].text(), day_said)


class _Tables:
    """Reads what a mapping says of tables."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def read(self, said: Said) -> list[TableRule]:
        tables = said.entries()
        if not tables:
            raise said.wrong("wrong-value", "at least one table is wanted")
        return read_each(tables.values(), self._table)

    def _table(self, said: Said) -> TableRule:
        keys = said.keys(("key",), ("file", "parents", "recorded_at", "brings", "doubts"))
        recorded = keys.get("recorded_at")
        return TableRule(
            at=said.at,
            name=said.at.field.removeprefix("tables."),
            file=keys["file"].text() if "file" in keys else None,
            key=_key(keys["key"]),
            parents=_parents(keys.get("parents")),
            recorded_at=self._expressions.instant(recorded) if recorded else None,
            parts=tuple(read_each(keys["brings"].items(), self._part)) if "brings" in keys else (),
            doubts=tuple(read_each(keys["doubts"].items(), _doubt)) if "doubts" in keys else (),
        )

    def _part(self, said: Said) -> Part:
        keys = said.keys(("events",), ("client", "journey", "organisation"))
        kinds = [kind for kind in ("client", "journey") if kind in keys]
        if len(kinds) != 1:
            raise said.wrong("wrong-value", "either `client` or `journey` is wanted here")
        opens = keys[kinds[0]]
        shared = opens.is_mapping()
        by = _columns(opens.keys(("by",))["by"]) if shared else ()
        parent = "new" if shared else opens.text()
        organisation = keys.get("organisation")
        events = read_each(keys["events"].items(), lambda one: self._event(one, kinds[0]))
        return Part(
            at=said.at,
            kind=kinds[0],
            parent=None if parent == "new" else parent,
            events=tuple(events),
            organisation=self._expressions.read(organisation) if organisation else None,
            by=by,
        )

    def _event(self, said: Said, kind: str) -> EventRule:
        keys = said.keys(("event", "occurred_on"), ("when", "checks", "fields"))
        name = keys["event"].one_of(EVENTS[kind], f"event of a {kind}")
        return EventRule(
            at=said.at,
            name=name,
            shape=EVENTS[kind][name],
            occurred_on=self._expressions.day(keys["occurred_on"]),
            fields=self._expressions.fields(keys["fields"]) if "fields" in keys else {},
            when=conditions(keys["when"]) if "when" in keys else (),
            checks=_checks(keys.get("checks")),
        )


def _columns(said: Said) -> Columns:
    if not said.is_list():
        return (said.text(),)
    columns = tuple(read_each(said.items(), Said.text))
    if not columns or len(set(columns)) < len(columns):
        raise said.wrong("wrong-value", "at least one column is wanted here, and each once")
    return columns


def _key(said: Said) -> Columns:
    if not said.is_mapping():
        return _columns(said)
    said.keys(("row",))["row"].one_of(("number",), "key of a row")
    return ROW_NUMBER


def _doubt(said: Said) -> RowDoubt:
    keys = said.keys(("code", "when", "message"), ("severity",))
    code = keys["code"].text()
    if not _CODE.fullmatch(code):
        raise keys["code"].wrong("bad-code", "write small letters, digits and single hyphens")
    severity = (
        keys["severity"].one_of(("doubtful", "refuse"), "severity")
        if "severity" in keys
        else "doubtful"
    )
    when = conditions(keys["when"])
    if not when:
        raise keys["when"].wrong("wrong-value", "at least one condition is wanted")
    return RowDoubt(
        said.at, code, when, keys["message"].text(), cast("Literal['doubtful', 'refuse']", severity)
    )


def _parents(said: Said | None) -> Readonly[str, Join]:
    joins = {}
    for name, one in (said.entries() if said else {}).items():
        if one.is_mapping():
            keys = one.keys(("table", "column"))
            joins[name] = Join(keys["table"].text(), _columns(keys["column"]), one.at)
        else:
            joins[name] = Join(name, _columns(one), one.at)
        if name == "new":
            raise one.wrong("wrong-value", "`new` means a new stream; name the join otherwise")
    return joins
