"""Which acts are possible now for me, and what is missing for the others."""

from interfaces.http.possible import ActsTold
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    WORKER,
    as_client,
    desk,  # noqa: F401
)


def acts(desk, scope=WORKER, language="en"):  # noqa: F811
    answer = desk.asks(scope, language).get("/journeys/j-1/acts")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert ActsTold.model_validate(told).model_dump(mode="json") == told
    assert answer.headers["etag"] == f'"{told["version"]}"'
    return {one["code"]: one for one in told["items"]}


def test_what_is_possible_and_what_is_missing_in_words(desk):  # noqa: F811
    desk.refers("j-1", "c-1")
    found = acts(desk)
    assert found["accept-referral"]["possible"] is True
    assert found["hold-intake-interview"]["possible"] is False
    assert found["hold-intake-interview"]["missing"][0]["missing"]
    desk.takes("j-1")
    later = acts(desk)
    assert later["hold-intake-interview"]["possible"] is True
    assert later["accept-referral"]["possible"] is False
    entering = later["enter-phase"]["refused"][0]
    assert entering["fields"] == {"phase": "intake"}
    assert [one["id"] for one in entering["lacking"]["requirements"]] == ["eligible"]


def test_who_may_not_is_told_so(desk):  # noqa: F811
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    assert acts(desk)["exempt-deadline"]["permitted"] is False
    assert acts(desk, LEAD)["exempt-deadline"]["possible"] is True
    assert not any(one["permitted"] for one in acts(desk, AUDITOR).values())
    own = acts(desk, as_client("c-1"))
    assert own["give-feedback"]["permitted"] is True
    assert own["close"]["permitted"] is False
