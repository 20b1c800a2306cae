"""Which acts of a journey are possible now for me, and for the others what is missing, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from application.accesses import with_opened
from application.disclosure import ACT_KINDS, ALWAYS, Shown
from application.intentions import denied_here
from application.office import journey_of
from application.possible import Lacking, Possible, possible_now
from application.programmes import NotPublished
from application.transact import Asked
from domain.journey.history import History
from domain.wording import in_language, in_words
from interfaces.http.clocks import Day, Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.headers import HAS_ETAG
from interfaces.http.journey_models import Withheld
from interfaces.http.reading import Definitions, JourneyId, reach, tongue_of
from interfaces.http.withheld import ASK, WITHHELD, may_say_why, withheld_told

router = APIRouter(tags=["journeys"])

OVERRIDE = "override"
"""The field whose values are what the journey lacks for a phase."""

_NOT_TOLD = Lacking(missing=ASK, state=WITHHELD)
"""What is told in the place of what speaks of data that is withheld."""


class ActsQuery(Question):
    """For which day acts are asked for."""

    on: Day | None = None
    """The day on which the act would have happened; by default today."""


class RequirementTold(Told):
    """A requirement of a phase that is not met, and why."""

    id: str
    """Its id, stable for programs."""
    why: str
    """Why it is not met, in words."""


class LackingTold(Told):
    """What is missing for an act, in words."""

    missing: str
    """What it would take, and what to do next."""
    state: str
    """How things stand; empty where a field cannot have the value it would need."""
    field: str | None
    """The field that cannot have the value; null where it is no field's fault."""
    requirements: list[RequirementTold]
    """The requirements of the phase that are not met."""


class RefusedTold(Told):
    """Values that are not possible now, and what is missing for them."""

    fields: dict[str, Any]
    """The values, by field."""
    lacking: LackingTold
    """What is missing for them."""


class ActTold(Told):
    """An act, and whether it is possible now for the person who asks."""

    code: str
    """The act: POST it to /journeys/{journey}/acts/{code}."""
    title: str
    """What it is called, in the language that was asked for."""
    possible: bool
    """Whether it can be done now."""
    permitted: bool
    """False where it is the person who may not, whatever the state."""
    choices: list[dict[str, list[Any]]]
    """The values that make it possible, of the fields that come from a closed set: with one of
    these, each of its fields takes any one of its values."""
    refused: list[RefusedTold]
    """Values that are not possible now; none where the same is missing whatever the value."""
    missing: list[LackingTold]
    """What is missing where the act is not possible at all."""


class ActsTold(Told):
    """Every act of a journey, on a day."""

    journey: str
    """The id of the journey."""
    version: int
    """What `If-Match` of an act names. Also the ETag."""
    day: date
    """The day on which the act would have happened."""
    items: list[ActTold]
    """Every act of a journey."""
    withheld: list[Withheld]
    """The kinds of data that are withheld: acts on them are told without their values, and of what
    the journey lacks for them it is told that it is withheld."""


@router.get(
    "/journeys/{journey}/acts", summary="Which acts are possible now for me", responses=HAS_ETAG
)
def journey_acts(
    journey: JourneyId, asked: Annotated[ActsQuery, Query()], here: Asking, response: Response
) -> ActsTold:
    """Tell every act: whether it is possible, with which values, and else what is missing."""
    found = reach(here, journey, "journey-acts")
    day = asked.on or Definitions(here).today(*(journey_of(found) or ("", 0)))
    by = replace(here.asked(day, None, None), correlation=None)
    response.headers["ETag"] = f'"{found.version}"'
    shown = here.shown(journey, found.journey)
    return ActsTold.model_construct(
        journey=journey,
        version=found.version,
        day=day,
        items=[_act(here, one, shown) for one in _possible(here, journey, found, by)],
        withheld=withheld_told(shown, tongue_of(here)),
    )


def _possible(here: Here, journey: str, found: History, asked: Asked) -> Iterable[Possible]:
    try:
        scope = with_opened(here.office, here.scope, journey, found.journey)
    except NotPublished:
        scope = here.scope

    def why_not(code: str, fields: Mapping[str, Any]) -> str | None:
        denied = denied_here(here.office, scope, code, journey, found, fields)
        return None if denied is None else denied.said

    return possible_now(here.office, journey, asked, why_not=why_not)


def _act(here: Here, one: Possible, shown: Shown) -> ActTold:
    values = ACT_KINDS.get(one.code, ALWAYS) <= shown.kinds
    lacks = not one.permitted or may_say_why(one.code, shown)
    missing = one.missing if lacks or one.possible else (_NOT_TOLD,)
    return ActTold.model_construct(
        code=one.code,
        title=in_language(in_words("act", one.code), tongue_of(here)),
        possible=one.possible,
        permitted=one.permitted,
        choices=[
            {name: [_plain(value) for value in values] for name, values in choice.items()}
            for choice in (one.choices if values else ())
            if lacks or OVERRIDE not in choice
        ],
        refused=[
            RefusedTold.model_construct(
                fields={name: _plain(value) for name, value in refused.fields.items()},
                lacking=_lacking(here, refused.lacking),
            )
            for refused in (one.refused if values and lacks else ())
        ],
        missing=[_lacking(here, lacking) for lacking in missing],
    )


def _lacking(here: Here, one: Lacking) -> LackingTold:
    tongue = tongue_of(here)
    return LackingTold.model_construct(
        missing=in_language(one.missing, tongue),
        state=in_language(one.state, tongue),
        field=one.field,
        requirements=[
            RequirementTold.model_construct(id=r.id, why=in_language(r.why, tongue))
            for r in one.requirements
        ],
    )


def _plain(value: Any) -> Any:
    """Return a value of a field as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
