"""Figures opened: the journeys behind one, and the entries behind each, by ids alone."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field, StringConstraints

from application.evaluation.issuing import report
from application.evaluation.opening import Behind, Place, behind
from application.evaluation.preparing import CannotReport, Question, prepare
from application.evaluation.report import Figure, Report
from application.jobs import Doing
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.evaluating import Evaluating
from interfaces.http.context import Asking, Here
from interfaces.http.job_routes import add_result, add_routes
from interfaces.http.jobs import (
    ANSWERS,
    JobTold,
    begin,
    kept_as,
    require_evaluating,
)
from interfaces.http.reading import Id
from interfaces.http.reporting import Column, FiguresAsked, check_sets, check_threshold, desk_of
from interfaces.reports_told import opened_told

router = APIRouter(tags=["evaluation"])

FILE = "figure.json"

Value = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\u0000]*$")]


class FigureAsked(FiguresAsked):
    """Which figure of which report is to be opened."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "duunipolku",
                    "as_at": "2025-12-31",
                    "indicator": "young",
                    "breakdown": ["referred_to"],
                    "key": ["oulu"],
                }
            ]
        }
    )

    indicator: Id
    """The indicator of the figure, by its id."""
    breakdown: Annotated[tuple[Column, ...], Field(max_length=2)] = ()
    """The columns that its table is broken down by; none: the figure in all."""
    key: Annotated[tuple[Value | None, ...], Field(max_length=2)] = ()
    """Its group, a value for each column; null: those of whom it is not known."""


@router.post("/figures", summary="Open a figure", status_code=202, responses=ANSWERS)
def ask_figure(body: FigureAsked, here: Asking, response: Response) -> JobTold:
    """Have a figure of a report opened: the journeys that count in it, and their entries.

    A figure that the report withholds does not open. It is made as a job, of which `Location`
    tells; at most three of yours at a time.
    """
    evaluating = require_evaluating(here, "figure", body.programme)
    question = body.question(here)
    check_sets(evaluating, body.sets)
    check_threshold(here, body.threshold)
    if len(body.key) != len(body.breakdown):
        raise InvalidField("key", said("give a value, or null, for each column of the breakdown"))
    place = Place(body.indicator, body.breakdown, body.key)
    return begin(
        here,
        "figure",
        lambda doing: _make(here, evaluating, question, place, doing),
        response,
        programme=body.programme,
    )


add_routes(router, "figure", "the opening of a figure")
add_result(
    router,
    "figure",
    summary="What is behind a figure",
    description="Answer with the journeys and entries behind a figure; it names nobody.\n\nWho may "
    "see a journey opens its page by the id (`GET /journeys/{journey}`), and is noted there.",
    answer="The journeys behind the figure, whether each counts, and the entries "
    "of each: the keys of `polku report --open --json`, and the figure.",
)


def _make(
    here: Here, evaluating: Evaluating, question: Question, place: Place, doing: Doing
) -> Path:
    desk = desk_of(evaluating, question, doing)
    prepared = prepare(desk, question)
    figure = _shown(report(desk, prepared), place)
    journeys = _told(figure, behind(desk, prepared, place, lambda _journey: True))
    told = {"position": prepared.position, "figure": figure, **opened_told(journeys)}
    return kept_as(here, FILE, told, doing)


def _told(figure: Figure, found: Iterable[Behind]) -> Iterable[Behind]:
    """Return the journeys behind a figure that may be told.

    Where the report withholds of how many it is not known, these are left out, and so are such
    units of others: counted, they would tell what it withholds.
    """
    if figure.missing is not None:
        return found
    return [
        replace(one, each=tuple(has for has in one.each if has is not None))
        for one in found
        if one.counts and one.has is not None
    ]


def _shown(made: Report, place: Place) -> Figure:
    """Return the figure as the report has it. Raises CannotReport where it is withheld or none.

    What a report withholds, as small groups and what would tell them, no opening may tell.
    """
    figures = (
        figure
        for table in made.tables
        if (table.indicator, table.by) == (place.indicator, place.by)
        for figure in table.figures
        if figure.key == place.key
    )
    figure = next(figures, None)
    if figure is None:
        raise CannotReport(
            said("the report has no such figure: see its tables for their by, and the keys")
        )
    if figure.suppressed:
        raise CannotReport(said("this figure is withheld, as it is of few or would tell of few"))
    return figure
