"""What the ledger hashes of an entry: its stored row, byte by byte, in one form that is for ever.

The same bytes can be had in two ways. Python makes them when an entry is written; when millions
are read again, the database puts them together itself, which is quicker than to give fourteen
columns, and Python only hashes. Tests prove that both are the same.

The form: a line that names it, then a line for each column of `ENTRY`. Nothing is `-`, a number
`i` and its decimal digits, a text `t`, bytes `b`, each with the count of its bytes and a colon
before it. So every row has one form, and no two rows have the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, LargeBinary, Text

from infrastructure.entry_rows import Known, Row
from infrastructure.log_tables import ENTRY

FORM: Final = "polku-entry/1\n"
"""The first line. Another form takes the next number; what has been hashed keeps its own."""


_NONE: Final = "-\n"


def _line(value: Any) -> str:
    """Return the line of a text, a number or nothing."""
    if value is None:
        return _NONE
    if isinstance(value, int):
        return f"i{value}\n"
    size = len(value) if value.isascii() else len(value.encode())
    return f"t{size}:{value}\n"


_lines = Known(_line)
"""Lines of values that come again and again: who, for whom, the day, the stream, the command."""


def leaf_data(row: Row) -> bytes:
    """Return the bytes of a row that the ledger hashes."""
    (
        position, stream, version, name, schema, day, micros, claimed, source,
        actor, organisation, correlation, causation, body,
    ) = row  # fmt: skip
    known = _lines
    before = (
        f"{FORM}i{position}\n{known[stream]}i{version}\n{known[name]}i{schema}\n{known[day]}"
        f"i{micros}\n{_NONE if claimed is None else _line(claimed)}"
        f"{_NONE if source is None else _line(source)}{known[actor]}{known[organisation]}"
        f"{known[correlation]}{known[causation]}b{len(body)}:"
    )
    return b"%b%b\n" % (before.encode(), body)


def hashed_sql(*, is_sqlite: bool) -> str:
    """Return the expression by which a database gives what is hashed of a row.

    It is a zero byte (RFC 9162) and the bytes of `leaf_data`; on SQLite, which takes any value in
    any column, null where a value is not of its column's type.
    """
    *columns, body = ENTRY
    size = "length(CAST({} AS BLOB))" if is_sqlite else "octet_length({})"
    lines = [part for column in columns for part in _line_sql(column, size)]
    counted = _said("b"), (f"length({body.name})", False), _said(":")
    head = [*_joined([_said(FORM), *lines, *counted])]
    if is_sqlite:
        whole = f"CAST(x'00' || {' || '.join(head)} || {body.name} || '\n' AS BLOB)"
        return f"CASE WHEN {' AND '.join(map(_typed, ENTRY))} THEN {whole} END"
    text = f"convert_to(concat({', '.join(head)}), 'UTF8')"
    return f"'\\x00'::bytea || {text} || {body.name} || '\\x0a'::bytea"


_Part: TypeAlias = tuple[str, bool]
"""A piece of the expression, and whether it is a text that is the same for every row."""


def _said(text: str) -> _Part:
    return text, True


def _line_sql(column: Column[Any], size: str) -> Sequence[_Part]:
    """Return what makes the line of a column; `size` gives the count of a text's bytes."""
    name, many = column.name, size.format(column.name)
    is_text = isinstance(column.type, Text)
    if column.nullable:
        value = f"'t' || {many} || ':' || {name}" if is_text else f"'i' || {name}"
        return (f"coalesce({value}, '-')", False), _said("\n")
    if is_text:
        return _said("t"), (many, False), _said(":"), (name, False), _said("\n")
    return _said("i"), (name, False), _said("\n")


def _joined(parts: Iterable[_Part]) -> Iterator[str]:
    """Yield the pieces as SQL has them; what is the same for every row is one with its like."""
    for is_said, some in groupby(parts, key=lambda part: part[1]):
        texts = [text for text, _ in some]
        if is_said:
            yield f"'{''.join(texts)}'"
        else:
            yield from texts


def _typed(column: Column[Any]) -> str:
    """Return whether a value is of its column's type, for SQLite, by its order of types.

    Null comes before numbers, numbers before texts, texts before bytes. A number with a fraction
    has other digits, and so another hash.
    """
    name = column.name
    if isinstance(column.type, LargeBinary):
        return f"{name} >= x''"
    right = f"{name} >= '' AND {name} < x''" if isinstance(column.type, Text) else f"{name} < ''"
    return f"({name} IS NULL OR {right})" if column.nullable else right
