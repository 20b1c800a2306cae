"""On which ground a client's data were read, and which kinds left, as the client reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from application.acts import named
from application.disclosure import IN_A_SEAT
from application.operating import OPERATOR
from application.permissions import Way
from application.ports import NotReadable
from application.same_person import ids_of
from application.scope import Role
from application.transact import Streams
from domain.access import Reading
from domain.client import Client
from domain.data_kinds import DataKind
from domain.wording import Listed, Tongue, Wording, in_language, in_words, said

_BY_ROLE: Mapping[str, Wording] = {
    Role.CLIENT.value: said("You yourself, or somebody you let in as you"),
    Role.AUDITOR.value: said("An audit of how your data are used"),
    Role.PROGRAMME_MANAGER.value: said("The management of the programme you are in"),
    OPERATOR: said("The running of the service: somebody looked by its command line"),
    Role.EVALUATOR.value: said("An evaluation of the programme you are in"),
}
_BY_WAY: Mapping[str, Wording] = {
    Way.TEAM.value: said("The organisation has a place in your team"),
    Way.HANDOVER.value: said("The organisation was asked to take over the responsibility for you"),
    Way.PARTNER.value: said("The organisation has an agreement with the one that serves you"),
    Way.OPENED.value: said("It was opened with a reason, which is recorded and looked into"),
    IN_A_SEAT.ground: said("The organisation runs a service in which a seat was reserved for you"),
}
_SERVES = said("The organisation answers for your service")
_FOUND = said("A search that your name fits; nothing else was shown")
_TAKEN_FOR = said("Another client, as you two were taken for one person by mistake")


@dataclass(slots=True)
class Grounds:
    """On which grounds clients' data were read, by what is known today of who is one person."""

    clients: Streams[Client]
    _others: dict[tuple[str, str], bool] = field(default_factory=dict)

    def of(self, reading: Reading) -> Wording:
        """Return on which ground somebody read a client's data, in words that the client reads."""
        if reading.role == Role.CLIENT and reading.client is not None:
            pair = reading.person, reading.client
            if pair not in self._others:
                self._others[pair] = self._is_another(*pair)
            if self._others[pair]:
                return _TAKEN_FOR
        return ground_of(reading)

    def _is_another(self, person: str, client: str) -> bool:
        """Whether a client who read as this one is another: they were merged, and split again.

        What is no client's id is one that this client signed in by, under an older program. Where
        one of both cannot be read, nobody knows.
        """
        try:
            if person == client or person in ids_of(self.clients, client):
                return False
            return self.clients.newest(named("client", person)).registered is not None
        except NotReadable:
            return False


def ground_of(reading: Reading) -> Wording:
    """Return the ground of a reading by what was recorded of it alone."""
    left = reading.disclosed
    if left is None:
        if reading.what.endswith("out-of-scope"):
            return _FOUND
        return _BY_ROLE.get(reading.role, _SERVES)
    way = _BY_WAY.get(left.ground, _SERVES)
    if left.consents and left.duties:
        return said("{way}, and by your consent and the programme's agreement it saw more", way=way)
    if left.consents:
        return said("{way}, and you consented to what it saw beside", way=way)
    if left.duties:
        return said("{way}, and the programme's agreement lets it see more", way=way)
    return way


def kinds_said(reading: Reading, tongue: Tongue) -> str:
    """Return which kinds of data left for another organisation; empty where none did."""
    left = reading.disclosed
    kinds: tuple[DataKind, ...] = left.kinds if left else ()
    listed = Listed(in_words("data-kind", kind.value) for kind in kinds)
    return in_language(said("{kinds}", kinds=listed), tongue) if kinds else ""
