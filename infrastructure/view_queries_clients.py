"""The register of clients: looking for a person, and for those who may be the same one.

Somebody out of scope is told of, veiled, to who knows name and day of birth or local id already:
nobody is to learn from a search by a name, or by a day, who else is a client.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from application.questions import ClientFound, ClientQuery, NothingAsked, Page, veiled
from application.scope import Role, Scope, worker_key
from application.views.register import folded_id, folded_words
from application.views.rows import CaseRow, ClientRow, ReachRow
from infrastructure.view_cursors import cursor_of, question, read_cursor
from infrastructure.view_details import of_persons_with_details, with_details
from infrastructure.view_lists import Where
from infrastructure.view_matching import EXACT, likeness, of_birth, of_name
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
from infrastructure.view_names import MOST_LOOKED_AT, named, parted
from infrastructure.view_queries_caseload import bounded, clients_of
from infrastructure.view_reading import Plans, Snapshot, ViewReader
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
    local_id = folded_id(asked.local_id or "")
    asked = replace(asked, local_id=asked.local_id if local_id else None)
    if not words and asked.born is None and not asked.local_id:
        raise NothingAsked(
            "the search does not say whom to look for: "
            "give words of a name, a day of birth or a local id"
        )
    told = question("clients-by-place", words, asked.born, local_id)
    last = read_cursor(told, asked.cursor)
    limit = bounded(asked.limit)
    by_name = asked.born is None and not asked.local_id
    known = bool(words) and not by_name

    def told_of(snapshot: Snapshot, owners: Sequence[str], *, more: bool) -> list[Fit]:
        if more and by_name:
            owners = list(dict.fromkeys((*owners, *_of_own(snapshot, scope))))
        there = _known(snapshot, scope, owners) if known else _seen(snapshot, scope, owners)
        each = in_order(by_person(snapshot, _fitting(there, words, asked)))
        return [f for f in each if f.seen or (known and f.score == EXACT)]

    def page(snapshot: Snapshot) -> Page[ClientFound]:
        owners, more = _looked_at(snapshot, words, asked)
        fitting = told_of(snapshot, owners, more=more)
        if by_name and not fitting:  # whoever fits out of scope is as if there were nobody
            owners, still_more = parted(snapshot, words)
            fitting, more = told_of(snapshot, owners, more=still_more), more or still_more
        first = _first_after(fitting, last)
        shown = fitting[first : first + limit]
        following = None
        if len(fitting) > first + limit:
            place = (shown[-1].score, shown[-1].client.owner, first + limit)
            following = cursor_of(told, place)
        return Page(_told(shown), following, snapshot.position("register"), more)

    return reader.ask(page, Page((), None, 0), Plans.OF_FEW)


def _first_after(fitting: list[Fit], last: Sequence[Any] | None) -> int:
    """Return the place of who follows the last one of the page before.

    That is who stands after that one now. Where it is not there any more, or fits less well since,
    those count who had come by then: nobody who fits is left out because another one went.
    The cursor does not say by which name it was sorted: names do not belong in addresses.
    """
    if last is None:
        return 0
    score, owner, come = last
    for place, one in enumerate(fitting, start=1):
        if (one.score, one.client.owner) == (score, owner):
            return place
    worse = sum(one.score < score for one in fitting)
    return int(min(max(come - 1, 0), len(fitting) - worse))


def _looked_at(
    snapshot: Snapshot, words: Sequence[str], asked: ClientQuery
) -> tuple[list[str], bool]:
    """Return ids of clients who may fit, and whether there may be more."""
    if asked.born is None and not asked.local_id:
        return named(snapshot, words)
    found = with_details(snapshot, asked)
    others: list[str] = []
    if words or (asked.born is not None and asked.local_id):
        others = of_persons_with_details(snapshot, asked)
    looked_at = dict.fromkeys((*found[:MOST_LOOKED_AT], *others))
    return [*looked_at], len(found) > MOST_LOOKED_AT


def _of_own(snapshot: Snapshot, scope: Scope) -> list[str]:
    """Return ids of clients for whose open journeys the person answers.

    Of a common name others may be looked at, all of them out of scope: whoever has few clients
    finds them by it all the same.
    """
    if not snapshot.has(CaseRow):
        return []
    where = Where(snapshot.driver)
    where.equal("r.key", "worker", worker_key(scope.person))
    where.equal("r.is_open", "is_open", True)
    found = snapshot.tuples(
        f"SELECT j.client FROM (SELECT r.owner FROM {snapshot.table(ReachRow)} AS r "
        f"WHERE {where.text()} ORDER BY r.due, r.owner LIMIT {MOST_LOOKED_AT}) AS own "
        f"JOIN {snapshot.table(CaseRow)} AS j ON j.owner = own.owner",
        where.values,
    )
    return [client for (client,) in found]


def _fitting(there: Iterable[_Known], words: Sequence[str], asked: ClientQuery) -> list[Fit]:
    """Return those who fit; of a person with several ids all that was told under any counts."""
    by_name: dict[str, float] = {}  # of those whom a search finds many have the same
    found = []
    for some in _persons(there):
        for one in some:
            if one.client.sorted_name not in by_name:
                by_name[one.client.sorted_name] = _of_name(words, one.client.sorted_name)
        best = max(some, key=lambda one: by_name[one.client.sorted_name])
        score = by_name[best.client.sorted_name]
        if len(some) > 1:
            together = _of_name(words, " ".join(one.client.sorted_name for one in some))
            score = max(score, together)
        if asked.born is not None:
            score *= max(of_birth(asked.born, one.client.born) for one in some)
        if score and _has_local_id(some, asked):
            found.append(Fit(score, best.client, best.seen))
    return found


def _persons(there: Iterable[_Known]) -> Iterable[list[_Known]]:
    """Return the ids of each person together."""
    persons: dict[str, list[_Known]] = {}
    for one in there:
        persons.setdefault(one.client.goes_by or one.client.owner, []).append(one)
    return persons.values()


def _has_local_id(some: Sequence[_Known], asked: ClientQuery) -> bool:
    """Whether one of a person's ids has the local id; who has one id was found by it."""
    if not asked.local_id or not some[0].client.goes_by:
        return True
    wanted = folded_id(asked.local_id)
    return any(one.client.folded_id == wanted for one in some)


