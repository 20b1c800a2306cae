"""Eligibility under another definition by the facts that verdicts keep: for very many journeys.

A verdict keeps the facts it used, so no journey is folded: the archive tells each one's newest
verdict. The few journeys where a referral or a verdict was corrected are read from the log. What
only later entries or the register tell, and the first day on which a client could have been let in,
`what_if` tells of fewer journeys.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from application.acts import named
from application.evaluation.asking import Archive, Moment
from application.evaluation.cases import Change
from application.evaluation.told_facts import Told
from application.evaluation.verdicts_again import asked_then, facts_kept, judge_again, rules_again
from application.evaluation.what_if import Question, Tally, WhatIf, of_eligibility
from application.office import KIND, Office, definitions_of
from domain.definition import Definition
from domain.journey import events as e
from domain.journey.deadlines import DefinitionOf
from domain.journey.facts import restored
from domain.journey.history import JourneyEntry, effective

_COUNTING = "('referral-made', 'eligibility-assessed')"
_REVISIONS = f"""
SELECT key, journey FROM revisions WHERE entry_name IN {_COUNTING} OR name IN {_COUNTING}
"""

_UNREVISED = f"""
WITH revised AS ({_REVISIONS}),
first AS (SELECT key, min(version) AS version FROM referral_made GROUP BY key),
begun AS (
    SELECT key, occurred_on AS referred_on, to_organisation AS place
    FROM referral_made SEMI JOIN first USING (key, version) ANTI JOIN revised USING (key)
    WHERE programme = ?
),
brought_in AS (
    SELECT position FROM entries WHERE name = 'eligibility-assessed' AND source IS NOT NULL
),
newest AS (
    SELECT position FROM eligibility_assessed
    SEMI JOIN begun USING (key) ANTI JOIN brought_in USING (position)
    QUALIFY row_number() OVER (PARTITION BY key ORDER BY occurred_on DESC, version DESC) = 1
),
verdicts AS (
    SELECT key, occurred_on, organisation, eligible, definition_version, facts,
        flatten(list_transform(rules, lambda one: one.missing)) AS missing
    FROM eligibility_assessed SEMI JOIN newest USING (position)
)
SELECT place, referred_on, occurred_on, organisation, eligible, definition_version, facts, missing
FROM begun LEFT JOIN verdicts USING (key)
"""
"""Of each journey of a programme where it was referred to and when, and its newest verdict of here:
the one about the last day."""

_REVISED = f"""
SELECT DISTINCT journey FROM ({_REVISIONS})
SEMI JOIN (SELECT key FROM referral_made WHERE programme = ?) USING (key) ORDER BY journey
"""
"""The journeys of a programme where that was corrected or retracted."""

TELL_EVERY = 1000
"""After so many journeys it is told how far it is."""


class Decided(NamedTuple):
    """A verdict as it was made: about which day, where, and what it leaned on.

    `asked` are the facts that it asked for, known or not.
    """

    on: date
    organisation: str
    eligible: bool
    definition_version: int
    facts: Told
    asked: frozenset[str]


class Outcome(NamedTuple):
    """The newest verdict on a client, and what the other rules say; None: that cannot be told.

    It is the one about the last day: one that was told late, about a day before, undoes none.
    """

    organisation: str
    recorded: bool
    replayed: bool | None

    @property
    def change(self) -> Change:
        """What the other definition would have meant."""
        if self.replayed is None:
            return Change.UNTOLD
        if self.replayed is self.recorded:
            return Change.SAME
        return Change.IN if self.replayed else Change.OUT


@dataclass(frozen=True, slots=True)
class Rules:
    """The other definition, and the day from which it holds; `recorded` gives those recorded."""

    other: Definition
    since: date
    recorded: DefinitionOf

    def judge(self, verdict: Decided, referred_on: date) -> Outcome:
        """Put a recorded verdict to the other rules."""
        day, place, recorded = verdict.on, verdict.organisation, verdict.eligible
        if day < self.since:
            return Outcome(place, recorded, recorded)
        real = partial(self.recorded, verdict.definition_version)
        rules = rules_again(self.other, real, day, place, min(day, referred_on))
        if isinstance(rules, tuple) and all(rule.says(verdict.facts) for rule in rules):
            return Outcome(place, recorded, replayed=True)  # as mostly: no reasons to gather
        again = judge_again(verdict.asked, day, rules, verdict.facts)
        return Outcome(place, recorded, again.eligible)

    def outcome(self, entries: Sequence[JourneyEntry]) -> Outcome | str | None:
        """Return what comes of a whole journey, with what was corrected or retracted in it.

        Where no verdict stands that was made here, it is the organisation that the client was
        referred to. None where the journey is of another programme, or was not begun.
        """
        in_force = effective(entries)
        about = {entry.version: entry.occurred_on for entry in in_force}
        made = ((x.occurred_on, x.event) for x in in_force)
        begun = next(((on, x) for on, x in made if isinstance(x, e.ReferralMade)), None)
        if begun is None or begun[1].programme != self.other.programme:
            return None
        verdicts = [
            (about[x.version], x.version, _decided(x.occurred_on, x.event))
            for x in entries
            if isinstance(x.event, e.EligibilityAssessed)
            and x.source is None
            and x.version in about
        ]
        if not verdicts:
            return begun[1].to_organisation
        *_, newest = max(verdicts)
        return self.judge(newest, begun[0])


def eligibility_again(
    office: Office,
    archive: Archive,
    question: Question,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> WhatIf:
    """Put the newest verdict of each journey to another definition, as the archive has them now.

    The question is of a published programme, and of no moment.
    """
    programme, position = question.other.programme, archive.position
    rules = Rules(question.other, question.since, definitions_of(office, programme))
    with archive.at(Moment(position=position)) as asked:
        unrevised = asked.ask(_UNREVISED, (programme,)).rows
        revised = asked.ask(_REVISED, (programme,)).rows

    def read(journey: str) -> list[JourneyEntry]:
        entries = office.log.load(named(KIND, journey))
        return [one for one in entries if one.position <= position]

    every = chain(
        (_of_row(rules, *row) for row in unrevised),
        (rules.outcome(read(journey)) for (journey,) in revised),
    )
    journeys = len(unrevised) + len(revised)
    return of_eligibility(question, position, tallied(_telling(every, journeys, on_progress)))


def _of_row(
    rules: Rules, place: str, referred_on: date, on: date | None, *verdict: Any
) -> Outcome | str:
    if on is None:
        return place
    organisation, eligible, version, facts, missing = verdict
    kept = {one["name"]: restored(one["name"], one["value"]) for one in json.loads(facts)}
    asked = frozenset({*kept, *missing})
    decided = Decided(on, organisation, eligible, version, kept, asked)
    return rules.judge(decided, referred_on)


def _decided(on: date, event: e.EligibilityAssessed) -> Decided:
    return Decided(
        on,
        event.organisation,
        event.eligible,
        event.definition_version,
        facts_kept(event),
        asked_then(event),
    )


def _telling(
    outcomes: Iterable[Outcome | str | None], journeys: int, on_progress: Callable[[int, int], None]
) -> Iterator[Outcome | str]:
    """Yield what there is, and tell how far it is."""
    for number, outcome in enumerate(outcomes, 1):
        if number % TELL_EVERY == 0 or number == journeys:
            on_progress(number, journeys)
        if outcome is not None:
            yield outcome


def tallied(outcomes: Iterable[Outcome | str]) -> tuple[Tally, ...]:
    """Count journeys: the first tally in all, then by organisation."""
    total, places = Tally(None), dict[str, Tally]()
    for one, count in Counter(outcomes).items():
        place = one if isinstance(one, str) else one.organisation
        for tally in (total, places.setdefault(place, Tally(place))):
            tally.journeys += count
            if isinstance(one, str):
                tally.changes[Change.NOT_JUDGED] += count
                continue
            tally.judged += count
            tally.eligible += count * one.recorded
            tally.would_be += count * (one.replayed is True)
            tally.changes[one.change] += count
    return (total, *(places[place] for place in sorted(places)))
