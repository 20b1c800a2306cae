"""Jobs: done one after the other, broken off, limited, and told alike by every process."""

import errno
import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, current_thread
from time import monotonic, sleep

import pytest

from application.jobs import (
    DIED,
    FAULT,
    GOING,
    CannotDo,
    Job,
    Owner,
    State,
    TooManyJobs,
    file_in,
)
from infrastructure.jobs import FolderJobs, Limits
from infrastructure.logging import set_up

OWN = Owner("eva", "university", "evaluator")
OTHER = Owner("eve", "university", "evaluator")
SECONDS = 60.0


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.instant = datetime(2025, 3, 3, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant


class Slow:
    """Work that lasts until it is let go, and says how far it is meanwhile."""

    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()

    def __call__(self, doing) -> Path:
        self.begun.set()
        number = 0
        while not self.may_end.is_set():
            number += 1
            doing.progress(number, 1_000_000)
            sleep(0.01)
        return quick(doing)


def quick(doing) -> Path:
    (doing.folder / "aside").write_text("not kept")
    out = doing.folder / "made.txt"
    out.write_text("made")
    return out


def soon(jobs: FolderJobs, job: Job, is_so) -> Job:
    """Return the job as soon as it is as wanted."""
    until = monotonic() + SECONDS
    while monotonic() < until:
        found = jobs.look(job.id)
        if found is not None and is_so(found):
            return found
        sleep(0.01)
    raise AssertionError(jobs.look(job.id))


def ended(jobs: FolderJobs, job: Job) -> Job:
    return soon(jobs, job, lambda found: found.state not in GOING)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def jobs(tmp_path, watch):
    with FolderJobs(tmp_path / "jobs", watch) as opened:
        yield opened


@pytest.fixture
def slow():
    work = Slow()
    yield work
    work.may_end.set()


def test_what_came_of_a_job_can_be_read_and_nothing_else_is_kept(jobs, tmp_path, watch):
    done = ended(jobs, jobs.begin("report", OWN, quick))
    assert (done.state, done.owner, done.ended_at) == (State.DONE, OWN, watch.instant)
    with jobs.result(done) as file:
        assert file.read() == b"made"
    assert {path.name for path in (tmp_path / "jobs" / done.id).iterdir()} == {
        "state.json",
        "made.txt",
    }


def test_the_end_is_told_though_a_file_is_gone_before_it_is_cleared(jobs, monkeypatch):
    found = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda of: iter([*found(of), of / "gone"]))
    assert ended(jobs, jobs.begin("report", OWN, quick)).state is State.DONE


def test_jobs_wait_for_each_other_and_tell_how_far_they_are(jobs, slow):
    first = jobs.begin("report", OWN, slow)
    second = jobs.begin("report", OWN, quick)
    running = soon(jobs, first, lambda found: found.done > 0)
    assert (running.state, running.all) == (State.RUNNING, 1_000_000)
    assert jobs.look(second.id).state is State.WAITING
    slow.may_end.set()
    assert ended(jobs, second).state is State.DONE
    assert jobs.look(first.id).state is State.DONE


def test_what_runs_and_what_waits_can_be_cancelled_and_again(jobs, slow, tmp_path):
    running, waiting = (jobs.begin("report", OWN, work) for work in (slow, quick))
    assert slow.begun.wait(SECONDS)
    for job in (running, waiting, running):
        jobs.cancel(job.id)
        assert jobs.look(job.id).state is State.CANCELLED
    # The thread is free again, although the work was never let go.
    assert ended(jobs, jobs.begin("report", OWN, quick)).state is State.DONE
    assert not (tmp_path / "jobs" / waiting.id / "made.txt").exists()


def test_what_is_done_is_removed_where_it_is_cancelled(jobs):
    done = ended(jobs, jobs.begin("report", OWN, quick))
    jobs.cancel(done.id)
    assert (jobs.look(done.id).state, jobs.look(done.id).file) == (State.CANCELLED, "")
    assert jobs.result(done) is None
    jobs.cancel("none")
    assert jobs.look("none") is None


def test_what_cannot_be_done_says_why_and_a_fault_tells_nothing_of_the_inside(jobs):
    def cannot(_doing):
        raise CannotDo("there is no such indicator", {"fi": "sellaista indikaattoria ei ole"})

    def fault(_doing):
        raise ZeroDivisionError("the secret of Aino")

    said = [ended(jobs, jobs.begin("report", OWN, work)) for work in (cannot, fault)]
    assert [one.state for one in said] == [State.FAILED] * 2
    assert [one.failure for one in said] == ["there is no such indicator", FAULT]
    assert [one.failures for one in said] == [{"fi": "sellaista indikaattoria ei ole"}, {}]


