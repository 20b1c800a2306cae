"""Changes a log as somebody may who can do anything in its database: past triggers and keys."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from infrastructure.database import database_url as read_url
from infrastructure.database import sqlite_file

GUARDED = "events", "ledger_tiles", "ledger_checkpoints", "ledger_keys"


class Tamper:
    """A connection past all that forbids changes."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection, self._mark = connection, mark

    def run(self, statement: str, *values: Any) -> list[Any]:
        cursor = self._connection.cursor()
        cursor.execute(statement.replace("?", self._mark), values)
        found = cursor.fetchall() if cursor.description else []
        cursor.close()
        return list(found)

    def one(self, statement: str, *values: Any) -> Any:
        return self.run(statement, *values)[0][0]

    def move(self, position: int, to: int) -> None:
        self.run("UPDATE events SET position = ? WHERE position = ?", to, position)

    def swap(self, one: int, other: int) -> None:
        self.move(one, -1)
        self.move(other, one)
        self.move(-1, other)

    def delete(self, position: int) -> None:
        self.run("DELETE FROM events WHERE position = ?", position)

    def close_up(self, after: int) -> None:
        """Move the rows above a position down by one: a row before them was deleted."""
        for (position,) in self.run(
            "SELECT position FROM events WHERE position > ? ORDER BY position", after
        ):
            self.move(position, position - 1)

    def make_room(self, position: int) -> None:
        """Move the row of a position, and those above it, up by one."""
        for (at,) in self.run(
            "SELECT position FROM events WHERE position >= ? ORDER BY position DESC", position
        ):
            self.move(at, at + 1)

    def insert(self, position: int, stream: str, version: int = 1) -> None:
        """Put in a row like another one, of another stream."""
        self.run(
            "INSERT INTO events SELECT CAST(? AS BIGINT), ?, CAST(? AS BIGINT), name, "
            "schema_version, occurred_on, recorded_at, source_recorded_at, source, actor, "
            "organisation, correlation, causation, body "
            "FROM events WHERE position = (SELECT min(position) FROM events WHERE position > 0)",
            position,
            stream,
            version,
        )


@contextmanager
def tampering(url: str) -> Iterator[Tamper]:
    """Change the database of a URL, in one transaction."""
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(str(sqlite_file(read_url(url))))
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield Tamper(connection, "?")
    else:
        connection = psycopg.connect(url.replace("+psycopg", "", 1))
        connection.execute("SET session_replication_role = replica")
        yield Tamper(connection, "%s")
    connection.commit()
    connection.close()
