"""The projector: follows the log and keeps the tables of the views.

It reads the log in batches, makes the rows of each owner that a batch touches once, and writes them
with the new place of the view in one transaction. Nothing is read ahead: the next batch is read
when the last is applied.
"""

import os
import socket
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from application.views.folding import FOLDS, kind_of, owner_of
from application.views.rows import CaseRow
from application.views.view import View
from infrastructure.collecting import rarely_collected
from infrastructure.log_tables import Row
from infrastructure.projection_lock import Locks, locks_of
from infrastructure.projection_registry import Overtaken, Standing
from infrastructure.projections import Projections
from infrastructure.published_late import AT_ONCE, issued, naming
from infrastructure.stream_folding import FoldedStreams, Outcome, by_stream, fold_each
from infrastructure.view_tables import ViewTables
from infrastructure.view_writing import Made, make, make_each

PAGE = 2000
"""Entries that are read at a time."""

MOST = 20_000
"""Entries at most that are applied in one transaction: an owner whom several batches would touch is
written once. What writes with the log's lock held has acts wait that long.
"""

LARGE = 2**25
"""Bytes of entries after which no more are read for a transaction: those of readings are long."""

KEPT = 2000
"""Folded streams that are kept in memory."""


def whoami() -> str:
    """Return this process's name, as the registry tells who keeps a view."""
    return f"{socket.gethostname()}:{os.getpid()}"


def lock_of(view: str) -> str:
    """Return the name of the lock that the runner of a view holds."""
    return f"follow-{view}"


class _Part(NamedTuple):
    """What a batch holds for one view: streams that have something new."""

    view: View[Any]
    standing: Standing
    tables: ViewTables
    streams: frozenset[str]


