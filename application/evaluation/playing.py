"""One journey played again under another definition: its verdicts, phases and deadlines.

A verdict is asked with what was known when it was made. What was retracted is not asked; what was
brought in from another system passed no rule here, and is not asked either.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from application.audit.rerun import Asking, ask_rules, given_again, known_then, outside
from application.evaluation.cases import (
    Case,
    Change,
    DeadlineAgain,
    PhaseAgain,
    Verdict,
    change_of,
)
from application.evaluation.told_facts import completed, told_later, with_later
from application.evaluation.verdicts_again import (
    FirstDay,
    RulesOn,
    ToldOf,
    asked_then,
    changes_of,
    counts_days,
    facts_kept,
    first_day,
    judge_again,
    rules_again,
    rules_on,
)
from domain.calendar import IsWorkingDay
from domain.definition import Definition, Facts, FactValue, NoDefinition, PhaseRule
from domain.journey import events as e
from domain.journey.deadlines import (
    Deadline,
    DefinitionOf,
    Instead,
    deadlines,
    versions_there,
)
from domain.journey.facts import SPELL, WORKING_LIFE, facts_of, values
from domain.journey.history import History, JourneyEntry, as_it_happened, effective
from domain.journey.state import Stay
from domain.journey.under import under_which
from domain.policy import Outcome
from domain.wording import Wording, said


@dataclass(frozen=True, slots=True)
class Playing:
    """What is played: the other definition, from which day on, and as of which moment.

    `recorded` gives the recorded definitions by version, `is_working_day` is of their country.
    `register` tells facts of a client on a day, `born` the day of birth. `today` is the day on
    which deadlines are looked at.
    """

    other: Definition
    since: date
    recorded: DefinitionOf
    is_working_day: IsWorkingDay
    register: Callable[[str, date], Facts]
    born: Callable[[str], date | None]
    today: date
    as_at: date | None = None
    known_at: datetime | None = None

    def definition(self, day: date, version: int) -> Definition:
        """Return the definition that holds on a day: the other one, or before it that recorded."""
        return self.other if day >= self.since else self.recorded(version)

    def was_in_force(self, day: date, version: int) -> Definition:
        """Return the recorded definition that held on a day for a journey under a version.

        Before that version took effect, it is the one before it. Raises NoDefinition.
        """
        held = self.recorded(version)
        while day < held.effective_from and held.version > 1:
            try:
                held = self.recorded(held.version - 1)
            except NoDefinition:
                break
        return held

    def versions(self, version: int) -> Iterator[Definition]:
        """Yield the recorded versions of the definition up to one."""
        return versions_there(range(1, version + 1), self.recorded)


@dataclass(frozen=True, slots=True)
class _Stream:
    """A journey's entries as known at the moment: all, those in force, and its referral."""

    known: tuple[JourneyEntry, ...]
    in_force: tuple[JourneyEntry, ...]
    referral: e.ReferralMade
    referred_on: date

    def recorded(self, kind: type) -> Iterator[JourneyEntry]:
        """Yield the decisions of a kind that stand, as they were recorded."""
        standing = {x.version for x in self.in_force}
        return (x for x in self.known if isinstance(x.event, kind) and x.version in standing)


def play(journey: str, entries: Sequence[JourneyEntry], playing: Playing) -> Case | None:
    """Play a journey again; None where it was not yet begun, or is of another programme."""
    stream = _stream(entries, playing)
    if stream is None or stream.referral.programme != playing.other.programme:
        return None
    about = {x.version: (x.occurred_on, x.version) for x in stream.in_force}
    verdicts = tuple(sorted(_verdicts(stream, playing), key=lambda one: about[one.entry]))
    place = stream.referral.to_organisation
    case = Case(journey, stream.referral.client, place, Change.NOT_JUDGED, verdicts)
    case = replace(case, phases=tuple(_phases(stream, verdicts, playing)))
    newest = case.newest
    if newest is None:
        return replace(case, deadlines=_deadlines(stream, playing))
    possible, replayed = _first_days(stream, newest, playing)
    case = replace(case, organisation=newest.organisation)
    case = replace(case, possible=possible, replayed_possible=replayed)
    change = change_of(case)
    missed = () if change is Change.OUT else _deadlines(stream, playing)
    return replace(case, change=change, deadlines=missed)


def _stream(entries: Sequence[JourneyEntry], playing: Playing) -> _Stream | None:
    at, day = playing.known_at, playing.as_at
    known = tuple(x for x in entries if at is None or x.known_at <= at)
    in_force = tuple(x for x in effective(known) if day is None or x.occurred_on <= day)
    for entry in in_force:
        if isinstance(entry.event, e.ReferralMade):
            return _Stream(known, in_force, entry.event, entry.occurred_on)
    return None


# Verdicts


def _verdicts(stream: _Stream, playing: Playing) -> Iterator[Verdict]:
    under = under_which(stream.known)
    for entry in stream.recorded(e.EligibilityAssessed):
        if entry.source is not None:
            continue  # it was brought in, and passed no rule here
        event: e.EligibilityAssessed = entry.event  # type: ignore[assignment]
        day, version = entry.occurred_on, under[entry.version].version
        try:
            definition = playing.definition(day, version)
        except NoDefinition:
            continue
        recorded, referred = partial(playing.recorded, version), min(day, stream.referred_on)
        rules = rules_again(definition, recorded, day, event.organisation, referred)
        then = known_then(stream.known, entry)
        facts = _facts_then(entry, event, then, playing)
        later = partial(told_later, as_it_happened(stream.in_force), day)
        asked = asked_then(event)
        answer = judge_again(asked, day, rules, facts, later, texts=definition.texts)
        yield Verdict(entry.version, day, event.organisation, event.eligible, answer)


