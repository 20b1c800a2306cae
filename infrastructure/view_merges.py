"""Clients with several ids, as the register's tables have them: who is one person with whom."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from application.views.rows import ClientRow, MergeRow
from infrastructure.view_queries_caseload import clients_of
from infrastructure.view_reading import Snapshot


class Fit(NamedTuple):
    """How well a client fits, and what is known of it (`view_clients_seen.ClientKnown`)."""

    score: float
    client: ClientRow
    seen: bool
    served: bool
    aside: bool


def ids_of_person(snapshot: Snapshot) -> str:
    """Return all ids of a client `r` who has several, as a condition has them."""
    merges = snapshot.table(MergeRow)
    merged = f"SELECT m.owner FROM {merges} AS m WHERE m.surviving = r.goes_by"
    return f"IN ({merged} UNION ALL SELECT r.goes_by)"


def ids_with(snapshot: Snapshot, clients: Sequence[str]) -> dict[str, set[str]]:
    """Return of each client all ids of the person.

    Tables of an older program tell of no merge.
    """
    ids = {client: {client} for client in clients}
    if not snapshot.has(MergeRow) or not snapshot.is_current(MergeRow):
        return ids
    among, table = snapshot.driver.among("ids"), snapshot.table(MergeRow)
    into = f"SELECT m.surviving FROM {table} AS m WHERE m.owner {among}"
    found = snapshot.tuples(
        f"SELECT owner, surviving FROM {table} WHERE surviving {among} OR surviving IN ({into})",
        {"ids": snapshot.driver.texts(clients)},
    )
    persons: dict[str, set[str]] = {}
    for owner, surviving in found:
        persons.setdefault(surviving, {surviving}).add(owner)
    for person in persons.values():
        ids |= {client: person for client in person if client in ids}
    return ids


def rows_of_person(snapshot: Snapshot, client: ClientRow) -> list[ClientRow]:
    """Return the rows of all ids of a client, the own one with them."""
    if client.goes_by is None:
        return [client]
    rows = clients_of(snapshot, sorted(ids_with(snapshot, [client.owner])[client.owner]))
    return list({client.owner: client, **rows}.values())


def by_person(snapshot: Snapshot, found: Iterable[Fit]) -> list[Fit]:
    """Return each person once, by the id that they go by, as the best of their ids fits."""
    fits = list(found)
    others = {f.client.goes_by for f in fits if f.client.goes_by not in (None, f.client.owner)}
    survivors = clients_of(snapshot, sorted(id_ for id_ in others if id_))
    best: dict[str, Fit] = {}
    for fit in fits:
        person = survivors.get(fit.client.goes_by or "", fit.client)
        if person.owner not in best or best[person.owner].score < fit.score:
            served = fit.served and fit.client.owner == person.owner
            best[person.owner] = fit._replace(client=person, served=served)
    return list(best.values())


def in_order(found: Iterable[Fit]) -> list[Fit]:
    """Return who fits, the best first."""
    return sorted(found, key=lambda one: (-one.score, one.client.sorted_name, one.client.owner))
