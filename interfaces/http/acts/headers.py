"""The two headers of a write: which request it is, and what its sender saw."""

from typing import Annotated, TypeAlias

from fastapi import Header

LONGEST_KEY = 200
KEY = r"^[!-~]+$"
"""Printable ASCII without spaces."""

ETAG = r'^"[1-9][0-9]{0,8}"$'
"""A version in double quotes."""

Key: TypeAlias = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=KEY,
        description="A text of your own, new for each act and the same when you repeat it: a "
        "repetition gets the first answer, with `Idempotency-Replayed: true`.",
        examples=["b7e0c1de-4d0b-4f0e-9d5e-0c7f5b0e1a55"],
    ),
]

Seen: TypeAlias = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=ETAG,
        description="The ETag of what you saw: the version in double quotes.",
        examples=['"7"'],
    ),
]


def version_in(seen: str) -> int:
    """Return the version that an ETag names."""
    return int(seen.strip('"'))
