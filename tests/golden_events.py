"""Golden files of stored events: one full example of every shape, in tests/golden/events.

    python -m tests.golden_events --write

writes the files that are missing, and says which differ. It never changes a file: a shape that
was stored stays readable for ever. Where a class's fields have changed, register it with the next
version, write an upcaster from the last one (infrastructure/registered_events.py), and run this
again. Only a shape that no database has seen yet may be deleted and written anew.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from domain.entry import Personal
from infrastructure.event_names import EventNames, Shape
from infrastructure.event_shapes import event_fields, personal_fields
from infrastructure.registered_events import registered_events

FOLDER = Path(__file__).parent / "golden" / "events"
PLAIN = {
    str: ("text", "text"),
    int: ("whole number", 7),
    float: ("number", 7.5),
    bool: ("yes or no", True),
    date: ("day", date(2024, 3, 1)),
    datetime: ("instant", datetime(2024, 3, 1, 9, 30, tzinfo=UTC)),
    Decimal: ("decimal", Decimal("12.50")),
    NoneType: ("nothing", None),
}


def shape(hint: Any, events: Mapping[Any, Shape]) -> Any:
    """Describe a type as it is stored, in words and nested objects."""
    if hint in PLAIN:
        return PLAIN[hint][0]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "code"
    if is_dataclass(hint):
        nested = event_fields(hint, events)
        hints = get_type_hints(hint)
        return {
            own.name: "an event" if own.name in nested else shape(hints[own.name], events)
            for own in fields(hint)
        }
    if get_origin(hint) is tuple and get_args(hint)[1:] == (...,):
        return [shape(get_args(hint)[0], events)]
    inner = [shape(kind, events) for kind in get_args(hint)]
    if not inner:
        raise TypeError(f"tests/golden_events.py cannot describe {hint!r} yet: teach it")
    return " or ".join(inner) if all(isinstance(i, str) for i in inner) else {"one of": inner}


def example(hint: Any, name: str, events: Mapping[Any, Shape]) -> Any:
    """Make a value of a type with everything filled in, the same each time."""
    if hint in PLAIN:
        return name.replace("_", "-") if hint is str else PLAIN[hint][1]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if hint is Personal:
        return Personal(f"what was said ({name})")
    if is_dataclass(hint):
        return _example_of(hint, events)
    if get_origin(hint) is tuple:
        return (example(get_args(hint)[0], name, events),)
    return example(_first(hint, events), name, events)


def _first(hint: Any, events: Mapping[Any, Shape]) -> Any:
    """Choose a kind of a union: the event first by name, else the first that is not nothing."""
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    known = sorted((events[kind], kind) for kind in kinds if kind in events)
    return known[0][1] if known else kinds[0]


def _example_of(cls: Any, events: Mapping[Any, Shape]) -> Any:
    hints = get_type_hints(cls)
    return cls(**{own.name: example(hints[own.name], own.name, events) for own in fields(cls)})


def codes(cls: Any) -> dict[str, list[str]]:
    """Return the values of the code lists of a class by field. A list may grow, but never shrink.

    A field within a field is told as "steps[].kind".
    """
    found: dict[str, set[str]] = {}
    for path, values in _codes("", cls):
        found.setdefault(path, set()).update(values)
    return {path: sorted(values) for path, values in sorted(found.items())}


def _codes(path: str, hint: Any) -> Iterator[tuple[str, set[str]]]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        yield path, {str(member.value) for member in hint}
    elif is_dataclass(hint):
        for name, kind in get_type_hints(hint).items():
            if not _of_events(kind):
                yield from _codes(f"{path}.{name}".lstrip("."), kind)
    else:
        several = get_origin(hint) in {tuple, list, frozenset}
        for kind in get_args(hint):
            yield from _codes(path + "[]" * several, kind)


def _of_events(hint: Any) -> bool:
    return sum(map(is_dataclass, get_args(hint))) > 1


def golden(names: EventNames, cls: type[Any]) -> dict[str, Any]:
    """Return what the golden file of a class's present shape must say."""
    events = {kind: known for known, kind in names.shapes().items()}
    name, version, body = names.encode(example(cls, "", events))
    return {
        "name": name,
        "version": version,
        "shape": shape(cls, events),
        "personal": sorted(personal_fields(cls)),
        "codes": codes(cls),
        "body": json.loads(body),
    }


def text(content: dict[str, Any]) -> str:
    """Return a golden file's text."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def differing(names: EventNames, folder: Path = FOLDER) -> list[str]:
    """Say which present shapes have no golden file, or another one."""
    found = []
    for known, cls in names.shapes().items():
        file = folder / f"{known}.json"
        if not file.exists():
            found.append(f"{known} has no golden file: python -m tests.golden_events --write")
        elif not _same(json.loads(file.read_text(encoding="utf-8")), golden(names, cls)):
            found.append(
                f"{known} is stored in another shape than its golden file says: register "
                f"{cls.__name__} as version {known.version + 1} and write an upcaster"
            )
    return found


def _same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    before, now = old["codes"], new["codes"]
    kept = before.keys() == now.keys() and all({*before[at]} <= {*now[at]} for at in before)
    return kept and {**old, "codes": now} == new


def write(names: EventNames, folder: Path = FOLDER) -> None:
    """Write the golden files that are missing, and codes that have come to a list."""
    folder.mkdir(parents=True, exist_ok=True)
    for known, cls in names.shapes().items():
        file = folder / f"{known}.json"
        new = golden(names, cls)
        if not file.exists() or _same(json.loads(file.read_text(encoding="utf-8")), new):
            file.write_text(text(new), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write(registered_events())
    faults = differing(registered_events())
    print("\n".join(faults) or f"{len(registered_events().shapes())} shapes, all as they were")
    sys.exit(bool(faults))
