"""Clients: found by name, day of birth or local id, and the page of one."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field, model_validator

from application.accesses import with_opened
from application.client_scope import is_registered_by
from application.journey_clients import client_of as whose
from application.journeys import UnknownJourney, history
from application.permissions import may_do, way_to
from application.ports import NotReadable
from application.programmes import NotPublished
from application.questions import MOST, BadCursor, ClientFound, ClientQuery, NothingAsked
from application.same_person import ids_of
from application.scope import Role
from application.views.rows import CaseRow, ClientRow
from application.vocabulary import said_where_known
from domain.client import Client
from domain.data_kinds import DataKind
from domain.wording import in_language, said
from interfaces.http.caseload_models import CaseTold
from interfaces.http.caseload_rows import Telling, client_link, of_last
from interfaces.http.clocks import Day, Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.headers import HAS_ETAG
from interfaces.http.journey_models import Coded, Withheld
from interfaces.http.problems import CLIENT_OUT_OF_SCOPE, INVALID, Problem, Wrong, bad_cursor
from interfaces.http.reading import (
    ClientId,
    WaitFor,
    client_of,
    require,
    tongue_of,
    unknown_client,
    wait_for,
)
from interfaces.http.withheld import withheld_told
from interfaces.http.written import written

router = APIRouter(tags=["clients"])

_SAY_WHOM = said("give a name, a day of birth or a local id")
_TEXT = r"^[^\x00]*$"


class Search(Question):
    """Whom somebody looks for. In the body, so that no name stands in an address or its log."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "makinen aino"}]})

    name: str = Field(default="", max_length=200, pattern=_TEXT, examples=["makinen aino"])
    """Words of the name, in any order; accents and one slip of the hand in a word do not matter."""
    born: Day | None = None
    """The day of birth."""
    local_id: str | None = Field(default=None, max_length=200, pattern=_TEXT)
    """The person's id in the organisation's own system; case and spaces do not matter."""
    limit: int = Field(default=20, ge=1, le=MOST)
    """How many at most on a page."""
    cursor: str | None = Field(default=None, max_length=2000, pattern=_TEXT)
    """`next` of the page before."""

    @model_validator(mode="after")
    def _asks_something(self) -> "Search":
        if not (self.name.strip() or self.born or (self.local_id or "").strip()):
            raise ValueError(_SAY_WHOM)
        return self


class Hit(Told):
    """A client who fits; of one out of scope no more than that there is one.

    Such a one is told only where the whole name and the day of birth or local id fit exactly.
    """

    id: str
    """The client's id, stable for programs."""
    in_scope: bool
    """Whether the client has a journey in your scope."""
    score: float
    """1 where everything fits exactly."""
    given_name: str | None
    """The given name; null where nobody registered it."""
    family_name: str | None
    """The family name; null where nobody registered it."""
    born: date | None
    """The day of birth; null where nobody told it."""
    municipality: str | None
    """The municipality; null where nobody told it."""
    local_id: str | None
    """The person's id in the organisation's own system; null where nobody told it."""


class Hits(Told):
    """Clients who fit, the best first."""

    items: list[Hit]
    """Who was found, the likeliest first."""
    next: str | None
    """The cursor of what follows; null at the end. A page may have fewer than asked for, or none,
    and not be the last: who is not in your scope any more is left out."""
    more: bool
    """Whether more would fit than a search looks through: say more of whom you seek."""
    unread: int
    """How many clients could not be read to the end, whosever they are: they are found as they
    were, or not at all."""


class ContactDetails(Told):
    """How to reach the client; null where nothing was said."""

    address: str | None
    """The address; null where nobody told it."""
    phone: str | None
    """The telephone number; null where nobody told it."""
    email: str | None
    """The e-mail address; null where nobody told it."""


class MergedId(Told):
    """Another id of the same person, with what is registered under it."""

    id: str
    """Its id, stable for programs."""
    version: int
    """What `If-Match` of an act under this id names."""
    given_name: str | None
    """The given name; null where nobody registered it."""
    family_name: str | None
    """The family name; null where nobody registered it."""
    born: date | None
    """The day of birth; null where nobody told it."""
    local_id: str | None
    """The person's id in the organisation's own system; null where nobody told it."""
    contact: ContactDetails | None
    """How the client could be reached by what was told under this id; null where it is withheld."""


