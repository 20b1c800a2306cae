"""How the database is reached: one engine for SQLite and for PostgreSQL."""

import errno
import os
import sqlite3
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from traceback import walk_tb
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    PoolProxiedConnection,
    StaticPool,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from infrastructure.logging import pass_on_drivers

SECONDS_FOR_A_LOCK = 30
"""How long a transaction waits for another one's lock before it gives up."""

SQLITE_READERS, POSTGRESQL_READERS = 2, 4
"""How many threads ask for rows at a time: more would only fight for the interpreter."""

CONNECTIONS = 12
"""Connections that are kept open: as many as a rebuild fills tables with. Twice as many may be open
for a while."""

SECONDS_TO_CONNECT = 10
"""How long a server may take to answer who comes."""

_ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
"""After how many seconds without a word, or with one that does not arrive, the other side of a
connection is taken for gone: else an act would wait for hours for a server behind a network that
was cut, and hold up all that wait for the log after it."""

_SERVER_ALIVE = "; ".join(
    f"SET tcp_{name.removeprefix('tcp_')} = {value}" for name, value in _ALIVE.items()
)
"""Has the server look for us in the same way: it holds the log's lock for a program whose machine
is gone, and nobody else can write."""

_HUNG_UP = ("57P", "08", "25P03", "25P04")
"""How PostgreSQL's codes begin where it ends a connection: the last two, for its idle transaction
and for one that took too long, are of no class that the driver counts as operational."""

_NO_WRITING = frozenset({"42501", "25006"})
"""PostgreSQL's codes for a right that is not there, and for a transaction that may only read."""

Asked: TypeAlias = Mapping[str, Any] | Sequence[Any]
"""What goes into a driver's statement: by names, or in the order of its marks."""


class Reads(Protocol):
    """What can be asked for rows."""

    is_sqlite: bool

    def rows(self, statement: str, asked: Asked) -> list[Any]:
        """Return the rows of a driver's statement, as plain tuples, in a transaction of its own."""


def database_url(text: str) -> URL:
    """Return the URL with the driver that Polku uses. Raises ValueError, saying what is wrong."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError(  # without the text: it may have a password in it
            "this is not the URL of a database: "
            "write sqlite:///polku.db or postgresql://user@host/name"
        ) from error
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(drivername="sqlite+pysqlite")
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(
        f"Polku cannot keep its log in {backend!r}: "
        "write sqlite:///polku.db or postgresql://user@host/name"
    )


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for one in memory or on a server."""
    name = url.database or ":memory:"
    if url.get_backend_name() != "sqlite" or url.query.get("mode") == "memory":
        return None
    if url.query.get("uri"):  # sqlite:///file:/where/polku.db?mode=ro&uri=true
        name = name.removeprefix("file:")
    return None if name == ":memory:" else Path(name)


