"""What people do with a client's particulars: one function an intention."""

from collections.abc import Iterable

from application.acts import do, named
from application.ports import Drafting, EventLog, Receipt
from application.transact import Asked, Streams
from domain import client as decisions
from domain.client import UNKNOWN, Client, ClientEvent, Particulars, fold
from domain.entry import Entry


def clients_of(log: EventLog, inline: Drafting | None = None) -> Streams[Client]:
    """Return the clients of a log, those used last folded in memory; `inline` views are written."""
    return Streams(log, UNKNOWN, _extended, inline=inline)


def register(
    clients: Streams[Client], client: str, asked: Asked, particulars: Particulars
) -> Receipt:
    """Register a person under a client id; the day is that of the registration.

    Raises InvalidField, and IllegalTransition where the id belongs to another person.
    """
    stream = named("client", client)
    return do(clients, stream, asked, decisions.register, particulars=particulars, on=asked.on)


def change_contact_details(
    clients: Streams[Client],
    client: str,
    asked: Asked,
    *,
    address: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> Receipt:
    """Change how to reach a client: None leaves a detail as it is, an empty text ends it."""
    return do(
        clients,
        named("client", client),
        asked,
        decisions.change_contact_details,
        address=address,
        phone=phone,
        email=email,
    )


def _extended(client: Client, entries: Iterable[Entry[ClientEvent]]) -> Client:
    return fold(entries, client)
