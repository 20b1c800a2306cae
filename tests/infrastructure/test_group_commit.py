"""What many threads ask for at once is written together, and each gets its own answer."""

import gc
import linecache
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from time import process_time
from types import FrameType

import psycopg
import pytest

from application.ports import Append, Fresh, KeyReused, Receipt, VersionConflict
from domain.entry import By
from domain.journey.events import PlanStepReached, ReferralAccepted
from infrastructure import group_commit
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.event_names import UnknownEvent, UnstorableEvent
from infrastructure.group_commit import GroupCommit

DAY = date(2024, 1, 1)
SECONDS = 60.0
"""Until a slow machine has done it."""


def command(stream: str, expected: int, event: object = ReferralAccepted(), **more) -> Append:
    return Append(stream, expected, (Fresh(event, DAY),), By("p", "o"), **more)


def answer(log: SqlEventLog, asked: Append) -> Receipt | Exception:
    try:
        return log.append(asked)
    except Exception as error:  # noqa: BLE001 - the error is what the test looks at
        return error


def at_once(log: SqlEventLog, asked: Sequence[Append]) -> list[Receipt | Exception]:
    """Ask for all at once, while the log is held up, so that they gather in one group."""
    with ThreadPoolExecutor(len(asked)) as threads:
        with log._writer._one_at_a_time:
            answers = [threads.submit(answer, log, one) for one in asked]
            while len(log._group._queue) < sum(_can_be_encoded(one) for one in asked):
                threading.Event().wait(0.01)
        return [one.result() for one in answers]


def _can_be_encoded(asked: Append) -> bool:
    stored = all(fresh.event == ReferralAccepted() for fresh in asked.events)
    return stored and asked.correlation is None


def test_one_commands_fault_never_fails_another(log: SqlEventLog):
    log.append(command("old", 0, key="used", request="first"))
    asked = [
        command("good-1", 0),
        command("old", 0),
        command("good-2", 0, key="used", request="second"),
        command("good-3", 0, PlanStepReached(7)),
        command("good-4", 0, "not an event"),
        command("good-5", 0, correlation="\ud800"),
        command("good-6", 0, key="used", request="first"),
        command("good-7", 0),
    ]

    answers = at_once(log, asked)

    assert [type(one) for one in answers] == [
        Receipt,
        VersionConflict,
        KeyReused,
        UnstorableEvent,
        UnknownEvent,
        ValueError,
        Receipt,
        Receipt,
    ]
    assert answers[6].repeated
    assert {one.stream for one in log.read()} == {"old", "good-1", "good-7"}
    assert [one.entry.position for one in log.read()] == [1, 2, 3]


def test_of_many_decisions_on_one_version_one_is_stored(log: SqlEventLog):
    answers = at_once(log, [command("hot", 0) for _ in range(16)])

    assert sorted(type(one).__name__ for one in answers) == ["Receipt"] + ["VersionConflict"] * 15
    assert len(log.load("hot")) == 1


def test_the_same_key_in_one_group_is_answered_alike(log: SqlEventLog):
    asked = [command("hot", 0, key="k", request="r") for _ in range(8)]
    answers = at_once(log, [*asked, command("hot", 0, key="k", request="other")])

    refused = [one for one in answers if isinstance(one, KeyReused)]
    given = [one for one in answers if isinstance(one, Receipt)]
    assert len(refused) in (1, 8)  # whoever came first has the key
    assert len(refused) + len(given) == 9
    assert sum(not one.repeated for one in given) == 1
    assert len({one.entries for one in given}) == 1
    assert log.position() == 1


def test_threads_that_go_on_after_a_conflict_lose_nothing(log: SqlEventLog):
    def add_ten(_: int) -> None:
        done = 0
        while done < 10:
            try:
                log.append(command("hot", len(log.load("hot"))))
            except VersionConflict:
                continue
            done += 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_ten, range(8)))

    assert [entry.version for entry in log.load("hot")] == list(range(1, 81))


def test_a_database_that_hung_up_is_asked_again(postgresql_url: str):
    with open_log(postgresql_url) as log, open_log(postgresql_url) as other:
        log.append(command("a", 0))
        with other.database.writing() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert log.append(command("b", 0)).position == 2
        assert [one.stream for one in log.read()] == ["a", "b"]


def test_groups_are_handed_on_and_nobody_is_forgotten():
    groups: list[int] = []
    numbers: list[int] = []

    def write(work: Sequence[int]) -> None:
        groups.append(len(work))
        numbers.extend(work)

    together: GroupCommit[int] = GroupCommit(write, most=5)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(together.submit, range(400)))

    assert sorted(numbers) == list(range(400))
    assert max(groups) <= 5
    together.submit(400)
    assert numbers[-1] == 400


