"""What all questions of an evaluator have alike: which journeys, at which moment, how small."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar

import typer

from application.evaluation.asking import Moment
from application.evaluation.followed import TRAITS, Followed
from application.evaluation.reading import (
    NobodyFollowed,
    clocks_asked,
    newest_definition,
    read_some,
)
from application.journeys import Office
from domain.definition import Definition
from interfaces import bootstrap
from interfaces.cli.terminal import BadInput, day_of, instant_of, progress

T = TypeVar("T")

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


class Read(NamedTuple):
    """The journeys asked about, as at which day, as known when, and the newest definition."""

    journeys: list[Followed]
    day: date
    known_at: datetime | None
    definition: Definition | None

    @property
    def clocks(self) -> dict[str, Any]:
        """The moment as JSON has it, and whether it leans on another system's claims."""
        claimed = any(one.claimed for one in self.journeys)
        return {"as_at": self.day, "known_at": self.known_at, "claimed": claimed}


def journeys_asked(programme: str, as_at: str | None, known_at: str | None) -> Read:
    """Return the journeys of a programme at a moment. Raises BadInput."""
    with bootstrap.open_office(inline=False) as office, progress("Reading the log") as advance:
        day, instant = clocks_of(office, programme, as_at, known_at)
        moment, journeys_of = Moment(day, instant), bootstrap.archived_journeys(office)
        with given("--programme", NobodyFollowed):
            found = read_some(office, programme, moment, advance, journeys_of)
        return Read(found, day, instant, newest_definition(office, programme))


def clocks_of(
    office: Office, programme: str, as_at: str | None, known_at: str | None
) -> tuple[date, datetime | None]:
    """Return the day and the instant that the options ask for. Raises BadInput."""
    day, instant = day_of(as_at, "--as-at"), instant_of(known_at, "--known-at")
    return clocks_asked(office, programme, day, instant)


@contextmanager
def given(option: str, *wrong: type[Exception]) -> Iterator[None]:
    """Say of which option it is that something cannot be used. Raises BadInput."""
    try:
        yield
    except wrong as error:
        raise BadInput(f"{option}: {error}") from error


def meant(option: str, text: str, reading: Callable[[str], T]) -> T:
    """Return what an option's text means. Raises BadInput."""
    with given(option, ValueError):
        return reading(text)


def check_trait(option: str, trait: str | None) -> None:
    """Raise BadInput for what journeys cannot be told apart by."""
    if trait is not None and trait not in TRAITS:
        raise BadInput(f"{option}: {trait!r} is not known; there is {', '.join(TRAITS)}")
