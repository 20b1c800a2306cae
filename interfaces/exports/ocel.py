"""OCEL 2.0: entries as events, and what they are about as objects, in relation to each other.

Objects are journeys, clients (by the pseudonymous ids that they go by, one for a person),
organisations, the services and placements of a journey, and its plan. An event's time is the day on
which it happened; both clocks are attributes. What of an object changes (a journey's phase, status
and definition version) has the day of each change; the version of the referral holds from before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from application.evaluation.pseudonymous import Kind, attributes
from application.evaluation.told_journeys import CaseSeen, Origin
from domain.journey import events as e
from domain.journey.evolve import evolve
from domain.journey.history import JourneyEntry
from domain.journey.state import BEFORE
from interfaces.exports.days import instant

ALWAYS = date(1970, 1, 1)
"""From when on an attribute holds that never changes: the standard's own beginning of time."""


class OcelType(StrEnum):
    """The types of attributes that the standard knows."""

    STRING = "string"
    TIME = "time"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"


class Declared(NamedTuple):
    """An attribute of a type of events or objects."""

    name: str
    type: OcelType


class OcelEvent(NamedTuple):
    """An event: attributes in the order declared for its type, and the objects it is about."""

    id: str
    type: str
    day: date
    values: Sequence[Any]
    relations: Sequence[tuple[str, str]]


class OcelObject(NamedTuple):
    """An object: values in the order declared, changes of them, and relations to other objects.

    A change is a day, an attribute and what it is from then on.
    """

    id: str
    type: str
    values: Sequence[Any]
    changes: Sequence[tuple[date, str, Any]]
    relations: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OcelCase:
    """What one journey adds: its events, and the objects, some of which others share."""

    events: Sequence[OcelEvent]
    objects: Sequence[OcelObject]


_OF_KIND = {
    Kind.TEXT: OcelType.STRING,
    Kind.STRUCTURE: OcelType.STRING,
    Kind.WHOLE: OcelType.INTEGER,
    Kind.NUMBER: OcelType.FLOAT,
    Kind.YES_NO: OcelType.BOOLEAN,
    Kind.DAY: OcelType.TIME,
}
_ENVELOPE = (
    Declared("recorded_at", OcelType.TIME),
    Declared("known_at", OcelType.TIME),
    Declared("claimed", OcelType.BOOLEAN),
    Declared("recorded_by", OcelType.STRING),
    Declared("source", OcelType.STRING),
    Declared("version", OcelType.INTEGER),
)


def _texts(*names: str) -> tuple[Declared, ...]:
    return tuple(Declared(name, OcelType.STRING) for name in names)


OBJECTS: Mapping[str, tuple[Declared, ...]] = {
    "journey": (
        *_texts("programme", "channel", "service_line", "phase", "status"),
        Declared("definition_version", OcelType.INTEGER),
    ),
    "client": (
        *_texts("gender", "municipality"),
        Declared("birth_year", OcelType.INTEGER),
    ),
    "organisation": (),
    "service": _texts("service"),
    "placement": _texts("form"),
    "plan": (),
}
"""The types of objects and their attributes."""

_ORGANISATIONS = (
    *("from_organisation", "to_organisation", "organisation", "provider", "employer", "payer"),
)
"""Fields of events that name an organisation; they qualify the event's relation to it."""

_OF_THE_PLAN = frozenset(
    {e.PlanDrafted, e.PlanAgreed, e.PlanRevised, e.PlanStepReached, e.PlanStepDropped}
)
_OF_A_SERVICE = frozenset(
    {
        *(e.ServiceProposed, e.ServiceAccepted, e.ServiceDeclined, e.ServiceStarted),
        *(e.AttendanceRecorded, e.ServiceInterrupted, e.ServiceCompleted),
    }
)

_TURNING = frozenset(
    {
        *(e.ReferralMade, e.ReferralDeclined, e.ReferralAccepted),
        *(e.JourneyPaused, e.JourneyResumed, e.JourneyClosed, e.JourneyReopened),
        e.DefinitionAdopted,
    }
)
"""Events that a journey's status or definition hangs on: what each makes of it, the fold says."""


def declared(kind: type) -> tuple[Declared, ...]:
    """Return the attributes of the events of a class."""
    return _declared(kind)


@cache
def _declared(kind: type) -> tuple[Declared, ...]:
    own = (Declared(one.name, _OF_KIND[one.kind]) for one in attributes(kind))
    return (*_ENVELOPE, *own)


def ocel_case(case: CaseSeen, origin: Origin) -> OcelCase:
    """Return what a journey adds to the log."""
    events = [_event(case, entry, origin) for entry in case.entries]
    named = dict.fromkeys(target for event in events for target, _ in event.relations)
    return OcelCase(events, [*_objects(case, named)])


