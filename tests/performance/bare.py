"""The same rows by the bare driver: one commit a row, one connection a thread, nothing decided.

Nothing is loaded, checked or ordered: this is what the database can do for this client, not what a
log may do (positions come from a sequence, so a reader may see a late one appear behind it).
"""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import psycopg

from tests.performance.attendance import (
    ORGANISATION,
    PERSON,
    REFERENCE,
    attendance,
    stream_id,
)
from tests.performance.contenders import DURABILITY

COLUMNS = (
    "stream, version, name, schema_version, occurred_on, recorded_at, source_recorded_at, source, "
    "actor, organisation, correlation, causation, body"
)
TABLE = """
CREATE TABLE events (
    position {key}, stream text NOT NULL, version bigint NOT NULL, name text NOT NULL,
    schema_version integer NOT NULL, occurred_on text, recorded_at bigint NOT NULL,
    source_recorded_at bigint, source text, actor text, organisation text, correlation text,
    causation text, body {blob} NOT NULL, UNIQUE (stream, version))
"""
RECORDED_AT = 1_735_689_600_000_000


def row(stream: int, version: int) -> tuple[Any, ...]:
    """Return the row that Polku stores for the entry."""
    day, hours = attendance(version)
    body = f'{{"reference":"{REFERENCE}","hours":{hours},"absence_reason":null}}'.encode()
    return (
        str(stream_id(stream)), version, "attendance-recorded", 1, day.isoformat(), RECORDED_AT,
        None, None, PERSON, ORGANISATION, None, None, body,
    )  # fmt: skip


class Rows:
    """Inserts rows on connections that are in autocommit mode, one for each thread."""

    def __init__(self, connect: Callable[[], Any], mark: str, asked: dict[str, str]) -> None:
        self._connect, self._asked = connect, asked
        self._insert = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join([mark] * 13)})"
        self._free: list[Any] = []
        self._every: list[Any] = []
        self._versions: list[int] = []
        self._mine = threading.local()

    def seed(self, streams: int, length: int) -> None:
        self._versions = [length] * streams
        connection = self._connect()
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        rows = [row(s, v) for s in range(streams) for v in range(1, length + 1)]
        cursor.executemany(self._insert, rows)
        cursor.execute("COMMIT")
        connection.close()

    def act(self, stream: int) -> None:
        self._versions[stream] += 1
        self._connection().execute(self._insert, row(stream, self._versions[stream]))

    def _connection(self) -> Any:
        lent = getattr(self._mine, "lent", None)
        if lent is None:
            lent = self._mine.lent = _Lent(self._free, self._connect_more)
        return lent.connection

    def _connect_more(self) -> Any:
        self._every.append(self._connect())
        return self._every[-1]

    def stored(self) -> int:
        return int(self._ask("SELECT count(*) FROM events"))

    def settings(self) -> dict[str, str]:
        return {name: str(self._ask(text)) for name, text in self._asked.items()}

    def _ask(self, text: str) -> Any:
        connection = self._connect()
        try:
            return connection.execute(text).fetchone()[0]
        finally:
            connection.close()

    def close(self) -> None:
        for connection in self._every:
            connection.close()


class _Lent:
    """A connection that goes back to the others when its thread ends."""

    def __init__(self, free: list[Any], connect: Callable[[], Any]) -> None:
        self._free = free
        try:
            self.connection = free.pop()
        except IndexError:
            self.connection = connect()

    def __del__(self) -> None:
        self._free.append(self.connection)


def rows(where: dict[str, Any]) -> Rows:
    """The bare driver of the database, with a fresh table of the shape of Polku's."""
    made = _on_sqlite(where) if where["kind"] == "sqlite" else _on_postgresql(where)
    connection = made._connect()
    key, blob = (
        ("integer PRIMARY KEY", "blob")
        if where["kind"] == "sqlite"
        else ("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "bytea")
    )
    connection.execute(TABLE.format(key=key, blob=blob))
    connection.close()
    return made


def _on_sqlite(where: dict[str, Any]) -> Rows:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            where["name"], timeout=30, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    return Rows(connect, "?", DURABILITY["sqlite"])


def _on_postgresql(where: dict[str, Any]) -> Rows:
    def connect() -> Any:
        return psycopg.connect(
            dbname=where["name"],
            host=where["host"],
            port=where["port"],
            user=where["user"],
            password=where["password"],
            autocommit=True,
        )

    return Rows(connect, "%s", DURABILITY["postgresql"])
