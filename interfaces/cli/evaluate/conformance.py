"""`polku evaluate conformance`: whether journeys went as the definition's pathway has it."""

from datetime import date
from typing import Annotated, Any

import typer

from application.evaluation.asking import Moment
from application.evaluation.conformance import Conformance, Taken, Went, conformance
from application.evaluation.conformance_shown import (
    ConformanceShown,
    PlaceShown,
    StepShown,
    shown,
)
from application.evaluation.suppression import THRESHOLD
from application.evaluation.told_journeys import Origin, seen
from application.journeys import Office
from application.views.view import Rules
from interfaces import bootstrap
from interfaces.cli.evaluate.asking import AsAt, KnownAt, clocks_of
from interfaces.cli.evaluate.conformance_screen import draw
from interfaces.cli.evaluate.speaking import InLanguage, Speaker
from interfaces.cli.language import Language
from interfaces.cli.terminal import AsJson, BadInput, answer, plain, progress


def told_conformance(
    programme: Annotated[str, typer.Option(help="The programme, by its code.")],
    as_at: AsAt = None,
    known_at: KnownAt = None,
    journeys: Annotated[
        int,
        typer.Option(
            min=0, help="How many of the journeys that deviate are named; needs --threshold 0."
        ),
    ] = 0,
    threshold: Annotated[
        int, typer.Option(min=0, help="Numbers of fewer journeys are withheld; 0 shows all.")
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
    if journeys and threshold > 1:
        raise BadInput("--journeys: single journeys are small numbers; add --threshold 0")
    with bootstrap.open_office(inline=False) as office:
        office.programmes.check_published(programme)
        day, instant = clocks_of(office, programme, as_at, known_at)
        origin = bootstrap.origin_of(office, programme, Moment(day, instant))
        found = shown(_found(office, origin, day, journeys), threshold)
    value = {
        "programme": programme,
        "as_at": day,
        "known_at": instant,
        "position": origin.position,
        "threshold": threshold,
        **_keys(found),
    }
    answer(as_json, value, lambda to: draw(Speaker(to, language), found))


def _found(office: Office, origin: Origin, day: date, first: int) -> Conformance:
    rules = Rules(office.programmes.definition, office.working_days)
    with progress("Reading the log") as advance:
        cases = bootstrap.whole_journeys(office, origin.position, advance)
        went = seen(cases, origin.moment, origin.programme)
        return conformance(went, rules, day, first=first)


def _keys(found: ConformanceShown) -> dict[str, Any]:
    total = _place_keys(found.total)
    del total["organisation"]
    return {
        **total,
        "share_of_steps": found.share_of_steps,
        "untold": found.untold,
        "organisations": [_place_keys(one) for one in found.organisations],
        "steps": [_step_keys(one) for one in found.steps],
        "deviating": [_went_keys(one) for one in found.deviating],
    }


def _place_keys(one: PlaceShown) -> dict[str, Any]:
    told: dict[str, Any] = plain(one)
    return told


def _step_keys(one: StepShown) -> dict[str, Any]:
    outcomes = {name.value.replace("-", "_"): number for name, number in one.outcomes.items()}
    return {
        "kind": one.step.kind.value,
        "step": one.step.id,
        "title": plain(one.step.title),
        "asked": one.asked,
        **outcomes,
        "overridden": one.overridden,
        "journeys": one.journeys,
        "share": one.share,
    }


def _went_keys(one: Went) -> dict[str, Any]:
    return {
        "journey": one.journey,
        "organisation": one.organisation,
        "deviations": [_taken_keys(x) for x in one.deviations],
    }


def _taken_keys(one: Taken) -> dict[str, Any]:
    told = {name: value for name, value in one._asdict().items() if name != "step"}
    return {"kind": one.step.kind.value, "step": one.step.id, **plain(told)}
