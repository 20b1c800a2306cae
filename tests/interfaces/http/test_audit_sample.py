"""Samples of journeys over HTTP."""

import pytest

from interfaces.http import audit_extent
from interfaces.http.audit_sample import SampleTold
from tests.interfaces.http.desk import AUDITOR, LEAD, desk  # noqa: F401


def test_a_sample_is_drawn_certified_and_drawn_again(desk):  # noqa: F811
    for number in range(8):
        desk.refers(f"j-{number}", f"c-{number}", to="city" if number % 4 else "state")
    asking, asked = desk.asks(AUDITOR), {"size": 4, "seed": "spring", "by": "organisation"}
    told = asking.get("/audit/sample", params=asked | {"programme": "trial"}).json()
    assert SampleTold.model_validate(told).model_dump(mode="json") == told
    assert [(x["name"], x["journeys"], len(x["drawn"])) for x in told["strata"]] == [
        ("city", 6, 3),
        ("state", 2, 1),
    ]
    assert (told["root"], told["where"]) == (None, {"programme": "trial"})
    desk.refers("j-8", "c-8")
    again = asked | {"programme": "trial", "position": told["position"]}
    assert asking.get("/audit/sample", params=again).json() == told
    assert {x.journey for x in desk.parts.accesses.readings} == set(told["journeys"])
    assert asking.get("/audit/sample?size=201&seed=s").status_code == 422
    assert desk.asks(LEAD).get("/audit/sample?seed=s").status_code == 403


def test_more_journeys_than_an_answer_reads_are_not_drawn_from(
    desk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    desk.refers("j-1", "c-1")
    desk.refers("j-2", "c-2")
    monkeypatch.setattr(audit_extent, "MOST_JOURNEYS", 2)
    asking = desk.asks(AUDITOR)
    assert asking.get("/audit/sample?seed=s").status_code == 200
    desk.refers("j-3", "c-3")
    refused = asking.get("/audit/sample?seed=s").json()
    assert (refused["code"], refused["status"]) == ("too-many-to-fold", 422)
    assert "there are 3 journeys, and an answer reads at most 2" in refused["detail"]
