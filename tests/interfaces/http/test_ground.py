"""Why something is due, and by which law or agreement a rule holds: in the language asked."""

from dataclasses import replace

import pytest
from icalendar import Calendar

from domain.definition import Phase
from domain.journey import course, placement, referral
from domain.journey import events as e
from domain.wording import English
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    WORKER,
    Desk,
    memory_desk,  # noqa: F401
)

SIGNED = (e.Signatory("c-1", "client"), e.Signatory("worker-1", "case-worker"))

BEFORE_PLACEMENT = {
    Phase.INTAKE: "eligible",
    Phase.COMPETENCE_REVIEW: "interviewed",
    Phase.TRAINING: "planned",
    Phase.PLACEMENT: "planned",
}


class Loud(English):
    """A language that says plain messages in capital letters."""

    language = "fi"

    def gettext(self, message: str, /) -> str:
        return message if "{" in message else message.upper()


@pytest.fixture
def placed(memory_desk) -> Desk:  # noqa: F811
    """A journey in which an interview and a follow-up are due."""
    desk: Desk = memory_desk
    desk.parts = replace(desk.parts, translations=lambda _language: Loud())
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1", MONDAY)
    desk.takes("j-1", MONDAY)
    for phase, unmet in BEFORE_PLACEMENT.items():
        desk.does("j-1", course.enter_phase, phase=phase, override=(unmet,), reason=j.WHY)
    desk.does(
        "j-1", placement.propose_placement, reference="p", employer="firm", form="work-try-out"
    )
    desk.does("j-1", placement.agree_placement, reference="p", signatories=SIGNED)
    desk.does("j-1", placement.start_placement, reference="p")
    return desk


def test_why_a_follow_up_is_due_is_said_in_the_language(placed):
    asking = placed.asks(LEAD, "fi")
    page = asking.get("/journeys/j-1").json()["deadlines"]
    due = asking.get("/deadlines").json()["items"]
    feed = Calendar.from_ical(asking.get("/calendar/worker-1.ics").content)
    grounds = ["FOLLOW-UP CALENDAR", "kymmenen työpäivää"]
    assert sorted(one["basis"] for one in page) == grounds
    assert sorted(one["basis"] for one in due) == grounds
    assert sorted(str(one["description"]) for one in feed.walk("VEVENT")) == grounds


def test_on_what_a_verdict_rests_is_said_in_the_language(memory_desk):  # noqa: F811
    desk = memory_desk
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1", MONDAY)
    desk.does("j-1", referral.assess_eligibility)
    asking, english = desk.asks(WORKER, "fi"), desk.asks(WORKER)

    told = asking.get("/journeys/j-1").json()["eligibility"]
    assert [rule["basis"] for rule in told["rules"]] == ["vuoden peruste"]
    assert "(vuoden peruste)" in told["reasons"][0]
    assert "(vuoden peruste)" in asking.get("/journeys/j-1/timeline").json()["items"][0]["sentence"]
    in_english = english.get("/journeys/j-1").json()["eligibility"]
    assert [rule["basis"] for rule in in_english["rules"]] == ["basis of unemployed-a-year"]
    decided = desk.asks(AUDITOR, "fi").get("/audit/journeys/j-1/decisions").json()["items"][0]
    assert [rule["basis"] for rule in decided["rules"]] == ["vuoden peruste"]


def test_what_a_phase_lacks_is_said_with_its_ground_in_the_language(memory_desk):  # noqa: F811
    desk = memory_desk
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1", MONDAY)
    desk.takes("j-1", MONDAY)
    found = desk.asks(WORKER, "fi").get("/journeys/j-1/acts").json()["items"]
    enter = next(one for one in found if one["code"] == "enter-phase")
    intake = next(x["lacking"] for x in enter["refused"] if x["fields"] == {"phase": "intake"})
    assert "(edellytysten peruste)" in intake["missing"]
    assert "(edellytysten peruste)" in intake["requirements"][0]["why"]


def test_phases_are_called_as_the_programme_calls_them_where_an_act_is_refused(memory_desk):  # noqa: F811
    desk = memory_desk
    desk.registers("c-1", "Aino", "Mäkinen")
    desk.refers("j-1", "c-1", MONDAY)
    desk.takes("j-1", MONDAY)
    desk.does("j-1", course.enter_phase, phase=Phase.INTAKE, override=("eligible",), reason=j.WHY)
    asking, english = desk.asks(WORKER, "fi"), desk.asks(WORKER)

    def lacking(who, code, **fields):
        found = {one["code"]: one for one in who.get("/journeys/j-1/acts").json()["items"]}
        return next(x["lacking"] for x in found[code]["refused"] if x["fields"] == fields)

    assert "Intake" in lacking(asking, "enter-phase", phase="training")["state"]
    assert "Review" in lacking(asking, "enter-phase", phase="training")["missing"]
    assert "Review" in lacking(asking, "enter-phase", phase="competence-review")["state"]
    assert "Training" in lacking(asking, "propose-service", service="course")["missing"]
    assert "Intake" in lacking(asking, "propose-service", service="course")["state"]
    told = lacking(english, "enter-phase", phase="training")
    assert told["state"] == "the journey is in intake"
    assert told["missing"] == "it comes after competence-review"


def test_a_programme_tells_its_grounds_in_the_language(memory_desk):  # noqa: F811
    told = memory_desk.asks(WORKER, "fi").get("/programmes/trial/versions/1").json()
    assert told["deadlines"][0]["basis"] == "kymmenen työpäivää"
    assert told["phases"][0]["requires"][0]["basis"] == "edellytysten peruste"
    assert told["phases"][1]["requires"][0]["basis"] == "basis of interviewed"
