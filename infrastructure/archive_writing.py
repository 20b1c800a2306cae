"""Writing the archive behind the log: what is new, in segments, and small ones merged.

A long stretch is written by helper processes side by side, a segment each. What one run did not
come to, or lost, the next one does.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from multiprocessing import current_process, get_context
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.archive_encoding import stored_as
from infrastructure.archive_folder import (
    Segment,
    chain,
    check,
    clean,
    digest,
    making,
    put,
    readable,
    remove_all,
    segments,
    shape,
    writing,
)
from infrastructure.archive_log import check_log, check_page
from infrastructure.archive_tables import ArchiveStatements, ArchiveTables
from infrastructure.collecting import rarely_collected
from infrastructure.database import Database
from infrastructure.event_names import EventNames
from infrastructure.helper_processes import settle
from infrastructure.ledger_tree import StoredTree
from infrastructure.logging import messages
from infrastructure.registered_events import registered_events

SEGMENT = 1_000_000
"""Entries that a segment has at most, unless somebody asks for another size."""

PAGE = 50_000
"""Entries that are made into columns at a time."""

ROWS_TOGETHER = 120_000
"""Rows of one table that are kept until they are written together."""

MANY = 250_000
"""Entries from which on helpers are worth their start."""

HELPERS = 4
"""Helper processes at most."""

Advance = Callable[[int, int], None]


class TableFiles(AbstractContextManager["TableFiles"]):
    """The Parquet files of a segment that is being made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, pq.ParquetWriter] = {}
        self._kept: dict[str, list[pa.Table]] = {}
        self.rows: dict[str, int] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """Add rows to a table: they come after those that it has."""
        kept = self._kept.setdefault(name, [])
        kept.append(table)
        self.rows[name] = self.rows.get(name, 0) + table.num_rows
        if sum(one.num_rows for one in kept) >= ROWS_TOGETHER:
            self._write(name)

    def _write(self, name: str) -> None:
        table = pa.concat_tables(self._kept.pop(name))
        if name not in self._files:
            file = self._folder / f"{name}.parquet"
            self._files[name] = pq.ParquetWriter(file, table.schema, **stored_as(table.schema))
        self._files[name].write_table(table)

    def finish(self) -> dict[str, tuple[int, str]]:
        """Write what is left; return the rows and the SHA-256 of each file."""
        for name in [*self._kept]:
            self._write(name)
        for name in [*self._files]:
            self._files.pop(name).close()
        files = {f"{name}.parquet": rows for name, rows in self.rows.items()}
        return {name: (rows, digest(self._folder / name)) for name, rows in files.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._files.values():
            writer.close()


@dataclass
class ArchiveWriter:
    """Writes the archive of a database's log into a folder."""

    folder: Path
    database: Database
    names: EventNames = field(default_factory=registered_events)
    segment: int = SEGMENT
    helpers: int = HELPERS

    def catch_up(self, until: int, on_progress: Advance) -> list[Segment]:
        """Take in the entries up to a position; return the segments that hold them.

        Raises AnotherLog, DamagedArchive, EntryMissing, UnknownEvent or UnreadableEvent.
        """
        with writing(self.folder):
            self._remove_other_shapes()
            clean(self.folder)
            every = segments(self.folder)
            check_log(self.folder, chain(every), self.database)
            at = _rows(every)
            with rarely_collected():
                try:
                    self._take_in(every, until, on_progress)
                except BrokenProcessPool as error:  # a helper died, for want of memory perhaps
                    messages().warning("archive-helpers-died", failure=error)
                    self.helpers = 1
                    self._take_in(segments(self.folder), until, on_progress)
            if _rows(segments(self.folder)) - at < MANY:  # more is large enough, and waits
                self._merge()
            clean(self.folder)
            return readable(self.folder)

    def _take_in(self, every: list[Segment], until: int, on_progress: Advance) -> None:
        """Write what is missing up to a position, beside the segments that there are."""
        done = at = _rows(every)
        stretches = [*missing(every, until, self._length(until - at))]
        for made in self._written(stretches, on_progress, at):
            done += made.rows
            on_progress(done, max(done, until))

    def _length(self, entries: int) -> int:
        """Return how many entries a segment gets: so that all helpers have as much to do."""
        workers = min(self.helpers, os.cpu_count() or 1)
        turns = max(1, ceil(entries / (self.segment * workers)))
        return min(self.segment, max(MANY // 2, ceil(entries / (turns * workers))))

    def _remove_other_shapes(self) -> None:
        if any(one.shape != shape() for one in segments(self.folder)):
            remove_all(self.folder)

    def _written(
        self, stretches: Sequence[tuple[int, int]], on_progress: Advance, done: int
    ) -> Iterator[Segment]:
        entries = sum(until - after for after, until in stretches)
        alone = self.database.in_memory or self.helpers < 2 or current_process().daemon
        if alone or entries < MANY or len(stretches) < 2:
            total = done + entries
            for after, until in stretches:
                yield self.write(after, until, partial(_tell, on_progress, done, total))
                done += until - after
            return
        url = self.database.url.render_as_string(hide_password=False)
        with ProcessPoolExecutor(
            min(self.helpers, os.cpu_count() or 1), get_context("spawn"), _begin, (url, self.folder)
        ) as pool:
            try:
                yield from pool.map(_write, stretches)
            finally:
                pool.shutdown(cancel_futures=True)

    def write(
        self, after: int, until: int, on_page: Callable[[int], None] = lambda _n: None
    ) -> Segment:
        """Write the segment of a stretch of positions."""
        statements = ArchiveStatements(is_sqlite=self.database.is_sqlite)
        tables = ArchiveTables(self.names, self.database.rows, statements)
        with making(self.folder, after, until) as made, TableFiles(made) as files:
            for first in range(after, until, PAGE):
                asked = {"after": first, "until": min(first + PAGE, until)}
                page = self.database.rows(statements.page, asked)
                check_page(page, **asked)
                for name, table in tables.made(page).items():
                    files.add(name, table)
                on_page(asked["until"] - after)
            return self._put(made, after, until, files)

    def _put(self, made: Path, after: int, until: int, files: TableFiles) -> Segment:
        tree = StoredTree(self.database)
        roots = tree.root(1).hex(), tree.root(until).hex()
        segment = Segment(made, after, until, shape(), *roots, files.finish())
        return put(self.folder, made, segment)

    def _merge(self) -> None:
        """Merge the newest segments until each is more than all that are newer than it together."""
        held = chain(segments(self.folder))
        some = to_merge(held, self.segment)
        if len(some) < 2:
            return
        after, until = some[0].after, some[-1].until
        with making(self.folder, after, until) as made, TableFiles(made) as files:
            for one in some:
                for name in one.files:
                    check(one, name)
                    files.add(name.removesuffix(".parquet"), pq.read_table(one.folder / name))
            self._put(made, after, until, files)


def _rows(every: list[Segment]) -> int:
    """Return how many entries are held without a gap."""
    return sum(one.rows for one in chain(every))


def _tell(on_progress: Advance, before: int, total: int, done: int) -> None:
    on_progress(before + done, total)


def missing(every: Sequence[Segment], until: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of positions that no segment holds, none longer than `most`."""
    at = 0
    for one in sorted(every):
        yield from _cut(at, min(one.after, until), most)
        at = max(at, one.until)
    yield from _cut(at, until, most)


def _cut(after: int, until: int, most: int) -> Iterator[tuple[int, int]]:
    return ((first, min(first + most, until)) for first in range(after, until, most))


def to_merge(held: Sequence[Segment], most: int) -> Sequence[Segment]:
    """Return the newest segments that are to be one, at most so many entries in all.

    Then each one is more than twice as large as all that are newer: there are few, and an entry is
    written again a few times only, however long the archive is followed.
    """
    first, rows = len(held), 0
    for place in range(len(held) - 1, -1, -1):
        own = held[place].rows
        if rows + own > most:
            break
        if own <= 2 * rows:
            first = place
        rows += own
    return held[first:]


_writer: ArchiveWriter | None = None


def _begin(url: str, folder: Path) -> None:
    global _writer  # noqa: PLW0603 - what a helper process is for, made once
    settle()
    _writer = ArchiveWriter(folder, Database(url))


def _write(stretch: tuple[int, int]) -> Segment:
    if _writer is None:
        raise RuntimeError("this helper was not begun")
    with rarely_collected():
        return _writer.write(*stretch)
