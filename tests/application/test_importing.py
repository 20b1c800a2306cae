"""Small tables brought into the log: order, doubts, refusals, and importing again."""

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.importing.bringing import ImportStopped, bring_in
from application.importing.ids import ids_in
from application.importing.language import MappingFaults
from application.importing.report import Report
from application.ports import Append, Destroying, Fresh
from domain.client import ContactDetailsChanged
from domain.entry import By, Personal
from domain.erasure import ClientErased
from domain.journey import events as e
from domain.journey.history import as_it_happened, history_of, look
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.mapping_files import parse_mapping, read_mapping
from infrastructure.tables import read_tables
from tests.conftest import UNHURRIED

CASES = """
source: kirjaamo
by: {person: "import:kirjaamo", organisation: mikkeli}
time_zone: Europe/Helsinki
extracted: 2024-06-30
checks:
  recorded-before-happened: doubtful
  in-the-future: doubtful
  before-journey-start: doubtful
  after-journey-end: AFTER
codes:
  status: {t: employed, u: unemployed, x: null}
tables:
  people:
    file: people.csv
    key: id
    brings:
      - client: new
        events:
          - event: client-registered
            occurred_on: {date: seen}
            fields:
              family_name: {column: name}
              date_of_birth: {date: born, unknown: omit}
  cases:
    file: cases.csv
    key: id
    parents: {people: person}
    recorded_at: {instant: saved, missing: omit}
    brings:
      - journey: new
        organisation: {text: [org-, {column: office}]}
        events:
          - event: referral-made
            occurred_on: {date: start}
            fields:
              client: {id: client, of: people}
              programme: etela-savo
              definition_version: 0
              from_organisation: te-office
              to_organisation: {text: [org-, {column: office}]}
              channel: {column: people.name}
          - event: journey-closed
            when: {end: {not: ""}}
            occurred_on: {date: end}
            fields: {end_state: completed, destination: employment}
  visits:
    file: visits.csv
    key: id
    parents: {cases: case}
    recorded_at: {instant: saved, missing: omit}
    brings:
      - journey: cases
        events:
          - event: follow-up-held
            when: {kind: [f, g]}
            occurred_on: {date: day}
            fields:
              status: {column: status, codes: status, missing: {doubtful-as: unknown}}
              note: {column: note}
"""
PEOPLE = "id,name,seen,born\np1,Aino,2024-01-02,1990-05-06\np2,Eero,2024-01-03,soon\n"
CASES_CSV = (
    "id,person,office,start,end,saved\n"
    "c1,p1,savo,2024-02-01,2024-05-01,2024-02-03 23:30:00\n"
    "c2,p2,puru,2024-02-02,,\n"
)
VISITS = (
    "id,case,kind,day,status,note,saved\n"
    'v1,c1,f,2024-04-01,t,"said ""yes"",\nand left",2024-04-01\n'
    "v2,c1,g,2024-03-01,u,,2024-03-05 08:00:00\n"
)


@dataclass
class Kirjaamo:
    """Another system's export, in a folder; `written` are files that are there already."""

    folder: Path
    people: str = PEOPLE
    cases: str = CASES_CSV
    visits: str = VISITS
    after: str = "doubtful"
    steps: str = ""

    def into(self, log: SqlEventLog, *, written: Any = (), **options: object) -> Report:
        for name in {"people", "cases", "visits"} - {*written}:
            (self.folder / f"{name}.csv").write_text(getattr(self, name), "utf-8")
        text = CASES.replace("AFTER", self.after) + self.steps
        mapping = parse_mapping(text.encode(), "cases.yaml")
        return bring_in(log, mapping, read_tables(self.folder, mapping), **options)


@pytest.fixture
def kirjaamo(tmp_path: Path) -> Kirjaamo:
    folder = tmp_path / "export"
    folder.mkdir()
    return Kirjaamo(folder)


def journey(log: SqlEventLog, case: str) -> str:
    return f"journey:{ids_in(log, 'kirjaamo')('journey', 'cases', case)}"


def said(report: Report) -> list[tuple[str, str, str, int, str]]:
    return [(f.severity, f.code, f.file, f.row, f.column) for f in report.findings]


def count(report: Report, table: str) -> tuple[int, int, int, int]:
    of = next(c for c in report.tables if c.table == table)
    return of.written, of.already, of.changed, of.refused


