"""From counts to figures: of SQL's answers, and of journeys judged one by one."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, NamedTuple

from application.evaluation.counting import ADDED_UP, PERSONS, set_of
from application.evaluation.report import Figure, Key
from domain.indicators import Indicator


class Persons(NamedTuple):
    """How many persons are behind the numbers of a figure: one can have several units of a group.

    `all_` are behind those counted and missing together; `having` and `others` behind those of whom
    a share is true and is not, None where no share is told. Of what is added up (`ADDED_UP`)
    `having` are those whose values are not 0.
    """

    all_: int
    counted: int
    missing: int
    having: int | None = None
    others: int | None = None


class Tally(NamedTuple):
    """What was counted of a group: how many, what they come to, how many are missing, and whose.

    `persons` is None where each unit is another person.
    """

    counted: int
    value: Any
    missing: int
    persons: Persons | None = None


class Seen(NamedTuple):
    """One row as it was judged: its unit, its columns by name, whether it counts, and what it has.

    `counts` and `has` are None where it is not known.
    """

    unit: Any
    columns: Mapping[str, str | None]
    counts: bool | None
    has: bool | int | float | None


NOBODY = Tally(0, None, 0)


def tallies(
    rows: Iterable[Sequence[Any]], names: Sequence[str], place: int, breakdown: tuple[str, ...]
) -> dict[Key, Tally]:
    """Return the tallies of the `place`-th indicator in a breakdown, from the answer of SQL."""
    wanted, first = set_of(breakdown, names), 1 + len(names)
    at = [1 + names.index(name) for name in breakdown]
    return {
        tuple(_word(row[column]) for column in at): _tally_of(row[first + NUMBERS * place :])
        for row in rows
        if row[0] == wanted
    }


NUMBERS = 3 + PERSONS
"""How many numbers SQL tells of an indicator."""


def _tally_of(numbers: Sequence[Any]) -> Tally:
    counted, value, missing, *persons = numbers[:NUMBERS]
    return Tally(counted, value, missing, None if persons[0] is None else Persons(*persons))


def tallies_of(seen: Iterable[Seen], measure: str, breakdown: tuple[str, ...]) -> dict[Key, Tally]:
    """Return the tallies of rows that were judged one by one, as `counting` does in SQL."""
    groups: dict[Key, dict[Any, list[Seen]]] = {}
    for row in seen:
        key = tuple(row.columns[name] for name in breakdown)
        groups.setdefault(key, {}).setdefault(row.unit, []).append(row)
    return {key: _tally(units.values(), measure) for key, units in groups.items()}


def figure(key: Key, tally: Tally, measure: str, target: float | None) -> Figure:
    """Return the figure of a group."""
    counted, value, missing, _ = tally
    having = None
    if measure == "count":
        said: float | int | None = counted
    elif measure == "share":
        having = int(value or 0)
        said = having / counted if counted else None
    elif measure == "sum":
        said = _number(value) if value is not None else (0 if not missing else None)
    elif measure == "mean":
        said = _number(Decimal(value) / counted) if counted else None
    else:
        said = _number(value)
    return Figure(key, said, counted, missing, target=target, having=having)


def in_order(keys: Iterable[Key]) -> list[Key]:
    """Sort groups by their values; what is not known comes last."""
    return sorted(keys, key=lambda key: [(word is None, word or "") for word in key])


def truth(indicator: Indicator, what: Any) -> Any:
    """Return what an expression said, as the measure takes it: a condition or an exact number."""
    if what is None or indicator.measure in {"count", "share"}:
        return what
    return _rounded(Decimal(str(float(what))))


def _word(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> float | int | None:
    if value is None:
        return None
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _tally(units: Iterable[list[Seen]], measure: str) -> Tally:
    known: list[tuple[Any, Any]] = []
    missing: list[Any] = []
    for rows in units:
        counts, has = together([(row.counts, row.has) for row in rows], measure)
        if counts is None or (counts and has is None):
            missing.append(_person(rows[0]))
        elif counts:
            known.append((_person(rows[0]), has))
    value = _value([has for _, has in known], measure)
    return Tally(len(known), value, len(missing), _persons(known, missing, measure))


def _person(row: Seen) -> Any:
    """Return whose row it is; nobody's unit is one of its own."""
    return row.columns["client"] or (row.unit,)


def _persons(known: Sequence[tuple[Any, Any]], missing: Sequence[Any], measure: str) -> Persons:
    whose = {person for person, _ in known}
    numbers = len(whose.union(missing)), len(whose), len(set(missing))
    if measure in ADDED_UP:
        return Persons(*numbers, len({person for person, has in known if has}))
    if measure != "share":
        return Persons(*numbers)
    return Persons(*numbers, *(len({who for who, has in known if has is x}) for x in (True, False)))


def any_of(said: Iterable[bool | None]) -> bool | None:
    """Whether one is true; None where none is, and one is not known."""
    all_ = list(said)
    return True if True in all_ else None if None in all_ else False


def together(rows: Sequence[tuple[bool | None, Any]], measure: str) -> tuple[bool | None, Any]:
    """Return whether several rows count as one, and what they have, of whether each counts and has.

    What those have that count; None where none is known to.
    """
    counts = any_of(counts for counts, _ in rows)
    return counts, _has([has for counts, has in rows if counts], measure) if counts else None


def _has(values: list[Any], measure: str) -> Any:
    if measure == "count":
        return True
    if measure == "share":
        return any_of(values)
    there = [value for value in values if value is not None]
    if measure == "sum":
        return sum(there) if len(there) == len(values) else None
    return _rounded(Decimal(sum(there)) / len(there)) if there else None


def _rounded(number: Decimal) -> Decimal:
    """Round to six decimals, as the archive does."""
    return number.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _value(known: list[Any], measure: str) -> Any:
    if measure == "count":
        return None
    if measure == "share":
        return sum(known)
    if not known:
        return None
    return median(known) if measure == "median" else sum(known)
