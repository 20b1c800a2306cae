"""What of a client's data goes to another organisation, and on which ground: asked at each answer.

The responsible organisation serves the client and sees the whole, as do the client and an auditor.
Another organisation that is in the team, was asked to take over, or has an agreement sees who it is
to serve (`IDENTITY`) and how the journey goes on (`COURSE`): without these it can do nothing that
it was asked for, so the team, the handover or the agreement is the ground. All else it sees by the
client's consent, or by a duty of the programme's agreement that names the kind. A journey that was
opened out of scope, with a reason, is shown whole: the reason is the ground, and an audit reads it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from application.accesses import today_at, with_opened
from application.acts import named
from application.catalogue import JOURNEY_ACTS
from application.office import Office
from application.permissions import Way, way_to
from application.ports import NotReadable
from application.programmes import NotPublished
from application.scope import Role, Scope
from domain.access import Disclosed
from domain.client import Client
from domain.consent import covering
from domain.data_kinds import DataKind, data_kind
from domain.definition import Phase
from domain.journey.events import DecisionReviewed, EntryCorrected, EntryRetracted
from domain.journey.history import History
from domain.journey.state import Journey
from domain.wording import said

ALL = frozenset(DataKind)
ALWAYS = frozenset({DataKind.IDENTITY, DataKind.COURSE})
"""The kinds that go with a journey which is shared."""

OF_JOURNEYS = ALL - {DataKind.IDENTITY, DataKind.CONTACT}

WHY_WITHHELD = said("The client has not consented that your organisation sees this.")

CONTENTS: Mapping[str, frozenset[DataKind]] = MappingProxyType(
    {
        "caseload": ALWAYS,
        "deadlines": ALWAYS,
        "calendar": ALWAYS,
        "responsibility": frozenset({DataKind.COURSE}),
        "journey-acts": OF_JOURNEYS,
        "journey-page": ALL - {DataKind.CONTACT},
        "timeline": OF_JOURNEYS,
        "changes": ALL - {DataKind.CONTACT},
        "client-page": frozenset({DataKind.IDENTITY, DataKind.CONTACT}),
        "client-search": frozenset({DataKind.IDENTITY}),
        "possible-duplicates": frozenset({DataKind.IDENTITY}),
        "client-search-out-of-scope": frozenset(),
        "possible-duplicates-out-of-scope": frozenset(),
        "organisations": frozenset({DataKind.SERVICES}),
        "seats": frozenset({DataKind.SERVICES}),
    }
)
"""The kinds that each answer holds, by what was read, as far as they are shown.

Of answers that tell of single entries it is said each time which kinds they held.
"""

FIELDS: Mapping[str, DataKind] = MappingProxyType(
    {
        **dict.fromkeys(("eligibility", "situation", "needs"), DataKind.SITUATION),
        "plan": DataKind.PLAN,
        "competences": DataKind.COMPETENCES,
        **dict.fromkeys(("services", "certificates"), DataKind.SERVICES),
        **dict.fromkeys(("placements", "money"), DataKind.PLACEMENTS),
        **dict.fromkeys(("follow_ups", "periods"), DataKind.FOLLOW_UP),
        "contact": DataKind.CONTACT,
    }
)
"""The fields of the pages of journeys and clients that are of another kind than `ALWAYS`."""

_OF_PHASES = {
    Phase.INTAKE: DataKind.SITUATION,
    Phase.COMPETENCE_REVIEW: DataKind.COMPETENCES,
    Phase.TRAINING: DataKind.SERVICES,
    Phase.PLACEMENT: DataKind.PLACEMENTS,
    Phase.FOLLOW_UP: DataKind.FOLLOW_UP,
}

ACT_KINDS: Mapping[str, frozenset[DataKind]] = MappingProxyType(
    {
        **{
            code: frozenset({_OF_PHASES[act.phase]})
            for code, act in JOURNEY_ACTS.items()
            if act.phase is not None
        },
        **{
            code: frozenset({DataKind.PLAN})
            for code in ("draft-plan", "agree-plan", "revise-plan", "reach-step", "drop-step")
        },
        "assess-eligibility": frozenset({DataKind.SITUATION}),
        "propose-service": frozenset({DataKind.PLAN, DataKind.SERVICES}),
        "give-feedback": frozenset({DataKind.FOLLOW_UP}),
        **dict.fromkeys(("correct", "retract", "review-decision"), OF_JOURNEYS),
    }
)
"""The kinds of data that the possible values of an act speak of; the others, of the course."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody is shown of a client's data.

    `way` is how another organisation comes to it; None where it is none's. `consents` are the
    entries of the client's stream, `duties` those of the agreement, that let it see more, each with
    the kinds that it covers. `opened` are the kinds that it sees only because another journey was
    opened out of scope.
    """

    kinds: frozenset[DataKind]
    way: Way | None = None
    consents: tuple[tuple[int, frozenset[DataKind]], ...] = ()
    duties: tuple[tuple[str, frozenset[DataKind]], ...] = ()
    opened: frozenset[DataKind] = frozenset()

    def has(self, kind: DataKind | None) -> bool:
        """Whether data of the kind is shown; None says nothing about a person."""
        return kind is None or kind in self.kinds

    @property
    def withheld(self) -> tuple[DataKind, ...]:
        """The kinds that are not shown."""
        return tuple(kind for kind in DataKind if kind not in self.kinds)

    def fields(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a page with those of other kinds empty: [], "" or None."""
        return {
            name: value if self.has(FIELDS.get(name)) else _empty(value)
            for name, value in told.items()
        }

    def entries(self, history: History) -> Callable[[Any], bool]:
        """Return what says of an entry of the history whether it is shown."""
        return lambda entry: self.has(kind_within(history, entry.event))

    def left(self, what: str, told: Collection[DataKind] | None = None) -> Disclosed | None:
        """Return what leaves for another organisation by such an answer, None for none.

        `told` are the kinds that this one holds; None: those of all such answers. Of consents and
        duties those are named by which something of it leaves that would not without them.
        """
        if self.way is None:
            return None
        kinds = self.kinds.intersection(CONTENTS.get(what, ALL) if told is None else told)
        if not kinds:
            return None
        more = kinds - ALWAYS
        return Disclosed(
            tuple(kind for kind in DataKind if kind in kinds),
            (Way.OPENED if kinds & self.opened else self.way).value,
            tuple(entry for entry, covered in self.consents if covered & more),
            tuple(dict.fromkeys(duty for duty, covered in self.duties if covered & more)),
        )

    def left_beside(self) -> Disclosed | None:
        """Return what leaves of whose the journey was said to be by mistake: how it went on.

        Nothing of that leaves by a consent, which is another's.
        """
        return None if self.way is None else Disclosed((DataKind.COURSE,), self.way.value)


