"""What is due and why, over all journeys of the scope, the earliest first."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from application.questions import DueFound, DueQuery
from interfaces.http.caseload import Whose, default_whose
from interfaces.http.caseload_rows import Telling, link_of
from interfaces.http.clocks import Day, Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import ClientLink, Coded
from interfaces.http.reading import Cursor, Id, Limit, WaitFor, require, wait_for
from interfaces.http.written import written

router = APIRouter(tags=["caseload"])


class DeadlinesQuery(Question):
    """Which open deadlines are wanted; what is not given does not matter."""

    whose: Literal["mine", "organisation", "all"] | None = None
    """Of the scope; by default as in the caseload."""
    worker: Id | None = None
    """The person who answers for the journey."""
    organisation: Id | None = None
    """Only journeys that this organisation answers for."""
    until: Day | None = None
    """Due up to this day (included)."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page. A deadline that is moved while you turn
    pages can be on none of them, or on two."""
    wait_for: WaitFor | None = None
    """A position of the log (that of a receipt): wait until the lists have come to it, at most a
    few seconds."""


class DueTold(Told):
    """An open deadline of a journey."""

    id: str
    """Its id, stable for programs."""
    title: str
    """What it is called, in the language that was asked for."""
    basis: str
    """Why it is due: the legal or agreed ground."""
    opened_on: date
    """The day from which it is counted."""
    due: date | None
    """The last day in time; null while a pause holds the clock."""
    days_left: int | None
    """Days up to `due`, negative where it is overdue; null while a pause holds the clock."""
    overdue: bool
    """Whether the last day in time is over, on the day of the clocks."""
    journey: str
    """The id of the journey."""
    client: ClientLink
    """The client, by name."""
    programme: Coded
    """The programme, and what it is called."""
    organisation: Coded
    """The organisation, and what it is called."""
    responsible: str | None
    """Who answers for the journey; null where nobody does yet."""


class Deadlines(Told):
    """Open deadlines, the earliest first."""

    items: list[DueTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end. A page may have fewer than asked for, or none,
    and not be the last: what is not in your scope any more is left out."""
    position: int
    """How far the list had come in the log."""
    unread: int
    """How many journeys could not be read to the end, whosever they are: they are found as they
    were, or not at all."""


@router.get("/deadlines", summary="What is due and why")
@written
def list_deadlines(asked: Annotated[DeadlinesQuery, Query()], here: Asking) -> Deadlines:
    """Tell the open deadlines of the journeys in scope, the earliest first."""
    require(here, "deadlines")
    wait_for(here, asked.wait_for)
    page = here.parts.views.due(here.scope, _query(here, asked))
    still = here.still_in_scope([one.found.case for one in page.items])
    found = [one for one in page.items if still(one.found.case)]
    telling = Telling(here)
    telling.note_as("deadlines", [one.found.case for one in found])
    return Deadlines.model_construct(
        items=[_told(one, telling) for one in found],
        next=page.next,
        position=page.position,
        unread=page.unread,
    )


def _query(here: Here, asked: DeadlinesQuery) -> DueQuery:
    worker, organisation = asked.worker, asked.organisation
    whose: str | None = asked.whose
    if whose is None and worker is None and organisation is None:
        whose = default_whose(here.scope.role).value
    if whose == Whose.MINE:
        worker = worker or here.scope.person
    if whose == Whose.ORGANISATION:
        organisation = organisation or here.scope.organisation
    return DueQuery(worker, organisation, asked.until, asked.limit, asked.cursor)


def _told(one: DueFound, telling: Telling) -> DueTold:
    due, case = one.due, one.found.case
    today = telling.definitions.today(case.programme, case.definition_version)
    return DueTold.model_construct(
        id=due.deadline,
        title=telling.title(case, "deadline", due.rule).title,
        basis=telling.ground(case, due.basis),
        opened_on=due.opened_on,
        due=due.due,
        days_left=(due.due - today).days if due.due else None,
        overdue=due.due is not None and due.due < today,
        journey=due.owner,
        client=link_of(one.found),
        programme=telling.programme(case),
        organisation=telling.title(case, "organisation", case.organisation),
        responsible=due.responsible,
    )
