"""`polku audit verify`: whether the log is what was recorded, line by line."""

import os
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from interfaces import bootstrap
from interfaces.cli.terminal import AsJson, Screen, answer, progress, so_many

SHOWN = 20
"""Faults that are told to a person; JSON has all that were found."""


def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A file of checkpoints that was kept elsewhere; may be repeated."),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="A public key of the log; where given, no other is believed."),
    ] = None,
    since: Annotated[
        int,
        typer.Option(
            "--from", min=1, help="The first position to recompute, at the least (65,536 a step)."
        ),
    ] = 1,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes; as many as there are cores.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="A file in which to note how far it is, and from which to go on."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the log from its rows: each entry, their order, versions, clocks and the ledger.

    Against checkpoints that were kept elsewhere it shows that nothing was changed, taken out or put
    in since. Ends with 0 only where all is right, with 1 where something is wrong: it names the
    first row, and how.

    JSON: right, entries, root (base64), recomputed_from (the first position), checkpoints (those
    that fit), faults (each: position, 0 where it is of no row; wrong: altered, missing, inserted,
    swapped, truncated, version, clock, tile, table, head or checkpoint; said).
    """
    asked = bootstrap.AuditAsked(
        checkpoint or (), key or (), since - 1, jobs or os.cpu_count() or 1, resume
    )
    with progress("Recomputing the log") as advance:
        found = bootstrap.audit_log(asked, advance)
    told = {
        "right": found.is_right,
        "entries": found.size,
        "root": b64encode(found.root).decode(),
        "recomputed_from": found.since + 1,
        "checkpoints": found.fitting,
        "faults": found.faults,
    }
    answer(as_json, told, lambda to: _draw(to, told))
    if not found.is_right:
        raise typer.Exit(1)


def _draw(to: Screen, told: Mapping[str, Any]) -> None:
    faults, size, since = told["faults"], told["entries"], told["recomputed_from"]
    for fault in faults[:SHOWN]:
        to.print(fault.said, soft_wrap=True)
    if len(faults) > SHOWN:
        to.print(f"and {len(faults) - SHOWN:,} more")
    entries = so_many(size, "entry", "entries")
    if told["right"]:
        fitting = so_many(len(told["checkpoints"]), "checkpoint")
        later = f", from position {since:,} on" if since > 1 else ""
        to.print(f"All is right{later}: {entries}, {fitting} fit")
    else:
        to.print(f"The log of {entries} is not right: the first fault is told first")
