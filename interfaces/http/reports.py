"""Indicators of a programme at a moment, with all that they stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ConfigDict, Field

from application.evaluation.asking import Archive, Asked, Moment, Rows
from application.evaluation.issuing import (
    DEFAULT_THRESHOLD,
    OF_PROGRAMME,
    Question,
    prepare,
    report,
)
from application.evaluation.kept_report import read_report, written
from application.evaluation.report import Report
from application.jobs import Doing
from application.scope import Role
from domain.refusals import InvalidField
from domain.wording import Listed, Tongue, said
from interfaces.evaluating import Evaluating
from interfaces.http.clocks import Question as Parameters
from interfaces.http.context import Asking, Here
from interfaces.http.jobs import (
    ANSWERS,
    JobId,
    JobTold,
    OfProgramme,
    begin,
    cancelled,
    job_of,
    job_told,
    named,
    require_evaluating,
    result,
)
from interfaces.http.reading import Id, tongue_of

router = APIRouter(tags=["evaluation"])

FILE = "report.json"
"""What is kept of a report: every other form is made of it."""

Column = Annotated[str, Field(max_length=200, pattern=r"^[a-z_]+(\*[a-z_]+)*$")]
SetName = Annotated[str, Field(max_length=100, pattern="^[a-z][a-z0-9-]*$")]


class Form(StrEnum):
    """In which form a report is fetched."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


MEDIA = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.HTML: "text/html",
}


class ReportAsked(OfProgramme):
    """Which report is wanted."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"programme": "duunipolku", "as_at": "2025-12-31"}]}
    )

    programme: Id
    """The code of the programme."""
    sets: Annotated[tuple[SetName, ...], Field(min_length=1, max_length=5)] = (OF_PROGRAMME,)
    """Whose indicators are meant: `programme` for those of its own definition, or the name of a set
    that comes with Polku, as esf-plus."""
    indicators: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    """Only these, by their ids; none: all of them."""
    by: Annotated[tuple[Column, ...], Field(max_length=10)] = ()
    """Break all down by this column of the archive, or by a pair as gender*organisation, too."""
    threshold: Annotated[int, Field(ge=0, le=1000)] = DEFAULT_THRESHOLD
    """Groups of fewer are not shown, nor what would tell them; 0 shows all, to those who may see
    the journeys themselves."""


class ResultQuery(Parameters):
    """In which form a report is wanted."""

    format: Form | None = None
    """The form; without it, Accept decides, and JSON where that does not."""


@router.post("/reports", summary="Ask for a report", status_code=202, responses=ANSWERS)
def ask_report(body: ReportAsked, here: Asking, response: Response) -> JobTold:
    """Have a report made: indicators of a programme, as at a day and as known at an instant.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    evaluating = require_evaluating(here, "report", body.programme)
    known_at = body.known(here, body.programme)
    _check(here, evaluating, body)
    question = Question(
        programme=body.programme,
        as_at=body.as_at,
        known_at=known_at,
        indicators=body.indicators,
        by=tuple(tuple(one.split("*")) for one in body.by),
        sets=body.sets,
        threshold=body.threshold,
    )
    return begin(here, "report", lambda doing: _make(evaluating, question, doing), response)


@router.get("/reports/{report}", summary="How a report stands")
def show_report(report: JobId, here: Asking) -> JobTold:
    """Tell how a report that you asked for stands."""
    return job_told(here, job_of(here, "report", report))


@router.get(
    "/reports/{report}/result",
    summary="A report",
    response_class=Response,
    responses={
        200: {
            "description": "The report. As JSON, `polku report --verify` computes it again.",
            "content": {
                media: {"schema": {} if "json" in media else {"type": "string"}}
                for media in MEDIA.values()
            },
        },
        409: {"description": "It is not done."},
    },
)
def report_result(
    report: JobId, asked: Annotated[ResultQuery, Query()], here: Asking, request: Request
) -> Response:
    """Answer with the report, in the form that was asked for; a page is in your language."""
    form = asked.format or _accepted(request.headers.get("accept", ""))
    with result(here, "report", report) as file:
        text = file.read().decode()
    data = text if form is Form.JSON else in_form(read_report(text), form, tongue_of(here))
    return Response(data, headers=named(f"report.{form.value}"), media_type=MEDIA[form])


@router.delete("/reports/{report}", summary="Cancel a report")
def cancel_report(report: JobId, here: Asking) -> JobTold:
    """Break a report off, or remove it where it is done. To repeat it changes nothing."""
    return cancelled(here, "report", report)


def in_form(made: Report, form: Form, tongue: Tongue) -> str | bytes:
    """Return a report in a form; what each needs is loaded only for it."""
    if form is Form.HTML:
        from interfaces.report_page import page

        return page(made, tongue)
    from interfaces.report_files import as_csv, as_xlsx

    return as_xlsx(made) if form is Form.XLSX else as_csv(made)


def _accepted(accept: str) -> Form:
    """Return the form that is accepted first, JSON where none is named."""
    of = {media: form for form, media in MEDIA.items()}
    asked = (part.partition(";")[0].strip().lower() for part in accept.split(","))
    return next((of[media] for media in asked if media in of), Form.JSON)


def _check(here: Here, evaluating: Evaluating, body: ReportAsked) -> None:
    """Raise InvalidField for what this person cannot ask, or nobody can."""
    known = (OF_PROGRAMME, *evaluating.sets)
    if strange := [name for name in body.sets if name not in known]:
        template = "there is no set {name}; there are: {known}"
        raise InvalidField("sets", said(template, name=strange[0], known=Listed(known)))
    if here.scope.role is Role.EVALUATOR and body.threshold < DEFAULT_THRESHOLD:
        least = said(
            "a group of fewer than {least} may tell who is in it: ask for {least} or more",
            least=DEFAULT_THRESHOLD,
        )
        raise InvalidField("threshold", least)


def _make(evaluating: Evaluating, question: Question, doing: Doing) -> Path:
    archive = evaluating.archive()
    archive.catch_up(on_progress=doing.progress)
    desk = evaluating.desk(WatchedArchive(archive, doing))
    out = doing.folder / FILE
    out.write_text(written(report(desk, prepare(desk, question))), encoding="utf-8")
    return out


@dataclass(frozen=True, slots=True)
class WatchedArchive:
    """An archive that is asked no more once the job is broken off."""

    of: Archive
    doing: Doing

    @property
    def position(self) -> int:
        """Return the position of the last entry that it holds."""
        return self.of.position

    @property
    def root(self) -> bytes | None:
        """Return the ledger's root there."""
        return self.of.root

    def catch_up(self, *given: Any, **more: Any) -> int:
        """Take in what the log has recorded since."""
        return self.of.catch_up(*given, **more)

    @contextmanager
    def at(self, moment: Moment) -> Iterator[Asked]:
        """Open it as of a moment."""
        with self.of.at(moment) as asked:
            yield _Watched(asked, self.doing, self.position)


@dataclass(frozen=True, slots=True)
class _Watched:
    of: Asked
    doing: Doing
    position: int

    def ask(self, sql: str, parameters: Any = ()) -> Rows:
        """Return what a SELECT gives. Raises Cancelled once nobody waits for it."""
        self.doing.progress(self.position, self.position)
        return self.of.ask(sql, parameters)
