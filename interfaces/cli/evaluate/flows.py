"""`polku evaluate flows`: into and out of long unemployment, and what is to be expected."""

from typing import Annotated

import typer

from application.evaluation.flows import MONTHS
from application.evaluation.flows_shown import FlowsShown, LengthsShown, ProjectionShown
from application.evaluation.suppression import THRESHOLD
from domain.wording import said
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.evaluate.asking import OfProgramme, Threshold, journeys_of, reading
from interfaces.cli.language import Language
from interfaces.cli.speaking import InLanguage, Speaker, say_withheld, tongue_of
from interfaces.cli.terminal import AsJson, answer
from interfaces.evaluations.flows import FlowsAsked, flowing


def told_flows(
    programme: OfProgramme,
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    months: Annotated[
        int, typer.Option(min=1, max=120, help="From how many months on a spell is structural.")
    ] = MONTHS,
    threshold: Threshold = THRESHOLD,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Count flows into and out of structural unemployment, and project the coming year's inflow.

    The projection takes the year to be like the last twelve full months (quasi-Poisson, 95 %).
    Counted are people who were referred.

    JSON: programme, as_at, known_at, months, threshold, flows (month, inflow, outflow, stock at its
    end), lengths (ended, lower, median, upper: days of spells that ended; lasting), projection
    (since, expected, least, most, dispersion, on_the_way; null without twelve full months). A
    number that is withheld is null.
    """
    asked = FlowsAsked(journeys_of(programme, as_at, known_at), months, threshold)
    with reading() as source:
        found, value = flowing(source, asked)
    answer(as_json, value, lambda to: _draw(Speaker(to, language), found), tongue_of(language))


def _draw(speaker: Speaker, found: FlowsShown) -> None:
    drawn = speaker.table(
        said("Month"), (said("In"), "right"), (said("Out"), "right"), (said("At its end"), "right")
    )
    for one in found.months:
        counts = map(speaker.number, (one.inflow, one.outflow, one.stock))
        drawn.add_row(f"{one.month:%Y-%m}", *counts)
    speaker.show(drawn)
    speaker.line(
        said(
            "A spell whose end nobody recorded is taken to last until the person is known to work."
        )
    )
    _say_lengths(speaker, found.lengths)
    _say_coming(speaker, found.projection)
    say_withheld(speaker, found.threshold)


def _say_lengths(speaker: Speaker, told: LengthsShown) -> None:
    if told.ended != 0:
        speaker.line(
            said(
                "Spells that ended: {ended}, half of them within {median} days (a quarter within "
                "{lower}, three within {upper}); {lasting} last",
                ended=speaker.number(told.ended),
                median=speaker.number(told.median),
                lower=speaker.number(told.lower),
                upper=speaker.number(told.upper),
                lasting=speaker.number(told.lasting),
            )
        )


def _say_coming(speaker: Speaker, coming: ProjectionShown | None) -> None:
    if coming is None:
        speaker.line(said("There are not twelve full months to project from."))
        return
    speaker.line(
        said(
            "In the twelve months from {day} on, {expected} are expected to flow in (95 %: {least} "
            "to {most}), if they are like the last twelve; of those known who had not reached it, "
            "{on_the_way} would in these months if their spells went on",
            day=speaker.day(coming.since),
            expected=speaker.number(coming.expected),
            least=speaker.number(coming.least),
            most=speaker.number(coming.most),
            on_the_way=speaker.number(coming.on_the_way),
        )
    )
