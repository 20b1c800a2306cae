"""The board and responsibility: what the tables answer equals a count over the histories."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from statistics import median
from typing import Any

import pytest

from application.questions import BadCursor, Board, BoardLine, CaseQuery
from application.scope import Purpose, Role, Scope, keys_of, may_see
from application.views import BOARD, CASELOAD, RESPONSIBILITY
from application.views.course import standing
from application.views.rows import ObligationRow, OnceRow, ResponsibilityRow, SpanRow
from application.views.view import Rules, View
from domain.journey.deadlines import deadlines, overdue
from domain.journey.history import History, look
from domain.journey.state import Journey
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.view_reading import Snapshot
from infrastructure.working_days import working_days_of
from tests.application.simulated import real_histories
from tests.databases import Own
from tests.infrastructure.view_world import DAY, Tables, drawn_world, tables

ENDED = ("closed", "declined")
AUDITOR = Scope("audit", Role.AUDITOR, "court", Purpose.AUDIT)


@cache
def rules() -> Rules:
    texts = shipped_definitions()
    definitions = {code: load_definition(text, code) for code, text in texts.items()}
    return Rules(lambda code, _version: definitions[code], working_days_of)


def histories() -> dict[str, History]:
    return real_histories(12)


def made(view: View[Any]) -> dict[str, list[Any]]:
    return {owner: list(view.rows(owner, h, rules())) for owner, h in histories().items()}


def make_tables(url: str) -> None:
    with tables(url):
        pass


@pytest.fixture
def views(own_database: Own) -> Iterator[Tables]:
    with tables(own_database.filled(make_tables)) as opened:
        yield opened


DAYS = [date(2025, 1, 6), *(date(2025, 2, 10) + timedelta(days=37 * n) for n in range(14))]


@cache
def stood(owner: str, day: date) -> Journey | None:
    """The journey as at the day, if it had begun."""
    journey = histories()[owner].at(day)
    return journey if journey.referral is not None and journey.referral.on <= day else None


@cache
def counted(day: date) -> dict[tuple[str, str, str], list[int]]:
    """Count who stood where on the day, by folding every history as at the day."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for owner, history in histories().items():
        journey = stood(owner, day)
        if journey is not None:
            place = journey.programme, journey.organisation, standing(journey)
            found.setdefault(place, []).append(_overdue(history, journey, day))
    return found


def _overdue(history: History, journey: Journey, day: date) -> int:
    """Count the deadlines overdue on the day, by what had happened by then."""
    definition = rules().definition(journey.programme, 1)
    working_days = rules().working_days(definition.country)
    then = look(history.entries, as_at=day).entries
    return len(overdue(deadlines(then, lambda _version: definition, working_days), day))


def places(board: Board) -> dict[tuple[str, str, str], tuple[int, int]]:
    return {
        (line.programme, line.organisation, line.standing): (line.journeys, line.overdue)
        for line in board.lines
    }


def test_a_board_counts_the_journeys_as_they_stood_on_the_day(views: Tables) -> None:
    views.put_spans(made(BOARD))
    for day in DAYS:
        board = views.ask.board(day, programme=None, organisation=None, weeks=0)
        expected = {place: (len(late), sum(late)) for place, late in counted(day).items()}
        assert places(board) == expected
        assert board.weeks == ()
        assert [(b.programme, b.organisation, b.standing) for b in board.lines] == sorted(expected)
    assert any(late for place in counted(DAYS[9]).values() for late in place)


def test_a_board_of_one_organisation_or_programme_has_its_lines_alone(views: Tables) -> None:
    views.put_spans(made(BOARD))
    whole = views.ask.board(DAYS[8], programme=None, organisation=None, weeks=1)
    lines = whole.lines
    one = max(lines, key=lambda line: line.journeys)
    for programme, organisation in ((one.programme, None), (None, one.organisation)):
        board = views.ask.board(DAYS[8], programme=programme, organisation=organisation, weeks=1)
        assert board.lines == tuple(
            line
            for line in lines
            if programme in (None, line.programme) and organisation in (None, line.organisation)
        )
        assert len(board.lines) < len(lines)
    nowhere = views.ask.board(DAYS[8], programme="none", organisation=None, weeks=2)
    assert [(week.came, week.left) for week in nowhere.weeks] == [(0, 0), (0, 0)]
    assert nowhere.lines == ()


