"""YAML read as marked places: every value knows its line and its path.

A reading never stops at the first fault. What cannot be read is noted in `Faults`, and a neutral
value stands in for it, so that the rest is read too; whoever reads must throw the result away when
there are faults.

YAML's traps are closed here: a bare `no` is not a text, `12:30` is no number, a key given twice is
a fault, and an empty value is not the same as `null`.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

import yaml

from domain.faults import Fault
from infrastructure.rules import nearest

LARGEST_WHOLE_NUMBER = 999_999_999
LARGEST_NUMBER = 999_999_999_999_999
"""Larger numbers are slips; and some computers and databases would not keep them exactly."""

_TAG = "tag:yaml.org,2002:"
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d*)")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CALLED = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "yes or no",
    "timestamp": "a date",
    "null": "nothing",
}


@dataclass(slots=True)
class Faults:
    """The faults found in one file so far."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def note(self, line: int, path: str, code: str, message: str) -> None:
        """Note a fault."""
        self.found.append(Fault(self.file, line, path, message, code))

    def in_order(self) -> tuple[Fault, ...]:
        """Return the faults in the order of their lines, each once."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda f: (f.line, f.field)))


@dataclass(frozen=True, slots=True)
class Place:
    """A value in the file (`node` None: it is not there), its path, and where faults are noted."""

    node: yaml.Node | None
    line: int
    path: str
    faults: Faults

    @property
    def given(self) -> bool:
        """Whether there is a value: a place that is missing, or an explicit null, has none."""
        return self.node is not None and not self._is_null()

    def fault(self, code: str, message: str) -> None:
        """Note a fault here."""
        self.faults.note(self.line, self.path, code, message)

    def keys(self, required: Collection[str], optional: Collection[str] = ()) -> "Keys":
        """Read a mapping: missing, unknown and double keys are noted."""
        places: dict[str, Place] = {}
        if self.node is None:
            return Keys(self, places)
        if not isinstance(self.node, yaml.MappingNode):
            self._wrong_type("keys with values")
            return Keys(self, places)
        for key, value in self.node.value:
            self._key(key, value, (*required, *optional), places)
        for name in required:
            if name not in places:
                self.faults.note(
                    self.line, _join(self.path, name), "missing-key", f"the key {name!r} is missing"
                )
        return Keys(self, places)

    def child(self, name: str) -> "Place":
        """Return the place of a key's value without judging the mapping; here if it is missing."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else ()
        for key, value in pairs:
            if key.value == name:
                line = value.start_mark.line + 1
                return Place(value, line, _join(self.path, name), self.faults)
        return self

    def items(self) -> tuple["Place", ...]:
        """Read a list; a missing one is empty."""
        if self.node is None:
            return ()
        if not isinstance(self.node, yaml.SequenceNode):
            self._wrong_type("a list")
            return ()
        return tuple(
            Place(node, node.start_mark.line + 1, f"{self.path}[{index}]", self.faults)
            for index, node in enumerate(self.node.value)
        )

    def list_items(self) -> tuple["Place", ...]:
        """Return the values of a list without judging; nothing where it is no list."""
        return self.items() if isinstance(self.node, yaml.SequenceNode) else ()

    def is_empty_list(self) -> bool:
        """Whether it is a list that holds nothing."""
        return isinstance(self.node, yaml.SequenceNode) and not self.node.value

    def is_single(self) -> bool:
        """Whether it is a single value: neither a list nor keys with values."""
        return isinstance(self.node, yaml.ScalarNode)

    def word(self) -> str:
        """Return a single value as it is written, without judging it; else an empty text."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    def text(self) -> str:
        """Read a text that says something; an empty text where there is none."""
        value = self._scalar("str", "a text")
        if value is None:
            return ""
        if not value.strip():
            self.fault("empty-text", "the text is empty: say something")
        if _HALF_CHARACTER.search(value):
            self.fault("bad-text", f"{shortened(value)!r} holds half a character: leave it out")
            return ""
        return value.strip()

    def code(self) -> str:
        """Read a code: small letters, digits and single hyphens."""
        text = self.text()
        if text and not _CODE.fullmatch(text):
            self.fault(
                "bad-code",
                f"{text!r} is no code: use small letters a to z, digits and single hyphens",
            )
            return ""
        return text

    def flag(self) -> bool:
        """Read true or false; no where there is no value."""
        value = self._scalar("bool", "true or false")
        if value is not None and value.lower() not in {"true", "false"}:
            self.fault("wrong-type", f"write true or false instead of {value}")
        return value is not None and value.lower() == "true"

    def whole_number(self) -> int | None:
        """Read a whole number as people write it: no octal, sexagesimal or underscored forms."""
        value = self._scalar("int", "a whole number")
        if value is None:
            return None
        if not _WHOLE_NUMBER.fullmatch(value):
            self._wrong_number("a whole number", value)
            return None
        number = bounded(value)
        if number is None:
            self._too_large(LARGEST_WHOLE_NUMBER, value)
        return number

    def number(self) -> float | None:
        """Read a number in plain digits, whole or with a decimal point."""
        tag = "float" if self._tag() == "float" else "int"
        value = self._scalar(tag, "a number")
        if value is None:
            return None
        if not _NUMBER.fullmatch(value):
            self._wrong_number("a number", value)
            return None
        number = float(value)
        if abs(number) > LARGEST_NUMBER:
            self._too_large(LARGEST_NUMBER, value)
            return None
        return number

    def day(self) -> date | None:
        """Read a day, in quotes or not."""
        if not self._is_scalar("a day such as 2025-09-01"):
            return None
        value = str(self.node.value if self.node else "")
        if self._tag() not in {"timestamp", "str"} or not _DAY.fullmatch(value):
            self.fault("bad-date", f"write a day such as 2025-09-01 instead of {value}")
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fault("bad-date", f"there is no day {value} in the calendar")
            return None

    def null(self) -> bool:
        """Whether the value is an explicit null; an empty value is noted as a fault."""
        if self.node is None or not self._is_null():
            return False
        if self.node.value == "":
            self.fault("missing-value", "there is no value: write null where nothing is meant")
        return True

    def _key(
        self, key: yaml.Node, value: yaml.Node, known: Collection[str], places: "dict[str, Place]"
    ) -> None:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        line, path = key.start_mark.line + 1, _join(self.path, str(name))
        if name in places:
            message = f"the key {name!r} is there twice: keep one"
            self.faults.note(line, path, "duplicate-key", message)
        elif name not in known:
            message = f"the key {name!r} is not known{nearest(str(name), known)}"
            self.faults.note(line, path, "unknown-key", message)
        else:
            empty = isinstance(value, yaml.ScalarNode) and value.value == ""
            at = line if empty else value.start_mark.line + 1
            places[name] = Place(value, at, path, self.faults)

    def _scalar(self, tag: str, wanted: str) -> str | None:
        if not self._is_scalar(wanted) or self.node is None:
            return None
        if self._tag() != tag:
            self._wrong_type(wanted)
            return None
        return str(self.node.value)

    def _is_scalar(self, wanted: str) -> bool:
        if self.node is None:
            return False
        if not isinstance(self.node, yaml.ScalarNode):
            self._wrong_type(wanted)
            return False
        if self._is_null():
            self.fault("missing-value", f"there is no value: {wanted} is wanted")
            return False
        return True

    def _wrong_type(self, wanted: str) -> None:
        node = self.node
        if isinstance(node, yaml.ScalarNode):
            found = (
                f"{shortened(node.value)!r} reads as {_CALLED.get(self._tag(), 'something else')}"
            )
            hint = ": put it in quotes" if wanted == "a text" and self._tag() in _CALLED else ""
        else:
            found = "here is a list" if isinstance(node, yaml.SequenceNode) else "here are keys"
            hint = ""
        self.fault("wrong-type", f"{wanted} is wanted, but {found}{hint}")

    def _wrong_number(self, wanted: str, value: str) -> None:
        self.fault("wrong-type", f"write {wanted} in plain digits instead of {shortened(value)}")

    def _too_large(self, largest: int, value: str) -> None:
        self.fault("bad-number", f"a number here is at most {largest}, not {shortened(value)}")

    def _tag(self) -> str:
        return "" if self.node is None else str(self.node.tag).removeprefix(_TAG)

    def _is_null(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self._tag() == "null"


@dataclass(frozen=True, slots=True)
class Keys:
    """The values of a mapping by key; a key that is not there gives a place without a value."""

    place: Place
    places: dict[str, Place]

    def __getitem__(self, name: str) -> Place:
        """Return the place of the key's value."""
        missing = Place(None, self.place.line, _join(self.place.path, name), self.place.faults)
        return self.places.get(name, missing)


