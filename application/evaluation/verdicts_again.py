"""A verdict on eligibility put to other rules, and the first day on which rules would say yes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from application.evaluation.told_facts import (
    Told,
    beginning_of_spell,
    completed,
    on_another_day,
    with_later,
)
from domain.calendar import add_months, whole_years
from domain.definition import Definition, Facts, NoDefinition, Rule, Title
from domain.journey import events as e
from domain.journey.facts import WORKING_LIFE, restored
from domain.policy import Outcome, RuleOutcome, ask, reasons
from domain.wording import Wording, said


@dataclass(frozen=True, slots=True)
class Answer:
    """What other rules say of the facts of a verdict.

    `eligible` is None where it cannot be told: `unasked` names the facts that nobody asked for
    then. `reasons` say why not. `later` is whether only what was recorded later tells it.
    """

    eligible: bool | None
    reasons: tuple[Wording, ...] = ()
    unasked: tuple[str, ...] = ()
    later: bool = False


def rules_on(
    definition: Definition, day: date, organisation: str, referred_on: date
) -> tuple[Rule, ...] | Wording:
    """Return the rules by which an organisation's clients are judged on a day, or why by none.

    A client is judged even after the programme ended or the organisation left, where that was not
    so yet on the referral's day.
    """
    if day < definition.effective_from:
        return said("the programme begins on {day}", day=definition.effective_from)
    if definition.effective_until is not None and referred_on >= definition.effective_until:
        return said("the programme ends on {day}", day=definition.effective_until)
    part = next((one for one in definition.organisations if one.code == organisation), None)
    joined = part is not None and (part.since is None or part.since <= day)
    left = part is not None and part.until is not None and part.until <= referred_on
    if not joined or left:
        return said("{organisation} does not take part then", organisation=organisation)
    return definition.rules_in_force(day, organisation)


def rules_again(
    other: Definition,
    recorded: Callable[[], Definition],
    day: date,
    organisation: str,
    referred_on: date,
) -> tuple[Rule, ...] | Wording:
    """Return the rules of another definition to which a verdict that was made is put.

    It may have been made for a day on which nobody is judged there by the `recorded` definition
    either, as where it was recorded late, after a handover or under a version adopted since. Then
    that the other one is not run there then tells nothing, and its rules are asked.
    """
    rules = rules_on(other, day, organisation, referred_on)
    if isinstance(rules, tuple):
        return rules
    try:
        then = rules_on(recorded(), day, organisation, referred_on)
    except NoDefinition:
        return rules
    return rules if isinstance(then, tuple) else other.rules_in_force(day, organisation)


def judge_again(
    asked: frozenset[str],
    day: date,
    rules: tuple[Rule, ...] | Wording,
    facts: Facts,
    later: Callable[[], Facts] = dict,
    *,
    texts: Iterable[Title] = (),
) -> Answer:
    """Put rules to the facts that a verdict was made on.

    A fact that it `asked` for and that was not known stays unknown, as it was then. Where the rules
    want others, it counts what follows from those that were told, and then what `later` gives: what
    later entries tell of the day. `texts` are those of the rules' definition that are said in
    another language.
    """
    if not isinstance(rules, tuple):
        return Answer(eligible=False, reasons=(rules,))
    answer = _answered(rules, facts, asked, texts)
    if answer.eligible is not None:
        return answer
    answer = _answered(rules, completed(facts, day), asked, texts)
    if answer.eligible is not None:
        return answer
    told = completed(with_later(facts, later()), day)
    answer = _answered(rules, told, asked, texts)
    return Answer(answer.eligible, answer.reasons, answer.unasked, answer.eligible is not None)


def asked_then(verdict: e.EligibilityAssessed) -> frozenset[str]:
    """Return the facts that a verdict asked for, known or not."""
    missing = (name for rule in verdict.rules for name in rule.missing)
    return frozenset({*(fact.name for fact in verdict.facts), *missing})


def facts_kept(verdict: e.EligibilityAssessed) -> Told:
    """Return the facts that a verdict keeps: those that it used."""
    return {fact.name: restored(fact.name, fact.value) for fact in verdict.facts}


def _answered(
    rules: Sequence[Rule], facts: Facts, asked: frozenset[str], texts: Iterable[Title]
) -> Answer:
    outcomes = [ask(rule, facts) for rule in rules]
    not_met = [one for one in outcomes if one.outcome is not Outcome.MET]
    unasked = _unasked(not_met, asked)
    if unasked:
        return Answer(None, unasked=unasked)
    return Answer(not not_met, reasons(not_met, rules, texts))


def _unasked(not_met: Sequence[RuleOutcome], asked: frozenset[str]) -> tuple[str, ...]:
    """Return the facts that a yes hangs on and nobody asked for; none where it is no anyway."""
    missing = [[name for name in one.missing if name not in asked] for one in not_met]
    if not all(missing):
        return ()
    return tuple(dict.fromkeys(name for names in missing for name in names))


@dataclass(frozen=True, slots=True)
class FirstDay:
    """The first day on which rules would have said yes; `exact`, or that day at the latest."""

    day: date
    exact: bool = True


RulesOn = Callable[[date], tuple[Rule, ...] | Wording]


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What is told of a client: facts of the day `on`, the day of birth where it is known."""

    facts: Facts
    on: date
    born: date | None = None

    def at(self, day: date) -> Told:
        """Return the facts of a day, as far as these tell them."""
        told = on_another_day(self.facts, self.on, day)
        if self.born is not None:
            told["age"] = whole_years(self.born, day)
        return told


