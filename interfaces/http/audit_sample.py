"""Samples of journeys that anybody can draw again."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from application.audit.sampling import FORM, Draw, Trait, sample
from application.questions import MOST
from domain.definition import Phase
from domain.journey.state import Status
from interfaces.http.audit_extent import require_few_journeys
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking
from interfaces.http.reading import Id, require

router = APIRouter(tags=["audit"])


class StratumTold(Told):
    """A part of the journeys, and what was drawn of it."""

    name: str
    """What its journeys share; empty where the sample is not stratified."""
    journeys: int
    """How many there are to draw from."""
    drawn: list[str]
    """The ids that were drawn, in the order of the draw."""


class SampleTold(Told):
    """A certificate: the sample, and all that it takes to draw it again."""

    form: str
    """The form of the certificate."""
    size: int
    """How many were asked for."""
    seed: str
    """The seed of the draw."""
    where: dict[Trait, str]
    """What the journeys were narrowed by."""
    by: Trait | None
    """What the sample is stratified by; null: not at all."""
    position: int
    """The position of the log that it was drawn at: what was recorded later does not count."""
    root: str | None
    """The root of the ledger at that position (hex); null where there is no ledger."""
    strata: list[StratumTold]
    """The strata, by name; one with an empty name where it is not stratified."""
    journeys: list[str]
    """The ids that were drawn, sorted."""


class SampleQuery(Question):
    """What is drawn, and from which journeys."""

    size: Annotated[int, Field(ge=1, le=MOST, description=f"At most {MOST}.")] = 20
    """How many journeys."""
    seed: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$", examples=["2025-spring"])
    """Any text: another seed, other journeys."""
    programme: Id | None = None
    """Only journeys of this programme."""
    organisation: Id | None = None
    """Only journeys that this organisation is responsible for."""
    phase: Phase | None = None
    """Only journeys in this phase."""
    status: Status | None = None
    """Only journeys with this status."""
    by: Trait | None = None
    """Draw from each stratum of this trait; left out: from all together."""
    position: Annotated[int, Field(ge=0, le=2**62)] | None = None
    """Draw again as the log was at this position; left out: as it is now."""


@router.get("/audit/sample", summary="Draw journeys so that anybody can draw the same again")
def audit_sample(asked: Annotated[SampleQuery, Query()], here: Asking) -> SampleTold:
    """Draw a sample in the order of the SHA-256 of `seed:journey`, and certify it.

    Every journey of the log is read for it, of which there may be 20,000 at most; `polku audit
    sample` draws from more.
    """
    require(here, "audit-sample")
    require_few_journeys(here.office.log)
    narrowed = {name: getattr(asked, name.value, None) for name in Trait}
    where = {name: str(text) for name, text in narrowed.items() if text is not None}
    draw = Draw(asked.size, asked.seed, where, asked.by)
    made = sample(here.office.log, draw, here.parts.root_at, position=asked.position)
    here.note_readings("audit-sample", [(None, journey) for journey in made.journeys])
    return SampleTold(
        form=FORM,
        size=draw.size,
        seed=draw.seed,
        where=where,
        by=draw.by,
        position=made.position,
        root=made.root,
        strata=[
            StratumTold(name=x.name, journeys=x.journeys, drawn=list(x.drawn)) for x in made.strata
        ],
        journeys=list(made.journeys),
    )
