"""The acts of organisations: agreements, the needs of employers, and seats in services."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypeAlias

from fastapi import APIRouter, Response
from pydantic import Field

from application.acts import named
from application.disclosure import IN_A_SEAT
from application.intentions import Intention, stream_of
from application.permissions import Denied, NotAllowed, may_act_for, way_to
from domain.organisation import decisions
from domain.organisation.events import Duty, NeedKind, OrganisationKind
from domain.organisation.state import Organisation
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.http.acts.answers import OrganisationRecorded, answer, answers_of
from interfaces.http.acts.fields import (
    MOST_LINES,
    Body,
    Day,
    Id,
    Name,
    Names,
    NewId,
    Part,
    given,
    maybe,
    value_of,
)
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.journeys import intention_in, who_asks
from interfaces.http.acts.streams import Deed, record
from interfaces.http.context import Asking, Here
from interfaces.http.problems import UNKNOWN_ORGANISATION, Problem
from interfaces.http.reading import Code, knows_client

router = APIRouter(tags=["organisations"])

Count: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class RegisterOrganisation(Body):
    """An organisation becomes known, under a code of its own."""

    code: NewId = given("north-welding")
    """The code that it is called by from now on."""
    name: Name = given("North Welding Ltd")
    """Its name."""
    kind: OrganisationKind = given("employer")
    """What it is."""
    municipality: Name | None = maybe("kuopio")
    """The code of the municipality where it is."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision; the code names the stream."""
        return {name: value for name, value in super().fields().items() if name != "code"}


class DutySaid(Part):
    """Who does what."""

    partner: Id = given("kuopio")
    """The code of a partner of the agreement."""
    duty: Name = given("intake")
    """What it does, as a code."""


class SignAgreement(Body):
    """Organisations agreed who does what. It opens the organisation's journeys to its partners."""

    agreement: Name = given("cooperation-2025")
    """What the agreement is called; a new one."""
    partners: Annotated[tuple[Id, ...], Field(max_length=MOST_LINES)] = given(
        ["kuopio", "savo-college"]
    )
    """The codes of those who agreed: two at least, and this organisation among them."""
    duties: Annotated[
        tuple[Annotated[Duty, value_of(DutySaid, lambda told: Duty(**told.said()))], ...],
        Field(max_length=MOST_LINES),
    ] = given([{"partner": "savo-college", "duty": "training"}])
    """Who does what."""
    start: Day = given("2025-01-01")
    """The first day on which it holds."""
    end: Day | None = maybe("2025-12-31")
    """The last day on which it holds; left out where it is open."""


class EndAgreement(Body):
    """An agreement ends before its time."""

    agreement: Name = given("cooperation-2025")
    """The agreement."""
    last_day: Day = given("2025-06-30")
    """The last day on which it holds."""
    reason: Name = given("The partner gave it up.")
    """Why it ends; name no client."""


class PublishNeed(Body):
    """An employer needs people."""

    need: Name = given("welders-2025")
    """What the need is called; a new one."""
    occupation: Name = given("welder")
    """The occupation, by code or name."""
    openings: Count = given(3)
    """How many people are needed."""
    kind: NeedKind = given("acute")
    """Whether they are needed now, or later on."""
    competences: Names | None = maybe(["http://data.europa.eu/esco/skill/welding"])
    """What they are to be able to do."""
    by: Day | None = maybe("2025-06-01")
    """The day by which they are needed."""


class FillNeed(Body):
    """Openings of a need are filled."""

    need: Name = given("welders-2025")
    """The need."""
    reference: Name = given("filled-1")
    """What this filling is called; a new one."""
    openings: Count | None = maybe(1)
    """How many openings are filled; one where it is left out."""
    journey: Id | None = maybe(None, "j-1")
    """The journey that led there, where one did."""


class WithdrawNeed(Body):
    """The employer looks for nobody any more."""

    need: Name = given("welders-2025")
    """The need."""
    reason: Name = given("The order was cancelled.")
    """Why; name no client."""


class PublishOffering(Body):
    """A service is held on given days, with so many seats."""

    offering: Name = given("welding-spring")
    """What the offering is called; a new one."""
    service: Name = given("vocational-course")
    """The service, as a code."""
    seats: Count = given(12)
    """How many seats there are."""
    start: Day = given("2025-03-03")
    """The first day."""
    end: Day = given("2025-05-30")
    """The last day."""
    place: Name = given("Kuopio, Workshop Street 2")
    """Where it is held."""


class ReserveSeat(Body):
    """A seat is reserved for a client."""

    offering: Name = given("welding-spring")
    """The offering."""
    reference: Name = given("seat-1")
    """What the seat is called; a new one."""
    client: Id = given("c-1042")
    """The id of the client."""
    journey: Id | None = maybe("j-1")
    """The journey that it is for, where there is one yet."""


class ReleaseSeat(Body):
    """A reserved seat is free again."""

    offering: Name = given("welding-spring")
    """The offering."""
    reference: Name = given("seat-1")
    """The seat."""
    reason: Name = given("cancelled")
    """Why, as a code."""


