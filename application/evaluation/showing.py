"""The tables of a report as they may be shown, whichever indicators and groups it is asked for.

What one report withholds no other one may tell. So indicators that tell something of those asked
for, and breakdowns by some of the columns alone, are counted too, and left out at the end.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from application.evaluation.meant import Meant
from application.evaluation.put_in import Here
from application.evaluation.report import Table
from application.evaluation.reporting import BadIndicator, CountedAll, count_all
from application.evaluation.suppressing import kin_of, related, suppressed
from application.evaluation.wanted import IN_ALL, Breakdown
from domain.indicators import Indicator


class Groups(NamedTuple):
    """Breakdowns beside those of the indicators, and how small a group is not shown."""

    by: tuple[Breakdown, ...]
    threshold: int


def tables_shown(
    here: Here,
    chosen: Sequence[Indicator],
    every: Iterable[Indicator],
    groups: Groups,
    meant: Sequence[Meant],
) -> tuple[Table, ...]:
    """Return the tables of the chosen ones of all indicators. Raises BadIndicator."""
    if groups.threshold <= 1:
        return count_all(here, chosen, meant, groups.by).tables
    kindred = related(chosen, tuple({one.id: one for one in every}.values()))
    by = (*groups.by, *_coarser(groups.by))
    found = count_all(here, chosen, meant, by)
    beside = _beside(here, [one for one in kindred if one not in chosen], by)
    own = {one.id: {IN_ALL, *one.by} for one in kindred}
    shown = suppressed(
        (*found.tables, *beside.tables),
        groups.threshold,
        kin_of(kindred),
        lambda table: table.by in own[table.indicator],
        {**found.persons, **beside.persons},
    )
    asked = {(one.id, by) for one in chosen for by in (*own[one.id], *groups.by)}
    return tuple(table for table in shown if (table.indicator, table.by) in asked)


def _coarser(by: Iterable[Breakdown]) -> tuple[Breakdown, ...]:
    """Return the breakdowns by some of the columns alone."""
    return tuple(
        some for one in by for many in range(1, len(one)) for some in combinations(one, many)
    )


def _beside(here: Here, indicators: list[Indicator], by: Sequence[Breakdown]) -> CountedAll:
    """Return the tables of indicators that are not asked for; without groups they cannot have."""
    if not indicators:
        return CountedAll((), {})
    try:
        return count_all(here, indicators, (), by)
    except BadIndicator:
        return count_all(here, indicators)
