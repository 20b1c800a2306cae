"""The HMIS sample, brought in whole: its counts, its two clocks and its doubts.

What is expected is computed from the export's own files, read here with nothing but `csv`.
"""

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from application.importing.bringing import bring_in
from application.importing.ids import ids_in
from application.importing.report import Report
from domain.entry import Entry
from domain.journey import events as e
from domain.journey.history import look
from infrastructure.event_log import SqlEventLog
from infrastructure.mapping_files import read_mapping
from infrastructure.tables import read_tables
from tests.application.hmis import SAMPLE, WHERE_IT_IS

ROWS = {
    "Client": 4146,
    "Enrollment": 4771,
    "EmploymentEducation": 9623,
    "Services": 4472,
    "Exit": 4295,
}
DAYS = {
    "Enrollment": "EntryDate",
    "EmploymentEducation": "InformationDate",
    "Services": "DateProvided",
    "Exit": "ExitDate",
}

pytestmark = WHERE_IT_IS


@pytest.fixture(scope="module")
def raw() -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(SAMPLE) as archive:
        return {
            name: list(csv.DictReader(io.TextIOWrapper(archive.open(f"{name}.csv"), "utf-8")))
            for name in (*ROWS, "Project", "Organization", "Export")
        }


@pytest.fixture(scope="module")
def streams(hmis: tuple[SqlEventLog, Report]) -> dict[str, list[Entry[Any]]]:
    found: dict[str, list[Entry[Any]]] = defaultdict(list)
    for stream, entry in hmis[0].read():
        found[stream].append(entry)
    return found


def journeys_in(log: SqlEventLog) -> Callable[[str], str]:
    id_of = ids_in(log, "hmis")
    return lambda enrollment: f"journey:{id_of('journey', 'Enrollment', enrollment)}"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_clients_journeys_and_ends_are_all_there(
    hmis: tuple[SqlEventLog, Report], streams: dict[str, list[Entry[Any]]]
) -> None:
    kinds = Counter(stream.partition(":")[0] for stream in streams)
    assert kinds == {"client": 4146, "journey": 4771}
    closed = (
        [s for s, entries in streams.items() if look(entries).journey.closing]
        if False
        else [
            stream
            for stream, entries in streams.items()
            if any(isinstance(entry.event, e.JourneyClosed) for entry in entries)
        ]
    )
    assert len(closed) == 4295
    _, report = hmis
    assert (report.clients, report.journeys, report.closed) == (4146, 4771, 4295)


@pytest.mark.parametrize("table", ROWS)
def test_every_row_is_an_entry(
    hmis: tuple[SqlEventLog, Report],
    streams: dict[str, list[Entry[Any]]],
    raw: dict[str, list[dict[str, str]]],
    table: str,
) -> None:
    rows = {
        (entry.source.row, entry.source.record)
        for entries in streams.values()
        for entry in entries
        if entry.source and entry.source.table == table
    }
    key = {"EmploymentEducation": "EmploymentEducationID", "Client": "PersonalID"}
    column = key.get(table, "ServicesID" if table == "Services" else f"{table}ID")
    assert rows == {(number, row[column]) for number, row in enumerate(raw[table], 1)}
    assert len(rows) == ROWS[table]


def test_nothing_is_refused_and_every_file_is_accounted_for(
    hmis: tuple[SqlEventLog, Report],
) -> None:
    _, report = hmis
    assert report.complete
    with zipfile.ZipFile(SAMPLE) as archive:
        files = {name: archive.read(name).count(b"\n") - 1 for name in archive.namelist()}
    told = {count.file: count.rows for count in report.tables}
    told |= {one.file: one.rows for one in report.unmapped}
    assert told == files


@pytest.mark.parametrize("table", DAYS)
def test_each_entry_has_the_day_and_the_claim_of_its_row(
    hmis: tuple[SqlEventLog, Report],
    streams: dict[str, list[Entry[Any]]],
    raw: dict[str, list[dict[str, str]]],
    table: str,
) -> None:
    journey = journeys_in(hmis[0])
    for row_number, row in list(enumerate(raw[table], 1))[::7]:
        entries = [
            entry
            for entry in streams[journey(row["EnrollmentID"])]
            if entry.source and (entry.source.table, entry.source.row) == (table, row_number)
        ]
        assert entries
        for entry in entries:
            assert entry.occurred_on == date.fromisoformat(row[DAYS[table]])
            assert entry.known_at == instant(row["DateCreated"])


def test_a_journey_stands_as_at_a_day_otherwise_than_as_known_that_day(
    hmis: tuple[SqlEventLog, Report],
    streams: dict[str, list[Entry[Any]]],
    raw: dict[str, list[dict[str, str]]],
) -> None:
    journey = journeys_in(hmis[0])
    by_enrollment: dict[str, list[tuple[date, datetime]]] = defaultdict(list)
    for table in DAYS:
        for row in raw[table]:
            times = 2 if table == "Enrollment" else 1
            said = date.fromisoformat(row[DAYS[table]]), instant(row["DateCreated"])
            by_enrollment[row["EnrollmentID"]] += [said] * times
    differ = 0
    for enrollment, said in list(by_enrollment.items())[::5]:
        day = max(day for day, _ in said)
        moment = datetime.combine(day + timedelta(days=1), time(), UTC)
        entries = streams[journey(enrollment)]
        happened = len(look(entries, as_at=day).entries)
        known = look(entries, known_at=moment)
        assert happened == sum(when <= day for when, _ in said)
        assert len(known.entries) == sum(claimed <= moment for _, claimed in said)
        assert known.claimed
        differ += happened != len(known.entries)
    assert differ > 100


