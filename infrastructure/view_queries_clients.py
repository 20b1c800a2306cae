"""The register of clients: looking for a person, and for those who may be the same one.

Somebody out of scope is told of, veiled, to who knows name and day of birth or local id already:
nobody is to learn from a search by a name, or by a day, who else is a client.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from application.questions import ClientFound, ClientQuery, NothingAsked, Page, veiled
from application.scope import Scope, worker_key
from application.views.register import folded_id, folded_words
from application.views.rows import CaseRow, ClientRow, ReachRow
from infrastructure.view_clients_seen import ClientKnown, known, seen
from infrastructure.view_cursors import cursor_of, question, read_cursor
from infrastructure.view_details import of_persons_with_details, with_details
from infrastructure.view_lists import Where
from infrastructure.view_matching import EXACT, likeness, of_birth, of_name
from infrastructure.view_merges import (
    Fit,
    by_person,
    ids_with,
    in_order,
    rows_of_person,
)
from infrastructure.view_names import MOST_LOOKED_AT, named, parted
from infrastructure.view_queries_caseload import bounded, clients_of
from infrastructure.view_reading import Plans, Snapshot, ViewReader

MOST_WORDS = 8
"""Words of a search that are looked for; further ones are not."""


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
    told_by_more = bool(words) and not by_name

    def told_of(snapshot: Snapshot, owners: Sequence[str], *, more: bool) -> list[Fit]:
        if more and by_name:
            owners = list(dict.fromkeys((*owners, *_of_own(snapshot, scope))))
        there = known(snapshot, scope, owners) if told_by_more else seen(snapshot, scope, owners)
        each = in_order(by_person(snapshot, _fitting(there, words, asked)))
        return [f for f in each if f.seen or (told_by_more and f.score == EXACT)]

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
        position, unread = snapshot.position("register"), snapshot.unread("register")
        items = _told(snapshot, shown, EXACT if told_by_more else None)
        return Page(items, following, position, more, unread)

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
    own = f"FROM {snapshot.table(ReachRow)} AS r WHERE {where.text()} ORDER BY r.due, r.owner"
    asked = f"SELECT r.client {own} LIMIT {MOST_LOOKED_AT}"
    if not snapshot.is_current(ReachRow):  # an older program's do not name the client
        own = f"SELECT r.owner {own} LIMIT {MOST_LOOKED_AT}"
        cases = f"{snapshot.table(CaseRow)} AS j"
        asked = f"SELECT j.client FROM ({own}) AS own JOIN {cases} ON j.owner = own.owner"
    found = snapshot.tuples(asked, where.values)
    return [client for (client,) in found]


def _fitting(there: Iterable[ClientKnown], words: Sequence[str], asked: ClientQuery) -> list[Fit]:
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
            found.append(Fit(score, *best))
    return found


def _persons(there: Iterable[ClientKnown]) -> Iterable[list[ClientKnown]]:
    """Return the ids of each person together."""
    persons: dict[str, list[ClientKnown]] = {}
    for one in there:
        persons.setdefault(one.client.goes_by or one.client.owner, []).append(one)
    return persons.values()


def _has_local_id(some: Sequence[ClientKnown], asked: ClientQuery) -> bool:
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
        there = known(snapshot, scope, sorted(every.difference(row.owner for row in own)))
        found = by_person(snapshot, (one for one in _likely(own, there) if one.score))
        return list(_told(snapshot, sorted(found, key=lambda x: (-x.score, x.client.owner)), 0))

    return reader.ask(others, [], Plans.OF_FEW)


def _likely(own: Sequence[ClientRow], there: Iterable[ClientKnown]) -> Iterator[Fit]:
    """Yield how likely each is the same person; what was told under any id of either counts."""
    mine = list(_each_with_births(own))
    for some in _persons(there):
        theirs = list(_each_with_births([one.client for one in some]))
        score = max(likeness(row, other) for row in mine for other in theirs)
        yield Fit(score, *some[0])


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


def _told(snapshot: Snapshot, found: Sequence[Fit], least: float | None) -> tuple[ClientFound, ...]:
    """Return what a person is told of those who fit.

    Where the log is to be asked whether somebody is still in scope, the journeys are told as well.
    `least` is the score from which on anybody is told that there is one; None: nobody is.
    """
    lone = [one for one in found if one.seen and not (one.served or one.aside)]
    journeys = _of_lone(snapshot, [x.client.owner for x in lone if x.client.goes_by is None])
    return tuple(
        ClientFound(
            one.client if one.seen else veiled(one.client),
            one.seen,
            one.score,
            one.served and not one.aside,
            journeys.get(one.client.owner),
            least is not None and one.score >= least,
        )
        for one in found
    )


def _of_lone(snapshot: Snapshot, clients: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the journeys of clients who have one id each."""
    if not clients or not snapshot.has(CaseRow):
        return {}
    found: dict[str, list[str]] = {client: [] for client in clients}
    where = f"client {snapshot.driver.among('asked')} ORDER BY client, owner"
    asked = f"SELECT client, owner FROM {snapshot.table(CaseRow)} WHERE {where}"
    for client, owner in snapshot.tuples(asked, {"asked": snapshot.driver.texts(clients)}):
        found[client].append(owner)
    return {client: tuple(journeys) for client, journeys in found.items()}


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
