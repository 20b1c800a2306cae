"""What tests of the projector share: a played log to live through, and views to keep of it."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from application.clients import clients_of
from application.ports import Append, Fresh, Recorded
from application.programmes import Programmes
from application.transact import Streams
from application.views import VIEWS
from application.views.folding import kind_of
from application.views.inline import Inline
from application.views.view import Rules, View
from domain.access import Answered, ReadingsRecorded, Subject
from domain.journey.history import History
from infrastructure.definitions import load_definition
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.projections import Projections
from infrastructure.view_tables import ViewTables
from infrastructure.working_days import working_days_of
from tests.application.simulated import casts, stage

CLIENTS = 4
"""Of each of the five programmes."""


@cache
def played() -> tuple[Recorded, ...]:
    """Return all entries of a simulated log, corrections and late entries among them.

    And of readings of each client's data by those who answered.
    """
    with stage() as on:
        on.play(casts(CLIENTS, seed=11))
        entries = tuple(on.log.read())
    return (*entries, *_read_of(entries))


def _read_of(entries: Sequence[Recorded]) -> Iterator[Recorded]:
    clients = [one.stream.partition(":")[2] for one in entries if kind_of(one.stream) == "client"]
    last = entries[-1].entry
    for version, client in enumerate(dict.fromkeys(clients), start=1):
        subject = Subject(client, None)
        told = ("somebody", "case-worker", "oulu", "service", "client", last.recorded_at, None)
        event = ReadingsRecorded((Answered(*told, (subject,)),))
        yield Recorded("readings:spool", last._replace(version=version, event=event, source=None))


def shuffled(chance: random.Random, entries: Sequence[Recorded]) -> Iterator[Recorded]:
    """Yield the entries in another order of the log, each stream's in its own.

    A programme may be published after journeys that name it, as where both are imported.
    """
    streams: dict[str, list[Recorded]] = {}
    for one in entries:
        streams.setdefault(one.stream, []).append(one)
    order = [one.stream for one in entries]
    chance.shuffle(order)
    turns = {stream: iter(some) for stream, some in streams.items()}
    yield from (next(turns[stream]) for stream in order)


def append_of(one: Recorded) -> Append:
    entry = one.entry
    fresh = Fresh(entry.event, entry.occurred_on, entry.source)
    return Append(one.stream, entry.version - 1, (fresh,), entry.by)


def rules_of(log: SqlEventLog) -> Rules:
    return Rules(Programmes(log, load_definition).definition, working_days_of)


def projections_of(log: SqlEventLog, views: Sequence[View[Any]] = VIEWS) -> Projections:
    found = Projections(log, views, rules_of(log))
    found.begin()
    return found


def opened(url: str, views: Sequence[View[Any]] = VIEWS) -> SqlEventLog:
    """Open a log that writes the rows of inline views."""
    return open_log(url, views=views)


class Writing:
    """Appends entries as acts do (with the rows of inline views), or as an import does."""

    def __init__(self, log: SqlEventLog, views: Sequence[View[Any]] = VIEWS) -> None:
        self.log = log
        inline = Inline(views, rules_of(log))
        histories = Streams(log, History(), lambda state, new: state.extended(new), inline=inline)
        self._streams: dict[str, Streams[Any]] = {
            "journey": histories,
            "client": clients_of(log, inline),
        }

    def act(self, one: Recorded) -> None:
        streams = self._streams.get(kind_of(one.stream))
        append = append_of(one)
        if streams is not None:
            append = streams.drafted(append, streams.newest(one.stream))
        self.log.append(append)

    def bring_in(self, entries: Sequence[Recorded]) -> None:
        self.log.append_all([append_of(one) for one in entries], together=True)


def exist(tables: ViewTables, cursor: Any) -> bool:
    """Whether all tables of a view are there, with or without rows."""
    names = [str(table.name) for table in tables.tables.values()]
    sqlite = tables._driver.is_sqlite
    where, column = ("sqlite_master", "name") if sqlite else ("pg_tables", "tablename")
    cursor.execute(
        f"SELECT count(*) FROM {where} WHERE {column} {tables._driver.among('names')}",
        {"names": tables._driver.texts(names)},
    )
    return bool(cursor.fetchone()[0] == len(names))


def all_rows(projections: Projections) -> dict[str, list[Any]]:
    """Return every row of every view, without what says how it was kept."""
    standings = projections.registry.read()
    found = {}
    with projections.reading() as cursor:
        for name, view in projections.views.items():
            tables = projections.tables(view, standings[name].generation)
            owners = {o for row in view.tables for o in tables.owners(cursor, row, "", 10**6)}
            found[name] = tables.rows_of(cursor, sorted(owners))
    return found
