"""The caseload and what is due: pages equal a plain filter, sort and cut of the same rows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.questions import BadCursor, CaseFound, CaseOrder, CaseQuery, DueQuery
from application.scope import Purpose, Role, Scope, may_see
from application.views import CASELOAD, REGISTER
from application.views.rows import CaseRow
from domain.definition import Phase
from domain.journey.state import Journey, Status
from infrastructure import view_queries_caseload
from tests.databases import Own
from tests.infrastructure.view_world import (
    DAY,
    ORGANISATIONS,
    PROGRAMMES,
    WORKERS,
    Known,
    Tables,
    World,
    drawn_world,
    tables,
)

AUDITOR = Scope("audit", Role.AUDITOR, "court", Purpose.AUDIT)
WORKER = Scope("aino", Role.CASE_WORKER, "kuopio", Purpose.SERVICE)
JOURNEYS = [f"{letter}-{number}" for letter in "aBzäÖ" for number in range(0, 120, 7)]

SCOPES = st.builds(
    Scope,
    person=st.just("somebody"),
    role=st.sampled_from(Role),
    organisation=st.sampled_from([*ORGANISATIONS, "nowhere"]),
    purpose=st.just(Purpose.SERVICE),
    client=st.sampled_from([None, "client-1", "client-2", "client-61"]),
    programmes=st.frozensets(st.sampled_from([*PROGRAMMES, "none"])),
    partners=st.frozensets(st.sampled_from(ORGANISATIONS)),
    opened=st.frozensets(st.sampled_from(JOURNEYS), max_size=3),
)
DAYS = st.integers(-7, 7).map(lambda days: DAY + timedelta(days=days))


def maybe(values: Any) -> Any:
    return st.none() | st.none() | st.sampled_from(list(values))


QUERIES = st.builds(
    CaseQuery,
    worker=maybe([*WORKERS, "nobody"]),
    organisation=maybe([*ORGANISATIONS, "nowhere"]),
    programme=maybe([*PROGRAMMES, "none"]),
    phase=maybe([*(p.value for p in Phase), "none"]),
    status=maybe(s.value for s in Status),
    open=st.sampled_from([True, False, None]),
    due_by=st.none() | DAYS,
    stale=st.sampled_from([None, None, True, False]),
    waiting_for=maybe([*ORGANISATIONS, "nowhere"]),
    order=st.sampled_from(CaseOrder),
    limit=st.sampled_from([1, 3, 50]),
)
DUE_QUERIES = st.builds(
    DueQuery,
    worker=maybe(WORKERS),
    organisation=maybe(ORGANISATIONS),
    until=st.none() | DAYS | st.just(date.max),
    limit=st.sampled_from([1, 4, 50]),
)


@pytest.fixture
def world() -> World:
    return drawn_world(seed=3)


def put_world(url: str) -> None:
    with tables(url) as opened:
        opened.put_world(drawn_world(seed=3))


@pytest.fixture
def views(own_database: Own) -> Iterator[Tables]:
    """The tables of the world."""
    with tables(own_database.filled(put_world)) as opened:
        yield opened


def fits(asked: CaseQuery, case: CaseRow) -> bool:
    said = {
        "responsible": asked.worker,
        "organisation": asked.organisation,
        "programme": asked.programme,
        "phase": asked.phase,
        "status": asked.status,
        "is_open": asked.open,
    }
    if any(value is not None and getattr(case, name) != value for name, value in said.items()):
        return False
    if asked.due_by is not None and (case.next_due is None or case.next_due > asked.due_by):
        return False
    return asked.stale is None or (case.stale_since is not None) is asked.stale


def waits(asked: CaseQuery, journey: Journey) -> bool:
    """Whether somebody of the organisation asked about is to take the journey."""
    if asked.waiting_for is None:
        return True
    if journey.status not in (Status.REFERRED, Status.OPEN, Status.PAUSED):
        return False
    if journey.handover is not None and journey.handover.to_organisation == asked.waiting_for:
        return True
    ours = journey.organisation == asked.waiting_for
    return ours and (journey.status is Status.REFERRED or journey.responsible is None)


def placed(order: CaseOrder) -> Callable[[Known], Any]:
    def place(known: Known) -> Any:
        reach = known.reaches[0]
        if order is CaseOrder.RECENT:
            return (-known.case.position,)
        day = reach.due if order is CaseOrder.DUE else reach.phase_since
        return (day, reach.owner)

    return place


def expected(world: World, scope: Scope, asked: CaseQuery) -> list[CaseFound]:
    seen = [
        known
        for known in world.journeys.values()
        if may_see(scope, known.keys) and fits(asked, known.case) and waits(asked, known.journey)
    ]
    cases = [known.case for known in sorted(seen, key=placed(asked.order))]
    return [CaseFound(case, world.clients.get(case.client)) for case in cases]


def every_page(ask: Callable[[Any, Any], Any], scope: Scope, asked: Any) -> list[Any]:
    found: list[Any] = []
    while True:
        page = ask(scope, asked)
        assert len(page.items) <= asked.limit
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == asked.limit
        asked = replace(asked, cursor=page.next)


def test_a_caseload_is_what_the_person_may_see_filtered_sorted_and_cut_into_pages(
    views: Tables, world: World
) -> None:
    @settings(deadline=None)
    @given(SCOPES, QUERIES)
    def agrees(scope: Scope, asked: CaseQuery) -> None:
        assert every_page(views.ask.caseload, scope, asked) == expected(world, scope, asked)

    agrees()


def test_where_many_are_due_a_page_in_another_order_has_the_same(
    views: Tables, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_queries_caseload, "MANY", 5)
    for order in CaseOrder:
        for days in (-7, -2, 3, 9):
            asked = CaseQuery(due_by=DAY + timedelta(days=days), order=order, limit=6)
            for scope in (AUDITOR, WORKER):
                pages = every_page(views.ask.caseload, scope, asked)
                assert pages == expected(world, scope, asked)


def test_what_waits_for_an_organisation_is_found_by_its_people_and_others_find_what_they_may_see(
    views: Tables, world: World
) -> None:
    for order in CaseOrder:
        asked = CaseQuery(waiting_for="kuopio", order=order, limit=4)
        own = every_page(views.ask.caseload, WORKER, asked)
        assert own == expected(world, WORKER, asked)
        assert len(own) > 8
        assert any(found.case.handover_to == "kuopio" for found in own)
        assert any(found.case.organisation != "kuopio" for found in own)
        neighbour = replace(WORKER, organisation="oulu")
        shared = every_page(views.ask.caseload, neighbour, asked)
        assert shared == expected(world, neighbour, asked)
        assert 0 < len(shared) < len(own)


def test_while_rows_of_an_older_program_are_read_the_list_is_as_old_and_says_nothing_of_waiting(
    views: Tables, world: World
) -> None:
    asked = CaseQuery(open=None, limit=200)
    before = views.ask.caseload(AUDITOR, asked)
    cases = views.projections.tables(CASELOAD, 1).tables[CaseRow].name
    with views.projections.writing() as cursor:  # as the program before this one left it
        cursor.execute(f"ALTER TABLE {cases} DROP COLUMN handover_to")
        cursor.execute(
            f"UPDATE projections SET shape = {CASELOAD.shape - 1}, position = 5 "
            f"WHERE name = '{CASELOAD.name}'"
        )
    after = views.ask.caseload(AUDITOR, asked)
    assert after.position == 5
    assert [found.case for found in after.items] == [
        found.case._replace(handover_to=None) for found in before.items
    ]
    waiting = views.ask.caseload(WORKER, CaseQuery(waiting_for="kuopio"))
    assert (waiting.items, waiting.position) == ((), 0)


def test_what_waits_is_told_by_rows_of_an_older_program_that_say_it(views: Tables) -> None:
    asked = CaseQuery(waiting_for="kuopio", limit=200)
    before = views.ask.caseload(WORKER, asked)
    with views.projections.writing() as cursor:
        older = f"UPDATE projections SET shape = {CASELOAD.shape - 1} WHERE name = 'caseload'"
        cursor.execute(older)
    assert before.items
    assert views.ask.caseload(WORKER, asked) == before


def test_whoever_may_see_a_journey_has_it_in_the_list_and_nobody_else(
    views: Tables, world: World
) -> None:
    everything = CaseQuery(open=None, limit=200)

    @settings(deadline=None)
    @given(SCOPES)
    def agree(scope: Scope) -> None:
        listed = {found.case.owner for found in views.ask.caseload(scope, everything).items}
        seen = {owner for owner, known in world.journeys.items() if may_see(scope, known.keys)}
        assert listed == seen

    agree()


def test_what_is_due_is_that_of_the_journeys_in_scope_the_earliest_first(
    views: Tables, world: World
) -> None:
    @settings(deadline=None)
    @given(SCOPES, DUE_QUERIES)
    def agrees(scope: Scope, asked: DueQuery) -> None:
        ours = CaseQuery(worker=asked.worker, organisation=asked.organisation, open=None)
        dues = [
            (due.due or date.max, due.owner, due.deadline, due, one)
            for one in expected(world, scope, ours)
            for due in world.journeys[one.case.owner].dues
            if asked.until is None or (due.due is not None and due.due <= asked.until)
        ]
        told = [(found.due, found.found) for found in every_page(views.ask.due, scope, asked)]
        assert told == [(due, one) for *_, due, one in sorted(dues, key=lambda d: d[:3])]

    agrees()


def test_a_cursor_goes_on_where_the_page_ended_though_rows_change_behind_it(
    views: Tables, world: World
) -> None:
    asked = CaseQuery(open=None, limit=10)
    before = [found.case.owner for found in every_page(views.ask.caseload, AUDITOR, asked)]
    first = views.ask.caseload(AUDITOR, asked)
    seen = [found.case.owner for found in first.items]
    # What was shown is done: it falls due no more, and one of them vanishes altogether.
    gone, *done = seen
    views.put(CASELOAD, {gone: []})
    for owner in done[:4]:
        rows = [row for row in world.journeys[owner].rows if "deadline" not in row._fields]
        views.put(CASELOAD, {owner: [_due_at(row, date.min) for row in rows]})
    rest = replace(asked, cursor=first.next)
    after = [found.case.owner for found in every_page(views.ask.caseload, AUDITOR, rest)]
    assert seen + after == before


def _due_at(row: Any, day: date) -> Any:
    return row._replace(**{name: day for name in ("due", "next_due") if name in row._fields})


def test_a_cursor_of_another_question_is_refused(views: Tables) -> None:
    cursor = views.ask.caseload(AUDITOR, CaseQuery(limit=2)).next
    assert views.ask.caseload(AUDITOR, CaseQuery(limit=5, cursor=cursor)).items
    others = (CaseQuery(open=None), CaseQuery(order=CaseOrder.RECENT), CaseQuery(programme="ali"))
    for other in others:
        with pytest.raises(BadCursor, match="ask for the first page again"):
            views.ask.caseload(AUDITOR, replace(other, cursor=cursor))
    with pytest.raises(BadCursor):
        views.ask.due(AUDITOR, DueQuery(cursor=cursor))


def test_a_cursor_that_was_altered_is_refused(views: Tables) -> None:
    cursor = views.ask.caseload(AUDITOR, CaseQuery(limit=2)).next
    assert cursor is not None
    altered = [cursor + "A", cursor[:-1], cursor[:20] + "!" + cursor[21:], cursor.swapcase()]
    for other in ("", "x", "é", "eyJ9", "====", "a" * 999, *altered):
        with pytest.raises(BadCursor, match="not one that this question has handed out"):
            views.ask.caseload(AUDITOR, CaseQuery(cursor=other))


def test_a_page_is_no_longer_than_the_largest_and_no_shorter_than_one(views: Tables) -> None:
    assert len(views.ask.caseload(AUDITOR, CaseQuery(open=None, limit=10**9)).items) == 120
    assert len(views.ask.caseload(AUDITOR, CaseQuery(open=None, limit=0)).items) == 1


def test_a_question_goes_on_while_a_view_is_switched_under_it(views: Tables) -> None:
    asked = CaseQuery(open=None, limit=200)
    before = views.ask.caseload(AUDITOR, asked)
    assert before.position == 0
    for view in (CASELOAD, REGISTER, CASELOAD):
        views.switch(view, drop=True)
        now = views.ask.caseload(AUDITOR, asked)
        assert now.items == before.items
    assert now.position == 77


def test_a_question_is_asked_again_where_the_tables_vanish_in_the_midst_of_it(
    views: Tables,
) -> None:
    reader = views.ask._reader
    seen: list[str] = []

    def question(snapshot: Any) -> int:
        seen.append(snapshot.table(CaseRow))
        if len(seen) == 1:
            raise_what_a_missing_table_raises(snapshot)
        return len(snapshot.rows(CaseRow, "1 = 1", {}))

    assert reader.ask(question, 0) == 120
    assert seen == ["view_caseload_case_1"] * 2
    with pytest.raises(Exception, match="no_such_view"):
        reader.ask(raise_what_a_missing_table_raises, 0)


def raise_what_a_missing_table_raises(snapshot: Any) -> int:
    return len(snapshot.tuples("SELECT 1 FROM no_such_view", {}))


def test_another_fault_of_a_question_is_not_asked_again(views: Tables) -> None:
    asked: list[int] = []

    def question(snapshot: Any) -> int:
        asked.append(1)
        return len(snapshot.tuples("SELECT nothing FROM projections", {}))

    with pytest.raises(Exception, match="nothing"):
        views.ask._reader.ask(question, 0)
    assert asked == [1]


def test_before_the_first_generation_there_is_nothing(views: Tables) -> None:
    with views.projections.writing() as cursor:
        cursor.execute("UPDATE projections SET generation = 0")
    page = views.ask.caseload(WORKER, CaseQuery())
    assert (page.items, page.next, page.position) == ((), None, 0)
    assert views.ask.due(WORKER, DueQuery()).items == ()
    assert views.ask.candidates(WORKER, CaseQuery(), "", 5) == []
    assert views.ask.client("client-1") is None
    assert views.ask.journeys_of("client-1") == []


def test_the_journeys_of_a_client_come_the_newest_first(views: Tables, world: World) -> None:
    for client in ("client-1", "client-2", "client-61", "nobody"):
        ours = [k.case for k in world.journeys.values() if k.case.client == client]
        ours.sort(key=lambda case: -case.position)
        assert views.ask.journeys_of(client) == ours
    assert views.ask.client("client-1") == world.clients["client-1"]
    assert views.ask.client("client-61") is None


def test_clients_are_asked_for_together(views: Tables, world: World) -> None:
    found = views.ask.clients(["client-1", "client-61", "client-2"])
    assert found == {name: world.clients[name] for name in ("client-1", "client-2")}
    assert views.ask.clients([]) == {}
