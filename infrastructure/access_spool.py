"""Readings of clients' data, noted in a file before they are answered, then recorded in the log.

A note is one write to a spool file of this process. What is written there outlives the process,
also one that is killed (not a failure of power: a note is not worth a wait for the disk). A thread
records what gathered, many readings in an entry, in a stream of the spool's name. So the stream
itself tells how many of a spool's lines are recorded, and each is recorded once, whenever the
program is killed. A spool whose process has died is recorded by another: a lock tells who lives.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

from application.accesses import RECORDER, readings_stream
from application.ports import Append, EventLog, Fresh, NotNoted
from domain.access import Answered, ReadingsRecorded
from infrastructure.database import serves_nobody
from infrastructure.logging import messages
from infrastructure.spool import SUFFIX, Spool, line_of

EVERY = 1.0
"""Seconds in which readings gather before they are recorded; a full spool is recorded at once."""

LOOK_FOR_DEAD = 60.0
"""Seconds between two looks for spools of processes that have died."""

MOST = 500
"""Readings after which an entry is full."""

LARGEST = 2**16
"""Bytes of a spool after which another is begun: one that could not be recorded is read anew, and
what finds the readings of a client makes the rows of all of one anew where it could not take some.
"""

MOST_SPOOLS = 16
"""Spools that a process has open, after which the newest grows: while the log takes nothing, as
where another program holds it for minutes, all descriptors would go, and no caller be let in."""


class Come(NamedTuple):
    """How far a spool has been recorded: the stream's version, and the offset in the file."""

    version: int
    offset: int


class Recording:
    """Records one spool into its stream."""

    def __init__(self, log: EventLog, spool: Spool, come: Come | None = None) -> None:
        self.spool = spool
        self._log, self._come = log, come
        self._stream = readings_stream(spool.name)

    @property
    def goes_well(self) -> bool:
        """Whether all that was tried was recorded, since the spool was begun by this process."""
        return self._come is not None

    def record(self) -> None:
        """Record all that is noted. Raises what the log raises; then it can be tried again."""
        come = self._come or self._recorded()
        self._come = None  # until it is known that nothing went wrong
        while batch := [*_first(self.spool.answers(come.offset))]:
            come = self._append(batch, come)
        self._come = come

    def _append(self, batch: list[tuple[Answered, int]], come: Come) -> Come:
        event = ReadingsRecorded(tuple(answer for answer, _ in batch))
        fresh = Fresh(event, batch[0][0].at.date())
        receipt = self._log.append(Append(self._stream, come.version, (fresh,), RECORDER))
        return Come(receipt.version, batch[-1][1])

    def _recorded(self) -> Come:
        """Ask the log how many of the spool's answers it has."""
        entries = self._log.load(self._stream)
        count = sum(len(entry.event.answers) for entry in entries)
        ends = [end for _, end in islice(self.spool.answers(), count)]
        return Come(len(entries), ends[-1] if ends else 0)


def _first(answers: Iterator[tuple[Answered, int]]) -> Iterator[tuple[Answered, int]]:
    """Yield answers until they are as many readings as belong in an entry."""
    readings = 0
    for answer, end in answers:
        yield answer, end
        readings += len(answer.read)
        if readings >= MOST:
            return


class NotRecorded(NamedTuple):
    """A spool, by its name, that could not be recorded, and why."""

    spool: str
    error: Exception


