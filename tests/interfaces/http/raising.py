"""Endpoints that fail in every way an endpoint can, beside the real ones."""

from collections.abc import Callable
from datetime import date
from errno import EMFILE, ENOSPC
from sqlite3 import OperationalError
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field

from application.journeys import UnknownJourney
from application.permissions import Denied, NotAllowed
from application.ports import KeyReused, NotNoted, NotReadable, OutOfStep, VersionConflict
from application.programmes import NotPublished
from application.questions import BadCursor, NothingAsked
from domain.refusals import IllegalTransition, InvalidField
from interfaces.http.context import Asking
from interfaces.http.identity_claims import Unauthenticated
from interfaces.http.identity_keys import IdentityUnavailable

router = APIRouter()

SECRET = "Matti Meikäläinen 131052-308T"  # noqa: S105 - what must never come out again

RAISED: dict[str, Callable[[], Exception]] = {
    "illegal-transition": lambda: IllegalTransition(
        state="the journey is closed", act="pause", missing="reopen it first"
    ),
    "invalid": lambda: InvalidField("steps[0].goal", "say it in a few words"),
    "stale": lambda: VersionConflict("journey:j-1", 3, 5),
    "key-reused": lambda: KeyReused(f"oulu/{SECRET}/k"),
    "unknown-journey": lambda: UnknownJourney("j-1"),
    "not-published": lambda: NotPublished("duunipolku is not in force on 2020-01-01"),
    "bad-cursor": lambda: BadCursor(SECRET),
    "unauthenticated": lambda: Unauthenticated("bad-token", "get a new token"),
    "forbidden": lambda: NotAllowed(Denied.ROLE),
    "unavailable": lambda: OperationalError(f"disk I/O error while writing {SECRET}"),
    "disk-full": lambda: OSError(ENOSPC, f"no room for {SECRET}"),
    "no-descriptors": lambda: OSError(EMFILE, f"too many open files: {SECRET}"),
    "not-noted": lambda: NotNoted(f"no space left for {SECRET}"),
    "ledger-out-of-step": lambda: OutOfStep(f"the log ends with {SECRET}"),
    "unreadable": lambda: NotReadable(f"position 3 of the log: {SECRET}"),
    "nothing-asked": lambda: NothingAsked(SECRET),
    "identity": IdentityUnavailable,
    "internal": lambda: RuntimeError(f"no way to treat {SECRET}"),
}


class Step(BaseModel, extra="forbid"):
    goal: str = Field(max_length=20)
    by: date | None = None


class Phone(BaseModel, extra="forbid"):
    kind: Literal["phone"]
    number: str


class Letter(BaseModel, extra="forbid"):
    kind: Literal["letter"]
    street: str


class Asked(BaseModel, extra="forbid"):
    steps: list[Step]
    note: str = ""
    reach: Annotated[Phone | Letter, Field(discriminator="kind")] | None = None


class Sought(BaseModel, extra="forbid"):
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/raise/{what}")
def raises(what: str) -> None:
    error = RAISED[what]()
    raise error


@router.get("/me-too")
def asks(here: Asking) -> str:
    return here.correlation


@router.get("/seek")
def seek(asked: Annotated[Sought, Query()]) -> int:
    return asked.limit


@router.post("/write")
def write(
    asked: Asked,
    key: Annotated[str, Header(alias="Idempotency-Key")],
    seen: Annotated[str, Header(alias="If-Match")],
) -> int:
    return len(asked.steps)


@router.post("/take")
def take(asked: Asked) -> int:
    return len(asked.steps)
