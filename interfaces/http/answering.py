"""How a refusal becomes an answer: one table from exceptions to problems, one way to write them."""

from collections.abc import Callable
from errno import EDQUOT, EFBIG, EMFILE, ENFILE, ENOSPC
from typing import Any, cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from application.journeys import UnknownJourney
from application.permissions import Denied, NotAllowed
from application.ports import KeyReused, NotNoted, NotReadable, OutOfStep, VersionConflict
from application.programmes import NotPublished
from application.questions import BadCursor, NothingAsked
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import ENGLISH, Tongue, in_language, said, wording_of
from interfaces import bootstrap
from interfaces.http import problems as p
from interfaces.http.identity_claims import Unauthenticated
from interfaces.http.identity_keys import IdentityUnavailable
from interfaces.http.invalid import problem_of_field, problem_of_request
from interfaces.http.problems import Problem

_LATER = {"Retry-After": "2"}
"""After how many seconds a caller may ask again where something that is needed does not answer."""


_NO_ROOM = frozenset({ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE})
"""Why files cannot be written or opened while the machine has not enough for all who ask."""


def _illegal(error: IllegalTransition) -> Problem:
    return Problem(
        p.ILLEGAL, wording_of(error), state=error.state, act=error.act, missing=error.missing
    )


def _stale(error: VersionConflict) -> Problem:
    return Problem(
        p.STALE,
        said(
            "it is at version {actual}, not {expected} as you expected: read what changed since, "
            "then decide again",
            actual=error.actual,
            expected=error.expected,
        ),
        expected=error.expected,
        actual=error.actual,
        changed=getattr(error, "changed", None),
    )


def _unknown_journey(_: UnknownJourney) -> Problem:
    return Problem(p.UNKNOWN_JOURNEY, said("look for the journey in your caseload: GET /journeys"))


def _reused(_: KeyReused) -> Problem:
    return Problem(p.KEY_REUSED, said("use a new Idempotency-Key for a new request"))


def _unauthenticated(error: Unauthenticated) -> Problem:
    headers = {"WWW-Authenticate": error.challenge}
    return Problem(p.UNAUTHENTICATED, error.message, headers=headers, reason=error.code)


def _no_identity(error: IdentityUnavailable) -> Problem:
    return Problem(p.UNAVAILABLE, wording_of(error), headers=_LATER)


def _not_noted(_: NotNoted) -> Problem:
    detail = said("what is read cannot be noted just now, and so is not shown: try again later")
    return Problem(p.UNAVAILABLE, detail, headers=_LATER)


def stopping() -> Problem:
    """Return what is told to who waits for longer than a process may that is asked to stop."""
    detail = said("the service is stopping: try again in a moment")
    return Problem(p.UNAVAILABLE, detail, headers=_LATER)


def _out_of_step(_: OutOfStep) -> Problem:
    return Problem(
        p.OUT_OF_STEP,
        said(
            "nothing was recorded: the log was changed by another way than Polku's, so to try "
            "again does not help; tell whoever runs the service to run `polku audit verify`, "
            "which says where, and to restore the log"
        ),
    )


def _not_readable(_: NotReadable) -> Problem:
    return Problem(
        p.UNREADABLE,
        said(
            "an entry of this journey, its client or its programme cannot be read: the lists have "
            "it as it was before; tell whoever runs the service to look at `polku projections "
            "status`"
        ),
    )


def _nothing_asked(_: NothingAsked) -> Problem:
    return Problem(p.INVALID, said("say whom you look for: a name, a day of birth or a local id"))


def _not_allowed(error: NotAllowed) -> Problem:
    out = error.denied is Denied.CLIENT_REFERRED
    kind = p.CLIENT_OUT_OF_SCOPE if out else p.FORBIDDEN
    return Problem(kind, wording_of(error), reason=error.denied.value)


def _not_published(error: NotPublished) -> Problem:
    return Problem(p.NOT_PUBLISHED, wording_of(error))


