"""Readings: noted at once, recorded each once, whatever happens to the process."""

import random
import shutil
import sqlite3
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import TimeoutError as NoConnection
from structlog.testing import capture_logs

from application.accesses import Wanted, readings, readings_stream
from application.ports import NotNoted
from domain.access import Answered, Subject
from infrastructure.access_spool import MOST_SPOOLS, AccessSpool, Recording
from infrastructure.event_log import open_log
from infrastructure.event_names import UnreadableEvent
from infrastructure.spool import SUFFIX, Spool
from tests.begun import Begun
from tests.infrastructure.full_disk import disk_with

NEVER = 3600.0
DAY = date(2025, 6, 2)


def answer(number: int, **more) -> Answered:
    at = more.pop("at", datetime(2025, 6, 2, 9, tzinfo=UTC))
    what = more.pop("what", "page")
    read = more.pop("read", (Subject("c-1", "j-1"),))
    return Answered("p", "case-worker", "o", "service", what, at, str(number), read)


def noted(log) -> list[str]:
    return [one.correlation for one in readings(log)]


def spools(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


class Still(AccessSpool):
    """A book whose thread does nothing by itself: the test says when."""

    def _run(self) -> None:
        self._stopping.wait()


@contextmanager
def book_of(log, folder, **more):
    with Still(log, folder, **{"look_for_dead": NEVER, **more}) as book:
        yield book


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "readings"


def test_what_is_noted_is_recorded_as_it_was_and_in_order(log, folder):
    nobody, two = (Subject(None, None),), (Subject("c", "j"), Subject("ö\u2028", None))
    told = [answer(0), Answered("p", "r", "o", "u", "search", log.now(), None, nobody)]
    told.append(Answered("Ä\n\r\x00", "r", "o", "u", "ö\u2028", log.now(), "x" * 5000, two))
    said = [reading for one in told for reading in one.readings()]
    with book_of(log, folder) as book:
        for one in told:
            book.note(one)
        assert list(readings(log)) == []
        book.flush()
        assert list(readings(log)) == said
        book.flush()
    assert list(readings(log)) == said
    assert spools(folder) == []


def test_readings_are_recorded_by_themselves_within_moments(memory_log, folder):
    with AccessSpool(memory_log, folder, every=0.01) as book:
        book.note(answer(1))
        deadline = time.monotonic() + 60
        while not noted(memory_log) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert noted(memory_log) == ["1"]


def test_many_readings_stand_in_few_entries(memory_log, folder):
    with book_of(memory_log, folder, largest=2**20) as book:
        for n in range(1200):
            book.note(answer(n))
    assert noted(memory_log) == [str(n) for n in range(1200)]
    assert memory_log.position() == 3
    (entry, *_) = memory_log.load(memory_log.streams("readings:")[0])
    assert (entry.by.person, entry.occurred_on) == ("polku", DAY)


def test_many_threads_note_at_once(memory_log, folder):
    with AccessSpool(memory_log, folder, every=0.005, largest=5000) as book:

        def note(thread):
            for n in range(200):
                book.note(answer(thread * 1000 + n))

        threads = [threading.Thread(target=note, args=(t,)) for t in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(map(int, noted(memory_log))) == [
        t * 1000 + n for t in range(8) for n in range(200)
    ]


def test_a_full_spool_is_recorded_at_once_and_the_one_that_is_filled_when_it_is_due(
    memory_log, folder
):
    with AccessSpool(memory_log, folder, every=NEVER, largest=500) as book:
        written = 0
        while len(spools(folder)) < 2 and not memory_log.position():
            book.note(answer(written))
            written += 1
        book.note(answer(written))
        until = time.monotonic() + 30
        while len(spools(folder)) > 1 and time.monotonic() < until:
            time.sleep(0.01)
        assert noted(memory_log) == [str(n) for n in range(written)]
        assert memory_log.position() == 1
        book.flush()
        assert noted(memory_log) == [str(n) for n in range(written + 1)]


def test_another_spool_is_begun_when_one_is_large_and_each_day(sqlite_url, folder):
    now = [datetime(2025, 6, 2, 23, tzinfo=UTC)]
    with open_log(sqlite_url, clock=lambda: now[0]) as log:
        with book_of(log, folder, largest=500) as book:
            for n in range(6):
                book.note(answer(n, at=log.now()))
            assert len(spools(folder)) > 1
            book.flush()
            assert len(spools(folder)) == 1
            now[0] += timedelta(hours=2)
            book.note(answer(6, at=log.now()))
            book.flush()
            book.note(answer(7, at=log.now()))
        days = [stream[9:19] for stream in log.streams("readings:")]
        assert days == ["2025-06-02"] * 3 + ["2025-06-03"]
        assert sorted(noted(log)) == [str(n) for n in range(8)]
        assert [r.correlation for r in readings(log, Wanted(since=date(2025, 6, 3)))] == ["6", "7"]


def test_a_spool_that_is_large_is_followed_by_another_before_it_is_recorded(memory_log, folder):
    """What finds a client's readings makes its rows anew whenever some of a spool are recorded."""
    with book_of(memory_log, folder, largest=500) as book:
        for n in range(20):
            book.note(answer(n))
        sizes = [path.stat().st_size for path in spools(folder)]
        assert len(sizes) > 3
        assert max(sizes) < 1000
    assert sorted(map(int, noted(memory_log))) == [*range(20)]
    assert spools(folder) == []


def test_what_is_noted_while_a_spool_is_recorded_does_not_go_with_it(
    memory_log, folder, monkeypatch
):
    """The note that fills a spool comes when all before it was recorded."""
    record = Recording.record
    late = iter([answer(n) for n in range(1, 10)])

    def record_and_note(recording):
        record(recording)
        for one in late:
            book.note(one)

    monkeypatch.setattr(Recording, "record", record_and_note)
    with book_of(memory_log, folder, largest=500) as book:
        book.note(answer(0))
        book.flush()
        book.flush()
    assert sorted(map(int, noted(memory_log))) == [*range(10)]


def test_where_no_other_spool_can_be_begun_the_one_there_is_goes_on(
    memory_log, folder, monkeypatch
):
    with book_of(memory_log, folder, largest=500) as book:

        def make(*_):
            raise OSError("the disk has no room for another file")

        monkeypatch.setattr(Spool, "make", make)
        for n in range(20):
            book.note(answer(n))
        assert len(spools(folder)) == 1
        monkeypatch.undo()
        book.note(answer(20))
        assert len(spools(folder)) == 2
    assert sorted(map(int, noted(memory_log))) == [*range(21)]


def test_a_spool_is_not_let_go_of_while_it_is_begun(memory_log, folder):
    """What gathered is recorded at that very moment: nothing is in the fresh spool yet."""
    with book_of(memory_log, folder, largest=500) as book:

        class Slow(list):
            def append(self, recording):
                super().append(recording)
                recorder = threading.Thread(target=book.flush)
                recorder.start()
                recorder.join(0.5)  # it waits for the note at last
                recorders.append(recorder)

        recorders: list[threading.Thread] = []
        book._recordings = Slow(book._recordings)
        for n in range(20):
            book.note(answer(n))
        for recorder in recorders:
            recorder.join()
    assert recorders
    assert sorted(map(int, noted(memory_log))) == [*range(20)]


def test_while_nothing_can_be_recorded_few_spools_are_open(memory_log, folder):
    """A server that has no descriptor left takes no connection."""
    with book_of(memory_log, folder, largest=500) as book:
        for n in range(1000):
            book.note(answer(n))
        assert len(spools(folder)) == MOST_SPOOLS
        book.flush()
        assert len(spools(folder)) == 1
        for n in range(1000, 1005):
            book.note(answer(n))
        assert len(spools(folder)) > 1
    assert sorted(map(int, noted(memory_log))) == [*range(1005)]


def test_after_the_end_nothing_is_noted(memory_log, folder):
    with book_of(memory_log, folder) as book:
        book.note(answer(1))
    with pytest.raises(NotNoted, match="closed"):
        book.note(answer(2))
    book.close()
    assert noted(memory_log) == ["1"]


def test_only_this_user_may_read_the_spools(memory_log, folder):
    with book_of(memory_log, folder) as book:
        book.note(answer(1))
        (spool,) = spools(folder)
        assert spool.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


def left_behind(folder: Path, *lines: bytes) -> Path:
    """The spool of a process that has died."""
    folder.mkdir(exist_ok=True)
    path = folder / f"2025-06-02-{len(spools(folder)):032x}{SUFFIX}"
    path.write_bytes(b"".join(lines))
    return path


def line(number: int) -> bytes:
    at = "2025-06-02T09:00:00Z"
    said = '"person":"p","role":"r","organisation":"o","purpose":"u","what":"x"'
    read = '"read":[{"client":"c","journey":"j"}]'
    return f'{{{said},"at":"{at}","correlation":"{number}",{read}}}\n'.encode()


def test_the_spools_of_the_dead_are_recorded_at_the_start(log, folder):
    left_behind(folder, line(1), line(2))
    left_behind(folder, line(3))
    left_behind(folder)
    with book_of(log, folder) as book:
        book.flush()
        assert noted(log) == ["1", "2", "3"]
        assert len(spools(folder)) == 1


def test_a_line_that_was_not_written_whole_does_not_count(memory_log, folder):
    left_behind(folder, line(1), line(2)[:-1], b"\n", line(3)[:40])
    left_behind(folder, line(4)[:50], b"\n", b"\n", line(5), b"\x00" * 9000, b"\n", line(6))
    left_behind(folder, line(7), b"\xff" * 600_000)
    with book_of(memory_log, folder):
        pass
    assert noted(memory_log) == ["1", "2", "5", "6", "7"]
    assert spools(folder) == []


@pytest.mark.parametrize("killed", [False, True])
def test_an_answer_of_thousands_of_clients_is_recorded_with_the_others(memory_log, folder, killed):
    many = tuple(Subject(f"client-{n:036}", f"journey-{n:036}") for n in range(10_000))
    told = [answer(1), answer(2, read=many), answer(3), answer(4, read=many[:4000])]
    if killed:
        left_behind(folder, *(msgspec.json.encode(one) + b"\n" for one in told))
    with book_of(memory_log, folder) as book:
        for one in () if killed else told:
            book.note(one)
    assert [*readings(memory_log)] == [reading for one in told for reading in one.readings()]


@pytest.mark.parametrize("recorded", [0, 1, 499, 500, 501, 700])
def test_what_was_recorded_before_the_end_is_not_recorded_again(memory_log, folder, recorded):
    path = left_behind(folder, *map(line, range(recorded)))
    before = Spool.adopt(path)
    Recording(memory_log, before).record()
    before.close()
    with path.open("ab") as more:
        more.write(b"".join(map(line, range(recorded, 700))))
    with book_of(memory_log, folder):
        pass
    assert noted(memory_log) == [str(n) for n in range(700)]


def test_the_spool_of_a_living_process_is_left_alone(memory_log, folder):
    with book_of(memory_log, folder) as one, book_of(memory_log, folder) as other:
        one.note(answer(1))
        other.note(answer(2))
        other.flush()
        assert noted(memory_log) == ["2"]
        assert Spool.adopt(spools(folder)[0]) is None
    assert sorted(noted(memory_log)) == ["1", "2"]


def test_a_process_that_dies_later_is_found_out(memory_log, folder):
    with AccessSpool(memory_log, folder, every=0.01, look_for_dead=0.0):
        left_behind(folder, line(1))
        deadline = time.monotonic() + 60
        while noted(memory_log) != ["1"] and time.monotonic() < deadline:
            time.sleep(0.01)
    assert noted(memory_log) == ["1"]


@pytest.mark.parametrize("room", [0, 1, 50, 1000])
def test_on_a_full_disk_nothing_is_answered_that_is_not_noted(memory_log, folder, room):
    answered = []
    with book_of(memory_log, folder) as book:
        book.note(answer(0))
        (spool,) = spools(folder)
        with disk_with(spool.stat().st_size + room):
            for n in range(1, 19):
                with suppress(NotNoted):
                    book.note(answer(n))
                    answered.append(str(n))
            with pytest.raises(NotNoted, match="POLKU_ACCESS_FOLDER"):
                book.note(answer(19, what="x" * 1000))
        book.note(answer(20))
    assert noted(memory_log) == ["0", *answered, "20"]


def test_a_book_that_cannot_begin_says_so(memory_log, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        AccessSpool(memory_log, tmp_path / "file" / "readings")


def test_a_spool_that_was_deleted_is_recorded_and_another_begun(memory_log, folder):
    with book_of(memory_log, folder) as book:
        book.note(answer(1))
        shutil.rmtree(folder)
        book.note(answer(2))
        book.flush()
        book.note(answer(3))
        book.flush()
        assert len(spools(folder)) == 1
    assert noted(memory_log) == ["1", "2", "3"]


def test_while_the_database_is_away_notes_stay_and_are_recorded_later(sqlite_url, folder):
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    away = file.with_suffix(".away")
    with open_log(sqlite_url) as log, book_of(log, folder) as book:
        book.note(answer(1))
        book.flush()
        book.note(answer(2))
        file.rename(away)
        with pytest.raises(Exception, match="deleted, moved or replaced"):
            book.flush()
        book.note(answer(3))
        away.rename(file)
        book.flush()
        assert noted(log) == ["1", "2", "3"]


class Breaking:
    """A log whose connection breaks once after the database has committed."""

    def __init__(self, log, after: int) -> None:
        self._log, self._left = log, after

    def __getattr__(self, name):
        return getattr(self._log, name)

    def append(self, append):
        receipt = self._log.append(append)
        self._left -= 1
        if self._left == 0:
            raise ConnectionResetError
        return receipt


@pytest.mark.parametrize("after", [1, 2, 3])
def test_what_was_committed_before_the_connection_broke_is_not_recorded_again(log, folder, after):
    with book_of(Breaking(log, after), folder) as book:
        for n in range(1200):
            book.note(answer(n))
        with pytest.raises(ConnectionResetError):
            book.flush()
        book.note(answer(1200))
        book.flush()
        assert noted(log) == [str(n) for n in range(1201)]


class Refusing:
    """A log that cannot read one stream any more."""

    def __init__(self, log, stream: str) -> None:
        self._log, self._stream = log, stream

    def __getattr__(self, name):
        return getattr(self._log, name)

    def load(self, stream):
        if stream == self._stream:
            raise UnreadableEvent("the row was altered")
        return self._log.load(stream)


def test_a_spool_that_cannot_be_recorded_holds_up_no_other(log, folder):
    bad, good = left_behind(folder, line(1)), left_behind(folder, line(2))
    refusing = Refusing(log, readings_stream(bad.name.removesuffix(SUFFIX)))
    with capture_logs() as said, book_of(refusing, folder) as book:
        book.note(answer(3))
        with pytest.raises(UnreadableEvent):
            book.flush()
        assert noted(log) == ["2", "3"]
        assert not good.exists()
    assert spools(folder) == [bad]
    ((told, spool, failure),) = [(one["event"], one["spool"], one["failure"]) for one in said]
    assert (told, spool) == ("readings-not-recorded", bad.name.removesuffix(SUFFIX))
    assert isinstance(failure, UnreadableEvent)
    with book_of(log, folder):
        pass
    assert sorted(noted(log)) == ["1", "2", "3"]


def test_a_spool_that_cannot_be_recorded_is_not_tried_again_with_each_full_one(memory_log, folder):
    bad = left_behind(folder, line(1))
    refusing = Refusing(memory_log, readings_stream(bad.name.removesuffix(SUFFIX)))
    with capture_logs() as said, AccessSpool(refusing, folder, every=NEVER, largest=500) as book:
        until = time.monotonic() + 30
        for number in range(2, 60):
            book.note(answer(number))
            while len(spools(folder)) > 2 and time.monotonic() < until:
                time.sleep(0.001)
        assert memory_log.position() > 10
        assert said == []
    assert [one["event"] for one in said] == ["readings-not-recorded"]
    assert sorted(map(int, noted(memory_log))) == [*range(2, 60)]


@pytest.mark.parametrize(
    "away",
    [
        sqlite3.OperationalError("database is locked"),
        NoConnection("all connections are lent"),
    ],
    ids=["locked", "lent"],
)
def test_where_the_database_serves_nobody_one_spool_waits_for_it_and_no_other(
    memory_log, folder, away
):
    """A lock or a connection is waited for half a minute: sixteen would wait for eight."""
    asked = []

    class Locked:
        def __getattr__(self, name):
            return getattr(memory_log, name)

        def load(self, stream):
            asked.append(stream)
            raise away

    for number in range(3):
        left_behind(folder, line(number))
    with book_of(Locked(), folder) as book, pytest.raises(type(away)):
        book.flush()
    assert len(asked) == 2  # once by hand, and once at the end


def test_what_cannot_be_recorded_at_the_end_is_recorded_at_the_next_start(sqlite_url, folder):
    with open_log(sqlite_url) as log:
        book = Still(log, folder)
        book.note(answer(1))
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        away = file.rename(file.with_suffix(".away"))
        book.close()
        assert len(spools(folder)) == 1
        away.rename(file)
        with book_of(log, folder):
            pass
        assert noted(log) == ["1"]


def start(url: str, folder: Path, process: str, notes: int = 100_000) -> Begun:
    module = "tests.infrastructure.noting_process"
    return Begun(module, url, str(folder), process, "3", str(notes))


def read_until_killed(process: Begun, seconds: float) -> list[list[str]]:
    """Kill the process so many seconds after it has said much; return what it said."""
    assert process.stdout.readline() == b"ready\n"
    first = b"".join(process.stdout.readline() for _ in range(40))
    killer = threading.Timer(seconds, process.kill)
    killer.start()
    said = (first + process.stdout.read()).decode()
    killer.join()
    process.stdout.close()
    process.wait()
    return [one.split() for one in said[: said.rfind("\n") + 1].splitlines()]


def test_nothing_answered_is_lost_or_recorded_twice_when_processes_are_killed(database_url, folder):
    chance, said = random.Random(7), []  # noqa: S311 - a test's chance
    for round_ in range(2):
        pair = [start(database_url, folder, f"{round_}{name}") for name in "ab"]
        listening = [
            threading.Thread(
                target=lambda p=p: said.extend(read_until_killed(p, chance.uniform(0.05, 0.4)))
            )
            for p in pair
        ]
        for thread in listening:
            thread.start()
        for thread in listening:
            thread.join()
    answered = {one for what, one in said if what == "answered"}
    asked = {one for what, one in said if what == "asked"}
    with open_log(database_url) as log:
        with book_of(log, folder):
            pass
        recorded = Counter(noted(log))
    assert len(answered) > 60
    assert answered <= recorded.keys() <= asked
    assert set(recorded.values()) == {1}
    assert [*folder.iterdir()] == []


def test_two_processes_note_side_by_side(sqlite_url, folder):
    pair = [start(sqlite_url, folder, name, notes=200) for name in "ab"]
    for process in pair:
        with process:
            process.stdout.read()
        assert process.wait() == 0
    with open_log(sqlite_url) as log:
        recorded = Counter(noted(log))
    assert recorded == {f"{p}-{t}-{n}": 1 for p in "ab" for t in range(3) for n in range(200)}
    assert [*folder.iterdir()] == []
