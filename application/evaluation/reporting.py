"""How a report is computed: indicators asked of the archive at one moment, and of the journeys.

All that share a table are counted in one question. What is wrong with an indicator is looked for
only where that question fails.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from application.evaluation.asking import CannotAsk
from application.evaluation.counting import (
    TOLD_BY,
    Counted,
    columns_of,
    counted,
    question,
    quoted,
    source_of,
    units_of,
    what_of,
    who_of,
)
from application.evaluation.figures import (
    NOBODY,
    Persons,
    Seen,
    Tally,
    figure,
    in_order,
    tallies,
    tallies_of,
    truth,
)
from application.evaluation.fitting import misfits
from application.evaluation.meant import Meant, target_for
from application.evaluation.put_in import Here, put_in
from application.evaluation.refusals import NotAnswered
from application.evaluation.report import Key, Place, Table
from application.evaluation.steady_sql import unsteady
from application.evaluation.tables import tables
from application.evaluation.wanted import Breakdown, broken_down, sharing
from domain.indicators import CLIENTS, Indicator
from domain.wording import Listed, Wording, said

OF_ONE = frozenset({"client", "journey", "key", "first_journey", "last_journey", "goes_by"})
"""Columns that nothing is broken down by: each of their groups is one person."""


class BadIndicator(NotAnswered):
    """An indicator cannot be counted; `field` says where it is wrong."""

    def __init__(self, indicator: str, field: str, message: str) -> None:
        super().__init__(
            said(
                "the indicator {indicator}, {field}: {message}",
                indicator=indicator,
                field=field,
                message=message,
            )
        )
        self.indicator, self.field, self.message = indicator, field, message


class Unit(NamedTuple):
    """One that counts, or may count, in a figure: with its journey where it has one.

    `organisation` is the one that a row names, if any; where it is nobody's it was told there.
    """

    unit: Any
    journey: str | None
    client: str | None
    key: Key
    counts: bool | None
    has: Any
    organisation: str | None = None


class CountedAll(NamedTuple):
    """Tables of indicators, and how many persons are behind figures, where units can share one."""

    tables: tuple[Table, ...]
    persons: Mapping[Place, Persons]


def count_all(
    here: Here,
    indicators: Sequence[Indicator],
    meant: Sequence[Meant] = (),
    by: Sequence[Breakdown] = (),
) -> CountedAll:
    """Return the tables of the indicators, in their order: in all, then by each breakdown.

    `by` are breakdowns beside those of the indicators; one whose table lacks a column of it is told
    without. Raises BadIndicator, also where none has the columns.
    """
    every = [put_in(one, here) for one in indicators]
    wanted, strange = broken_down(every, by, lambda one: _columns(here, one))
    for name in strange:
        known = {column for one in every for column in _columns(here, one)}
        raise BadIndicator(every[0].id, "by", _no_column(name, known))
    for one in wanted:
        if persons := OF_ONE & {*columns_of(one.by)}:
            raise BadIndicator(one.id, "by", _of_one(min(persons)))
    found: dict[tuple[str, Breakdown], Mapping[Key, Tally]] = {}
    for group in sharing(wanted):
        found |= _judged(here, group[0]) if group[0].facts else _asked(here, group)
    told = tuple(
        _table(one, breakdown, found[one.id, breakdown], meant)
        for one in wanted
        for breakdown in one.by
    )
    behind = {
        (id_, breakdown, key): tally.persons
        for (id_, breakdown), tallied in found.items()
        for key, tally in tallied.items()
        if tally.persons is not None
    }
    return CountedAll(told, behind)


def possible(
    here: Here, indicators: Iterable[Indicator], by: Sequence[Breakdown]
) -> list[Breakdown]:
    """Return the breakdowns that one of the indicators can be told by. Raises BadIndicator."""
    if not by:
        return []
    every = sharing(put_in(one, here) for one in indicators)
    columns = [{*_columns(here, group[0])} for group in every]
    return [one for one in by if any(names.issuperset(one) for names in columns)]


def units(
    here: Here, indicator: Indicator, breakdown: Breakdown, *, every: bool = False
) -> Iterator[Unit]:
    """Yield each row that counts, or may count, in the figures of an indicator.

    `every`: also those that do not count, and make groups all the same. Raises BadIndicator.
    """
    indicator = put_in(indicator, here)
    if indicator.facts is not None:
        for row in _seen(here, indicator, breakdown):
            if every or row.counts is not False:
                key = tuple(row.columns[name] for name in breakdown)
                journey, client = row.columns["journey"], row.columns["client"]
                yield Unit(row.unit, journey, client, key, row.counts, row.has)
        return
    of = _counted(here, [indicator], (breakdown, TOLD_BY))
    try:
        sql = units_of(of, indicator, breakdown, every=every)
        rows = here.asked.ask(sql, (here.programme,)).rows
    except CannotAsk as error:
        raise _blamed(here, [indicator], error) from error
    for unit, journey, client, organisation, *rest in rows:
        *words, counts, has = rest
        key = tuple(_said(word) for word in words)
        yield Unit(unit, journey, client, key, counts, has, _said(organisation))


def _said(word: Any) -> str | None:
    return None if word is None else str(word)


def wrong_parts(here: Here, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """Yield the fields of an indicator whose SQL cannot be asked, and what is wrong with each.

    Each is asked beside all columns, so that nothing is said of all rows together, as by count(*).
    """
    indicator = put_in(indicator, here)
    if indicator.facts is None:
        try:
            of = _counted(here, [indicator], indicator.by)
        except BadIndicator as error:
            yield error.field, error.message
            return
        source = f"FROM ({of.sql}) LIMIT 0"
        parts = [("who", who_of(indicator)), ("what", what_of(indicator))]
        for field, text in parts:
            try:
                here.asked.ask(f"SELECT *, {text} {source}", (here.programme,))
            except CannotAsk as error:
                yield field, str(error)
        columns: Iterable[str] = of.columns
    else:
        columns = _columns(here, indicator)
    for name in columns_of(indicator.by):
        if name not in columns:
            yield "by", _no_column(name, columns)
        elif name in OF_ONE:
            yield "by", _of_one(name)


def faults_of(here: Here, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """Yield the wrong parts of an indicator; where all can be asked, those that say what is no use.

    Only whoever writes an indicator is told of these: what was published counts as it did.
    """
    wrong = list(wrong_parts(here, indicator))
    yield from wrong
    if not wrong and indicator.facts is None:
        asked = put_in(indicator, here)
        yield from misfits(here, asked, _counted(here, [asked], ()))


def _no_column(name: str, columns: Iterable[str]) -> Wording:
    """Say that there is no such column, and which there are; of several no table has all."""
    if len(columns_of((tuple(name.split("*")),))) > 1:
        return said("there is no column {name} to break it down by", name=name)
    return said(
        "there is no column {name} to break it down by; there is {columns}",
        name=name,
        columns=Listed(sorted({*columns} - OF_ONE)),
    )


def _columns(here: Here, indicator: Indicator) -> tuple[str, ...]:
    """Return the columns that an indicator can be broken down by."""
    if indicator.facts is not None:
        return tuple(column.name for column in tables()["journeys"].columns)
    return _counted(here, [indicator], ()).columns


def _asked(
    here: Here, indicators: list[Indicator]
) -> dict[tuple[str, Breakdown], Mapping[Key, Tally]]:
    breakdowns = tuple(dict.fromkeys(b for one in indicators for b in one.by))
    of = _counted(here, indicators, breakdowns)
    names = columns_of(breakdowns)
    try:
        rows = here.asked.ask(question(of, indicators, breakdowns), (here.programme,)).rows
    except CannotAsk as error:
        raise _blamed(here, indicators, error) from error
    return {
        (one.id, breakdown): tallies(rows, names, place, breakdown)
        for place, one in enumerate(indicators)
        for breakdown in one.by
    }


def _counted(
    here: Here, indicators: Sequence[Indicator], breakdowns: Iterable[Breakdown]
) -> Counted:
    for one in indicators:
        _check_steady(one)
    indicator = indicators[0]
    if indicator.select:
        try:
            columns = here.asked.ask(f"FROM {source_of(indicator)} LIMIT 0").columns
        except CannotAsk as error:
            raise BadIndicator(indicator.id, "sql", str(error)) from error
    else:
        columns = tuple(column.name for column in tables()[indicator.of].columns)
    of = counted(indicators, breakdowns, columns)
    field = "sql" if indicator.select else "of"
    if of is None:
        message = said("it has no column programme, journey or client: no programme can be told")
        raise BadIndicator(indicator.id, field, message)
    if of.unit and of.unit not in of.columns:
        message = said("it has no column {name} to count by", name=of.unit)
        raise BadIndicator(indicator.id, "unit", message)
    return of


def _of_one(name: str) -> str:
    return said("each {name} would be a group of its own: --open shows who is counted", name=name)


def _check_steady(indicator: Indicator) -> None:
    texts = {"sql": indicator.select, "who": indicator.who, "what": indicator.what}
    for field, text in texts.items():
        if word := unsteady(text):
            message = said(
                "{word} gives another answer each time: the day asked about is $as_at", word=word
            )
            raise BadIndicator(indicator.id, field, message)


def _blamed(here: Here, indicators: Iterable[Indicator], error: CannotAsk) -> BadIndicator:
    """Return which indicator it is that cannot be asked, and where it is wrong."""
    indicators = list(indicators)
    for one in indicators:
        for field, message in wrong_parts(here, one):
            return BadIndicator(one.id, field, message)
    for one in indicators:
        if field := _failing(here, one):
            return BadIndicator(one.id, field, str(error))
    return BadIndicator(", ".join(one.id for one in indicators), "who", str(error))


def _failing(here: Here, indicator: Indicator) -> str:
    """Return the field that fails on what was recorded, as where numbers get too large."""
    of = _counted(here, [indicator], indicator.by)
    for field, text in (("who", who_of(indicator)), ("what", what_of(indicator))):
        try:
            here.asked.ask(f"SELECT max({text}) FROM ({of.sql})", (here.programme,))
        except CannotAsk:
            return field
    return ""


def _judged(here: Here, indicator: Indicator) -> dict[tuple[str, Breakdown], Mapping[Key, Tally]]:
    seen = list(_seen(here, indicator, columns_of(indicator.by)))
    return {
        (indicator.id, breakdown): tallies_of(seen, indicator.measure, breakdown)
        for breakdown in indicator.by
    }


def _seen(here: Here, indicator: Indicator, names: Sequence[str]) -> Iterator[Seen]:
    """Yield each journey of the programme as the indicator's expressions judge its facts."""
    facts = indicator.facts
    if facts is None:
        return
    for field, message in wrong_parts(here, replace(indicator, by=(tuple(names),))):
        raise BadIndicator(indicator.id, field, message)
    listed = "".join(f", {quoted(name)}" for name in names)
    sql = f"SELECT journey, client{listed} FROM journeys WHERE programme = ? ORDER BY journey"
    for journey, client, *words in here.asked.ask(sql, (here.programme,)).rows:
        known = here.facts_of(journey)
        counts = facts.counts(known)
        has = truth(indicator, facts.measures(known)) if facts.measures else True
        columns = {n: None if w is None else str(w) for n, w in zip(names, words, strict=True)}
        unit = client if indicator.unit == CLIENTS else journey
        judged = counts if isinstance(counts, bool) else None
        yield Seen(unit, {**columns, "journey": journey, "client": client}, judged, has)


def _table(
    indicator: Indicator,
    breakdown: Breakdown,
    found: Mapping[Key, Tally],
    meant: Sequence[Meant],
) -> Table:
    keys = in_order(found) if breakdown else [()]
    figures = [
        figure(
            key,
            found.get(key, NOBODY),
            indicator.measure,
            target_for(indicator, breakdown, key, meant),
        )
        for key in keys
    ]
    return Table(
        indicator=indicator.id,
        title=indicator.title,
        unit=indicator.unit,
        measure=indicator.measure,
        by=breakdown,
        figures=tuple(figures),
        source=indicator.source,
        note=indicator.note,
        assumed=indicator.assumed,
    )
