"""Pages of a list: what follows is told in the body, and as a link (RFC 8288) beside it."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple, TypeVar

from fastapi import Request, Response

from application.questions import BadCursor
from domain.wording import said
from interfaces.http.context import Here
from interfaces.http.problems import INVALID, Problem, Wrong
from interfaces.http.reading import numbered

FAR = 100_000
"""How far into a list that is counted through a page may lie: beyond it, ask for fewer days."""

T = TypeVar("T")


class Place(NamedTuple):
    """Where a page begins in a list that is counted through: after so many of its items.

    Whoever turns the pages sees the list as the log had it at the first one, up to its `head`: what
    is recorded meanwhile, the turning itself among it, moves nothing.
    """

    head: int
    skip: int

    def page(self, found: Iterable[T], limit: int) -> tuple[list[T], str | None]:
        """Return the items of the page, and the cursor of what follows; None at the end."""
        some = list(islice(found, self.skip, self.skip + limit + 1))
        return some[:limit], f"{self.head}.{self.skip + limit}" if len(some) > limit else None


def place_of(here: Here, cursor: str | None) -> Place:
    """Return where a page begins. Raises BadCursor, and Problem where it lies too far."""
    if cursor is None:
        return Place(here.office.log.position(), 0)
    head, _, skip = cursor.partition(".")
    place = Place(*(numbered(one) or 0 for one in (head, skip)))
    if place.head > here.office.log.position():
        raise BadCursor(cursor)
    if place.skip > FAR:
        detail = said("this lies too far in the list: ask for fewer days")
        raise Problem(INVALID, detail, errors=[Wrong("/cursor", detail, place="query")])
    return place


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Give the answer a Link to the page that follows; none where there is no `cursor`."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