class OrganisationAct(NamedTuple):
    """An act of an organisation: its body and its decision."""

    body: type[Body]
    decision: Callable[..., tuple[Any, ...]]


ACTS: Mapping[str, OrganisationAct] = MappingProxyType(
    {
        "sign-agreement": OrganisationAct(SignAgreement, decisions.sign_agreement),
        "end-agreement": OrganisationAct(EndAgreement, decisions.end_agreement),
        "publish-need": OrganisationAct(PublishNeed, decisions.publish_need),
        "fill-need": OrganisationAct(FillNeed, decisions.fill_need),
        "withdraw-need": OrganisationAct(WithdrawNeed, decisions.withdraw_need),
        "publish-offering": OrganisationAct(PublishOffering, decisions.publish_offering),
        "reserve-seat": OrganisationAct(ReserveSeat, decisions.reserve_seat),
        "release-seat": OrganisationAct(ReleaseSeat, decisions.release_seat),
    }
)
"""The acts of a registered organisation by their codes."""

REGISTER = OrganisationAct(RegisterOrganisation, decisions.register)

_ANSWERS = answers_of(OrganisationRecorded)


@router.post(
    "/organisations",
    summary="Register an organisation",
    status_code=201,
    responses=_ANSWERS,
    description=RegisterOrganisation.__doc__,
)
def register_organisation(body: RegisterOrganisation, here: Asking, key: Key) -> Response:
    """Register an organisation."""
    intention = intention_in(who_asks(here), "register-organisation", body, key, None)
    return _act(here, body.code, intention, REGISTER)


def _act(here: Here, code: str, intention: Intention, act: OrganisationAct) -> Response:
    def guard(state: Organisation) -> None:
        denied = may_act_for(here.scope, intention.code, code)
        if denied is not None:
            raise NotAllowed(denied)
        if state.registered is None and act is not REGISTER:
            raise Problem(UNKNOWN_ORGANISATION, said("see GET /organisations for those registered"))
        if intention.code in {"reserve-seat", "fill-need"}:
            _require_journey(here, intention.fields.get("journey"))
        if intention.code in {"reserve-seat", "release-seat"}:
            _require_client(here, code, state, intention)

    def decide(state: Organisation, _on: date) -> tuple[Any, ...]:
        if intention.code == "sign-agreement":
            _require_own(code, intention.fields["partners"])
        return act.decision(state, **intention.fields)

    deed = Deed(named("organisation", code), intention, guard, decide)
    return answer(record(here, here.parts.organisations, deed))


def _require_own(organisation: str, partners: tuple[str, ...]) -> None:
    """Raise InvalidField where who signs is no partner: it would open nothing to anybody."""
    if organisation not in partners:
        raise InvalidField(
            "partners", said("{organisation} signs: name it, too", organisation=organisation)
        )


def _require_journey(here: Here, journey: str | None) -> None:
    """Raise NotAllowed where a journey is named that the person has nothing to do with."""
    if journey is None:
        return
    found = here.office.histories.newest(stream_of(journey)).journey
    if way_to(here.scope, journey, found) is None:
        raise NotAllowed(Denied.SCOPE)


def _require_client(here: Here, code: str, state: Organisation, intention: Intention) -> None:
    """Raise NotAllowed where the seat's client is out of scope; else note the reading.

    The organisation that runs the offering may set any of its seats free. Who may not know whose a
    seat is, is not told whether it is held either.
    """
    fields = intention.fields
    if intention.code == "reserve-seat":
        client, journey = fields["client"], fields.get("journey")
        allowed = knows_client(here, client, journey)
    else:
        offering = state.offerings.get(fields["offering"])
        seat = offering.seats.get(fields["reference"]) if offering else None
        client, journey = (seat.client, seat.journey) if seat else (None, None)
        own = here.scope.organisation == code
        allowed = own or (client is not None and knows_client(here, client, journey))
    if not allowed:
        raise NotAllowed(Denied.CLIENT)
    if client is not None:
        otherwise = IN_A_SEAT if here.scope.organisation == code else None
        here.note_reading("seats", client=client, journey=journey, otherwise=otherwise)


def _endpoint(code: str, act: OrganisationAct) -> Callable[..., Response]:
    def do(organisation: Code, body: Body, here: Asking, key: Key, seen: Seen) -> Response:
        intention = intention_in(who_asks(here), code, body, key, version_in(seen))
        return _act(here, organisation, intention, act)

    do.__name__ = code.replace("-", "_")
    do.__annotations__["body"] = act.body
    return do


for _code, _one in ACTS.items():
    router.add_api_route(
        f"/organisations/{{organisation}}/acts/{_code}",
        _endpoint(_code, _one),
        methods=["POST"],
        status_code=201,
        summary=_code.replace("-", " ").capitalize(),
        description=_one.body.__doc__,
        responses=_ANSWERS,
    )
