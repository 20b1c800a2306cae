"""What was reported then, what would be reported now, and which entries make the difference."""

from pathlib import Path

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from application.evaluation.issuing import again
from application.evaluation.report import Report
from application.evaluation.restating import restate
from application.jobs import Doing
from interfaces.evaluating import Evaluating
from interfaces.http.context import Asking
from interfaces.http.jobs import (
    ANSWERS,
    JobId,
    JobTold,
    begin,
    cancelled,
    job_of,
    job_told,
    kept_as,
    require_evaluating,
    sent,
)
from interfaces.http.kept_reports import EXAMPLE, KeptReport, kept_report
from interfaces.http.reporting import desk_of

router = APIRouter(tags=["evaluation"])

FILE = "restatement.json"


class RestatementAsked(BaseModel):
    """Which report is to be asked again now."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"report": EXAMPLE}]},
    )

    report: KeptReport
    """The report, as it was fetched or written by `polku report --json`."""


@router.post("/restatements", summary="Ask a report again now", status_code=202, responses=ANSWERS)
def ask_restatement(body: RestatementAsked, here: Asking, response: Response) -> JobTold:
    """Have a report's question asked of the log as it is now; nothing is recorded.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    evaluating = require_evaluating(here, "restatement", body.report.programme)
    given = kept_report(here, evaluating, body.report)
    return begin(here, "restatement", lambda doing: _make(evaluating, given, doing), response)


@router.get("/restatements/{restatement}", summary="How a restatement stands")
def show_restatement(restatement: JobId, here: Asking) -> JobTold:
    """Tell how a restatement that you asked for stands."""
    return job_told(here, job_of(here, "restatement", restatement))


@router.get(
    "/restatements/{restatement}/result",
    summary="What would be reported now",
    response_class=Response,
    responses={
        200: {
            "description": "The report then and now, and of each figure that differs the late, "
            "corrected, retracted and erased entries, one by one: the keys of "
            "`polku report --then --json`.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        409: {"description": "It is not done."},
    },
)
def restatement_result(restatement: JobId, here: Asking) -> Response:
    """Answer with what would be reported now, and why."""
    return sent(here, job_of(here, "restatement", restatement), "application/json")


@router.delete("/restatements/{restatement}", summary="Cancel a restatement")
def cancel_restatement(restatement: JobId, here: Asking) -> JobTold:
    """Break a restatement off, or remove what came of it. To repeat it changes nothing."""
    return cancelled(here, "restatement", restatement)


def _make(evaluating: Evaluating, given: Report, doing: Doing) -> Path:
    return kept_as(FILE, restate(desk_of(evaluating, again(given), doing), given), doing)
