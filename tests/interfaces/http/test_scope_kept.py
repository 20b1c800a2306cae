"""Ways by which somebody might come to what is out of scope, and what becomes of them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from application.erasing import Cleared, erase
from application.ports import Append
from application.scope import Role
from application.transact import Asked
from domain.journey import team
from tests.domain import journeys as j
from tests.interfaces.http.acting import does, headers, refer_body, refers
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    STATE,
    STRANGER,
    as_client,
    memory_desk,  # noqa: F401
    opened_desk,
)


@pytest.fixture
def retracted(memory_desk):  # noqa: F811 - a fixture
    """A journey within the city whose referral was a slip, and was retracted."""
    memory_desk.refers("j-1", "client-1", from_organisation="city")
    memory_desk.takes("j-1")
    memory_desk.interviews("j-1")
    asking = memory_desk.asks(LEAD)
    assert does(asking, "j-1", "retract", 4, entry=1, reason="another client").status_code == 201
    return memory_desk


def refers_to_state(asking, own="state"):
    body = refer_body(
        journey="j-1", client="client-9", from_organisation=own, to_organisation="state"
    )
    return asking.post("/journeys", json=body, headers=headers())


def test_a_journey_whose_referral_was_retracted_is_not_taken_by_referring_anew(retracted):
    state = retracted.asks(STATE)
    answer = refers_to_state(state)
    assert (answer.status_code, answer.json()["reason"]) == (403, "not-in-scope")
    assert state.get("/journeys/j-1/timeline").status_code == 403


def test_not_in_a_batch_either(retracted):
    body = refer_body(journey="j-1", client="client-9", to_organisation="state")
    said = {"mode": "each", "acts": [{"act": "refer", "body": body}]}
    answer = retracted.asks(STATE).post("/batch", json=said, headers=headers())
    assert [item["code"] for item in answer.json()["items"]] == ["forbidden"]


def test_who_had_it_refers_the_client_anew(retracted):
    assert refers_to_state(retracted.asks(LEAD), own="city").status_code == 201


def test_who_referred_before_it_was_taken_may_ask_again(memory_desk):  # noqa: F811
    memory_desk.refers("j-1", "client-1")
    retracting = does(memory_desk.asks(LEAD), "j-1", "retract", 1, entry=1, reason="a slip")
    assert retracting.status_code == 201
    assert refers_to_state(memory_desk.asks(STRANGER), own="elsewhere").status_code == 403
    assert refers_to_state(memory_desk.asks(STATE)).status_code == 201


def test_a_journey_without_a_programme_is_out_of_scope_and_can_be_opened(retracted):
    stranger = retracted.asks(STRANGER)
    assert stranger.get("/journeys/j-1").json()["code"] == "out-of-scope"
    opened = stranger.post("/journeys/j-1/openings", json={"reason": "the client is here"})
    assert opened.status_code == 201
    assert stranger.get("/journeys/j-1/timeline").status_code == 200


@pytest.mark.parametrize("opened_on", [(MONDAY, 9), (MONDAY, 23)])
def test_what_was_opened_is_closed_at_the_same_hour_where_its_referral_was_retracted(
    memory_desk,  # noqa: F811
    opened_on,
):
    """In Helsinki the next day begins at 22 by UTC."""
    memory_desk.refers("j-1", "client-1")
    memory_desk.today(*opened_on)
    stranger = memory_desk.asks(STRANGER)
    opened = stranger.post("/journeys/j-1/openings", json={"reason": "the client is here"})
    last = date.fromisoformat(opened.json()["until"])
    retracting = does(memory_desk.asks(LEAD), "j-1", "retract", 1, entry=1, reason="a slip")
    assert (opened.status_code, retracting.status_code) == (201, 201)
    answers = []
    for hour in (21, 22):
        memory_desk.today(last, hour)
        answers.append(stranger.get("/journeys/j-1/timeline").status_code)
    assert answers == [200, 403]


def test_a_key_is_the_persons_own_whatever_the_ids_look_like(memory_desk):  # noqa: F811
    said = {"given_name": "Aino", "family_name": "Mäkinen"}
    one, other = replace(LEAD, person="lead"), replace(LEAD, person="lead/1")
    first = memory_desk.asks(one).post("/clients", json=said, headers=headers("1/k"))
    second = memory_desk.asks(other).post("/clients", json=said, headers=headers("k"))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["client"] != second.json()["client"]
    assert "idempotency-replayed" not in second.headers


def test_a_search_that_finds_somebody_out_of_scope_is_recorded_too(memory_desk):  # noqa: F811
    """Who digs by many searches stands in the log, and finds those known by name and day alone."""
    memory_desk.registers("client-1", "Aino", "Mäkinen", date(1991, 5, 17))
    asking = memory_desk.asks(STRANGER)

    def finds(**asked):
        answer = asking.post("/clients/search", json=asked)
        return len(answer.json()["items"])

    for asked in ({"born": "1991-05-17"}, {"name": "ai"}, {"name": "aino makinen"}):
        assert finds(**asked) == 0
    for name, born in (("ai", "1991-05-17"), ("aina", "1991-05-17"), ("aino", "1991-05-18")):
        assert finds(name=name, born=born) == 0
    for name in ("aino", "Mäkinen Aino"):
        assert finds(name=name, born="1991-05-17") == 1
    assert [(r.person, r.client, r.what) for r in memory_desk.parts.accesses.readings] == [
        (STRANGER.person, "client-1", "client-search-out-of-scope")
    ] * 2


def test_what_changed_of_a_client_since_is_a_reading(memory_desk):  # noqa: F811
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    asking, where = memory_desk.asks(LEAD), "/clients/client-1/contact-details"
    assert asking.post(where, json={"phone": "1"}, headers=headers(version=1)).status_code == 201
    memory_desk.parts.accesses.readings.clear()
    stale = asking.post(where, json={"phone": "2"}, headers=headers(version=1))
    assert (stale.status_code, len(stale.json()["changed"])) == (412, 1)
    assert [(r.client, r.what) for r in memory_desk.parts.accesses.readings] == [
        ("client-1", "changes")
    ]


@pytest.mark.parametrize("name", ["\ud800", "x" * 51, "Aino Mäkinen"])
def test_an_item_of_a_batch_is_not_called_what_no_item_can_be(memory_desk, name):  # noqa: F811
    said = json.dumps({"mode": "each", "acts": [{"act": "accept-referral", "as": name}]})
    more = {**headers(), "content-type": "application/json"}
    answer = memory_desk.asks(LEAD).post("/batch", content=said, headers=more)
    assert answer.status_code == 200
    assert [(item["code"], item["as"]) for item in answer.json()["items"]] == [("invalid", None)]


def told(asking, address):
    """Count the changes told, as asked for or as server-sent events."""
    return asking.get(address).text.count('"sentence"')


def test_who_left_the_team_by_way_of_another_process_hears_no_more(sqlite_url):
    nurse = replace(LEAD, person="nurse-1", role=Role.CASE_WORKER, organisation="health")
    who = {"person": "nurse-1", "organisation": "health"}
    with opened_desk(sqlite_url) as here, opened_desk(sqlite_url) as elsewhere:
        here.refers("j-1", "client-1")
        here.takes("j-1")
        here.does("j-1", team.join_team, role="health", **who)
        asking = here.asks(nurse)
        assert told(asking, "/changes?after=0") == 4
        elsewhere.does("j-1", team.leave_team, **who)
        elsewhere.interviews("j-1")
        assert told(asking, "/changes?after=0&limit=2") == 0
        assert told(asking, "/changes/live?after=0&seconds=0.2") == 0


def test_a_team_member_of_another_organisation_does_not_take_the_journey(memory_desk):  # noqa: F811
    memory_desk.refers("j-1", "client-1", from_organisation="city")
    memory_desk.takes("j-1")
    memory_desk.does("j-1", team.join_team, person="worker-2", organisation="state", role="support")
    asked = {"to_organisation": "state", "reason": "ours now"}
    answer = does(memory_desk.asks(STATE), "j-1", "request-handover", 4, **asked)
    assert (answer.status_code, answer.json()["reason"]) == (403, "only-for-the-responsible")


def opened_of(desk):
    return desk.asks(AUDITOR).get("/audit/openings").json()["items"]


@pytest.fixture
def anna(memory_desk):  # noqa: F811 - a fixture
    """The city's client, with a journey there; nobody of elsewhere has to do with her."""
    memory_desk.registers("client-1", "Anna", "Virtanen", date(1991, 5, 17))
    memory_desk.refers("j-1", "client-1", from_organisation="city")
    memory_desk.takes("j-1")
    return memory_desk


