"""The register of clients: looking for a person, and for those who may be the same one.

Somebody out of scope is told of, veiled, to who knows name and day of birth or local id already:
nobody is to learn from a search by a name, or by a day, who else is a client.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from application.questions import ClientFound, ClientQuery, NothingAsked, Page, veiled
from application.scope import Role, Scope
from application.views.register import folded_words
from application.views.rows import CaseRow, ClientRow, ReachRow
from infrastructure.view_cursors import cursor_of, question, read_cursor
from infrastructure.view_lists import Where
from infrastructure.view_matching import EXACT, likeness, of_birth, of_name, swapped
from infrastructure.view_merges import (
    ONE_ID,
    Fit,
    by_person,
    ids_of_person,
    ids_with,
    in_order,
    registered_by,
    rows_of_person,
)
from infrastructure.view_names import MOST_LOOKED_AT, named
from infrastructure.view_queries_caseload import bounded, clients_of
from infrastructure.view_reading import Snapshot, ViewReader
from infrastructure.view_scope import Within

_WORKING = (Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION)

MOST_WORDS = 8
"""Words of a search that are looked for; further ones are not."""


class _Known(NamedTuple):
    """A client, and whether the person may see more than that there is one."""

    client: ClientRow
    seen: bool


def find_clients(reader: ViewReader, scope: Scope, asked: ClientQuery) -> Page[ClientFound]:
    """Return clients who fit, the best first. Raises BadCursor and NothingAsked."""
    words = folded_words(asked.name)[:MOST_WORDS]
    if not words and asked.born is None and not asked.local_id:
        raise NothingAsked(
            "the search does not say whom to look for: "
            "give words of a name, a day of birth or a local id"
        )
    told = question("clients", words, asked.born, asked.local_id)
    last = read_cursor(told, asked.cursor)
    limit = bounded(asked.limit)

    def page(snapshot: Snapshot) -> Page[ClientFound]:
        owners, more = _looked_at(snapshot, words, asked)
        each = _fitting(_known(snapshot, scope, owners), words, asked)
        there = in_order(by_person(snapshot, each))
        known = bool(words) and (asked.born is not None or bool(asked.local_id))
        fitting = [f for f in there if f.seen or (known and f.score == EXACT)]
        found = _following(fitting, last)
        shown = found[:limit]
        following = None
        if len(found) > limit:
            following = cursor_of(told, (shown[-1].score, shown[-1].client.owner))
        return Page(_told(shown), following, snapshot.position("register"), more)

    return reader.ask(page, Page((), None, 0))


def _following(fitting: list[Fit], last: Sequence[Any] | None) -> list[Fit]:
    """Return who follows the last one of the page before, wherever that one stands now.

    The cursor does not say by which name it was sorted: names do not belong in addresses.
    """
    if last is None:
        return fitting
    score, owner = last
    for place, one in enumerate(fitting):
        if one.client.owner == owner:
            return fitting[place + 1 :]
    return [one for one in fitting if one.score < score]


def _looked_at(
    snapshot: Snapshot, words: Sequence[str], asked: ClientQuery
) -> tuple[list[str], bool]:
    """Return ids of clients who may fit, and whether there may be more."""
    if asked.born is None and not asked.local_id:
        return named(snapshot, words)
    found = _by_facts(snapshot, asked)
    return found[:MOST_LOOKED_AT], len(found) > MOST_LOOKED_AT


def _fitting(there: Iterable[_Known], words: Sequence[str], asked: ClientQuery) -> list[Fit]:
    """Return those who fit."""
    by_name: dict[str, float] = {}  # of those whom a search finds many have the same
    found = []
    for client, seen in there:
        name = client.sorted_name
        score = by_name.get(name)
        if score is None:
            score = by_name[name] = _of_name(words, name)
        if asked.born is not None:
            score *= of_birth(asked.born, client.born)
        if score:
            found.append(Fit(score, client, seen))
    return found


def _of_name(words: Sequence[str], name: str) -> float:
    there = list(dict.fromkeys(name.split()))
    return round(of_name(words, there), 4) if words else EXACT


def _by_facts(snapshot: Snapshot, asked: ClientQuery) -> list[str]:
    where = Where(snapshot.driver)
    if asked.local_id:
        where.equal("local_id", "local_id", asked.local_id)
    if asked.born is not None:
        days = [day for day in (asked.born, swapped(asked.born)) if day is not None]
        where.among("born", "born", [day.isoformat() for day in days])
    found = snapshot.tuples(
        f"SELECT owner FROM {snapshot.table(ClientRow)} WHERE {where.text()} "
        f"LIMIT {MOST_LOOKED_AT + 1}",
        where.values,
    )
    return [owner for (owner,) in found]


def possible_duplicates(reader: ViewReader, scope: Scope, client: ClientRow) -> list[ClientFound]:
    """Return other clients who may be the same person, the likeliest first."""

    def others(snapshot: Snapshot) -> list[ClientFound]:
        own = rows_of_person(snapshot, client)
        alike = {owner for row in own for owner in _alike(snapshot, row)}
        there = _known(snapshot, scope, sorted(alike - {row.owner for row in own}))
        scored = [
            Fit(max(likeness(row, other) for row in own), other, seen) for other, seen in there
        ]
        found = by_person(snapshot, (one for one in scored if one.score))
        return list(_told(sorted(found, key=lambda one: (-one.score, one.client.owner))))

    return reader.ask(others, [])


def _alike(snapshot: Snapshot, client: ClientRow) -> Iterable[str]:
    """Yield ids of those who have the local id, or the day of birth as it is or swapped."""
    if client.local_id:
        asked = ClientQuery(local_id=client.local_id)
        yield from _by_facts(snapshot, asked)[:MOST_LOOKED_AT]
    if client.born is not None:
        yield from _by_facts(snapshot, ClientQuery(born=client.born))[:MOST_LOOKED_AT]


def _told(found: Iterable[Fit]) -> tuple[ClientFound, ...]:
    return tuple(
        ClientFound(client if seen else veiled(client), seen, score)
        for score, client, seen in found
    )


def _known(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[_Known]:
    """Return the clients, and whether the person may see them: asked in one way.

    Of the few who have several ids, it is asked of all of them together.
    """
    found = _asked(snapshot, scope, clients, ONE_ID)
    merged = [one.client.owner for one in found if one.client.goes_by]
    if not merged:
        return found
    alone = (one for one in found if not one.client.goes_by)
    return [*alone, *_asked(snapshot, scope, merged, ids_of_person(snapshot))]


def _asked(snapshot: Snapshot, scope: Scope, clients: Sequence[str], ids: str) -> list[_Known]:
    if not clients:
        return []
    driver = snapshot.driver
    seen = _in_scope(snapshot, scope, ids)
    where = f"r.owner {driver.among('asked')}"
    values = seen.values | {"asked": driver.texts(clients)}
    return [_Known(*one) for one in snapshot.told(ClientRow, seen.any_of(), where, values)]


def _in_scope(snapshot: Snapshot, scope: Scope, ids: str) -> Where:
    """Return conditions of which one must hold for who may be seen as more than that there is one.

    Who registered a client sees the client until there is a journey. `ids` are those of `r`.
    """
    within, seen = Within.of(scope), Where(snapshot.driver)
    if within.everything:
        seen.add("1 = 1")
        return seen
    if within.clients:
        seen.among("r.owner", "clients", within.clients)
    if not snapshot.has(CaseRow):
        return seen
    journey = f"SELECT 1 FROM {snapshot.table(CaseRow)} AS j WHERE j.client {ids}"
    if within.journeys:
        opened = f"j.owner {snapshot.driver.among('journeys')}"
        texts = snapshot.driver.texts(within.journeys)
        seen.add(f"EXISTS ({journey} AND {opened})", journeys=texts)
    if within.keys:
        held = f"SELECT 1 FROM {snapshot.table(CaseRow)} AS j"
        held += f" JOIN {snapshot.table(ReachRow)} AS held ON held.owner = j.owner"
        key = f"held.key {snapshot.driver.among('keys')}"
        texts = snapshot.driver.texts(within.keys)
        seen.add(f"EXISTS ({held} WHERE j.client {ids} AND {key})", keys=texts)
    if scope.organisation and scope.role in _WORKING:
        own = registered_by(snapshot, ids, snapshot.driver.value("own"))
        seen.add(f"({own} AND NOT EXISTS ({journey}))", own=scope.organisation)
    return seen


def clients(reader: ViewReader, owners: Sequence[str]) -> dict[str, ClientRow]:
    """Return those of the clients who are registered, by id, whoever may see them."""
    return reader.ask(lambda snapshot: clients_of(snapshot, owners), {}) if owners else {}


def client(reader: ViewReader, owner: str) -> ClientRow | None:
    """Return a client as registered, whoever may see it."""
    return reader.ask(lambda snapshot: clients_of(snapshot, [owner]).get(owner), None)


def journeys_of(reader: ViewReader, owner: str) -> list[CaseRow]:
    """Return the journeys of a client, the newest first, whoever may see them.

    Where the client was merged, they are those under all ids of the person.
    """

    def journeys(snapshot: Snapshot) -> list[CaseRow]:
        ids = snapshot.driver.texts(ids_with(snapshot, owner))
        where = f"client {snapshot.driver.among('ids')} ORDER BY position DESC, owner"
        return snapshot.rows(CaseRow, where, {"ids": ids})

    return reader.ask(journeys, [])
