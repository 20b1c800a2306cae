"""OCEL 2.0 in JSON: events as they come, then the objects, then what types there are of both.

Every value is a text, as the standard's schema has it; its type is declared.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from typing import Any

from application.evaluation.pseudonymous import as_json
from application.evaluation.told_journeys import CaseSeen, Origin
from interfaces.exports.days import midnight
from interfaces.exports.ocel import (
    ALWAYS,
    OBJECTS,
    Declared,
    OcelEvent,
    OcelObject,
    OcelType,
    declared,
    ocel_case,
)


def ocel_json(origin: Origin, cases: Iterable[CaseSeen]) -> Iterator[str]:
    """Yield the document piece by piece.

    Objects wait in a file without a name, where what several journeys share is kept once.
    """
    types: dict[str, tuple[Declared, ...]] = {}
    kinds: set[str] = set()
    with closing(sqlite3.connect("")) as waiting:
        waiting.execute("CREATE TABLE objects (id TEXT PRIMARY KEY, text TEXT)")
        yield '{"events":[\n'
        yield from _separated(_events(origin, cases, waiting, types, kinds))
        yield '\n],"objects":[\n'
        yield from _separated(text for (text,) in waiting.execute(_IN_ORDER))
    known = {kind: OBJECTS[kind] for kind in OBJECTS if kind in kinds}
    yield f'\n],"eventTypes":{_types(dict(sorted(types.items())))},'
    yield f'"objectTypes":{_types(known)}}}\n'


_IN_ORDER = "SELECT text FROM objects ORDER BY rowid"


def _separated(texts: Iterable[str]) -> Iterator[str]:
    between = ""
    for text in texts:
        yield between + text
        between = ",\n"


def _events(
    origin: Origin,
    cases: Iterable[CaseSeen],
    waiting: sqlite3.Connection,
    types: dict[str, tuple[Declared, ...]],
    kinds: set[str],
) -> Iterator[str]:
    """Yield the events; put the objects where they wait, and tell of which types there were."""
    for case in cases:
        told = ocel_case(case, origin)
        rows = [(one.id, _object(one)) for one in told.objects]
        waiting.executemany("INSERT OR IGNORE INTO objects VALUES (?, ?)", rows)
        kinds.update(one.type for one in told.objects)
        for entry, event in zip(case.entries, told.events, strict=True):
            names = types.setdefault(event.type, declared(type(entry.event)))
            yield _event(event, names)


def _event(event: OcelEvent, names: Iterable[Declared]) -> str:
    return as_json(
        {
            "id": event.id,
            "type": event.type,
            "time": midnight(event.day),
            "attributes": [
                {"name": one.name, "value": text(value, one.type)}
                for one, value in zip(names, event.values, strict=True)
                if value is not None
            ],
            "relationships": _relations(event.relations),
        }
    )


def _object(one: OcelObject) -> str:
    types = {name.name: name.type for name in OBJECTS[one.type]}
    always = [(ALWAYS, name, value) for name, value in zip(types, one.values, strict=True)]
    return as_json(
        {
            "id": one.id,
            "type": one.type,
            "attributes": [
                {"name": name, "value": text(value, types[name]), "time": midnight(day)}
                for day, name, value in (*always, *one.changes)
                if value is not None
            ],
            "relationships": _relations(one.relations),
        }
    )


def _relations(relations: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": target, "qualifier": what} for target, what in relations]


def _types(types: dict[str, tuple[Declared, ...]]) -> str:
    return as_json(
        [
            {"name": name, "attributes": [{"name": n, "type": t.value} for n, t in attributes]}
            for name, attributes in types.items()
        ]
    )


def text(value: Any, of: OcelType) -> str:
    """Return a value as a text, as its type is written."""
    if of is OcelType.BOOLEAN:
        return "true" if value else "false"
    if isinstance(value, date):
        return midnight(value)
    return str(value)
