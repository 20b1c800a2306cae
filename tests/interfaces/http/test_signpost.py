"""The signpost leads where the routes alone would have led, for every address there is."""

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from starlette.testclient import TestClient

from interfaces.http.app import routers
from interfaces.http.signpost import Signpost


def refuse():
    raise HTTPException(418)


def made(*, signposted):
    inner = APIRouter(prefix="/inner")

    @inner.get("/{one}")
    def inner_one(one: str):
        return ["inner", one]

    router = APIRouter()
    router.include_router(inner)
    router.include_router(inner, prefix="/guarded", dependencies=[Depends(refuse)])

    @router.get("/things/{thing}")
    def show(thing: str):
        return ["show", thing]

    @router.post("/things/search")
    def search():
        return ["found"]

    @router.get("/numbers/{number}")
    def number(number: int):
        return number

    @router.put("/numbers/{number}")
    def put(number: int):
        return number

    @router.get("/rest/{rest:path}")
    def rest(rest: str):
        return rest

    app = FastAPI(redirect_slashes=False)
    app.include_router(router)
    if signposted:
        app.router.routes.insert(0, Signpost(app.routes))
    return TestClient(app)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        *("/things/x", "/things/", "/things", "/things/x/y", "/things//", "/"),
        *("/numbers/1", "/numbers/one", "/rest/a/b/c", "/inner/x", "/guarded/inner/x"),
        *("/things/{}", "/things/a%2Fb", "/{}/x", "//things/x", "/nowhere"),
    ],
)
def test_an_answer_is_the_same_with_and_without_it(method, path):
    answers = [made(signposted=s).request(method, path) for s in (True, False)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content
    assert methods_of(answers[0]) >= methods_of(answers[1])


def methods_of(answer):
    return {name for name in answer.headers.get("allow", "").split(", ") if name}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_address_with_a_name_is_not_that_of_a_thing_called_so(method):
    asking = made(signposted=True)
    answer = asking.request(method, "/things/search")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert asking.post("/things/search").json() == ["found"]


def test_an_address_says_all_its_methods():
    answer = made(signposted=True).delete("/numbers/1")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, PUT")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/programmes?limt=1"), ("POST", "/batch?dry_run=true"), ("GET", "/clients/c?x=%E4")],
)
def test_a_parameter_that_an_address_does_not_know_is_refused(memory_client_of, method, path):
    answer = memory_client_of().request(method, path, json={})
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["code"], wrong["place"]) == (422, "extra-forbidden", "query")
    assert wrong["pointer"] == "/" + path.partition("?")[2].partition("=")[0]


def test_a_parameter_that_is_given_twice_is_refused(memory_client_of):
    answer = memory_client_of().get("/programmes?limit=2&limit=3")
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["code"], wrong["place"]) == (422, "given-twice", "query")
    assert wrong["pointer"] == "/limit"


def test_no_body_of_any_address_may_have_a_field_twice(memory_client_of, described):
    """Also where it is read by a function of its own: the body is looked at before."""
    client = memory_client_of()
    asked = 0
    for path, operations in described["paths"].items():
        for method in (m for m, operation in operations.items() if "requestBody" in operation):
            answer = client.request(
                method,
                path.replace("{number}", "1").replace("{version}", "1"),
                content=b'{"of/this": [{"a": 1, "b": {}, "a": 2}]}',
                headers={"Content-Type": "application/json"},
            )
            (wrong,) = answer.json()["errors"]
            assert (answer.status_code, wrong["code"]) == (422, "given-twice"), path
            assert (wrong["pointer"], wrong["place"]) == ("/of~1this/0/a", "body")
            asked += 1
    assert asked > 80


@pytest.mark.parametrize("kind", ["APPLICATION/JSON", "application/vnd.polku+Json; x=y"])
def test_nor_where_its_kind_is_written_in_large_letters(memory_client_of, kind):
    answer = memory_client_of().post(
        "/batch", content=b'{"a": 1, "a": 2}', headers={"Content-Type": kind}
    )
    (wrong,) = answer.json()["errors"]
    assert (wrong["code"], wrong["pointer"]) == ("given-twice", "/a")


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 1', b"\xff{", b"[" * 100_000, b""])
def test_a_body_that_is_no_json_is_still_said_to_be_none(memory_client_of, body):
    answer = memory_client_of().post(
        "/batch", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert "given-twice" not in answer.text


def test_half_a_letter_as_a_name_is_told_as_it_can_be(memory_client_of):
    answer = memory_client_of().post(
        "/batch",
        content=b'{"\\ud800": 1, "\\ud800": 2}',
        headers={"Content-Type": "application/json"},
    )
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/?"]


def test_machines_that_look_at_the_service_may_add_parameters(memory_client_of):
    assert memory_client_of().get("/health/live?probe=7").status_code == 200


def test_it_knows_every_address_of_the_api(described):
    app = FastAPI()
    for router in routers():
        app.include_router(router)
    signpost = Signpost(app.routes)
    for path, operations in described["paths"].items():
        for method in operations:
            asked = path.replace("{number}", "1").replace("{version}", "1")
            scope = {"type": "http", "method": method.upper(), "path": asked}
            match, found = signpost.matches(scope)
            assert match.name == "FULL", path
            assert found["route"].path == path
