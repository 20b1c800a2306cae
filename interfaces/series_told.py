"""The values of a chart in words: what its columns are, and the phases and ends that codes name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from application.evaluation.naming import ORGANISATION, Names
from application.evaluation.report import Series
from domain.definition import END_STATES, Phase
from domain.journey.state import Status
from domain.wording import Tongue, Wording, in_language, in_words, said

_LIMITS = {"low": said("95 % from"), "high": said("95 % to")}
_HEADS = {
    "stock": {"day": said("Day"), "group": said("Phase"), "count": said("Number")},
    "flow": {"source": said("Out of"), "target": said("Into"), "count": said("Number")},
    "survival": {
        "group": said("Group"),
        "days": said("Days"),
        "share": said("Share"),
        **_LIMITS,
    },
    "funnel": {
        "group": said("Unit"),
        "counted": said("Counted"),
        "value": said("Share"),
        # What all reach together, which is no aim of anybody's.
        "target": said("All together"),
        **_LIMITS,
        "lowest": said("99.8 % from"),
        "highest": said("99.8 % to"),
    },
}
_COLUMNS = {
    "phase": tuple(phase.value for phase in Phase),
    "end_state": END_STATES,
    "status": (Status.OPEN.value,),
}
"""The codes that columns of a way name, in the order of the way, by the columns of journeys."""
_NAMING = {"stock": ("group",), "flow": ("source", "target")}
"""The columns of a kind that name phases and ends."""
_UNITS = {"funnel": ("group",)}
"""The columns of a kind that name organisations."""
_SHARES = {
    "survival": ("share", "low", "high"),
    "funnel": ("value", "target", "low", "high", "lowest", "highest"),
}
"""The columns of a kind that are shares of 1."""
_ON_THE_WAY = {code: place for place, code in enumerate(chain(*_COLUMNS.values()))}
"""In which order phases and ends come on a way; what a place calls otherwise comes after them."""


def head_of(series: Series, column: str) -> Wording:
    """Return what the column of a series is."""
    known = _HEADS.get(series.kind, {})
    return known.get(column) or in_words("field", column.replace("_", "-"))


def in_words_of(series: Series, names: Names, tongue: Tongue) -> Series:
    """Return the series with the phases, ends and units that it names as the language says them.

    Phases and ends come in the order of a client's way, and are called as the programme calls them.
    """
    naming = (*_NAMING.get(series.kind, ()), *_UNITS.get(series.kind, ()))
    at = {place for place, column in enumerate(series.columns) if column in naming}
    codes = dict.fromkeys(str(row[n]) for row in series.rows for n in at if row[n] is not None)
    called = _called(series, codes, names)
    rows = (
        tuple(
            in_language(called.get(x, x), tongue) if n in at and x else x for n, x in enumerate(row)
        )
        for row in sorted(series.rows, key=lambda row: _order(series, row))
    )
    return replace(series, rows=tuple(rows))


def is_share(series: Series, column: str) -> bool:
    """Whether a column of a series is a share of 1."""
    return column in _SHARES.get(series.kind, ())


def side_by_side(series: Series) -> Series:
    """Return a stock of several groups with a column for each of them; another series as it is."""
    if series.kind != "stock" or "group" not in series.columns:
        return series
    rows = [dict(zip(series.columns, row, strict=True)) for row in series.rows]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    days: dict[Any, dict[Any, Any]] = {}
    for row in rows:
        days.setdefault(row["day"], {})[row["group"]] = row["count"]
    across = tuple((day, *map(counts.get, groups)) for day, counts in days.items())
    return replace(series, columns=("day", *map(str, groups)), rows=across)


def _order(series: Series, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the place of a row among the others, which it keeps where nothing is named."""
    told = dict(zip(series.columns, row, strict=True))
    places = [
        (_ON_THE_WAY.get(told[column], len(_ON_THE_WAY)), str(told[column]))
        for column in _NAMING.get(series.kind, ())
        if column in told
    ]
    return (told["day"], *places) if series.kind == "stock" else tuple(places)


def _called(series: Series, codes: Iterable[str], names: Names) -> Mapping[str, str]:
    """Return what the codes that a series names are called."""
    if series.kind in _UNITS:
        return names.of(ORGANISATION, codes)
    of = {code: column for column, known in _COLUMNS.items() for code in known}
    columns = {column: [x for x in codes if of.get(x) == column] for column in _COLUMNS}
    return {k: v for column, some in columns.items() for k, v in names.of(column, some).items()}
