"""The archive's folder: what is written, what is never written, and what a kill leaves."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from application.evaluation.asking import CannotAsk, Moment
from application.evaluation.tables import EVENTS, event_classes, table_name, tables
from application.jobs import Cancelled
from application.ports import Append, Fresh
from domain.entry import By, Personal
from domain.journey import events as e
from infrastructure import archive_asked, archive_folder, archive_writing
from infrastructure.archive import NotCopied, ParquetArchive
from infrastructure.archive_columns import form_of
from infrastructure.archive_connection import connected
from infrastructure.archive_folder import (
    DamagedArchive,
    FoundWhole,
    Segment,
    chain,
    folder_name,
    reading,
    segments,
)
from infrastructure.archive_log import AnotherLog
from infrastructure.archive_tables import ArchiveStatements, event_schema
from infrastructure.archive_writing import missing, to_merge
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.event_names import UnstorableEvent
from infrastructure.ledger_tree import StoredTree
from tests.domain import journeys as j
from tests.domain.streams import histories
from tests.infrastructure.archived import NAME, Clock, fill, journey, register

NOW = Moment()


@pytest.fixture(scope="module")
def log() -> Iterator[SqlEventLog]:
    clock = Clock()
    with open_log("sqlite://", clock=clock) as opened:
        register(opened, (f"client-{n}" for n in range(4)))
        fill(opened, clock, {f"j-{n}": journey(3, n) for n in range(8)})
        yield opened


def archived(log: SqlEventLog, folder: Path, **options: Any) -> ParquetArchive:
    archive = ParquetArchive(folder, log.database, **options)
    archive.catch_up()
    return archive


def count(archive: ParquetArchive, table: str = "entries") -> int:
    with archive.at(NOW) as asked:
        return int(asked.ask(f"SELECT count(*) FROM {table}").rows[0][0])


def test_an_archive_follows_the_log_with_its_ledger(log: SqlEventLog, tmp_path: Path) -> None:
    archive = ParquetArchive(tmp_path / "a", log.database)
    assert (archive.position, archive.root) == (0, None)
    assert archive.catch_up(10) == 10
    assert archive.root == StoredTree(log.database).root(10)
    told: list[tuple[int, int]] = []
    assert archive.catch_up(on_progress=lambda *done: told.append(done)) == log.position()
    assert told[-1] == (log.position(), log.position())
    assert archive.root == StoredTree(log.database).root(log.position())
    again = ParquetArchive(tmp_path / "a", log.database)
    assert again.position == log.position()
    assert count(again) == log.position()


def test_both_databases_give_the_same_rows(database_url: str, tmp_path: Path) -> None:
    clock = Clock()
    journeys = {f"j-{n}": journey(3, n) for n in range(3)}
    with open_log(database_url, clock=clock) as opened:
        register(opened, ["client-0"])
        fill(opened, clock, journeys)
        archive = archived(opened, tmp_path / "a", segment=40)
        with archive.at(NOW) as asked:
            found = asked.ask("SELECT stream, version, name, occurred_on, claimed FROM entries")
            inside = asked.ask("SELECT journey, entry, phase FROM stays ORDER BY ALL").rows
        wanted = [
            (f"journey:{name}", x.version, x.occurred_on, x.claimed)
            for name, entries in journeys.items()
            for x in entries
        ]
    rows = [(s, v, on, claimed) for s, v, _, on, claimed in found.rows if s.startswith("journey:")]
    assert sorted(rows) == sorted(wanted)
    assert inside


def test_a_program_that_writes_with_helpers_writes_the_same(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with open_log(sqlite_url, clock=clock) as opened:
        fill(opened, clock, {"j": journey(5, 1)})
        alone = archived(opened, tmp_path / "alone", segment=20, helpers=1)
        monkeypatch.setattr("infrastructure.archive_writing.MANY", 1)
        helped = archived(opened, tmp_path / "helped", segment=20, helpers=2)
        rows = []
        for archive in (alone, helped):
            with archive.at(NOW) as asked:
                rows.append(asked.ask("SELECT * FROM entries ORDER BY position").rows)
    assert alone.root == helped.root
    assert rows[0] == rows[1]


def test_a_program_whose_helpers_are_killed_writes_the_same_without_them(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(_done: int, _all: int) -> None:
        for helper in active_children():
            os.kill(helper.pid or 0, signal.SIGKILL)

    clock = Clock()
    with open_log(sqlite_url, clock=clock) as opened:
        fill(opened, clock, {f"j-{n}": journey(9, n) for n in range(12)})
        monkeypatch.setattr("infrastructure.archive_writing.MANY", 1)
        archive = ParquetArchive(tmp_path / "a", opened.database, segment=3, helpers=2)
        with capture_logs() as logged:
            assert archive.catch_up(on_progress=kill) == opened.position()
        assert "archive-helpers-died" in [one["event"] for one in logged]
        alone = archived(opened, tmp_path / "alone", segment=20, helpers=1)
        assert (count(archive), archive.root) == (count(alone), alone.root)


def test_an_amount_that_nobody_can_pay_is_none_and_does_not_stop_the_archive() -> None:
    form = form_of(e.GrantPaid)
    texts = ("100", "0.12345", "1e40", "NaN", "9" * 33, "1e-20")
    body = '{"reference":"p","amount":"%s","currency":"EUR","payer":"x"}'
    made = form.columns([(body % text).encode() for text in texts])
    amounts = made[form.fields.index("amount")].to_pylist()
    assert amounts == [100, Decimal("0.1234"), None, None, int("9" * 33), 0]


def test_what_follows_costs_what_is_new_and_small_segments_are_merged(
    log: SqlEventLog, tmp_path: Path
) -> None:
    folder = tmp_path / "a"
    archive = ParquetArchive(folder, log.database)
    read: list[dict[str, int]] = []
    ask = log.database.rows
    page = ArchiveStatements(is_sqlite=True).page

    def noting(statement: str, asked: dict[str, Any]) -> list[Any]:
        read.extend([asked] if statement == page else [])
        return ask(statement, asked)

    log.database.rows = noting  # type: ignore[method-assign]
    try:
        for until in range(0, log.position(), 7):
            archive.catch_up(until)
        archive.catch_up()
    finally:
        log.database.rows = ask  # type: ignore[method-assign]
    spans = [(one["after"], one["until"]) for one in read]
    assert [until for _, until in spans[:-1]] == [after for after, _ in spans[1:]]
    held = segments(folder)
    assert held == chain(held)
    assert len(held) <= log.position().bit_length()
    assert count(archive) == log.position()


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_merging_keeps_segments_few_and_whole(sizes: list[int]) -> None:
    held: list[Segment] = []
    for size in sizes:
        at = held[-1].until if held else 0
        held.append(Segment(Path(), at, at + size, "", "", "", {}))
        some = to_merge(held, 100_000)
        if some:
            merged = Segment(Path(), some[0].after, some[-1].until, "", "", "", {})
            held[len(held) - len(some) :] = [merged]
    assert [one.after for one in held] == [0, *(one.until for one in held[:-1])]
    assert held[-1].until == sum(sizes)
    newer = [sum(one.rows for one in held[n + 1 :]) for n in range(len(held) - 1)]
    assert all(one.rows > 2 * rest for one, rest in zip(held, newer, strict=False))


def test_what_a_run_left_out_is_written_by_the_next() -> None:
    every = [Segment(Path("b"), 20, 30, "", "", "", {}), Segment(Path("a"), 0, 10, "", "", "", {})]
    assert list(missing(every, 47, 10)) == [(10, 20), (30, 40), (40, 47)]


class Killed(BaseException):
    """As if the process had ended there."""


DOING = ("open", "mkdir", "rename", "unlink", "write_text")


def breaking(monkeypatch: pytest.MonkeyPatch, after: int) -> Callable[[], int]:
    """Let so many operations on files happen, and none after them; return what counts them."""
    done = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any, **named: Any) -> Any:
            nonlocal done
            done += 1
            if done > after:
                raise Killed
            return real(*given, **named)

        return do

    for name in DOING:
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    for place, name in (
        (archive_folder.os, "fsync"),
        (archive_folder.shutil, "rmtree"),
        (archive_folder.os, "rmdir"),
    ):
        monkeypatch.setattr(place, name, counted(getattr(place, name)))
    return lambda: done


def test_killed_at_any_operation_the_archive_is_one_that_was(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = 120
    before = tmp_path / "before"
    ParquetArchive(before, log.database).catch_up(100)
    at, ends, seen = 0, False, set()
    while not ends:
        folder = tmp_path / f"a-{at}"
        shutil.copytree(before, folder)
        with monkeypatch.context() as broken:
            done = breaking(broken, at)
            with suppress(Killed):
                ParquetArchive(folder, log.database).catch_up(until)
            ends = done() <= at
        left = ParquetArchive(folder, log.database)
        seen.add(left.position)
        assert left.position in (100, until)
        assert count(left) == left.position
        assert left.catch_up() == log.position()
        assert count(left) == log.position()
        assert {one.name for one in folder.iterdir() if one.is_dir()} == {
            one.folder.name for one in chain(segments(folder))
        }
        at += 3
    assert seen == {100, until}


WRITING = """
import sys
from pathlib import Path
from infrastructure.archive import ParquetArchive
from infrastructure.database import Database

