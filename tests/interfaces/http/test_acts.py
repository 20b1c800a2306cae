"""Every act over HTTP: what it records, what it answers, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from application.catalogue import JOURNEY_ACTS
from application.journeys import history
from domain.journey.events import KINDS
from interfaces.http.acts import journeys
from interfaces.http.acts.events import CORRECTIONS
from tests.domain import journeys as j
from tests.interfaces.http.acting import (
    BEGUN,
    PATHS,
    SIGNED,
    STEPS,
    WHY,
    does,
    headers,
    refer_body,
    refers,
    walk,
)
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    Desk,
    as_client,
    desk,
    memory_desk,
)

__all__ = ["desk", "memory_desk"]


@pytest.mark.parametrize("path", PATHS)
def test_a_lawful_path_is_recorded_act_by_act(desk: Desk, path: str):
    answers = walk(desk, path)
    entries = history(desk.office, "j-1").entries
    told = [entry for answer in answers for entry in answer.json()["entries"]]
    assert [entry["version"] for entry in told] == [entry.version for entry in entries]
    for number, answer in enumerate(answers, start=1):
        said = answer.json()
        assert said["journey"] == "j-1"
        assert said["version"] == number
        assert answer.headers["etag"] == f'"{number}"'
        assert answer.headers["location"] == "/journeys/j-1" == said["links"]["self"]
        assert "idempotency-replayed" not in answer.headers
    assert {entry.occurred_on for entry in entries} == {MONDAY}


def test_the_paths_go_through_every_act():
    assert {act for path in PATHS.values() for act, _ in path} | {"refer"} == set(JOURNEY_ACTS)


def test_every_event_is_reached_by_an_act(memory_desk: Desk):
    found = set()
    for number, path in enumerate(PATHS):
        answers = walk(memory_desk, path, f"j-{number}")
        found |= {entry["kind"] for answer in answers for entry in answer.json()["entries"]}
    assert found == set(KINDS)
    assert {KINDS[kind] for kind in found} > set(CORRECTIONS)


def test_a_no_by_law_is_recorded_as_well(desk: Desk):
    refers(desk.asks(STATE))
    facts = {"unemployed_since": "2025-02-01"}
    answer = does(desk.asks(LEAD), "j-1", "assess-eligibility", 1, given=facts)
    assert answer.status_code == 201
    assert answer.json()["entries"][0]["kind"] == "eligibility-assessed"
    assert not history(desk.office, "j-1").journey.eligibility.eligible


def test_the_register_says_what_the_assessor_does_not(desk: Desk):
    desk.registers("client-1", "Aino", "Mäkinen", date(1990, 1, 1), by=j.STATE)
    walk(desk, "to work")
    assessed = history(desk.office, "j-1").entries[1].event
    assert assessed.eligible


def test_a_day_that_is_left_out_is_today_where_the_programme_is(desk: Desk):
    refers(desk.asks(STATE))
    desk.today(MONDAY, hour=22)  # in UTC: it is past midnight in Finland
    answer = does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    assert answer.json()["entries"][0]["occurred_on"] == (MONDAY + timedelta(days=1)).isoformat()


def test_a_corrected_day_is_pointed_to_also_past_midnight_where_the_programme_is(
    memory_desk: Desk,
):
    refers(memory_desk.asks(STATE))
    does(memory_desk.asks(LEAD), "j-1", "accept-referral", 1)
    memory_desk.today(MONDAY, hour=22)  # in UTC: it is past midnight in Finland
    tomorrow, after = ((MONDAY + timedelta(days=days)).isoformat() for days in (1, 2))
    fields = refer_body() | {"definition_version": 2}
    fields.pop("occurred_on")
    late = {"kind": "referral-made", "occurred_on": tomorrow, "fields": fields}
    said = {"entry": 1, "event": late, "reason": WHY}
    for on, pointer in ((tomorrow, "/event/occurred_on"), (after, "/occurred_on")):
        answer = does(memory_desk.asks(LEAD), "j-1", "correct", 2, occurred_on=on, **said)
        assert answer.status_code == 422, answer.text
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_an_id_is_made_for_a_journey_and_is_the_same_for_the_same_key(desk: Desk):
    asking = desk.asks(STATE)
    first = asking.post("/journeys", json=refer_body(), headers=headers("k"))
    again = asking.post("/journeys", json=refer_body(), headers=headers("k"))
    other = asking.post("/journeys", json=refer_body(), headers=headers("l"))
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert other.json()["journey"] != first.json()["journey"]


def test_a_repetition_gets_the_first_answer_whatever_happened_since(desk: Desk):
    asking = desk.asks(LEAD)
    refers(desk.asks(STATE))
    first = does(asking, "j-1", "accept-referral", 1, key="k")
    does(asking, "j-1", "join-team", 2, person="n", organisation="health", role="health")
    desk.today(MONDAY + timedelta(days=3))
    again = does(asking, "j-1", "accept-referral", 1, key="k")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"


def test_a_repetition_gets_the_first_answer_where_the_journey_has_gone_elsewhere(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    does(desk.asks(LEAD), "j-1", "request-handover", 2, to_organisation="state", reason=WHY)
    first = does(desk.asks(STATE), "j-1", "decline-handover", 3, key="k", reason=WHY)
    again = does(desk.asks(STATE), "j-1", "decline-handover", 3, key="k", reason=WHY)
    assert (again.status_code, again.json()) == (201, first.json())
    anew = does(desk.asks(STATE), "j-1", "decline-handover", 4, reason="no")
    assert anew.status_code == 403


def test_the_same_key_for_another_act_is_refused(desk: Desk):
    asking = desk.asks(LEAD)
    refers(desk.asks(STATE))
    does(asking, "j-1", "accept-referral", 1, key="k")
    other = does(asking, "j-1", "join-team", 2, key="k", person="n", organisation="o", role="r")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    changed = does(asking, "j-1", "accept-referral", 1, key="k", occurred_on="2025-03-03")
    assert changed.json()["code"] == "key-reused"


def test_another_person_s_key_is_another(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1, key="k")
    answer = does(
        desk.asks(WORKER), "j-1", "join-team", 2, key="k", person="n", organisation="o", role="r"
    )
    assert answer.status_code == 201


def test_what_has_taken_effect_is_answered_without_an_entry(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    again = does(desk.asks(LEAD), "j-1", "accept-referral", 2, key="k")
    assert (again.status_code, again.json()["entries"]) == (200, [])
    assert again.json()["version"] == 2
    assert again.headers["etag"] == '"2"'
    replayed = does(desk.asks(LEAD), "j-1", "accept-referral", 2, key="k")
    assert (replayed.status_code, replayed.json()) == (200, again.json())
    assert replayed.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("left_out", "status", "code"),
    [("Idempotency-Key", 400, "key-missing"), ("If-Match", 428, "version-missing")],
)
def test_a_write_says_which_request_it_is_and_what_was_seen(
    memory_desk: Desk, left_out: str, status: int, code: str
):
    refers(memory_desk.asks(STATE))
    said = headers(version=1)
    del said[left_out]
    answer = memory_desk.asks(LEAD).post(
        "/journeys/j-1/acts/accept-referral", json={}, headers=said
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert history(memory_desk.office, "j-1").version == 1


def test_a_header_that_is_not_well_formed_is_refused(memory_desk: Desk):
    refers(memory_desk.asks(STATE))
    asking = memory_desk.asks(LEAD)
    versions = ("*", "1", '"one"', 'W/"1"', '"1", "2"', '"0"')
    bad = [("If-Match", value) for value in versions]
    bad += [("Idempotency-Key", value) for value in ("", "a b", "k" * 201, "ä")]
    for header, value in bad:
        said = headers(version=1) | {header: value}
        encoded = {name: text.encode("latin-1") for name, text in said.items()}
        answer = asking.post("/journeys/j-1/acts/accept-referral", json={}, headers=encoded)
        assert answer.status_code == 422, (header, value)
        (wrong,) = answer.json()["errors"]
        assert (wrong["place"], wrong["pointer"]) == ("header", f"/{header}"), (header, value)
        assert "^" not in wrong["message"], "a pattern tells nobody what to send"
    assert history(memory_desk.office, "j-1").version == 1


def test_who_is_behind_is_told_what_changed_since(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    desk.today(MONDAY + timedelta(days=1))
    does(
        desk.asks(WORKER),
        *("j-1", "hold-intake-interview", 2),
        situation={"employment": "unemployed"},
        note="Likes the woods",
        occurred_on="2025-03-03",
    )
    answer = does(desk.asks(LEAD), "j-1", "pause", 1, reason=WHY)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (412, "stale")
    assert (said["expected"], said["actual"]) == (1, 3)
    assert [one["version"] for one in said["changed"]] == [2, 3]
    held = said["changed"][1]
    assert held["kind"] == "intake-interview-held"
    assert "Likes the woods" in held["sentence"]
    assert (held["person"], held["organisation"]["code"]) == ("worker-1", "city")
    assert held["occurred_on"] == "2025-03-03"
    assert held["recorded_at"].startswith("2025-03-04T09:00")
    in_finnish = desk.asks(LEAD, language="fi")
    changed = does(in_finnish, "j-1", "pause", 1, reason=WHY).json()["changed"]
    assert changed[0]["sentence"] == "Ohjaus hyväksytty"
    noted = desk.parts.accesses.readings[-1]
    assert (noted.what, noted.client, noted.person) == ("changes", "client-1", "lead-1")


def test_what_is_recorded_while_somebody_is_told_what_changed_counts_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    tell = journeys.changes

    def told_late(*asked: Any) -> Any:
        assert does(desk.asks(LEAD), "j-1", "pause", 2, reason=WHY).status_code == 201
        return tell(*asked)

    monkeypatch.setattr(journeys, "changes", told_late)
    said = does(desk.asks(WORKER), "j-1", "advise-employer", 1, employer="f", topic="t").json()
    assert [one["version"] for one in said["changed"]] == [2, 3]
    assert said["actual"] == 3
    assert "version 3, not 1" in said["detail"]


def test_who_is_behind_and_out_of_scope_is_told_nothing(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    answer = does(desk.asks(STRANGER), "j-1", "pause", 1, reason=WHY)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "changed" not in answer.json()


def test_of_two_at_once_one_acts_and_the_other_is_told(desk: Desk):
    refers(desk.asks(STATE))
    does(desk.asks(LEAD), "j-1", "accept-referral", 1)
    asking = [desk.asks(replace(LEAD, person=f"lead-{n}")) for n in range(2)]

    def joins(number: int) -> Any:
        said = {"person": f"n-{number}", "organisation": "health", "role": "health"}
        return does(asking[number], "j-1", "join-team", 2, **said)

    with ThreadPoolExecutor(2) as together:
        answers = sorted(together.map(joins, range(2)), key=lambda a: a.status_code)
    assert [a.status_code for a in answers] == [201, 412]
    [changed] = answers[1].json()["changed"]
    assert changed["version"] == answers[0].json()["version"] == 3


INTERVIEW = "hold-intake-interview"

BAD: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("accept-referral", {"reason": WHY}, "/reason", "extra-forbidden"),
    ("decline-referral", {}, "/reason", "missing"),
    ("decline-referral", {"reason": 5}, "/reason", "string-type"),
    ("decline-referral", {"reason": ""}, "/reason", "string-too-short"),
    ("decline-referral", {"reason": "x" * 4001}, "/reason", "string-too-long"),
    ("decline-referral", {"reason": "a\0b"}, "/reason", "string-pattern-mismatch"),
    ("decline-referral", {"reason": "  "}, "/reason", "invalid"),
    ("accept-referral", {"occurred_on": "2025-02-30"}, "/occurred_on", "value-error"),
    ("accept-referral", {"occurred_on": "3.3.2025"}, "/occurred_on", "value-error"),
    ("accept-referral", {"occurred_on": 20250303}, "/occurred_on", "value-error"),
    ("accept-referral", {"occurred_on": "0001-01-01"}, "/occurred_on", "value-error"),
    ("pause", {"reason": WHY, "occurred_on": "2031-01-01"}, "/occurred_on", "invalid"),
    ("enter-phase", {"phase": "training-course"}, "/phase", "enum"),
    ("define-service-needs", {"needs": "language"}, "/needs", "tuple-type"),
    ("define-service-needs", {"needs": ["dance"]}, "/needs", "invalid"),
    ("define-service-needs", {"needs": []}, "/needs", "too-short"),
    ("define-service-needs", {"needs": ["language"] * 101}, "/needs", "too-long"),
    (
        INTERVIEW,
        {"situation": {"education": "3"}},
        "/situation/education",
        "int-type",
    ),
    (
        INTERVIEW,
        {"situation": {"education": 9}},
        "/situation/education",
        "less-than-equal",
    ),
    (
        INTERVIEW,
        {"situation": {"employed": True}},
        "/situation/employed",
        "extra-forbidden",
    ),
    (
        INTERVIEW,
        {"situation": {"employment": "busy"}},
        "/situation/employment",
        "enum",
    ),
    (
        INTERVIEW,
        {"situation": {"unemployed_since": "2025-03-04"}},
        "/situation/unemployed_since",
        "invalid",
    ),
    ("draft-plan", {"steps": [{**STEPS[0], "goal": None}]}, "/steps/0/goal", "string-type"),
    (
        "draft-plan",
        {"steps": [STEPS[1], {**STEPS[0], "service": "x"}]},
        "/steps/1/service",
        "invalid",
    ),
    ("assess-eligibility", {"given": {"height": 180}}, "/given/height", "extra-forbidden"),
    ("assess-eligibility", {"given": {"age": "40"}}, "/given/age", "int-type"),
    ("assess-eligibility", {"given": {"unemployed": 1}}, "/given/unemployed", "bool-type"),
    (
        "assess-eligibility",
        {"given": {"unemployed_since": "2025-03-09"}},
        "/given/unemployed_since",
        "invalid",
    ),
    (
        "propose-placement",
        {"reference": "p", "employer": "f", "form": "holiday"},
        "/form",
        "literal-error",
    ),
    (
        "propose-placement",
        {"reference": "p", "employer": "f", "form": "apprenticeship"},
        "/form",
        "invalid",
    ),
    ("award-grant", {"amount": 12.5}, "/amount", "string-type"),
    ("award-grant", {"amount": "1e3"}, "/amount", "string-pattern-mismatch"),
    ("award-grant", {"currency": "eur"}, "/currency", "string-pattern-mismatch"),
    ("close", {"end_state": "completed", "destination": "unknown"}, "/destination", "invalid"),
    ("retract", {"entry": 99, "reason": WHY}, "/entry", "invalid"),
    ("retract", {"entry": 10**30, "reason": WHY}, "/entry", "less-than-equal"),
    ("retract", {"entry": True, "reason": WHY}, "/entry", "int-type"),
    ("review-decision", {"upheld": "yes"}, "/upheld", "bool-type"),
    ("correct", {"event": {"kind": "interview"}}, "/event/kind", "union-tag-invalid"),
    ("correct", {"event": {"fields": {}}}, "/event/kind", "union-tag-not-found"),
    (
        "correct",
        {"event": {"kind": "referral-declined", "fields": {}}},
        "/event/fields/reason",
        "missing",
    ),
    (
        "correct",
        {
            "entry": 1,
            "reason": WHY,
            "event": {
                "kind": "referral-made",
                "fields": {
                    "client": "client-1",
                    "programme": "trial",
                    "definition_version": 2,
                    "from_organisation": "state",
                    "to_organisation": "city",
                    "channel": "by post",
                },
            },
        },
        "/event/fields/channel",
        "invalid",
    ),
    (
        "correct",
        {
            "entry": 2,
            "reason": WHY,
            "event": {
                "kind": "referral-accepted",
                "occurred_on": "2031-01-01",
                "fields": {},
            },
        },
        "/event/occurred_on",
        "invalid",
    ),
)
"""An act, a body that cannot be, the pointer to what is wrong in it, and the code."""


def test_what_cannot_be_is_named_by_its_place(memory_desk: Desk):
    refers(memory_desk.asks(STATE), "new")
    refers(memory_desk.asks(STATE), "taken")
    asking = memory_desk.asks(LEAD)
    does(asking, "taken", "accept-referral", 1)
    for act, body, pointer, code in BAD:
        new = act in {"decline-referral", "assess-eligibility"}
        answer = does(asking, *(("new", act, 1) if new else ("taken", act, 2)), **body)
        said = answer.json()
        assert (answer.status_code, said["code"]) == (422, "invalid"), (act, body, said)
        found = {(one["pointer"], one["code"]) for one in said["errors"]}
        assert (pointer, code) in found, (act, body, said)
    assert history(memory_desk.office, "new").version == 1
    assert history(memory_desk.office, "taken").version == 2


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("decline-referral", b'{"reason": "\\ud800"}', "/reason"),
        ("decline-referral", b'{"reason": "a\\udc00b"}', "/reason"),
        ("record-attendance", b'{"reference": "c", "hours": NaN}', "/hours"),
        ("record-attendance", b'{"reference": "c", "hours": Infinity}', "/hours"),
        ("record-attendance", b'{"reference": "c", "hours": 1e400}', "/hours"),
        ("record-attendance", b'{"reference": "c", "hours": "6"}', "/hours"),
        ("record-attendance", b'{"reference": "c", "hours": true}', "/hours"),
    ],
)
def test_half_a_character_and_what_is_no_number_is_refused(
    memory_desk: Desk, act: str, body: bytes, pointer: str
):
    answer = memory_desk.asks(LEAD).post(
        f"/journeys/j-1/acts/{act}",
        content=body,
        headers=headers(version=1) | {"content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_what_the_state_does_not_allow_says_what_is_missing(memory_desk: Desk):
    refers(memory_desk.asks(STATE))
    answer = does(memory_desk.asks(LEAD), "j-1", "agree-plan", 1, signatories=SIGNED)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "illegal-transition")
    assert said["missing"] == "accept the referral first"


@pytest.mark.parametrize("journey", ["nobody", "with%20space", "%00", "x" * 201])
def test_a_journey_that_is_not_there_is_not_found(memory_desk: Desk, journey: str):
    answer = does(memory_desk.asks(LEAD), journey, "accept-referral", 1)
    assert answer.status_code in {404, 422}
    assert answer.json()["code"] in {"unknown-journey", "invalid"}
    assert (answer.status_code == 404) is (journey == "nobody")


def test_a_programme_that_is_not_in_force_takes_nobody(memory_desk: Desk):
    early = refers(memory_desk.asks(STATE), occurred_on="2024-12-31")
    nowhere = refers(memory_desk.asks(STATE), programme="nowhere", occurred_on=None)
    assert {early.status_code, nowhere.status_code} == {422}
    assert {early.json()["code"], nowhere.json()["code"]} == {"not-published"}


def test_a_journey_is_referred_once(desk: Desk):
    refers(desk.asks(STATE))
    assert refers(desk.asks(STATE)).status_code == 200
    assert refers(desk.asks(STATE), client="client-2").status_code == 409
    elsewhere = refers(desk.asks(STRANGER), client="client-2")
    assert (elsewhere.status_code, elsewhere.json()["reason"]) == (403, "not-in-scope")


@pytest.mark.parametrize(
    ("scope", "act", "body", "reason"),
    [
        (AUDITOR, "pause", {"reason": WHY}, "not-in-role"),
        (STRANGER, "pause", {"reason": WHY}, "not-in-scope"),
        (
            WORKER,
            "exempt-deadline",
            {"deadline": "interview/2", "reason": "illness"},
            "not-in-role",
        ),
        (as_client("client-1"), "agree-plan", {"signatories": SIGNED}, "not-for-oneself"),
        (
            as_client("client-1"),
            "give-feedback",
            {
                "respondent": "employer",
                "questionnaire": "feedback",
                "questionnaire_version": 1,
                "answers": [{"question": "q1", "value": 1}],
            },
            "not-for-oneself",
        ),
    ],
)
def test_who_may_not_is_told_why(
    memory_desk: Desk, scope: Any, act: str, body: dict[str, Any], reason: str
):
    refers(memory_desk.asks(STATE))
    does(memory_desk.asks(LEAD), "j-1", "accept-referral", 1)
    answer = does(memory_desk.asks(scope), "j-1", act, 2, **body)
    assert (answer.status_code, answer.json()["reason"]) == (403, reason)
    assert history(memory_desk.office, "j-1").version == 2


def test_a_client_is_told_of_another_journey_as_of_none(memory_desk: Desk):
    refers(memory_desk.asks(STATE))
    asks = memory_desk.asks(as_client("client-2"))
    answers = [does(asks, j, "agree-plan", 1, signatories=SIGNED[:1]) for j in ("j-1", "j-9")]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (404, "unknown-journey")
    ] * 2


def test_a_client_agrees_the_plan_as_themself(desk: Desk):
    refers(desk.asks(STATE))
    for version, (act, body) in enumerate([BEGUN[1], ("draft-plan", {"steps": STEPS})], start=1):
        does(desk.asks(LEAD), "j-1", act, version, **body)
    answer = does(desk.asks(as_client("client-1")), "j-1", "agree-plan", 3, signatories=SIGNED[:1])
    assert answer.status_code == 201
    entry = history(desk.office, "j-1").entries[-1]
    assert [one.person for one in entry.event.signatories] == ["client-1"]
    assert entry.by.person == "client-1"


def test_an_entry_keeps_who_and_the_request_it_came_with(memory_desk: Desk):
    said = headers() | {"X-Correlation-Id": "front-end-4711"}
    memory_desk.asks(STATE).post("/journeys", json=refer_body(journey="j-1"), headers=said)
    entry = history(memory_desk.office, "j-1").entries[0]
    assert (entry.by.person, entry.by.organisation) == ("worker-2", "state")
    assert entry.correlation == "front-end-4711"
