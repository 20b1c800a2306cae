"""Histories of other systems, brought into the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from interfaces.bootstrap.log import open_office
from interfaces.bootstrap.running import settings
from interfaces.bootstrap.views import catch_up

if TYPE_CHECKING:
    from application.importing.report import Report


def bring_in(
    mapping: str,
    source: Path,
    *,
    source_name: str | None,
    atomic: Literal["all", "journey"],
    dry_run: bool,
    on_progress: Callable[[int, int], None],
) -> Report:
    """Bring the histories of a source into the log, by a mapping's name or path.

    Raises NoMapping, MappingFaults, UnusableSource, ImportStopped, NoDatabase or Unusable.
    """
    from application.importing.bringing import bring_in
    from infrastructure.mapping_files import read_mapping
    from infrastructure.tables import read_tables

    given = settings()
    read = read_mapping(mapping, source=source_name)
    tables = read_tables(source, read)
    with open_office(given, inline=False) as office:
        log = office.log
        report = bring_in(
            log, read, tables, atomic=atomic, dry_run=dry_run, on_progress=on_progress
        )
        if not dry_run:
            catch_up(office, on_progress)
        return report
