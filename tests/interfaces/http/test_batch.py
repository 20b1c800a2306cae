"""Many acts in one request over HTTP."""

from typing import Any

import pytest

from application.batch import MOST
from application.journeys import history
from application.office import TIME_ZONES
from tests.interfaces.http.acting import does, headers, refers
from tests.interfaces.http.desk import LEAD, MONDAY, STATE, STRANGER, Desk, desk, memory_desk

__all__ = ["desk", "memory_desk"]

ANNA = {
    "act": "register-client",
    "as": "anna",
    "body": {"given_name": "Anna", "family_name": "Virtanen", "date_of_birth": "1960-05-01"},
}
WAY = {
    "act": "refer",
    "as": "way",
    "body": {
        "programme": "trial",
        "client": "$anna",
        "from_organisation": "city",
        "to_organisation": "city",
        "channel": "walk-in",
    },
}


def on_way(act: str, **body: Any) -> dict[str, Any]:
    return {"act": act, "journey": "$way", "body": body}


BEGUN = [
    ANNA,
    WAY,
    on_way("accept-referral"),
    on_way("assign-case-worker", person="lead-1", organisation="city"),
    on_way("draft-plan", steps=[{"id": "s", "goal": "a job", "by": "2025-09-01"}]),
    on_way("agree-plan", signatories=[{"person": "$anna", "role": "client"}]),
]


def batch(
    desk: Desk, acts: list[Any], mode: str = "all", key: str | None = None, **more: Any
) -> Any:
    body = {"mode": mode, "acts": acts} | more
    return desk.asks(LEAD).post("/batch", json=body, headers=headers(key))


def codes(answer: Any) -> list[str | None]:
    return [item["code"] for item in answer.json()["items"]]


@pytest.mark.parametrize("mode", ["all", "each"])
def test_a_client_begins_a_way_in_one_request(desk: Desk, mode: str):
    answer = batch(desk, BEGUN, mode, key="k")
    said = answer.json()
    assert (answer.status_code, said["done"], said["refused"]) == (200, len(BEGUN), 0)
    items = said["items"]
    assert [item["status"] for item in items] == [201] * len(BEGUN)
    assert [item["as"] for item in items[:3]] == ["anna", "way", None]
    client, journey = items[0]["recorded"]["client"], items[1]["recorded"]["journey"]
    state = history(desk.office, journey).journey
    assert state.client == client
    assert [one.person for one in state.plan.signatories] == [client]
    [row] = desk.parts.views.journeys_of(client)
    assert (row.owner, row.version) == (journey, 5)
    assert row.position == items[-1]["recorded"]["position"] == desk.log.position()
    assert row.last_recorded_at == history(desk.office, journey).entries[-1].recorded_at
    again = batch(desk, BEGUN, mode, key="k")
    assert again.json() == said
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("mode", ["all", "each"])
def test_what_is_named_may_come_later(desk: Desk, mode: str):
    items = batch(desk, [BEGUN[2], WAY, ANNA], mode).json()["items"]
    assert [(one["item"], one["as"], one["status"]) for one in items] == [
        (0, None, 201),
        (1, "way", 201),
        (2, "anna", 201),
    ]
    journey = items[1]["recorded"]["journey"]
    assert items[0]["recorded"]["journey"] == journey
    assert history(desk.office, journey).journey.client == items[2]["recorded"]["client"]


@pytest.mark.parametrize("mode", ["all", "each"])
def test_a_consent_begins_on_the_day_where_the_batch_has_the_client_served(
    desk: Desk, mode: str, monkeypatch: pytest.MonkeyPatch
):
    """Also where it is tomorrow already in the country of another programme."""
    monkeypatch.setitem(TIME_ZONES, "FI", "Europe/Rome")
    monkeypatch.setitem(TIME_ZONES, "IT", "Europe/Helsinki")
    desk.today(MONDAY, 22)
    given = {"organisation": "state", "kinds": ["plan"]}
    first = {"act": "give-consent", "client": "$anna", "body": given}
    made = batch(desk, [*BEGUN, first], mode).json()["items"]
    assert [one["status"] for one in made] == [201] * 7
    client = made[0]["recorded"]["client"]
    later = first | {"client": client, "body": given | {"kinds": ["services"]}}
    ahead = later | {"body": given | {"kinds": ["contact"], "occurred_on": "2025-03-04"}}
    assert [one["status"] for one in batch(desk, [later, ahead], "each").json()["items"]] == [
        201,
        422,
    ]
    consents = desk.office.clients.newest(f"client:{client}").consents
    assert [one.start for one in consents] == [MONDAY, MONDAY]


