"""The page of a journey and its timeline, under both clocks."""

from datetime import date, timedelta
from itertools import product

import pytest

from domain.journey import corrections, follow_up, handover, referral
from domain.journey import events as e
from interfaces.http.journey_models import JourneyPage, Timeline
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)

TUESDAY = MONDAY + timedelta(days=1)
LATER = MONDAY + timedelta(days=30)


def _interviewed(desk):  # noqa: F811
    desk.registers("c-1", "Aino", "Mäkinen", date(1999, 5, 4))
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    desk.today(LATER)
    desk.interviews("j-1", TUESDAY)


INTERVIEWED = After(_interviewed)


@pytest.fixture
def aino(own_database):
    """A client who was referred on Monday and interviewed on Tuesday, which was noted late."""
    with INTERVIEWED.on(own_database) as opened:
        yield opened


def page(desk, path="/journeys/j-1", scope=WORKER, language="en", **asked):  # noqa: F811
    answer = desk.asks(scope, language).get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_page_tells_how_the_journey_stands(aino):
    answer = aino.asks().get("/journeys/j-1")
    told = answer.json()
    assert JourneyPage.model_validate(told)
    assert answer.headers["etag"] == '"4"'
    assert told["version"] == 4
    assert told["client"] == {
        "id": "c-1",
        "given_name": "Aino",
        "family_name": "Mäkinen",
        "born": "1999-05-04",
        "goes_by": None,
    }
    assert told["status"] == {"code": "open", "title": "open"}
    assert told["organisation"] == {"code": "city", "title": "City"}
    assert told["responsible"]["person"] == "worker-1"
    assert told["definition"]["programme"] == {"code": "trial", "title": "Trial"}
    [deadline] = told["deadlines"]
    assert (deadline["title"], deadline["basis"]) == ("First interview", "ten working days")
    assert deadline["status"]["code"] == "met"
    assert told["clocks"] == {
        "as_at": None,
        "known_at": None,
        "claimed": False,
        "day": LATER.isoformat(),
    }


def test_what_was_recorded_late_had_happened_and_was_not_known(aino):
    as_it_happened = page(aino, as_at=TUESDAY.isoformat())
    as_known = page(aino, known_at=TUESDAY.isoformat())
    assert as_it_happened["situation"].startswith("unemployed")
    assert as_it_happened["deadlines"][0]["status"]["code"] == "met"
    assert as_known["situation"] == ""
    assert as_known["deadlines"][0]["status"]["code"] == "open"
    assert as_known["clocks"]["known_at"] == "2025-03-04T21:59:59.999999Z"
    assert as_known["version"] == 3
    both = page(aino, as_at=MONDAY.isoformat(), known_at=LATER.isoformat() + "T12:00:00+02:00")
    assert both["clocks"]["as_at"] == "2025-03-03"
    assert both["situation"] == ""


def test_an_answer_about_another_moment_is_no_ground_for_an_act(aino):
    assert "etag" not in aino.asks().get("/journeys/j-1?as_at=2025-03-04").headers


def test_a_plus_sign_that_was_not_escaped_is_understood(aino):
    answer = aino.asks().get("/journeys/j-1?known_at=2025-03-04T12:00:00+02:00")
    assert answer.json()["clocks"]["known_at"] == "2025-03-04T10:00:00Z"


