"""Tables as they were read: text in cells, row by row, with what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class UnusableSource(Exception):
    """A source cannot be read; the message says which file, what is wrong and what to do."""


class Row(NamedTuple):
    """A row: its number (the first after the header is 1) and its cells."""

    number: int
    cells: list[str]


class BadRow(NamedTuple):
    """A row that could not be read: a stable code, a sentence, the columns if known."""

    number: int
    code: str
    message: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `file` as a person knows it, `digest` the SHA-256 of the file it came in."""

    file: str
    digest: str
    header: tuple[str, ...]
    rows: Sequence[Row]
    bad: Sequence[BadRow] = ()


class Unmapped(NamedTuple):
    """A file of the source that no table of the mapping names, and how many rows it has."""

    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class Tables:
    """All that a source holds, by the mapping's names of tables."""

    source: str
    by_name: dict[str, Table]
    unmapped: tuple[Unmapped, ...] = ()
