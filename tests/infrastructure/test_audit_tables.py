"""An audit finds what shows the program other rows than it reads itself."""

from contextlib import closing
from functools import partial

import pytest

from infrastructure.audit_faults import Wrong
from infrastructure.audit_tables import READ, not_found
from infrastructure.database import Database
from tests.databases import Own
from tests.infrastructure.tampering import Tamper, tampering
from tests.infrastructure.test_ledger_audit import audit, fill, first

FILLED = partial(fill, entries=300)

SAYS_SO = "SELECT sql FROM sqlite_schema WHERE name = ?"
OF_STREAM = "SELECT count(*) FROM events WHERE stream = ?"


@pytest.fixture
def url(own_sqlite: Own) -> str:
    return own_sqlite.filled(FILLED)


def counted(url: str, stream: str) -> int:
    database = Database(url)
    try:
        [(count,)] = database.rows(
            OF_STREAM.replace("?", ("%s", "?")[database.is_sqlite]), (stream,)
        )
        return int(count)
    finally:
        database.close()


def stream_of(tamper: Tamper, position: int) -> str:
    return str(tamper.one("SELECT stream FROM events WHERE position = ?", position))


def with_index_of(tamper: Tamper, change: str) -> None:
    """Give the log's table the index of another one, in which something was changed."""
    made = tamper.one(SAYS_SO, "events")
    tamper.run(made.replace("TABLE events", "TABLE twin", 1))
    tamper.run("INSERT INTO twin SELECT * FROM events")
    tamper.run(change)
    take_index_of_twin(tamper)


def take_index_of_twin(tamper: Tamper) -> None:
    """Give the log's table the index of the table twin, which is gone afterwards."""
    root = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    other = tamper.one(root, "sqlite_autoindex_twin_1")
    tamper.run("PRAGMA writable_schema = ON")
    own = "UPDATE sqlite_schema SET rootpage = ? WHERE name = 'sqlite_autoindex_events_1'"
    tamper.run(own, other)
    tamper.run("DELETE FROM sqlite_schema WHERE tbl_name = 'twin'")


def test_a_row_that_an_index_leaves_out_is_found(url: str):
    with tampering(url) as tamper:
        stream = stream_of(tamper, 100)
        before = counted(url, stream)
        with_index_of(tamper, "DELETE FROM twin WHERE position = 100")
    assert counted(url, stream) == before - 1
    for jobs in (1, 2):
        assert first(audit(url, jobs=jobs)) == (Wrong.TABLE, 100)


def test_a_row_that_an_index_shows_in_another_stream_is_found(url: str):
    with tampering(url) as tamper:
        with_index_of(tamper, "UPDATE twin SET stream = 'another' WHERE position = 100")
    assert counted(url, "another") == 1
    assert first(audit(url)) == (Wrong.TABLE, 100)


def test_an_index_with_a_row_too_many_is_found(url: str):
    with tampering(url) as tamper:
        with_index_of(tamper, "UPDATE twin SET position = 301 WHERE position = 300")
    assert first(audit(url))[0] is Wrong.TABLE


def test_what_happened_to_a_row_is_told_before_the_index_that_does_not_have_it(url: str):
    with tampering(url) as tamper:
        with_index_of(tamper, "DELETE FROM twin WHERE position IN (100, 200)")
        tamper.run("UPDATE events SET actor = 'mallory' WHERE position IN (100, 300)")
    assert [(fault.wrong, fault.position) for fault in audit(url).faults] == [
        (Wrong.ALTERED, 100),
        (Wrong.TABLE, 100),
        (Wrong.TABLE, 200),
        (Wrong.ALTERED, 300),
    ]


def test_an_index_in_another_order_is_found(url: str):
    with tampering(url) as tamper:
        stream = stream_of(tamper, 100)
        before = counted(url, stream)
        made = tamper.one(SAYS_SO, "events").replace("TABLE events", "TABLE twin", 1)
        tamper.run(made.replace("(stream, version)", "(stream DESC, version)"))
        tamper.run("INSERT INTO twin SELECT * FROM events")
        take_index_of_twin(tamper)
    assert counted(url, stream) != before
    assert first(audit(url))[0] is Wrong.TABLE


def test_an_index_that_cannot_be_read_is_told(url: str):
    with tampering(url) as tamper:
        root = tamper.one("SELECT rootpage FROM sqlite_schema WHERE name = ?", "events")
        tamper.run("PRAGMA writable_schema = ON")
        own = "UPDATE sqlite_schema SET rootpage = ? WHERE name = 'sqlite_autoindex_events_1'"
        tamper.run(own, root)
    found = audit(url)
    assert [(fault.wrong, fault.position) for fault in found.faults] == [(Wrong.TABLE, 0)]
    assert found.faults[0].said.startswith("SQLite cannot look up rows of the table events")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_table_without_its_index_is_found(url: str, jobs: int):
    with tampering(url) as tamper:
        made = tamper.one(SAYS_SO, "events")
        unique = "CONSTRAINT events_stream_version UNIQUE (stream, version)"
        assert unique in made
        tamper.run("ALTER TABLE events RENAME TO was")
        tamper.run(made.replace(unique, "CHECK (version > 0)"))
        tamper.run("INSERT INTO events SELECT * FROM was")
        tamper.run("DROP TABLE was")
    said = {fault.said for fault in audit(url, jobs=jobs).faults}
    assert "the table events is not as Polku made it: its indexes are none, and not " in str(said)
    assert "no such index: sqlite_autoindex_events_1" in str(said)


