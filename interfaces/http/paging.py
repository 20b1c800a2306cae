"""Pages of a list: what follows is told in the body, and as a link (RFC 8288) beside it."""

from fastapi import Request, Response


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Give the answer a Link to the page that follows; none where there is no `cursor`."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
