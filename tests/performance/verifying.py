"""What the ledger costs, and how fast it is verified: beside the same without it, and the hash."""

import os
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from infrastructure.ledger import Head, Ledger
from infrastructure.ledger_audit import Audit
from infrastructure.ledger_leaves import leaf_data
from infrastructure.log_tables import Row
from tests.performance.ours import Tiny, opened, tiny
from tests.performance.played import NotTheSame, Played, rows_in

COLUMNS = 14


class NoLedger(Ledger):
    """Writes none, as the log was before."""

    def head(self, row: Sequence[Any] | None, position: int) -> Head:
        """Return the head of no tree."""
        return Head()

    def record(self, cursor: Any, head: Head, rows: Iterable[Row]) -> None:
        """Write nothing."""


def without_ledger(where: dict[str, Any]) -> Tiny:
    """The same log without its ledger: what the ledger costs is the difference."""
    made = tiny(where)
    made.log._writer._ledger = NoLedger(is_sqlite=made.log.database.is_sqlite)
    return made


class Verifying(Played):
    """A real log, stored so many times that verifying it takes a while."""

    def multiply(self, source: str, entries: int) -> None:
        """Store what the source holds until there are so many, each time as streams of their own.

        `entries` are to be some seconds of work, beside which the start of processes is little.
        """
        rows = rows_in(source)
        with self.log.database.writing() as connection:
            cursor = connection.connection.cursor()
            marks = ", ".join(["?" if self.log.database.is_sqlite else "%s"] * COLUMNS)
            for copy in range(-(-entries // len(rows))):
                before, late = copy * len(rows), copy * (rows[-1][6] - rows[0][6])
                cursor.executemany(
                    f"INSERT INTO events VALUES ({marks})",
                    [
                        (n, f"{row[1]}-{copy}", *row[2:6], row[6] + late, *row[7:])
                        for n, row in enumerate(rows, before + 1)
                    ],
                )
            cursor.close()
            self.cover(connection)
        self._leaves = [leaf_data(row) for row in rows]

    def verify(self) -> int:
        """Recompute the whole log by as many processes as there are cores. Raises NotTheSame."""
        found = Audit(self.log.database, jobs=os.cpu_count() or 1).run()
        if not found.is_right:
            raise NotTheSame(found.faults[0].said)
        return found.size

    def hash_alone(self) -> int:
        """Hash the same bytes in memory by one process, and do nothing else."""
        for leaf in self._leaves:
            sha256(leaf).digest()
        return len(self._leaves)


def verifying(where: dict[str, Any]) -> Verifying:
    """A log to verify."""
    return Verifying(opened(where))
