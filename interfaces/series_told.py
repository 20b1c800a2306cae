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


def head_of(series: Series, column: str) -> Wording:
    """Return what the column of a series is."""
    known = _HEADS.get(series.kind, {})
    return known.get(column) or in_words("field", column.replace("_", "-"))


def in_words_of(series: Series, tongue: Tongue) -> Series:
    """Return the series with the phases and ends that it names as the language says them."""
    naming = _NAMING.get(series.kind, ())
    at = {place for place, column in enumerate(series.columns) if column in naming}
    rows = (
        tuple(_name(x, tongue) if n in at else x for n, x in enumerate(row)) for row in series.rows
    )
    return replace(series, rows=tuple(rows))


def _name(code: Any, tongue: Tongue) -> Any:
    return in_language(_NAMES[code], tongue) if code in _NAMES else code
