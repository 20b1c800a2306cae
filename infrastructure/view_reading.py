"""Reading the live generation of the views: one state of the database for each question.

A view may be switched to its next generation at any time, and the old one dropped. So a question
asks in its own transaction which generation lives, and is asked again where that one's tables
vanished in between.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, TypeAlias, TypeVar

from application.views import VIEWS
from infrastructure.database import Database
from infrastructure.entry_rows import to_instant
from infrastructure.known import Known
from infrastructure.view_rows import columns_of
from infrastructure.view_sql import Driver
from infrastructure.view_tables import table_name, word_forms

T = TypeVar("T")

_Changes: TypeAlias = dict[type, Callable[[Any], Any]]

_UNDEFINED_TABLE = "42P01"
"""PostgreSQL's code for a table that is not there."""

TRIES = 5
"""How often a question is asked again when a view was switched under it."""

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_FREELY = (
    "SELECT set_config('enable_sort', 'on', true), set_config('enable_bitmapscan', 'on', true)"
)
_LIVE = (
    "SELECT name, generation, position, shape, "
    "(SELECT count(*) FROM projections_set_aside WHERE view = name) FROM projections"
)
_VIEW_OF = {row: view.name for view in VIEWS for row in view.tables}
_SHAPES = {view.name: view.shape for view in VIEWS}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else to_instant(micros)


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


_days, _instants = Known(_day), Known(_instant)
_CHANGES: _Changes = {date: _days.__getitem__, datetime: _instants.__getitem__, bool: _truth}
_CHANGED = {
    row: [
        (place, _CHANGES[column.kind])
        for place, column in enumerate(columns_of(row))
        if column.kind in _CHANGES
    ]
    for row in _VIEW_OF
}


_COLUMNS = {
    True: "SELECT name FROM pragma_table_info('{table}')",
    False: "SELECT attname::text FROM pg_attribute "
    "WHERE attrelid = '{table}'::regclass AND attnum > 0",
}
"""Which columns a table has, on SQLite (True) and on PostgreSQL."""


class _Live(NamedTuple):
    """The generation of a view that is read, how far it has come, and its rows' shape.

    `unread` is how many owners it could not take.
    """

    generation: int
    position: int
    shape: int
    unread: int


_NONE = _Live(0, 0, 0, 0)


class Plans(StrEnum):
    """How PostgreSQL is told to look for what a question asks; SQLite always looks alike."""

    FREE = ""
    OF_LISTS = (
        "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; "
        "SET LOCAL plan_cache_mode = force_custom_plan"
    )
    """In the order of an index. PostgreSQL knows how long a list is on the average only: of one
    that is a thousand times longer it would read and sort everything to find the first few."""
    OF_FEW = "SET LOCAL plan_cache_mode = force_generic_plan"
    """By ids and words, each looked up in an index: there is one plan, made once. PostgreSQL would
    plan anew whenever some more are asked for, and to plan takes longer than to look up."""


class NotBuilt(Exception):
    """A view has no tables yet that can answer: nothing of the kind was ever written."""


