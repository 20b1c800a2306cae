"""The tables that the archive answers from: each column with its type (DuckDB's) and meaning.

Event tables are made from the classes of events, so that a new event is documented by being there:
its name with underscores, and its fields, less those that hold personal texts. The derived tables
say what the entries of each journey come to, as `domain.journey.evolve` folds them, at the moment
that is asked about. Days are dates of the place, instants are UTC.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from application.evaluation.derived import DERIVED
from application.evaluation.meanings import MEANINGS
from application.evaluation.schema import Column, Table
from domain.client import ClientEvent
from domain.entry import Personal, event_name
from domain.journey.events import EntryCorrected, EntryRetracted, FactUsed, JourneyEvent
from domain.organisation.events import OrganisationEvent
from domain.policy import RuleOutcome
from domain.programme.events import ProgrammeEvent

EVENTS: Mapping[str, Any] = {
    "journey": JourneyEvent,
    "client": ClientEvent,
    "programme": ProgrammeEvent,
    "organisation": OrganisationEvent,
}
"""The events that have a table each, by the kind of their stream."""

REVISING = (EntryCorrected, EntryRetracted)
"""Events that say something of other entries: they are in `revisions`."""

RENAMED = {
    "version": "definition_version",
    "entry": "reviewed_entry",
    "start": "first_day",
    "end": "last_day",
}
"""Fields whose names every table has for something else, or that SQL keeps for itself."""

AS_JSON = (FactUsed,)
"""Classes whose values are of several types: what holds them is kept as JSON."""

LEFT_OUT = {RuleOutcome: ("title", "basis", "text")}
"""Fields that say what the definition says already."""

_TYPES = {
    bool: "BOOLEAN",
    int: "BIGINT",
    float: "DOUBLE",
    str: "VARCHAR",
    date: "DATE",
    datetime: "TIMESTAMP",
    Decimal: "DECIMAL(38,4)",
}


class Kept(NamedTuple):
    """A field of an event that the archive keeps, and its type in Python."""

    field: str
    column: str
    hint: Any


def own_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns that every event table of a kind of stream begins with."""
    return (
        Column("key", "BIGINT", f"a number for the {kind}, to join by: its first entry's position"),
        Column(kind, "VARCHAR", f"the {kind}'s id"),
        Column("version", "BIGINT", "the entry's number in its stream, from 1"),
        Column("entry", "BIGINT", "the entry it speaks of: itself, or the one it corrects"),
        Column("position", "BIGINT", "the entry's number in the whole log"),
        Column("occurred_on", "DATE", "the day it happened"),
        Column("known_at", "TIMESTAMP", "since when it was known (UTC)"),
    )


def event_classes(kind: str) -> tuple[type[Any], ...]:
    """Return the classes of events of a kind of stream that have a table."""
    every = [one for part in get_args(EVENTS[kind]) for one in (get_args(part) or (part,))]
    return tuple(one for one in every if one not in REVISING)


def table_name(event: type[Any]) -> str:
    """Return the name of the table that holds a class of events: "referral_made"."""
    return event_name(event).replace("-", "_")


@cache
def kept(cls: Any) -> tuple[Kept, ...]:
    """Return the fields of a class that the archive keeps: all but personal texts."""
    hints = get_type_hints(cls)
    return tuple(
        Kept(one.name, RENAMED.get(one.name, one.name), hints[one.name])
        for one in fields(cls)
        if one.name not in LEFT_OUT.get(cls, ()) and _is_kept(hints[one.name])
    )


def _is_kept(hint: Any) -> bool:
    inner = hint if isinstance(hint, type) and not get_args(hint) else None
    if inner is None:
        return all(map(_is_kept, {*get_args(hint)} - {NoneType, Ellipsis}))
    return inner is not Personal and (not is_dataclass(inner) or bool(kept(inner)))


def is_json(hint: Any) -> bool:
    """Whether values of a type are kept as JSON."""
    return any(kind in AS_JSON for kind in get_args(hint))


