"""The calendar feed of a worker, parsed back."""

from datetime import date, timedelta
from itertools import islice

import pytest
from icalendar import Calendar

from domain.journey import course
from interfaces.http import calendar as calendar_module
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    LEAD,
    MANAGER,
    MONDAY,
    STRANGER,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)


@pytest.fixture
def due(desk):  # noqa: F811
    desk.registers("c-1", "Aino", "Mäkinen")
    for number in (1, 2):
        desk.refers(f"j-{number}", f"c-{number}", MONDAY)
        desk.takes(f"j-{number}", MONDAY)
    return desk


def feed(desk, scope=LEAD, **asked):  # noqa: F811
    answer = desk.asks(scope).get("/calendar/worker-1.ics", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content)


def test_deadlines_are_all_day_events_that_name_no_client(due):
    calendar = feed(due)
    events = calendar.walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [
        "First interview: j-1",
        "First interview: j-2",
    ]
    first = events[0]
    assert first.decoded("dtstart") == date(2025, 3, 17)
    assert first.decoded("dtend") == date(2025, 3, 18)
    assert str(first["description"]) == "ten working days"
    assert b"kinen" not in calendar.to_ical()


def test_the_client_is_named_where_it_is_asked_for(due):
    summaries = [str(event["summary"]) for event in feed(due, names="true").walk("VEVENT")]
    assert summaries == ["First interview: Aino Mäkinen", "First interview: j-2"]


def test_an_event_that_moves_keeps_its_uid(due):
    before = feed(due).walk("VEVENT")[0]
    due.does(
        "j-1",
        course.move_deadline,
        MONDAY,
        deadline=str(before["uid"]).removeprefix("j-1/").removesuffix("@polku"),
        due=MONDAY + timedelta(days=3),
        reason=j.WHY,
    )
    after = feed(due).walk("VEVENT")[0]
    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") == MONDAY + timedelta(days=3)
    assert after["sequence"] > before["sequence"]


def test_an_event_that_says_something_else_is_the_newer_one(due):
    """Of two that have the same number, calendars take the one of the later stamp."""
    before = feed(due, names="true").walk("VEVENT")[1]
    due.today(MONDAY, hour=10)
    due.registers("c-2", "Bo", "Ek")  # nothing happened in the journey
    after = feed(due, names="true").walk("VEVENT")[1]
    assert [str(one["summary"]) for one in (before, after)] == [
        "First interview: j-2",
        "First interview: Bo Ek",
    ]
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"])
    assert after.decoded("dtstamp") > before.decoded("dtstamp")


@pytest.fixture
def moving(due, monkeypatch):
    """Move a deadline each time that a page of one is read: `moving(journey, days)`."""
    monkeypatch.setattr(calendar_module, "MOST", 1)
    read = due.parts.views.due

    def begin(journey, days):
        to = iter(days)

        def read_and_moved(*asked):
            page = read(*asked)
            for day in islice(to, 1):
                due.does(
                    journey, course.move_deadline, deadline="interview/2", due=day, reason=j.WHY
                )
            return page

        monkeypatch.setattr(due.parts.views, "due", read_and_moved)
        return [(str(one["uid"]), one.decoded("dtstart")) for one in feed(due).walk("VEVENT")]

    return begin


@pytest.mark.parametrize("journey", ["j-1", "j-2"])
@pytest.mark.parametrize("days", [1, 30])
def test_what_is_moved_while_the_calendar_is_read_is_in_it_once(moving, journey, days):
    there = {f"j-{n}/interview/2@polku": date(2025, 3, 17) for n in (1, 2)}
    there[f"{journey}/interview/2@polku"] = to = MONDAY + timedelta(days=days)
    found = moving(journey, [to])
    assert sorted(found) == sorted(there.items())


def test_what_is_moved_again_and_again_is_in_the_calendar_once(moving):
    found = moving("j-1", [MONDAY + timedelta(days=20 + n) for n in range(100)])
    assert sorted(uid for uid, _ in found) == ["j-1/interview/2@polku", "j-2/interview/2@polku"]


def test_what_is_done_is_in_no_calendar(due):
    due.interviews("j-1")
    assert [str(event["summary"]) for event in feed(due).walk("VEVENT")] == ["First interview: j-2"]


def test_a_worker_of_another_organisation_gets_an_empty_calendar(due):
    assert feed(due, STRANGER).walk("VEVENT") == []
    assert due.asks(MANAGER).get("/calendar/worker-1.ics").status_code == 403


@pytest.mark.parametrize(
    ("today", "told_on"), [(MONDAY, date(2025, 3, 17)), (date(2025, 6, 2), date(2025, 6, 2))]
)
def test_a_calendar_without_room_for_all_says_so_where_somebody_looks(
    due, monkeypatch, today, told_on
):
    monkeypatch.setattr(calendar_module, "LONGEST", 1)
    monkeypatch.setattr(calendar_module, "MOST", 1)
    due.today(today)
    first, more = feed(due).walk("VEVENT")
    assert str(first["summary"]) == "First interview: j-1"
    assert str(more["summary"]) == "More is due from 2025-03-17 on than this calendar shows"
    assert more.decoded("dtstart") == told_on
    monkeypatch.setattr(calendar_module, "LONGEST", 2)
    assert len(feed(due).walk("VEVENT")) == 2


def test_each_client_in_the_calendar_is_a_reading(due):
    feed(due)
    assert [(r.client, r.what) for r in due.parts.accesses.readings] == [
        ("c-1", "calendar"),
        ("c-2", "calendar"),
    ]
