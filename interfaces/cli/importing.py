"""`polku import`: brings histories of another system into the log, and tells of every row."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from application.importing.language import NoMapping
from application.importing.report import Report
from application.importing.tables import UnusableSource
from interfaces import bootstrap
from interfaces.cli.import_report import as_json, as_text, report_file
from interfaces.cli.terminal import AsJson, BadInput, progress, screen

NOT_ALL = 1
"""Ends with this where a row was refused, or differs from the log and was left."""


class Atomic(StrEnum):
    """What is stored in one go."""

    JOURNEY = "journey"
    ALL = "all"


def import_(
    mapping: Annotated[
        str,
        typer.Argument(
            help="hmis-csv, unemployment-spells, unempdur, training-experiment, or the path of a "
            "mapping of your own (YAML)."
        ),
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
            help="journey: a refused row stays out and the other rows of its journey are stored; "
            "only rows that need what it would have opened stay out too. all: everything is "
            "stored at once, or nothing if a row is refused."
        ),
    ] = Atomic.JOURNEY,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the whole report to this file: .txt, .json or .csv."),
    ] = None,
    source_name: Annotated[
        str | None,
        typer.Option(help="Name of the other system, to tell two of the same kind apart."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Bring histories of another system into the log.

    Each row of the mapped tables becomes entries, or is in the report. The same source again adds
    nothing, and an import that was cut off goes on where it stopped.

    A row that says something else than when it was imported is left and reported.

    Ends with 0 when all rows are in the log (some may be doubtful: see the report), with 1 when
    a row was refused or differs from what the log holds, with 2 when the mapping or the source
    cannot be used.

    JSON: mapping, source, dry_run, atomic, stored, complete, clients, journeys, closed, rows,
    entries, refused, differing, tables, unmapped, codes, findings.
    """
    with report_file(report, (source, Path(mapping))) as write:
        outcome = _bring_in(
            mapping, source, source_name=source_name, atomic=atomic.value, dry_run=dry_run
        )
        if json:
            typer.echo(as_json(outcome))
        else:
            screen().print(as_text(outcome), soft_wrap=True)
        write(outcome)
    if not outcome.complete:
        raise typer.Exit(NOT_ALL)


def _bring_in(
    mapping: str,
    source: Path,
    *,
    source_name: str | None,
    atomic: Literal["all", "journey"],
    dry_run: bool,
) -> Report:
    try:
        with progress("Bringing in") as advance:
            return bootstrap.bring_in(
                mapping,
                source,
                source_name=source_name,
                atomic=atomic,
                dry_run=dry_run,
                on_progress=advance,
            )
    except (NoMapping, UnusableSource) as error:
        raise BadInput(str(error)) from error
