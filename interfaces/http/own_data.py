"""Who has used a client's data and on which ground, and the copy of all that is held of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic_core import to_json

from application.accesses import Wanted, of_person, readings
from application.client_scope import client_in_scope, ways_to_client
from application.erasing import with_retracted
from application.permissions import Denied, NotAllowed, Way
from application.ports import NotReadable
from application.reading_grounds import Grounds
from application.same_person import ids_of
from application.scope import Role
from application.subject_copied import as_json
from application.subject_copy import may_copy, subject_copy
from domain.access import Reading
from domain.wording import in_language, in_words
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.headers import of_page
from interfaces.http.journey_models import Coded
from interfaces.http.paging import place_of
from interfaces.http.reading import (
    ClientId,
    Cursor,
    Limit,
    client_of,
    journeys_of,
    require,
    tongue_of,
    unknown_client,
)
from interfaces.pages import policy
from interfaces.subject_page import page

router = APIRouter(tags=["clients"])


class UseTold(Told):
    """One time that somebody used the client's data."""

    at: datetime
    """The instant (UTC)."""
    person: str
    """Who it was, as identity tells."""
    organisation: str
    """For which organisation, by its code."""
    what: Coded
    """What was read, and what it is called."""
    purpose: Coded
    """For which purpose, and what it is called."""
    journey: str | None
    """The id of the journey; null where it was of none."""
    ground: str
    """On which ground, in words."""
    kinds: list[Coded]
    """The kinds of data that left for another organisation than the one that answers for the
    client's service; none where it stayed there."""


class Uses(Told):
    """Who has used a client's data, in the order recorded."""

    items: list[UseTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""


class UsesQuery(Question):
    """Which page is wanted."""

    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


class CopyQuery(Question):
    """How the copy is wanted."""

    format: Literal["json", "html"] = "json"
    """`json` for a program, `html` for a person to read."""


@router.get("/clients/{client}/access", summary="Who has used my data, and on which ground")
def client_access(client: ClientId, asked: Annotated[UsesQuery, Query()], here: Asking) -> Uses:
    """Tell who read a client's data: to the client, an auditor, or who answers for the service."""
    may_tell_under = _reach(here, client, "client-access")
    place, wanted = place_of(here, asked.cursor), of_person(here.office, Wanted(client=client))
    found = readings(here.office.log, wanted, here.parts.views.readings, head=place.head)
    told = (one for one in found if one.journey is None or may_tell_under(one.journey))
    page, following = place.page(told, asked.limit)
    grounds = Grounds(here.office.clients)
    return Uses(items=[_use(one, here, grounds) for one in page], next=following)


@router.get(
    "/clients/{client}/copy",
    summary="All that is held about me",
    response_class=Response,
    responses={
        200: {
            "description": "All that is held: particulars, consents, every journey with every "
            "entry, seats and openings that organisations recorded, and who read it on which "
            "ground.",
            "content": {
                "application/json": {"schema": {"type": "object"}},
                "text/html": {"schema": {"type": "string"}},
            },
        }
    },
)
def client_copy(client: ClientId, asked: Annotated[CopyQuery, Query()], here: Asking) -> Response:
    """Give the copy to the client, an auditor, or who answers for the client's service."""
    _reach(here, client, "client-copy")
    tongue, look_up = tongue_of(here), here.parts.views.readings
    journeys = with_retracted(here.office, journeys_of(here), strict=False)(client)
    copy = subject_copy(here.office, client, journeys, look_up, scope=here.scope, tongue=tongue)
    if asked.format == "html":
        return Response(
            page(copy, tongue), headers=of_page(policy()), media_type="text/html; charset=utf-8"
        )
    return Response(to_json(as_json(copy)), media_type="application/json")


def _reach(here: Here, client: str, question: str) -> Callable[[str], bool]:
    """Return whether it may be told what was read under a journey, and note the reading.

    Under one that is the client's no more, as it was put right since: to the client and an auditor.
    Raises Problem for a client who is not there, or is another, and NotAllowed where nobody of the
    person's organisation answers for the client's service.
    """
    require(here, question)
    office, scope, of = here.office, here.scope, journeys_of(here)
    another = scope.role is Role.CLIENT and client not in scope.own_ids
    if another or client_of(here, client).registered is None:
        raise unknown_client(here)
    own = scope.role in {Role.CLIENT, Role.AUDITOR}
    served = own or Way.RESPONSIBLE in ways_to_client(office, scope, client, of)
    begun = any(True for _ in of(client))
    if not (served or (not begun and client_in_scope(office, scope, client, of))):
        raise NotAllowed(Denied.CLIENT)
    here.note_readings(question, [(one, None) for one in ids_of(office.clients, client)])
    known = {one: _may_copy(here, one, otherwise=own) for one in of(client)}
    return lambda journey: known.get(journey, own)


def _may_copy(here: Here, journey: str, *, otherwise: bool) -> bool:
    """Whether the person may have a journey copied; `otherwise` of one that cannot be read."""
    try:
        return may_copy(here.office, here.scope, journey)
    except NotReadable:
        return otherwise


def _use(one: Reading, here: Here, grounds: Grounds) -> UseTold:
    tongue = tongue_of(here)

    def coded(kind: str, code: str) -> Coded:
        return Coded(code=code, title=in_language(in_words(kind, code), tongue))

    return UseTold(
        at=one.at,
        person=one.person,
        organisation=one.organisation,
        what=coded("reading", one.what),
        purpose=coded("purpose", one.purpose),
        journey=one.journey,
        ground=in_language(grounds.of(one), tongue),
        kinds=[coded("data-kind", k.value) for k in (one.disclosed.kinds if one.disclosed else ())],
    )
