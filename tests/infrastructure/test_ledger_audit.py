"""An audit says yes to a log as Polku wrote it, and names the first row of any that was changed."""

import shutil
import sqlite3
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports import Append, Fresh
from domain.entry import By, Source
from domain.journey.events import ReferralAccepted
from domain.merkle import root_of
from infrastructure import (
    audit_joining,
    audit_stretches,
    audit_tiles,
    ledger,
    ledger_audit,
    ledger_tree,
)
from infrastructure.audit_faults import Wrong
from infrastructure.database import Database
from infrastructure.event_log import open_log
from infrastructure.ledger_audit import Audit, Audited, Claim, NotOfThisLog, Verified
from infrastructure.ledger_filling import cover_rows
from infrastructure.ledger_tree import StoredTree
from infrastructure.log_tables import ENTRY
from tests.conftest import UNHURRIED
from tests.databases import Own
from tests.infrastructure.tampering import Tamper, tampering

LONG = 600
"""Entries of a log with two whole tiles and some in the unfinished one."""

HEAD = "(SELECT max(size) FROM ledger_tail)"


def fill(url: str, entries: int, prefix: str = "s", at_once: int = 9) -> None:
    """Record entries of some streams, each field of some of them filled, at instants that grow.

    A transaction has six entries of each of `at_once` appends.
    """
    instants = (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(10**9))
    source = Source("kirjaamo", "d" * 64, "cases", 1, "77", datetime(2024, 1, 1, tzinfo=UTC))
    versions: dict[str, int] = {}
    appends = []
    for start in range(0, entries, 6):
        fresh = tuple(
            Fresh(ReferralAccepted(), date(2024, 1, 1) + timedelta(n), (None, source)[n % 2])
            for n in range(min(6, entries - start))
        )
        stream = f"{prefix}-{start % 30}"
        version = versions.get(stream, 0)
        versions[stream] = version + len(fresh)
        by = By("v", "m")
        appends.append(Append(stream, version, fresh, by, correlation="k", causation="c"))
    with open_log(url, clock=lambda: next(instants)) as log:
        for start in range(0, len(appends), at_once):
            log.append_all(appends[start : start + at_once], together=True)


def audit(url: str, *claims: Claim, since: int = 0, jobs: int = 1) -> Audited:
    database = Database(url)
    try:
        return Audit(database, claims, since=since, jobs=jobs).run()
    finally:
        database.close()


def root_at(url: str, size: int) -> bytes:
    database = Database(url)
    try:
        return StoredTree(database).root(size)
    finally:
        database.close()


def first(found: Audited) -> tuple[Wrong, int]:
    assert not found.is_right
    return found.faults[0].wrong, found.faults[0].position


FILLED = {entries: partial(fill, entries=entries) for entries in (3, 24, 260, LONG)}
IN_ONE_TILE = partial(fill, entries=20, at_once=3)


@pytest.fixture
def url(own_database: Own) -> str:
    return own_database.filled(FILLED[LONG])


@pytest.fixture
def short(own_database: Own) -> str:
    """A log whose entries are all in the unfinished tile, the last two from another transaction."""
    return own_database.filled(IN_ONE_TILE)


