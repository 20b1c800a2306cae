"""OCEL 2.0 as a SQLite database, with the tables and keys of the standard's relational form."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from errno import EIO, ENOSPC
from pathlib import Path
from typing import Any

from application.evaluation.told_journeys import CaseSeen, Origin
from interfaces.exports.days import midnight
from interfaces.exports.numbers import has_room
from interfaces.exports.ocel import (
    ALWAYS,
    OBJECTS,
    Declared,
    OcelCase,
    OcelObject,
    OcelType,
    declared,
    ocel_case,
)

_COLUMNS = {
    OcelType.STRING: "TEXT",
    OcelType.TIME: "TIMESTAMP",
    OcelType.INTEGER: "INTEGER",
    OcelType.FLOAT: "REAL",
    OcelType.BOOLEAN: "BOOLEAN",
}

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
BEGIN;
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event (
    ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type)
);
CREATE TABLE object (
    ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type)
);
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
    ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""


def ocel_sqlite(origin: Origin, cases: Iterable[CaseSeen]) -> Callable[[Path], None]:
    """Return what writes the database into an empty file.

    A file that a kill leaves half done is no loss: it has no name of its own yet.
    """

    def write(part: Path) -> None:
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            with _plainly():
                database.executescript(_TABLES)
            types: set[str] = set()
            for case in cases:
                with _plainly():
                    _write(database, case, origin, types)
            with _plainly():
                database.execute("COMMIT")

    return write


@contextmanager
def _plainly() -> Iterator[None]:
    """Say that it is this file that cannot be written, and not the log that cannot be read.

    Raises OSError, as for files of other forms.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_FULL":
            raise OSError(ENOSPC, os.strerror(ENOSPC)) from error
        raise OSError(EIO, str(error)) from error


def _write(database: sqlite3.Connection, case: CaseSeen, origin: Origin, types: set[str]) -> None:
    told = ocel_case(case, origin)
    _write_events(database, case, told, types)
    _write_objects(database, told, types)


def _write_events(
    database: sqlite3.Connection, case: CaseSeen, told: OcelCase, types: set[str]
) -> None:
    for entry, event in zip(case.entries, told.events, strict=True):
        table = _table("event", event.type)
        if table not in types:
            types.add(table)
            _declare(database, "event", event.type, declared(type(entry.event)))
        row = (event.id, midnight(event.day), *map(_stored, event.values))
        database.execute(_insert(table, len(row)), row)
    database.executemany(_insert("event", 2), [(event.id, event.type) for event in told.events])
    related = [(event.id, *one) for event in told.events for one in event.relations]
    database.executemany(_insert("event_object", 3), related)


def _write_objects(database: sqlite3.Connection, told: OcelCase, types: set[str]) -> None:
    for one in told.objects:
        table = _table("object", one.type)
        if table not in types:
            types.add(table)
            _declare(database, "object", one.type, OBJECTS[one.type])
        added = database.execute(
            "INSERT OR IGNORE INTO object VALUES (?, ?)", (one.id, one.type)
        ).rowcount
        if added:
            for row in _rows(one):
                database.execute(_insert(table, len(row)), row)
    related = [(one.id, *other) for one in told.objects for other in one.relations]
    database.executemany("INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)", related)


def _rows(one: OcelObject) -> Iterable[tuple[Any, ...]]:
    """Yield an object's row, and one for each change, which has the changed attribute alone."""
    yield one.id, midnight(ALWAYS), None, *map(_stored, one.values)
    for day, name, value in one.changes:
        changed = (_stored(value) if name == own.name else None for own in OBJECTS[one.type])
        yield one.id, midnight(day), name, *changed


def _declare(
    database: sqlite3.Connection, of: str, kind: str, attributes: Iterable[Declared]
) -> None:
    own = "ocel_id TEXT PRIMARY KEY" if of == "event" else "ocel_id TEXT NOT NULL"
    columns = [f"{own} REFERENCES {of} (ocel_id)", "ocel_time TIMESTAMP NOT NULL"]
    columns += [] if of == "event" else ["ocel_changed_field TEXT"]
    columns += [f'"{one.name}" {_COLUMNS[one.type]}' for one in attributes]
    database.execute(f"INSERT INTO {of}_map_type VALUES (?, ?)", (kind, _mapped(kind)))  # noqa: S608
    database.execute(f"CREATE TABLE {_table(of, kind)} ({', '.join(columns)})")


def _mapped(kind: str) -> str:
    """Return the name of a type that can be a part of a table's name."""
    return "".join(part.capitalize() for part in kind.split("-"))


def _table(of: str, kind: str) -> str:
    return f"{of}_{_mapped(kind)}"


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608


def _stored(value: Any) -> Any:
    match value:
        case date():
            return midnight(value)
        case Decimal():
            return float(value)
        case bool():
            return int(value)
        case int() if not has_room(value):
            return str(value)
        case _:
            return value
