"""What an event says without what points to a person: all that ever leaves for other tools.

A field of type `Personal`, or one that holds nothing else, is left out by its type, whatever is in
it; so is it in what an event holds. What is left are codes, days, numbers and stable ids. Which
fields those are is told by the class alone, so that a table has the same columns for every log.
"""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

from domain.entry import Personal, event_name

Plainly: TypeAlias = Callable[[Any], Any]
"""Makes of a value what JSON has, without what is personal."""


class Kind(StrEnum):
    """What the values of an attribute are; a structure is several values or nested ones."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"
    DAY = "day"
    STRUCTURE = "structure"


_KINDS: dict[type, Kind] = {
    str: Kind.TEXT,
    bool: Kind.YES_NO,
    int: Kind.WHOLE,
    float: Kind.NUMBER,
    Decimal: Kind.NUMBER,
    date: Kind.DAY,
}


class Attribute(NamedTuple):
    """A field of an event; one of a nested value has both names, as `situation_employment`."""

    name: str
    kind: Kind
    of: Callable[[Any], Any]


def attributes(cls: type) -> tuple[Attribute, ...]:
    """Return the attributes of a class of events, in the order of its fields."""
    return _attributes_of(cls)


@cache
def _attributes_of(cls: type) -> tuple[Attribute, ...]:
    return tuple(_attributes(cls, ()))


def _attributes(cls: type, within: tuple[str, ...]) -> list[Attribute]:
    found: list[Attribute] = []
    for name, hint in get_type_hints(cls).items():
        path = (*within, name)
        kinds = _without_nothing(hint)
        plainly = _plainly(hint)
        if plainly is None:
            continue
        (only,) = kinds if len(kinds) == 1 else (None,)
        if isinstance(only, type) and is_dataclass(only):
            found += _attributes(only, path)
        else:
            found.append(Attribute("_".join(path), _kind(kinds), _taken(path, kinds, plainly)))
    return found


def _without_nothing(hint: Any) -> list[Any]:
    several = get_origin(hint) is tuple or not get_args(hint)
    return [hint] if several else [kind for kind in get_args(hint) if kind is not NoneType]


def _kind(kinds: list[Any]) -> Kind:
    (only,) = kinds if len(kinds) == 1 else (None,)
    if isinstance(only, type) and issubclass(only, Enum):
        return Kind.TEXT
    return _KINDS.get(only, Kind.STRUCTURE) if isinstance(only, type) else Kind.STRUCTURE


def _taken(path: tuple[str, ...], kinds: list[Any], plainly: Plainly) -> Callable[[Any], Any]:
    """Return what takes an attribute of an event: a structure as JSON, None where nothing is."""
    take = _along(path)
    if _kind(kinds) is not Kind.STRUCTURE:
        return take

    def structure(event: Any) -> str | None:
        value = take(event)
        return None if value is None or value == () else as_json(plainly(value))

    return structure


def _along(path: tuple[str, ...]) -> Callable[[Any], Any]:
    if len(path) == 1:
        return attrgetter(path[0])
    first, *rest = path
    outer, inner = attrgetter(first), _along(tuple(rest))

    def along(event: Any) -> Any:
        value = outer(event)
        return None if value is None else inner(value)

    return along


def as_json(value: Any) -> str:
    """Return what JSON has as its text, on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def values(event: Any) -> list[tuple[Attribute, Any]]:
    """Return the attributes of an event that say something, with their values."""
    told = [(one, one.of(event)) for one in attributes(type(event))]
    return [(one, value) for one, value in told if value is not None]


def told(event: Any) -> dict[str, Any]:
    """Return an event field by field, nested as it is, in what JSON has."""
    kind: Any = type(event)
    plainly = _plainly(kind)
    said: dict[str, Any] = {} if plainly is None else plainly(event)
    return said


@cache
def _plainly(hint: Any) -> Plainly | None:
    """Return what tells values of a type; None where all that they hold is personal."""
    if hint is Personal:
        return None
    if isinstance(hint, type) and is_dataclass(hint):
        return _fields(hint)
    if isinstance(hint, type):
        return _scalar
    if get_origin(hint) is tuple:
        inner = _plainly(get_args(hint)[0])
        return None if inner is None else lambda several: [inner(one) for one in several]
    kinds = _without_nothing(hint)
    if len(kinds) == 1:
        only = _plainly(kinds[0])
        return None if only is None else lambda one: None if one is None else only(one)
    return _one_of


def _fields(cls: type) -> Plainly | None:
    hints = get_type_hints(cls)
    # An event within a correction may be any event: what tells those is looked up when it is told.
    parts = [(own.name, _plainly(hints[own.name])) for own in fields(cls)]
    kept = [(name, inner) for name, inner in parts if inner is not None]
    if parts and not kept:
        return None
    return lambda value: {name: inner(getattr(value, name)) for name, inner in kept}


def _one_of(value: Any) -> Any:
    """Tell a value that may be of several types by the type that it has."""
    if is_dataclass(value):
        return {"event": event_name(type(value)), **told(value)}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case tuple():
            return [_scalar(one) for one in value]
        case _:
            return value
