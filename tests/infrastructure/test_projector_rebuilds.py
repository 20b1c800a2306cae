"""A view is rebuilt beside the live one while all goes on, compared, and switched at once."""

import errno
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from weakref import ref

import pytest
from structlog.testing import capture_logs

from application.ports import Append, Destroying, Fresh
from application.views import VIEWS
from application.views.caseload import CASELOAD
from application.views.rows import CaseRow
from domain.entry import By
from domain.erasure import ClientErased
from infrastructure.event_log import SqlEventLog
from infrastructure.filling_helpers import helpers_for
from infrastructure.keeping import Keeping, KeepingThread, rebuilt
from infrastructure.projector import Projector
from infrastructure.rebuild_leavings import StillRead
from infrastructure.rebuilding import BeingRebuilt, Cancelled, Rebuild
from infrastructure.view_standing import statuses, wait_for
from tests.infrastructure.projecting import (
    Writing,
    all_rows,
    exist,
    opened,
    played,
    projections_of,
)
from tests.interfaces.running import SECONDS, until

NEWER = max(view.shape for view in VIEWS) + 1
"""The shape of a program that is not written yet."""


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


@pytest.fixture(autouse=True)
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a rebuild wait for nobody who is about to read the old tables."""
    monkeypatch.setattr("infrastructure.rebuilding.GRACE_SECONDS", 0.0)


def tables_there(projections: Any, generation: int) -> set[str]:
    with projections.reading() as cursor:
        return {
            name
            for name, view in projections.views.items()
            if exist(projections.tables(view, generation), cursor)
        }


def erase(url: str, client: str) -> None:
    """Erase a client as another process does."""
    with opened(url) as other:
        version = other.load(client)[-1].version
        erased = Fresh(ClientErased("article 17", ()), date(2025, 3, 3))
        by, destroying = By("l", "oulu"), Destroying((client,))
        other.append(Append(client, version, (erased,), by, destroying=destroying))


def test_a_rebuild_while_others_write_ends_with_all_they_wrote(log: SqlEventLog, monkeypatch):
    monkeypatch.setattr("infrastructure.whole_streams.PAGE", 50)
    monkeypatch.setattr("infrastructure.rebuilding.FEW", 5)
    projections, writing = projections_of(log), Writing(log)
    entries = list(played())
    writing.bring_in(entries[:300])
    assert Keeping(projections).catch_up()
    rest = iter(entries[300:])
    written: list[int] = []

    def write_on() -> None:
        for one in [next(rest, None) for _ in range(20)]:
            if one is not None:
                writing.act(one)
                written.append(one.entry.version)

    rebuilt = Rebuild(projections, list(VIEWS), between=write_on, grace=0).run()

    assert len(written) > 100
    assert {one.position for one in rebuilt} == {300 + len(written)}
    assert [one.compared.differing for one in rebuilt] == [0] * len(VIEWS)
    for one in rest:
        writing.act(one)
    assert Keeping(projections).catch_up()
    lived = all_rows(projections)
    again = Rebuild(projections, list(VIEWS), grace=0).run()
    assert [one.compared.differing for one in again] == [0] * len(VIEWS)
    assert all_rows(projections) == lived


def test_what_another_process_erases_is_forgotten_while_a_view_is_rebuilt(
    log: SqlEventLog, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    """A rebuild of a long log takes minutes, in which names would be told from memory."""
    monkeypatch.setattr("infrastructure.whole_streams.PAGE", 50)
    Writing(log).bring_in(played())
    assert Keeping(projections_of(log)).catch_up()
    client = log.streams("client:")[0]
    told: list[int] = []

    def meanwhile(_done: int, _all: int) -> None:
        told.append(log.keys.as_of)
        if len(told) == 1:
            erase(database_url, client)

    newer = projections_of(log, [replace(view, shape=NEWER) for view in VIEWS])
    assert Keeping(newer).catch_up(meanwhile)
    assert len(told) > 2
    assert told[0] < told[1] == told[-1]


def test_of_views_that_were_brought_up_to_date_nothing_stays_in_memory(log: SqlEventLog):
    """Retention is carried out client by client, and brings the views up to date for each."""
    projections, writing = projections_of(log), Writing(log)
    for one in played()[:5]:
        writing.act(one)
        keeping = Keeping(projections)
        assert keeping.catch_up()
        left = ref(keeping._projector)
        del keeping
        gc.collect()
        assert left() is None
        assert not log.keys._listeners


def test_who_keeps_views_once_more_begins_with_nothing_in_memory(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(played()[:200])
    keeping = Keeping(projections)
    for one in played()[200:203]:
        assert keeping.catch_up()
        before = keeping._projector._folded._folded.copy()
        writing.act(one)
    assert keeping.catch_up()
    after = keeping._projector._folded._folded
    assert before
    assert after.keys().isdisjoint(before)


def test_what_another_process_erases_is_forgotten_though_views_cannot_be_kept(
    log: SqlEventLog, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    Writing(log).bring_in(played()[:200])
    client = log.streams("client:")[0]

    def fails(_projector: Projector) -> set[str]:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Projector, "take_over", fails)
    monkeypatch.setattr("infrastructure.keeping.TRY_AGAIN_SECONDS", 0.02)
    forgotten = threading.Event()
    log.keys.when_destroyed(forgotten.set)
    keeping = KeepingThread(projections_of(log))
    keeping.start()
    try:
        erase(database_url, client)
        assert forgotten.wait(10)
        assert not keeping.works
    finally:
        keeping.stop()


def test_a_rebuild_that_is_stopped_leaves_everything_as_it_was(log: SqlEventLog):
    projections = projections_of(log)
    Writing(log).bring_in(played()[:200])
    assert Keeping(projections).catch_up()
    before, standings = all_rows(projections), projections.registry.read()
    stop = threading.Event()

    with pytest.raises(Cancelled):
        Rebuild(projections, list(VIEWS), stop=stop, on_progress=lambda *_: stop.set()).run()

    assert all_rows(projections) == before
    assert projections.registry.read() == standings
    assert tables_there(projections, 2) == set()


def test_one_that_is_interrupted_leaves_nothing_behind(log: SqlEventLog):
    projections = projections_of(log)
    Writing(log).bring_in(played()[:200])

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rebuild(projections, list(VIEWS), between=interrupt).run()
    assert tables_there(projections, 2) == set()
    assert all(one.building is None for one in projections.registry.read().values())
    assert Keeping(projections).catch_up()


@pytest.fixture
def backed_up(postgresql_url: str) -> Iterator[tuple[SqlEventLog, Any, Any]]:
    """A log whose views are kept, and a program that reads all tables, as a backup does."""
    with opened(postgresql_url) as log:
        projections = projections_of(log)
        Writing(log).bring_in(played()[:200])
        assert Keeping(projections).catch_up()
        with log.database.connection("BEGIN") as backup:
            for view in projections.views.values():
                for table in projections.tables(view, 1).tables.values():
                    backup.execute(f"LOCK TABLE {table.name} IN ACCESS SHARE MODE")
            yield log, projections, backup
            backup.execute("ROLLBACK")


def test_a_rebuild_that_is_done_ends_well_though_a_backup_reads_the_old_tables(
    backed_up: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("infrastructure.rebuild_leavings.PATIENTLY", 1)
    _, projections, _ = backed_up

    (done,) = Rebuild(projections, [CASELOAD]).run()

    assert (done.generation, done.compared and done.compared.differing) == (2, 0)
    left = projections.registry.read()["caseload"]
    assert (left.generation, left.building, left.retired) == (2, None, 1)
    assert tables_there(projections, 1) == set(projections.views)
    with pytest.raises(StillRead, match="of the view caseload left are still read by another"):
        Rebuild(projections, [CASELOAD]).run()
    assert projections.registry.read()["caseload"] == left


def test_who_keeps_views_drops_what_could_not_be_dropped_once_a_backup_has_ended(
    backed_up: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("infrastructure.rebuild_leavings.PATIENTLY", 1)
    monkeypatch.setattr("infrastructure.keeping.LOOK_SECONDS", 0.0)
    monkeypatch.setattr("infrastructure.keeping.TRY_AGAIN_SECONDS", 0.0)
    log, projections, backup = backed_up
    Rebuild(projections, [CASELOAD]).run()
    thread = KeepingThread(projections)
    thread.start()
    try:
        until(lambda: thread.works)
        assert tables_there(projections, 1) == set(projections.views)
        Writing(log).bring_in(played()[200:250])
        assert wait_for(projections, 250, SECONDS)  # nobody waits for the backup

        backup.execute("COMMIT")
        until(lambda: "caseload" not in tables_there(projections, 1))
        until(lambda: projections.registry.read()["caseload"].retired is None)
        assert thread.works
        assert tables_there(projections, 2) == {"caseload"}
    finally:
        thread.stop()


def test_who_keeps_views_waits_shortly_for_a_backup_as_entries_wait_for_them(
    backed_up: Any, monkeypatch: pytest.MonkeyPatch
):
    """Ten seconds for each view that a new version shapes anew would be minutes without any."""
    monkeypatch.setattr("infrastructure.rebuild_leavings.PATIENTLY", -1)  # PostgreSQL refuses it
    log, _, _ = backed_up
    newer = projections_of(log, (replace(CASELOAD, shape=NEWER), *VIEWS[1:]))
    assert Keeping(newer).catch_up()
    left = newer.registry.read()["caseload"]
    assert (left.shape, left.generation, left.retired) == (NEWER, 2, 1)


def test_two_do_not_rebuild_one_view_at_a_time(log: SqlEventLog):
    projections = projections_of(log)
    Writing(log).bring_in(played()[:200])
    refused: list[BaseException] = []

    def again() -> None:
        try:
            Rebuild(projections, [CASELOAD]).run()
        except BeingRebuilt as error:
            refused.append(error)

    Rebuild(projections, [CASELOAD], between=again, grace=0).run()
    assert refused
    assert "the view caseload is being rebuilt by another process" in str(refused[0])


def test_rows_that_were_wrong_are_counted_and_the_first_is_named(log: SqlEventLog):
    projections = projections_of(log)
    Writing(log).bring_in(played())
    assert Keeping(projections).catch_up()
    right = all_rows(projections)
    cases = projections.tables(CASELOAD, 1).tables[CaseRow].name
    owners = sorted(row.owner for row in right["caseload"] if isinstance(row, CaseRow))
    with projections.writing() as cursor:
        cursor.execute(f"UPDATE {cases} SET phase = 'nowhere' WHERE owner = '{owners[3]}'")
        cursor.execute(f"DELETE FROM {cases} WHERE owner = '{owners[5]}'")

    (rebuilt,) = Rebuild(projections, [CASELOAD], grace=0).run()

    assert rebuilt.compared.differing == 2
    assert rebuilt.compared.owners == len(owners)
    assert rebuilt.compared.first.owner == owners[3]
    assert rebuilt.compared.first.columns == ("phase",)
    assert all_rows(projections) == right


def test_a_program_with_another_shape_rebuilds_when_it_starts(log: SqlEventLog):
    older = projections_of(log)
    Writing(log).bring_in(played()[:200])
    assert Keeping(older).catch_up()

    def with_one_more(owner: str, state: Any, rules: Any) -> Any:
        return (
            r._replace(exempt=77) if isinstance(r, CaseRow) else r
            for r in CASELOAD.rows(owner, state, rules)
        )

    newer_view = replace(CASELOAD, shape=NEWER, rows=with_one_more)
    newer = projections_of(log, (newer_view, *VIEWS[1:]))
    assert {one.name: one.state for one in statuses(newer)}["caseload"] == "outdated"
    assert Keeping(newer).catch_up()

    standing = newer.registry.read()["caseload"]
    assert (standing.shape, standing.generation) == (NEWER, 2)
    cases = [row for row in all_rows(newer)["caseload"] if isinstance(row, CaseRow)]
    assert {row.exempt for row in cases} == {77}
    assert newer.registry.read()["board"].generation == 1
    assert {one.name: one.state for one in statuses(older)}["caseload"] == "newer"


def test_the_older_program_leaves_rows_of_a_newer_shape_alone(log: SqlEventLog):
    newer = projections_of(log, (replace(CASELOAD, shape=NEWER), *VIEWS[1:]))
    writing = Writing(log)  # of the older program
    for one in played()[:60]:
        writing.act(one)
    older = projections_of(log)
    keeping = Keeping(older)
    assert keeping._projector.take_over()
    assert not keeping._better_rebuilt()
    keeping._projector.close()
    assert all_rows(newer)["caseload"] == []
    assert Keeping(newer).catch_up()
    assert all_rows(newer)["caseload"]


def test_the_older_program_lets_a_newer_one_keep_the_view(log: SqlEventLog):
    older, writing = projections_of(log), Writing(log)
    writing.bring_in(played()[:60])
    keeping = Keeping(older)
    keeping._take_over()
    newer = projections_of(log, (replace(CASELOAD, shape=NEWER), *VIEWS[1:]))
    Rebuild(newer, [newer.views["caseload"]], grace=0).run()
    writing.bring_in(played()[60:120])

    keeping._take_over()
    mine = Projector(newer)

    assert mine.take_over() == {"caseload"}
    while mine.step():
        pass
    assert newer.registry.read()["caseload"].position == 120
    mine.close()
    keeping._close()


@pytest.mark.parametrize("newer_ones", [1, len(VIEWS)])
def test_the_older_program_does_not_wait_for_what_only_a_newer_one_can_do(
    log: SqlEventLog, newer_ones: int
):
    older, writing = projections_of(log), Writing(log)
    shaped = [replace(view, shape=NEWER) for view in VIEWS[:newer_ones]]
    assert Keeping(projections_of(log, (*shaped, *VIEWS[newer_ones:]))).catch_up()
    writing.bring_in(played()[:60])
    stop = threading.Event()
    giving_up = threading.Timer(20, stop.set)
    giving_up.start()

    assert not Keeping(older, stop).catch_up()

    giving_up.cancel()
    assert not stop.is_set()
    found = older.registry.read()
    assert all(found[view.name].position == 60 for view in VIEWS[newer_ones:])


def test_a_view_far_behind_is_filled_in_the_order_of_the_streams(log: SqlEventLog, monkeypatch):
    monkeypatch.setattr("infrastructure.keeping.FAR", 100)
    projections = projections_of(log)
    Writing(log).bring_in(played())
    told: list[tuple[int, int]] = []
    assert Keeping(projections).catch_up(lambda done, all_: told.append((done, all_)))
    assert {one.generation for one in projections.registry.read().values()} == {2}
    assert told[-1][0] == told[-1][1]
    assert all(all_rows(projections).values())


def lived_through(log, projections):
    """The rows of all views that followed what was played."""
    Writing(log).bring_in(played())
    assert Keeping(projections).catch_up()
    return all_rows(projections)


def test_helpers_make_the_same_rows_side_by_side(postgresql_url: str, monkeypatch):
    monkeypatch.setattr("infrastructure.filling_helpers.MANY", 100)
    monkeypatch.setattr("infrastructure.filling.SHARE", 30)  # less than the longest stream
    with opened(postgresql_url) as log:
        projections = projections_of(log)
        lived = lived_through(log, projections)
        projections.helpers = 2
        monkeypatch.setattr("os.cpu_count", lambda: 2)
        assert helpers_for(projections, len(played())) == 2
        told: list[int] = []
        rebuilt = Rebuild(
            projections, list(VIEWS), on_progress=lambda done, _: told.append(done), grace=0
        ).run()
        assert [one.compared.differing for one in rebuilt] == [0] * len(VIEWS)
        assert all_rows(projections) == lived
        assert len(told) > 10
        followed = [one for one in played() if not one.stream.startswith("programme:")]
        assert told[-1] == len(followed)


def test_helpers_end_when_the_rebuild_is_stopped(postgresql_url: str, monkeypatch):
    monkeypatch.setattr("infrastructure.filling_helpers.MANY", 100)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with opened(postgresql_url) as log:
        projections = projections_of(log)
        projections.helpers = 2
        Writing(log).bring_in(played())
        stop = threading.Event()
        with pytest.raises(Cancelled):
            Rebuild(projections, list(VIEWS), stop=stop, on_progress=lambda *_: stop.set()).run()
        assert multiprocessing.active_children() == []
        assert tables_there(projections, 2) == set()


def test_a_rebuild_whose_helpers_are_killed_is_done_without_them(postgresql_url: str, monkeypatch):
    monkeypatch.setattr("infrastructure.filling_helpers.MANY", 100)
    monkeypatch.setattr("infrastructure.filling.SHARE", 30)
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    def kill(*_: int) -> None:
        for helper in multiprocessing.active_children():
            os.kill(helper.pid or 0, signal.SIGKILL)

    with opened(postgresql_url) as log:
        projections = projections_of(log)
        lived = lived_through(log, projections)
        projections.helpers = 2
        with capture_logs() as logged:
            found = rebuilt(projections, list(VIEWS), threading.Event(), kill)
        assert "projector-helpers-died" in [one["event"] for one in logged]
        assert [one.compared.differing for one in found] == [0] * len(VIEWS)
        assert all_rows(projections) == lived
