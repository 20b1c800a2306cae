"""`polku evaluate conformance`: whether journeys went as the definition's pathway has it."""

from typing import Annotated

import typer

from application.evaluation.conformance import Conformance, Outcome, Taken
from interfaces import bootstrap
from interfaces.cli.evaluate.asking import clocks_of
from interfaces.cli.export_events import AsAt, KnownAt
from interfaces.cli.terminal import AsJson, Screen, answer, counted, progress, table
from interfaces.evaluations.conformance import ConformanceAsked, Log, conforming, in_order
from interfaces.evaluations.reading import OfJourneys


def told_conformance(
    programme: Annotated[str, typer.Option(help="The programme, by its code.")],
    as_at: AsAt = None,
    known_at: KnownAt = None,
    journeys: Annotated[
        int, typer.Option(min=0, help="How many of the journeys that deviate are named.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Show which steps of the pathway were left out, taken out of order or too late.

    Phases are asked in the order of the definition, the requirements of each on the day it was
    entered, and deadlines by their last day in time.

    JSON: programme, as_at, known_at, position (of the log), journeys, conforming, share (of those
    without any deviation), share_of_steps, untold (under a definition that is not published),
    organisations (organisation, journeys, conforming, share), steps (kind, step, title, asked,
    done, left_out, out_of_order, late, overridden, journeys, share), deviating (journey,
    organisation, deviations: kind, step, outcome, on, entry, days, overridden).
    """
    asked = ConformanceAsked(OfJourneys(programme, *clocks_of(as_at, known_at)), journeys)
    with bootstrap.open_office(inline=False) as office, progress("Reading the log") as advance:
        log = Log(
            lambda at: bootstrap.origin_of(office, at),
            lambda until, told: bootstrap.whole_journeys(office, until, told),
        )
        found, value = conforming(office, log, asked, advance)
    answer(as_json, value, lambda to: _draw(to, found))


def _draw(to: Screen, found: Conformance) -> None:
    total = found.total
    share = "" if total.share is None else f" ({total.share:.1%})"
    to.print(
        f"{total.conforming:,} of {counted(total.journeys, 'journey')}{share} "
        "went in every step as the pathway has it"
    )
    drawn = table(
        None,
        "Kind",
        ("Step", "wrap"),
        *((name, "right") for name in ("Asked", "Left out", "Out of order", "Late")),
        ("Overridden", "right"),
        ("As it should", "right"),
    )
    for one in in_order(found):
        counts = (Outcome.LEFT_OUT, Outcome.OUT_OF_ORDER, Outcome.LATE)
        drawn.add_row(
            one.step.kind.value,
            f"{one.step.title.en} [{one.step.id}]",
            f"{one.asked:,}",
            *(f"{one.outcomes[name]:,}" for name in counts),
            f"{one.overridden:,}",
            f"{one.share:.1%}",
        )
    to.print(drawn)
    _draw_places(to, found)
    for went in found.deviating:
        told = "; ".join(_said(x) for x in went.deviations)
        to.print(f"{went.journey} ({went.organisation}): {told}")
    if found.untold:
        to.print(f"{counted(found.untold, 'journey')} under a definition that is not published")


def _draw_places(to: Screen, found: Conformance) -> None:
    drawn = table(None, ("Organisation", "wrap"), ("Journeys", "right"), ("As it should", "right"))
    for name, count in sorted(found.organisations.items()):
        drawn.add_row(name, f"{count.journeys:,}", f"{count.share or 0:.1%}")
    to.print(drawn)


def _said(one: Taken) -> str:
    days = f" by {counted(one.days, 'day')}" if one.days else ""
    lawful = ", overridden" if one.overridden else ""
    return f"{one.step.id} {one.outcome.value}{days}{lawful} on {one.on}"