@pytest.fixture
def small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches so short that a small log has several."""
    for module in (audit_stretches, ledger_audit):
        monkeypatch.setattr(module, "STRETCH", 256)
    monkeypatch.setattr(audit_stretches._Checking, "_tile_above", lambda _: None)


def test_a_log_as_it_was_written_is_right(url: str):
    roots = [Claim(size, root_at(url, size), f"of {size}") for size in (0, 1, 255, 256, 300, LONG)]
    found = audit(url, *roots)
    assert found.is_right
    assert (found.size, found.root) == (LONG, root_at(url, LONG))
    assert found.fitting == [claim.name for claim in roots]


def test_an_empty_log_is_right(database_url: str):
    assert audit(database_url).is_right


def test_stretches_are_joined(url: str, small_stretches: None):
    marks = (1, 255, 256, 257, 400, 512, 513, LONG)
    found = audit(url, *(Claim(size, root_at(url, size), str(size)) for size in marks))
    assert found.is_right
    assert found.fitting == [str(size) for size in marks]


def test_processes_share_the_stretches(url: str, small_stretches: None):
    claims = [Claim(size, root_at(url, size), str(size)) for size in (100, 400, LONG)]
    found = audit(url, *claims, jobs=2)
    assert found.is_right
    assert (found.root, found.fitting) == (root_at(url, LONG), ["100", "400", str(LONG)])
    with tampering(url) as tamper:
        tamper.swap(5, 400)
    assert first(audit(url, jobs=2)) == (Wrong.SWAPPED, 5)


def test_an_audit_goes_on_where_another_came(url: str, small_stretches: None):
    database, seen = Database(url), []
    Audit(database, on_verified=seen.append).run()
    assert [verified.position for verified in seen] == [256, 512]
    further = Audit(database, [Claim(100, root_at(url, 100), "early")])
    further.go_on_from(seen[-1])
    found = further.run()
    assert found.is_right
    assert (found.since, found.fitting) == (512, ["early"])
    with pytest.raises(NotOfThisLog):
        Audit(database).go_on_from(Verified(256, b"\0" * 32))
    with pytest.raises(NotOfThisLog):
        Audit(database).go_on_from(Verified(2560, seen[0].root))
    database.close()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("becomes", ["another", "nothing"])
def test_a_file_that_is_replaced_or_goes_under_an_audit_is_told(
    own_sqlite: Own, small_stretches: None, tmp_path: Path, becomes: str, jobs: int
):
    """What was read is then of two files, and no answer is of either."""
    url = own_sqlite.filled(FILLED[LONG])
    file, other = tmp_path / "polku.db", tmp_path / "other.db"
    database = Database(url)
    database.keep_wal()
    shutil.copy(file, other)

    def put(_done: int, _all: int) -> None:
        if becomes == "nothing":
            file.unlink(missing_ok=True)
        elif other.exists():
            other.replace(file)

    try:
        with pytest.raises(sqlite3.OperationalError, match="deleted, moved or replaced"):
            Audit(database, jobs=jobs, on_progress=put).run()
    finally:
        database.close()
    assert file.exists() is (becomes == "another")
    file.touch()


def test_what_lies_before_the_beginning_is_not_read(url: str, small_stretches: None):
    with tampering(url) as tamper:
        tamper.run("UPDATE events SET actor = 'x' WHERE position = 5")
    assert audit(url, since=300).is_right
    assert first(audit(url, since=255)) == (Wrong.ALTERED, 5)


CHANGES = {
    "stream": "'other'",
    "version": "7777",
    "name": "'referral-declined'",
    "schema_version": "2",
    "occurred_on": "'2001-01-01'",
    "recorded_at": "recorded_at + 1",
    "source_recorded_at": "1",
    "source": "'{}'",
    "actor": "'w'",
    "organisation": "''",
    "correlation": "NULL",
    "causation": "'cc'",
}


@pytest.mark.parametrize("column", [column.name for column in ENTRY if column.name != "position"])
@pytest.mark.parametrize("position", [3, 300, LONG - 1])
def test_any_column_that_was_altered_is_found(url: str, column: str, position: int):
    with tampering(url) as tamper:
        if column == "body":
            tamper.run("UPDATE events SET body = ? WHERE position = ?", b"{ }", position)
        else:
            tamper.run(
                f"UPDATE events SET {column} = {CHANGES[column]} WHERE position = {position}"
            )
    assert first(audit(url)) == (Wrong.ALTERED, position)


@pytest.mark.parametrize(
    "column", ["occurred_on", "source_recorded_at", "source", "actor", "correlation", "causation"]
)
def test_a_value_that_was_taken_out_is_found(short: str, column: str):
    with tampering(short) as tamper:
        tamper.run(f"UPDATE events SET {column} = NULL WHERE position = 4")
    assert first(audit(short)) == (Wrong.ALTERED, 4)


def test_a_position_that_was_changed_leaves_a_hole(url: str):
    with tampering(url) as tamper:
        tamper.move(LONG, LONG + 1)
    assert first(audit(url)) == (Wrong.MISSING, LONG)


@pytest.mark.parametrize("position", [1, 256, 300, 599])
def test_a_row_that_was_deleted_is_found(url: str, position: int):
    with tampering(url) as tamper:
        tamper.delete(position)
    assert first(audit(url)) == (Wrong.MISSING, position)


@pytest.mark.parametrize("position", [2, 299, 590])
def test_a_row_that_was_deleted_with_its_hole_closed_is_found(url: str, position: int):
    with tampering(url) as tamper:
        tamper.delete(position)
        tamper.close_up(position)
    found = audit(url)
    assert first(found) == (Wrong.MISSING, position)
    assert Wrong.TRUNCATED in {fault.wrong for fault in found.faults}


@pytest.mark.parametrize("position", [1, 300, 590])
def test_a_row_that_was_put_in_is_found(url: str, position: int):
    with tampering(url) as tamper:
        tamper.make_room(position)
        tamper.insert(position, "forged")
    assert first(audit(url)) == (Wrong.INSERTED, position)


@pytest.mark.parametrize("position", [LONG + 1, LONG + 9, 0, -4])
def test_a_row_outside_of_the_ledger_is_found(url: str, position: int):
    with tampering(url) as tamper:
        tamper.insert(position, "forged")
    assert first(audit(url)) == (Wrong.INSERTED, min(position, LONG + 1))


@pytest.mark.parametrize("pair", [(1, 2), (5, 400), (301, 599), (598, 599)])
def test_rows_that_were_swapped_are_found(url: str, pair: tuple[int, int]):
    with tampering(url) as tamper:
        tamper.swap(*pair)
    found = audit(url)
    assert first(found) == (Wrong.SWAPPED, pair[0])
    assert f"{pair[0]} and {pair[1]} were swapped" in found.faults[0].said


@pytest.mark.parametrize("left", [0, 1, 256, 599])
def test_a_log_that_was_cut_off_is_found(url: str, left: int):
    with tampering(url) as tamper:
        tamper.run("DELETE FROM events WHERE position > ?", left)
    assert first(audit(url)) == (Wrong.TRUNCATED, left + 1)


def test_a_log_that_was_cut_off_with_its_ledger_is_found_by_a_checkpoint(url: str):
    kept = Claim(LONG, root_at(url, LONG), "the auditor's checkpoint")
    cut_with_its_ledger(url, 300)
    assert audit(url).is_right
    found = audit(url, kept)
    assert first(found) == (Wrong.TRUNCATED, 301)
    assert "the auditor's checkpoint is of 600 entries, and the log has 300" in found.faults[0].said


def cut_with_its_ledger(url: str, size: int) -> None:
    """Cut the log off, and make the ledger anew as if nothing had been behind."""
    with tampering(url) as tamper:
        tamper.run("DELETE FROM events WHERE position > ?", size)
        rewrite_ledger(tamper)
        cover_rows(tamper._connection.cursor(), is_sqlite=url.startswith("sqlite"))


def rewrite_ledger(tamper: Tamper) -> None:
    tamper.run("DELETE FROM ledger_tiles")
    tamper.run("DELETE FROM ledger_tail")
    tamper.run("INSERT INTO ledger_tail VALUES (0, ?, ?)", b"", b"")


def test_a_history_that_was_rewritten_with_its_ledger_is_found_by_a_checkpoint(url: str):
    early, late = (Claim(size, root_at(url, size), f"of {size}") for size in (256, 500))
    with tampering(url) as tamper:
        tamper.run("UPDATE events SET actor = 'nobody' WHERE position = 300")
        rewrite_ledger(tamper)
        cover_rows(tamper._connection.cursor(), is_sqlite=url.startswith("sqlite"))
    assert audit(url).is_right
    found = audit(url, early, late)
    assert found.fitting == ["of 256"]
    assert first(found) == (Wrong.CHECKPOINT, 257)
    assert "one of positions 257 to 500 is not what it was" in found.faults[0].said


def test_a_checkpoint_of_a_wrong_size_does_not_fit(url: str):
    found = audit(url, Claim(299, root_at(url, 300), "of a wrong size"))
    assert first(found) == (Wrong.CHECKPOINT, 1)


@pytest.mark.parametrize("change", ["hashes", "root", "gone"])
def test_a_tile_that_was_altered_is_told_from_its_rows(url: str, change: str):
    with tampering(url) as tamper:
        if change == "gone":
            tamper.run("DELETE FROM ledger_tiles WHERE number = 1")
        else:
            stored = bytes(tamper.one(f"SELECT {change} FROM ledger_tiles WHERE number = 1"))
            forged = stored[:-1] + bytes((stored[-1] ^ 1,))
            tamper.run(f"UPDATE ledger_tiles SET {change} = ? WHERE number = 1", forged)
    assert first(audit(url)) == (Wrong.TILE, 257)


def test_a_tile_that_was_altered_with_the_hash_over_it_is_told_from_its_rows(url: str):
    with tampering(url) as tamper:
        stored = bytes(tamper.one("SELECT hashes FROM ledger_tiles WHERE number = 0"))
        hashes = [stored[n : n + 32] for n in range(0, len(stored), 32)]
        hashes[9] = b"\1" * 32
        tamper.run(
            "UPDATE ledger_tiles SET hashes = ?, root = ? WHERE number = 0",
            b"".join(hashes),
            root_of(hashes),
        )
    assert first(audit(url)) == (Wrong.TILE, 10)


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of four hashes: 300 entries have a tile of level 3, as else have 4,294,967,296."""
    everywhere = (ledger, ledger_tree, audit_stretches, audit_joining, audit_tiles, ledger_audit)
    for module in everywhere:
        monkeypatch.setattr(module, "TILE", 4)
    for module in (audit_stretches, audit_tiles, ledger_audit):
        monkeypatch.setattr(module, "STRETCH", 16)
    monkeypatch.setattr(ledger_tree, "BITS", 2)


