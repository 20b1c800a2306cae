"""`polku import`: brings histories of another system into the log, and tells of every row."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from application.importing.bringing import ImportStopped
from application.importing.language import MappingFaults, NoMapping
from application.importing.report import Finding, Report
from application.importing.tables import UnusableSource
from interfaces import bootstrap

DONE, REFUSED, BAD_INPUT = 0, 1, 2
EXAMPLES = 3
"""How many findings of a kind the text shows."""


class Atomic(StrEnum):
    """What is stored whole or not at all."""

    JOURNEY = "journey"
    ALL = "all"


def import_(
    mapping: Annotated[
        str, typer.Argument(help="hmis-csv, unemployment-spells, or the path of a mapping (YAML).")
    ],
    source: Annotated[
        Path, typer.Argument(help="A CSV file, a zip of CSV files, or a folder of them.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and report everything, store nothing.")
    ] = False,
    atomic: Annotated[
        Atomic,
        typer.Option(
            help="journey: a refused row stays out, and with it only what it opens; each journey "
            "is stored whole or not at all. all: everything is stored at once, or nothing if a "
            "row is refused."
        ),
    ] = Atomic.JOURNEY,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the whole report to this file: .txt, .json or .csv."),
    ] = None,
    source_name: Annotated[
        str | None,
        typer.Option(
            help="Name of the other system, where the mapping's does not tell two of them apart."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Bring histories of another system into the log.

    Each row of the mapped tables becomes entries, or is in the report. The same source again adds
    nothing, and an import that was cut off goes on where it stopped.

    Ends with 0 when all rows are in the log (some may be doubtful: see the report), with 1 when
    a row was refused, with 2 when the mapping, the source or the database cannot be used.
    """
    write = _writer(report)
    with _plainly(), _progress() as on_progress:
        outcome = bootstrap.bring_in(
            mapping,
            source,
            source_name=source_name,
            atomic=atomic.value,
            dry_run=dry_run,
            on_progress=on_progress,
        )
    if write is not None:
        write(outcome)
    typer.echo(as_json_text(outcome) if as_json else as_text(outcome))
    raise typer.Exit(DONE if outcome.complete else REFUSED)


@contextmanager
def _plainly() -> Iterator[None]:
    """Say what cannot be used, and end."""
    try:
        yield
    except (
        MappingFaults,
        NoMapping,
        UnusableSource,
        ImportStopped,
        bootstrap.Unusable,
    ) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show how far it is on standard error, when a person is looking."""
    console = Console(stderr=True)
    columns = (
        TextColumn("Bringing in"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("streams"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _writer(file: Path | None) -> Callable[[Report], None] | None:
    """Return what writes the report to a file; ends where it cannot be written."""
    if file is None:
        return None
    form = _FORMS.get(file.suffix.lower())
    if form is None:
        known = ", ".join(_FORMS)
        typer.echo(f"{file}: a report is written as {known}; choose one of these endings", err=True)
        raise typer.Exit(BAD_INPUT)
    if not file.parent.is_dir():
        typer.echo(f"{file}: there is no folder {file.parent}; make it first", err=True)
        raise typer.Exit(BAD_INPUT)

    def write(report: Report) -> None:
        try:
            file.write_text(form(report), encoding="utf-8", newline="")
        except OSError as error:
            message = f"{file}: the report cannot be written ({error.strerror}); the import is done"
            typer.echo(message, err=True)
            raise typer.Exit(BAD_INPUT) from error

    return write


# The report


def as_json_text(report: Report) -> str:
    """Return the whole report as JSON."""
    codes = [{"severity": s, "code": c, "count": n} for (s, c), n in report.codes().items()]
    said: dict[str, Any] = {
        "mapping": report.mapping,
        "source": report.source,
        "dry_run": report.dry_run,
        "atomic": report.atomic,
        "stored": report.stored,
        "complete": report.complete,
        "clients": report.clients,
        "journeys": report.journeys,
        "closed": report.closed,
        "rows": report.rows,
        "entries": report.entries,
        "refused": report.refused,
        "tables": [asdict(count) for count in report.tables],
        "unmapped": [one._asdict() for one in report.unmapped],
        "codes": codes,
        "findings": [finding._asdict() for finding in report.findings],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def as_csv(report: Report) -> str:
    """Return the findings as CSV, one a line."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(Finding._fields)
    lines.writerows([_harmless(cell) for cell in finding] for finding in report.findings)
    return text.getvalue()


def _harmless(cell: object) -> object:
    # A spreadsheet would run a foreign cell that begins like a formula.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def as_text(report: Report) -> str:
    """Return the report as a person reads it: counts, and the first findings of each kind."""
    closed = f"{report.journeys:,} journeys ({report.closed:,} of them closed)"
    lines = [f"{report.clients:,} clients, {closed}", "", *_table_lines(report)]
    for severity, title in (("refused", "Refused"), ("doubtful", "Doubtful")):
        lines += _finding_lines(report, severity, title)
    if report.unmapped:
        files = ", ".join(f"{one.file} ({one.rows:,})" for one in report.unmapped)
        lines += ["", f"Not mapped, with their rows: {files}"]
    return "\n".join([*lines, "", _outcome(report)])


_COLUMNS = ("written", "already", "changed", "refused", "looked_up", "entries", "doubtful")


def _table_lines(report: Report) -> list[str]:
    width = max((len(count.file) for count in report.tables), default=0)
    titles = [name.replace("_", " ") for name in ("rows", *_COLUMNS)]
    lines = ["  ".join([" " * width, *(f"{title:>9}" for title in titles)]).rstrip()]
    for count in report.tables:
        numbers = (getattr(count, name) for name in ("rows", *_COLUMNS))
        lines.append("  ".join([f"{count.file:<{width}}", *(f"{n:>9,}" for n in numbers)]))
    return lines


def _finding_lines(report: Report, severity: str, title: str) -> list[str]:
    lines = []
    for (of, code), count in sorted(report.codes().items()):
        if of != severity:
            continue
        lines.append(f"  {code}: {count:,}")
        lines += [
            f"    {_where(one)}: {one.message}" for one in report.examples(of, code, EXAMPLES)
        ]
        if count > EXAMPLES:
            lines.append(f"    ... and {count - EXAMPLES:,} more; --report FILE has them all")
    return ["", f"{title}:", *lines] if lines else []


def _where(finding: Finding) -> str:
    value = f" {finding.value!r}" if finding.value else ""
    column = f", {finding.column}{value}" if finding.column else ""
    return f"{finding.file} row {finding.row}{column}"


def _outcome(report: Report) -> str:
    if report.dry_run and (report.complete or report.atomic == "journey"):
        return f"Dry run: {report.entries:,} entries would be stored; nothing was."
    if not report.stored:
        return (
            f"Nothing was stored: {report.refused:,} rows are refused. Mend them, or bring in the "
            "others with --atomic journey."
        )
    stored = f"{report.entries:,} entries were stored"
    if report.refused:
        return f"{stored}; {report.refused:,} rows were refused. Mend them and import again."
    return f"{stored}; the rest was there already." if _any_already(report) else f"{stored}."


def _any_already(report: Report) -> bool:
    return any(count.already for count in report.tables)


_FORMS: dict[str, Callable[[Report], str]] = {
    ".txt": as_text,
    ".json": as_json_text,
    ".csv": as_csv,
}
