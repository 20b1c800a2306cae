"""What every answer says to browsers and caches, so that nothing of it is kept or misused."""

from collections.abc import MutableSequence
from typing import Any, Final

Header = tuple[bytes, bytes]

NO_STORE: Header = (b"cache-control", b"no-store")

SAFE: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""An answer is data for a program: no page may frame it, nothing in it may run."""


def of_page(policy: str) -> dict[str, str]:
    """Return the headers of an answer that is a page, of which a policy says what it may do.

    What is said of data would leave it without its style.
    """
    return {"content-security-policy": f"{policy}; frame-ancestors 'none'"}


ONLY_TLS: Header = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


HAS_ETAG: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "headers": {
            "ETag": {
                "description": "Names what was seen: what `If-Match` of an act asks for. Left out "
                "where the answer is of another moment.",
                "schema": {"type": "string"},
            }
        }
    }
}
"""What the description of a route says of an answer with an ETag."""


def always(*, tls: bool) -> tuple[Header, ...]:
    """Return the headers of every answer; `tls` says that browsers reach Polku by TLS alone."""
    return (*SAFE, ONLY_TLS) if tls else SAFE


def complete(headers: MutableSequence[Header], fixed: tuple[Header, ...]) -> None:
    """Add to an answer's headers what it does not say itself."""
    said = {name for name, _ in headers}
    headers.extend(header for header in fixed if header[0] not in said)
    if NO_STORE[0] not in said:
        headers.append(NO_STORE)
