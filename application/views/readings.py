"""Where readings are noted in the log: of whose data, by whom, and for which organisation.

The readings themselves stay where they are, many in an entry; a row says which entry to look into.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from application.views.rows import ReadingRow
from application.views.view import Rules, View
from domain.access import Answered, ReadingsRecorded
from domain.entry import Entry


@dataclass(frozen=True, slots=True)
class Noted:
    """The keys of the readings of one spool, each or two, with the position of an entry."""

    keys: tuple[tuple[str, str, int], ...] = ()


def noted(state: Noted, entries: Iterable[Entry[Any]]) -> Noted:
    """Return what is noted after some more entries."""
    found = [
        (*keys, entry.position)
        for entry in entries
        if isinstance(entry.event, ReadingsRecorded)
        for keys in sorted(_keys(entry.event.answers))
    ]
    return Noted((*state.keys, *found))


def key_of(of: str, id_: str) -> str:
    """Return the key of the readings of a "client" or "journey", or by a "person"."""
    return f"{of}:{id_}"


def _keys(answers: Iterable[Answered]) -> Iterator[tuple[str, str]]:
    """Yield the keys of an entry's answers, each or two once: a list tells of many journeys."""
    for person, organisation in {(answer.person, answer.organisation) for answer in answers}:
        yield key_of("person", person), key_of("organisation", organisation)
    for client, journey in {(of.client, of.journey) for answer in answers for of in answer.read}:
        if client is not None:
            yield key_of("client", client), "" if journey is None else key_of("journey", journey)
        elif journey is not None:
            yield key_of("journey", journey), ""


def reading_rows(spool: str, state: Noted, _rules: Rules) -> Iterable[NamedTuple]:
    """Return a row for each key, or two that go together, and entry of a spool."""
    return (ReadingRow(spool, *each) for each in state.keys)


READINGS: View[Noted] = View(
    name="readings",
    shape=2,
    kind="readings",
    inline=False,
    tables=(ReadingRow,),
    rows=reading_rows,
)
"""Where the readings of each client are: it follows the log, as readings do themselves."""
