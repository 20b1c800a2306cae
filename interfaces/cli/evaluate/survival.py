"""`polku evaluate survival`: how long it takes from one event to another, group by group."""

from typing import Annotated, Any

import typer

from application.evaluation.curves import Curves, Group
from application.evaluation.suppression import THRESHOLD
from application.evaluation.survival import Median
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
from interfaces.evaluations.reading import OfJourneys
from interfaces.evaluations.survival import SurvivalAsked, survival

AFTER = (30, 90, 180, 365)
"""Days after which a person is shown how many have not come to it."""


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
            "--closing-ends", help="Who closed otherwise is followed no longer than that."
        ),
    ] = False,
    within: Annotated[
        float | None,
        typer.Option(
            min=1, metavar="DAYS", help="Means are of so many days; else of all followed."
        ),
    ] = None,
    threshold: Threshold = THRESHOLD,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show how long it takes from an event to another: Kaplan-Meier, and Aalen-Johansen.

    Each journey counts from the first day of the one to the first day, from then on, of the other.
    What has not come by the day asked about is censored. An event may have a code behind a colon.

    JSON: programme, begins, ends (the awaited first, then the competing), clocks (as_at, known_at,
    claimed), journeys, begun, threshold, groups (all together first): name, withheld, stays, ended
    (how many by each of ends), censored, median (days, low, high: until any of ends), mean (until,
    days, variance), curve (days, at_risk, ended, censored, share not ended yet, low, high: limits
    of 95 % for each day), incidence (by each of ends: days, share, low, high; null where nothing
    competes); log_rank (observed, expected, statistic, freedom, probability; null for one group).
    """
    asked = SurvivalAsked(
        OfJourneys(programme, *clocks_of(as_at, known_at)),
        begins,
        until,
        tuple(competing or ()),
        by,
        ends_at_closing,
        within,
        threshold,
    )
    with reading() as (office, advance):
        found, value = survival(office, asked, advance)
    answer(as_json, value, lambda to: _draw(to, found, value))


def _draw(to: Screen, found: Curves, value: dict[str, Any]) -> None:
    to.print(f"From {value['begins']} until {found.ends[0]}, in days.")
    say_moment(to, value["clocks"], found.threshold)
    right = ["Begun", *found.ends, "Censored", "Half after", "Mean"]
    after = [f"Not yet at {days}" for days in AFTER]
    drawn = table(None, ("Group", "wrap"), *((name, "right") for name in [*right, *after]))
    for group in found.groups:
        drawn.add_row(*_row(group, len(right) + len(after), together=found.threshold > 1))
    to.print(drawn)
    for group in found.groups:
        for what, reached in (group.incidence or {}).items():
            if reached:
                last = reached[-1]
                to.print(
                    f"{group.name or 'not known'}: {what} came first to {last.share:.1%} within "
                    f"{last.days:g} days ({last.low:.1%} to {last.high:.1%})"
                )
    test = found.log_rank
    if test is not None and test.freedom:
        to.print(
            f"Log-rank of {found.ends[0]}: chi squared {test.statistic:.2f} with {test.freedom} "
            f"degrees of freedom, p = {test.probability:.3g}"
        )


def _row(group: Group, columns: int, *, together: bool) -> list[str]:
    name = "not known" if group.name is None else group.name
    if group.withheld or group.stays == 0:
        return [name, "withheld" if group.withheld else "0", *[""] * (columns - 1)]
    ended = [f"{number:,}" for number in (group.ended or {}).values()]
    mean = f"{group.mean.days:.1f} of {group.mean.until:g}" if group.mean else ""
    return [
        name,
        f"{group.stays:,}",
        *ended,
        f"{group.censored:,}",
        _half(group.median),
        mean,
        *(_not_yet(group, days, together=together) for days in AFTER),
    ]


def _half(found: Median | None) -> str:
    if found is None or found.days is None:
        return "not reached"
    low, high = ("?" if x is None else f"{x:g}" for x in (found.low, found.high))
    return f"{found.days:g} ({low}-{high})"


def _not_yet(group: Group, days: int, *, together: bool) -> str:
    if not group.curve or (group.curve[-1].days < days and group.curve[-1].share > 0):
        return ""
    rows = [row for row in group.curve if row.days <= days]
    share, told_on = (rows[-1].share, rows[-1].days) if rows else (1.0, 0.0)
    # Where days are taken together, what came between the last one told and this is not told.
    return f"{'≤ ' if together and told_on < days else ''}{share:.1%}"
