"""Reports computed again: whether each figure is what the log says."""

from pathlib import Path

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from application.evaluation.issued import (
    NotIssued,
    found,
    id_of,
    issued_reports,
    settings_of,
    verify_issued,
)
from application.evaluation.issuing import Question, again
from application.evaluation.report import Report
from application.evaluation.verifying import verify
from application.jobs import Doing
from domain.issued_report import ReportIssued
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
from interfaces.http.kept_reports import EXAMPLE, KeptReport, kept_report
from interfaces.http.problems import UNKNOWN_REPORT, Problem
from interfaces.http.reading import require
from interfaces.http.reporting import ReportId, check_threshold, desk_of
from interfaces.reports_told import issue_told, verified_told

router = APIRouter(tags=["evaluation"])

FILE = "verification.json"


class VerificationAsked(BaseModel):
    """Which report is to be computed again: one of the two."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"report": EXAMPLE}]},
    )

    report: KeptReport | None = None
    """The report, as it was fetched or written by `polku report --json`; it is compared figure by
    figure."""
    issued: ReportId | None = None
    """The id of a report that was issued; it is compared with the digests that the log keeps."""


@router.post("/verifications", summary="Compute a report again", status_code=202, responses=ANSWERS)
def ask_verification(body: VerificationAsked, here: Asking, response: Response) -> JobTold:
    """Have a report computed again, at the same position of the log and the same clocks.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    require(here, "verification")
    if (body.report is None) == (body.issued is None):
        raise InvalidField("report", said("give a report, or the id of an issued one; not both"))
    if body.report is not None:
        evaluating = require_evaluating(here, "verification", body.report.programme)
        given = kept_report(here, evaluating, body.report)
        return begin(
            here, "verification", lambda doing: _make(here, evaluating, given, doing), response
        )
    id_ = body.issued or ""
    issued = issued_in(here, id_)
    evaluating = require_evaluating(here, "verification", issued.programme)
    check_threshold(here, issued.threshold, "issued")
    return begin(
        here,
        "verification",
        lambda doing: _make_issued(here, evaluating, id_, issued, doing),
        response,
    )


add_routes(router, "verification", "a verification")
add_result(
    router,
    "verification",
    summary="Whether a report stands",
    description="Answer with what came of computing a report again.",
    answer="Whether it stands, each figure as it was reported and as it is computed"
    " again, and what else differs: the keys of `polku report --verify --json`.",
)


def issued_in(here: Here, id_: str) -> ReportIssued:
    """Return what was issued under an id. Raises Problem where nothing was."""
    try:
        return found(issued_reports(here.office.log), id_)
    except NotIssued as error:
        raise Problem(
            UNKNOWN_REPORT, said("see GET /issued-reports for those there are")
        ) from error


def _make(here: Here, evaluating: Evaluating, given: Report, doing: Doing) -> Path:
    compared = verify(desk_of(evaluating, again(given), doing), given)
    id_ = id_of(given)
    more = {"report": id_, "issued": issue_told(here.office.log, id_)}
    return kept_as(FILE, {**verified_told(compared), **more}, doing)


def _make_issued(
    here: Here, evaluating: Evaluating, id_: str, issued: ReportIssued, doing: Doing
) -> Path:
    question = Question(issued.programme, sets=issued.sets, settings=settings_of(issued))
    compared = verify_issued(desk_of(evaluating, question, doing), issued)
    more = {"report": id_, "issued": issue_told(here.office.log, id_)}
    return kept_as(FILE, {**verified_told(compared), **more}, doing)
