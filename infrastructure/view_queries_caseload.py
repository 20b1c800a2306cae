"""The caseload: a page of a scope's journeys, filtered and sorted, each read from an index."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

from application.questions import MOST, CaseFound, CaseOrder, CaseQuery, Page
from application.scope import Scope, responsible_key, worker_key
from application.views.caseload import waiting_key
from application.views.rows import CaseRow, ClientRow, ReachRow, RecentRow, place_of
from domain.definition import Phase
from domain.journey.ending import ENDED
from domain.journey.state import Status
from infrastructure.view_cursors import cursor_of, question, read_cursor
from infrastructure.view_lists import Listing, Lists, Sort, Where
from infrastructure.view_reading import NotBuilt, Plans, Snapshot, ViewReader
from infrastructure.view_scope import Ways, Within, has_key, in_scope, programme_keys, ways


class _Order(NamedTuple):
    """The rows that a list is read from, and how it is sorted."""

    row: type[Any]
    sort: Sort


_BY_DUE = Sort(("due", "owner"))

MANY = 3000
"""Of so many journeys that are due, the first in another order are soon found along the way."""

_ORDERS: Mapping[CaseOrder, _Order] = MappingProxyType(
    {
        CaseOrder.DUE: _Order(ReachRow, _BY_DUE),
        CaseOrder.RECENT: _Order(RecentRow, Sort(("position", "owner"), falling=True)),
        CaseOrder.PHASE_SINCE: _Order(ReachRow, Sort(("phase_since", "owner"))),
    }
)

_PROGRAMME = "programme:"


def bounded(limit: int) -> int:
    """Return how long a page may be that was asked for with a limit."""
    return max(1, min(limit, MOST))


def caseload(reader: ViewReader, scope: Scope, asked: CaseQuery) -> Page[CaseFound]:
    """Return a page of the journeys of a scope. Raises BadCursor."""
    told = question("caseload", asked_of(asked), asked.order)
    last = read_cursor(told, asked.cursor)
    limit = bounded(asked.limit)

    def page(snapshot: Snapshot) -> Page[CaseFound]:
        found = _found(snapshot, scope, asked, last, limit + 1)
        shown = found[:limit]
        items = cases_found(snapshot, [owner for _, owner in shown])
        following = cursor_of(told, shown[-1]) if len(found) > limit else None
        position, unread = snapshot.position("caseload"), snapshot.unread("caseload")
        return Page(tuple(items), following, position, unread=unread)

    return reader.ask(page, Page((), None, 0), Plans.OF_LISTS)


def asked_of(asked: CaseQuery) -> tuple[Any, ...]:
    """Return all that a question about the caseload asks but order, limit and cursor."""
    return (
        *(asked.worker, asked.organisation, asked.programme, asked.phase, asked.status),
        *(asked.open, asked.due_by, asked.stale, asked.waiting_for),
    )


def _found(
    snapshot: Snapshot, scope: Scope, asked: CaseQuery, last: Sequence[Any] | None, limit: int
) -> list[tuple[Any, ...]]:
    row, sort = _ORDERS[asked.order]
    where = Where(snapshot.driver)
    where.after(sort, last)
    way = _way(snapshot, scope, asked, where)
    lists = Lists((), ()) if way.is_few else _lists(snapshot, way, asked)
    if asked.due_by is not None:
        _due_by(snapshot, where, lists, _ORDERS[asked.order], asked.due_by)
    listing = Listing(snapshot, row, sort, where, limit)
    filtered = Where(snapshot.driver, list(where.conditions), dict(where.values))
    _filter(filtered, asked)
    each = listing._replace(where=filtered)
    found = each.owned(way.owners)
    if way.is_few:
        found += each.merged(Lists(("key",), tuple((key,) for key in way.keys)))
    return listing.first_of([*found, *listing.merged(lists)])


def _due_by(snapshot: Snapshot, where: Where, lists: Lists, order: _Order, day: date) -> None:
    """Ask for what is due by a day, in a list that may be sorted by something else.

    Few that are due are best taken together and sorted. Where they are many, the list is walked
    along until there are enough.
    """
    mark = snapshot.driver.value("due_by")
    where.values["due_by"] = day.isoformat()
    many = True
    if order.sort != _BY_DUE:
        there = Where(snapshot.driver, [f"r.due <= {mark}"], {"due_by": day.isoformat()})
        many = Listing(snapshot, ReachRow, _BY_DUE, there, MANY).is_full(lists)
        if not many:
            snapshot.sort_freely()
    if order.row is ReachRow:
        where.add(f"r.due <= {mark}")
        return
    same = f"FROM {snapshot.table(ReachRow)} AS d WHERE d.owner = r.owner AND d.key = r.key"
    # As a single value it is looked up row by row; EXISTS may be joined with all that is due.
    where.add(
        f"(SELECT d.due {same}) <= {mark}"
        if many
        else f"EXISTS (SELECT 1 {same} AND d.due <= {mark})"
    )


def _way(snapshot: Snapshot, scope: Scope, asked: CaseQuery, where: Where) -> Ways:
    if asked.waiting_for is not None and not snapshot.tells(CaseRow, "handover_to"):
        raise NotBuilt("rows of an older program do not say what waits")
    if asked.stale:
        return _stale_ones(snapshot, scope, asked, where)
    if asked.stale is not None:
        where.add(
            f"r.owner NOT IN (SELECT owner FROM {snapshot.table(CaseRow)} "
            "WHERE stale_since IS NOT NULL)"
        )
    return ways(
        snapshot,
        scope,
        where,
        worker=asked.worker,
        organisation=asked.organisation,
        waiting_for=asked.waiting_for,
    )


def _stale_ones(snapshot: Snapshot, scope: Scope, asked: CaseQuery, where: Where) -> Ways:
    """Return the few journeys that are behind, and ask of them what their keys must be."""
    within = Within.of(scope)
    in_scope(snapshot, where, within, within.owners(snapshot))
    if asked.worker is not None:
        has_key(snapshot, where, "worker", [worker_key(asked.worker)])
    if asked.organisation is not None:
        has_key(snapshot, where, "answers", [responsible_key(asked.organisation)])
    if asked.waiting_for is not None:
        has_key(snapshot, where, "waits", [waiting_key(asked.waiting_for)])
    stale = snapshot.rows(CaseRow, "stale_since IS NOT NULL", {})
    return Ways((), tuple(case.owner for case in stale))


def _filter(where: Where, asked: CaseQuery) -> None:
    """Ask by conditions for what the lists of many journeys are chosen by."""
    if asked.open is not None:
        where.equal("r.is_open", "is_open", asked.open)
    if asked.programme is not None:
        where.equal("r.programme", "programme", asked.programme)
    if asked.phase is not None or asked.status is not None:
        where.among("r.place", "places", list(_places(asked)))


def _lists(snapshot: Snapshot, way: Ways, asked: CaseQuery) -> Lists:
    """Return the lists that have no other journeys than those asked for."""
    keys = [key for key in way.keys if _can_be_of(key, asked.programme)]
    programmes = _programmes(way, keys, asked)
    if programmes is None and asked.phase is None and asked.status is None:
        open_ones = (True, False) if asked.open is None else (asked.open,)
        return Lists(("key", "is_open"), tuple(product(keys, open_ones)))
    if programmes is None:
        programmes = [key.removeprefix(_PROGRAMME) for key in programme_keys(snapshot)]
        programmes.append("")  # what has none, a retracted referral, stands somewhere all the same
    wanted = product(keys, programmes, list(_places(asked)))
    values = tuple(one for one in wanted if _can_be_of(one[0], one[1]))
    return Lists(("key", "programme", "place"), values)


def _programmes(way: Ways, keys: Sequence[str], asked: CaseQuery) -> list[str] | None:
    """Return the programmes asked for; None where the keys have no others."""
    if asked.programme is not None:
        of_it = all(key.startswith(_PROGRAMME) for key in keys)
        return None if of_it else [asked.programme]
    return None if way.programmes is None else list(way.programmes)


def _can_be_of(key: str, programme: str | None) -> bool:
    return programme is None or not key.startswith(_PROGRAMME) or key == _PROGRAMME + programme


def _places(asked: CaseQuery) -> Iterable[str]:
    statuses = [s for s in Status if asked.open is None or (s not in ENDED) is asked.open]
    for status, phase in product(statuses, (None, *Phase)):
        if asked.status in (None, status.value) and asked.phase in (None, phase and phase.value):
            yield place_of(status.value, phase and phase.value)


def cases_found(snapshot: Snapshot, owners: Sequence[str]) -> list[CaseFound]:
    """Return journeys with their clients, in the order of their ids as given."""
    if not owners:
        return []
    of = f"r.owner {snapshot.driver.among('owners')}"
    values = {"owners": snapshot.driver.texts(owners)}
    if snapshot.has(ClientRow):
        found = snapshot.joined(CaseRow, ClientRow, "o.owner = r.client", of, values)
    else:
        found = [(case, None) for case in snapshot.rows(CaseRow, of, values)]
    cases = {case.owner: CaseFound(case, client) for case, client in found}
    return [cases[owner] for owner in owners if owner in cases]


def clients_of(snapshot: Snapshot, clients: Sequence[str]) -> dict[str, ClientRow]:
    """Return those of the clients who are in the register, by id."""
    if not snapshot.has(ClientRow):
        return {}
    return _by_owner(snapshot, ClientRow, clients)


def _by_owner(snapshot: Snapshot, row: type[Any], owners: Sequence[str]) -> dict[str, Any]:
    if not owners:
        return {}
    values = {"owners": snapshot.driver.texts(owners)}
    found = snapshot.rows(row, f"owner {snapshot.driver.among('owners')}", values)
    return {one.owner: one for one in found}
