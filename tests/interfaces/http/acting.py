"""Acts over HTTP as tests ask for them, and lawful paths through every act of a journey."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from starlette.testclient import TestClient

from application.scope import Scope
from tests.interfaces.http.desk import LEAD, MONDAY, STATE, Desk

_keys = count(1)


def refer_body(**more: Any) -> dict[str, Any]:
    body = {
        "programme": "trial",
        "client": "client-1",
        "from_organisation": "state",
        "to_organisation": "city",
        "channel": "walk-in",
        "service_line": "line-1",
        "occurred_on": MONDAY.isoformat(),
    }
    return body | more


def headers(key: str | None = None, version: int | None = None) -> dict[str, str]:
    said = {"Idempotency-Key": key or f"key-{next(_keys)}"}
    return said if version is None else said | {"If-Match": f'"{version}"'}


def refers(asking: TestClient, journey: str = "j-1", **more: Any) -> Any:
    return asking.post("/journeys", json=refer_body(journey=journey, **more), headers=headers())


def does(
    asking: TestClient, journey: str, act: str, version: int, key: str | None = None, **body: Any
) -> Any:
    where = f"/journeys/{journey}/acts/{act}"
    return asking.post(where, json=body, headers=headers(key, version))


def consents(here: Desk, code: str, version: int | None = None, **body: Any) -> int:
    """Record what the client says; return the version after it."""
    asking, client = here.asks(LEAD), here.office.clients.newest("client:client-1")
    where, said = f"/clients/client-1/{code}", {"organisation": "state"} | body
    answer = asking.post(where, json=said, headers=headers(version=version or client.version))
    assert answer.status_code in (200, 201), answer.text
    return int(answer.json()["version"])


def gives(here: Desk, kinds: Iterable[str], **more: Any) -> None:
    if kinds := [*kinds]:
        consents(here, "consents", kinds=kinds, **more)


SIGNED = [{"person": "client-1", "role": "client"}, {"person": "lead-1", "role": "case-worker"}]
STEPS = [
    {"id": "s1", "goal": "a trade", "by": "2025-06-02", "service": "course"},
    {"id": "s2", "goal": "a job", "by": "2025-09-01"},
]
ANSWERS = [{"question": "q1", "value": 3}]
MONEY = {
    "reference": "p1",
    "currency": "EUR",
    "payer": "state",
    "start": "2025-03-03",
    "end": "2025-03-31",
}
WHY = "because"

Step = tuple[str, dict[str, Any]]

BEGUN: tuple[Step, ...] = (
    ("assess-eligibility", {"given": {"unemployed_since": "2023-01-01"}}),
    ("accept-referral", {}),
    ("assign-case-worker", {"person": "lead-1", "organisation": "city"}),
    ("hold-intake-interview", {"situation": {"employment": "unemployed", "education": 3}}),
)

PATHS: dict[str, tuple[Step, ...]] = {
    "to work": (
        *BEGUN,
        ("define-service-needs", {"needs": ["language"], "note": "Finnish first"}),
        ("enter-phase", {"phase": "intake"}),
        ("enter-phase", {"phase": "competence-review"}),
        ("start-competence-review", {"method": "talks", "assessor": "lead-1"}),
        (
            "submit-self-assessment",
            {"questionnaire": "own-view", "questionnaire_version": 1, "answers": ANSWERS},
        ),
        ("record-competence", {"concept": "welding", "level": "high", "evidence": "six years"}),
        ("complete-competence-review", {"strengths": ["care"], "development_needs": []}),
        ("join-team", {"person": "nurse-1", "organisation": "health", "role": "health"}),
        ("leave-team", {"person": "nurse-1", "organisation": "health"}),
        ("draft-plan", {"steps": STEPS}),
        ("agree-plan", {"signatories": SIGNED}),
        ("revise-plan", {"steps": STEPS[::-1], "signatories": SIGNED, "reason": WHY}),
        ("reach-step", {"step": "s1"}),
        ("drop-step", {"step": "s2", "reason": WHY}),
        ("enter-phase", {"phase": "training"}),
        ("propose-service", {"reference": "c1", "service": "course", "provider": "school"}),
        ("accept-service", {"reference": "c1"}),
        ("start-service", {"reference": "c1"}),
        ("record-attendance", {"reference": "c1", "hours": 6}),
        ("complete-service", {"reference": "c1", "result": "passed", "hours": 30.5}),
        ("award-certificate", {"title": "Welder", "awarding_body": "school", "eqf_level": 4}),
        ("propose-service", {"reference": "c2", "service": "coaching"}),
        ("decline-service", {"reference": "c2", "reason": WHY}),
        ("start-service", {"reference": "c3", "service": "course"}),
        ("interrupt-service", {"reference": "c3", "reason": WHY}),
        ("enter-phase", {"phase": "placement"}),
        ("propose-placement", {"reference": "p1", "employer": "firm", "form": "work-try-out"}),
        ("agree-placement", {"reference": "p1", "signatories": SIGNED}),
        ("start-placement", {"reference": "p1"}),
        ("review-placement", {"reference": "p1", "note": "goes well"}),
        ("award-grant", {**MONEY, "amount": "1250.50"}),
        ("pay-grant", {**MONEY, "amount": "200"}),
        ("grant-wage-subsidy", {**MONEY, "amount": "900.00"}),
        ("advise-employer", {"employer": "firm", "topic": "contract"}),
        ("end-placement", {"reference": "p1"}),
        ("enter-phase", {"phase": "follow-up"}),
        ("hold-follow-up", {"status": "employed", "point": "one-month"}),
        ("record-employment-period", {"start": "2025-03-03", "kind": "full-time"}),
        (
            "record-unemployment-period",
            {"start": "2024-03-01", "end": "2025-03-02", "kind": "spell", "paid_days": 200},
        ),
        ("record-benefit-period", {"start": "2025-02-03", "kind": "subsidy", "paid_days": 20}),
        (
            "give-feedback",
            {
                "respondent": "client",
                "questionnaire": "feedback",
                "questionnaire_version": 1,
                "answers": ANSWERS,
            },
        ),
        ("close", {"end_state": "completed", "destination": "employment"}),
        ("reopen", {"reason": WHY}),
    ),
    "a deadline, a pause and a handover": (
        *BEGUN[1:2],
        ("move-deadline", {"deadline": "interview/2", "due": "2025-04-01", "reason": WHY}),
        ("exempt-deadline", {"deadline": "interview/2", "reason": "illness"}),
        ("pause", {"reason": WHY, "until": "2025-09-01"}),
        ("resume", {}),
        ("adopt-definition", {"definition_version": 1, "reason": WHY}),
        ("request-handover", {"to_organisation": "state", "reason": WHY, "brief": "all is well"}),
        ("decline-handover", {"reason": WHY}),
        ("request-handover", {"to_organisation": "state", "reason": "asked again"}),
        ("accept-handover", {"person": "worker-2"}),
    ),
    "declined": (("decline-referral", {"reason": WHY}),),
    "put right": (
        *BEGUN,
        ("enter-phase", {"phase": "intake"}),
        (
            "correct",
            {
                "entry": 5,
                "reason": WHY,
                "event": {
                    "kind": "intake-interview-held",
                    "fields": {"situation": {"employment": "employed"}},
                },
            },
        ),
        ("retract", {"entry": 2, "reason": WHY}),
        ("review-decision", {"correction": 8, "entry": 6, "upheld": True, "reason": WHY}),
    ),
}
"""Lawful paths after the referral (entry 1), all on the same day."""

OF_STATE = {"accept-handover", "decline-handover"}


def who_does(act: str) -> Scope:
    return STATE if act in OF_STATE else LEAD


def walk(desk: Desk, path: str, journey: str = "j-1", on: date = MONDAY) -> list[Any]:
    """Refer a client and do the acts of a path; return the answers, the referral's first."""
    asking = {scope: desk.asks(scope) for scope in (LEAD, STATE)}
    answers = [refers(asking[STATE], journey)]
    for act, body in PATHS[path]:
        version = answers[-1].json()["version"]
        said = {"occurred_on": on.isoformat()} | body
        answers.append(does(asking[who_does(act)], journey, act, version, **said))
        assert answers[-1].status_code == 201, (act, answers[-1].text)
    return answers
