"""`polku evaluate funnel`: organisations side by side, and what of it is only chance."""

from typing import Annotated

import typer

from application.evaluation.suppression import THRESHOLD
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.evaluate.asking import OfProgramme, Threshold, called, journeys_of, reading
from interfaces.cli.evaluate.funnel_screen import draw
from interfaces.cli.language import Language
from interfaces.cli.speaking import InLanguage, Speaker, tongue_of
from interfaces.cli.terminal import AsJson, answer
from interfaces.evaluations.funnel import FunnelAsked, funnel


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
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Show units side by side with limits of chance, and against the definition's reference values.

    Of units that do just as well as the centre, 95 % lie within the inner limits, 99.8 % within the
    outer. Outside the inner ones of a reference value is a strength or a weakness.

    JSON: programme, outcome, by, clocks (as_at, known_at, claimed), kind (share, rate, mean,
    median), size (null: withheld, as all is then), value (of all together), missing (journeys of
    which it is not known), unseen (events with a code that no entry is), centre, threshold, units
    (unit, size, value, inner, outer: least and greatest within chance, null: any; stands:
    far-below, below, within-chance, above, far-above), withheld (units), references (unit, null:
    all; id, level, reference, basis, assumed, value, inner, verdict: strength, weakness,
    within-chance).
    """
    asked = FunnelAsked(journeys_of(programme, as_at, known_at), of, by, centre, threshold)
    with reading() as source:
        found, value = funnel(source, asked)
        units = [*(one["unit"] for one in value["units"]), *found.withheld]
        names = called(source, programme, by, units)
    answer(
        as_json,
        value,
        lambda to: draw(Speaker(to, language, names), found, value),
        tongue_of(language),
    )
