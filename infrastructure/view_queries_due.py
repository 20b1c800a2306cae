"""The open deadlines of a scope, the earliest first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from application.questions import CaseFound, DueFound, DueQuery, Page
from application.scope import Scope
from application.views.rows import DueReachRow, DueRow
from infrastructure.view_cursors import cursor_of, question, read_cursor
from infrastructure.view_lists import Listing, Lists, Sort, Where
from infrastructure.view_queries_caseload import bounded, cases_found
from infrastructure.view_reading import Plans, Snapshot, ViewReader
from infrastructure.view_scope import ways

_SORT = Sort(("due", "owner", "deadline"))


def due(reader: ViewReader, scope: Scope, asked: DueQuery) -> Page[DueFound]:
    """Return a page of open deadlines; those whose clock a pause holds come last.

    Raises BadCursor.
    """
    told = question("due", asked.worker, asked.organisation, asked.until)
    last = read_cursor(told, asked.cursor)
    limit = bounded(asked.limit)

    def page(snapshot: Snapshot) -> Page[DueFound]:
        found = _found(snapshot, scope, asked, last, limit + 1)
        shown = found[:limit]
        following = cursor_of(told, shown[-1]) if len(found) > limit else None
        position, unread = snapshot.position("caseload"), snapshot.unread("caseload")
        return Page(tuple(_told(snapshot, shown)), following, position, unread=unread)

    return reader.ask(page, Page((), None, 0), Plans.OF_LISTS)


def _found(
    snapshot: Snapshot, scope: Scope, asked: DueQuery, last: Sequence[Any] | None, limit: int
) -> list[tuple[Any, ...]]:
    where = Where(snapshot.driver)
    where.after(_SORT, last)
    if asked.until is not None:
        # What a pause holds stands under the last day there is, and is due on none.
        until = min(asked.until, date.max.replace(day=30)).isoformat()
        where.add(f"r.due <= {snapshot.driver.value('until')}", until=until)
    way = ways(snapshot, scope, where, worker=asked.worker, organisation=asked.organisation)
    listing = Listing(snapshot, DueReachRow, _SORT, where, limit)
    many = listing.merged(Lists(("key",), tuple((key,) for key in way.keys)))
    return listing.first_of([*listing.owned(way.owners), *many])


def _told(snapshot: Snapshot, shown: Sequence[tuple[Any, ...]]) -> list[DueFound]:
    if not shown:
        return []
    owners = list(dict.fromkeys(owner for _, owner, _ in shown))
    values = {"owners": snapshot.driver.texts(owners)}
    rows = snapshot.rows(DueRow, f"owner {snapshot.driver.among('owners')}", values)
    dues = {(row.owner, row.deadline): row for row in rows}
    cases: dict[str, CaseFound] = {one.case.owner: one for one in cases_found(snapshot, owners)}
    return [DueFound(dues[owner, deadline], cases[owner]) for _, owner, deadline in shown]
