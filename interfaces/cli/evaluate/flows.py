"""`polku evaluate flows`: into and out of long unemployment, and what is to be expected."""

from typing import Annotated

import typer

from application.evaluation.flows import MONTHS, Flows
from interfaces import bootstrap
from interfaces.cli.evaluate.asking import clocks_of
from interfaces.cli.evaluate.programme_asked import AsAt, KnownAt, Programme
from interfaces.cli.terminal import AsJson, Screen, answer, progress, table
from interfaces.evaluations.flows import FlowsAsked, flowing
from interfaces.evaluations.reading import OfJourneys


def told_flows(
    programme: Programme,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    months: Annotated[
        int, typer.Option(min=1, max=120, help="From how many months on a spell is structural.")
    ] = MONTHS,
    as_json: AsJson = False,
) -> None:
    """Count flows into and out of structural unemployment, and project the coming year's inflow.

    The projection takes the year to be like the last twelve full months (quasi-Poisson, 95 %).
    Counted are people who were referred.

    JSON: programme, as_at, known_at, months, flows (month, inflow, outflow, stock at its end),
    lengths (ended, lower, median, upper: days of spells that ended; lasting), projection (since,
    expected, least, most, dispersion, on_the_way; null without twelve full months).
    """
    asked = FlowsAsked(OfJourneys(programme, *clocks_of(as_at, known_at)), months)
    with bootstrap.open_office() as office, progress("Reading journeys") as advance:
        found, value = flowing(office, asked, advance)
    answer(as_json, value, lambda to: _draw(to, found))


def _draw(to: Screen, found: Flows) -> None:
    drawn = table(None, "Month", *((name, "right") for name in ("In", "Out", "At its end")))
    for one in found.months:
        drawn.add_row(
            f"{one.month:%Y-%m}", *(f"{n:,}" for n in (one.inflow, one.outflow, one.stock))
        )
    to.print(drawn)
    told = found.lengths
    if told.median is not None:
        to.print(
            f"Spells that ended: {told.ended:,}, half of them within {told.median:,.0f} days (a "
            f"quarter within {told.lower:,.0f}, three within {told.upper:,.0f}); "
            f"{told.lasting:,} last",
            soft_wrap=True,
        )
    coming = found.projection
    if coming is None:
        to.print("There are not twelve full months to project from.")
        return
    to.print(
        f"In the twelve months from {coming.since} on, {coming.expected:,.0f} are expected to flow "
        f"in (95 %: {coming.least:,.0f} to {coming.most:,.0f}), if they are like the last twelve; "
        f"of those known, {coming.on_the_way:,} would reach it if their spells went on",
        soft_wrap=True,
    )
