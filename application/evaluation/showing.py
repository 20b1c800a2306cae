"""The tables of a report as they may be shown, whichever indicators and groups it is asked for.

What one report withholds no other one may tell. So indicators that tell something of those asked
for, and breakdowns by some of the columns alone, are counted too, and left out at the end.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from application.evaluation.coarser import beside, tying
from application.evaluation.counting import columns_of
from application.evaluation.meant import Meant
from application.evaluation.put_in import Here
from application.evaluation.report import Table
from application.evaluation.reporting import BadIndicator, CountedAll, count_all, possible
from application.evaluation.suppressing import kin_of, related, suppressed
from application.evaluation.wanted import IN_ALL, Breakdown
from domain.indicators import JOURNEYS, Indicator


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
        here.asked.expect(*texts_of(chosen, groups.by))
        return count_all(here, chosen, meant, groups.by).tables
    kindred = related(chosen, tuple({one.id: one for one in every}.values()))
    with_others = (*groups.by, *beside(groups.by))
    tied = tying([*with_others, *(some for one in kindred for some in one.by)])
    here.asked.expect(*texts_of(kindred, (*with_others, *tied)))
    own = {one.id: {IN_ALL, *one.by} for one in kindred}
    by, ties = _by(here, kindred, groups.by)
    found = count_all(here, chosen, meant, (*by, *ties))
    others = _beside(here, [one for one in kindred if one not in chosen], (*by, *ties))

    def always(table: Table) -> bool:
        return table.by in own[table.indicator]

    counted = (*found.tables, *others.tables)
    shown = suppressed(
        tuple(one for one in counted if always(one) or one.by not in ties),
        groups.threshold,
        kin_of(kindred),
        always,
        {**found.persons, **others.persons},
        [one for one in counted if one.by in ties],
    )
    asked = {(one.id, by) for one in chosen for by in (*own[one.id], *groups.by)}
    return tuple(table for table in shown if (table.indicator, table.by) in asked)


def _by(
    here: Here, indicators: Sequence[Indicator], asked: Sequence[Breakdown]
) -> tuple[list[Breakdown], list[Breakdown]]:
    """Return the breakdowns that are asked for, with those looked at together with them.

    And those that only tie some of these, or of the indicators' own, to one another.
    """
    by = [*asked, *possible(here, indicators, beside(asked))]
    own = [some for one in indicators for some in one.by]
    return by, possible(here, indicators, tying([*by, *own]))


def texts_of(indicators: Iterable[Indicator], by: Sequence[Breakdown]) -> Iterator[str]:
    """Yield what indicators say in SQL that may be of journeys, and the columns they go by."""
    yield "programme"  # every question is of one
    yield from columns_of(by)
    for one in indicators:
        yield from (one.who, one.what, *columns_of(one.by))
        if JOURNEYS in one.select:
            yield one.select


def _beside(here: Here, indicators: list[Indicator], by: Sequence[Breakdown]) -> CountedAll:
    """Return the tables of indicators that are not asked for; without groups they cannot have."""
    if not indicators:
        return CountedAll((), {})
    try:
        return count_all(here, indicators, (), by)
    except BadIndicator:
        return count_all(here, indicators)
