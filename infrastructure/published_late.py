"""Journeys that named a version of a programme before it was published, as imported ones may.

Their rows were made without that definition: when it is published, they are made anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from application.views.folding import owner_of
from application.views.rows import CaseRow
from domain.entry import event_name
from domain.programme.events import ProgrammePublished, ProgrammeRevised
from infrastructure.log_tables import Row
from infrastructure.projections import Projections
from infrastructure.view_tables import ViewTables

AT_ONCE = 200
"""Journeys whose rows are made anew in one transaction."""

_ISSUED = frozenset(map(event_name, (ProgrammePublished, ProgrammeRevised)))


def issued(projections: Projections, rows: Sequence[Row]) -> dict[str, int]:
    """Return the programmes of which the rows publish versions, with the first one of each."""
    found: dict[str, int] = {}
    for row in rows:
        if row[3] in _ISSUED:
            programme = owner_of(row[1])
            version = _version(projections, row)
            found[programme] = min(version, found.get(programme, version))
    return found


def _version(projections: Projections, row: Row) -> int:
    try:
        (one,) = projections.reader.recorded([row])
        version: int = one.entry.event.version
    except Exception:  # noqa: BLE001 - what cannot be read stops no view: it may be any version
        return 0
    return version


def naming(
    projections: Projections,
    tables: ViewTables,
    versions: Mapping[str, int],
    until: int,
    cursor: Any = None,
) -> Iterator[list[str]]:
    """Yield journeys that may name those versions, or later ones, some at a time.

    `tables` say which journeys a programme has. Those of a caseload say also which version each is
    under, and whether its rows are of before `until`, a position: others were made with all that
    was published by then. What a transaction has written is seen if its `cursor` is given.
    """
    row = next((r for r in tables.tables if "programme" in r._fields), None)
    if row is None:
        return
    by_version = " AND definition_version >= :version AND position < :until"
    asked = (
        f"SELECT DISTINCT owner FROM {tables.tables[row].name} WHERE programme = :programme "  # noqa: S608 - our own names
        f"AND owner > :after{by_version if row is CaseRow else ''} ORDER BY owner LIMIT {AT_ONCE}"
    )
    statement = projections.statements.said(asked)
    for programme, version in versions.items():
        values: dict[str, Any] = {"programme": programme, "version": version, "until": until}
        values["after"] = ""
        while owners := _asked(projections, cursor, statement, values):
            yield owners
            values["after"] = owners[-1]


def _asked(
    projections: Projections, cursor: Any, statement: str, values: dict[str, Any]
) -> list[str]:
    if cursor is None:
        rows = projections.database.rows(statement, values)
    else:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [owner for (owner,) in rows]
