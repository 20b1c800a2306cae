"""Overviews over all journeys over HTTP."""

from datetime import timedelta

import pytest

from interfaces.http import audit_extent
from interfaces.http.audit_overviews import FoundEntries, OverviewTold
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)


def test_an_overview_goes_down_to_the_entries_page_by_page(desk):  # noqa: F811
    for number in range(3):
        desk.refers(f"j-{number}", f"c-{number}")
    desk.today(MONDAY + timedelta(days=7))
    for number in range(3):
        desk.takes(f"j-{number}")
    asking = desk.asks(AUDITOR)
    told = asking.get("/audit/overviews/late").json()
    assert OverviewTold.model_validate(told).model_dump(mode="json") == told
    assert [(x["organisation"], x["found"], x["among"]) for x in told["distributions"]] == [
        (None, 6, 9),
        ("city", 6, 6),
        ("state", 0, 3),
    ]
    assert told["distributions"][0]["days"] == {
        "least": 0,
        "median": 7,
        "ninety": 7,
        "ninety_nine": 7,
        "most": 7,
    }
    found, cursor = [], {}
    while cursor is not None:
        page = asking.get("/audit/overviews/late/entries", params={"limit": 4, **cursor}).json()
        assert FoundEntries.model_validate(page).model_dump(mode="json") == page
        found += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert [(x["stream"], x["entry"], x["days"]) for x in found] == [
        (f"journey:j-{number}", entry, 7) for number in range(3) for entry in (2, 3)
    ]
    assert {x.journey for x in desk.parts.accesses.readings} == {"j-0", "j-1", "j-2"}


@pytest.mark.parametrize("kind", ["late", "missed-deadlines"])
def test_what_is_recorded_between_two_pages_changes_none(memory_desk, kind):  # noqa: F811
    desk = memory_desk  # noqa: F811
    desk.today(MONDAY + timedelta(days=30))
    for number in range(3):
        desk.refers(f"j-{number}", f"c-{number}")
        desk.takes(f"j-{number}")
    asking, where = desk.asks(AUDITOR), f"/audit/overviews/{kind}/entries"
    whole = asking.get(where).json()["items"]
    page = asking.get(where, params={"limit": 1}).json()
    turned = page["items"]
    for number in range(3):
        desk.interviews(f"j-{number}")  # recorded late, and it was in time
    while page["next"]:
        page = asking.get(where, params={"limit": 1, "cursor": page["next"]}).json()
        turned += page["items"]
    assert len(whole) > 2
    assert turned == whole
    assert asking.get(where).json()["items"] != whole
    for cursor in ("x.7", "7", ".7", "999999.7"):
        assert asking.get(where, params={"cursor": cursor}).json()["code"] == "bad-cursor"


def test_overviews_are_for_auditors_alone_and_of_what_is_known(desk):  # noqa: F811
    assert desk.asks(LEAD).get("/audit/overviews/late").status_code == 403
    asking = desk.asks(AUDITOR)
    assert asking.get("/audit/overviews/hair").json()["code"] == "invalid"
    where = "/audit/overviews/missed-deadlines/entries"
    assert asking.get(f"{where}?cursor=nonsense").json()["code"] == "bad-cursor"
    assert asking.get(where).json() == {"items": [], "next": None}


def test_an_overview_of_more_than_an_answer_reads_is_refused(desk, monkeypatch):  # noqa: F811
    monkeypatch.setattr(audit_extent, "MOST_ENTRIES", 3)
    monkeypatch.setattr(audit_extent, "MOST_JOURNEYS", 0)
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    desk.today(MONDAY + timedelta(days=7))
    desk.refers("j-2", "c-2")
    asking = desk.asks(AUDITOR)
    for where in ("late", "late/entries", "missed-deadlines", "missed-deadlines/entries"):
        refused = asking.get(f"/audit/overviews/{where}").json()
        assert (refused["code"], refused["status"]) == ("too-many-to-fold", 422)
    few = asking.get("/audit/overviews/late?since=2025-03-10&until=2025-03-10").json()
    assert [one["among"] for one in few["distributions"]] == [1, 1]