class Snapshot:
    """One state of the views, as a question sees it."""

    def __init__(
        self, cursor: Any, driver: Driver, live: Iterable[tuple[str, int, int, int, int]]
    ) -> None:
        self._cursor, self.driver = cursor, driver
        self._live = {name: _Live(*more) for name, *more in live}

    def position(self, view: str) -> int:
        """Return the log's position up to which a view has come."""
        return self._live.get(view, _NONE).position

    def unread(self, view: str) -> int:
        """Return how many owners a view could not take: they are as they were, or missing."""
        return self._live.get(view, _NONE).unread

    def has(self, row: type[Any]) -> bool:
        """Whether there are tables for a class of rows."""
        return self._live.get(_VIEW_OF[row], _NONE).generation > 0

    def is_current(self, row: type[Any]) -> bool:
        """Whether rows of a class say all that this program's do; an older one's may not."""
        view = _VIEW_OF[row]
        return self._live.get(view, _NONE).shape >= _SHAPES[view]

    def tells(self, row: type[Any], column: str) -> bool:
        """Whether rows of a class have a column, as those of an older program may not."""
        return self.is_current(row) or column in self._there(row)

    def table(self, row: type[Any]) -> str:
        """Return the name of the live table of a class of rows. Raises NotBuilt."""
        return table_name(_VIEW_OF[row], row, self._generation(_VIEW_OF[row]))

    def word_forms(self) -> str:
        """Return the name of the live table of the forms of words. Raises NotBuilt."""
        return word_forms("register", self._generation("register"))

    def _generation(self, view: str) -> int:
        generation = self._live.get(view, _NONE).generation
        if not generation:
            raise NotBuilt(view)
        return generation

    def tuples(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        """Return what a statement finds, as plain tuples."""
        if not self.driver.is_sqlite:
            values = {name: _literal(value) for name, value in values.items()}
        self._cursor.execute(statement, values)
        return list(self._cursor.fetchall())

    def sort_freely(self) -> None:
        """Let the database read and sort a whole list, if it is about lists that are asked."""
        if not self.driver.is_sqlite:
            self._cursor.execute(_FREELY)

    def rows(self, row: type[Any], where: str, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows `r` of a class that a condition (and order) finds."""
        columns = ", ".join(self._columns(row, "r"))
        found = self.tuples(f"SELECT {columns} FROM {self.table(row)} AS r WHERE {where}", values)
        return rows_of(row, found)

    def told(
        self,
        row: type[Any],
        whether: Sequence[str],
        where: str,
        values: Mapping[str, Any],
        before: str = "",
    ) -> list[tuple[Any, ...]]:
        """Return the rows `r` that a condition finds, each with whether each of others holds.

        `before` are tables of the statement's own, by WITH.
        """
        asked = ", ".join((*self._columns(row, "r"), *(f"({one})" for one in whether)))
        statement = f"{before}SELECT {asked} FROM {self.table(row)} AS r WHERE {where}"
        found = self.tuples(statement, values)
        width = len(row._fields)
        rows = rows_of(row, [one[:width] for one in found])
        return [(one, *map(bool, it[width:])) for one, it in zip(rows, found, strict=True)]

    def joined(
        self, row: type[Any], other: type[Any], on: str, where: str, values: Mapping[str, Any]
    ) -> list[tuple[Any, Any]]:
        """Return rows `r` of a class, each with the row `o` of another that goes with it, or None.

        Asked together, because a way to the database and back costs more than the rows.
        """
        columns = ", ".join((*self._columns(row, "r"), *self._columns(other, "o")))
        found = self.tuples(
            f"SELECT {columns} FROM {self.table(row)} AS r "
            f"LEFT JOIN {self.table(other)} AS o ON {on} WHERE {where}",
            values,
        )
        if not found:
            return []
        kept: list[Iterable[Any]] = list(zip(*found, strict=True))
        width = len(row._fields)
        rows, others = _rows(row, kept[:width]), _rows(other, kept[width:])
        return [
            (one, it if it[0] is not None else None) for one, it in zip(rows, others, strict=True)
        ]

    def _columns(self, row: type[Any], name: str) -> list[str]:
        if self.is_current(row):
            return [f"{name}.{column}" for column in row._fields]
        return self._old(row, name)

    def _old(self, row: type[Any], name: str) -> list[str]:
        """Return how an older program's rows are read while new ones are made beside them."""
        there = self._there(row)
        return [f"{name}.{column}" if column in there else "NULL" for column in row._fields]

    def _there(self, row: type[Any]) -> set[str]:
        """Return the columns that the live table of a class of rows has."""
        asked = _COLUMNS[self.driver.is_sqlite].format(table=self.table(row))
        return {column for (column,) in self.tuples(asked, {})}


class ViewReader:
    """Asks questions to the live generation of the views."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.driver = Driver(is_sqlite=database.is_sqlite)

    def ask(self, question: Callable[[Snapshot], T], otherwise: T, plans: Plans = Plans.FREE) -> T:
        """Return the answer to a question; `otherwise` where a view it needs is not there yet."""
        for _ in range(TRIES - 1):
            try:
                return self._ask(question, otherwise, plans)
            except Exception as error:
                if not _is_vanished(error):
                    raise
        return self._ask(question, otherwise, plans)

    def _ask(self, question: Callable[[Snapshot], T], otherwise: T, plans: Plans) -> T:
        with self._snapshot(plans) as snapshot:
            try:
                return question(snapshot)
            except NotBuilt:
                return otherwise

    def _live(self, cursor: Any, first: Any) -> list[tuple[str, int, int, int, int]]:
        if not self.driver.is_sqlite:
            return _last_of(first)
        return list(cursor.execute(_LIVE).fetchall())

    @contextmanager
    def _snapshot(self, plans: Plans) -> Iterator[Snapshot]:
        begin = "BEGIN"
        if not self.driver.is_sqlite:  # one way to the server and back
            begin = "; ".join(filter(None, (_BEGIN, plans, _LIVE)))
        with self.database.begun(begin) as (connection, first):
            more = {} if self.driver.is_sqlite else {"binary": True}
            cursor = connection.cursor(**more)
            try:
                yield Snapshot(cursor, self.driver, self._live(cursor, first))
            finally:
                cursor.close()
                with suppress(Exception):  # a lost connection has nothing to end
                    # With a rollback the driver would let go of all statements it has prepared.
                    connection.commit()


def _last_of(first: Any) -> list[Any]:
    """Return the rows of the last of several statements."""
    first.set_result(-1)
    return list(first.fetchall())


def rows_of(row: type[Any], found: Sequence[Any]) -> list[Any]:
    """Return the rows of a class of what the database keeps of them, column by column."""
    return _rows(row, list(zip(*found, strict=True))) if found else []


def _rows(row: type[Any], columns: list[Iterable[Any]]) -> list[Any]:
    for place, change in _CHANGED[row]:
        columns[place] = map(change, columns[place])
    return list(map(partial(tuple.__new__, row), zip(*columns, strict=True)))


def _literal(value: Any) -> Any:
    """Return texts or truths as PostgreSQL writes an array of them; any other value as it is.

    The driver looks at each element of a list by itself, which costs more than a short question.
    """
    if not isinstance(value, list):
        return value
    if all(type(one) is str for one in value):
        return "{" + ",".join([f'"{_quoted(one)}"' for one in value]) + "}"
    if all(type(one) is bool for one in value):
        return "{" + ",".join([str(one) for one in value]) + "}"
    return value


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


def _is_vanished(error: Exception) -> bool:
    """Whether a table is no longer there; who is on SQLite does not wait for psycopg to tell."""
    if isinstance(error, sqlite3.OperationalError):
        return "no such table" in str(error)
    return getattr(error, "sqlstate", None) == _UNDEFINED_TABLE