@pytest.mark.parametrize("bad", ["\x1b[2J", "\u202e", "\x85"])
def test_a_row_with_what_nobody_sees_is_refused(
    kirjaamo: Kirjaamo, log: SqlEventLog, bad: str
) -> None:
    kirjaamo.people = f"id,name,seen,born\np1,Ai{bad}no,2024-01-02,\np2,Eero,2024-01-03,\n"
    kirjaamo.visits = (
        "id,case,kind,day,status,note,saved\n"
        f"v1,c2,f,2024-04-01,t,a{bad}b,2024-04-01\n"
        f"v{bad}2,c2,f,2024-04-02,t,,2024-04-02\n"
        'v3,c2,f,2024-04-03,t,"a\nb",2024-04-03\n'
    )
    report = kirjaamo.into(log)
    refused = [one for one in report.findings if one.code == "text-unfit"]
    assert [(one.file, one.row, one.column) for one in refused] == [
        ("people.csv", 1, "name"),
        ("visits.csv", 1, "note"),
        ("visits.csv", 2, "id"),
    ]
    assert all(one.value.isprintable() for one in refused)
    assert count(report, "visits") == (1, 0, 0, 2)


FILES = {"people": PEOPLE, "cases": CASES_CSV, "visits": VISITS}
CELLS = [
    (table, place, column)
    for table, text in FILES.items()
    for place, column in enumerate(text.splitlines()[0].split(","))
]


