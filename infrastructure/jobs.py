"""Jobs in threads of this process, each in a folder that every process of the service can read.

A folder holds `state.json`, written beside its place and put there at once, what came of the job,
and `cancelled` once somebody broke it off. Which process works at a job, its state says; that
process holds a lock for as long as it lives. So a job of a process that has died is told as failed,
and what it was working with is removed by another.
"""

import fcntl
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import BinaryIO, NamedTuple, Self
from uuid import uuid4

import msgspec

from application.jobs import (
    DIED,
    FAULT,
    GOING,
    Cancelled,
    CannotDo,
    Job,
    Owner,
    State,
    TooManyJobs,
    Work,
    file_in,
)
from infrastructure.file_locks import is_held
from infrastructure.logging import messages
from infrastructure.translations import LANGUAGES

KEPT = timedelta(hours=24)
"""How long a job is kept with what came of it, after it was asked for."""

THREADS = 1
"""How many jobs a process works at: they take the processor from those who wait for answers."""

MOST_WAITING, MOST_OWN = 20, 3
"""How many jobs may wait or run, in all processes and of one person."""

LOOK_SECONDS = 300.0
"""How often it is looked for jobs that were kept long enough."""

TELL_SECONDS = 0.2
"""How often a job's progress is written at most."""

STOP_SECONDS = 5.0
"""How long a job may take to notice that the process stops."""

STATE, CANCELLED, LOCK, BEGUN = "state.json", "cancelled", ".process", ".new"


class Kept(msgspec.Struct):
    """A job as its file has it: `process` is the lock of the process that works at it."""

    job: Job
    process: str


_decode = msgspec.json.Decoder(Kept).decode


class Limits(NamedTuple):
    """How many jobs may be unfinished, in all and of one person, and how long they are kept."""

    waiting: int = MOST_WAITING
    own: int = MOST_OWN
    kept: timedelta = KEPT


USUAL = Limits()


@dataclass(slots=True)
class Going:
    """A job that this process works at."""

    folder: Path
    process: str
    stopping: threading.Event
    job: Job
    _told: float = 0.0

    def progress(self, done: int, all_: int) -> None:
        """Note how far it is. Raises Cancelled."""
        if self.stopping.is_set() or (self.folder / CANCELLED).exists():
            raise Cancelled
        self.job = replace(self.job, done=done, all=all_)
        if monotonic() - self._told > TELL_SECONDS:
            self._told = monotonic()
            self.write()

    def write(self) -> None:
        """Write the state, at once or not at all."""
        part = self.folder / f".{STATE}"
        part.write_bytes(msgspec.json.encode(Kept(self.job, self.process)))
        part.replace(self.folder / STATE)