def _event(case: CaseSeen, entry: JourneyEntry, origin: Origin) -> OcelEvent:
    event = entry.event
    envelope = (
        instant(entry.recorded_at),
        instant(entry.known_at),
        entry.claimed,
        entry.by.person,
        entry.source.name if entry.source else None,
        entry.version,
    )
    own = (one.of(event) for one in attributes(type(event)))
    return OcelEvent(
        f"entry:{entry.position}",
        origin.shape_of(type(event))[0],
        entry.occurred_on,
        (*envelope, *own),
        tuple(dict.fromkeys(_about(case, entry))),
    )


def _about(case: CaseSeen, entry: JourneyEntry) -> Iterator[tuple[str, str]]:
    """Yield the objects that an entry is about, each with what it is to it."""
    event, kind = entry.event, type(entry.event)
    yield f"journey:{case.id}", "journey"
    if case.person:
        yield f"client:{case.person}", "client"
    yield f"organisation:{entry.by.organisation}", "recorded_by"
    for name in _ORGANISATIONS:
        organisation = getattr(event, name, None)
        if organisation:
            yield f"organisation:{organisation}", name
    reference = getattr(event, "reference", None)
    if reference is not None:
        what = "service" if kind in _OF_A_SERVICE else "placement"
        yield f"{what}:{case.id}/{reference}", what
    if kind in _OF_THE_PLAN:
        yield f"plan:{case.id}", "plan"


def _objects(case: CaseSeen, named: Mapping[str, None]) -> Iterator[OcelObject]:
    for one in named:
        kind, _, id_ = one.partition(":")
        values, changes, relations = _MADE[kind](case, id_)
        known = tuple((target, what) for target, what in relations if target in named)
        yield OcelObject(one, kind, values, changes, known)


_Made = tuple[Sequence[Any], Sequence[tuple[date, str, Any]], Sequence[tuple[str, str]]]


def _journey(case: CaseSeen, _id: str) -> _Made:
    journey, referral = case.journey, case.journey.referral
    first, changes = _changes(case)
    values = (
        journey.programme or None,
        referral.channel if referral else None,
        referral.service_line if referral else None,
        None,
        None,
        first,
    )
    relations = (
        (f"client:{case.person}", "client"),
        (f"organisation:{journey.organisation}", "responsible"),
    )
    return values, changes, relations


def _changes(case: CaseSeen) -> tuple[int | None, Sequence[tuple[date, str, Any]]]:
    """Return the first definition version, and what changes by its days.

    These are phases, statuses and later versions; the last of a day is what counts.
    """
    found: dict[tuple[date, str], Any] = {}
    first, journey = None, BEFORE
    for entry in case.entries:
        event = entry.event
        if isinstance(event, e.PhaseEntered):
            found[entry.occurred_on, "phase"] = event.phase.value
        elif type(event) in _TURNING:
            before, journey = journey, evolve(journey, entry)
            if journey.status is not before.status:
                found[entry.occurred_on, "status"] = journey.status.value
            if before is BEFORE and isinstance(event, e.ReferralMade):
                first = journey.definition_version or None  # None: it is of another system
            elif journey.definition_version != before.definition_version:
                found[entry.occurred_on, "definition_version"] = journey.definition_version
    return first, [(day, name, value) for (day, name), value in found.items()]


def _client(case: CaseSeen, _id: str) -> _Made:
    known = case.client.registered
    if known is None:
        return (None, None, None), (), ()
    return (known.gender, known.municipality, known.birth_year), (), ()


def _organisation(_case: CaseSeen, _id: str) -> _Made:
    return (), (), ()


def _service(case: CaseSeen, id_: str) -> _Made:
    known = case.journey.service(id_.removeprefix(f"{case.id}/"))
    relations = [(f"journey:{case.id}", "journey")]
    if known is not None and known.provider:
        relations.append((f"organisation:{known.provider}", "provider"))
    return (known.service if known else None,), (), relations


def _placement(case: CaseSeen, id_: str) -> _Made:
    known = case.journey.placement(id_.removeprefix(f"{case.id}/"))
    relations = [(f"journey:{case.id}", "journey")]
    if known is not None and known.employer:
        relations.append((f"organisation:{known.employer}", "employer"))
    return (known.form if known else None,), (), relations


def _plan(case: CaseSeen, _id: str) -> _Made:
    return (), (), ((f"journey:{case.id}", "journey"),)


_MADE = {
    "journey": _journey,
    "client": _client,
    "organisation": _organisation,
    "service": _service,
    "placement": _placement,
    "plan": _plan,
}
