"""What all questions of an evaluator have alike: which journeys, and at which moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from application.evaluation.followed import TRAITS, Followed, Moment
from application.evaluation.reading import NobodyFollowed, moment_of, newest_definition, read
from application.journeys import Office
from domain.definition import Definition
from domain.wording import Listed, said, wording_of

T = TypeVar("T")

Advance = Callable[[int, int], None]
"""Is told how many are done of how many."""


class CannotEvaluate(ValueError):
    """Something that was asked cannot be; `field` names it, `message` says what can."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(said("{field}: {message}", field=field, message=message))
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class OfJourneys:
    """Of which programme, what had happened by `as_at`, and what was known at `known_at`."""

    programme: str
    as_at: date | None = None
    known_at: datetime | date | None = None


class Read(NamedTuple):
    """The journeys asked about, at which moment, and the programme's newest definition."""

    journeys: list[Followed]
    moment: Moment
    definition: Definition | None

    @property
    def clocks(self) -> dict[str, Any]:
        """The moment as JSON has it, and whether it leans on another system's claims."""
        claimed = any(one.claimed for one in self.journeys)
        return {**self.moment._asdict(), "claimed": claimed}


def journeys_asked(office: Office, asked: OfJourneys, on_progress: Advance) -> Read:
    """Return the journeys of a programme at a moment. Raises CannotEvaluate."""
    moment = moment_of(office, asked.programme, asked.as_at, asked.known_at)
    with given("programme", NobodyFollowed):
        found = read(office, asked.programme, moment, on_progress)
    return Read(found, moment, newest_definition(office, asked.programme))


@contextmanager
def given(field: str, *wrong: type[Exception]) -> Iterator[None]:
    """Say of which field it is that something cannot be used. Raises CannotEvaluate."""
    try:
        yield
    except wrong as error:
        raise CannotEvaluate(field, wording_of(error)) from error


def meant(field: str, text: str, reading: Callable[[str], T]) -> T:
    """Return what a text means. Raises CannotEvaluate."""
    with given(field, ValueError):
        return reading(text)


def check_trait(field: str, trait: str | None) -> None:
    """Raise CannotEvaluate for what journeys cannot be told apart by."""
    if trait is not None and trait not in TRAITS:
        known = said("{trait!r} is not known; there is {known}", trait=trait, known=Listed(TRAITS))
        raise CannotEvaluate(field, known)