class FolderJobs:
    """The jobs in a folder (`application.jobs.Jobs`); those of this process are worked at."""

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime],
        limits: Limits = USUAL,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """Take where they are, the clock (UTC), and what a new job is called."""
        self._folder, self._now, self._limits, self._new_id = folder, now, limits, new_id
        self._waiting: SimpleQueue[tuple[Going, Work] | None] = SimpleQueue()
        self._stopping, self._begins = threading.Event(), threading.Lock()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Begin to work, and remove what was kept long enough."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._process = f"{LOCK}-{uuid4().hex}"
        begun = self._folder / f"{BEGUN}{self._process}"
        self._lock = os.open(begun, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Under its name it is held from the first: another would take it for one of the dead.
        begun.rename(self._folder / self._process)
        self.sweep()
        for _ in range(THREADS):
            thread = threading.Thread(target=self._work, name="polku-jobs", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        """Break off what is worked at; it is told as failed."""
        self._stopping.set()
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(STOP_SECONDS)
        (self._folder / self._process).unlink(missing_ok=True)
        os.close(self._lock)

    def begin(self, kind: str, owner: Owner, work: Work, programme: str | None = None) -> Job:
        """Have work done as soon as a thread is free. Raises TooManyJobs."""
        with self._begins:
            self._check_limits(owner)
            job = Job(self._new_id(), kind, owner, self._now(), programme=programme)
            folder = self._folder / job.id
            folder.mkdir(mode=0o700)
            going = Going(folder, self._process, self._stopping, job)
            going.write()
        self._waiting.put((going, work))
        return job

    def look(self, job: str) -> Job | None:
        """Return how a job stands; None where there is none, or no more."""
        kept = self._read(self._folder / job)
        if kept is None or self._now() - kept.job.asked_at > self._limits.kept:
            return None
        found = kept.job
        if (self._folder / job / CANCELLED).exists() and found.state is not State.FAILED:
            return replace(found, state=State.CANCELLED, file="")
        if found.state in GOING and self._left_undone(self._folder / job) is not None:
            return replace(found, state=State.FAILED, failure=str(DIED))
        return found

    def cancel(self, job: str) -> None:
        """Break a job off, and remove what came of it; nothing where it is there no more."""
        with suppress(FileNotFoundError):
            (self._folder / job / CANCELLED).touch(mode=0o600)
        # Only now: a job that ends meanwhile either sees the mark, or has told of its file by now.
        kept = self._read(self._folder / job)
        if kept is not None:
            _remove_result(self._folder / job, kept.job)

    def result(self, job: Job, language: str = "") -> BinaryIO | None:
        """Return what came of a job, open, in a language where there is such; None: removed."""
        for file in (file_in(language, job.file), job.file) if language else (job.file,):
            with suppress(FileNotFoundError, IsADirectoryError):
                return (self._folder / job.id / file).open("rb")
        return None

    def sweep(self) -> None:
        """Remove jobs that were kept long enough, and what processes that have died left behind.

        Those are their locks, and files that their jobs were working with: gigabytes perhaps. Who
        is killed while a job or a process begins leaves what tells nothing: it goes as late.
        """
        for path in self._folder.iterdir():
            if path.name.startswith(LOCK):
                if path.name != self._process and not self._lives(path.name):
                    path.unlink(missing_ok=True)
            elif path.name.startswith(BEGUN):
                if self._is_old(_changed(path)):
                    path.unlink(missing_ok=True)
            elif self._is_old(self._asked(path)):
                shutil.rmtree(path, ignore_errors=True)
            elif (left := self._left_undone(path)) is not None:
                self._end_for(left, path)

    def _left_undone(self, folder: Path) -> Kept | None:
        """Return the job of a folder where its process has died before it ended, else None."""
        kept = self._read(folder)
        if kept is None or kept.job.state not in GOING or self._lives(kept.process):
            return None
        kept = self._read(folder)  # it may have ended just before its process did
        return kept if kept is not None and kept.job.state in GOING else None

    def _end_for(self, left: Kept, folder: Path) -> None:
        """End a job in the place of its process, which has died."""
        ended = replace(left.job, state=State.FAILED, failure=str(DIED))
        if (folder / CANCELLED).exists():
            ended = replace(left.job, state=State.CANCELLED)
        with suppress(OSError):  # where the disk is full, it is told as failed all the same
            self._end(Going(folder, left.process, self._stopping, ended))

    def _asked(self, folder: Path) -> datetime | None:
        """Return when a job was asked for, or else when its folder was made."""
        kept = self._read(folder)
        return _changed(folder) if kept is None else kept.job.asked_at

    def _is_old(self, since: datetime | None) -> bool:
        return since is not None and self._now() - since > self._limits.kept

    def _check_limits(self, owner: Owner) -> None:
        looked = [self.look(path.name) for path in self._folder.iterdir() if path.is_dir()]
        going = [job for job in looked if job is not None and job.state in GOING]
        if sum(job.owner == owner for job in going) >= self._limits.own:
            raise TooManyJobs(self._limits.own, own=True)
        if len(going) >= self._limits.waiting:
            raise TooManyJobs(self._limits.waiting, own=False)

    def _read(self, folder: Path) -> Kept | None:
        try:
            return _decode((folder / STATE).read_bytes())
        except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
            return None

    def _lives(self, process: str) -> bool:
        """Whether a process holds its lock; one that has died holds none."""
        try:
            return is_held(self._folder / process)
        except FileNotFoundError:
            return False

    def _work(self) -> None:
        looked = monotonic()
        while not self._stopping.is_set():
            with suppress(Empty):
                taken = self._waiting.get(timeout=LOOK_SECONDS)
                if taken is not None:
                    self._done(*taken)
            if monotonic() - looked >= LOOK_SECONDS:  # also where there is always one to do
                looked = monotonic()
                self._try_to_sweep()

    def _try_to_sweep(self) -> None:
        """Sweep; where that fails, for want of files perhaps, jobs go on, and it is done later."""
        try:
            with suppress(FileNotFoundError):  # somebody removed the folder: nothing is left
                self.sweep()
        except OSError as error:
            messages().warning("jobs-not-swept", failure=error)

    def _done(self, going: Going, work: Work) -> None:
        """Do a job; one of which nothing can be told, as the disk is full, is none."""
        try:
            self._do(going, work)
        except OSError as error:
            messages().error("job-not-told", job=going.job.id, failure=error)
            shutil.rmtree(going.folder, ignore_errors=True)

    def _do(self, going: Going, work: Work) -> None:
        """Do a job; whatever goes wrong is told by its state."""
        try:
            going.progress(0, 0)
            going.job = replace(going.job, state=State.RUNNING)
            going.write()
            made = work(going)
            going.progress(going.job.done, going.job.all)
            ended = replace(going.job, state=State.DONE, file=made.name)
        except Cancelled:
            ended = replace(going.job, state=State.CANCELLED)
            if self._stopping.is_set() and not (going.folder / CANCELLED).exists():
                ended = replace(going.job, state=State.FAILED, failure=str(DIED))
        except CannotDo as error:
            failed = replace(going.job, state=State.FAILED, failure=str(error))
            ended = replace(failed, failures=error.others)
        except Exception as error:  # noqa: BLE001 - a job may fail by anything, and others follow
            messages().error("job-failed", job=going.job.id, failure=error)
            ended = replace(going.job, state=State.FAILED, failure=str(FAULT))
        going.job = replace(ended, ended_at=self._now())
        self._end(going)

    def _end(self, going: Going) -> None:
        """Keep nothing in a job's folder but what came of it, and write how it has ended."""
        with suppress(FileNotFoundError):
            for path in going.folder.iterdir():
                if path.name in {STATE, CANCELLED, *_results(going.job)}:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
            going.write()
            if (going.folder / CANCELLED).exists():
                _remove_result(going.folder, going.job)


def _results(job: Job) -> tuple[str, ...]:
    """Return the names of all files that can have come of a job; none where nothing did."""
    if not job.file:
        return ()
    return (job.file, *(file_in(language, job.file) for language in LANGUAGES))


def _remove_result(folder: Path, job: Job) -> None:
    for name in _results(job):
        (folder / name).unlink(missing_ok=True)


def _changed(path: Path) -> datetime | None:
    """Return when something was last put in a folder or file (UTC); None where it is gone."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
