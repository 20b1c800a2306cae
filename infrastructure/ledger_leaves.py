"""What the ledger hashes of an entry: its stored row, byte by byte, in one form that is for ever.

The same bytes can be had in two ways. Python makes them when an entry is written; when millions
are read again, the database puts them together itself, which is quicker than to give fourteen
columns, and Python only hashes. Tests prove that both are the same.

The form: a line that names it, then a line for each column of `ENTRY`. Nothing is `-`, a number
`i` and its decimal digits, a text `t`, bytes `b`, each with the count of its bytes and a colon
before it. So every row has one form, and no two rows have the same.
"""

from typing import Any, Final

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

    It is a zero byte (RFC 9162) and the bytes of `leaf_data`; on SQLite null where a value is not
    of its column's type, for it takes any value in any column, or where a text has a zero byte, at
    which it would be cut off. Each database has the function that it is quickest with.
    """
    *columns, _ = ENTRY
    if is_sqlite:
        forms, values = zip(*map(_printed, columns), strict=True)
        head = f"printf('{FORM}{''.join(forms)}b%d:', {', '.join(values)}, length(body))"
        whole = f"CAST(x'00' || {head} || body || '\n' AS BLOB)"
        return f"CASE WHEN {' AND '.join(map(_typed, ENTRY))} THEN {whole} END"
    lines = "".join(map(_concatenated, columns))
    head = f"concat('{FORM}{lines}b', length(body), ':')"
    return f"'\\x00'::bytea || convert_to({head}, 'UTF8') || body || '\\x0a'::bytea"


def _printed(column: Column[Any]) -> tuple[str, str]:
    """Return the form in which SQLite prints the line of a column, and the values that go in."""
    name = column.name
    form, values = "i%d", name
    if isinstance(column.type, Text):
        form, values = "t%d:%s", f"length(CAST({name} AS BLOB)), {name}"
    if column.nullable:
        return "%s\n", f"CASE WHEN {name} IS NULL THEN '-' ELSE printf('{form}', {values}) END"
    return f"{form}\n", values


def _typed(column: Column[Any]) -> str:
    """Return whether SQLite holds a value of its column's type, and no zero byte in a text."""
    name = column.name
    right = f"typeof({name}) = 'integer'"
    if isinstance(column.type, LargeBinary):
        right = f"typeof({name}) = 'blob'"
    elif isinstance(column.type, Text):
        right = f"typeof({name}) = 'text' AND instr({name}, char(0)) = 0"
    return f"({name} IS NULL OR {right})" if column.nullable else right


def _concatenated(column: Column[Any]) -> str:
    """Return what PostgreSQL makes the line of a column of, within a text that is open there."""
    name, size = column.name, f"octet_length({column.name})"
    is_text = isinstance(column.type, Text)
    if column.nullable:
        value = f"'t' || {size} || ':' || {name}" if is_text else f"'i' || {name}"
        return f"', coalesce({value}, '-'), '\n"
    return f"t', {size}, ':', {name}, '\n" if is_text else f"i', {name}, '\n"