class ClientPage(Told):
    """A client: particulars, contact details, journeys, and who may be the same person."""

    id: str
    """Its id, stable for programs: the one that the person goes by, whichever was asked for."""
    asked_for: str | None
    """The id that was asked for, where it was merged into this one; else null."""
    merged: list[MergedId]
    """The ids that were merged into this one; each journey keeps the id it was referred under."""
    version: int
    """What `If-Match` of an act names."""
    given_name: str | None
    """The given name; null where nobody registered it."""
    family_name: str | None
    """The family name; null where nobody registered it."""
    born: date | None
    """The day of birth; null where nobody told it."""
    birth_year: int | None
    """The year of birth; null where nobody told it."""
    local_id: str | None
    """The person's id in the organisation's own system; null where nobody told it."""
    municipality: Coded | None
    """The municipality, as the programme of the newest journey in scope calls it, else by its code;
    null where nobody told it."""
    language: str | None
    """The client's language, as a code of ISO 639; null where nobody told it."""
    gender: Coded | None
    """As the client told it, null where nobody told it; a code of the place that Polku has no words
    for is its own title."""
    registered_on: date | None
    """The day of the registration; null where there was none."""
    contact: ContactDetails | None
    """How the client can be reached; null where it is withheld."""
    journeys: list[CaseTold]
    """Those in scope, the newest first."""
    others: int
    """How many journeys there are beside those, out of scope."""
    possible_duplicates: list[Hit]
    """Other clients who may be the same person, the likeliest first."""
    withheld: list[Withheld]
    """The kinds of data that are withheld; empty where the whole is shown."""


class PageQuery(Question):
    """How the page is wanted."""

    wait_for: WaitFor | None = None
    """A position of the log (that of a receipt): wait until the lists have come to it, at most a
    few seconds."""


@router.post("/clients/search", summary="Find a client")
@written
def search_clients(asked: Search, here: Asking) -> Hits:
    """Find clients by name, day of birth or local id; nothing is changed by it."""
    require(here, "client-search")
    query = ClientQuery(asked.name, asked.born, asked.local_id, asked.limit, asked.cursor)
    try:
        page = here.parts.views.find_clients(here.scope, query)
    except NothingAsked:
        raise Problem(INVALID, _SAY_WHOM, errors=[Wrong("/name", _SAY_WHOM)]) from None
    except BadCursor:
        raise bad_cursor("body") from None
    found = _told(here, "client-search", page.items)
    items = [_hit(one) for one in found]
    return Hits.model_construct(items=items, next=page.next, more=page.more, unread=page.unread)


@router.get("/clients/{client}", summary="The page of a client", responses=HAS_ETAG)
@written
def client_page(
    client: ClientId, asked: Annotated[PageQuery, Query()], here: Asking, response: Response
) -> ClientPage:
    """Tell a client in scope: by a journey, or as registered by one's organisation before any.

    The answer carries an ETag: send it as If-Match with an act under the id that was asked for.
    """
    require(here, "client-page")
    wait_for(here, asked.wait_for)
    scope = here.scope
    another = scope.role is Role.CLIENT and client not in scope.own_ids
    if client_of(here, client).registered is None or another:
        raise unknown_client(here)
    ids = ids_of(here.office.clients, client)
    listed = here.parts.views.journeys_of(client)
    journeys = [one for one in listed if _is_of(here, one, ids)]
    seen = [one for one in journeys if _in_scope(here, one)]
    if not seen and not _own(here, client, begun=bool(journeys)):
        raise Problem(
            CLIENT_OUT_OF_SCOPE,
            said(
                "no journey of this client is in your scope: ask the responsible organisation for "
                "a handover or a place in the team, or open a journey with a reason to read it"
            ),
        )
    here.look_up_now(one.owner for one in seen)  # the list can be behind the log
    read = [(one, None) for one in ids] + [(one.client or None, one.owner) for one in seen]
    here.note_readings("client-page", read, of_last(seen, {DataKind.COURSE}))
    response.headers["ETag"] = f'"{client_of(here, client).version}"'
    return _page(here, client, ids, seen, len(journeys) - len(seen))


def _is_of(here: Here, case: CaseRow, ids: Sequence[str]) -> bool:
    """Whether the journey is still the client's; of one not to be read the list is believed."""
    try:
        return whose(here.office, case.owner) in ids
    except NotReadable:
        return True


