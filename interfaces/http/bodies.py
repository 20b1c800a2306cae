"""The body of a request as it comes, before anything is made of it."""

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope

from application.json_text import GivenTwice, read_json
from domain.wording import said
from interfaces.http.invalid import LONGEST_NAME
from interfaces.http.problems import INVALID, TWICE, Problem, Wrong, pointer_to


async def require_each_once(scope: Scope, receive: Receive) -> Receive:
    """Return what gives the body again, after it was read.

    Raises Problem where an object in it has a field twice. What is no JSON is left to who reads it.
    """
    asked = Request(scope, receive)
    try:
        body = await asked.body()
    except ClientDisconnect:
        raise HTTPException(400) from None
    if "json" in asked.headers.get("content-type", "").lower():
        _check(body)
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return unread.pop() if unread else await receive()

    return again


def _check(body: bytes) -> None:
    try:
        read_json(body)
    except GivenTwice as error:
        pointer = pointer_to(*map(_written, error.way))
        wrong = Wrong(pointer, said("it is given more than once: say which is meant"), TWICE)
        detail = said("see what is wrong with each value under errors")
        raise Problem(INVALID, detail, errors=[wrong]) from None
    except (ValueError, RecursionError):
        return


def _written(step: str | int) -> str | int:
    """Return a name as it can be told: a caller makes it up."""
    if isinstance(step, int):
        return step
    return step[:LONGEST_NAME].encode(errors="replace").decode()
