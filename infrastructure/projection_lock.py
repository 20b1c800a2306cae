"""Locks that say who works on what: one process each, and free again when that process dies.

On PostgreSQL they are advisory locks of a session of their own, on SQLite locks of files beside
the database. A database in memory is one process's alone.
"""

import fcntl
import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from infrastructure.database import Database, sqlite_file
from infrastructure.file_locks import is_held


class Locks(Protocol):
    """Locks that one worker holds; another worker of the same process is another one."""

    def take(self, name: str) -> bool:
        """Take a lock; False where another worker has it."""
        ...

    def holds(self, name: str) -> bool:
        """Whether the lock was taken and is held still."""
        ...

    def give_back(self, name: str) -> None:
        """Give a lock back; harmless where it is not held."""
        ...

    def is_taken(self, name: str) -> bool:
        """Whether anybody holds the lock."""
        ...

    def close(self) -> None:
        """Give all locks back."""
        ...


def locks_of(database: Database) -> Locks:
    """Return locks for a new worker."""
    if not database.is_sqlite:
        return _SessionLocks(database)
    file = sqlite_file(database.url)
    return _MemoryLocks(database) if file is None else _FileLocks(file)


class _SessionLocks:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._session: Any = None
        self._held: set[str] = set()

    def take(self, name: str) -> bool:
        if not self._is_alive():
            self._begin()
        asked = "SELECT pg_try_advisory_lock(%s)"
        if name in self._held or self._session.execute(asked, (_number(name),)).fetchone()[0]:
            self._held.add(name)
        return name in self._held

    def holds(self, name: str) -> bool:
        return name in self._held and self._is_alive()

    def give_back(self, name: str) -> None:
        if name in self._held:
            self._held.discard(name)
            with suppress(Exception):  # a session that is gone holds nothing
                self._session.execute("SELECT pg_advisory_unlock(%s)", (_number(name),))

    def is_taken(self, name: str) -> bool:
        number = _number(name) % 2**64
        asked = {"high": number >> 32, "low": number % 2**32}
        return bool(self._database.rows(_TAKEN, asked))

    def close(self) -> None:
        self._held.clear()
        session, self._session = self._session, None
        if session is not None:
            with suppress(Exception):  # the server would take its time to see that it is closed
                session.execute("SELECT pg_advisory_unlock_all()")
            with suppress(Exception):
                session.close()

    def _is_alive(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.execute("SELECT 1")
        except Exception:  # noqa: BLE001 - whatever it is, nothing is held any more
            self.close()
            return False
        return True

    def _begin(self) -> None:
        lent = self._database.engine.raw_connection()
        self._session = lent.driver_connection
        lent.detach()  # it stays for as long as the locks are held, so it leaves the pool


_TAKEN = (
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND classid::bigint = %(high)s AND objid::bigint = %(low)s "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _number(name: str) -> int:
    digest = hashlib.sha256(f"polku {name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


class _FileLocks:
    def __init__(self, database: Path) -> None:
        self._database = database
        self._held: dict[str, int] = {}

    def take(self, name: str) -> bool:
        if name not in self._held:
            lock = self._locked(self._file(name))
            if lock is not None:
                self._held[name] = lock
        return name in self._held

    def holds(self, name: str) -> bool:
        return name in self._held

    def give_back(self, name: str) -> None:
        lock = self._held.pop(name, None)
        if lock is not None:
            with suppress(OSError):
                self._file(name).unlink()
            os.close(lock)

    def is_taken(self, name: str) -> bool:
        if name in self._held:
            return True
        try:
            return is_held(self._file(name))
        except OSError:
            return False

    def close(self) -> None:
        for name in tuple(self._held):
            self.give_back(name)

    def _file(self, name: str) -> Path:
        return self._database.with_name(f"{self._database.name}-{name}.lock")

    def _locked(self, file: Path) -> int | None:
        """Lock the file that has the name; who gives a lock back takes the name away."""
        while True:
            lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                if _is_mine(lock) and os.path.samestat(os.fstat(lock), file.stat()):
                    return lock
            except FileNotFoundError:
                pass
            except BlockingIOError:
                os.close(lock)
                return None
            os.close(lock)


def _is_mine(lock: int) -> bool:
    """Take a lock; False where somebody only looks whether it is taken (`is_held`) just now.

    Raises BlockingIOError where another worker has it.
    """
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    return True


_held_in_memory: WeakKeyDictionary[Database, dict[str, object]] = WeakKeyDictionary()
_mutex = threading.Lock()


class _MemoryLocks:
    def __init__(self, database: Database) -> None:
        with _mutex:
            self._all = _held_in_memory.setdefault(database, {})

    def take(self, name: str) -> bool:
        return self._all.setdefault(name, self) is self

    def holds(self, name: str) -> bool:
        return self._all.get(name) is self

    def give_back(self, name: str) -> None:
        if self.holds(name):
            del self._all[name]

    def is_taken(self, name: str) -> bool:
        return name in self._all

    def close(self) -> None:
        for name in tuple(self._all):  # others take and give back meanwhile
            self.give_back(name)
