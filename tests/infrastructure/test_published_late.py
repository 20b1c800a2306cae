"""A programme is published, or revised, after journeys that name it were recorded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from application.ports import Recorded
from application.views import VIEWS
from application.views.board import BOARD
from application.views.caseload import CASELOAD
from application.views.folding import kind_of
from application.views.rows import DueRow, ObligationRow
from domain.journey.events import ReferralMade
from domain.programme.events import ProgrammePublished, ProgrammeRevised
from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import Keeping
from infrastructure.projections import Projections
from infrastructure.projector import Projector
from infrastructure.rebuilding import Rebuild
from tests.infrastructure.projecting import Writing, all_rows, opened, played, projections_of


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


def programmes() -> list[Recorded]:
    return [one for one in played() if kind_of(one.stream) == "programme"]


def others() -> list[Recorded]:
    return [one for one in played() if kind_of(one.stream) != "programme"]


def dues(projections: Projections) -> int:
    rows = all_rows(projections)
    return sum(isinstance(row, DueRow | ObligationRow) for some in rows.values() for row in some)


def check_rebuilt_equals_lived(projections: Projections) -> None:
    lived = all_rows(projections)
    rebuilt = Rebuild(projections, list(VIEWS), grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0] * len(VIEWS)
    assert all_rows(projections) == lived


@pytest.mark.parametrize("by_act", [True, False])
def test_what_is_due_comes_with_the_definition(log: SqlEventLog, by_act: bool):
    projections, writing = projections_of(log), Writing(log)
    if by_act:
        for one in others():
            writing.act(one)
    else:
        writing.bring_in(others())
    assert Keeping(projections).catch_up()
    assert dues(projections) == 0

    writing.bring_in(programmes())
    assert Keeping(projections).catch_up()

    assert dues(projections) > 100
    check_rebuilt_equals_lived(projections)


def later_version(one: Recorded) -> Recorded:
    """Return a referral as made to a version of its programme that there is not yet."""
    if not isinstance(one.entry.event, ReferralMade):
        return one
    return replace_event(one, replace(one.entry.event, definition_version=2))


def replace_event(one: Recorded, event: object) -> Recorded:
    return one._replace(entry=one.entry._replace(event=event))


def test_a_later_version_comes_with_its_revision(log: SqlEventLog):
    first = [one for one in programmes() if isinstance(one.entry.event, ProgrammePublished)]
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(first)
    writing.bring_in([later_version(one) for one in others()])
    assert Keeping(projections).catch_up()
    before = dues(projections)

    for one in first:
        event = one.entry.event
        text = event.definition.replace("version: 1", "version: 2", 1)
        day = date(2030, 1, 1)
        revised = ProgrammeRevised(2, day, text, event.digest)
        entry = one.entry._replace(version=2, event=revised)
        writing.bring_in([one._replace(entry=entry)])
    assert Keeping(projections).catch_up()

    assert dues(projections) > before
    check_rebuilt_equals_lived(projections)


def test_a_board_ahead_of_the_caseload_knows_its_journeys_by_itself(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(others())
    alone = projections_of(log, [BOARD])
    assert Keeping(alone).catch_up()

    writing.bring_in(programmes())
    projector = Projector(projections)
    projector.take_over()
    while projector.step(but=["caseload", "register", "responsibility", "readings"]):
        pass
    projector.close()

    assert Keeping(projections).catch_up()
    check_rebuilt_equals_lived(projections)


@pytest.mark.parametrize("switching", [True, False])
def test_a_programme_that_is_published_during_a_rebuild(log: SqlEventLog, switching: bool):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(others())
    assert Keeping(projections).catch_up()
    rebuild = Rebuild(projections, [CASELOAD, BOARD], grace=0)
    step = "_side_by_side" if switching else "_catch_up"
    then = getattr(rebuild, step)

    def published_first(*asked):
        if log.position() == len(others()):
            writing.bring_in(programmes())
        return then(*asked)

    setattr(rebuild, step, published_first)
    rebuild.run()

    assert Keeping(projections).catch_up()
    assert dues(projections) > 100
    check_rebuilt_equals_lived(projections)
