"""Callers as they were last identified: each token is checked once in a while, not each time."""

from collections.abc import Callable
from hashlib import sha256
from time import monotonic

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from application.scope import Scope
from interfaces.http.parts import Parts

SECONDS_KNOWN, MOST_KNOWN = 2.0, 5000
"""For how long, and how many, callers are taken as they were last identified."""


class Known:
    """Who was identified by which headers a moment ago: an answer then needs one thread less.

    Of the headers a digest is kept: they may be long, and a token opens all that its owner may see.
    """

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._scopes: dict[bytes, tuple[Scope, float]] = {}

    async def identify(self, request: Request, parts: Parts) -> Scope:
        """Return who asks. Raises what `Parts.identify` raises."""
        token = request.headers.get("authorization")
        if token is None:
            return await run_in_threadpool(parts.identify, request)
        key = _digest((token, *request.headers.getlist("polku-purpose")))
        found = self._scopes.get(key)
        if found is not None and self._seconds() < found[1]:
            return found[0]
        began = self._seconds()
        scope = parts.recognise(request)
        if scope is None:
            scope = await run_in_threadpool(parts.identify, request)
        if len(self._scopes) >= MOST_KNOWN:
            self._scopes.clear()
        self._scopes[key] = scope, began + SECONDS_KNOWN
        return scope


def _digest(headers: tuple[str, ...]) -> bytes:
    """Return a digest of the values of headers, in their order."""
    return sha256(repr(headers).encode()).digest()
