"""The caseload: my clients, with what is due next and what is overdue."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from application.caseload_at import CaseAt, cases_at
from application.questions import CaseFound, CaseOrder, CaseQuery, Page
from application.scope import Role
from application.views.rows import CaseRow
from domain.definition import Phase
from domain.journey.state import Status
from interfaces.http.asked import asked, parameters
from interfaces.http.caseload_models import Caseload, CaseTold, ListClocks
from interfaces.http.caseload_rows import Telling, link_of
from interfaces.http.clocks import Clocks, Day
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import ClientLink
from interfaces.http.reading import (
    Cursor,
    Id,
    Limit,
    WaitFor,
    client_named,
    require,
    wait_for,
)
from interfaces.http.written import written

router = APIRouter(tags=["caseload"])

_TURNS = 5
"""How many pages of the scope are looked through for journeys that others share."""


class Whose(StrEnum):
    """Whose journeys: one's own, one's organisation's, those others share, or all; or nobody's yet.

    `waiting`: those that wait for somebody of one's organisation to take them.
    """

    MINE = "mine"
    ORGANISATION = "organisation"
    SHARED = "shared"
    WAITING = "waiting"
    ALL = "all"


class Which(StrEnum):
    """Journeys that go on, those that have ended, or all."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


_OPEN = {Which.OPEN: True, Which.ENDED: False, Which.ALL: None}


class CaseloadQuery(Clocks):
    """Which journeys are wanted; what is not given does not matter."""

    whose: Whose | None = Field(default=None, examples=["waiting"])
    """By default `mine` for a case worker, `organisation` for a team lead, else `all` of the scope.
    `shared`: by handover, team or agreement. `waiting`: for somebody of your organisation to take
    them. They were referred to it and not accepted yet (with `status=referred` these alone, which
    the board counts as waiting), or nobody answers for them yet, or a handover to it is asked."""
    worker: Id | None = None
    """The person who answers for the journey."""
    organisation: Id | None = None
    """Only journeys that this organisation answers for."""
    programme: Id | None = None
    """Only journeys of this programme."""
    phase: Phase | None = None
    """Only journeys in this phase."""
    status: Status | None = None
    """Only journeys that stand so."""
    which: Which = Which.OPEN
    """`open`, `ended`, or `all`."""
    due_by: Day | None = None
    """With something due up to this day."""
    stale: bool | None = None
    """True: those that the lists could not take the newest entries of."""
    order: CaseOrder = CaseOrder.DUE
    """`due`: what is due first; `recent`: what changed last; `phase-since`: who is longest in a
    phase, and before the first one since the referral. With clocks the order is that of the ids. A
    journey that moves in the order while you turn pages, as each that is changed in `recent`, can
    be on none of them, or on two."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""
    wait_for: WaitFor | None = None
    """A position of the log (that of a receipt): wait until the lists have come to it, at most a
    few seconds."""


@router.get(
    "/journeys",
    summary="My clients: the caseload",
    openapi_extra=parameters(CaseloadQuery),
)
@written
def list_journeys(here: Asking, asked: Annotated[CaseloadQuery, asked(CaseloadQuery)]) -> Caseload:
    """Tell the journeys of the scope, each with its client and what is due next."""
    require(here, "caseload")
    wait_for(here, asked.wait_for)
    query = _query(here, asked)
    telling = Telling(here, asked)
    if asked.asked:
        return _at_the_clocks(here, asked, query, telling)
    found, page = _now(here, asked, query)
    telling.note([one.case for one in found])
    return Caseload.model_construct(
        clocks=ListClocks(as_at=None, known_at=None, claimed=False),
        items=[telling.case(one.case, link_of(one)) for one in found],
        next=page.next,
        position=page.position,
        unread=page.unread,
    )


def _at_the_clocks(
    here: Here, asked: CaseloadQuery, query: CaseQuery, telling: Telling
) -> Caseload:
    position = here.office.log.position()
    page = cases_at(
        here.office,
        here.parts.views,
        here.scope,
        query,
        as_at=asked.as_at,
        known_at=asked.known_at,
    )
    items = [one for one in page.items if not _left_out(here, asked, one.case)]
    here.look_up_now(one.case.owner for one in items)  # who answered then may do so no more
    telling.note_at(items)
    return Caseload.model_construct(
        clocks=ListClocks.model_construct(
            as_at=asked.as_at,
            known_at=asked.known_at,
            claimed=any(one.claimed for one in items),
        ),
        items=[_told_at(here, one, telling) for one in items],
        next=page.next,
        position=position,
        unread=page.unread,
    )


def _told_at(here: Here, one: CaseAt, telling: Telling) -> CaseTold:
    state = client_named(here, one.case.client)
    known = state.registered if state and one.is_its_own else None
    born = known.date_of_birth.text if known else None
    client = ClientLink(
        id=one.case.client,
        given_name=known.given_name.text if known else None,
        family_name=known.family_name.text if known else None,
        born=date.fromisoformat(born) if born else None,
        goes_by=state.same.into if state else None,
    )
    return telling.case(one.case, client, day=one.day)


def _query(here: Here, asked: CaseloadQuery) -> CaseQuery:
    whose, scope = _whose(here, asked), here.scope
    worker, organisation = asked.worker, asked.organisation
    if whose is Whose.MINE:
        worker = worker or scope.person
    if whose is Whose.ORGANISATION:
        organisation = organisation or scope.organisation
    return CaseQuery(
        worker=worker,
        organisation=organisation,
        programme=asked.programme,
        phase=asked.phase.value if asked.phase else None,
        status=asked.status.value if asked.status else None,
        open=_OPEN[asked.which],
        due_by=asked.due_by,
        stale=asked.stale,
        waiting_for=scope.organisation if whose is Whose.WAITING else None,
        order=asked.order,
        limit=asked.limit,
        cursor=asked.cursor,
    )


def _whose(here: Here, asked: CaseloadQuery) -> Whose:
    if asked.whose is not None:
        return asked.whose
    if asked.worker is not None or asked.organisation is not None:
        return Whose.ALL
    return default_whose(here.scope.role)


def default_whose(role: Role) -> Whose:
    """Return whose journeys a role asks for where it does not say."""
    own = {Role.CASE_WORKER: Whose.MINE, Role.TEAM_LEAD: Whose.ORGANISATION}
    return own.get(role, Whose.ALL)


def _now(
    here: Here, asked: CaseloadQuery, query: CaseQuery
) -> tuple[list[CaseFound], Page[CaseFound]]:
    """Return what was found, and the last of the pages that were looked through for it."""
    found: list[CaseFound] = []
    for _ in range(_TURNS):
        page = here.parts.views.caseload(here.scope, query)
        still = here.still_in_scope([one.case for one in page.items])
        found += [x for x in page.items if still(x.case) and not _left_out(here, asked, x.case)]
        if page.next is None or len(found) == asked.limit:
            break
        query = replace(query, cursor=page.next, limit=asked.limit - len(found))
    return found, page


def _left_out(here: Here, asked: CaseloadQuery, case: CaseRow) -> bool:
    return asked.whose is Whose.SHARED and case.organisation == here.scope.organisation
