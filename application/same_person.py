"""All ids of one person, as the log has them now: resolved through merges, and nowhere else."""

from application.acts import named
from application.transact import Streams
from domain.client import Client


def ids_of(clients: Streams[Client], client: str) -> tuple[str, ...]:
    """Return every id of the person who has the id, the one that the person goes by first."""
    own = clients.newest(named("client", client)).same
    if own.into is None:
        return (client, *own.taken_in)
    return (own.into, *clients.newest(named("client", own.into)).same.taken_in)


def others_of(clients: Streams[Client], client: str) -> tuple[str, ...]:
    """Return the other ids of the person who has the id."""
    return tuple(one for one in ids_of(clients, client) if one != client)
