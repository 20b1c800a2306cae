"""An audit of the log: all is recomputed from its rows, and held against the ledger.

What is found wrong is told by its first row. The ledger itself may have been rewritten with the
rows by whoever may do anything in the database: only a checkpoint that is kept elsewhere tells.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from domain.merkle import EMPTY, Frontier, complete_root
from infrastructure.audit_faults import Fault, Wrong, inserted_fault
from infrastructure.audit_joining import Joint, checked_by
from infrastructure.audit_stretches import STRETCH, Stretch
from infrastructure.audit_tables import found_too_often, shown_otherwise
from infrastructure.audit_telling import told
from infrastructure.audit_tiles import stray_tiles, tiles_above
from infrastructure.database import Database
from infrastructure.ledger_rows import HashedRows
from infrastructure.ledger_tables import TILE, split, stored_bytes
from infrastructure.ledger_tree import StoredTree

_LAST: Final = 2**63 - 1
"""The last position that a log could have. To SQLite every text, and all bytes, are more."""

STANDING: Final = (
    "SELECT size, leaves, frontier, "
    f"(SELECT max(position) FROM events WHERE position <= {_LAST}), "
    f"(SELECT min(position) FROM events WHERE position <= {_LAST}) FROM ledger_tail ORDER BY size"
)

NOWHERE: Final = (
    f"SELECT 1 FROM events WHERE position > {_LAST} "
    "UNION ALL SELECT 1 FROM events WHERE position IS NULL LIMIT 1"
)
"""Finds a row that stands at no position: whoever made the table anew could put one in."""


class Claim(NamedTuple):
    """What a checkpoint says: that the first `size` entries have this root; and which one it is."""

    size: int
    root: bytes
    name: str


class Verified(NamedTuple):
    """How far an audit has come without a fault: whole stretches, and the root over them."""

    position: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """How log and ledger ended when the audit began, in one moment.

    `added` is what each transaction of the last, unfinished tile added to the ledger: of how many
    entries it was then, and the hashes and the edge that it had. `strays` are the first and last
    positions that the ledger has not, where there are such rows.
    """

    size: int
    leaves: tuple[bytes, ...]
    edge: tuple[bytes, ...]
    newest: int
    strays: tuple[float, ...]
    added: tuple[tuple[int, tuple[bytes, ...], tuple[bytes, ...]], ...]


@dataclass(slots=True)
class Audited:
    """What an audit found: the faults, the first one first, and how much was recomputed."""

    size: int
    root: bytes
    since: int
    faults: list[Fault] = field(default_factory=list)
    fitting: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


class NotOfThisLog(Exception):
    """An audit cannot go on from where another one came: the log is not the same."""


def _unseen(_done: int, _all: int) -> None:
    """Tell nobody how far it is."""


@dataclass(slots=True)
class Audit:
    """One audit of a database; `run` it once.

    `since` leaves out positions up to it (in whole stretches): for them the ledger is believed.
    `on_verified` hears of each stretch that is done without a fault so far.
    """

    database: Database
    claims: Sequence[Claim] = ()
    since: int = 0
    jobs: int = 1
    on_progress: Callable[[int, int], None] = _unseen
    on_verified: Callable[[Verified], None] = lambda _verified: None
    _faults: list[Fault] = field(default_factory=list)
    _differing: list[tuple[int, bytes]] = field(default_factory=list)
    _roots: dict[int, bytes] = field(default_factory=dict)

    def go_on_from(self, verified: Verified) -> None:
        """Begin where another audit came. Raises NotOfThisLog."""
        tree = StoredTree(self.database)
        try:
            same = tree.root(verified.position) == verified.root
        except ValueError:
            same = False
        if not same:
            raise NotOfThisLog
        self.since = verified.position

    def run(self) -> Audited:
        """Recompute everything.

        Raises sqlite3.OperationalError where the file was replaced meanwhile: what was read is then
        of two files.
        """
        try:
            return self._readable()
        finally:
            self.database.check_file()

    def _readable(self) -> Audited:
        try:
            return self._run()
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            said = "a hash of the ledger is stored as a text, and cannot be read: it was altered"
            return Audited(0, EMPTY, 0, [Fault(0, Wrong.TILE, said)])

    def _run(self) -> Audited:
        standing = self._standing()
        if standing is None:
            said = "there is no ledger: its last row is missing"
            return Audited(0, EMPTY, 0, [Fault(0, Wrong.HEAD, said)])
        whole = min(standing.size, standing.newest)
        start = min(self.since, whole) // STRETCH * STRETCH
        edge = self._recompute(start, whole)
        self._hold_against(standing, edge)
        self._faults += stray_tiles(self.database)
        self._faults += shown_otherwise(self.database)
        if not self._faults:
            self._faults += found_too_often(self.database, whole)
        audited = Audited(edge.size, edge.root(), start)
        self._claims(audited)
        audited.faults = sorted(dict.fromkeys(self._faults), key=_rank)
        return audited

    def _standing(self) -> Standing | None:
        every = self.database.rows(STANDING, {})
        rows = [row for row in every if isinstance(row[0], int)]
        if not rows:
            return None
        if len(rows) < len(every):
            said = "a row of the ledger's end has no number for its entries: it was altered"
            self._faults.append(Fault(0, Wrong.HEAD, said))
        size, _, frontier, newest, oldest = rows[-1]
        leaves = split(b"".join(stored_bytes(row[1]) for row in rows))
        ends = {one for one in (newest, oldest) if one is not None}
        strays = tuple(sorted(one for one in ends if not 0 < one <= size))
        added = tuple(
            (own, split(stored_bytes(fresh)), split(stored_bytes(edge)))
            for own, fresh, edge, *_ in rows
        )
        last = max(int(newest or 0), 0)
        return Standing(size, leaves, split(stored_bytes(frontier)), last, strays, added)

    def _recompute(self, start: int, whole: int) -> Frontier:
        """Recompute the stretches and join them; return the edge of the tree of the rows."""
        joint = Joint(self.database, start)
        sizes = sorted({claim.size for claim in self.claims if claim.size <= whole})
        self._believe([size for size in sizes if size <= start])
        stretches = [
            Stretch(after, until, tuple(n for n in sizes if after < n <= until))
            for after in range(start, whole, STRETCH)
            for until in (min(after + STRETCH, whole),)
        ]
        above: list[bytes] = []
        for checked in checked_by(self.database, stretches, self.jobs):
            self._roots |= joint.add(checked)
            self._differing += checked.differing
            self._faults += checked.faults + joint.faults
            joint.faults = []
            at = checked.stretch.until
            if at % STRETCH == 0:
                above.append(complete_root(checked.roots))
            self.on_progress(at - start, whole - start)
            if at % STRETCH == 0 and not self._faults and not self._differing:
                self.on_verified(Verified(at, joint.edge.root()))
        if not self._faults and not self._differing:
            self._faults += tiles_above(self.database, start, above)
        return joint.edge

    def _believe(self, sizes: Sequence[int]) -> None:
        """Take the roots of sizes that are not recomputed from the ledger."""
        tree = StoredTree(self.database)
        for size in sizes:
            self._roots[size] = tree.root(size)

    def _hold_against(self, standing: Standing, edge: Frontier) -> None:
        """Hold what the rows gave against the ledger's end."""
        if standing.newest < standing.size:
            at, size = standing.newest + 1, standing.size
            said = f"the log ends at position {at - 1}, and {size} entries were recorded"
            self._faults.append(Fault(at, Wrong.TRUNCATED, f"{said}: it was cut off"))
        for position in standing.strays:
            self._faults.append(inserted_fault(min(position, standing.size + 1)))
        if self.database.rows(NOWHERE, {}):
            said = "a row that has no number for its position was never recorded: it was put in"
            self._faults.append(Fault(standing.size + 1, Wrong.INSERTED, said))
        self._tail(standing)
        told_as = told(HashedRows(self.database), self._differing)
        right = edge.size == standing.size and edge.hashes == standing.edge
        if right and not self._is_missing():
            said = "the ledger's own copy of the hash of position {0} was altered; its row was not"
            told_as = [Fault(n, Wrong.TILE, said.format(n)) for n, _ in self._differing]
        elif not right and not self._faults and not told_as:
            said = "the ledger's head is not the one that the rows give: the head was altered"
            self._faults.append(Fault(0, Wrong.HEAD, said))
        self._faults += told_as
        if not self._faults:
            self._earlier(standing)

    def _earlier(self, standing: Standing) -> None:
        """Hold what the last transactions added to the ledger against how it ended.

        That end and all hashes are right: what each one added follows from them.
        """
        whole = standing.size // TILE * TILE
        grown = Frontier(whole, standing.edge[: whole.bit_count()])
        for size, leaves, edge in standing.added:
            grown = grown.extended(leaves)
            if (size, edge) != (grown.size, grown.hashes):
                said = (
                    f"the ledger's row of {size} entries is not the one that was added when there "
                    f"were {grown.size}: it was altered"
                )
                self._faults.append(Fault(0, Wrong.HEAD, said))

    def _is_missing(self) -> bool:
        return any(fault.wrong is Wrong.MISSING for fault in self._faults)

    def _tail(self, standing: Standing) -> None:
        """Hold the hashes of the last, unfinished tile against those that the rows give."""
        first = standing.size // TILE * TILE
        if len(standing.leaves) != standing.size % TILE:
            said = "the ledger's last hashes are not as many as its head says: they were altered"
            self._faults.append(Fault(0, Wrong.HEAD, said))
            return
        missing = {fault.position for fault in self._faults if fault.wrong is Wrong.MISSING}
        page = HashedRows(self.database).page(first, min(standing.size, standing.newest))
        for position, *_, leaf in page.rows():
            if position in missing or not isinstance(position, int):
                continue
            stored = standing.leaves[position - first - 1]
            if leaf != stored:
                self._differing.append((position, stored))

    def _claims(self, audited: Audited) -> None:
        """Hold checkpoints against the rows."""
        fits = 0
        for claim in sorted(self.claims):
            if claim.size > audited.size:
                said = (
                    f"{claim.name} is of {claim.size} entries, and the log has {audited.size}: "
                    "it was cut off"
                )
                self._faults.append(Fault(audited.size + 1, Wrong.TRUNCATED, said))
            elif self._roots.get(claim.size, EMPTY) == claim.root:
                fits = claim.size
                audited.fitting.append(claim.name)
            else:
                said = (
                    f"{claim.name} says of the first {claim.size} entries what is not in the log: "
                    f"one of positions {fits + 1} to {claim.size} is not what it was, or the "
                    "checkpoint shows another history"
                )
                self._faults.append(Fault(fits + 1, Wrong.CHECKPOINT, said))


def _rank(fault: Fault) -> tuple[bool, bool, int, int]:
    """Give the order of faults: by their rows, and of one row what happened to it first.

    Those of no row come after them, and a checkpoint that does not fit at the end: it follows from
    what happened to rows.
    """
    follows, of_no_row = fault.wrong is Wrong.CHECKPOINT, fault.position == 0
    return follows, of_no_row, fault.position, list(Wrong).index(fault.wrong)
