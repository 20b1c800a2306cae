"""The archive's folder: immutable segments, each whole or not there at all.

A segment holds the entries of positions `after` < p <= `until` in Parquet files, and a manifest
that says what they are. It is made in a folder of its own, and moved to its place at once when it
is whole: so a kill at any moment leaves an archive that can be read. A merged segment stands beside
those that it replaces until nobody reads any more; the widest one counts.
"""

import fcntl
import json
import os
import re
import shutil
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, NamedTuple

from application.evaluation.tables import stored

MANIFEST = "manifest.json"
NAME = re.compile(r"(\d{15})-(\d{15})")

MOST_FOUND = 10_000
"""How many files are remembered that were found whole: more than an archive has, of which each
segment has one for each kind of entry."""


class DamagedArchive(Exception):
    """A file of the archive is not what its manifest says; the message names it."""


class Segment(NamedTuple):
    """A segment: its folder, its positions (`after` excluded), and its manifest.

    `shape` is a digest of all tables' columns: one of another shape is not read, but made anew.
    `log` and `root` are roots (hex) of the log's ledger, at position 1 and at `until`; `files` are
    the rows and the SHA-256 of each.
    """

    folder: Path
    after: int
    until: int
    shape: str
    log: str
    root: str
    files: Mapping[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        """How many entries it holds."""
        return self.until - self.after


@cache
def shape() -> str:
    """Return a digest of the columns of all tables that segments have."""
    told = [(table.name, *((c.name, c.type) for c in table.columns)) for table in stored()]
    return sha256(repr(told).encode()).hexdigest()[:16]


def readable(folder: Path) -> list[Segment]:
    """Return the segments that follow each other, where they have this program's tables.

    Raises DamagedArchive.
    """
    every = segments(folder)
    return [] if any(one.shape != shape() for one in every) else chain(every)


def segments(folder: Path) -> list[Segment]:
    """Return every segment that is there. Raises DamagedArchive."""
    found = folder.glob("*-*") if folder.is_dir() else ()
    return sorted(_read(one) for one in found if NAME.fullmatch(one.name))


def chain(every: list[Segment]) -> list[Segment]:
    """Return the segments that follow each other from the log's first entry: the widest of each."""
    found: list[Segment] = []
    at = 0
    while following := [one for one in every if one.after == at]:
        found.append(max(following, key=lambda one: one.until))
        at = found[-1].until
    return found


def _read(folder: Path) -> Segment:
    file = folder / MANIFEST
    try:
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        files = {name: (int(rows), str(digest)) for name, (rows, digest) in told["files"].items()}
        after, until = (int(part) for part in folder.name.split("-"))
        return Segment(folder, after - 1, until, told["shape"], told["log"], told["root"], files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedArchive(f"{file} cannot be read: {error}") from error


def folder_name(after: int, until: int) -> str:
    """Return the name of the folder of a segment."""
    return f"{after + 1:015}-{until:015}"


def digest(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def check(segment: Segment, name: str) -> None:
    """Make sure that a file of a segment is as it was written. Raises DamagedArchive."""
    path = segment.folder / name
    try:
        found = digest(path)
    except OSError as error:
        raise DamagedArchive(f"{path} cannot be read: {error.strerror}") from error
    if found != segment.files[name][1]:
        raise DamagedArchive(f"{path} is not as it was written: its SHA-256 is {found}")


class FoundWhole:
    """Files that were found as they were written: again they are read only if they look changed.

    Those asked last are remembered. While the log grows, files are merged into others time and
    again: to remember all that there ever were would take ever more memory of a service.
    """

    def __init__(self, most: int = MOST_FOUND) -> None:
        self._most = most
        self._looks: OrderedDict[tuple[str, int, int], None] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._looks)

    def check(self, segment: Segment, name: str) -> None:
        """Make sure that a file of a segment is as it was written. Raises DamagedArchive."""
        try:
            seen = (segment.folder / name).stat()
        except OSError:
            check(segment, name)
            raise
        looks = (segment.files[name][1], seen.st_mtime_ns, seen.st_size)
        if looks not in self._looks:
            check(segment, name)
        with self._lock:
            self._looks[looks] = None
            self._looks.move_to_end(looks)
            if len(self._looks) > self._most:
                self._looks.popitem(last=False)


@contextmanager
def making(folder: Path, after: int, until: int) -> Iterator[Path]:
    """Give a folder for the files of a new segment; they go where it does not come whole.

    In a container every process may have the same number: what one left that was killed goes.
    """
    made = folder / f"new-{folder_name(after, until)}-{os.getpid()}"
    with suppress(FileNotFoundError):
        shutil.rmtree(made)
    made.mkdir(parents=True)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def spilling(folder: Path) -> Path:
    """Return where a question to the archive may put files, for as long as it reads.

    It is named as what is being made: where the process is killed, all of it goes with the next
    writing. Elsewhere gigabytes would stay.
    """
    return folder / f"new-asked-{token_hex(8)}"


def put(folder: Path, made: Path, segment: Segment) -> Segment:
    """Write the manifest of a segment that was made, and move it to its place."""
    told = {
        "first_position": segment.after + 1,
        "last_position": segment.until,
        "shape": segment.shape,
        "log": segment.log,
        "root": segment.root,
        "files": dict(sorted(segment.files.items())),
    }
    manifest = made / MANIFEST
    manifest.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    for file in (*sorted(made.iterdir()), made):
        _sync(file)
    place = folder / folder_name(segment.after, segment.until)
    made.rename(place)
    _sync(folder)
    return segment._replace(folder=place)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def clean(folder: Path) -> None:
    """Remove what nothing reads: what was being made, and segments within wider ones.

    Call it while writing; where somebody reads, it is left for another time.
    """
    with _locked(folder, "reading.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
        if not alone:
            return
        every = segments(folder)
        kept = chain(every)
        for one in every:
            if any(k != one and k.after <= one.after and one.until <= k.until for k in kept):
                _remove(folder, one.folder)
        for left in (*folder.glob("new-*"), *folder.glob("old-*")):
            shutil.rmtree(left)


def remove_all(folder: Path) -> None:
    """Remove every segment, as of another shape, when nobody reads any more."""
    with _locked(folder, "reading.lock", fcntl.LOCK_EX):
        for one in segments(folder):
            _remove(folder, one.folder)


def _remove(folder: Path, one: Path) -> None:
    """Remove a segment at once: killed half-way, it would look like one that is damaged."""
    old = folder / f"old-{one.name}"
    one.rename(old)
    shutil.rmtree(old)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes to the archive, and keep others from it."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, "writing.lock", fcntl.LOCK_EX):
        yield


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Keep what is read from being removed."""
    with _locked(folder, "reading.lock", fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(folder: Path, name: str, how: int) -> Iterator[bool]:
    with (folder / name).open("a") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            yield False
            return
        yield True
