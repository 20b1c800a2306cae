"""What the fields of bodies are made of: texts, codes, days, numbers and sums, with their limits.

A value that passed is what the decision takes: a text about a person is a `Personal`. Texts with
control characters or marks of direction are refused (`domain.texts`), as is half a character.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import core_schema

from domain.entry import Personal
from domain.texts import ID, KNOWN_ID, KNOWN_NAME, LINE, TEXT
from interfaces.http.days import day_of

LONGEST_TEXT = 4000
LONGEST_NAME = 200
MOST_LINES = 100
"""How many items a list has at most."""

NEW_ID = r"^[A-Za-z0-9][A-Za-z0-9._~:-]*$"
_AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"


def given(*examples: Any, **constraints: Any) -> Any:
    """Return a field that must be given; the first example stands in the body's example."""
    return Field(examples=list(examples), **constraints)


def maybe(*examples: Any, **constraints: Any) -> Any:
    """Return a field that may be left out, or null: nobody said, or nobody knows."""
    return Field(default=None, examples=list(examples), **constraints)


def _personal(longest: int, pattern: str) -> Any:
    text = core_schema.str_schema(min_length=1, max_length=longest, pattern=pattern)
    made = core_schema.no_info_after_validator_function(Personal, text)
    return GetPydanticSchema(lambda _type, _handler: made)


def one_of(codes: Sequence[str]) -> Any:
    """Return the annotation of a text that is one of the codes."""
    known = core_schema.literal_schema(list(codes))
    return GetPydanticSchema(lambda _type, _handler: known)


def value_of(model: type[BaseModel], make: Callable[[Any], Any]) -> Any:
    """Return the annotation of a value of the domain that is given as the model describes."""

    def schema(_type: Any, handler: Callable[[Any], Any]) -> Any:
        return core_schema.no_info_after_validator_function(make, handler(model))

    return GetPydanticSchema(schema)


Day: TypeAlias = Annotated[
    date, BeforeValidator(day_of), WithJsonSchema({"type": "string", "format": "date"})
]
"""A day as ISO 8601 writes it, from 1900 to 2199."""

Said: TypeAlias = Annotated[Personal, _personal(LONGEST_TEXT, TEXT)]
"""A text that says something about a person, of one line or several."""

SaidShortly: TypeAlias = Annotated[Personal, _personal(LONGEST_NAME, LINE)]
"""A name, or a few words, about a person: one line."""

Name: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=LINE)
]
"""A code, a reference or a name of no person: one line."""

Id: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=ID)]
"""The id of a client, a journey, an organisation or a programme: no spaces, nothing unseen."""

KnownId: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=KNOWN_ID)
]
"""The id of what is there: older programs gave ids with what nobody sees, and it is named by it."""

KnownName: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=KNOWN_NAME)
]
"""A reference to what is there, however it was called."""

NewId: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NEW_ID)]
"""An id that a caller chooses: it can stand in an address as it is."""

Names: TypeAlias = Annotated[tuple[Name, ...], Field(max_length=MOST_LINES)]
"""Several codes or names."""

Whole: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""A whole number from 0."""

Version: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A whole number from 1: a version, or the number of an entry."""

Number: TypeAlias = Annotated[float, Field(strict=True, ge=-1e9, le=1e9, allow_inf_nan=False)]
"""A number; whole ones too."""

Hours: TypeAlias = Annotated[float, Field(strict=True, ge=0, le=100_000, allow_inf_nan=False)]
"""A number of hours."""

YesNo: TypeAlias = Annotated[bool, Field(strict=True)]
"""true or false."""

Language: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""An ISO 639 code."""

Currency: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""

Amount: TypeAlias = Annotated[
    Decimal,
    GetPydanticSchema(
        lambda _type, _handler: core_schema.no_info_after_validator_function(
            Decimal, core_schema.str_schema(pattern=_AMOUNT)
        )
    ),
]
"""A sum of money as a text, as it is exact then: "1250.50"."""


def whole_example(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Give the schema of a body an example as a whole, of its fields' first ones."""
    schema["examples"] = [
        {name: field.examples[0] for name, field in model.model_fields.items() if field.examples}
    ]


class Part(BaseModel):
    """A part of a body: a field that is not known is refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        json_schema_extra=whole_example,
    )

    def said(self) -> dict[str, Any]:
        """Return what was said, without what was left out or null."""
        return {
            name: value
            for name, value in self.__dict__.items()
            if value is not None and name in self.model_fields_set
        }


WITHOUT_SOURCE = {"use_attribute_docstrings": False}
"""For a class that no file has: to look for its source takes seconds of every start."""


class Body(Part):
    """The body of an act; its fields are those of the decision, and the day it happened."""

    occurred_on: Day | None = maybe("2025-03-03")
    """The day it happened; today, in the time zone of the programme, where it is left out."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the decision."""
        said = self.said()
        said.pop("occurred_on", None)
        return said
