"""Stretches of an audit, recomputed by several processes and joined in their order."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from domain.merkle import Frontier
from infrastructure.audit_faults import Fault, clock_fault, version_fault
from infrastructure.audit_stretches import Checked, Stretch, check
from infrastructure.audit_worker import begin, recompute
from infrastructure.database import Database
from infrastructure.ledger_rows import HashedRows
from infrastructure.ledger_tables import TILE
from infrastructure.ledger_tree import StoredTree
from infrastructure.logging import messages


class Joint:
    """Joins stretches in their order: the tree, the streams' versions and the clock."""

    def __init__(self, database: Database, start: int) -> None:
        self._database = database
        self.edge = Frontier()
        self.faults: list[Fault] = []
        self._versions: dict[str, int] = {}
        self._micros: int | None = None
        if start:
            self._begin_at(start)

    def _begin_at(self, start: int) -> None:
        tree = StoredTree(self._database)
        numbers = [n for n in reversed(range(start.bit_length())) if start >> n & 1]
        hashes, done = [], 0
        for level in numbers:
            hashes.append(tree.subtree(level, done >> level))
            done += 1 << level
        self.edge = Frontier(start, tuple(hashes))
        last = HashedRows(self._database).page(start - 1, start).even()
        self._micros = last.instants[0] if last.instants else None
        newest = (
            f"SELECT stream, max(version) FROM events WHERE position <= {start} GROUP BY stream"
        )
        self._versions = dict(self._database.rows(newest, {}))

    def add(self, checked: Checked) -> dict[int, bytes]:
        """Add the next stretch, and return the roots of the sizes that are asked within it."""
        self._follow(checked)
        tiles = Frontier(self.edge.size // TILE, self.edge.hashes)
        roots: dict[int, bytes] = {}
        first, done = checked.stretch.after, 0
        for size, within in checked.edges.items():
            before = (size - 1) // TILE - first // TILE
            tiles = tiles.extended(checked.roots[done:before])
            done = max(done, before)
            roots[size] = _over(tiles, within).root()
        tiles = tiles.extended(checked.roots[done:])
        self.edge = _over(tiles, Frontier().extended(checked.rest))
        return roots

    def _follow(self, checked: Checked) -> None:
        if checked.clocks is not None:
            if self._micros is not None and checked.clocks[0] < self._micros:
                self.faults.append(clock_fault(checked.stretch.after + 1))
            self._micros = checked.clocks[1]
        versions = self._versions
        for stream, first in checked.firsts.items():
            before = versions.get(stream, 0)
            if first != before + 1:
                position = self._position(stream, first, checked.stretch)
                self.faults.append(version_fault(position, stream, first, before))
        versions.update(checked.newest)

    def _position(self, stream: str, version: int, stretch: Stretch) -> int:
        rows = HashedRows(self._database).pages(stretch.after, stretch.until)
        return next(
            (one[0] for page in rows for one in page.rows() if one[2:4] == (stream, version)),
            stretch.after + 1,
        )


def _over(tiles: Frontier, within: Frontier) -> Frontier:
    """Return the edge of whole tiles with the edge within the one that follows."""
    if within.size == TILE:
        tiles, within = tiles.extended((within.root(),)), Frontier()
    return Frontier(tiles.size * TILE + within.size, tiles.hashes + within.hashes)


def checked_by(database: Database, stretches: Sequence[Stretch], jobs: int) -> Iterator[Checked]:
    """Yield what was found in each stretch, in their order.

    Where a helper process died, for want of memory perhaps, this process does the rest by itself.
    """
    done = 0
    if jobs > 1 and len(stretches) > 1 and not database.in_memory:
        try:
            for checked in _by_helpers(database, stretches, jobs):
                yield checked
                done += 1
        except BrokenProcessPool as error:
            messages().warning("audit-helpers-died", failure=error)
    yield from (check(database, stretch) for stretch in stretches[done:])


def _by_helpers(database: Database, stretches: Sequence[Stretch], jobs: int) -> Iterator[Checked]:
    url = database.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(min(jobs, len(stretches)), get_context("spawn"), begin, (url,)) as by:
        waiting: deque[Future[Checked]] = deque()
        try:
            for stretch in stretches:
                waiting.append(by.submit(recompute, stretch))
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            by.shutdown(cancel_futures=True)
