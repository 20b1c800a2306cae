"""Who was responsible for which journey, from when to when."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from application.journeys import UnknownJourney, history
from application.permissions import way_to
from application.ports import NotReadable
from application.questions import Page
from application.views.rows import ResponsibilityRow
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import Coded
from interfaces.http.reading import (
    Cursor,
    Id,
    JourneyId,
    Limit,
    WaitFor,
    require,
    require_scope,
    wait_for,
)
from interfaces.http.titles import Titles

router = APIRouter(tags=["responsibility"])


class PartQuery(Question):
    """Which part of a list is wanted."""

    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""
    wait_for: WaitFor | None = None
    """A position of the log (that of a receipt): wait until the lists have come to it, at most a
    few seconds."""


class ResponsibilityQuery(PartQuery):
    """Whose responsibility is asked for; by default that of the own organisation."""

    person: Id | None = None
    """Only what this person answered for."""
    organisation: Id | None = None
    """Only what this organisation answered for."""


class ResponsibilityTold(Told):
    """Who answered for a journey; before a person is named the organisation does."""

    journey: str
    """The id of the journey."""
    client: str
    """The client's id."""
    programme: Coded = Field(examples=[{"code": "duunipolku", "title": "Duunipolku"}])
    """The programme, and what it is called."""
    person: str | None
    """Who answered for it, as identity tells; null before a person is named."""
    organisation: Coded = Field(examples=[{"code": "kuopio", "title": "Kuopio"}])
    """The organisation, and what it is called."""
    since: date
    """The first day."""
    until: date | None
    """The day another took over, or the journey ended (not included); null: to this day."""


class Responsibilities(Told):
    """Who was responsible for what, the earliest first."""

    items: list[ResponsibilityTold]
    """Those of journeys in scope that can be read: a page may have fewer than asked for, and not be
    the last."""
    next: str | None
    """The cursor of what follows; null at the end."""
    position: int
    """How far the list had come in the log."""
    unread: int
    """How many journeys could not be read to the end, whosever they are: what was told of them last
    is missing, or all."""


@router.get("/journeys/{journey}/responsibility", summary="Who was responsible for a journey")
def journey_responsibility(
    journey: JourneyId, asked: Annotated[PartQuery, Query()], here: Asking
) -> Responsibilities:
    """Tell who answered for a journey from when to when, without a gap."""
    require(here, "responsibility")
    wait_for(here, asked.wait_for)
    require_scope(here, journey, found := history(here.office, journey))
    page = here.parts.views.responsibility(
        journey=journey,
        person=None,
        organisation=None,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    if page.items:
        here.note_reading("responsibility", client=found.journey.client or None, journey=journey)
    return _told(here, page, list(page.items))


@router.get("/responsibility", summary="What a person or an organisation was responsible for")
def list_responsibility(
    asked: Annotated[ResponsibilityQuery, Query()], here: Asking
) -> Responsibilities:
    """Tell which journeys of the scope a person or an organisation answered for, and when."""
    require(here, "responsibility")
    wait_for(here, asked.wait_for)
    own = asked.person is None and asked.organisation is None
    page = here.parts.views.responsibility(
        journey=None,
        person=asked.person,
        organisation=here.scope.organisation if own else asked.organisation,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    known: dict[str, bool] = {}
    shown = [row for row in page.items if _in_scope(here, row.owner, known)]
    read = dict.fromkeys((row.client or None, row.owner) for row in shown)
    here.note_readings("responsibility", read)
    return _told(here, page, shown)


def _in_scope(here: Here, journey: str, known: dict[str, bool]) -> bool:
    if journey not in known:
        try:
            found = history(here.office, journey).journey
            known[journey] = way_to(here.scope, journey, found) is not None
        except (UnknownJourney, NotReadable):
            known[journey] = False
    return known[journey]


def _told(
    here: Here, page: Page[ResponsibilityRow], shown: list[ResponsibilityRow]
) -> Responsibilities:
    titles = Titles(here)
    return Responsibilities(
        items=[
            ResponsibilityTold(
                journey=row.owner,
                client=row.client,
                programme=titles.programme(row.programme),
                person=row.person,
                organisation=titles.organisation(row.programme, row.organisation),
                since=row.since,
                until=row.until,
            )
            for row in shown
        ],
        next=page.next,
        position=page.position,
        unread=page.unread,
    )