class Database:
    """An engine, and the connections the log works with directly.

    Every connection is in the driver's autocommit mode, and every transaction begins with a
    BEGIN of its own: so transactions are the same on both databases, and a reader never holds one
    open. A SQLite database in memory lives in one connection, which is lent to one thread at a
    time; what a thread reads while it writes, it reads within its transaction.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = database_url(url if isinstance(url, str) else url.render_as_string(False))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._file = sqlite_file(self.url) or Path()
        self.in_memory = self.is_sqlite and sqlite_file(self.url) is None
        self._identity: tuple[int, int] | None = None
        self._alone: Any = threading.RLock() if self.in_memory else nullcontext()
        self._in_use: Any = None
        self._closed = False
        self._lost_at = 0.0
        self._readers = threading.BoundedSemaphore(
            SQLITE_READERS if self.is_sqlite else POSTGRESQL_READERS
        )
        self.engine = self._make_engine()
        weakref.finalize(self, self.engine.dispose)  # for programs that let go without closing

    def _make_engine(self) -> Engine:
        pass_on_drivers()
        options: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": CONNECTIONS}
        if self.in_memory:
            options = {"poolclass": StaticPool}
        options["hide_parameters"] = True  # what clients told does not belong in errors and logs
        if self.is_sqlite:
            options["connect_args"] = {
                "timeout": SECONDS_FOR_A_LOCK,
                "check_same_thread": False,
                "cached_statements": 256,
            }
        else:
            options["use_native_hstore"] = False  # no column has one: nobody asks what it is
            options["connect_args"] = _ways_to_connect(self.url)
        engine = create_engine(self.url, **options)
        event.listen(engine, "connect", _prepare_sqlite if self.is_sqlite else _prepare_postgresql)
        event.listen(engine, "connect", self._note_age)
        event.listen(engine, "do_connect", self._before_connecting)
        event.listen(engine, "checkout", self._check_age)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "checkin", self._given_back)
        return engine

    def _given_back(self, _connection: Any, record: Any) -> None:
        if self._closed:  # a thread was still reading when the pool was emptied
            record.invalidate()

    @contextmanager
    def connection(self, first: str | None = None) -> Iterator[Any]:
        """Lend the driver's own connection, in autocommit mode, after its `first` statement.

        Where the database has hung up since the connection was last used, another one is made: the
        first statement is tried twice.
        """
        with self.begun(first) as (connection, _):
            yield connection

    @contextmanager
    def begun(self, first: str | None = None) -> Iterator[tuple[Any, Any]]:
        """Do as `connection`, and give the cursor of the `first` statement beside it."""
        with self._alone:
            if self._in_use is not None and first is None:
                yield self._in_use, None  # given back, it would end the transaction around this one
                return
            lent, cursor = self._lend(first)
            try:
                self._in_use = lent.driver_connection if self.in_memory else None
                yield lent.driver_connection, cursor
            except BaseException as error:
                if isinstance(error, Exception) or self.is_sqlite:
                    self._look_at(error, lent)
                else:  # interrupted: the server may be in the midst of an answer
                    lent.invalidate(error)
                raise
            finally:
                self._in_use = None
                lent.close()

    def _lend(self, first: str | None) -> tuple[PoolProxiedConnection, Any]:
        cursor = None
        for again in (True, False):
            lent = self.engine.raw_connection()
            if first is None:
                break
            try:
                cursor = lent.driver_connection.execute(first)  # type: ignore[union-attr]
                break
            except BaseException as error:
                lost = self._look_at(error, lent)
                lent.close()
                if not (lost and again):
                    raise
        return lent, cursor

    def _look_at(self, error: BaseException, lent: PoolProxiedConnection) -> bool:
        """Throw the connection away if it is lost, and distrust those that are older."""
        lost = is_lost(error)
        if lost:
            self._lost_at = time.monotonic()
            lent.invalidate(error)
        return lost

    def _before_connecting(self, *_: Any) -> None:
        self.check_file()  # connecting would make a new, empty file
        if self.in_memory or not self.is_sqlite:
            return
        if self._file.is_dir():
            raise sqlite3.OperationalError(f"{self._file} is a folder: name a file in it")
        if "mode" not in self.url.query:
            _make_for_this_user(self._file)

    def _note_age(self, _connection: Any, record: Any) -> None:
        record.info["made"] = time.monotonic()

    def _check_age(self, _connection: Any, record: Any, _lent: Any) -> None:
        if record.info["made"] < self._lost_at:
            raise DisconnectionError("the database hung up on an older connection")

    def rows(self, statement: str, asked: Asked) -> list[Any]:
        """Return the rows of a driver's statement, as plain tuples, in a transaction of its own."""
        with self._alone, self._readers:  # else who writes in memory waits for who waits for it
            try:
                return self._rows(statement, asked)
            except Exception as error:
                if not is_lost(error):
                    raise
                return self._rows(statement, asked)

    def _rows(self, statement: str, asked: Asked) -> list[Any]:
        with self.connection() as connection:
            return self.rows_of(connection, statement, asked)

    def rows_of(self, connection: Any, statement: str, asked: Asked) -> list[Any]:
        """Return the rows of a statement within the transaction of a driver's connection."""
        cursor = connection.cursor() if self.is_sqlite else connection.cursor(binary=True)
        try:
            cursor.execute(statement, asked)
            return list(cursor.fetchall())
        finally:
            cursor.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction that writes from its first statement on; commit it at the end."""
        with self._alone, self.engine.connect() as connection:
            connection.execution_options(polku_writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that only reads, and sees one state of the database."""
        with self._alone, self.engine.connect() as connection:
            connection.execution_options(polku_reads=True)
            with connection.begin():
                yield connection

    def keep_wal(self) -> None:
        """Have a SQLite file of ours keep its write-ahead log: readers and a writer side by side.

        The file remembers it, but a copy may not. One that may only be read is left as it is.
        """
        if self.is_sqlite and not self.in_memory:
            with self.connection() as connection:
                _use_wal(connection)
            self._identity = self._identity_now()

    def check_file(self) -> None:
        """Refuse to go on where a SQLite file is no longer that in which the log was opened.

        An open file that was deleted or moved would still take what nobody finds again. Raises
        sqlite3.OperationalError.
        """
        if self._identity is not None and self._identity_now() != self._identity:
            raise sqlite3.OperationalError(
                "the file was deleted, moved or replaced while the program had it open, so nothing "
                "is read from it or stored in it: put it back, or start the program again"
            )

    def _identity_now(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._file)  # noqa: PTH116 - each append waits for it
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def close(self) -> None:
        """Close all connections, those in use as soon as they are given back."""
        self._closed = True
        self.engine.dispose()


