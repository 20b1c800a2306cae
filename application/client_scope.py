"""Whether a client is in somebody's scope: by a journey, or as the one who registered the person.

Who registered a client has them in scope until there is a journey; from then on journeys say it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from application.accesses import with_opened
from application.acts import named
from application.office import KIND, Office
from application.permissions import Way, way_to
from application.ports import NotReadable
from application.same_person import others_of
from application.scope import Role, Scope

JourneysOf = Callable[[str], Iterable[str]]

_REGISTERING = frozenset({Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION})


def client_in_scope(office: Office, scope: Scope, client: str, journeys_of: JourneysOf) -> bool:
    """Whether the person has something to do with the client, as the log has it now.

    Raises NotReadable where that hangs on a journey that cannot be read.
    """
    if scope.role is Role.AUDITOR:
        return True
    if scope.role is Role.CLIENT:
        return client in scope.own_ids
    begun = False
    for way in ways_to_client(office, scope, client, journeys_of):
        if way is not None:
            return True
        begun = True
    if begun:
        return False
    return scope.role in _REGISTERING and is_registered_by(office, client, scope.organisation)


def ways_to_client(
    office: Office, scope: Scope, client: str, journeys_of: JourneysOf
) -> Iterator[Way | None]:
    """Yield how the person comes to each of the client's journeys; None: not at all.

    Who lists them may not know yet that one is another's by now: that opens nothing. Where some
    cannot be read, NotReadable is raised after all others: whom one of those lets in needs no more.
    """
    unread: NotReadable | None = None
    for journey in journeys_of(client):
        try:
            found = office.histories.newest(named(KIND, journey)).journey
        except NotReadable as error:
            unread = error
            continue
        if found.client in {client, ""} or found.client in others_of(office.clients, client):
            yield way_to(with_opened(office, scope, journey, found), journey, found)
    if unread is not None:
        raise unread


def is_registered_by(office: Office, client: str, organisation: str) -> bool:
    """Whether the organisation registered the person, under any of the person's ids."""
    if registered_by(office, client) == organisation:
        return True
    others = others_of(office.clients, client)
    return any(registered_by(office, one) == organisation for one in others)


def with_own_ids(office: Office, scope: Scope) -> Scope:
    """Return the scope of a client with the other ids that the client has by now."""
    if scope.role is not Role.CLIENT or not scope.client:
        return scope
    return replace(scope, also=frozenset(others_of(office.clients, scope.client)))


def registered_by(office: Office, client: str) -> str | None:
    """Return the organisation that registered the client; None where nobody has."""
    entries = office.log.load(named("client", client))
    return entries[0].by.organisation if entries else None
