"""The caseload and the deadlines: mine, my organisation's, shared, and at another moment."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from application.ports import Append, Fresh
from domain.entry import By
from domain.journey import corrections, course, handover, referral, team
from domain.journey import events as e
from infrastructure.ledger_filling import cover_rows
from interfaces.http.caseload_models import Caseload
from interfaces.http.deadlines import Deadlines
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
    memory_desk,  # noqa: F401
)

TUESDAY = MONDAY + timedelta(days=1)
LATER = MONDAY + timedelta(days=30)
COLLEAGUE = By("worker-7", "city")


def _is_busy(desk):
    desk.registers("c-1", "Aino", "Mäkinen")
    for number in (1, 2, 3, 4):
        desk.refers(f"j-{number}", f"c-{number}", MONDAY - timedelta(days=number))
        desk.takes(f"j-{number}", MONDAY, COLLEAGUE if number == 3 else j.WORKER)
    desk.interviews("j-2")
    desk.today(LATER)
    desk.hands_over("j-4", TUESDAY)
    desk.keep()


BUSY = After(_is_busy)


@pytest.fixture
def busy(own_database):
    """Two clients of worker-1, one of a colleague, one handed over to the state office."""
    with BUSY.on(own_database) as opened:
        yield opened


def listed(desk, scope=WORKER, path="/journeys", **asked):
    answer = desk.asks(scope).get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(told):
    return [one["journey"] for one in told["items"]]


def test_my_clients_come_with_what_is_due_next(busy):
    told = listed(busy)
    assert Caseload.model_validate(told).model_dump(mode="json") == told
    assert ids(told) == ["j-1", "j-2"]
    first, second = told["items"]
    assert first["client"]["family_name"] == "Mäkinen"
    nameless = dict.fromkeys(("given_name", "family_name", "born", "goes_by"))
    assert second["client"] == {"id": "c-2", **nameless}
    due = first["next_deadline"]
    assert (due["title"], due["due"], due["overdue"]) == ("First interview", "2025-03-17", True)
    assert due["days_left"] == (date(2025, 3, 17) - LATER).days
    assert second["next_deadline"] is None
    assert first["programme"] == {"code": "trial", "title": "Trial"}
    assert told["clocks"] == {"as_at": None, "known_at": None, "claimed": False}


def test_whose_journeys_are_asked_for(busy):
    assert ids(listed(busy, whose="organisation", order="recent")) == ["j-2", "j-3", "j-1"]
    assert sorted(ids(listed(busy, LEAD))) == ["j-1", "j-2", "j-3"]
    assert ids(listed(busy, STATE)) == ["j-4"]
    assert ids(listed(busy, STATE, whose="organisation")) == ["j-4"]
    assert sorted(ids(listed(busy, AUDITOR))) == ["j-1", "j-2", "j-3", "j-4"]
    assert sorted(ids(listed(busy, MANAGER))) == ["j-1", "j-2", "j-3", "j-4"]
    assert ids(listed(busy, as_client("c-3"))) == ["j-3"]
    assert ids(listed(busy, STRANGER, whose="all")) == []


def test_others_journeys_that_are_shared(busy):
    busy.does("j-1", handover.request_handover, LATER, to_organisation="state", reason=j.WHY)
    assert ids(listed(busy, STATE, whose="shared")) == ["j-1"]
    assert ids(listed(busy, STATE, whose="all")) == ["j-1", "j-4"]


@pytest.fixture
def waiting(busy):
    """One to accept, one without a worker, one declined; and the state is asked to take j-1."""
    for number in (5, 6, 7):
        busy.refers(f"j-{number}", f"c-{number}", TUESDAY)
    busy.does("j-6", referral.accept_referral, TUESDAY)
    busy.does("j-7", referral.decline_referral, TUESDAY, reason=j.WHY)
    busy.does("j-1", handover.request_handover, TUESDAY, to_organisation="state", reason=j.WHY)
    return busy


def test_what_waits_for_somebody_of_my_organisation(waiting):
    told = listed(waiting, whose="waiting", order="recent")
    assert ids(told) == ["j-6", "j-5"]
    assert ids(listed(waiting, STATE, whose="waiting")) == ["j-1"]
    assert ids(listed(waiting, STRANGER, whose="waiting")) == []
    accepted, referred = told["items"]
    city = {"code": "city", "title": "City"}
    assert (accepted["waiting"], accepted["handover_to"]) == ([city], None)
    assert (referred["waiting"], referred["status"]["code"]) == ([city], "referred")
    by_id = {one["journey"]: one for one in listed(waiting, LEAD)["items"]}
    state = {"code": "state", "title": "State office"}
    assert (by_id["j-1"]["handover_to"], by_id["j-1"]["waiting"]) == (state, [state])
    assert (by_id["j-2"]["handover_to"], by_id["j-2"]["waiting"]) == (None, [])


def test_what_waits_goes_with_other_filters_and_comes_in_pages(waiting):
    assert ids(listed(waiting, whose="waiting", status="referred")) == ["j-5"]
    assert ids(listed(waiting, whose="waiting", programme="trial", which="all")) == ["j-6", "j-5"]
    assert ids(listed(waiting, whose="waiting", which="ended")) == []
    assert ids(listed(waiting, whose="waiting", worker="worker-1")) == []
    assert ids(listed(waiting, STATE, whose="waiting", organisation="city")) == ["j-1"]
    assert ids(listed(waiting, STATE, whose="waiting", due_by="2025-03-17")) == ["j-1"]
    assert ids(listed(waiting, STATE, whose="waiting", phase="training")) == []
    first = listed(waiting, whose="waiting", limit=1)
    rest = listed(waiting, whose="waiting", limit=1, cursor=first["next"])
    assert ids(first) + ids(rest) == ["j-6", "j-5"]
    answer = waiting.asks().get("/journeys", params={"cursor": first["next"], "whose": "all"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


def test_what_waits_and_the_board_agree_on_what_is_to_be_accepted(waiting):
    waiting.keep()
    board = waiting.asks().get("/boards/organisations/city").json()
    referred = listed(waiting, whose="waiting", status="referred")
    assert board["waiting"] == len(referred["items"]) == 1


def test_what_waited_then(waiting):
    asked = {"whose": "waiting", "order": "recent"}
    monday, tuesday = MONDAY.isoformat(), TUESDAY.isoformat()
    assert ids(listed(waiting, **asked, as_at=tuesday)) == ["j-5", "j-6"]
    assert ids(listed(waiting, **asked, as_at=monday)) == []
    assert ids(listed(waiting, **asked, as_at=(MONDAY - timedelta(days=1)).isoformat())) == [
        "j-1",
        "j-2",
        "j-3",
    ]
    assert ids(listed(waiting, **asked, known_at=monday)) == []
    waiting.today(LATER + timedelta(days=1))
    waiting.does("j-1", handover.decline_handover, LATER, j.STATE, reason=j.WHY)
    waiting.does("j-1", team.join_team, LATER, person="w", organisation="state", role="support")
    assert ids(listed(waiting, STATE, **asked)) == []
    before = listed(waiting, STATE, **asked, known_at=LATER.isoformat())
    assert ids(before) == ["j-1"]
    assert before["items"][0]["handover_to"]["code"] == "state"


def test_filters(busy):
    assert ids(listed(busy, LEAD, due_by=LATER.isoformat())) == ["j-1", "j-3"]
    assert ids(listed(busy, LEAD, worker="worker-7")) == ["j-3"]
    assert ids(listed(busy, LEAD, phase="training")) == []
    assert ids(listed(busy, LEAD, which="ended")) == []
    assert len(ids(listed(busy, LEAD, which="all", status="open", programme="trial"))) == 3


def test_the_list_is_read_to_its_end_page_by_page(busy):
    read, cursor = [], None
    while True:
        told = listed(busy, LEAD, limit=2, **({"cursor": cursor} if cursor else {}))
        assert len(told["items"]) <= 2
        read += ids(told)
        cursor = told["next"]
        if cursor is None:
            break
    assert sorted(read) == ["j-1", "j-2", "j-3"]


def test_what_stood_then_is_folded_from_the_histories(busy):
    before = listed(busy, LEAD, as_at=(MONDAY - timedelta(days=2)).isoformat(), which="all")
    assert ids(before) == ["j-2", "j-3"]
    assert before["items"][0]["status"]["code"] == "referred"
    told = listed(busy, LEAD, as_at=MONDAY.isoformat())
    assert ids(told) == ["j-1", "j-2", "j-3"]
    assert Caseload.model_validate(told).model_dump(mode="json") == told
    assert told["clocks"]["as_at"] == "2025-03-03"
    assert [one["next_deadline"] and one["next_deadline"]["overdue"] for one in told["items"]] == [
        False,
        None,
        False,
    ]


def test_no_list_of_then_is_behind_the_log(busy):
    then = {"as_at": MONDAY.isoformat()}
    assert ids(listed(busy, LEAD, stale=True, **then)) == []
    assert ids(listed(busy, LEAD, stale=False, **then)) == ["j-1", "j-2", "j-3"]


def test_a_journey_is_listed_where_it_stood_then_if_it_is_in_scope_now(busy):
    assert ids(listed(busy, AUDITOR, organisation="city", as_at=MONDAY.isoformat())) == [
        "j-1",
        "j-2",
        "j-3",
        "j-4",
    ]
    assert "j-4" not in ids(listed(busy, LEAD, as_at=MONDAY.isoformat()))


def test_what_was_known_then_is_not_what_had_happened(busy):
    busy.does(
        "j-2",
        corrections.correct,
        LATER,
        entry=4,
        event=e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED)),
        occurred_on=LATER,
        reason=j.WHY,
    )
    known = listed(busy, known_at=MONDAY.isoformat())
    happened = listed(busy, as_at=MONDAY.isoformat())
    assert [one["next_deadline"] is None for one in known["items"]] == [False, True]
    assert [one["next_deadline"] is None for one in happened["items"]] == [False, False]


def test_who_answered_by_what_was_known_then_has_the_journey_in_the_list_of_then(busy):
    other = e.CaseWorkerAssigned("worker-7", "city")
    busy.does(
        "j-1",
        corrections.correct,
        LATER,
        entry=3,
        event=other,
        occurred_on=MONDAY,
        reason=j.WHY,
    )
    busy.keep()
    before = {"known_at": (LATER - timedelta(days=1)).isoformat()}
    assert ids(listed(busy, **before)) == ["j-1", "j-2"]
    assert ids(listed(busy, LEAD, worker="worker-7", **before)) == ["j-3"]
    assert ids(listed(busy, LEAD, worker="worker-7")) == ["j-1", "j-3"]


def test_what_another_organisation_answered_for_then_is_shown_by_what_it_may_see_now(busy):
    busy.does("j-2", handover.request_handover, LATER, to_organisation="state", reason=j.WHY)
    busy.does("j-2", handover.accept_handover, LATER, j.STATE, person="worker-2")
    busy.does("j-2", team.join_team, LATER, j.STATE, person="w", organisation="city", role="x")
    busy.keep()
    then = listed(busy, whose="all", as_at=MONDAY.isoformat())
    told = next(one for one in then["items"] if one["journey"] == "j-2")
    assert told["organisation"]["code"] == "city"
    assert (told["last"], told["withheld"]) == (None, ["last"])
    (read,) = (one for one in busy.parts.accesses.readings if one.journey == "j-2")
    assert read.disclosed is not None
    assert read.disclosed.ground == "team"


def test_whom_a_journey_was_said_to_be_of_by_mistake_is_told_by_the_id_alone(busy):
    busy.registers("c-9", "Salla", "Nieminen")
    meant = replace(busy.office.histories.newest("journey:j-1").entries[0].event, client="c-9")
    told = {"entry": 1, "event": meant, "occurred_on": MONDAY - timedelta(days=1)}
    busy.does("j-1", corrections.correct, LATER, **told, reason=j.WHY)
    busy.keep()
    nameless = dict.fromkeys(("given_name", "family_name", "born", "goes_by"))
    before = {"known_at": TUESDAY.isoformat()}
    for scope in (as_client("c-9"), WORKER):
        first = listed(busy, scope, **before)["items"][0]
        page = listed(busy, scope, "/journeys/j-1", **before)
        assert first["client"] == page["client"] == {"id": "c-1", **nameless}
        assert listed(busy, scope, "/journeys/j-1")["client"]["family_name"] == "Nieminen"


def test_pages_of_another_moment_end_too(busy):
    read, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        told = listed(busy, AUDITOR, as_at=LATER.isoformat(), limit=1, **more)
        read += ids(told)
        cursor = told["next"]
        if cursor is None:
            break
    assert read == ["j-1", "j-2", "j-3", "j-4"]


def test_each_client_of_a_list_is_a_reading(busy):
    listed(busy)
    assert [(r.client, r.what) for r in busy.parts.accesses.readings] == [
        ("c-1", "caseload"),
        ("c-2", "caseload"),
    ]


def test_an_evaluator_has_no_caseload(memory_desk):  # noqa: F811
    assert memory_desk.asks(EVALUATOR).get("/journeys").status_code == 403
    assert memory_desk.asks(EVALUATOR).get("/deadlines").status_code == 403


def test_an_empty_desk(memory_desk):  # noqa: F811
    assert listed(memory_desk)["items"] == []
    assert listed(memory_desk, path="/deadlines")["items"] == []
    assert listed(memory_desk, as_at=MONDAY.isoformat())["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "whose=theirs", "wrong=1", "open=maybe"])
def test_what_cannot_be_asked_is_refused_by_name(memory_desk, query):  # noqa: F811
    answer = memory_desk.asks().get(f"/journeys?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/" + query.partition("=")[0]


def test_a_cursor_of_another_question_is_refused(busy):
    cursor = listed(busy, LEAD, limit=1)["next"]
    answer = busy.asks(LEAD).get("/journeys", params={"cursor": cursor, "order": "recent"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


def test_a_cursor_of_another_moment_is_refused(busy):
    now = listed(busy, AUDITOR, limit=1)["next"]
    then = listed(busy, AUDITOR, limit=1, as_at=LATER.isoformat())["next"]
    for cursor, moment in [
        (now, {"as_at": LATER.isoformat()}),
        ("j-1", {"as_at": LATER.isoformat()}),
        (then, {"as_at": MONDAY.isoformat()}),
        (then, {"as_at": LATER.isoformat(), "which": "all"}),
        (then, {}),
    ]:
        answer = busy.asks(AUDITOR).get("/journeys", params={"cursor": cursor, **moment})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor"), moment


def test_what_is_due_and_why(busy):
    told = listed(busy, LEAD, "/deadlines")
    assert Deadlines.model_validate(told).model_dump(mode="json") == told
    assert ids(told) == ["j-1", "j-3"]
    first = told["items"][0]
    assert (first["title"], first["basis"]) == ("First interview", "ten working days")
    assert (first["due"], first["overdue"]) == ("2025-03-17", True)
    assert first["client"]["given_name"] == "Aino"
    assert ids(listed(busy, WORKER, "/deadlines")) == ["j-1"]
    assert ids(listed(busy, WORKER, "/deadlines", whose="all")) == ["j-1", "j-3"]
    assert ids(listed(busy, WORKER, "/deadlines", until="2025-03-16")) == []
    assert ids(listed(busy, STRANGER, "/deadlines", whose="all")) == []


def test_a_list_waits_for_what_was_just_recorded(busy):
    receipt = busy.does(
        "j-1", referral.assign_case_worker, LATER, person="worker-8", organisation="city"
    )
    busy.keep()
    assert ids(listed(busy, wait_for=receipt.position)) == ["j-2"]


def test_a_list_cannot_wait_for_what_nobody_recorded(busy):
    answer = busy.asks().get("/journeys", params={"wait_for": busy.log.position() + 1})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"]


def test_a_journey_that_a_view_could_not_take_is_shown_with_since_when(busy):
    (before,) = (one for one in listed(busy)["items"] if one["journey"] == "j-1")
    body = "x'7b'" if busy.log.database.is_sqlite else "'\\x7b'::bytea"
    with busy.log.database.writing() as connection:  # as a fault of another program would
        connection.exec_driver_sql(
            "INSERT INTO events (position, stream, version, name, schema_version, occurred_on, "
            f"recorded_at, actor, organisation, body) VALUES ({busy.log.position() + 1}, "
            f"'journey:j-1', {before['version'] + 1}, 'journey-paused', 1, '2025-02-01', 0, 'p', "
            f"'o', {body})"
        )
        cover_rows(connection.connection.cursor(), is_sqlite=busy.log.database.is_sqlite)
    busy.hands_over("j-2", LATER)
    busy.keep()

    (stale,) = listed(busy, LEAD, stale=True)["items"]
    assert before["stale_since"] is None
    assert datetime.fromisoformat(stale["stale_since"]).tzinfo is not None
    assert stale | {"stale_since": None} == before
    assert ids(listed(busy, LEAD, stale=False)) == ["j-3"]
    assert ids(listed(busy, STATE, whose="organisation", order="recent")) == ["j-2", "j-4"]
    partner = replace(STRANGER, partners=frozenset({"city"}))
    assert ids(listed(busy, partner, whose="shared")) == ["j-3"], "nobody can tell whether j-1 is"


def test_a_partner_by_agreement_sees_the_other_organisations_journeys(busy):
    partner = replace(STRANGER, partners=frozenset({"city"}))
    assert sorted(ids(listed(busy, partner, whose="shared"))) == ["j-1", "j-2", "j-3"]


def test_a_retracted_referral_leaves_the_list_and_the_acts_as_they_are(busy):
    busy.does("j-1", corrections.retract, TUESDAY, entry=1, reason=j.WHY)
    busy.keep()
    for asked in ({}, {"whose": "organisation"}, {"as_at": LATER.isoformat()}):
        told = listed(busy, **asked)
        assert "j-2" in ids(told)
        assert Caseload.model_validate(told).model_dump(mode="json") == told
    slip = next(one for one in listed(busy)["items"] if one["journey"] == "j-1")
    assert (slip["client"], slip["programme"], slip["responsible"]) == (None, None, "worker-1")
    possible = {
        one["code"]: one["possible"] for one in listed(busy, path="/journeys/j-1/acts")["items"]
    }
    assert (possible["refer"], possible["retract"]) == (True, True)
    for path in ("/deadlines", "/journeys/j-1", "/journeys/j-1/timeline", "/changes?after=0"):
        assert busy.asks().get(path).status_code == 200


@pytest.mark.parametrize("order", ["due", "recent", "phase-since"])
def test_a_retracted_referral_is_in_the_lists_of_its_status_and_phase_too(busy, order):
    busy.does(
        "j-2",
        course.enter_phase,
        TUESDAY,
        phase=j.Phase.INTAKE,
        override=("eligible",),
        reason=j.WHY,
    )
    for journey in ("j-1", "j-2"):
        busy.does(journey, corrections.retract, TUESDAY, entry=1, reason=j.WHY)
    busy.keep()
    for who, whose in ((WORKER, "mine"), (WORKER, "organisation"), (LEAD, "all"), (AUDITOR, "all")):
        every = listed(busy, who, whose=whose, order=order)["items"]
        assert {"j-1", "j-2"} <= {one["journey"] for one in every}
        for asked in (
            {"status": "open"},
            {"phase": "intake"},
            {"status": "open", "phase": "intake"},
        ):
            of_it = [
                one["journey"]
                for one in every
                if all((one[name] or {}).get("code") == code for name, code in asked.items())
            ]
            assert "j-2" in of_it
            assert ids(listed(busy, who, whose=whose, order=order, **asked)) == of_it


def test_a_list_tells_a_retracted_referral_as_its_page_does(busy):
    """It was told by no programme: the day was that of UTC, and places and phases were codes."""
    asked = {"phase": j.Phase.INTAKE, "override": ("eligible",), "reason": j.WHY}
    busy.does("j-2", course.enter_phase, TUESDAY, **asked)
    busy.does("j-2", corrections.retract, TUESDAY, entry=1, reason=j.WHY)
    busy.keep()
    busy.today(LATER, 23)  # it is tomorrow already where the programme is run
    page = listed(busy, path="/journeys/j-2")
    (row,) = (one for one in listed(busy)["items"] if one["journey"] == "j-2")
    assert row["day"] == page["clocks"]["day"] == (LATER + timedelta(days=1)).isoformat()
    assert row["phase_days"] == page["phase"]["days"] == (LATER - MONDAY).days
    assert row["organisation"] == page["organisation"] == {"code": "city", "title": "City"}
    assert row["phase"]["title"] == page["phase"]["title"]
    assert row["programme"] is None


def test_the_log_is_asked_once_for_all_retracted_referrals_of_a_list(busy, monkeypatch):
    for journey in ("j-1", "j-2"):
        busy.does(journey, corrections.retract, TUESDAY, entry=1, reason=j.WHY)
    busy.keep()
    asked, load_many = [], busy.log.load_many

    def counted(streams, **how):
        asked.append(sorted(streams))
        return load_many(streams, **how)

    def alone(stream, **_):
        pytest.fail(f"{stream} was asked for alone")

    monkeypatch.setattr(busy.log, "load_many", counted)
    monkeypatch.setattr(busy.log, "load", alone)
    assert ids(listed(busy)) == ["j-1", "j-2"]
    assert asked == [["journey:j-1", "journey:j-2"]] * 2  # for their titles, and whose they were


def test_a_list_known_at_an_instant_has_the_retracted_referral_that_it_had_then(busy):
    busy.does("j-1", referral.assess_eligibility, given={"months_unemployed": 20})
    busy.does("j-1", corrections.retract, TUESDAY, entry=1, reason=j.WHY)
    busy.keep()
    then = {who: listed(busy, who)["items"] for who in (WORKER, LEAD, AUDITOR)}
    for items in then.values():
        assert next(one["reviews"] for one in items if one["journey"] == "j-1") == 1
    at = f"{LATER.isoformat()}T12:00:00Z"
    busy.today(LATER + timedelta(days=1))
    for who, items in then.items():
        known = listed(busy, who, known_at=at)["items"]
        assert known == sorted(items, key=lambda one: one["journey"])
        assert "j-1" in ids(listed(busy, who, as_at=LATER.isoformat()))
    assert "j-1" not in ids(listed(busy, as_at=(MONDAY - timedelta(days=9)).isoformat()))


@pytest.mark.parametrize("client", ["c-\u200b9", "c-\u00ad9", "c-\x7f9", "c-\u202e9"])
def test_an_id_that_is_given_to_nobody_any_more_is_still_read(busy, client):
    """An older program took it: who shares the journey would read no list with it at all."""
    (first, *_) = busy.log.load("journey:j-1")
    referral_of = Fresh(replace(first.event, client=client), MONDAY)
    busy.log.append(Append("journey:j-9", 0, (referral_of,), first.by))
    busy.takes("j-9")
    member = {"person": "worker-2", "organisation": "state", "role": "support"}
    busy.does("j-9", team.join_team, **member)
    busy.keep()
    shared = {one["journey"]: one["client"] for one in listed(busy, STATE, whose="all")["items"]}
    assert shared["j-9"]["id"] == client
    assert listed(busy, STATE, "/journeys/j-9")["client"]["id"] == client