def test_the_views_are_as_if_made_anew(desk: Desk):
    client = batch(desk, BEGUN).json()["items"][0]["recorded"]["client"]
    written = desk.parts.views.journeys_of(client), desk.parts.views.client(client)
    desk.keep()
    assert (desk.parts.views.journeys_of(client), desk.parts.views.client(client)) == written


def test_where_one_of_all_is_refused_the_answer_is_a_problem_with_the_report(desk: Desk):
    before = desk.log.position()
    bad = [*BEGUN, on_way("close", end_state="completed", destination="moved-away")]
    answer = batch(desk, bad)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "batch-refused")
    assert codes(answer) == [*(["not-recorded"] * len(BEGUN)), "invalid"]
    assert [item["status"] for item in said["items"]] == [*([424] * len(BEGUN)), 422]
    [wrong] = said["items"][-1]["problem"]["errors"]
    assert wrong["pointer"] == "/body/destination"
    assert desk.log.position() == before
    assert batch(desk, BEGUN).status_code == 200


def test_each_is_reported_with_its_code_and_its_place(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    acts = [
        *(ANNA, WAY | {"body": WAY["body"] | {"channel": "by post"}}),
        on_way("accept-referral"),
        {"act": "accept-referral", "journey": "$nobody", "body": {}},
        {"act": "accept-referral", "journey": "nowhere", "body": {}},
        {"act": "pause", "journey": "j-1", "version": 1, "body": {"reason": "x"}},
        {"act": "resume", "journey": "j-1", "body": {}},
        {"act": "change-contact-details", "client": "nobody", "body": {"phone": "1"}},
        {"act": "pause", "journey": "j-1", "body": {"reason": 5}},
        {"act": "dance", "journey": "j-1", "body": {}},
        "nothing",
        {"act": "pause", "journey": "j-1", "body": {"reason": "x"}, "idempotency_key": "a b"},
        {"act": "accept-referral", "journey": "j-1", "body": {}},
    ]
    answer = batch(desk, acts, "each")
    said = answer.json()
    assert (answer.status_code, said["done"], said["refused"]) == (200, 2, 11)
    assert codes(answer) == [
        *(None, "invalid", "reference-failed", "unknown-reference", "unknown-journey", "stale"),
        *("illegal-transition", "unknown-client", *(["invalid"] * 4), None),
    ]
    assert said["items"][-1]["status"] == 200
    places = {
        n: [one["pointer"] for one in item["problem"]["errors"]]
        for n, item in enumerate(said["items"])
        if item["code"] == "invalid"
    }
    assert places == {
        1: ["/body/channel"],
        8: ["/body/reason"],
        9: ["/act"],
        10: [""],
        11: ["/idempotency_key"],
    }
    changed = said["items"][5]["problem"]["changed"]
    assert [one["sentence"] for one in changed] == ["Referral accepted"]


def test_a_reference_that_leads_nowhere_is_pointed_at(desk: Desk):
    failing = WAY | {"body": WAY["body"] | {"channel": "by post"}}
    signed = {"signatories": [{"person": "c-9", "role": "x"}, {"person": "$eva", "role": "client"}]}
    said = WAY["body"] | {"client": "$eva", "definition_version": 1}
    told = {"kind": "referral-made", "occurred_on": "2025-03-03", "fields": said}
    acts = [
        *(ANNA, failing),
        on_way("accept-referral"),
        {"act": "accept-referral", "journey": "$eva", "body": {}},
        {"act": "change-contact-details", "client": "$eva", "body": {"phone": "1"}},
        {"act": "refer", "body": WAY["body"] | {"client": "$eva"}},
        {"act": "agree-plan", "journey": "j-1", "body": signed},
        {"act": "correct", "journey": "j-1", "body": {"entry": 1, "event": told, "reason": "slip"}},
    ]
    items = batch(desk, acts, "each").json()["items"]
    assert {one["code"] for one in items[3:]} == {"unknown-reference"}
    assert [[one["pointer"] for one in item["problem"]["errors"]] for item in items[2:]] == [
        ["/journey"],
        ["/journey"],
        ["/client"],
        ["/body/client"],
        ["/body/signatories/1/person"],
        ["/body/event/fields/client"],
    ]
    assert all(one["message"] for item in items[2:] for one in item["problem"]["errors"])


def test_who_is_behind_on_a_client_is_told_what_changed(desk: Desk):
    made = batch(desk, [ANNA]).json()["items"][0]["recorded"]["client"]
    late = {"act": "change-contact-details", "client": made, "version": 1, "body": {"phone": "2"}}
    batch(desk, [late | {"body": {"phone": "1"}}])
    noted = desk.parts.accesses.readings
    noted.clear()
    for more in ({"mode": "each"}, {"mode": "all"}, {"mode": "all", "dry_run": True}):
        [item] = batch(desk, [late], **more).json()["items"]
        assert item["code"] == "stale"
        [changed] = item["problem"]["changed"]
        assert (changed["version"], changed["kind"]) == (2, "contact-details-changed")
        assert (changed["person"], changed["organisation"]["code"]) == ("lead-1", "city")
    assert [(one.what, one.client) for one in noted] == [("changes", made)] * 3


def test_who_is_behind_on_a_client_of_the_same_batch_is_told_of_nothing_recorded(desk: Desk):
    late = {
        "act": "change-contact-details",
        "client": "$anna",
        "version": 2,
        "body": {"phone": "2"},
    }
    answer = batch(desk, [ANNA, late], "each", dry_run=True)
    assert codes(answer) == [None, "stale"]
    assert "changed" not in answer.json()["items"][1]["problem"]
    assert desk.parts.accesses.readings == []


def test_a_dry_run_says_what_would_be_and_stores_nothing(desk: Desk):
    before = desk.log.position()
    bad = [*BEGUN, on_way("resume")]
    for mode in ("all", "each"):
        tried = batch(desk, bad, mode, key="k", dry_run=True)
        assert tried.status_code == 200
        assert codes(tried) == [*([None] * len(BEGUN)), "illegal-transition"]
        assert "idempotency-replayed" not in tried.headers
    assert desk.log.position() == before
    done = batch(desk, BEGUN, key="k")
    ids = [item["recorded"].get("journey") for item in done.json()["items"]]
    assert ids == [item["recorded"].get("journey") for item in tried.json()["items"][:-1]]


def test_the_same_key_for_another_batch_is_refused(memory_desk: Desk):
    batch(memory_desk, BEGUN, key="k")
    for other in (BEGUN[:-1], [*BEGUN[:-1], on_way("pause", reason="x")]):
        for mode in ("all", "each"):
            answer = batch(memory_desk, other, mode, key="k")
            assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")


def test_of_another_batch_under_the_same_key_nothing_is_recorded(desk: Desk):
    """Also in places where nothing was recorded under the key before."""
    bad = ANNA | {"as": "aino", "body": ANNA["body"] | {"date_of_birth": "2198-01-01"}}
    assert codes(batch(desk, [ANNA, bad], "each", key="k")) == [None, "invalid"]
    before = desk.log.position()
    mended = bad | {"body": ANNA["body"] | {"given_name": "Aino"}}
    for acts in ([ANNA, mended], [ANNA, bad, mended], [mended, mended | {"as": "other"}]):
        for mode in ("all", "each"):
            answer = batch(desk, acts, mode, key="k")
            assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
            assert desk.log.position() == before, (acts, mode)
    assert codes(batch(desk, [ANNA, bad], "each", key="k")) == [None, "invalid"]
    assert codes(batch(desk, [ANNA, mended], "each", key="another")) == [None, None]


def test_an_act_with_a_key_of_its_own_is_the_same_by_itself(memory_desk: Desk):
    refers(memory_desk.asks(STATE))
    first = does(memory_desk.asks(LEAD), "j-1", "accept-referral", 1, key="mine")
    act = {"act": "accept-referral", "journey": "j-1", "body": {}, "idempotency_key": "mine"}
    [item] = batch(memory_desk, [act]).json()["items"]
    assert item["recorded"] == first.json()


def test_nobody_does_more_in_a_batch_than_alone(memory_desk: Desk):
    refers(memory_desk.asks(STATE))
    acts = [{"act": "accept-referral", "journey": "j-1", "body": {}}]
    answer = memory_desk.asks(STRANGER).post(
        "/batch", json={"mode": "each", "acts": acts}, headers=headers()
    )
    assert codes(answer) == ["forbidden"]
    assert answer.json()["items"][0]["problem"]["reason"] == "not-in-scope"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"mode": "all", "acts": []}, "/acts"),
        ({"mode": "all", "acts": [{"act": "pause"}] * (MOST + 1)}, "/acts"),
        ({"mode": "some", "acts": [ANNA]}, "/mode"),
        ({"acts": [ANNA]}, "/mode"),
        ({"mode": "all", "acts": [ANNA], "dry_run": "yes"}, "/dry_run"),
        ({"mode": "all", "acts": [ANNA], "dryrun": True}, "/dryrun"),
    ],
)
def test_a_batch_that_is_none_is_refused_as_a_whole(
    memory_desk: Desk, body: dict[str, Any], pointer: str
):
    answer = memory_desk.asks(LEAD).post("/batch", json=body, headers=headers())
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("first", [ANNA, ANNA | {"body": {"given_name": 5}}])
def test_an_act_called_as_another_is_pointed_at(memory_desk: Desk, first: Any):
    answer = batch(memory_desk, [first, ANNA], "each", dry_run=True)
    [wrong] = answer.json()["items"][1]["problem"]["errors"]
    assert (wrong["pointer"], wrong["message"]) == ("/as", "act 0 is called so too")


