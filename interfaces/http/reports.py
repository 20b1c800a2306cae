"""Indicators of a programme at a moment, with all that they stand on."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import ConfigDict

from application.evaluation.issuing import report
from application.evaluation.kept_report import read_report, written
from application.evaluation.preparing import Question, prepare
from application.evaluation.report import Report
from application.jobs import Doing
from interfaces.evaluating import Evaluating
from interfaces.http.clocks import Question as Parameters
from interfaces.http.context import Asking, Here
from interfaces.http.forms import content_of, form_accepted
from interfaces.http.job_routes import add_routes
from interfaces.http.jobs import (
    ANSWERS,
    JobId,
    JobTold,
    begin,
    named,
    require_evaluating,
    result,
)
from interfaces.http.reading import tongue_of
from interfaces.http.reporting import FiguresAsked, check_sets, check_threshold, desk_of, names_in

router = APIRouter(tags=["evaluation"])

FILE = "report.json"
"""What is kept of a report: every other form is made of it."""


class ReportForm(StrEnum):
    """In which form a report is fetched."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


MEDIA = {
    ReportForm.JSON: "application/json",
    ReportForm.CSV: "text/csv",
    ReportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportForm.HTML: "text/html",
}


class ReportAsked(FiguresAsked):
    """Which report is wanted."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"programme": "duunipolku", "as_at": "2025-12-31"}]}
    )


class ResultQuery(Parameters):
    """In which form a report is wanted."""

    format: ReportForm | None = None
    """The form; without it, Accept decides, and JSON where that does not."""


@router.post("/reports", summary="Ask for a report", status_code=202, responses=ANSWERS)
def ask_report(body: ReportAsked, here: Asking, response: Response) -> JobTold:
    """Have a report made: indicators of a programme, as at a day and as known at an instant.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    evaluating = require_evaluating(here, "report", body.programme)
    question = body.question(here)
    check_sets(evaluating, body.sets)
    check_threshold(here, body.threshold)
    return begin(
        here,
        "report",
        lambda doing: _make(evaluating, question, doing),
        response,
        programme=body.programme,
    )


add_routes(router, "report", "a report")


@router.get(
    "/reports/{report}/result",
    summary="A report",
    response_class=Response,
    responses={
        200: {
            "description": "The report. As JSON, `polku report --verify` computes it again.",
            "content": content_of(MEDIA.values()),
        },
        409: {"description": "It is not done."},
    },
)
def report_result(
    report: JobId, asked: Annotated[ResultQuery, Query()], here: Asking, request: Request
) -> Response:
    """Answer with the report, in the form that was asked for; a page is in your language."""
    form = asked.format or form_accepted(request, MEDIA, ReportForm.JSON)
    with result(here, "report", report) as file:
        text = file.read().decode()
    data = text if form is ReportForm.JSON else in_form(here, read_report(text), form)
    return Response(data, headers=named(f"report.{form.value}"), media_type=MEDIA[form])


def in_form(here: Here, made: Report, form: ReportForm) -> str | bytes:
    """Return a report in a form; what each needs is loaded only for it."""
    if form is ReportForm.HTML:
        from interfaces.report_page import page

        return page(made, tongue_of(here), names_in(here, made))
    from interfaces.report_files import as_csv, as_xlsx

    return as_xlsx(made) if form is ReportForm.XLSX else as_csv(made)


def _make(evaluating: Evaluating, question: Question, doing: Doing) -> Path:
    desk = desk_of(evaluating, question, doing)
    out = doing.folder / FILE
    out.write_text(written(report(desk, prepare(desk, question))), encoding="utf-8")
    return out
