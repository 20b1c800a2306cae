"""The acts of clients: registering a person, and how to reach them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BeforeValidator, Field, StringConstraints

from application.acts import named, new_id
from application.intentions import (
    WITHDRAWING,
    Intention,
    UnknownClient,
    client_decision,
    client_guard,
    today_for,
)
from application.ports import Receipt, VersionConflict
from application.same_person import others_of
from domain.client import Client, Particulars
from domain.erasure import UnderLegalHold
from domain.kinds import DataKind
from domain.texts import MAYBE_LINE, TEXT, without_marks_around
from interfaces.http.acts.answers import ClientRecorded, answer, answers_of
from interfaces.http.acts.fields import (
    LONGEST_NAME,
    Body,
    Day,
    Id,
    KnownId,
    Language,
    Name,
    given,
    maybe,
    one_of,
)
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.journeys import Stale, intention_in, who_asks
from interfaces.http.acts.streams import Deed, changed, record
from interfaces.http.clients import Hit, duplicates_of
from interfaces.http.context import Asking, Here
from interfaces.http.reading import ClientId, journeys_of, unknown_client

router = APIRouter(tags=["clients"])

_LINES = Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=TEXT)]
_COPIED = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NAME, pattern=MAYBE_LINE),
    BeforeValidator(lambda said: without_marks_around(said) if isinstance(said, str) else said),
]
"""A line that may be copied with marks around it that nobody sees, and nobody could leave out."""


class RegisterClient(Body):
    """A person becomes known as a client. A name or a local id is needed."""

    given_name: Name | None = maybe("Aino")
    """The given names."""
    family_name: Name | None = maybe("Mäkinen")
    """The family name."""
    date_of_birth: Day | None = maybe("1991-05-17")
    """The day of birth."""
    local_id: Name | None = maybe(None, "A-2025-117")
    """The person's id in your organisation's own system."""
    municipality: Name | None = maybe("kuopio")
    """The code of the municipality where the person lives."""
    language: Language | None = maybe("fi")
    """The language that the person is served in, as an ISO 639 code."""
    gender: Name | None = maybe(None, "female")
    """The gender, in a code of the place."""
    birth_year: Annotated[int, Field(strict=True, ge=1880, le=2199)] | None = maybe(None, 1991)
    """The year of birth, where the day is not known."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision."""
        return {"particulars": Particulars(**super().fields())}


class ChangeContactDetails(Body):
    """How to reach the client changed. What is left out stays; an empty text ends a detail."""

    address: _LINES | None = maybe("Torikatu 1, Kuopio")
    """The postal address."""
    phone: _COPIED | None = maybe("+358 40 1234567")
    """The telephone number."""
    email: _COPIED | None = maybe("aino@example.org")
    """The e-mail address."""


_KIND = one_of([kind.value for kind in DataKind])
_Kinds = Annotated[tuple[Annotated[str, _KIND], ...], Field(max_length=len(DataKind))]


class GiveConsent(Body):
    """The client lets an organisation see kinds of data that it has no other ground to see."""

    organisation: Id = given("kela")
    """The organisation that may see them."""
    kinds: Annotated[_Kinds, Field(min_length=1)] = given(["plan", "services"])
    """Which kinds of data it may see."""
    start: Day | None = maybe("2025-03-03")
    """The first day on which it may; left out: the day of the act."""
    until: Day | None = maybe("2025-12-31")
    """The last day on which it may; left out: until it is withdrawn."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision."""
        return _with_kinds(super().fields())


class WithdrawConsent(Body):
    """The client takes consent back. It counts from the moment it is recorded.

    Where the client was merged, it counts under every id of the person.
    """

    organisation: KnownId = given("kela")
    """The organisation that may see it no more."""
    kinds: _Kinds | None = maybe(["plan"])
    """Which kinds of data it may see no more; left out: all."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision."""
        return _with_kinds(super().fields())


