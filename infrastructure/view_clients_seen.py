"""Which of many clients somebody may see as more than that there is one.

It is asked of all of them at once: of a common name many are looked at, and most are out of scope.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from application.scope import Role, Scope, responsible_key
from application.views.rows import CaseRow, ClientRow, MergeRow, ReachRow
from infrastructure.view_merges import ids_of_person
from infrastructure.view_reading import Snapshot
from infrastructure.view_scope import Within

_WORKING = (Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION)


class ClientKnown(NamedTuple):
    """A client, and whether the person may see more than that there is one.

    `served`: the own organisation answers for a journey under this very id. `aside`: there is one
    whose newest entries could not be taken.
    """

    client: ClientRow
    seen: bool
    served: bool
    aside: bool


def known(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[ClientKnown]:
    """Return the clients, and whether the person may see them: asked in one way."""
    if not clients:
        return []
    one = _Asked(snapshot, scope, clients)
    seen = "1 = 1" if one.everything else f"r.owner IN ({one.seen()})"
    return _of_persons(snapshot, scope, one.told(seen, one.these("r.owner")))


def seen(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[ClientKnown]:
    """Return those of the clients whom the person may see: of a common name they are few."""
    if not clients:
        return []
    one = _Asked(snapshot, scope, clients)
    where = one.these("r.owner") if one.everything else f"r.owner IN ({one.seen_or_merged()})"
    found = _of_persons(snapshot, scope, one.told("1 = 1", where))
    return [one for one in found if one.seen]


def _of_persons(snapshot: Snapshot, scope: Scope, found: list[ClientKnown]) -> list[ClientKnown]:
    """Return the same clients; of the few who have several ids, it is asked of all together."""
    merged = [one.client.owner for one in found if one.client.goes_by]
    if not merged:
        return found
    alone = [one for one in found if not one.client.goes_by]
    asked = _Asked(snapshot, scope, merged)
    return [*alone, *asked.told(asked.person_is_seen(), asked.these("r.owner"))]


class _Asked:
    """Some clients, and the statements that find those of them whom a scope opens.

    `reached` are those who have journeys, each with whether one is opened and one is served: it is
    read once from an index, and of all others next to nothing is.
    """

    def __init__(self, snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> None:
        self._snapshot, self._within = snapshot, Within.of(scope)
        self._has_cases = snapshot.has(CaseRow)
        self._registers = bool(scope.organisation) and scope.role in _WORKING
        texts, within = snapshot.driver.texts, self._within
        self._values = {
            "asked": texts(clients),
            "keys": texts(within.keys),
            "journeys": texts(within.journeys),
            "clients": texts(within.clients),
            "own": scope.organisation,
            "serving": responsible_key(scope.organisation),
        }

    @property
    def everything(self) -> bool:
        """Whether the scope opens every client there is."""
        return self._within.everything

    def these(self, column: str) -> str:
        """Return the condition that a column names one of the clients."""
        return self._among(column, "asked")

    def told(self, seen: str, where: str) -> list[ClientKnown]:
        """Return the clients `r` that a condition finds, and whether another one has them seen."""
        before, served, aside = "", "1 = 0", "1 = 0"
        if self._has_cases:
            before = f"WITH reached AS MATERIALIZED ({self._reached()}) "
            served = "r.owner IN (SELECT client FROM reached WHERE served = 1)"
            stale = "j.client = r.owner AND j.stale_since IS NOT NULL"
            aside = f"EXISTS (SELECT 1 FROM {self._cases()} WHERE {stale})"
        found = self._snapshot.told(ClientRow, (seen, served, aside), where, self._values, before)
        return [ClientKnown(*one) for one in found]

    def seen(self) -> str:
        """Return the statement that finds who is opened by the one id."""
        return " UNION ALL ".join(self._seen()) or "SELECT NULL WHERE 1 = 0"

    def _seen(self) -> Iterator[str]:
        clients = f"{self._snapshot.table(ClientRow)} AS k"
        if self._within.clients:
            given = self._among("k.owner", "clients")
            yield f"SELECT k.owner FROM {clients} WHERE {self.these('k.owner')} AND {given}"
        if not self._has_cases:
            return
        if self._within.keys:
            yield "SELECT client FROM reached WHERE opened = 1"
        if self._within.journeys:
            these, opened = self.these("j.client"), self._among("j.owner", "journeys")
            yield f"SELECT j.client FROM {self._cases()} WHERE {these} AND {opened}"
        if self._registers:
            asked = self._snapshot.driver.each("asked")
            none = f"SELECT a.value FROM {asked} AS a EXCEPT SELECT client FROM reached"
            own = self._registered
            yield f"SELECT k.owner FROM {clients} WHERE k.owner IN ({none}) AND {own}"

    def seen_or_merged(self) -> str:
        """Return the statement that finds those as well who have several ids.

        An older program's tables do not tell of these.
        """
        if not self._snapshot.is_current(ClientRow):
            return self.seen()
        clients, merges = (self._snapshot.table(row) for row in (ClientRow, MergeRow))
        ids = " UNION ALL ".join(
            f"SELECT m.{one} FROM {merges} AS m WHERE {self.these(f'm.{one}')}"
            for one in ("owner", "surviving")
        )
        merged = f"SELECT k.owner FROM {clients} AS k WHERE k.owner IN ({ids})"
        return f"{self.seen()} UNION ALL {merged} AND k.goes_by IS NOT NULL"

    def person_is_seen(self) -> str:
        """Return the condition that a client `r` is opened by any id that the person has."""
        return "1 = 1" if self.everything else " OR ".join(self._person_is_seen()) or "1 = 0"

    def _person_is_seen(self) -> Iterator[str]:
        ids = ids_of_person(self._snapshot)
        if self._within.clients:
            yield self._among("r.owner", "clients")
        if not self._has_cases:
            return
        cases = f"SELECT 1 FROM {self._cases()}"
        if self._within.keys:
            table, held = self._snapshot.table(ReachRow), self._among("h.key", "keys")
            reached = f"EXISTS (SELECT 1 FROM {table} AS h WHERE h.owner = j.owner AND {held})"
            yield f"EXISTS ({cases} WHERE j.client {ids} AND {reached})"
        if self._within.journeys:
            opened = self._among("j.owner", "journeys")
            yield f"EXISTS ({cases} WHERE j.client {ids} AND {opened})"
        if self._registers:
            table, own = self._snapshot.table(ClientRow), self._registered
            by_own = f"EXISTS (SELECT 1 FROM {table} AS k WHERE k.owner {ids} AND {own})"
            yield f"({by_own} AND NOT EXISTS ({cases} WHERE j.client {ids}))"

    def _reached(self) -> str:
        """Return the statement that finds the clients who have journeys."""
        snapshot = self._snapshot
        reaches, client = f"{snapshot.table(ReachRow)} AS h", "h.client"
        if not snapshot.is_current(ReachRow):  # an older program's do not name the client
            reaches, client = f"{self._cases()} JOIN {reaches} ON h.owner = j.owner", "j.client"
        opened, serving = self._among("h.key", "keys"), snapshot.driver.value("serving")
        return (
            f"SELECT {client} AS client, max(CASE WHEN {opened} THEN 1 ELSE 0 END) AS opened, "
            f"max(CASE WHEN h.key = {serving} THEN 1 ELSE 0 END) AS served "
            f"FROM {reaches} WHERE {self.these(client)} GROUP BY {client}"
        )

    @property
    def _registered(self) -> str:
        """The condition that the own organisation registered a client `k`.

        It sees the client until there is a journey.
        """
        return f"k.registered_by = {self._snapshot.driver.value('own')}"

    def _cases(self) -> str:
        return f"{self._snapshot.table(CaseRow)} AS j"

    def _among(self, column: str, name: str) -> str:
        return f"{column} {self._snapshot.driver.among(name)}"
