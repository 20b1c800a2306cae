"""How the archive is asked: in SQL over documented tables (`tables.py`), at one moment.

The archive follows the log and holds nothing that points to a person. A moment is two clocks, as
`domain.journey.history.look` has them.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from application.evaluation.refusals import NotAnswered


class CannotAsk(NotAnswered):
    """A question cannot be answered as it is put; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """As at a day, as known at an instant (UTC), both, or neither: as recorded now.

    With `as_at` entries count as they happened, up to and with that day; without it, in the order
    recorded. With `position` no entry behind it in the log counts, as if it were not there yet.
    Nor do those at the positions `without`. With `only` no journey or client is there but those
    whose first entry is at one of these positions. Raises ValueError for an instant without a time
    zone.
    """

    as_at: date | None = None
    known_at: datetime | None = None
    position: int | None = None
    without: frozenset[int] = frozenset()
    only: frozenset[int] | None = None

    def __post_init__(self) -> None:
        """Refuse an instant that means another one elsewhere."""
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise ValueError("known_at needs a time zone: 2025-03-01T12:00:00+00:00")


class Rows(NamedTuple):
    """An answer: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Asked(Protocol):
    """The archive as of one moment."""

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """Return what a SELECT over the documented tables gives; `?` stands for a parameter.

        Nothing can be changed, and nothing outside the archive be read. Raises CannotAsk.
        """

    def expect(self, *texts: str) -> None:
        """Hear of SQL that is asked later, so that what several questions need is made once."""


class Opened(Asked, Protocol):
    """The archive, open as of one moment, of which entries can be left out while it is."""

    def leave_out(self, positions: frozenset[int]) -> None:
        """Let the entries at these positions of the log count no more, and only these."""


class Archive(Protocol):
    """The archive of one log.

    `position` is the last one that it holds, `root` the ledger's root there (None: the log has
    nothing yet).
    """

    @property
    def position(self) -> int:
        """Return the position of the last entry that the archive holds."""

    @property
    def root(self) -> bytes | None:
        """Return the ledger's root at that position."""

    def catch_up(
        self, until: int | None = None, on_progress: Callable[[int, int], None] = ...
    ) -> int:
        """Take in what the log has recorded since, up to a position; return the new position.

        `on_progress` is called with how many entries are done and how many there are.
        """

    def at(self, moment: Moment) -> AbstractContextManager[Opened]:
        """Open the archive as of a moment."""
