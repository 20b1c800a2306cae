"""`polku evaluate survival`: how long it takes from one event to another, group by group."""

from typing import Annotated

import typer

from application.evaluation.suppression import THRESHOLD
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.evaluate.asking import OfProgramme, Threshold, called, journeys_of, reading
from interfaces.cli.evaluate.survival_screen import draw
from interfaces.cli.language import Language
from interfaces.cli.speaking import InLanguage, Speaker, tongue_of
from interfaces.cli.terminal import AsJson, answer
from interfaces.evaluations.survival import SurvivalAsked, survival


def told_survival(  # noqa: PLR0913, PLR0917 - an option each
    programme: OfProgramme,
    begins: Annotated[
        str, typer.Option("--from", metavar="EVENT", help="What begins it: referral-accepted ...")
    ],
    until: Annotated[
        str,
        typer.Option(
            metavar="EVENT", help="What ends it: placement-started, journey-closed:employment ..."
        ),
    ],
    competing: Annotated[
        list[str] | None,
        typer.Option(metavar="EVENT", help="What can come first instead; as often as needed."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="TRAIT", help="Groups: organisation, gender, age, education ..."),
    ] = None,
    ends_at_closing: Annotated[
        bool,
        typer.Option(
            "--closing-ends", help="Nobody is followed beyond the closing of the journey."
        ),
    ] = False,
    within: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=100_000,
            metavar="DAYS",
            help="Means are of so many days; else of all followed.",
        ),
    ] = None,
    threshold: Threshold = THRESHOLD,
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Show how long it takes from an event to another: Kaplan-Meier, and Aalen-Johansen.

    Each journey counts from the first day of the one to the first day, from then on, of the other;
    of the same event, to the next time. What has not come by the day asked about is censored. An
    event may have a code behind a colon.

    JSON: programme, begins, ends (the awaited first, then the competing), clocks (as_at, known_at,
    claimed), journeys, begun, threshold, unseen (events with a code that no entry is), groups (all
    together first): name, withheld, stays, ended (how many by each of ends), censored, median
    (days, low, high: until any of ends; under a threshold the last of the days taken together),
    mean (until, days, variance), curve (days, at_risk, ended, censored, share not ended yet, low,
    high: limits of 95 % for each day), incidence (by each of ends: days, share, low, high; null
    where nothing competes); log_rank (observed, expected, statistic, freedom, probability; null for
    one group, and where all days are taken together). Under a threshold all figures are reckoned of
    the rows of days taken together, by the life table: those censored in a row are at risk for half
    of it.
    """
    asked = SurvivalAsked(
        journeys_of(programme, as_at, known_at),
        begins,
        until,
        tuple(competing or ()),
        by,
        ends_at_closing,
        within,
        threshold,
    )
    with reading() as source:
        found, value = survival(source, asked)
        groups = [one.name for one in found.groups if one.name and by]
        names = called(source, programme, by or "", groups)
    answer(
        as_json,
        value,
        lambda to: draw(Speaker(to, language, names), found, value),
        tongue_of(language),
    )