def test_a_batch_takes_500_acts_and_no_more(memory_desk: Desk):
    acts = [{"act": "register-client", "body": {"given_name": f"A{n}"}} for n in range(501)]
    taken = batch(memory_desk, acts[:500])
    assert (taken.status_code, taken.json()["done"]) == (200, 500)
    before = memory_desk.log.position()
    refused = batch(memory_desk, acts)
    assert refused.status_code == 422
    [wrong] = refused.json()["errors"]
    assert (wrong["pointer"], wrong["message"]) == ("/acts", "give at most 500 of these")
    assert memory_desk.log.position() == before


def test_a_batch_has_a_key(memory_desk: Desk):
    answer = memory_desk.asks(LEAD).post("/batch", json={"mode": "all", "acts": [ANNA]})
    assert (answer.status_code, answer.json()["code"]) == (400, "key-missing")


def test_the_description_has_every_act_of_a_batch(described: dict[str, Any]):
    document = described
    schemas = document["components"]["schemas"]
    items = schemas["BatchSaid"]["properties"]["acts"]["items"]
    assert len(items["oneOf"]) == len(items["discriminator"]["mapping"]) == 58
    operations = [one["operationId"] for p in document["paths"].values() for one in p.values()]
    assert len(operations) == len(set(operations))
    assert {"do_batch", "refer", "hold_intake_interview", "register_client"} <= set(operations)
    pausing = document["paths"]["/journeys/{journey}/acts/pause"]["post"]
    assert {"200", "201", "400", "403", "404", "409", "412", "422", "428"} <= set(
        pausing["responses"]
    )
    needed = {one["name"] for one in pausing["parameters"] if one["required"]}
    assert needed == {"journey", "Idempotency-Key", "If-Match"}
