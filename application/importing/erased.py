"""What was erased since it was imported: a source that still has it must not bring it back.

An erasure forgets the keys of what was imported with the rest, and with it by which records its
entries can be told. So nothing more is written of a client who was erased, nor into a stream of
which some records were.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from application.importing.streams import History
from application.ports import EventLog
from domain.client import fold
from domain.entry import Entry
from domain.journey.events import ReferralMade

CLIENTS = "client:"

AT_ONCE = 500
"""Clients who are looked up together."""


def without_erased(
    log: EventLog, histories: Sequence[History]
) -> tuple[list[History], list[History]]:
    """Return the histories that may come in, and those of clients who were erased."""
    clients = {client for one in histories for client in _clients(one)}
    erased = {*_erased(log, iter(sorted(clients)))}
    going = [one for one in histories if not erased.isdisjoint(_clients(one))] if erased else []
    return [one for one in histories if erased.isdisjoint(_clients(one))], going


def _clients(history: History) -> Iterator[str]:
    """Yield the streams of the clients whom a history is of."""
    if history.stream.startswith(CLIENTS):
        yield history.stream
    for fresh in history.entries:
        if isinstance(fresh.event, ReferralMade):
            yield f"{CLIENTS}{fresh.event.client}"


def _erased(log: EventLog, clients: Iterator[str]) -> Iterator[str]:
    while some := [*islice(clients, AT_ONCE)]:
        for stream, entries in log.load_many(dict.fromkeys(some, 0)).items():
            if entries and fold(entries).keeping.erased:
                yield stream


def is_erased(entry: Entry[Any]) -> bool:
    """Whether the id of the record that an imported entry came from was erased."""
    return entry.source is not None and not entry.source.record
