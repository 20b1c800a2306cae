"""`polku import` as a person meets it: what it prints, how it ends, and what a kill leaves."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from application.importing.ids import ids_in
from application.ports import Append, Destroying, Fresh, Recorded
from domain.client import ContactDetailsChanged
from domain.entry import By, Personal
from domain.erasure import ClientErased, DataErased
from domain.journey.events import ReferralMade
from infrastructure.event_log import SqlEventLog, open_log
from interfaces.cli import main

ROOT = Path(__file__).parents[2]
GOOD = "id,start,weeks,end,age\n1,2023-05-01,10,work,33\n2,29.2.2024,,,\n"
BAD = GOOD + "3,2023-02-30,4,work,20\n"


@pytest.fixture
def spells(tmp_path: Path) -> Path:
    file = tmp_path / "spells.csv"
    file.write_text(GOOD, "utf-8")
    return file


@pytest.fixture
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("POLKU_DATABASE_URL", sqlite_url)
    return sqlite_url


def polku(source: Path, *options: str) -> int:
    return main(["import", "unemployment-spells", str(source), *options])


def stored(url: str) -> list[Recorded]:
    with open_log(url) as log:
        return list(log.read())


def dumped(file: Path) -> list[str]:
    """Return all that stands in the tables of a database."""
    with closing(sqlite3.connect(file)) as connection:
        return [*connection.iterdump()]


def opened(url: str, kind: str) -> str:
    """Return the id of what the first row opens."""
    with open_log(url) as log:
        return ids_in(log, "unemployment-spells")(kind, "spells", "1")


def test_a_good_source_ends_with_0_and_again_adds_nothing(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert polku(spells) == 0
    out, err = capsys.readouterr()
    assert "2 clients, 2 journeys (1 of them closed)" in out
    assert out.rstrip().endswith("9 entries were stored.")
    assert err == ""
    before = stored(database)
    assert polku(spells) == 0
    assert "0 entries were stored; the rest was there already." in capsys.readouterr().out
    assert stored(database) == before


def test_what_was_erased_is_not_brought_in_again(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An erasure forgets the keys of an import, and by which records its entries can be told."""
    assert polku(spells) == 0
    client = opened(database, "client")
    by = ("--ground", "gdpr-17-1-b", "--by", "officer", "--organisation", "register")
    assert main(["clients", "erase", client, *by]) == 0
    before = stored(database)
    for options in ((), ("--atomic", "all"), ("--dry-run",)):
        capsys.readouterr()
        assert polku(spells, *options) == 0
        told = capsys.readouterr().out
        assert "row 1: what it says was erased here, and is not brought in again" in told
        assert "0 entries" in told
    assert stored(database) == before


@pytest.mark.parametrize("atomic", ["journey", "all"])
def test_nothing_comes_in_of_who_is_erased_while_an_import_goes_on(
    spells: Path, database: str, monkeypatch: pytest.MonkeyPatch, atomic: str
) -> None:
    """Another file has more of a client who was brought in before, and has no journey yet."""
    client, journey = (opened(database, kind) for kind in KINDS)
    streams = f"client:{client}", f"journey:{journey}"
    with open_log(database) as log:
        told = ContactDetailsChanged(phone=Personal("040 123"))
        log.append(Append(streams[0], 0, (Fresh(told, date(2023, 1, 1)),), By("o", "r")))
    append_all = SqlEventLog.append_all

    def overtaken(log: SqlEventLog, appends: Sequence[Append], **how: Any) -> Any:
        monkeypatch.undo()
        gone = Fresh(ClientErased("gdpr-17-1-b", ()), date(2023, 1, 1))
        erasing = Append(streams[0], 1, (gone,), By("o", "r"), destroying=Destroying(streams))
        log.append(erasing)
        return append_all(log, appends, **how)

    monkeypatch.setattr(SqlEventLog, "append_all", overtaken)
    monkeypatch.setenv("POLKU_DATABASE_URL", database)
    assert polku(spells, "--atomic", atomic) in {0, 1}
    monkeypatch.setenv("POLKU_DATABASE_URL", database)
    assert polku(spells, "--atomic", atomic) == 0
    with open_log(database) as log:
        assert log.load(streams[1]) == []
        assert not log.keys.left(streams)


