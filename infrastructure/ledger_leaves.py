"""What the ledger hashes of an entry: its stored row, byte by byte, in one form that is for ever.

The same bytes can be had in two ways. Python makes them when an entry is written; when millions
are read again from PostgreSQL, the server puts them together itself, which is quicker than to send
fourteen columns, and Python only hashes. Tests prove that both are the same.

The form: a line that names it, then a line for each column of `ENTRY`. Nothing is `-`, a number
`i` and its decimal digits, a text `t`, bytes `b`, each with the count of its bytes and a colon
before it. So every row has one form, and no two rows have the same.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, Text

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


def leaf_sql() -> str:
    """Return the expression by which PostgreSQL gives a row's bytes, as `leaf_data` does."""
    *texts, body = ENTRY
    parts = [f"'{FORM}'", *(part for column in texts for part in _parts(column))]
    head = ", ".join([*parts, "'b'", f"length({body.name})", "':'"])
    return f"convert_to(concat({head}), 'UTF8') || {body.name} || '\\x0a'::bytea"


def _parts(column: Column[Any]) -> Sequence[str]:
    """Return what `concat` puts together for a column; it leaves out what is null."""
    name = column.name
    if isinstance(column.type, Text):
        if column.nullable:
            return f"coalesce('t' || octet_length({name}) || ':', '-')", name, "'\n'"
        return "'t'", f"octet_length({name})", "':'", name, "'\n'"
    if column.nullable:
        return (f"coalesce('i' || {name}, '-')", "'\n'")
    return "'i'", name, "'\n'"
