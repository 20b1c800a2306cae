"""Texts in CSV, so that no spreadsheet takes one for a formula."""

from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> Any:
    """Return a value as a cell: a text that looks like a formula gets an apostrophe before it.

    Numbers stay as they are. See OWASP, CSV Injection.
    """
    if isinstance(value, str) and value.startswith(_FORMULA) and not _number(value):
        return f"'{value}"
    return value


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
