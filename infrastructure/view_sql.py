"""What is written otherwise for the two drivers, in statements about the views' tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    import psycopg


class Written(NamedTuple):
    """PostgreSQL's statement that puts a few rows in place of all rows of their owners."""

    names: Sequence[str]
    text: str

    def asked(self, rows: Sequence[Any], owners: Any) -> dict[str, Any]:
        """Return what the statement is given: rows as the database keeps them, and the owners.

        Raises TypeError for a value of a kind that no column can keep.
        """
        for value in chain.from_iterable(rows):
            if value is not None and not isinstance(value, str | int):
                raise TypeError(f"no column can keep a value of the kind {type(value).__name__}")
        told = [dict(zip(self.names, row, strict=True)) for row in rows]
        return {"rows": msgspec.json.encode(told).decode(), "owners": owners}


def written(table: str, kinds: Mapping[str, str], unique: Sequence[str]) -> Written:
    """Make the statement for a table: `kinds` are its columns' types, `unique` make a row one.

    Rows that are there as they should be are left alone. Only for few rows: how many are given is
    hidden from the database, which would look through them for each that is there.
    """
    names, others = ", ".join(kinds), [name for name in kinds if name not in unique]
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    same = " AND ".join(f"new.{name} = t.{name}" for name in unique)
    action = "NOTHING"
    if others:
        changed = ", ".join(f"{name} = excluded.{name}" for name in others)
        before, after = (", ".join(f"{of}.{name}" for name in others) for of in ("t", "excluded"))
        action = f"UPDATE SET {changed} WHERE ROW({before}) IS DISTINCT FROM ROW({after})"
    return Written(
        tuple(kinds),
        f"WITH new AS (SELECT {names} FROM json_to_recordset(%(rows)s::json) AS n ({columns})), "
        f"gone AS (DELETE FROM {table} AS t WHERE owner = ANY(%(owners)s::text[]) "
        f"AND NOT EXISTS (SELECT FROM new WHERE {same})) "
        f"INSERT INTO {table} AS t ({names}) SELECT {names} FROM new "
        f"ON CONFLICT ({', '.join(unique)}) DO {action}",
    )


class Driver:
    """How one driver's statements name a value, and take a list of texts as one value."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite

    def value(self, name: str) -> str:
        """Return the mark of a value that is given beside the statement."""
        return f":{name}" if self.is_sqlite else f"%({name})s"

    def among(self, name: str) -> str:
        """Return the condition of being one of the texts given under a name."""
        if self.is_sqlite:
            return f"IN (SELECT value FROM json_each(:{name}))"
        return f"= ANY(%({name})s::text[])"

    def each(self, name: str) -> str:
        """Return the texts given under a name as a table, to be called: its column is `value`."""
        if self.is_sqlite:
            return f"json_each(:{name})"
        return f"(SELECT unnest(%({name})s::text[]) AS value)"

    def texts(self, texts: Iterable[str]) -> Any:
        """Return texts as the driver takes them for `among`."""
        return msgspec.json.encode(list(texts)).decode() if self.is_sqlite else list(texts)

    def insert(
        self,
        cursor: Any,
        table: str,
        names: Sequence[str],
        rows: Sequence[Any],
        copier: Callable[[Sequence[Any]], str],
    ) -> None:
        """Insert rows, many at once; `copier` makes of them what PostgreSQL's COPY takes."""
        columns = ", ".join(names)
        if self.is_sqlite:
            marks = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            return
        with self.copying(cursor, table, names) as copy:
            copy.write(copier(rows))

    def copying(
        self, cursor: Any, table: str, names: Sequence[str]
    ) -> "AbstractContextManager[psycopg.Copy]":
        """Begin PostgreSQL's COPY, which takes rows in, one by one or as its text."""
        copy: AbstractContextManager[psycopg.Copy] = cursor.copy(
            f"COPY {table} ({', '.join(names)}) FROM STDIN"
        )
        return copy

    @contextmanager
    def together(self, cursor: Any) -> Iterator[None]:
        """Send statements whose answers nobody waits for in one way to the server and back.

        What is wrong with one of them is raised at the end. Nothing may be copied meanwhile. Within
        another such way there is none of its own, as each end of one waits for the server.
        """
        if self.is_sqlite or cursor.connection.pgconn.pipeline_status:
            yield
            return
        with cursor.connection.pipeline():
            yield

    def back_to(self, cursor: Any, savepoint: str) -> None:
        """Undo what was done since a savepoint, after something was wrong.

        What was sent together with it was not done, and the driver may take a statement for
        prepared that is not: it lets go of all of them where it ends a transaction of its own.
        """
        cursor.execute(f"ROLLBACK TO SAVEPOINT {savepoint}")
        if not self.is_sqlite:
            with cursor.connection.transaction(force_rollback=True):
                pass

    def delete_of(self, cursor: Any, tables: Sequence[str], asked: dict[str, Any]) -> None:
        """Delete the rows of the owners that are asked for, in one way to the server and back."""
        each = [f"DELETE FROM {table} WHERE owner {self.among('owners')}" for table in tables]
        if self.is_sqlite:
            for statement in each:
                cursor.execute(statement, asked)
        elif each:
            *first, last = each
            parts = ", ".join(f"deleted_{number} AS ({one})" for number, one in enumerate(first))
            cursor.execute(f"WITH {parts} {last}" if parts else last, asked)

    def delete(self, cursor: Any, table: str, names: Sequence[str], rows: Sequence[Any]) -> None:
        """Delete the rows that have these values in the columns."""
        if self.is_sqlite:
            match = " AND ".join(f"{name} = ?" for name in names)
            cursor.executemany(f"DELETE FROM {table} WHERE {match}", rows)
            return
        kinds = ["bigint" if isinstance(value, int) else "text" for value in rows[0]]
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        match = " AND ".join(f"t.{name} = gone.{name}" for name in names)
        cursor.execute(
            f"DELETE FROM {table} AS t USING unnest({arrays}) AS gone ({', '.join(names)}) "
            f"WHERE {match}",
            [list(column) for column in zip(*rows, strict=True)],
        )