def test_what_is_no_longer_kept_is_not_brought_in_again_either(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert polku(spells) == 0
    client, journey = (opened(database, kind) for kind in KINDS)
    with open_log(database) as log:
        streams = (f"client:{client}", f"journey:{journey}")
        kinds = ("course", "follow-up")
        gone = DataErased(kinds, "law", "unemployment-spells", 0, (journey,))
        version = len(log.load(streams[0]))
        destroying = Destroying(streams, kinds)
        fresh = (Fresh(gone, date(2030, 1, 1)),)
        log.append(Append(streams[0], version, fresh, By("o", "r"), destroying=destroying))
    before = stored(database)
    spells.write_text(GOOD.replace("10,work,33", "11,work,33"), "utf-8")  # another digest
    assert polku(spells) == 0
    assert "is not brought in again" in capsys.readouterr().out
    assert stored(database) == before


KINDS = "client", "journey"


def test_a_refused_row_ends_with_1_and_is_named(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spells.write_text(BAD, "utf-8")
    assert polku(spells) == 1
    out = capsys.readouterr().out
    assert "spells.csv row 3, start '2023-02-30': a day as" in out
    assert "9 entries were stored; 1 row was refused." in out
    assert len(stored(database)) == 9


@pytest.mark.parametrize("atomic", ["journey", "all"])
def test_a_row_that_differs_from_the_log_ends_with_1_and_is_counted(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str], atomic: str
) -> None:
    assert polku(spells) == 0
    before = stored(database)
    spells.write_text(GOOD.replace("29.2.2024,,", "29.2.2024,5,work"), "utf-8")
    for options in ([], ["--dry-run"]):
        capsys.readouterr()
        assert polku(spells, "--atomic", atomic, *options) == 1
        out = capsys.readouterr().out
        assert "1 row differs from what the log holds and w" in out
        assert "2 journeys (1 of them closed)" in out
    assert stored(database) == before


def test_all_or_nothing(spells: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    spells.write_text(BAD, "utf-8")
    assert polku(spells, "--atomic", "all") == 1
    assert "Nothing was stored: 1 row is refused." in capsys.readouterr().out
    assert stored(database) == []
    spells.write_text(GOOD, "utf-8")
    assert polku(spells, "--atomic", "all") == 0
    assert len(stored(database)) == 9


def test_a_dry_run_leaves_nothing(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(database.removeprefix("sqlite:///"))
    before = {one.name for one in file.parent.iterdir()}, dumped(file)
    assert polku(spells, "--dry-run") == 0
    assert ({one.name for one in file.parent.iterdir()}, dumped(file)) == before
    assert "Dry run: 9 entries would be stored; nothing was." in capsys.readouterr().out
    assert stored(database) == []


def test_json_has_counts_and_every_finding(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spells.write_text(BAD, "utf-8")
    assert polku(spells, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["entries"], said["refused"], said["complete"]) == (3, 9, 1, False)
    assert said["tables"][0]["written"] == 2
    assert said["findings"] == [
        {
            "severity": "refused",
            "code": "date-unreadable",
            "file": "spells.csv",
            "row": 3,
            "column": "start",
            "value": "2023-02-30",
            "message": "a day as %Y-%m-%d or %d.%m.%Y or %d/%m/%Y is wanted",
        }
    ]


@pytest.mark.parametrize("ending", ["csv", "json", "txt"])
def test_the_report_is_written_in_the_form_of_its_ending(
    spells: Path, database: str, tmp_path: Path, ending: str
) -> None:
    spells.write_text(BAD, "utf-8")
    file = tmp_path / f"report.{ending}"
    assert polku(spells, "--report", str(file)) == 1
    text = file.read_text("utf-8")
    if ending == "csv":
        (row,) = csv.DictReader(text.splitlines())
        assert (row["severity"], row["code"], row["row"]) == ("refused", "date-unreadable", "3")
    elif ending == "json":
        assert json.loads(text)["findings"][0]["code"] == "date-unreadable"
    else:
        assert "date-unreadable: 1" in text


@pytest.mark.parametrize("report", ["spells.csv", "link.csv", "copy/../spells.csv", "hard.csv"])
def test_a_report_never_falls_upon_its_source(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str], report: str
) -> None:
    (spells.parent / "copy").mkdir()
    (spells.parent / "link.csv").symlink_to(spells)
    (spells.parent / "hard.csv").hardlink_to(spells)
    assert polku(spells, "--report", str(spells.parent / report)) == 2
    assert "choose another place" in capsys.readouterr().err
    assert spells.read_text("utf-8") == GOOD
    assert stored(database) == []


def test_a_report_falls_neither_upon_the_mapping_nor_into_the_folder_that_is_read(
    tmp_path: Path, database: str
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "spells.csv").write_text(GOOD, "utf-8")
    mapping = tmp_path / "mine.txt"
    mapping.write_text("source: mine\n", "utf-8")
    assert polku(folder, "--report", str(folder / "spells.csv")) == 2
    assert (folder / "spells.csv").read_text("utf-8") == GOOD
    assert main(["import", str(mapping), str(folder), "--report", str(mapping)]) == 2
    assert mapping.read_text("utf-8") == "source: mine\n"


def test_an_old_report_stays_until_there_is_a_new_one(
    spells: Path, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "report.txt"
    file.write_text("of yesterday", "utf-8")
    assert polku(tmp_path / "missing.csv", "--report", str(file)) == 2
    assert file.read_text("utf-8") == "of yesterday"
    assert polku(spells, "--report", str(file)) == 0
    assert "2 clients" in file.read_text("utf-8")
    assert [one.name for one in tmp_path.glob(".report*")] == []


def test_a_cell_cannot_become_a_formula_in_the_report(
    spells: Path, database: str, tmp_path: Path
) -> None:
    spells.write_text("id,start,weeks,end,age\n1,=1+1,,,\n", "utf-8")
    polku(spells, "--report", str(tmp_path / "r.csv"))
    (row,) = csv.DictReader((tmp_path / "r.csv").read_text("utf-8").splitlines())
    assert row["value"] == "'=1+1"


def test_a_cell_cannot_command_the_terminal(
    spells: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spells.write_text("id,start,weeks,end,age\n1,\x1b[31mred,,,\n", "utf-8")
    assert polku(spells) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-mapping", "SPELLS"], "there is hmis-csv, training-experiment, unempdur"),
        (["unemployment-spells", "missing.csv"], "there is no such file or folder"),
        (["hmis-csv", "SPELLS"], "has no Client.csv"),
        (["unemployment-spells", "SPELLS", "--report", "r.pdf"], ".txt, .json, .csv"),
        (["unemployment-spells", "SPELLS", "--report", "no/such/r.csv"], "nothing was done"),
        (["unemployment-spells", "SPELLS", "--atomic", "some"], "--atomic"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_a_sentence(
    spells: Path,
    database: str,
    capsys: pytest.CaptureFixture[str],
    arguments: Sequence[str],
    said: str,
) -> None:
    given = [str(spells) if argument == "SPELLS" else argument for argument in arguments]
    assert main(["import", *given]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert (out, "Traceback" in err) == ("", False)
    assert stored(database) == []


MANY = 1200
"""Rows that are brought in: more than two batches, so that a kill finds a part stored."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("many") / "many.csv"
    rows = "".join(f"{n},2023-05-{n % 28 + 1:02},{n % 50 + 1},work,30\n" for n in range(MANY))
    source.write_text("id,start,weeks,end,age\n" + rows, "utf-8")
    return source


@pytest.fixture(scope="module")
def not_killed(many: Path) -> list[tuple[object, ...]]:
    """What an import tells that was let to its end."""
    whole = f"sqlite:///{many.with_name('whole.db')}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POLKU_DATABASE_URL", whole)
        assert main(["db", "upgrade"]) == 0
        assert polku(many) == 0
    return _told(whole)


@pytest.mark.parametrize("times", [2, pytest.param(6, marks=pytest.mark.deep)])
def test_an_import_killed_again_and_again_ends_as_one_that_was_not(
    many: Path, not_killed: list[tuple[object, ...]], database_url: str, times: int
) -> None:
    partly = _kill_until_done(many, database_url, times)
    assert any(0 < count < len(not_killed) for count in partly)
    assert _told(database_url) == not_killed


def _kill_until_done(source: Path, url: str, times: int) -> list[int]:
    """Run the import and kill it as soon as it has stored something more, until it ends well."""
    run = "import sys; from interfaces.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "import", "unemployment-spells", str(source)]
    counts = [0]
    with open_log(url) as log:
        for _ in range(times):
            process = subprocess.Popen(
                command,
                env={**os.environ, "POLKU_DATABASE_URL": url},
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            while process.poll() is None and log.position() == counts[-1]:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            process.wait()
            counts.append(log.position())
    done = subprocess.run(
        command,
        env={**os.environ, "POLKU_DATABASE_URL": url},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert f"{MANY:,} clients, {MANY:,} journeys" in done.stdout
    return counts


def _told(url: str) -> list[tuple[object, ...]]:
    """Return what is in a log, with records in place of ids, which are each log's own."""
    with open_log(url) as log:
        id_of = ids_in(log, "unemployment-spells")
        known = {
            id_of(kind, "spells", str(n)): f"{kind} {n}" for kind in KINDS for n in range(MANY)
        }
    return [
        (
            *(stream.partition(":")[0], known[stream.partition(":")[2]], entry.version),
            *(_with_records(entry.event, known), entry.occurred_on, entry.source, entry.by),
        )
        for stream, entry in stored(url)
    ]


def _with_records(event: object, known: dict[str, str]) -> object:
    if isinstance(event, ReferralMade):
        return replace(event, client=known[event.client])
    return event