@pytest.fixture
def tall(database_url: str, small_tiles: None) -> str:
    """A log with tiles over tiles over tiles."""
    fill(database_url, 300)
    return database_url


OVER = [(1, 3, 49), (2, 1, 65), (2, 3, 193), (3, 0, 1)]
"""Tiles over tiles: the level, the number, and the first position beneath."""


@pytest.mark.parametrize("change", ["hashes", "root", "gone"])
@pytest.mark.parametrize("tile", OVER)
def test_a_tile_over_tiles_that_was_altered_is_named(
    tall: str, tile: tuple[int, int, int], change: str
):
    level, number, position = tile
    where = f"WHERE level = {level} AND number = {number}"
    assert audit(tall).is_right
    with tampering(tall) as tamper:
        if change == "gone":
            tamper.run(f"DELETE FROM ledger_tiles {where}")
        else:
            stored = bytes(tamper.one(f"SELECT {change} FROM ledger_tiles {where}"))
            forged = bytes((stored[0] ^ 1,)) + stored[1:]
            tamper.run(f"UPDATE ledger_tiles SET {change} = ? {where}", forged)
    found = audit(tall)
    assert first(found) == (Wrong.TILE, position)
    assert f"tile {number} of level {level} " in found.faults[0].said


def test_tiles_over_tiles_are_audited_from_the_middle_on(tall: str):
    assert all(audit(tall, since=since).is_right for since in (16, 64, 80, 144, 208, 256))
    with tampering(tall) as tamper:
        tamper.run("UPDATE ledger_tiles SET root = hashes WHERE level = 2 AND number = 2")
    assert first(audit(tall, since=144)) == (Wrong.TILE, 129)
    assert first(audit(tall, since=192)) == (Wrong.TILE, 1)  # by the tile over it
    assert audit(tall, since=256).is_right


