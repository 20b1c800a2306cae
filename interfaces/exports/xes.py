"""XES, as IEEE 1849-2016 has it: a trace for each journey, an event for each entry.

The order of elements is that of the standard's schema. An event's time is the day on which it
happened; both clocks stand beside it. The transitions are those of the standard's lifecycle.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from re import compile as pattern
from typing import Any
from xml.sax.saxutils import quoteattr

from application.evaluation.pseudonymous import values
from application.evaluation.told_journeys import CaseSeen, Origin
from domain.journey import events as e
from domain.journey.history import JourneyEntry
from interfaces.exports.days import instant, midnight
from interfaces.exports.numbers import has_room

NEVER = "1970-01-01T00:00:00Z"
"""What a global attribute says where an event had none; each of ours has one."""

_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"))
_ORGANISATION = ("Organizational", "org")
_CLASSIFIERS = (
    ("Activity", "event", "concept:name"),
    ("Activity_and_transition", "event", "concept:name lifecycle:transition"),
    ("Activity_and_organisation", "event", "concept:name org:group"),
    ("Journey", "trace", "concept:name"),
)

_TRANSITIONS: dict[type, str] = {
    e.ServiceProposed: "schedule",
    e.PlacementProposed: "schedule",
    e.ServiceAccepted: "assign",
    e.PlacementAgreed: "assign",
    e.ServiceDeclined: "withdraw",
    e.ServiceStarted: "start",
    e.PlacementStarted: "start",
    e.CompetenceReviewStarted: "start",
    e.ServiceInterrupted: "pi_abort",
    e.JourneyPaused: "suspend",
    e.JourneyResumed: "resume",
}
"""The transition of an activity that an event is; all others complete theirs at once."""

_NO_XML = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 has no place for, not even escaped."""


def xes(origin: Origin, cases: Iterable[CaseSeen]) -> Iterator[str]:
    """Yield the document piece by piece, a journey at a time."""
    yield "".join(_head(origin))
    for case in cases:
        yield "".join(_trace(case, origin))
    yield "</log>\n"


def _head(origin: Origin) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xes.features="">\n'
    for name, prefix in (*_EXTENSIONS, _ORGANISATION):
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'<global scope="trace">{_attribute("concept:name", "")}</global>\n'
    yield '<global scope="event">'
    yield _attribute("concept:name", "")
    yield f'<date key="time:timestamp" value="{NEVER}"/>'
    yield "".join(_attribute(f"org:{name}", "") for name in ("resource", "group"))
    yield _attribute("lifecycle:transition", "complete") + "</global>\n"
    for name, scope, keys in _CLASSIFIERS:
        yield f'<classifier name="{name}" scope="{scope}" keys="{keys}"/>\n'
    yield _attribute("concept:name", origin.programme or origin.log)
    yield _attribute("lifecycle:model", "standard")
    yield from _told(
        {
            "as_at": origin.moment.as_at,
            "known_at": origin.moment.known_at,
            "position": origin.position,
            "ledger_root": origin.root or None,
        }
    )
    yield "\n"


def _trace(case: CaseSeen, origin: Origin) -> Iterator[str]:
    journey, known = case.journey, case.client.registered
    yield "<trace>" + _attribute("concept:name", case.id)
    yield from _told(
        {
            "programme": journey.programme or None,
            "definition_version": journey.definition_version or None,
            "client": case.person or None,
            "organisation": journey.organisation or None,
            "status": journey.status.value,
            "end_state": journey.closing.end_state if journey.closing else None,
            "destination": journey.closing.destination if journey.closing else None,
            "gender": known.gender if known else None,
            "birth_year": known.birth_year if known else None,
            "municipality": known.municipality if known else None,
        }
    )
    for entry in case.entries:
        yield "\n" + _event(entry, origin)
    yield "\n</trace>\n"


def _event(entry: JourneyEntry, origin: Origin) -> str:
    kind = type(entry.event)
    told: dict[str, Any] = {
        "concept:name": origin.shape_of(kind)[0],
        "concept:instance": getattr(entry.event, "reference", None),
        "time:timestamp": entry.occurred_on,
        "lifecycle:transition": _TRANSITIONS.get(kind, "complete"),
        "org:resource": entry.by.person,
        "org:group": entry.by.organisation,
        "occurred_on": entry.occurred_on.isoformat(),
        "recorded_at": entry.recorded_at,
        "known_at": entry.known_at,
        "claimed": entry.claimed,
        "source": entry.source.name if entry.source else None,
        "version": entry.version,
        "position": entry.position,
    }
    said = {one.name: value for one, value in values(entry.event)}
    return f"<event>{''.join(_told({**told, **said}))}</event>"


def _told(said: dict[str, Any]) -> Iterator[str]:
    return (_attribute(key, value) for key, value in said.items() if value is not None)


def _attribute(key: str, value: Any) -> str:
    kind, text = _typed(value)
    return f"<{kind} key={quoteattr(key)} value={quoteattr(_NO_XML.sub('�', text))}/>"


def _typed(value: Any) -> tuple[str, str]:
    match value:
        case bool():
            return "boolean", "true" if value else "false"
        case int() if has_room(value):
            return "int", str(value)
        case float() | Decimal():
            return "float", str(value)
        case datetime():
            return "date", instant(value)
        case date():
            return "date", midnight(value)
        case _:
            return "string", str(value)
