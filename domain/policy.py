"""Named rules judge the facts of one day, and say why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.definition import Facts, Rule, Title
from domain.facts import FACTS
from domain.wording import Listed, Wording, said, titled, worded


class Outcome(StrEnum):
    """What a rule says of the facts; `UNKNOWN` where a fact that would decide is not known."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule said: its id, the outcome, the legal or agreed basis and its text (CEL).

    `missing` names the facts that were not known, where the outcome is unknown.
    """

    id: str
    title: str
    outcome: Outcome
    basis: str
    text: str
    missing: tuple[str, ...] = ()

    @property
    def reason(self) -> Wording:
        """Say in a sentence why the rule is not met; an empty text where it is."""
        return self.why(self.title, self.basis)

    def why(self, title: str, basis: str) -> Wording:
        """Say it as `reason` does, with a title and a basis that can be said in other languages."""
        match self.outcome:
            case Outcome.MET:
                return Wording("")
            case Outcome.NOT_MET:
                return said("{rule}: not met ({basis})", rule=title, basis=basis)
            case Outcome.UNKNOWN:
                return said(
                    "{rule}: cannot be told, {unknown} ({basis})",
                    rule=title,
                    unknown=_unknown(self.missing),
                    basis=basis,
                )


@dataclass(frozen=True, slots=True)
class Eligible:
    """Every rule in force is met."""

    rules: tuple[RuleOutcome, ...]


@dataclass(frozen=True, slots=True)
class NotEligible:
    """At least one rule is not met, or a fact that would decide it is not known."""

    rules: tuple[RuleOutcome, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not, a sentence for each rule that is not met."""
        return tuple(rule.reason for rule in self.rules if rule.outcome is not Outcome.MET)

    @property
    def basis(self) -> tuple[str, ...]:
        """The grounds of the rules that are not met, each once, in the order of the rules."""
        failed = (rule.basis for rule in self.rules if rule.outcome is not Outcome.MET)
        return tuple(dict.fromkeys(failed))

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts to find out, each once: with them the verdict could change."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.missing))


Verdict: TypeAlias = Eligible | NotEligible


def ask(rule: Rule, facts: Facts) -> RuleOutcome:
    """Return what the rule says of the facts."""
    answer = rule.says(facts)
    if answer is not None:
        outcome = Outcome.MET if answer else Outcome.NOT_MET
        return RuleOutcome(rule.id, rule.title.en, outcome, rule.basis, rule.text)
    missing = tuple(name for name in rule.needs if facts.get(name) is None)
    return RuleOutcome(
        rule.id, rule.title.en, Outcome.UNKNOWN, rule.basis, rule.text, missing or rule.needs
    )


def judge(rules: Iterable[Rule], facts: Facts) -> Verdict:
    """Return the verdict of the rules on the facts, with the outcome of each rule.

    A client is eligible where every rule is met; where there is no rule, everybody is.
    """
    outcomes = tuple(ask(rule, facts) for rule in rules)
    if all(rule.outcome is Outcome.MET for rule in outcomes):
        return Eligible(outcomes)
    return NotEligible(outcomes)


def unmet(rules: Iterable[Rule], facts: Facts) -> tuple[RuleOutcome, ...]:
    """Return the outcomes of the rules that are not met, for the requirements of a phase."""
    outcomes = (ask(rule, facts) for rule in rules)
    return tuple(rule for rule in outcomes if rule.outcome is not Outcome.MET)


def reasons(
    outcomes: Iterable[RuleOutcome], rules: Iterable[Rule], texts: Iterable[Title]
) -> tuple[Wording, ...]:
    """Return why rules are not met, sayable in the language of the place, too.

    `outcomes` are of some of the `rules`; `texts` are those of their definition that are said in
    another language.
    """
    titles, every = {rule.id: rule.title for rule in rules}, tuple(texts)
    return tuple(one.why(titled(titles[one.id]), worded(one.basis, every)) for one in outcomes)


def _unknown(names: tuple[str, ...]) -> Wording:
    titles = [
        Wording(FACTS[name].title, context="fact") if name in FACTS else name for name in names
    ]
    if not titles:
        return said("a fact is not known")
    if len(titles) == 1:
        return said("{fact} is not known", fact=titles[0])
    return said("{facts:and} are not known", facts=Listed(titles))
