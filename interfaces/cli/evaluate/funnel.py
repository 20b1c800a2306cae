"""`polku evaluate funnel`: organisations side by side, and what of it is only chance."""

import math
from typing import Annotated, Any

import typer

from application.evaluation.followed import grouped
from application.evaluation.funnels import Kind, Point
from application.evaluation.outcomes import Outcome, outcome
from application.evaluation.side_by_side import SideBySide, side_by_side
from application.evaluation.suppression import THRESHOLD
from domain.definition import Definition, ReferenceValue
from interfaces.cli.evaluate.asking import (
    AsAt,
    KnownAt,
    OfProgramme,
    Read,
    Threshold,
    check_trait,
    journeys_asked,
    meant,
)
from interfaces.cli.evaluate.funnel_screen import draw
from interfaces.cli.evaluate.speaking import InLanguage, Speaker
from interfaces.cli.language import Language
from interfaces.cli.terminal import AsJson, BadInput, answer


def told_funnel(
    programme: OfProgramme,
    of: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="WHAT",
            help="measure:NAME (employment, plans-agreed ...) or what `compare` takes.",
        ),
    ],
    by: Annotated[
        str, typer.Option(metavar="TRAIT", help="Units: organisation, municipality ...")
    ] = "organisation",
    centre: Annotated[
        float | None,
        typer.Option(help="What units are compared with; else what all reach together."),
    ] = None,
    threshold: Threshold = THRESHOLD,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Show units side by side with limits of chance, and against the definition's reference values.

    Of units that do just as well as the centre, 95 % lie within the inner limits, 99.8 % within the
    outer. Outside the inner ones of a reference value is a strength or a weakness.

    JSON: programme, outcome, by, clocks (as_at, known_at, claimed), kind (share, rate, mean,
    median), size, value (of all together), missing (journeys of which it is not known), centre,
    threshold, units (unit, size, value, inner, outer: least and greatest within chance, null: any;
    stands: far-below, below, within-chance, above, far-above), withheld (units), references (unit,
    null: all; id, level, reference, basis, assumed, value, inner, verdict: strength, weakness,
    within-chance).
    """
    check_trait("--by", by)
    what = meant("--outcome", of, outcome)
    if centre is not None and (centre < 0 or (what.kind is Kind.SHARE and centre > 1)):
        raise BadInput(f"--centre: {centre:g} is not possible: a share lies between 0 and 1")
    asked = journeys_asked(programme, as_at, known_at)
    units, missing = _units(asked, what, by)
    found = side_by_side(
        what.kind,
        units,
        better=what.better,
        centre=centre,
        references=_references(asked.definition, what),
        threshold=threshold,
    )
    value = {
        "programme": programme,
        "outcome": of,
        "by": by,
        "clocks": asked.clocks,
        "missing": missing,
        **_keys(found),
    }
    answer(as_json, value, lambda to: draw(Speaker(to, language), found, value))


def _units(asked: Read, what: Outcome, by: str) -> tuple[dict[str, list[float]], int]:
    """Return the values of each unit, and of how many journeys the value or the unit is not known.

    A journey that does not count (it has not ended, where ends are counted) is neither.
    """
    units: dict[str, list[float]] = {}
    missing = 0
    for unit, one in grouped(asked.journeys, by):
        values = what.values(one, asked.day)
        if values is None or (values and unit is None):
            missing += 1
        elif unit is not None:
            units.setdefault(unit, []).extend(values)
    return units, missing


def _references(definition: Definition | None, what: Outcome) -> list[ReferenceValue]:
    """Return the reference values of a measure; one of a count is not one of each client."""
    form, _, name = what.name.partition(":")
    if definition is None or form != "measure" or what.kind is Kind.RATE:
        return []
    return [one for one in definition.reference_values if one.measure == name]


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
