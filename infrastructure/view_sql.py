"""What is written otherwise for the two drivers, in statements about the views' tables."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec


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

    def texts(self, texts: Iterable[str]) -> Any:
        """Return texts as the driver takes them for `among`."""
        return msgspec.json.encode(list(texts)).decode() if self.is_sqlite else list(texts)

    def insert(self, cursor: Any, table: str, names: Sequence[str], rows: Sequence[Any]) -> None:
        """Insert rows, many at once."""
        columns = ", ".join(names)
        if self.is_sqlite:
            marks = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

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
