"""The charts of a report: which there are, what they are called, and what they show in words.

An id follows from what is shown, so that a chart has the same one on the page, as a file, and when
the report is made again.
"""

from collections.abc import Iterator
from typing import NamedTuple

from application.evaluation.naming import NO_NAMES, Names
from application.evaluation.report import Report, Series, Table
from domain.wording import Tongue, in_language, said
from interfaces.chart_words import described, described_targets, lines_of, saying
from interfaces.charts import NoChart, Spec, chart_of, chart_of_targets, entitled
from interfaces.report_words import (
    caption_of,
    groups_said,
    id_of,
    measured,
    of_indicators,
    title_of,
)
from interfaces.series_told import in_words_of


class Chart(NamedTuple):
    """A chart of a report: its id, its title, the text that stands for it, and what is drawn.

    `spec` is in Vega-Lite; it is empty where the series cannot be drawn. `lines` says what its
    lines mean, where neither its title nor a legend does.
    """

    id: str
    title: str
    alt: str
    spec: Spec
    lines: str = ""


def charts_of(report: Report, tongue: Tongue, names: Names = NO_NAMES) -> Iterator[Chart]:
    """Yield the charts that can be drawn, in the order of the report's page.

    Each stands for itself: what it is and of which report is in the picture.
    """
    of_report = [title_of(report.title, tongue)]
    if report.as_at is not None:
        of_report.append(tongue.day(report.as_at))
    of_tables = (
        of_targets(id_, table, tongue, names) for _, id_, table in of_indicators(report.tables)
    )
    of_series = (of_one(n, series, tongue, names) for n, series in enumerate(report.series, 1))
    for chart in (*of_tables, *of_series):
        if chart is not None and chart.spec:
            beneath = ". ".join(filter(None, (", ".join(of_report), chart.lines)))
            yield chart._replace(spec=entitled(chart.spec, chart.title, beneath))


def of_targets(
    table_id: str, table: Table, tongue: Tongue, names: Names = NO_NAMES
) -> Chart | None:
    """Return the chart of what a table's figures were meant to reach, None without targets."""
    table = groups_said(table, names, tongue)
    try:
        spec = chart_of_targets(table, saying(tongue))
    except NoChart:
        return None
    title = in_language(
        said("{title}: reached, and meant", title=caption_of(table, tongue)), tongue
    )
    alt = described_targets(table, lambda value: measured(value, table.measure, tongue), tongue)
    return Chart(f"{table_id}-chart", title, alt, spec)


def of_one(number: int, series: Series, tongue: Tongue, names: Names = NO_NAMES) -> Chart:
    """Return the chart of a series; `number` counts those of the report, from 1.

    Without rows there is nothing to draw, and its notes say why.
    """
    told = in_words_of(series, names, tongue)
    try:
        spec = chart_of(told, saying(tongue)) if told.rows else {}
    except NoChart:
        spec = {}
    id_ = f"{id_of('chart', series.id)}-{number}"
    lines = lines_of(series, tongue)
    return Chart(id_, title_of(series.title, tongue), described(told, tongue), spec, lines)