archive = ParquetArchive(Path(sys.argv[2]), Database(sys.argv[1]), segment=25, helpers=1)
print("begun", flush=True)
archive.catch_up()
"""


def test_a_real_kill_leaves_an_archive_that_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    clock = Clock()
    folder = tmp_path / "a"
    with open_log(sqlite_url, clock=clock) as opened:
        fill(opened, clock, {f"j-{n}": journey(9, n) for n in range(12)})
        with subprocess.Popen(
            [sys.executable, "-c", WRITING, sqlite_url, str(folder)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"begun\n"
            time.sleep(random.Random(os.getpid()).uniform(0.0, 0.3))  # noqa: S311 - any will do
            writer.send_signal(signal.SIGKILL)
        left = ParquetArchive(folder, opened.database)
        assert count(left) == left.position
        assert left.catch_up() == opened.position()
        assert count(left) == opened.position()


def test_what_a_killed_process_of_the_same_number_left_is_in_nobodys_way(
    log: SqlEventLog, tmp_path: Path
) -> None:
    """While somebody reads, nothing is cleaned; and in a container numbers come again."""
    left = tmp_path / f"new-{folder_name(0, log.position())}-{os.getpid()}"
    left.mkdir()
    (left / "entries.parquet").write_bytes(b"half of it")
    with reading(tmp_path):
        assert count(archived(log, tmp_path)) == log.position()


def test_an_archive_that_is_cleaned_while_it_is_opened_is_not_taken_for_damaged(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = ParquetArchive(tmp_path, log.database)
    writer.catch_up(log.position() // 2)
    read = archive_folder._read

    def while_another_writes(folder: Path) -> Segment:
        monkeypatch.undo()
        writer.catch_up()  # what it merges goes as soon as nobody reads
        return read(folder)

    monkeypatch.setattr(archive_folder, "_read", while_another_writes)
    opened = ParquetArchive(tmp_path, log.database)
    opened.catch_up()
    assert count(opened) == log.position()


def test_a_damaged_file_is_named(log: SqlEventLog, tmp_path: Path) -> None:
    archive = archived(log, tmp_path / "a")
    (file,) = (tmp_path / "a").glob("*/phase_entered.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with archive.at(NOW) as asked:
        assert asked.ask("SELECT count(*) FROM referral_made").rows
        with pytest.raises(DamagedArchive, match=r"phase_entered\.parquet is not as it was"):
            asked.ask("SELECT count(*) FROM stays")
    file.unlink()
    with archive.at(NOW) as asked, pytest.raises(DamagedArchive, match="phase_entered"):
        asked.ask("SELECT count(*) FROM phase_entered")


def test_of_files_that_were_merged_since_nothing_is_remembered_for_ever(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = FoundWhole(log.position().bit_length())
    monkeypatch.setattr(archive_asked, "FOUND_WHOLE", found)
    archive, every = ParquetArchive(tmp_path, log.database), set[Path]()
    for until in range(1, log.position(), log.position() // 30):
        archive.catch_up(until)
        every |= {*tmp_path.glob("*-*/entries.parquet")}
        assert count(archive) == until
    assert len(every) > 25
    assert len(found) <= log.position().bit_length() < 12


def test_a_file_that_was_found_whole_is_read_again_once_it_looks_changed_or_is_long_ago(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def digest(path: Path) -> str:
        read.append(path.name)
        return digest_of(path)

    digest_of = archive_folder.digest
    archived(log, tmp_path)
    (segment,) = segments(tmp_path)
    one, other, last = sorted(segment.files)[:3]
    monkeypatch.setattr(archive_folder, "digest", digest)
    found = FoundWhole(2)
    for name in (one, one, other, one, last, one):
        found.check(segment, name)
    assert read == [one, other, last]
    found.check(segment, other)
    assert read[3:] == [other]
    os.utime(segment.folder / other, ns=(0, 0))
    found.check(segment, other)
    assert read[4:] == [other]


def test_a_question_reads_only_what_it_names(log: SqlEventLog, tmp_path: Path) -> None:
    archive = archived(log, tmp_path / "a")
    (file,) = (tmp_path / "a").glob("*/eligibility_assessed.parquet")
    file.write_bytes(b"damaged")
    stock = "stock(DATE '2025-03-01', DATE '2025-03-01')"
    with archive.at(NOW) as asked:
        assert asked.ask(f"SELECT sum(journeys) AS journeys FROM {stock}").rows
        with pytest.raises(DamagedArchive, match="eligibility_assessed"):
            asked.ask(f"SELECT eligible, sum(journeys) FROM journeys, {stock} GROUP BY eligible")


LOADING = """
import sys
from pathlib import Path
import infrastructure.event_log
from infrastructure.archive import ParquetArchive
from infrastructure.database import Database

