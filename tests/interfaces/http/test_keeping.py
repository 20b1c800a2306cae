"""Legal holds and erasures over HTTP: who may, what is refused and why, and the certificate."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from application.ports import Append, Fresh
from domain.entry import Personal
from domain.journey import ending
from domain.journey.events import ReferralDeclined
from infrastructure.clearing import clear
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http.acting import headers
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MANAGER,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    After,
    Desk,
    Followed,
    as_client,
    desk,  # noqa: F401
)

HOLD = {"hold": "h-1", "basis": "R 25/117", "reason": "Aino has appealed"}
RELEASE = {"hold": "h-1", "reason": "The court has decided"}
GROUND = {"ground": "gdpr-17-1-b"}
OTHER_LEAD = replace(LEAD, person="lead-2", organisation="state")


def _ended(desk: Desk) -> None:  # noqa: F811
    desk.registers("client-1", "Aino", "Mäkinen")
    desk.refers("j-1", "client-1")
    desk.takes("j-1")
    desk.does("j-1", ending.close, end_state="cancelled", destination="unknown", reason=j.WHY)
    desk.keep()


ENDED = After(_ended)


@pytest.fixture
def kept(own_database: Own) -> Iterator[Desk]:
    """A client of the city whose journey has ended."""
    with ENDED.on(own_database) as opened:
        opened.parts = replace(
            opened.parts,
            views=Followed(opened.projections),
            left=opened.projections.log.keys.left,
            clear=partial(clear, opened.projections),
        )
        yield opened


def posts(desk: Desk, path: str, version: int, body: dict[str, Any], who=LEAD, key=None) -> Any:  # noqa: F811
    desk.keep()
    where = f"/clients/client-1/{path}"
    return desk.asks(who).post(where, json=body, headers=headers(key, version))


def test_a_legal_hold_stops_an_erasure_until_it_is_released(kept):
    held = posts(kept, "legal-holds", 1, HOLD, key="hold")
    assert (held.status_code, held.headers["ETag"]) == (201, '"2"')
    assert [one["kind"] for one in held.json()["entries"]] == ["legal-hold-placed"]
    assert posts(kept, "legal-holds", 1, HOLD, key="hold").headers["Idempotency-Replayed"] == "true"

    refused = posts(kept, "erasures", 2, GROUND)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal-transition")
    assert refused.json()["state"] == (
        "the legal hold h-1 is in force (R 25/117: Aino has appealed)"
    )
    read = kept.parts.accesses.readings[-1]
    assert (read.person, read.what, read.client) == ("lead-1", "changes", "client-1")

    assert posts(kept, "legal-hold-releases", 2, RELEASE).status_code == 201
    assert posts(kept, "legal-hold-releases", 3, RELEASE).status_code == 409
    assert posts(kept, "erasures", 3, GROUND).status_code == 201


def test_an_erasure_is_answered_with_its_certificate_and_again_when_it_is_repeated(kept):
    first = posts(kept, "erasures", 1, GROUND, key="erase")
    assert (first.status_code, first.headers["ETag"]) == (201, '"2"'), first.text
    told = first.json()
    assert (told["client"], told["journeys"], told["kinds"]) == ("client-1", ["j-1"], None)
    assert (told["person"], told["organisation"]) == ("lead-1", "city")
    assert told["ground"] == GROUND["ground"]
    assert told["keys_destroyed"]["identity"] == 1
    assert "every view and the search" in told["cleared"]
    assert told["remains"]
    assert kept.log.load("client:client-1")[0].event.given_name.text is None

    again = posts(kept, "erasures", 1, GROUND, key="erase")
    assert (again.status_code, again.json()) == (200, told)
    assert len(kept.log.load("client:client-1")) == 2
    in_finnish = headers("erase", 1) | {"accept-language": "fi"}
    where = "/clients/client-1/erasures"
    finnish = kept.asks(LEAD).post(where, json=GROUND, headers=in_finnish).json()
    assert finnish["cleared"][0] == "jokainen näkymä ja haku"
    assert not {*finnish["remains"]} & {*told["remains"]}
    words = ("cleared", "remains")
    assert all(told[name] == finnish[name] for name in told if name not in words)
    kept.keep()
    found = kept.asks(LEAD).post("/clients/search", json={"name": "aino"}).json()
    assert found["items"] == []


def test_who_is_being_served_is_not_erased(kept):
    kept.refers("j-2", "client-1")
    kept.takes("j-2")
    kept.keep()
    refused = posts(kept, "erasures", 1, GROUND)
    assert (refused.status_code, refused.json()["missing"]) == (409, "close them first")


@pytest.mark.parametrize(
    ("who", "status", "reason"),
    [
        (WORKER, 403, "not-in-role"),
        (MANAGER, 403, "not-in-role"),
        (AUDITOR, 403, "not-in-role"),
        (as_client("client-1"), 403, "not-in-role"),
        (STATE, 403, "not-in-role"),
        (replace(STRANGER, role=LEAD.role), 403, "client-not-in-scope"),
        (OTHER_LEAD, 403, "client-not-in-scope"),
    ],
)
def test_nobody_else_holds_or_erases(kept, who, status, reason):
    for path, body in (
        ("legal-holds", HOLD),
        ("legal-hold-releases", RELEASE),
        ("erasures", GROUND),
    ):
        refused = posts(kept, path, 1, body, who)
        assert (refused.status_code, refused.json()["reason"]) == (status, reason), path
    assert len(kept.log.load("client:client-1")) == 1


def test_what_is_imported_while_the_lists_are_waited_for_is_erased_too(kept):
    """An import writes no lists: they have it only afterwards."""
    wait, by = kept.parts.views.wait_for, j.WORKER
    made = kept.log.load("journey:j-1")[0].event
    told = replace(made, need_definition=Personal("help in the evenings"))
    declined = ReferralDeclined(Personal("busy in the evenings"))

    def then_imported(position: int, seconds: float) -> bool:
        found = wait(position, seconds)
        kept.parts.views.wait_for = wait
        both = Fresh(told, MONDAY), Fresh(declined, MONDAY)
        kept.log.append(Append("journey:j-2", 0, both, by))
        return found

    kept.parts.views.wait_for = then_imported
    done = posts(kept, "erasures", 1, GROUND)
    assert (done.status_code, done.json()["journeys"]) == (201, ["j-1", "j-2"]), done.text
    assert "evenings" not in repr(kept.log.load("journey:j-2"))


def test_a_client_whom_others_serve_too_is_not_erased(kept):
    kept.refers("j-2", "client-1", to="state")
    kept.keep()
    refused = posts(kept, "erasures", 1, GROUND)
    assert refused.json()["reason"] == "others-serve-the-client-too"
    assert posts(kept, "legal-holds", 1, HOLD).status_code == 201


def test_an_erasure_is_decided_on_what_was_seen_and_no_day_ahead(kept):
    assert posts(kept, "legal-holds", 1, HOLD).status_code == 201
    assert posts(kept, "legal-hold-releases", 2, RELEASE).status_code == 201
    stale = posts(kept, "erasures", 1, GROUND)
    assert stale.status_code == 412
    changed = [one["kind"] for one in stale.json()["changed"]]
    assert changed == ["legal-hold-placed", "legal-hold-released"]
    ahead = posts(kept, "erasures", 3, GROUND | {"occurred_on": "2025-06-01"})
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "/occurred_on")


def test_nobody_knows_of_a_client_who_is_not_there(kept):
    answer = kept.asks(LEAD).post("/clients/x/erasures", json=GROUND, headers=headers(version=1))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-client")
