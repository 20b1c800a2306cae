"""The tables: made and upgraded by steps, refused when out of step, and append-only."""

import contextlib
import os
import sqlite3
from datetime import date
from functools import partial
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc

from application.ports import Append, Fresh
from domain.entry import By
from domain.journey.events import ReferralAccepted
from infrastructure import schema
from infrastructure.database import Database, database_url, sqlite_file
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.log_tables import metadata
from infrastructure.schema import SchemaOutOfStep, State
from tests.begun import CONTEXT


def set_revision(url: str, revision: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE polku_version SET version_num = '{revision}'")
    database.close()


def append(log: SqlEventLog, stream: str) -> None:
    log.append(Append(stream, 0, (Fresh(ReferralAccepted(), date(2024, 1, 1)),), By("p", "o")))


def test_an_empty_database_is_upgraded_and_then_up_to_date(empty_database_url: str):
    assert schema.status(empty_database_url).state is State.EMPTY
    with pytest.raises(SchemaOutOfStep, match="has no tables yet: run `polku db upgrade`"):
        open_log(empty_database_url)

    assert schema.upgrade_url(empty_database_url).state is State.CURRENT
    assert schema.upgrade_url(empty_database_url).state is State.CURRENT

    with open_log(empty_database_url) as log:
        append(log, "a")
        assert log.position() == 1


def test_asking_for_the_status_makes_no_file(tmp_path: Path):
    file = tmp_path / "not-there.db"
    assert schema.status(f"sqlite:///{file}").state is State.EMPTY
    with pytest.raises(SchemaOutOfStep):
        open_log(f"sqlite:///{file}")
    assert not file.exists()


def test_a_database_that_is_ahead_is_refused(database_url: str):
    set_revision(database_url, "9999")

    status = schema.status(database_url)
    assert (status.current, status.state) == ("9999", State.AHEAD)
    with pytest.raises(SchemaOutOfStep, match="use the newer program that upgraded it"):
        open_log(database_url)
    with pytest.raises(SchemaOutOfStep):
        schema.upgrade_url(database_url)


def test_a_database_that_is_behind_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schema, "_head", lambda: "9000")  # as a newer program would see it

    assert schema.status(database_url).state is State.BEHIND
    with pytest.raises(SchemaOutOfStep, match="behind this program's 9000: make a backup"):
        open_log(database_url)


def test_a_log_of_the_first_revision_is_upgraded_and_keeps_what_it_holds(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "_head", lambda: "0001")
        earlier.setattr(command, "upgrade", partial(_upgrade_to, command.upgrade, "0001"))
        assert schema.upgrade_url(empty_database_url).current == "0001"
        run(
            empty_database_url,
            "INSERT INTO events (position, stream, version, name, schema_version, occurred_on, "
            "recorded_at, actor, organisation, body) VALUES (1, 'a', 1, 'referral-accepted', 1, "
            f"'2024-01-01', 1704067200000000, 'p', 'o', {bytes_of('{}', empty_database_url)})",
        )

    assert schema.status(empty_database_url).state is State.BEHIND
    assert schema.upgrade_url(empty_database_url).current == schema.revisions()[-1]
    with open_log(empty_database_url) as log:
        assert [one.stream for one in log.read()] == ["a"]
        append(log, "b")  # refused where the ledger did not cover what was there


def test_keys_of_imports_tell_nothing_of_their_content_after_an_upgrade(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
):
    keys = {
        ("import:client:7:" + "a1" * 32, "client:7", 1): "import:client:7:0",
        ("import:client:7:" + "b2" * 32, "client:7", 4): "import:client:7:3",
        ("import:of-somebody", "journey:1", 1): "import:of-somebody",
        ("aino:1", "journey:1", 2): "aino:1",
    }
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "_head", lambda: "0005")
        earlier.setattr(command, "upgrade", partial(_upgrade_to, command.upgrade, "0005"))
        schema.upgrade_url(empty_database_url)
        inserts = (
            "INSERT INTO idempotency_keys (key, request, stream, first_version, last_version, "
            f"position, recorded_at) VALUES ('{key}', 'r', '{stream}', {first}, {first}, 1, 1)"
            for key, stream, first in keys
        )
        run(empty_database_url, *inserts)

    schema.upgrade_url(empty_database_url)

    database = Database(empty_database_url)
    found = {key for (key,) in database.rows("SELECT key FROM idempotency_keys", {})}
    database.close()
    assert found == {*keys.values()}


