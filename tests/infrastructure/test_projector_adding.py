"""Entries that make rows of their own add them to those there are: nothing before is read again."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from application.ports import Recorded
from application.views import VIEWS
from application.views.readings import READINGS
from infrastructure.event_log import SqlEventLog
from infrastructure.projections import Projections
from infrastructure.projector import Projector
from infrastructure.rebuilding import Rebuild
from infrastructure.view_standing import set_aside
from tests.infrastructure.projecting import Writing, all_rows, opened, played, projections_of

READ = tuple(one for one in played() if one.stream.startswith("readings:"))


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


def step_through(projections: Projections, most: int = 20_000) -> None:
    with closing(Projector(projections, most=most)) as projector:
        projector.take_over()
        projector.retry()
        while projector.step():
            pass


def noted(projections: Projections) -> set[tuple[str, int]]:
    return {(row.key, row.position) for row in all_rows(projections)["readings"]}


def keys(entries: Sequence[Recorded]) -> set[str]:
    answers = [answer for one in entries for answer in one.entry.event.answers]
    return {f"client:{subject.client}" for answer in answers for subject in answer.read}


def assert_as_rebuilt(projections: Projections) -> None:
    kept = all_rows(projections)
    [rebuilt] = Rebuild(projections, [READINGS], grace=0).run()
    assert (rebuilt.compared.differing, rebuilt.quarantined) == (0, 0)
    assert all_rows(projections) == kept


def test_new_entries_add_their_rows_and_no_stream_is_read_again(
    log: SqlEventLog, monkeypatch: pytest.MonkeyPatch
):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(READ[:3])
    step_through(projections)

    def refuse(_self: Projections, streams: Sequence[str]) -> list[Any]:
        raise AssertionError(f"{streams} were read again")

    with monkeypatch.context() as no_more:
        no_more.setattr(Projections, "whole", refuse)
        for one in READ[3:6]:
            writing.bring_in([one])
            step_through(projections)

    assert len(keys(READ[:6])) == 6
    assert {key for key, _ in noted(projections)} >= keys(READ[:6])
    assert_as_rebuilt(projections)


def test_a_view_that_is_ahead_of_the_others_adds_no_entry_twice(log: SqlEventLog):
    everything = projections_of(log)
    writing = Writing(log)
    writing.bring_in(READ[:4])
    alone = Projections(log, [READINGS], everything.rules)
    step_through(alone)
    before = noted(everything)

    writing.bring_in(READ[4:5])
    step_through(everything, most=2)  # the others come from the beginning

    assert len(noted(everything) - before) == 2  # whom it is of, and by whom
    assert set_aside(everything) == []
    assert_as_rebuilt(everything)


def test_rows_that_are_there_already_are_made_anew_with_the_others(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(READ[:2])
    with closing(Projector(projections)) as projector:
        projector.take_over()
        [(_, standing)] = [of for of in projector.standings() if of[0] is READINGS]
        projector._remake(READINGS, standing, ["spool"])  # ahead of where the view stands
        assert standing.position == 0
        ahead = noted(projections)

    writing.bring_in(READ[2:4])
    step_through(projections)

    assert ahead < noted(projections)
    assert set_aside(projections) == []
    assert_as_rebuilt(projections)


def test_a_spool_that_was_set_aside_is_left_until_it_is_taken_in_whole(log: SqlEventLog):
    def rows(of: str, state: Any, rules: Any) -> Any:
        if any(READ[2].entry.event.answers[0].read[0].client in key for key, *_ in state.keys):
            raise KeyError("a fault")
        return READINGS.rows(of, state, rules)

    broken = replace(READINGS, rows=rows)
    views = [broken if view is READINGS else view for view in VIEWS]
    projections, writing = projections_of(log, views), Writing(log)
    writing.bring_in(READ[:2])
    step_through(projections)
    before = noted(projections)
    for one in READ[2:4]:
        writing.bring_in([one])
        step_through(projections)

    assert [(one.view, one.owner) for one in set_aside(projections)] == [("readings", "spool")]
    assert noted(projections) == before

    mended = projections_of(log)
    step_through(mended)
    assert set_aside(mended) == []
    assert before < noted(mended)
    assert_as_rebuilt(mended)


def test_a_spool_that_was_set_aside_is_tried_again_with_its_next_entry(log: SqlEventLog):
    fails = True

    def rows(of: str, state: Any, rules: Any) -> Any:
        if fails:
            raise KeyError("a fault")
        return READINGS.rows(of, state, rules)

    passing = replace(READINGS, rows=rows)
    views = [passing if view is READINGS else view for view in VIEWS]
    projections, writing = projections_of(log, views), Writing(log)
    with closing(Projector(projections)) as projector:
        projector.take_over()
        for one in READ[:2]:
            writing.bring_in([one])
            assert projector.step() == 1
        assert [one.owner for one in set_aside(projections)] == ["spool"]
        assert noted(projections) == set()

        fails = False
        writing.bring_in(READ[2:3])
        assert projector.step() == 1

    assert set_aside(projections) == []
    assert {key for key, _ in noted(projections)} >= keys(READ[:3])
    assert_as_rebuilt(projections_of(log))