def test_so_many_may_wait_of_one_person_and_in_all(tmp_path, watch, slow):
    with FolderJobs(tmp_path, watch, Limits(waiting=3, own=2)) as jobs:
        for work in (slow, quick):
            jobs.begin("report", OWN, work)
        with pytest.raises(TooManyJobs) as own:
            jobs.begin("report", OWN, quick)
        last = jobs.begin("report", OTHER, quick)
        with pytest.raises(TooManyJobs) as other:
            jobs.begin("report", OTHER, quick)
        slow.may_end.set()
        ended(jobs, last)
        assert jobs.begin("report", OWN, quick)
    assert [(error.value.most, error.value.own) for error in (own, other)] == [
        (2, True),
        (3, False),
    ]


def test_another_process_tells_the_same_and_can_cancel(tmp_path, watch, slow):
    with FolderJobs(tmp_path, watch) as jobs, FolderJobs(tmp_path, watch) as others:
        running = jobs.begin("report", OWN, slow)
        assert soon(others, running, lambda found: found.done > 0).state is State.RUNNING
        others.cancel(running.id)
        assert jobs.look(running.id).state is State.CANCELLED
        assert ended(jobs, jobs.begin("report", OWN, quick)).state is State.DONE


KILLED = """
import os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from application.jobs import Owner
from infrastructure.jobs import FolderJobs

def work(doing):
    doing.progress(7, 9)
    (doing.folder / "archive").mkdir()
    (doing.folder / "archive" / "events.parquet").write_text("half of it")
    (doing.folder / "made.txt").write_text("half of it")
    print(doing.folder.name, flush=True)
    time.sleep(60)

with FolderJobs(Path(sys.argv[1]), lambda: datetime.now(UTC)) as jobs:
    jobs.begin("report", Owner("eva", "university", "evaluator"), work)
    time.sleep(60)
"""


