"""`polku evaluate funnel`: organisations side by side, and what of it is only chance."""

from typing import Annotated, Any

import typer

from application.evaluation.funnels import Kind
from application.evaluation.side_by_side import SideBySide
from application.evaluation.suppression import THRESHOLD
from interfaces.cli.evaluate.asking import (
    AsAt,
    KnownAt,
    OfProgramme,
    Threshold,
    clocks_of,
    reading,
    say_moment,
)
from interfaces.cli.terminal import AsJson, Screen, answer, table
from interfaces.evaluations.funnel import FunnelAsked, funnel
from interfaces.evaluations.reading import OfJourneys


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
    of_journeys = OfJourneys(programme, *clocks_of(as_at, known_at))
    asked = FunnelAsked(of_journeys, of, by, centre, threshold)
    with reading() as (office, advance):
        found, value = funnel(office, asked, advance)
    answer(as_json, value, lambda to: _draw(to, found, value))


def _draw(to: Screen, found: SideBySide, value: dict[str, Any]) -> None:
    to.print(f"{value['outcome']} by {value['by']}: {found.kind}.")
    say_moment(to, value["clocks"], found.threshold)
    if found.funnel is None:
        to.print(
            "Too few are counted: all is withheld." if found.withheld else "Nobody is counted."
        )
        return
    show = _share if found.kind is Kind.SHARE else _plainly
    to.print(f"All together {show(found.value)} of {found.size:,}; centre {show(value['centre'])}.")
    heads = ["Size", "Figure", "95 % within", "99.8 % within"]
    drawn = table(None, ("Unit", "wrap"), *((x, "right") for x in heads), ("Stands", "wrap"))
    for one in value["units"]:
        limits = (_two(one[name], show) for name in ("inner", "outer"))
        drawn.add_row(
            one["unit"], f"{one['size']:,}", show(one["value"]), *limits, str(one["stands"])
        )
    for unit in found.withheld:
        drawn.add_row(unit, "withheld", "", "", "", "")
    to.print(drawn)
    _draw_references(to, value["references"], show)


def _draw_references(to: Screen, references: list[dict[str, Any]], show: Any) -> None:
    if not references:
        return
    drawn = table(
        None,
        ("Unit", "wrap"),
        "Level",
        ("Reference", "right"),
        ("Figure", "right"),
        ("Verdict", "wrap"),
        ("Basis", "wrap"),
    )
    for one in references:
        assumed = " (assumed)" if one["assumed"] else ""
        drawn.add_row(
            one["unit"] or "all",
            one["level"],
            show(one["reference"]),
            show(one["value"]),
            str(one["verdict"]),
            one["basis"] + assumed,
        )
    to.print(drawn)


def _two(limits: list[float | None], show: Any) -> str:
    return " to ".join("any" if x is None else show(x) for x in limits)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _plainly(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"
