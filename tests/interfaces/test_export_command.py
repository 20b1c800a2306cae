"""`polku export`: files for other tools, whole or not at all."""

import csv
import errno
import fcntl
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from interfaces.exports import files
from interfaces.exports.files import NotWritten, replace_whole, write_texts, write_whole
from interfaces.exports.ocel_sqlite import ocel_sqlite
from tests.infrastructure.full_disk import disk_with
from tests.interfaces.running import SECONDS

FORMS = {
    "xes": ["xes"],
    "ocel.json": ["ocel"],
    "ocel.sqlite": ["ocel", "--format", "sqlite"],
    "csv": ["csv"],
    "cloudevents.jsonl": ["cloudevents"],
}
SAID = ("find work in care", "likes people", "a course in care", "the wrong day was noted")


def export(told: Any, out: Path, *arguments: str) -> dict[str, Any]:
    said = told("export", *arguments, "--out", str(out), "--json")
    assert said.code == 0, said.err
    return dict(said.json)


def test_each_form_is_written_twice_the_same_and_nothing_personal_is_in_it(
    told: Any, tmp_path: Path
) -> None:
    for name, arguments in FORMS.items():
        found = export(told, tmp_path / f"one.{name}", *arguments)
        export(told, tmp_path / f"two.{name}", *arguments)
        one, two = ((tmp_path / f"{which}.{name}").read_bytes() for which in ("one", "two"))
        assert one == two
        assert len(one) == found["bytes"]
        assert found["journeys"] == 2
        assert found["events"] == (15 if name.startswith("cloud") else 14)  # a correction is one
        assert len(found["ledger_root"]) == 64
        assert not any(text.encode() in one for text in SAID)
        assert b"j-1" in one
        assert (tmp_path / f"one.{name}").stat().st_mode & 0o777 == 0o600
    assert sorted(x.name for x in tmp_path.iterdir() if x.name.startswith(".")) == []


def test_a_programme_and_both_clocks_can_be_asked(told: Any, tmp_path: Path) -> None:
    def interviews(name: str, *arguments: str) -> list[str]:
        found = export(told, tmp_path / name, "csv", *arguments)
        lines = csv.DictReader(io.StringIO((tmp_path / name).read_text(), newline=""))
        assert found["journeys"] <= 1
        return [x["occurred_on"] for x in lines if x["activity"] == "intake-interview-held"]

    of = ("--programme", "etela-savo")
    assert interviews("now", *of) == ["2025-01-22"]
    assert interviews("known", *of, "--known-at", "2025-03-02") == ["2025-01-20"]
    assert interviews("then", *of, "--known-at", "2025-02-09") == []
    assert interviews("by", *of, "--as-at", "2025-01-21") == []
    assert interviews("both", *of, "--as-at", "2025-01-21", "--known-at", "2025-03-02") == [
        "2025-01-20"
    ]
    assert interviews("else", "--programme", "elsewhere") == []


def test_a_file_that_is_there_is_left_alone(told: Any, tmp_path: Path) -> None:
    out = tmp_path / "polku.csv"
    out.write_text("mine")
    said = told("export", "csv", "--out", str(out))
    assert said.code == 1
    assert "is there already" in said.err
    assert out.read_text() == "mine"
    assert told("export", "csv", "--out", str(tmp_path / "no" / "x.csv")).code == 1


