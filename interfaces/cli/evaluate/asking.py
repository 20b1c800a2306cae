"""What all questions of an evaluator have alike: which journeys, at which moment, how small."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

import typer

from application.journeys import Office
from interfaces import bootstrap
from interfaces.cli.terminal import Advance, BadInput, Screen, day_of, instant_of, progress
from interfaces.evaluations.reading import CannotEvaluate

OfProgramme: TypeAlias = Annotated[str, typer.Option("--programme", help="Of this programme.")]
AsAt: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DAY", help="What had happened by this day; else by today.")
]
KnownAt: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="What was known at this instant, or this day's end."),
]
Threshold: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Numbers below it are withheld; 0 shows all.")
]


Clocks: TypeAlias = tuple[date | None, datetime | date | None]


def clocks_of(as_at: str | None, known_at: str | None) -> Clocks:
    """Return the clocks that options name. Raises BadInput."""
    return day_of(as_at, "--as-at"), instant_of(known_at, "--known-at")


@contextmanager
def reading() -> Iterator[tuple[Office, Advance]]:
    """Open what is read, and show how far it is. Raises BadInput, which names the option."""
    with bootstrap.open_office(inline=False) as office, progress("Reading the log") as advance:
        try:
            yield office, advance
        except CannotEvaluate as error:
            option = f"--{error.field.replace('_', '-')}"
            raise BadInput(f"{option}: {error.message}") from error


def say_moment(to: Screen, clocks: dict[str, Any], threshold: int) -> None:
    """Print what an answer rests on."""
    known = f", as known at {clocks['known_at']:%Y-%m-%d %H:%M} (UTC)" if clocks["known_at"] else ""
    to.print(f"What had happened by {clocks['as_at']}{known}.")
    if clocks["claimed"]:
        to.print("When it was known is partly what another system claims.")
    if threshold > 1:
        to.print(f"Numbers below {threshold}, and what would give them away, are withheld.")
