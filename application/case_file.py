"""A journey as a person reads it: how it stands, what is due, and its history line by line.

It can be asked as at a day, as known at an instant, or both, and says which clocks it used.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from application.journeys import doubts_in, history, rules_of
from application.local_time import instant_meant, zone_of
from application.office import Office
from application.programmes import NotPublished
from application.sentences import sentence
from application.sentences.words import Versions, Words, words_of
from application.views.caseload import clocks_of, deadlines_by
from domain.definition import Definition
from domain.journey.deadlines import Deadline, DeadlineStatus
from domain.journey.events import (
    VERSION_NAMING,
    EntryCorrected,
    EntryRetracted,
    ReferralMade,
)
from domain.journey.history import History, JourneyEntry, Look, history_of, look
from domain.journey.plan import StepProgress, progress
from domain.journey.reliance import Doubt
from domain.journey.state import Journey
from domain.journey.under import of_whose_codes
from domain.wording import ENGLISH, Tongue


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history: an entry as it was recorded, and what became of it.

    `corrected_by` and `retracted_by` are the entries (versions) that did so, as far as known.
    """

    entry: JourneyEntry
    sentence: str
    corrected_by: int | None
    retracted_by: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline and how it stands on the day that was asked about."""

    deadline: Deadline
    status: DeadlineStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """A journey at the moment asked for, and what is needed to tell it.

    `known` is the history as known at the moment, as recorded. `day` is the day that plan and
    deadlines are seen from: that of `as_at`, else that of `known_at`, else today, in the
    programme's time zone. `definition` is None where the journey came from another system and no
    programme of that name was published.
    """

    id: str
    known: History
    look: Look
    day: date
    definition: Definition | None
    words: Words

    @property
    def journey(self) -> Journey:
        """The state that was asked for."""
        return self.look.journey

    @property
    def version(self) -> int:
        """The version of the newest entry known, 0 where none was."""
        return self.known.version

    @property
    def entries(self) -> Sequence[JourneyEntry]:
        """Return the entries that the history tells at the moment, in the order recorded."""
        return entries_told(self.known, self.look.as_at)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the history line by line, in the order recorded."""
        return self.lines_of(self.entries)

    def lines_of(self, entries: Iterable[JourneyEntry]) -> tuple[Line, ...]:
        """Return the lines of some of the entries."""
        return lines(entries, self.known, self.words)


@dataclass(frozen=True, slots=True)
class CaseFile(Seen):
    """All that a person reads of a journey.

    A version of the definition that nobody published has no deadlines. `doubts` wait for
    somebody's review of a decision.
    """

    plan: tuple[StepProgress, ...]
    deadlines: tuple[Due, ...]
    doubts: tuple[Doubt, ...]


def open_case_file(
    office: Office,
    journey: str,
    *,
    as_at: date | None = None,
    known_at: datetime | date | None = None,
    tongue: Tongue = ENGLISH,
) -> CaseFile:
    """Return the journey as it is now, as at a day, as known at an instant, or both.

    `known_at` may be a day: then what was known at its end, in the programme's time zone. Sentences
    are in the language of `tongue`. Raises UnknownJourney, and ValueError for an instant without a
    time zone.
    """
    seen = see(office, journey, as_at=as_at, known_at=known_at, tongue=tongue)
    return case_file(office, seen)


def see(
    office: Office,
    journey: str,
    *,
    as_at: date | None = None,
    known_at: datetime | date | None = None,
    tongue: Tongue = ENGLISH,
) -> Seen:
    """Return the journey at a moment without what is computed from it. Raises as above."""
    found = history(office, journey)
    return seen_at(office, journey, found, as_at=as_at, known_at=known_at, tongue=tongue)


def seen_at(
    office: Office,
    journey: str,
    found: History,
    *,
    as_at: date | None = None,
    known_at: datetime | date | None = None,
    tongue: Tongue = ENGLISH,
) -> Seen:
    """Return the journey of a history at a moment."""
    zone = zone_of(_definition(office, found.journey, found.entries))
    instant = instant_meant(known_at, zone)
    if as_at is None and instant is None:
        seen = Look(found.in_force, found.journey, None, None, claimed=False)
    else:
        seen = look(found.entries, as_at=as_at, known_at=instant)
    known = found if instant is None else known_by(found, instant)
    definition = _definition(office, seen.journey, found.entries)
    day = as_at or (instant or office.log.now()).astimezone(zone).date()
    words = words_of(definition, known.journey, tongue, versions_met(office, found.entries))
    return Seen(journey, known, seen, day, definition, words)


