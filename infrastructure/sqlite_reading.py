"""Reading a SQLite file in half the time, in a process that does nothing else with it.

The driver is apsw, which brings a SQLite of its own. A file that one process has open through two
copies of SQLite loses its locks when one of them is closed (sqlite.org/howtocorrupt.html, 2.2.1):
so this is for processes of an audit alone, and the standard library's driver comes in only when
this one is closed.
"""

import sqlite3
from pathlib import Path

import apsw

from infrastructure.database import Asked, Database, database_url, sqlite_file
from infrastructure.log_tables import Row

_HOW = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_NOMUTEX


class SqliteReading:
    """Reads the rows of a SQLite file as `Database` does, by one thread."""

    is_sqlite = True

    def __init__(self, url: str) -> None:
        """Read the file of a database URL. Raises ValueError for a URL that names no plain file."""
        self._url = database_url(url)
        file = sqlite_file(self._url)
        if file is None or self._url.query:
            raise ValueError(f"{self._url} is not the URL of a plain file")
        self._file = str(file)
        self._connection: apsw.Connection | None = None
        self._database: Database | None = None

    def rows(self, statement: str, asked: Asked) -> list[Row]:
        """Return the rows of a statement, as plain tuples.

        What this driver cannot read the standard library's is asked for, from then on: it tells
        what is wrong as everywhere else. Raises sqlite3.Error.
        """
        if self._database is None:
            try:
                return self._quickly(statement, asked)
            except (apsw.Error, UnicodeDecodeError):
                self.close()
                if not Path(self._file).exists():  # it would be made, and be empty
                    raise sqlite3.OperationalError("unable to open database file") from None
                self._database = Database(self._url)
        return self._database.rows(statement, asked)

    def _quickly(self, statement: str, asked: Asked) -> list[Row]:
        if self._connection is None:
            self._connection = apsw.Connection(self._file, flags=_HOW)
        return self._connection.execute(statement, asked).fetchall()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._database is not None:
            self._database.close()
            self._database = None