def _of_name(words: Sequence[str], name: str) -> float:
    there = list(dict.fromkeys(name.split()))
    return round(of_name(words, there), 4) if words else EXACT


def possible_duplicates(reader: ViewReader, scope: Scope, client: ClientRow) -> list[ClientFound]:
    """Return other clients who may be the same person, the likeliest first."""

    def others(snapshot: Snapshot) -> list[ClientFound]:
        own = rows_of_person(snapshot, client)
        alike = sorted({owner for row in own for owner in _alike(snapshot, row)})
        every = set[str]().union(*ids_with(snapshot, alike).values())
        there = _known(snapshot, scope, sorted(every.difference(row.owner for row in own)))
        found = by_person(snapshot, (one for one in _likely(own, there) if one.score))
        return list(_told(sorted(found, key=lambda one: (-one.score, one.client.owner))))

    return reader.ask(others, [], Plans.OF_FEW)


def _likely(own: Sequence[ClientRow], there: Iterable[_Known]) -> Iterator[Fit]:
    """Yield how likely each is the same person; what was told under any id of either counts."""
    mine = list(_each_with_births(own))
    for some in _persons(there):
        theirs = list(_each_with_births([one.client for one in some]))
        score = max(likeness(row, other) for row in mine for other in theirs)
        yield Fit(score, some[0].client, some[0].seen)


def _each_with_births(rows: Sequence[ClientRow]) -> Iterator[ClientRow]:
    """Yield the rows of a person with each day of birth that was told under any id."""
    births = sorted({row.born for row in rows if row.born is not None})
    return (row._replace(born=born) for row in rows for born in births or (None,))


def _alike(snapshot: Snapshot, client: ClientRow) -> Iterable[str]:
    """Yield ids of those who have the local id, or the day of birth as it is or swapped."""
    if client.local_id:
        asked = ClientQuery(local_id=client.local_id)
        yield from with_details(snapshot, asked)[:MOST_LOOKED_AT]
    if client.born is not None:
        yield from with_details(snapshot, ClientQuery(born=client.born))[:MOST_LOOKED_AT]


def _told(found: Iterable[Fit]) -> tuple[ClientFound, ...]:
    return tuple(
        ClientFound(client if seen else veiled(client), seen, score)
        for score, client, seen in found
    )


