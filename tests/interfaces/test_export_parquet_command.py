"""`polku export parquet`: the archive as tables for other tools."""

import json
from pathlib import Path

import duckdb
import pytest

from infrastructure.archive import ParquetArchive
from infrastructure.event_log import open_log
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
