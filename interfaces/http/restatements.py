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
from interfaces.http.job_routes import add_result, add_routes
from interfaces.http.jobs import (
    ANSWERS,
    JobTold,
    begin,
    kept_as,
    require_evaluating,
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


add_routes(router, "restatement", "a restatement")
add_result(
    router,
    "restatement",
    summary="What would be reported now",
    description="Answer with what would be reported now, and why.",
    answer="The report then and now, and of each figure that differs the late, "
    "corrected, retracted and erased entries, one by one: the keys of "
    "`polku report --then --json`.",
)


def _make(evaluating: Evaluating, given: Report, doing: Doing) -> Path:
    return kept_as(FILE, restate(desk_of(evaluating, again(given), doing), given), doing)
