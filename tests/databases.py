"""Databases to test on: each is a copy of one that was migrated, and filled, once in a run."""

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from infrastructure import schema

Fill: TypeAlias = Callable[[str], None]
"""Fills the database of a URL, and lets go of it."""

LEFT = 3
"""Databases that may wait to be dropped. The server waits for whoever is still leaving one."""


def empty(_url: str) -> None:
    """Leave a database as its migrations made it."""


class Files:
    """Makes SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filled: dict[Fill, Path] = {}

    def copy(self, to: Path, fill: Fill = empty) -> str:
        """Return the URL of a file like that which `fill` filled."""
        return f"sqlite:///{shutil.copy(self._like(fill), to)}"

    def _like(self, fill: Fill) -> Path:
        if fill not in self._filled:
            file = self._folder / f"{fresh_name()}.db"
            url = f"sqlite:///{file}"
            if fill is empty:
                schema.upgrade_url(url)
            else:
                fill(self.copy(file))
            self._filled[fill] = file
        return self._filled[fill]


class Databases:
    """Makes databases on a PostgreSQL server, and drops them."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._asking = psycopg.connect(server, autocommit=True)
        # Through the log and the buffers a copy takes twice as long; before 15 there was one way.
        has_ways = self._asking.info.server_version >= 150_000
        self._file_by_file = "STRATEGY FILE_COPY" if has_ways else ""
        self._filled: dict[Fill, str] = {}
        self._left: list[str] = []

    def url(self, name: str) -> str:
        url = make_url(self._server).set(database=name)
        return url.render_as_string(hide_password=False)

    def make(self, name: str, template: str = "template0") -> str:
        """Make a database, a copy of another one, and return its URL."""
        self._do(f"CREATE DATABASE {{}} TEMPLATE {{}} {self._file_by_file}", name, template)
        return self.url(name)

    def copy(self, name: str, fill: Fill = empty) -> str:
        """Make a database like that which `fill` filled, and return its URL."""
        return self.make(name, self._like(fill))

    def drop(self, name: str) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def leave(self, name: str) -> None:
        """Drop a database when others have been left, too."""
        self._left.append(name)
        if len(self._left) > LEFT:
            self.drop(self._left.pop(0))

    def close(self) -> None:
        """Drop all that is left."""
        for name in (*self._left, *self._filled.values()):
            self.drop(name)
        self._asking.close()

    def _like(self, fill: Fill) -> str:
        if fill not in self._filled:
            name = fresh_name()
            if fill is empty:
                schema.upgrade_url(self.make(name))
            else:
                fill(self.copy(name))
            self._filled[fill] = name
        return self._filled[fill]

    def _do(self, statement: str, *names: str) -> None:
        self._asking.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class Own:
    """The database of one test, made when it is first asked for."""

    def __init__(self, copy: Callable[[Fill], str], drop: Callable[[], None]) -> None:
        self._copy, self._drop = copy, drop
        self.is_made = False
        self._url = ""

    @property
    def url(self) -> str:
        return self._url if self.is_made else self.filled(empty)

    def filled(self, fill: Fill) -> str:
        """Have it hold what `fill` makes, which is made once in a run; return its URL."""
        if self.is_made:
            self._drop()
        self._url, self.is_made = self._copy(fill), True
        return self._url


def fresh_name() -> str:
    """Return the name of a database that there is not yet."""
    return f"polku_{uuid.uuid4().hex[:12]}"
