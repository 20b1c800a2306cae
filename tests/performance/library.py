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
from tests.performance.contenders import BYTES_ON_DISK, DURABILITY, MOST_THREADS

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


class Reading:
    """An application of the library, whose log is read."""

    def __init__(self, app: Application[Any], kind: str) -> None:
        self.app, self._kind = app, kind
        self._kept: list[StoredEvent] = []

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

    def _keep(self) -> None:
        if not self._kept:
            self._kept = list(self._stored_events())

    def stored(self) -> int:
        return sum(1 for _ in self._stored_events())

    def settings(self) -> dict[str, str]:
        return {name: str(self._ask(text)) for name, text in DURABILITY[self._kind].items()}

    def bytes_on_disk(self) -> int:
        return int(self._ask(BYTES_ON_DISK[self._kind]))

    def _ask(self, text: str) -> Any:
        """Return the one value that the library's own connection is answered."""
        datastore = self.app.factory.datastore
        if self._kind == "sqlite":
            with datastore.transaction(commit=False) as cursor:
                cursor.execute(text)
                return cursor.fetchone()[0]
        with datastore.transaction() as cursor:
            cursor.execute(text)
            return next(iter(cursor.fetchone().values()))

    def close(self) -> None:
        self.app.close()


class Working(Reading):
    """An application of the library, doing the work."""

    def __init__(self, app: Application[UUID], kind: str) -> None:
        super().__init__(app, kind)
        self._streams = self._length = 0

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

    def load(self) -> int:
        """Load every aggregate from the database."""
        return sum(
            self.app.repository.get(Journey.create_id(n)).version for n in range(self._streams)
        )


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


def environment(where: dict[str, Any], **settings: str) -> dict[str, str]:
    """Return the settings by which an application uses the library's own module."""
    if where["kind"] == "sqlite":
        sqlite.SQLiteConnectionPool = DurablePool  # type: ignore[misc]
        return settings | {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": where["name"],
            "SQLITE_LOCK_TIMEOUT": str(SECONDS_FOR_A_LOCK),
        }
    return settings | {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": where["name"],
        "POSTGRES_HOST": where["host"],
        "POSTGRES_PORT": where["port"],
        "POSTGRES_USER": where["user"],
        "POSTGRES_PASSWORD": where["password"],
        "POSTGRES_POOL_SIZE": str(MOST_THREADS),
        "POSTGRES_MAX_OVERFLOW": "2",
    }


def plain(where: dict[str, Any], **settings: str) -> Working:
    """The library's own module, as it is unless told otherwise: nothing is cached."""
    return Working(Application(env=environment(where, **settings)), where["kind"])


def cached(where: dict[str, Any]) -> Working:
    """The library with its aggregate cache, which asks the log for newer events at each get."""
    return plain(where, AGGREGATE_CACHE_MAXSIZE="10000")
