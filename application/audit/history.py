"""The whole history of a stream: every entry with both clocks, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from application.accesses import OPENINGS
from application.acts import named
from application.case_file import Seen, lines, seen_at
from application.journeys import history
from application.office import KIND, Office
from application.sentences.persons import client_said
from application.sentences.reports import report_said
from domain.entry import Entry
from domain.journey.history import recorded_up_to
from domain.journey.under import Under, under_which
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


def _published(programme: str, entries: Iterable[Entry[Any]]) -> dict[int, Under]:
    found: dict[int, Under] = {}
    version = 0
    for entry in entries:
        if isinstance(entry.event, ProgrammePublished | ProgrammeRevised):
            version = entry.event.version
        found[entry.version] = Under(programme, version)
    return found
