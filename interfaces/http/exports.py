"""Journeys for the tools of others, as files; nothing personal goes in."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Response
from pydantic import ConfigDict

from application.evaluation.asking import Moment
from application.jobs import Doing
from domain.refusals import InvalidField
from domain.wording import said
from interfaces.evaluating import Evaluating
from interfaces.exports.files import zip_folder
from interfaces.exports.forms import write
from interfaces.http.context import Asking
from interfaces.http.forms import content_of
from interfaces.http.job_routes import add_routes
from interfaces.http.jobs import (
    ANSWERS,
    JobId,
    JobTold,
    OfProgramme,
    begin,
    job_of,
    require_evaluating,
    sent,
)
from interfaces.http.reading import Id

router = APIRouter(tags=["evaluation"])


class ExportForm(StrEnum):
    """In which form journeys are written."""

    XES = "xes"
    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"
    CSV = "csv"
    CLOUDEVENTS = "cloudevents"
    PARQUET = "parquet"


class File(NamedTuple):
    """What the file of a form is called, and of which media type it is."""

    name: str
    media: str


FILES = {
    ExportForm.XES: File("polku.xes", "application/xml"),
    ExportForm.OCEL_JSON: File("polku.ocel.json", "application/json"),
    ExportForm.OCEL_SQLITE: File("polku.ocel.sqlite", "application/vnd.sqlite3"),
    ExportForm.CSV: File("polku.csv", "text/csv"),
    ExportForm.CLOUDEVENTS: File("polku.cloudevents.jsonl", "application/x-ndjson"),
    ExportForm.PARQUET: File("polku.parquet.zip", "application/zip"),
}


class ExportAsked(OfProgramme):
    """Which journeys are wanted, and in which form."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"format": "xes", "programme": "duunipolku"}]}
    )

    format: ExportForm
    """The form: for process mining (XES, OCEL), as a table (CSV), as they were recorded
    (CloudEvents), or the whole archive with its dictionary (Parquet, in a zip file)."""
    programme: Id | None = None
    """Only journeys of this programme; a manager's are those of the own programmes. The archive has
    all, at no other moment than now."""


@router.post("/exports", summary="Ask for an export", status_code=202, responses=ANSWERS)
def ask_export(body: ExportAsked, here: Asking, response: Response) -> JobTold:
    """Have journeys written as a file for other tools, under ids alone.

    It is made as a job, of which `Location` tells; at most three of yours at a time.
    """
    evaluating = require_evaluating(here, "export", body.programme)
    if body.format is ExportForm.PARQUET and (body.programme or body.asked):
        whole = said("the archive is written as a whole: leave out programme, as_at and known_at")
        raise InvalidField("format", whole)
    moment = Moment(body.as_at, body.known(here, body.programme, unpublished=True))
    return begin(
        here,
        "export",
        lambda doing: _make(evaluating, body, moment, doing),
        response,
        programme=body.programme,
    )


add_routes(router, "export", "an export")


@router.get(
    "/exports/{export}/result",
    summary="The file of an export",
    response_class=Response,
    responses={
        200: {
            "description": "The file, in the form that was asked for.",
            "content": content_of(file.media for file in FILES.values()),
        },
        409: {"description": "It is not done."},
    },
)
def export_result(export: JobId, here: Asking) -> Response:
    """Answer with the file, bit by bit."""
    job = job_of(here, "export", export)
    media = {file.name: file.media for file in FILES.values()}
    return sent(here, job, media.get(job.file, ""))


def _make(evaluating: Evaluating, asked: ExportAsked, moment: Moment, doing: Doing) -> Path:
    out = doing.folder / FILES[asked.format].name
    if asked.format is ExportForm.PARQUET:
        place = doing.folder / "archive"
        evaluating.copy(place, doing.progress)
        zip_folder(place, out, doing.progress)
        return out
    origin = evaluating.origin(asked.programme, moment)
    write(asked.format.value, out, origin, evaluating.journeys(origin.position, doing.progress))
    return out