@pytest.mark.parametrize(
    "query",
    ["as_at=yesterday", "as_at=1741000000", "known_at=2025-03-04T12:00:00", "asat=2025-01-01"],
)
def test_a_moment_that_is_none_is_refused_by_name(memory_desk, query):  # noqa: F811
    answer = memory_desk.asks().get(f"/journeys/j-1?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


AT_A_MOMENT = ("/journeys/j-1", "/journeys/j-1/timeline", "/journeys", "/boards/organisations/city")


def test_a_day_that_no_calendar_has_is_refused(memory_desk):  # noqa: F811
    english, finnish = memory_desk.asks(), memory_desk.asks(language="fi")
    for given, says in [
        ("as_at=0001-01-01", "1900-01-01"),
        ("as_at=9999-12-31", "2199-12-31"),
        ("known_at=9999-12-31", "2199-12-31"),
        ("known_at=0001-01-01T00:00:00Z", "1900-01-01"),
        ("known_at=9999-12-31T23:59:59-10:00", "2199-12-31"),
        ("as_at=2025-02-29", "calendar"),
        ("known_at=2025-03-04T25:00:00Z", "calendar"),
    ]:
        for path in AT_A_MOMENT:
            answer = english.get(f"{path}?{given}")
            assert answer.status_code == 422, (path, given)
            (wrong,) = answer.json()["errors"]
            assert says in wrong["message"]
            told = finnish.get(f"{path}?{given}").json()["errors"][0]["message"]
            assert told not in {"", wrong["message"]}


def test_the_first_and_the_last_day_can_be_asked_for(aino):
    for day in ("1900-01-01", "2024-02-29", "2199-12-31"):
        for clock, path in product(("as_at", "known_at"), AT_A_MOMENT):
            told = page(aino, path, **{clock: day})
            assert told["clocks"][clock][:7] in {day[:7], "1899-12"}, (path, clock, day)


def test_acts_can_be_asked_for_on_the_first_and_the_last_day(aino):
    for day in ("1900-01-01", "2199-12-31"):
        assert page(aino, "/journeys/j-1/acts", on=day)["day"] == day


def test_codes_to_choose_from_are_listed_without_english(memory_desk):  # noqa: F811
    answer = memory_desk.asks(language="fi").get("/journeys/j-1/timeline?order=up")
    assert answer.json()["errors"][0]["message"] == "anna jokin näistä: 'newest', 'oldest'"


def test_kinds_of_problems_are_told_in_the_language_asked_for(memory_desk):  # noqa: F811
    told = memory_desk.asks(language="fi").get("/problems/stale").json()
    assert told["title"] == "Tieto on muuttunut sen jälkeen, kun katsoit"


def test_a_correction_shows_who_relied_on_what_was_wrong(aino):
    aino.does(
        "j-1",
        corrections.correct,
        LATER,
        entry=4,
        event=e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.EMPLOYED)),
        occurred_on=LATER,
        reason=j.WHY,
    )
    told = page(aino)
    [deadline] = told["deadlines"]
    assert deadline["status"] == {"code": "met-late", "title": "met late"}
    [review] = told["reviews"]
    assert (review["correction"], review["corrected"], review["kind"]) == (5, 4, "deadline")
    lines = page(aino, "/journeys/j-1/timeline", order="oldest")["items"]
    assert [line["corrected_by"] for line in lines] == [None, None, None, 5, None]
    assert "corrected" in lines[4]["sentence"]


def test_a_handover_is_told_from_asking_to_answer(aino):
    aino.does("j-1", handover.request_handover, LATER, to_organisation="state", reason=j.WHY)
    [waiting] = page(aino)["handovers"]
    assert (waiting["outcome"]["code"], waiting["reason"]) == ("waiting", "because")
    assert page(aino, scope=STATE)["id"] == "j-1"
    aino.does("j-1", handover.accept_handover, LATER, j.STATE, person="worker-2")
    [taken] = page(aino, scope=STATE)["handovers"]
    assert (taken["outcome"]["code"], taken["answered_by"]) == ("accepted", "worker-2")


def test_every_part_of_a_long_journey_fits_its_description(memory_desk):  # noqa: F811
    memory_desk.registers("client-1", "Veikko", "Virta")
    memory_desk.refers("j-9", "client-1")
    done = 0
    for decision, fields in j.ACTS:
        by = (
            j.STATE
            if decision in (handover.accept_handover, handover.decline_handover)
            else j.WORKER
        )
        try:
            memory_desk.does("j-9", decision, MONDAY, by, **fields)
            done += 1
        except (j.IllegalTransition, j.InvalidField):
            continue
    assert done > 30
    told = page(memory_desk, "/journeys/j-9", AUDITOR)
    assert JourneyPage.model_validate(told).model_dump(mode="json") == told
    filled = [name for name, value in told.items() if value]
    assert {"plan", "services", "placements", "money", "periods", "team", "needs"} <= set(filled)
    line = page(memory_desk, "/journeys/j-9/timeline", AUDITOR)
    assert Timeline.model_validate(line).model_dump(mode="json") == line