def test_an_altered_row_is_named_and_not_the_tiles_over_it(tall: str):
    with tampering(tall) as tamper:
        tamper.run("UPDATE events SET actor = 'x' WHERE position = 77")
    assert [(one.wrong, one.position) for one in audit(tall).faults] == [(Wrong.ALTERED, 77)]


@pytest.mark.parametrize(
    ("level", "number"), [(0, 2), (0, -1), (1, 0), (2, 7), (-1, 0), (2**31 - 1, 0)]
)
def test_a_tile_that_the_log_is_too_short_for_is_found(url: str, level: int, number: int):
    with tampering(url) as tamper:
        tamper.run(
            f"INSERT INTO ledger_tiles SELECT {level}, {number}, root, hashes FROM ledger_tiles "
            "WHERE level = 0 AND number = 0"
        )
    found = audit(url)
    assert first(found) == (Wrong.TILE, 0)
    assert f"tile {number} of level {level} was put in" in found.faults[0].said


def test_the_altered_row_is_named_before_the_checkpoint_that_does_not_fit(url: str):
    """Of the checkpoint is known only that one of many rows is not what it was."""
    claims = [Claim(size, root_at(url, size), f"of {size}") for size in (256, 500)]
    with tampering(url) as tamper:
        tamper.run("UPDATE events SET actor = 'nobody' WHERE position = 400")
    faults = audit(url, *claims).faults
    assert [(one.wrong, one.position) for one in faults] == [
        (Wrong.ALTERED, 400),
        (Wrong.CHECKPOINT, 257),
    ]


