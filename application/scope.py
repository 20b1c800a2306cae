"""Who may see what, and who may do what: one scope answers both, and for lists too.

A journey can be reached by keys ("responsible:oulu", "team:kela"); a person holds keys. Whoever
holds one of a journey's keys may see it, and a list has the rows that have one of the keys: so the
two answers are one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from domain.journey.state import Journey, Status


class Role(StrEnum):
    """What a person is to Polku."""

    CASE_WORKER = "case-worker"
    TEAM_LEAD = "team-lead"
    PROGRAMME_MANAGER = "programme-manager"
    AUDITOR = "auditor"
    EVALUATOR = "evaluator"
    CLIENT = "client"
    INTEGRATION = "integration"


class Purpose(StrEnum):
    """Why somebody looks at a client's data; it stands in the record of the access."""

    SERVICE = "service"
    SUPERVISION = "supervision"
    AUDIT = "audit"
    EVALUATION = "evaluation"
    OWN_DATA = "own-data"
    INTEGRATION = "integration"


PURPOSES: Mapping[Role, tuple[Purpose, ...]] = MappingProxyType(
    {
        Role.CASE_WORKER: (Purpose.SERVICE,),
        Role.TEAM_LEAD: (Purpose.SERVICE, Purpose.SUPERVISION),
        Role.PROGRAMME_MANAGER: (Purpose.SUPERVISION, Purpose.EVALUATION),
        Role.AUDITOR: (Purpose.AUDIT,),
        Role.EVALUATOR: (Purpose.EVALUATION,),
        Role.CLIENT: (Purpose.OWN_DATA,),
        Role.INTEGRATION: (Purpose.INTEGRATION,),
    }
)
"""The purposes that a role may state; the first counts where none is stated."""

EVERYTHING = "everything"
"""The key that opens every journey: an auditor's."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks: the person, the role, for which organisation, and why.

    `client` is the client's id where the role is client; `programmes` are those that a programme
    manager answers for; `rights` are codes that definitions name (`override_roles`). `partners`
    are the organisations with which an agreement is in force today, `opened` the journeys that the
    person has opened out of scope, with a reason, and may still see. `also` are other ids of the
    client, where they were merged: both ways are the client's own.
    """

    person: str
    role: Role
    organisation: str
    purpose: Purpose
    client: str | None = None
    programmes: frozenset[str] = frozenset()
    rights: tuple[str, ...] = ()
    partners: frozenset[str] = frozenset()
    opened: frozenset[str] = field(default=frozenset())
    also: frozenset[str] = frozenset()

    @property
    def own_ids(self) -> frozenset[str]:
        """The ids that the person has as a client; none for any other role."""
        if self.role is not Role.CLIENT or not self.client:
            return frozenset()
        return self.also | {self.client}

    @property
    def keys(self) -> frozenset[str]:
        """The keys that the person holds."""
        match self.role:
            case Role.AUDITOR:
                return frozenset({EVERYTHING})
            case Role.CLIENT:
                return frozenset({f"client:{own}" for own in self.own_ids})
            case Role.EVALUATOR:
                return frozenset()
            case Role.PROGRAMME_MANAGER:
                return frozenset({f"programme:{code}" for code in self.programmes})
            case Role.CASE_WORKER | Role.TEAM_LEAD | Role.INTEGRATION:
                return frozenset(self._of_organisation())

    def _of_organisation(self) -> Iterable[str]:
        yield responsible_key(self.organisation)
        yield f"handover:{self.organisation}"
        yield f"team:{self.organisation}"
        yield from (responsible_key(partner) for partner in self.partners)
        yield from (f"journey:{journey}" for journey in self.opened)


def keys_of(journey_id: str, journey: Journey) -> frozenset[str]:
    """Return the keys by which a journey can be reached, as it stands.

    One whose referral was retracted is nobody's: it has no key of a place that is not named.
    """
    found = {f"journey:{journey_id}"}
    found |= {f"team:{member.organisation}" for member in journey.present_team()}
    if journey.organisation:
        found.add(responsible_key(journey.organisation))
    if journey.client:
        found |= {f"client:{journey.client}", f"programme:{journey.programme}"}
    if journey.handover is not None and journey.status is not Status.CLOSED:
        found.add(f"handover:{journey.handover.to_organisation}")
    if journey.responsible is not None:
        found.add(worker_key(journey.responsible.person))
    return frozenset(found)


def responsible_key(organisation: str) -> str:
    """Return the key of the journeys that an organisation answers for."""
    return f"responsible:{organisation}"


def worker_key(person: str) -> str:
    """Return the key of the journeys that a person answers for: a list's filter, held by nobody."""
    return f"worker:{person}"


def may_see(scope: Scope, keys: Iterable[str]) -> bool:
    """Whether the person may see a journey that has these keys."""
    held = scope.keys
    return EVERYTHING in held or not held.isdisjoint(keys)
