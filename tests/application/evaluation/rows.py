"""The archive's tables in memory, filled by hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

from application.evaluation.put_in import Here
from application.evaluation.report import Figure, Key, Table
from application.evaluation.reporting import count_all
from application.evaluation.wanted import Breakdown
from domain.definition import Title
from domain.indicators import Indicator
from infrastructure.blank_tables import BlankTables, empty_tables

DAY = date(2025, 6, 30)
NAME = Title("Name", "Name", "en")

Row = Mapping[str, Any]


def indicator(measure: str = "count", unit: str = "journeys", **more: Any) -> Indicator:
    """Return an indicator of the id `one`."""
    return Indicator(id=more.pop("id", "one"), title=NAME, measure=measure, unit=unit, **more)


@contextmanager
def filled(**tables: Sequence[Row]) -> Iterator[BlankTables]:
    """Open the documented tables with rows; every journey is of the programme `p`."""
    blank, connection = _blank()
    try:
        for name, rows in tables.items():
            of_programme = name in {"journeys", "esf_participants"}
            blank.fill(name, [({"programme": "p"} if of_programme else {}) | row for row in rows])
        yield blank
    finally:
        for name in tables:
            connection.execute(f'DELETE FROM "{name}"')


@cache
def _blank() -> tuple[BlankTables, Any]:
    """Make the tables once: what a test fills is emptied after it."""
    connection = empty_tables()
    return BlankTables(connection), connection


def here(asked: BlankTables, facts: Mapping[str, Any] | None = None) -> Here:
    """Return what counting stands on, on the day `DAY`."""
    known = facts or {}
    return Here(asked, "p", DAY, lambda journey: known.get(journey, {}))


def counted(
    indicators: Sequence[Indicator], by: Sequence[Breakdown] = (), **tables: Sequence[Row]
) -> tuple[Table, ...]:
    """Return the tables of indicators over rows."""
    with filled(**tables) as asked:
        return count_all(here(asked), indicators, (), by).tables


def told(table: Table) -> dict[Key, tuple[Any, int | None, int | None]]:
    """Return value, counted and missing of each group."""
    return {f.key: (f.value, f.counted, f.missing) for f in table.figures}


def total(tables: Sequence[Table], id_: str = "one") -> Figure:
    """Return the figure of an indicator in all."""
    return next(t for t in tables if t.indicator == id_ and not t.by).figures[0]
