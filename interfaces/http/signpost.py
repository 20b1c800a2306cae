"""Finds the endpoint of a request by the parts of its address, and not by trying each in turn.

There is an address for every act: to try them one after the other costs more than many answers do.
Who asks is found out here, before anything else of a request is looked at.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from domain.wording import Wording, said
from interfaces.http.asked import asks
from interfaces.http.bodies import require_each_once
from interfaces.http.context import here
from interfaces.http.description import OPEN
from interfaces.http.heads import HEAD
from interfaces.http.invalid import LONGEST_NAME, SHOWN
from interfaces.http.problems import INVALID, TWICE, Problem, Wrong, pointer_to

ANYTHING = "{}"
"""Stands for the part of an address that is a parameter."""

HERE = ""
"""Under this name a crossing keeps the routes that end there; no part of an address is empty."""

UNKNOWN = "extra-forbidden"
"""The code of a parameter that there is not."""

OTHERS = "polku.other-methods"
"""Under this name a request keeps the methods of its address where its own is not one of them."""


class Signpost(BaseRoute):
    """Stands before all routes, and leads to the one that takes the address and the method.

    What it does not know, it leaves to the routes after it: they say what is wrong.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._crossings: dict[str, Any] = {}
        self._without_query: set[int] = set()
        self._guarded: set[int] = set()
        self._with_body: set[int] = set()
        contexts: list[Any] = [c for c in iter_route_contexts(list(routes)) if _is_known(c)]
        for context in contexts:
            if not _takes_query(context):
                self._without_query.add(id(context))
            if _asks_who(context.original_route.dependant):
                self._guarded.add(id(context))
            if context.original_route.body_field is not None:
                self._with_body.add(id(context))
            at = self._crossings
            for part in str(context.path).split("/")[1:]:
                at = at.setdefault(ANYTHING if part.startswith("{") else part, {})
            for method in context.methods or ():
                at.setdefault(HERE, {}).setdefault(method, context)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a route takes the request, with what it found in the address."""
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        parts = scope["path"].split("/")[1:]
        ends = self._ends(parts)
        if scope["method"] in ends:
            context = ends[scope["method"]]
            match, child = context.matches(scope)
            if match == Match.FULL:
                return match, {**child, "route": context}
        return self._by_other_methods(scope, ends)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the route that was found.

        Raises what `here` raises for who is not known, and Problem for a parameter that it has not,
        and for what is given twice.
        """
        route = scope["route"]
        if OTHERS in scope:
            others = scope[OTHERS] | ({HEAD} if "GET" in scope[OTHERS] else set())
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(others))})
        if id(route) in self._guarded:
            await here(Request(scope))
        if scope["query_string"]:
            self._check_query(scope["query_string"], route)
        if id(route) in self._with_body:
            receive = await require_each_once(scope, receive)
        await route.app(scope, receive, send)

    def _check_query(self, query: bytes, route: Any) -> None:
        names = [name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)]
        if id(route) in self._without_query:
            _refuse(names, said("there is no such field here: see the API's description"), UNKNOWN)
        if len(set(names)) < len(names) and OPEN not in route.tags:
            twice = [name for name, times in Counter(names).items() if times > 1]
            _refuse(twice, said("it is given more than once: say which is meant"), TWICE)

    def _by_other_methods(self, scope: Scope, ends: dict[str, Any]) -> tuple[Match, Scope]:
        """Return that the address takes other methods, all of them: a router alone names one's."""
        others: set[str] = set()
        found: Scope = {}
        for context in ends.values():
            match, child = context.matches(scope)
            if match == Match.PARTIAL:
                others |= set(context.methods or ())
                found = found or {**child, "route": context}
        return (Match.FULL, {**found, OTHERS: others}) if others else (Match.NONE, {})

    def _ends(self, parts: list[str]) -> dict[str, Any]:
        """Return what ends where the parts lead to; by a name, where there is one, before others.

        So /clients/search is an address of its own, and never the client whose id is "search".
        """
        at = [self._crossings]
        for part in parts:
            at = [c[way] for c in at for way in (part, ANYTHING) if way and way in c]
        ends: dict[str, Any] = next((c[HERE] for c in at if HERE in c), {})
        return ends


def _takes_query(context: Any) -> bool:
    """Whether a route has parameters in the query, or is for machines that may add their own."""
    return OPEN in context.tags or _asks_query(context.original_route.dependant)


def _asks_query(dependant: Any) -> bool:
    own = bool(dependant.query_params) or asks(dependant.call)
    return own or any(map(_asks_query, dependant.dependencies))


def _asks_who(dependant: Any) -> bool:
    return dependant.call is here or any(map(_asks_who, dependant.dependencies))


def _refuse(names: Iterable[str], why: Wording, code: str) -> NoReturn:
    raise Problem(
        INVALID,
        said("see what is wrong with each value under errors"),
        errors=[
            Wrong(pointer_to(name[:LONGEST_NAME]), why, code, "query")
            for name in islice(dict.fromkeys(names), SHOWN)
        ],
    )


def _is_known(context: Any) -> bool:
    return isinstance(context.original_route, APIRoute) and ":path}" not in str(context.path)
