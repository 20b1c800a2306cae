"""Whether the service lives, whether it can answer, and its numbers; for machines, without a token.

Nothing here is about a person.
"""

from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from domain.wording import in_language, said
from interfaces.http import metrics
from interfaces.http.parts import Parts
from interfaces.http.problems import KINDS, NOT_FOUND, Kind, Problem

router = APIRouter(tags=["service"])


_LOOK = "see the log of the service, or `polku db status` and `polku projections status`"


class Alive(BaseModel, use_attribute_docstrings=True):
    """The process runs and answers."""

    status: Literal["alive"] = "alive"
    """Always `alive`: a process that does not live does not answer."""


class PartStanding(BaseModel, use_attribute_docstrings=True):
    """Whether one thing that the service stands on is as it should be."""

    part: str = Field(description="database, migrations, projections or access-spool")
    ready: bool
    """Whether this part works."""
    said: str = Field(
        description="Where to look; empty where nothing is wrong. What is wrong stands in the log. "
        "A part can work while something is wrong, as where an entry of one journey cannot be read."
    )


class Ready(BaseModel, use_attribute_docstrings=True):
    """Whether requests can be answered, and which part is in the way where not."""

    status: Literal["ready", "not-ready"]
    """`ready`, or not."""
    parts: list[PartStanding]
    """Each part that is needed, by its name."""


class ProblemKind(BaseModel):
    """A kind of problem that an answer can be."""

    code: str = Field(description="For a program. Stable.")
    status: int = Field(description="The HTTP status of such an answer.")
    title: str = Field(description="What it is, in the language that was asked for.")


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(_parts)]


@router.get("/health/live", summary="Whether the process answers")
async def live() -> Alive:
    """Answer as long as the process can answer at all; start it anew where it does not."""
    return Alive()


@router.get(
    "/health/ready",
    summary="Whether requests can be answered",
    responses={503: {"model": Ready, "description": "Not ready: see which part"}},
)
def ready(parts: PartsOf, response: Response) -> Ready:
    """Look at the database, its tables, the projections and the record of readings.

    Where it is 503, send no requests here until it is 200 again.
    """
    checks = parts.checks()
    for one in checks:
        if one.said or not one.ready:
            event = "ready" if one.ready else "not-ready"
            structlog.get_logger().warning(event, part=one.part, said=one.said)
    found = [
        PartStanding(part=c.part, ready=c.ready, said="" if c.ready and not c.said else _LOOK)
        for c in checks
    ]
    if all(part.ready for part in found):
        return Ready(status="ready", parts=found)
    response.status_code = 503
    return Ready(status="not-ready", parts=found)


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def numbers(request: Request, parts: PartsOf) -> Response:
    """Tell how many requests and acts there were and how long they took, over all processes."""
    standing = metrics.Standing(parts.office.log.position, parts.views.statuses)
    body, media_type = metrics.exposed(request.app.state.counts, standing)
    return Response(body, media_type=media_type)


@router.get("/problems", operation_id="problems", summary="The kinds of problems that there are")
async def problems(request: Request, parts: PartsOf) -> list[ProblemKind]:
    """List every code that an answer of type application/problem+json can have."""
    return [_kind(kind, request, parts) for kind in KINDS.values()]


@router.get(
    "/problems/{code}",
    summary="A kind of problem",
    responses={404: {"description": "There is no such kind"}},
)
async def problem(
    code: Annotated[str, Path(description="The code of a problem.", examples=["stale"])],
    request: Request,
    parts: PartsOf,
) -> ProblemKind:
    """Tell what a code means."""
    kind = KINDS.get(code)
    if kind is None:
        raise Problem(NOT_FOUND, said("see /problems for the kinds that there are"))
    return _kind(kind, request, parts)


def _kind(kind: Kind, request: Request, parts: Parts) -> ProblemKind:
    tongue = parts.translations(request.state.language)
    title = in_language(kind.title, tongue)
    return ProblemKind(code=kind.code, status=kind.status, title=title)