def _in_scope(here: Here, case: CaseRow) -> bool:
    """Whether the journey is in scope as the log has it now, whatever the list knows."""
    try:
        found = history(here.office, case.owner).journey
        scope = with_opened(here.office, here.scope, case.owner, found)
    except (UnknownJourney, NotPublished):
        return False
    except NotReadable:  # as far as it could be read, it is whose the list says
        return case.organisation == here.scope.organisation
    return way_to(scope, case.owner, found) is not None


def _own(here: Here, client: str, *, begun: bool) -> bool:
    """Whether the client is the person's without a journey; who registered, until one has begun."""
    scope = here.scope
    if scope.role in {Role.CLIENT, Role.AUDITOR}:
        return True
    working = {Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION}
    own = is_registered_by(here.office, client, scope.organisation)
    return scope.role in working and not begun and own


def _page(
    here: Here, client: str, ids: Sequence[str], seen: list[CaseRow], others: int
) -> ClientPage:
    surviving, rows = ids[0], here.parts.views.clients(ids)
    state, telling = client_of(here, surviving), Telling(here)
    known, row = state.registered, rows.get(surviving)
    assert known is not None  # noqa: S101 - only who is registered was merged, or is asked for
    shown = here.shown_of(surviving)
    return ClientPage.model_construct(
        id=surviving,
        asked_for=client if client != surviving else None,
        merged=[_merged_id(here, one) for one in ids[1:]],
        version=state.version,
        given_name=known.given_name.text,
        family_name=known.family_name.text,
        born=_day(known.date_of_birth.text),
        birth_year=known.birth_year,
        local_id=known.local_id.text,
        municipality=_place(telling, seen, known.municipality),
        language=known.language,
        gender=_gender(here, known.gender),
        registered_on=state.registered_on,
        **shown.fields({"contact": _contact(state)}),
        journeys=[telling.case(one, client_link(one.client, rows.get(one.client))) for one in seen],
        others=0 if here.scope.role is Role.CLIENT else others,
        possible_duplicates=duplicates_of(here, row),
        withheld=withheld_told(shown, tongue_of(here), {"contact"}),
    )


def _place(telling: Telling, seen: Sequence[CaseRow], code: str | None) -> Coded | None:
    if code is None:
        return None
    if not seen:
        return Coded.model_construct(code=code, title=code)
    return telling.title(seen[0], "organisation", code)


def _gender(here: Here, code: str | None) -> Coded | None:
    if code is None:
        return None
    title = in_language(said_where_known("gender", code), tongue_of(here))
    return Coded.model_construct(code=code, title=title)


def _merged_id(here: Here, client: str) -> MergedId:
    state = client_of(here, client)
    known = state.registered
    return MergedId.model_construct(
        id=client,
        version=state.version,
        given_name=known.given_name.text if known else None,
        family_name=known.family_name.text if known else None,
        born=_day(known.date_of_birth.text) if known else None,
        local_id=known.local_id.text if known else None,
        **here.shown_of(client).fields({"contact": _contact(state)}),
    )


def _contact(state: Client) -> ContactDetails:
    return ContactDetails.model_construct(
        address=state.address.text or None,
        phone=state.phone.text or None,
        email=state.email.text or None,
    )


def duplicates_of(here: Here, row: ClientRow | None) -> list[Hit]:
    """Return other clients who may be the same person, and note those that are told."""
    if row is None or not may_do(here.scope.role, "possible-duplicates"):
        return []
    found = here.parts.views.possible_duplicates(here.scope, row)
    return [_hit(one) for one in _told(here, "possible-duplicates", found)]


def _told(here: Here, what: str, listed: Sequence[ClientFound]) -> list[ClientFound]:
    """Return whom may be told of those whom the list knows, and note that they are read."""
    still = here.still_known([one for one in listed if one.in_scope])
    now = [one if not one.in_scope or still(one) else one.out_of_scope() for one in listed]
    found = [one for one in now if one.in_scope or one.to_anybody]
    # That somebody of that name or day of birth is a client is told of those out of scope too.
    for in_scope, told in ((True, what), (False, f"{what}-out-of-scope")):
        read = [(one.client.owner, None) for one in found if one.in_scope is in_scope]
        here.note_readings(told, read)
    return found


def _hit(one: ClientFound) -> Hit:
    shown = one.in_scope
    return Hit.model_construct(
        id=one.client.owner,
        in_scope=shown,
        score=one.score,
        given_name=one.client.given_name if shown else None,
        family_name=one.client.family_name if shown else None,
        born=one.client.born if shown else None,
        municipality=one.client.municipality if shown else None,
        local_id=one.client.local_id if shown else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
