"""What is asked of a job of any kind by its address: how it stands, what came of it, its end."""

from typing import Any

from fastapi import APIRouter, Path, Response

from interfaces.http.context import Asking
from interfaces.http.jobs import JOB_ID, JobTold, cancelled, job_of, job_told, sent


def add_routes(router: APIRouter, kind: str, a: str) -> None:
    """Add what is told of jobs of a kind, and what breaks them off; `a` is one, "a report"."""
    named = _job_in_path(kind)

    def show(here: Asking, job: str = named) -> JobTold:
        return job_told(here, job_of(here, kind, job))

    def cancel(here: Asking, job: str = named) -> JobTold:
        return cancelled(here, kind, job)

    router.add_api_route(
        _address(kind),
        show,
        methods=["GET"],
        name=f"show_{kind}",
        summary=f"How {a} stands",
        description=f"Tell how {a} that you asked for stands.",
    )
    router.add_api_route(
        _address(kind),
        cancel,
        methods=["DELETE"],
        name=f"cancel_{kind}",
        summary=f"Cancel {a}",
        description=f"Break {a} off, or remove what came of it. To repeat it changes nothing.",
    )


def add_result(
    router: APIRouter, kind: str, *, summary: str, description: str, answer: str
) -> None:
    """Add what came of a job of a kind, where it is JSON; `answer` says what is in it."""
    named = _job_in_path(kind)

    def result(here: Asking, job: str = named) -> Response:
        return sent(here, job_of(here, kind, job), "application/json")

    content = {"application/json": {"schema": {"type": "object"}}}
    router.add_api_route(
        f"{_address(kind)}/result",
        result,
        methods=["GET"],
        name=f"{kind}_result",
        summary=summary,
        description=description,
        response_class=Response,
        responses={
            200: {"description": answer, "content": content},
            409: {"description": "It is not done."},
        },
    )


def _address(kind: str) -> str:
    return f"/{kind}s/{{{kind}}}"


def _job_in_path(kind: str) -> Any:
    return Path(alias=kind, **JOB_ID)
