"""`polku evaluate compare`: two groups of journeys by what came of them."""

from typing import Annotated

import typer

from application.evaluation.suppression import THRESHOLD
from domain.wording import said
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.evaluate.asking import OfProgramme, Threshold, journeys_of, reading
from interfaces.cli.evaluate.compare_screen import draw
from interfaces.cli.language import Language
from interfaces.cli.speaking import InLanguage, Speaker, tongue_of
from interfaces.cli.terminal import AsJson, BadInput, answer, day_of
from interfaces.evaluations.compare import ComparisonAsked, compare


def told_comparison(  # noqa: PLR0913, PLR0917 - an option each
    programme: OfProgramme,
    of: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="WHAT",
            help="A share: EVENT, EVENT:CODE, within:DAYS:EVENT. A mean: days:EVENT..EVENT, "
            "answer:QUESTION, change:QUESTION..QUESTION. Or measure:NAME.",
        ),
    ],
    treated: Annotated[
        str | None,
        typer.Option(metavar="EVENT", help="Those to whom this happened, against the others."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Those who began on this day or later, against before."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="TRAIT=VALUE[..VALUE]",
            help="Those with one value against those with the other, or all others: "
            "gender=female..male.",
        ),
    ] = None,
    standardise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TRAIT",
            help="Even out: age, education, unemployment ...; as often as needed.",
        ),
    ] = None,
    threshold: Threshold = THRESHOLD,
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Compare two groups of journeys by what came of them, with limits, and say what it proves not.

    JSON: programme, outcome, clocks (as_at, known_at, claimed), unseen (events with a code that no
    entry is), is_share, sides (name, known, missing, estimate: value, low, high), difference (the
    first's less the second's: value, low, high), strata_by, standardised (means, difference,
    compared, strata: categories, counts, means, weight, left_out), withheld, threshold, cautions,
    ungrouped (journeys in neither group, since it is not known in which; null: withheld). Strata
    that are withheld are evened out as one.
    """
    if sum(x is not None for x in (treated, since, by)) != 1:
        raise BadInput(
            said("say one of --treated, --since and --by: it tells the two groups apart")
        )
    asked = ComparisonAsked(
        journeys_of(programme, as_at, known_at),
        of,
        treated,
        day_of(since, "--since"),
        by,
        tuple(standardise or ()),
        threshold,
    )
    with reading() as source:
        found, value = compare(source, asked)
    answer(
        as_json, value, lambda to: draw(Speaker(to, language), found, value), tongue_of(language)
    )