def test_a_period_whose_end_was_recorded_is_told_once(memory_desk):  # noqa: F811
    """An end is recorded as the same period once more: the work does not last still."""
    memory_desk.registers("client-1", "Veikko", "Virta")
    memory_desk.refers("j-9", "client-1")
    memory_desk.does("j-9", referral.accept_referral, MONDAY)
    for end in (None, MONDAY):
        work = {"start": MONDAY, "end": end, "kind": "full-time"}
        memory_desk.does("j-9", follow_up.record_employment_period, MONDAY, **work)
    (told,) = page(memory_desk, "/journeys/j-9", AUDITOR)["periods"]
    assert (told["start"], told["end"]) == (MONDAY.isoformat(),) * 2


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_the_timeline_is_read_to_its_end_page_by_page(aino, order):
    read, cursor = [], None
    while True:
        asked = {"order": order, "limit": 3} | ({"cursor": cursor} if cursor else {})
        told = page(aino, "/journeys/j-1/timeline", **asked)
        read += [line["version"] for line in told["items"]]
        cursor = told["next"]
        if cursor is None:
            break
    assert read == ([4, 3, 2, 1] if order == "newest" else [1, 2, 3, 4])


def test_the_timeline_of_a_moment_has_what_was_known(aino):
    told = page(aino, "/journeys/j-1/timeline", known_at=TUESDAY.isoformat(), order="oldest")
    assert [line["kind"] for line in told["items"]] == [
        "referral-made",
        "referral-accepted",
        "case-worker-assigned",
    ]
    by_day = page(aino, "/journeys/j-1/timeline", as_at=MONDAY.isoformat())
    assert len(by_day["items"]) == 3


def test_a_cursor_of_another_list_is_refused(aino):
    answer = aino.asks().get("/journeys/j-1/timeline?cursor=abc")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


def test_a_journey_that_is_none_is_not_found(memory_desk):  # noqa: F811
    answer = memory_desk.asks().get("/journeys/j-404")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-journey")


@pytest.mark.parametrize("path", ["", "/timeline", "/acts", "/responsibility"])
def test_another_organisations_worker_is_refused_and_told_how_to_open(aino, path):
    answer = aino.asks(STRANGER).get(f"/journeys/j-1{path}")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (403, "out-of-scope")
    assert told["open"] == "/journeys/j-1/openings"
    assert "Mäkinen" not in answer.text
    assert aino.parts.accesses.readings == []


def test_an_evaluator_sees_no_journey(aino):
    answer = aino.asks(EVALUATOR).get("/journeys/j-1")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_client_reads_the_own_journey_and_no_other(aino):
    assert page(aino, scope=as_client("c-1"))["client"]["id"] == "c-1"
    assert aino.asks(as_client("c-2")).get("/journeys/j-1").status_code == 404


def test_each_reading_is_noted_before_it_is_answered(aino):
    page(aino)
    page(aino, "/journeys/j-1/timeline")
    noted = [(r.person, r.client, r.journey, r.what) for r in aino.parts.accesses.readings]
    assert noted == [
        ("worker-1", "c-1", "j-1", "journey-page"),
        ("worker-1", "c-1", "j-1", "timeline"),
    ]


def test_titles_and_sentences_come_in_the_language_asked_for(aino):
    finnish = page(aino, language="fi")
    assert finnish["status"]["code"] == "open"
    assert finnish["status"]["title"] != "open"
    line = page(aino, "/journeys/j-1/timeline", language="it", order="oldest", limit=2)["items"][1]
    assert line["sentence"] != "Referral accepted"
