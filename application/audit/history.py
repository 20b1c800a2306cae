"""The whole history of a stream: every entry with both clocks, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from application.accesses import OPENINGS
from application.acts import named
from application.case_file import Seen, lines, seen_at
from application.journeys import history
from application.office import KIND, Office
from application.sentences.persons import client_said
from application.sentences.reports import report_said
from domain.entry import Entry
from domain.journey.events import (
    DefinitionAdopted,
    EligibilityAssessed,
    EntryCorrected,
    EntryRetracted,
    PhaseEntered,
    ReferralMade,
)
from domain.journey.history import JourneyEntry, as_it_happened, effective, recorded_up_to
from domain.programme.events import ProgrammePublished, ProgrammeRevised
from domain.wording import ENGLISH, Tongue, in_language, in_words, said


class StreamKind(StrEnum):
    """The kinds of streams that have a history: what people did, and not what they read."""

    JOURNEY = KIND
    CLIENT = "client"
    PROGRAMME = "programme"
    ORGANISATION = "organisation"
    REPORT = "report"
    ACCESS = OPENINGS


class Order(StrEnum):
    """In which order a history is told: as it was recorded, or as it happened."""

    RECORDED = "recorded"
    HAPPENED = "happened"


class UnknownStream(LookupError):
    """Nothing was ever recorded of what was asked for."""

    def __init__(self, kind: StreamKind, id_: str) -> None:
        super().__init__(
            said("nothing is recorded of the {kind} {id!r}", kind=in_words("stream", kind), id=id_)
        )
        self.kind, self.id = kind, id_


class Under(NamedTuple):
    """The version of a programme's definition that was in force for an entry."""

    programme: str
    version: int


@dataclass(frozen=True, slots=True)
class Traced:
    """An entry as an auditor reads it.

    `place` counts from 1 in the order in which it all happened. `stands_on` is the day that it
    happened by what is known now: None where it was retracted, and never happened. `corrected_by`
    and `retracted_by` are the entries (versions) in force that did so; `under` is None where no
    definition was in force for it.
    """

    entry: Entry[Any]
    sentence: str
    place: int
    stands_on: date | None
    under: Under | None
    corrected_by: int | None
    retracted_by: int | None


@dataclass(frozen=True, slots=True)
class Trail:
    """The history of one stream. `seen` tells a journey's codes; None for the other kinds."""

    kind: StreamKind
    id: str
    entries: tuple[Entry[Any], ...]
    tongue: Tongue
    seen: Seen | None
    _days: Mapping[int, date]
    _under: Mapping[int, Under]
    _places: Mapping[int, int]

    def ordered(self, order: Order) -> Sequence[Entry[Any]]:
        """Return all entries in an order."""
        if order is Order.RECORDED:
            return self.entries
        return sorted(self.entries, key=lambda x: self._places[x.version])

    def traced(self, entries: Iterable[Entry[Any]]) -> tuple[Traced, ...]:
        """Return some of the entries as an auditor reads them: only these are put in words."""
        if self.seen is not None:
            told = lines(entries, self.seen.known, self.seen.words)
            return tuple(
                self._traced(x.entry, x.sentence, x.corrected_by, x.retracted_by) for x in told
            )
        return tuple(self._traced(x, self._named(x), None, None) for x in entries)

    def _named(self, entry: Entry[Any]) -> str:
        told = report_said if self.kind is StreamKind.REPORT else client_said
        return in_language(told(entry.event), self.tongue)

    def _traced(
        self, entry: Entry[Any], sentence: str, corrected_by: int | None, retracted_by: int | None
    ) -> Traced:
        version = entry.version
        return Traced(
            entry,
            sentence,
            self._places[version],
            self._days.get(version),
            self._under.get(version),
            corrected_by,
            retracted_by,
        )


def trail(
    office: Office,
    kind: StreamKind,
    id_: str,
    tongue: Tongue = ENGLISH,
    head: int | None = None,
) -> Trail:
    """Return the history of a stream as the log had it at a position (`head`); None: has it now.

    Raises UnknownJourney, UnknownStream, and InvalidField for what can be no id.
    """
    if kind is StreamKind.JOURNEY:
        found = recorded_up_to(history(office, id_), head)
        seen = seen_at(office, id_, found, tongue=tongue)
        days = {x.version: x.occurred_on for x in found.in_force}
        under = under_which(found.entries)
        return Trail(
            kind, id_, found.entries, tongue, seen, days, under, _places(found.entries, days)
        )
    every = office.log.load(named(kind, id_))
    entries = tuple(x for x in every if head is None or x.position <= head)
    if not entries:
        raise UnknownStream(kind, id_)
    days = {x.version: x.occurred_on for x in entries}
    under = _published(id_, entries) if kind is StreamKind.PROGRAMME else {}
    return Trail(kind, id_, entries, tongue, None, days, under, _places(entries, days))


def _places(entries: Sequence[Entry[Any]], days: Mapping[int, date]) -> dict[int, int]:
    """Return the place of each entry in the order in which it all happened.

    One that was retracted has the place of the day that it was recorded for.
    """
    happened = sorted(entries, key=lambda x: (days.get(x.version, x.occurred_on), x.version))
    return {entry.version: place for place, entry in enumerate(happened, 1)}


_TELLING = (ReferralMade, DefinitionAdopted, EntryCorrected, EntryRetracted)
"""What says, or may change, under which version of a definition a journey goes on."""


def under_which(entries: Sequence[JourneyEntry]) -> dict[int, Under]:
    """Return, by the version of an entry, what a journey was under on the day of the entry.

    It is what was known as it was recorded: a correction counts from its own entry on. An entry may
    be about a day before another version was adopted. A verdict, and an entry into a phase, name
    their own.
    """
    found: dict[int, Under] = {}
    since: list[tuple[date, Under]] = []
    for index, entry in enumerate(entries, 1):
        if isinstance(entry.event, _TELLING):
            since = _since(entries[:index]) or since
        if since:
            found[entry.version] = _on(since, entry)
    return found


def _on(since: Sequence[tuple[date, Under]], entry: JourneyEntry) -> Under:
    if isinstance(entry.event, EligibilityAssessed | PhaseEntered):
        return Under(since[0][1].programme, entry.event.definition_version)
    by_then = [under for day, under in since if day <= entry.occurred_on]
    return by_then[-1] if by_then else since[0][1]


def _since(entries: Sequence[JourneyEntry]) -> list[tuple[date, Under]]:
    """Return what the entries put a journey under, as it happened: from which day on."""
    found: list[tuple[date, Under]] = []
    programme = ""
    for entry in as_it_happened(effective(entries)):
        match entry.event:
            case ReferralMade():
                programme = entry.event.programme
            case DefinitionAdopted() if programme:
                pass
            case _:
                continue
        found.append((entry.occurred_on, Under(programme, entry.event.definition_version)))
    return found


def _published(programme: str, entries: Iterable[Entry[Any]]) -> dict[int, Under]:
    found: dict[int, Under] = {}
    version = 0
    for entry in entries:
        if isinstance(entry.event, ProgrammePublished | ProgrammeRevised):
            version = entry.event.version
        found[entry.version] = Under(programme, version)
    return found
