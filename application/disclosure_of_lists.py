"""What somebody is shown of many clients and journeys of a list: the log is asked once for all.

A list can be behind the log, and of what cannot be read it has what was before.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from application.acts import named
from application.client_scope import is_registered_by
from application.disclosure import ALWAYS, NOTHING, WHOLE, Shown, shown_to
from application.office import KIND, Office
from application.permissions import Way
from application.ports import NotReadable
from application.same_person import others_of
from application.scope import Scope
from domain.data_kinds import DataKind


def shown_of_each(
    office: Office, scope: Scope, journeys: Mapping[str, Sequence[str]]
) -> dict[str, Shown]:
    """Return what the person is shown of clients: by any journey, or as who registered them.

    The log is asked for the journeys of all at once. Consent counts for the id that it was given
    under: a journey of another id of the person lets nobody see more of a client than every journey
    does, unless the organisation serves the person.
    """
    through = _through(office, scope, {one for some in journeys.values() for one in some})
    found = {}
    for client, some in journeys.items():
        by = [through[one].of(client) for one in some if _is_of(office, through[one], client)]
        if not by:
            by = [WHOLE if _is_own(office, client, scope) else NOTHING]
        found[client] = _together(by)
    return found


def shown_to_each(office: Office, scope: Scope, journeys: Mapping[str, str]) -> dict[str, Shown]:
    """Return what the person is shown of many journeys now, each given with whose a list has it.

    That is nothing where it is another's by now: a list would name whose it was. "": it names
    nobody.
    """
    found = _through(office, scope, journeys)
    return {
        one: found[one].shown if client in {"", found[one].client} else NOTHING
        for one, client in journeys.items()
    }


class _Through(NamedTuple):
    """What a journey lets somebody see of its client; None: it cannot be read whose it is."""

    client: str | None
    shown: Shown

    def of(self, client: str) -> Shown:
        """Return what it lets see of an id of the same person."""
        if self.client == client or self.shown.way in {None, Way.OPENED}:
            return self.shown
        return Shown(self.shown.kinds & ALWAYS, self.shown.way)


def _through(office: Office, scope: Scope, journeys: Iterable[str]) -> dict[str, _Through]:
    """Return what each journey lets the person see; the log is asked for all at once.

    One that cannot be read lets nobody see anything, nor does one whose client cannot be, where it
    hangs on consent.
    """
    streams = {one: named(KIND, one) for one in journeys}
    histories = office.histories.readable_of(streams.values())
    states = {one: histories[s].journey for one, s in streams.items() if s in histories}
    others = (one for one in states.values() if one.organisation != scope.organisation)
    wanted = {one.client: named("client", one.client) for one in others if one.client}
    clients = office.clients.readable_of(wanted.values())
    found = dict.fromkeys(streams, _Through(None, NOTHING))
    for one, state in states.items():
        client = clients.get(wanted.get(state.client, ""))
        hangs = state.client and state.organisation != scope.organisation
        if client is not None or not hangs:
            found[one] = _Through(state.client, shown_to(office, scope, one, state, client))
    return found


def _is_of(office: Office, through: _Through, client: str) -> bool:
    """Whether a journey is of the client: who lists it may not know yet that it is another's.

    Of what cannot be read who lists it is believed.
    """
    if through.client in {None, client}:
        return True
    try:
        return through.client in others_of(office.clients, client)
    except NotReadable:
        return through.shown == WHOLE


def _is_own(office: Office, client: str, scope: Scope) -> bool:
    try:
        return is_registered_by(office, client, scope.organisation)
    except NotReadable:
        return False


def _together(shown: Iterable[Shown]) -> Shown:
    """Return what is shown by several journeys of one client; the first way is named.

    But for what is shown by an opening alone: that is the ground on which it leaves.
    """
    known = list(shown)
    if WHOLE in known:
        return WHOLE
    ways = [way for way in Way if any(one.way is way for one in known)]
    kinds = frozenset[DataKind]().union(*(one.kinds for one in known))
    in_scope = (one.kinds for one in known if one.way is not Way.OPENED)
    return Shown(
        kinds,
        ways[0] if ways else None,
        tuple(sorted({by for one in known for by in one.consents}, key=itemgetter(0))),
        tuple(sorted({by for one in known for by in one.duties}, key=itemgetter(0))),
        kinds.difference(*in_scope),
    )
