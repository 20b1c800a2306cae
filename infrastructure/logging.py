"""Messages about Polku's own running, on stderr: never about a client.

A message is an event's name and values. A value that is not a plain code, number or instant is
written as the name of its type only, so that no event, name or note can slip into a log file.
"""

import logging
import os
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

LONGEST = 200
"""Characters of a text that a message shows."""

Form: TypeAlias = Literal["console", "json"]
"""For whom messages are written: for a person, or for a program."""

_put_off: list[tuple[str, Form]] = []
"""How messages are to be written, until the first one is."""


def set_up(level: str = "warning", form: Form = "console") -> None:
    """Write messages from `level` up to stderr, for a person (`console`) or a program (`json`)."""
    import structlog  # noqa: PLC0415 - most commands have nothing to say

    _put_off.clear()
    last: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=_coloured(), sort_keys=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_failure,
            plain_values,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


def set_up_when_needed(level: str, form: Form) -> None:
    """Do as `set_up`, but where nobody has waited for structlog yet, only with a first message."""
    if "structlog" in sys.modules:
        set_up(level, form)
    else:
        _put_off[:] = [(level, form)]


def messages() -> Any:
    """Return what writes messages, a `structlog` logger, which is waited for with the first one."""
    import structlog  # noqa: PLC0415 - most commands have nothing to say

    for level, form in tuple(_put_off):
        set_up(level, form)
    return structlog.get_logger()


class _OfDrivers(logging.Handler):
    """Passes on what drivers say as messages, without what an exception says, nor their values."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write what a driver says; of an exception the type and the places alone."""
        failure = record.exc_info[1] if record.exc_info else None
        messages().info("driver", of=record.name, said=str(record.msg), failure=failure)


_of_drivers = _OfDrivers()


def pass_on_drivers() -> None:
    """Have what the drivers of databases say written as Polku's own messages are.

    Else Python prints it, with traces of calls: of each connection that is found to be lost.
    """
    for name in ("sqlalchemy.pool", "psycopg"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if _of_drivers not in logger.handlers:
            logger.addHandler(_of_drivers)


class _Stderr:
    """Where messages go; one that cannot be written is lost, and nothing else.

    A log file may lie on the disk that is full, and who reads messages may be gone: the work that
    tells of something must go on all the same, and above all that which tells of the full disk.
    """

    def write(self, text: str) -> int:
        """Write a message, or lose it."""
        with suppress(OSError, AttributeError):  # it may never have been open
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Have it written, or lose it."""
        with suppress(OSError, AttributeError):
            sys.stderr.flush()


_stderr: Any = _Stderr()


def _to_stderr(*_: Any) -> "structlog.PrintLogger":
    import structlog  # noqa: PLC0415 - most commands have nothing to say

    return structlog.PrintLogger(_stderr)


def _coloured() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and "NO_COLOR" not in os.environ


def tell_failure(_: Any, __: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type and the places it went through, without its message.

    Messages of exceptions can hold what a person typed, or a statement's values. Of those that are
    told as a group, as what goes wrong in a live feed, the first one is meant.
    """
    failure = said.pop("failure", None)
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    if isinstance(failure, BaseException):
        frames = traceback.extract_tb(failure.__traceback__)
        said["failure"] = type(failure).__name__
        said["went_through"] = " > ".join(f"{f.filename}:{f.lineno} {f.name}" for f in frames)
    return said


def plain_values(_: Any, __: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Let only plain values through."""
    return {name: _plain(name, value) for name, value in said.items()}


def _plain(name: str, value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case date() | datetime():
            return value.isoformat()
        case str() if name == "went_through":
            return value
        case str():
            return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
        case _:
            return f"<{type(value).__name__}>"