def _facts_then(
    entry: JourneyEntry, event: e.EligibilityAssessed, then: History, playing: Playing
) -> dict[str, FactValue]:
    """Return what was known when a verdict was made; the register tells what nobody asked.

    What it used is as it was stored, and what it asked for in vain is not known: facts may have
    been made of entries in another way then.

    Where a spell of unemployment was stated with it, or the status, what the entries had told of a
    spell before is left out, but for what the verdict used: it may be another one, or be over.
    """
    day, asked = entry.occurred_on, asked_then(event)
    register = playing.register(then.journey.client, day)
    given = {name: value for name, value in register.items() if name not in asked}
    stated = given_again(entry, then)
    told = values(facts_of(then.at(day), day, given | stated))
    known = {name: value for name, value in told.items() if name not in asked} | facts_kept(event)
    if WORKING_LIFE.isdisjoint(stated):
        return known
    return {name: value for name, value in known.items() if name in asked or name not in SPELL}


def _first_days(
    stream: _Stream, verdict: Verdict, playing: Playing
) -> tuple[FirstDay | None, FirstDay | None]:
    """Return the first day with a yes by the recorded rules, and by the other ones."""
    entry = next(x for x in stream.known if x.version == verdict.entry)
    event: e.EligibilityAssessed = entry.event  # type: ignore[assignment]
    day, place = verdict.on, verdict.organisation
    facts = _facts_then(entry, event, known_then(stream.known, entry), playing)
    later = told_later(as_it_happened(stream.in_force), day)
    told = ToldOf(
        completed(with_later(facts, later), day), day, playing.born(stream.referral.client)
    )
    version = event.definition_version
    try:
        playing.recorded(version)
    except NoDefinition:
        return None, None
    every = (*playing.versions(version), playing.other)
    changes = {playing.since}.union(*(changes_of(one) for one in every))
    daily = any(counts_days(one) for one in every)

    def held(on: date) -> Definition:
        return playing.was_in_force(on, version)

    both: tuple[RulesOn, RulesOn] = (
        lambda on: rules_on(held(on), on, place, on),
        lambda on: rules_on(playing.other if on >= playing.since else held(on), on, place, on),
    )
    found = [first_day(told, rules, changes, stream.referred_on, daily=daily) for rules in both]
    return found[0], found[1]


# Phases


def _phases(stream: _Stream, verdicts: Sequence[Verdict], playing: Playing) -> Iterator[PhaseAgain]:
    for entry in stream.recorded(e.PhaseEntered):
        if entry.source is None and entry.occurred_on >= playing.since:
            found = _phase(entry, stream, verdicts, playing)
            if found.possible is not True:
                yield found


def _phase(
    entry: JourneyEntry, stream: _Stream, verdicts: Sequence[Verdict], playing: Playing
) -> PhaseAgain:
    event: e.PhaseEntered = entry.event  # type: ignore[assignment]
    phase, other = event.phase, playing.other.phase(event.phase)
    then = known_then(stream.known, entry)

    def again(possible: bool | None, why: Wording) -> PhaseAgain:
        return PhaseAgain(entry.version, entry.occurred_on, phase.value, possible, why)

    if other is None:
        return again(False, said("there is no such phase"))
    if not _follows(then.journey.stay, other):
        return again(False, said("it does not follow the phase before it"))
    given = outside(entry, then) | _eligible(entry, then, verdicts)
    told = ask_rules(Asking.RULE, entry, then, playing.other, other.requires, given)
    lacking = [one for one in told.rules if one.outcome is not Outcome.MET]
    stopped = any(one.id not in event.overridden for one in lacking)
    return again(None if told.differs is None else not stopped, told.said)


def _follows(before: Stay | None, phase: PhaseRule) -> bool:
    return not phase.after if before is None else before.phase in phase.after


def _eligible(
    entry: JourneyEntry, then: History, verdicts: Sequence[Verdict]
) -> dict[str, FactValue]:
    """Return what the other definition's verdict tells of a phase that was entered after it.

    Which one was about the last day is asked as it was known then.
    """
    about = {x.version: x.occurred_on for x in then.in_force if x.occurred_on <= entry.occurred_on}
    before = [x for x in verdicts if x.entry in about]
    newest = max(before, key=lambda one: (about[one.entry], one.entry), default=None)
    if newest is None or newest.replayed.eligible in {None, newest.recorded}:
        return {}
    return {"eligible": newest.replayed.eligible}


# Deadlines


def _deadlines(stream: _Stream, playing: Playing) -> tuple[DeadlineAgain, ...]:
    """Return the deadlines that are missed under one definition and not under the other."""
    days, instead = playing.is_working_day, Instead(playing.other, playing.since)
    recorded = {x.id: x for x in deadlines(stream.in_force, playing.recorded, days)}
    other = deadlines(stream.in_force, playing.recorded, days, instead)
    replayed = {x.id: x for x in other}
    both = ((recorded.get(id_), replayed.get(id_)) for id_ in {**recorded, **replayed})
    today = playing.today
    return tuple(
        _deadline(one, again, today)
        for one, again in both
        if _missed(one, today) is not _missed(again, today)
    )


def _missed(one: Deadline | None, today: date) -> bool:
    return one is not None and one.missed(today)


def _deadline(one: Deadline | None, again: Deadline | None, today: date) -> DeadlineAgain:
    missed = _missed(again, today)
    there = again if missed else one
    return DeadlineAgain(
        there.id if there else "",
        there.title if there else None,
        one.status(today) if one else None,
        one.due if one else None,
        again.status(today) if again else None,
        again.due if again else None,
        missed,
    )
