"""A spool: a file of readings, one answer a line, that outlives the process that writes it."""

import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

import msgspec

from domain.access import Answered

CHUNK = 2**18
"""Bytes of a spool that are read at once; more where a line is longer."""

SUFFIX = ".readings"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Answered).decode


def line_of(answer: Answered) -> bytes:
    """Return an answer as it stands in a spool, with the end of its line. Raises ValueError."""
    return _encode(answer) + b"\n"


class Spool:
    """A file of answers, one a line, that this process alone may write and record."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor
        self.name = path.name.removesuffix(SUFFIX)
        self._torn = False

    @classmethod
    def make(cls, folder: Path, now: datetime) -> Self:
        """Begin a spool; names are in the order of the instants (UTC). Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            path = folder / f"{now:%Y-%m-%dT%H%M%S%f}-{uuid4().hex[:12]}{SUFFIX}"
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
            if _is_ours(descriptor):
                return cls(path, descriptor)
            os.close(descriptor)  # another process took it for a dead one's before it was locked

    @classmethod
    def adopt(cls, path: Path) -> Self | None:
        """Take over a spool whose process has died; None where it lives, or another was first."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        except (FileNotFoundError, PermissionError):
            return None  # another was first, or it is another user's
        if _is_ours(descriptor):
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def append(self, line: bytes) -> None:
        """Write a line, or raise OSError: then it does not count if only a part of it stands."""
        whole = b"\n" + line if self._torn else line
        self._torn = True
        written = os.write(self._descriptor, whole)
        self._torn = written != len(whole)
        if self._torn:
            raise OSError(f"only {written} of {len(whole)} bytes were written")

    def size(self) -> int:
        """Return how many bytes are in the file."""
        return os.fstat(self._descriptor).st_size

    def is_lost(self) -> bool:
        """Whether somebody deleted the file."""
        return os.fstat(self._descriptor).st_nlink == 0

    def answers(self, after: int = 0) -> Iterator[tuple[Answered, int]]:
        """Yield the answers after an offset, each with the offset of its end.

        A line that was not written whole is left out: it was not answered.
        """
        at_once = CHUNK
        while chunk := os.pread(self._descriptor, at_once, after):
            whole = chunk.rfind(b"\n") + 1
            if not whole and len(chunk) < at_once:
                return
            if not whole:  # an answer of thousands of clients is one line, too
                at_once *= 2
                continue
            for line in chunk[:whole].splitlines(keepends=True):
                after += len(line)
                if (answer := _read(line)) is not None:
                    yield answer, after

    def remove(self) -> None:
        """Delete the file, all of which is recorded."""
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file: another process may take it over."""
        os.close(self._descriptor)


def _is_ours(descriptor: int) -> bool:
    """Lock the file; False where another process has it, or has deleted it meanwhile."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return os.fstat(descriptor).st_nlink > 0


def _read(line: bytes) -> Answered | None:
    try:
        return _decode(line)
    except (msgspec.MsgspecError, ValueError):
        return None
