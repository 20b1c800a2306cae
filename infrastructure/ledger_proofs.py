"""What a bundle takes from the ledger of a database: a checkpoint, proofs, and rows as they are."""

from collections.abc import Callable, Sequence
from functools import cache

from domain.merkle import inclusion_proof
from infrastructure.checkpoints import Issued
from infrastructure.database import Database
from infrastructure.ledger_tables import TILE, split, stored_bytes
from infrastructure.ledger_tree import StoredTree
from infrastructure.log_tables import ENTRY, Row

_PERCENT = ("%(stream)s", "%(until)s")
KEPT = "SELECT size, leaves FROM ledger_tail ORDER BY size"


class BrokenLedger(Exception):
    """The ledger does not have what it must have."""

    def __init__(self) -> None:
        super().__init__(
            "the ledger does not have what it must have, so nothing can be proven: "
            "`polku audit verify` says where it was changed"
        )


class TreeAsItGrew(StoredTree):
    """The stored tree alone: of entries in no tile yet, it has the hashes that were kept.

    Not those of the rows: a row that was changed since then cannot be proven, and is named.
    """

    def _unfinished(self, level: int, number: int) -> tuple[bytes, ...]:
        if level:
            return super()._unfinished(level, number)
        kept = self._ask(KEPT)
        if kept and kept[-1][0] >= (number + 1) * TILE:  # it was completed meanwhile
            found = self._ask(self._statements.hashes, 0, number, number + 1)
            return split(stored_bytes(found[0][0]))
        return split(b"".join(stored_bytes(leaves) for _, leaves in kept))


class StoredLedger:
    """The tree and the rows of a database (`application.audit.bundle.Ledger`).

    `issue` gives out a checkpoint. Proofs raise BrokenLedger where the stored tree has holes.
    """

    def __init__(self, database: Database, issue: Callable[[], Issued]) -> None:
        self._database, self._issue = database, issue
        stream, until = (":stream", ":until") if database.is_sqlite else _PERCENT
        columns = ", ".join(column.name for column in ENTRY)
        self._rows = (
            f"SELECT {columns} FROM events WHERE stream = {stream} AND position <= {until} "
            "ORDER BY version"
        )

    def check_out(self) -> tuple[int, str]:
        """Give out a checkpoint of the log as it is now: of how many entries, and the note."""
        try:
            issued = self._issue()
        except (LookupError, ValueError) as error:
            raise BrokenLedger from error
        return issued.said.size, issued.note

    def proofs(self, positions: Sequence[int], size: int) -> list[tuple[bytes, ...]]:
        """Return the inclusion proof of each entry in the tree of the first `size` entries."""
        tree = TreeAsItGrew(self._database)
        subtree = cache(tree.subtree)  # proofs share what is high in the tree
        try:
            tree.read_ahead(positions)
            return [inclusion_proof(position - 1, size, subtree) for position in positions]
        except (LookupError, ValueError) as error:
            raise BrokenLedger from error

    def rows(self, stream: str, until: int) -> list[Row]:
        """Return a stream's rows up to a position, as they are stored, in the order of versions."""
        return self._database.rows(self._rows, {"stream": stream, "until": until})
