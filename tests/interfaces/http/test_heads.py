"""HEAD: what GET would say in its headers, and nothing of it."""

import time

import pytest

from tests.interfaces.http.desk import STRANGER, WORKER, desk, memory_desk  # noqa: F401


@pytest.fixture
def journey(memory_desk):  # noqa: F811
    memory_desk.refers("j-1", "c-1")
    memory_desk.takes("j-1")
    return memory_desk


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/health/live", WORKER, 200),
        ("/journeys?whose=mine", WORKER, 200),
        ("/journeys/j-1", WORKER, 200),
        ("/journeys/j-1/timeline?limit=1", WORKER, 200),
        ("/journeys/none", WORKER, 404),
        ("/journeys/j-1", STRANGER, 403),
        ("/journeys?limit=x", WORKER, 422),
        ("/nowhere", WORKER, 404),
    ],
)
def test_head_has_the_headers_of_get_and_no_body(journey, path, who, status):
    asking = journey.asks(who)
    read, headed = asking.get(path), asking.head(path)
    assert (read.status_code, headed.status_code) == (status, status)
    assert read.content
    assert headed.content == b""
    for one in (read, headed):
        del one.headers["x-correlation-id"]
    assert headed.headers == read.headers


def test_head_of_what_has_no_end_ends(journey):
    began = time.monotonic()
    answer = journey.asks().head("/changes/live?seconds=60")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert time.monotonic() - began < 45


def test_who_asks_by_head_is_noted_as_a_reader(journey):
    """The headers tell of the client as well: how long the answer is, and that there is one."""
    asking = journey.asks()
    readings = journey.parts.accesses.readings
    asking.head("/journeys/j-1")
    by_head = [(one.client, one.journey, one.what) for one in readings]
    asking.get("/journeys/j-1")
    assert by_head
    assert [(one.client, one.journey, one.what) for one in readings] == 2 * by_head


def test_an_address_without_get_has_no_head(journey):
    answer = journey.asks().head("/clients/search")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
