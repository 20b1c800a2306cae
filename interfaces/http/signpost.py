"""Finds the endpoint of a request by the parts of its address, and not by trying each in turn.

There is an address for every act: to try them one after the other costs more than many answers do.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

ANYTHING = "{}"
"""Stands for the part of an address that is a parameter."""

HERE = ""
"""Under this name a crossing keeps the routes that end there; no part of an address is empty."""


class Signpost(BaseRoute):
    """Stands before all routes, and leads to the one that takes the address and the method.

    What it does not know, it leaves to the routes after it: they say what is wrong.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._crossings: dict[str, Any] = {}
        contexts = [c for c in iter_route_contexts(list(routes)) if _is_known(c)]
        for number, context in enumerate(contexts):
            here = self._crossings
            for part in str(context.path).split("/")[1:]:
                here = here.setdefault(ANYTHING if part.startswith("{") else part, {})
            for method in context.methods or ():
                here.setdefault(HERE, {}).setdefault(method, (number, context))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a route takes the request, with what it found in the address."""
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        parts = scope["path"].split("/")[1:]
        found = [ends[scope["method"]] for ends in self._ends(parts) if scope["method"] in ends]
        for _, context in sorted(found, key=lambda one: one[0]):
            match, child = context.matches(scope)
            if match == Match.FULL:
                return match, {**child, "route": context}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the route that was found."""
        await scope["route"].app(scope, receive, send)

    def _ends(self, parts: list[str]) -> Iterator[dict[str, Any]]:
        """Yield what ends where the parts lead to, by their names and as parameters."""
        here = [self._crossings]
        for part in parts:
            here = [c[way] for c in here for way in (part, ANYTHING) if way and way in c]
        yield from (c[HERE] for c in here if HERE in c)


def _is_known(context: Any) -> bool:
    return isinstance(context.original_route, APIRoute) and ":path}" not in str(context.path)
