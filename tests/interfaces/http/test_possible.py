"""Which acts are possible now for me, and what is missing for the others."""

from domain.data_kinds import DataKind
from domain.journey import corrections, team
from interfaces.http.possible import ActsTold
from tests.domain import journeys as j
from tests.interfaces.http.acting import does, gives, headers, refer_body
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    STATE,
    STRANGER,
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


def test_an_entry_that_says_whose_a_journey_is_is_no_choice_of_the_team(desk):  # noqa: F811
    desk.registers("client-1", "Aino", "Mäkinen")
    desk.refers("j-1", "client-1")
    desk.takes("j-1")
    desk.does("j-1", team.join_team, person="worker-2", organisation="state", role="office")
    gives(desk, [kind.value for kind in DataKind])
    found = acts(desk, STATE)
    for code in ("correct", "retract"):
        assert found[code]["choices"] == [{"entry": [4]}]
        assert [one["fields"]["entry"] for one in found[code]["refused"]] == [1, 2, 3]
        assert acts(desk)[code]["choices"] == [{"entry": [1, 2, 3, 4]}]
    refused = does(desk.asks(STATE), "j-1", "retract", 4, entry=1, reason="a slip")
    assert refused.status_code == 403
    assert refused.json()["detail"] == found["retract"]["refused"][0]["lacking"]["missing"]


def test_who_opened_a_journey_to_read_it_refers_nobody_into_it(desk):  # noqa: F811
    desk.refers("j-1", "c-1")
    desk.does("j-1", corrections.retract, entry=1, reason=j.WHY)
    opened = desk.asks(STRANGER).post("/journeys/j-1/openings", json={"reason": "a slip"})
    assert opened.status_code == 201
    refer = acts(desk, STRANGER)["refer"]
    assert (refer["possible"], refer["permitted"]) == (False, False)
    body = refer_body(journey="j-1", from_organisation="elsewhere")
    answer = desk.asks(STRANGER).post("/journeys", json=body, headers=headers())
    assert (answer.status_code, answer.json()["reason"]) == (403, "opened-for-reading")
    assert answer.json()["detail"] == refer["missing"][0]["missing"]
