"""What becomes of a client's data: legal holds, and the erasure with its certificate."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field
from pydantic_core import to_json

from application import erasing
from application.erasing import Certificate
from application.intentions import (
    Intention,
    asked_by,
    client_guard,
    latest_today,
    require_not_ahead,
)
from domain.client import Client
from domain.wording import in_language
from interfaces.http.acts.answers import ClientRecorded, answer, answers_of, path_to
from interfaces.http.acts.clients import record_of, told_of_client
from interfaces.http.acts.fields import Body, Name, Said, given
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.journeys import intention_in, who_asks
from interfaces.http.clocks import Told
from interfaces.http.context import Asking, Here
from interfaces.http.reading import ClientId, journeys_of, tongue_of, wait_for

router = APIRouter(tags=["clients"])


class PlaceHold(Body):
    """A client's data must be kept: until the legal hold is released, nothing of it is erased."""

    hold: Name = given("h-2025-7")
    """The id of the legal hold."""
    basis: Name = given("R 25/117")
    """What obliges to it: a law, or a court's file number; no names."""
    reason: Said = given("The client has appealed against a decision.")
    """Why, in a sentence."""


class ReleaseHold(Body):
    """A legal hold ends."""

    hold: Name = given("h-2025-7")
    """The id of the legal hold."""
    reason: Said = given("The court has decided.")
    """Why, in a sentence."""


class EraseClient(Body):
    """The keys of all personal data of a client are destroyed, for good.

    All journeys must have ended, and no legal hold may be in force, on another either of whom this
    client's data tells. Asked again, it finishes what was broken off, and gives the certificate
    once more. Of a client who was merged, every id of the person is erased.
    """

    ground: Name = given("gdpr-17-1-b")
    """On which ground: a code, or an article of law; no names."""


class ErasureTold(Told):
    """What was erased of a client, when, by whom, on which ground, and what remains."""

    client: str = Field(examples=["c-1042"])
    """The id of the client."""
    erased_at: datetime
    """The instant (UTC) at which the keys were destroyed."""
    occurred_on: date
    """The day it was decided."""
    person: str
    """Who decided it, as identity tells."""
    organisation: str
    """For which organisation, by its code."""
    ground: str
    """On which ground."""
    kinds: list[str] | None
    """The kinds of data that were erased; null: all."""
    also: list[str]
    """Other ids of the same person, which were merged and are erased with it."""
    journeys: list[str]
    """The ids of the journeys whose keys were destroyed, too."""
    position: int
    """The position of the entry in the log."""
    keys_destroyed: dict[str, int]
    """How many keys are destroyed, by the kind of data."""
    cleared: list[str]
    """What was cleared beside."""
    remains: list[str]
    """What remains, and where it may be until when."""


_ERASED: dict[int | str, dict[str, Any]] = {
    201: {"description": "Erased; the certificate."},
    200: {"model": ErasureTold, "description": "It was erased before; the certificate again."},
}


@router.post(
    "/clients/{client}/legal-holds",
    summary="Place a legal hold on a client's data",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=PlaceHold.__doc__,
)
def place_hold(client: ClientId, body: PlaceHold, here: Asking, key: Key, seen: Seen) -> Response:
    """Place a legal hold."""
    intention = intention_in(who_asks(here), "place-hold", body, key, version_in(seen))
    return answer(record_of(here, client, intention))


@router.post(
    "/clients/{client}/legal-hold-releases",
    summary="Release a legal hold",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=ReleaseHold.__doc__,
)
def release_hold(
    client: ClientId, body: ReleaseHold, here: Asking, key: Key, seen: Seen
) -> Response:
    """Release a legal hold."""
    intention = intention_in(who_asks(here), "release-hold", body, key, version_in(seen))
    return answer(record_of(here, client, intention))


@router.post(
    "/clients/{client}/erasures",
    summary="Erase a client, and get the certificate",
    status_code=201,
    responses=_ERASED,
    response_model=ErasureTold,
    description=EraseClient.__doc__,
)
def erase_client(
    client: ClientId, body: EraseClient, here: Asking, key: Key, seen: Seen
) -> Response:
    """Erase a client."""
    intention = intention_in(who_asks(here), "erase-client", body, key, version_in(seen))
    newest = here.office.clients.newest
    before = newest(f"client:{client}").keeping.erased
    with told_of_client(here, client):
        done = _erase(here, client, intention)
    version = newest(f"client:{client}").version
    headers = {"ETag": f'"{version}"', "Location": path_to("client", client)}
    body_told = to_json(_told(here, done).model_dump())
    return Response(body_told, 200 if before else 201, headers, media_type="application/json")


def _erase(here: Here, client: str, intention: Intention) -> Certificate:
    office, of = here.office, journeys_of(here)
    today = latest_today(office)
    on = intention.on or today
    may = client_guard(office, of, here.scope, intention.code, client)

    def guard(state: Client) -> None:
        may(state)
        require_not_ahead(on, today)

    def listed(client: str) -> Iterable[str]:
        wait_for(here, office.log.position())  # what is imported comes into the lists afterwards
        return of(client)

    guard(office.clients.newest(f"client:{client}"))  # nobody else has the lists waited for
    return erasing.erase(
        office,
        client,
        asked_by(who_asks(here), intention, on),
        ground=intention.fields["ground"],
        journeys_of=erasing.with_retracted(office, listed),
        left=here.parts.left,
        clear=here.parts.clear,
        guard=guard,
    )


def _told(here: Here, done: Certificate) -> ErasureTold:
    tongue = tongue_of(here)
    return ErasureTold(
        client=done.client,
        erased_at=done.erased_at,
        occurred_on=done.occurred_on,
        person=done.by.person,
        organisation=done.by.organisation,
        ground=done.ground,
        kinds=None if done.kinds is None else list(done.kinds),
        also=list(done.also),
        journeys=list(done.journeys),
        position=done.position,
        keys_destroyed=done.keys_destroyed,
        cleared=[in_language(one, tongue) for one in done.cleared],
        remains=[in_language(one, tongue) for one in done.remains],
    )
