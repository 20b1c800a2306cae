"""The recorded journeys of a programme played again under another definition."""

from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from application.evaluation.what_if import Question, what_if
from application.jobs import Doing
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.http.acts.programmes import Text, definition_in
from interfaces.http.clocks import Day
from interfaces.http.context import Asking, Here
from interfaces.http.job_routes import add_result, add_routes
from interfaces.http.jobs import (
    ANSWERS,
    JobTold,
    OfProgramme,
    begin,
    kept_as,
    require_evaluating,
)
from interfaces.http.reading import Id
from interfaces.what_if_told import told

router = APIRouter(tags=["evaluation"])

FILE = "replay.json"


class ReplayAsked(OfProgramme):
    """Under which other definition journeys are to be played again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"programme": "etela-savo", "definition": "programme: etela-savo\nversion: 2\n..."}
            ]
        }
    )

    programme: Id
    """The code of the programme."""
    definition: Text
    """The whole text of the other definition, in YAML."""
    since: Annotated[Day | None, Field(alias="from")] = None
    """The first day on which the other definition holds; left out: it always did."""


@router.post("/replays", summary="Ask what would have been", status_code=202, responses=ANSWERS)
def ask_replay(body: ReplayAsked, here: Asking, response: Response) -> JobTold:
    """Have the recorded journeys played again under another definition; nothing is recorded.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    require_evaluating(here, "replay", body.programme)
    known_at = body.known(here, body.programme)
    other = definition_in(here, body.definition)
    if other.programme != body.programme:
        of = said("it is the definition of {other}", other=other.programme)
        raise InvalidField("definition", of)
    question = Question(other, body.since or date.min, body.as_at, known_at)
    return begin(
        here,
        "replay",
        lambda doing: _make(here, question, doing),
        response,
        programme=body.programme,
    )


add_routes(router, "replay", "a replay")
add_result(
    router,
    "replay",
    summary="What would have been",
    description="Answer with what came of a replay, in your language; it names nobody.",
    answer="Who would have been in or out, sooner or later, by organisation and "
    "journey, and what nothing can tell: the keys of `polku what-if --json`.",
)


def _make(here: Here, question: Question, doing: Doing) -> Path:
    found = what_if(here.office, question, on_progress=doing.progress)
    return kept_as(here, FILE, told(found, None, {}), doing)
