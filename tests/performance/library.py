"""The `eventsourcing` library as its documentation shows it, on its own modules.

An aggregate with events by `@event`, `repository.get`, a command method, `save`. Runs in the
rivals' environment too: imports the library and the standard library only.
"""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from eventsourcing import sqlite
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent

from tests.performance.attendance import (
    CLIENT,
    FIRST_DAY,
    ORGANISATION,
    PERSON,
    PROGRAMME,
    REFERENCE,
    attendance,
    check,
    stream_id,
)
from tests.performance.contenders import MOST_THREADS

PAGE = 2000
SECONDS_FOR_A_LOCK = 30

TOGETHER = 10
"""Aggregates in one save when seeding: with some 2,000 events in one, the library's PostgreSQL
module and the server wait for each other for ever (psycopg's pipeline, both buffers full)."""


class Journey(Aggregate):
    """The journey as the library's documentation would have it."""

    @event("Referred")
    def __init__(self, number: int, client: str, programme: str, on: str, by: str) -> None:
        self.client, self.programme = client, programme
        self.hours = 0.0
        self.days = 0

    @staticmethod
    def create_id(number: int) -> UUID:
        return stream_id(number)

    def attend(self, hours: float, on: str) -> None:
        check(hours)
        self._attended(REFERENCE, hours, None, on, PERSON, ORGANISATION)

    @event("Attended")
    def _attended(
        self,
        reference: str,
        hours: float,
        absence_reason: str | None,
        occurred_on: str,
        actor: str,
        organisation: str,
    ) -> None:
        self.hours += hours
        self.days += 1


class Working:
    """An application of the library, doing the work."""

    def __init__(self, app: Application[UUID]) -> None:
        self.app = app
        self._streams = self._length = 0
        self._kept: list[StoredEvent] = []

    def seed(self, streams: int, length: int) -> None:
        self._streams, self._length = streams, length
        for first in range(0, streams, TOGETHER):
            batch = range(first, min(first + TOGETHER, streams))
            self.app.save(*(self._made(n) for n in batch))

    def _made(self, number: int) -> Journey:
        journey = Journey(number, CLIENT, PROGRAMME, FIRST_DAY.isoformat(), PERSON)
        for n in range(1, self._length):
            day, hours = attendance(n)
            journey.attend(hours, day.isoformat())
        return journey

    def act(self, stream: int) -> None:
        journey: Journey = self.app.repository.get(Journey.create_id(stream))
        day, hours = attendance(journey.version)
        journey.attend(hours, day.isoformat())
        self.app.save(journey)

    def _stored_events(self) -> Iterable[StoredEvent]:
        after = 0
        while True:
            page = self.app.recorder.select_notifications(
                start=after, limit=PAGE, inclusive_of_start=False
            )
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].id

    def read(self) -> int:
        """Read the whole log from the database into domain events."""
        return sum(1 for stored in self._stored_events() if self.app.mapper.to_domain_event(stored))

    def decode(self) -> int:
        """Turn stored events that are in memory into domain events, nothing else."""
        self._keep()
        for stored in self._kept:
            self.app.mapper.to_domain_event(stored)
        return len(self._kept)

    def replay(self) -> int:
        """Turn stored events that are in memory into aggregates."""
        self._keep()
        done = 0
        for _, mine in groupby(self._kept, attrgetter("originator_id")):
            journey = None
            for stored in mine:
                journey = self.app.mapper.to_domain_event(stored).mutate(journey)
            done += journey.version
        return done

    def _keep(self) -> None:
        if not self._kept:
            self._kept = list(self._stored_events())

    def load(self) -> int:
        """Load every aggregate from the database."""
        return sum(
            self.app.repository.get(Journey.create_id(n)).version for n in range(self._streams)
        )

    def stored(self) -> int:
        return sum(1 for _ in self._stored_events())

    def close(self) -> None:
        self.app.close()


class DurablePool(sqlite.SQLiteConnectionPool):
    """The library's pool with synchronous=FULL, and room for all threads (15 by default).

    Neither can be set from outside.
    """

    def __init__(self, **settings: Any) -> None:
        roomy = {"pool_size": MOST_THREADS, "pool_timeout": float(SECONDS_FOR_A_LOCK)}
        super().__init__(**{**settings, **roomy})

    def _create_connection(self) -> sqlite.SQLiteConnection:
        made = super()._create_connection()
        made.cursor().execute("PRAGMA synchronous=FULL")
        return made


class OnSQLite(Working):
    """The library's module eventsourcing.sqlite."""

    def settings(self) -> dict[str, str]:
        with self.app.factory.datastore.transaction(commit=False) as cursor:
            return {name: _pragma(cursor, name) for name in ("journal_mode", "synchronous")}


def _pragma(cursor: Any, name: str) -> str:
    cursor.execute(f"PRAGMA {name}")
    return str(cursor.fetchone()[0])


class OnPostgreSQL(Working):
    """The library's module eventsourcing.postgres."""

    def settings(self) -> dict[str, str]:
        with self.app.factory.datastore.transaction() as cursor:
            return {name: _shown(cursor, name) for name in ("fsync", "synchronous_commit")}


def _shown(cursor: Any, name: str) -> str:
    cursor.execute(f"SHOW {name}")
    return str(next(iter(cursor.fetchone().values())))


def plain(where: dict[str, Any], **settings: str) -> Working:
    """The library's own module, as it is unless told otherwise: nothing is cached."""
    if where["kind"] == "sqlite":
        sqlite.SQLiteConnectionPool = DurablePool  # type: ignore[misc]
        environment = {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": where["name"],
            "SQLITE_LOCK_TIMEOUT": str(SECONDS_FOR_A_LOCK),
        }
        return OnSQLite(Application(env={**environment, **settings}))
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": where["name"],
        "POSTGRES_HOST": where["host"],
        "POSTGRES_PORT": where["port"],
        "POSTGRES_USER": where["user"],
        "POSTGRES_PASSWORD": where["password"],
        "POSTGRES_POOL_SIZE": str(MOST_THREADS),
        "POSTGRES_MAX_OVERFLOW": "2",
    }
    return OnPostgreSQL(Application(env={**environment, **settings}))


def cached(where: dict[str, Any]) -> Working:
    """The library with its aggregate cache, which asks the log for newer events at each get."""
    return plain(where, AGGREGATE_CACHE_MAXSIZE="10000")