class Projector:
    """Keeps those views that no other process keeps."""

    def __init__(self, projections: Projections, *, most: int = MOST) -> None:
        self._all, self._most = projections, most
        self._locks: Locks = locks_of(projections.database)
        self._folded = FoldedStreams(projections.reader, projections.whole, KEPT)
        self._hears_of_erasures = False
        self.held: set[str] = set()

    def take_over(self) -> set[str]:
        """Take the views that nobody keeps, and let go of those whose lock was lost.

        A view whose rows are of a newer program's shape is left to that program. Return those that
        were taken now.
        """
        if not self._hears_of_erasures:
            self._all.log.keys.when_destroyed(self._folded.forget)
            self._hears_of_erasures = True
        newer = self._all.newer()
        for name in self.held & newer:
            self._locks.give_back(lock_of(name))
        self.held = {name for name in self.held - newer if self._locks.holds(lock_of(name))}
        free = [name for name in self._all.views if name not in self.held | newer]
        taken = {name for name in free if self._locks.take(lock_of(name))}
        if taken:
            self._sign(taken, whoami())  # where it fails, they are not held, and are taken anew
            self.held |= taken
        return taken

    def _sign(self, names: set[str], by: str | None) -> None:
        with self._all.writing() as cursor:
            for name in sorted(names):
                self._all.registry.runs(cursor, name, by)

    def close(self) -> None:
        """Let go of all views, and of all that is folded: nobody says any more what was erased."""
        self._all.log.keys.no_longer(self._folded.forget)
        self._hears_of_erasures = False
        self._folded.forget()
        mine = {name for name in self.held if self._locks.holds(lock_of(name))}
        self.held = set()
        try:
            if mine:
                self._sign(mine, None)
        finally:
            self._locks.close()

    def standings(self) -> list[tuple[View[Any], Standing]]:
        """Return where the views stand that this one can carry on."""
        found = self._all.registry.read()
        return [
            (view, found[name])
            for name, view in self._all.views.items()
            if name in self.held and name in found and is_kept(view, found[name])
        ]

    def step(self, but: Collection[str] = ()) -> int:
        """Apply the next batch to the views that lie furthest back; return its entries' number.

        Views that are named in `but` are left. Another process that moved a view meanwhile has the
        batch thrown away; it is done again.
        """
        standings = [(view, found) for view, found in self.standings() if view.name not in but]
        if not standings:
            return 0
        after = min(standing.position for _, standing in standings)
        rows = self._batch(after)
        if rows:
            try:
                with rarely_collected():
                    self._apply(standings, rows)
            except Overtaken:
                return 1
        return len(rows)

    def _batch(self, after: int) -> list[Row]:
        rows: list[Row] = []
        size, limit = 0, min(PAGE, self._most)
        while limit and size < LARGE:
            page = self._all.page(after, limit)
            rows += page
            if len(page) < limit:
                break
            after, size = page[-1][0], size + sum(len(row[-1]) for row in page)
            limit = min(PAGE, self._most - len(rows))
        return rows

    def _apply(self, standings: Sequence[tuple[View[Any], Standing]], rows: list[Row]) -> None:
        to = rows[-1][0]
        streams = by_stream(row for row in rows if kind_of(row[1]) in self._all.kinds)
        behind = [(view, standing) for view, standing in standings if standing.position < to]
        self._make_anew(behind, rows)
        parts = [self._part(view, standing, streams) for view, standing in behind]
        added = [(part, self._added(part, streams)) for part in parts if _adds(part)]
        parts = [part for part in parts if not _adds(part)]
        wanted = frozenset(chain.from_iterable(part.streams for part in parts))
        outcomes = self._folded.brought({name: streams[name] for name in sorted(wanted)})
        made = self._made(parts, outcomes)
        under_lock = any(part.view.inline and made[part.view.name] for part in parts)
        with self._all.writing(under_lock=under_lock) as cursor:
            at = self._all.now()
            for _, standing in behind:
                self._all.registry.move(cursor, standing, to, at)
            for part in parts:
                self._write(cursor, part, made[part.view.name], at)
            for part, some in added:
                self._add(cursor, part, some, at)

    def _added(self, part: _Part, streams: Mapping[str, Sequence[Row]]) -> list[Made]:
        """Make the rows that new entries add to those of their owners."""
        new = [
            row
            for stream in sorted(part.streams)
            for row in streams[stream]
            if row[0] > part.standing.position
        ]
        rules = self._all.rules
        folded = fold_each(self._all.reader, new)
        return [make(part.view, stream, outcome, rules) for stream, outcome in folded]

    def _add(self, cursor: Any, part: _Part, made: Sequence[Made], at: int) -> None:
        """Add rows; of an owner some of whose rows are there already all are made anew.

        So they are of one who was set aside, whose rows are not all there.
        """
        owners = [one.owner for one in made]
        aside = self._all.registry.asides_among(cursor, part.view.name, owners)
        again = [one.owner for one in made if one.owner in aside]
        fit = [one for one in made if one.owner not in aside]
        again += self._all.writer.add(cursor, part.tables, fit, at)
        if again:
            outcomes = self._folded.loaded([f"{part.view.kind}:{owner}" for owner in again])
            whole = part._replace(streams=frozenset(outcomes))
            self._write(cursor, whole, self._made([whole], outcomes)[part.view.name], at)

    def _part(
        self, view: View[Any], standing: Standing, streams: Mapping[str, Sequence[Row]]
    ) -> _Part:
        tables = self._all.tables(view, standing.generation)
        newest = {
            stream: rows[-1][2]
            for stream, rows in streams.items()
            if rows[-1][0] > standing.position and kind_of(stream) == view.kind
        }
        if view.inline and newest:
            with self._all.reading() as cursor:
                newest = self._not_there(cursor, standing, tables, newest)
        return _Part(view, standing, tables, frozenset(newest))

    def _not_there(
        self, cursor: Any, standing: Standing, tables: ViewTables, newest: Mapping[str, int]
    ) -> dict[str, int]:
        """Return the streams whose rows were not written with their entries."""
        owners = [owner_of(stream) for stream in newest]
        there = self._all.versions(cursor, tables, owners)
        aside = self._all.registry.asides_among(cursor, standing.name, owners)
        return {
            stream: version
            for stream, version in newest.items()
            if there.get(owner_of(stream), 0) < version or owner_of(stream) in aside
        }

    def _made(
        self, parts: Sequence[_Part], outcomes: Mapping[str, Outcome]
    ) -> dict[str, list[Made]]:
        made: dict[str, list[Made]] = {part.view.name: [] for part in parts}
        for stream in sorted(frozenset(chain.from_iterable(part.streams for part in parts))):
            views = [part.view for part in parts if stream in part.streams]
            each = make_each(views, stream, outcomes[stream], self._all.rules)
            for view, one in zip(views, each, strict=True):
                made[view.name].append(one)
        return made

    def _write(self, cursor: Any, part: _Part, made: Sequence[Made], at: int) -> None:
        if not made:
            return
        if part.view.inline:  # somebody may have written newer rows since they were looked at
            there = self._all.versions(cursor, part.tables, [one.owner for one in made])
            made = [one for one in made if there.get(one.owner, 0) <= one.version]
        owners = [one.owner for one in made]
        asides = self._all.registry.asides_among(cursor, part.view.name, owners)
        self._all.writer.write(cursor, part.tables, made, at, asides)

    def _make_anew(self, behind: Sequence[tuple[View[Any], Standing]], rows: list[Row]) -> None:
        """Make anew the rows of journeys that named a version before the rows publish it.

        It is done before the view moves past: whoever is interrupted does it again.
        """
        versions = issued(self._all, rows)
        if not versions:
            return
        for view, standing in behind:
            if view.kind == "journey":
                for owners in naming(self._all, self._known(view, standing), versions, rows[-1][0]):
                    self._remake(view, standing, owners)

    def _known(self, view: View[Any], standing: Standing) -> ViewTables:
        """Return tables that know all journeys of a view: a caseload's, if one has come as far."""
        there = self._all.registry.read()
        cases = [v for v in self._all.views.values() if CaseRow in v.tables and v.name in there]
        for other in cases:
            found = there[other.name]
            if is_kept(other, found) and found.position >= standing.position:
                return self._all.tables(other, found.generation)
        return self._all.tables(view, standing.generation)

    def retry(self) -> int:
        """Try once more what was set aside; return how many owners were taken in again."""
        before = self._count()
        for view, standing in self.standings():
            if standing.has_aside:
                self._retry(view, standing)
        return before - self._count()

    def _count(self) -> int:
        many = self._all.registry.many_aside()
        return sum(many.get(name, 0) for name in self.held)

    def _retry(self, view: View[Any], standing: Standing) -> None:
        with self._all.reading() as cursor:
            aside = sorted(self._all.registry.asides_of(cursor, view.name))
        for begin in range(0, len(aside), AT_ONCE):
            self._remake(view, standing, aside[begin : begin + AT_ONCE])

    def _remake(self, view: View[Any], standing: Standing, owners: Sequence[str]) -> None:
        """Make the rows of owners anew from their streams, as the log has them."""
        outcomes = self._folded.loaded([f"{view.kind}:{owner}" for owner in owners])
        tables = self._all.tables(view, standing.generation)
        part = _Part(view, standing, tables, frozenset(outcomes))
        made = self._made([part], outcomes)[view.name]
        with self._all.writing(under_lock=True) as cursor:
            now = self._all.registry.read(cursor)[view.name]
            # Whoever took the view over in between may have written newer rows.
            if (now.generation, now.position) == (standing.generation, standing.position):
                self._write(cursor, part, made, self._all.now())


def _adds(part: _Part) -> bool:
    return FOLDS[part.view.kind].adds


def is_kept(view: View[Any], standing: Standing) -> bool:
    """Whether a view has tables whose rows are of this program's shape."""
    return standing.generation > 0 and standing.shape == view.shape
