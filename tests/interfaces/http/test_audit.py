"""Opening a journey out of scope, and what an audit shows of it and of readings."""

from datetime import UTC, date, datetime, timedelta

import pytest

from application.accesses import readings_stream
from application.operating import Operator, record_reading
from application.ports import Append, Fresh
from domain.access import Answered, ReadingsRecorded, Subject
from domain.entry import By
from interfaces.http.audit import Openings, Readings
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    LEAD,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)

REASON = {"reason": "On duty tonight: the client called about tomorrow"}


def _taken(desk):  # noqa: F811
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1")
    desk.takes("j-1")


TAKEN = After(_taken)


@pytest.fixture
def closed(own_database):
    """A journey that STRANGER has nothing to do with."""
    with TAKEN.on(own_database) as opened:
        yield opened


def opens(desk, scope=STRANGER, said=REASON, **headers):  # noqa: F811
    return desk.asks(scope).post("/journeys/j-1/openings", json=said, headers=headers)


def test_a_journey_is_opened_with_a_reason_for_reading_until_tomorrow(closed):
    worker = closed.asks(STRANGER)
    assert worker.get("/journeys/j-1").status_code == 403
    answer = opens(closed)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"journey": "j-1", "until": "2025-03-04", "repeated": False}
    assert worker.get("/journeys/j-1").json()["client"]["family_name"] == "Mäkinen"
    assert worker.get("/journeys/j-1/timeline").status_code == 200
    assert closed.asks(EVALUATOR).get("/journeys/j-1").status_code == 403
    closed.today(MONDAY + timedelta(days=2))
    assert worker.get("/journeys/j-1").status_code == 403


def test_opening_again_opens_nothing_anew(closed):
    opens(closed)
    again = opens(closed)
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    assert again.json()["until"] == "2025-03-04"


def test_a_repetition_under_the_same_key_gets_the_first_answer(closed):
    key = {"idempotency-key": "k-1"}
    assert opens(closed, **key).status_code == 201
    assert opens(closed, **key).json()["repeated"] is True
    other = opens(closed, said={"reason": "something else"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "   "}, {"why": "x"}])
def test_without_a_reason_nothing_is_opened(closed, said):
    answer = opens(closed, said=said)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert closed.asks(STRANGER).get("/journeys/j-1").status_code == 403


def test_who_cannot_open(closed):
    assert opens(closed, AUDITOR).status_code == 403
    assert opens(closed, EVALUATOR).status_code == 403
    own = opens(closed, WORKER)
    assert (own.status_code, own.json()["code"]) == (409, "illegal-transition")


def test_an_audit_shows_who_opened_what_and_why(closed):
    opens(closed)
    closed.today(MONDAY, 10)
    opens(closed, STATE)
    told = closed.asks(AUDITOR).get("/audit/openings").json()
    assert Openings.model_validate(told).model_dump(mode="json") == told
    assert [(one["person"], one["organisation"]) for one in told["items"]] == [
        ("worker-9", "elsewhere"),
        ("worker-2", "state"),
    ]
    assert told["items"][0]["reason"] == REASON["reason"]
    one = closed.asks(AUDITOR).get("/audit/openings?person=worker-2&limit=1").json()
    assert (len(one["items"]), one["next"]) == (1, None)
    assert closed.asks(LEAD).get("/audit/openings").status_code == 403


def answer(number):
    at = datetime(2025, 3, 3, 9, number, tzinfo=UTC)
    return Answered(
        f"worker-{number % 2}",
        "case-worker",
        "city",
        "service",
        "timeline",
        at,
        None,
        (Subject(f"c-{number}", "j-1"),),
    )


def test_an_audit_shows_who_read_what(memory_desk):  # noqa: F811
    stream = f"{readings_stream(MONDAY)}-1"
    event = ReadingsRecorded(tuple(answer(number) for number in range(5)))
    memory_desk.log.append(Append(stream, 0, (Fresh(event, MONDAY),), By("polku", "polku")))
    memory_desk.keep()
    auditor = memory_desk.asks(AUDITOR)
    told = auditor.get("/audit/access").json()
    assert Readings.model_validate(told).model_dump(mode="json") == told
    assert [one["client"] for one in told["items"]] == ["c-0", "c-1", "c-2", "c-3", "c-4"]
    by_person = auditor.get("/audit/access?person=worker-1").json()
    assert [one["client"] for one in by_person["items"]] == ["c-1", "c-3"]
    read, cursor = [], None
    while True:
        page = auditor.get(
            "/audit/access", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
        )
        read += [one["client"] for one in page.json()["items"]]
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert read == ["c-0", "c-1", "c-2", "c-3", "c-4"]
    assert auditor.get("/audit/access?since=2025-03-04").json()["items"] == []