def test_time_in_a_phase_is_counted_from_the_day_it_was_entered(views: Tables) -> None:
    spans = made(BOARD)
    views.put_spans(spans)
    day = DAYS[10]
    days: dict[tuple[str, str, str], list[int]] = {}
    for row in (row for rows in spans.values() for row in rows if isinstance(row, SpanRow)):
        if row.since <= day and (row.until is None or row.until > day):
            place = row.programme, row.organisation, row.standing
            days.setdefault(place, []).append((day - (row.phase_since or row.since)).days)
    board = views.ask.board(day, programme=None, organisation=None, weeks=0)
    assert len(days) > 5
    for line in board.lines:
        there = days[line.programme, line.organisation, line.standing]
        assert (line.days_median, line.days_most) == (median(there), max(there))


def test_who_came_less_who_left_is_what_the_open_journeys_changed_by(views: Tables) -> None:
    views.put_spans(made(BOARD))
    organisations = {h.journey.organisation for h in histories().values()}
    for organisation in (*sorted(organisations), None):
        for day in DAYS[3::4]:
            board = views.ask.board(day, programme=None, organisation=organisation, weeks=9)
            monday = day - timedelta(days=day.weekday())
            assert [w.week for w in board.weeks] == [
                monday - timedelta(weeks=n) for n in range(8, -1, -1)
            ]
            before = monday - timedelta(weeks=8) - timedelta(days=1)
            came, left = (sum(getattr(w, n) for w in board.weeks) for n in ("came", "left"))
            assert came - left == _open(day, organisation) - _open(before, organisation)


def _open(day: date, organisation: str | None) -> int:
    journeys = (stood(owner, day) for owner in histories())
    return sum(
        j is not None
        and organisation in (None, j.organisation)
        and standing(j) not in ENDED
        for j in journeys
    )  # fmt: skip


def span(number: int, organisation: str, place: str, since: int, **more: Any) -> SpanRow:
    begin = DAY + timedelta(days=since)
    row = SpanRow("j", number, "ali", organisation, place, begin, None, None, None, None)
    return row._replace(**more)


def test_a_journey_handed_over_leaves_and_comes_and_one_reopened_comes_again(
    views: Tables,
) -> None:
    def at(days: int) -> date:
        return DAY + timedelta(days=days)  # a Monday, and days later

    views.put_spans(
        {
            "j": [
                span(1, "kela", "referred", 0, until=at(7), went_to="oulu"),
                span(2, "oulu", "intake", 7, until=at(14), phase_since=at(7), came_from="kela"),
                span(3, "oulu", "closed", 14, until=at(21)),
                span(4, "oulu", "training", 21),
            ]
        }
    )

    def weeks(organisation: str | None) -> list[tuple[int, int]]:
        board = views.ask.board(at(27), programme=None, organisation=organisation, weeks=4)
        return [(week.came, week.left) for week in board.weeks]

    assert weeks("kela") == [(1, 0), (0, 1), (0, 0), (0, 0)]
    assert weeks("oulu") == [(0, 0), (1, 0), (0, 1), (1, 0)]
    assert weeks(None) == [(1, 0), (1, 1), (0, 1), (1, 0)]
    board = views.ask.board(at(10), programme="ali", organisation="oulu", weeks=1)
    assert board.lines == (BoardLine("ali", "oulu", "intake", 1, 3.0, 3, 0),)


def test_a_deadline_is_overdue_from_the_day_after_it_until_it_is_settled(views: Tables) -> None:
    due, settled = DAY + timedelta(days=3), DAY + timedelta(days=6)
    late = ObligationRow("j", "rule/1", "ali", "kela", DAY, due, settled)
    held = ObligationRow("j", "rule/2", "ali", "kela", DAY, None, None)
    views.put_spans({"j": [span(1, "kela", "intake", 0), late, held]})

    def overdue(day: date) -> int:
        (line,) = views.ask.board(day, programme=None, organisation=None, weeks=0).lines
        return line.overdue

    days = [DAY + timedelta(days=n) for n in range(8)]
    assert [overdue(day) for day in days] == [0, 0, 0, 0, 1, 1, 0, 0]


