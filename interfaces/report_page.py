"""A report as one page that stands for itself (`interfaces.pages`).

Some read it by ear: there is a text in the place of each chart, and its values as a table.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from application.evaluation.naming import NO_NAMES, Names
from application.evaluation.report import Figure, Report, Series, Table
from application.evaluation.report_notes import untold
from domain.wording import Tongue, Wording, in_language, said
from interfaces.charts import svg
from interfaces.pages import Head, Look, Rows, rendered
from interfaces.report_charts import Chart, of_one, of_targets
from interfaces.report_words import (
    NOTHING,
    caption_of,
    column_named,
    groups_said,
    measured,
    of_indicators,
    title_of,
)
from interfaces.series_told import head_of, in_words_of, is_share, side_by_side

_WORDS = {
    "to_figures": said("To the figures"),
    "contents": said("Contents"),
    "chart_values": said("Values of the charts"),
    "standing": said("What the report stands on"),
    "as_table": said("Its values as a table"),
}
_MEASURES = {
    "count": said("Number"),
    "share": said("Share"),
    "sum": said("Sum"),
    "mean": said("Mean"),
    "median": said("Median"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: as SVG in base64 (empty: it cannot be drawn), with a text that stands for it.

    `values` is where its values are, `table` those where they are of no other table.
    """

    id: str
    title: str
    alt: str
    values: str
    svg: str = ""
    width: int = 0
    height: int = 0
    table: Rows | None = None
    notes: Sequence[str] = ()


@dataclass(slots=True)
class Section:
    """What is told of one indicator."""

    id: str
    title: str
    said: str
    tables: list[Rows] = field(default_factory=list)
    charts: list[Picture] = field(default_factory=list)


def page(report: Report, tongue: Tongue, names: Names = NO_NAMES) -> str:
    """Return the page, in the language of the tongue; groups are called by their names."""
    return rendered(
        "report.html",
        title_of(report.title, tongue),
        tongue,
        words={name: in_language(word, tongue) for name, word in _WORDS.items()},
        moment=[*_moment(report, tongue)],
        indicators=_sections(report.tables, tongue, names),
        charts=[_picture(n, one, tongue, names) for n, one in enumerate(report.series, 1)],
        notes=[in_language(note, tongue) for note in report.notes],
        standing=[*_standing(report, tongue)],
    )


def _moment(report: Report, tongue: Tongue) -> Iterator[tuple[str, str]]:
    def term(word: Wording) -> str:
        return in_language(word, tongue)

    at, known = report.as_at, report.known_at
    yield term(said("Programme")), report.programme
    yield term(said("As at")), tongue.day(at) if at else term(said("as recorded"))
    all_known = term(said("all that is recorded"))
    yield term(said("Known at")), _instant(known) if known else all_known
    if report.settings:
        numbers = (f"{name}={tongue.number(n)}" for name, n in report.settings.items())
        yield term(said("Settings")), ", ".join(numbers)


