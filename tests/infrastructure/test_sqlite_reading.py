"""A process of an audit reads a SQLite file as all else does, faster: also what was altered."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column

from infrastructure import audit_worker
from infrastructure.audit_stretches import Stretch
from infrastructure.database import Database
from infrastructure.ledger_rows import HashedRows, Page
from infrastructure.log_tables import ENTRY
from infrastructure.sqlite_reading import SqliteReading
from tests.databases import Own
from tests.infrastructure.tampering import tampering
from tests.infrastructure.test_ledger_audit import fill

ENTRIES = 24
FILLED = partial(fill, entries=ENTRIES)
EVERY = f"SELECT {', '.join(column.name for column in ENTRY)} FROM events"
BETWEEN = f"{EVERY} WHERE position > :after AND position <= :until ORDER BY position"
ALTERED = [
    "7.0",
    "7.5",
    "'7'",
    "'x' || char(0) || 'unseen'",
    "x'ff'",
    "CAST(x'ff' AS TEXT)",
    "9223372036854775807",
]


@pytest.fixture
def url(own_sqlite: Own) -> str:
    return own_sqlite.filled(FILLED)


def test_rows_are_those_of_the_standard_librarys_driver(url: str):
    with closing(SqliteReading(url)) as reading, closing(Database(url)) as database:
        asked = {"after": 2, "until": 9}
        found = reading.rows(BETWEEN, asked)
        by_mark = reading.rows(f"{EVERY} WHERE position > ? AND position < ?", (2, 10))
        reading.close()
        assert found == by_mark == database.rows(BETWEEN, asked)
        assert [row[0] for row in found] == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("value", ALTERED)
@pytest.mark.parametrize("column", ENTRY[1:], ids=lambda column: column.name)
def test_a_page_with_an_altered_value_is_the_same(url: str, column: Column[Any], value: str):
    with tampering(url) as tamper:
        tamper.run("PRAGMA ignore_check_constraints = ON")
        tamper.run(f"UPDATE OR REPLACE events SET {column.name} = {value} WHERE position = 5")
    with closing(SqliteReading(url)) as reading:
        found = HashedRows(reading).page(0, ENTRIES)
    with closing(Database(url)) as database:
        wanted = HashedRows(database).page(0, ENTRIES)
    assert typed(found) == typed(wanted)
    assert found.positions == tuple(range(1, ENTRIES + 1))


def typed(page: Page) -> list[tuple[type, Any]]:
    return [(type(value), value) for row in page for value in row]


def test_what_is_no_database_is_told_as_everywhere_else(url: str, tmp_path: Path):
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 1000)
    with closing(SqliteReading(f"sqlite:///{broken}")) as reading:
        for _ in range(2):
            with pytest.raises(sqlite3.DatabaseError, match="not a database"):
                reading.rows(EVERY, {})


def test_a_file_that_is_gone_is_told_and_not_made_anew(tmp_path: Path):
    gone = tmp_path / "gone.db"
    with closing(SqliteReading(f"sqlite:///{gone}")) as reading:
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
                reading.rows(EVERY, {})
    assert not gone.exists()


@pytest.mark.parametrize(
    "other",
    ["sqlite://", "sqlite:///file:/x.db?mode=ro&uri=true", "postgresql://user@host/polku"],
)
def test_only_plain_files_are_read_so(other: str):
    with pytest.raises(ValueError, match="not the URL of a plain file"):
        SqliteReading(other)


def test_a_worker_reads_either_database(
    own_database: Own, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    monkeypatch.setattr(audit_worker, "_reading", [])
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr(audit_worker, "settle", lambda: None)
    audit_worker.begin(own_database.filled(FILLED))
    (reading,) = audit_worker._reading
    request.addfinalizer(reading.close)
    assert isinstance(reading, SqliteReading) is reading.is_sqlite
    checked = audit_worker.recompute(Stretch(0, ENTRIES))
    assert (len(checked.rest), checked.faults) == (ENTRIES, [])
