"""What was reported then, what would be reported now, and which entries make the difference."""

from pathlib import Path

from fastapi import APIRouter, Response

from application.evaluation.issued import as_issued
from application.evaluation.restating import restate
from application.jobs import Doing
from application.plainly import plain
from interfaces.http.context import Asking, Here
from interfaces.http.job_routes import add_result, add_routes
from interfaces.http.jobs import ANSWERS, JobTold, begin, kept_as
from interfaces.http.reporting import Steps, desk_of
from interfaces.http.which_report import ById, Posted, WhichReport, report_meant

router = APIRouter(tags=["evaluation"])

KIND = "restatement"
FILE = "restatement.json"


class RestatementAsked(WhichReport):
    """Which report is to be asked again now: one of the two.

    An issued one is computed as it was first: the log keeps its question, and a digest of its
    figures.
    """


@router.post("/restatements", summary="Ask a report again now", status_code=202, responses=ANSWERS)
def ask_restatement(body: RestatementAsked, here: Asking, response: Response) -> JobTold:
    """Have a report's question asked of the log as it is now; nothing is recorded.

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


add_routes(router, KIND, "a restatement")
add_result(
    router,
    KIND,
    summary="What would be reported now",
    description="Answer with what would be reported now, and why.",
    answer="The report then and now, and of each figure that differs the late, "
    "corrected, retracted and erased entries without which it would not, one by one: the keys of "
    "`polku report --then --json`.",
)


def _make(here: Here, meant: Posted | ById, doing: Doing) -> Path:
    steps = Steps(doing)
    desk = desk_of(meant.evaluating, meant.question, steps)
    given = meant.report if isinstance(meant, Posted) else as_issued(desk, meant.issued)
    told = plain(restate(desk, given, steps.progress))
    return kept_as(here, FILE, {"report": meant.id, **told}, doing)
