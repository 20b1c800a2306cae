"""Boards: where clients stand on a day, by the tables and by folding, and who may ask."""

from datetime import timedelta

import pytest

from application import board_at
from application.board_at import board_at as fold_board
from domain.definition import Phase
from domain.journey import corrections, course, ending, referral
from domain.journey import events as e
from interfaces.http.boards import BoardTold
from interfaces.http.responsibility import Responsibilities
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    LEAD,
    MANAGER,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)

LATER = MONDAY + timedelta(days=30)

IN_ITALIAN = "inviato, in attesa di accettazione"


def _settled(desk):  # noqa: F811
    for number in (1, 2, 3, 4):
        desk.refers(f"j-{number}", f"c-{number}", MONDAY - timedelta(days=7))
    for number in (2, 3, 4):
        desk.takes(f"j-{number}", MONDAY)
    desk.today(LATER)
    day = MONDAY + timedelta(days=2)
    desk.does(
        "j-2",
        course.enter_phase,
        day,
        phase=Phase.INTAKE,
        override=("eligible",),
        reason=j.WHY,
    )
    desk.hands_over("j-3", day)
    desk.does("j-4", ending.close, day, end_state="cancelled", destination="unknown", reason=j.WHY)
    desk.keep()


SETTLED = After(_settled)


@pytest.fixture
def town(own_database):
    """One client waits, one is in intake, one was handed over, one has ended."""
    with SETTLED.on(own_database) as opened:
        yield opened


def told(desk, path, scope=WORKER, headers=None, **asked):  # noqa: F811
    answer = desk.asks(scope).get(path, params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stood(board):
    return {
        (one["organisation"]["code"], one["standing"]["code"]): one["journeys"]
        for one in board["places"]
    }


def test_the_board_of_an_organisation(town):
    board = told(town, "/boards/organisations/city", as_at=LATER.isoformat(), weeks=5)
    assert BoardTold.model_validate(board).model_dump(mode="json") == board
    assert stood(board) == {("city", "referred"): 1, ("city", "intake"): 1, ("city", "closed"): 1}
    assert (board["journeys"], board["waiting"]) == (2, 1)
    intake = next(one for one in board["places"] if one["standing"]["code"] == "intake")
    assert (intake["days_median"], intake["overdue"]) == (28.0, 1)
    assert intake["standing"]["title"] == "Intake"
    weeks = {one["monday"]: (one["came"], one["left"]) for one in board["weeks"]}
    assert weeks["2025-03-03"] == (0, 2)
    assert sum(came for came, _ in weeks.values()) == 0
    assert len(weeks) == 5


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", {"waiting": "waiting", "referred": "referred"}),
        ("fi", {"waiting": "odottaa ensimmäistä vaihetta", "referred": "ohjattu"}),
        ("it", {"waiting": "in attesa della prima fase", "referred": IN_ITALIAN}),
    ],
)
def test_how_clients_stand_is_said_in_the_language_asked_for(town, language, titles):
    spoken = {"Accept-Language": language}
    board = told(town, "/boards/organisations/city", headers=spoken, as_at=MONDAY.isoformat())
    found = {one["standing"]["code"]: one["standing"]["title"] for one in board["places"]}
    assert found == titles


def test_the_board_as_at_an_earlier_day(town):
    board = told(town, "/boards/organisations/city", as_at=MONDAY.isoformat())
    assert stood(board) == {("city", "referred"): 1, ("city", "waiting"): 3}
    assert board["weeks"][-2]["came"] == 4


def test_the_board_of_a_programme_has_all_organisations(town):
    board = told(town, "/boards/programmes/trial", MANAGER)
    assert stood(board)[("state", "waiting")] == 1
    assert told(town, "/boards/programmes/trial", EVALUATOR, organisation="state")["journeys"] == 1
    assert town.parts.accesses.readings == []


def test_folded_and_read_from_the_tables_boards_are_the_same(town):
    for scope, path in (
        (WORKER, "/boards/organisations/city"),
        (AUDITOR, "/boards/programmes/trial"),
    ):
        for day in (MONDAY, LATER):
            tables = told(town, path, scope, as_at=day.isoformat())
            folded = told(
                town,
                path,
                scope,
                as_at=day.isoformat(),
                known_at=(LATER + timedelta(1)).isoformat(),
            )
            assert folded.pop("clocks")["known_at"]
            del tables["clocks"]
            assert folded == tables


