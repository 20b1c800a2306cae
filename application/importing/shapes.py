"""What a mapping may say of an event: its fields and their types, read from the event's class."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.client import ClientEvent, ClientRegistered, ContactDetailsChanged
from domain.definition import DESTINATIONS, END_STATES, PLACEMENT_FORMS
from domain.entry import Personal, event_name
from domain.erasure import ErasureEvent
from domain.journey.events import (
    CompetenceReviewCompleted,
    EntryCorrected,
    EntryRetracted,
    JourneyClosed,
    JourneyEvent,
    PlacementProposed,
)


class Misfit(ValueError):
    """A value or an expression does not fit the field; the message says what is wanted."""


class Absent(Enum):
    """What stands where nothing was said."""

    NOTHING = "nothing was said"
    REQUIRED = "the field must be there"
    UNREADABLE = "something was said that cannot be read"


NOTHING = Absent.NOTHING
REQUIRED = Absent.REQUIRED
UNREADABLE = Absent.UNREADABLE


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field: its type (without None), the type of its items where it is a list of them.

    `absent` stands in where nothing is said, or is REQUIRED. Of a text that is one of a few codes,
    the type is these codes, and `coded`; of a personal text that is a day, a day, and `a_day`.
    `one_line`: texts in it have no line breaks.
    """

    name: str
    kind: type[Any]
    item: type[Any] | None
    absent: Any
    coded: bool = False
    a_day: bool = False
    one_line: bool = False


def _codes(name: str, codes: Iterable[str]) -> type[Enum]:
    make: Any = Enum
    kind: type[Enum] = make(name, [(one, one) for one in codes])
    return kind


_CODES: dict[tuple[type[Any], str], type[Enum]] = {
    (JourneyClosed, "end_state"): _codes("EndState", END_STATES),
    (JourneyClosed, "destination"): _codes("Destination", DESTINATIONS),
    (PlacementProposed, "form"): _codes("Form", PLACEMENT_FORMS),
}
"""Texts that evaluation counts by: another code would be counted nowhere."""

_DAYS = frozenset({(ClientRegistered, "date_of_birth")})
"""Personal texts that are read as days: whose is another text cannot be found by it, or at all."""

_ONE_LINE = frozenset(
    {
        *((ClientRegistered, name) for name in ("given_name", "family_name", "local_id")),
        *((ContactDetailsChanged, name) for name in ("phone", "email")),
        *((CompetenceReviewCompleted, name) for name in ("strengths", "development_needs")),
        (PlacementProposed, "tutor"),
    }
)
"""Personal texts of one line, as a form takes them; others may have several."""


# A correction or a retraction names an entry by its version, which a source cannot know.
JOURNEY_EVENTS: dict[str, type[Any]] = {
    event_name(shape): shape
    for shape in get_args(JourneyEvent)
    if shape not in (EntryCorrected, EntryRetracted)
}
# What was held or erased elsewhere holds nothing here, and destroys no key.
CLIENT_EVENTS: dict[str, type[Any]] = {
    event_name(shape): shape
    for shape in get_args(ClientEvent)
    if shape not in get_args(ErasureEvent)
}
EVENTS = {"client": CLIENT_EVENTS, "journey": JOURNEY_EVENTS}
"""The events that a mapping can make, by the kind of stream and the event's name."""


def fields_of(shape: type[Any]) -> dict[str, FieldShape]:
    """Return the fields of an event (or of a value within one) by name, in their order."""
    hints = get_type_hints(shape)
    found = {own.name: _field(own.name, hints[own.name], _default(own)) for own in fields(shape)}
    codes = {name: kind for (of, name), kind in _CODES.items() if of is shape}
    days = {
        n: replace(one, kind=date, a_day=True) for n, one in found.items() if (shape, n) in _DAYS
    }
    coded = {n: replace(found[n], kind=kind, coded=True) for n, kind in codes.items()}
    known = found | days | coded
    return {n: replace(one, one_line=_is_one_line(shape, one)) for n, one in known.items()}


def _is_one_line(shape: type[Any], own: FieldShape) -> bool:
    return str in (own.kind, own.item) or (shape, own.name) in _ONE_LINE


def _default(own: Any) -> Any:
    if own.default is not MISSING:
        return own.default
    return own.default_factory() if own.default_factory is not MISSING else REQUIRED


def _field(name: str, hint: Any, default: Any) -> FieldShape:
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    said = [kind for kind in kinds if kind is not NoneType]
    if default is REQUIRED and len(said) < len(kinds):
        default = None
    kind, item = said[0], None
    if get_origin(kind) is tuple:
        kind, item = tuple, get_args(kind)[0]
    return FieldShape(name, kind, item, default)


def wanted(kind: type[Any]) -> str:
    """Return a type in a person's words."""
    if issubclass(kind, Enum):
        return "one of " + ", ".join(str(one.value) for one in kind)
    if is_dataclass(kind) and kind is not Personal:
        return f"a value with fields ({', '.join(f.name for f in fields(kind))})"
    return _WORDS.get(kind, kind.__name__)


_WORDS: dict[type[Any], str] = {
    str: "a text",
    Personal: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Decimal: "a number",
    date: "a day",
    tuple: "a list",
}


def fitted(value: Any, kind: type[Any]) -> Any:
    """Return a value of the mapping as a field's type wants it. Raises Misfit."""
    fit = _FITS.get(kind)
    if fit is not None:
        accepts, make = fit
        if isinstance(value, accepts) and (kind is bool or not isinstance(value, bool)):
            return make(value)
    elif issubclass(kind, Enum) and value in [one.value for one in kind]:
        return kind(value)
    raise Misfit(f"{value!r} does not fit: {wanted(kind)} is wanted")


def _exactly(value: Any) -> Any:
    return value


_FITS: dict[type[Any], tuple[tuple[type[Any], ...], Any]] = {
    str: ((str,), _exactly),
    Personal: ((str,), Personal),
    bool: ((bool,), _exactly),
    int: ((int,), _exactly),
    float: ((int, float), float),
    Decimal: ((int, float), lambda value: Decimal(str(value))),
    date: ((date,), _exactly),
}
