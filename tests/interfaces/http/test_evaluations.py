"""Evaluations over HTTP: the answers of `polku evaluate`, made as jobs."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from interfaces import bootstrap
from tests.interfaces.conftest import Polku
from tests.interfaces.http.conftest import Identified
from tests.interfaces.http.conftest import clients_on as application_on
from tests.interfaces.http.desk import AUDITOR, EVALUATOR, LEAD, MANAGER
from tests.interfaces.http.evaluation_house import Asks, House, job, result_of

OWN_MANAGER = replace(MANAGER, programmes=frozenset({"duunipolku"}))
OTHER_MANAGER = replace(MANAGER, person="manager-2", programmes=frozenset({"askel"}))
PROGRAMME = {"programme": "duunipolku", "as_at": "2025-10-01"}
SHOWING = {"threshold": 0}
OF_PROGRAMME = ("--programme", "duunipolku", "--as-at", "2025-10-01")
ASKED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "survival": (
        {"from": "referral-accepted", "until": "journey-closed", "by": "organisation", **SHOWING},
        ("--from", "referral-accepted", "--until", "journey-closed", "--by", "organisation"),
    ),
    "compare": (
        {"outcome": "journey-closed", "treated": "certificate-awarded", **SHOWING},
        ("--outcome", "journey-closed", "--treated", "certificate-awarded"),
    ),
    "funnel": ({"outcome": "journey-closed", **SHOWING}, ("--outcome", "journey-closed")),
    "conformance": ({"journeys": 2, **SHOWING}, ("--journeys", "2")),
    "payments": ({"per_day": "37.21", **SHOWING}, ("--per-day", "37.21")),
    "flows": ({"months": 6, **SHOWING}, ("--months", "6")),
}

SAYING = frozenset({"compare"})
"""Answers that say something in sentences; the others have numbers and codes alone."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as opened:
        yield House(tmp_path_factory.mktemp("evaluated"), opened)


@pytest.fixture(scope="module")
def asks(house: House) -> Asks:
    return house.asks


@pytest.mark.parametrize("kind", [kind for kind in ASKED if kind != "payments"])
def test_an_evaluation_is_that_of_the_command_line(
    house: House, asks: Asks, run: Polku, kind: str
) -> None:
    body, options = ASKED[kind]
    shown = ("--threshold", "0") if "threshold" in body else ()
    url = house.settings.database_url
    command = ("evaluate", kind, *OF_PROGRAMME, *options, *shown, "--json")
    said = run(*command, url=url)
    answer = result_of(asks(AUDITOR), f"/evaluations/{kind}", PROGRAMME | body)
    assert answer.headers["content-disposition"] == f'attachment; filename="{kind}.json"'
    assert answer.json() == said.json
    assert "Aino" not in answer.text

    finnish = asks(AUDITOR).get(answer.request.url.path, headers={"accept-language": "fi"})
    assert finnish.headers["content-disposition"] == answer.headers["content-disposition"]
    assert finnish.json() == run(*command, "--language", "fi", url=url).json
    assert (finnish.text != answer.text) is (kind in SAYING)


def test_an_archive_tells_which_journeys_are_read_and_the_answer_is_the_same(house, asks, tmp_path):
    whole = result_of(asks(AUDITOR), "/evaluations/flows", PROGRAMME).json()
    archived = house.settings.model_copy(update={"archive": tmp_path / "archive"})
    with bootstrap.open_service(archived, clock=house.clock) as parts:
        clients = application_on(replace(parts, identify=Identified()))
        told = result_of(next(clients)(AUDITOR), "/evaluations/flows", PROGRAMME).json()
        clients.close()
    assert told == whole
    assert any((tmp_path / "archive").iterdir())