def test_an_index_that_polku_did_not_make_is_found(url: str):
    with tampering(url) as tamper:
        tamper.run("CREATE INDEX quick ON events (stream) WHERE position <> 100")
    found = audit(url)
    assert [(fault.wrong, fault.position) for fault in found.faults] == [(Wrong.TABLE, 0)]
    assert found.faults[0].said == (
        "the table events is not as Polku made it: its indexes are quick, "
        "sqlite_autoindex_events_1, and not sqlite_autoindex_events_1 alone"
    )


def test_rows_are_looked_for_stretch_by_stretch(url: str):
    with tampering(url) as tamper:
        with_index_of(tamper, "UPDATE twin SET stream = 'another' WHERE position IN (100, 200)")
    with closing(Database(url)) as database:
        positions = [
            [fault.position for fault in not_found(database, after, after + 100)]
            for after in (0, 100, 200)
        ]
    assert positions == [[100], [200], []]


def test_a_column_that_is_computed_as_it_is_read_is_found(url: str):
    """One release of SQLite writes numbers as another does not: so drivers can be told apart."""
    with tampering(url) as tamper:
        made = tamper.one(SAYS_SO, "events")
        names = ", ".join(row[1] for row in tamper.run("PRAGMA table_info(events)"))
        tamper.run("ALTER TABLE events RENAME TO was")
        seen = "actor TEXT AS (iif(CAST(1e15 AS TEXT) = '1e15', 'mallory', own)), own TEXT"
        tamper.run(made.replace("actor TEXT", seen))
        own = names.replace("actor", "own")
        tamper.run(f"INSERT INTO events ({own}) SELECT {names} FROM was")
        tamper.run("DROP TABLE was")
    found = audit(url)
    assert first(found) == (Wrong.TABLE, 0)
    assert found.faults[0].said == (
        "the table events is not as Polku made it: actor is computed as it is read"
    )


@pytest.mark.parametrize("table", READ)
def test_a_table_that_only_looks_like_one_is_found(url: str, table: str):
    with tampering(url) as tamper:
        names = [row[1] for row in tamper.run(f"PRAGMA table_info({table})")]
        tamper.run(f"ALTER TABLE {table} RENAME TO was")
        tamper.run("CREATE VIEW seen AS SELECT rowid AS docid, * FROM was")
        tamper.run(f"CREATE VIRTUAL TABLE {table} USING fts4(content='seen', {', '.join(names)})")
    found = audit(url)
    assert Wrong.TABLE in {fault.wrong for fault in found.faults}
    assert f"the table {table} is not as Polku made it: it has no rows of its own" in {
        fault.said for fault in found.faults
    }


def test_a_policy_that_chooses_what_is_shown_is_found(own_postgresql: Own):
    url = own_postgresql.filled(FILLED)
    with tampering(url) as tamper:
        tamper.run(
            "CREATE POLICY quiet ON events USING "
            "(position <> 100 OR current_query() LIKE '%%position >%%')"
        )
    assert audit(url).is_right
    with tampering(url) as tamper:
        tamper.run("ALTER TABLE events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    found = audit(url)
    assert first(found) == (Wrong.TABLE, 0)
    assert found.faults[0].said == (
        "the table events is not as Polku made it: the policy quiet chooses which rows are shown"
    )


def test_a_view_in_the_place_of_a_table_is_found(own_postgresql: Own):
    """It can look at the question, and takes what is recorded as the table did."""
    url = own_postgresql.filled(FILLED)
    with tampering(url) as tamper:
        stream = stream_of(tamper, 100)
        before = counted(url, stream)
        tamper.run("ALTER TABLE events RENAME TO was")
        tamper.run(
            "CREATE VIEW events AS SELECT * FROM was "
            "WHERE position <> 100 OR current_query() NOT LIKE '%%stream =%%'"
        )
    assert counted(url, stream) == before - 1
    found = audit(url)
    assert first(found) == (Wrong.TABLE, 0)
    assert found.faults[0].said == (
        "the table events is not as Polku made it: it has no rows of its own"
    )


def test_faults_of_no_row_are_told_in_the_same_order_each_time(url: str):
    """Two who audit one log could not hold what they were told side by side."""
    with tampering(url) as tamper:
        for table in READ:
            tamper.run(f"ALTER TABLE {table} ADD COLUMN more AS (1)")
    said = [fault.said.split()[2] for fault in audit(url).faults if fault.wrong is Wrong.TABLE]
    assert said == [*READ]
