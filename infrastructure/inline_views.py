"""Writing rows of views in the transaction of the entries that they are made from."""

from collections.abc import Iterable, Sequence
from typing import Any

from application.views.view import View
from infrastructure.database import Database
from infrastructure.entry_rows import to_instant
from infrastructure.placed_rows import Placed
from infrastructure.projection_registry import Registry
from infrastructure.view_tables import ViewTables, tables_of
from infrastructure.view_writing import Made, ViewWriter, filled


class InlineViews:
    """Writes drafted rows into the tables that are read now, under the log's lock."""

    def __init__(self, database: Database, views: Iterable[View[Any]]) -> None:
        self._views = {view.name: view for view in views if view.inline}
        self._is_sqlite = database.is_sqlite
        self._registry = Registry(database)
        self._writer = ViewWriter(self._registry)
        self._tables: dict[str, ViewTables] = {}

    def write(self, cursor: Any, placed: Sequence[Placed]) -> None:
        """Write the rows of each owner as the last of its commands left them.

        A view without tables of this program's shape is left to its projector.
        """
        newest: dict[str, dict[str, Placed]] = {}
        for one in placed:
            newest.setdefault(one.drafted.view, {})[one.drafted.owner] = one
        standings = self._registry.read(cursor)
        for name, by_owner in newest.items():
            view, standing = self._views.get(name), standings.get(name)
            if view is None or standing is None or not standing.generation:
                continue
            if standing.shape != view.shape:
                continue
            made = [_made(one) for one in by_owner.values()]
            asides = {}
            if standing.has_aside:
                asides = self._registry.asides_among(cursor, name, by_owner)
            tables = self._tables_of(view, standing.generation)
            self._writer.write(cursor, tables, made, placed[-1].micros, asides)

    def _tables_of(self, view: View[Any], generation: int) -> ViewTables:
        tables = self._tables.get(view.name)
        if tables is None or tables.generation != generation:
            tables = tables_of(view, generation, is_sqlite=self._is_sqlite)
            self._tables[view.name] = tables
        return tables


def _made(one: Placed) -> Made:
    drafted, version, position, micros = one
    if drafted.rows is None:
        return Made(drafted.owner, version, position, None, drafted.error)
    rows = filled(drafted.rows, position, to_instant(micros))
    return Made(drafted.owner, version, position, rows)
