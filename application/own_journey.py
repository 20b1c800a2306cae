"""What a client is told of a journey that was also said to be another person's, by mistake.

Who put that right left the old entry as it was, and said why. The client sees that there was a
mistake, and the other's id; what was told of the other in words is the other's, who is told that
alone of the journey: a referral, and why it was put right.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from domain.data_kinds import named_client
from domain.entry import Entry, Personal, with_texts
from domain.journey.events import EntryCorrected, EntryRetracted
from domain.journey.history import (
    History,
    JourneyEntry,
    clients_referred,
    history_of,
    recorded_up_to,
    told_why_of,
)

UNTOLD = Personal()


def without_another(entry: Entry[Any], ids: Collection[str]) -> Entry[Any]:
    """Return an entry without its texts where it names another than who has the ids.

    After a split, why two ids were one person's, and why they are not, tells of the other, too.
    """
    another = named_client(entry.event)
    if another is None or another in ids:
        return entry
    return entry._replace(event=with_texts(entry.event, lambda _: UNTOLD))


def without_others(
    history: History, ids: Collection[str]
) -> Callable[[JourneyEntry], JourneyEntry]:
    """Return what takes from an entry all that is told in words of others than who has the ids."""

    def own(entry: JourneyEntry) -> JourneyEntry:
        told: Any = entry.event
        event, whom = without_another(entry, ids).event, why_told_of(history, entry)
        if whom is not None:
            event = replace(event, reason=told.reason if whom in ids else UNTOLD)
        return entry if event is told else entry._replace(event=event)

    return own


def told_by_mistake(history: History, ids: Collection[str]) -> Iterator[JourneyEntry]:
    """Yield what another's journey tells of who has the ids, whose it was said to be."""
    own = without_others(history, ids)
    for entry in history.entries:
        if not told_of(history, entry).isdisjoint(ids):
            yield own(entry)


def told_of(history: History, entry: JourneyEntry) -> frozenset[str]:
    """Return of which clients an entry of the history tells by their id: none, one or two."""
    named = named_client(entry.event), why_told_of(history, entry)
    return frozenset(client for client in named if client)


def why_told_of(history: History, entry: JourneyEntry) -> str | None:
    """Return of which client an entry of the history tells why a referral was put right."""
    event = entry.event
    if not isinstance(event, EntryCorrected | EntryRetracted):
        return None
    if told_why_of(history, event) is None:  # no referral: nobody need look at what was before
        return None
    return told_why_of(history_of(x for x in history.entries if x.version < entry.version), event)


def clients_at(history: History, position: int) -> frozenset[str]:
    """Return whose the journey was when the log had come to a position.

    All who were ever said to be, where it was nobody's.
    """
    client = recorded_up_to(history, position).journey.client
    return frozenset({client}) if client else clients_referred(history.entries)
