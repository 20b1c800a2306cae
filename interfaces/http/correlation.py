"""One id from a request to the entries it makes, and through every message about it."""

import re
from uuid import uuid4

HEADER = b"x-correlation-id"

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_TRACE = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NO_TRACE = "0" * 32


def correlation_of(given: bytes | None, traceparent: bytes | None) -> str:
    """Return the caller's id where it is well-formed, else a new one.

    `given` is the header X-Correlation-Id: 8 to 64 letters, digits, dots, dashes and underscores.
    `traceparent` is that of W3C Trace Context: its trace id is taken.
    """
    if given is not None:
        text = given.decode("latin-1")
        if _WELL_FORMED.fullmatch(text):
            return text
    if traceparent is not None:
        found = _TRACE.fullmatch(traceparent.decode("latin-1"))
        if found is not None and found[1] != _NO_TRACE:
            return found[1]
    return uuid4().hex