def _with_kinds(fields: dict[str, Any]) -> dict[str, Any]:
    if "kinds" in fields:
        fields["kinds"] = tuple(DataKind(kind) for kind in fields["kinds"])
    return fields


class ClientRegistered(ClientRecorded):
    """The client that was registered, and who may be the same person."""

    possible_duplicates: list[Hit] = given([])
    """Other clients who may be the same person, the likeliest first, as the register has them."""


@router.post(
    "/clients",
    summary="Register a client",
    status_code=201,
    responses=answers_of(ClientRegistered),
    description=f"{RegisterClient.__doc__} The id is made, and names nobody.",
)
def register_client(body: RegisterClient, here: Asking, key: Key) -> Response:
    """Register a person as a client."""
    who = who_asks(here)
    intention = intention_in(who, "register-client", body, key, None)
    client = new_id("client", intention.key)
    receipt = record_of(here, client, intention)
    registered = receipt.stream.partition(":")[2]
    found = duplicates_of(here, here.parts.views.client(registered))
    return answer(receipt, {"possible_duplicates": [one.model_dump() for one in found]})


@router.post(
    "/clients/{client}/contact-details",
    summary="Change how to reach a client",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=ChangeContactDetails.__doc__,
)
def change_contact_details(
    client: ClientId, body: ChangeContactDetails, here: Asking, key: Key, seen: Seen
) -> Response:
    """Change how to reach a client."""
    who = who_asks(here)
    intention = intention_in(who, "change-contact-details", body, key, version_in(seen))
    return answer(record_of(here, client, intention))


@router.post(
    "/clients/{client}/consents",
    summary="Record that a client consents",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=GiveConsent.__doc__,
)
def give_consent(
    client: ClientId, body: GiveConsent, here: Asking, key: Key, seen: Seen
) -> Response:
    """Let an organisation see kinds of data."""
    intention = intention_in(who_asks(here), "give-consent", body, key, version_in(seen))
    return answer(record_of(here, client, intention))


@router.post(
    "/clients/{client}/consent-withdrawals",
    summary="Record that a client withdraws consent",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=WithdrawConsent.__doc__,
)
def withdraw_consent(
    client: ClientId, body: WithdrawConsent, here: Asking, key: Key, seen: Seen
) -> Response:
    """Let an organisation see kinds of data no more."""
    intention = intention_in(who_asks(here), "withdraw-consent", body, key, version_in(seen))
    return answer(record_of(here, client, intention))


def _other_streams(here: Here, client: str, _state: Client) -> list[str]:
    return [named("client", one) for one in others_of(here.office.clients, client)]


def record_of(here: Here, client: str, intention: Intention) -> Receipt:
    """Record an act of a client. Raises Problem, and what `record` raises."""
    guard = client_guard(here.office, journeys_of(here), here.scope, intention.code, client)
    withdrawn = intention.code == WITHDRAWING
    also = partial(_other_streams, here, client) if withdrawn else None
    decide, today = client_decision(intention), today_for(here.office, journeys_of(here), client)
    deed = Deed(named("client", client), intention, guard, decide, also, today)
    with told_of_client(here, client):
        return record(here, here.office.clients, deed)


@contextmanager
def told_of_client(here: Here, client: str, *also: str) -> Iterator[None]:
    """Say that there is no such client, or what was recorded since, which is noted as a reading.

    So is why the client, or `also` another of the act, is under a legal hold. Raises Problem,
    Stale, or UnderLegalHold.
    """
    try:
        yield
    except UnknownClient as error:
        raise unknown_client(here) from error
    except UnderLegalHold:
        held = [client, *also]
        kinds = dict.fromkeys(held, frozenset({DataKind.IDENTITY}))
        here.note_readings("changes", [(one, None) for one in held], kinds)
        raise
    except Stale:
        raise
    except VersionConflict as conflict:
        raise Stale(conflict, changed(here, conflict)) from None
