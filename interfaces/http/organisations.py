"""Organisations: agreements, the needs of employers, and seats in services."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from application.disclosure import IN_A_SEAT
from application.local_time import day_at, zones_of
from application.scope import Role
from domain.data_kinds import DataKind
from domain.organisation.events import SeatReserved
from domain.organisation.state import Agreement, Need, Offering, Organisation, duties_on
from domain.wording import said
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.headers import HAS_ETAG
from interfaces.http.problems import UNKNOWN_ORGANISATION, Problem
from interfaces.http.reading import Code, Cursor, Limit, knows_client, require

router = APIRouter(tags=["organisations"])

_SEEING_SEATS = frozenset({Role.CASE_WORKER, Role.TEAM_LEAD, Role.AUDITOR})


class DutyTold(Told):
    """Who does what: a partner's code, and the code of what it does."""

    partner: str
    """The organisation that has the duty."""
    duty: str
    """What it takes upon itself."""


class AgreementTold(Told):
    """An agreement with the days on which it holds, both included."""

    agreement: str
    """The reference of the agreement."""
    partners: list[str]
    """The organisations that agreed."""
    duties: list[DutyTold]
    """Who takes what upon itself."""
    start: date
    """The first day."""
    end: date | None
    """The last day on which it holds, earlier than agreed where it was ended before its time; null
    where it is open."""
    in_force: bool
    """Whether it holds today."""


class NeedTold(Told):
    """An employer's need of people, and how many openings are still to be filled."""

    need: str
    """The reference of the need."""
    occupation: str
    """The occupation."""
    competences: list[str]
    """What people are to be able to do."""
    openings: int
    """How many people are looked for."""
    open: int
    """How many openings are still to be filled."""
    kind: str
    """Whether people are needed now (acute), or later on (long-term)."""
    by: date | None
    """The day by which people are looked for; null where none was said."""
    withdrawn_on: date | None
    """The day it was withdrawn; null where it was not."""


class SeatTold(Told):
    """A seat that is held, and for whom."""

    reference: str
    """What the seat is called."""
    client: str
    """The client's id."""
    journey: str | None
    """The id of the journey that it is for; null where there is none yet."""


class OfferingTold(Told):
    """A service held on given days, both included, with its seats."""

    offering: str
    """The reference of the offering."""
    service: str
    """The service, as a code."""
    place: str
    """Where it is."""
    start: date
    """The first day."""
    end: date
    """The last day (included)."""
    seats: int
    """How many seats there are."""
    free: int
    """How many of them are free."""
    held: list[SeatTold]
    """The seats that are held: told to the organisation itself, to auditors, and to those who have
    the client in scope."""


class OrganisationLine(Told):
    """An organisation in a few words."""

    code: str
    """The code, stable for programs."""
    name: str
    """The name of the organisation."""
    kind: str
    """Of which kind."""
    municipality: str | None
    """The municipality; null where nobody told it."""


class OrganisationPage(OrganisationLine):
    """An organisation with its agreements, needs and offerings."""

    version: int
    """What `If-Match` of an act names. Also the ETag."""
    duties: list[DutyTold]
    """Who does what today, by the agreements in force."""
    agreements: list[AgreementTold]
    """Its agreements."""
    needs: list[NeedTold]
    """The people that it needs, as an employer."""
    offerings: list[OfferingTold]
    """What it offers."""


class Organisations(Told):
    """Organisations in the order of their codes."""

    items: list[OrganisationLine]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""


class OrganisationsQuery(Question):
    """Which part of the list is wanted."""

    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get("/organisations", summary="Every organisation")
def list_organisations(
    asked: Annotated[OrganisationsQuery, Query()], here: Asking
) -> Organisations:
    """Tell the organisations that are registered, in the order of their codes."""
    require(here, "organisations")
    prefix = "organisation:"
    codes = [stream.removeprefix(prefix) for stream in here.office.log.streams(prefix)]
    left = [code for code in codes if asked.cursor is None or code > asked.cursor]
    page = left[: asked.limit]
    states = [(code, here.parts.organisations.newest(prefix + code)) for code in page]
    return Organisations(
        items=[_line(code, state) for code, state in states if state.registered is not None],
        next=page[-1] if len(left) > len(page) else None,
    )


@router.get("/organisations/{code}", summary="An organisation", responses=HAS_ETAG)
def show_organisation(code: Code, here: Asking, response: Response) -> OrganisationPage:
    """Tell an organisation: agreements, needs of people, offerings and their seats."""
    require(here, "organisations")
    state = here.parts.organisations.newest(f"organisation:{code}")
    if state.registered is None:
        raise Problem(UNKNOWN_ORGANISATION, said("see GET /organisations for those registered"))
    response.headers["ETag"] = f'"{state.version}"'
    today = day_at(code, here.office.log.now(), zones_of(here.office.programmes))
    return OrganisationPage(
        **dict(_line(code, state)),
        version=state.version,
        duties=[DutyTold(partner=d.partner, duty=d.duty) for d in duties_on(state, today)],
        agreements=[_agreement(one, today) for one in state.agreements.values()],
        needs=[_need(one) for one in state.needs.values()],
        offerings=[_offering(here, code, one) for one in state.offerings.values()],
    )


def _line(code: str, state: Organisation) -> OrganisationLine:
    known = state.registered
    return OrganisationLine(
        code=code,
        name=known.name if known else code,
        kind=known.kind.value if known else "",
        municipality=known.municipality if known else None,
    )


def _agreement(one: Agreement, today: date) -> AgreementTold:
    ends = [end for end in (one.signed.end, one.last_day) if end is not None]
    return AgreementTold(
        agreement=one.signed.agreement,
        partners=list(one.signed.partners),
        duties=[DutyTold(partner=d.partner, duty=d.duty) for d in one.signed.duties],
        start=one.signed.start,
        end=min(ends, default=None),
        in_force=one.holds_on(today),
    )


def _need(one: Need) -> NeedTold:
    said_ = one.published
    return NeedTold(
        need=said_.need,
        occupation=said_.occupation,
        competences=list(said_.competences),
        openings=said_.openings,
        open=one.open,
        kind=said_.kind.value,
        by=said_.by,
        withdrawn_on=one.withdrawn_on,
    )


def _offering(here: Here, code: str, one: Offering) -> OfferingTold:
    told = one.published
    return OfferingTold(
        offering=told.offering,
        service=told.service,
        place=told.place,
        start=told.start,
        end=told.end,
        seats=told.seats,
        free=one.free,
        held=_held(here, code, one),
    )


def _is_told(here: Here, seat: SeatReserved) -> bool:
    """Whether the person knows the seat's client, and is shown their services."""
    if not knows_client(here, seat.client, seat.journey):
        return False
    shown = here.shown(seat.journey) if seat.journey else here.shown_of(seat.client)
    return shown.has(DataKind.SERVICES)


def _held(here: Here, code: str, one: Offering) -> list[SeatTold]:
    """Return the seats held, where the person may know whose they are; each is a reading."""
    scope = here.scope
    if scope.role not in _SEEING_SEATS:
        return []
    own = scope.organisation == code or scope.role is Role.AUDITOR
    told = [x for x in one.held if own or _is_told(here, x)]
    read = [(seat.client, seat.journey) for seat in told]
    here.note_readings("organisations", read, otherwise=IN_A_SEAT)
    return [
        SeatTold(reference=seat.reference, client=seat.client, journey=seat.journey)
        for seat in told
    ]