def test_small_numbers_are_withheld_from_evaluators(asks):
    body = PROGRAMME | {"from": "referral-accepted", "until": "journey-closed"}
    told = result_of(asks(EVALUATOR), "/evaluations/survival", body).json()
    assert (told["threshold"], told["begun"], told["groups"][0]["withheld"]) == (5, None, True)
    went = result_of(asks(EVALUATOR), "/evaluations/conformance", PROGRAMME).json()
    assert (went["threshold"], went["journeys"], went["deviating"]) == (5, None, [])
    stock = result_of(asks(EVALUATOR), "/evaluations/flows", PROGRAMME | {"months": 1}).json()
    assert (stock["threshold"], stock["lengths"]["ended"]) == (5, None)
    assert {one["stock"] for one in stock["flows"]} <= {0, None}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("survival", {"from": "referral-accepted", "until": "journey-closed", "threshold": 4}),
        ("conformance", {"threshold": 0, "journeys": 1}),
        ("payments", {"threshold": 0}),
        ("flows", {"threshold": 4}),
    ],
)
def test_evaluators_cannot_ask_for_small_numbers(asks, kind, body):
    answer = asks(EVALUATOR).post(f"/evaluations/{kind}", json=PROGRAMME | body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/threshold")


@pytest.mark.parametrize(
    ("kind", "body", "pointer"),
    [
        ("survival", {"from": "nothing", "until": "journey-closed"}, "/from"),
        ("survival", {"from": "referral-made", "until": "journey-closed", "by": "hat"}, "/by"),
        (
            "survival",
            {"from": "referral-made", "until": "journey-closed", "competing": ["journey-closed"]},
            "/competing",
        ),
        ("compare", {"outcome": "journey-closed"}, "/by"),
        ("compare", {"outcome": "journey-closed", "by": "gender"}, "/by"),
        ("compare", {"outcome": "nothing", "treated": "journey-closed"}, "/outcome"),
        ("funnel", {"outcome": "journey-closed", "centre": 2}, "/centre"),
        ("payments", {"per_day": "much"}, "/per_day"),
        ("flows", {"months": 0}, "/months"),
        ("conformance", {"what": 1}, "/what"),
        ("conformance", {"journeys": 1}, "/journeys"),
        ("conformance", {"journeys": False}, "/journeys"),
        ("flows", {"months": True}, "/months"),
        ("flows", {"threshold": False}, "/threshold"),
        ("funnel", {"outcome": "measure:employment", "centre": False}, "/centre"),
        ("survival", {"from": "a", "until": "b", "within": True}, "/within"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(asks, kind, body, pointer):
    answer = asks(AUDITOR).post(f"/evaluations/{kind}", json=PROGRAMME | body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_mean_may_be_held_against_one_below_nothing(asks):
    body = PROGRAMME | {"outcome": "change:before..after", "centre": -500}
    assert asks(AUDITOR).post("/evaluations/funnel", json=body).status_code == 202
    rate = PROGRAMME | {"outcome": "measure:placements", "centre": -1}
    answer = asks(AUDITOR).post("/evaluations/funnel", json=rate)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/centre")


def test_what_the_log_cannot_answer_is_told_by_the_job(asks):
    told = job(asks(AUDITOR), "/evaluations/payments", PROGRAMME)
    assert (told["state"], told["links"]["result"]) == ("failed", None)
    assert told["problem"].startswith("programme: ")
    never = {"from": "placement-started", "until": "journey-closed"}
    told = job(asks(AUDITOR), "/evaluations/survival", PROGRAMME | never)
    assert told["problem"] == "from: no journey of duunipolku came to placement-started"


@pytest.mark.parametrize("kind", ASKED)
def test_who_may_ask(asks, kind):
    body = PROGRAMME | ASKED[kind][0]
    answers = [asks(who).post(f"/evaluations/{kind}", json=body) for who in (LEAD, OTHER_MANAGER)]
    said = [(one.status_code, one.json()["reason"]) for one in answers]
    assert said == [(403, "not-in-role"), (403, "not-own-programme")]
    unknown = asks(AUDITOR).post(f"/evaluations/{kind}", json=body | {"programme": "none"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-programme")


def test_an_evaluation_is_told_and_removed(asks):
    asking = asks(OWN_MANAGER)
    told = job(asking, "/evaluations/flows", PROGRAMME)
    place = told["links"]["self"]
    assert asks(EVALUATOR).get(place).status_code == 404
    assert asking.delete(place).json()["state"] == "cancelled"
    assert asking.get(f"{place}/result").status_code == 409
    assert asking.get("/evaluations/flows").status_code == 405


def test_the_example_of_each_body_can_be_asked(asks, described):
    for kind in ASKED:
        operation = described["paths"][f"/evaluations/{kind}"]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        named = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        (example,) = named["examples"]
        body = json.loads(json.dumps(example)) | {"programme": "duunipolku"}
        answer = asks(OWN_MANAGER).post(f"/evaluations/{kind}", json=body)
        assert answer.status_code == 202, answer.text
        job_ = answer.headers["location"]
        assert asks(OWN_MANAGER).delete(job_).status_code == 200
