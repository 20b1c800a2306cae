"""The history of a stream over HTTP, for auditors alone."""

import pytest

from domain.entry import Personal
from domain.journey import corrections, intake
from domain.journey import events as e
from interfaces.http.audit_history import TrailTold
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)

SLIP = Personal("the wrong person's file")


def begun(desk):  # noqa: F811
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    desk.interviews("j-1")
    situation = e.Situation(e.EmploymentStatus.EMPLOYED)
    said = {"event": e.IntakeInterviewHeld(situation), "reason": SLIP}
    desk.does("j-1", corrections.correct, entry=4, **said)
    return desk


def test_a_journey_is_told_entry_by_entry(desk):  # noqa: F811
    told = begun(desk).asks(AUDITOR).get("/audit/journeys/j-1/history").json()
    assert TrailTold.model_validate(told).model_dump(mode="json") == told
    assert (told["kind"], told["version"], told["next"]) == ("journey", 5, None)
    interview, correction = told["items"][3:]
    assert interview["fields"]["situation"]["employment"] == "unemployed"
    assert (interview["corrected_by"], interview["under"]) == (
        5,
        {"programme": "trial", "version": 2},
    )
    assert interview["recorded_at"] == "2025-03-03T09:00:00Z"
    assert correction["fields"]["event"]["event"] == "intake-interview-held"
    assert correction["fields"]["reason"] == str(SLIP)


def test_it_is_told_in_pages_in_the_order_that_is_asked_for(memory_desk):  # noqa: F811
    desk = begun(memory_desk)  # noqa: F811
    early = {"needs": ("language",)}
    desk.today(MONDAY.replace(day=20))
    desk.does("j-1", intake.define_service_needs, MONDAY.replace(day=10), **early)
    desk.does("j-1", corrections.retract, MONDAY.replace(day=20), entry=5, reason=SLIP)
    read, cursor = [], {}
    while cursor is not None:
        asked = {"order": "happened", "limit": 2, **cursor}
        answer = desk.asks(AUDITOR).get("/audit/journeys/j-1/history", params=asked)
        read += answer.json()["items"]
        cursor = {"cursor": answer.json()["next"]} if answer.json()["next"] else None
        assert ("link" in answer.headers) == (cursor is not None)
    assert [x["version"] for x in read] == [1, 2, 3, 4, 5, 6, 7]
    assert [x["stands_on"] for x in read][4:] == [None, "2025-03-10", "2025-03-20"]


def test_what_is_recorded_between_two_pages_moves_nothing(memory_desk):  # noqa: F811
    desk = begun(memory_desk)  # noqa: F811
    asking, turned = desk.asks(AUDITOR), {}
    asked = {
        "/audit/journeys/j-1/history": {"order": "happened", "limit": 3},
        "/audit/journeys/j-1/difference": {"since_as_at": "2025-01-01", "limit": 3},
    }
    whole = {
        where: asking.get(where, params=how | {"limit": 50}).json() for where, how in asked.items()
    }
    first = {where: asking.get(where, params=how).json() for where, how in asked.items()}
    desk.does("j-1", corrections.retract, entry=2, reason=SLIP)
    for where, how in asked.items():
        more = asking.get(where, params=how | {"cursor": first[where]["next"]}).json()
        name = "items" if "items" in more else "entries"
        turned[where] = first[where][name] + more[name]
        assert turned[where] == whole[where][name]


@pytest.mark.parametrize(
    ("where", "kinds"),
    [
        ("clients/c-1/history", ["client-registered"]),
        ("programmes/trial/history", ["programme-published", "programme-revised"]),
        ("journeys/j-1/openings", []),
    ],
)
def test_other_streams_have_a_history_too(memory_desk, where, kinds):  # noqa: F811
    told = begun(memory_desk).asks(AUDITOR).get(f"/audit/{where}").json()
    assert [x["kind"] for x in told["items"]] == kinds


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("journeys/j-9/history", "unknown-journey"),
        ("clients/c-9/history", "unknown-client"),
        ("programmes/none/history", "unknown-programme"),
        ("organisations/none/history", "unknown-organisation"),
    ],
)
def test_what_was_never_recorded_is_named(memory_desk, where, code):  # noqa: F811
    answer = memory_desk.asks(AUDITOR).get(f"/audit/{where}")
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert memory_desk.asks(LEAD).get(f"/audit/{where}").status_code == 403


def test_an_auditor_reads_it_in_another_language(memory_desk):  # noqa: F811
    asking = begun(memory_desk).asks(AUDITOR, "fi")
    told = asking.get("/audit/journeys/j-1/history?limit=1").json()
    assert told["items"][0]["sentence"].startswith("Ohjattu")
