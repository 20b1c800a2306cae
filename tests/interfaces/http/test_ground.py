"""Why something is due, where Polku's own calendar of follow-ups says it: in the language asked."""

from dataclasses import replace

import pytest
from icalendar import Calendar

from domain.definition import Phase
from domain.journey import course, placement
from domain.journey import events as e
from domain.wording import English
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    LEAD,
    MONDAY,
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
    grounds = ["FOLLOW-UP CALENDAR", "ten working days"]
    assert sorted(one["basis"] for one in page) == grounds
    assert sorted(one["basis"] for one in due) == grounds
    assert sorted(str(one["description"]) for one in feed.walk("VEVENT")) == grounds
