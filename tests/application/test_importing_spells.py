"""The mapping for a plain CSV of unemployment spells, row by row."""

from datetime import date
from pathlib import Path

import pytest

from application.importing.bringing import bring_in
from application.importing.ids import ids_in
from application.importing.report import Report
from domain.client import ClientRegistered
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.history import history_of
from domain.journey.state import Status
from infrastructure.event_log import SqlEventLog
from infrastructure.mapping_files import SHIPPED, parse_mapping, read_mapping
from infrastructure.tables import read_tables

HEADER = "id,start,weeks,end,age\n"


@pytest.fixture
def spells(tmp_path: Path) -> Path:
    return tmp_path / "spells.csv"


def bring(log: SqlEventLog, file: Path, rows: str) -> Report:
    file.write_text(HEADER + rows, "utf-8")
    mapping = read_mapping("unemployment-spells")
    return bring_in(log, mapping, read_tables(file, mapping))


def events(log: SqlEventLog, kind: str, record: str) -> list[object]:
    stream = f"{kind}:{ids_in(log, 'unemployment-spells')(kind, 'spells', record)}"
    return [entry.event for entry in log.load(stream)]


def test_a_spell_that_ended_is_a_closed_journey(memory_log: SqlEventLog, spells: Path) -> None:
    report = bring(memory_log, spells, "7,2023-05-01,10,education,33\n")
    client = ids_in(memory_log, "unemployment-spells")("client", "spells", "7")
    made, accepted, period, closed = events(memory_log, "journey", "7")
    assert isinstance(made, e.ReferralMade)
    assert made.client == client
    assert isinstance(accepted, e.ReferralAccepted)
    assert period == e.UnemploymentPeriodRecorded(
        date(2023, 5, 1), date(2023, 7, 9), "registered", None
    )
    assert closed == e.JourneyClosed("completed", "education-or-training", Personal())
    assert (report.clients, report.journeys, report.closed) == (1, 1, 1)


def test_a_spell_that_lasts_is_an_open_journey(memory_log: SqlEventLog, spells: Path) -> None:
    bring(memory_log, spells, "7,29.2.2024,,,\n")
    stream = f"journey:{ids_in(memory_log, 'unemployment-spells')('journey', 'spells', '7')}"
    journey = history_of(memory_log.load(stream)).journey
    assert journey.status is Status.OPEN
    assert journey.closing is None
    assert [said.period.end for said in journey.periods] == [None]


@pytest.mark.parametrize(
    ("age", "year", "codes"),
    [("33", 1990, []), ("", None, []), ("7", None, ["number-unreadable"])],
)
def test_an_age_becomes_a_year_of_birth(
    memory_log: SqlEventLog, spells: Path, age: str, year: int | None, codes: list[str]
) -> None:
    report = bring(memory_log, spells, f"7,2023-05-01,,,{age}\n")
    assert events(memory_log, "client", "7") == [
        ClientRegistered(local_id=Personal("7"), birth_year=year)
    ]
    assert [finding.code for finding in report.findings] == codes


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ("", []),
        ("1,2023-02-29,4,work,30\n", ["date-unreadable"]),
        ("1,2023-02-01,-4,work,30\n", ["number-unreadable"]),
        ("1,2023-02-01,four,work,30\n", ["number-unreadable"]),
        ("1,9999-12-01,400,work,30\n", ["date-out-of-range"]),
        ("1,2023-02-01,4,sunk,30\n", ["code-unknown"]),
        ("1,2023-02-01,4,work,30\n1,2023-02-01,4,work,30\n", ["duplicate-record"]),
        ("1,2023-02-01,4,work\n", ["row-malformed"]),
        ("1,2023-02-01,4,work,30,\n", ["row-malformed"]),
        ("1,,4,work,30\n", ["date-missing"]),
        (",2023-02-01,4,work,30\n", ["record-missing"]),
        ("1,2023-02-01,,work,30\n", ["ended-without-weeks"]),
    ],
)
def test_a_bad_row_is_refused_by_code(
    memory_log: SqlEventLog, spells: Path, rows: str, refused: list[str]
) -> None:
    report = bring(memory_log, spells, rows)
    assert [f.code for f in report.findings if f.severity == "refused"] == refused
    assert report.refused == len(refused)
    assert report.rows == rows.count("\n")


def test_a_day_after_the_import_is_doubtful(memory_log: SqlEventLog, spells: Path) -> None:
    report = bring(memory_log, spells, "1,8023-02-01,,,30\n")
    assert {(f.severity, f.code) for f in report.findings} == {("doubtful", "in-the-future")}
    assert report.complete


def test_another_form_of_file_takes_a_copy_of_the_mapping(
    memory_log: SqlEventLog, spells: Path
) -> None:
    spells.write_bytes(b'\xef\xbb\xbfid;start;weeks;end;age\r\n"a;1";1.2.2023;"1,5";work;30\r\n')
    shipped = (SHIPPED / "unemployment-spells.yaml").read_text("utf-8")
    text = shipped.replace('delimiter: ","', 'delimiter: ";"').replace('al: "."', 'al: ","')
    mapping = parse_mapping(text.encode(), "copy.yaml")
    report = bring_in(memory_log, mapping, read_tables(spells, mapping))
    assert report.complete
    period = events(memory_log, "journey", "a;1")[2]
    assert isinstance(period, e.UnemploymentPeriodRecorded)
    assert period.end == date(2023, 2, 10)
