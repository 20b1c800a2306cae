"""HEAD: what GET would say in its headers, and nothing of it."""

import asyncio
import time

import pytest
from starlette.requests import Request

from interfaces.http.context import Here
from interfaces.http.heads import Unread
from interfaces.http.live import follow_changes
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


def test_who_asks_by_head_what_changes_is_told_of_nobody_and_noted_for_nobody(journey):
    """The headers are the same whatever follows: they tell of no client."""
    for number in range(2, 8):
        journey.refers(f"j-{number}", f"c-{number}")
    answer = journey.asks().head("/changes/live?after=0&seconds=1")
    assert answer.status_code == 200
    assert list(journey.parts.accesses.readings) == []
    told = journey.asks().get("/changes/live?after=0&seconds=1")
    assert told.text.count("event: change") > 6
    assert journey.parts.accesses.readings
    assert told.headers["content-type"] == answer.headers["content-type"]


def test_no_change_is_made_ready_for_who_reads_none_of_it(journey):
    """However late it is heard that nobody reads on: what was made ready would be noted as read."""
    asked = {"type": "http", "method": "HEAD", "headers": [], "app": journey.app}
    here = Here(journey.parts, WORKER, "en", "a")

    async def first(scope):
        return await anext(follow_changes(Request(scope), (here, 0, 1.0)), None)

    assert asyncio.run(first(Unread(asked, receive=None).scope)) is None
    assert asyncio.run(first({**asked, "method": "GET"})).event == "begin"


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
