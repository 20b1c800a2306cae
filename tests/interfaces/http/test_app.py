"""The application as a whole: what every answer has, and what it says about itself."""

from interfaces.http.problems import KINDS


def test_it_lives(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


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
