"""What is sent without an end, or is no HTTP, is not kept, and answered in the one shape."""

import asyncio
import json

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from interfaces.http.wire import LONGEST_HEAD, Wire

ASKED = b"POST /here HTTP/1.1\r\nHost: x\r\n"
CHUNKED = ASKED + b"Transfer-Encoding: chunked\r\n\r\n"
MANY = [b"X: a\r\n" * 5_000] * 50
LONG = [b"a" * 30_000] * 50


async def read_all(scope, receive, send):
    """Answer with how long the body is, once it is all there."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    said = b"%d" % length
    start = {"type": "http.response.start", "status": 200}
    await send(start | {"headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


def answers_to(*pieces: bytes) -> tuple[bytes, int]:
    """Return what is answered to pieces that are sent one after the other; how many were taken."""

    async def ask() -> tuple[bytes, int]:
        config = Config(read_all, http=Wire, ws="none", lifespan="off", log_config=None)
        config.load()
        state, loop = ServerState(), asyncio.get_running_loop()
        serving = await loop.create_server(
            lambda: Wire(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        reading, writing = await asyncio.open_connection(*serving.sockets[0].getsockname())
        taken = 0
        try:
            for piece in pieces:
                writing.write(piece)
                await writing.drain()
                await asyncio.sleep(0.002)
                if reading.at_eof() or (not state.connections and taken > 1):
                    break
                taken += 1
            answer = await asyncio.wait_for(reading.read(65_536), 5)
        except ConnectionError:
            answer = b""
        writing.close()
        serving.close()
        return answer, taken

    return asyncio.run(ask())


@pytest.mark.parametrize("endless", [MANY, LONG], ids=["many", "long"])
@pytest.mark.parametrize(
    "begun",
    [
        ASKED,
        ASKED + b"X: ",
        CHUNKED + b"1\r\na\r\n0\r\n",
        CHUNKED + b"1\r\na\r\n0\r\nX: ",
        b"GET /",
    ],
    ids=["headers", "header", "trailers", "trailer", "address"],
)
def test_what_has_no_end_is_not_taken(begun, endless):
    answer, taken = answers_to(begun, *endless)
    assert taken < 20
    assert b" 200 " not in answer


def test_an_answer_to_what_has_no_end_says_so_in_the_one_shape():
    head, _, body = answers_to(ASKED, *MANY)[0].partition(b"\r\n\r\n")
    told = json.loads(body)
    assert (told["code"], told["status"]) == ("bad-request", 400)
    assert str(LONGEST_HEAD) in told["detail"]
    assert told["correlation"].encode() in head


@pytest.mark.parametrize(
    "junk", [b"FOO / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"GET / HTTP/9\r\n\r\n"]
)
def test_what_is_no_http_is_told_safely_in_the_one_shape(junk):
    head, _, body = answers_to(junk)[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"http/1.1 400 bad request"
    assert {b"cache-control: no-store", b"x-content-type-options: nosniff"} < {*lines}
    assert {b"connection: close", b"content-type: application/problem+json"} < {*lines}
    assert json.loads(body)["code"] == "bad-request"


def test_long_heads_and_bodies_in_any_pieces_are_taken():
    long = b"X: " + b"a" * (LONGEST_HEAD - 200) + b"\r\n"
    size = 3 * LONGEST_HEAD
    whole = (ASKED + long + b"Content-Length: %d\r\n\r\n" % size + b"a" * size) * 2
    pieces = [whole[at : at + 20_000] for at in range(0, len(whole), 20_000)]
    assert answers_to(*pieces)[0].count(b"%d" % size) == 2


def test_a_body_in_many_small_pieces_is_taken():
    pieces = [b"1\r\na\r\n" * 1_000] * 30
    answer, _ = answers_to(CHUNKED, *pieces, b"0\r\n\r\n")
    assert answer.endswith(b"30000")
