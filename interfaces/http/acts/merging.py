"""Clients who are one person: merging two ids, and splitting them again."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from application import merging
from application.acts import named
from application.intentions import (
    Intention,
    asked_by,
    client_guard,
    latest_today,
    require_not_ahead,
)
from application.ports import Receipt, VersionConflict
from domain.client import Client
from interfaces.http.acts.answers import ClientRecorded, answer, answers_of
from interfaces.http.acts.clients import told_of_client
from interfaces.http.acts.fields import Body, KnownId, Name, Said, given
from interfaces.http.acts.headers import Key, Seen, version_in
from interfaces.http.acts.journeys import intention_in, who_asks
from interfaces.http.context import Asking, Here
from interfaces.http.reading import ClientId, journeys_of

router = APIRouter(tags=["clients"])


class MergeClients(Body):
    """Another client is found to be the same person, who goes by this client's id from now on.

    Both are read as one; nothing that was recorded of either is changed, and a split undoes it.
    """

    merged: KnownId = given("c-1043")
    """The id that is merged into this client's. It stays readable, and points to it."""
    ground: Name = given("gdpr-5-1-d")
    """On which ground: a code, or an article of law; no names."""
    reason: Said = given("The identity document shows that both are one person.")
    """Why, in a sentence."""


class SplitClients(Body):
    """A client who was merged into this one is another person after all.

    Each has again what was recorded under the own id; what was recorded since stays where it is.
    """

    merged: KnownId = given("c-1043")
    """The id that was merged into this client's."""
    ground: Name = given("gdpr-5-1-d")
    """On which ground: a code, or an article of law; no names."""
    reason: Said = given("They are sisters of the same first name.")
    """Why, in a sentence."""


@router.post(
    "/clients/{client}/merges",
    summary="Merge another client into this one",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=MergeClients.__doc__,
)
def merge_clients(
    client: ClientId, body: MergeClients, here: Asking, key: Key, seen: Seen
) -> Response:
    """Merge another client into this one."""
    intention = intention_in(who_asks(here), "merge-clients", body, key, version_in(seen))
    return answer(_record(here, client, intention))


@router.post(
    "/clients/{client}/splits",
    summary="Split a merged client from this one again",
    status_code=201,
    responses=answers_of(ClientRecorded),
    description=SplitClients.__doc__,
)
def split_clients(
    client: ClientId, body: SplitClients, here: Asking, key: Key, seen: Seen
) -> Response:
    """Split a merged client from this one again."""
    intention = intention_in(who_asks(here), "split-clients", body, key, version_in(seen))
    return answer(_record(here, client, intention))


def _record(here: Here, client: str, intention: Intention) -> Receipt:
    """Merge or split. Raises Problem, Stale, and what the guards and the decision raise."""
    today = latest_today(here.office)
    on = intention.on or today

    def guard(states: Mapping[str, Client]) -> None:
        for one, state in states.items():
            may = client_guard(here.office, journeys_of(here), here.scope, intention.code, one)
            may(state)
        require_not_ahead(on, today)

    asked = asked_by(who_asks(here), intention, on)
    request = intention.said_of(named("client", client))
    do, code, fields = merging.do, intention.code, intention.fields
    with told_of_client(here, client, fields["merged"]):
        try:
            return do(here.office, client, asked, code, fields, guard, request)
        except VersionConflict as conflict:
            guard({client: here.office.clients.newest(conflict.stream)})
            raise
