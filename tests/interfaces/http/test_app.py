"""The application as a whole: what every answer has, and what it says about itself."""

import json
import re
from contextlib import nullcontext

import pytest

from infrastructure import logging
from interfaces.http.app import create_app, routers
from interfaces.http.parts import HttpSettings
from interfaces.http.problems import KINDS
from tests.interfaces.http.conftest import clients_on
from tests.interfaces.http.raising import SECRET


@pytest.fixture
def client(memory_client_of):
    return memory_client_of()


def test_it_lives(client_of):
    client = client_of()
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_each_route_is_made_once():
    """To make all of them once more, as to include their routers does, is a quarter of a start."""
    own = {id(route) for router in routers() for route in router.routes}
    assert len(own) > 150
    assert own <= {id(route) for route in create_app(nullcontext).routes}


def test_every_kind_of_problem_can_be_looked_up(client):
    listed = client.get("/problems").json()
    assert {kind["code"] for kind in listed} == set(KINDS)
    for kind in listed:
        assert client.get(f"/problems/{kind['code']}").json() == kind


def test_an_address_that_is_none_is_told_in_the_one_shape(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not-found"
    assert answer.json()["correlation"] == answer.headers["x-correlation-id"]


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", "/raise/internal", "/me-too"])
def test_every_answer_is_safe_to_show_and_kept_by_nobody(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert headers["content-language"] == "en"


def test_where_tls_is_said_browsers_are_told_to_keep_to_it(trial_parts):
    for client_of in clients_on(trial_parts, HttpSettings(tls=True)):
        headers = client_of().get("/health/live").headers
        assert headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"X-Correlation-Id": "case-2025.03_17"}, "case-2025.03_17"),
        ({"traceparent": f"00-{'4bf92f35' * 4}-00f067aa0ba902b7-01"}, "4bf92f35" * 4),
        ({"X-Correlation-Id": "short"}, None),
        ({"X-Correlation-Id": "x" * 65}, None),
        ({"X-Correlation-Id": "Matti Meikäläinen"}, None),
        ({"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, None),
        ({}, None),
    ],
)
def test_a_well_formed_correlation_is_kept_and_another_made_else(client, sent, kept):
    sent = {name: value.encode() for name, value in sent.items()}
    answer = client.get("/me-too", headers=sent)
    told = answer.headers["x-correlation-id"]
    assert answer.json() == told
    assert told == kept if kept else re.fullmatch("[0-9a-f]{32}", told)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fi", "fi"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("sv, fi;q=0.5, en;q=0.4", "fi"),
        ("en;q=0.1, fi;q=0.2", "fi"),
        ("fi;q=0, it;q=0.1", "it"),
        ("sv", "en"),
        ("*", "en"),
        ("", "en"),
        (";;q=,x", "en"),
    ],
)
def test_the_language_wanted_most_is_spoken(client, accepted, language):
    answer = client.get("/health/live", headers={"Accept-Language": accepted})
    assert answer.headers["content-language"] == language


def test_the_log_tells_the_route_and_never_who_or_what_was_asked(client, capsys):
    logging.set_up("info", "json")
    client.get("/raise/internal?name=Meikäläinen", headers={"X-Correlation-Id": "case-4711"})
    client.get("/nowhere/c-4712")
    err = capsys.readouterr().err
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["event"] for line in lines] == ["request-failed", "request", "request"]
    failed, request, nowhere = lines
    assert (failed["failure"], failed["correlation"]) == ("RuntimeError", "case-4711")
    assert (request["route"], request["status"]) == ("/raise/{what}", 500)
    assert (request["method"], request["correlation"]) == ("GET", "case-4711")
    assert request["ms"] >= 0
    assert (nowhere["route"], nowhere["status"]) == ("none", 404)
    for told in ("Meik", "4712", SECRET):
        assert told not in err


def test_the_description_is_whole(described):
    made = described
    assert made["openapi"].startswith("3.1")
    operations = [
        operation
        for path in made["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    for operation in operations:
        assert operation["tags"], operation["operationId"]
        assert operation["summary"], operation["operationId"]
        assert {"500", "503"} <= set(operation["responses"])
        if operation["tags"] != ["service"]:
            assert {"401", "403", "422", "429"} <= set(operation["responses"])
            assert "security" not in operation
    assert made["security"] == [{"bearer": []}]
    assert missing_references(made) == set()
    assert "HTTPValidationError" not in json.dumps(made)


def test_links_lead_from_acts_to_pages_and_on_to_acts(described):
    made, links = described, described["components"]["links"]
    known = {
        said["operationId"]: {f"{one['in']}.{one['name']}" for one in said.get("parameters", ())}
        for path in made["paths"].values()
        for said in path.values()
    }
    for link in links.values():
        assert set(link["parameters"]) <= known[link["operationId"]]
    acts = made["paths"]["/journeys/{journey}/acts"]["get"]["responses"]["200"]["links"]
    assert {"accept_referral", "close", "correct"} <= set(acts)
    assert links["close"]["parameters"]["header.If-Match"] == "$response.header.ETag"
    after = made["paths"]["/journeys/{journey}/acts/close"]["post"]["responses"]["201"]["links"]
    assert set(after) == {
        *("journey_page", "journey_timeline", "journey_acts", "journey_responsibility"),
    }


def missing_references(made):
    wanted = set(re.findall(r'"\$ref": "#/components/(\w+/[\w.-]+)"', json.dumps(made)))
    there = {f"{kind}/{name}" for kind, parts in made["components"].items() for name in parts}
    return wanted - there