def test_whoever_comes_while_a_group_is_gathered_fails_nobody():
    """Threads are switched as often as can be, between any two steps of theirs."""
    numbers: list[int] = []
    together: GroupCommit[int] = GroupCommit(numbers.extend, most=5)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(together.submit, range(4000)))
    finally:
        sys.setswitchinterval(usual)
    assert sorted(numbers) == list(range(4000))


def test_a_leader_that_is_interrupted_hands_on():
    def write(work: Sequence[str]) -> None:
        if "interrupt" in work:
            raise KeyboardInterrupt

    together: GroupCommit[str] = GroupCommit(write, most=5)
    with pytest.raises(KeyboardInterrupt):
        together.submit("interrupt")
    together.submit("fine")
    assert not together._queue


def interrupt_at(step: int, act: Callable[[], None]) -> bool:
    """Do something, interrupted at the so-manieth line of group_commit.py; False: there is none."""
    left = step

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal left
        if frame.f_code.co_filename != group_commit.__file__:
            return None
        line = linecache.getline(group_commit.__file__, frame.f_lineno).strip()
        if event == "line" and not line.startswith("with "):  # Python lets nothing in as one ends
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def interrupt_a_leader(step: int) -> bool:
    """Interrupt one that leads while others wait; whether it had so many lines."""
    waiting: list[threading.Thread] = []

    def ask(work: str) -> None:
        waiting.append(threading.Thread(target=together.submit, args=(work,), daemon=True))
        waiting[-1].start()

    def write(work: Sequence[str]) -> None:
        if work == ["first"]:
            for _ in range(3):
                ask("other")
            while len(together._queue) < 4:
                threading.Event().wait(0.001)

    together: GroupCommit[str] = GroupCommit(write, most=3)
    interrupted = interrupt_at(step, lambda: together.submit("first"))
    ask("last")
    for thread in waiting:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in waiting), f"interrupted at step {step}"
    assert not together._queue
    return interrupted


def test_nobody_waits_for_ever_wherever_a_leader_is_interrupted():
    step = 1
    while interrupt_a_leader(step):
        step += 1
    assert step > 20


def test_one_that_is_interrupted_while_it_waits_goes_out_of_the_queue():
    said: list[str] = []
    begun, done = threading.Event(), threading.Event()

    def write(work: Sequence[str]) -> None:
        said.extend(work)
        begun.set()
        done.wait(SECONDS)

    together: GroupCommit[str] = GroupCommit(write, most=5)
    leader = threading.Thread(target=together.submit, args=("leader",))
    leader.start()
    begun.wait(SECONDS)
    me = threading.main_thread().ident

    def interrupt_what_waits() -> None:
        while leader.is_alive() and len(together._queue) < 2:
            threading.Event().wait(0.001)
        threading.Event().wait(0.1)
        if leader.is_alive():
            signal.pthread_kill(me, signal.SIGINT)

    # Where the tests run in the background, a shell has interrupts ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupting = threading.Thread(target=interrupt_what_waits)
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        together.submit("never")
    signal.signal(signal.SIGINT, before)
    interrupting.join()
    assert len(together._queue) == 1
    done.set()
    leader.join(SECONDS)
    together.submit("later")

    assert said == ["leader", "later"]


def interrupt_in_the_midst(connection: psycopg.Connection, asked: bytes) -> None:
    connection.pgconn.send_query(asked)
    raise KeyboardInterrupt


def test_an_interrupted_copy_does_not_spoil_the_connection(postgresql_url: str):
    with open_log(postgresql_url) as log:
        with pytest.raises(KeyboardInterrupt), log._writer.appending() as (cursor, _, _):
            interrupt_in_the_midst(cursor.connection, b"COPY events FROM STDIN")
        with pytest.raises(KeyboardInterrupt), log.database.connection() as connection:
            interrupt_in_the_midst(connection, b"SELECT pg_sleep(60)")
        assert log.append(command("a", 0)).position == 1
        assert [one.stream for one in log.read()] == ["a"]


def test_who_stops_the_process_is_heard_while_many_rows_go_into_sqlite():
    """However many they are: SQLite takes a few thousand at a time."""
    rows, heard = [(n, "x" * 40) for n in range(200_000)], []
    before = signal.signal(signal.SIGPROF, lambda *_: heard.append(process_time()))
    try:
        with open_log("sqlite://") as log, log._writer.appending() as (cursor, _, _):
            cursor.execute("CREATE TEMP TABLE many (number, text)")
            signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
            begun = process_time()
            log._writer._insert_many(cursor, "INSERT INTO many VALUES (?, ?)", rows)
            ended = process_time()
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    within = [begun, *(at for at in heard if begun < at < ended), ended]
    assert max(later - one for one, later in pairwise(within)) < (ended - begun) / 2


def test_what_was_written_is_let_go_of_without_being_collected() -> None:
    class Work:
        pass

    group, work = GroupCommit[Work](lambda _: None, most=10), Work()
    there = weakref.ref(work)
    gc.disable()
    try:
        group.submit(work)
        del work
        assert there() is None
    finally:
        gc.enable()
