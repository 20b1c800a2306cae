"""Stable names of stored events ("referral-made", shape 1), their classes, and their upcasters.

A name is stored for ever; a class may be renamed. So a class registers under the kebab-case form
of its name unless it says otherwise, and `tests/golden` pins every name with its shape.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from typing import Any, NamedTuple, TypeAlias, get_args

import msgspec

from application.ports import NotReadable, TextNotReadable
from domain.entry import Personal, event_name
from infrastructure.event_shapes import (
    Codec,
    NestedEvent,
    Texts,
    codec_of,
    event_fields,
    personal_fields,
    personal_texts,
)
from infrastructure.sealing import (
    FieldOpener,
    FieldSealer,
    open_body,
    open_when_asked,
    seal_body,
    seal_texts,
)

Body: TypeAlias = dict[str, Any]
Upcaster: TypeAlias = Callable[[Body], Body]
Opening: TypeAlias = Callable[[bytes, FieldOpener], Any]
"""Makes an event of a stored body with sealed texts in it."""

CANNOT_BE_READ_BACK = (msgspec.MsgspecError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What an event raises that cannot be written, read, or compared (an amount of `sNaN`)."""


class Shape(NamedTuple):
    """A stored shape of an event: its name, and the version of its fields (from 1)."""

    name: str
    version: int

    def __str__(self) -> str:
        return f"{self.name}.v{self.version}"


class BrokenNames(Exception):
    """The names, classes and upcasters do not fit together; Polku must not start with them."""


class UnknownEvent(NotReadable):
    """An event's class is not registered, or a stored name and version has no class."""


class UnreadableEvent(NotReadable):
    """A stored event does not have the shape that its name and version say."""


class UnreadableText(UnreadableEvent, TextNotReadable):
    """A sealed text of a stored event does not open."""


class UnstorableEvent(Exception):
    """An event cannot be stored: read back, it would not be the same."""