def first_day(
    told: ToldOf, rules: RulesOn, changes: Iterable[date], since: date, *, daily: bool = False
) -> FirstDay | None:
    """Return the first day, from `since` or the beginning of the spell on, with a yes.

    The last day looked at is that which the facts were told for. `changes` are the days on which
    the rules change; `daily`: they count days, so that each day may be the first. None where there
    is no such day, or nothing tells it.
    """
    days = tuple(changes)
    found = _first(told, rules, days, since, daily=daily)
    began = beginning_of_spell(told.facts, told.on)
    if found is None or began is None or began.earliest == began.latest:
        return None if found is None else FirstDay(found)
    earliest = replace(told, facts={**told.facts, "unemployed_since": began.earliest})
    return FirstDay(found, _first(earliest, rules, days, since, daily=daily) == found)


def _first(
    told: ToldOf, rules: RulesOn, changes: Iterable[date], since: date, *, daily: bool
) -> date | None:
    began = beginning_of_spell(told.facts, told.on)
    first = since if began is None else min(since, began.latest)
    for day in each_day(first, told.on) if daily else _turning(told, first, changes):
        asked = rules(day)
        if isinstance(asked, tuple):
            facts = told.at(day)
            answers = {rule: rule.says(facts) for rule in asked}
            if all(answers.values()):
                return day
            if False not in answers.values() and _told_of_the_last_day_alone(
                told, facts, [rule for rule, answer in answers.items() if answer is None]
            ):
                return None
    return None


def _told_of_the_last_day_alone(told: ToldOf, facts: Facts, unknown: Iterable[Rule]) -> bool:
    """Whether rules hang on what was told of the last day, and may have been so on earlier ones.

    As where somebody is unemployed, and nothing tells since when. The days of the last 16 months
    say nothing of an earlier day, but that is no reason to think that they were as many.
    """
    lost = told.at(told.on).keys() - facts.keys() - {"days_unemployed_of_last_16_months"}
    if beginning_of_spell(told.facts, told.on) is not None:
        lost -= WORKING_LIFE  # before a spell nobody was in it
    return any(not lost.isdisjoint(rule.needs) for rule in unknown)


def _turning(told: ToldOf, first: date, changes: Iterable[date]) -> list[date]:
    """Return every day, from the first on, on which an answer can become another."""
    began = beginning_of_spell(told.facts, told.on)
    days = {first, told.on, *changes}
    if began is not None:
        days |= set(takewhile(lambda day: day <= told.on, _months(began.latest)))
    if told.born is not None:
        days |= set(takewhile(lambda day: day <= told.on, _months(told.born, 12)))
    return sorted(day for day in days if first <= day <= told.on)


def _months(since: date, step: int = 1) -> Iterator[date]:
    months = 0
    while True:
        yield add_months(since, months)
        months += step


def changes_of(definition: Definition) -> frozenset[date]:
    """Return the days on which the rules change by which an organisation's clients are judged."""
    rules = ((one.since, one.until) for one in definition.eligibility)
    parts = ((one.since, one.until) for one in definition.organisations)
    days = (day for period in (*rules, *parts) for day in period if day is not None)
    return frozenset({definition.effective_from, *days})


def counts_days(definition: Definition) -> bool:
    """Whether eligibility rules name a length in days, so that their answer can change any day."""
    return any("days_unemployed" in dated.rule.needs for dated in definition.eligibility)


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield all days from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
