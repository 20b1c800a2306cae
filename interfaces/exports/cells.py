"""Texts in CSV, so that no spreadsheet takes one for a formula, or for the end of a line.

A spreadsheet in Finnish or Italian parts a line at semicolons, wherever they are: a quotation mark
behind a comma is a letter to it. So a formula must not stand behind one in a text either.
"""

import csv
import re
from collections.abc import Iterable
from typing import Any

_SIGNS = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20")
"""What a formula begins with; the last are full-width."""

_FORMULA = (*_SIGNS, *"\t\r\n")
"""The same, or what a spreadsheet drops before one."""

_IN_A_CELL_OF_ITS_OWN = re.compile(f"(?<=[;\t\r\n])(?=[{re.escape(''.join(_SIGNS))}])")
"""Where a formula would begin for a spreadsheet that parts a line elsewhere than at commas."""

_END = "\r\n"


def cell(value: Any) -> Any:
    """Return a value as a cell: what looks like a formula in a text gets an apostrophe before it.

    Numbers stay as they are. See OWASP, CSV Injection.
    """
    if not isinstance(value, str):
        return value
    marked = _IN_A_CELL_OF_ITS_OWN.sub("'", value)
    return f"'{marked}" if marked.startswith(_FORMULA) and not _number(value) else marked


def line(values: Iterable[Any]) -> str:
    """Return cells as a line of CSV, as RFC 4180 has it, with its end.

    A text with either character of an end of line is in quotes. `csv` puts only those in quotes
    that it ends lines with itself: ask for another end and a carriage return begins a new line.
    """
    written: str = csv.writer(_Line(), lineterminator=_END).writerow([cell(x) for x in values])
    return written


def unix_line(values: Iterable[Any]) -> str:
    """Return the same, ended by a line feed alone."""
    return f"{line(values).removesuffix(_END)}\n"


class _Line:
    """What `csv` writes a line into: it gives it back, and `writerow` returns that."""

    def write(self, written: str) -> str:
        """Return the line."""
        return written


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
