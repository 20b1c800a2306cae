"""What was erased since it was imported: a source that still has it must not bring it back.

An erasure forgets the keys of what was imported with the rest, and with it by which records its
entries can be told. So nothing more is written of a client who was erased, nor into a stream of
which some records were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from application.importing.streams import History
from application.ports import EventLog
from domain.client import Client, fold
from domain.entry import Entry
from domain.journey.events import ReferralMade
from domain.journey.history import history_of

CLIENTS = "client:"

AT_ONCE = 500
"""Clients who are looked up together."""


class Checked(NamedTuple):
    """Histories that may come in, and those of clients who were erased, as the log is now.

    `versions` are those of the clients' streams: whoever is erased later is at another.
    """

    coming: list[History]
    erased: list[History]
    versions: dict[str, int]


NOBODY: Mapping[str, Sequence[str]] = MappingProxyType({})


def check_erased(
    log: EventLog, histories: Sequence[History], by_now: Mapping[str, Sequence[str]] = NOBODY
) -> Checked:
    """Look up whose histories were erased.

    `by_now` are the streams of the clients whose they are in the log, by the histories' streams.
    """
    whose = {one.stream: {*clients_of(one), *by_now.get(one.stream, ())} for one in histories}
    wanted = sorted({client for clients in whose.values() for client in clients})
    known = dict(_known(log, iter(wanted)))
    gone = {stream for stream, client in known.items() if client.keeping.erased}
    found = Checked([], [], {stream: client.version for stream, client in known.items()})
    for one in histories:
        (found.coming if gone.isdisjoint(whose[one.stream]) else found.erased).append(one)
    return found


def clients_of(history: History) -> Iterator[str]:
    """Yield the streams of the clients whom a history is of."""
    if history.stream.startswith(CLIENTS):
        yield history.stream
    for fresh in history.entries:
        if isinstance(fresh.event, ReferralMade):
            yield f"{CLIENTS}{fresh.event.client}"


def clients_by_now(history: History, stored: Iterable[Entry[Any]]) -> tuple[str, ...]:
    """Return the stream of the client whose a journey is in the log; none where it is nobody's.

    Its referral may have been put right since it was brought in: the source knows nothing of it.
    """
    client = "" if history.stream.startswith(CLIENTS) else history_of(stored).journey.client
    return (f"{CLIENTS}{client}",) if client else ()


def _known(log: EventLog, clients: Iterator[str]) -> Iterator[tuple[str, Client]]:
    while some := [*islice(clients, AT_ONCE)]:
        for stream, entries in log.load_many(dict.fromkeys(some, 0)).items():
            yield stream, fold(entries)


def is_erased(entry: Entry[Any]) -> bool:
    """Whether the id of the record that an imported entry came from was erased."""
    return entry.source is not None and not entry.source.record
