"""What a client's own journey tells of another person, whose it was said to be by mistake.

Who put that right left the old entry as it was, and said why. The client sees that there was a
mistake, and the other's id; what was told of the other in words is the other's.
"""

from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass, replace
from typing import Any

from domain.data_kinds import named_client
from domain.entry import Personal
from domain.journey.events import EntryCorrected, EntryRetracted
from domain.journey.history import History, JourneyEntry, clients_referred

UNTOLD = Personal()


def without_others(
    history: History, ids: Collection[str]
) -> Callable[[JourneyEntry], JourneyEntry]:
    """Return what takes from an entry all that is told in words of others than who has the ids."""

    def speaks_of_another(version: int) -> bool:
        entry = history.entry(version)
        return entry is not None and not clients_referred([entry]) <= {*ids}

    def own(entry: JourneyEntry) -> JourneyEntry:
        event: Any = entry.event
        named = named_client(event)
        if named is not None and named not in ids:
            return entry._replace(event=_untold(event))
        if isinstance(event, EntryCorrected | EntryRetracted) and speaks_of_another(event.entry):
            return entry._replace(event=replace(event, reason=UNTOLD))
        return entry

    return own


def _untold(value: Any) -> Any:
    """Return a value without what is told in words anywhere within it."""
    match value:
        case Personal():
            return UNTOLD
        case tuple():
            return tuple(_untold(one) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            told = {own.name: _untold(getattr(value, own.name)) for own in fields(value)}
            return replace(value, **told)
        case _:
            return value
