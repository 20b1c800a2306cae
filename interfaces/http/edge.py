"""The outermost layer: what is done for every request, whatever it asks.

One layer for all of it, as each costs time: a correlation id, the language, safe headers, a line in
the log, a count, and an answer in one shape where something fails.
"""

from asyncio import CancelledError
from time import perf_counter
from typing import Any

import structlog
from anyio import BrokenResourceError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http import headers
from interfaces.http.answering import answer, stopping
from interfaces.http.correlation import HEADER, correlation_of
from interfaces.http.heads import HEAD, Unread
from interfaces.http.language import language_of
from interfaces.http.metrics import Counts

NO_ROUTE = "none"
"""What stands for the address of a request that no route takes: the address itself may say who."""


OUTCOMES = {201: "recorded", 200: "nothing-new"}
"""What came of an act, by its status; else it is the code of the problem."""


class BrokenOff(Exception):
    """An answer could not be completed; why stands in the log."""


class Edge:
    """Does for every request what every request needs."""

    def __init__(self, app: ASGIApp, *, counts: Counts, tls: bool) -> None:
        self._app, self._counts = app, counts
        self._fixed = headers.always(tls=tls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        given = dict(scope["headers"])
        correlation = correlation_of(given.get(HEADER), given.get(b"traceparent"))
        language = language_of(given.get(b"accept-language"))
        scope.setdefault("state", {}).update(correlation=correlation, language=language)
        structlog.contextvars.bind_contextvars(correlation=correlation)
        own = (
            *self._fixed,
            (HEADER, correlation.encode()),
            (b"content-language", language.encode()),
            (b"vary", b"Accept-Language"),
        )
        status = 0
        unread = Unread(scope, receive) if scope["method"] == HEAD else None
        asked, receive = (scope, receive) if unread is None else (unread.scope, unread.receive)

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = said = list(message.get("headers", ()))
                headers.complete(said, own)
            await (send(message) if unread is None else unread.sent(message, send))

        try:
            await self._app(asked, receive, answered)
            if unread is not None:
                await unread.end(send)
        except CancelledError:  # the process stops, and has waited as long as it may
            if status:
                raise
            await answer(Request(asked), stopping())(asked, receive, answered)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            if status and _hung_up(error):
                return
            response = answer(Request(asked), error)
            if status:
                raise BrokenOff from None
            await response(asked, receive, answered)
        finally:
            asked["method"] = scope["method"]
            self._note(asked, status, perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        problem = scope.get("polku.problem")
        self._counts.request(scope["method"], route, status, seconds, problem)
        if scope["method"] == "POST" and "acts" in getattr(scope.get("route"), "tags", ()):
            self._counts.act(problem or OUTCOMES.get(status, "other"))
        structlog.get_logger().info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
        )


def _hung_up(error: Exception) -> bool:
    """Whether a stream could not be sent any more as its reader has gone: nothing is wrong."""
    return isinstance(error, ExceptionGroup) and error.split(BrokenResourceError)[1] is None


def route_of(scope: Scope) -> str:
    """Return the template of the route that took the request: never an address with ids in it."""
    route: Any = scope.get("route")
    return getattr(route, "path", NO_ROUTE)
