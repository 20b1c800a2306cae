"""The words of a feature as values: days, codes, lists, tables, and back."""

import re
import types
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.definition import Title
from domain.entry import Personal

DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
NAME = r"[A-ZÅÄÖ][\wåäö]+"
Table = Sequence[Sequence[str]]

AS_WRITTEN = {
    *("title", "awarding_body", "topic", "level", "kind_of_need", "occupation", "name"),
    *("given_name", "family_name"),
}
"""Text fields that hold words rather than codes."""


def day(text: str) -> date:
    """ "5 September 2025" as a day."""
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007 - a day has no time zone


def code(text: str) -> str:
    """Words as a code: "Pieksämäki" is pieksamaki, "the TE office" is te-office."""
    if "://" in text:
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return words.removeprefix("the-")


def listed(text: str) -> list[str]:
    """ "a, b and c" as a list; with semicolons where the parts have commas in them."""
    parts = text.split(";") if ";" in text else re.split(r", | and ", text)
    return [part.strip() for part in parts if part.strip()]


def pairs(table: Table | None) -> dict[str, str]:
    """A table of two columns, field and value."""
    return {code(name).replace("-", "_"): value for name, value in table or ()}


def rows(table: Table) -> list[dict[str, str]]:
    """A table with a header, one mapping a row; an empty cell says nothing."""
    header = [code(name).replace("-", "_") for name in table[0]]
    return [
        {name: cell for name, cell in zip(header, row, strict=True) if cell} for row in table[1:]
    ]


def value(hint: Any, text: str, name: str = "") -> Any:
    """The value of a type that a cell stands for."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(kind for kind in get_args(hint) if kind is not type(None))
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return tuple(value(inner, part, name) for part in listed(text))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(code(text))
    return _READ[hint](text) if hint is not str else _text(text, name)


def _text(text: str, name: str) -> str:
    return text if name in AS_WRITTEN else code(text)


_READ: dict[Any, Callable[[str], Any]] = {
    date: day,
    bool: {"yes": True, "no": False}.__getitem__,
    int: int,
    float: float,
    Decimal: Decimal,
    Personal: Personal,
}


def build(kind: type, said: dict[str, str]) -> Any:
    """A record of the kind, its fields read from words."""
    hints = get_type_hints(kind)
    unknown = said.keys() - hints.keys()
    assert not unknown, f"{kind.__name__} has no {unknown}; it has {sorted(hints)}"
    return kind(**{name: value(hints[name], text, name) for name, text in said.items()})


def told(found: Any) -> str:
    """A value in words, as a feature tells it."""
    if isinstance(found, tuple | list):
        return ", ".join(told(item) for item in found)
    if isinstance(found, datetime):
        found = found.date()
    in_words = next((say for kind, say in _TOLD.items() if isinstance(found, kind)), str)
    return in_words(found)


_TOLD: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda yes: "yes" if yes else "no",
    Enum: lambda found: str(found.value),
    date: lambda found: f"{found.day} {found:%B %Y}",
    float: lambda found: f"{found:g}",
    Title: lambda title: title.en,
}


def same(cell: str, found: Any) -> bool:
    """Whether a cell says the value, in words or in codes; a number is that very number."""
    text = told(found)
    if _NUMBER.fullmatch(cell) or _NUMBER.fullmatch(text):
        return cell == text
    return cell == text or (bool(cell) and code(cell) == code(text))


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def column(item: Any, name: str) -> Any:
    """What a record says under the heading of a column."""
    known = {field.name for field in fields(item)} if is_dataclass(item) else set(dir(item))
    assert name in known or hasattr(item, name), f"no {name!r}; there are {sorted(known)}"
    return getattr(item, name)


def check_rows(table: Table, found: Iterable[Any], *, whole: bool, in_order: bool = False) -> None:
    """Check that each row is found, once for each; and nothing else where it is the whole."""
    names = {heading: code(heading).replace("-", "_") for heading in table[0]}
    seen = [{h: told(column(item, name)) for h, name in names.items()} for item in found]
    left = list(seen)
    for cells in table[1:]:
        row = dict(zip(table[0], cells, strict=True))
        fits = next((i for i, got in enumerate(left) if _fits(row, got)), None)
        assert fits is not None, f"not found: {row}\nin: {_lines(left)}"
        left = left[fits + 1 :] if in_order else left[:fits] + left[fits + 1 :]
    assert not whole or len(seen) == len(table) - 1, f"not expected: {_lines(left)}"


def _fits(row: dict[str, str], got: dict[str, str]) -> bool:
    return all(same(cell, got[heading]) for heading, cell in row.items())


def _lines(items: Iterable[object]) -> str:
    return "".join(f"\n  {item}" for item in items)
