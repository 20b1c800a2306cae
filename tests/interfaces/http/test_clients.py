"""Finding clients, and the page of one."""

from datetime import date

import pytest

from application.clients import register
from application.transact import Asked
from domain.client import Particulars
from interfaces.http.clients import ClientPage, Hits
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    MONDAY,
    STRANGER,
    WORKER,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)


@pytest.fixture
def known(desk):  # noqa: F811
    desk.registers("c-1", "Aino", "Mäkinen", date(1999, 5, 4))
    desk.registers("c-2", "Aino", "Mäkinen", date(1999, 5, 4))
    desk.registers("c-3", "Giulia", "Rossi", date(1988, 1, 2))
    desk.refers("j-1", "c-1")
    desk.takes("j-1")
    desk.keep()
    return desk


def found(desk, scope=WORKER, **asked):  # noqa: F811
    answer = desk.asks(scope).post("/clients/search", json=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert Hits.model_validate(told).model_dump(mode="json") == told
    return told["items"]


def test_a_client_is_found_with_a_slip_and_without_accents(known):
    hits = found(known, name="makinen ain")
    assert {hit["id"] for hit in hits} == {"c-1", "c-2"}
    assert [hit["id"] for hit in found(known, name="Rosi")] == ["c-3"]
    assert [hit["id"] for hit in found(known, born="1988-01-02")] == ["c-3"]
    assert found(known, name="Nobody") == []


def test_of_a_client_out_of_scope_no_personal_data_is_told(known):
    [hit] = found(known, STRANGER, name="Rossi", born="1988-01-02")
    assert hit["id"] == "c-3"
    assert hit["in_scope"] is False
    assert {hit[name] for name in ("given_name", "family_name", "born", "local_id")} == {None}
    assert [(r.client, r.what) for r in known.parts.accesses.readings] == [
        ("c-3", "client-search-out-of-scope")
    ]


def test_a_name_goes_in_the_body_alone(known):
    assert known.asks().get("/clients?name=Rossi").status_code in {404, 405}


def test_a_cursor_that_no_search_has_handed_out_is_pointed_at_in_the_body(memory_desk):  # noqa: F811
    asked = {"name": "rossi", "cursor": "no"}
    said = memory_desk.asks().post("/clients/search", json=asked).json()
    assert said["code"] == "bad-cursor"
    assert [(one["pointer"], one["place"]) for one in said["errors"]] == [("/cursor", "body")]


@pytest.mark.parametrize("asked", [{}, {"name": "  "}, {"name": "---"}])
def test_a_search_for_nothing_is_refused(memory_desk, asked):  # noqa: F811
    answer = memory_desk.asks().post("/clients/search", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_the_page_of_a_client(known):
    answer = known.asks().get("/clients/c-1")
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert ClientPage.model_validate(told).model_dump(mode="json") == told
    assert (told["family_name"], told["born"]) == ("Mäkinen", "1999-05-04")
    assert [journey["journey"] for journey in told["journeys"]] == ["j-1"]
    assert [one["id"] for one in told["possible_duplicates"]] == ["c-2"]
    assert ("c-1", "client-page") in {(r.client, r.what) for r in known.parts.accesses.readings}


@pytest.mark.parametrize(
    ("gender", "said"), [("female", "nainen"), ("unknown", "ei tiedossa"), ("f-x", "f-x")]
)
def test_the_page_says_codes_in_the_language_that_was_asked_for(desk, gender, said):  # noqa: F811
    particulars = Particulars(given_name="Aino", gender=gender, municipality="city")
    register(desk.office.clients, "c-1", Asked(j.WORKER, MONDAY), particulars)
    before = desk.asks(language="fi").get("/clients/c-1").json()
    assert before["gender"] == {"code": gender, "title": said}
    assert before["municipality"] == {"code": "city", "title": "city"}

    desk.refers("j-1", "c-1")
    told = desk.asks(language="fi").get("/clients/c-1").json()
    [journey] = told["journeys"]
    assert told["municipality"] == journey["organisation"]
    assert told["municipality"]["title"] != "city"
    assert ClientPage.model_validate(told).model_dump(mode="json") == told


def test_who_may_see_a_client(known):
    assert known.asks(AUDITOR).get("/clients/c-3").status_code == 200
    assert known.asks(as_client("c-1")).get("/clients/c-1").status_code == 200
    assert known.asks(EVALUATOR).get("/clients/c-1").status_code == 403
    refused = ((STRANGER, 403, "client-out-of-scope"), (as_client("c-2"), 404, "unknown-client"))
    for scope, status, code in refused:
        answer = known.asks(scope).get("/clients/c-1")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert "Mäkinen" not in answer.text


def test_the_organisation_that_registered_a_client_sees_the_page_before_there_is_a_journey(known):
    told = known.asks().get("/clients/c-3").json()
    assert (told["given_name"], told["journeys"]) == ("Giulia", [])


def test_a_client_that_is_none_is_not_found(memory_desk):  # noqa: F811
    answer = memory_desk.asks().get("/clients/c-404")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-client")


def test_a_client_with_two_journeys_shows_those_in_scope(known):
    known.refers("j-2", "c-1", to="state")
    told = known.asks().get("/clients/c-1").json()
    assert ([one["journey"] for one in told["journeys"]], told["others"]) == (["j-1"], 1)
    both = known.asks(AUDITOR).get("/clients/c-1").json()
    assert (len(both["journeys"]), both["others"]) == (2, 0)