@pytest.mark.parametrize("bad", ["\x0b", "\x7f", "\0", "\udcff"])
@pytest.mark.parametrize(("table", "place", "column"), CELLS, ids=str)
def test_whatever_column_has_what_nobody_sees_is_named_with_its_row(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog, table: str, place: int, column: str, bad: str
) -> None:
    rows = list(csv.reader(StringIO(FILES[table])))
    rows[2][place] = f"2{bad}4"
    text = "\n".join(map(as_csv, rows))
    (kirjaamo.folder / f"{table}.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    report = kirjaamo.into(memory_log, written=(table,))
    (told, *_) = [one for one in report.findings if (one.file, one.row) == (f"{table}.csv", 2)]
    assert column in told.column.split(", ")
    assert not any(bad in repr(entry) for entry in memory_log.read())


def test_a_name_of_two_lines_is_refused(kirjaamo: Kirjaamo, log: SqlEventLog) -> None:
    kirjaamo.people = 'id,name,seen,born\np1,"Aino\nEero",2024-01-02,\np2,Eero,2024-01-03,\n'
    report = kirjaamo.into(log)
    assert ("refused", "text-unfit", "people.csv", 1, "name") in said(report)


def test_a_journey_is_told_in_the_order_of_its_days(kirjaamo: Kirjaamo, log: SqlEventLog) -> None:
    report = kirjaamo.into(log)
    entries = log.load(journey(log, "c1"))
    assert [type(entry.event) for entry in entries] == [
        e.ReferralMade,
        e.FollowUpHeld,
        e.FollowUpHeld,
        e.JourneyClosed,
    ]
    assert [entry.occurred_on.month for entry in entries] == [2, 3, 4, 5]
    assert entries[2].event.note == Personal('said "yes",\nand left')
    assert report.complete
    assert (report.clients, report.journeys, report.closed, report.entries) == (2, 2, 1, 7)


def test_an_entry_carries_its_source_row_claim_and_organisation(
    kirjaamo: Kirjaamo, log: SqlEventLog
) -> None:
    kirjaamo.into(log)
    entry = log.load(journey(log, "c1"))[0]
    assert entry.source is not None
    assert (entry.source.name, entry.source.table, entry.source.row) == ("kirjaamo", "cases", 1)
    assert entry.source.record == "c1"
    assert len(entry.source.digest) == 64
    assert entry.known_at == datetime(2024, 2, 3, 21, 30, tzinfo=UTC)
    assert entry.claimed
    assert entry.by == By("import:kirjaamo", "org-savo")
    assert entry.event.channel == "Aino"


def test_without_a_claim_an_entry_is_known_from_the_import(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.into(memory_log)
    client = f"client:{ids_in(memory_log, 'kirjaamo')('client', 'people', 'p1')}"
    (entry,) = memory_log.load(client)
    assert not entry.claimed
    assert entry.known_at == entry.recorded_at
    assert entry.event.date_of_birth == Personal("1990-05-06")


def test_a_value_that_must_be_there_and_is_not_refuses_the_row(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.cases = CASES_CSV.replace("puru", " ")
    report = kirjaamo.into(memory_log)
    assert ("refused", "value-missing", "cases.csv", 2, "office") in said(report)
    assert memory_log.load(journey(memory_log, "c2")) == []
    assert not report.complete


def test_a_value_that_cannot_be_read_and_may_be_left_out_is_doubtful(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    report = kirjaamo.into(memory_log)
    assert ("doubtful", "date-unreadable", "people.csv", 2, "born") in said(report)
    client = f"client:{ids_in(memory_log, 'kirjaamo')('client', 'people', 'p2')}"
    assert memory_log.load(client)[0].event.date_of_birth == Personal()


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("v3,c9,f,2024-03-01,t,,", "parent-missing", "case"),
        ("v3,,f,2024-03-01,t,,", "parent-missing", "case"),
        ("v1,c1,f,2024-03-01,t,,", "duplicate-record", "id"),
        (",c1,f,2024-03-01,t,,", "record-missing", "id"),
        ("v3,c1,h,2024-03-01,t,,", "no-event", "kind"),
        ("v3,c1,f,,t,,", "date-missing", "day"),
        ("v3,c1,f,2024-02-30,t,,", "date-unreadable", "day"),
        ("v3,c1,f,1.3.2024,t,,", "date-unreadable", "day"),
        ("v3,c1,f,2024-03-01,q,,", "code-unknown", "status"),
        ("v3,c1,f,2024-03-01,x,,", "code-missing", "status"),
        ("v3,c1,f,2024-03-01,t,,yesterday", "date-unreadable", "saved"),
        ("v3,c1,f,2024-03-01,t,", "row-malformed", ""),
        ("v3,c1,f,2024-03-01,t,,,", "row-malformed", ""),
        ("v3,c1,f,2024-03-01,t,a\0b,", "row-unreadable", "note"),
        ('v3,c1,f,2024-03-01,t,"never closed,', "row-unreadable", ""),
        ('v3,c1,f,2024-03-01,t,"a"b,', "row-unreadable", ""),
    ],
)
def test_a_row_that_cannot_be_an_entry_is_refused_and_the_others_come_in(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog, row: str, code: str, column: str
) -> None:
    kirjaamo.visits = VISITS + row + "\n"
    report = kirjaamo.into(memory_log)
    assert ("refused", code, "visits.csv", 3, column) in said(report)
    assert count(report, "visits") == (2, 0, 0, 1)
    assert len(memory_log.load(journey(memory_log, "c1"))) == 4


def test_the_lines_that_an_open_quote_swallows_are_named(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.visits = VISITS + 'v3,c1,f,2024-03-01,t,"open,\nv4,c1,f,2024-03-01,t,,\n'
    report = kirjaamo.into(memory_log)
    (finding,) = [f for f in report.findings if f.severity == "refused"]
    assert "lines 5 to 6" in finding.message


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("v3,c1,f,2024-01-31,t,,2024-02-10", "before-journey-start"),
        ("v3,c1,f,2024-05-02,t,,2024-05-03", "after-journey-end"),
        ("v3,c2,f,2024-07-01,t,,2024-07-01", "in-the-future"),
        ("v3,c2,f,2024-06-01,t,,2024-05-31", "recorded-before-happened"),
        ("v3,c2,f,2024-06-01,,,", "code-missing"),
    ],
)
def test_a_doubtful_row_is_an_entry_and_in_the_report(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog, row: str, code: str
) -> None:
    kirjaamo.visits = VISITS + row + "\n"
    report = kirjaamo.into(memory_log)
    assert ("doubtful", code) in [(f.severity, f.code) for f in report.findings if f.row == 3]
    assert count(report, "visits") == (3, 0, 0, 0)
    assert report.complete


def test_the_referral_stays_first_whatever_its_day(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.visits = VISITS + "v3,c2,f,2024-01-31,t,,\n"
    kirjaamo.into(memory_log)
    assert isinstance(memory_log.load(journey(memory_log, "c2"))[0].event, e.ReferralMade)


def test_a_doubt_refuses_where_the_mapping_says_so(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.after = "refuse"
    kirjaamo.visits = VISITS + "v3,c1,f,2024-05-02,t,,\n"
    report = kirjaamo.into(memory_log)
    assert ("refused", "after-journey-end", "visits.csv", 3, "day") in said(report)
    assert count(report, "visits") == (2, 0, 0, 1)
    assert len(memory_log.load(journey(memory_log, "c1"))) == 4


DOUBTS = """
    doubts:
      - {code: no-name, when: {name: ""}, message: nobody knows the name}
      - {code: test-person, when: {name: [Test, Testi]}, severity: refuse, message: not a person}
"""


def test_an_end_that_is_refused_ends_no_journey(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    text = CASES.replace("AFTER", "refuse").replace("before-journey-start: doubtful", START)
    last = "          - event: follow-up-held\n"
    text = text.replace(last, CLOSING + last)
    kirjaamo.cases = "id,person,office,start,end,saved\nc1,p1,savo,2024-02-01,,\n"
    kirjaamo.visits = (
        "id,case,kind,day,status,note,saved\n"
        "v1,c1,end,2023-05-01,t,,\n"  # another year was meant
        "v2,c1,f,2024-03-01,u,,\n"
    )
    kirjaamo.into(memory_log, dry_run=True)
    mapping = parse_mapping(text.encode(), "cases.yaml")
    report = bring_in(memory_log, mapping, read_tables(kirjaamo.folder, mapping))
    assert said(report) == [
        ("doubtful", "date-unreadable", "people.csv", 2, "born"),
        ("refused", "before-journey-start", "visits.csv", 1, "day"),
    ]
    entries = memory_log.load(journey(memory_log, "c1"))
    assert [type(one.event) for one in entries] == [e.ReferralMade, e.FollowUpHeld]


START = "before-journey-start: refuse"
CLOSING = """          - event: journey-closed
            when: {kind: end}
            occurred_on: {date: day}
            fields: {end_state: completed, destination: employment}
"""


@pytest.mark.parametrize(("zone", "doubtful"), [("Europe/Helsinki", False), ("UTC", True)])
def test_the_day_of_the_import_is_that_of_the_source_s_time_zone(
    kirjaamo: Kirjaamo, zone: str, doubtful: bool
) -> None:
    """At half past one at night in Helsinki, the day before is not over in UTC."""
    text = CASES.replace("AFTER", "doubtful").replace("extracted: 2024-06-30\n", "")
    mapping = parse_mapping(text.replace("Europe/Helsinki", zone).encode(), "cases.yaml")
    kirjaamo.people = "id,name,seen,born\np1,Aino,2024-07-01,1990-05-06\n"
    kirjaamo.cases = kirjaamo.cases.splitlines(keepends=True)[0]
    kirjaamo.visits = kirjaamo.visits.splitlines(keepends=True)[0]
    with open_log("sqlite://", clock=lambda: datetime(2024, 6, 30, 22, 30, tzinfo=UTC)) as log:
        kirjaamo.into(log, dry_run=True)
        report = bring_in(log, mapping, read_tables(kirjaamo.folder, mapping))
    found = [("doubtful", "in-the-future", "people.csv", 1, "seen")]
    assert said(report) == (found if doubtful else [])


def test_a_mapping_doubts_or_refuses_rows_as_wholes(
    tmp_path: Path, memory_log: SqlEventLog
) -> None:
    (tmp_path / "people.csv").write_text(
        "id,name,seen,born\np1,,2024-01-02,\np2,Testi,2024-01-02,\np3,Aino,2024-01-02,\n", "utf-8"
    )
    text = CASES.partition("  cases:")[0].replace("AFTER", "refuse")
    mapping = parse_mapping(
        text.replace("    key: id\n", f"    key: id{DOUBTS}").encode(), "m.yaml"
    )
    report = bring_in(memory_log, mapping, read_tables(tmp_path, mapping))
    assert said(report) == [
        ("doubtful", "no-name", "people.csv", 1, ""),
        ("refused", "test-person", "people.csv", 2, ""),
    ]
    assert [f.message for f in report.findings] == ["nobody knows the name", "not a person"]
    assert count(report, "people") == (2, 0, 0, 1)


def test_a_day_that_two_formats_read_differently_is_doubtful(
    tmp_path: Path, memory_log: SqlEventLog
) -> None:
    file = tmp_path / "spells.csv"
    file.write_text("id,start,weeks,end,age\n1,01/02/2023,,,\n", "utf-8")
    shipped = Path("infrastructure/mappings/unemployment-spells.yaml").read_text("utf-8")
    text = shipped.replace('"%d/%m/%Y"]', '"%d/%m/%Y", "%m/%d/%Y"]')
    mapping = parse_mapping(text.encode(), "spells.yaml")
    report = bring_in(memory_log, mapping, read_tables(file, mapping))
    assert [f.code for f in report.findings] == ["date-ambiguous"]


def test_an_instant_that_two_formats_read_on_different_days_is_doubtful(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    """What was known when stands on it: nobody would see that the month was taken for the day."""
    forms = '"%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"'
    text = CASES.replace("AFTER", "doubtful")
    text = text.replace("{instant: saved,", f"{{instant: saved, formats: [{forms}],")
    kirjaamo.cases = (
        "id,person,office,start,end,saved\n"
        "c1,p1,savo,2023-01-01,,01/02/2023 09:00\n"
        "c2,p1,savo,2023-01-01,,13/02/2023 09:00\n"
    )
    kirjaamo.visits = kirjaamo.visits.splitlines(keepends=True)[0]
    kirjaamo.into(memory_log, dry_run=True)
    mapping = parse_mapping(text.encode(), "cases.yaml")
    report = bring_in(memory_log, mapping, read_tables(kirjaamo.folder, mapping))
    (found,) = (one for one in report.findings if one.file == "cases.csv")
    assert (found.code, found.row, found.column) == ("date-ambiguous", 1, "saved")
    assert found.message.endswith("it was read as 2023-02-01")


def test_of_rows_with_the_same_id_none_is_said_to_be_taken_that_was_refused(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.people = "id,name,seen,born\np1,Aino,soon,\np1,Aino,2024-01-02,\n"
    report = kirjaamo.into(memory_log)
    told = {one.code: one.message for one in report.findings if one.file == "people.csv"}
    assert told["duplicate-record"] == "row 1 has the same id; only the first of them is read"
    assert report.clients == 0


@pytest.mark.parametrize("said_so", ["{column: born}", "{text: [{column: born}]}", "soon"])
def test_a_date_of_birth_is_read_as_a_day_and_not_as_a_text(said_so: str) -> None:
    """Whoever has another text there is not in the register, and found by nobody."""
    text = CASES.replace("AFTER", "doubtful").replace("{date: born, unknown: omit}", said_so)
    with pytest.raises(MappingFaults) as faults:
        parse_mapping(text.encode(), "cases.yaml")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "date_of_birth" in one)
    (fault,) = faults.value.faults
    assert fault.line == line
    assert fault.field.startswith("tables.people.brings[0].events[0].fields.date_of_birth")
    assert "a day is wanted" in fault.message


def test_a_day_in_the_mapping_is_a_date_of_birth(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    text = CASES.replace("AFTER", "doubtful").replace("{date: born, unknown: omit}", "1990-05-06")
    kirjaamo.into(memory_log, dry_run=True)
    mapping = parse_mapping(text.encode(), "cases.yaml")
    bring_in(memory_log, mapping, read_tables(kirjaamo.folder, mapping))
    client = next(iter(memory_log.streams("client:")))
    assert memory_log.load(client)[0].event.date_of_birth == Personal("1990-05-06")


def test_a_refused_client_takes_its_journeys_and_their_rows_along(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.people = PEOPLE.replace("p1,Aino,2024-01-02", "p1,Aino,whenever")
    report = kirjaamo.into(memory_log)
    refused = [(f.code, f.file, f.row) for f in report.findings if f.severity == "refused"]
    assert refused == [
        ("date-unreadable", "people.csv", 1),
        ("parent-refused", "cases.csv", 1),
        ("parent-refused", "visits.csv", 1),
        ("parent-refused", "visits.csv", 2),
    ]
    assert memory_log.position() == 2


def test_importing_again_adds_nothing(kirjaamo: Kirjaamo, log: SqlEventLog) -> None:
    kirjaamo.into(log)
    before = list(log.read())
    report = kirjaamo.into(log)
    assert list(log.read()) == before
    assert report.entries == 0
    assert [count(report, t) for t in ("people", "cases", "visits")] == [
        (0, 2, 0, 0),
        (0, 2, 0, 0),
        (0, 2, 0, 0),
    ]


def test_what_is_kept_of_what_was_asked_tells_nothing_of_who_was_brought_in(
    kirjaamo: Kirjaamo, log: SqlEventLog
) -> None:
    kirjaamo.into(log)
    kept = {key for (key,) in log.database.rows("SELECT key FROM idempotency_keys", {})}
    streams = (*log.streams("client:"), *log.streams("journey:"))
    assert len(streams) == 4
    assert kept == {f"import:{stream}:0" for stream in streams}


def test_a_newer_export_adds_only_what_is_new(kirjaamo: Kirjaamo, log: SqlEventLog) -> None:
    kirjaamo.into(log)
    kirjaamo.visits = "id,case,kind,day,status,note,saved\nv0,c2,f,2024-06-01,t,,\n" + "".join(
        VISITS.partition("\n")[2]
    )
    report = kirjaamo.into(log)
    assert count(report, "visits") == (1, 2, 0, 0)
    assert [entry.version for entry in log.load(journey(log, "c2"))] == [1, 2]
    assert count(kirjaamo.into(log), "visits") == (0, 3, 0, 0)


def test_a_row_that_changed_since_is_reported_and_left(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.into(memory_log)
    before = list(memory_log.read())
    kirjaamo.visits = VISITS.replace("v2,c1,g,2024-03-01,u", "v2,c1,g,2024-03-01,t")
    report = kirjaamo.into(memory_log)
    assert ("doubtful", "changed-since-import", "visits.csv", 2, "") in said(report)
    assert count(report, "visits") == (0, 1, 1, 0)
    assert list(memory_log.read()) == before


def test_a_journey_whose_end_was_left_does_not_count_as_closed(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.into(memory_log)
    kirjaamo.cases = CASES_CSV.replace("2024-02-02,,", "2024-02-02,2024-06-01,")
    for dry_run in (True, False):
        report = kirjaamo.into(memory_log, dry_run=dry_run)
        assert (report.journeys, report.closed, report.differing) == (2, 1, 1)
        assert not report.complete
    kirjaamo.cases = CASES_CSV.replace("2024-05-01", "")
    assert kirjaamo.into(memory_log).closed == 1


@pytest.mark.parametrize("atomic", ["journey", "all"])
def test_a_changed_row_is_told_each_time_also_beside_a_new_one(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog, atomic: str
) -> None:
    kirjaamo.into(memory_log)
    changed = VISITS.replace("v2,c1,g,2024-03-01,u", "v2,c1,g,2024-03-01,t")
    kirjaamo.visits = changed + "v3,c1,f,2024-04-02,t,,\n"
    assert count(kirjaamo.into(memory_log, atomic=atomic), "visits") == (1, 1, 1, 0)
    for again in (kirjaamo.into(memory_log, atomic=atomic), kirjaamo.into(memory_log)):
        assert ("doubtful", "changed-since-import", "visits.csv", 2, "") in said(again)
        assert count(again, "visits") == (0, 2, 1, 0)


def test_an_import_goes_beside_what_case_workers_recorded_since(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    kirjaamo.into(memory_log)
    paused = Fresh(e.JourneyPaused(Personal("ill")), date(2024, 6, 2))
    memory_log.append(Append(journey(memory_log, "c2"), 1, (paused,), By("anna", "org-puru")))
    kirjaamo.visits = VISITS + "v3,c2,f,2024-06-01,t,,\n"
    report = kirjaamo.into(memory_log)
    assert count(report, "visits") == (1, 2, 0, 0)
    assert isinstance(memory_log.load(journey(memory_log, "c2"))[2].event, e.FollowUpHeld)


@pytest.mark.parametrize("atomic", ["journey", "all"])
def test_nothing_comes_in_of_who_is_erased_at_that_moment_whoever_the_source_says_it_is(
    kirjaamo: Kirjaamo, log: SqlEventLog, monkeypatch: pytest.MonkeyPatch, atomic: str
) -> None:
    """A case worker has said whose the journey is: the source knows nothing of it."""
    kirjaamo.into(log)
    stream, day, by = journey(log, "c2"), date(2024, 6, 1), By("anna", "org-puru")
    meant = replace(log.load(stream)[0].event, client="c-9")
    right = e.EntryCorrected(1, meant, date(2024, 2, 2), Personal("another Eero"))
    told = ContactDetailsChanged(phone=Personal("040 123"))
    log.append(Append("client:c-9", 0, (Fresh(told, day),), by))
    log.append(Append(stream, 1, (Fresh(right, day),), by))
    append_all = log.append_all

    def overtaken(appends: list[Append], **how: Any) -> Any:
        if any(one.stream == stream and one.expected_version for one in appends):
            monkeypatch.undo()
            gone = Fresh(ClientErased("gdpr-17-1-b", (stream,)), day)
            destroying = Destroying(("client:c-9", stream))
            log.append(Append("client:c-9", 1, (gone,), by, destroying=destroying))
        return append_all(appends, **how)

    monkeypatch.setattr(log, "append_all", overtaken)
    kirjaamo.visits = VISITS + "v3,c2,f,2024-06-01,t,seen at night,\n"
    with suppress(ImportStopped):
        kirjaamo.into(log, atomic=atomic)
    assert log.append_all == append_all, "somebody was overtaken"
    kirjaamo.into(log, atomic=atomic)
    assert len(log.load(stream)) == 2
    assert not log.keys.left(["client:c-9", stream])


def test_a_dry_run_stores_nothing_and_reports_the_same(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog
) -> None:
    dry = kirjaamo.into(memory_log, dry_run=True)
    assert memory_log.position() == 0
    assert not dry.stored
    wet = kirjaamo.into(memory_log)
    assert (dry.findings, dry.tables) == (wet.findings, wet.tables)
    assert kirjaamo.into(memory_log, dry_run=True).entries == 0


def test_all_or_nothing_stores_nothing_where_a_row_is_refused(
    kirjaamo: Kirjaamo, log: SqlEventLog
) -> None:
    good, kirjaamo.visits = kirjaamo.visits, VISITS + "v3,c9,f,2024-03-01,t,,\n"
    report = kirjaamo.into(log, atomic="all")
    assert (report.stored, log.position()) == (False, 0)
    kirjaamo.visits = good
    assert kirjaamo.into(log, atomic="all").entries == 7
    assert kirjaamo.into(log, atomic="all").entries == 0
    assert log.position() == 7


def test_all_or_nothing_stores_nothing_where_another_import_was_first(
    kirjaamo: Kirjaamo, memory_log: SqlEventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another export of the same source comes in between the look at the log and the writing."""
    append_all = memory_log.append_all

    def after_the_other(appends: list[Append], *, together: bool = False) -> Any:
        monkeypatch.undo()
        kirjaamo.visits = VISITS + "v3,c1,f,2024-04-02,t,,\n"
        kirjaamo.into(memory_log)
        return append_all(appends, together=together)

    monkeypatch.setattr(memory_log, "append_all", after_the_other)
    stopped = f"somebody wrote to {journey(memory_log, 'c1')} meanwhile"
    with pytest.raises(ImportStopped, match=stopped):
        kirjaamo.into(memory_log, atomic="all")
    assert kirjaamo.into(memory_log, atomic="all").entries == 0


def test_another_name_of_the_source_keeps_two_systems_apart(memory_log: SqlEventLog) -> None:
    one, other = (read_mapping("unemployment-spells", source=name) for name in ("north", "south"))
    assert one.source == "north"
    told = ("client", "spells", "1")
    assert ids_in(memory_log, one.source)(*told) != ids_in(memory_log, other.source)(*told)


cells = st.text(st.characters(codec="utf-8") | st.sampled_from('"\n\r,;\0'), max_size=12)
days = st.dates(date(1990, 1, 1), date(2050, 1, 1)).map(str) | st.just("2024-02-29")
VARIED = """
  steps:
    file: steps.csv
    key: id
    parents: {cases: case}
    brings:
      - journey: cases
        events:
          - {event: referral-accepted, when: {kind: a}, occurred_on: {date: day}}
          - event: case-worker-assigned
            when: {kind: w}
            occurred_on: {date: day}
            fields: {person: {column: id}, organisation: {column: id}}
          - event: phase-entered
            when: {kind: p}
            occurred_on: {date: day}
            fields: {phase: training, definition_version: 0, facts: []}
          - event: service-started
            when: {kind: s}
            occurred_on: {date: day}
            fields: {reference: s1, service: {column: id}}
          - event: service-completed
            when: {kind: c}
            occurred_on: {date: day}
            fields: {reference: s1, service: {column: id}, result: done}
          - event: placement-started
            when: {kind: b}
            occurred_on: {date: day}
            fields: {reference: p1}
          - event: placement-ended
            when: {kind: e}
            occurred_on: {date: day}
            fields: {reference: p1}
          - event: journey-paused
            when: {kind: r}
            occurred_on: {date: day}
            fields: {reason: {column: id}}
          - {event: journey-resumed, when: {kind: g}, occurred_on: {date: day}}
          - event: follow-up-held
            when: {kind: f}
            occurred_on: {date: day}
            fields: {status: employed}
          - event: journey-closed
            when: {kind: z}
            occurred_on: {date: day}
            fields: {end_state: completed, destination: employment}
"""
"""Rows that say where a journey stands, one after the other."""

days_of_march = st.integers(2, 31)
runs = st.dictionaries(
    days_of_march, st.tuples(st.sampled_from("awpscberfgz"), st.integers(0, 2)), max_size=9
)


def stands(log: SqlEventLog, stream: str) -> str:
    """Where a journey stands, whatever versions its entries have."""
    history = history_of(log.load(stream))
    assert look(log.load(stream)).journey == history.journey
    by_day = {x.version: n for n, x in enumerate(as_it_happened(history.in_force))}
    told = re.sub(
        r"\b(entry|accepted|started|ended|agreed|completed|interviewed|entries)=\(?(\d+)",
        lambda found: f"{found[1]}={by_day.get(int(found[2]))}",
        repr(history.journey),
    )
    return re.sub(r"client='[^']*'", "", told)


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[*UNHURRIED, HealthCheck.function_scoped_fixture],
)
@given(rows=runs)
def test_in_several_runs_journeys_come_to_stand_where_they_do_in_one(
    kirjaamo: Kirjaamo, rows: dict[int, tuple[str, int]]
) -> None:
    """What happened earlier and came in a later run stood as if it had happened last."""
    kirjaamo.steps = VARIED
    with open_log("sqlite://") as once, open_log("sqlite://") as often:
        for log, first in ((once, 2), (often, 0)):
            for run in range(first, 3):
                steps = [
                    f"x{day},c2,{kind},2024-03-{day:02}"
                    for day, (kind, of) in sorted(rows.items())
                    if of <= run
                ]
                (kirjaamo.folder / "steps.csv").write_text("\n".join(["id,case,kind,day", *steps]))
                assert kirjaamo.into(log).complete
        assert stands(once, journey(once, "c2")) == stands(often, journey(often, "c2"))


visits = st.tuples(
    cells | st.sampled_from(["v1", "v2"]),
    st.sampled_from(["c1", "c2", "c9", ""]),
    st.sampled_from(["f", "g", "h"]),
    days | cells,
    st.sampled_from(["t", "u", "x", "?", ""]),
    cells,
    days | st.just(""),
)


def as_csv(row: Sequence[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in row)


@settings(deadline=None, suppress_health_check=[*UNHURRIED, HealthCheck.function_scoped_fixture])
@given(rows=st.lists(visits, max_size=8))
def test_every_row_is_an_entry_or_in_the_report(
    kirjaamo: Kirjaamo, rows: list[tuple[str, ...]]
) -> None:
    kirjaamo.visits = "\n".join(["id,case,kind,day,status,note,saved", *map(as_csv, rows)])
    with open_log("sqlite://") as log:
        report = kirjaamo.into(log)
        stored = {(r.entry.source.table, r.entry.source.row) for r in log.read() if r.entry.source}
        again = kirjaamo.into(log)
    refused = {f.row for f in report.findings if f.severity == "refused" and "visits" in f.file}
    entries = {row for table, row in stored if table == "visits"}
    assert entries | refused == set(range(1, len(rows) + 1))
    assert not entries & refused
    assert again.entries == 0
    for of in report.tables:
        gone = of.written + of.already + of.changed + of.refused + of.looked_up
        assert gone == of.rows
