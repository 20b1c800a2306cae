"""Rebuilding views: into tables of the next generation, beside those that are read.

The log is read once in the order of its streams, so that each is folded once, and all views of a
kind are made from it. Then what was recorded meanwhile is applied, the new rows are compared with
the old ones, and reading is switched over at once, under the log's lock.
"""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from threading import Event
from typing import Any, TypeVar

from application.views.folding import kind_of
from application.views.view import View
from infrastructure.collecting import rarely_collected
from infrastructure.comparing import Comparison, compare
from infrastructure.filling import (
    Filled,
    Filling,
    index,
    index_without_some,
    kinds,
    made_by_view,
    shares,
)
from infrastructure.filling_helpers import filled_by_helpers, helpers_for
from infrastructure.log_tables import Row
from infrastructure.projection_lock import Locks, locks_of
from infrastructure.projection_registry import Standing
from infrastructure.projections import Projections
from infrastructure.projector import KEPT, is_kept
from infrastructure.published_late import issued, naming
from infrastructure.rebuild_leavings import clear, clear_if_unread, lock_of
from infrastructure.side_by_side import side_by_side
from infrastructure.stream_folding import FoldedStreams, by_stream
from infrastructure.view_tables import ORDERS, ViewTables
from infrastructure.view_writing import Made, put
from infrastructure.whole_streams import PAGE

FEW = 200
"""Entries that may be left to apply under the log's lock."""

AT_ONCE = 2
"""Tables whose indexes are made, or views whose rows are compared, at the same time."""

GRACE_SECONDS = 1.0
"""How long the old tables stay for those who are about to read them."""

K = TypeVar("K")
T = TypeVar("T")

Advance = Callable[[int, int], None]
"""Called with how many entries are done, and how many there are."""


class BeingRebuilt(Exception):
    """Another process rebuilds the view already."""

    def __init__(self, view: str) -> None:
        super().__init__(
            f"the view {view} is being rebuilt by another process: wait for it, or end it"
        )
        self.view = view


class Cancelled(Exception):
    """The rebuild was asked to end; what it had built is gone, the view is as it was."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: rows written, and owners set aside.

    `compared` says how they compare with the old ones, None where there were none of this shape.
    """

    view: str
    generation: int
    position: int
    rows: int
    seconds: float
    quarantined: int
    compared: Comparison | None


@dataclass(slots=True)
class _Building:
    """A generation of one view that is being built."""

    view: View[Any]
    before: Standing
    tables: ViewTables
    rows: int = 0
    failed: dict[str, Made] = field(default_factory=dict)


