"""What is wrong with a request, in one shape (RFC 9457), with codes that stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from starlette.exceptions import HTTPException

from domain.wording import Wording, said

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """A kind of problem: its stable code, its HTTP status, its title."""

    code: str
    status: int
    title: Wording


MALFORMED = Kind("malformed", 400, said("The body is not JSON"))
KEY_MISSING = Kind("key-missing", 400, said("The Idempotency-Key header is missing"))
BAD_CURSOR = Kind("bad-cursor", 400, said("The cursor belongs to no page of this list"))
BAD_REQUEST = Kind("bad-request", 400, said("The request cannot be read"))
UNAUTHENTICATED = Kind("unauthenticated", 401, said("Who asks is not known"))
FORBIDDEN = Kind("forbidden", 403, said("This is not allowed to you"))
OUT_OF_SCOPE = Kind("out-of-scope", 403, said("This journey is not in your scope"))
CLIENT_OUT_OF_SCOPE = Kind("client-out-of-scope", 403, said("This client is not in your scope"))
NOT_FOUND = Kind("not-found", 404, said("There is nothing at this address"))
UNKNOWN_JOURNEY = Kind("unknown-journey", 404, said("There is no such journey for you"))
UNKNOWN_CLIENT = Kind("unknown-client", 404, said("There is no such client for you"))
UNKNOWN_ORGANISATION = Kind("unknown-organisation", 404, said("There is no such organisation"))
UNKNOWN_PROGRAMME = Kind("unknown-programme", 404, said("There is no such programme"))
UNKNOWN_REPORT = Kind("unknown-report", 404, said("No such report was issued"))
UNKNOWN_CHART = Kind("unknown-chart", 404, said("The report has no such chart"))
UNKNOWN_JOB = Kind("unknown-job", 404, said("There is no such job for you, or no more"))
METHOD = Kind("method-not-allowed", 405, said("This address does not take that method"))
ILLEGAL = Kind("illegal-transition", 409, said("The act does not fit how things stand"))
NO_RESULT = Kind("no-result", 409, said("Nothing has come of the job"))
STALE = Kind("stale", 412, said("It changed since you looked"))
TOO_LARGE = Kind("too-large", 413, said("The body is too large"))
MEDIA = Kind("media-type", 415, said("The body has to be JSON"))
INVALID = Kind("invalid", 422, said("Some of what was given cannot be used"))
TOO_MANY = Kind("too-many-to-fold", 422, said("Too many journeys for this question"))
KEY_REUSED = Kind("key-reused", 422, said("The idempotency key was used for another request"))
NOT_PUBLISHED = Kind("not-published", 422, said("The programme was not in force"))
VERSION_MISSING = Kind("version-missing", 428, said("The If-Match header is missing"))
BATCH_REFUSED = Kind("batch-refused", 409, said("An act of the batch was refused: none was done"))
UNKNOWN_REFERENCE = Kind("unknown-reference", 422, said("No act before is called so"))
REFERENCE_FAILED = Kind("reference-failed", 424, said("The act that it hangs on was refused"))
NOT_RECORDED = Kind("not-recorded", 424, said("It could be done, but was not"))
RATE = Kind("rate", 429, said("Too many requests"))
INTERNAL = Kind("internal", 500, said("Something went wrong in Polku"))
UNAVAILABLE = Kind("unavailable", 503, said("Polku cannot answer just now"))
UNREADABLE = Kind("unreadable", 500, said("What was recorded cannot be read to the end"))
OUT_OF_STEP = Kind("ledger-out-of-step", 503, said("The log was changed, and takes no entries"))

KINDS: Mapping[str, Kind] = {
    kind.code: kind for kind in globals().copy().values() if isinstance(kind, Kind)
}
"""Every kind of problem by its code."""

TWICE: Final = "given-twice"
"""The code of a field or a parameter that is given more than once."""


class Wrong(NamedTuple):
    """What is wrong with one value.

    `pointer` is a JSON pointer (RFC 6901) into the body, or "/" and the name of a parameter where
    `place` is "query", "path" or "header".
    """

    pointer: str
    message: str
    code: str = "invalid"
    place: str = "body"


class Problem(HTTPException):
    """A request cannot be answered as asked.

    `detail` says what was wrong and what to do next, never what somebody typed about a person.
    `more` are further members of the answer, for a program (`state`, `changed` ...).
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[Wrong] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind.status, detail, headers)
        self.kind, self.errors, self.more = kind, tuple(errors), more


def pointer_to(*parts: str | int) -> str:
    """Return the JSON pointer (RFC 6901) to a place: the names and numbers on the way to it."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def bad_cursor(place: str = "query") -> Problem:
    """Return the problem that a cursor is which no page of the list has handed out."""
    detail = said("begin again without a cursor, or give the `next` of a page you have")
    return Problem(BAD_CURSOR, detail, errors=[Wrong("/cursor", detail, BAD_CURSOR.code, place)])