def type_of(hint: Any) -> str:
    """Return DuckDB's type for a field's type. Raises TypeError for one that has none."""
    if hint in _TYPES:
        return _TYPES[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return "VARCHAR"
    if isinstance(hint, type) and is_dataclass(hint):
        inner = ", ".join(f'"{one.column}" {type_of(one.hint)}' for one in kept(hint))
        return f"STRUCT({inner})"
    kinds = [kind for kind in get_args(hint) if kind not in (NoneType, Ellipsis)]
    if is_json(hint):
        return "VARCHAR"
    if get_origin(hint) is tuple and len(kinds) == 1:
        return f"{type_of(kinds[0])}[]"
    if len(kinds) == 1:
        return type_of(kinds[0])
    raise TypeError(f"the archive has no type for {hint!r}")


def event_table(event: Any, kind: str) -> Table:
    """Describe the table of a class of events."""
    columns = tuple(
        Column(one.column, type_of(one.hint), MEANINGS[one.column]) for one in kept(event)
    )
    says = (event.__doc__ or "").split("\n")[0]
    return Table(table_name(event), says, own_columns(kind) + columns)


def event_tables() -> Iterator[Table]:
    """Describe the table of each class of events, by kind of stream and in the order of events."""
    for kind in EVENTS:
        for event in event_classes(kind):
            yield event_table(event, kind)


def stored() -> Iterator[Table]:
    """Describe each table that is written: what was recorded, less what is derived from it."""
    yield from RECORDED
    yield from event_tables()


@cache
def tables() -> Mapping[str, Table]:
    """Return every table that can be asked, by name."""
    return {table.name: table for table in (*DERIVED, *stored())}


RECORDED = (
    Table(
        "entries",
        "Every entry of every stream as it was recorded by then, corrected or not.",
        (
            Column("key", "BIGINT", "a number for the stream: its first entry's position"),
            Column("stream", "VARCHAR", 'the stream: "journey:" and its id, and so on'),
            Column("version", "BIGINT", "the entry's number in its stream, from 1"),
            Column("position", "BIGINT", "the entry's number in the whole log"),
            Column("name", "VARCHAR", "the stored name of the event"),
            Column("occurred_on", "DATE", "the day it happened, as was said then"),
            Column("recorded_at", "TIMESTAMP", "when the log stored it (UTC)"),
            Column("known_at", "TIMESTAMP", "the source's claim of that, else the log's clock"),
            Column("claimed", "BOOLEAN", "whether known_at is another system's claim"),
            Column("actor", "VARCHAR", "who did it, an id of staff"),
            Column("organisation", "VARCHAR", "for which organisation"),
            Column("source", "VARCHAR", "the other system it came from, if it did"),
            Column("revises", "BIGINT", "the entry of its stream that it corrects or retracts"),
            Column("retracts", "BOOLEAN", "whether it retracts that entry"),
        ),
    ),
    Table(
        "revisions",
        "Corrections and retractions that were recorded by then, whether they hold or not.",
        (
            Column("key", "BIGINT", "a number for the journey, to join by"),
            Column("journey", "VARCHAR", "the journey's id"),
            Column("version", "BIGINT", "the entry that corrects or retracts"),
            Column("position", "BIGINT", "its number in the whole log"),
            Column("known_at", "TIMESTAMP", "since when it was known (UTC)"),
            Column("entry", "BIGINT", "the entry that is corrected or retracted"),
            Column("entry_position", "BIGINT", "its number in the log; NULL: there is none"),
            Column("entry_known_at", "TIMESTAMP", "since when that entry was known (UTC)"),
            Column("entry_name", "VARCHAR", "the stored name of its event"),
            Column("retracts", "BOOLEAN", "whether the entry is retracted, not corrected"),
            Column("name", "VARCHAR", "the name of the event that it should have been"),
            Column("occurred_on", "DATE", "the day on which that happened"),
        ),
    ),
)
"""What was recorded, as it was."""