def test_a_head_that_was_altered_is_found(url: str):
    with tampering(url) as tamper:
        stored = bytes(tamper.one(f"SELECT frontier FROM ledger_tail WHERE size = {HEAD}"))
        tamper.run(f"UPDATE ledger_tail SET frontier = ? WHERE size = {HEAD}", b"\0" + stored[1:])
    assert first(audit(url)) == (Wrong.HEAD, 0)


@pytest.mark.parametrize("change", ["size = 5", "frontier = leaves"])
def test_what_an_earlier_transaction_added_and_was_altered_is_found(short: str, change: str):
    with tampering(short) as tamper:
        earlier = tamper.one(f"SELECT max(size) FROM ledger_tail WHERE size < {HEAD}")
        assert earlier > 5
        tamper.run(f"UPDATE ledger_tail SET {change} WHERE size = ?", earlier)
    assert first(audit(short)) == (Wrong.HEAD, 0)


def test_hashes_of_the_last_rows_that_were_altered_are_told_from_the_rows(short: str):
    with tampering(short) as tamper:
        (size, stored) = tamper.run("SELECT size, leaves FROM ledger_tail ORDER BY size")[1]
        forged = bytes(stored)[:-1] + bytes((bytes(stored)[-1] ^ 1,))
        tamper.run("UPDATE ledger_tail SET leaves = ? WHERE size = ?", forged, size)
    assert first(audit(short)) == (Wrong.TILE, size)


def test_a_ledger_that_is_gone_is_found(short: str):
    with tampering(short) as tamper:
        tamper.run("DELETE FROM ledger_tail")
    assert first(audit(short)) == (Wrong.HEAD, 0)


def test_a_head_of_fewer_entries_is_found(short: str):
    with tampering(short) as tamper:
        tamper.run(f"DELETE FROM ledger_tail WHERE size = {HEAD}")
    assert first(audit(short)) == (Wrong.INSERTED, 19)


def test_a_clock_that_runs_backwards_and_a_version_with_a_hole_are_found(database_url: str):
    """Also where the ledger covers them: whoever wrote them wrote the ledger."""
    fill(database_url, 20)
    with tampering(database_url) as tamper:
        tamper.run("UPDATE events SET recorded_at = 5 WHERE position = 9")
        tamper.run("UPDATE events SET version = version + 10 WHERE position = 12")
        rewrite_ledger(tamper)
        cover_rows(tamper._connection.cursor(), is_sqlite=database_url.startswith("sqlite"))
    found = audit(database_url)
    assert [(fault.wrong, fault.position) for fault in found.faults] == [
        (Wrong.CLOCK, 9),
        (Wrong.VERSION, 12),
    ]


