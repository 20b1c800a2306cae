"""The database: where it is, its tables, and what is wrong with it said in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interfaces.bootstrap.running import settings
from interfaces.bootstrap.unusable import NoDatabase, Unusable

if TYPE_CHECKING:
    from infrastructure.settings import Settings


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How the database stands to the program.

    `database` is the URL without its password, `revision` that of its tables (None: there are
    none), `wanted` that of this program, `state` "current", "behind", "ahead" or "empty"; `said`
    is a sentence with what to do.
    """

    database: str
    revision: str | None
    wanted: str
    state: str
    said: str


def database(given: Settings | None = None) -> str:
    """Return the URL of the database as it may be shown: without its password."""
    from sqlalchemy import make_url

    return make_url((given or settings()).database_url).render_as_string(hide_password=True)


def upgrade(
    given: Settings | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> DatabaseStatus:
    """Make the tables, or bring them up to date. Raises BadSetting or Unusable."""
    from infrastructure import schema

    given = given or settings()
    with plainly(given):
        status = schema.upgrade_url(given.database_url, on_progress)
    return _status(given, status)


def status(given: Settings | None = None) -> DatabaseStatus:
    """Say how the database stands. Raises BadSetting or Unusable."""
    from infrastructure import schema

    given = given or settings()
    with plainly(given):
        found = schema.status(given.database_url)
    return _status(given, found)


def _status(given: Settings, found: Any) -> DatabaseStatus:
    url = database(given)
    return DatabaseStatus(url, found.current, found.head, found.state.value, _said(found, url))


def _said(found: Any, url: str) -> str:
    from infrastructure.schema import SchemaOutOfStep

    return str(SchemaOutOfStep(found, url))


@contextmanager
def plainly(given: Settings) -> Iterator[None]:
    """Say what is wrong with the database in a sentence."""
    from sqlalchemy.exc import DBAPIError

    from infrastructure import schema
    from infrastructure.ledger import LedgerOutOfStep
    from infrastructure.master_keys import UnusableMasterKey

    try:
        yield
    except (LedgerOutOfStep, UnusableMasterKey) as error:
        raise Unusable(str(error)) from error
    except schema.SchemaOutOfStep as error:
        said = _said(error.status, database(given))
        if error.status.state is schema.State.EMPTY:
            raise NoDatabase(f"{said}, or `polku demo` for clients to play with") from error
        raise Unusable(said) from error
    except DBAPIError as error:
        raise Unusable(_unreachable(given, error.orig)) from error
    except Exception as error:
        if _is_of_entry(error):
            raise Unusable(_unreadable(given, error)) from error
        if not _is_of_driver(error):
            raise
        raise Unusable(_unreachable(given, error)) from error


def is_of_database(error: Exception) -> bool:
    """Whether an error came from the database, or from the way to it, and not from Polku."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as NoConnection

    return isinstance(error, DBAPIError | NoConnection) or _is_of_driver(error)


def _is_of_driver(error: Exception) -> bool:
    """Whether a database's driver raised it: the log works with the drivers directly."""
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(error).__mro__}
    return bool(kinds & {("sqlite3", "DatabaseError"), ("psycopg", "Error")})


def _is_of_entry(error: Exception) -> bool:
    """Whether an entry of the log raised it, which this program does not know or cannot read."""
    from infrastructure.event_names import UnknownEvent, UnreadableEvent

    return isinstance(error, UnknownEvent | UnreadableEvent)


def _unreadable(given: Settings, error: BaseException) -> str:
    return (
        f"the database {database(given)} holds an entry that this program cannot read ({error}); "
        "a newer Polku may have written it: bring this one up to date"
    )


def _unreachable(given: Settings, error: BaseException | None) -> str:
    said = " ".join(str(error).split())
    return f"the database {database(given)} cannot be used: {said}; {_to_do(error)}"


_TO_DO = {
    "SQLITE_FULL": "make room on its disk, and ask again",
    "SQLITE_IOERR": "look whether its disk has room and is whole, and ask again",
    "SQLITE_BUSY": "another program holds it: ask again when that has ended",
    "SQLITE_READONLY": "let this user write to it and to its folder",
    "53100": "make room on the disk of its server, and ask again",
    "25006": "it may only be read, as a standby: what is recorded needs the one that it follows",
    "40001": "ask again",
}
"""What to do, by how the codes of SQLite and PostgreSQL begin."""

_LOST = (
    "the connection was lost, perhaps after it had recorded what was asked: ask again when it "
    "answers, and nothing is recorded twice"
)

_AWAY = "check POLKU_DATABASE_URL, or ask again when it answers"


def _to_do(error: BaseException | None) -> str:
    from infrastructure.database import is_lost, was_connecting

    if error is not None and is_lost(error):
        return _AWAY if was_connecting(error) else _LOST
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    return next(
        (do for of, do in _TO_DO.items() if code.startswith(of)), "check POLKU_DATABASE_URL"
    )
