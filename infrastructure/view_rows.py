"""Between the rows of the views and the tuples that a database keeps.

Days are ISO 8601 texts and instants whole microseconds since 1970 in UTC: both sort alike on both
databases.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple, TypeAlias, get_args, get_type_hints

from infrastructure.entry_rows import to_instant, to_micros
from infrastructure.known import Known

Kept: TypeAlias = tuple[Any, ...]
"""A row as the database has it."""

_Changes: TypeAlias = tuple[tuple[int, Callable[[Any], Any]], ...]
_Copy: TypeAlias = Callable[[Sequence[Any]], Iterable[str]]
"""How COPY takes the values of a column."""
_ByKind: TypeAlias = dict[type, Callable[[Any], Any]]


class Column(NamedTuple):
    """A column: what its values are, and whether there may be none."""

    name: str
    kind: type
    optional: bool


def columns_of(row: type[Any]) -> tuple[Column, ...]:
    """Return the columns of a class of rows. Raises TypeError for a kind no column can keep."""
    return tuple(_column(row, name, hint) for name, hint in get_type_hints(row).items())


def _column(row: type[Any], name: str, hint: Any) -> Column:
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    if len(kinds) != 1 or kinds[0] not in (str, int, bool, date, datetime):
        raise TypeError(f"{row.__name__}.{name} is {hint}, which no column can keep")
    return Column(name, kinds[0], type(None) in get_args(hint))


def keeper(row: type[Any]) -> Callable[[Sequence[Any]], list[Kept]]:
    """Return the function that makes what the database keeps of rows of the class.

    Column by column, as whole logs pass here: a day that many rows have is written once.
    """
    changes = _changes(row, {date: Known(_day_kept).__getitem__, datetime: _instant_kept})

    def keep(rows: Sequence[Any]) -> list[Kept]:
        if not rows:
            return []
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, change in changes:
            columns[place] = map(change, columns[place])
        return list(zip(*columns, strict=True))

    return keep


def copier(row: type[Any]) -> Callable[[Sequence[Any]], str]:
    """Return the function that makes of rows of the class what PostgreSQL's COPY takes of them.

    Column by column, too: a driver that writes each value by itself takes twice as long.
    The function raises TypeError or KeyError for a value of another kind than its column's.
    """
    return _copier([_copied[column.kind] for column in columns_of(row)])


def _copier(written: Sequence[_Copy]) -> Callable[[Sequence[Any]], str]:
    def copy(rows: Sequence[Any]) -> str:
        columns = zip(*rows, strict=True)
        texts = [write(column) for write, column in zip(written, columns, strict=True)]
        return "\n".join(map("\t".join, zip(*texts, strict=True))) + "\n"

    return copy


def kept_copier(row: type[Any]) -> Callable[[Sequence[Kept]], str]:
    """Return the function that makes of what the database keeps of rows what COPY takes of it."""
    return _copier([_copied[_KEPT_AS.get(each.kind, each.kind)] for each in columns_of(row)])


_KEPT_AS: dict[type, type] = {date: str, datetime: int}
"""What is kept of the kinds that are not kept as they are."""

_NOTHING = "\\N"
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _texts_copied(texts: Sequence[str | None]) -> Iterable[str]:
    told = "".join([text for text in texts if text is not None])
    if told.isprintable() and "\\" not in told:  # so are nearly all: nothing to escape
        return [_NOTHING if text is None else text for text in texts]
    return [_NOTHING if text is None else text.translate(_ESCAPED) for text in texts]


def _numbers_copied(numbers: Sequence[int | None]) -> Iterable[str]:
    return [_NOTHING if number is None else str(number) for number in numbers]


_copied: dict[type, _Copy] = {
    str: _texts_copied,
    int: _numbers_copied,
    bool: partial(map, {True: "t", False: "f", None: _NOTHING}.__getitem__),
    date: partial(map, Known(lambda day: _day_kept(day) or _NOTHING).__getitem__),
    datetime: lambda instants: _numbers_copied([_instant_kept(each) for each in instants]),
}
"""How the values of a column are written, by their kind."""


def _day_kept(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant_kept(instant: datetime | None) -> int | None:
    return None if instant is None else to_micros(instant)


def reader(row: type[Any]) -> Callable[[Sequence[Any]], Any]:
    """Return the function that makes a row of the class of what the database keeps."""
    kinds: _ByKind = {date: date.fromisoformat, datetime: to_instant, bool: bool}
    changes, make = _changes(row, kinds), row._make
    return lambda values: make(_changed(values, changes))


def _changes(row: type[Any], by_kind: _ByKind) -> _Changes:
    return tuple(
        (place, by_kind[column.kind])
        for place, column in enumerate(columns_of(row))
        if column.kind in by_kind
    )


def _changed(values: Sequence[Any], changes: _Changes) -> Kept:
    made = list(values)
    for place, change in changes:
        if made[place] is not None:
            made[place] = change(made[place])
    return tuple(made)
