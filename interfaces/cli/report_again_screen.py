"""What came of computing a report again, or of asking it again now, as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from domain.wording import Listed, Wording, counted, said
from interfaces.cli.report_screen import groups_called, number, value, value_of

if TYPE_CHECKING:
    from rich.table import Table as Drawn

    from application.evaluation.report import Figure, Report, Table
    from application.evaluation.restating import Restatement
    from application.evaluation.since import Cause, Changed
    from application.evaluation.verifying import Compared, Verified
    from interfaces.cli.speaking import Speaker


def draw_verified(speaker: Speaker, given: Report, found: Verified) -> None:
    """Draw whether each figure agrees."""
    for note in (*found.notes, *found.differences):
        speaker.line(note)
    differing = [one for one in found.figures if not one.agrees]
    if differing:
        headings = (said("Reported"), said("Computed again"))
        speaker.show(_side_by_side(speaker, given, differing, headings))
    every = len(found.figures)
    speaker.line(
        counted(
            "{figures} figure of {all} agree, at position {position}.",
            "{figures} figures of {all} agree, at position {position}.",
            every - len(differing),
            figures=speaker.number(every - len(differing)),
            all=speaker.number(every),
            position=given.position,
        )
    )


_HOW = {
    "late": said("late"),
    "corrected": said("corrected"),
    "retracted": said("retracted"),
    "erased": said("erased"),
}


def draw_restated(speaker: Speaker, found: Restatement) -> None:
    """Draw each figure that differs, then and now, and the entries that make the difference."""
    if not found.changed:
        day = found.then.as_at or "-"
        speaker.line(said("Nothing would be reported otherwise for {day}.", day=day))
        return
    figures = [one.figure for one in found.changed]
    why = [speaker.text(_by(one)) for one in found.changed]
    speaker.show(_side_by_side(speaker, found.then, figures, (said("Then"), said("Now")), why))
    causes = {cause for one in found.changed for cause in one.causes}
    if causes:
        _draw_causes(speaker, sorted(causes, key=lambda one: one.position))
    if unexplained := sum(not one.explained for one in found.changed):
        speaker.line(
            counted(
                "{figures} figure would not be as reported without these entries: something else "
                "makes the difference, or more than these. --verify says whether the report "
                "stands.",
                "{figures} figures would not be as reported without these entries: something else "
                "makes the difference, or more than these. --verify says whether the report "
                "stands.",
                unexplained,
                figures=speaker.number(unexplained),
            )
        )
    if any(one.broken_off for one in found.changed):
        speaker.line(
            said("Where it says so, fewer entries may do: not all was tried, to answer in time.")
        )


def _draw_causes(speaker: Speaker, causes: Sequence[Cause]) -> None:
    drawn = speaker.table(
        (said("Position"), "right"),
        (said("Entry"), "wrap"),
        said("What"),
        said("How"),
        said("Happened"),
        said("Recorded (UTC)"),
        title=said("Entries that make the difference"),
    )
    for cause in causes:
        drawn.add_row(
            str(cause.position),
            f"{cause.stream} {cause.version}",
            cause.event,
            speaker.text(_how(cause)),
            speaker.day(cause.occurred_on),
            cause.recorded_at.strftime("%Y-%m-%d %H:%M"),
        )
    speaker.show(drawn)


def _by(changed: Changed) -> Wording:
    """Say by which entries a figure differs: which do so together, and which each for the other."""
    if not changed.causes:
        return said("none recorded since")
    named = {position for some in (*changed.together, *changed.instead) for position in some}
    groups: list[object] = [x.position for x in changed.causes if x.position not in named]
    groups += [_joined(_with, some) for some in changed.together]
    groups += [_joined(_or, some) for some in changed.instead]
    told = said("{entries:;}", entries=Listed(groups))
    if not changed.explained:
        told = said("{entries}, and something else", entries=told)
    return said("{entries}, or fewer", entries=told) if changed.broken_off else told


def _joined(join: Callable[[object, object], object], some: Iterable[object]) -> object:
    return reduce(join, some)


def _with(one: object, other: object) -> Wording:
    return said("{entry} with {other}", entry=one, other=other)


def _or(one: object, other: object) -> Wording:
    return said("{entry} or {other}", entry=one, other=other)


def _how(cause: Cause) -> Wording:
    how = _HOW[cause.how]
    return how if cause.of is None else said("{how} entry {entry}", how=how, entry=cause.of)


def _side_by_side(
    speaker: Speaker,
    given: Report,
    figures: Sequence[Compared],
    headings: tuple[str, str],
    why: Sequence[str] = (),
) -> Drawn:
    of = {(t.indicator, t.by): t for t in given.tables}
    drawn = speaker.table(
        (said("Indicator"), "wrap"),
        (said("Group"), "wrap"),
        *((name, "right") for name in headings),
        *([(said("By the entries at"), "wrap")] if why else []),
    )
    for place, figure in enumerate(figures):
        told = of.get((figure.indicator, figure.by))
        measure = told.measure if told else "count"
        drawn.add_row(
            figure.indicator,
            _group(speaker, told, figure),
            _said(speaker, figure.reported, measure),
            _said(speaker, figure.again, measure),
            *why[place : place + 1],
        )
    return drawn


def _group(speaker: Speaker, of: Table | None, figure: Compared) -> str:
    told = figure.reported or figure.again
    if of is None or told is None:
        return speaker.text(said("new"))
    (called,) = groups_called(speaker, replace(of, figures=(told,)))
    return called


def _said(speaker: Speaker, figure: Figure | None, measure: str) -> str:
    if figure is None:
        return speaker.text(said("not there"))
    parts = {
        "value": value_of(speaker, figure, measure),
        "counted": number(speaker, figure.counted),
        "missing": number(speaker, figure.missing),
    }
    if figure.target is None:
        return speaker.text(said("{value} (of {counted}, missing {missing})", **parts))
    target = value(speaker, figure.target, measure)
    return speaker.text(
        said("{value} (of {counted}, missing {missing}, target {target})", target=target, **parts)
    )