ParquetArchive(Path(sys.argv[2]), Database(sys.argv[1])).catch_up()
print(*sorted({"pandas", "psycopg"} & sys.modules.keys()))
"""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What DuckDB is told to make for questions, as it is told."""
    told: list[str] = []
    run = archive_asked.AskedArchive._run

    def spied(asked: archive_asked.AskedArchive, sql: str) -> Any:
        told.append(sql)
        return run(asked, sql)

    monkeypatch.setattr(archive_asked.AskedArchive, "_run", spied)
    return told


def test_what_several_questions_need_of_journeys_is_made_once(
    log: SqlEventLog, tmp_path: Path, made: list[str]
) -> None:
    def often() -> int:
        return sum("TABLE journeys AS" in sql for sql in made)

    questions = (
        "SELECT count(*) FROM journeys",
        "SELECT phase FROM journeys",
        "SELECT * FROM journeys",
    )
    archive = archived(log, tmp_path / "a")
    with archive.at(NOW) as asked:
        found = [sorted(asked.ask(sql).rows, key=repr) for sql in questions[:2]]
    assert often() == 2
    made.clear()
    with archive.at(NOW) as asked:
        asked.expect(questions[1], "'destination' = gender -- closed_on")
        assert [sorted(asked.ask(sql).rows, key=repr) for sql in questions[:2]] == found
        columns = {"journey", "key", "phase", "gender"}
        assert {*asked._columns["journeys"]} | {"journey", "key"} == columns
        assert often() == 1
        asked.ask(questions[2])  # and what nobody said before is made all the same
        assert often() == 2


