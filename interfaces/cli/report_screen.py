"""How a report is drawn for a person, and the journeys behind a figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from domain.entry import event_name
from domain.wording import Listed, Wording, said, titled, written

if TYPE_CHECKING:
    from application.evaluation.naming import Names
    from application.evaluation.opening import Behind
    from application.evaluation.report import Figure, Report, Table
    from interfaces.cli.speaking import Speaker

SUPPRESSED = "·"
"""Stands for a small number that is not shown."""


def draw_report(speaker: Speaker, report: Report, names: Names | None = None) -> None:
    """Draw each indicator with its groups, and what the report stands on.

    `names` tells what groups are called in other languages than English.
    """
    if report.settings:
        speaker.line(said("With {settings}.", settings=settings_of(report)))
    drawn = speaker.table(
        (said("Indicator"), "wrap"),
        (said("Group"), "wrap"),
        (said("Value"), "right"),
        (said("Of"), "right"),
        (said("Missing"), "right"),
        (said("Target"), "right"),
        title=said("{title}, {day}", title=titled(report.title), day=_day(report)),
    )
    for one in report.tables:
        called = groups_called(speaker, one, names)
        for figure, group in zip(one.figures, called, strict=True):
            drawn.add_row(
                "" if one.by else speaker.text(titled(one.title)),
                group,
                value_of(speaker, figure, one.measure),
                number(speaker, figure.counted),
                number(speaker, figure.missing),
                "" if figure.target is None else value(speaker, figure.target, one.measure),
            )
    speaker.show(drawn)
    for note in report.notes:
        speaker.line(note)
    if any(figure.suppressed for one in report.tables for figure in one.figures):
        speaker.line(said("{sign} is a small number that is not shown.", sign=SUPPRESSED))
    speaker.line(standing(report), style="dim")


def standing(report: Report) -> Wording:
    """Say what a report stands on."""
    known, root = report.known_at, report.root
    return said(
        "As at {day}{known}; position {position}{root}; definition version {version} "
        "({definition}), indicators {indicators}; Polku {polku}.",
        day=_day(report),
        known=said(", as known at {instant}", instant=known.isoformat()) if known else "",
        position=report.position,
        root=said(", ledger root {root}", root=root) if root else "",
        version=report.definition_version,
        definition=report.definition_digest[:12],
        indicators=report.indicators_digest[:12],
        polku=report.polku_version,
    )


def _day(report: Report) -> object:
    return report.as_at or "-"


def settings_of(report: Report) -> str:
    """Say with which numbers the indicators' files were asked, as --set takes them."""
    return ", ".join(f"{name}={written(number)}" for name, number in report.settings.items())


def groups_called(speaker: Speaker, of: Table, names: Names | None = None) -> list[str]:
    """Return what the groups of a table are called; in English by their codes, as acts take them.

    Without `names` what is no word of the vocabulary stands as it is.
    """
    columns = [*of.by]
    if speaker.tongue.language != "en":
        from application.evaluation.naming import NO_NAMES
        from interfaces.report_words import column_named, groups_said

        of = groups_said(of, names or NO_NAMES, speaker.tongue)
        columns = [column_named(name, speaker.tongue) for name in columns]
    return [group_of(speaker, columns, figure.key) for figure in of.figures]


def group_of(speaker: Speaker, columns: Iterable[str], key: Iterable[str | None]) -> str:
    """Say which group it is."""
    words = [
        f"{name}: {speaker.text(said('not known')) if word is None else word}"
        for name, word in zip(columns, key, strict=True)
    ]
    return ", ".join(words) or speaker.text(said("all"))


def value_of(speaker: Speaker, figure: Figure, measure: str) -> str:
    """Say a figure's value."""
    return SUPPRESSED if figure.suppressed else value(speaker, figure.value, measure)


def value(speaker: Speaker, told: float | None, measure: str) -> str:
    """Say a value in the unit of its measure."""
    if told is None:
        return "-"
    if measure == "share":
        return speaker.share(told)
    if isinstance(told, int):
        return speaker.number(told)
    return speaker.number(told, 2).removesuffix(".00")


def number(speaker: Speaker, told: int | None) -> str:
    """Say how many."""
    return SUPPRESSED if told is None else speaker.number(told)


_COUNTS = {
    True: said("counts"),
    False: said("does not count"),
    None: said("not known whether it counts"),
}
_HAS = {True: said("has it"), False: said("does not have it")}


def _behind(one: Behind) -> Wording:
    """Say of a journey whether it counts and what it has, and of several units what each has."""
    what: list[object] = [_COUNTS[one.counts]]
    if one.has not in {True, None} or one.counts is not None:
        what.append(_HAS[one.has] if isinstance(one.has, bool) else one.has)
    if len(one.each) <= 1:
        return said("{journey}: {what}", journey=one.journey, what=Listed(what))
    return said(
        "{journey}: {what}; {n} units: {each:;}",
        journey=one.journey,
        what=Listed(what),
        n=len(one.each),
        each=Listed(_had(has) for has in one.each),
    )


def _had(has: Any) -> object:
    if has is None:
        return said("not known")
    return _HAS[has] if isinstance(has, bool) else has


def draw_opened(speaker: Speaker, found: Iterable[Behind]) -> None:
    """Draw the journeys behind a figure, and the entries behind each; say where there is none."""
    told = [*found]
    if not told:
        speaker.line(
            said("No journey counts there: a group is named by its value in the report's --json.")
        )
    for one in told:
        speaker.line(_behind(one), style="bold")
        drawn = speaker.table(
            ("#", "right"),
            (said("Position"), "right"),
            said("Happened"),
            said("Recorded"),
            said("What"),
        )
        for entry in one.entries:
            drawn.add_row(
                str(entry.version),
                str(entry.position),
                speaker.day(entry.occurred_on),
                entry.recorded_at.strftime("%Y-%m-%d %H:%M"),
                event_name(type(entry.event)),
            )
        speaker.show(drawn)
