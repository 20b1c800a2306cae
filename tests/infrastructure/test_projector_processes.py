"""Several processes: one keeps the views; when it is killed another does, and nothing is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import Keeping, KeepingThread
from infrastructure.projections import Projections
from infrastructure.rebuilding import Rebuild
from infrastructure.view_standing import statuses, wait_for
from tests.begun import Begun
from tests.infrastructure.projecting import Writing, all_rows, exist, opened, played, projections_of
from tests.interfaces.running import SECONDS, until

Start = Callable[[str], Begun]


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    """Start a process that follows or rebuilds; it is ended with the test."""
    with ExitStack() as started:

        def run(act: str) -> Begun:
            process = Begun("tests.infrastructure.projecting_process", act, database_url)
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield run


def kill(process: Begun) -> None:
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def runners(projections: Projections) -> set[str | None]:
    return {(one.runner or "").rpartition(":")[2] for one in statuses(projections)}


def check_equal_to_the_log(projections: Projections) -> None:
    lived = all_rows(projections)
    rebuilt = Rebuild(projections, list(projections.views.values()), grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0] * len(rebuilt)
    assert all_rows(projections) == lived
    assert all(rows for rows in lived.values())


def test_of_two_processes_one_keeps_the_views_and_the_other_takes_over(
    log: SqlEventLog, start: Start
):
    projections, writing = projections_of(log), Writing(log)
    first = start("follow")
    assert first.stdout.readline() == b"taken\n"
    second = start("follow")
    entries = played()
    for n, one in enumerate(entries[:200]):
        if n % 3:
            writing.act(one)
        else:
            writing.bring_in([one])
    assert wait_for(projections, 200, SECONDS)
    assert runners(projections) == {str(first.pid)}

    writing.bring_in(entries[200:500])
    kill(first)
    assert second.stdout.readline() == b"taken\n"
    writing.bring_in(entries[500:])
    assert wait_for(projections, len(entries), SECONDS)
    assert runners(projections) == {str(second.pid)}

    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    check_equal_to_the_log(projections)


def test_a_rebuild_that_was_killed_leaves_the_view_and_is_cleared_away(
    log: SqlEventLog, start: Start
):
    projections = projections_of(log)
    Writing(log).bring_in(played())
    assert Keeping(projections).catch_up()
    before = all_rows(projections)
    rebuilding = start("rebuild")
    assert rebuilding.stdout.readline() == b"building\n"
    assert {one.state for one in statuses(projections)} == {"rebuilding"}
    kill(rebuilding)
    deadline = time.monotonic() + SECONDS  # the server may take a moment to see it
    while {one.state for one in statuses(projections)} != {"live"}:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    left = projections.registry.read()
    assert all(one.building == 2 for one in left.values())
    assert all_rows(projections) == before

    assert Keeping(projections).catch_up()

    assert all(one.building is None for one in projections.registry.read().values())
    with projections.reading() as cursor:
        for view in projections.views.values():
            assert not exist(projections.tables(view, 2), cursor)
    assert all_rows(projections) == before
    check_equal_to_the_log(projections)


def test_what_a_rebuild_left_that_was_killed_goes_while_others_go_on_keeping_the_views(
    log: SqlEventLog, start: Start, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("infrastructure.keeping.LOOK_SECONDS", 0.1)
    monkeypatch.setattr("infrastructure.keeping.TRY_AGAIN_SECONDS", 0.1)
    projections = projections_of(log)
    Writing(log).bring_in(played())
    thread = KeepingThread(projections)
    thread.start()
    try:
        assert wait_for(projections, len(played()), SECONDS)
        rebuilding = start("rebuild")
        assert rebuilding.stdout.readline() == b"building\n"
        assert all(one.building == 2 for one in projections.registry.read().values())
        kill(rebuilding)

        until(lambda: all(one.building is None for one in projections.registry.read().values()))

        with projections.reading() as cursor:
            for view in projections.views.values():
                assert not exist(projections.tables(view, 2), cursor)
        assert thread.works
    finally:
        thread.stop()
    check_equal_to_the_log(projections)
