"""The log behind the eventsourcing library's interfaces: its recorders.

Polku's own way in is `infrastructure.event_log`; both write under the same lock into the same
tables.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from sqlalchemy import Select, func, insert, select

from infrastructure.clock import utc_now
from infrastructure.database import Database
from infrastructure.entry_mapper import stored_event, stored_row
from infrastructure.following import Bell, Waiting
from infrastructure.log_statements import statements_of
from infrastructure.log_tables import ENTRY, events, snapshots, tracking
from infrastructure.log_writer import LogWriter

POLL_SECONDS = 0.1

_ERRORS = {
    name: getattr(persistence, name)
    for name in (
        "IntegrityError",
        "DataError",
        "OperationalError",
        "InternalError",
        "ProgrammingError",
        "NotSupportedError",
        "InterfaceError",
        "DatabaseError",
    )
}


@contextmanager
def _library_errors() -> Iterator[None]:
    """Raise the library's error of the same name (PEP 249) where the database refused something."""
    try:
        yield
    except Exception as error:
        if isinstance(error, persistence.PersistenceError):
            raise
        for kind in type(error).__mro__:
            if kind.__name__ in _ERRORS:
                raise _ERRORS[kind.__name__](*error.args) from error
        raise


class LogTables:
    """What recorders share: the database, the writer, and the kind of stream ids they give back."""

    def __init__(self, database: Database, *, uuids: bool = True) -> None:
        self.database, self._uuids = database, uuids
        self.statements = statements_of(is_sqlite=database.is_sqlite)
        self.writer = LogWriter(database, self.statements, utc_now)
        self.bell = Bell()

    def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """Return the rows that a statement selects."""
        with _library_errors(), self.database.reading() as connection:
            return connection.execute(statement).all()

    def originator_id(self, stream: str) -> UUID | str:
        """Return a stream's id in the form that the program works with."""
        return UUID(stream) if self._uuids else stream


def _ranged(
    statement: Select[Any], column: Any, gt: int | None, lte: int | None, *, desc: bool = False
) -> Select[Any]:
    if gt is not None:
        statement = statement.where(column > gt)
    if lte is not None:
        statement = statement.where(column <= lte)
    return statement.order_by(column.desc() if desc else column)


class SnapshotRecorder(AggregateRecorder):
    """Stored states of the library's aggregates, beside the log: a cache that may be emptied."""

    def __init__(self, tables: LogTables, purpose: str = "snapshots") -> None:
        self.tables, self.purpose = tables, purpose

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        """Store states. Raises IntegrityError where there is one of that version."""
        rows = [
            {
                "purpose": self.purpose,
                "stream": str(stored.originator_id),
                "version": stored.originator_version,
                "name": stored.topic,
                "body": stored.state,
            }
            for stored in stored_events
        ]
        if rows:
            with _library_errors(), self.tables.database.writing() as connection:
                connection.execute(insert(snapshots), rows)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return stored states of one stream, by version."""
        states = select(snapshots.c.version, snapshots.c.name, snapshots.c.body).where(
            snapshots.c.purpose == self.purpose, snapshots.c.stream == str(originator_id)
        )
        chosen = _ranged(states, snapshots.c.version, gt, lte, desc=desc).limit(limit)
        return [
            StoredEvent(originator_id, version, name, bytes(body))
            for version, name, body in self.tables.rows(chosen)
        ]


class LogRecorder(ApplicationRecorder):
    """The event log as the library's application recorder."""

    def __init__(self, tables: LogTables) -> None:
        self.tables = tables

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Store events in one transaction and return their positions.

        Raises IntegrityError where a version of a stream is there; then nothing is stored.
        """
        with _library_errors(), self.tables.writer.appending() as (cursor, position, micros):
            rows = [stored_row(one, position + n, micros) for n, one in enumerate(stored_events, 1)]
            if rows:
                self.tables.writer.insert_rows(cursor, rows)
            self._also(cursor, **kwargs)
        self.tables.bell.ring()
        return [row[0] for row in rows]

    def _also(self, cursor: Any, **kwargs: Any) -> None:
        """Store what belongs into the same transaction."""

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of one stream, by version."""
        stream = select(*ENTRY).where(events.c.stream == str(originator_id))
        chosen = _ranged(stream, events.c.version, gt, lte, desc=desc).limit(limit)
        return [stored_event(tuple(row), originator_id) for row in self.tables.rows(chosen)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events in the log's order."""
        after = None if start is None else start - inclusive_of_start
        chosen = _ranged(
            select(
                events.c.stream, events.c.version, events.c.name, events.c.body, events.c.position
            ),
            events.c.position,
            after,
            stop,
        ).limit(limit)
        if topics:
            chosen = chosen.where(events.c.name.in_(topics))
        return [
            Notification(self.tables.originator_id(stream), version, name, bytes(body), position)
            for stream, version, name, body, position in self.tables.rows(chosen)
        ]

    def max_notification_id(self) -> int | None:
        """Return the newest position, None for an empty log."""
        ((newest,),) = self.tables.rows(select(func.max(events.c.position)))
        return None if newest is None else int(newest)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LogSubscription":
        """Return an iterator over events above a position, which waits for new ones."""
        return LogSubscription(self, gt, topics)


class LogSubscription(Subscription[ApplicationRecorder]):
    """Follows the log: asks again every so often, and at once when it hears of something."""

    def __init__(self, recorder: LogRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._waiting = Waiting(recorder.tables.database, recorder.tables.bell, POLL_SECONDS)
        self._page: Iterator[Notification] = iter(())

    def stop(self) -> None:
        """End the iteration; any thread may call this."""
        super().stop()
        self._waiting.close()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            for notification in self._page:
                self._last_notification_id = notification.id
                return notification
            self._page = self._next_page() or self._wait()
        raise StopIteration

    def _next_page(self) -> Iterator[Notification] | None:
        found = self._recorder.select_notifications(
            self._last_notification_id, 500, topics=self._topics, inclusive_of_start=False
        )
        return iter(found) if found else None

    def _wait(self) -> Iterator[Notification]:
        self._waiting.wait()
        return iter(())


class PositionRecorder(TrackingRecorder):
    """How far followers have come: one row each, which only moves forward."""

    def __init__(self, tables: LogTables) -> None:
        self.tables = tables

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note how far a follower has come. Raises IntegrityError unless it is further."""
        with _library_errors(), self.tables.database.writing() as connection:
            self.move(connection.connection.cursor(), tracking)

    def move(self, cursor: Any, further: Tracking) -> None:
        """Note it within a transaction. Raises IntegrityError unless it is further."""
        name, position = further.application_name, further.notification_id
        cursor.execute(self.tables.statements.track, {"application": name, "position": position})
        if cursor.rowcount != 1:
            raise IntegrityError(f"{name} has come to position {position} or further already")

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return how far a follower has come, None where it has not begun."""
        rows = self.tables.rows(
            select(tracking.c.position).where(tracking.c.application == application_name)
        )
        return int(rows[0][0]) if rows else None


class FollowerRecorder(PositionRecorder, LogRecorder, ProcessRecorder):
    """Stores events and how far their follower has come, in one transaction."""

    def _also(self, cursor: Any, **kwargs: Any) -> None:
        further: Tracking | None = kwargs.get("tracking")
        if further is not None:
            self.move(cursor, further)
