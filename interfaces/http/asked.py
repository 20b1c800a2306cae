"""Questions with many parameters, read from a request's query at once.

FastAPI looks at each parameter by itself, in the one thread that all requests share: for a question
of fifteen that takes longer than to answer it from an index.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from interfaces.http.clocks import Question

Q = TypeVar("Q", bound=Question)

_READERS: set[Any] = set()


def asked(question: type[Q]) -> Any:
    """Return the dependency that reads a question; raises RequestValidationError as FastAPI does.

    Put it after the parameter that identifies the person, so that a stranger is refused as such,
    and give the route `parameters(question)` as `openapi_extra`.
    """

    async def read(request: Request) -> Q:
        try:
            return question.model_validate(dict(request.query_params))
        except ValidationError as error:
            found = error.errors(include_url=False)
            raise RequestValidationError(
                [{**one, "loc": ("query", *one["loc"])} for one in found]
            ) from error

    _READERS.add(read)
    return Depends(read)


def asks(dependency: Any) -> bool:
    """Whether a dependency reads a question from the query."""
    return dependency in _READERS


def parameters(question: type[Question]) -> dict[str, Any]:
    """Return what the OpenAPI document says of a question's parameters."""
    schema = question.model_json_schema()
    named = schema.get("$defs", {})
    return {
        "parameters": [
            _parameter(name, _inlined(told, named), name in schema.get("required", ()))
            for name, told in schema["properties"].items()
        ]
    }


def _parameter(name: str, told: dict[str, Any], required: bool) -> dict[str, Any]:
    said = {"description": told["description"]} if "description" in told else {}
    return {"name": name, "in": "query", "required": required, "schema": told, **said}


def _inlined(told: Any, named: Mapping[str, Any]) -> Any:
    """Return a schema with what it refers to in its place."""
    if isinstance(told, list):
        return [_inlined(one, named) for one in told]
    if not isinstance(told, dict):
        return told
    meant = named[told["$ref"].rpartition("/")[2]] if "$ref" in told else {}
    said = {key: _inlined(one, named) for key, one in told.items() if key != "$ref"}
    return {**meant, **said}
