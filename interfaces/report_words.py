"""Words of a report that its page and its charts share, in the language of a tongue."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from application.evaluation.naming import Names
from application.evaluation.report import Table
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


def groups_said(table: Table, names: Names, tongue: Tongue) -> Table:
    """Return the table with the codes of its groups as the language says them."""
    columns = [*zip(*(figure.key for figure in table.figures), strict=True)]
    said_as = [
        names.of(column, dict.fromkeys(part for part in parts if part is not None))
        for column, parts in zip(table.by, columns, strict=False)
    ]
    figures = (
        replace(
            figure,
            key=tuple(
                None if part is None else in_language(called[part], tongue)
                for called, part in zip(said_as, figure.key, strict=True)
            ),
        )
        for figure in table.figures
    )
    return replace(table, figures=tuple(figures))


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