def each_code(places: tuple[Place, ...], known: Collection[str], code: str) -> Iterator[str]:
    """Read codes that must be among the known ones, each once."""
    seen: set[str] = set()
    for place in places:
        word = place.code()
        if not word:
            continue
        if word in seen:
            place.fault("duplicate-code", f"{word!r} is there twice: keep one")
        elif word not in known:
            place.fault(code, f"{word!r} is not known here{nearest(word, known)}")
        else:
            yield word
        seen.add(word)


def values_of(root: yaml.Node | None, names: Collection[str]) -> Iterator[str]:
    """Yield the single values, or those of a list, that stand under keys of these names.

    They are looked for however deep, each place once: an alias is the place that it names, and
    lists of lists of aliases are as quick as what they name.
    """
    left, seen = [root], set[int]()
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                of = value.value if isinstance(value, yaml.SequenceNode) else [value]
                if key.value in names:
                    yield from (str(x.value).strip() for x in of if isinstance(x, yaml.ScalarNode))
                left.append(value)
        elif isinstance(node, yaml.SequenceNode):
            left.extend(node.value)


def bounded(digits: str) -> int | None:
    """Return a whole number's value; None where it is larger than any number may be here."""
    if len(digits) > len(f"-{LARGEST_WHOLE_NUMBER}"):
        return None
    number = int(digits)
    return None if abs(number) > LARGEST_WHOLE_NUMBER else number


def shortened(word: str) -> str:
    """Return a word as a message can repeat it."""
    return word if len(word) <= 40 else f"{word[:40]}..."


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
