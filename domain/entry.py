"""An entry: one recorded event in its envelope, with both clocks and who did it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

E = TypeVar("E")


def event_name(kind: type) -> str:
    """Return the name that files and the log use for a class of events: "referral-made"."""
    return _kebab(kind.__name__)


@cache
def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


@dataclass(frozen=True, slots=True)
class Personal:
    """A text that says something about a person.

    `text` is None where nothing was said, or where the key has been destroyed. `sealed` has room
    for the encrypted form (base64), so that a stored value can be sealed without a new shape.
    """

    text: str | None = None
    sealed: str | None = None

    def __str__(self) -> str:
        """Return the text as a person reads it; an empty string where there is none."""
        return self.text or ""


def with_texts(value: Any, put: Callable[[Personal], Personal]) -> Any:
    """Return a value with another text in the place of each personal one anywhere within it."""
    match value:
        case Personal():
            return put(value)
        case tuple():
            return tuple(with_texts(one, put) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            told = {own.name: with_texts(getattr(value, own.name), put) for own in fields(value)}
            return replace(value, **told)
        case _:
            return value


def tells_in_words(value: Any) -> bool:
    """Whether a personal text is said anywhere within a value."""
    match value:
        case Personal():
            return bool(value.text)
        case tuple():
            return any(tells_in_words(one) for one in value)
        case _ if is_dataclass(value):
            return any(tells_in_words(getattr(value, own.name)) for own in fields(value))
        case _:
            return False


@dataclass(frozen=True, slots=True)
class By:
    """Who did it (`person`, a stable id) and for which organisation (its code)."""

    person: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported entry came from.

    `digest` is the SHA-256 (hex) of the file that was read, `row` the line's number in `table`
    (the first line after the header is 1), `record` the source's own id of the row, and
    `recorded_at` the instant (UTC) at which the source claims to have stored it, if it says so.
    """

    name: str
    digest: str
    table: str
    row: int
    record: str
    recorded_at: datetime | None = None


class Entry(NamedTuple, Generic[E]):
    """One line of a stream's history.

    `version` counts from 1 within the stream, `position` from 1 within the log. `occurred_on` is
    the day it happened, as a person said; `recorded_at` the instant (UTC) the log stored it.
    """

    version: int
    event: E
    occurred_on: date
    recorded_at: datetime
    by: By
    source: Source | None = None
    position: int = 0
    correlation: str | None = None
    causation: str | None = None

    @property
    def known_at(self) -> datetime:
        """The instant (UTC) from which it was known: the source's claim, else the log's clock."""
        if self.source is not None and self.source.recorded_at is not None:
            return self.source.recorded_at
        return self.recorded_at

    @property
    def claimed(self) -> bool:
        """Whether `known_at` is another system's claim rather than the log's own clock."""
        return self.source is not None and self.source.recorded_at is not None