def _known(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[_Known]:
    """Return the clients, and whether the person may see them: asked in one way."""
    return _of_persons(snapshot, scope, _asked(snapshot, scope, clients))


def _seen(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[_Known]:
    """Return those of the clients whom the person may see: of a common name they are few."""
    if not clients:
        return []
    seen = _in_scope(snapshot, scope)
    any_of = seen.any_of()
    if snapshot.is_current(ClientRow):
        any_of += " OR r.goes_by IS NOT NULL"
    where = f"{_these(snapshot)} AND ({any_of})"
    rows = snapshot.rows(ClientRow, where, seen.values | _given(snapshot, clients))
    found = _of_persons(snapshot, scope, [_Known(row, seen=True) for row in rows])
    return [one for one in found if one.seen]


def _of_persons(snapshot: Snapshot, scope: Scope, found: list[_Known]) -> list[_Known]:
    """Return the same clients; of the few who have several ids, it is asked of all together."""
    merged = [one.client.owner for one in found if one.client.goes_by]
    if not merged:
        return found
    alone = (one for one in found if not one.client.goes_by)
    return [*alone, *_asked(snapshot, scope, merged, by_person=True)]


def _asked(
    snapshot: Snapshot, scope: Scope, clients: Sequence[str], *, by_person: bool = False
) -> list[_Known]:
    if not clients:
        return []
    seen = _in_scope(snapshot, scope, by_person=by_person)
    values = seen.values | _given(snapshot, clients)
    found = snapshot.told(ClientRow, seen.any_of(), _these(snapshot), values)
    return [_Known(*one) for one in found]


def _these(snapshot: Snapshot, column: str = "r.owner") -> str:
    """Return the condition that a column names one of the clients that are `_given`."""
    return f"{column} {snapshot.driver.among('asked')}"


def _given(snapshot: Snapshot, clients: Sequence[str]) -> dict[str, Any]:
    return {"asked": snapshot.driver.texts(clients)}


def _in_scope(snapshot: Snapshot, scope: Scope, *, by_person: bool = False) -> Where:
    """Return conditions of which one must hold for who may be seen as more than that there is one.

    Who registered a client sees the client until there is a journey. It is asked of each client `r`
    of those `_given` by the one id, or `by_person`, by all ids that there are.
    """
    within, seen = Within.of(scope), Where(snapshot.driver)
    if within.everything:
        seen.add("1 = 1")
        return seen
    if within.clients:
        seen.among("r.owner", "clients", within.clients)
    if not snapshot.has(CaseRow):
        return seen
    having = _having_journeys(snapshot, by_person=by_person)
    if within.journeys:
        opened = f"j.owner {snapshot.driver.among('journeys')}"
        seen.add(having(opened), journeys=snapshot.driver.texts(within.journeys))
    if within.keys:
        held = f"held.owner = j.owner AND held.key {snapshot.driver.among('keys')}"
        key = f"SELECT held.key FROM {snapshot.table(ReachRow)} AS held WHERE {held} LIMIT 1"
        # Not by EXISTS, for which all journeys under a key might be gone through.
        seen.add(having(f"({key}) IS NOT NULL"), keys=snapshot.driver.texts(within.keys))
    if scope.organisation and scope.role in _WORKING:
        ids = ids_of_person(snapshot) if by_person else ONE_ID
        own = registered_by(snapshot, ids, snapshot.driver.value("own"))
        some = f"SELECT 1 FROM {snapshot.table(CaseRow)} AS j WHERE j.client {ids}"
        seen.add(f"({own} AND NOT EXISTS ({some}))", own=scope.organisation)
    return seen


def _having_journeys(snapshot: Snapshot, *, by_person: bool) -> Callable[[str], str]:
    """Return what makes the condition that a client `r` has a journey `j` of which something holds.

    The journeys of many clients who have one id each are looked up together, not one by one.
    """
    cases = f"{snapshot.table(CaseRow)} AS j"
    if by_person:
        ids = ids_of_person(snapshot)
        return lambda what: f"EXISTS (SELECT 1 FROM {cases} WHERE j.client {ids} AND {what})"
    these = _these(snapshot, "j.client")
    return lambda what: f"r.owner IN (SELECT j.client FROM {cases} WHERE {these} AND {what})"


def clients(reader: ViewReader, owners: Sequence[str]) -> dict[str, ClientRow]:
    """Return those of the clients who are registered, by id, whoever may see them."""
    if not owners:
        return {}
    return reader.ask(lambda snapshot: clients_of(snapshot, owners), {}, Plans.OF_FEW)


def client(reader: ViewReader, owner: str) -> ClientRow | None:
    """Return a client as registered, whoever may see it."""
    return clients(reader, [owner]).get(owner)


def journeys_of_each(reader: ViewReader, owners: Sequence[str]) -> dict[str, list[CaseRow]]:
    """Return the journeys of each of many clients, the newest first, whoever may see them.

    Where a client was merged, they are those under all ids of the person.
    """

    def journeys(snapshot: Snapshot) -> dict[str, list[CaseRow]]:
        ids = ids_with(snapshot, owners)
        every = snapshot.driver.texts(sorted(set().union(*ids.values())))
        where = f"client {snapshot.driver.among('ids')} ORDER BY position DESC, owner"
        cases = snapshot.rows(CaseRow, where, {"ids": every})
        return {owner: [case for case in cases if case.client in ids[owner]] for owner in owners}

    none: dict[str, list[CaseRow]] = {owner: [] for owner in owners}
    return reader.ask(journeys, none, Plans.OF_FEW) if owners else none
