"""What a batch of acts is asked as, and what became of it is told as."""

import re
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import Field, GetPydanticSchema, StringConstraints, ValidationError, create_model
from pydantic_core import core_schema

from application.batch import MOST, Broken
from application.catalogue import JOURNEY_ACTS
from interfaces.http.acts.answers import Recorded
from interfaces.http.acts.arrival import Refer
from interfaces.http.acts.clients import (
    ChangeContactDetails,
    GiveConsent,
    RegisterClient,
    WithdrawConsent,
)
from interfaces.http.acts.fields import (
    WITHOUT_SOURCE,
    Body,
    KnownId,
    Part,
    Version,
    YesNo,
    given,
    maybe,
)
from interfaces.http.acts.headers import KEY, LONGEST_KEY
from interfaces.http.acts.table import BODIES
from interfaces.http.clocks import Told
from interfaces.http.description import ProblemAnswer

_CALLED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}")
Called = Annotated[
    str, StringConstraints(min_length=1, max_length=50, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
]


class ActSaid(Part):
    """One act of a batch."""

    called: Called | None = Field(default=None, alias="as", examples=["anna"])
    """What later acts call what this one makes: `"$anna"` where an id is expected. No two acts of
    a batch are called the same."""
    version: Version | None = maybe(None, 7)
    """The version that you saw, as it is after the acts before this one; left out: no matter."""
    idempotency_key: (
        Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY, pattern=KEY)] | None
    ) = maybe(None, "b7e0c1de-4d0b-4f0e-9d5e-0c7f5b0e1a55")
    """A key of its own; left out: one is made of the batch's key and the place in it."""


class JourneyActSaid(ActSaid):
    """One act of a journey."""

    journey: KnownId = given("$way", "j-1")
    """The id of the journey, or a reference."""


class ClientActSaid(ActSaid):
    """One act of a client."""

    client: KnownId = given("$anna", "c-1042")
    """The id of the client, or a reference."""


def _act(code: str, base: type[ActSaid], body: type[Body]) -> type[ActSaid]:
    tag: Any = Literal[code]
    fields: dict[str, Any] = {
        "act": (tag, given(code, description="Which act it is.")),
        "body": (body, given({}, description="The body of the act, as by itself.")),
    }
    name = "".join(part.capitalize() for part in code.split("-"))
    return create_model(
        f"{name}Act", __base__=base, __doc__=body.__doc__, __cls_kwargs__=WITHOUT_SOURCE, **fields
    )


_MAKING: dict[str, type[Body]] = {"refer": Refer, "register-client": RegisterClient}
_ON_CLIENTS: dict[str, type[Body]] = {
    "change-contact-details": ChangeContactDetails,
    "give-consent": GiveConsent,
    "withdraw-consent": WithdrawConsent,
}

ACTS: dict[str, type[ActSaid]] = {
    **{code: _act(code, ActSaid, body) for code, body in _MAKING.items()},
    **{code: _act(code, ClientActSaid, body) for code, body in _ON_CLIENTS.items()},
    **{code: _act(code, JourneyActSaid, BODIES[code]) for code in JOURNEY_ACTS if code != "refer"},
}
"""What an item of a batch is, by the code of the act."""


def _or_broken(value: Any, handler: Callable[[Any], Any]) -> Any:
    """Return the item, or what is wrong with it: it is reported with the others."""
    try:
        return handler(value)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        name = value.get("as") if isinstance(value, dict) else None
        named = isinstance(name, str) and _CALLED.fullmatch(name) is not None
        return Broken(RequestValidationError(faults, body=value), name if named else None)


_union: Any = Annotated[reduce(or_, ACTS.values()), Field(discriminator="act")]
_Act = Annotated[
    _union,
    GetPydanticSchema(
        lambda type_, handler: core_schema.no_info_wrap_validator_function(
            _or_broken, handler(type_)
        )
    ),
]


class BatchSaid(Part):
    """Many acts at once."""

    mode: Literal["all", "each"] = given("all")
    """`all`: in one transaction, or none; `each`: each that can be done."""
    dry_run: YesNo = Field(default=False, examples=[True])
    """Decide everything, and store nothing. The report says what each act would be: also with
    `all`, where one that is refused would have none of them done."""
    acts: Annotated[list[_Act], Field(min_length=1, max_length=MOST)] = given(
        [
            {
                "act": "register-client",
                "as": "anna",
                "body": {"given_name": "Anna", "family_name": "Virtanen"},
            },
            {
                "act": "refer",
                "as": "way",
                "body": {
                    "programme": "duunipolku",
                    "client": "$anna",
                    "from_organisation": "tampere",
                    "to_organisation": "tampere",
                    "channel": "employment-services",
                },
            },
            {"act": "accept-referral", "journey": "$way", "body": {}},
        ]
    )
    """The acts, in order; each is decided on what the ones before it leave. One that another names
    is done before that one, wherever it stands."""


class ActRecorded(Recorded):
    """What an act recorded, of a client or a journey. `position` is 0 where it was only tried."""

    client: str | None = None
    """The client; null where it was an act of a journey."""
    journey: str | None = None
    """The journey; null where it was an act of a client."""


class ActReport(Told):
    """What became of one act."""

    item: int
    """Its place in the batch, from 0."""
    called: str | None = Field(alias="as")
    """What it was called; null where it was not."""
    status: int
    """The HTTP status that it would have had by itself; 424 where it hung on another."""
    code: str | None
    """The code of the problem; null where there is none."""
    recorded: ActRecorded | None
    """What was recorded; null where it was refused."""
    problem: ProblemAnswer | None
    """Why it was refused, with pointers from the item on; null where it was not."""


class BatchReport(Told):
    """What became of a batch."""

    mode: str
    """As it was asked: all or each."""
    dry_run: bool
    """Whether it was only tried."""
    done: int
    """How many acts were done, or could be."""
    refused: int
    """How many were not."""
    items: list[ActReport]
    """What became of each act, in order."""
