"""Indicators tried on the documented tables and on facts before they are asked of real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from application.evaluation.put_in import Here
from application.evaluation.reporting import faults_of
from domain.faults import DefinitionFaults, Fault
from domain.indicators import Indicator
from infrastructure.blank_tables import blank_tables
from infrastructure.indicator_rules import misfits
from infrastructure.indicators import Trial, load_indicators, text_of

ANY_DAY = date(2025, 1, 1)


@contextmanager
def trials() -> Iterator[Trial]:
    """Open what tries an indicator: it names each field that is wrong, and what is."""
    with blank_tables() as asked:
        here = Here(asked, "any", ANY_DAY, lambda _journey: {})

        def tried(indicator: Indicator) -> list[tuple[str, str]]:
            return [
                ("sql" if field == "of" and indicator.select else field, message)
                for field, message in (*faults_of(here, indicator), *misfits(indicator))
            ]

        yield tried


def check(path: Path) -> list[Fault]:
    """Return every fault of a file of indicators, in the order of its lines; none: it is good."""
    try:
        with trials() as tried:
            load_indicators(text_of(path), str(path), tried=tried)
    except DefinitionFaults as refused:
        return list(refused.faults)
    return []
