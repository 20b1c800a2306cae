"""Journeys drawn at random, in a log of their own, for tests of the archive."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import By, Entry, Personal, Source
from domain.journey import events as e
from infrastructure.event_log import SqlEventLog
from tests.domain import journeys as j

NAME = "Secret-Name"
"""What every personal text holds, so that it can be looked for."""

SOURCE = Source("other-system", "digest", "clients.csv", 1, NAME)


def revised(drawn: random.Random, entries: Sequence[Entry[Any]], many: int) -> list[Entry[Any]]:
    """The entries, and corrections and retractions of some: also of each other, and late."""
    made = list(entries)
    for _ in range(many):
        of = drawn.choice(made[-6:] if drawn.random() < 0.3 else made)
        version = len(made) + 1
        day = of.occurred_on + timedelta(days=drawn.choice((-40, -3, 0, 0, 2, 30)))
        event: Any = e.EntryRetracted(of.version, j.WHY)
        if drawn.random() < 0.6:
            said = drawn.choice(made).event if drawn.random() < 0.3 else of.event
            while isinstance(said, e.EntryCorrected):
                said = said.event
            event = e.EntryCorrected(of.version, said, day, Personal(NAME))
        made.append(of._replace(version=version, event=event, occurred_on=day))
    return made


def clocked(drawn: random.Random, entries: Iterable[Entry[Any]]) -> list[Entry[Any]]:
    """The entries as recorded one after the other, some of them claimed by another system."""
    at = datetime(2025, 3, 1, 9, tzinfo=UTC)
    made = []
    for entry in entries:
        at += timedelta(hours=drawn.choice((0, 1, 30, 200)), microseconds=1)
        source = None
        if drawn.random() < 0.2:
            claim = at - timedelta(days=drawn.choice((0, 5, 100)))
            source = replace(SOURCE, recorded_at=claim)
        made.append(entry._replace(recorded_at=at, source=source))
    return made


def journey(seed: int, number: int, correcting: bool = True) -> list[Entry[Any]]:
    """A journey drawn at random, of a client of its own or of the one before it."""
    drawn = random.Random(f"{seed}-{number}")  # noqa: S311 - a test draws at random
    entries = list(j.lawful(drawn.randrange(10**6), drawn.randrange(1, 70)).entries)
    referred = e.ReferralMade(
        f"client-{number // 2}", f"programme-{number % 3 % 2}", 1, "state", "city", "walk-in",
        drawn.choice((None, "line-1")), Personal(NAME),
    )  # fmt: skip
    entries[0] = entries[0]._replace(event=referred)
    if correcting:
        entries = revised(drawn, entries, drawn.choice((0, 0, 1, 3, 12)))
    return clocked(drawn, entries)


def fill(log: SqlEventLog, clock: "Clock", journeys: dict[str, list[Entry[Any]]]) -> None:
    """Record the journeys' entries in the order of their clocks, as the log would have."""
    versions = dict.fromkeys(journeys, 0)
    every = [(entry.recorded_at, name, entry) for name, some in journeys.items() for entry in some]
    for at, name, entry in sorted(every, key=lambda one: (one[0], one[1], one[2].version)):
        clock.now = at
        fresh = Fresh(entry.event, entry.occurred_on, entry.source)
        log.append(Append(f"journey:{name}", versions[name], (fresh,), entry.by))
        versions[name] += 1


def register(log: SqlEventLog, clients: Iterable[str]) -> None:
    """Register clients, some of whom nobody knows the gender of."""
    for number, client in enumerate(sorted(set(clients))):
        gender = (None, "female", "male")[number % 3]
        event = ClientRegistered(
            given_name=Personal(NAME),
            date_of_birth=Personal("1999-01-01"),
            gender=gender,
            birth_year=1960 + number,
        )
        fresh = Fresh(event, date(2025, 3, 1), None)
        log.append(Append(f"client:{client}", 0, (fresh,), By("worker-1", "city")))


class Clock:
    """A clock that is set by the test."""

    def __init__(self) -> None:
        self.now = datetime.combine(date(2025, 3, 1), time(8), UTC)

    def __call__(self) -> datetime:
        return self.now