def test_a_programme_that_nobody_knows_leaves_no_file(told: Any, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for arguments in FORMS.values():
        out = folder / "out"
        said = told("export", *arguments, "--programme", "nothing", "--out", str(out))
        assert said.code == 2
        assert "there is no programme 'nothing'" in said.err
        assert [*folder.iterdir()] == []


def test_a_person_reads_how_much_was_written(told: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert told("export", "xes").out.strip() == "polku.xes: 2 journeys, 14 events"
    assert told("export", "ocel", "--format", "sqlite").code == 0
    database = sqlite3.connect(tmp_path / "polku.ocel.sqlite")
    assert database.execute("SELECT count(*) FROM event").fetchone() == (14,)
    database.close()
    assert told("export", "cloudevents").code == 0
    lines = (tmp_path / "polku.cloudevents.jsonl").read_text().splitlines()
    assert {json.loads(line)["source"] for line in lines} == {"polku"}


KILLED = """
import os, signal
from pathlib import Path
from interfaces.exports.files import write_texts, write_whole

def texts():
    yield "a" * 1_000_000
    os.kill(os.getpid(), signal.SIGKILL)

write_whole(Path("log.xes"), write_texts(texts()))
"""


def test_a_kill_leaves_no_half_file(tmp_path: Path) -> None:
    here = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": here},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "log.xes").exists()
    assert all(x.name.startswith(".log.xes.") for x in tmp_path.iterdir())
    assert [*tmp_path.iterdir()]
    assert write_whole(tmp_path / "log.xes", write_texts(["whole"])) == len("whole")
    assert [x.name for x in tmp_path.iterdir()] == ["log.xes"]


def test_what_another_process_is_writing_is_left_to_it(tmp_path: Path) -> None:
    """Of two who write one file the one who is done first has it, and the other is told so."""

    def overtaken(part: Path) -> None:
        part.write_text("slow")
        write_whole(tmp_path / "log.xes", write_texts(["quick"]))
        assert part.read_text() == "slow"

    other = tmp_path / ".other.xes.abcdefgh.part"
    other.write_text("of a file that is not asked for")
    with pytest.raises(NotWritten, match="is there already"):
        write_whole(tmp_path / "log.xes", overtaken)
    assert (tmp_path / "log.xes").read_text() == "quick"
    assert {x.name for x in tmp_path.iterdir()} == {"log.xes", other.name}


def test_no_lock_is_on_what_is_written(tmp_path: Path) -> None:
    """On a disk of a network nobody else could write there: not SQLite, nor who opens it again."""

    def written(part: Path) -> None:
        with part.open("wb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            opened.write(b"whole")
        assert part.stat().st_mode & 0o777 == 0o600

    assert write_whole(tmp_path / "log.xes", written) == len("whole")
    assert [x.name for x in tmp_path.iterdir()] == ["log.xes"]


@pytest.mark.parametrize("ending", ["part", "held"])
def test_nobody_waits_for_what_lies_beside(tmp_path: Path, ending: str) -> None:
    """A pipe without a writer is opened by nobody; a link, and what it points to, are no file."""
    os.mkfifo(tmp_path / f".log.xes.abcdefgh.{ending}")
    (tmp_path / "own.txt").write_text("a person's")
    (tmp_path / f".log.xes.bcdefghi.{ending}").symlink_to(tmp_path / "own.txt")
    code = "from interfaces.exports.files import *; write_whole(Path('log.xes'), write_bytes(b'1'))"
    path = os.pathsep.join(sys.path)
    run = [sys.executable, "-c", code]
    subprocess.run(run, cwd=tmp_path, env={"PYTHONPATH": path}, check=True, timeout=SECONDS)
    assert (tmp_path / "log.xes").read_text() == "1"
    assert (tmp_path / "own.txt").read_text() == "a person's"


def test_what_goes_wrong_leaves_nothing(tmp_path: Path) -> None:
    def broken(part: Path) -> None:
        part.write_text("half")
        raise RuntimeError("the log cannot be read")

    with pytest.raises(RuntimeError, match="cannot be read"):
        write_whole(tmp_path / "log.xes", broken)
    assert [*tmp_path.iterdir()] == []
    with pytest.raises(NotWritten, match="no folder"):
        write_whole(tmp_path / "none" / "log.xes", broken)


@pytest.mark.parametrize("room", [0, 2000, 30_000])
def test_a_database_for_which_there_is_no_room_is_told_by_the_name_of_its_file(
    tmp_path: Path, room: int
) -> None:
    """And not as the log that cannot be used, nor by the name that it has until it is whole."""
    origin: Any = None  # nothing is said of it before there is a journey
    with disk_with(room), pytest.raises(NotWritten) as told:
        write_whole(tmp_path / "polku.sqlite", ocel_sqlite(origin, ()))
    assert str(told.value).startswith(f"{tmp_path}/polku.sqlite cannot be written: ")
    assert [*tmp_path.iterdir()] == []


def test_of_two_that_write_one_file_at_once_the_second_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "log.xes"

    def while_another_writes(part: Path) -> None:
        part.write_text("the second")
        out.write_text("the first")

    with pytest.raises(NotWritten, match="is there already"):
        write_whole(out, while_another_writes)
    assert (out.read_text(), [*tmp_path.iterdir()]) == ("the first", [out])

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "this disk has no links")

    monkeypatch.setattr(os, "link", refuse)
    write_whole(tmp_path / "other.xes", write_texts(["whole"]))
    assert (tmp_path / "other.xes").read_text() == "whole"
    assert len([*tmp_path.iterdir()]) == 2


def test_a_link_to_nothing_is_told_before_anything_is_worked_out(tmp_path: Path) -> None:
    """It was worked out, and then the place was taken."""
    link = tmp_path / "log.xes"
    link.symlink_to(tmp_path / "nothing")
    with pytest.raises(NotWritten, match="is there already: name another file"):
        write_whole(link, pytest.fail)
    assert [*tmp_path.iterdir()] == [link]


def test_what_cannot_be_written_whole_leaves_what_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.json"
    replace_whole(file, b"an older report")

    def half(part: Path, data: bytes) -> int:
        with part.open("wb") as to:
            to.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "no room is left")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="no room"):
        replace_whole(file, b"a report of today")
    assert file.read_bytes() == b"an older report"
    assert [*tmp_path.iterdir()] == [file]


