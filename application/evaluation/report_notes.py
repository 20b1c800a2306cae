"""What a report says beside its figures: what is left out, and on what it leans."""

from collections.abc import Iterable, Iterator, Sequence

from application.evaluation.report import Table
from application.evaluation.rounding import least_told, step_of
from application.evaluation.wanted import Breakdown, left_without
from domain.wording import Listed, Wording, said, titled


def notes_of(
    tables: Sequence[Table], by: Sequence[Breakdown], threshold: int, *, claimed: bool
) -> tuple[str, ...]:
    """Return the notes of a report: `by` are the breakdowns asked for beside the indicators'."""
    return (
        *_left_out(tables, by),
        *(note for _, note in untold(tables)),
        *_threshold(threshold),
        *_claims(claimed=claimed),
    )


def _left_out(tables: Iterable[Table], by: Sequence[Breakdown]) -> Iterator[str]:
    for table, breakdown in left_without(tables, by):
        yield said(
            "{indicator} is not told by {columns}: what it counts has no such column.",
            indicator=titled(table.title),
            columns=_columns(breakdown),
        )


def untold(tables: Iterable[Table]) -> Iterator[tuple[Table, str]]:
    """Say which breakdowns are withheld whole: somebody was counted, and no group is named."""
    counted: dict[str, int | None] = {}
    for table in tables:
        if not table.by:
            counted[table.indicator] = table.figures[0].counted
        elif not table.figures and counted.get(table.indicator) != 0:
            note = said(
                "{indicator} is not told by {columns}: what else is told would give small groups "
                "of it away.",
                indicator=titled(table.title),
                columns=_columns(table.by),
            )
            yield table, note


def _threshold(threshold: int) -> Iterator[str]:
    if threshold == 0:
        yield said("Nothing is suppressed: small groups are shown. Do not publish this.")
    if threshold > 1:
        yield said(
            "Numbers of journeys in charts are rounded to multiples of {threshold}.",
            threshold=step_of(threshold),
        )
        yield said("Fewer than {least} are 0 there.", least=least_told(threshold))


def notes_of_counted(kind: str, threshold: int, *, beside: bool) -> tuple[str, ...]:
    """Return what is said of a stock or flow: how it is rounded, and what is left out, and why.

    `beside` is whether a table of the same report tells by phase or by end.
    """
    if threshold <= 1:
        return ()
    step, least = step_of(threshold), least_told(threshold)
    if kind == "stock":
        told = said(
            "Numbers are rounded to multiples of {step}, and fewer than {least} are 0; a phase "
            "that never had so many is left out.",
            step=step,
            least=least,
        )
        left_out = said(
            "The day of the report is left out: beside a table by phase or by end it would tell of "
            "small groups."
        )
    else:
        told = said(
            "Numbers are rounded to multiples of {step}, and ways that fewer than {least} went are "
            "left out: fewer can be seen to leave a phase than came to it.",
            step=step,
            least=least,
        )
        left_out = said(
            "Nothing is told: beside a table by phase or by end it would tell of small groups."
        )
    return (told, left_out) if beside else (told,)


def _claims(*, claimed: bool) -> Iterator[str]:
    if claimed:
        yield said("It leans on what another system claims of when it knew.")


def _columns(names: Breakdown) -> Listed:
    """Return columns as `by` names them in English, and as people call them in other languages."""
    return Listed(Wording(name, name.replace("_", " "), context="field") for name in names)
