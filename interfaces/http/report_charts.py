"""The charts of a report, one by one, as pictures."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from application.evaluation.kept_report import read_report
from application.evaluation.report import Report
from domain.wording import said
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.forms import content_of, form_accepted
from interfaces.http.jobs import JobId, named, result
from interfaces.http.problems import UNKNOWN_CHART, Problem
from interfaces.http.reading import tongue_of
from interfaces.http.reporting import names_in

router = APIRouter(tags=["evaluation"])


class ChartForm(StrEnum):
    """As what kind of picture a chart is fetched."""

    SVG = "svg"
    PNG = "png"


MEDIA = {ChartForm.SVG: "image/svg+xml", ChartForm.PNG: "image/png"}


class ChartTold(Told):
    """A chart of a report."""

    id: str
    """Its id: the same whenever the report is made."""
    title: str
    """What it is called, in your language."""
    text: str
    """What it shows, in words, for who cannot see it."""
    svg: str
    """Where it is as SVG."""
    png: str
    """Where it is as PNG."""


class ChartsTold(Told):
    """The charts of a report."""

    items: list[ChartTold]
    """In the order of the report's page."""


class ChartQuery(Question):
    """As what kind of picture a chart is wanted."""

    format: ChartForm | None = None
    """The kind; without it, Accept decides, and SVG where that does not."""


NOT_DONE: dict[int | str, dict[str, Any]] = {409: {"description": "The report is not done."}}


@router.get("/reports/{report}/charts", summary="The charts of a report", responses=NOT_DONE)
def list_report_charts(report: JobId, here: Asking) -> ChartsTold:
    """Tell which charts a report has: what each is called, what it shows, and where it is."""
    from interfaces.report_charts import charts_of

    made, place = _report(here, report), f"/reports/{report}/charts"
    return ChartsTold(
        items=[
            ChartTold(
                id=one.id,
                title=one.title,
                text=one.alt,
                svg=f"{place}/{one.id}?format=svg",
                png=f"{place}/{one.id}?format=png",
            )
            for one in charts_of(made, tongue_of(here), names_in(here, made))
        ]
    )


@router.get(
    "/reports/{report}/charts/{chart}",
    summary="A chart of a report",
    response_class=Response,
    responses={
        200: {
            "description": "The chart, with words in your language.",
            "content": content_of(MEDIA.values()),
        },
        **NOT_DONE,
    },
)
def report_chart(
    report: JobId,
    chart: Annotated[str, Path(description="The chart's id.", pattern="^[A-Za-z0-9_-]{1,200}$")],
    asked: Annotated[ChartQuery, Query()],
    here: Asking,
    request: Request,
) -> Response:
    """Answer with a chart of a report as a picture: no script in it, and nothing to load."""
    from interfaces.charts import png, svg
    from interfaces.report_charts import charts_of

    made = _report(here, report)
    found = next(
        (one for one in charts_of(made, tongue_of(here), names_in(here, made)) if one.id == chart),
        None,
    )
    if found is None:
        raise Problem(UNKNOWN_CHART, said("see GET /reports/{report}/charts for those there are"))
    form = asked.format or form_accepted(request, MEDIA, ChartForm.SVG)
    language = here.language
    data = svg(found.spec, language) if form is ChartForm.SVG else png(found.spec, language)
    headers = named(f"{chart}.{form.value}")
    return Response(data, headers=headers, media_type=MEDIA[form])


def _report(here: Here, report: str) -> Report:
    with result(here, "report", report) as file:
        return read_report(file.read().decode())
