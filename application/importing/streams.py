"""The streams that rows fill: a client's or a journey's entries, while all rows are read."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from application.importing.language import EventRule
from application.importing.report import RowId
from application.ports import Fresh
from domain.entry import By
from domain.journey.events import JourneyClosed


class Order(NamedTuple):
    """An entry's place in its stream: the one that opens it, then by day, table, row and rule.

    `table` and `rule` count from 0 in the order of the mapping.
    """

    later: bool
    occurred_on: date
    table: int
    row: int
    rule: int


class Line(NamedTuple):
    """An entry to be, with its place, and the row and the rule that made it."""

    order: Order
    stream: str
    made_from: RowId
    rule: EventRule
    fresh: Fresh


class History(NamedTuple):
    """What one stream is to get: entries in their order, in the name of `by`."""

    stream: str
    by: By
    entries: tuple[Fresh, ...]


@dataclass(slots=True)
class OpenStream:
    """A stream that the row `opener` opened; `others` are lines of rows that would, had it not."""

    stream: str
    kind: str
    by: By
    opener: RowId
    lines: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)

    def opened_by_another(self, refused: Container[RowId]) -> bool:
        """Let the first row that may open it do so instead of a refused one; False if none may."""
        for line in self.others:
            if line.made_from not in refused:
                self.opener = line.made_from
                self.lines.append(line)
                return True
        return False

    @property
    def opened_on(self) -> date:
        """The day of the entry that opens it."""
        return min(line.order for line in self.lines).occurred_on

    def ended_on(self, but: Container[RowId] = ()) -> date | None:
        """Return the last day on which the journey was closed, `but` what some rows say of it."""
        ends = [
            line.order.occurred_on
            for line in self.lines
            if type(line.fresh.event) is JourneyClosed and line.made_from not in but
        ]
        return max(ends, default=None)

    def history(self) -> History:
        """Return the entries in their order."""
        in_order = sorted(self.lines, key=lambda line: line.order)
        return History(self.stream, self.by, tuple(line.fresh for line in in_order))
