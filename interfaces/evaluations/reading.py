"""What all questions of an evaluator have alike: which journeys, and at which moment."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from application.evaluation.asking import Moment
from application.evaluation.followed import TRAITS, Followed
from application.evaluation.happenings import Happening
from application.evaluation.reading import (
    JourneysOf,
    NobodyFollowed,
    clocks_asked,
    definition_in_force,
    followed_until,
    read_some,
)
from application.evaluation.refusals import NotAnswered
from application.evaluation.told_journeys import Case, Origin
from application.office import Office
from domain.definition import Definition
from domain.wording import Listed, said, wording_of

T = TypeVar("T")

Advance = Callable[[int, int], None]
"""Is told how many are done of how many."""


class CannotEvaluate(NotAnswered):
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

    def clocks(self, office: Office) -> tuple[date, datetime | None]:
        """Return the day and the instant that are meant, where the programme is run."""
        return clocks_asked(office, self.programme, self.as_at, self.known_at)


@dataclass(frozen=True, slots=True)
class Log:
    """The log as it is now, and every journey up to a position of it."""

    origin: Callable[[str | None, Moment], Origin]
    journeys: Callable[[int, Advance], Iterator[Case]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where journeys are read, and who is told how far it is.

    Without `journeys_of`, which tells the journeys of a programme, the whole log is read.
    """

    office: Office
    on_progress: Advance
    log: Log
    journeys_of: JourneysOf | None = None


class Asked(Protocol):
    """A question, whatever it asks."""

    def check(self) -> None:
        """Raise CannotEvaluate for what cannot be asked, before anything is read."""
        ...


class Read(NamedTuple):
    """Journeys asked about, as at which day, as known when, and the definition in force then.

    `followed_until` is the last day of which anything is known: no later than the day on which it
    was known, or than today. Whatever is agreed for a later day has not happened.
    """

    journeys: list[Followed]
    day: date
    known_at: datetime | None
    definition: Definition | None
    followed_until: date

    @property
    def clocks(self) -> dict[str, Any]:
        """The moment as JSON has it, and whether it leans on another system's claims."""
        claimed = any(one.claimed for one in self.journeys)
        return {"as_at": self.day, "known_at": self.known_at, "claimed": claimed}


def journeys_asked(source: Source, asked: OfJourneys) -> Read:
    """Return the journeys of a programme at a moment. Raises CannotEvaluate."""
    office, programme = source.office, asked.programme
    day, instant = asked.clocks(office)
    moment = Moment(day, instant)
    with given("programme", NobodyFollowed):
        found = read_some(office, programme, moment, source.on_progress, source.journeys_of)
    definition = definition_in_force(office, programme, day, instant)
    until = followed_until(office, programme, day, instant)
    return Read(found, day, instant, definition, until)


def unseen(read: Read, named: Iterable[Happening]) -> list[str]:
    """Return which of those named with a code no entry is: it may be written otherwise."""
    return [
        str(what)
        for what in named
        if what.code is not None
        and not any(what.is_in(entry) for one in read.journeys for entry in one.entries)
    ]


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
