"""What an older program gave an id with what nobody sees is read and acted on by it still."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import Personal
from domain.journey import events as e
from tests.domain import journeys as j
from tests.interfaces.http.acting import STEPS, does, headers
from tests.interfaces.http.desk import LEAD, MONDAY, WORKER, Desk, memory_desk  # noqa: F401

LATER = MONDAY + timedelta(days=60)
UNSEEN = ("\u200b", "\u00ad", "\u007f", "\u009b", "\u202e", "\ufeff")
GROUND = {"ground": "gdpr-5-1-d", "reason": "The passport shows it"}


@pytest.fixture(params=UNSEEN, ids=lambda one: f"u{ord(one):04x}")
def old(request: Any) -> str:
    return f"x{request.param}9"


@pytest.fixture
def known(memory_desk: Desk, old: str) -> Desk:  # noqa: F811
    """A client, a journey, a service and a step under such an id, and another client."""
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    memory_desk.refers("j-1", "client-1")
    memory_desk.takes("j-1")
    log = memory_desk.log
    referral = log.load("journey:j-1")[0].event
    registered = ClientRegistered(Personal("Aino"), Personal("Mäkinen"))
    log.append(Append(f"client:{old}", 0, (Fresh(registered, MONDAY),), j.WORKER))
    events: tuple[Any, ...] = (
        e.ReferralMade(old, *(getattr(referral, name) for name in referral.__slots__[1:])),
        e.ReferralAccepted(),
        e.CaseWorkerAssigned(WORKER.person, WORKER.organisation),
        e.PhaseEntered(j.Phase.TRAINING, 1, ()),
        e.TeamMemberJoined(old, "state", "support"),
        e.PlanDrafted((e.PlanStep(old, Personal("a trade"), LATER),)),
        e.ServiceProposed(old, "course", "school"),
        e.PlacementProposed(old, "firm", "work-try-out"),
    )
    fresh = tuple(Fresh(event, MONDAY) for event in events)
    log.append(Append(f"journey:{old}", 0, fresh, j.WORKER))
    memory_desk.keep()
    return memory_desk


def test_it_is_named_in_addresses(known: Desk, old: str) -> None:
    asking = known.asks(LEAD)
    page = asking.get(f"/journeys/{quote(old)}")
    assert (page.status_code, page.json()["client"]["id"]) == (200, old)
    assert asking.get(f"/clients/{quote(old)}").json()["id"] == old


def test_what_is_there_is_named_in_bodies(known: Desk, old: str) -> None:
    asking, journey = known.asks(WORKER), quote(old)
    signed = [{"person": old, "role": "client"}]
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("leave-team", {"person": old, "organisation": "state"}),
        ("agree-plan", {"signatories": signed}),
        ("revise-plan", {"steps": [STEPS[0] | {"id": old}], "signatories": signed, "reason": "Y"}),
        ("propose-service", {"reference": "new", "service": "course", "step": old}),
        ("reach-step", {"step": old}),
        ("accept-service", {"reference": old}),
        ("start-service", {"reference": old}),
        ("complete-service", {"reference": old, "result": "passed"}),
        ("agree-placement", {"reference": old, "signatories": signed}),
    )
    for version, (code, body) in enumerate(acts, start=8):
        answer = does(asking, journey, code, version, occurred_on=MONDAY.isoformat(), **body)
        assert answer.status_code == 201, (code, answer.text)


def test_it_is_named_in_a_batch(known: Desk, old: str) -> None:
    acts = [
        {"act": "accept-service", "journey": old, "body": {"reference": old}},
        {"act": "change-contact-details", "client": old, "body": {"phone": "040 1234567"}},
    ]
    told = known.asks(WORKER).post("/batch", json={"mode": "all", "acts": acts}, headers=headers())
    assert [one["status"] for one in told.json()["items"]] == [201, 201], told.text


def test_it_is_merged_and_split(known: Desk, old: str) -> None:
    asking, body = known.asks(LEAD), {"merged": old} | GROUND
    for version, act in enumerate(("merges", "splits"), start=1):
        answer = asking.post(f"/clients/client-1/{act}", json=body, headers=headers(None, version))
        assert answer.status_code == 201, answer.text
        known.keep()


@pytest.mark.parametrize(
    ("code", "body", "pointer"),
    [
        (
            "agree-plan",
            {"signatories": [{"person": "OLD", "role": "client"}]},
            "/signatories/0/person",
        ),
        ("propose-service", {"reference": "OLD", "service": "course"}, "/reference"),
        ("start-service", {"reference": "OLD", "service": "course"}, "/reference"),
        ("draft-plan", {"steps": [STEPS[0] | {"id": "OLD"}]}, "/steps/0/id"),
        ("join-team", {"person": "OLD", "organisation": "state", "role": "support"}, "/person"),
    ],
)
def test_what_is_new_gets_no_such_id(
    memory_desk: Desk,  # noqa: F811
    code: str,
    body: Any,
    pointer: str,
) -> None:
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    memory_desk.refers("j-1", "client-1")
    memory_desk.takes("j-1")
    memory_desk.keep()
    asking = memory_desk.asks(WORKER)
    for bad in ("x\u202e9", "x\x0b9"):
        said = json.loads(json.dumps(body).replace('"OLD"', json.dumps(bad)))
        refused = does(asking, "j-1", code, 3, **said)
        assert refused.status_code == 422, refused.text
        assert pointer in [one["pointer"] for one in refused.json()["errors"]]
