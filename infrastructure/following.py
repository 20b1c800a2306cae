"""Following the log: entries in order, then waiting for new ones.

Asking again every so often is what makes it complete. A word from a writer of this process, or
PostgreSQL's NOTIFY, only makes it quicker, and may be lost.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Self

from application.ports import Recorded
from infrastructure.database import Database
from infrastructure.log_statements import CHANNEL


class Bell:
    """Rings for everybody who waits for new entries in this process."""

    def __init__(self) -> None:
        self._listeners: set[threading.Event] = set()

    def ring(self) -> None:
        """Say that something was recorded."""
        for listener in tuple(self._listeners):
            listener.set()

    def add(self, listener: threading.Event) -> None:
        """Let the listener hear."""
        self._listeners.add(listener)

    def remove(self, listener: threading.Event) -> None:
        """Let the listener be."""
        self._listeners.discard(listener)


class Waiting:
    """Waits until something may have been recorded, at most `poll` seconds at a time."""

    def __init__(self, database: Database, bell: Bell, poll: float) -> None:
        self._database, self._bell, self._poll = database, bell, poll
        self._heard = threading.Event()
        self._busy = threading.Lock()
        self._closed = False
        self._listener: Any = None
        bell.add(self._heard)

    def wait(self) -> None:
        """Return when something was heard, the time is over, or `close` was called."""
        with self._busy:
            if not self._closed:
                if self._database.is_sqlite:
                    self._heard.wait(self._poll)
                else:
                    self._wait_for_notice()
                self._heard.clear()
        if self._closed:
            self.close()

    def _wait_for_notice(self) -> None:
        try:
            if self._listener is None:
                self._listener = self._listen()
            for _ in self._listener.notifies(timeout=self._poll, stop_after=1):
                pass
        except Exception:  # noqa: BLE001 - the notice is a hint: without it we ask again anyway
            self._stop_listening()
            self._heard.wait(self._poll)

    def _listen(self) -> Any:
        lent = self._database.engine.raw_connection()
        connection: Any = lent.driver_connection
        lent.detach()  # it listens for as long as this one waits, so it leaves the pool
        try:
            connection.execute(f"LISTEN {CHANNEL}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(Exception):
                listener.close()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def close(self) -> None:
        """Wake who waits, now and for ever; any thread may call this."""
        self._closed = True
        self._bell.remove(self._heard)
        self._heard.set()
        if self._busy.acquire(blocking=False):  # else the one who waits gives the connection back
            try:
                self._stop_listening()
            finally:
                self._busy.release()


class Following(Iterator[Recorded]):
    """All entries above a position in order, and the new ones as they come, until it is closed.

    `close` may be called by another thread; an iteration that waits ends within the poll time.
    """

    def __init__(
        self, read: Callable[[int], Iterator[Recorded]], waiting: Waiting, after: int
    ) -> None:
        self._read, self._waiting, self._after = read, waiting, after
        self._page: Iterator[Recorded] = iter(())

    def __next__(self) -> Recorded:
        while not self._waiting.closed:
            for one in self._page:
                self._after = one.entry.position
                return one
            self._page = self._read(self._after)
            for one in self._page:
                self._after = one.entry.position
                return one
            self._waiting.wait()
        raise StopIteration

    def close(self) -> None:
        """End the iteration."""
        self._waiting.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()

    def __del__(self) -> None:
        self._waiting.close()
