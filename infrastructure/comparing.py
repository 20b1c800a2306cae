"""Comparing the rows of two generations of a view, which must be equal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.views.folding import kind_of, owner_of
from infrastructure.projections import Projections
from infrastructure.view_tables import ViewTables

NOT_COMPARED = {"stale_since"}
"""Columns that say how the view was kept, not what the log says."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An owner whose rows differ: in which table, and in which columns (none: rows are missing)."""

    owner: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many owners were compared, how many of them differ, and the first of those."""

    owners: int
    differing: int
    first: Difference | None


def compare(
    projections: Projections, old: ViewTables, new: ViewTables, but: frozenset[str]
) -> Comparison:
    """Compare all rows of owners whom both generations have followed to the same entry.

    What is recorded meanwhile, and the owners in `but`, are left out.
    """
    with projections.reading() as cursor:
        standing = projections.registry.read(cursor)[new.view.name]
        reached = min(standing.position, standing.building_position or 0)
        apart = but | set(projections.registry.asides_of(cursor, new.view.name))
        apart |= _touched_after(projections, cursor, reached, new.view.kind)
        found = {row: sorted(_differing(cursor, old, new, row) - apart) for row in new.view.tables}
        differing = sorted({owner for owners in found.values() for owner in owners})
        first = _first(cursor, old, new, differing[0]) if differing else None
        owners = _count(cursor, new)
    return Comparison(owners, len(differing), first)


def _touched_after(projections: Projections, cursor: Any, reached: int, kind: str) -> set[str]:
    cursor.execute(projections.statements.touched, {"after": reached})
    return {owner_of(stream) for (stream,) in cursor.fetchall() if kind_of(stream) == kind}


def _columns(tables: ViewTables, row: type[Any]) -> str:
    names = [column.name for column in tables.tables[row].columns]
    return ", ".join(name for name in names if name not in NOT_COMPARED)


def _differing(cursor: Any, old: ViewTables, new: ViewTables, row: type[Any]) -> set[str]:
    columns = _columns(new, row)
    before, after = old.tables[row].name, new.tables[row].name
    found = _only_in(cursor, after, before, columns)
    if found or _many(cursor, before) != _many(cursor, after):  # each row is there once
        found |= _only_in(cursor, before, after, columns)
    return found


def _only_in(cursor: Any, these: str, those: str, columns: str) -> set[str]:
    cursor.execute(
        f"SELECT DISTINCT owner FROM (SELECT {columns} FROM {these} "  # noqa: S608 - our own names
        f"EXCEPT SELECT {columns} FROM {those}) AS apart"
    )
    return {owner for (owner,) in cursor.fetchall()}


def _many(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
    return int(cursor.fetchone()[0])


def _count(cursor: Any, tables: ViewTables) -> int:
    first = next(iter(tables.tables.values()))
    cursor.execute(f"SELECT count(DISTINCT owner) FROM {first.name}")  # noqa: S608 - our own names
    return int(cursor.fetchone()[0])


def _first(cursor: Any, old: ViewTables, new: ViewTables, owner: str) -> Difference:
    before, after = old.rows_of(cursor, [owner]), new.rows_of(cursor, [owner])
    for row in new.view.tables:
        one, other = _of(before, row), _of(after, row)
        if one == other:
            continue
        columns = {
            name
            for a, b in zip(one, other, strict=False)
            for name in a._fields
            if getattr(a, name) != getattr(b, name)
        }
        if columns - NOT_COMPARED or len(one) != len(other):
            table = new.tables[row].name
            told = () if len(one) != len(other) else tuple(sorted(columns - NOT_COMPARED))
            return Difference(owner, table, told)
    return Difference(owner, "", ())


def _of(rows: Sequence[Any], row: type[Any]) -> list[Any]:
    return [one for one in rows if type(one) is row]
