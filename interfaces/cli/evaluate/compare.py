"""`polku evaluate compare`: two groups of journeys by what came of them."""

from typing import Annotated, Any

import typer

from application.evaluation.comparison import Comparison
from application.evaluation.differences import Estimate
from application.evaluation.standardising import Stratum
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
from interfaces.cli.terminal import AsJson, BadInput, Screen, answer, day_of, table
from interfaces.evaluations.compare import ComparisonAsked, compare
from interfaces.evaluations.reading import OfJourneys


def told_comparison(
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
            help="Those with one value against those with the other, or all others: gender=f..m.",
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
    as_at: AsAt = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Compare two groups of journeys by what came of them, with limits, and say what it proves not.

    JSON: programme, outcome, clocks (as_at, known_at, claimed), is_share, sides (name, known,
    missing, estimate: value, low, high), difference (the first's less the second's: value, low,
    high), strata_by, standardised (means, difference, compared, strata: categories, counts, means,
    weight, left_out), withheld, threshold, cautions.
    """
    if sum(x is not None for x in (treated, since, by)) != 1:
        raise BadInput("say one of --treated, --since and --by: it tells the two groups apart")
    asked = ComparisonAsked(
        OfJourneys(programme, *clocks_of(as_at, known_at)),
        of,
        treated,
        day_of(since, "--since"),
        by,
        tuple(standardise or ()),
        threshold,
    )
    with reading() as (office, advance):
        found, value = compare(office, asked, advance)
    answer(as_json, value, lambda to: _draw(to, found, value))


def _draw(to: Screen, found: Comparison, value: dict[str, Any]) -> None:
    to.print(f"{value['outcome']}: {'share' if found.is_share else 'mean'}, limits of 95 %.")
    say_moment(to, value["clocks"], found.threshold)
    right = ["Known", "Not known", "Share" if found.is_share else "Mean", "From", "To"]
    drawn = table(None, ("Group", "wrap"), *((name, "right") for name in right))
    for side in found.sides:
        known = "withheld" if side.known is None else f"{side.known:,}"
        drawn.add_row(side.name, known, f"{side.missing:,}", *_three(side.estimate, found))
    drawn.add_row("difference", "", "", *_three(found.difference, found))
    alike = found.standardised
    if alike is not None:
        drawn.add_row("difference, standardised", "", "", *_three(alike.difference, found))
    to.print(drawn)
    if alike is not None:
        _draw_strata(to, alike.strata, found)
    for caution in found.cautions:
        to.print(caution)


def _draw_strata(to: Screen, strata: tuple[Stratum, ...], found: Comparison) -> None:
    right = ["First", "Second", "First's", "Second's", "Weight"]
    drawn = table(
        None,
        (", ".join(found.strata_by), "wrap"),
        *((name, "right") for name in right),
        ("Left out", "wrap"),
    )
    for one in strata:
        drawn.add_row(
            ", ".join("not known" if x is None else x for x in one.categories),
            *(("", "") if one.counts is None else (f"{x:,}" for x in one.counts)),
            *("" if x is None else _number(x, found) for x in one.means),
            "" if one.weight is None else f"{one.weight:.3f}",
            one.left_out,
        )
    to.print(drawn)


def _three(estimate: Estimate | None, found: Comparison) -> list[str]:
    if estimate is None:
        return ["", "", ""]
    three = (estimate.value, estimate.low, estimate.high)
    return ["" if x is None else _number(x, found) for x in three]


def _number(number: float, found: Comparison) -> str:
    return f"{number:.1%}" if found.is_share else f"{number:,.2f}"