def test_what_the_disk_refuses_at_last_leaves_what_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk behind a network tells only then that it is full."""
    file = tmp_path / "report.json"
    replace_whole(file, b"an older report")

    def refuse(_: int) -> None:
        raise OSError(errno.EDQUOT, "no room is left to you")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no room"):
        replace_whole(file, b"a report of today")
    assert (file.read_bytes(), [*tmp_path.iterdir()]) == (b"an older report", [file])


def test_what_takes_the_place_of_a_secret_file_is_secret_from_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, modes = tmp_path / "report.json", []
    file.touch(mode=0o600)
    settle = files._settle

    def looked_at(part: Path) -> None:
        modes.append(part.stat().st_mode & 0o777)
        settle(part)

    monkeypatch.setattr(files, "_settle", looked_at)
    replace_whole(file, b"a report of today")
    assert [*modes, file.stat().st_mode & 0o777] == [0o600, 0o600]


def test_a_file_where_no_other_can_be_put_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.json"
    file.write_text("an older report")

    def refuse(*_: object) -> None:
        raise OSError(errno.EBUSY, "something is mounted there")

    monkeypatch.setattr(Path, "replace", refuse)
    replace_whole(file, b"a report of today")
    assert file.read_bytes() == b"a report of today"
    assert [*tmp_path.iterdir()] == [file]


def test_what_replaces_goes_into_a_pipe_and_where_a_link_points_to(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link.json", tmp_path / "pipe"
    link.symlink_to(tmp_path / "pointed-to.json")
    replace_whole(link, b"told")
    assert (link.is_symlink(), (tmp_path / "pointed-to.json").read_bytes()) == (True, b"told")
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        replace_whole(pipe, b"told")
        assert read.result(20) == b"told"
    assert pipe.is_fifo()


def test_what_replaces_goes_to_an_end_of_a_pipe_that_has_no_place_of_its_own() -> None:
    """As /dev/stdout before a pipe: its link points to a name that no folder has."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as told:
        with os.fdopen(writer, "wb"):
            replace_whole(Path(f"/dev/fd/{writer}"), b"told")
        assert told.read() == b"told"