def test_nobody_refers_in_the_name_of_another_organisation(memory_desk):  # noqa: F811
    asking = memory_desk.asks(STRANGER)
    one = refers(asking, "j-1", from_organisation="state")
    assert (one.status_code, one.json()["reason"]) == (403, "not-own-referral")
    system = memory_desk.asks(replace(STATE, role=Role.INTEGRATION))
    assert refers(system, "j-1", from_organisation="elsewhere").status_code == 403
    assert refers(system, "j-1", from_organisation="state").status_code == 201
    assert refers(asking, "j-2", from_organisation="elsewhere").status_code == 201


def test_a_referral_is_not_corrected_to_another_referrer_or_a_client_out_of_scope(anna):
    anna.registers("client-2", "Aino", "Mäkinen")
    anna.refers("j-2", "client-2", to="state")
    made = anna.log.load("journey:j-1")[0].event

    def corrects(**more):
        fields = refer_body(definition_version=made.definition_version, from_organisation="city")
        fields.pop("occurred_on")
        event = {"kind": "referral-made", "fields": fields | more}
        return does(anna.asks(LEAD), "j-1", "correct", 3, entry=1, event=event, reason="a slip")

    assert corrects(from_organisation="health").json()["reason"] == "not-own-referral"
    assert corrects(client="client-2").json()["reason"] == "client-not-in-scope"
    assert corrects(client="client-3").status_code == 201


