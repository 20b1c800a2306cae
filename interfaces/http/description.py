"""What the OpenAPI document says beside the endpoints: errors once for all, security, tags."""

from collections.abc import Iterable
from threading import Lock
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from pydantic_core import to_json

from domain.wording import ENGLISH
from interfaces.http import links
from interfaces.http import problems as p
from interfaces.http.answering import body_of
from interfaces.http.problems import KINDS, Kind, Problem

TEXT = """
The API of case workers, clients, auditors and other programs.

- **Both clocks.** An entry has the day it happened and the instant it was recorded; a question can
  be asked as at a day and as known at an instant.
- **Writing.** Each act has an `Idempotency-Key` of the caller's, and `If-Match` with the version
  that the caller saw. A repetition gets the first answer.
- **Pages.** A list has at most 200 items a page; `next` is the cursor of what follows.
- **Problems** have one shape (`application/problem+json`), a stable `code`, and a JSON pointer for
  each value that cannot be used.
- **Languages.** `Accept-Language`: en, fi or it.
- **Correlation.** `X-Correlation-Id` or `traceparent` of a request is kept, from the request to the
  entries it makes; the answer says it.
"""

TAGS = [
    {"name": "clients", "description": "Who is served: search, page, particulars."},
    {"name": "journeys", "description": "A journey's page and timeline, at any moment."},
    {"name": "acts", "description": "What people do; one address an act, or many at once."},
    {"name": "caseload", "description": "My journeys, and what is due."},
    {"name": "changes", "description": "What changed in my scope since a position."},
    {"name": "boards", "description": "Where journeys stand, by organisation and phase."},
    {"name": "responsibility", "description": "Who was responsible for what, from when to when."},
    {"name": "programmes", "description": "The service models that organisations run together."},
    {"name": "organisations", "description": "Partners, agreements, needs and offerings."},
    {"name": "access", "description": "Opening a journey out of scope; who read what."},
    {"name": "audit", "description": "What was recorded, known and decided; samples of journeys."},
    {
        "name": "evaluation",
        "description": "Reports, evaluations, replays and exports, each made as a job; and the "
        "reports that were issued for others to keep.",
    },
    {"name": "service", "description": "Health and numbers of the service itself."},
]

ADDRESS = "/openapi.json"

OPEN = "service"
"""The tag of what anybody may ask, without a token."""


class WrongValue(BaseModel):
    """What is wrong with one value."""

    pointer: str = Field(description="A JSON pointer (RFC 6901) into the body, or /parameter.")
    message: str = Field(description="What it should be, in the language of the answer.")
    code: str = Field(description="Stable: missing, extra-forbidden, invalid ...")
    place: str = Field(description="Where it was given: body, query, path or header.")


class ProblemAnswer(BaseModel, extra="allow", use_attribute_docstrings=True):
    """What is wrong with a request (RFC 9457)."""

    type: str = Field(description="The address of the kind of problem.")
    title: str
    """What kind of problem it is, in words."""
    status: int
    """The HTTP status."""
    detail: str = Field(description="What was wrong and what to do next.")
    instance: str = Field(description="The path that was asked.")
    code: str = Field(description="The kind of problem, for a program. Stable.")
    errors: list[WrongValue]
    """What is wrong with which field; empty where it is no field's fault."""
    correlation: str = Field(description="To be told to whoever runs the service.")


_NAMES = {
    400: "BadRequest",
    401: "Unauthenticated",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    412: "Stale",
    413: "TooLarge",
    415: "MediaType",
    422: "Invalid",
    428: "VersionMissing",
    429: "TooManyRequests",
    500: "Internal",
    503: "Unavailable",
}

_HEADERS = {
    401: {"WWW-Authenticate": "How to authenticate: Bearer, and what was wrong with the token."},
    405: {"Allow": "The methods that the address takes."},
    429: {"Retry-After": "Seconds after which to try again."},
    503: {"Retry-After": "Seconds after which to try again."},
}


def install(app: FastAPI) -> None:
    """Have the application describe itself with its errors and its security."""
    writing = Lock()
    written: list[bytes] = []

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    def describe(_: Request) -> Response:
        with writing:  # it takes a second, once
            if not written:
                written.append(to_json(openapi()))
        return Response(written[0], media_type="application/json")

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_route(ADDRESS, describe, include_in_schema=False)


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the application."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=app.servers,
        separate_input_output_schemas=False,
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    template = "#/components/schemas/{model}"
    schemas["Problem"] = ProblemAnswer.model_json_schema(ref_template=template)
    schemas["Problem"]["title"] = "Problem"
    schemas |= schemas["Problem"].pop("$defs")
    parts["responses"] = {name: _response(status) for status, name in _NAMES.items()}
    parts["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    made["security"] = [{"bearer": []}]
    for path in made["paths"].values():
        for method, operation in path.items():
            _complete(method, operation)
    links.add(made)
    return made


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Say which problems an operation can answer with, and who may ask."""
    for parameter in operation.get("parameters", ()):
        _describe(parameter)
    is_open = OPEN in operation.get("tags", ())
    if is_open:
        operation["security"] = []
    said = operation["responses"]
    for status, told in list(said.items()):
        if status.isdigit() and int(status) in _NAMES and _is_unsaid(told):
            del said[status]
            said[status] = _ref(int(status))
    for status in _statuses(method, operation, is_open=is_open):
        said.setdefault(str(status), _ref(status))
    operation["responses"] = dict(sorted(said.items()))


def _describe(parameter: dict[str, Any]) -> None:
    """Say what a parameter means where generators look for it: not only within its alternatives."""
    schema = parameter.get("schema", {})
    for one in (schema, *schema.get("anyOf", ())):
        if "description" in one:
            parameter.setdefault("description", one["description"])


def _is_unsaid(told: dict[str, Any]) -> bool:
    """Whether an answer has no shape of its own, or that of FastAPI, which Polku never gives."""
    content = told.get("content")
    return not content or "HTTPValidationError" in str(content)


def _statuses(method: str, operation: dict[str, Any], *, is_open: bool) -> Iterable[int]:
    yield from (500, 503)
    if is_open:
        return
    yield from (400, 401, 403, 404, 422, 429)
    if method != "get":
        yield from (409, 413)
    if "requestBody" in operation:
        yield 415
    headers = {
        one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"
    }
    if "if-match" in headers:
        yield from (412, 428)


def _ref(status: int) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{_NAMES[status]}"}


def _response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in KINDS.values() if kind.status == status]
    told: dict[str, Any] = {
        "description": "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds),
        "content": {
            p.MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: {"value": _example(kind)} for kind in kinds},
            }
        },
    }
    if status in _HEADERS:
        told["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS[status].items()
        }
    return told


def _example(kind: Kind) -> dict[str, Any]:
    problem = Problem(kind, "what was wrong and what to do next")
    if kind is p.INVALID:
        problem = Problem(kind, problem.detail, errors=[p.Wrong("/steps/0/goal", "give a text")])
    return body_of(problem, ENGLISH, instance="/journeys/j-1", correlation="7f3e0a6b52c14d1f")