class EventNames:
    """The events that the log can store, by class and by stored name.

    Register classes and upcasters, then `check()`: it says what does not fit together.
    """

    def __init__(self) -> None:
        self._shapes: dict[type[Any], Shape] = {}
        self._classes: dict[str, type[Any]] = {}
        self._upcasters: dict[Shape, Upcaster] = {}
        self._codecs: dict[type[Any], Codec] = {}
        self._decoders: dict[tuple[str, int], Callable[[bytes], Any]] = {}
        self._texts: dict[type[Any], Texts | None] = {}
        self._holding: dict[type[Any], bool] = {}

    def register(self, *classes: type[Any], name: str | None = None, version: int = 1) -> None:
        """Register event classes under their names, with the version of their present shape.

        `name` is for one class whose stored name is not its own (a renamed class). Raises
        BrokenNames where a name or a class is taken.
        """
        if name is not None and len(classes) != 1:
            raise BrokenNames(f"one name, {name!r}, cannot stand for {len(classes)} classes")
        for cls in classes:
            self._register(cls, Shape(name or event_name(cls), version))

    def _register(self, cls: type[Any], shape: Shape) -> None:
        if not is_dataclass(cls):
            raise BrokenNames(f"{cls!r} is not a dataclass: events are frozen dataclasses")
        if shape.version < 1:
            raise BrokenNames(f"{shape}: versions of a shape count from 1")
        taken = self._classes.get(shape.name)
        if taken is not None and taken is not cls:
            raise BrokenNames(
                f"the name {shape.name!r} of {_place(cls)} belongs to {_place(taken)}: "
                "register one of them under another name"
            )
        if self._shapes.get(cls, shape) != shape:
            raise BrokenNames(f"{_place(cls)} is {self._shapes[cls]} already, not {shape}")
        self._shapes[cls], self._classes[shape.name] = shape, cls

    def register_union(self, union: Any) -> None:
        """Register every class of a union of events at version 1, unless it is registered."""
        self.register(*(cls for cls in get_args(union) if cls not in self._shapes))

    def upcaster(self, name: str, from_version: int) -> Callable[[Upcaster], Upcaster]:
        """Register a function that turns a stored body of `from_version` into the next one's.

        It takes and returns the raw JSON object (a dict of texts, numbers, lists and dicts).
        """

        def add(upcast: Upcaster) -> Upcaster:
            shape = Shape(name, from_version)
            if shape in self._upcasters:
                raise BrokenNames(f"{shape} has two upcasters: keep one")
            self._upcasters[shape] = upcast
            return upcast

        return add

    def check(self) -> None:
        """Check that every older shape leads to a class. Raises BrokenNames, naming each fault."""
        faults = [*self._faults()]
        if faults:
            raise BrokenNames("; ".join(faults))

    def _faults(self) -> Iterable[str]:
        for shape in self._upcasters:
            cls = self._classes.get(shape.name)
            if cls is None:
                yield f"an upcaster leads from {shape}, but no class has the name {shape.name!r}"
            elif shape.version >= self._shapes[cls].version:
                yield (
                    f"an upcaster leads from {shape}, but {_place(cls)} is registered as "
                    f"{self._shapes[cls]}: register it as version {shape.version + 1}"
                )
        for latest in self._shapes.values():
            for version in range(1, latest.version):
                older = Shape(latest.name, version)
                if older not in self._upcasters:
                    yield f"{older} has no upcaster to version {version + 1}: entries of it exist"
        for cls in self._shapes:
            try:
                self.codec(cls)
            except TypeError as error:
                yield f"{_place(cls)} cannot be stored: {error}"

    def shapes(self) -> Mapping[Shape, type[Any]]:
        """Return the present shape of every registered class, in the order of names."""
        return {shape: cls for cls, shape in sorted(self._shapes.items(), key=lambda i: i[1])}

    def shape_of(self, cls: type[Any]) -> Shape:
        """Return the present shape of a class. Raises UnknownEvent."""
        try:
            return self._shapes[cls]
        except KeyError:
            raise UnknownEvent(
                f"{_place(cls)} is not registered: add it to infrastructure/registered_events.py"
            ) from None

    def class_of(self, name: str) -> type[Any]:
        """Return the class that has the stored name. Raises UnknownEvent."""
        try:
            return self._classes[name]
        except KeyError:
            raise UnknownEvent(f"no event is registered under the name {name!r}") from None

    def codec(self, cls: type[Any]) -> Codec:
        """Return what encodes and decodes a registered class. Raises TypeError for odd fields."""
        found = self._codecs.get(cls)
        if found is None:
            self.shape_of(cls)
            nested = event_fields(cls, self._shapes)
            found = self._codecs[cls] = codec_of(cls, nested, self._nest, self._unnest)
        return found

    def encode(self, event: Any, seal: FieldSealer | None = None) -> tuple[str, int, bytes]:
        """Return the event's stored name, version and body (JSON); `seal` its personal texts.

        The body is read back at once: raises UnstorableEvent where it would not give the same
        event, so that nothing is stored that could not be read. Raises UnknownEvent.
        """
        cls = type(event)
        codec = self._codecs.get(cls) or self.codec(cls)
        try:
            body = codec.encode(event)
            copy = codec.decode(body)
            same = copy == event
        except CANNOT_BE_READ_BACK as error:
            raise UnstorableEvent(f"{self._shapes[cls]} cannot be stored: {error}") from error
        if not same:
            raise UnstorableEvent(
                f"{self._shapes[cls]} cannot be stored: a field has another type than it says"
            )
        if seal is not None:
            body = self._sealed(cls, copy, body, seal)
        return (*self._shapes[cls], body)

    def _sealed(self, cls: type[Any], copy: Any, body: bytes, seal: FieldSealer) -> bytes:
        """Return the body with its texts sealed; `copy` is the event, and nobody else's."""
        texts = self._texts_of(cls)
        if texts is None:
            return seal_body(body, seal) if self._holds_events(cls) else body
        found: list[tuple[str, Personal]] = []
        texts(copy, "", found)
        return self._codecs[cls].encode(copy) if seal_texts(found, seal) else body

    def _texts_of(self, cls: type[Any]) -> Texts | None:
        """Return what finds an event's texts; None where there are none, or events in it."""
        if cls not in self._texts:
            plain = personal_fields(cls) and not self._holds_events(cls)
            self._texts[cls] = personal_texts(cls) if plain else None
        return self._texts[cls]

    def _holds_events(self, cls: type[Any]) -> bool:
        holds = self._holding.get(cls)
        if holds is None:
            holds = self._holding[cls] = bool(event_fields(cls, self._shapes))
        return holds

    def opening(self, name: str, version: int) -> Opening | None:
        """Return what decodes bodies of that shape with sealed texts; None: it has no texts.

        Texts are opened when they are asked for, but at once where an event holds other events.
        Bodies of older shapes are opened before they are brought up to the present one. Raises
        UnknownEvent.
        """
        cls, decode = self.class_of(name), self.decoder(name, version)
        if version != self._shapes[cls].version or self._holds_events(cls):
            return lambda body, open_: decode(open_body(body, open_))
        texts = self._texts_of(cls)
        if texts is None:
            return None

        def opening(body: bytes, open_: FieldOpener) -> Any:
            event = decode(body)
            found: list[tuple[str, Personal]] = []
            texts(event, "", found)
            open_when_asked(found, open_)
            return event

        return opening

    def decode(self, name: str, version: int, body: bytes) -> Any:
        """Return the event of a stored body, brought up to the present shape.

        Raises UnknownEvent or UnreadableEvent.
        """
        try:
            return self.decoder(name, version)(body)
        except (msgspec.MsgspecError, TypeError, ValueError, KeyError) as error:
            raise UnreadableEvent(f"{Shape(name, version)} cannot be read: {error}") from error

    def decoder(self, name: str, version: int) -> Callable[[bytes], Any]:
        """Return a function from stored bodies of that shape to events. Raises UnknownEvent."""
        found = self._decoders.get((name, version))
        if found is None:
            found = self._decoders[name, version] = self._make_decoder(Shape(name, version))
        return found

    def _make_decoder(self, shape: Shape) -> Callable[[bytes], Any]:
        cls = self.class_of(shape.name)
        latest = self._shapes[cls].version
        codec = self.codec(cls)
        if shape.version == latest:
            return codec.decode
        if not 1 <= shape.version < latest:
            raise UnknownEvent(
                f"{shape} is newer than this program, which knows {self._shapes[cls]}: "
                "use the program that wrote it"
            )
        steps = [self._upcasters[Shape(shape.name, v)] for v in range(shape.version, latest)]

        def decode(body: bytes) -> Any:
            value: Body = msgspec.json.decode(body)
            for step in steps:
                value = step(value)
            return codec.decode(msgspec.json.encode(value))

        return decode

    def _nest(self, event: Any) -> NestedEvent:
        name, version, body = self.encode(event)
        return NestedEvent(name, version, msgspec.Raw(body))

    def _unnest(self, nested: NestedEvent) -> Any:
        return self.decode(nested.name, nested.schema, bytes(nested.body))


def _place(cls: type[Any]) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
