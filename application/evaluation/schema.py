"""How a table of the archive is described."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name, DuckDB's type, and what it means."""

    name: str
    type: str
    says: str


class Table(NamedTuple):
    """A table: its name, what a row of it is, and its columns."""

    name: str
    says: str
    columns: tuple[Column, ...]
