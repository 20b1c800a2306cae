"""What a bundle takes from the ledger of a database: the root, proofs, and rows as they are."""

from collections.abc import Sequence
from functools import cache

from domain.merkle import inclusion_proof
from infrastructure.database import Database
from infrastructure.entry_rows import Row
from infrastructure.ledger_tree import StoredTree
from infrastructure.log_tables import Statements


class BrokenLedger(Exception):
    """The ledger does not have what it must have."""

    def __init__(self) -> None:
        super().__init__(
            "the ledger does not have what it must have, so nothing can be proven: "
            "`polku audit verify` says where it was changed"
        )


class StoredLedger:
    """The tree and the rows of a database (`application.audit.bundle.Ledger`).

    Its answers raise BrokenLedger where the stored tree has holes.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._tree = database, StoredTree(database)
        self._statements = Statements(is_sqlite=database.is_sqlite)

    def size(self) -> int:
        """Return of how many entries the tree is."""
        try:
            return self._tree.head().size
        except ValueError as error:
            raise BrokenLedger from error

    def root(self, size: int) -> bytes:
        """Return the root of the tree of the first `size` entries."""
        try:
            return self._tree.root(size)
        except (LookupError, ValueError) as error:
            raise BrokenLedger from error

    def proofs(self, positions: Sequence[int], size: int) -> list[tuple[bytes, ...]]:
        """Return the inclusion proof of each entry in the tree of the first `size` entries."""
        subtree = cache(self._tree.subtree)  # proofs share what is high in the tree
        try:
            self._tree.read_ahead(positions)
            return [inclusion_proof(position - 1, size, subtree) for position in positions]
        except (LookupError, ValueError) as error:
            raise BrokenLedger from error

    def rows(self, stream: str, until: int) -> list[Row]:
        """Return a stream's rows up to a position, as they are stored, in the order of versions."""
        found = self._database.rows(self._statements.load, {"stream": stream, "after": 0})
        return [tuple(row) for row in found if row[0] <= until]
