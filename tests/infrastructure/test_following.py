"""Following the log: everything once, in order, and soon."""

import threading
import time
from datetime import date

import pytest

from application.ports import Append, Fresh
from domain.entry import By
from domain.journey.events import ReferralAccepted
from infrastructure.event_log import SqlEventLog, open_log


def append(log: SqlEventLog, stream: str) -> None:
    log.append(Append(stream, 0, (Fresh(ReferralAccepted(), date(2024, 1, 1)),), By("p", "o")))


def test_a_follower_gets_what_was_and_what_comes(log: SqlEventLog):
    append(log, "a")
    append(log, "b")
    with log.follow(after=1) as following:
        assert next(following).stream == "b"
        append(log, "c")
        assert next(following).stream == "c"


def test_a_closed_follower_ends(log: SqlEventLog):
    append(log, "a")
    following = log.follow()
    assert next(following).stream == "a"
    following.close()
    assert list(following) == []


def test_another_thread_can_end_a_follower_that_waits(log: SqlEventLog):
    following = log.follow(poll=0.1)
    thread = threading.Timer(0.3, following.close)
    thread.start()
    assert list(following) == []
    thread.join()


def test_an_entry_of_this_process_is_heard_of_at_once(log: SqlEventLog):
    with log.follow(poll=20) as following:
        threading.Timer(0.5, append, (log, "a")).start()
        started = time.monotonic()
        assert next(following).stream == "a"
        assert time.monotonic() - started < 10


def test_an_entry_of_another_process_is_heard_of_within_the_poll_time(database_url: str):
    with (
        open_log(database_url) as writer,
        open_log(database_url) as reader,
        reader.follow(poll=0.2) as following,
    ):
        threading.Timer(0.5, append, (writer, "a")).start()
        assert next(following).stream == "a"


def test_postgresql_notifies_long_before_the_poll_time(postgresql_url: str):
    with (
        open_log(postgresql_url) as writer,
        open_log(postgresql_url) as reader,
        reader.follow(poll=20) as following,
    ):
        threading.Timer(0.5, append, (writer, "a")).start()
        started = time.monotonic()
        assert next(following).stream == "a"
        assert time.monotonic() - started < 10


def test_a_lost_notice_costs_the_poll_time_and_no_entry(postgresql_url: str):
    with (
        open_log(postgresql_url) as writer,
        open_log(postgresql_url) as reader,
        reader.follow(poll=0.3) as following,
    ):
        append(writer, "a")
        assert next(following).stream == "a"
        assert _kill_listeners(writer) == 0
        threading.Timer(0.2, _kill_listeners, (writer,)).start()
        threading.Timer(0.6, append, (writer, "b")).start()
        assert next(following).stream == "b"
        append(writer, "c")
        assert next(following).stream == "c"


def _kill_listeners(log: SqlEventLog) -> int:
    with log.database.reading() as connection:
        killed = connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
        )
        return len(killed.all())


@pytest.mark.parametrize("after", [0, 1, 5])
def test_a_follower_begins_after_a_position(memory_log: SqlEventLog, after: int):
    for n in range(6):
        append(memory_log, f"s-{n}")
    with memory_log.follow(after=after) as following:
        assert next(following).entry.position == after + 1
