"""Which of many clients somebody may see as more than that there is one.

It is asked of all of them at once: of a common name many are looked at, and most are out of scope.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from application.scope import Role, Scope, responsible_key
from application.views.rows import CaseRow, ClientRow, ReachRow
from infrastructure.view_merges import ids_of_person
from infrastructure.view_reading import Snapshot
from infrastructure.view_scope import Within

_WORKING = (Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION)


class Known(NamedTuple):
    """A client, and whether the person may see more than that there is one.

    `served`: the own organisation answers for a journey under this very id.
    """

    client: ClientRow
    seen: bool
    served: bool


def known(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[Known]:
    """Return the clients, and whether the person may see them: asked in one way."""
    if not clients:
        return []
    way = _Way(snapshot, scope, clients)
    seen = "1 = 1" if way.everything else f"r.owner IN ({way.to_seen()})"
    return _of_persons(snapshot, scope, way.asked(seen, way.these("r.owner")))


def seen(snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> list[Known]:
    """Return those of the clients whom the person may see: of a common name they are few."""
    if not clients:
        return []
    way = _Way(snapshot, scope, clients)
    where = way.these("r.owner")
    if not way.everything:
        where = f"r.owner IN ({way.to_seen_or_merged()})"
    found = _of_persons(snapshot, scope, way.asked("1 = 1", where))
    return [one for one in found if one.seen]


def _of_persons(snapshot: Snapshot, scope: Scope, found: list[Known]) -> list[Known]:
    """Return the same clients; of the few who have several ids, it is asked of all together."""
    merged = [one.client.owner for one in found if one.client.goes_by]
    if not merged:
        return found
    alone = [one for one in found if not one.client.goes_by]
    way = _Way(snapshot, scope, merged)
    return [*alone, *way.asked(way.whether_person_is_seen(), way.these("r.owner"))]


class _Way:
    """The statements that find, of some clients, those whom a scope opens."""

    def __init__(self, snapshot: Snapshot, scope: Scope, clients: Sequence[str]) -> None:
        self._snapshot, self._within = snapshot, Within.of(scope)
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

    def asked(self, seen: str, where: str) -> list[Known]:
        """Return the clients `r` that a condition finds, and whether another one has them seen."""
        served = "1 = 0"
        if self._snapshot.has(CaseRow):
            key = f"h.key = {self._snapshot.driver.value('serving')}"
            served = f"EXISTS ({self._reached(lambda client: f'{client} = r.owner', key)})"
        found = self._snapshot.told(ClientRow, (seen, served), where, self._values)
        return [Known(*one) for one in found]

    def to_seen(self) -> str:
        """Return the statement that finds who is opened by the one id."""
        ways = self._ways(self.these, "j.client = k.owner")
        return " UNION ALL ".join(ways) or "SELECT NULL WHERE 1 = 0"

    def to_seen_or_merged(self) -> str:
        """Return the statement that finds those as well who have several ids.

        An older program's tables do not tell of these.
        """
        if not self._snapshot.is_current(ClientRow):
            return self.to_seen()
        table, these = self._snapshot.table(ClientRow), self.these("k.owner")
        merged = f"SELECT k.owner FROM {table} AS k WHERE {these} AND k.goes_by IS NOT NULL"
        return f"{self.to_seen()} UNION ALL {merged}"

    def whether_person_is_seen(self) -> str:
        """Return the condition that a client `r` is opened by any id that the person has."""
        if self.everything:
            return "1 = 1"
        ids = ids_of_person(self._snapshot)
        ways = self._ways(lambda column: f"{column} {ids}", f"j.client {ids}")
        return " OR ".join(f"EXISTS ({way})" for way in ways) or "1 = 0"

    def _ways(self, is_one: Callable[[str], str], journeys: str) -> Iterator[str]:
        """Yield the statements that find clients of whom `is_one`: those opened in each way.

        Who registered a client sees the client until there are `journeys`, as a condition of `j`.
        """
        snapshot, within = self._snapshot, self._within
        clients = f"{snapshot.table(ClientRow)} AS k"
        if within.clients:
            given = self._among("k.owner", "clients")
            yield f"SELECT k.owner FROM {clients} WHERE {is_one('k.owner')} AND {given}"
        if not snapshot.has(CaseRow):
            return
        cases = f"{snapshot.table(CaseRow)} AS j"
        if within.journeys:
            opened = self._among("j.owner", "journeys")
            yield f"SELECT j.client FROM {cases} WHERE {is_one('j.client')} AND {opened}"
        if within.keys:
            # Not by the index of keys, for which all journeys under a key might be gone through.
            yield self._reached(is_one, self._among("(h.key || '')", "keys"))
        if self._registers:
            own = f"k.registered_by = {snapshot.driver.value('own')}"
            none = f"NOT EXISTS (SELECT 1 FROM {cases} WHERE {journeys})"
            yield f"SELECT k.owner FROM {clients} WHERE {is_one('k.owner')} AND {own} AND {none}"

    def _reached(self, is_one: Callable[[str], str], key: str) -> str:
        """Return the statement that finds clients who can be reached by a key."""
        snapshot = self._snapshot
        reaches, client = f"{snapshot.table(ReachRow)} AS h", "h.client"
        if not snapshot.is_current(ReachRow):  # an older program's do not name the client
            cases = f"{snapshot.table(CaseRow)} AS j"
            reaches, client = f"{cases} JOIN {reaches} ON h.owner = j.owner", "j.client"
        return f"SELECT {client} FROM {reaches} WHERE {is_one(client)} AND {key}"

    def _among(self, column: str, name: str) -> str:
        return f"{column} {self._snapshot.driver.among(name)}"
