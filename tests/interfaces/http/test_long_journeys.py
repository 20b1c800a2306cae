"""A journey of thousands of entries is answered in pages, and in no more time than they need."""

from collections.abc import Iterable
from datetime import date
from time import process_time
from typing import Any

from application.ports import Append, Fresh
from domain.journey import events as e
from tests.domain import journeys as j
from tests.interfaces.http.acting import headers, refers
from tests.interfaces.http.desk import MONDAY, STATE, Desk, memory_desk  # noqa: F401

MANY = 300


def attended(count: int) -> Iterable[e.JourneyEvent]:
    yield e.ReferralAccepted()
    yield e.ServiceStarted("s1", "course")
    for _ in range(count):
        yield e.AttendanceRecorded("s1", hours=1.0)


def happens(desk: Desk, events: Iterable[e.JourneyEvent], day: date = MONDAY) -> int:
    """Put a whole course of events into the history of j-1; return its version then."""
    refers(desk.asks(STATE))
    fresh = tuple(Fresh(event, day) for event in events)
    return desk.log.append(Append("journey:j-1", 1, fresh, j.WORKER)).version


def test_stale_acts_of_a_batch_are_told_the_newest_entries_once(memory_desk: Desk):  # noqa: F811
    version = happens(memory_desk, attended(MANY))
    acts: list[dict[str, Any]] = [
        {"act": "pause", "journey": "j-1", "version": seen, "body": {"reason": "x"}}
        for seen in (1, 2, version - 1)
    ]
    asked = {"mode": "each", "acts": acts}
    asking, noted = memory_desk.asks(), memory_desk.parts.accesses.readings
    before = len(noted)
    items = asking.post("/batch", json=asked, headers=headers()).json()["items"]
    changed = [[one["version"] for one in item["problem"]["changed"]] for item in items]
    assert changed == [[*range(version - 19, version + 1)]] * 2 + [[version]]
    assert [one.what for one in noted[before:]] == ["changes"]


def test_the_acts_of_a_journey_of_thousands_of_entries_are_told_in_a_second(
    memory_desk: Desk,  # noqa: F811
):
    version = happens(memory_desk, attended(5_000))
    asking = memory_desk.asks()
    asking.get("/journeys/j-1/timeline")
    before = process_time()
    items = asking.get("/journeys/j-1/acts").json()["items"]
    assert process_time() - before < 1.5
    [retract] = [one for one in items if one["code"] == "retract"]
    assert retract["choices"] == [{"entry": [*range(1, version + 1)]}]


def test_the_page_of_a_journey_has_the_newest_of_each_list_and_counts_all(
    memory_desk: Desk,  # noqa: F811
):
    events = [e.CompetenceRecorded(f"c{n}", "1") for n in range(MANY)]
    happens(memory_desk, [e.ReferralAccepted(), *events])
    page = memory_desk.asks().get("/journeys/j-1").json()
    assert page["counts"]["competences"] == MANY
    assert [one["concept"]["code"] for one in page["competences"]] == [
        f"c{n}" for n in range(MANY - 200, MANY)
    ]
    assert page["counts"]["placements"] == 0
