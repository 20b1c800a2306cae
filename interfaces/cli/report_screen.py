"""How a report is drawn for a person, and what came of computing one again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from domain.entry import event_name
from domain.wording import written
from interfaces.cli.terminal import Screen, so_many, table

if TYPE_CHECKING:
    from application.evaluation.opening import Behind
    from application.evaluation.report import Figure, Report, Table
    from application.evaluation.restating import Restatement
    from application.evaluation.since import Cause, Changed
    from application.evaluation.verifying import Compared, Verified

SUPPRESSED = "·"
"""Stands for a small number that is not shown."""


def draw_report(to: Screen, report: Report) -> None:
    """Draw each indicator with its groups, and what the report stands on."""
    if report.settings:
        to.print(f"With {settings_of(report)}.")
    drawn = table(
        f"{report.title.en}, {report.as_at}",
        ("Indicator", "wrap"),
        ("Group", "wrap"),
        ("Value", "right"),
        ("Of", "right"),
        ("Missing", "right"),
        ("Target", "right"),
    )
    for one in report.tables:
        for figure in one.figures:
            title = one.title.en if not one.by else ""
            drawn.add_row(
                title,
                group_of(one, figure.key),
                value_of(figure, one.measure),
                number(figure.counted),
                number(figure.missing),
                value(figure.target, one.measure) if figure.target is not None else "",
            )
    to.print(drawn)
    for note in report.notes:
        to.print(note)
    if any(figure.suppressed for one in report.tables for figure in one.figures):
        to.print(f"{SUPPRESSED} is a small number that is not shown.")
    to.print(standing(report), style="dim")


def standing(report: Report) -> str:
    """Say what a report stands on."""
    known = f", as known at {report.known_at.isoformat()}" if report.known_at else ""
    root = f", ledger root {report.root}" if report.root else ""
    return (
        f"As at {report.as_at}{known}; position {report.position}{root}; definition version "
        f"{report.definition_version} ({report.definition_digest[:12]}), indicators "
        f"{report.indicators_digest[:12]}; Polku {report.polku_version}."
    )


def settings_of(report: Report) -> str:
    """Say with which numbers the indicators' files were asked, as --set takes them."""
    return ", ".join(f"{name}={written(number)}" for name, number in report.settings.items())


def group_of(of: Table, key: Iterable[str | None]) -> str:
    """Say which group it is."""
    words = [
        f"{name}: {'not known' if word is None else word}"
        for name, word in zip(of.by, key, strict=True)
    ]
    return ", ".join(words) or "all"


def value_of(figure: Figure, measure: str) -> str:
    """Say a figure's value."""
    return SUPPRESSED if figure.suppressed else value(figure.value, measure)


def value(said: float | None, measure: str) -> str:
    """Say a value in the unit of its measure."""
    if said is None:
        return "-"
    if measure == "share":
        return f"{said:.1%}"
    return f"{said:,}" if isinstance(said, int) else f"{said:,.2f}".removesuffix(".00")


def number(said: int | None) -> str:
    """Say how many."""
    return SUPPRESSED if said is None else f"{said:,}"


def draw_verified(to: Screen, given: Report, found: Verified) -> None:
    """Draw whether each figure agrees."""
    for note in (*found.notes, *found.differences):
        to.print(note)
    differing = [one for one in found.figures if not one.agrees]
    if differing:
        to.print(_side_by_side(given, differing, "Reported", "Computed again"))
    agreeing = so_many(len(found.figures) - len(differing), "figure")
    to.print(f"{agreeing} of {len(found.figures):,} agree, at position {given.position}.")


def draw_restated(to: Screen, found: Restatement) -> None:
    """Draw each figure that differs, then and now, and the entries that make the difference."""
    if not found.changed:
        to.print(f"Nothing would be reported otherwise for {found.then.as_at}.")
        return
    figures = [one.figure for one in found.changed]
    to.print(_side_by_side(found.then, figures, "Then", "Now", [*map(_by, found.changed)]))
    causes = dict.fromkeys(cause for one in found.changed for cause in one.causes)
    drawn = table(
        "Entries that make the difference",
        ("Position", "right"),
        ("Entry", "wrap"),
        "What",
        "How",
        "Happened",
        "Recorded (UTC)",
    )
    for cause in sorted(causes, key=lambda one: one.position):
        drawn.add_row(
            str(cause.position),
            f"{cause.stream} {cause.version}",
            cause.event,
            _how(cause),
            str(cause.occurred_on),
            cause.recorded_at.strftime("%Y-%m-%d %H:%M"),
        )
    if causes:
        to.print(drawn)
    if unexplained := sum(not one.explained for one in found.changed):
        to.print(
            f"{so_many(unexplained, 'figure')} would not be as reported without these entries: "
            "something else makes the difference, or more than these. --verify says whether the "
            "report stands."
        )
    if any(one.broken_off for one in found.changed):
        to.print("Where it says so, fewer entries may do: not all was tried, to answer in time.")


def _by(changed: Changed) -> str:
    """Say by which entries a figure differs: which do so together, and which each for the other."""
    if not changed.causes:
        return "none recorded since"
    groups = [" with ".join(map(str, some)) for some in changed.together]
    groups += [" or ".join(map(str, some)) for some in changed.instead]
    named = {position for some in (*changed.together, *changed.instead) for position in some}
    alone = [str(x.position) for x in changed.causes if x.position not in named]
    more = "" if changed.explained else ", and something else"
    return "; ".join([*alone, *groups]) + more + (", or fewer" if changed.broken_off else "")


def _how(cause: Cause) -> str:
    return cause.how if cause.of is None else f"{cause.how} entry {cause.of}"


def _side_by_side(
    given: Report, figures: Sequence[Compared], one: str, other: str, why: Sequence[str] = ()
) -> object:
    of = {(t.indicator, t.by): t for t in given.tables}
    columns = [("Indicator", "wrap"), ("Group", "wrap"), (one, "right"), (other, "right")]
    drawn = table(None, *columns, *([("By the entries at", "wrap")] if why else []))
    for place, figure in enumerate(figures):
        told = of.get((figure.indicator, figure.by))
        group = group_of(told, figure.key) if told else "new"
        measure = told.measure if told else "count"
        drawn.add_row(
            figure.indicator,
            group,
            _said(figure.reported, measure),
            _said(figure.again, measure),
            *why[place : place + 1],
        )
    return drawn


def _said(figure: Figure | None, measure: str) -> str:
    if figure is None:
        return "not there"
    target = "" if figure.target is None else f", target {value(figure.target, measure)}"
    of = number(figure.counted), number(figure.missing)
    return f"{value_of(figure, measure)} (of {of[0]}, missing {of[1]}{target})"


def draw_opened(to: Screen, found: Iterable[Behind]) -> None:
    """Draw the journeys behind a figure, and the entries behind each; say where there is none."""
    told = [*found]
    if not told:
        to.print("No journey counts there: a group is named by its value in the report's --json.")
    for one in told:
        known = {True: "counts", False: "does not count", None: "not known whether it counts"}
        what = "" if one.has in {True, None} and one.counts is None else f", {one.has}"
        to.print(f"{one.journey}: {known[one.counts]}{what}", style="bold")
        drawn = table(None, ("#", "right"), ("Position", "right"), "Happened", "Recorded", "What")
        for entry in one.entries:
            drawn.add_row(
                str(entry.version),
                str(entry.position),
                str(entry.occurred_on),
                entry.recorded_at.strftime("%Y-%m-%d %H:%M"),
                event_name(type(entry.event)),
            )
        to.print(drawn)
