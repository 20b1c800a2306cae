"""The application that answers HTTP, put together from its routers."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from threading import Event
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from interfaces.http import answering, description
from interfaces.http.edge import Edge
from interfaces.http.known_callers import Known
from interfaces.http.limits import BodyLimit, Rate
from interfaces.http.metrics import Counts
from interfaces.http.parts import HttpSettings, Parts
from interfaces.http.signpost import Signpost

ROUTERS = (
    "clients",
    "journeys",
    "acts",
    "batch",
    "possible",
    "audit",
    "audit_history",
    "audit_decisions",
    "audit_corrections",
    "audit_difference",
    "audit_sample",
    "audit_bundle",
    "audit_overviews",
    "own_data",
    "unusual",
    "caseload",
    "deadlines",
    "calendar",
    "changes",
    "live",
    "boards",
    "responsibility",
    "programmes",
    "organisations",
    "reports",
    "report_charts",
    "figures",
    "verifications",
    "restatements",
    "issued_reports",
    "evaluations",
    "replays",
    "exports",
    "health",
)
"""The modules whose `router` answers; each says its paths in full."""


def create_app(
    opened: Callable[[], AbstractContextManager[Parts]],
    settings: HttpSettings | None = None,
    stopping: Event | None = None,
) -> FastAPI:
    """Return the application; `opened` gives the parts it is made of while it runs.

    `stopping` is set as soon as the process is asked to stop: answers without an end look at it
    (`request.app.state.stopping`).
    """
    settings = settings or HttpSettings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = settings.threads
        with opened() as parts:
            app.state.parts = parts
            yield

    app = FastAPI(
        title="Polku",
        summary="What happened on a client's way, who knew it when, and what is due.",
        version=version("polku"),
        description=description.TEXT,
        openapi_tags=description.TAGS,
        servers=[{"url": "/"}],
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.known = Known()
    app.state.counts = Counts()
    app.state.stopping = stopping or Event()
    app.state.rate = Rate(settings.requests_per_minute, settings.burst)
    app.add_middleware(BodyLimit, most=settings.body_bytes)
    app.add_middleware(Edge, counts=app.state.counts, tls=settings.tls)
    answering.install(app)
    app.router.routes.extend(_endpoints())
    description.install(app)
    return app


@cache
def _endpoints() -> Sequence[BaseRoute]:
    """Return all routes with their signpost before them.

    They know nothing of the application that they answer for, and are the routers' own: to include
    a router makes each of its routes once more, which takes longer than many a question.
    """
    routes = [route for router in routers() for route in router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            route.operation_id = route.name  # it is one of a kind
    return (Signpost(routes), *routes)


def routers() -> list[APIRouter]:
    """Return every router, in the order in which the documentation has them."""
    found: list[Any] = [import_module(f"interfaces.http.{name}").router for name in ROUTERS]
    return found
