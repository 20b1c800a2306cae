"""What a command is heard through: stdout, where its answer must arrive, and stderr, beside it."""

import io
import os
import sys
from contextlib import suppress
from select import select
from typing import Any, TextIO

STDOUT, STDERR = 1, 2


class AnswerLost(Exception):
    """The answer, or a part of it, could not be written. The message says why."""


class _Answer(io.FileIO):
    """Where the answer goes: that it cannot be written is told from whatever else fails."""

    def write(self, data: Any, /) -> int:
        """Write bytes. Raises AnswerLost, and BrokenPipeError where nobody reads on."""
        while (written := self._taken(data)) is None:
            select((), (STDOUT,), ())
        return written

    def _taken(self, data: Any) -> int | None:
        """Write bytes; None: there is no room now, and another program has said not to wait."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise AnswerLost(
                f"the answer cannot be written to stdout ({error.strerror}); what the command "
                "recorded or wrote before that stands"
            ) from error


class _Beside(io.FileIO):
    """Where warnings and progress go: no work fails for want of room for them."""

    def write(self, data: Any, /) -> int:
        """Write bytes, or lose them."""
        with suppress(OSError):
            super().write(data)
        return len(data)


def settle() -> None:
    """Have it known whether an answer arrives, and show what a terminal of few letters can.

    Raises AnswerLost where there is no stdout, before anything is done.
    """
    _fill()
    sys.stderr = _text(_Beside(STDERR, "w", closefd=False), sys.stderr)
    if sys.stdout is None:
        raise AnswerLost(
            "stdout is closed, so nobody would read the answer: nothing was done; "
            "give it a place, such as > /dev/null"
        )
    sys.stdout = _text(_Answer(STDOUT, "w", closefd=False), sys.stdout)


def _fill() -> None:
    """Open what is closed of stdin, stdout and stderr, here and in programs that are begun.

    A file that is opened next would be given its number, and what is said would be written in it.
    """
    while (opened := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        os.set_inheritable(opened, True)
    os.close(opened)


def _text(raw: io.FileIO, before: TextIO | None) -> TextIO:
    """Return a stream of text that goes to `raw`, in the letters of the one before."""
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=before.encoding if before is not None else "utf-8",
        errors="backslashreplace",
        line_buffering=raw.fileno() == STDERR or raw.isatty(),
    )


def leave_unheard() -> None:
    """Have what is still to be written to stdout go nowhere: it would be tried once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    os.close(nowhere)


def say(message: str, code: int) -> int:
    """Say on stderr what is wrong; return how the program ends with it."""
    sys.stderr.write(f"polku: {message}\n")
    sys.stderr.flush()
    return code
