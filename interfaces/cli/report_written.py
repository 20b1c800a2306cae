"""In which form a report and its charts are written, and where to."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from domain.wording import said
from interfaces import bootstrap
from interfaces.cli.language import Language
from interfaces.cli.speaking import Speaker
from interfaces.cli.terminal import BadInput, Refused, answer

if TYPE_CHECKING:
    from application.evaluation.naming import Names
    from application.evaluation.report import Report


class Format(StrEnum):
    """In which form a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


WITH_CHARTS = frozenset({Format.JSON, Format.HTML})
"""Forms that have what the charts of a report show; for the others it is not computed."""


def check_where(form: Format, out: Path | None) -> None:
    """Raise BadInput where a report cannot be written so."""
    if form is Format.XLSX and out is None:
        raise BadInput(said("--out: name the file to write the spreadsheet to"))
    if form is Format.TABLE and out is not None:
        raise BadInput(said("--out: choose a --format for the file: json, csv, xlsx or html"))


def write(
    made: "Report", names: "Names | None", form: Format, out: Path | None, language: Language
) -> None:
    """Write a report to a file, or to where a person reads. Raises Refused."""
    from interfaces.cli.report_screen import draw_report

    if form is Format.TABLE:
        answer(False, None, lambda to: draw_report(Speaker(to, language), made, names))
        return
    data = _bytes(made, names, form, language)
    if out is None:
        typer.echo(data, nl=False)
        return
    _save(out, data)


def write_charts(made: "Report", names: "Names | None", folder: Path, language: Language) -> None:
    """Write each chart of a report to a folder, as SVG and as PNG, under its id. Raises Refused."""
    from application.evaluation.naming import NO_NAMES
    from interfaces.charts import png, svg
    from interfaces.report_charts import charts_of

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            said("{file} cannot be made: {why}", file=str(folder), why=error.strerror)
        ) from error
    for chart in charts_of(made, bootstrap.tongue(language), names or NO_NAMES):
        _save(folder / f"{chart.id}.svg", svg(chart.spec, language).encode())
        _save(folder / f"{chart.id}.png", png(chart.spec, language))


def _save(file: Path, data: bytes) -> None:
    from interfaces.exports.files import replace_whole

    try:
        replace_whole(file, data)
    except OSError as error:
        raise Refused(
            said("{file} cannot be written: {why}", file=str(file), why=error.strerror)
        ) from error


def _bytes(made: "Report", names: "Names | None", form: Format, language: Language) -> bytes:
    from application.evaluation.kept_report import written
    from interfaces.report_files import as_csv, as_xlsx

    if form is Format.XLSX:
        return as_xlsx(made)
    if form is Format.HTML:
        from application.evaluation.naming import NO_NAMES
        from interfaces.report_page import page

        return page(made, bootstrap.tongue(language), names or NO_NAMES).encode()
    return (written(made) if form is Format.JSON else as_csv(made)).encode()
