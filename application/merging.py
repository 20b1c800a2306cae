"""Merging two client ids of one person, and splitting them again.

After a merge the person goes by the surviving id. The other one stays readable, and points to it;
both histories stay as they are, so that a split needs nothing put back.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from application.acts import named
from application.office import Office
from application.ports import Receipt
from application.same_person import ids_of
from application.together import transact_together
from application.transact import Asked, digest_of
from domain import merging
from domain.client import Client
from domain.entry import Personal
from domain.merging import Side

Guards = Callable[[Mapping[str, Client]], None]
"""Raises where the person may not do this to the clients, by their ids."""

DECISIONS: Mapping[str, Callable[..., merging.Decided]] = {
    "merge-clients": merging.merge,
    "split-clients": merging.split,
}
"""The decisions by the codes of their acts."""


def anybody(_: Mapping[str, Client]) -> None:
    """Let whoever runs the service merge and split clients."""


def merge(
    office: Office, client: str, asked: Asked, *, merged: str, ground: str, reason: Personal
) -> Receipt:
    """Merge a client into another, who is the one to go by from then on.

    Raises InvalidField or IllegalTransition, VersionConflict and KeyReused.
    """
    fields = {"merged": merged, "ground": ground, "reason": reason}
    return do(office, client, asked, "merge-clients", fields)


def split(
    office: Office, client: str, asked: Asked, *, merged: str, ground: str, reason: Personal
) -> Receipt:
    """Split a client from the one it was merged into. Raises as `merge`."""
    fields = {"merged": merged, "ground": ground, "reason": reason}
    return do(office, client, asked, "split-clients", fields)


def do(
    office: Office,
    client: str,
    asked: Asked,
    code: str,
    fields: Mapping[str, Any],
    guard: Guards = anybody,
    request: str | None = None,
) -> Receipt:
    """Merge or split, as the code says; `guard` is asked whenever it is decided.

    It is decided on all ids of both persons: a legal hold on one of them is on the person.
    """
    ids = {named("client", one): one for one in (client, fields["merged"])}
    stream, other = named("client", client), named("client", fields["merged"])

    def also(_: Client) -> tuple[str, ...]:
        every = (one for own in ids.values() for one in ids_of(office.clients, own))
        return (other, *(one for one in _streams(every) if one not in ids))

    def decide(states: Mapping[str, Client]) -> Mapping[str, tuple[Any, ...]]:
        guard({own: states[one] for one, own in ids.items()})
        others = [state for one, state in states.items() if one not in ids]
        said = {name: value for name, value in fields.items() if name != "merged"}
        sides = Side(client, states[stream]), Side(fields["merged"], states[other])
        decided = DECISIONS[code](*sides, others, **said)
        return {named("client", one): events for one, events in decided.items()}

    request = request or digest_of(code, client, fields)
    return transact_together(office.clients, stream, also, decide, asked, request)


def _streams(ids: Iterable[str]) -> list[str]:
    return [named("client", one) for one in dict.fromkeys(ids)]
