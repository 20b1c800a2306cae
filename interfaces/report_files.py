"""A report as a table for other programs (CSV), and as a spreadsheet."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from application.evaluation.report import Figure, Report, Table
from interfaces.exports.cells import unix_line

HEAD = (
    *("indicator", "title", "measure", "unit", "by", "group", "value", "counted", "having"),
    *("missing", "suppressed", "target", "source", "assumed", "note"),
)

SHORT_DAY = 14
"""The built-in format of a day, which each spreadsheet writes as its language does."""


def as_csv(report: Report) -> str:
    """Return a line for each figure; a value that is not shown, or not there, is empty.

    Each ends with what the report stands on, so that a figure can be computed again wherever the
    line goes, and with what is to be known of it: which breakdowns are not told, and why.
    """
    standing = [(name, value) for name, value in standing_on(report) if name != "note"]
    standing.append(("notes", " ".join(report.notes)))
    heads = [*HEAD, *(name.replace(" ", "_").lower() for name, _ in standing)]
    ends = [value for _, value in standing]
    return "".join(map(unix_line, [heads, *((*row, *ends) for row in _rows(report))]))


def standing_on(report: Report) -> list[tuple[str, Any]]:
    """Return what the report stands on, line by line."""
    return [
        ("programme", report.programme),
        ("as at", report.as_at or "as recorded"),
        ("known at", report.known_at.isoformat() if report.known_at else "as known now"),
        ("position", report.position),
        ("ledger root", report.root),
        ("definition version", report.definition_version),
        ("definition digest", report.definition_digest),
        ("indicators digest", report.indicators_digest),
        ("Polku", report.polku_version),
        ("groups not shown below", report.threshold),
        *((f"setting {name}", number) for name, number in report.settings.items()),
        *(("note", note) for note in report.notes),
    ]


def as_xlsx(report: Report) -> bytes:
    """Return a spreadsheet: the figures on one sheet, what they stand on on another.

    The same report has the same bytes: the file says it was made on the day that is asked about.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    to = io.BytesIO()
    book = xlsxwriter.Workbook(to, {"in_memory": True})
    day = report.as_at or datetime(2000, 1, 1, tzinfo=UTC).date()
    book.set_properties({"title": report.title.en, "created": datetime(*day.timetuple()[:3])})  # noqa: DTZ001
    head = book.add_format({"bold": True})
    figures = book.add_worksheet("figures")
    figures.write_row(0, 0, HEAD, head)
    for line, row in enumerate(_rows(report), start=1):
        for column, value in enumerate(row):
            _write(figures, line, column, value)
    figures.freeze_panes(1, 0)
    figures.set_column(1, 1, 60)
    standing = book.add_worksheet("stands on")
    as_day = book.add_format({"num_format": SHORT_DAY, "align": "left"})
    for line, (name, value) in enumerate(standing_on(report)):
        standing.write_string(line, 0, name, head)
        if isinstance(value, date):
            standing.write_datetime(line, 1, value, as_day)
        else:
            _write(standing, line, 1, value)
    standing.set_column(0, 1, 40)
    book.close()
    return to.getvalue()


def _write(sheet: Any, line: int, column: int, value: Any) -> None:
    """Write a value as what it is: a text that looks like a formula stays a text."""
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value)
    elif value is not None:
        sheet.write_string(line, column, value)


def _rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for table in report.tables:
        for figure in table.figures:
            yield _row(table, figure)


def _row(table: Table, figure: Figure) -> tuple[Any, ...]:
    group = "; ".join("(not known)" if word is None else word for word in figure.key)
    return (
        *(table.indicator, table.title.en, table.measure, table.unit, "*".join(table.by), group),
        *(figure.value, figure.counted, figure.having, figure.missing, figure.suppressed),
        *(figure.target, table.source, table.assumed, table.note),
    )
