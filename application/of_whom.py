"""Of whom is read where a journey is read: the client learns of a reading by the own id alone."""

from collections.abc import Iterable
from typing import TypeAlias

from application.acts import named
from application.office import KIND, Office
from domain.journey.history import clients_referred

Read: TypeAlias = tuple[str | None, str | None]
"""Of whom something was read: the ids of a client and of a journey, None where there is none."""


def of_whom(office: Office, read: Iterable[Read]) -> list[Read]:
    """Return what was read, each once, with the client of a journey where none is named.

    Of a journey that is nobody's, as its referral was retracted, they are all who were ever said to
    be its client: what was told of them is there. The log is asked for all journeys at once.
    """
    told = list(dict.fromkeys(read))
    unnamed = {journey: named(KIND, journey) for client, journey in told if journey and not client}
    if not unnamed:
        return told
    histories = office.histories.newest_of(unnamed.values())
    found: list[Read] = []
    for client, journey in told:
        if client or journey is None:
            found.append((client, journey))
            continue
        history = histories[unnamed[journey]]
        own = history.journey.client
        clients = [own] if own else sorted(clients_referred(history.entries))
        found += [(one, journey) for one in clients] or [(None, journey)]
    return list(dict.fromkeys(found))
