"""Units side by side, and what of it is only chance."""

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from application.evaluation.followed import grouped
from application.evaluation.funnels import Kind, Point
from application.evaluation.outcomes import Outcome, outcome
from application.evaluation.side_by_side import SideBySide, side_by_side
from application.evaluation.suppression import THRESHOLD
from domain.definition import Definition, ReferenceValue
from domain.wording import said, worded, written
from interfaces.evaluations.reading import (
    CannotEvaluate,
    OfJourneys,
    Read,
    Source,
    check_trait,
    journeys_asked,
    meant,
    unseen,
)


@dataclass(frozen=True, slots=True)
class FunnelAsked:
    """By which outcome, which units, and what they are compared with (None: all together).

    Numbers below `threshold` are withheld.
    """

    of: OfJourneys
    outcome: str
    by: str = "organisation"
    centre: float | None = None
    threshold: int = THRESHOLD

    def check(self) -> None:
        """Raise CannotEvaluate for what cannot be asked."""
        self.what()

    def what(self) -> Outcome:
        """Return what is compared. Raises CannotEvaluate for what cannot be asked."""
        check_trait("by", self.by)
        what = meant("outcome", self.outcome, outcome)
        if self.centre is not None:
            _check_centre(what.kind, self.centre)
        return what


def _check_centre(kind: Kind, centre: float) -> None:
    """Raise CannotEvaluate for what no figure of the kind can be; a mean may be below 0."""
    if not math.isfinite(centre):
        raise CannotEvaluate("centre", said("write a number, such as 0.5"))
    told = written(centre)
    if kind is Kind.SHARE and not 0 <= centre <= 1:
        message = said("{centre} is not possible: a share lies between 0 and 1", centre=told)
        raise CannotEvaluate("centre", message)
    if kind in {Kind.RATE, Kind.MEDIAN} and centre < 0:
        message = said("{centre} is not possible: it is counted from 0 on", centre=told)
        raise CannotEvaluate("centre", message)


class Funnel(NamedTuple):
    """The units side by side, and the answer as JSON has it."""

    found: SideBySide
    told: dict[str, Any]


def funnel(source: Source, asked: FunnelAsked) -> Funnel:
    """Show units side by side with limits of chance. Raises CannotEvaluate."""
    what = asked.what()
    read = journeys_asked(source, asked.of)
    units, persons, missing = _units(read, what, asked.by)
    found = side_by_side(
        what.kind,
        units,
        better=what.better,
        centre=asked.centre,
        references=_references(read.definition, what),
        threshold=asked.threshold,
        persons=persons,
    )
    told = {
        "programme": asked.of.programme,
        "outcome": asked.outcome,
        "by": asked.by,
        "clocks": read.clocks,
        "missing": missing,
        "unseen": unseen(read, what.happenings),
        **_keys(found),
    }
    return Funnel(found, told)


def _units(
    read: Read, what: Outcome, by: str
) -> tuple[dict[str, list[float]], dict[str, list[str]], int]:
    """Return the values of each unit, whose each is, and of how many journeys it is not known.

    A journey that does not count (it has not ended, where ends are counted) is neither.
    """
    units: dict[str, list[float]] = {}
    persons: dict[str, list[str]] = {}
    missing = 0
    for unit, one in grouped(read.journeys, by):
        values = what.values(one, read.followed_until)
        if values is None or (values and unit is None):
            missing += 1
        elif unit is not None:
            units.setdefault(unit, []).extend(values)
            persons.setdefault(unit, []).extend([one.person] * len(values))
    return units, persons, missing


def _references(definition: Definition | None, what: Outcome) -> list[ReferenceValue]:
    """Return the reference values of a measure; one of a count is not one of each client."""
    form, _, name = what.name.partition(":")
    if definition is None or form != "measure" or what.kind is Kind.RATE:
        return []
    return [
        replace(one, basis=worded(one.basis, definition.texts))
        for one in definition.reference_values
        if one.measure == name
    ]


def _keys(found: SideBySide) -> dict[str, Any]:
    funnel = found.funnel
    return {
        "kind": found.kind,
        "size": found.size,
        "value": found.value,
        "centre": funnel.centre if funnel else None,
        "threshold": found.threshold,
        "units": [_point(one) for one in funnel.points] if funnel else [],
        "withheld": found.withheld,
        "references": [
            {
                "unit": one.unit,
                "id": one.reference.id,
                "level": one.reference.level,
                "reference": one.reference.value,
                "basis": one.reference.basis,
                "assumed": one.reference.assumed,
                "value": one.point.value,
                "inner": _finite(one.point.inner),
                "verdict": one.verdict,
            }
            for one in found.against
        ],
    }


def _point(one: Point) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "size": one.size,
        "value": one.value,
        "inner": _finite(one.inner),
        "outer": _finite(one.outer),
        "stands": one.stands,
    }


def _finite(limits: tuple[float, float]) -> list[float | None]:
    return [x if math.isfinite(x) else None for x in limits]