class AccessSpool:
    """Notes readings (`application.ports.AccessBook`); close it when done.

    `folder` belongs to one database, and is on a disk of this machine: it outlives the process.
    Raises OSError where it cannot be used.
    """

    def __init__(
        self,
        log: EventLog,
        folder: Path,
        *,
        every: float = EVERY,
        largest: int = LARGEST,
        look_for_dead: float = LOOK_FOR_DEAD,
    ) -> None:
        self._log, self._folder = log, folder
        self._every, self._largest, self._look_for_dead = every, largest, look_for_dead
        self._writing, self._recording = threading.Lock(), threading.Lock()
        self._looked = 0.0
        self._refused = 0
        now = log.now()
        self._day = now.date()
        self._spool: Spool | None = Spool.make(folder, now)
        self._recordings = [Recording(log, self._spool, Come(0, 0))]
        self._stopping, self._is_full = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="readings", daemon=True)
        self._take_over()
        self._thread.start()

    def note(self, answer: Answered) -> None:
        """Note whose data an answer tells, before it is given, in one write. Raises NotNoted."""
        try:
            line = line_of(answer)
            with self._writing:
                if self._spool is None:
                    raise NotNoted("the book of readings is closed: the program is stopping")
                self._refused = len(line)
                self._spool.append(line)
                self._refused = 0
                if self._spool.size() >= self._largest and len(self._recordings) < MOST_SPOOLS:
                    with suppress(OSError):  # the note stands, and the next one tries again
                        self._begin_another(self._log.now())
                        self._is_full.set()
        except (OSError, ValueError) as error:
            raise NotNoted(
                "the reading could not be noted, so nothing is shown: check the disk of "
                f"POLKU_ACCESS_FOLDER ({type(error).__name__})"
            ) from error

    def check_noting(self) -> None:
        """Where the last note was refused, try whether as long a line is now. Raises NotNoted.

        A line of spaces is no answer: it is passed over.
        """
        with self._writing:
            if not self._refused or self._spool is None:
                return
            try:
                self._spool.append(b" " * (self._refused - 1) + b"\n")
            except OSError as error:
                raise NotNoted(f"no reading can be noted ({type(error).__name__})") from error
            self._refused = 0

    def flush(self) -> None:
        """Record in the log all that was noted before.

        A spool that cannot be recorded holds up no other. Raises then what the log raised first.
        """
        failures = self._flushed()
        if failures:
            raise failures[0].error

    def _flushed(self, *, full_alone: bool = False) -> list[NotRecorded]:
        """Record each spool, unless the database serves nobody; return what was not, and why.

        `full_alone`: but the one that is written to, and those that could not be recorded.
        """
        failures: list[NotRecorded] = []
        with self._recording:
            for recording in [*self._recordings]:
                is_filled = recording.spool is not self._spool
                if full_alone and not (is_filled and recording.goes_well):
                    continue
                try:
                    self._record(recording)
                except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                    failures.append(NotRecorded(recording.spool.name, error))
                    if serves_nobody(error):  # each of the others would wait as long, for nothing
                        break
            self._turn_over_where_due()
        return failures

    def _record(self, recording: Recording) -> None:
        is_full = recording.spool is not self._spool  # nothing more is written there
        recording.record()
        if is_full:
            self._recordings.remove(recording)
            recording.spool.remove()

    def _turn_over_where_due(self) -> None:
        """Begin another spool each day, and where the present one was lost."""
        now = self._log.now()
        with self._writing:
            if self._spool is not None and (now.date() != self._day or self._spool.is_lost()):
                self._begin_another(now)

    def _begin_another(self, now: datetime) -> None:
        """Write to another spool from now on, in the turn of who writes. Raises OSError."""
        fresh = Spool.make(self._folder, now)
        self._spool, self._day = fresh, now.date()
        # Last: one that is recorded, and not written to, is taken for a full one, and deleted.
        self._recordings.append(Recording(self._log, fresh, Come(0, 0)))

    def _take_over(self) -> None:
        """Take over the spools of processes that have died."""
        with self._recording:
            self._looked = time.monotonic()
            own = {recording.spool.path for recording in self._recordings}
            for path in sorted(self._folder.glob(f"*{SUFFIX}")):
                adopted = Spool.adopt(path) if path not in own else None
                if adopted is not None:
                    self._recordings.insert(0, Recording(self._log, adopted))

    def _run(self) -> None:
        """Record what gathered now and then, and full spools one by one, as they come.

        Together they would have answers wait for as long as it takes to read and record them all.
        """
        due = time.monotonic() + self._every
        while not self._stopping.is_set():
            if self._is_full.wait(max(0.0, due - time.monotonic())):
                self._is_full.clear()
            is_due = time.monotonic() >= due
            if not self._stopping.is_set():
                self._try_to_record(full_alone=not is_due)
            if is_due:
                due = time.monotonic() + self._every

    def _try_to_record(self, *, full_alone: bool = False) -> None:
        try:
            if time.monotonic() - self._looked >= self._look_for_dead:
                self._take_over()
            for spool, failure in self._flushed(full_alone=full_alone):
                messages().warning("readings-not-recorded", spool=spool, failure=failure)
        except Exception as error:  # noqa: BLE001 - the notes stand, and it is tried again
            messages().warning("readings-not-recorded", failure=error)

    def close(self) -> None:
        """Take no more notes, and record those there are; what cannot be recorded stays on disk."""
        self._stopping.set()
        self._is_full.set()
        self._thread.join()
        with self._writing:
            self._spool = None
        self._try_to_record()
        with self._recording:
            for recording in self._recordings:
                recording.spool.close()
            self._recordings.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
