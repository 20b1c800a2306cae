"""Eligibility under another definition by the facts that verdicts keep: for very many journeys.

A verdict keeps the facts it used, so no journey is folded. What only later entries or the register
tell, and the first day on which a client could have been let in, `what_if` tells of fewer journeys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from application.evaluation.cases import Change
from application.evaluation.verdicts_again import facts_kept, judge_again, rules_again
from application.evaluation.what_if import Tally
from domain.definition import Definition
from domain.journey import events as e
from domain.journey.deadlines import DefinitionOf
from domain.journey.history import JourneyEntry, effective


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

    def judge(self, entry: JourneyEntry, referred_on: date) -> Outcome:
        """Put a recorded verdict to the other rules."""
        verdict: e.EligibilityAssessed = entry.event  # type: ignore[assignment]
        day, place, recorded = entry.occurred_on, verdict.organisation, verdict.eligible
        if day < self.since:
            return Outcome(place, recorded, recorded)
        real = partial(self.recorded, verdict.definition_version)
        rules = rules_again(self.other, real, day, place, min(day, referred_on))
        facts = facts_kept(verdict)
        if isinstance(rules, tuple) and all(rule.says(facts) for rule in rules):
            return Outcome(place, recorded, replayed=True)  # as mostly: no reasons to gather
        return Outcome(place, recorded, judge_again(verdict, day, rules, facts).eligible)

    def outcome(self, entries: Sequence[JourneyEntry]) -> Outcome | str | None:
        """Return what comes of a whole journey, with what was corrected or retracted in it.

        Where no verdict stands that was made here, it is the organisation that the client was
        referred to. None where the journey is of another programme, or was not begun.
        """
        in_force = effective(entries)
        about = {entry.version: entry.occurred_on for entry in in_force}
        begun = next((x for x in in_force if isinstance(x.event, e.ReferralMade)), None)
        if begun is None or not self.is_of(begun.event):
            return None
        verdicts = [
            x
            for x in entries
            if isinstance(x.event, e.EligibilityAssessed)
            and x.source is None
            and x.version in about
        ]
        if verdicts:
            newest = max(verdicts, key=lambda one: (about[one.version], one.version))
            return self.judge(newest, begun.occurred_on)
        return str(begun.event.to_organisation)  # type: ignore[union-attr]

    def is_of(self, event: object) -> bool:
        """Whether an event refers a client to the programme."""
        return isinstance(event, e.ReferralMade) and event.programme == self.other.programme


def tallied(outcomes: Iterable[Outcome | str]) -> tuple[Tally, ...]:
    """Count journeys: the first tally in all, then by organisation."""
    total, places = Tally(None), dict[str, Tally]()
    for one in outcomes:
        place = one if isinstance(one, str) else one.organisation
        for tally in (total, places.setdefault(place, Tally(place))):
            tally.journeys += 1
            if isinstance(one, str):
                tally.changes[Change.NOT_JUDGED] += 1
                continue
            tally.judged += 1
            tally.eligible += one.recorded
            tally.would_be += one.replayed is True
            tally.changes[one.change] += 1
    return (total, *(places[place] for place in sorted(places)))
