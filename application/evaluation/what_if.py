"""Journeys played again under another definition: who, when, and what cannot be known.

Some journeys are read at a time, so that no more than what comes of each is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice

from application.acts import named
from application.evaluation.cases import Case, Change
from application.evaluation.not_known import Uncertain, Unknown, of_eligibility_alone, unknown
from application.evaluation.playing import Playing, play
from application.journey_clients import facts_known
from application.local_time import zone_of
from application.office import KIND, Office, definitions_of
from domain.client import UNKNOWN, Client, fold
from domain.definition import Definition
from domain.journey.history import clients_referred
from domain.same_person import ALONE, SamePerson

CLIENTS_AT_ONCE = 500
"""Clients of the register who are looked up together."""

JOURNEYS_AT_ONCE = 100
"""Journeys that are read together, and their clients."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: which other definition, from which day on, and as of which moment.

    Before `since` the recorded definitions hold. `as_at` leaves out what happened later, `known_at`
    what was known later. Deadlines are looked at on the day `as_at`, or on that of `known_at`
    (None: today) where that is the earlier one.
    """

    other: Definition
    since: date = date.min
    as_at: date | None = None
    known_at: datetime | None = None


@dataclass(slots=True)
class Tally:
    """Counts of journeys, in an organisation or in all (None).

    `judged` have a verdict that could be put to rules; `eligible` and `would_be` were, and would
    have been let in. `days_sooner` is the sum over those who could have been sooner, `days_later`
    over those later. Deadlines and phases are counted one by one.
    """

    organisation: str | None
    journeys: int = 0
    judged: int = 0
    eligible: int = 0
    would_be: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    days_sooner: int = 0
    days_later: int = 0
    phases_stopped: int = 0
    phases_untold: int = 0
    deadlines_missed: int = 0
    deadlines_kept: int = 0

    def add(self, case: Case) -> None:
        """Count a journey."""
        self.journeys += 1
        self.judged += bool(case.verdicts)
        self.eligible += case.eligible
        self.would_be += case.would_be_eligible is True
        self.changes[case.change] += 1
        days = case.days_sooner or 0
        self.days_sooner += days if case.change is Change.SOONER else 0
        self.days_later -= days if case.change is Change.LATER else 0
        self.phases_stopped += sum(x.possible is False for x in case.phases)
        self.phases_untold += sum(x.possible is None for x in case.phases)
        self.deadlines_missed += sum(x.missed for x in case.deadlines)
        self.deadlines_kept += sum(not x.missed for x in case.deadlines)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would have been. The first of `tallies` is in all.

    `cases` are those that differ, and those of which, or of a phase of which, it cannot be told.
    `position` is that of the log which it was asked of. Of `eligibility_alone`, who would have
    been in or out was counted, and nothing else: no days, phases or deadlines.
    """

    question: Question
    position: int
    tallies: tuple[Tally, ...]
    cases: tuple[Case, ...]
    unknown: tuple[Unknown, ...]
    eligibility_alone: bool = False


