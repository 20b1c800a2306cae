"""Values as JSON has them, for programs, for auditors, and to compare them field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from domain.entry import Entry, Personal, event_name
from domain.journey.events import EntryCorrected
from domain.wording import Tongue, Wording, in_language


def plain(value: Any) -> Any:  # noqa: PLR0911 - a line for each kind of value
    """Return a value as JSON has it.

    Days and instants are ISO 8601, amounts are texts, personal texts are what they say, and what
    cannot be written (a compiled rule) is left out.
    """
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Personal():
            return "(erased)" if value.sealed else value.text
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case tuple() | list() | set() | frozenset():
            return [plain(item) for item in value]
        case _ if is_dataclass(value):
            said = {f.name: getattr(value, f.name) for f in fields(value)}
            return {name: plain(item) for name, item in said.items() if not callable(item)}
        case _:
            return str(value)


def spoken(value: Any, tongue: Tongue) -> Any:
    """Return a value as JSON has it (`plain`), with what it says in the language of the tongue.

    Said are sentences and names. Keys, and a code of the vocabulary that stands alone, are the same
    in every language.
    """
    match value:
        case _ if tongue.language == "en":
            return value
        case Wording():
            return str(value) if value.context else in_language(value, tongue)
        case dict():
            return {key: spoken(item, tongue) for key, item in value.items()}
        case list():
            return [spoken(item, tongue) for item in value]
        case _:
            return value


def worded(said: Personal | str) -> str:
    """Return what a person said, for an auditor: "(erased)" where it was, empty for nothing."""
    return str(plain(said) or "")


def fields_of(event: Any) -> dict[str, Any]:
    """Return the fields of an event; those of a corrected one say also which event it is."""
    said: dict[str, Any] = plain(event)
    if isinstance(event, EntryCorrected):
        said["event"] = {"event": event_name(type(event.event)), "fields": said["event"]}
    return said


def said_by(entry: Entry[Any] | None) -> dict[str, Any]:
    """Return the fields of an entry, and the day it happened among them; nothing for none."""
    return (
        {} if entry is None else fields_of(entry.event) | {"occurred_on": plain(entry.occurred_on)}
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A field by its path ("plan.steps[0].by"), and what it said before and after."""

    field: str
    before: Any
    after: Any


def changed(before: Any, after: Any) -> tuple[Changed, ...]:
    """Return every field in which two values differ, in the order of the fields.

    What is on one side only is null on the other.
    """
    return tuple(_changed("", plain(before), plain(after)))


def _changed(path: str, before: Any, after: Any) -> Iterator[Changed]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            inner = f"{path}.{name}" if path else name
            yield from _changed(inner, before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            one, other = (x[place] if place < len(x) else None for x in (before, after))
            yield from _changed(f"{path}[{place}]", one, other)
    elif before != after or type(before) is not type(after):
        yield Changed(path, before, after)
