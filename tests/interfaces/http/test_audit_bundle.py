"""Bundles over HTTP: what an auditor gets, verified without Polku; nobody else gets one."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from application.audit.bundle import TooLarge
from interfaces import bootstrap
from interfaces.cli import verify_bundle
from tests.interfaces.bundling import files_of, signing
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MANAGER,
    Desk,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)

WHERE = "/audit/journeys/j-1/bundle"


def begun(desk: Desk) -> Desk:  # noqa: F811
    desk.parts = replace(desk.parts, bundle=bootstrap.bundling(desk.office, signing()))
    desk.registers("client-1", "Aino", "Mäkinen")
    desk.refers("j-1", "client-1")
    desk.takes("j-1")
    desk.keep()
    return desk


def test_an_auditor_gets_a_bundle_that_verifies_and_the_reading_is_noted(desk):  # noqa: F811
    answer = begun(desk).asks(AUDITOR).get(WHERE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    keys = files_of(answer.content)["keys.txt"].decode()
    verify_bundle.verify(answer.content, verify_bundle.read_keys(keys))
    noted = [
        (one.person, one.client, one.journey, one.what) for one in desk.parts.accesses.readings
    ]
    assert noted == [("auditor-1", "client-1", "j-1", "audit-bundle")]


def test_the_page_is_in_the_language_that_is_asked_for(memory_desk):  # noqa: F811
    answer = begun(memory_desk).asks(AUDITOR, "fi").get(WHERE)
    told = files_of(answer.content)["index.html"].decode()
    assert '<html lang="fi">' in told
    assert "Ohjattu: " in told


@pytest.mark.parametrize("who", [LEAD, MANAGER, as_client("client-1")])
def test_nobody_else_gets_a_bundle(memory_desk, who):  # noqa: F811
    refused = begun(memory_desk).asks(who).get(WHERE)
    assert (refused.status_code, refused.json()["reason"]) == (403, "not-in-role")
    assert memory_desk.parts.accesses.readings == []


def test_a_bundle_of_no_journey_is_none(memory_desk):  # noqa: F811
    answer = begun(memory_desk).asks(AUDITOR).get("/audit/journeys/j-9/bundle")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-journey")


def test_a_journey_that_no_bundle_holds_is_refused(memory_desk):  # noqa: F811
    def too_large(_journey, _language):
        raise TooLarge

    served = begun(memory_desk)
    served.parts = replace(served.parts, bundle=too_large)
    answer = served.asks(AUDITOR).get(WHERE)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert served.parts.accesses.readings == []


def test_a_log_that_nothing_signs_gives_no_bundle_and_tells_nothing_of_the_inside(memory_desk):  # noqa: F811
    served = begun(memory_desk)
    unsigned = signing().model_copy(update={"ledger_key": SecretStr("/nowhere/key.pem")})
    served.parts = replace(served.parts, bundle=bootstrap.bundling(served.office, unsigned))
    answer = served.asks(AUDITOR).get(WHERE)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "nowhere" not in answer.text
    assert served.parts.accesses.readings == []
