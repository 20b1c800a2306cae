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
from infrastructure.view_names import MOST_LOOKED_AT, named
from infrastructure.view_queries_caseload import bounded, clients_of
from infrastructure.view_reading import Snapshot, ViewReader
from infrastructure.view_scope import Within

_WORKING = (Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION)

MOST_WORDS = 8
"""Words of a search that are looked for; further ones are not."""

Scored = tuple[float, ClientRow]


class _Fit(NamedTuple):
    """How well a client fits, the name to sort by, and the id."""

    score: float
    name: str
    owner: str


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
        fitting, more = _fitting(snapshot, words, asked)
        seen = _in_scope(snapshot, scope, [one.owner for one in fitting])
        known = bool(words) and (asked.born is not None or bool(asked.local_id))
        fitting = [f for f in fitting if f.owner in seen or (known and f.score == EXACT)]
        found = _following(fitting, last)
        shown = found[:limit]
        following = None
        if len(found) > limit:
            following = cursor_of(told, (shown[-1].score, shown[-1].owner))
        clients = clients_of(snapshot, [one.owner for one in shown])
        hits = _told(seen, [(one.score, clients[one.owner]) for one in shown])
        return Page(tuple(hits), following, snapshot.position("register"), more)

    return reader.ask(page, Page((), None, 0))


def _following(fitting: list[_Fit], last: Sequence[Any] | None) -> list[_Fit]:
    """Return who follows the last one of the page before, wherever that one stands now.

    The cursor does not say by which name it was sorted: names do not belong in addresses.
    """
    if last is None:
        return fitting
    score, owner = last
    for place, one in enumerate(fitting):
        if one.owner == owner:
            return fitting[place + 1 :]
    return [one for one in fitting if one.score < score]


def _fitting(
    snapshot: Snapshot, words: Sequence[str], asked: ClientQuery
) -> tuple[list[_Fit], bool]:
    if asked.born is not None or asked.local_id:
        clients, more = _by_facts(snapshot, asked)
        found = [_Fit(_score(words, c, asked), c.sorted_name, c.owner) for c in clients]
    else:
        names, more = named(snapshot, words)
        found = [_Fit(_of_name(words, name), name, owner) for owner, name in names]
    fitting = [one for one in found if one.score]
    return sorted(fitting, key=lambda one: (-one.score, one.name, one.owner)), more


def _score(words: Sequence[str], client: ClientRow, asked: ClientQuery) -> float:
    score = _of_name(words, client.sorted_name)
    return score if asked.born is None else score * of_birth(asked.born, client.born)


def _of_name(words: Sequence[str], name: str) -> float:
    there = list(dict.fromkeys(name.split()))
    return round(of_name(words, there), 4) if words else EXACT


def _by_facts(snapshot: Snapshot, asked: ClientQuery) -> tuple[list[ClientRow], bool]:
    where = Where(snapshot.driver)
    if asked.local_id:
        where.equal("local_id", "local_id", asked.local_id)
    if asked.born is not None:
        days = [day for day in (asked.born, swapped(asked.born)) if day is not None]
        where.among("born", "born", [day.isoformat() for day in days])
    found = snapshot.rows(ClientRow, f"{where.text()} LIMIT {MOST_LOOKED_AT + 1}", where.values)
    return found[:MOST_LOOKED_AT], len(found) > MOST_LOOKED_AT


def possible_duplicates(reader: ViewReader, scope: Scope, client: ClientRow) -> list[ClientFound]:
    """Return other clients who may be the same person, the likeliest first."""

    def others(snapshot: Snapshot) -> list[ClientFound]:
        alike = {other.owner: other for other in _alike(snapshot, client)}
        alike.pop(client.owner, None)
        scored = [(likeness(client, other), other) for other in alike.values()]
        found = sorted((one for one in scored if one[0]), key=lambda one: (-one[0], one[1].owner))
        seen = _in_scope(snapshot, scope, [other.owner for _, other in found])
        return _told(seen, found)

    return reader.ask(others, [])


def _alike(snapshot: Snapshot, client: ClientRow) -> Iterable[ClientRow]:
    """Yield those who have the local id, or the day of birth as it is or swapped."""
    if client.local_id:
        yield from _by_facts(snapshot, ClientQuery(local_id=client.local_id))[0]
    if client.born is not None:
        yield from _by_facts(snapshot, ClientQuery(born=client.born))[0]


def _told(seen: set[str], found: Sequence[Scored]) -> list[ClientFound]:
    return [
        ClientFound(client if client.owner in seen else veiled(client), client.owner in seen, score)
        for score, client in found
    ]


def _in_scope(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> set[str]:
    """Return the ids of those of whom the person may see more than that there is one."""
    within = Within.of(scope)
    if within.everything:
        return set(clients)
    seen = set(clients) & set(within.clients)
    others = [client for client in clients if client not in seen]
    seen |= _with_journeys_in_scope(snapshot, within, others)
    own = scope.organisation if scope.role in _WORKING else ""
    return seen | (_registered_by(snapshot, own, others) if own else set())


def _registered_by(snapshot: Snapshot, own: str, clients: Sequence[str]) -> set[str]:
    """Return those whom the organisation registered, and who have no journey yet."""
    if not clients or not snapshot.has(CaseRow):
        return set()
    driver = snapshot.driver
    found = snapshot.tuples(
        f"SELECT c.owner FROM {snapshot.table(ClientRow)} AS c "
        f"WHERE c.owner {driver.among('clients')} AND c.registered_by = {driver.value('own')} "
        f"AND NOT EXISTS (SELECT 1 FROM {snapshot.table(CaseRow)} AS r WHERE r.client = c.owner)",
        {"clients": driver.texts(clients), "own": own},
    )
    return {client for (client,) in found}


def _with_journeys_in_scope(snapshot: Snapshot, within: Within, clients: Sequence[str]) -> set[str]:
    if not clients or not snapshot.has(CaseRow) or not (within.keys or within.journeys):
        return set()
    driver = snapshot.driver
    found = snapshot.tuples(
        f"SELECT DISTINCT r.client FROM {snapshot.table(CaseRow)} AS r "
        f"WHERE r.client {driver.among('clients')} AND (r.owner {driver.among('journeys')} "
        f"OR EXISTS (SELECT 1 FROM {snapshot.table(ReachRow)} AS held "
        f"WHERE held.owner = r.owner AND held.key {driver.among('keys')}))",
        {
            "clients": driver.texts(clients),
            "journeys": driver.texts(within.journeys),
            "keys": driver.texts(within.keys),
        },
    )
    return {client for (client,) in found}


def clients(reader: ViewReader, owners: Sequence[str]) -> dict[str, ClientRow]:
    """Return those of the clients who are registered, by id, whoever may see them."""
    return reader.ask(lambda snapshot: clients_of(snapshot, owners), {}) if owners else {}


def client(reader: ViewReader, owner: str) -> ClientRow | None:
    """Return a client as registered, whoever may see it."""
    return reader.ask(lambda snapshot: clients_of(snapshot, [owner]).get(owner), None)


def journeys_of(reader: ViewReader, owner: str) -> list[CaseRow]:
    """Return the journeys of a client, the newest first, whoever may see them."""

    def journeys(snapshot: Snapshot) -> list[CaseRow]:
        where = f"client = {snapshot.driver.value('client')} ORDER BY position DESC, owner"
        return snapshot.rows(CaseRow, where, {"client": owner})

    return reader.ask(journeys, [])