def bytes_of(text: str, url: str) -> str:
    return f"CAST('{text}' AS BLOB)" if url.startswith("sqlite") else f"'{text}'::bytea"


def _upgrade_to(upgrade, revision: str, config, _head: str) -> None:
    upgrade(config, revision)


def run(url: str, *statements: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.close()


def test_another_programs_database_is_left_alone(empty_database_url: str):
    run(
        empty_database_url,
        "CREATE TABLE alembic_version (version_num TEXT)",
        "INSERT INTO alembic_version VALUES ('0001')",
    )
    before = content_of(empty_database_url)

    assert schema.status(empty_database_url).state is State.FOREIGN
    with pytest.raises(SchemaOutOfStep, match="give Polku a database of its own"):
        schema.upgrade_url(empty_database_url)
    with pytest.raises(SchemaOutOfStep, match="holds tables of another program"):
        open_log(empty_database_url)
    assert content_of(empty_database_url) == before


def content_of(url: str) -> bytes | None:
    file = sqlite_file(database_url(url))
    return None if file is None else file.read_bytes()


def test_tables_of_another_schema_do_not_matter(postgresql_databases, request):
    name = f"polku_schemas_{os.getpid()}"
    url = postgresql_databases.make(name)
    request.addfinalizer(lambda: postgresql_databases.drop(name))
    run(url, "CREATE SCHEMA other", "CREATE TABLE other.events (id INT)")
    assert schema.upgrade_url(url).state is State.CURRENT


def test_a_database_whose_tables_are_gone_is_broken(database_url: str):
    run(database_url, "DROP TABLE events")

    assert schema.status(database_url).state is State.BROKEN
    for act in (schema.upgrade_url, open_log):
        with pytest.raises(SchemaOutOfStep, match="restore it from a backup"):
            act(database_url)


def test_a_file_without_a_write_ahead_log_gets_it_back_when_it_is_opened(
    sqlite_url: str, tmp_path: Path
):
    copy = tmp_path / "copy.db"
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")

    with open_log(f"sqlite:///{copy}") as log, log.database.connection() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_may_only_be_read_is_read(sqlite_url: str, tmp_path: Path):
    with open_log(sqlite_url) as log:
        append(log, "a")
    copy = tmp_path / "copy.db"
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")

    with open_log(f"sqlite:///file:{copy}?mode=ro&uri=true") as log:
        assert [one.stream for one in log.read()] == ["a"]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            append(log, "b")


def test_a_file_that_cannot_be_read_without_writing_says_so(sqlite_url: str):
    file = sqlite_file(database_url(sqlite_url))
    Path(f"{file}-wal").mkdir()  # keeps even root from writing there
    with pytest.raises(sqlite3.OperationalError, match="let this user write to the folder"):
        open_log(sqlite_url)


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path):
    url = f"sqlite:///{tmp_path}"
    for asked in (schema.status, schema.upgrade_url):
        with pytest.raises(exc.OperationalError, match=f"{tmp_path} is a folder: name a file"):
            asked(url)
    assert not list(tmp_path.iterdir())


def test_a_message_does_not_tell_the_password():
    status = schema.Status(None, "0001", State.EMPTY)
    told = str(SchemaOutOfStep(status, str(database_url("postgresql://me:secret@host/polku"))))
    assert "secret" not in told


