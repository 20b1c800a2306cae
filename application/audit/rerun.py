"""A decision put to its policy once more: with the entries of then or of today, and either's rules.

Only what was recorded is used. A fact that came from outside the journey (stated with the
assessment, or told by the register) is taken as it was, but for what the register told of another
client than the journey is of; where a rule asks for one that nobody asked for then, it cannot be
told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from application.audit.guards import refused
from domain.definition import Definition, Facts, FactValue, Rule
from domain.facts import FACTS
from domain.journey import events as e
from domain.journey.act import Act
from domain.journey.evolve import fold
from domain.journey.facts import WORKING_LIFE, Known, facts_of, restored, stored, used, values
from domain.journey.history import REVISING, History, JourneyEntry, as_it_happened, history_of
from domain.policy import Outcome, RuleOutcome, ask, reasons
from domain.wording import Listed, Wording, said

SAME = said("would decide the same")


class Asking(StrEnum):
    """What a decision is asked again with.

    `KNOWLEDGE`: the same rule, and what is known today of the day it was made for. `RULE`: what was
    known then, and the rule of today. `BOTH`: the rule and the knowledge of today.
    """

    KNOWLEDGE = "todays-knowledge"
    RULE = "todays-rule"
    BOTH = "todays-rule-and-knowledge"


@dataclass(frozen=True, slots=True)
class Again:
    """What came of asking again.

    `differs` is whether it would be decided otherwise; None where it cannot be told, and `said`
    says why. `version` is that of the definition whose rules were asked. `outside` are the facts
    that came from outside the journey.
    """

    asking: Asking
    differs: bool | None
    said: Wording
    version: int | None = None
    rules: tuple[RuleOutcome, ...] = ()
    facts: tuple[e.FactUsed, ...] = ()
    outside: frozenset[str] = frozenset()


def known_then(entries: Sequence[JourneyEntry], decision: JourneyEntry) -> History:
    """Return the history as it was recorded when a decision was made."""
    return history_of(x for x in entries if x.version < decision.version)


def known_today(entries: Sequence[JourneyEntry], decision: JourneyEntry, then: History) -> History:
    """Return what is known today of the day of a decision, as it happened, without it itself.

    Where that is what was known then, it is the history of then, in the order recorded.
    """
    day, found = decision.occurred_on, history_of(entries)
    by_then = [
        x
        for x in found.in_force
        if x.version != decision.version and x.occurred_on <= day and not _revises(x)
    ]
    if by_then == [x for x in then.in_force if x.occurred_on <= day and not _revises(x)]:
        return then
    happened = tuple(as_it_happened(by_then))
    return History(found.entries, happened, fold(happened))


def _revises(entry: JourneyEntry) -> bool:
    return type(entry.event) in REVISING


def ruled_by(
    definition: Definition, decision: JourneyEntry, day: date, organisation: str = ""
) -> tuple[Rule, ...] | None:
    """Return the rules of a definition that a decision is put to on a day; None where none are.

    Rules of eligibility are those of a place: of the `organisation`, else the one that it names.
    """
    match decision.event:
        case e.EligibilityAssessed(organisation=named):
            return definition.rules_in_force(day, organisation or named)
        case e.PhaseEntered(phase=phase):
            found = definition.phase(phase)
            return None if found is None else found.requires
        case _:
            return None


def place_known_since(decision: JourneyEntry, history: History, then: History) -> str:
    """Return who was responsible on the day of a decision, where that is known otherwise since."""
    was, now = (x.at(decision.occurred_on).organisation for x in (then, history))
    return now if now != was else ""


def outside(decision: JourneyEntry, then: History) -> dict[str, FactValue]:
    """Return the facts that a decision used and that came from outside the journey."""
    known = facts_of(then.at(decision.occurred_on), decision.occurred_on)

    def is_outside(fact: e.FactUsed) -> bool:
        value, entries = known.get(fact.name, (None, (0,)))
        return not fact.entries and (stored(value), entries) != (fact.value, ())

    return {
        fact.name: restored(fact.name, fact.value)
        for fact in facts_used(decision)
        if is_outside(fact)
    }


def given_again(decision: JourneyEntry, then: History) -> dict[str, FactValue]:
    """Return what a decision is given from outside the journey where it is asked again.

    Older decisions used what entries told of working life also where it was stated to be over:
    there it goes on, as it did for them.
    """
    day, given = decision.occurred_on, outside(decision, then)
    if WORKING_LIFE.isdisjoint(given):
        return given
    told = facts_of(then.at(day), day)
    known = facts_of(then.at(day), day, given)
    for fact in facts_used(decision):
        _, entries = told.get(fact.name, (None, ()))
        _, still = known.get(fact.name, (None, ()))
        if "unemployed" in told and fact.entries == entries != still and fact.name not in given:
            return given | {"unemployed": told["unemployed"][0]}
    return given


def facts_used(decision: JourneyEntry) -> tuple[e.FactUsed, ...]:
    """Return the facts that a decision names; none where no rule of a definition made it."""
    ruled = isinstance(decision.event, e.EligibilityAssessed | e.PhaseEntered)
    return decision.event.facts if ruled else ()  # type: ignore[union-attr]


def ask_rules(
    asking: Asking,
    decision: JourneyEntry,
    history: History,
    definition: Definition,
    rules: tuple[Rule, ...],
    given: Facts,
) -> Again:
    """Put rules to what a history tells of the day of a decision, and to facts from outside.

    What it asked for is as it was told then, where the entries tell nothing else of it since.
    """
    day = decision.occurred_on
    known = _told_as_then(facts_of(history.at(day), day, given), decision, history, given)
    outcomes = tuple(ask(rule, values(known)) for rule in rules)
    not_met = tuple(one for one in outcomes if one.outcome is not Outcome.MET)
    unasked = _unasked(decision, not_met)
    if unasked:
        facts = Listed(Wording(FACTS[name].title, context="fact") for name in unasked)
        why = said("cannot be told: nobody asked then for {facts}", facts=facts)
        differs: bool | None = None
    else:
        told = reasons(not_met, rules, definition.texts)
        differs, why = _compared(decision, not_met, told)
    found = used(known, rules)
    return Again(asking, differs, why, definition.version, outcomes, found, frozenset(given))


def _told_as_then(known: Known, decision: JourneyEntry, history: History, given: Facts) -> Known:
    """Return what is known, but as it was recorded where what entries tell of it is the same since.

    Facts may have been made of entries in another way then: that is no knowledge of today.
    """
    recorded: Known = {x.name: (restored(x.name, x.value), x.entries) for x in facts_used(decision)}
    asked = _asked(decision) - given.keys()
    others = {name for name in asked if _value(name, known) != _value(name, recorded)}
    if not others:
        return known
    day = decision.occurred_on
    told = facts_of(known_then(history.entries, decision).at(day), day, given)
    same = {name for name in others if _value(name, told) == _value(name, known)}
    kept = {name: recorded[name] for name in same & recorded.keys()}
    return {name: fact for name, fact in known.items() if name not in same} | kept


def _value(name: str, known: Known) -> FactValue:
    return known[name][0] if name in known else None


def _asked(decision: JourneyEntry) -> set[str]:
    """Return the facts that a decision asked for: those that it used, and a verdict's missing."""
    asked = {fact.name for fact in facts_used(decision)}
    if isinstance(decision.event, e.EligibilityAssessed):
        asked |= {name for rule in decision.event.rules for name in rule.missing}
    return asked


