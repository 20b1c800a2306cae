"""What is wrong is told in one shape, with stable codes, and without what somebody typed."""

import pytest
from fastapi.exceptions import RequestValidationError

from domain.wording import said
from interfaces.http.invalid import problem_of_request
from interfaces.http.problems import KINDS, pointer_to
from tests.interfaces.http.raising import RAISED, SECRET

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "errors", "correlation"}
WRITE = {"Idempotency-Key": "k-1", "If-Match": '"3"'}
STEP = {"goal": "find a course"}


@pytest.fixture
def client(memory_client_of):
    return memory_client_of()


def told(answer, code, status=None):
    """The problem that is told, once its shape, its code and its status are found right."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) >= MEMBERS
    assert (body["code"], body["status"]) == (code, answer.status_code)
    assert answer.status_code == (status or KINDS[code].status)
    assert body["correlation"] == answer.headers["x-correlation-id"]
    assert SECRET not in answer.text
    return body


def placed(body):
    """The places of all that is told as wrong, each with its code."""
    return [(one["pointer"], one["place"], one["code"]) for one in body["errors"]]


@pytest.mark.parametrize("what", [name for name in RAISED if name in KINDS])
def test_each_refusal_has_its_code(client, what):
    body = told(client.get(f"/raise/{what}"), what)
    assert body["instance"] == f"/raise/{what}"
    assert body["detail"]
    assert body["type"] == f"/problems/{what}"


def test_an_act_that_does_not_fit_says_the_state_the_act_and_what_is_missing(client):
    body = told(client.get("/raise/illegal-transition"), "illegal-transition")
    assert (body["state"], body["act"], body["missing"]) == (
        "the journey is closed",
        "pause",
        "reopen it first",
    )


def test_a_value_that_an_act_refuses_is_pointed_at(client):
    body = told(client.get("/raise/invalid"), "invalid")
    assert body["errors"] == [
        {
            "pointer": "/steps/0/goal",
            "message": "say it in a few words",
            "code": "invalid",
            "place": "body",
        }
    ]


def test_a_stale_version_says_both(client):
    body = told(client.get("/raise/stale"), "stale")
    assert (body["expected"], body["actual"]) == (3, 5)


LATER = ["unavailable", "identity", "not-noted", "disk-full", "no-descriptors"]


@pytest.mark.parametrize("what", LATER)
def test_what_is_not_there_just_now_can_be_asked_again(client, what):
    answer = client.get(f"/raise/{what}")
    told(answer, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_a_search_for_nothing_is_told(client):
    assert told(client.get("/raise/nothing-asked"), "invalid")["detail"]


@pytest.mark.parametrize("language", ["en", "fi", "it"])
def test_a_cursor_that_does_not_fit_is_told_where_one_is_found(client, language):
    answer = client.get("/raise/bad-cursor", headers={"Accept-Language": language})
    assert answer.headers["content-language"] == language
    body = told(answer, "bad-cursor")
    assert "`next`" in body["detail"]
    (wrong,) = body["errors"]
    assert (wrong["pointer"], wrong["place"]) == ("/cursor", "query")
    assert wrong["message"] == body["detail"]


def test_who_is_not_known_is_told_how_to_be(client):
    answer = client.get("/raise/unauthenticated")
    told(answer, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_body_that_is_not_json_is_told_from_where_on(client):
    answer = client.post("/take", content='{"steps": [}', headers={"content-type": JSON})
    assert "11" in told(answer, "malformed")["detail"]


JSON = "application/json"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", None])
def test_a_body_of_another_kind_is_told(client, content_type):
    headers = {"content-type": content_type} if content_type else {}
    answer = client.post("/take", content=b'{"steps": []}', headers=headers)
    assert told(answer, "media-type", 415)["detail"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/steps", "missing"),
        ({"steps": [{}]}, "/steps/0/goal", "missing"),
        ({"steps": [STEP, {"goal": "x" * 21}]}, "/steps/1/goal", "string-too-long"),
        ({"steps": [], "nte": "x"}, "/nte", "extra-forbidden"),
        ({"steps": [], "a/b~c": 1}, "/a~1b~0c", "extra-forbidden"),
        ({"steps": [{**STEP, "by": "soon"}]}, "/steps/0/by", "date-from-datetime-parsing"),
        ({"steps": [], "reach": {"kind": "phone"}}, "/reach/number", "missing"),
        ({"steps": [], "reach": {"kind": "phone", "number": 5}}, "/reach/number", "string-type"),
        ({"steps": [], "reach": {"kind": SECRET}}, "/reach/kind", "union-tag-invalid"),
        ([1], "", "model-attributes-type"),
    ],
)
def test_each_value_that_cannot_be_used_is_pointed_at(client, body, pointer, code):
    found = told(client.post("/take", json=body), "invalid")["errors"]
    assert [(one["pointer"], one["code"]) for one in found] == [(pointer, code)]
    assert all(one["message"] for one in found)


def test_all_faults_are_told_at_once_up_to_a_bound(client):
    found = told(client.post("/take", json={"steps": [{}] * 500}), "invalid")["errors"]
    assert len(found) == 50


@pytest.mark.parametrize(
    ("asked", "pointer", "message"),
    [
        ("limit=201", "/limit", "give at most 200"),
        ("limit=no", "/limit", "give a whole number"),
        ("limt=5", "/limt", "there is no such field here: see the API's description"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(client, asked, pointer, message):
    (found,) = told(client.get(f"/seek?{asked}"), "invalid")["errors"]
    assert (found["pointer"], found["message"], found["place"]) == (pointer, message, "query")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (("string_too_short", {"min_length": 1}), "give at least 1 character"),
        (("string_too_short", {"min_length": 2}), "give at least 2 characters"),
        (("string_too_long", {"max_length": 1}), "give at most 1 character"),
        (("string_too_long", {"max_length": 20}), "give at most 20 characters"),
    ],
)
def test_a_length_is_said_in_the_right_number(fault, message):
    kind, context = fault
    given = {"type": kind, "loc": ("body", "goal"), "ctx": context}
    (wrong,) = problem_of_request(RequestValidationError([given], body={"goal": ""})).errors
    assert wrong.message == message


@pytest.mark.parametrize(
    ("left_out", "code"), [("Idempotency-Key", "key-missing"), ("If-Match", "version-missing")]
)
def test_a_write_without_its_headers_is_refused(client, left_out, code):
    headers = {name: value for name, value in WRITE.items() if name != left_out}
    body = told(client.post("/write", json={"steps": []}, headers=headers), code)
    assert left_out in body["detail"]
    assert placed(body) == [(f"/{left_out}", "header", "missing")]
    assert client.post("/write", json={"steps": [STEP]}, headers=WRITE).json() == 1


def test_all_headers_that_a_write_lacks_are_told_at_once(client):
    body = told(client.post("/write", json={"steps": [STEP]}), "key-missing")
    assert [pointer for pointer, _, _ in placed(body)] == ["/Idempotency-Key", "/If-Match"]


def test_a_method_that_an_address_does_not_take_is_told(client):
    answer = client.delete("/take")
    told(answer, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


def test_titles_and_details_are_said_in_the_language_asked_for(memory_client_of):
    answer = memory_client_of().get("/nowhere", headers={"Accept-Language": "fi, en;q=0.5"})
    assert answer.headers["content-language"] == "fi"
    told(answer, "not-found")


def test_a_pointer_escapes_as_rfc_6901_says():
    assert pointer_to("a/b", 0, "m~n") == "/a~1b/0/m~0n"
    assert pointer_to() == ""


def test_every_code_is_one_of_a_kind_with_a_title_that_can_be_translated():
    assert all(code == kind.code for code, kind in KINDS.items())
    assert all(kind.title == said(str(kind.title)) for kind in KINDS.values())
