"""Of whom is read where a journey is read: the client learns of a reading by the own id alone.

Entries that are shown can tell of others, too, whose the journey was said to be by mistake: of
these is read as well (`besides`, `beside_openings`).
"""

from collections.abc import Iterable
from typing import TypeAlias

from application.acts import named
from application.office import KIND, Office
from application.own_journey import clients_at, told_of
from domain.journey.history import History, JourneyEntry, clients_referred

Read: TypeAlias = tuple[str | None, str | None]
"""Of whom something was read: the ids of a client and of a journey, None where there is none."""


def of_whom(office: Office, read: Iterable[Read]) -> list[Read]:
    """Return what was read, each once, with the client of a journey where none is named.

    Of a journey that is nobody's, as its referral was retracted, they are all who were ever said to
    be its client: what was told of them is there; where it cannot be read it is named alone. The
    log is asked for all journeys at once.
    """
    told = list(dict.fromkeys(read))
    unnamed = {journey: named(KIND, journey) for client, journey in told if journey and not client}
    if not unnamed:
        return told
    histories = office.histories.readable_of(unnamed.values())
    found: list[Read] = []
    for client, journey in told:
        history = histories.get(unnamed.get(journey or "", ""))
        if client or journey is None or history is None:
            found.append((client, journey))
            continue
        own = history.journey.client
        clients = [own] if own else sorted(clients_referred(history.entries))
        found += [(one, journey) for one in clients] or [(None, journey)]
    return list(dict.fromkeys(found))


def besides(
    journey: str, history: History, entries: Iterable[JourneyEntry], *also: str | None
) -> list[Read]:
    """Return of whom else is read where entries of a journey are shown: of all but its client.

    They are those whom the entries name, and of whom they say why that was put right. `also` are
    ids that are shown beside the entries.
    """
    told = {client for entry in entries for client in told_of(history, entry)}
    told |= {client for client in also if client}
    return [(client, journey) for client in sorted(told - {history.journey.client})]


def besides_each(office: Office, shown: Iterable[tuple[str, int]]) -> list[Read]:
    """Return the same of entries of many journeys, by the id of the journey and their version."""
    versions: dict[str, set[int]] = {}
    for journey, version in shown:
        versions.setdefault(journey, set()).add(version)
    histories = office.histories.newest_of(named(KIND, journey) for journey in versions)
    found: list[Read] = []
    for journey, some in versions.items():
        history = histories[named(KIND, journey)]
        found += besides(journey, history, [x for x in history.entries if x.version in some])
    return found


def beside_openings(office: Office, shown: Iterable[tuple[str, int]]) -> list[Read]:
    """Return of whom else is read where openings are shown, by journey and place in the log.

    Why somebody opened a journey tells of whose it was by then.
    """
    places = list(shown)
    histories = office.histories.newest_of({named(KIND, journey) for journey, _ in places})
    found: list[Read] = []
    for journey, position in places:
        history = histories[named(KIND, journey)]
        found += besides(journey, history, (), *clients_at(history, position))
    return list(dict.fromkeys(found))
