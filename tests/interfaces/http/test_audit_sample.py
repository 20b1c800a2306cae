"""Samples of journeys over HTTP."""

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
