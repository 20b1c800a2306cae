"""The values of a chart in words: what its columns are, and the phases and ends that codes name."""

from dataclasses import replace
from typing import Any

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
_NAMES = {
    **{phase.value: in_words("phase", phase.value) for phase in Phase},
    **{end: in_words("end-state", end) for end in END_STATES},
    Status.OPEN.value: in_words("status", Status.OPEN.value),
}
_NAMING = {"stock": ("group",), "flow": ("source", "target")}
"""The columns of a kind that name phases and ends."""
_SHARES = {
    "survival": ("share", "low", "high"),
    "funnel": ("value", "target", "low", "high", "lowest", "highest"),
}
"""The columns of a kind that are shares of 1."""
_ON_THE_WAY = {code: place for place, code in enumerate(_NAMES)}
"""In which order phases and ends come on a way; what a place calls otherwise comes after them."""


def head_of(series: Series, column: str) -> Wording:
    """Return what the column of a series is."""
    known = _HEADS.get(series.kind, {})
    return known.get(column) or in_words("field", column.replace("_", "-"))


def in_words_of(series: Series, tongue: Tongue) -> Series:
    """Return the series with the phases and ends that it names as the language says them.

    They come in the order of a client's way.
    """
    naming = _NAMING.get(series.kind, ())
    at = {place for place, column in enumerate(series.columns) if column in naming}
    rows = (
        tuple(_name(x, tongue) if n in at else x for n, x in enumerate(row))
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


def _name(code: Any, tongue: Tongue) -> Any:
    return in_language(_NAMES[code], tongue) if code in _NAMES else code
