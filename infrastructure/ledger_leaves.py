"""What the ledger hashes of an entry: its stored row, byte by byte, in one form that is for ever.

The form: a line that names it, then a line for each column of `ENTRY`. Nothing is `-`, a number
`i` and its decimal digits, a text `t`, bytes `b`, each with the count of its bytes and a colon
before it. So every row has one form, and no two rows have the same.

An audit makes it of millions of rows, so it is made column by column, by functions of C. PostgreSQL
puts it together itself, which is quicker there than to give fourteen columns. Tests prove that both
are the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Text

from infrastructure.known import Known
from infrastructure.log_tables import ENTRY, Row

FORM: Final = "polku-entry/1\n"
"""The first line. Another form takes the next number; what has been hashed keeps its own."""

_FIRST: Final = b"\x00" + FORM.encode()
"""What is hashed of every leaf begins with a zero byte (RFC 9162) and the form's first line."""

Columns: TypeAlias = tuple[tuple[Any, ...], ...]
"""Rows of the log, column by column."""

_NUMBER: Final = frozenset({int})
_NUMBER_OR_NOTHING: Final = frozenset({int, type(None)})


def _number_line(value: int | None) -> bytes:
    return b"-\n" if value is None else b"i%d\n" % value


def _text_line(value: str | None) -> bytes:
    if value is None:
        return b"-\n"
    encoded = value.encode()
    return b"t%d:%b\n" % (len(encoded), encoded)


# Lines of values that come again and again: who, for whom, the day, the stream, the command.
_number = Known(_number_line).__getitem__
_text = Known(_text_line).__getitem__
_size = Known(b"b%d:".__mod__).__getitem__


def leaf_data(row: Row) -> bytes:
    """Return the bytes of a row that the ledger hashes. Raises as `leaf_hashes` does."""
    (leaf,) = _leaves(columns_of((row,)))
    return leaf[1:]


def columns_of(rows: Iterable[Row]) -> Columns:
    """Return the columns of rows, in the order of `ENTRY`; of no rows, no columns."""
    return tuple(zip(*rows, strict=True))


def leaf_hashes(columns: Columns) -> list[bytes]:
    """Return the hash of each row's leaf (RFC 9162).

    Raises TypeError, ValueError or AttributeError where a value is not of its column's type.
    """
    return [m.digest() for m in map(sha256, _leaves(columns))] if columns else []


def _leaves(columns: Columns) -> Iterator[bytes]:
    """Return the bytes that are hashed of each row: a zero byte, and those of `leaf_data`."""
    (
        position, stream, version, name, schema, day, micros, claimed, source,
        actor, organisation, correlation, causation, body,
    ) = columns  # fmt: skip
    for numbers in (position, version, schema, micros):
        _check(numbers, _NUMBER)
    _check(claimed, _NUMBER_OR_NOTHING)
    lines = zip(
        repeat(_FIRST), _new_lines(position), map(_text, stream), map(_number, version),
        map(_text, name), map(_number, schema), map(_text, day), _new_lines(micros),
        map(_number, claimed), map(_text, source), map(_text, actor), map(_text, organisation),
        map(_text, correlation), map(_text, causation), map(_size, map(len, body)), body,
        repeat(b"\n"),
    )  # fmt: skip
    return map(b"".join, lines)


def _new_lines(numbers: tuple[int, ...]) -> list[bytes]:
    """Return the lines of numbers that seldom come again."""
    return (b"i%d\n" * len(numbers) % numbers).splitlines(keepends=True)


def _check(numbers: Sequence[Any], types: frozenset[type]) -> None:
    """Raise TypeError where one is of another type: 5.0 would find the line of 5."""
    if not types.issuperset(map(type, numbers)):
        raise TypeError("a column of numbers has something else")


def leaf_sql() -> str:
    """Return the expression by which PostgreSQL gives what is hashed of a row.

    It is a zero byte (RFC 9162) and the bytes of `leaf_data`.
    """
    *columns, _ = ENTRY
    head = f"'{FORM}' || {' || '.join(map(_line_sql, columns))} || 'b' || length(body) || ':'"
    return f"'\\x00'::bytea || convert_to({head}, 'UTF8') || body || '\\x0a'::bytea"


def _line_sql(column: Column[Any]) -> str:
    """Return what PostgreSQL makes the line of a column of."""
    name = column.name
    line = f"'i' || {name} || '\n'"
    if isinstance(column.type, Text):
        line = f"'t' || octet_length({name}) || ':' || {name} || '\n'"
    return f"coalesce({line}, '-\n')" if column.nullable else line
