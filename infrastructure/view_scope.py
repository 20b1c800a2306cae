"""What a scope opens, in the terms of the views' tables: the lists to read, and what must hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from application.scope import EVERYTHING, Scope, responsible_key, worker_key
from application.views.caseload import waiting_key
from application.views.rows import CaseRow, ReachRow
from infrastructure.view_lists import Where
from infrastructure.view_reading import Snapshot

_JOURNEY, _CLIENT, _PROGRAMME = "journey:", "client:", "programme:"
_RESPONSIBLE, _HANDOVER = "responsible:", "handover:"


class Within(NamedTuple):
    """What a scope opens: the journeys with a key of a row of theirs, and single journeys."""

    everything: bool
    keys: tuple[str, ...]
    journeys: tuple[str, ...]
    clients: tuple[str, ...]

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Return what a scope opens. A worker's key opens nothing: it is a filter."""
        keys = sorted(scope.keys - {EVERYTHING})
        return cls(
            everything=EVERYTHING in scope.keys,
            keys=tuple(k for k in keys if not k.startswith((_JOURNEY, _CLIENT))),
            journeys=_bare(keys, _JOURNEY),
            clients=_bare(keys, _CLIENT),
        )

    def owners(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Return the single journeys that are opened."""
        # Who sees everything sees retracted referrals too, which are nobody's.
        clients = ("",) if self.everything else self.clients
        if not clients:
            return self.journeys
        where = f"client {snapshot.driver.among('clients')}"
        cases = snapshot.rows(CaseRow, where, {"clients": snapshot.driver.texts(clients)})
        return (*self.journeys, *sorted(case.owner for case in cases))


def _bare(keys: Iterable[str], prefix: str) -> tuple[str, ...]:
    return tuple(key.removeprefix(prefix) for key in keys if key.startswith(prefix))


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to what a scope opens: keys whose lists are read, and single journeys.

    `programmes` are the only ones that the scope opens under these keys, where it says so.
    """

    keys: tuple[str, ...]
    owners: tuple[str, ...] = ()
    programmes: tuple[str, ...] | None = None

    @property
    def is_few(self) -> bool:
        """Whether there is so little that it needs no list of its own for each filter."""
        return all(key.startswith("worker:") for key in self.keys)


def ways(
    snapshot: Snapshot,
    scope: Scope,
    where: Where,
    *,
    worker: str | None,
    organisation: str | None,
    waiting_for: str | None = None,
) -> Ways:
    """Return the ways to a scope's journeys of a worker and an organisation.

    `waiting_for`: those that wait for this organisation. What does not follow from the ways is
    added to the conditions.
    """
    within = Within.of(scope)
    owners = within.owners(snapshot)
    answers = None if organisation is None else responsible_key(organisation)
    if worker is not None:
        in_scope(snapshot, where, within, owners)
        if answers is not None:
            has_key(snapshot, where, "answers", [answers])
        if waiting_for is not None:
            has_key(snapshot, where, "waits", [waiting_key(waiting_for)])
        return Ways((worker_key(worker),))
    if waiting_for is not None:
        if answers is not None:
            has_key(snapshot, where, "answers", [answers])
        return _to_waiting(snapshot, where, within, owners, waiting_for)
    if answers is None:
        keys = programme_keys(snapshot) if within.everything else within.keys
        return Ways(keys, owners)
    if within.everything or answers in within.keys:
        return Ways((answers,))
    programmes = _bare(within.keys, _PROGRAMME)
    if programmes and len(programmes) == len(within.keys) and not owners:
        in_scope(snapshot, where, within, owners)
        return Ways((answers,), programmes=programmes)
    has_key(snapshot, where, "answers", [answers])
    # One organisation answers for a journey, so another's list has none of them.
    return Ways(tuple(k for k in within.keys if not k.startswith(_RESPONSIBLE)), owners)


def _to_waiting(
    snapshot: Snapshot, where: Where, within: Within, owners: Sequence[str], organisation: str
) -> Ways:
    """Return the way to what waits for an organisation, as far as the scope opens it."""
    # What waits for the own organisation is its own, or asked of it: nothing need be looked up.
    if not {responsible_key(organisation), _HANDOVER + organisation} <= {*within.keys}:
        in_scope(snapshot, where, within, owners)
    return Ways((waiting_key(organisation),))


def in_scope(snapshot: Snapshot, where: Where, within: Within, owners: Sequence[str]) -> None:
    """Ask that what is listed is opened by the scope."""
    if within.everything:
        return
    opened = _has_key(snapshot, "scope")
    where.values["scope"] = snapshot.driver.texts(within.keys)
    if owners:
        opened = f"({opened} OR r.owner {snapshot.driver.among('opened')})"
        where.values["opened"] = snapshot.driver.texts(owners)
    where.add(opened)


def has_key(snapshot: Snapshot, where: Where, name: str, keys: Sequence[str]) -> None:
    """Ask that what is listed can be reached by one of the keys."""
    where.add(_has_key(snapshot, name), **{name: snapshot.driver.texts(keys)})


def _has_key(snapshot: Snapshot, name: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {snapshot.table(ReachRow)} AS held "
        f"WHERE held.owner = r.owner AND held.key {snapshot.driver.among(name)})"
    )


def programme_keys(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the keys of all programmes that have journeys: each journey has one of them."""
    table = snapshot.table(ReachRow)
    # One step of an index for each key, where DISTINCT would read all rows.
    found = snapshot.tuples(
        "WITH RECURSIVE step (key) AS ("
        f"SELECT min(key) FROM {table} WHERE key >= 'programme:' AND key < 'programme;' "
        f"UNION ALL SELECT (SELECT min(r.key) FROM {table} AS r "
        "WHERE r.key > step.key AND r.key < 'programme;') FROM step WHERE step.key IS NOT NULL"
        ") SELECT key FROM step WHERE key IS NOT NULL",
        {},
    )
    return tuple(key for (key,) in found)
