"""What a process of an audit does: it recomputes stretches, one after another."""

import gc
from contextlib import suppress

from infrastructure.audit_stretches import Checked, Stretch, check
from infrastructure.database import Database, Reads
from infrastructure.helper_processes import settle
from infrastructure.sqlite_reading import SqliteReading

_reading: list[Reads] = []


def begin(url: str) -> None:
    """Get ready to read the log of a database URL."""
    settle()
    gc.disable()  # rows and hashes hold nothing of each other
    _reading.append(_reader(url))


def recompute(stretch: Stretch) -> Checked:
    """Recompute a stretch."""
    return check(_reading[0], stretch)


def _reader(url: str) -> Reads:
    with suppress(ValueError):  # on a server, or a file that is opened in a way of its own
        return SqliteReading(url)
    return Database(url)
