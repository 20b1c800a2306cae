"""The list of journeys, read from the caseload's table."""

from datetime import date
from typing import Any

from sqlalchemy import text

from application.views.caseload import CASELOAD
from application.views.listing import Case, Listing, Wanted
from application.views.rows import CaseRow, ReachRow
from infrastructure.projections import Projections
from infrastructure.view_rows import reader

FILTERS = ("programme", "organisation", "phase", "status")
ALL = 2**62


def listing(projections: Projections, wanted: Wanted) -> Listing:
    """Return the journeys that are wanted, in the order of their ids."""
    head = projections.log.position()
    with projections.reading() as cursor:
        standing = projections.registry.read(cursor).get(CASELOAD.name)
        if standing is None or not standing.generation:
            return Listing((), 0, frozenset(), frozenset(), head)
        tables = projections.tables(CASELOAD, standing.generation).tables
        case, reach = tables[CaseRow].name, tables[ReachRow].name
        asked = {name: getattr(wanted, name) for name in FILTERS}
        given = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in given) or "1 = 1"
        # What came to the rows later is not asked for: an older program's have it not.
        later = CaseRow._field_defaults
        columns = ", ".join("NULL" if name in later else name for name in CaseRow._fields)
        # All rows of a reach have the day from which the journey has stood where it stands.
        since = f"(SELECT min(phase_since) FROM {reach} AS r WHERE r.owner = c.owner)"  # noqa: S608
        rows = _all(
            projections,
            cursor,
            f"SELECT {columns}, {since} FROM {case} AS c WHERE {where} "  # noqa: S608 - our names
            "ORDER BY owner LIMIT :most",
            {**given, "most": wanted.limit or ALL},
        )
        counting = f"SELECT count(*) FROM {case} WHERE {where}"  # noqa: S608 - our own names
        ((found,),) = _all(projections, cursor, counting, given)
        used = {
            name: frozenset(
                value
                for (value,) in _all(projections, cursor, f"SELECT DISTINCT {name} FROM {case}", {})  # noqa: S608
            )
            for name in ("programme", "organisation")
        }
        aside = projections.registry.asides_of(cursor, CASELOAD.name)
    return Listing(
        tuple(_case(row) for row in rows),
        found,
        used["programme"],
        used["organisation"],
        max(0, head - standing.position),
        len(aside),
    )


def _all(projections: Projections, cursor: Any, said: str, asked: dict[str, Any]) -> list[Any]:
    cursor.execute(projections.statements.text(text(said)), asked)
    return list(cursor.fetchall())


_read = reader(CaseRow)


def _case(row: Any) -> Case:
    *kept, since = row
    case: CaseRow = _read(kept)
    begun = since is not None and case.client
    return Case(
        journey=case.owner,
        client=case.client,
        programme=case.programme,
        organisation=case.organisation,
        status=case.status,
        phase=case.phase,
        since=date.fromisoformat(since) if begun else None,
        responsible=case.responsible,
        version=case.version,
        last_recorded_at=case.last_recorded_at,
    )