@contextmanager
def working_at_a_job(folder):
    """Give a process that works at a job until it is killed, and the job's id."""
    command = [sys.executable, "-c", KILLED, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()


def test_a_job_whose_process_was_killed_has_failed(tmp_path):
    with (
        working_at_a_job(tmp_path) as (process, job),
        FolderJobs(tmp_path, lambda: datetime.now(UTC)) as jobs,
    ):
        assert jobs.look(job).state is State.RUNNING
        process.kill()
        process.wait()
        found = jobs.look(job)
        assert (found.state, found.failure) == (State.FAILED, DIED)
        assert ended(jobs, jobs.begin("report", OWN, quick)).state is State.DONE


@pytest.mark.parametrize("cancelled", [False, True])
def test_what_a_killed_process_was_working_with_is_removed(tmp_path, *, cancelled):
    """It may be gigabytes, and stayed for a day each time."""
    with (
        working_at_a_job(tmp_path) as (process, job),
        FolderJobs(tmp_path, lambda: datetime.now(UTC)) as jobs,
    ):
        assert (tmp_path / job / "made.txt").exists(), "its process lives"
        if cancelled:
            jobs.cancel(job)
        process.kill()
        process.wait()
        before = jobs.look(job)
    with FolderJobs(tmp_path, lambda: datetime.now(UTC)) as jobs:
        marks = {"state.json", "cancelled"} if cancelled else {"state.json"}
        assert {path.name for path in (tmp_path / job).iterdir()} == marks
        assert jobs.look(job) == before
        assert before.state is (State.CANCELLED if cancelled else State.FAILED)


def test_a_process_that_begins_is_not_taken_for_one_that_has_died(
    jobs, tmp_path, watch, monkeypatch
):
    lock = fcntl.flock

    def after_another_looked(descriptor, how):
        monkeypatch.undo()
        jobs.sweep()
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", after_another_looked)
    with FolderJobs(tmp_path / "jobs", watch) as begun:
        assert ended(begun, begun.begin("report", OWN, quick)).state is State.DONE


def test_a_job_is_broken_off_where_the_process_stops(tmp_path, watch):
    work = Slow()
    with FolderJobs(tmp_path, watch) as jobs:
        running, waiting = (jobs.begin("report", OWN, one) for one in (work, quick))
        assert work.begun.wait(SECONDS)
    with FolderJobs(tmp_path, watch) as again:
        for job in (running, waiting):
            found = again.look(job.id)
            assert (found.state, found.failure) == (State.FAILED, DIED)


def test_jobs_are_kept_for_a_day_and_removed_when_a_process_starts(tmp_path, watch):
    with FolderJobs(tmp_path, watch) as jobs:
        done = ended(jobs, jobs.begin("report", OWN, quick))
        watch.instant += timedelta(hours=24)
        assert jobs.look(done.id) == done
        watch.instant += timedelta(seconds=1)
        assert jobs.look(done.id) is None
        assert (tmp_path / done.id).is_dir()
    with FolderJobs(tmp_path, watch):
        assert [path.name[:8] for path in tmp_path.iterdir()] == [".process"]


def test_jobs_that_were_kept_long_enough_are_removed_while_others_come_on_and_on(
    tmp_path, watch, monkeypatch
):
    monkeypatch.setattr("infrastructure.jobs.LOOK_SECONDS", 0.1)
    until = monotonic() + SECONDS

    def and_another(doing) -> Path:
        sleep(0.02)
        if (tmp_path / old.id).exists() and monotonic() < until:
            jobs.begin("report", OWN, and_another)
        return quick(doing)

    with FolderJobs(tmp_path, watch) as jobs:
        old = ended(jobs, jobs.begin("report", OWN, quick))
        watch.instant += timedelta(hours=25)
        jobs.begin("report", OWN, and_another)
        while (tmp_path / old.id).exists() and monotonic() < until:
            sleep(0.02)
        assert monotonic() < until


def test_jobs_are_worked_at_though_it_could_not_be_looked_for_old_ones(
    tmp_path, watch, monkeypatch
):
    monkeypatch.setattr("infrastructure.jobs.LOOK_SECONDS", 0.05)
    found, failed = Path.iterdir, Event()

    def iterdir(of):
        if of == tmp_path and current_thread().name == "polku-jobs" and not failed.is_set():
            failed.set()
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return found(of)

    with FolderJobs(tmp_path, watch) as jobs:
        monkeypatch.setattr(Path, "iterdir", iterdir)
        assert failed.wait(SECONDS)
        assert ended(jobs, jobs.begin("report", OWN, quick)).state is State.DONE


def test_jobs_are_worked_at_though_messages_cannot_be_written(tmp_path, watch, monkeypatch):
    """The messages of a service may go to a file on the disk that is full."""

    def fault(_doing):
        raise ZeroDivisionError

    set_up("warning", "json")
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - closing it fails, too
    with FolderJobs(tmp_path, watch) as jobs:
        monkeypatch.setattr(sys, "stderr", full)
        assert ended(jobs, jobs.begin("report", OWN, fault)).failure == FAULT
        assert ended(jobs, jobs.begin("report", OWN, quick)).state is State.DONE
        monkeypatch.undo()
    with suppress(OSError):
        full.close()


def left_at(path: Path, at: datetime) -> Path:
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_what_was_left_by_who_was_killed_at_the_beginning_is_removed_as_late(tmp_path, watch):
    """A job without its state, one of another program's, and a lock that had not its name yet."""
    untold, unread = tmp_path / ("0" * 32), tmp_path / ("1" * 32)
    for folder, state in ((untold, ".state.json"), (unread, "state.json")):
        folder.mkdir()
        (folder / state).write_text('{"job":')
    lock = tmp_path / ".new.process-of-the-dead"
    lock.touch()
    left = [left_at(path, watch.instant) for path in (untold, unread, lock)]
    with FolderJobs(tmp_path, watch) as jobs:
        assert jobs.look(untold.name) is None
        watch.instant += timedelta(hours=24)
        jobs.sweep()
        assert all(path.exists() for path in left)
        watch.instant += timedelta(seconds=1)
        jobs.sweep()
        assert [path.name[:8] for path in tmp_path.iterdir()] == [".process"]


def test_what_came_of_a_job_is_read_in_a_language_where_there_is_such(jobs, tmp_path):
    def in_two(doing) -> Path:
        out = quick(doing)
        (doing.folder / file_in("fi", out.name)).write_text("tehty")
        (doing.folder / file_in("sv", out.name)).write_text("in a language that nobody asks for")
        return out

    done = ended(jobs, jobs.begin("report", OWN, in_two))
    read = {}
    for language in ("", "en", "fi", "it"):
        with jobs.result(done, language) as file:
            read[language] = file.read()
    assert read == {"": b"made", "en": b"made", "fi": b"tehty", "it": b"made"}

    folder = tmp_path / "jobs" / done.id
    assert {path.name for path in folder.iterdir()} == {"state.json", "made.txt", "made.txt.fi"}
    jobs.cancel(done.id)
    assert jobs.result(done, "fi") is None
    assert {path.name for path in folder.iterdir()} == {"state.json", "cancelled"}
