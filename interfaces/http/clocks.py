"""The two clocks of a question, as they stand in a query and in the answer."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, with_config

from application.case_file import Seen
from interfaces.http.days import day_of, instant_of, is_day

_set = object.__setattr__


@cache
def _all(told: type[BaseModel]) -> set[str]:
    return set(told.__pydantic_fields__)


class Told(BaseModel):
    """What an answer is made of; the line under each field says what it means."""

    model_config = ConfigDict(use_attribute_docstrings=True, frozen=True)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Return a part of an answer of values that are known to fit; none is looked at.

        A page of a list has hundreds of parts, so where all fields are given it does without what
        pydantic asks of each: aliases, defaults and private attributes.
        """
        fields = cls.__pydantic_fields__
        if values.keys() != fields.keys():
            return super().model_construct(_fields_set, **values)
        part = cls.__new__(cls)
        _set(part, "__dict__", values)
        _set(part, "__pydantic_fields_set__", _fields_set or _all(cls))
        _set(part, "__pydantic_extra__", None)
        _set(part, "__pydantic_private__", None)
        return part


listed = with_config(use_attribute_docstrings=True)
"""Makes a TypedDict a part of an answer as `Told` is, for what a list has of each that it tells.

A dict is made in a third of the time or less; nobody changes it once it is made.
"""


class Question(BaseModel):
    """The parameters of a question; one that is not known is refused."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid", frozen=True)


def _day(given: object) -> date | None:
    return None if given is None else day_of(given)


def _moment(given: object) -> datetime | date | None:
    if given is None or isinstance(given, date):
        return given
    if is_day(given):
        return day_of(given)
    return instant_of(given if isinstance(given, str) else "")


_DAY_SCHEMA = {"type": "string", "format": "date"}
_MOMENT_SCHEMA = {
    "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]
}

Day: TypeAlias = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
"""A day as ISO 8601 writes it, and nothing else that could be taken for one; from 1900 to 2199."""

Moment: TypeAlias = Annotated[
    datetime | date, BeforeValidator(_moment), WithJsonSchema(_MOMENT_SCHEMA)
]
"""An instant with its time zone, or a day: then its end in the time zone of the programme."""


class Clocks(Question):
    """Which moment is asked about; without them it is now."""

    as_at: Day | None = Field(default=None, examples=["2025-03-01"])
    """What had happened by this day (included)."""
    known_at: Moment | None = Field(default=None, examples=["2025-03-01T12:00:00Z"])
    """What was known by this instant; a day stands for its end, where the programme is."""

    @property
    def asked(self) -> bool:
        """Whether another moment than now is asked about."""
        return self.as_at is not None or self.known_at is not None


class ClocksUsed(Told):
    """Which moment an answer speaks of."""

    as_at: date | None
    """What had happened by this day counts; null: all that is recorded."""
    known_at: datetime | None
    """What was known by this instant (UTC) counts; null: what is known now."""
    claimed: bool
    """Whether the answer leans on another system's claim of when it knew something."""
    day: date
    """The day that deadlines and plans are seen from."""


def used(case: Seen) -> ClocksUsed:
    """Return the clocks that a journey was seen at."""
    known = case.look.known_at
    return ClocksUsed.model_construct(
        as_at=case.look.as_at,
        known_at=None if known is None else known.astimezone(UTC),
        claimed=case.look.claimed,
        day=case.day,
    )
