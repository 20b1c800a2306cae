"""`polku evaluate survival`: how long it takes from one event to another, group by group."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from application.evaluation.curves import Curves, curves
from application.evaluation.followed import grouped
from application.evaluation.happenings import happening
from application.evaluation.spells import Span, stay_of
from application.evaluation.suppression import THRESHOLD
from application.evaluation.survival import Stay
from interfaces.cli.evaluate.asking import (
    AsAt,
    KnownAt,
    OfProgramme,
    Read,
    Threshold,
    check_trait,
    journeys_asked,
    meant,
)
from interfaces.cli.evaluate.speaking import InLanguage, Speaker
from interfaces.cli.evaluate.survival_screen import draw
from interfaces.cli.language import Language
from interfaces.cli.terminal import AsJson, BadInput, answer


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
    language: InLanguage = Language.ENGLISH,
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
    check_trait("--by", by)
    ends = [until, *(competing or ())]
    if len(set(ends)) < len(ends):
        raise BadInput("--competing: what ends it is named twice")
    span = _span(begins, until, competing or (), ends_at_closing)
    asked = journeys_asked(programme, as_at, known_at)
    groups = _groups(asked, span, by)
    if not groups:
        raise BadInput(f"--from: no journey of {programme} came to {begins}")
    found = curves(groups, ends, threshold=threshold, mean_until=within)
    value = {"programme": programme, "begins": begins, "ends": ends, **_keys(asked, groups, found)}
    answer(as_json, value, lambda to: draw(Speaker(to, language), found, value))


def _span(begins: str, until: str, competing: Sequence[str], ends_at_closing: bool) -> Span:
    return Span(
        meant("--from", begins, happening),
        meant("--until", until, happening),
        tuple(meant("--competing", one, happening) for one in competing),
        ends_at_closing,
    )


def _groups(asked: Read, span: Span, by: str | None) -> dict[str | None, list[Stay]]:
    """Return the stays of each group, in the order of their names; what is not known comes last."""
    groups: dict[str | None, list[Stay]] = {}
    for group, one in grouped(asked.journeys, by):
        stay = stay_of(one, span, asked.day)
        if stay is not None:
            groups.setdefault(group, []).append(stay)
    return {name: groups[name] for name in sorted(groups, key=lambda x: (x is None, x or ""))}


def _keys(asked: Read, groups: Mapping[str | None, list[Stay]], found: Curves) -> dict[str, Any]:
    begun, threshold = sum(map(len, groups.values())), found.threshold
    return {
        "clocks": asked.clocks,
        "journeys": len(asked.journeys) if len(asked.journeys) - begun >= threshold else None,
        "begun": begun if begun >= threshold else None,
        "threshold": threshold,
        "groups": found.groups,
        "log_rank": found.log_rank,
    }
