"""Filling new tables: who cannot be written is left out alone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from application.views import VIEWS
from application.views.caseload import CASELOAD
from application.views.folding import owner_of
from application.views.rows import CaseRow
from infrastructure.event_log import SqlEventLog
from infrastructure.rebuilding import Rebuild
from tests.infrastructure.projecting import Writing, all_rows, opened, played, projections_of

TOO_LARGE = 2**63
"""Which only the database itself refuses, after it was sent."""

NO_TEXT = "\ud800"
"""Which the driver refuses before it is sent."""


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


@pytest.mark.parametrize("odd", [{"definition_version": TOO_LARGE}, {"phase": NO_TEXT}], ids=str)
def test_a_refused_row_leaves_its_owner_out_and_fills_all_others(
    log: SqlEventLog, odd: dict[str, Any]
) -> None:
    Writing(log).bring_in(played()[:150])
    mine = next(owner_of(one.stream) for one in played() if one.stream.startswith("journey:"))

    def with_an_odd_row(owner: str, state: Any, rules: Any) -> Any:
        for row in CASELOAD.rows(owner, state, rules):
            yield row._replace(**odd) if owner == mine and isinstance(row, CaseRow) else row

    right = projections_of(log)
    Rebuild(right, VIEWS, grace=0).run()
    expected = all_rows(right)
    views = (replace(CASELOAD, rows=with_an_odd_row), *VIEWS[1:])
    projections = projections_of(log, views)
    standings = projections.registry.read()
    with projections.writing() as cursor:  # or the rebuild would keep the owner's old rows
        projections.tables(CASELOAD, standings["caseload"].generation).replace(cursor, [mine], [])

    built = {one.view: one for one in Rebuild(projections, views, grace=0).run()}

    assert {name: one.quarantined for name, one in built.items()} == {
        "caseload": 1,
        **{view.name: 0 for view in VIEWS[1:]},
    }
    expected["caseload"] = [row for row in expected["caseload"] if row.owner != mine]
    assert all_rows(projections) == expected