def test_what_was_known_of_the_day_is_folded(town):
    town.does(
        "j-2",
        corrections.retract,
        LATER,
        entry=4,
        reason=j.WHY,
    )
    town.keep()
    known = told(
        town,
        "/boards/organisations/city",
        as_at=LATER.isoformat(),
        known_at=f"{LATER.isoformat()}T08:00:00Z",
    )
    assert ("city", "intake") not in stood(told(town, "/boards/organisations/city"))
    assert ("city", "intake") not in stood(known)
    town.today(LATER + timedelta(days=1))
    later = told(
        town,
        "/boards/organisations/city",
        as_at=MONDAY.isoformat(),
        known_at=MONDAY.isoformat(),
    )
    assert stood(later) == {("city", "referred"): 1, ("city", "waiting"): 3}
    assert later["clocks"]["known_at"] == MONDAY.isoformat()


def test_too_many_to_fold_is_refused_with_what_to_do(town, monkeypatch):
    monkeypatch.setattr(board_at, "FOLDED", 2)
    answer = town.asks().get("/boards/organisations/city?known_at=2025-04-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-to-fold")
    assert "as_at alone" in answer.json()["detail"]


def test_a_board_lists_what_the_histories_say_after_a_reopening(town):
    town.does("j-4", ending.reopen, LATER, reason=j.WHY)
    town.keep()
    asked = {"programme": None, "organisation": "city", "weeks": 8}
    views = town.parts.views
    assert views.board(LATER, **asked).weeks[-1].came == 1
    folded = fold_board(town.office, views, LATER, LATER, **asked)
    assert folded.board.weeks == views.board(LATER, **asked).weeks


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        (LEAD, "/boards/organisations/city", 200),
        (STRANGER, "/boards/organisations/city", 403),
        (MANAGER, "/boards/organisations/city", 403),
        (MANAGER, "/boards/organisations/city?programme=trial", 200),
        (STATE, "/boards/programmes/trial", 200),
        (STRANGER, "/boards/programmes/trial", 403),
        (EVALUATOR, "/boards/organisations/city", 200),
        (as_client("c-1"), "/boards/organisations/city", 403),
        (AUDITOR, "/boards/programmes/none", 404),
    ],
)
def test_who_may_see_a_board(memory_desk, scope, path, status):  # noqa: F811
    assert memory_desk.asks(scope).get(path).status_code == status


def test_responsibility_has_no_gap_in_a_handover(town):
    found = told(town, "/journeys/j-3/responsibility", STATE)
    assert Responsibilities.model_validate(found).model_dump(mode="json") == found
    city, state = ({"code": "city", "title": "City"}, {"code": "state", "title": "State office"})
    assert [(one["person"], one["organisation"], one["until"]) for one in found["items"]] == [
        (None, city, "2025-03-03"),
        ("worker-1", city, "2025-03-05"),
        ("worker-2", state, None),
    ]
    assert {tuple(one["programme"].values()) for one in found["items"]} == {("trial", "Trial")}


def test_what_a_person_was_responsible_for_in_scope(town):
    found = told(town, "/responsibility", WORKER, person="worker-1")
    assert [one["journey"] for one in found["items"]] == ["j-2", "j-4"]
    every = told(town, "/responsibility", AUDITOR, person="worker-1")
    assert [one["journey"] for one in every["items"]] == ["j-2", "j-3", "j-4"]
    first = told(town, "/responsibility", AUDITOR, person="worker-1", limit=2)
    rest = told(town, "/responsibility", AUDITOR, person="worker-1", cursor=first["next"])
    assert first["items"] + rest["items"] == every["items"]
    assert told(town, "/responsibility", STRANGER)["items"] == []


def test_a_board_waits_for_nothing_that_nobody_recorded(memory_desk):  # noqa: F811
    position = memory_desk.log.position() + 1
    answer = memory_desk.asks().get(f"/boards/organisations/city?wait_for={position}")
    assert answer.status_code == 503


def test_an_empty_board(memory_desk):  # noqa: F811
    board = told(memory_desk, "/boards/organisations/city")
    assert (board["places"], board["journeys"]) == ([], 0)
    assert len(board["weeks"]) == 8


def test_a_referral_that_was_declined_is_no_clients_journey(memory_desk):  # noqa: F811
    memory_desk.refers("j-1", "c-1")
    memory_desk.does("j-1", referral.decline_referral, reason=j.WHY)
    memory_desk.keep()
    board = told(memory_desk, "/boards/organisations/city")
    assert (stood(board), board["journeys"]) == ({("city", "declined"): 1}, 0)


def test_a_situation_told_is_in_no_board(memory_desk):  # noqa: F811
    memory_desk.refers("j-1", "c-1")
    memory_desk.takes("j-1")
    memory_desk.interviews("j-1")
    memory_desk.keep()
    text = memory_desk.asks().get("/boards/organisations/city").text
    assert e.EmploymentStatus.UNEMPLOYED.value not in text
    assert "c-1" not in text
