"""HTTP on a connection, with bounds on what comes before a body and after it.

The server itself takes names and values of headers without end, from anybody: 130 megabytes of them
would fill a gigabyte of memory.
"""

from uuid import uuid4

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from domain.wording import ENGLISH
from interfaces.http import headers
from interfaces.http.answering import body_of
from interfaces.http.correlation import HEADER
from interfaces.http.problems import BAD_REQUEST, MEDIA_TYPE, Problem

LONGEST_HEAD = 65_536
"""Bytes of an address with its headers at most, also of what comes after a body. What comes in one
piece is taken whole."""

UNREADABLE = Problem(BAD_REQUEST, "what was sent is no HTTP: check the method and the headers")
TOO_LONG = Problem(
    BAD_REQUEST, f"an address and its headers have at most {LONGEST_HEAD} bytes together"
)


class Wire(HttpToolsProtocol):
    """One connection, which is closed where what is sent cannot be read, or has no end."""

    _unused = 0
    """Bytes since the last piece of a request that was whole."""

    def data_received(self, data: bytes) -> None:
        """Take what was sent."""
        self._unused += len(data)
        super().data_received(data)
        if self._unused > LONGEST_HEAD and not self.transport.is_closing():
            self._refuse(TOO_LONG)

    def on_headers_complete(self) -> None:
        """Go on with a request."""
        self._unused = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Go on with a body, which is counted where it is read."""
        self._unused = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._unused = 0
        super().on_message_complete()

    def send_400_response(self, _msg: str) -> None:
        """Answer what cannot be read in the one shape of problems."""
        self._refuse(UNREADABLE)

    def _refuse(self, problem: Problem) -> None:
        """Close the connection; say why where no other answer is under way."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer_of(problem))
        self.transport.close()


def answer_of(problem: Problem) -> bytes:
    """Return a whole answer, in English: which language is wanted was not read."""
    correlation = uuid4().hex
    body = to_json(body_of(problem, ENGLISH, instance="", correlation=correlation))
    said = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"content-language", b"en"),
        (b"connection", b"close"),
    ]
    headers.complete(said, (*headers.SAFE, (HEADER, correlation.encode())))
    lines = b"".join(b"%b: %b\r\n" % header for header in said)
    return b"HTTP/1.1 %d Bad Request\r\n%b\r\n%b" % (problem.status_code, lines, body)