def versions_met(office: Office, entries: Sequence[JourneyEntry]) -> Versions:
    """Return all versions of the programmes that a journey was ever referred to, newest first.

    The programme that it was referred to last comes first.
    """
    referred = (x.event.programme for x in reversed(entries) if isinstance(x.event, ReferralMade))
    programmes = tuple(dict.fromkeys(referred))
    return lambda: chain.from_iterable(map(office.programmes.versions, programmes))


def known_by(found: History, instant: datetime) -> History:
    """Return the history as it was known by the instant."""
    return history_of(e for e in found.entries if e.known_at <= instant)


def case_file(office: Office, seen: Seen) -> CaseFile:
    """Return all that is computed from a journey at a moment."""
    return CaseFile(
        id=seen.id,
        known=seen.known,
        look=seen.look,
        day=seen.day,
        definition=seen.definition,
        words=seen.words,
        plan=progress(seen.journey, seen.day),
        deadlines=_deadlines(office, seen.look, seen.day),
        doubts=open_doubts(office, seen),
    )


def entries_told(known: History, as_at: date | None) -> Sequence[JourneyEntry]:
    """Return the entries that a history tells up to a day, in the order recorded.

    An entry that was corrected to another day is told where that day is not after `as_at`.
    """
    if as_at is None:
        return known.entries
    days = {e.version: e.occurred_on for e in known.in_force}
    return [e for e in known.entries if days.get(e.version, e.occurred_on) <= as_at]


def lines(entries: Iterable[JourneyEntry], known: History, words: Words) -> tuple[Line, ...]:
    """Return the lines of some entries of what is known: sentences are made for these alone."""
    corrected: dict[int, int] = {}
    retracted: dict[int, int] = {}
    for x in known.in_force:
        if isinstance(x.event, EntryCorrected):
            corrected[x.event.entry] = x.version
        elif isinstance(x.event, EntryRetracted):
            retracted[x.event.entry] = x.version
    words_for = words_by_entry(known.entries, words)
    return tuple(
        Line(
            x,
            sentence(x.event, words_for(x.version)),
            corrected.get(x.version),
            retracted.get(x.version),
        )
        for x in entries
    )


def words_by_entry(entries: Sequence[JourneyEntry], words: Words) -> Callable[[int], Words]:
    """Return the words for each entry of a journey, by its version.

    A journey may have gone on under another version of the definition: each entry is told by the
    titles of the one that its codes are of.
    """
    if sum(isinstance(x.event, VERSION_NAMING) for x in entries) < 2:  # under one version alone
        return lambda _: words
    under = of_whose_codes(entries)
    by_version = {one: words.under(*one) for one in set(under.values())}
    return lambda version: by_version[under[version]] if version in under else words


def _definition(
    office: Office, journey: Journey, entries: Sequence[JourneyEntry]
) -> Definition | None:
    """Return the definition that the journey is under; before its referral, the first one."""
    under = (journey.programme, journey.definition_version)
    for entry in entries:
        if isinstance(entry.event, ReferralMade) and not journey.programme:
            under = (entry.event.programme, entry.event.definition_version)
            break
    try:
        return office.programmes.definition(*under) if under[0] else None
    except NotPublished:
        return None


def _deadlines(office: Office, seen: Look, day: date) -> tuple[Due, ...]:
    then = History(seen.entries, seen.entries, seen.journey)
    found = deadlines_by(clocks_of(then, rules_of(office)), then)
    return tuple(Due(deadline, deadline.status(day)) for deadline in found)


def open_doubts(office: Office, seen: Seen) -> tuple[Doubt, ...]:
    """Return the decisions that wait for review, by what was known.

    As at a day, only those that had happened by then; a deadline, where what was corrected had.
    """
    as_at = seen.look.as_at
    told = {entry.version for entry in seen.entries}
    return tuple(
        doubt
        for doubt in doubts_in(office, seen.known)
        if doubt.open and (as_at is None or (doubt.entry or doubt.corrected) in told)
    )
