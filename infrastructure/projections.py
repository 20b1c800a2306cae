"""The views of a log: their folds, their tables, and the registry of where they stand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from application.views.view import Rules, View
from infrastructure.clock import utc_now
from infrastructure.database import may_only_read
from infrastructure.entry_rows import to_micros
from infrastructure.event_log import SqlEventLog
from infrastructure.log_statements import json_list, statements_of
from infrastructure.log_tables import Row
from infrastructure.projection_registry import Registry, Standing
from infrastructure.row_reader import RowReader
from infrastructure.view_tables import ViewTables, tables_of
from infrastructure.view_writing import ViewWriter, versioned


class Projections:
    """What keeping and asking the views of a log needs, put together once.

    `helpers` is how many processes may help with a rebuild, where the views are the shipped ones.
    """

    def __init__(
        self,
        log: SqlEventLog,
        views: Sequence[View[Any]],
        rules: Rules,
        clock: Callable[[], datetime] = utc_now,
        helpers: int = 0,
    ) -> None:
        self.helpers = helpers
        self.log, self.database, self.rules = log, log.database, rules
        self.views = {view.name: view for view in views}
        self.kinds = frozenset(view.kind for view in views)
        self.registry = Registry(log.database)
        self.writer = ViewWriter(self.registry)
        self.reader = RowReader(log.names, log.keys)
        self.statements = statements_of(is_sqlite=log.database.is_sqlite)
        self._clock = clock

    def now(self) -> int:
        """Return the present instant in microseconds since 1970 (UTC)."""
        return to_micros(self._clock())

    def newer(self) -> frozenset[str]:
        """Return the views whose rows are of a newer program's shape: this one cannot keep them."""
        shapes = {name: standing.shape for name, standing in self.registry.read().items()}
        return frozenset(n for n, view in self.views.items() if shapes.get(n, 0) > view.shape)

    def tables(self, view: View[Any], generation: int) -> ViewTables:
        """Return the tables of a generation of a view."""
        return tables_of(view, generation, is_sqlite=self.database.is_sqlite)

    def page(self, after: int, limit: int) -> list[Row]:
        """Return rows of the log in its order."""
        asked = {"after": after, "until": 2**62, "limit": limit}
        return self.database.rows(self.statements.page, asked)

    def whole(self, streams: Sequence[str]) -> list[Row]:
        """Return the rows of whole streams, one stream after the other."""
        return self.database.rows(self.statements.load_many, {"streams": json_list(streams)})

    def versions(self, cursor: Any, tables: ViewTables, owners: Sequence[str]) -> dict[str, int]:
        """Return up to which version the rows of owners are made, as far as they have rows."""
        row = versioned(tables.view)
        if row is None or not owners:
            return {}
        table, each = tables.tables[row].name, self.statements.each_text("owners")
        asked = f"SELECT owner, version FROM {table} WHERE owner IN ({each})"  # noqa: S608
        cursor.execute(self.statements.said(asked), {"owners": json_list(owners)})
        return dict(cursor.fetchall())

    @contextmanager
    def writing(self, *, under_lock: bool = False) -> Iterator[Any]:
        """Begin a transaction, under the log's lock where asked; give its cursor, then commit."""
        committed = "BEGIN ISOLATION LEVEL READ COMMITTED"  # whatever is usual on the server
        begin = "BEGIN IMMEDIATE" if self.database.is_sqlite else committed
        first = self.statements.begin if under_lock else begin
        with self.database.connection(first) as connection:
            cursor = connection.cursor()
            try:
                self.database.check_file()
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                with suppress(Exception):  # an interrupted connection is beyond it: thrown away
                    connection.rollback()
                raise
            finally:
                cursor.close()

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Begin a transaction that sees one state of the database; give its cursor."""
        first = "BEGIN" if self.database.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ"
        with self.database.connection(first) as connection:
            cursor = connection.cursor()
            try:
                yield cursor
            finally:
                with suppress(Exception):
                    connection.rollback()
                cursor.close()

    def begin_if_allowed(self) -> bool:
        """Do as `begin`; return False where the database may only be read."""
        try:
            self.begin()
        except Exception as error:
            if not may_only_read(error):
                raise
            return False
        return True

    def begin(self) -> None:
        """Give views that have no tables yet their first, empty ones, so that acts can write them.

        Harmless where they are there.
        """
        there = self.registry.read()
        if all(name in there and there[name].generation for name in self.views):
            return
        with self.writing(under_lock=True) as cursor:
            for view in self.views.values():
                self.registry.enter(cursor, view.name, view.shape, self.now())
            for name, standing in self.registry.read(cursor).items():
                if name in self.views and not standing.generation:
                    self._begin(cursor, self.views[name], standing)

    def _begin(self, cursor: Any, view: View[Any], standing: Standing) -> None:
        generation = standing.next_generation
        tables = self.tables(view, generation)
        tables.drop(cursor)
        tables.create(cursor)
        self.registry.begin(cursor, view.name, generation, view.shape, self.now())