class Rebuild:
    """One rebuild of some views; `between` is called now and then, to do other work.

    `patience`: seconds that readers of tables to be dropped are waited for, as `clear` says.
    """

    def __init__(
        self,
        projections: Projections,
        views: Sequence[View[Any]],
        *,
        stop: Event | None = None,
        on_progress: Advance = lambda _done, _all: None,
        between: Callable[[], object] = lambda: None,
        grace: float | None = None,
        patience: int | None = None,
    ) -> None:
        self._all, self._views, self._patience = projections, views, patience
        self._stop = stop or Event()
        self._on_progress, self._between = on_progress, between
        self._grace = GRACE_SECONDS if grace is None else grace
        self._locks: Locks = locks_of(projections.database)
        self._building: list[_Building] = []
        self._folded = FoldedStreams(projections.reader, projections.whole, KEPT)
        self._since = self._as_of = 0

    def run(self) -> list[Rebuilt]:
        """Rebuild the views and switch to the new tables.

        Raises BeingRebuilt, StillRead, Cancelled where `stop` was set, or the database's error:
        then, and where it is interrupted, the views are as they were.
        """
        begun = time.perf_counter()
        try:
            self._take()
            try:
                with rarely_collected():
                    found = self._run(begun)
            except BaseException:
                self._give_up()
                raise
            self._drop_retired()
            return found
        finally:
            self._locks.close()

    def _run(self, begun: float) -> list[Rebuilt]:
        self._begin()
        head = self._all.log.position()
        self._look_for_destroyed()
        self._fill(head)
        self._index(head)
        self._catch_up()
        compared = self._side_by_side(self._compared, self._building)
        position = self._switch()
        seconds = time.perf_counter() - begun
        return [
            Rebuilt(
                one.view.name,
                one.tables.generation,
                position,
                one.rows,
                seconds,
                len(one.failed),
                found,
            )
            for one, found in zip(self._building, compared, strict=True)
        ]

    def _take(self) -> None:
        for view in self._views:
            if not self._locks.take(lock_of(view.name)):
                raise BeingRebuilt(view.name)

    def _begin(self) -> None:
        self._look_for_destroyed()
        self._since = self._as_of
        with self._all.writing() as cursor:
            for view in self._views:
                self._all.registry.enter(cursor, view.name, 0, self._all.now())
            standings = self._all.registry.read(cursor)
        for view in self._views:
            clear(self._all, view, standings[view.name], self._patience)
        with self._all.writing() as cursor:
            for view in self._views:
                self._start(cursor, view, standings[view.name])

    def _start(self, cursor: Any, view: View[Any], standing: Standing) -> None:
        generation = standing.next_generation
        tables = self._all.tables(view, generation)
        tables.drop(cursor)
        # On SQLite making indexes would lock writers out for as long as it takes.
        tables.create(cursor, indexes=self._all.database.is_sqlite)
        self._all.registry.build(cursor, view.name, generation)
        self._building.append(_Building(view, standing, tables))

    def _look_for_destroyed(self) -> None:
        """Forget what was folded before keys were destroyed last."""
        keys = self._all.log.keys
        keys.look_for_destroyed()
        if keys.as_of != self._as_of:
            self._as_of = keys.as_of
            self._folded.forget()

    def _check(self) -> None:
        if self._stop.is_set():
            raise Cancelled
        self._between()

    def _fill(self, head: int) -> None:
        """Fold each stream once, and write its owner's rows into every view of its kind."""
        done, by_name = 0, {one.view.name: one for one in self._building}
        with closing(self._filled(head)) as filled:
            for each in filled:
                for name, rows in each.rows.items():
                    by_name[name].rows += rows
                    by_name[name].failed.update((made.owner, made) for made in each.failed[name])
                done += each.entries
                self._on_progress(done, max(head, done))
                self._check()

    def _filled(self, head: int) -> Generator[Filled, None, None]:
        tables = [one.tables for one in self._building]
        helpers = helpers_for(self._all, head)
        if helpers:
            yield from filled_by_helpers(self._all, tables, head, helpers)
            return
        filling = Filling(self._all, tables, head)
        for kind in kinds(tables):
            for stretch in shares(self._all, kind):
                yield filling.fill(stretch)

    def _index(self, head: int) -> None:
        if not self._all.database.is_sqlite:
            self._make_indexes()
        with self._all.writing() as cursor:
            standings = self._all.registry.read(cursor)
            for one in self._building:
                standing = standings[one.view.name]
                self._all.registry.move_building(cursor, standing, head, self._all.now())

    def _make_indexes(self) -> None:
        """Make the indexes table by table, those that take longest first, so that none is last."""
        every = [(one, row) for one in self._building for row in one.tables.tables]
        every.sort(key=lambda each: -len(ORDERS[each[1]]))
        done = self._side_by_side(lambda each: index(self._all, each[0].tables, each[1]), every)
        for one in self._building:
            left = [
                r for (of, r), whole in zip(every, done, strict=True) if of is one and not whole
            ]
            refused = index_without_some(self._all, one.tables, left) if left else ()
            one.failed.update((each.owner, each) for each in refused)

    def _side_by_side(self, work: Callable[[K], T], of: Sequence[K]) -> list[T]:
        at_once = 1 if self._all.database.is_sqlite else AT_ONCE
        return side_by_side(work, of, at_once, self._check)

    def _catch_up(self) -> None:
        """Apply what was recorded meanwhile, until there are few entries left."""
        while True:
            standings = self._all.registry.read()
            rows = self._all.page(self._position(standings), PAGE)
            if len(rows) <= FEW and not issued(self._all, rows):
                return
            self._make_anew(rows)
            made = self._made(rows)
            with self._all.writing() as cursor:
                self._apply(cursor, standings, rows, made)
            self._check()

    def _position(self, standings: Mapping[str, Standing]) -> int:
        return min(standings[one.view.name].building_position or 0 for one in self._building)

    def _made(self, rows: Sequence[Row]) -> dict[str, list[Made]]:
        self._look_for_destroyed()
        streams = by_stream(row for row in rows if kind_of(row[1]) in self._kinds)
        outcomes = self._folded.brought(streams)
        views = [one.view for one in self._building]
        return made_by_view(views, outcomes.items(), self._all.rules)

    @property
    def _kinds(self) -> set[str]:
        return {one.view.kind for one in self._building}

    def _apply(
        self,
        cursor: Any,
        standings: Mapping[str, Standing],
        rows: Sequence[Row],
        made: Mapping[str, Sequence[Made]],
    ) -> None:
        for one in self._building:
            name = one.view.name
            self._all.registry.move_building(cursor, standings[name], rows[-1][0], self._all.now())
            _put(cursor, one, made[name])

    def _make_anew(self, rows: Sequence[Row], cursor: Any = None) -> None:
        """Make anew the rows of journeys that named a version before the rows publish it."""
        versions = issued(self._all, rows)
        for one in self._building if versions else ():
            if one.view.kind == "journey":
                for owners in naming(self._all, one.tables, versions, rows[-1][0], cursor):
                    outcomes = self._folded.loaded([f"journey:{owner}" for owner in owners])
                    made = made_by_view([one.view], outcomes.items(), self._all.rules)
                    with self._all.writing() if cursor is None else nullcontext(cursor) as writer:
                        _put(writer, one, made[one.view.name])

    def _compared(self, one: _Building) -> Comparison | None:
        if not is_kept(one.view, one.before):
            return None
        old = self._all.tables(one.view, one.before.generation)
        return compare(self._all, old, one.tables, frozenset(one.failed))

    def _switch(self) -> int:
        """Apply the last entries and have the new tables read, while nobody can append."""
        with self._all.writing(under_lock=True) as cursor:
            standings = self._all.registry.read(cursor)
            while rows := self._all.page(self._position(standings), PAGE):
                self._make_anew(rows, cursor)
                self._apply(cursor, standings, rows, self._made(rows))
                standings = self._all.registry.read(cursor)
            self._look_for_destroyed()
            for one in self._building:
                self._set_aside(cursor, one)
                if self._as_of != self._since:
                    one.tables.forget_words(cursor)  # of who was erased since it began
                name, shape = one.view.name, one.view.shape
                self._all.registry.switch(cursor, standings[name], shape, self._all.now())
        return self._position(standings)

    def _set_aside(self, cursor: Any, one: _Building) -> None:
        """Keep the old rows of whom the view could not take, marked as stale."""
        name = one.view.name
        asides = self._all.registry.asides_of(cursor, name)
        self._all.registry.take_in_all(cursor, name)
        if one.failed and is_kept(one.view, one.before):
            old = self._all.tables(one.view, one.before.generation)
            one.tables.replace(cursor, list(one.failed), old.rows_of(cursor, list(one.failed)))
        failed = list(one.failed.values())
        self._all.writer.set_aside(cursor, one.tables, failed, self._all.now(), asides)

    def _give_up(self) -> None:
        """Drop what was built."""
        for one in self._building:
            standing = self._all.registry.read()[one.view.name]
            clear_if_unread(self._all, one.view, standing, self._patience)

    def _drop_retired(self) -> None:
        if any(one.before.generation for one in self._building):
            self._stop.wait(self._grace)
        standings = self._all.registry.read()
        for one in self._building:
            clear_if_unread(self._all, one.view, standings[one.view.name], self._patience)


def _put(cursor: Any, one: _Building, made: Sequence[Made]) -> None:
    """Put what was made in the place of its owners' rows, and note whom the view cannot take."""
    for each in made:
        one.failed.pop(each.owner, None)
    failed = [each for each in made if each.rows is None]
    failed += put(cursor, one.tables, [each for each in made if each.rows is not None])
    one.failed.update((each.owner, each) for each in failed)
