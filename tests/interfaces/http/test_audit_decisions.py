"""A journey's decisions, corrections and differences over HTTP."""

from datetime import date

import pytest

from domain.entry import Personal
from domain.journey import corrections, intake, referral
from domain.journey import events as e
from interfaces.http.audit_corrections import Corrections
from interfaces.http.audit_decisions import Decisions
from interfaces.http.audit_difference import DiffersTold
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)

SLIP = Personal("misread")
LATER = MONDAY.replace(day=24)


def contested(desk):  # noqa: F811
    """Refused by a wrong day, which was corrected three weeks later."""
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    short = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2024, 12, 1))
    desk.does("j-1", intake.hold_intake_interview, situation=short)
    desk.does("j-1", referral.assess_eligibility)
    desk.today(LATER)
    said = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1)))
    desk.does("j-1", corrections.correct, LATER, entry=4, event=said, reason=SLIP)
    return desk


@pytest.fixture
def contested_desk(desk):  # noqa: F811
    return contested(desk)


def test_a_decision_is_told_as_it_was_made_and_asked_again(contested_desk):
    told = contested_desk.asks(AUDITOR).get("/audit/journeys/j-1/decisions").json()
    assert Decisions.model_validate(told).model_dump(mode="json") == told
    (verdict,) = told["items"]
    assert (verdict["entry"], verdict["holds"]) == (5, False)
    assert [x["version"] for x in verdict["known"]] == [1, 2, 3, 4]
    assert "2024-12-01" in verdict["known"][3]["sentence"]
    fact = {"name": "months_unemployed", "value": 3, "entries": [4], "outside": False}
    assert verdict["facts"] == [fact]
    knowledge, rule, both = verdict["again"]
    assert (knowledge["differs"], rule["differs"], both["differs"]) == (True, False, True)
    assert knowledge["said"] == "would find the client eligible"
    assert knowledge["facts"] == [fact | {"value": 26}]


def test_one_decision_is_asked_for_by_its_entry(memory_desk):  # noqa: F811
    asking = contested(memory_desk).asks(AUDITOR)
    where = "/audit/journeys/j-1/decisions"
    assert len(asking.get(f"{where}?entry=5").json()["items"]) == 1
    assert asking.get(f"{where}?entry=1").json()["items"] == []
    assert asking.get(f"{where}?limit=21").status_code == 422
    assert memory_desk.asks(LEAD).get(where).status_code == 403


def test_a_correction_is_told_with_what_leaned_on_it(contested_desk):
    told = contested_desk.asks(AUDITOR).get("/audit/journeys/j-1/corrections").json()
    assert Corrections.model_validate(told).model_dump(mode="json") == told
    (one,) = told["items"]
    assert (one["entry"], one["target"], one["what"]) == (6, 4, "intake-interview-held")
    wrong = {
        "field": "situation.unemployed_since",
        "before": "2024-12-01",
        "after": "2023-01-01",
    }
    assert (one["changed"], one["reason"], one["person"]) == ([wrong], "misread", "worker-1")
    assert [(x["entry"], x["became"], x["by"]) for x in one["leaned"]] == [(5, "waiting", None)]


def test_two_moments_are_compared(contested_desk):
    asking = contested_desk.asks(AUDITOR)
    moments = {"since_known_at": "2025-03-10", "until_as_at": "2025-03-20"}
    told = asking.get("/audit/journeys/j-1/difference", params=moments).json()
    assert DiffersTold.model_validate(told).model_dump(mode="json") == told
    assert [(x["version"], x["how"]) for x in told["entries"]] == [(4, "corrected")]
    fields = [one["field"] for one in told["state"]]
    assert fields == ["told.situation.unemployed_since", "work_told[0].unemployed_since"]
    assert (told["fields"], told["since"]["known_at"]) == (2, "2025-03-10T21:59:59.999999Z")