def _instant(at: datetime) -> str:
    """Return an instant to the digit: of a day it is the last one before midnight."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    return f"{text.removesuffix(':00')} UTC"


def _standing(report: Report, tongue: Tongue) -> Iterator[tuple[str, str]]:
    def term(word: Wording) -> str:
        return in_language(word, tongue)

    definition = f"{report.definition_version}, {report.definition_digest}"
    yield term(said("Position of the log")), str(report.position)
    yield term(said("Root of the ledger")), report.root or NOTHING
    yield term(said("Version and digest of the definition")), definition
    yield term(said("Digest of the indicators")), report.indicators_digest
    yield term(said("Version of Polku")), report.polku_version
    least = report.threshold
    shown = said("groups of fewer than {n} are withheld", n=least) if least else said("all")
    yield term(said("What is shown")), term(shown)


# Indicators


def _sections(tables: Iterable[Table], tongue: Tongue, names: Names) -> list[Section]:
    found: dict[str, Section] = {}
    tables = [*tables]
    why = {(one.indicator, one.by): note for one, note in untold(tables)}
    for name, id_, table in of_indicators(tables):
        section = found.get(name)
        if section is None:
            section = found[name] = Section(
                name, title_of(table.title, tongue), _introduced(table, tongue, names)
            )
        none = why.get((table.indicator, table.by), said("Nothing to show."))
        told = _figures(table, id_, tongue, names)
        section.tables.append(replace(told, none=in_language(none, tongue)))
        chart = of_targets(id_, table, tongue, names)
        if chart is not None:
            picture = Picture(chart.id, chart.title, chart.alt, id_)
            section.charts.append(_drawn(picture, chart, tongue.language))
    return [*found.values()]


def _introduced(table: Table, tongue: Tongue, names: Names) -> str:
    parts = [in_language(names.text(table.note), tongue)]
    if table.source:
        source = names.text(table.source)
        parts.append(in_language(said("Source: {source}.", source=source), tongue))
    if table.assumed:
        parts.append(in_language(said("Assumed: no source says so."), tongue))
    return " ".join(part for part in parts if part)


def _figures(table: Table, id_: str, tongue: Tongue, names: Names) -> Rows:
    by = [column_named(name, tongue) for name in table.by]
    keys = by or [in_language(said("Group"), tongue)]
    with_target = any(figure.target is not None for figure in table.figures)
    words = [_MEASURES.get(table.measure, table.measure), said("Counted"), said("Not known of")]
    words += [said("Target")] if with_target else []
    numbers = [in_language(word, tongue) for word in words]
    rows = []
    for figure in groups_said(table, names, tongue).figures:
        key = [_key(part, tongue) for part in figure.key] or [in_language(said("all"), tongue)]
        rows.append([*key, *_numbers(figure, table, tongue, with_target=with_target)])
    heads = [*(Head(_begun(name)) for name in keys), *(Head(name, Look.NUMBER) for name in numbers)]
    return Rows(caption_of(table, tongue), heads, rows, len(keys), id_)


def _begun(word: str) -> str:
    return word[:1].upper() + word[1:]


def _key(part: str | None, tongue: Tongue) -> str:
    return in_language(said("not known"), tongue) if part is None else str(part)


def _numbers(figure: Figure, table: Table, tongue: Tongue, *, with_target: bool) -> Iterator[str]:
    if figure.suppressed:
        yield in_language(said("withheld"), tongue)
    else:
        yield measured(figure.value, table.measure, tongue)
    yield _whole(figure.counted, tongue)
    yield _whole(figure.missing, tongue)
    if with_target:
        yield measured(figure.target, table.measure, tongue)


def _whole(value: int | None, tongue: Tongue) -> str:
    return NOTHING if value is None else tongue.number(value)


# Charts


def _picture(number: int, series: Series, tongue: Tongue, names: Names) -> Picture:
    chart, told = of_one(number, series, tongue, names), in_words_of(series, names, tongue)
    table = _values(told, chart, tongue)
    notes = [in_language(note, tongue) for note in told.notes]
    notes += [chart.lines] if chart.lines else []
    picture = Picture(chart.id, chart.title, chart.alt, table.id, table=table, notes=notes)
    return _drawn(picture, chart, tongue.language)


def _values(told: Series, chart: Chart, tongue: Tongue) -> Rows:
    """Return the values of a chart as a table."""
    across = side_by_side(told)
    named = [
        in_language(head_of(told, name), tongue) if name in told.columns else name
        for name in across.columns
    ]
    heads = [Head(_begun(name), _look(across, at)) for at, name in enumerate(named)]
    shares = {at for at, name in enumerate(across.columns) if is_share(told, name)}
    rows = [
        [
            measured(value, "share", tongue) if at in shares else _cell(value, tongue)
            for at, value in enumerate(row)
        ]
        for row in across.rows
    ]
    none = in_language(said("Nothing to show."), tongue)
    return Rows(chart.title, heads, rows, 1, f"{chart.id}-values", none)


def _drawn(one: Picture, chart: Chart, language: str) -> Picture:
    if not chart.spec:
        return one
    drawn = svg(chart.spec, language)
    width, height = size_of(drawn)
    encoded = base64.b64encode(drawn.encode()).decode()
    return replace(one, svg=encoded, width=width, height=height)


def size_of(drawn: str) -> tuple[int, int]:
    """Return how wide and high an SVG is, in points of the page."""
    found = re.search(r'<svg[^>]* width="([\d.]+)"[^>]* height="([\d.]+)"', drawn)
    return (round(float(found[1])), round(float(found[2]))) if found else (0, 0)


def _look(series: Series, at: int) -> Look:
    cells = [row[at] for row in series.rows]
    if all(isinstance(cell, int | float | None) for cell in cells):
        return Look.NUMBER
    return Look.SHORT if all(isinstance(cell, date | None) for cell in cells) else Look.TEXT


def _cell(value: Any, tongue: Tongue) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return str(value).lower()
        case int() | float():
            return tongue.number(round(value, 4))
        case date():
            return tongue.day(value)
        case _:
            return str(value)
