"""How much may be asked at a time, and how often."""

from functools import partial

import pytest

from application.scope import Role
from interfaces.http.limits import REMEMBERED, Rate
from interfaces.http.parts import HttpSettings
from interfaces.http.problems import Problem
from tests.interfaces.http.conftest import clients_on

SMALL = HttpSettings(body_bytes=2000, requests_per_minute=60, burst=5)


@pytest.fixture
def clock(monkeypatch):
    """The clock by which buckets fill."""
    put = Clock()
    monkeypatch.setattr("interfaces.http.app.Rate", partial(Rate, clock=put))
    return put


@pytest.fixture
def small_client_of(trial_parts, clock):
    yield from clients_on(trial_parts, SMALL)


def body(size):
    return {"steps": [], "note": "x" * (size - len('{"steps":[],"note":""}'))}


def test_a_body_up_to_the_size_is_taken_and_a_larger_one_is_not(small_client_of):
    client = small_client_of()
    assert client.post("/take", json=body(2000)).status_code == 200
    refused = client.post("/take", json=body(2001))
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert "2000" in refused.json()["detail"]
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_a_body_of_unannounced_size_is_not_read_to_its_end(small_client_of):
    sent = []

    def endless():
        yield b'{"steps": [], "note": "'
        for number in range(1000):
            sent.append(number)
            yield b"x" * 500

    headers = {"content-type": "application/json"}
    refused = small_client_of().post("/take", content=endless(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")


def test_a_person_who_asks_too_often_waits_and_others_do_not(small_client_of, clock):
    often, other = small_client_of(), small_client_of(person="aino")
    assert [often.get("/me-too").status_code for _ in range(5)] == [200] * 5
    clock.now += 0.1
    refused = often.get("/me-too")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate")
    assert refused.headers["retry-after"] == "1"
    assert other.get("/me-too").status_code == 200
    assert small_client_of(role=Role.TEAM_LEAD).get("/me-too").status_code == 429
    clock.now += 1
    assert often.get("/me-too").status_code == 200


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def granted(rate, who, times):
    count = 0
    for _ in range(times):
        try:
            rate.take(who)
        except Problem:
            continue
        count += 1
    return count


def test_a_bucket_fills_by_the_rate_and_no_further_than_the_burst():
    clock = Clock()
    rate = Rate(60, 10, clock)
    assert granted(rate, "a", 15) == 10
    clock.now += 3
    assert granted(rate, "a", 15) == 3
    clock.now += 3600
    assert granted(rate, "a", 15) == 10


def test_a_refused_request_says_how_long_to_wait_and_that_is_enough():
    clock = Clock()
    rate = Rate(6, 1, clock)
    rate.take("a")
    with pytest.raises(Problem) as refused:
        rate.take("a")
    clock.now += int(refused.value.headers["Retry-After"])
    assert granted(rate, "a", 1) == 1


def test_only_so_many_people_are_remembered():
    rate = Rate(1, 1, Clock())
    for number in range(REMEMBERED + 1):
        rate.take(f"p-{number}")
    assert granted(rate, f"p-{REMEMBERED}", 1) == 0
    assert granted(rate, "p-0", 1) == 1