def every_row(views: Tables, limit: int, **asked: Any) -> list[ResponsibilityRow]:
    asked = {"journey": None, "person": None, "organisation": None, **asked}
    found: list[ResponsibilityRow] = []
    cursor = None
    while True:
        page = views.ask.responsibility(**asked, limit=limit, cursor=cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def test_who_was_responsible_for_what_comes_in_pages_the_earliest_first(views: Tables) -> None:
    by_owner = made(RESPONSIBILITY)
    views.put_responsible(by_owner)
    every = [row for rows in by_owner.values() for row in rows]
    every.sort(key=lambda row: (row.since, row.owner, row.number))
    busiest, _ = Counter(row.person for row in every if row.person).most_common(1)[0]
    organisation = every[0].organisation
    assert every_row(views, 200) == every
    assert every_row(views, 7, person=busiest) == [r for r in every if r.person == busiest]
    ours = [row for row in every if row.organisation == organisation]
    assert every_row(views, 50, organisation=organisation) == ours
    assert every_row(views, 1, journey=every[3].owner) == [
        row for row in every if row.owner == every[3].owner
    ]
    both = {"person": busiest, "journey": every[3].owner}
    assert every_row(views, 5, **both) == [
        row for row in every if (row.person, row.owner) == (busiest, every[3].owner)
    ]
    assert every_row(views, 5, person="nobody") == []


def test_a_cursor_of_somebody_else_is_refused(views: Tables) -> None:
    views.put_responsible(made(RESPONSIBILITY))
    asked: dict[str, Any] = {"journey": None, "organisation": None, "limit": 1}
    cursor = views.ask.responsibility(person=None, cursor=None, **asked).next
    with pytest.raises(BadCursor):
        views.ask.responsibility(person="somebody", cursor=cursor, **asked)


def test_candidates_are_all_that_stood_in_the_scope_on_some_day(views: Tables) -> None:
    views.put(CASELOAD, made(CASELOAD))
    views.put_responsible(made(RESPONSIBILITY))
    organisations = sorted({h.journey.organisation for h in histories().values()})
    some = list(histories())[:2]
    people = {h.journey.responsible.person for h in histories().values() if h.journey.responsible}
    scopes = [
        AUDITOR,
        Scope("x", Role.CASE_WORKER, organisations[0], Purpose.SERVICE),
        Scope("x", Role.TEAM_LEAD, "new", Purpose.SERVICE, partners=frozenset(organisations[1:3])),
        Scope("x", Role.PROGRAMME_MANAGER, "new", Purpose.SERVICE, programmes=frozenset({"ali"})),
        Scope("x", Role.CASE_WORKER, "new", Purpose.SERVICE, opened=frozenset(some)),
        Scope("x", Role.EVALUATOR, organisations[0], Purpose.EVALUATION),
    ]  # fmt: skip
    questions = [
        CaseQuery(open=None),
        CaseQuery(worker=min(people)),
        CaseQuery(organisation=organisations[0]),
        CaseQuery(programme="ali", organisation=organisations[0]),
        CaseQuery(worker="nobody"),
    ]
    for scope in scopes:
        for asked in questions:
            found = every_candidate(views, scope, asked)
            assert found == sorted(set(found))
            for owner in histories().keys() - set(found):
                assert not any(_within(scope, asked, owner, day) for day in DAYS), owner
    assert every_candidate(views, AUDITOR, CaseQuery(open=None)) == sorted(histories())
    assert every_candidate(views, AUDITOR, CaseQuery(worker="nobody")) == []
    assert every_candidate(views, scopes[5], CaseQuery(open=None)) == []
    of_one = every_candidate(views, scopes[1], CaseQuery(open=None))
    assert 0 < len(of_one) < len(histories())


def plan_of(snapshot: Snapshot, statement: str, values: Any) -> str:
    """How the database would find the rows, where it can do without reading whole tables."""
    if snapshot.driver.is_sqlite:
        found = ask(snapshot, f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(line[3] for line in found)
    ask(snapshot, "SELECT set_config('enable_seqscan', 'off', true)", {})
    return "\n".join(line for (line,) in ask(snapshot, f"EXPLAIN {statement}", values))


ask = Snapshot.tuples
WHOLE = re.compile(r"Seq Scan on view_|SCAN \w+$|hashed SubPlan", re.MULTILINE)


def test_candidates_are_looked_up_by_indexes_whatever_is_asked(
    views: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    views.put(CASELOAD, made(CASELOAD))
    views.put_responsible(made(RESPONSIBILITY))
    plans: list[str] = []

    def planned(snapshot: Snapshot, statement: str, values: Any) -> list[Any]:
        plans.append(plan_of(snapshot, statement, values))
        return ask(snapshot, statement, values)

    monkeypatch.setattr(Snapshot, "tuples", planned)
    for scope in (AUDITOR, Scope("x", Role.TEAM_LEAD, "oulu", Purpose.SERVICE)):
        for programme in (None, "ali"):
            for who in ({}, {"worker": "p-1"}, {"organisation": "oulu"}):
                views.ask.candidates(scope, CaseQuery(programme=programme, **who), "", 5)
    assert len(plans) > 12
    assert [plan for plan in plans if WHOLE.search(plan)] == []


def test_a_journey_is_a_candidate_for_those_who_had_it_before(views: Tables) -> None:
    world = drawn_world(seed=5, journeys=30)
    views.put(CASELOAD, {owner: one.rows for owner, one in world.journeys.items()})
    owner, known = next(
        (o, k) for o, k in world.journeys.items() if k.keys & {"responsible:oulu"} and k.case.client
    )
    before = ResponsibilityRow(
        owner, 1, known.case.client, known.case.programme, "before", "past", DAY, DAY
    )
    views.put_responsible({owner: [before]})
    once = Scope("x", Role.CASE_WORKER, "past", Purpose.SERVICE)
    for scope in (AUDITOR, once):
        for asked in (CaseQuery(worker="before"), CaseQuery(organisation="past")):
            assert every_candidate(views, scope, asked) == [owner]
    assert every_candidate(views, once, CaseQuery()) == [owner]
    assert every_candidate(views, once, CaseQuery(organisation="oulu")) == [owner]
    assert every_candidate(views, once, CaseQuery(worker="nobody")) == []
    never = Scope("x", Role.CASE_WORKER, "never", Purpose.SERVICE)
    assert every_candidate(views, never, CaseQuery(worker="before")) == []


def test_a_journey_is_a_candidate_for_those_who_once_had_it_as_recorded(views: Tables) -> None:
    world = drawn_world(seed=5, journeys=30)
    views.put(CASELOAD, {owner: one.rows for owner, one in world.journeys.items()})
    owner = next(o for o, k in world.journeys.items() if k.keys & {"responsible:oulu"})
    once = [OnceRow(owner, key) for key in ("worker:before", "responsible:past")]
    views.put_responsible({owner: list(once)})
    oulu = Scope("x", Role.CASE_WORKER, "oulu", Purpose.SERVICE)
    asked = (CaseQuery(worker="before"), CaseQuery(organisation="past"))
    for scope in (AUDITOR, oulu):
        assert [every_candidate(views, scope, one) for one in asked] == [[owner], [owner]]
    both = CaseQuery(worker="before", organisation="past")
    assert every_candidate(views, oulu, both) == [owner]

    kept = views.projections.tables(RESPONSIBILITY, 1).tables[OnceRow].name
    with views.projections.writing() as cursor:  # as the program before this one left it
        cursor.execute(f"DROP TABLE {kept}")
        cursor.execute(
            f"UPDATE projections SET shape = {RESPONSIBILITY.shape - 1} "
            f"WHERE name = '{RESPONSIBILITY.name}'"
        )
    assert [every_candidate(views, oulu, one) for one in asked] == [[], []]


def every_candidate(views: Tables, scope: Scope, asked: CaseQuery) -> list[str]:
    found: list[str] = []
    while True:
        page = views.ask.candidates(scope, asked, found[-1] if found else "", 7)
        assert len(page) <= 7
        if not page:
            return found
        found += page


def _within(scope: Scope, asked: CaseQuery, owner: str, day: date) -> bool:
    """Whether a list as at the day has the journey, by who answered for it then."""
    journey = stood(owner, day)
    if journey is None:
        return False
    answering = {key for key in keys_of(owner, journey) if not key.startswith(("team", "handover"))}
    person = journey.responsible.person if journey.responsible else None
    return (
        may_see(scope, answering)
        and asked.worker in (None, person)
        and asked.organisation in (None, journey.organisation)
        and asked.programme in (None, journey.programme)
    )
