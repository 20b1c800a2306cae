"""How an event class is written as JSON and read again, and which of its fields are personal.

Plain fields are msgspec's work. A field whose value is itself an event (a correction carries the
event as it should have been) is stored with its own name and shape, so that it can be upcast too.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import MISSING, Field, field, fields, is_dataclass, make_dataclass
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

import msgspec

from domain.entry import Personal


class Codec(NamedTuple):
    """Writes events of one class as JSON, and reads them."""

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]


class NestedEvent(msgspec.Struct, frozen=True):
    """An event within another: its stored name, the version of its shape, its body."""

    name: str
    schema: int
    body: msgspec.Raw


def event_fields(cls: type[Any], events: Collection[type[Any]]) -> tuple[str, ...]:
    """Return the fields of a class whose value is an event. Raises TypeError for a mixed union."""
    return tuple(n for n, hint in get_type_hints(cls).items() if _is_event(cls, n, hint, events))


def _is_event(cls: type[Any], name: str, hint: Any, events: Collection[type[Any]]) -> bool:
    kinds = {hint} if isinstance(hint, type) else {*get_args(hint)} - {NoneType}
    known = {kind for kind in kinds if isinstance(kind, type) and kind in events}
    if known and known != kinds:
        others = ", ".join(sorted(getattr(k, "__name__", str(k)) for k in kinds - known))
        raise TypeError(
            f"field {name!r} of {cls.__name__} mixes events with {others}: register those too"
        )
    return bool(known)


def codec_of(
    cls: type[Any],
    nested: Collection[str],
    nest: Callable[[Any], NestedEvent],
    unnest: Callable[[NestedEvent], Any],
) -> Codec:
    """Return the codec of a class. Raises TypeError where a field's type cannot be JSON."""
    if not nested:
        return Codec(msgspec.json.Encoder().encode, msgspec.json.Decoder(cls).decode)
    stored = _stored_form(cls, nested)
    names = [own.name for own in fields(cls)]
    encoder, decoder = msgspec.json.Encoder(), msgspec.json.Decoder(stored)

    def encode(event: Any) -> bytes:
        values = {name: getattr(event, name) for name in names}
        values |= {name: nest(values[name]) for name in nested if values[name] is not None}
        return encoder.encode(stored(**values))

    def decode(body: bytes) -> Any:
        form = decoder.decode(body)
        values = {name: getattr(form, name) for name in names}
        values |= {name: unnest(values[name]) for name in nested if values[name] is not None}
        return cls(**values)

    return Codec(encode, decode)


def _stored_form(cls: type[Any], nested: Collection[str]) -> Any:
    """Make the form in which a class with nested events is stored: the same fields, in order."""
    hints = get_type_hints(cls)
    form = [
        (
            own.name,
            _nested_hint(hints[own.name]) if own.name in nested else hints[own.name],
            _default(own),
        )
        for own in fields(cls)
    ]
    return make_dataclass(f"Stored{cls.__name__}", form, frozen=True, slots=True)


def _nested_hint(hint: Any) -> Any:
    return NestedEvent | None if NoneType in get_args(hint) else NestedEvent


def _default(given: Field[Any]) -> Any:
    if given.default_factory is not MISSING:
        return field(default_factory=given.default_factory)
    return field(default=given.default)


def personal_fields(cls: type[Any]) -> tuple[str, ...]:
    """Return the dotted paths of a class's personal fields; `[]` stands for each of several.

    A plan's steps carry "steps[].goal". Nested events are left out: they are told by their own
    class.
    """
    return tuple(_personal("", cls, ()))


def _personal(path: str, hint: Any, seen: tuple[Any, ...]) -> Iterator[str]:
    if hint is Personal:
        yield path
    elif isinstance(hint, type) and is_dataclass(hint):
        if hint in seen:
            return
        for name, inner in get_type_hints(hint).items():
            yield from _personal(f"{path}.{name}".lstrip("."), inner, (*seen, hint))
        return
    kinds = {*get_args(hint)} - {NoneType, Ellipsis}
    several = get_origin(hint) in {tuple, list, frozenset}
    if not several and sum(map(is_dataclass, kinds)) > 1:
        return
    for inner in kinds:
        yield from _personal(path + "[]" * several, inner, seen)


Texts: TypeAlias = Callable[[Any, str, list[tuple[str, Personal]]], None]
"""Adds the personal texts in a value to a list, each with its path, which begins as given."""


ELEMENT = "."
"""The path in one of several, whose number is known when it is read: ".goal" in "steps[2].goal"."""


def personal_texts(hint: Any) -> Texts | None:
    """Return what finds the personal texts in values of a type; None where it has none.

    Raises TypeError for types whose texts are told by the value alone: unions of several classes,
    mappings, and classes within themselves.
    """
    return _texts(hint, "", ())


def _texts(hint: Any, path: str, within: tuple[Any, ...]) -> Texts | None:
    """Return what finds the texts in values of a type, at a path that is known before."""
    if hint is Personal:
        at = "" if path == ELEMENT else path
        return lambda one, before, found: found.append((before + at, one))
    if isinstance(hint, type) and is_dataclass(hint):
        if hint in within:
            raise TypeError(f"{hint.__name__} is within itself")
        return _texts_of_fields(hint, path, (*within, hint))
    kinds = [kind for kind in get_args(hint) if kind not in (NoneType, Ellipsis)]
    several = get_origin(hint) in {tuple, list, frozenset}
    found = [_texts(kind, ELEMENT if several else path, within) for kind in kinds]
    texts = [one for one in found if one is not None]
    if not texts:
        return None
    if len(kinds) > 1:
        raise TypeError(f"{hint} has texts of several kinds")
    at = "" if path == ELEMENT else path
    return _texts_of_several(texts[0], at) if several else _texts_if_any(texts[0])


def _texts_of_fields(cls: type[Any], path: str, within: tuple[Any, ...]) -> Texts | None:
    """Return what finds the texts of a class; those in its own fields without a further call."""
    before = path if path in ("", ELEMENT) else f"{path}."
    own: list[tuple[Callable[[Any], Any], str]] = []
    inner: list[tuple[Callable[[Any], Any], Texts]] = []
    for name, hint in get_type_hints(cls).items():
        if hint is Personal:
            own.append((attrgetter(name), before + name))
        elif (found := _texts(hint, before + name, within)) is not None:
            inner.append((attrgetter(name), found))

    def texts(value: Any, before: str, found: list[tuple[str, Personal]]) -> None:
        for get, at in own:
            found.append((before + at, get(value)))
        for get, of in inner:
            of(get(value), before, found)

    return texts if own or inner else None


def _texts_of_several(inner: Texts, path: str) -> Texts:
    def texts(values: Any, before: str, found: list[tuple[str, Personal]]) -> None:
        for n, one in enumerate(values):
            inner(one, f"{before}{path}[{n}]", found)

    return texts


def _texts_if_any(inner: Texts) -> Texts:
    def texts(value: Any, before: str, found: list[tuple[str, Personal]]) -> None:
        if value is not None:
            inner(value, before, found)

    return texts