@pytest.mark.parametrize(
    "where",
    ["access", "access/unusual", "overviews/late", "overviews/late/entries"],
)
def test_days_that_end_before_they_begin_are_refused(memory_desk, where):  # noqa: F811
    """An empty answer says that nobody read anything."""
    auditor = memory_desk.asks(AUDITOR)
    asked = f"/audit/{where}?since=2025-03-04&until="
    refused = auditor.get(f"{asked}2025-03-03")
    assert refused.status_code == 422
    (wrong,) = refused.json()["errors"]
    told = "2025-03-03 lies before the start, 2025-03-04"
    assert (wrong["pointer"], wrong["message"]) == ("/until", told)
    assert auditor.get(f"{asked}2025-03-04").status_code == 200


@pytest.mark.parametrize("language", ["en", "fi", "it"])
def test_who_looked_by_the_command_line_is_shown_as_anybody_else(memory_desk, language):  # noqa: F811
    memory_desk.registers("client-1", "Aino", "Mäkinen", date(1991, 5, 17))
    read = [("client-1", None)]
    record_reading(memory_desk.log, Operator("root", "", "c-1"), "retention", "operation", read)
    memory_desk.keep()
    wanted = {"headers": {"Accept-Language": language}}
    auditor = memory_desk.asks(AUDITOR)
    (told,) = auditor.get("/audit/access?client=client-1", **wanted).json()["items"]
    assert (told["person"], told["role"], told["organisation"]) == ("root", "operator", "")
    assert auditor.get("/audit/access/unusual?person=root", **wanted).status_code == 200
    client = memory_desk.asks(as_client("client-1"))
    assert "root" in client.get("/clients/client-1/access", **wanted).text


def test_readings_are_for_auditors_alone(memory_desk):  # noqa: F811
    for scope in (WORKER, LEAD, EVALUATOR):
        assert memory_desk.asks(scope).get("/audit/access").status_code == 403


def test_a_page_too_far_in_the_list_is_refused(memory_desk):  # noqa: F811
    answer = memory_desk.asks(AUDITOR).get("/audit/access?cursor=0.99999999")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    (wrong,) = answer.json()["errors"]
    assert (wrong["pointer"], wrong["place"]) == ("/cursor", "query")


@pytest.mark.parametrize("cursor", ["nonsense", "1", "0.", ".5", "0.-1", "0.1.2", "99999999.0"])
def test_a_cursor_that_no_page_gave_is_refused(memory_desk, cursor):  # noqa: F811
    for where in ("access", "openings", "access/unusual"):
        answer = memory_desk.asks(AUDITOR).get(f"/audit/{where}", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor"), answer.text


def test_turning_the_pages_moves_nothing_whatever_is_recorded_meanwhile(memory_desk):  # noqa: F811
    def record(spool: int, version: int, *numbers: int) -> None:
        event = ReadingsRecorded(tuple(map(answer, numbers)))
        stream = f"{readings_stream(MONDAY)}-{spool}"
        append = Append(stream, version, (Fresh(event, MONDAY),), By("polku", "polku"))
        memory_desk.log.append(append)

    record(1, 0, 0)
    record(2, 0, 1, 2, 3)
    auditor = memory_desk.asks(AUDITOR)
    first = auditor.get("/audit/access?limit=2").json()
    record(1, 1, 4, 5)  # another process's spool, which is told first
    record(2, 1, 6)
    rest = auditor.get("/audit/access", params={"cursor": first["next"]}).json()
    read = [one["client"] for one in first["items"] + rest["items"]]
    assert (read, rest["next"]) == (["c-0", "c-1", "c-2", "c-3"], None)
    assert len(auditor.get("/audit/access").json()["items"]) == 7


def test_to_ask_who_read_what_is_a_reading_too(closed):
    event = ReadingsRecorded((answer(1), answer(2)))
    stream = f"{readings_stream(MONDAY)}-1"
    closed.log.append(Append(stream, 0, (Fresh(event, MONDAY),), By("polku", "polku")))
    noted, auditor = closed.parts.accesses.readings, closed.asks(AUDITOR)
    assert len(auditor.get("/audit/access?limit=1").json()["items"]) == 1
    assert [(r.person, r.client, r.what) for r in noted] == [("auditor-1", "c-1", "audit-access")]
    noted.clear()
    assert auditor.get("/audit/access?person=nobody").json()["items"] == []
    assert noted == []


def test_what_shows_nothing_is_no_reading(closed):
    asking, noted = closed.asks(WORKER), closed.parts.accesses.readings
    where = "/journeys/j-1/responsibility"
    assert asking.get(f"{where}?cursor=nonsense").status_code == 400
    assert noted == []
    closed.keep()
    assert asking.get(where).json()["items"]
    assert [(r.client, r.what) for r in noted] == [("c-1", "responsibility")]