def test_versions_and_clocks_are_followed_across_stretches(url: str, small_stretches: None):
    with tampering(url) as tamper:
        tamper.run("UPDATE events SET recorded_at = 0 WHERE position > 256")
        tamper.run("UPDATE events SET version = version + 900 WHERE position > 512")
        rewrite_ledger(tamper)
        cover_rows(tamper._connection.cursor(), is_sqlite=url.startswith("sqlite"))
    found = audit(url)
    assert first(found) == (Wrong.CLOCK, 257)
    versions = [fault for fault in found.faults if fault.wrong is Wrong.VERSION]
    assert len(versions) == 5
    assert versions[0].position == 513


def test_what_sqlite_takes_for_a_number_or_a_text_is_found(sqlite_url: str):
    fill(sqlite_url, 20)
    for column, value in (
        ("recorded_at", "'soon'"),
        ("version", "'x'"),
        ("recorded_at", "recorded_at + 0.5"),
        ("name", "CAST(name AS BLOB)"),
        ("actor", "CAST(x'ff00' AS TEXT)"),
        ("body", "CAST(body AS TEXT)"),
        ("stream", "7"),
        *((column.name, "CAST(x'ff00' AS TEXT)") for column in ENTRY if column.name != "position"),
    ):
        with tampering(sqlite_url) as tamper:
            tamper.run("CREATE TABLE kept AS SELECT * FROM events WHERE position = 7")
            tamper.run(f"UPDATE events SET {column} = {value} WHERE position = 7")
        assert first(audit(sqlite_url)) == (Wrong.ALTERED, 7), (column, value)
        with tampering(sqlite_url) as tamper:
            tamper.run("DELETE FROM events WHERE position = 7")
            tamper.run("INSERT INTO events SELECT * FROM kept")
            tamper.run("DROP TABLE kept")
    assert audit(sqlite_url).is_right


def without_types(tamper: Tamper, table: str) -> None:
    """Make a table anew which takes any value in any column, several rows at a position too."""
    names = ", ".join(row[1] for row in tamper.run(f"PRAGMA table_info({table})"))
    tamper.run(f"ALTER TABLE {table} RENAME TO typed")
    tamper.run(f"CREATE TABLE {table} ({names})")
    tamper.run(f"INSERT INTO {table} SELECT * FROM typed ORDER BY 1")
    tamper.run("DROP TABLE typed")


@pytest.mark.parametrize("column", [column.name for column in ENTRY if column.name != "position"])
@pytest.mark.parametrize("position", [7, 20])
def test_the_same_value_of_another_type_is_found(sqlite_url: str, column: str, position: int):
    fill(sqlite_url, 20)
    with tampering(sqlite_url) as tamper:
        without_types(tamper, "events")
        kind = tamper.one(f"SELECT typeof({column}) FROM events WHERE position = ?", position)
        other = {"text": "BLOB", "integer": "TEXT"}.get(kind, "TEXT")
        value = "7" if kind == "null" else f"CAST({column} AS {other})"
        tamper.run(f"UPDATE events SET {column} = {value} WHERE position = ?", position)
    assert first(audit(sqlite_url)) == (Wrong.ALTERED, position)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("'x'", (Wrong.INSERTED, 21)),
        ("x'00'", (Wrong.INSERTED, 21)),
        ("NULL", (Wrong.INSERTED, 21)),
        ("7.5", (Wrong.INSERTED, 7)),
        ("20.5", (Wrong.INSERTED, 20)),
        ("1e300", (Wrong.INSERTED, 21)),
    ],
)
def test_a_row_at_what_is_no_position_is_found(sqlite_url: str, value: str, found: object):
    fill(sqlite_url, 20)
    with tampering(sqlite_url) as tamper:
        without_types(tamper, "events")
        tamper.insert(99, "forged")
        tamper.run(f"UPDATE events SET position = {value} WHERE position = 99")
    assert first(audit(sqlite_url)) == found


@pytest.mark.parametrize("value", ["'x'", "x'00'", "NULL", "7.5", "'7'"])
def test_a_row_whose_position_is_none_any_more_is_missing(sqlite_url: str, value: str):
    fill(sqlite_url, 20)
    with tampering(sqlite_url) as tamper:
        without_types(tamper, "events")
        tamper.run(f"UPDATE events SET position = {value} WHERE position = 7")
    assert first(audit(sqlite_url)) == (Wrong.MISSING, 7)


