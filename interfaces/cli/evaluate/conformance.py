"""`polku evaluate conformance`: whether journeys went as the definition's pathway has it."""

from typing import Annotated

import typer

from application.evaluation.suppression import THRESHOLD
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.evaluate.asking import called, journeys_of, reading
from interfaces.cli.evaluate.conformance_screen import draw
from interfaces.cli.language import Language
from interfaces.cli.speaking import InLanguage, Speaker, tongue_of
from interfaces.cli.terminal import AsJson, answer
from interfaces.evaluations.conformance import ConformanceAsked, conforming


def told_conformance(
    programme: Annotated[str, typer.Option(help="The programme, by its code.")],
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    journeys: Annotated[
        int,
        typer.Option(
            min=0, help="How many of the journeys that deviate are named; needs --threshold 0."
        ),
    ] = 0,
    threshold: Annotated[
        int, typer.Option(min=0, help="Numbers of fewer persons are withheld; 0 shows all.")
    ] = THRESHOLD,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Show which steps of the pathway were left out, taken out of order or too late.

    Phases are asked in the order of the definition, the requirements of each on the day it was
    entered, and deadlines by their last day in time.

    JSON: programme, as_at, known_at, position (of the log), threshold, journeys, conforming, share
    (of those without any deviation), share_of_steps, untold (under a definition that is not
    published), organisations (organisation, journeys, conforming, share), steps (kind, step, title,
    asked, done, left_out, out_of_order, late, overridden, journeys, share), deviating (journey,
    organisation, deviations: kind, step, outcome, on, entry, days, overridden). A number that is
    withheld is null.
    """
    asked = ConformanceAsked(journeys_of(programme, as_at, known_at), journeys, threshold)
    with reading() as source:
        found, value = conforming(source, asked)
        places = [one.organisation for one in found.organisations if one.organisation]
        names = called(source, programme, "organisation", places)
    answer(
        as_json, value, lambda to: draw(Speaker(to, language, names), found), tongue_of(language)
    )