def what_if(
    office: Office,
    question: Question,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> WhatIf:
    """Play the journeys of a programme again. Raises NotPublished where there is no such one."""
    office.programmes.check_published(question.other.programme)
    position = office.log.position()
    counts = _Counts()
    for case in _cases(office, question, position, on_progress):
        counts.add(case)
    others = never_referred(office, counts.clients, question.known_at, question.as_at)
    return WhatIf(
        question,
        position,
        (counts.total, *(counts.places[code] for code in sorted(counts.places))),
        tuple(counts.cases),
        tuple(unknown(counts.uncertain(), others)),
    )


class _Counts:
    """What is counted while journeys are gone through, and those that differ."""

    def __init__(self) -> None:
        self.total, self.places = Tally(None), dict[str, Tally]()
        self.cases: list[Case] = []
        self.clients: set[str] = set()
        self.unasked: Counter[str] = Counter()
        self.later = self.first_day_untold = 0

    def add(self, case: Case) -> None:
        self.total.add(case)
        self.places.setdefault(case.organisation, Tally(case.organisation)).add(case)
        self.clients.add(case.client)
        if case.touched or case.untold:
            self.cases.append(case)
        if case.newest is not None:
            self.unasked.update(case.newest.replayed.unasked)
            self.later += case.newest.replayed.later
            in_both = case.eligible and case.would_be_eligible is True
            self.first_day_untold += in_both and case.days_sooner is None

    def uncertain(self) -> Uncertain:
        """Return how much cannot be told, or only with what else is true."""
        changes = self.total.changes
        return Uncertain(
            changes[Change.UNTOLD],
            changes[Change.NOT_JUDGED],
            self.unasked,
            self.total.phases_untold,
            self.later,
            self.first_day_untold,
            sum(case.touched for case in self.cases),
        )


def _cases(
    office: Office, question: Question, position: int, on_progress: Callable[[int, int], None]
) -> Iterator[Case]:
    register = _Register(office, question.known_at)
    playing = _playing(office, question, register)
    streams = office.log.streams(f"{KIND}:")
    done, left = 0, iter(streams)
    while some := [*islice(left, JOURNEYS_AT_ONCE)]:
        loaded = office.log.load_many(dict.fromkeys(some, 0))
        register.look_up(clients_referred(chain.from_iterable(loaded.values())))
        for stream in some:
            entries = [x for x in loaded[stream] if x.position <= position]
            case = play(stream.removeprefix(f"{KIND}:"), entries, playing)
            if case is not None:
                yield case
            done += 1
            on_progress(done, len(streams))


def _playing(office: Office, question: Question, known: Callable[[str], Client]) -> Playing:
    other = question.other
    return Playing(
        other,
        question.since,
        definitions_of(office, other.programme),
        office.working_days(other.country),
        lambda client, day: facts_known(known(client), day),
        lambda client: _born(known(client)),
        _looked_at(office, question),
        question.as_at,
        question.known_at,
    )


def _looked_at(office: Office, question: Question) -> date:
    """Return the day on which a replay looks at deadlines: no later than anything was known."""
    zone = zone_of(question.other)
    known = (question.known_at or office.log.now()).astimezone(zone).date()
    return min(question.as_at or known, known)


class _Register:
    """What the register knew at an instant (None: knows) of the clients who were looked up last."""

    def __init__(self, office: Office, known_at: datetime | None) -> None:
        self._office, self._known_at = office, known_at
        self._known: dict[str, Client] = {}

    def look_up(self, clients: Iterable[str]) -> None:
        """Ask for clients at once; those asked for before are forgotten."""
        streams = {one: named("client", one) for one in clients if one}
        found = self._asked(streams.values()) if streams else {}
        self._known = {one: found[stream] for one, stream in streams.items()}

    def _asked(self, streams: Iterable[str]) -> Mapping[str, Client]:
        at = self._known_at
        if at is None:
            return self._office.clients.newest_of(streams)
        loaded = self._office.log.load_many(dict.fromkeys(streams, 0))
        return {one: fold(x for x in every if x.known_at <= at) for one, every in loaded.items()}

    def __call__(self, client: str) -> Client:
        """Return a client who was looked up; of nobody, nothing is known."""
        return self._known[client] if client else UNKNOWN


def _born(known: Client) -> date | None:
    text = known.registered.date_of_birth.text if known.registered else None
    return date.fromisoformat(text) if text else None


def never_referred(
    office: Office,
    referred: set[str],
    known_at: datetime | None = None,
    as_at: date | None = None,
) -> int:
    """Return how many persons of the register were never referred to the programme.

    A person with several ids is one, and was referred where any of them was. `known_at` leaves out
    who was registered, and merged, later; `as_at` who became known after that day: whose ids are of
    one person is so on any day, whenever somebody found it out.
    """
    others = (one for one in office.log.streams("client:") if one.partition(":")[2] not in referred)
    known = {client: (same, since) for client, same, since in _known(office, others, known_at)}
    found: set[str] = set()
    for client, (same, since) in known.items():
        goes_by = same.into or client
        every = {goes_by, *known.get(goes_by, (ALONE, since))[0].taken_in}
        if referred.isdisjoint(every) and (as_at is None or since <= as_at):
            found.add(goes_by)
    return len(found)


def _known(
    office: Office, streams: Iterator[str], known_at: datetime | None
) -> Iterator[tuple[str, SamePerson, date]]:
    """Yield with which other ids clients were known to be merged, and since when they were known.

    Nothing of who was not.
    """
    while some := [*islice(streams, CLIENTS_AT_ONCE)]:
        for stream, every in office.log.load_many(dict.fromkeys(some, 0)).items():
            entries = [x for x in every if known_at is None or x.known_at <= known_at]
            if entries:
                known = fold(entries)
                since = known.registered_on or entries[0].occurred_on
                yield stream.partition(":")[2], known.same, since


def of_eligibility(question: Question, position: int, tallies: tuple[Tally, ...]) -> WhatIf:
    """Return the answer of eligibility alone, where journeys were counted and not kept."""
    changes = tallies[0].changes
    otherwise = changes[Change.IN] + changes[Change.OUT]
    told = of_eligibility_alone(changes[Change.UNTOLD], changes[Change.NOT_JUDGED], otherwise)
    return WhatIf(question, position, tallies, (), tuple(told), eligibility_alone=True)


def names_of(office: Office, cases: Iterable[Case]) -> dict[str, str]:
    """Return the names of the clients of cases, by their ids; only for those who may see them."""
    found: dict[str, str] = {}
    for client in {case.client for case in cases}:
        known = office.clients.newest(f"client:{client}").registered
        names = (known.given_name.text, known.family_name.text) if known else ()
        found[client] = " ".join(name for name in names if name)
    return found
