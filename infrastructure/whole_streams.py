"""Whole streams of the log, one after the other, however large the log is."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from application.evaluation.told_journeys import Case
from domain.journey.history import clients_referred
from infrastructure.database import Database
from infrastructure.entry_rows import Row, RowReader
from infrastructure.event_log import SqlEventLog
from infrastructure.log_statements import Statements, json_list
from infrastructure.stream_folding import by_stream

PAGE = 5000
"""Entries that are read at a time."""


def pages(
    database: Database, statements: Statements, since: str, until: str, head: int
) -> Iterator[list[Row]]:
    """Yield the rows of whole streams, as the log has them up to a position.

    The streams are those from one (included) until another, in their order.
    """
    kept: list[Row] = []
    asked: dict[str, Any] = {"stream": since, "version": 0, "until": until, "head": head}
    asked["limit"] = PAGE
    while rows := database.rows(statements.by_stream, asked):
        asked |= {"stream": rows[-1][1], "version": rows[-1][2]}
        rows = kept + rows
        cut = next(n for n, row in enumerate(rows) if row[1] == rows[-1][1])
        whole, kept = rows[:cut], rows[cut:]
        if whole:
            yield whole
    if kept:
        yield kept


def cases(
    log: SqlEventLog,
    head: int,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Case]:
    """Yield every journey as the log has it up to a position, in the order of their ids.

    What is sealed stays so: no key is asked for. Progress counts the log's entries passed over.
    """
    statements = Statements(is_sqlite=log.database.is_sqlite)
    reader, done = RowReader(log.names), 0
    for page in pages(log.database, statements, "journey:", "journey;", head):
        yield from _cases(log, statements, reader, page, head)
        done += len(page)
        on_progress(done, head)


def _cases(
    log: SqlEventLog, statements: Statements, reader: RowReader, page: Sequence[Row], head: int
) -> Iterator[Case]:
    journeys = {stream: tuple(reader.entries(rows)) for stream, rows in by_stream(page).items()}
    of = {stream: clients_referred(entries) for stream, entries in journeys.items()}
    wanted = sorted({f"client:{client}" for some in of.values() for client in some})
    found = log.database.rows(statements.load_many, {"streams": json_list(wanted)})
    rows = by_stream([row for row in found if row[0] <= head])
    known = {stream[len("client:") :]: [*reader.entries(some)] for stream, some in rows.items()}
    for stream, entries in journeys.items():
        clients = {client: known[client] for client in of[stream] if client in known}
        yield Case(stream[len("journey:") :], entries, clients)
