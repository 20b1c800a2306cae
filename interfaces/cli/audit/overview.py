"""`polku audit overview`: overrides, openings, late recording, corrections, missed deadlines."""

from typing import Annotated, Any

import typer

from application.audit.overviews import (
    Found,
    Overview,
    OverviewKind,
    Window,
    beside_found,
    overview,
)
from application.audit.spread import Distribution
from application.scope import Purpose
from interfaces import bootstrap
from interfaces.cli.noting import note_reading
from interfaces.cli.terminal import AsJson, Screen, answer, day_of, plain, progress, table


def told_overview(
    kind: Annotated[OverviewKind, typer.Argument(help="What is looked for.")],
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="From this day (UTC) of the recording, or deadline, on."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Up to this day (UTC), included.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many entries are shown at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show how what an auditor looks for is spread over all journeys, and the first entries.

    It is counted as it was recorded; what was retracted since is counted too.

    JSON: kind, since, until, distributions (the first in all, then by organisation): organisation,
    found, among, what (how many by code), days (least, median, ninety, ninety_nine, most: between
    the two clocks, or by which deadlines were missed; null for the other kinds); entries: stream,
    entry, position, on, recorded_at, person, organisation, what, days, reason.
    """
    window = Window(day_of(since, "--since"), day_of(until, "--until"))
    with bootstrap.open_office() as office, progress("Reading the log") as advance:
        found = overview(office, kind, window, first=limit, on_progress=advance)
        read = ((None, one.journey) for one in found.entries)
        beside = beside_found(office, kind, found.entries)
        note_reading(office, "audit-overviews", (*read, *beside), Purpose.AUDIT)
    value = {
        "kind": kind,
        "since": window.since,
        "until": window.until,
        "distributions": found.distributions,
        "entries": [_keys(one) for one in found.entries],
    }
    answer(as_json, value, lambda to: _draw(to, found))


def _keys(one: Found) -> dict[str, Any]:
    told: dict[str, Any] = plain(one)
    del told["after"]
    return {**told, "person": told.pop("by")["person"]}


def _draw(to: Screen, found: Overview) -> None:
    drawn = table(
        None,
        ("Organisation", "wrap"),
        ("Found", "right"),
        ("Among", "right"),
        *((name, "right") for name in ("Least", "Median", "90 %", "99 %", "Most")),
        ("What", "wrap"),
    )
    for one in found.distributions:
        days = [str(x) for x in one.days] if one.days else [""] * 5
        drawn.add_row(
            one.organisation or "all", f"{one.found:,}", f"{one.among:,}", *days, _what(one)
        )
    to.print(drawn)
    entries = table(
        None,
        ("Entry", "wrap"),
        "On",
        "Recorded (UTC)",
        ("By", "wrap"),
        ("Days", "right"),
        ("What", "wrap"),
    )
    for x in found.entries:
        entries.add_row(
            f"{x.stream} {x.entry}",
            str(x.on),
            x.recorded_at.strftime("%Y-%m-%d %H:%M"),
            f"{x.by.person} ({x.by.organisation})",
            "" if x.days is None else str(x.days),
            ": ".join(text for text in (", ".join(x.what), x.reason) if text),
        )
    if found.entries:
        to.print(entries)


def _what(one: Distribution) -> str:
    return ", ".join(f"{code} {count}" for code, count in one.what.items())