def test_an_end_recorded_late_is_not_known_before(
    hmis: tuple[SqlEventLog, Report],
    streams: dict[str, list[Entry[Any]]],
    raw: dict[str, list[dict[str, str]]],
) -> None:
    journey = journeys_in(hmis[0])
    late = [
        row
        for row in raw["Exit"]
        if instant(row["DateCreated"]).date() > date.fromisoformat(row["ExitDate"])
    ]
    assert len(late) == 337
    for row in late:
        entries = streams[journey(row["EnrollmentID"])]
        ended = date.fromisoformat(row["ExitDate"])
        midnight = datetime.combine(ended, time(), UTC)
        assert look(entries, as_at=ended).journey.closing is not None
        assert look(entries, known_at=midnight).journey.closing is None


def test_what_is_doubtful_is_told(
    hmis: tuple[SqlEventLog, Report], raw: dict[str, list[dict[str, str]]]
) -> None:
    _, report = hmis
    exits = {row["EnrollmentID"]: row["ExitDate"] for row in raw["Exit"]}
    extracted = raw["Export"][0]["ExportDate"][:10]
    after_exit = sum(
        row["DateProvided"] > exits.get(row["EnrollmentID"], "9999") for row in raw["Services"]
    )
    future = sum(row[DAYS[table]] > extracted for table in DAYS for row in raw[table])
    early = sum(row["DateCreated"][:10] < row[DAYS[t]] for t in DAYS for row in raw[t])
    no_reason = sum(
        row["Employed"] == "0" and not row["NotEmployedReason"]
        for row in raw["EmploymentEducation"]
    )
    assert report.codes() == {
        ("doubtful", "after-journey-end"): after_exit,
        ("doubtful", "in-the-future"): future,
        ("doubtful", "recorded-before-happened"): early,
        ("doubtful", "code-missing"): no_reason,
    }
    assert (after_exit, future, early, no_reason) == (6, 22, 3930, 3589)


def test_codes_become_words_of_ours(
    streams: dict[str, list[Entry[Any]]], raw: dict[str, list[dict[str, str]]]
) -> None:
    by_row = {
        (entry.source.table, entry.source.row): entry.event
        for entries in streams.values()
        for entry in entries
        if entry.source
    }
    statuses: Counter[tuple[str, str]] = Counter()
    for number, row in enumerate(raw["EmploymentEducation"], 1):
        event = by_row["EmploymentEducation", number]
        first = isinstance(event, e.IntakeInterviewHeld)
        assert first == (row["DataCollectionStage"] == "1")
        status = event.situation.employment
        statuses[row["Employed"] + row["NotEmployedReason"], status or ""] += 1
        if not first:
            assert event.status == (status or e.EmploymentStatus.UNKNOWN)
            assert event.point in ("update", "exit", "annual")
    assert statuses == {
        ("", ""): 2838,
        ("0", "unemployed"): 3589,
        ("01", "unemployed"): 350,
        ("02", "inactive"): 276,
        ("03", "inactive"): 523,
        ("1", "employed"): 2038,
        ("8", "unknown"): 1,
        ("9", "unknown"): 8,
    }
    destinations = Counter(by_row["Exit", n].destination for n in range(1, 4296))
    unknown = sum(row["Destination"] in ("8", "9", "99", "30") for row in raw["Exit"])
    assert destinations["unknown"] == unknown == 282
    assert set(destinations) == {"unknown", "other", "other-measure"}


def test_a_row_that_the_source_deleted_stays_out_and_is_told(
    raw: dict[str, list[dict[str, str]]], tmp_path: Path, memory_log: SqlEventLog
) -> None:
    gone = raw["Exit"][0]
    for name, rows in raw.items():
        some = [
            row | ({"DateDeleted": "2024-01-02 00:00:00"} if row is gone else {})
            for row in rows
            if row.get("PersonalID", gone["PersonalID"]) == gone["PersonalID"]
        ]
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, list(rows[0]))
            lines.writeheader()
            lines.writerows(some)
    mapping = read_mapping("hmis-csv")
    report = bring_in(memory_log, mapping, read_tables(tmp_path, mapping))
    refused = [(f.code, f.file) for f in report.findings if f.severity == "refused"]
    assert refused == [("deleted-in-source", "Exit.csv")]
    ended = memory_log.load(journeys_in(memory_log)(gone["EnrollmentID"]))
    assert ended
    assert not any(isinstance(entry.event, e.JourneyClosed) for entry in ended)