def _unasked(decision: JourneyEntry, not_met: Iterable[RuleOutcome]) -> tuple[str, ...]:
    """Return the facts that a yes hangs on now, and that nobody had to ask for then.

    Nothing hangs on a requirement that was overridden, whether or not its facts were known.
    """
    event, failed, asked = decision.event, tuple(not_met), _asked(decision)
    if isinstance(event, e.EligibilityAssessed):
        if not event.eligible:
            return ()
    elif isinstance(event, e.PhaseEntered):
        failed = tuple(one for one in failed if one.id not in event.overridden)
    missing = [set(one.missing) - asked for one in failed]
    if not failed or not all(missing):
        return ()
    return tuple(dict.fromkeys(x for one in failed for x in one.missing if x not in asked))


def _compared(
    decision: JourneyEntry, not_met: tuple[RuleOutcome, ...], told: tuple[Wording, ...]
) -> tuple[bool, Wording]:
    """Return whether it would be decided otherwise, and why; `told` says why each is not met."""
    event = decision.event
    if isinstance(event, e.PhaseEntered):
        return _entered(event, not_met, told)
    eligible = isinstance(event, e.EligibilityAssessed) and event.eligible
    if eligible is not bool(not_met):
        return False, SAME
    if not_met:
        return True, said("would find the client not eligible: {reasons:;}", reasons=Listed(told))
    return True, said("would find the client eligible")


def _entered(
    event: e.PhaseEntered, not_met: tuple[RuleOutcome, ...], told: tuple[Wording, ...]
) -> tuple[bool, Wording]:
    of_each = zip(not_met, told, strict=True)
    lacking = Listed(why for one, why in of_each if one.id not in event.overridden)
    if lacking:
        return True, said("would not let the phase be entered: {reasons:;}", reasons=lacking)
    spared = set(event.overridden) - {one.id for one in not_met}
    if spared:
        return True, said("would need no override of {rules}", rules=Listed(sorted(spared)))
    return False, SAME


def ask_guards(
    asking: Asking, decision: JourneyEntry, history: History, then: History, act: Act
) -> Again:
    """Ask the guards of an act again: whether it could be recorded, of the history."""
    why = refused(history, then, act, decision)
    return Again(asking, why is not None, why or SAME, act.definition.version)
