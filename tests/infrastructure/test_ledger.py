"""The ledger grows with the log, in the same transaction, by every way that writes events."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, Text

from application.ports import Append, Fresh, VersionConflict
from domain.entry import By, Source
from domain.journey.events import ReferralAccepted
from domain.merkle import Frontier, leaf_hash, root_of
from infrastructure.audit_faults import Wrong
from infrastructure.database import Database
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.ledger import Head, LedgerOutOfStep, grow
from infrastructure.ledger_audit import Audit
from infrastructure.ledger_leaves import columns_of, leaf_data, leaf_hashes, leaf_sql
from infrastructure.ledger_tables import TILE
from infrastructure.log_tables import ENTRY
from infrastructure.log_writer import LogWriter
from infrastructure.recorder import LogRecorder, LogTables
from tests.infrastructure.tampering import tampering

COLUMNS = ", ".join(column.name for column in ENTRY)


def entry(number: int = 0) -> Fresh:
    return Fresh(ReferralAccepted(), date(2024, 1, 1) + timedelta(number))


def append(stream: str, *, version: int = 0, entries: int = 1, key: str | None = None) -> Append:
    fresh = tuple(entry(n) for n in range(entries))
    return Append(stream, version, fresh, By("ville", "mikkeli"), key=key)


def rows_of(database: Database) -> list[Any]:
    return database.rows(f"SELECT {COLUMNS} FROM events ORDER BY position", {})


def stored_frontier(database: Database) -> Frontier:
    statement = "SELECT size, frontier FROM ledger_tail ORDER BY size DESC LIMIT 1"
    ((size, joined),) = database.rows(statement, {})
    hashes = tuple(bytes(joined[n : n + 32]) for n in range(0, len(joined), 32))
    return Frontier(size, hashes)


def assert_covered(database: Database) -> None:
    """The tree that is stored is the tree over the rows that are stored, in every part."""
    leaves = [leaf_hash(leaf_data(tuple(row))) for row in rows_of(database)]
    assert stored_frontier(database) == Frontier().extended(leaves)
    tiles = database.rows("SELECT number, root, hashes FROM ledger_tiles WHERE level = 0", {})
    found = {number: (bytes(root), bytes(hashes)) for number, root, hashes in tiles}
    whole = len(leaves) // TILE
    assert sorted(found) == list(range(whole))
    for number, (root, hashes) in found.items():
        mine = leaves[number * TILE : (number + 1) * TILE]
        assert (root, hashes) == (root_of(mine), b"".join(mine))
    rest = database.rows("SELECT leaves FROM ledger_tail ORDER BY size", {})
    assert b"".join(bytes(one) for (one,) in rest) == b"".join(leaves[whole * TILE :])


def test_a_fresh_log_has_the_empty_tree(log: SqlEventLog):
    assert stored_frontier(log.database) == Frontier()


def test_every_append_adds_its_rows_and_a_refused_one_nothing(log: SqlEventLog):
    log.append(append("a", key="first"))
    log.append(append("a", key="first"))  # repeated: nothing is written
    log.append(append("b", entries=3))
    with pytest.raises(VersionConflict):
        log.append(append("a"))
    assert stored_frontier(log.database).size == 4
    assert_covered(log.database)


def test_tiles_are_made_by_appends_of_any_length(log: SqlEventLog):
    for n, entries in enumerate((1, 7, 39, 41, 100, 256, 300, 1, 256, 512, 40, 2)):
        log.append(append(f"s{n}", entries=entries))
        assert_covered(log.database)
    log.append(append("fill", entries=TILE - log.position() % TILE))
    assert log.position() % TILE == 0
    assert_covered(log.database)
    log.append(append("next"))
    assert_covered(log.database)


def test_a_group_with_refusals_and_one_written_together(log: SqlEventLog):
    answers = log.append_all([append("a"), append("a"), append("b", entries=50)])
    assert [type(answer).__name__ for answer in answers] == [
        "Receipt",
        "VersionConflict",
        "Receipt",
    ]
    with pytest.raises(VersionConflict):
        log.append_all([append("c"), append("c")], together=True)
    log.append_all([append("d"), append("d", version=1)], together=True)
    assert stored_frontier(log.database).size == 53
    assert_covered(log.database)


def test_writers_that_take_turns_go_on_from_each_others_head(log: SqlEventLog, database_url: str):
    with open_log(database_url) as other:
        for n in range(6):
            (log, other)[n % 2].append(append(f"s{n}", entries=3))
    assert stored_frontier(log.database).size == 18
    assert_covered(log.database)


def test_a_group_that_the_database_refuses_is_written_one_by_one(
    log: SqlEventLog, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as broken:
        broken.setattr(LogWriter, "_all_at_once", lambda *_: False)
        log.append_all([append("a"), append("a"), append("b", entries=300)])
    assert stored_frontier(log.database).size == 301
    assert_covered(log.database)


def test_the_librarys_recorder_grows_the_ledger_too(database_url: str):
    database = Database(database_url)
    recorder = LogRecorder(LogTables(database, uuids=False))
    recorder.insert_events([StoredEvent("s", n, "a:Topic", b"\x00\xff") for n in range(1, 301)])
    recorder.insert_events([])
    assert stored_frontier(database).size == 300
    assert_covered(database)
    database.close()


@pytest.mark.slow
def test_the_tree_has_tiles_over_tiles(log: SqlEventLog, database_url: str):
    for n in range(66):
        log.append(append(f"s{n}", entries=1000))
    ((roots,),) = log.database.rows("SELECT hashes FROM ledger_tiles WHERE level = 1", {})
    below = log.database.rows(
        "SELECT root FROM ledger_tiles WHERE level = 0 AND number < 256 ORDER BY number", {}
    )
    assert bytes(roots) == b"".join(bytes(root) for (root,) in below)
    assert_covered(log.database)
    assert Audit(log.database, jobs=2).run().is_right
    with tampering(database_url) as tamper:
        forged = bytes(32) + bytes(roots)[32:]
        tamper.run("UPDATE ledger_tiles SET hashes = ? WHERE level = 1", forged)
    found = Audit(log.database).run()
    assert [(fault.wrong, fault.position) for fault in found.faults] == [(Wrong.TILE, 1)]


def test_an_append_is_refused_where_the_log_was_changed_by_another_way(log: SqlEventLog):
    log.append(append("a"))
    with log.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (position, stream, version, name, schema_version, recorded_at, "
            "body) SELECT 2, 'b', 1, name, schema_version, recorded_at, body FROM events"
        )
    with pytest.raises(LedgerOutOfStep, match="covers 1 entries, and the log ends at position 2"):
        log.append(append("c"))
    assert log.position() == 2


def test_an_append_is_refused_where_there_is_no_ledger(log: SqlEventLog):
    with log.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_tail")
    with pytest.raises(LedgerOutOfStep, match="there is no ledger, and the log ends at position 0"):
        log.append(append("c"))


@pytest.mark.parametrize(("entries", "left"), [(2, 1), (3, 40), (4, 31), (7, 65), (256, 9)])
def test_an_append_is_refused_where_the_edge_of_the_tree_was_cut_off(
    log: SqlEventLog, database_url: str, entries: int, left: int
):
    log.append(append("a", entries=entries))
    with tampering(database_url) as tamper:
        (edge,) = tamper.run("SELECT frontier FROM ledger_tail WHERE size = ?", entries)[0]
        cut = bytes(edge)[:left]
        tamper.run("UPDATE ledger_tail SET frontier = ? WHERE size = ?", cut, entries)
    with pytest.raises(LedgerOutOfStep, match="there is no ledger, and the log ends at position"):
        log.append(append("c"))
    assert log.position() == entries


@given(
    st.lists(st.integers(0, 3 * TILE), max_size=8),
)
@settings(deadline=None)
def test_growing_by_parts_is_growing_at_once(parts: list[int]):
    head, unfinished, tiles, all_leaves = Head(), b"", [], []
    for part in parts:
        leaves = [leaf_hash(b"%d" % n) for n in range(len(all_leaves), len(all_leaves) + part)]
        all_leaves += leaves
        before = unfinished
        grown = grow(head, leaves, lambda before=before: before)
        unfinished = grown.leaves if grown.tiles else unfinished + grown.leaves
        head = grown.head
        tiles += grown.tiles
    assert head.frontier == Frontier().extended(all_leaves)
    whole = len(all_leaves) // TILE
    assert [tile.number for tile in tiles] == list(range(whole))
    assert b"".join(tile.hashes for tile in tiles) == b"".join(all_leaves[: whole * TILE])
    assert unfinished == b"".join(all_leaves[whole * TILE :])


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30)
NUMBERS = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture(scope="module")
def memory() -> Any:
    with open_log("sqlite://") as opened:
        yield opened


@given(data=st.data())
@settings(deadline=None)
def test_rows_that_differ_are_hashed_from_bytes_that_differ(data: st.DataObject):
    def row() -> tuple[Any, ...]:
        optional = st.none() | TEXTS
        return data.draw(
            st.tuples(
                NUMBERS, TEXTS, NUMBERS, TEXTS, NUMBERS, optional, NUMBERS, st.none() | NUMBERS,
                optional, optional, optional, optional, optional, st.binary(max_size=20),
            )
        )  # fmt: skip

    one, other = row(), row()
    assert (leaf_data(one) == leaf_data(other)) is (one == other)


ODD = [
    (1, "a", 1, "n", 0, None, 0, None, None, None, None, None, None, b""),
    (2, "", -1, "", 0, "", -5, -(2**63), "", "", "", "", "", b"\x00\xff\n"),
    (3, "ä\n-\n", 2**62, "t1:a", 7, "2024-01-01", 2**62, 2**63 - 1, '{"a":1}', "\U0001f600",
     "kuopio", "\u0301x", "i5", b"polku-entry/1\n"),
    (4, "s", 4, "n" * 300, 1, "-", 1, 0, "x" * 5000, " ", "\t", "\\", "'", b"z" * 100_000),
]  # fmt: skip


def test_rows_read_back_from_a_database_have_the_hashes_that_they_were_recorded_with(
    database_url: str,
):
    database = Database(database_url)
    stored(database, ODD)
    assert leaf_hashes(columns_of(rows_of(database))) == leaf_hashes(columns_of(ODD))
    database.close()


def test_postgresqls_bytes_of_a_row_are_those_of_python(postgresql_url: str):
    database = Database(postgresql_url)
    stored(database, ODD)
    found = database.rows(f"SELECT {leaf_sql()} FROM events ORDER BY position", {})
    assert [bytes(leaf) for (leaf,) in found] == [b"\0" + leaf_data(row) for row in ODD]
    database.close()


def test_hashes_of_many_rows_are_those_of_each_of_them_alone():
    assert leaf_hashes(columns_of(ODD)) == [leaf_hash(leaf_data(row)) for row in ODD]
    assert leaf_hashes(columns_of([])) == []


ALTERED = [column for column in ENTRY if column.name != "position"]


@pytest.mark.parametrize("column", ALTERED, ids=lambda column: column.name)
def test_a_value_of_another_type_than_its_columns_never_has_the_hash_of_the_row(
    sqlite_url: str, column: Column[Any]
):
    """SQLite takes them; the digits or letters of another type would be the same."""
    other = "CAST(body AS TEXT)" if column.name == "body" else f"CAST({column.name} AS BLOB)"
    assert hash_after(sqlite_url, f"UPDATE events SET {column.name} = {other}") is None


@pytest.mark.parametrize("number", [3.5, 7.0, True])
@pytest.mark.parametrize("at", [n for n, c in enumerate(ENTRY) if isinstance(c.type, Integer)])
def test_no_leaf_is_made_of_a_number_of_another_type(at: int, number: float):
    """7.0 and True are found where 7 and 1 are looked up."""
    row = list(ODD[2])
    row[at] = int(number)
    leaf_data(tuple(row))
    row[at] = number
    with pytest.raises(TypeError):
        leaf_data(tuple(row))


@pytest.mark.parametrize(
    "column", [c for c in ALTERED if isinstance(c.type, Text)], ids=lambda column: column.name
)
def test_a_text_that_goes_on_after_a_zero_byte_has_another_hash(
    sqlite_url: str, column: Column[Any]
):
    altered = f"UPDATE events SET {column.name} = {column.name} || char(0) || 'unseen'"
    assert hash_after(sqlite_url, altered) not in (None, *leaf_hashes(columns_of(ODD)))


def stored(database: Database, rows: Sequence[Sequence[Any]]) -> None:
    marks = ", ".join(["?" if database.is_sqlite else "%s"] * len(ENTRY))
    with database.connection() as connection:
        for row in rows:
            connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES ({marks})", row)


def hash_after(sqlite_url: str, alteration: str) -> bytes | None:
    """Return the hash of a row that was altered, None where no leaf can be made of it."""
    database = Database(sqlite_url)
    stored(database, ODD[2:3])
    with tampering(sqlite_url) as tamper:
        tamper.run(alteration)
    found = rows_of(database)
    database.close()
    try:
        return leaf_hashes(columns_of(found))[0]
    except (TypeError, ValueError, AttributeError):
        return None


def test_the_form_of_a_leaf_is_for_ever():
    row = (7, "journey:ä", 2, "n", 1, "2024-01-01", 5, None, None, "p", "", None, "c", b"{}")
    assert (
        leaf_data(row)
        == (
            "polku-entry/1\ni7\nt10:journey:ä\ni2\nt1:n\ni1\nt10:2024-01-01\ni5\n-\n-\nt1:p\nt0:\n-\n"
            "t1:c\nb2:{}\n"
        ).encode()
    )


def test_an_imported_entry_is_covered_with_what_its_source_claims(log: SqlEventLog):
    claimed = datetime(2020, 5, 1, tzinfo=UTC)
    source = Source("kirjaamo", "d" * 64, "cases", 1, "Ää-77", claimed)
    fresh = Fresh(ReferralAccepted(), date(2020, 5, 1), source)
    log.append(Append("journey:x", 0, (fresh,), By("import", "ä"), "k", "r", "cor", "cau"))
    assert stored_frontier(log.database).size == 1
    assert_covered(log.database)
