"""Cursors of pages: where the next page goes on, in a text that only its own question takes back.

A cursor is not a secret: who has it has seen the row that it names. Its digest tells one that was
altered by mistake, or that another question handed out.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from application.questions import BadCursor

_DIGEST = 9
"""How many bytes of the digest stand at a cursor's head."""


def question(name: str, *asked: object) -> str:
    """Return what a cursor belongs to: the question's name, and what was asked."""
    return repr((name, *asked))


def cursor_of(asked: str, last: Sequence[Any]) -> str:
    """Return the cursor after a row with these sort values."""
    told = msgspec.json.encode(list(last))
    return base64.urlsafe_b64encode(_digest(asked, told) + told).rstrip(b"=").decode()


def read_cursor(asked: str, cursor: str | None) -> list[Any] | None:
    """Return the sort values in a cursor of the same question. Raises BadCursor."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _bad() from error
    head, told = raw[:_DIGEST], raw[_DIGEST:]
    if head != _digest(asked, told):
        raise _bad()
    return list(msgspec.json.decode(told))


def _digest(asked: str, told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=_DIGEST, key=_key(asked)).digest()


def _key(asked: str) -> bytes:
    return hashlib.sha256(asked.encode()).digest()


def _bad() -> BadCursor:
    return BadCursor(
        "the cursor is not one that this question has handed out: ask for the first page again, "
        "with the same filters and order, and follow its cursors"
    )