def test_a_client_out_of_scope_is_referred_with_a_reason_that_an_audit_shows(anna):
    asking = anna.asks(STRANGER)
    own = {"from_organisation": "elsewhere"}
    bare = refers(asking, "j-2", **own)
    assert (bare.status_code, bare.json()["code"]) == (403, "client-out-of-scope")
    assert "opening_reason" in bare.json()["detail"]
    assert refers(asking, "j-2", **own, opening_reason=" ").status_code == 403
    assert opened_of(anna) == []
    with_reason = {**own, "opening_reason": "She came to our desk"}
    wrong = refers(asking, "j-2", **with_reason, channel="by post")
    assert (wrong.status_code, opened_of(anna)) == (422, [])
    key, body = headers("once"), refer_body(journey="j-2", **with_reason)
    first = asking.post("/journeys", json=body, headers=key)
    again = asking.post("/journeys", json=body, headers=key)
    assert (first.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    told = [(one["journey"], one["person"], one["reason"]) for one in opened_of(anna)]
    assert told == [("j-2", "worker-9", "She came to our desk")]
    (opening,) = anna.log.load("access:j-2")
    assert opening.recorded_at <= anna.log.load("journey:j-2")[0].recorded_at


def test_nor_in_a_batch_without_a_reason(anna):
    asking = anna.asks(STRANGER)

    def asks_batch(mode, **more):
        body = refer_body(journey="j-2", from_organisation="elsewhere")
        body = {"acts": [{"act": "refer", "body": body | more["body"]}], "mode": mode}
        body["dry_run"] = more.get("dry_run", False)
        return asking.post("/batch", json=body, headers=headers()).json()

    (item,) = asks_batch("each", body={})["items"]
    assert (item["status"], item["code"]) == (403, "client-out-of-scope")
    said = {"opening_reason": "She came to our desk"}
    assert asks_batch("all", body=said, dry_run=True)["done"] == 1
    assert opened_of(anna) == []
    assert asks_batch("all", body=said)["done"] == 1
    assert [one["journey"] for one in opened_of(anna)] == ["j-2"]


@pytest.mark.parametrize("many", [False, True])
def test_no_reason_is_left_of_a_referral_that_an_erasure_overtook(memory_desk, monkeypatch, many):  # noqa: F811
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    log, stranger = memory_desk.log, memory_desk.asks(STRANGER)
    appends, append = log.append_all, log.append

    def overtaken(*asked, **how):
        monkeypatch.undo()
        asked_by = Asked(j.WORKER, MONDAY)
        gone = {"ground": "gdpr-17", "left": log.keys.left, "clear": lambda _: Cleared({}, (), ())}
        erase(memory_desk.office, "client-1", asked_by, journeys_of=lambda _: [], **gone)
        return (append if isinstance(asked[0], Append) else appends)(*asked, **how)

    for name in ("append", "append_all"):
        monkeypatch.setattr(log, name, overtaken)
    body = refer_body(journey="j-2", from_organisation="elsewhere", opening_reason="Aino came")
    acts = {"acts": [{"act": "refer", "body": body}], "mode": "all"}
    if many:
        answer = stranger.post("/batch", json=acts, headers=headers()).json()["items"][0]
    else:
        answer = stranger.post("/journeys", json=body, headers=headers()).json()
    assert (answer["status"], answer["code"]) == (409, "illegal-transition")
    assert log.keys.left(["client:client-1", "journey:j-2"]) is False
    assert opened_of(memory_desk) == []


def test_nor_of_one_that_is_refused_among_others(memory_desk):  # noqa: F811
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    memory_desk.registers("client-2", "Eino", "Virtanen")
    log, asked = memory_desk.log, Asked(j.WORKER, MONDAY)
    gone = {"ground": "gdpr-17", "left": log.keys.left, "clear": lambda _: Cleared({}, (), ())}
    erase(memory_desk.office, "client-1", asked, journeys_of=lambda _: [], **gone)
    told = {"from_organisation": "elsewhere", "opening_reason": "They came"}
    acts = [
        {"act": "refer", "body": refer_body(journey=journey, client=client, **told)}
        for journey, client in (("j-1", "client-1"), ("j-2", "client-2"))
    ]
    body = {"acts": acts, "mode": "each"}
    answer = memory_desk.asks(STRANGER).post("/batch", json=body, headers=headers()).json()
    assert [one["status"] for one in answer["items"]] == [409, 201]
    assert [one["journey"] for one in opened_of(memory_desk)] == ["j-2"]


def test_who_registered_a_client_sees_them_until_there_is_a_journey(memory_desk):  # noqa: F811
    memory_desk.registers("client-1", "Aino", "Mäkinen", date(1991, 5, 17))
    asking = memory_desk.asks(LEAD)

    def reached():
        page = asking.get("/clients/client-1").status_code
        found = len(asking.post("/clients/search", json={"name": "aino"}).json()["items"])
        where = "/clients/client-1/contact-details"
        changed = asking.post(where, json={"phone": "1"}, headers=headers(version=1))
        return page, found, changed.status_code

    assert reached() == (200, 1, 201)
    memory_desk.refers("j-1", "client-1", to="state")
    assert reached() == (403, 0, 403)


def test_a_team_member_does_not_undo_whose_the_journey_is(memory_desk):  # noqa: F811
    memory_desk.refers("j-1", "client-1", from_organisation="city")
    memory_desk.takes("j-1")
    memory_desk.does("j-1", team.join_team, person="worker-2", organisation="state", role="support")
    memory_desk.interviews("j-1")
    member, lead = memory_desk.asks(STATE), memory_desk.asks(LEAD)

    def retracts(asking, entry, version):
        answer = does(asking, "j-1", "retract", version, entry=entry, reason="a slip")
        return answer.status_code, answer.json().get("reason")

    for entry in (1, 2, 3):
        assert retracts(member, entry, 5) == (403, "only-for-the-responsible")
    event = {
        "kind": "case-worker-assigned",
        "fields": {"person": "worker-2", "organisation": "city"},
    }
    corrected = does(member, "j-1", "correct", 5, entry=3, event=event, reason="a slip")
    assert corrected.json()["reason"] == "only-for-the-responsible"
    assert retracts(member, 5, 5)[0] == 201
    assert retracts(lead, 3, 6)[0] == 201
    assert retracts(member, 7, 7) == (403, "only-for-the-responsible")


def test_to_a_client_what_is_anothers_is_as_what_there_is_not(memory_desk):  # noqa: F811
    for n in (1, 2):
        memory_desk.registers(f"client-{n}", "Aino", "Mäkinen")
        memory_desk.refers(f"j-{n}", f"client-{n}")
    asking = memory_desk.asks(as_client("client-1"))

    def told(journey, client):
        own = [{"person": "client-1", "role": "client"}]
        did = does(asking, journey, "agree-plan", 1, signatories=own)
        late = does(asking, journey, "agree-plan", 7, signatories=own)
        where = f"/clients/{client}"
        reached = asking.post(
            f"{where}/contact-details", json={"phone": "1"}, headers=headers(version=1)
        )
        late_too = asking.post(
            f"{where}/contact-details", json={"phone": "1"}, headers=headers(version=7)
        )
        looks = [asking.get(f"/journeys/{journey}{p}") for p in ("", "/timeline", "/acts")]
        answers = [did, late, reached, late_too, *looks, asking.get(where)]
        return [(a.status_code, a.json()["code"], a.json()["detail"]) for a in answers]

    foreign = told("j-2", "client-2")
    assert foreign == told("j-9", "client-9")
    assert {status for status, *_ in foreign} == {404}
    assert not any("reason" in detail or "register" in detail for *_, detail in foreign)
    assert asking.get("/clients/client-1").status_code == 200


def test_a_seat_is_for_a_client_in_scope_and_is_shown_to_those_who_know_them(anna):
    named = {"name": "School", "kind": "school"}
    school = replace(LEAD, person="teacher", organisation="school")
    city, stranger = anna.asks(LEAD), anna.asks(STRANGER)
    where = "/organisations/school"
    made = city.post("/organisations", json={"code": "school", **named}, headers=headers())
    assert made.status_code == 201
    days = {"start": "2025-03-03", "end": "2025-05-30", "place": "Workshop", "seats": 2}

    def acts(asking, code, version, **body):
        at = f"{where}/acts/{code}"
        answer = asking.post(at, json={"offering": "o"} | body, headers=headers(version=version))
        return answer.status_code, answer.json().get("reason")

    def holds(asking):
        return [s["client"] for s in asking.get(where).json()["offerings"][0]["held"]]

    assert acts(city, "publish-offering", 1, service="course", **days)[0] == 201
    seat = {"reference": "s-1", "client": "client-1"}
    assert acts(stranger, "reserve-seat", 2, **seat) == (403, "client-not-in-scope")
    anna.parts.accesses.readings.clear()
    assert acts(city, "reserve-seat", 2, **seat)[0] == 201
    assert acts(city, "reserve-seat", 3, **seat | {"reference": "s-2"})[0] == 409
    assert [(r.client, r.what) for r in anna.parts.accesses.readings] == [("client-1", "seats")] * 2
    assert (holds(city), holds(stranger)) == (["client-1"], [])
    assert holds(anna.asks(school)) == ["client-1"]
    for reference in ("s-1", "s-9"):
        gone = acts(stranger, "release-seat", 3, reference=reference, reason="ill")
        assert gone == (403, "client-not-in-scope")
    assert acts(anna.asks(school), "release-seat", 3, reference="s-1", reason="ill")[0] == 201
