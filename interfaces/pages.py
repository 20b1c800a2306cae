"""Pages that stand for themselves: no script, nothing loaded, printable, all in one style.

They are read by people, some of them by ear: headings in order, a caption and headers for each
table, and a table that is too wide for the screen moves within its own frame. What a page may do it
says itself (Content Security Policy): show pictures that it holds, and be styled by its own style.
Every text is escaped.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from domain.wording import Tongue

SHEET, BETWEEN = 80, 1.5
"""How wide a printed sheet is, and the room between two columns, in letters of a heading."""

TEMPLATES = Path(__file__).parent / "templates"


class Look(StrEnum):
    """How the cells of a column are set.

    As text; as numbers to the right; short ones in one line, where it is not printed; and long
    ones, whose words may be longer than any line.
    """

    TEXT = ""
    NUMBER = "number"
    SHORT = "short"
    LONG = "long"


class Head(NamedTuple):
    """The heading of a column."""

    text: str
    look: Look = Look.TEXT


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of a page: the first `keys` cells of a row name it; `none` stands for no rows."""

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    keys: int
    id: str = ""
    none: str = ""

    @property
    def is_crowded(self) -> bool:
        """Whether the longest words of its headings, side by side, are wider than a sheet."""
        longest = (max(map(len, head.text.split()), default=0) for head in self.heads)
        return sum(length + BETWEEN for length in longest) > SHEET

    def cells(self, row: Sequence[str]) -> Iterator[tuple[Head, str]]:
        """Return the cells of a row, each with the heading of its column."""
        return zip(self.heads, row, strict=True)


def without_empty_columns(table: Rows) -> Rows:
    """Return the table without the columns in which no row says anything."""
    told = [n for n in range(len(table.heads)) if any(row[n] for row in table.rows)]
    rows = [[row[n] for n in told] for row in table.rows]
    return replace(table, heads=[table.heads[n] for n in told], rows=rows)


def rendered(template: str, title: str, tongue: Tongue, **parts: Any) -> str:
    """Return the page of a template, in the language of the tongue."""
    html: str = _template(template).render(
        language=tongue.language, title=title, style=_style(), policy=policy(), **parts
    )
    return html


def policy() -> str:
    """Return what a browser may do on a page, as its Content Security Policy says it."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


@cache
def _style() -> str:
    return (TEMPLATES / "page.css").read_text(encoding="utf-8").strip()
