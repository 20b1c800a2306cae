"""How commands speak: an answer for a person or a program, one sentence where something is wrong.

The answer goes to stdout. What is wrong, and progress, go to stderr.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

import typer
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from application.plainly import plain as plain  # noqa: PLC0414 - commands have it from here
from application.plainly import spoken
from domain.texts import NOT_IN_TEXTS
from domain.wording import ENGLISH, Tongue, said

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a program.")]

Advance: TypeAlias = Callable[[int, int], None]
"""Called with how much is done, and how much there is."""

WITHOUT_END = 100_000
"""Columns of a screen that nobody looks at: nothing is cut off or broken into lines."""

NARROWEST = 16
"""Letters that a column of texts has on a line at least; where that is too much, see `Listing`."""

_WIDEST = 8
"""Columns of a screen that a letter takes at most: a tab. A cell has fewer around it."""

_CONTROLS = re.compile(rf"[\r{NOT_IN_TEXTS}]")


class Refused(Exception):
    """What was asked was not done; the message says why and what to do."""


class BadInput(Exception):
    """What was given with a command cannot be used; the message names it and says what can."""


class Screen(Console):
    """Where a person reads: texts are shown as they are, without their control characters."""

    def render_str(self, text: str, **how: Any) -> Text:
        """Make a text ready to be shown; what it holds can neither colour nor command."""
        return super().render_str(_CONTROLS.sub("�", text), **how)


def screen(*, stderr: bool = False) -> Screen:
    """Return the screen; as wide as it takes where its output is piped into something."""
    file = sys.stderr if stderr else sys.stdout
    width = None if file.isatty() else WITHOUT_END
    return Screen(file=file, width=width, markup=False, highlight=False, emoji=False)


def answer(
    as_json: bool, value: Any, draw: Callable[[Screen], None], tongue: Tongue = ENGLISH
) -> None:
    """Give a command's answer: the value as JSON that says it in a language, or drawn."""
    if as_json:
        ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
        told = spoken(plain(value), tongue)
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=ascii_only) + "\n")
    else:
        draw(screen())


def so_many(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its word: "1 client", "1,890 clients", "2 entries" (`many`)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Listing(Table):
    """A table that cuts nothing off: a screen too narrow for it is told row by row, field by field.

    Fields that are empty are left out there.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the table, or where its columns have no room, a block of lines for each row."""
        if not self.row_count or self._needs(console, options) <= options.max_width:
            yield from super().__rich_console__(console, options)
            return
        if self.title:
            yield console.render_str(str(self.title), style="bold")
        headings = [str(column.header) for column in self.columns]
        for row in zip(*(column.cells for column in self.columns), strict=True):
            yield Text()
            block = Table.grid("", "", padding=(0, 2, 0, 0))
            block.columns[0].no_wrap, block.columns[1].overflow = True, "fold"
            for heading, cell in zip(headings, row, strict=True):
                if str(cell):
                    block.add_row(heading, cell)
            yield block
        yield Text()

    def _needs(self, console: Console, options: ConsoleOptions) -> int:
        """Return how many letters a line needs so that only texts are broken into lines.

        Where there is room for letters of any width, as in a pipe, none is measured.
        """
        ample = sum(_WIDEST * (_most_letters(column) + 1) for column in self.columns)
        if ample <= options.max_width:
            return ample
        without_end = options.update(width=WITHOUT_END)
        whole = Measurement.get(console, without_end, self).maximum
        texts = (_longest(column) for column in self.columns if not column.no_wrap)
        return whole - sum(max(0, longest - NARROWEST) for longest in texts)


def _most_letters(column: Column) -> int:
    return max(len(str(one)) for one in (column.header, *column.cells))


def _longest(column: Column) -> int:
    """Return how many letters the longest line of a column has, its heading included."""
    texts = (str(one) for one in (column.header, *column.cells))
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def table(title: str | None, *columns: str | tuple[str, str]) -> Table:
    """Return an empty table; a column is its heading, or a heading and "right" or "wrap".

    Only columns with "wrap" are broken into lines on a narrow screen (`Listing`).
    """
    made = Listing(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        heading, how = (column, "") if isinstance(column, str) else column
        made.add_column(
            heading,
            justify="right" if how == "right" else "left",
            no_wrap=how != "wrap",
            overflow="fold",
        )
    return made


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Show how far a long work is, on stderr, where a person is looking."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.progress import Progress

    with Progress(console=screen(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def day_of(text: str | None, option: str) -> date | None:
    """Return the day of an option; None where it was not given. Raises BadInput."""
    try:
        return None if text is None else date.fromisoformat(_ten_letters(text))
    except ValueError:
        raise BadInput(
            said(
                "{option}: {text!r} is not a day; write it as 2025-03-01", option=option, text=text
            )
        ) from None


def decided_on(on: date | None, today: date) -> date:
    """Return the day of `--on`, today where it was not given. Raises BadInput for one ahead."""
    if on is not None and on > today:
        raise BadInput(f"--on: {on} lies ahead of today, {today}")
    return on or today


def _ten_letters(text: str) -> str:
    if len(text) != 10:  # also a week or a day without hyphens would be ISO 8601
        raise ValueError(text)
    return text


def instant_of(text: str | None, option: str) -> datetime | date | None:
    """Return the instant, or the day, of an option; None where it was not given.

    Raises BadInput, also for an instant without a time zone.
    """
    if text is None:
        return None
    if len(text) <= 10:
        return day_of(text, option)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadInput(
            said(
                "{option}: {text!r} is not an instant with a time zone; "
                "write it as 2025-03-01T12:00+02:00, or as a day: 2025-03-01",
                option=option,
                text=text,
            )
        )
    return instant
