"""The tables' steps: bringing a database up to date, and refusing one that is not."""

import sqlite3
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import Connection, exc, inspect

from infrastructure.database import Database, sqlite_file
from infrastructure.ledger_tables import every_table

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

VERSION_TABLE = "polku_version"
"""Where the database's revision is noted; not Alembic's own name, which other programs use too."""

MIGRATION_LOCK = 0x706F6C6B76
"""The number of PostgreSQL's advisory lock that one upgrade at a time holds."""


class State(StrEnum):
    """How a database stands to the program."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"
    EMPTY = "empty"
    BROKEN = "broken"
    FOREIGN = "foreign"


class Status(NamedTuple):
    """The database's revision (None: no tables yet), the program's, and how they stand."""

    current: str | None
    head: str
    state: State


class SchemaOutOfStep(Exception):
    """The database's tables are not those of this program. The message says what to do."""

    def __init__(self, status: Status, url: str) -> None:
        super().__init__(f"{_WHAT_TO_DO[status.state].format(s=status, url=url)}")
        self.status = status


_WHAT_TO_DO = {
    State.EMPTY: "the database {url} has no tables yet: run `polku db upgrade`",
    State.BEHIND: "the database {url} is at {s.current}, behind this program's {s.head}: "
    "make a backup, then run `polku db upgrade`",
    State.AHEAD: "the database {url} is at {s.current}, which this program (at {s.head}) does not "
    "know: use the newer program that upgraded it",
    State.BROKEN: "the database {url} says it is at {s.current}, but not all of its tables are "
    "there: restore it from a backup",
    State.FOREIGN: "the database {url} holds tables of another program and none of Polku's: "
    "give Polku a database of its own",
    State.CURRENT: "the database {url} is up to date ({s.current})",
}


_NO_WRITING = "SQLITE_READONLY", "SQLITE_CANTOPEN"
_READ_ONLY = (
    "SQLite has to write beside a file even to read it, and may not do so there: let this user "
    "write to the folder, or copy the file to one where it may"
)


Progress: TypeAlias = Callable[[int, int], None]


def _unseen(_done: int, _all: int) -> None:
    """Tell nobody how far it is."""


def revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first, by the names of their files.

    Alembic would say the same, but every start of the program would wait for it.
    """
    files = (MIGRATIONS / "versions").glob("v[0-9]*.py")
    return tuple(sorted(file.name[1:].partition("_")[0] for file in files))


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - only an upgrade waits for Alembic

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(database: Database, on_progress: Progress = _unseen) -> Status:
    """Bring the tables up to date, in one transaction; two at once wait for one another.

    `on_progress` hears how many rows a long step has done, and of how many.

    Raises SchemaOutOfStep for a database that a newer program has upgraded, that is broken, or
    that is another program's.
    """
    from alembic import command  # noqa: PLC0415 - only an upgrade waits for Alembic

    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        found = _status(connection)
        if found.state in {State.AHEAD, State.BROKEN, State.FOREIGN}:
            raise SchemaOutOfStep(found, str(database.url))
        config = _config()
        config.attributes |= {
            "connection": connection,
            "version_table": VERSION_TABLE,
            "on_progress": on_progress,
        }
        command.upgrade(config, "head")
        found = _status(connection)
    database.keep_wal()
    return found


def upgrade_url(url: str, on_progress: Progress = _unseen) -> Status:
    """Bring the tables of the database at the URL up to date. Raises SchemaOutOfStep."""
    database = Database(url)
    try:
        return upgrade(database, on_progress)
    finally:
        database.close()


def status(url: str) -> Status:
    """Say how the database at the URL stands. A SQLite file that is not there is not made."""
    database = Database(url)
    try:
        return status_of(database)
    finally:
        database.close()


def status_of(database: Database) -> Status:
    """Say how the database stands."""
    file = sqlite_file(database.url)
    if file is not None and not file.exists():
        return Status(None, _head(), State.EMPTY)
    try:
        with database.reading() as connection:
            return _status(connection)
    except exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "").startswith(_NO_WRITING):
            raise sqlite3.OperationalError(_READ_ONLY) from error
        raise


def check(database: Database) -> None:
    """Raise SchemaOutOfStep unless the tables are those of this program."""
    found = status_of(database)
    if found.state is not State.CURRENT:
        raise SchemaOutOfStep(found, str(database.url))
    database.keep_wal()


def _head() -> str:
    return revisions()[-1]


def _status(connection: Connection) -> Status:
    tables = {*inspect(connection).get_table_names()}  # of PostgreSQL's current schema
    current = _current(connection) if VERSION_TABLE in tables else None
    return Status(current, _head(), _state(current, tables))


def _state(current: str | None, tables: set[str]) -> State:
    if current is None:
        return State.FOREIGN if tables - {VERSION_TABLE} else State.EMPTY
    if current not in revisions():
        return State.AHEAD
    if not _tables_at(current) <= tables:
        return State.BROKEN
    return State.CURRENT if current == _head() else State.BEHIND


def _tables_at(revision: str) -> set[str]:
    """Return the tables that a database at the revision has."""
    tables = every_table.sorted_tables
    return {table.name for table in tables if table.info.get("since", "") <= revision}


def _current(connection: Connection) -> str | None:
    """Return the revision that is noted in the database."""
    row = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").first()  # noqa: S608
    return None if row is None else str(row[0])
