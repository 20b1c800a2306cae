"""What all questions of an evaluator have alike: which journeys, at which moment, how small."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias

import typer

from application.evaluation.naming import NO_NAMES, Names
from application.sentences.words import titles_of
from domain.wording import said
from interfaces import bootstrap
from interfaces.cli.terminal import BadInput, day_of, instant_of, progress
from interfaces.evaluations.reading import CannotEvaluate, Log, OfJourneys, Source

OfProgramme: TypeAlias = Annotated[str, typer.Option("--programme", help="Of this programme.")]
Threshold: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Numbers below it are withheld; 0 shows all.")
]


def journeys_of(programme: str, as_at: str | None, known_at: str | None) -> OfJourneys:
    """Return which journeys the options name. Raises BadInput."""
    return OfJourneys(programme, day_of(as_at, "--as-at"), instant_of(known_at, "--known-at"))


def called(source: Source, programme: str, column: str, codes: Iterable[str]) -> dict[str, str]:
    """Return what the codes of a column of a programme's journeys are called.

    Titles are those of its newest definition; without one only the vocabulary has words.
    """
    definition = next(iter(source.office.programmes.versions(programme)), None)
    names = Names(titles_of(definition)) if definition else NO_NAMES
    return names.of(column.replace("-", "_"), codes)


@contextmanager
def reading() -> Iterator[Source]:
    """Open what is read, and show how far it is. Raises BadInput, which names the option."""
    with bootstrap.open_office(inline=False) as office, progress("Reading the log") as advance:
        try:
            log = Log(
                lambda of, moment: bootstrap.origin_of(office, of, moment),
                lambda until, on_progress: bootstrap.whole_journeys(office, until, on_progress),
            )
            yield Source(office, advance, log, bootstrap.archived_journeys(office))
        except CannotEvaluate as error:
            option = f"--{error.field.replace('_', '-')}"
            raise BadInput(
                said("{field}: {message}", field=option, message=error.message)
            ) from error
