"""What came of a programme, how long things take, what differs, and what is only chance."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from application.jobs import Doing
from domain.refusals import InvalidField
from interfaces.evaluating import Evaluating
from interfaces.evaluations.compare import compare
from interfaces.evaluations.conformance import Log, conforming
from interfaces.evaluations.flows import flowing
from interfaces.evaluations.funnel import funnel
from interfaces.evaluations.payments import avoided
from interfaces.evaluations.reading import CannotEvaluate, Source
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
from interfaces.http.jobs import (
    ANSWERS,
    JobTold,
    begin,
    kept_as,
    require_evaluating,
)
from interfaces.http.reporting import check_threshold

router = APIRouter(tags=["evaluation"])

KIND = "evaluation"

Evaluate = Callable[[Source], Any]
"""Evaluates what a source has, and returns an answer with what it tells as JSON."""


@router.post(
    "/evaluations/survival",
    summary="Ask how long it takes",
    status_code=202,
    responses=ANSWERS,
)
def ask_survival(body: Survival, here: Asking, response: Response) -> JobTold:
    """Have it told how long it takes from an event to another, by Kaplan-Meier, group by group.

    Where something can come first, also by Aalen-Johansen. It is made as a job, of which `Location`
    tells; at most three of yours at a time.
    """
    evaluating = _check(here, body)
    asked = body.question(here)
    with _said():
        asked.span()
    return _begun(here, response, evaluating, "survival", lambda source: survival(source, asked))


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
    evaluating = _check(here, body)
    asked = body.question(here)
    with _said():
        asked.groups()
        asked.what()
    return _begun(here, response, evaluating, "compare", lambda source: compare(source, asked))


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
    evaluating = _check(here, body)
    asked = body.question(here)
    with _said():
        asked.what()
    return _begun(here, response, evaluating, "funnel", lambda source: funnel(source, asked))


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
    evaluating = _check(here, body)
    asked = body.question(here)
    with _said():
        asked.check()
    log = Log(evaluating.origin, evaluating.journeys)
    return _begun(
        here,
        response,
        evaluating,
        "conformance",
        lambda source: conforming(source, log, asked),
    )


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
    evaluating = _check(here, body)
    asked = body.question(here)
    return _begun(here, response, evaluating, "payments", lambda source: avoided(source, asked))


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
    evaluating = _check(here, body)
    asked = body.question(here)
    return _begun(here, response, evaluating, "flows", lambda source: flowing(source, asked))


add_routes(router, "evaluation", "an evaluation")
add_result(
    router,
    "evaluation",
    summary="What came of an evaluation",
    description="Answer with what came of an evaluation; it names nobody.",
    answer="The answer, under ids alone: the keys of `polku evaluate ... --json`.",
)


def _check(here: Here, body: Evaluated) -> Evaluating:
    """Return what it is made with.

    Raises NotAllowed, and InvalidField for smaller groups than this person may ask for.
    """
    evaluating = require_evaluating(here, KIND, body.programme)
    check_threshold(here, body.threshold)
    return evaluating


@contextmanager
def _said() -> Iterator[None]:
    """Say of which field of the body it is that something cannot be asked."""
    try:
        yield
    except CannotEvaluate as error:
        raise InvalidField(error.field, error.message) from error


def _begun(
    here: Here, response: Response, evaluating: Evaluating, name: str, evaluate: Evaluate
) -> JobTold:
    """Begin an evaluation; what it tells is the answer of the command of that name."""

    def work(doing: Doing) -> Path:
        source = Source(here.office, doing.progress, evaluating.journeys_of)
        return kept_as(f"{name}.json", evaluate(source).told, doing)

    return begin(here, KIND, work, response)