def test_the_parts_of_journeys_are_no_views_that_look_each_file_up_once_more(
    log: SqlEventLog, tmp_path: Path, made: list[str]
) -> None:
    with archived(log, tmp_path / "a").at(NOW) as asked:
        asked.ask("SELECT gender, phase, status FROM journeys")
    assert not [sql for sql in made if "VIEW part_" in sql]


def test_to_write_on_sqlite_nobody_waits_for_what_only_others_need(
    sqlite_url: str, tmp_path: Path
) -> None:
    clock = Clock()
    with open_log(sqlite_url, clock=clock) as opened:
        fill(opened, clock, {"j": journey(5, 1)})
    done = subprocess.run(
        [sys.executable, "-c", LOADING, sqlite_url, str(tmp_path / "a")],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout == "\n"
    assert segments(tmp_path / "a")


def test_a_manifest_that_cannot_be_read_is_named(log: SqlEventLog, tmp_path: Path) -> None:
    archived(log, tmp_path / "a")
    (manifest,) = (tmp_path / "a").glob("*/manifest.json")
    manifest.write_text("{}")
    with pytest.raises(DamagedArchive, match=r"manifest\.json cannot be read"):
        ParquetArchive(tmp_path / "a", log.database)


def test_an_archive_of_another_log_is_refused(log: SqlEventLog, tmp_path: Path) -> None:
    archived(log, tmp_path / "a")
    with open_log("sqlite://", clock=Clock()) as other:
        with pytest.raises(AnotherLog, match="POLKU_ARCHIVE"):
            ParquetArchive(tmp_path / "a", other.database)
        register(other, (f"client-{n}" for n in range(200)))
        with pytest.raises(AnotherLog, match="is of another log"):
            ParquetArchive(tmp_path / "a", other.database)


def test_an_archive_of_another_shape_is_made_anew(log: SqlEventLog, tmp_path: Path) -> None:
    archived(log, tmp_path / "a")
    (manifest,) = (tmp_path / "a").glob("*/manifest.json")
    told = json.loads(manifest.read_text()) | {"shape": "older"}
    manifest.write_text(json.dumps(told))
    archive = ParquetArchive(tmp_path / "a", log.database)
    assert archive.position == 0
    assert archive.catch_up() == log.position()
    assert count(archive) == log.position()


def test_an_archive_that_was_begun_anew_while_it_is_asked_tells_no_part_of_the_log(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program of another version throws the segments away that it cannot read."""
    archive = archived(log, tmp_path / "a")
    with monkeypatch.context() as of_another:
        for module in (archive_folder, archive_writing):
            of_another.setattr(module, "shape", lambda: "newer")
        archived(log, tmp_path / "a")
    for _ in range(2):
        with pytest.raises(AnotherLog, match="begun anew"), archive.at(NOW):
            pass
    with pytest.raises(AnotherLog, match="begun anew"):
        archive.copy_to(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def filled(event: Any, text: str) -> Any:
    """The event with the text in each personal field of it."""
    if isinstance(event, Personal):
        return Personal(text)
    if isinstance(event, tuple):
        return tuple(filled(one, text) for one in event)
    if is_dataclass(event) and not isinstance(event, type):
        return type(event)(**{f.name: filled(getattr(event, f.name), text) for f in fields(event)})
    return event


@pytest.mark.parametrize("kind", sorted(EVENTS))
@given(st.data())
@settings(max_examples=3, deadline=None)
def test_nothing_personal_of_any_event_goes_in(kind: str, data: st.DataObject) -> None:
    told = "told-in-confidence"
    with open_log("sqlite://", clock=Clock()) as opened:
        for version, entry in enumerate(data.draw(histories(EVENTS[kind]))):
            event = filled(entry.event, told)
            if isinstance(event, e.EntryCorrected | e.EntryRetracted):
                event = e.EntryCorrected(1, j.REFERRED, date(2025, 1, 1), Personal(told))
            fresh = Fresh(event, entry.occurred_on, None)
            with suppress(UnstorableEvent):  # as an amount that is no number
                opened.append(Append(f"{kind}:{version}", 0, (fresh,), entry.by))
        with TemporaryDirectory() as folder:
            archive = archived(opened, Path(folder) / "a")
            if not archive.position:
                return
            with archive.at(NOW) as asked:
                for name in tables():
                    assert told not in str(asked.ask(f"SELECT * FROM {name}").rows)
            every = b"".join(p.read_bytes() for p in Path(folder).glob("a/*/*.parquet"))
            assert told.encode() not in every


@pytest.mark.parametrize(
    ("hours", "added_up"),
    [([0.1, 0.2, 0.3], 0.6), ([1e29, 2.0], 1e29), ([9e18, 9e18], 1.8e19), ([1e300], 1e300)],
)
def test_hours_that_nobody_can_have_attended_hide_no_other_figure(
    tmp_path: Path, hours: list[float], added_up: float
) -> None:
    """No decimal has room for them: whatever was asked of services was refused then."""
    with open_log("sqlite://", clock=Clock()) as opened:
        some = [Fresh(e.AttendanceRecorded("a", x, None), date(2025, 3, 1), None) for x in hours]
        opened.append(Append("journey:j", 0, tuple(some), By("worker-1", "city")))
        with archived(opened, tmp_path / "a").at(NOW) as asked:
            assert asked.ask("SELECT hours FROM services").rows == [(added_up,)]


def test_no_field_of_a_table_is_a_personal_text() -> None:
    def holds(hint: str) -> bool:
        return "Personal" in hint

    for kind in EVENTS:
        for cls in event_classes(kind):
            personal = {f.name for f in fields(cls) if holds(str(f.type))}
            assert not personal & set(event_schema(cls).names)


def test_what_a_source_calls_its_record_stays_out(log: SqlEventLog, tmp_path: Path) -> None:
    archived(log, tmp_path / "a")
    every = b"".join(path.read_bytes() for path in (tmp_path / "a").glob("*/*.parquet"))
    assert NAME.encode() not in every


def test_the_dictionary_is_the_schema(log: SqlEventLog, tmp_path: Path) -> None:
    archive = archived(log, tmp_path / "a")
    with archive.at(Moment(date(2025, 6, 1), datetime(2025, 6, 1, tzinfo=UTC))) as asked:
        for table in tables().values():
            told = [(column.name, column.type) for column in table.columns]
            asked.ask(f"SELECT * FROM {table.name}")
            sql = f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {table.name})"
            real = [(name, kind) for name, kind in asked.ask(sql).rows]
            assert [n for n, _ in real] == [n for n, _ in told], table.name
            assert [k.replace('"', "") for _, k in real] == [k.replace('"', "") for _, k in told]


def test_each_table_and_column_is_explained() -> None:
    for table in tables().values():
        assert table.says.endswith("."), table.name
        assert all(column.says for column in table.columns)
    assert {table_name(cls) for kind in EVENTS for cls in event_classes(kind)} <= tables().keys()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM journeys",
        "CREATE TABLE x (a INT)",
        "SELECT 1; SELECT 2",
        "COPY (SELECT 1) TO 'x.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT nothing FROM journeys",
        "SELECT * FROM nowhere",
        "SELEC",
        "SET memory_limit = '1TB'",
        "ATTACH 'x.db'",
    ],
)
def test_only_questions_are_answered(log: SqlEventLog, tmp_path: Path, sql: str) -> None:
    archive = ParquetArchive(tmp_path / "a", log.database)
    archive.catch_up(5)
    with archive.at(NOW) as asked, pytest.raises(CannotAsk) as told:
        asked.ask(sql)
    assert str(told.value)


def test_the_name_of_the_folder_says_nothing_of_what_is_in_it(
    log: SqlEventLog, tmp_path: Path
) -> None:
    """DuckDB takes "programme=other" in the way to a file for the value of a column."""
    sql = "SELECT journey, programme FROM referral_made ORDER BY ALL"
    rows = []
    for name in ("a", "programme=other"):
        with archived(log, tmp_path / name / "archive").at(NOW) as asked:
            rows.append(asked.ask(sql).rows)
    assert rows[0] == rows[1]


def test_a_question_has_parameters_and_names_of_its_columns(
    log: SqlEventLog, tmp_path: Path
) -> None:
    archive = archived(log, tmp_path / "a")
    with archive.at(NOW) as asked:
        found = asked.ask("SELECT journey, status FROM journeys WHERE journey = ?", ["j-1"])
        counted = asked.ask("SELECT count(*) AS many FROM journeys WHERE phase IS NOT NULL")
    assert found.columns == ("journey", "status")
    assert [journey for journey, _ in found.rows] in ([], ["j-1"])
    assert counted.columns == ("many",)


def test_what_is_divided_by_zero_is_not_known() -> None:
    with closing(connected((), "64MB", 1)) as connection:
        found = connection.execute("SELECT 1 / 0, 0 / 0, 1 // 0, 1 % 0, 1 / 0 > 2").fetchone()
    assert found == (None,) * 5


def empty_folder(at: Path) -> Path:
    (at / "copy").mkdir()
    return at / "copy"


def test_an_archive_of_nothing_answers(tmp_path: Path) -> None:
    with open_log("sqlite://") as empty:
        archive = archived(empty, tmp_path / "a")
        assert count(archive, "journeys") == 0
        assert count(archive, "esf_participants") == 0
        assert archive.copy_to(empty_folder(tmp_path)) == 0
    assert [one.name for one in sorted((tmp_path / "copy").iterdir())] == [
        "dictionary.json",
        "dictionary.md",
    ]


def test_a_copy_has_every_table_and_its_dictionary(log: SqlEventLog, tmp_path: Path) -> None:
    archive = archived(log, tmp_path / "a", segment=50)
    assert archive.copy_to(empty_folder(tmp_path)) == log.position()
    with duckdb.connect() as other:
        sql = f"SELECT count(*) FROM '{tmp_path}/copy/entries/*.parquet'"
        assert other.execute(sql).fetchall() == [(log.position(),)]
    told = json.loads((tmp_path / "copy" / "dictionary.json").read_text())
    assert (told["position"], told["ledger_root"]) == (archive.position, archive.root.hex())
    assert "## journeys" in (tmp_path / "copy" / "dictionary.md").read_text()


def test_a_copy_tells_how_far_it_is_and_can_be_broken_off(log: SqlEventLog, tmp_path: Path) -> None:
    archive, place = archived(log, tmp_path / "a"), empty_folder(tmp_path)
    told: list[tuple[int, int]] = []

    def three(done: int, every: int) -> None:
        told.append((done, every))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        archive.copy_to(place, three)
    every = len(segments(tmp_path / "a")[0].files)
    assert told == [(done, every) for done in range(4)]
    assert len([*place.rglob("*.parquet")]) == 3


def test_the_dictionary_of_a_copy_says_what_has_no_files(log: SqlEventLog, tmp_path: Path) -> None:
    archived(log, tmp_path / "a").copy_to(empty_folder(tmp_path))
    folders = {one.name for one in (tmp_path / "copy").iterdir() if one.is_dir()}
    told = json.loads((tmp_path / "copy" / "dictionary.json").read_text())["tables"]
    assert {one["name"] for one in told if one["files"]} == folders
    assert {"journeys", "stays"} <= {one["name"] for one in told if one["derived"]}
    assert "entries" not in {one["name"] for one in told if one["derived"]}
    pages = (tmp_path / "copy" / "dictionary.md").read_text().split("\n## ")
    without = {page.partition("\n")[0] for page in pages if "No files:" in page}
    assert without == {one["name"] for one in told} - folders


def test_a_copy_for_which_there_is_no_room_is_not_told_as_a_damaged_archive(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("infrastructure.archive.shutil.copyfile", full)
    with pytest.raises(NotCopied, match=r"^No space left on device$"):
        archived(log, tmp_path / "a").copy_to(empty_folder(tmp_path))


def test_a_comment_hides_no_table_from_who_asks(log: SqlEventLog, tmp_path: Path) -> None:
    archive = archived(log, tmp_path / "a")
    with archive.at(Moment()) as asked:
        (row,) = asked.ask("SELECT count(*) -- the client's\n FROM journeys WHERE '' = ''").rows
    assert row[0] == count(archive, "journeys")


ASKING = """
import sys, time
from pathlib import Path
from infrastructure.archive_connection import connected
from infrastructure.archive_folder import reading, segments

folder = Path(sys.argv[1])
with reading(folder):
    connection = connected(segments(folder), "30MB", 1)
    connection.execute("CREATE TABLE much AS SELECT md5(range::VARCHAR) FROM range(1000000)")
    print("asked", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_question_had_put_on_the_disk_goes_with_the_next_writing(
    log: SqlEventLog, tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "a", tmp_path / "tmp"
    archive = ParquetArchive(folder, log.database)
    archive.catch_up(10)
    elsewhere.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", ASKING, str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(elsewhere)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"asked\n"
        archive.catch_up(11)
        (spilled,) = (*folder.glob("new-*"), *elsewhere.iterdir())
        assert sum(file.stat().st_size for file in spilled.iterdir()) > 1_000_000, "it is read yet"
        process.kill()
    archive.catch_up(12)
    assert [*folder.glob("new-*"), *elsewhere.iterdir()] == []
