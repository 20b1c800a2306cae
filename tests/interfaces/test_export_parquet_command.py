"""`polku export parquet`: the archive as tables for other tools."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from application.jobs import Cancelled
from infrastructure.archive import ParquetArchive
from infrastructure.event_log import open_log
from interfaces.exports.files import FolderTaken, NotWritten, write_whole_folder, zip_folder
from tests.infrastructure.archived import Clock, fill, journey, register


@pytest.fixture
def filled(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("POLKU_DATABASE_URL", sqlite_url)
    clock = Clock()
    with open_log(sqlite_url, clock=clock) as log:
        register(log, ["client-0"])
        fill(log, clock, {"j": journey(2, 0, correcting=False)})
        return log.position()


def test_it_writes_tables_and_a_dictionary(run, filled: int, tmp_path: Path) -> None:
    said = run("export", "parquet", str(tmp_path / "out"), "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["position"] == filled
    with duckdb.connect() as other:
        sql = f"SELECT count(*), max(position) FROM '{tmp_path}/out/entries/*.parquet'"
        assert other.execute(sql).fetchall() == [(filled, filled)]
    assert json.loads((tmp_path / "out" / "dictionary.json").read_text())["tables"]
    again = run("export", "parquet", str(tmp_path / "out"))
    assert again.code == 2
    assert "is there already" in again.err


def test_the_archive_lies_where_the_setting_says(
    run, filled: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "elsewhere"))
    assert run("export", "parquet", str(tmp_path / "out")).code == 0
    assert list((tmp_path / "elsewhere").glob("*/entries.parquet"))


def test_it_says_which_file_is_damaged(
    run, filled: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "a"))
    assert run("export", "parquet", str(tmp_path / "out")).code == 0
    (file,) = (tmp_path / "a").glob("*/entries.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    said = run("export", "parquet", str(tmp_path / "again"))
    assert said.code == 1
    assert "entries.parquet is not as it was written" in said.err
    assert not (tmp_path / "again").exists()


def test_it_refuses_the_archive_of_another_log(
    run, filled: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "a"))
    with open_log("sqlite://", clock=Clock()) as other:
        register(other, ["client-0", "client-1"])
        ParquetArchive(tmp_path / "a", other.database).catch_up()
    said = run("export", "parquet", str(tmp_path / "out"))
    assert said.code == 1
    assert "is of another log" in said.err


def test_it_says_that_the_folder_cannot_be_written_and_blames_no_archive(
    run, filled: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "a"))
    (tmp_path / "file").write_text("")
    said = run("export", "parquet", str(tmp_path / "file" / "out"))
    assert said.code == 1
    assert f"{tmp_path}/file/out cannot be written" in said.err
    assert "archive" not in said.err.replace(str(tmp_path), "")


def test_it_says_in_a_sentence_why_the_archive_cannot_be_written_and_what_to_do(
    run, filled: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "file" / "a"))
    said = run("export", "parquet", str(tmp_path / "out"))
    assert said.code == 1
    assert said.err == (
        f"polku: the archive {tmp_path}/file/a cannot be used: Not a directory; put that right, or "
        "name another place by POLKU_ARCHIVE\n"
    )


def test_a_folder_that_is_taken_is_told_before_the_archive_is_written(
    run, filled: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "a"))
    (tmp_path / "out").symlink_to(tmp_path / "nothing")
    said = run("export", "parquet", str(tmp_path / "out"))
    assert (said.code, (tmp_path / "a").exists()) == (2, False)
    assert "is there already: name another folder" in said.err


KILLED = """
import os, shutil, signal
from pathlib import Path
from interfaces.cli import main

shutil.copyfile = lambda _from, to: (Path(to).touch(), os.kill(os.getpid(), signal.SIGKILL))
main()
"""


def test_what_a_kill_leaves_goes_with_the_next_export_of_the_same_name(
    run, filled: int, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    command = [sys.executable, "-c", KILLED, "export", "parquet", str(folder / "out")]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for _ in range(2):
        done = subprocess.run(command, env=env, check=False, capture_output=True)
        assert done.returncode == -signal.SIGKILL, done.stderr
        left = [one for one in folder.iterdir() if one.is_dir()]
        assert len(left) == 1
        assert left[0].name.startswith(".out.")
        assert [*left[0].rglob("*.parquet")]
    (folder / ".out.abcdefgh.part").mkdir()  # of a program that held nothing beside it
    (folder / ".other.abcdefgh.part").mkdir()
    assert run("export", "parquet", str(folder / "out")).code == 0
    assert sorted(one.name for one in folder.iterdir()) == [".other.abcdefgh.part", "out"]
    assert (folder / "out" / "dictionary.json").is_file()


def test_a_folder_that_another_process_fills_is_left_to_it(tmp_path: Path) -> None:
    """Of two who write one folder the one who is done first has it, and the other is told so."""

    def overtaken(part: Path) -> None:
        (part / "slow").touch()
        write_whole_folder(tmp_path / "out", lambda quick: (quick / "quick").touch())
        assert [one.name for one in part.iterdir()] == ["slow"]

    with pytest.raises(FolderTaken, match="is there already"):
        write_whole_folder(tmp_path / "out", overtaken)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["quick"]
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_what_a_link_beside_points_to_stays(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kept").touch()
    (tmp_path / ".out.abcdefgh.part").symlink_to(tmp_path / "own")
    write_whole_folder(tmp_path / "out", lambda part: (part / "table").touch())
    assert (tmp_path / "own" / "kept").is_file()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "own"]


@pytest.mark.parametrize("broken", [KeyboardInterrupt(), OSError("the disk is full")])
def test_a_folder_that_was_broken_off_is_not_there(tmp_path: Path, broken: BaseException) -> None:
    def write(part: Path) -> None:
        (part / "table").mkdir()
        (part / "table" / "file").touch()
        raise broken

    told = NotWritten if isinstance(broken, OSError) else KeyboardInterrupt
    with pytest.raises(told):
        write_whole_folder(tmp_path / "out", write)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_is_zipped_file_by_file_and_can_be_broken_off(tmp_path: Path) -> None:
    folder, told = tmp_path / "archive", []
    (folder / "entries").mkdir(parents=True)
    for name in ("dictionary.md", "entries/1.parquet", "entries/2.parquet"):
        (folder / name).write_text(name)
    zip_folder(folder, tmp_path / "a.zip", lambda done, every: told.append((done, every)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert {name: packed.read(name).decode() for name in packed.namelist()} == {
            name: name for name in ("dictionary.md", "entries/1.parquet", "entries/2.parquet")
        }

    def stop(done: int, _every: int) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        zip_folder(folder, tmp_path / "b.zip", stop)
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert packed.namelist() == ["dictionary.md"]
