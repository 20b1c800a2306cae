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