@pytest.mark.parametrize("value", ["'x'", "NULL", "x'00'", "size + 0.5", "1e300"])
def test_a_head_whose_size_is_no_number_is_found(sqlite_url: str, value: str):
    fill(sqlite_url, 260)
    with tampering(sqlite_url) as tamper:
        without_types(tamper, "ledger_tail")
        tamper.run(f"UPDATE ledger_tail SET size = {value} WHERE size = {HEAD}")
    assert first(audit(sqlite_url)) == (Wrong.HEAD, 0)


@pytest.mark.parametrize("value", ["'text'", "7", "CAST(x'ff' AS TEXT)", "10000000000000"])
def test_what_sqlite_takes_for_a_hash_is_found(sqlite_url: str, value: str):
    fill(sqlite_url, 260)
    roots = [Claim(260, root_at(sqlite_url, 260), "of 260")]
    for table, column in (
        ("ledger_tail", "leaves"),
        ("ledger_tail", "frontier"),
        ("ledger_tiles", "root"),
        ("ledger_tiles", "hashes"),
    ):
        with tampering(sqlite_url) as tamper:
            stored = tamper.one(f"SELECT {column} FROM {table} LIMIT 1")
            tamper.run(f"UPDATE {table} SET {column} = {value}")
        found = audit(sqlite_url, *roots)
        assert first(found)[0] in {Wrong.TILE, Wrong.HEAD}, (table, column)
        assert all(one.position in {0, 1} for one in found.faults)
        with tampering(sqlite_url) as tamper:
            tamper.run(f"UPDATE {table} SET {column} = ?", stored)
    assert audit(sqlite_url, *roots).is_right


def test_a_tile_whose_level_or_number_is_none_is_found(sqlite_url: str):
    fill(sqlite_url, 260)
    for column in ("level", "number"):
        with tampering(sqlite_url) as tamper:
            tamper.run(f"UPDATE ledger_tiles SET {column} = 'top'")
        found = {(fault.wrong, fault.position) for fault in audit(sqlite_url).faults}
        assert (Wrong.TILE, 0) in found, column
        with tampering(sqlite_url) as tamper:
            tamper.run(f"UPDATE ledger_tiles SET {column} = 0")
    assert audit(sqlite_url).is_right


ACTS = st.sampled_from(["alter", "delete", "insert", "swap", "cut", "forge-tile", "forge-head"])


@given(data=st.data())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[*UNHURRIED, HealthCheck.function_scoped_fixture],
)
def test_no_tampering_goes_unseen(sqlite_files, tmp_path, data: st.DataObject):
    size = data.draw(st.sampled_from([3, 24, 260]))
    url = sqlite_files.copy(tmp_path / f"{uuid.uuid4().hex}.db", FILLED[size])
    act, at = data.draw(ACTS), data.draw(st.integers(1, size))
    expected = None
    with tampering(url) as tamper:
        if act == "alter":
            column = data.draw(st.sampled_from(["actor", "name", "organisation", "occurred_on"]))
            tamper.run(f"UPDATE events SET {column} = ? WHERE position = ?", "§", at)
            expected = (Wrong.ALTERED, at)
        elif act == "delete":
            tamper.delete(at)
            expected = (Wrong.TRUNCATED if at == size else Wrong.MISSING, at)
        elif act == "insert":
            tamper.make_room(at)
            tamper.insert(at, "forged")
            expected = (Wrong.INSERTED, at)
        elif act == "swap":
            other = data.draw(st.integers(1, size).filter(lambda n: n != at))
            tamper.swap(at, other)
            expected = (Wrong.SWAPPED, min(at, other))
        elif act == "cut":
            tamper.run("DELETE FROM events WHERE position >= ?", at)
            expected = (Wrong.TRUNCATED, at)
        elif act == "forge-tile" and size > 256:
            tamper.run("UPDATE ledger_tiles SET root = ?", bytes(32))
            expected = (Wrong.TILE, 1)
        else:
            tamper.run("UPDATE ledger_tail SET frontier = zeroblob(length(frontier))")
            expected = (Wrong.HEAD, 0)
    assert first(audit(url)) == expected
