"""Which breakdowns an indicator can be told by, and which indicators are counted together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from application.evaluation.counting import source_of
from application.evaluation.report import Table
from domain.indicators import Indicator

Breakdown = tuple[str, ...]

IN_ALL: Breakdown = ()


def broken_down(
    indicators: Sequence[Indicator],
    by: Sequence[Breakdown],
    columns_of: Callable[[Indicator], Collection[str]],
) -> tuple[list[Indicator], list[str]]:
    """Return the indicators with all their breakdowns, and columns that no indicator has together.

    `by` are breakdowns beside those of the indicators. Where what an indicator counts has not all
    columns of one, it is told without it.
    """
    found, lacking = [], dict.fromkeys(by)
    columns: dict[tuple[str, ...], Collection[str]] = {}
    for one in indicators:
        source = shared_by(one)
        if by and source not in columns:
            columns[source] = columns_of(one)
        fit = [x for x in by if set(x) <= set(columns[source])]
        lacking = {x: None for x in lacking if x not in fit}
        found.append(replace(one, by=tuple(dict.fromkeys((IN_ALL, *one.by, *fit)))))
    known = {name for names in columns.values() for name in names}
    strange = ("*".join([x for x in one if x not in known] or one) for one in lacking)
    return found, [*strange]


def left_without(
    tables: Iterable[Table], by: Sequence[Breakdown]
) -> Iterator[tuple[Table, Breakdown]]:
    """Yield each breakdown that was asked for and is not told of an indicator, with its table.

    The table is that of the indicator in all.
    """
    told = list(tables)
    there = {(one.indicator, one.by) for one in told}
    for one in told:
        if one.by == IN_ALL:
            yield from ((one, x) for x in by if (one.indicator, x) not in there)


def sharing(indicators: Iterable[Indicator]) -> list[list[Indicator]]:
    """Return the indicators that can be counted in one question, together."""
    groups: dict[tuple[str, ...], list[Indicator]] = {}
    for one in indicators:
        groups.setdefault(shared_by(one), []).append(one)
    return list(groups.values())


def shared_by(one: Indicator) -> tuple[str, ...]:
    """Return what indicators that can be counted together have alike."""
    return source_of(one), one.unit, one.id if one.facts else ""
