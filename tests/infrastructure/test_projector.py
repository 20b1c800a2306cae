"""Views are kept: in batches, together with their place, by one process, whatever is in the log."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from application.ports import Append, Fresh
from application.transact import Streams
from application.views import VIEWS
from application.views.caseload import CASELOAD
from application.views.inline import Inline
from application.views.rows import CaseRow
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.journey.events import EntryCorrected
from domain.journey.history import History
from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import Keeping, bring_up_to_date
from infrastructure.log_statements import Statements
from infrastructure.projection_registry import Overtaken
from infrastructure.projections import Projections
from infrastructure.projector import Projector
from infrastructure.rebuilding import Rebuild
from infrastructure.view_standing import statuses, wait_for
from tests.conftest import UNHURRIED
from tests.databases import Files
from tests.infrastructure.projecting import (
    Writing,
    all_rows,
    append_of,
    opened,
    played,
    projections_of,
    shuffled,
)

DAY, BY = date(2025, 1, 7), By("p", "o")


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


@pytest.fixture
def following() -> Iterator[Callable[..., Projector]]:
    """Make projectors that hold what is free; they let go of it at the end."""
    with ExitStack() as made:

        def make(projections: Projections, **how: int) -> Projector:
            projector = made.enter_context(closing(Projector(projections, **how)))
            projector.take_over()
            return projector

        yield make


def live_through(log: SqlEventLog, chance: random.Random) -> Projections:
    """Write a log by acts and in bulk, follow it in batches of any size, and start again at times.

    Return the views when all is followed.
    """
    projections, writing = projections_of(log), Writing(log)
    projector = Projector(projections, most=chance.randint(1, 60))
    projector.take_over()
    entries = list(shuffled(chance, played()))
    while entries:
        many = chance.randint(1, 80)
        some, entries = entries[:many], entries[many:]
        if chance.random() < 0.5:
            for one in some:
                writing.act(one)
        else:
            writing.bring_in(some)
        for _ in range(chance.randint(0, 4)):
            projector.step()
        if chance.random() < 0.2:
            projector.close()
            projector = Projector(projections, most=chance.randint(1, 200))
            projector.take_over()
    while projector.step():
        pass
    projector.close()
    return projections


def assert_rebuilt_equals_lived(projections: Projections) -> None:
    lived = all_rows(projections)
    rebuilt = Rebuild(projections, list(VIEWS), grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0] * len(VIEWS)
    assert all(one.compared.owners for one in rebuilt)
    assert all_rows(projections) == lived
    assert all(rows for rows in lived.values())


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller seed is no smaller history
    suppress_health_check=UNHURRIED,
)
@given(seed=st.integers(0, 2**32))
def test_views_lived_through_equal_views_rebuilt(seed: int):
    assert any(isinstance(one.entry.event, EntryCorrected) for one in played())
    with opened("sqlite://") as log:
        assert_rebuilt_equals_lived(live_through(log, random.Random(seed)))  # noqa: S311 - not secret


@pytest.mark.parametrize("seed", [3])
def test_views_lived_through_equal_views_rebuilt_on_every_database(log: SqlEventLog, seed: int):
    assert_rebuilt_equals_lived(live_through(log, random.Random(seed)))  # noqa: S311 - not secret


def test_an_inline_view_has_the_row_before_any_projector_runs(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    for one in played()[:120]:
        writing.act(one)

    rows = all_rows(projections)
    newest = {one.stream: one.entry for one in log.read() if one.stream.startswith("journey:")}
    cases = {row.owner: row for row in rows["caseload"] if isinstance(row, CaseRow)}
    assert cases.keys() == {stream.removeprefix("journey:") for stream in newest}
    for stream, entry in newest.items():
        case = cases[stream.removeprefix("journey:")]
        assert (case.version, case.position) == (entry.version, entry.position)
        assert case.last_recorded_at == entry.recorded_at
    assert rows["board"] == []


def test_an_act_of_several_entries_leaves_the_row_that_the_last_one_makes(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in([one for one in played() if one.stream.startswith("programme:")])
    longest = Counter(one.stream for one in played() if one.stream.startswith("journey:"))
    ((stream, many),) = longest.most_common(1)
    first, *rest = (append_of(one) for one in played() if one.stream == stream)
    whole = replace(
        first, events=first.events + tuple(fresh for one in rest for fresh in one.events)
    )
    histories = Streams(
        log,
        History(),
        lambda state, new: state.extended(new),
        inline=Inline(VIEWS, projections.rules),
    )

    log.append(histories.drafted(whole, History()))

    lived = all_rows(projections)["caseload"]
    assert [row.version for row in lived if isinstance(row, CaseRow)] == [many]
    assert Keeping(projections).catch_up()
    rebuilt = Rebuild(projections, [CASELOAD], grace=0).run()
    assert [one.compared.differing for one in rebuilt] == [0]
    assert all_rows(projections)["caseload"] == lived


def test_a_batch_moves_the_place_and_the_rows_together_or_not_at_all(log: SqlEventLog, following):
    projections = projections_of(log)
    Writing(log).bring_in(played()[:60])
    projector = following(projections, most=20)
    projector.step()
    read_before = projector.standings()
    projector.step()
    after = all_rows(projections)

    with pytest.raises(Overtaken):  # another runner has moved them since they were read
        projector._apply(read_before, projections.page(20, 20))

    assert all_rows(projections) == after
    assert {one.position for one in projections.registry.read().values()} == {40}
    assert projector.step() == 20


def test_one_worker_keeps_a_view_and_another_takes_over_when_it_is_gone(log: SqlEventLog):
    projections = projections_of(log)
    first, second = Projector(projections), Projector(projections)
    assert first.take_over() == set(projections.views)
    assert second.take_over() == set()
    assert second.step() == 0
    assert all(one.runner for one in statuses(projections))

    first.close()
    assert all(one.runner is None for one in statuses(projections))
    assert second.take_over() == set(projections.views)
    second.close()


def test_waiting_for_a_position_ends_when_every_view_has_come_there(log: SqlEventLog):
    projections = projections_of(log)
    Writing(log).bring_in(played()[:60])
    assert not wait_for(projections, 60, 0.05)
    assert bring_up_to_date(projections)
    assert wait_for(projections, 60, 0.05)


def test_what_others_append_without_rows_is_followed(log: SqlEventLog):
    projections = projections_of(log)
    named = ClientRegistered(Personal("Aino"), Personal("Koski"))
    log.append(Append("client:c-1", 0, (Fresh(named, DAY),), BY))
    assert all_rows(projections)["register"] == []
    Keeping(projections).catch_up()
    assert {row.owner for row in all_rows(projections)["register"]} == {"c-1"}


def test_a_row_written_meanwhile_is_not_set_back(log: SqlEventLog, following):
    """The follower folds an owner, then somebody acts, then the follower writes."""
    projections, writing = projections_of(log), Writing(log)
    longest = Counter(one.stream for one in played() if one.stream.startswith("journey:"))
    ((stream, _),) = longest.most_common(1)
    of_one = [one for one in played() if one.stream == stream]
    writing.bring_in([one for one in played() if one.stream.startswith("programme:")])
    writing.bring_in(of_one[:3])
    projector = following(projections)
    standings, rows = projector.standings(), projections.page(0, 100)
    writing.act(of_one[3])
    newest = [row for row in all_rows(projections)["caseload"] if isinstance(row, CaseRow)]
    assert [row.version for row in newest] == [4]

    part = projector._part
    projector._part = lambda view, standing, streams: part(view, standing, streams)._replace(
        streams=frozenset(s for s in streams if s.startswith(f"{view.kind}:"))
    )  # as if it had looked at the row before the act
    projector._apply(standings, rows)

    again = [row for row in all_rows(projections)["caseload"] if isinstance(row, CaseRow)]
    assert again == newest


def test_the_same_entries_twice_are_refused_and_leave_the_rows(log: SqlEventLog):
    projections, writing = projections_of(log), Writing(log)
    for one in played()[:60]:
        writing.act(one)
    before = all_rows(projections)
    again = log.append_all([append_of(one) for one in played()[:60]])
    assert all(isinstance(one, Exception) for one in again)
    assert all_rows(projections) == before


def test_a_batch_has_many_entries_where_a_view_lies_far_back_and_few_of_long_ones(
    log: SqlEventLog, following, monkeypatch: pytest.MonkeyPatch
):
    projections, writing = projections_of(log), Writing(log)
    writing.bring_in(played()[:100])
    monkeypatch.setattr("infrastructure.projector.PAGE", 10)
    projector = following(projections, most=35)

    assert [projector.step() for _ in range(4)] == [35, 35, 30, 0]

    monkeypatch.setattr("infrastructure.projector.LARGE", 1)
    writing.bring_in(played()[100:115])
    assert [projector.step() for _ in range(3)] == [10, 5, 0]
    kept = all_rows(projections)
    Rebuild(projections, VIEWS, grace=0).run()
    assert all_rows(projections) == kept


def test_to_open_another_log_and_keep_its_views_no_statement_is_written_anew(
    sqlite_files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(name: str) -> int:
        with opened(sqlite_files.copy(tmp_path / name)) as log:
            projections = projections_of(log)
            Writing(log).bring_in(played()[:20])
            bring_up_to_date(projections)
            return sum(map(len, all_rows(projections).values()))

    first, written = kept("first.db"), list[str]()
    text = Statements.text
    monkeypatch.setattr(
        Statements, "text", lambda self, one: written.append(str(one)) or text(self, one)
    )
    assert kept("second.db") == first > 0
    assert written == []
