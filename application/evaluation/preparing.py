"""What a report is asked, and what it is computed from, at one position of the log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from application.acts import named
from application.evaluation.asking import Archive
from application.evaluation.reading import newest_definition
from application.evaluation.refusals import NotAnswered
from application.evaluation.report import Report
from application.evaluation.wanted import Breakdown
from application.local_time import instant_meant, zone_of
from application.office import Office, today_in
from application.programmes import NotPublished
from domain.definition import Definition
from domain.entry import Entry
from domain.indicators import Indicator, IndicatorSet
from domain.programme.state import fold
from domain.wording import Listed, said

OF_PROGRAMME = "programme"
"""The name of the indicators that the programme's definition has."""

DEFAULT_THRESHOLD = 5
"""Groups of fewer are not shown, unless somebody asks for another number."""

ReadSet = Callable[[str, str], IndicatorSet]
"""Reads the indicators of a name or a path, with titles in a language (ISO 639-1)."""

RootAt = Callable[[int], str]
"""Returns the root (hex) of the log's ledger at a position; empty where the log has none."""


class CannotReport(NotAnswered):
    """A report was asked for that cannot be made; the message says why, and what can be asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    `as_at` None is today, where the programme is run. `indicators` are ids (none: all), `by`
    breakdowns beside those of the indicators, `sets` whose indicators are meant: `programme`, the
    name of a set that comes with Polku, or a file.
    """

    programme: str
    as_at: date | None = None
    known_at: datetime | None = None
    indicators: tuple[str, ...] = ()
    by: tuple[Breakdown, ...] = ()
    sets: tuple[str, ...] = (OF_PROGRAMME,)
    settings: Mapping[str, float] = field(default_factory=dict)
    threshold: int = DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class Desk:
    """What reports are made with: the log, its archive, and the files of indicators."""

    office: Office
    archive: Archive
    read_set: ReadSet
    root_at: RootAt
    polku_version: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with all that it is answered from, at one position of the log.

    Entries at the positions `without` do not count, as if they had not been recorded. With `only`
    no journey or client is there but those whose first entry is at one of these positions.
    """

    question: Question
    as_at: date
    position: int
    definition: Definition
    entries: tuple[Entry[Any], ...]
    sets: tuple[IndicatorSet, ...]
    indicators: tuple[Indicator, ...]
    without: frozenset[int] = frozenset()
    only: frozenset[int] | None = None


def prepare(
    desk: Desk,
    question: Question,
    position: int | None = None,
    without: frozenset[int] = frozenset(),
) -> Prepared:
    """Find the definition and the indicators of a question, as of a position (None: the newest).

    Of a day that lies ahead the newest position tells what is known today: that is what is asked
    then, so that whoever computes it again later is told the same. Raises CannotReport,
    NotPublished, and as the reader of the files does.
    """
    is_newest, newest = position is None, desk.archive.position
    position = newest if position is None else position
    if position > newest:
        raise CannotReport(
            said(
                "the log has {newest} entries, and none at position {position}: is it another one?",
                newest=newest,
                position=position,
            )
        )
    every = _programme(desk.office, question, position)
    entries = tuple(entry for entry in every if entry.position not in without)
    as_at, definition = _in_force(desk.office, question, entries)
    if is_newest:
        known_at = _known_if_ahead(desk.office, as_at, definition, question.known_at)
        question = replace(question, known_at=known_at)
    sets = tuple(_set(desk, name, definition) for name in question.sets)
    _check_settings(sets, question)
    indicators = _chosen(sets, question)
    return Prepared(question, as_at, position, definition, entries, sets, indicators, without)


def _programme(office: Office, question: Question, position: int) -> tuple[Entry[Any], ...]:
    known = question.known_at
    return tuple(
        entry
        for entry in office.log.load(named("programme", question.programme))
        if entry.position <= position and (known is None or entry.known_at <= known)
    )


def _in_force(
    office: Office, question: Question, entries: Sequence[Entry[Any]]
) -> tuple[date, Definition]:
    """Return the day asked about, and the definition in force on it; before all, the first one."""
    state = fold(entries)
    if not state.versions:
        office.programmes.check_published(question.programme)
        raise NotPublished(
            said(
                "{programme} was not published by then: see `polku programmes list`",
                programme=question.programme,
            )
        )
    newest = office.programmes.definition(question.programme, state.versions[-1].number)
    zone = zone_of(newest)
    as_at = question.as_at or (question.known_at or office.log.now()).astimezone(zone).date()
    current = state.current(as_at) or state.versions[0]
    return as_at, office.programmes.definition(question.programme, current.number)


def _known_if_ahead(
    office: Office, as_at: date, definition: Definition, known_at: datetime | None
) -> datetime | None:
    """Return when it was known: no later than today, where the day asked about lies ahead of it."""
    today = today_in(office, definition.country)
    end = instant_meant(today, zone_of(definition))
    if as_at <= today or end is None:
        return known_at
    return end if known_at is None else min(known_at, end)


def _set(desk: Desk, name: str, definition: Definition) -> IndicatorSet:
    if name != OF_PROGRAMME:
        return desk.read_set(name, definition.title.language)
    return IndicatorSet(definition.title, definition.indicators, {}, definition.digest)


def _check_settings(sets: Iterable[IndicatorSet], question: Question) -> None:
    known = {name for one in sets for name in one.settings}
    listed = Listed(sorted(known)) if known else said("none")
    for name in sorted(question.settings.keys() - known):
        raise CannotReport(
            said("there is no setting {name}; there are: {known}", name=name, known=listed)
        )


def _chosen(sets: Iterable[IndicatorSet], question: Question) -> tuple[Indicator, ...]:
    found: dict[str, Indicator] = {}
    for one in sets:
        for indicator in one.indicators:
            if indicator.id in found:
                raise CannotReport(
                    said("the indicator {id} is there twice: ask the files apart", id=indicator.id)
                )
            found[indicator.id] = indicator
    strange = [id_ for id_ in question.indicators if id_ not in found]
    if strange:
        known = Listed(tuple(found))
        raise CannotReport(
            said("there is no indicator {id}; there are: {known}", id=strange[0], known=known)
        )
    if not found:
        raise CannotReport(
            said("the programme's definition has no indicators: name a file of them, or esf-plus")
        )
    return tuple(
        i for i in found.values() if not question.indicators or i.id in question.indicators
    )


def asked_of(question: Question) -> dict[str, Any]:
    """Return what is asked beside programme and moment, as a report keeps it."""
    return {
        "indicators": list(question.indicators),
        "by": ["*".join(one) for one in question.by],
        "sets": list(question.sets),
        "settings": dict(question.settings),
    }


def again(given: Report, **changes: Any) -> Question:
    """Return the question that a report answers, with some of it changed."""
    asked = given.asked or {}
    question = Question(
        programme=given.programme,
        as_at=given.as_at,
        known_at=given.known_at,
        indicators=tuple(asked.get("indicators", ())),
        by=tuple(tuple(one.split("*")) for one in asked.get("by", ())),
        sets=tuple(asked.get("sets", (OF_PROGRAMME,))),
        settings=dict(asked.get("settings", {})),
        threshold=given.threshold,
    )
    return replace(question, **changes)


def instant_at(office: Office, programme: str, moment: datetime | date | None) -> datetime | None:
    """Return an instant; of a day its end, where the programme is run."""
    return instant_meant(moment, zone_of(newest_definition(office, programme)))