PROBLEMS: dict[type[Exception], Callable[[Any], Problem]] = {
    IllegalTransition: _illegal,
    InvalidField: problem_of_field,
    VersionConflict: _stale,
    KeyReused: _reused,
    UnknownJourney: _unknown_journey,
    NotPublished: _not_published,
    NotAllowed: _not_allowed,
    NotNoted: _not_noted,
    OutOfStep: _out_of_step,
    NotReadable: _not_readable,
    NothingAsked: _nothing_asked,
    Unauthenticated: _unauthenticated,
    IdentityUnavailable: _no_identity,
    BadCursor: lambda _: p.bad_cursor(),
    RequestValidationError: problem_of_request,
}
"""What is answered where one of these is raised."""

_OF_STATUS = {404: p.NOT_FOUND, 405: p.METHOD, 413: p.TOO_LARGE, 415: p.MEDIA}
_DETAILS = {
    404: said("check the address against the API's description"),
    405: said("see the header Allow, and the API's description"),
}


def problem_of(error: Exception) -> Problem:
    """Return the problem that an exception is to the caller; nothing of the inside is told."""
    if isinstance(error, Problem):
        return error
    for kind in type(error).__mro__:
        tell = PROBLEMS.get(kind)
        if tell is not None:
            return tell(error)
    if isinstance(error, HTTPException):
        return _of_framework(error)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        detail = said("the service has no room or no files left just now: try again in a moment")
        return Problem(p.UNAVAILABLE, detail, headers=_LATER)
    if bootstrap.is_of_database(error):
        return Problem(
            p.UNAVAILABLE,
            said("the database does not answer: try again in a moment"),
            headers=_LATER,
        )
    return Problem(
        p.INTERNAL,
        said("this is a fault of Polku: tell whoever runs it the correlation id of this answer"),
    )


def _of_framework(error: HTTPException) -> Problem:
    kind = _OF_STATUS.get(error.status_code, p.BAD_REQUEST)
    detail = _DETAILS.get(error.status_code, said("check the request against its description"))
    return Problem(kind, detail, headers=error.headers)


def answer(request: Request, error: Exception) -> Response:
    """Return the answer to a request that raised an exception, in the caller's language."""
    problem = problem_of(error)
    if problem.status_code >= 500:
        structlog.get_logger().error("request-failed", code=problem.kind.code, failure=error)
    request.scope["polku.problem"] = problem.kind.code
    state = request.scope.get("state", {})
    body = body_of(
        problem,
        _tongue(request, state.get("language", "en")),
        instance=request.scope["path"],
        correlation=state.get("correlation", ""),
    )
    return Response(
        to_json(body), problem.status_code, dict(problem.headers or {}), media_type=p.MEDIA_TYPE
    )


def body_of(problem: Problem, tongue: Tongue, *, instance: str, correlation: str) -> dict[str, Any]:
    """Return a problem as the answer has it, in a language."""
    told = {
        "type": f"/problems/{problem.kind.code}",
        "title": in_language(problem.kind.title, tongue),
        "status": problem.status_code,
        "detail": in_language(problem.detail, tongue),
        "instance": instance,
        "code": problem.kind.code,
        "errors": [
            {**wrong._asdict(), "message": in_language(wrong.message, tongue)}
            for wrong in problem.errors
        ],
        "correlation": correlation,
    }
    for name, value in problem.more.items():
        if value is not None:
            told[name] = in_language(value, tongue) if isinstance(value, str) else value
    return told


def _tongue(request: Request, language: str) -> Tongue:
    parts = getattr(request.app.state, "parts", None)
    return ENGLISH if parts is None else cast("Tongue", parts.translations(language))


async def _handle(request: Request, error: Exception) -> Response:
    return answer(request, error)


def install(app: FastAPI) -> None:
    """Have every exception of the application answered as a problem."""
    for kind in (*PROBLEMS, HTTPException):
        app.add_exception_handler(kind, _handle)
