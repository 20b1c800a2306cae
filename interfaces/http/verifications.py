"""Reports computed again: whether each figure is what the log says."""

from pathlib import Path

from fastapi import APIRouter, Response

from application.evaluation.issued import verify_issued
from application.evaluation.verifying import verify
from application.jobs import Doing
from interfaces.http.context import Asking, Here
from interfaces.http.job_routes import add_result, add_routes
from interfaces.http.jobs import ANSWERS, JobTold, begin, kept_as
from interfaces.http.reporting import desk_of
from interfaces.http.which_report import ById, Posted, WhichReport, report_meant
from interfaces.reports_told import issue_told, verified_told

router = APIRouter(tags=["evaluation"])

KIND = "verification"
FILE = "verification.json"


class VerificationAsked(WhichReport):
    """Which report is to be computed again: one of the two.

    One that is posted is compared figure by figure, an issued one with the digests that the log
    keeps.
    """


@router.post("/verifications", summary="Compute a report again", status_code=202, responses=ANSWERS)
def ask_verification(body: VerificationAsked, here: Asking, response: Response) -> JobTold:
    """Have a report computed again, at the same position of the log and the same clocks.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    meant = report_meant(here, KIND, body)
    return begin(
        here,
        KIND,
        lambda doing: _make(here, meant, doing),
        response,
        programme=meant.question.programme,
    )


add_routes(router, KIND, "a verification")
add_result(
    router,
    KIND,
    summary="Whether a report stands",
    description="Answer with what came of computing a report again, in your language.",
    answer="Whether it stands, each figure as it was reported and as it is computed"
    " again, and what else differs: the keys of `polku report --verify --json`.",
)


def _make(here: Here, meant: Posted | ById, doing: Doing) -> Path:
    desk = desk_of(meant.evaluating, meant.question, doing)
    if isinstance(meant, Posted):
        compared = verify(desk, meant.report)
    else:
        compared = verify_issued(desk, meant.issued)
    more = {"report": meant.id, "issued": issue_told(here.office.log, meant.id)}
    return kept_as(here, FILE, {**verified_told(compared), **more}, doing)
