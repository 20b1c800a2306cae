"""Whole streams of the log, one after the other, however large the log is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from application.evaluation.told_journeys import Case
from domain.entry import Entry
from domain.journey.history import clients_referred
from domain.same_person import ClientsMerged
from infrastructure.database import Database
from infrastructure.event_log import SqlEventLog
from infrastructure.log_statements import Statements, json_list
from infrastructure.log_tables import Row
from infrastructure.row_reader import RowReader
from infrastructure.stream_folding import by_stream

Known: TypeAlias = dict[str, Sequence[Entry[Any]]]
"""Streams of clients by their ids."""

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

    What is sealed stays so: no key is asked for. Progress counts the log's entries passed over:
    those of other streams, which may be most of them, at the end.
    """
    statements = Statements(is_sqlite=log.database.is_sqlite)
    reader, done = RowReader(log.names), 0
    for page in pages(log.database, statements, "journey:", "journey;", head):
        yield from _cases(log, statements, reader, page, head)
        done += len(page)
        on_progress(done, head)
    on_progress(head, head)


def _cases(
    log: SqlEventLog, statements: Statements, reader: RowReader, page: Sequence[Row], head: int
) -> Iterator[Case]:
    journeys = {stream: tuple(reader.entries(rows)) for stream, rows in by_stream(page).items()}
    of = {stream: clients_referred(entries) for stream, entries in journeys.items()}
    known = _known(log, statements, reader, {one for some in of.values() for one in some}, head)
    for stream, entries in journeys.items():
        clients = {one: known[one] for one in _together(of[stream], known)}
        yield Case(stream[len("journey:") :], entries, clients)


def _known(
    log: SqlEventLog, statements: Statements, reader: RowReader, wanted: set[str], head: int
) -> Known:
    """Return the streams of clients, and of every other id that was merged with theirs."""
    known: Known = {}
    while wanted:
        streams = json_list(sorted(f"client:{client}" for client in wanted))
        found = log.database.rows(statements.load_many, {"streams": streams})
        rows = by_stream([row for row in found if row[0] <= head])
        read = {stream[len("client:") :]: [*reader.entries(some)] for stream, some in rows.items()}
        known.update({client: read.get(client, ()) for client in wanted})
        wanted = {other for some in read.values() for other in _merged_with(some)} - known.keys()
    return {client: some for client, some in known.items() if some}


def _together(clients: Iterable[str], known: Known) -> Iterator[str]:
    """Yield those of some clients who are known, and every other id that was merged with theirs."""
    seen: set[str] = set()
    ahead = [*clients]
    while ahead:
        client = ahead.pop()
        if client in known and client not in seen:
            seen.add(client)
            yield client
            ahead += _merged_with(known[client])


def _merged_with(entries: Iterable[Entry[Any]]) -> list[str]:
    return [x.event.other for x in entries if isinstance(x.event, ClientsMerged)]