def test_the_steps_make_the_tables_that_the_program_writes(database_url: str):
    database = Database(database_url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        ours = {table.name for table in metadata.sorted_tables}
        found = [
            change
            for change in compare_metadata(context, metadata)
            if getattr(change[1], "name", None) in ours or change[0] != "remove_table"
        ]
    database.close()
    assert found == []


def upgrade_at_once(url: str, gate: object) -> None:
    gate.wait()
    schema.upgrade_url(url)


def test_many_may_upgrade_at_once(empty_database_url: str):
    gate = CONTEXT.Barrier(4)
    processes = [
        CONTEXT.Process(target=upgrade_at_once, args=(empty_database_url, gate)) for _ in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * 4
    with open_log(empty_database_url) as log:
        append(log, "a")
        assert log.position() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET body = body",
        "UPDATE events SET recorded_at = 0 WHERE position = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE position = 2",
    ],
)
def test_the_database_refuses_to_change_an_event(log: SqlEventLog, change: str):
    append(log, "a")
    append(log, "b")

    with (
        pytest.raises(exc.DBAPIError, match="append-only: record a correction instead"),
        log.database.writing() as connection,
    ):
        connection.exec_driver_sql(change)

    assert [one.stream for one in log.read()] == ["a", "b"]


COPIED = (
    "SELECT {position}, {stream}, version, name, schema_version, occurred_on, recorded_at, "
    "source_recorded_at, source, actor, organisation, correlation, causation, body FROM events"
)


@pytest.mark.parametrize(("position", "stream"), [("position", "'b'"), ("position + 1", "stream")])
def test_sqlite_refuses_to_replace_an_event(sqlite_url: str, position: str, stream: str):
    with open_log(sqlite_url) as log:
        append(log, "a")
        copied = COPIED.format(position=position, stream=stream)
        with (
            pytest.raises(exc.IntegrityError, match="is taken"),
            log.database.writing() as connection,
        ):
            connection.exec_driver_sql(f"INSERT OR REPLACE INTO events {copied}")
        assert [one.stream for one in log.read()] == ["a"]


def test_postgresql_refuses_to_empty_or_overwrite_the_events(postgresql_url: str):
    with open_log(postgresql_url) as log:
        append(log, "a")
        again = COPIED.format(position="position", stream="stream")
        overwrite = "ON CONFLICT (position) DO UPDATE SET stream = 'b'"
        for change in ("TRUNCATE events", f"INSERT INTO events {again} {overwrite}"):
            with (
                pytest.raises(exc.DBAPIError, match="append-only"),
                log.database.writing() as connection,
            ):
                connection.exec_driver_sql(change)
        assert [one.stream for one in log.read()] == ["a"]


def test_another_program_cannot_change_an_event_either(sqlite_url: str):
    with open_log(sqlite_url) as log:
        append(log, "a")
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM events")
    connection.close()


def test_sqlite_is_durable(sqlite_url: str):
    with open_log(sqlite_url) as log, log.database.connection() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_postgresql_of_the_tests_is_durable(postgresql_url: str):
    with psycopg.connect(postgresql_url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///polku.db", "sqlite+pysqlite"),
        ("postgresql://me@host/polku", "postgresql+psycopg"),
        ("postgres://me@host/polku", "postgresql+psycopg"),
        ("postgresql+psycopg2://me@host/polku", "postgresql+psycopg"),
    ],
)
def test_the_driver_is_ours_to_choose(given: str, driver: str):
    assert database_url(given).drivername == driver


@pytest.mark.parametrize("given", ["polku.db", "mysql://host/polku", ""])
def test_another_database_is_refused_with_what_to_write(given: str):
    with pytest.raises(ValueError, match=r"write sqlite:///polku\.db or postgresql://"):
        database_url(given)


def test_nobody_else_on_the_machine_can_read_a_file_that_is_made(tmp_path: Path):
    made, before = tmp_path / "polku.db", tmp_path / "before.db"
    before.touch(mode=0o640)
    for file in (made, before):
        schema.upgrade_url(f"sqlite:///{file}")
        with open_log(f"sqlite:///{file}") as log:
            append(log, "a")
            modes = {one.name: f"{one.stat().st_mode & 0o777:o}" for one in tmp_path.iterdir()}
        wanted = "640" if file is before else "600"  # somebody shares it with a group
        assert modes[file.name] == modes[f"{file.name}-wal"] == modes[f"{file.name}-shm"] == wanted


def test_nor_one_that_is_made_where_a_link_leads(tmp_path: Path):
    (tmp_path / "kept").mkdir()
    made, link = tmp_path / "kept" / "polku.db", tmp_path / "polku.db"
    link.symlink_to(made)
    schema.upgrade_url(f"sqlite:///{link}")
    assert f"{made.stat().st_mode & 0o777:o}" == "600"
