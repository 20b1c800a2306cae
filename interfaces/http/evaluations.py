"""What came of a programme, how long things take, what differs, and what is only chance."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from application.jobs import Doing
from domain.refusals import InvalidField
from interfaces.evaluations.compare import compare
from interfaces.evaluations.conformance import conforming
from interfaces.evaluations.flows import flowing
from interfaces.evaluations.funnel import funnel
from interfaces.evaluations.payments import avoided
from interfaces.evaluations.reading import CannotEvaluate, Log, Source
from interfaces.evaluations.survival import survival
from interfaces.http.context import Asking, Here
from interfaces.http.evaluation_models import (
    Comparison,
    Conformance,
    Evaluated,
    Flows,
    Funnel,
    Payments,
    Survival,
)
from interfaces.http.job_routes import add_result, add_routes
from interfaces.http.jobs import ANSWERS, JobTold, begin, kept_as, require_evaluating
from interfaces.http.reporting import check_threshold

router = APIRouter(tags=["evaluation"])

KIND = "evaluation"

Evaluate = Callable[[Source, Any], Any]
"""Asks a question of what a source has, and returns an answer with what it tells as JSON."""


@router.post(
    "/evaluations/survival",
    summary="Ask how long it takes",
    status_code=202,
    responses=ANSWERS,
)
def ask_survival(body: Survival, here: Asking, response: Response) -> JobTold:
    """Have it told how long it takes from an event to another, by Kaplan-Meier, group by group.

    Where something can come first, also by Aalen-Johansen. Under a threshold days are taken
    together, and all is reckoned of these rows alone, by the life table: those censored in a row
    are at risk for half of it. It is made as a job, of which `Location` tells; at most three of
    yours at a time.
    """
    return _ask(here, body, response, "survival", survival)


@router.post(
    "/evaluations/compare",
    summary="Compare two groups",
    status_code=202,
    responses=ANSWERS,
)
def ask_comparison(body: Comparison, here: Asking, response: Response) -> JobTold:
    """Have two groups of journeys compared by what came of them, with limits and cautions.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    return _ask(here, body, response, "compare", compare)


@router.post(
    "/evaluations/funnel",
    summary="Put units side by side",
    status_code=202,
    responses=ANSWERS,
)
def ask_funnel(body: Funnel, here: Asking, response: Response) -> JobTold:
    """Have organisations put side by side, with limits of chance and reference values.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    return _ask(here, body, response, "funnel", funnel)


@router.post(
    "/evaluations/conformance",
    summary="Ask whether journeys went as they should",
    status_code=202,
    responses=ANSWERS,
)
def ask_conformance(body: Conformance, here: Asking, response: Response) -> JobTold:
    """Have journeys held against the definition's pathway: left out, out of order, or late.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    return _ask(here, body, response, "conformance", conforming)


@router.post(
    "/evaluations/payments",
    summary="Reckon payments avoided",
    status_code=202,
    responses=ANSWERS,
)
def ask_payments(body: Payments, here: Asking, response: Response) -> JobTold:
    """Have the municipal payments reckoned that were avoided, by municipality.

    With a threshold of 0 also by client (id).
    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    return _ask(here, body, response, "payments", avoided)


@router.post(
    "/evaluations/flows",
    summary="Count flows of structural unemployment",
    status_code=202,
    responses=ANSWERS,
)
def ask_flows(body: Flows, here: Asking, response: Response) -> JobTold:
    """Have flows into and out of structural unemployment counted, and the coming year projected.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    return _ask(here, body, response, "flows", flowing)


add_routes(router, "evaluation", "an evaluation")
add_result(
    router,
    "evaluation",
    summary="What came of an evaluation",
    description="Answer with what came of an evaluation, in your language; it names nobody.",
    answer="The answer, under ids alone: the keys of `polku evaluate ... --json`.",
)


def _ask(here: Here, body: Evaluated, response: Response, name: str, evaluate: Evaluate) -> JobTold:
    """Begin an evaluation; what it tells is the answer of the command of that name.

    Raises NotAllowed, and InvalidField for smaller groups than this person may ask for, and for
    what cannot be asked.
    """
    evaluating = require_evaluating(here, KIND, body.programme)
    check_threshold(here, body.threshold)
    asked = body.question(here)
    try:
        asked.check()
    except CannotEvaluate as error:
        raise InvalidField(error.field, error.message) from error
    log = Log(evaluating.origin, evaluating.journeys)

    def work(doing: Doing) -> Path:
        source = Source(here.office, doing.progress, log, evaluating.journeys_of)
        return kept_as(here, f"{name}.json", evaluate(source, asked).told, doing)

    return begin(here, KIND, work, response, programme=body.programme)
