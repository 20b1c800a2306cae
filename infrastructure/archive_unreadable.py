"""Which row of a page of the log no table of the archive can be made of.

Rows are decoded together, column by column, so what is wrong with one of them is told of none.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

from infrastructure.event_names import EventNames, UnknownEvent, UnreadableEvent
from infrastructure.row_reader import RowReader

WRONG = (msgspec.MsgspecError, UnknownEvent, UnreadableEvent, TypeError, ValueError, OverflowError)
"""What is raised where something is wrong with a row, and not with the way to it."""

Rows: TypeAlias = Sequence[tuple[Any, ...]]


def tell_where(rows: Rows, make: Callable[[Rows], Any], names: EventNames) -> None:
    """Read the first of rows that `make` fails on as whoever reads the log does.

    The rows are those of `infrastructure.archive_tables.ArchiveStatements.page`, and `make` fails
    on all of them together. Raises UnknownEvent or UnreadableEvent, saying where; nothing where the
    row can be read.
    """
    while len(rows) > 1:
        half = rows[: len(rows) // 2]
        rows = rows[len(half) :] if _can_be_made(half, make) else half
    for *envelope, body in rows:
        deque(RowReader(names).entries([(*envelope, None, None, body)]), maxlen=0)


def _can_be_made(rows: Rows, make: Callable[[Rows], Any]) -> bool:
    try:
        make(rows)
    except WRONG:
        return False
    return True
