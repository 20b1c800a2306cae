"""What becomes of an answer that ends otherwise than its endpoint meant."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from anyio import BrokenResourceError
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from interfaces.http.edge import BrokenOff, Edge
from interfaces.http.metrics import Counts

BEGUN = {"type": "http.response.start", "status": 200, "headers": []}


def asked(begun: bool, fault: BaseException) -> tuple[list[Any], Counts]:
    """Ask what fails, before or after it has begun to answer; return what was sent, and counted."""
    sent: list[Any] = []

    async def fails(_scope: Any, _receive: Any, send: Any) -> None:
        if begun:
            await send(dict(BEGUN))
        raise fault

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    counts = Counts()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/here",
        "headers": [],
        "app": SimpleNamespace(state=SimpleNamespace()),
    }
    asyncio.run(Edge(fails, counts=counts, tls=False)(scope, receive, send))
    return sent, counts


def test_where_a_reader_of_a_stream_has_gone_nothing_is_told_as_wrong():
    gone = ExceptionGroup("in tasks", [BrokenResourceError(), BrokenResourceError()])
    with capture_logs() as logged:
        sent, counts = asked(True, gone)
    assert sent == [BEGUN | {"headers": sent[0]["headers"]}]
    assert [one for one in logged if one["log_level"] == "error"] == []
    assert b"polku_problems_total{" not in generate_latest(counts.registry)


@pytest.mark.parametrize(
    "fault",
    [
        ExceptionGroup("in tasks", [BrokenResourceError(), ValueError("another fault")]),
        BrokenResourceError(),
        ValueError("a fault"),
    ],
)
def test_any_other_fault_of_an_answer_that_has_begun_is_told(fault: Exception):
    with capture_logs() as logged, pytest.raises(BrokenOff):
        asked(True, fault)
    assert [one["event"] for one in logged if one["log_level"] == "error"] == ["request-failed"]


def test_who_waits_longer_than_a_process_may_that_stops_is_asked_to_come_again():
    sent, counts = asked(False, asyncio.CancelledError("timeout graceful shutdown exceeded"))
    start, body = sent
    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"2"
    told = json.loads(body["body"])
    assert (told["code"], told["status"]) == ("unavailable", 503)
    assert told["detail"] == "the service is stopping: try again in a moment"
    assert b'polku_problems_total{code="unavailable"} 1.0' in generate_latest(counts.registry)


def test_an_answer_that_has_begun_is_cut_off_where_the_process_can_wait_no_longer():
    with pytest.raises(asyncio.CancelledError):
        asked(True, asyncio.CancelledError())
