"""Writing an owner's rows into the tables of a view, or setting the owner aside."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from application.views.folding import owner_of, told
from application.views.rows import CaseRow, ClientRow, RecentRow
from application.views.view import Rules, View
from infrastructure.database import serves_nobody
from infrastructure.entry_rows import to_instant
from infrastructure.projection_registry import Aside, Registry
from infrastructure.stream_folding import Folded, Outcome
from infrastructure.view_tables import FEW, ViewTables


class Made(NamedTuple):
    """What a view makes of an owner up to a version; `rows` is None where it failed."""

    owner: str
    version: int
    position: int
    rows: tuple[Any, ...] | None
    error: str = ""


def make(view: View[Any], stream: str, outcome: Outcome, rules: Rules) -> Made:
    """Make an owner's rows of the folded stream.

    Raises the database's error where it serves nobody: keys and definitions are asked of it.
    """
    owner = owner_of(stream)
    if not isinstance(outcome, Folded):
        return Made(owner, outcome.version, outcome.position, None, outcome.error)
    state, version, position, recorded_at = outcome
    try:
        rows = filled(view.rows(owner, state, rules), position, recorded_at)
    except Exception as error:  # whatever else it is, it sets this owner aside alone
        if serves_nobody(error):
            raise
        return Made(owner, version, position, None, told(error))
    return Made(owner, version, position, rows)


def make_each(
    views: Iterable[View[Any]], stream: str, outcome: Outcome, rules: Rules
) -> list[Made]:
    """Make an owner's rows for each view: they share what is reckoned of the stream."""
    afresh = rules.afresh()
    return [make(view, stream, outcome, afresh) for view in views]


def filled(rows: Iterable[Any], position: int, recorded_at: datetime) -> tuple[Any, ...]:
    """Return rows with what the log gives: the newest entry's position, and when it was stored."""
    return tuple(
        [row if type(row) not in _GIVEN else _filled(row, position, recorded_at) for row in rows]
    )


_GIVEN = frozenset({CaseRow, RecentRow, ClientRow})
"""Classes of rows that say where the log has put the newest entry."""


def _filled(row: Any, position: int, recorded_at: datetime) -> Any:
    if row.position != position:
        row = row._replace(position=position)
    if "last_recorded_at" in row._fields and row.last_recorded_at != recorded_at:
        row = row._replace(last_recorded_at=recorded_at)
    return row


def versioned(view: View[Any]) -> type[Any] | None:
    """Return the class of rows that says up to which version an owner's rows are made."""
    return next((row for row in view.tables if "version" in row._fields), None)


class ViewWriter:
    """Writes what was made for owners, within a transaction of the driver's cursor."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def write(
        self,
        cursor: Any,
        tables: ViewTables,
        made: Sequence[Made],
        at: int,
        asides: Mapping[str, int],
    ) -> None:
        """Write the rows, and note whom the view could not take.

        `asides` are those who had been set aside before, and since when; `at` is the present
        instant. Both are microseconds since 1970 (UTC).
        """
        refused = put(cursor, tables, [one for one in made if one.rows is not None])
        failed = [one for one in made if one.rows is None] + refused
        self.set_aside(cursor, tables, failed, at, asides)
        again = {one.owner for one in made} & asides.keys() - {one.owner for one in failed}
        if again:
            self._registry.take_in(cursor, tables.view.name, again)

    def add(self, cursor: Any, tables: ViewTables, made: Sequence[Made], at: int) -> list[str]:
        """Add rows to those of their owners, none of whom is set aside, and note who is now.

        Return the owners whose rows the database refused, as those that are there already.
        """
        failed = [one for one in made if one.rows is None]
        self.set_aside(cursor, tables, failed, at, {})
        fit = [one for one in made if one.rows is not None]
        return [one.owner for one in put(cursor, tables, fit, adding=True)]

    def set_aside(
        self,
        cursor: Any,
        tables: ViewTables,
        failed: Sequence[Made],
        at: int,
        asides: Mapping[str, int],
    ) -> None:
        """Note whom the view could not take; their rows stay as they are, marked as stale."""
        name = tables.view.name
        noted = [
            Aside(name, one.owner, one.version, one.position, asides.get(one.owner, at), one.error)
            for one in failed
        ]
        self._registry.set_aside(cursor, noted)
        if CaseRow in tables.tables:
            for one in noted:
                tables.set_stale(cursor, one.owner, to_instant(one.since))


_SAVEPOINT = "view_rows"


def put(
    cursor: Any, tables: ViewTables, made: Sequence[Made], *, adding: bool = False
) -> list[Made]:
    """Put rows in the place of their owners' rows; return whom the database refused, with why.

    `adding`: the owners keep the rows they have, if any.
    """
    if not made:
        return []
    error = _insert(cursor, tables, made) if adding else _replace(cursor, tables, made)
    if error is None:
        return []
    if len(made) == 1:
        return [made[0]._replace(rows=None, error=told(error))]
    half = len(made) // 2
    return [
        *put(cursor, tables, made[:half], adding=adding),
        *put(cursor, tables, made[half:], adding=adding),
    ]


def _insert(cursor: Any, tables: ViewTables, made: Sequence[Made]) -> Exception | None:
    rows = chain.from_iterable(one.rows or () for one in made)
    return _tried(cursor, tables, nullcontext(), lambda: tables.insert(cursor, rows))


def _replace(cursor: Any, tables: ViewTables, made: Sequence[Made]) -> Exception | None:
    owners = [one.owner for one in made]
    rows = list(chain.from_iterable(one.rows or () for one in made))
    way = tables.together(cursor) if len(rows) <= FEW else nullcontext()
    return _tried(cursor, tables, way, lambda: tables.replace(cursor, owners, rows))


def _tried(
    cursor: Any, tables: ViewTables, way: AbstractContextManager[None], write: Callable[[], None]
) -> Exception | None:
    """Write rows; return what is wrong with their values. Raises any other error."""
    try:
        with way:
            cursor.execute(f"SAVEPOINT {_SAVEPOINT}")
            write()
            cursor.execute(f"RELEASE SAVEPOINT {_SAVEPOINT}")
    except Exception as error:
        if not is_of_values(error):
            raise
        tables.back_to(cursor, _SAVEPOINT)
        return error
    return None


_NO_SUCH_VALUES = ("cannot adapt type", "Error binding parameter")
"""How the drivers begin to say that a value is of a kind no column can keep."""


def is_of_values(error: Exception) -> bool:
    """Whether what was to be written is wrong, and not the database or the statement."""
    import psycopg  # noqa: PLC0415 - a program on SQLite does not wait to load it

    of_values = (
        *(psycopg.DataError, psycopg.IntegrityError, sqlite3.DataError, sqlite3.IntegrityError),
        psycopg.errors.ProgramLimitExceeded,  # a text that is too long for an index
        psycopg.errors.CardinalityViolation,  # two rows in one place
    )
    if isinstance(error, of_values) or not isinstance(error, psycopg.Error | sqlite3.Error):
        return True
    return str(error).startswith(_NO_SUCH_VALUES)