IN_A_SEAT = Disclosed((DataKind.SERVICES,), "seat")
"""What an organisation learns of a client in a seat of a service that it runs."""

WHOLE = Shown(ALL)
NOTHING = Shown(frozenset())

_GATED = frozenset({Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION})


def shown_to(
    office: Office, scope: Scope, journey_id: str, journey: Journey, client: Client | None = None
) -> Shown:
    """Return what the person is shown of the journey and its client now.

    Without the `client`, as the log has it now, the log is asked where it hangs on consent.
    """
    if not is_gated(scope) or journey.organisation == scope.organisation:
        return WHOLE
    opened = with_opened(office, scope, journey_id, journey)
    match way_to(opened, journey_id, journey):
        case None:
            return NOTHING
        case Way.OPENED:
            return Shown(ALL, Way.OPENED)
        case way:
            if client is None and journey.client:
                try:
                    client = office.clients.newest(named("client", journey.client))
                except NotReadable:  # nobody knows what the client consents to
                    return NOTHING
            return _by_consent(office, scope.organisation, journey, client, way)


def is_gated(scope: Scope) -> bool:
    """Whether it hangs on the organisation what the person is shown."""
    return scope.role in _GATED


def kind_within(history: History, event: Any) -> DataKind | None:
    """Return the kind of data of an event of the history.

    What retracts an entry, or reviews a decision, is of the kind of that entry: it speaks of it.
    """
    while True:
        match event:
            case EntryCorrected():
                event = event.event
            case EntryRetracted(entry=int(entry)) | DecisionReviewed(entry=int(entry)):
                spoken_of = history.entry(entry)
                if spoken_of is None:
                    return data_kind(event)
                event = spoken_of.event
            case _:
                return data_kind(event)


def _by_consent(
    office: Office, organisation: str, journey: Journey, client: Client | None, way: Way
) -> Shown:
    today = today_at(office, journey)
    consents = covering(client.consents, organisation, today) if client else ()
    duties = _duties(office, organisation, journey, today)
    by_consent = tuple((one.entry, frozenset(one.kinds)) for one in consents)
    kinds = ALWAYS.union(*(covered for _, covered in (*by_consent, *duties)))
    return Shown(kinds, way, by_consent, duties)


def _duties(
    office: Office, organisation: str, journey: Journey, day: date
) -> tuple[tuple[str, frozenset[DataKind]], ...]:
    """Return the duties of the agreement by which the organisation may see kinds of data."""
    if not journey.programme:
        return ()
    try:
        definition = office.programmes.definition(journey.programme, journey.definition_version)
    except NotPublished:
        return ()
    return tuple(
        (one.id, frozenset(one.sees))
        for one in definition.duties
        if one.organisation == organisation and one.sees and one.holds(day)
    )


def _empty(value: Any) -> Any:
    return type(value)() if isinstance(value, list | str) else None
