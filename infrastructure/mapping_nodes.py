"""What a mapping file says, place by place; a fault names its line and its field.

Unlike a definition, a mapping has keys that are names of tables, columns and codes, and places
where one of several forms may stand. So a place that cannot be used is noted and then left
(`Wrong`), and the places beside it are read on.
"""

import math
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import yaml

from application.importing.language import At
from infrastructure.composing import compose
from infrastructure.marked_yaml import Faults, Place
from infrastructure.rules import nearest

T = TypeVar("T")


class Wrong(Exception):
    """What stands here cannot be used; it is noted among the faults already."""


class Said:
    """Something said in the file, with its line and its field."""

    def __init__(self, node: yaml.Node, at: At, faults: Faults) -> None:
        self._node, self._faults = node, faults
        self.at = at

    def wrong(self, code: str, message: str) -> Wrong:
        """Note a fault here, and return what to raise."""
        self._faults.note(self.at.line, self.at.field, code, message)
        return Wrong(message)

    def is_mapping(self) -> bool:
        """Whether keys and values stand here."""
        return isinstance(self._node, yaml.MappingNode)

    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self._node, yaml.SequenceNode)

    def entries(self) -> dict[str, "Said"]:
        """Return what stands under each key. Raises Wrong."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong("wrong-type", "keys and values are wanted here, such as `key: value`")
        found: dict[str, Said] = {}
        for key, value in self._node.value:
            name = str(key.value)
            field = f"{self.at.field}.{name}" if self.at.field else name
            said = Said(value, At(key.start_mark.line + 1, field), self._faults)
            if name in found:
                said.wrong("duplicate-key", f"the key {name!r} is there twice: keep one")
            found[name] = said
        return found

    def keys(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "Said"]:
        """Return what stands under known keys; unknown and missing ones are noted. Raises Wrong."""
        found, required = self.entries(), tuple(required)
        known = (*required, *optional)
        for name in [name for name in found if name not in known]:
            message = f"the key {name!r} is not known{nearest(name, known)}"
            found.pop(name).wrong("unknown-key", message)
        missing = [name for name in required if name not in found]
        for name in missing:
            self.wrong("missing-key", f"the key {name!r} is missing")
        if missing:
            raise Wrong
        return found

    def items(self) -> list["Said"]:
        """Return the items of a list. Raises Wrong."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.wrong("wrong-type", "a list is wanted here")
        return [
            Said(node, At(node.start_mark.line + 1, f"{self.at.field}[{number}]"), self._faults)
            for number, node in enumerate(self._node.value)
        ]

    def value(self) -> Any:
        """Return a text, a number, true, false, a day, or None. Raises Wrong."""
        node = self._scalar()
        tag = str(node.tag).rpartition(":")[2]
        if tag == "int":
            place = Place(node, *self.at, self._faults)
            number = place.whole_number()
            if number is None:
                raise Wrong
            return number
        try:
            value = yaml.SafeLoader("").construct_object(node)
        except (ValueError, yaml.YAMLError):
            raise self.wrong("wrong-value", f"{node.value!r} cannot be read") from None
        if isinstance(value, str | bool | None) or type(value) is date:
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        message = f"{node.value!r} cannot stand here: put it in quotes if it is a text"
        raise self.wrong("wrong-value", message)

    def text(self) -> str:
        """Return a text as it is written; a code may look like a number. Raises Wrong."""
        text = str(self._scalar().value)
        if not text.strip():
            raise self.wrong("empty-text", "a text is wanted here")
        return text

    def letter(self) -> str:
        """Return a single character, which may be a space or a tab. Raises Wrong."""
        text = str(self._scalar().value)
        if len(text) != 1:
            raise self.wrong("wrong-value", 'one character is wanted here, such as ";" or "\\t"')
        return text

    def one_of(self, choices: Iterable[str], what: str) -> str:
        """Return one of the choices. Raises Wrong."""
        text, choices = self.text(), tuple(choices)
        if text not in choices:
            known = nearest(text, choices) or f"; known: {', '.join(choices) or 'none'}"
            raise self.wrong("unknown-name", f"there is no {what} {text!r}{known}")
        return text

    def _scalar(self) -> yaml.ScalarNode:
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.wrong("wrong-type", "a single value is wanted here")
        return self._node


def read_each(said: Iterable[Said], read: Callable[[Said], T]) -> list[T]:
    """Return what could be read; what could not is among the faults."""
    found = []
    for one in said:
        try:
            found.append(read(one))
        except Wrong:
            continue
    return found


def root(text: str, faults: Faults) -> Said | None:
    """Return what the whole file says; None where it is no YAML or empty (which is noted)."""
    if not text.strip():
        faults.note(1, "", "empty", "the file is empty: a mapping begins with its source")
        return None
    place = compose(text, faults)
    if place is None or place.node is None:
        return None
    return Said(place.node, At(place.line, ""), faults)
