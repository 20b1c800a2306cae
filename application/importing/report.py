"""What became of every row: counts by table, and a finding for each refused or doubtful value."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from application.importing.tables import Unmapped

LONGEST_VALUE = 80
"""Characters of a cell that a finding shows."""

CHANGED = "changed-since-import"
"""The code of a row that says something else than when it was imported."""

ERASED = "erased-here"
"""The code of a row of what was erased since it was imported: it is not brought in again."""

RowId = tuple[str, int]
"""A row: the mapping's name of its table, and its number."""


class Finding(NamedTuple):
    """A row that was refused, or a value of it that is doubtful.

    `code` is stable, `file` and `row` (the first after the header is 1) say where, `column` and
    `value` what was read; both are empty where the row as a whole is meant.
    """

    severity: Literal["refused", "doubtful"]
    code: str
    file: str
    row: int
    column: str
    value: str
    message: str


@dataclass(slots=True)
class TableCount:
    """How many rows of a table went where. Every row is in exactly one of the five.

    `written` rows made entries (on a dry run: would make), `already` were there from an earlier
    run (what was erased since is among them), `changed` are there with other content, `refused`
    made none, `looked_up` only serve other tables, or join what another row opened; where all or
    nothing was to be stored and it was nothing, the rest is in none.
    `entries` counts what was written, `doubtful` the rows with a doubt.
    """

    table: str
    file: str
    rows: int
    written: int = 0
    already: int = 0
    changed: int = 0
    refused: int = 0
    looked_up: int = 0
    entries: int = 0
    doubtful: int = 0


@dataclass(slots=True)
class Report:
    """What an import did, or would do on a dry run.

    `clients`, `journeys` and `closed` (journeys) count what the source holds and could be read,
    written now or before; a journey whose end differs from the log counts as the log has it.
    `stored` is False on a dry run, and where all was to be stored or
    nothing and a row was refused.
    """

    source: str
    mapping: str
    dry_run: bool
    atomic: str
    stored: bool = False
    clients: int = 0
    journeys: int = 0
    closed: int = 0
    tables: list[TableCount] = field(default_factory=list)
    unmapped: tuple[Unmapped, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether all that was asked was done: no row was refused, or differs from the log."""
        return not self.refused and not self.differing

    @property
    def differing(self) -> int:
        """How many rows say something else than the log holds of them, and were left."""
        return sum(finding.code == CHANGED for finding in self.findings)

    @property
    def refused(self) -> int:
        """How many rows made no entry because they were refused."""
        return sum(count.refused for count in self.tables)

    @property
    def rows(self) -> int:
        """How many rows the mapped tables have."""
        return sum(count.rows for count in self.tables)

    @property
    def entries(self) -> int:
        """How many entries were written (on a dry run: would be)."""
        return sum(count.entries for count in self.tables)

    def codes(self) -> Counter[tuple[str, str]]:
        """Return how many findings there are by severity and code."""
        return Counter((finding.severity, finding.code) for finding in self.findings)

    def examples(self, severity: str, code: str, most: int = 3) -> list[Finding]:
        """Return the first findings of a kind."""
        kind = (f for f in self.findings if (f.severity, f.code) == (severity, code))
        return [finding for finding, _ in zip(kind, range(most), strict=False)]

    def sort(self, files: Iterable[str]) -> None:
        """Put the findings in the order of the files, then of the rows."""
        order = {file: number for number, file in enumerate(files)}
        self.findings.sort(key=lambda f: (order.get(f.file, len(order)), f.row, f.severity))


def shown(value: str) -> str:
    """Return a cell's text as a finding shows it: on one line, all of it seen, not too long."""
    told = " ".join(value.split())
    text = "".join(x if x.isprintable() else x.encode("unicode_escape").decode() for x in told)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
