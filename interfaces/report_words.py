"""Words of a report that its page and its charts share, in the language of a tongue."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from application.evaluation.report import Key, Table
from application.vocabulary import said_where_known
from domain.definition import Title
from domain.wording import Tongue, in_language, in_words, said, titled

NOTHING = "–"


def title_of(title: Title, tongue: Tongue) -> str:
    """Return a title as the tongue says it: in the language of the place, else in English."""
    return in_language(titled(title), tongue)


def caption_of(table: Table, tongue: Tongue) -> str:
    """Return what a table of a report is called, among the others of its indicator."""
    title = title_of(table.title, tongue)
    by = " × ".join(column_named(name, tongue) for name in table.by)
    of = (
        said("{title}, by {by}", title=title, by=by) if by else said("{title}, in all", title=title)
    )
    return in_language(of, tongue)


def column_named(name: str, tongue: Tongue) -> str:
    """Return what a column that figures are broken down by is called."""
    return in_language(in_words("field", name.replace("_", "-")), tongue)


def genders_said(table: Table, tongue: Tongue) -> Table:
    """Return the table with the genders that its groups name as the language says them."""
    if "gender" not in table.by:
        return table
    figures = (replace(x, key=tuple(_keys(x.key, table.by, tongue))) for x in table.figures)
    return replace(table, figures=tuple(figures))


def _keys(key: Key, by: Iterable[str], tongue: Tongue) -> Iterator[str | None]:
    for column, part in zip(by, key, strict=True):
        named = part is not None and column == "gender"
        yield in_language(said_where_known(column, str(part)), tongue) if named else part


def measured(value: float | None, measure: str, tongue: Tongue) -> str:
    """Return a figure as a person reads it: a share in per cent, with one decimal."""
    if value is None:
        return NOTHING
    if measure == "share":
        return f"{tongue.number(round(100 * value, 1))} %"
    return tongue.number(round(value, 2))


def id_of(kind: str, name: str) -> str:
    """Return the id that something has on the page, and in the names of files."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}"


def of_indicators(tables: Iterable[Table]) -> Iterator[tuple[str, str, Table]]:
    """Yield each table, with the id of its indicator and its own."""
    counted: dict[str, int] = {}
    for table in tables:
        indicator = id_of("indicator", table.indicator)
        counted[indicator] = counted.get(indicator, 0) + 1
        yield indicator, f"{indicator}-{counted[indicator]}", table
