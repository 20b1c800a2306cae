"""How indicators are counted in SQL: one question of the archive for all that share a table.

A unit is a client, a journey or a row. A unit counts where `who` is true of a row of it; it is
missing where that is not known of any row and true of none. Of a unit with several rows that count,
a share is true where `what` is true of one of them, and not known where it is true of none and not
known of one; sums add up, and a mean or a median takes the mean of the unit's own rows. Amounts are
reckoned with six decimals, exactly, so that the same question has the same answer to the digit.
What is divided by zero, or is infinite, is not known.

A row is the person's whose journey it has, or else the client's that it has; ids that were merged
are one person. A row with neither is nobody's, and counts as one of its own: a SELECT that leaves
out whose journey it is lets a group of few persons be shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from application.evaluation.steady_sql import bare
from application.evaluation.tables import tables
from domain.indicators import CLIENTS, JOURNEYS, Indicator

ONCE = {("journeys", JOURNEYS), ("clients", CLIENTS), ("esf_participants", CLIENTS)}
"""Tables that have each such unit in one row alone."""

EXACT = "DECIMAL(38,6)"

_WORD = re.compile(r"\w+")

OWNERS = ("programme", "journey", "client")
"""The columns by which a table is narrowed to a programme; it must have one of them."""

TOLD_BY = ("journey", "client", "organisation")
"""The columns that say in whose stream what a row tells is recorded."""

PERSON = '"(person)"'
"""The column of the person whose row it is; NULL: nobody's."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: a table or a SELECT narrowed to a programme, and its columns.

    `sql` has one `?`, for the programme's code. `unit` is the column of the unit (empty: each row
    is one), `once` whether each unit has one row, `persons` whether each is one person.
    """

    sql: str
    columns: tuple[str, ...]
    unit: str
    once: bool
    persons: bool


ADDED_UP = ("sum", "mean")
"""Measures that tell what values come to, so what those have of whom they are not 0."""

PERSONS = 5
"""Of how many numbers of a figure it is told how many persons are behind them."""


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def source_of(indicator: Indicator) -> str:
    """Return the table or SELECT that an indicator asks, as it stands after FROM."""
    return f"({indicator.select}\n)" if indicator.select else quoted(indicator.of)


def counted(
    indicators: Sequence[Indicator], breakdowns: Iterable[tuple[str, ...]], columns: Sequence[str]
) -> Counted | None:
    """Return what indicators of one table count, None where the table belongs to no programme.

    `columns` are those of the table or SELECT. What has a journey can use the columns of that
    journey, too, so that anything can be broken down by what is known of the client. Only columns
    that are named somewhere are asked for: the archive makes no more than these.
    """
    one = indicators[0]
    unit = {CLIENTS: "client", JOURNEYS: "journey"}.get(one.unit, "")
    said = " ".join(text for i in indicators for text in (i.who, i.what))
    named = {*_WORD.findall(bare(said)), *OWNERS, *columns_of(breakdowns)}
    own = [name for name in columns if name in named]
    joined = "journey" in columns and source_of(one) != quoted(JOURNEYS)
    more = [c.name for c in tables()[JOURNEYS].columns if joined and c.name not in columns]
    listed = [f"own_row.{quoted(name)}" for name in own]
    listed += [f"of_journey.{quoted(name)}" for name in more if name in named]
    listed.append(f"{_person(one, columns, joined=joined)} AS {PERSON}")
    sql = f"SELECT {', '.join(listed)} FROM {source_of(one)} AS own_row "
    if joined:
        sql += "JOIN journeys AS of_journey ON of_journey.journey = own_row.journey "
        sql += "WHERE of_journey.programme = ?"
    elif "programme" in columns:
        sql += "WHERE own_row.programme = ?"
    elif "client" in columns:
        sql += "WHERE own_row.client IN (SELECT client FROM journeys WHERE programme = ?)"
    else:
        return None
    once = not unit or (not one.select and (one.of, one.unit) in ONCE)
    return Counted(sql, (*columns, *more), unit, once, persons=_are_persons(one))


def _person(indicator: Indicator, columns: Sequence[str], *, joined: bool) -> str:
    if joined:
        return "of_journey.client"
    if "client" not in columns:
        return "CAST(NULL AS VARCHAR)"
    if not indicator.select and indicator.of in _BY_PERSON:
        return "own_row.client"
    goes_by = "(SELECT c.goes_by FROM clients AS c WHERE c.client = own_row.client)"
    return f"coalesce({goes_by}, own_row.client)"


_BY_PERSON = {JOURNEYS, "esf_participants"}
"""Tables whose clients are the ids that persons go by."""


def _are_persons(indicator: Indicator) -> bool:
    """Whether each unit is a person."""
    return not indicator.select and indicator.unit == CLIENTS and indicator.of in _BY_PERSON


def who_of(indicator: Indicator) -> str:
    """Return the condition that says who counts."""
    return f"CAST(({indicator.who}\n) AS BOOLEAN)" if indicator.who else "TRUE"


def what_of(indicator: Indicator) -> str:
    """Return the condition or the number that is measured."""
    if indicator.measure == "count":
        return "TRUE"
    if indicator.measure == "share":
        return f"CAST(({indicator.what}\n) AS BOOLEAN)"
    # What grew over all bounds, or is no number, is not known: no amount can be said of it.
    beyond = f"NOT isfinite(CAST(({indicator.what}\n) AS DOUBLE))"
    return f"CASE WHEN {beyond} THEN NULL ELSE CAST(({indicator.what}\n) AS {EXACT}) END"


def question(
    of: Counted, indicators: Sequence[Indicator], breakdowns: Sequence[tuple[str, ...]]
) -> str:
    """Return the SELECT that counts all indicators in all breakdowns.

    Each row has the set it belongs to (a bit for each column that is not part of it, the last
    column's the lowest), the columns, and of each indicator: how many are counted, what they come
    to (of how many a share is true; a sum; a median), how many are missing, and the persons behind
    those that are counted or missing, counted, missing, of whom a share is true, and not (NULL
    where each unit is a person).
    """
    names = columns_of(breakdowns)
    listed = "".join(f", {quoted(name)}" for name in names)
    said = ", ".join(
        f"{who_of(one)} AS w{n}, {what_of(one)} AS v{n}" for n, one in enumerate(indicators)
    )
    unit = f"{quoted(of.unit)} AS unit" if of.unit else "NULL AS unit"
    rows = f"SELECT {unit}, {_of_several(of)} AS {PERSON}{listed}, {said} FROM ({of.sql})"
    grouping = f"GROUPING({listed[2:]})" if names else "0"
    sets = _sets(breakdowns, names)
    by = _grouped("" if of.persons else PERSON, sets)
    if not of.once:
        each = ", ".join(_of_unit(one, n) for n, one in enumerate(indicators))
        person = f"any_value({PERSON}) AS {PERSON}"
        by_unit = _grouped("unit", sets)
        rows = f"SELECT {grouping} AS grouped, {person}{listed}, {each} FROM ({rows}) {by_unit}"
        grouping = "grouped"
        by = f"GROUP BY grouped{listed}" + ("" if of.persons else f", {PERSON}")
    if of.persons:
        figures = ", ".join(_figures(one, n) for n, one in enumerate(indicators))
        return f"SELECT {grouping} AS grouped{listed}, {figures} FROM ({rows}) {by}"
    numbers = ", ".join(_of_person(one, n) for n, one in enumerate(indicators))
    persons = f"SELECT {grouping} AS grouped{listed}, {PERSON}, {numbers} FROM ({rows}) {by}"
    figures = ", ".join(_of_persons(one, n) for n, one in enumerate(indicators))
    return f"SELECT grouped{listed}, {figures} FROM ({persons}) GROUP BY grouped{listed}"


def _of_several(of: Counted) -> str:
    """Say the person of a row where they have others; NULL: each row of it is another person's.

    Most persons have one row, and to tell them apart takes much more than to count their rows. The
    others are told apart by a number.
    """
    if of.persons:
        return PERSON
    several = f"{PERSON} IS NOT NULL AND count(*) OVER (PARTITION BY {PERSON}) > 1"
    return f"CASE WHEN {several} THEN hash({PERSON}) END"


def columns_of(breakdowns: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return every column of the breakdowns, once."""
    return tuple(dict.fromkeys(name for breakdown in breakdowns for name in breakdown))


def set_of(breakdown: tuple[str, ...], names: Sequence[str]) -> int:
    """Return the number that marks the rows of a breakdown among those of all."""
    bits = "".join("0" if name in breakdown else "1" for name in names)
    return int(bits or "0", 2)


def units_of(
    of: Counted, indicator: Indicator, breakdown: tuple[str, ...], *, every: bool = False
) -> str:
    """Return the SELECT of each row that counts or may count, with its unit and its journey.

    `every`: also of those that do not count.

    The columns: unit, those of `TOLD_BY`, those of the breakdown, who, what.
    """
    owners = ", ".join(
        quoted(name) if name in of.columns else f"NULL AS {name}" for name in TOLD_BY
    )
    unit = quoted(of.unit) if of.unit else "row_number() OVER ()"
    listed = "".join(f", {quoted(name)}" for name in breakdown)
    where = "" if every else f"WHERE {who_of(indicator)} IS DISTINCT FROM FALSE"
    return (
        f"SELECT {unit} AS unit, {owners}{listed}, {who_of(indicator)} AS w, "
        f"{what_of(indicator)} AS v FROM ({of.sql}) {where}"
    )


def _sets(breakdowns: Sequence[tuple[str, ...]], names: Sequence[str]) -> list[str]:
    unique = dict.fromkeys(tuple(n for n in names if n in breakdown) for breakdown in breakdowns)
    return [", ".join(map(quoted, one)) for one in unique]


def _grouped(always: str, sets: Sequence[str]) -> str:
    """Say that rows are grouped by each set of columns, and by one more wherever it is given."""
    each = (", ".join(filter(None, (always, one))) for one in sets)
    return "GROUP BY GROUPING SETS (" + ", ".join(f"({one})" for one in each) + ")"


def _of_unit(indicator: Indicator, n: int) -> str:
    """Say of a unit with several rows what `who` and `what` come to."""
    who = f"CASE WHEN bool_or(w{n}) THEN TRUE WHEN bool_or(w{n} IS NULL) THEN NULL ELSE FALSE END"
    unknown = f"bool_or(v{n} IS NULL) FILTER (WHERE w{n})"
    what = {
        "count": "TRUE",
        "share": f"CASE WHEN bool_or(v{n}) FILTER (WHERE w{n}) THEN TRUE "
        f"WHEN {unknown} THEN NULL ELSE FALSE END",
        "sum": f"CASE WHEN NOT {unknown} THEN sum(v{n}) FILTER (WHERE w{n}) END",
    }.get(indicator.measure, f"CAST(avg(v{n}) FILTER (WHERE w{n}) AS {EXACT})")
    return f"{who} AS w{n}, {what} AS v{n}"


def _known(n: int) -> str:
    return f"FILTER (WHERE w{n} AND v{n} IS NOT NULL)"


def _missing(n: int) -> str:
    return f"count(*) FILTER (WHERE w{n} IS NULL OR (w{n} AND v{n} IS NULL))"


def _value(indicator: Indicator, n: int, of_median: str) -> str:
    """Say what the units of a group come to; of what there is a median, by this function."""
    if indicator.measure == "median":
        return f"{of_median}({_exactly(n)}) {_known(n)}"
    if indicator.measure == "count":
        return "NULL"
    if indicator.measure == "share":
        return f"count(*) FILTER (WHERE w{n} AND v{n})"
    return f"sum(v{n}) {_known(n)}"


def _figures(indicator: Indicator, n: int) -> str:
    """Say the numbers of a figure whose units are persons.

    Of persons it is told only where something is added up: also of how many it is not 0.
    """
    value = _value(indicator, n, "median")
    told = []
    if indicator.measure in ADDED_UP:
        counted = f"count(*) {_known(n)}"
        told = [f"{counted} + {_missing(n)}", counted, _missing(n), _adding(n)]
    told += ["NULL"] * (PERSONS - len(told))
    return ", ".join([f"count(*) {_known(n)}", value, _missing(n), *told])


def _adding(n: int) -> str:
    """Say of how many units it is not 0."""
    return f"count(*) FILTER (WHERE w{n} AND v{n} <> 0)"


def _exactly(n: int) -> str:
    """Say a number of which there is a median: between two of six decimals one of seven may lie."""
    return f"CAST(v{n} AS DECIMAL(38,7))"


def _of_person(indicator: Indicator, n: int) -> str:
    """Say of the units of a group that are one person's what `_of_persons` puts together."""
    value = _value(indicator, n, "list")
    adding = _adding(n) if indicator.measure in ADDED_UP else "NULL"
    told = (f"count(*) {_known(n)}", value, _missing(n), adding)
    return ", ".join(f"{one} AS {name}" for one, name in zip(told, _numbers(n), strict=True))


def _of_persons(indicator: Indicator, n: int) -> str:
    """Say the numbers of a figure, and how many persons are behind them.

    DuckDB counts no person twice here because each has one row: to have it tell apart the persons
    of each number by itself took ten times as long.
    """
    counted, value, missing, adding = _numbers(n)
    those = [f"{counted} + {missing}", counted, missing]
    said = "NULL" if indicator.measure == "count" else f"sum({value})"
    if indicator.measure == "share":
        those += [value, f"{counted} - {value}"]
    elif indicator.measure == "median":
        every = f"flatten(list({value}) FILTER (WHERE {value} IS NOT NULL))"
        said = f"list_aggregate({every}, 'median')"
    elif indicator.measure in ADDED_UP:
        those.append(adding)
    told = [f"sum(CASE WHEN {PERSON} IS NULL THEN {x} ELSE least({x}, 1) END)" for x in those]
    numbers = (f"sum({counted})", said, f"sum({missing})")
    return ", ".join([*numbers, *told, *["NULL"] * (PERSONS - len(told))])


def _numbers(n: int) -> tuple[str, ...]:
    """Return the columns of what is said of a person, by names that no table has."""
    return tuple(f'"({what} {n})"' for what in ("counted", "value", "missing", "adding"))