def is_lost(error: BaseException) -> bool:
    """Whether an error means that the database has hung up."""
    driver: Any = sys.modules.get("psycopg")  # a program on SQLite does not wait to load it
    if driver is None or not isinstance(error, driver.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, driver.OperationalError)
    return bool(error.sqlstate.startswith(_HUNG_UP))


def was_connecting(error: BaseException) -> bool:
    """Whether PostgreSQL was not reached yet, or let nobody in, when an error was raised."""
    driver: Any = sys.modules.get("psycopg")
    if driver is None or not isinstance(error, driver.Error):
        return False
    connect = driver.Connection.connect.__func__.__code__
    return any(frame.f_code is connect for frame, _ in walk_tb(error.__traceback__))


def serves_nobody(error: BaseException) -> bool:
    """Whether an error means that the database is away, locked, full or all lent, for everybody."""
    driver: Any = sys.modules.get("psycopg")
    errors = (sqlite3.OperationalError, OperationalError, NoConnection)
    return isinstance(error, errors if driver is None else (*errors, driver.OperationalError))


def may_only_read(error: Exception) -> bool:
    """Whether an error says that the database, or its folder, may only be read."""
    if isinstance(error, OSError):
        return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorname.startswith("SQLITE_READONLY")
    return getattr(error, "sqlstate", None) in _NO_WRITING


def _make_for_this_user(file: Path) -> None:
    """Make a file, where there is none, that nobody else on the machine can read.

    SQLite would let everybody read it, and names stand in it as they are searched. What SQLite
    keeps beside the file can be read by the same users. A link is followed to where SQLite would
    make it. Why none can be made, SQLite tells.
    """
    with suppress(OSError, RuntimeError):  # links in a circle
        os.close(os.open(file.resolve(), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased is not left between the rows
    cursor.close()


def _use_wal(connection: Any) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    # A file is switched once, for which SQLite wants it alone and does not wait by itself.
    deadline = time.monotonic() + SECONDS_FOR_A_LOCK
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_READONLY"):
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _ways_to_connect(url: URL) -> dict[str, int]:
    """Return how to connect to a PostgreSQL server, as far as the URL does not say itself."""
    ways = {"connect_timeout": SECONDS_TO_CONNECT, **_ALIVE}
    if "PGCONNECT_TIMEOUT" in os.environ:
        del ways["connect_timeout"]
    return {name: value for name, value in ways.items() if name not in url.query}


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{SECONDS_FOR_A_LOCK}s'; {_SERVER_ALIVE}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if connection.dialect.name != "sqlite":
        level = "REPEATABLE READ" if options.get("polku_reads") else "READ COMMITTED"
        connection.exec_driver_sql(f"BEGIN ISOLATION LEVEL {level}")
    elif options.get("polku_writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
