"""A compiled rule is tried on sample facts, to find what can never be right.

CEL has no types to check against here, so a rule is put to every combination of telling values of
its facts (both sides of each number and day it names, each code it names and another one; where it
asks for a part of a day, days with every such part). A wrong type then shows as an evaluation that
fails, and a comparison that can never hold as a fact that never changes the answer.
"""

import itertools
import math
import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from domain.definition import FactValue
from domain.facts import FACTS, Fact
from infrastructure.rules import CANNOT_SAY, CompiledRule, RuleFault, as_cel, nearest

Codes: TypeAlias = Mapping[str, Collection[str]]
"""The parts of a definition that list the values of facts ("channels"), with their codes."""

_MOST_TRIALS = 20_000
_TEXTS = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
_NUMBER = r"(?<![\w.])\d+(?![\w.])"
_FIRST, _LAST = date.min + timedelta(days=1), date.max - timedelta(days=1)
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = re.compile(r"(?<!\d)[1-9]\d{3}(?!\d)")
_PART_OF_DAY = re.compile(r"\.get[A-Z]\w*\(")
_RECKONED = re.compile(r"\b(?:string|int|double)\s*\(|[-+*/%]")
"""What samples do not foresee: a day is made into a text or a number, or reckoned with."""

_INSTANTS = re.compile(r"\b(?:timestamp|duration)\(\s*(?:\"[^\"\\]*\"|'[^'\\]*')\s*\)")
"""Texts that are no codes."""

_TEXT = _TEXTS.pattern.replace("(", "(?:")
_MEETS = (
    rf"\b{{name}}\s*[=!]=\s*(?:{_TEXT})|(?:{_TEXT})\s*(?:[=!]=|\bin\b)\s*{{name}}\b"
    rf"|\b{{name}}\s+in\s*\[[^\]]*\]"
)
"""A fact that meets texts: equal or not to one, among several, or with one among its own."""

_COMPARES = r"\s*(?:[<>]=?|[=!]=)\s*"
_DESCRIBED = {
    "bool": "yes or no",
    "int": "a whole number",
    "str": "a text",
    "date": "a day",
    "codes": "a list of codes",
}


def examine(rule: CompiledRule, codes: Codes) -> list[RuleFault]:
    """Try the rule on sample facts, and return what can never be right."""
    facts = [FACTS[name] for name in rule.needs]
    return (
        _unknown_values(rule.text, facts, codes)
        or _failing(rule, facts, codes)
        or _without_effect(rule, facts, codes)
    )


def never_right(rule: CompiledRule, *, condition: bool) -> Iterator[RuleFault]:
    """Yield what can never be right of a rule, whatever codes a definition lists.

    `condition`: it must say yes or no. Only what holds of all samples is told. Where they may miss
    what matters (texts that nothing limits, facts that are reckoned with), nothing is.
    """
    facts = [FACTS[name] for name in rule.needs]
    samples = [_every(fact, rule.text) for fact in facts]
    limited = all(_limited(fact, rule.text) for fact in facts)
    reckoned = _RECKONED.search(_TEXTS.sub("", rule.text))
    if math.prod(map(len, samples)) > _MOST_TRIALS or (reckoned and not limited):
        return
    answers = {values: _told(rule, values) for values in itertools.product(*samples)}
    failing = [one for one in answers.values() if isinstance(one, RuleFault)]
    said = [one for one in answers.values() if not isinstance(one, RuleFault)]
    if not said:
        yield failing[0]
    elif condition and not any(isinstance(one, bool) for one in said):
        yield _no_condition(said[0])
    elif not reckoned and (strange := _unknown_met(rule.text, facts)):
        yield from strange
    elif condition and limited and not reckoned and True not in said:
        yield RuleFault("never-true", "it is never true: compare facts with what they can be")


def _unknown_met(text: str, facts: list[Fact]) -> list[RuleFault]:
    """Return the codes that a fact is compared with and can never have, whatever else is named."""
    return [
        _unknown(code, fact.name, fact.values)
        for fact in facts
        for code in _met(fact.name, text)
        if fact.values and code and code not in fact.values
    ]


def _met(name: str, text: str) -> tuple[str, ...]:
    """Return the texts that a fact is compared with as they stand, each once."""
    found = re.finditer(_MEETS.format(name=name), text)
    return _literals(" ".join(one.group() for one in found))


def _every(fact: Fact, text: str) -> tuple[FactValue, ...]:
    """Return all values that a fact can have, or else samples of them, as the text names them."""
    if fact.type == "str":
        return fact.values or (*_literals(text), "something-else")
    if fact.values:  # a list of them, in any order
        some = (itertools.permutations(fact.values, n) for n in range(len(fact.values) + 1))
        return tuple(itertools.chain.from_iterable(some))
    return _samples(fact, text, {})


def _limited(fact: Fact, text: str) -> bool:
    """Whether samples are all that matters of a fact: numbers are, where it meets no other."""
    if fact.type == "int":
        return len(re.findall(rf"\b{fact.name}\b", text)) == len(_compared(fact.name, text))
    return fact.type == "bool" or bool(fact.values)


def _unknown_values(text: str, facts: list[Fact], codes: Codes) -> list[RuleFault]:
    coded = [fact for fact in facts if fact.type in {"str", "codes"}]
    if not coded or any(_values(fact, codes) is None for fact in coded):
        return []
    allowed = {value for fact in coded for value in _values(fact, codes) or ()}
    names = " or ".join(fact.name for fact in coded)
    named = _literals(_INSTANTS.sub("", text))
    return [_unknown(literal, names, allowed) for literal in named if literal not in allowed]


def _unknown(literal: str, names: str, allowed: Collection[str]) -> RuleFault:
    return RuleFault(
        "unknown-value", f"{literal!r} is no value of {names}{nearest(literal, allowed)}"
    )


def _failing(rule: CompiledRule, facts: list[Fact], codes: Codes) -> list[RuleFault]:
    samples = [_samples(fact, rule.text, codes) for fact in facts]
    for values in itertools.islice(itertools.product(*samples), _MOST_TRIALS):
        answer = _answer(rule, values)
        if isinstance(answer, RuleFault):
            return [answer]
    return []


def _without_effect(rule: CompiledRule, facts: list[Fact], codes: Codes) -> list[RuleFault]:
    samples = [_samples(fact, rule.text, codes) for fact in facts]
    if math.prod(map(len, samples)) > _MOST_TRIALS:
        return []
    answers = {values: _answer(rule, values) for values in itertools.product(*samples)}
    return [
        RuleFault(
            "fact-without-effect",
            f"{fact.name} ({_DESCRIBED[fact.type]}) never changes what the rule says: "
            "compare it with a value it can have, or leave it out",
        )
        for place, fact in enumerate(facts)
        if not (_matters(place, answers) or _beyond_samples(fact, rule.text))
    ]


def _beyond_samples(fact: Fact, text: str) -> bool:
    return fact.type == "date" and _RECKONED.search(_TEXTS.sub("", text)) is not None


def _matters(place: int, answers: Mapping[tuple[FactValue, ...], bool | RuleFault]) -> bool:
    seen: dict[tuple[FactValue, ...], bool | RuleFault] = {}
    for values, answer in answers.items():
        others = (*values[:place], *values[place + 1 :])
        if seen.setdefault(others, answer) != answer:
            return True
    return False


def _answer(rule: CompiledRule, values: tuple[FactValue, ...]) -> bool | RuleFault:
    answer = _told(rule, values)
    return answer if isinstance(answer, bool | RuleFault) else _no_condition(answer)


def _no_condition(answer: object) -> RuleFault:
    return RuleFault("rule-not-boolean", f"a rule must say yes or no, this one gives {answer!r}")


def _told(rule: CompiledRule, values: tuple[FactValue, ...]) -> object:
    """Return what the rule says of facts, or why it says nothing."""
    facts = dict(zip(rule.needs, map(as_cel, values), strict=True))
    try:
        answer: object = rule.program.execute(facts)
    except CANNOT_SAY as error:
        told = ", ".join(f"{name} ({_DESCRIBED[FACTS[name].type]})" for name in rule.needs)
        return RuleFault("rule-type", f"the rule does not fit its facts, {told}: {_short(error)}")
    return answer


def _short(error: Exception) -> str:
    return str(error).split(". ", maxsplit=1)[0].split(": ", maxsplit=1)[-1]


def _samples(fact: Fact, text: str, codes: Codes) -> tuple[FactValue, ...]:
    match fact.type:
        case "bool":
            return (True, False)
        case "int":
            return tuple(_beside(_numbers(fact.name, text)))
        case "date":
            return tuple(dict.fromkeys((*_days(text), *_days_with_parts(text))))
        case "str":
            return (*_said(fact, text, codes), "something-else")
        case "codes":
            said = _said(fact, text, codes)
            most = max((n for n in _all_numbers(text) if n < 10), default=0) + 1
            long = [tuple(f"code-{i}" for i in range(n)) for n in range(1, most + 1)]
            return tuple(dict.fromkeys(((), *((value,) for value in said), said, *long)))


def _numbers(name: str, text: str) -> list[int]:
    return _compared(name, text) or [*_all_numbers(text), *_far(text)]


def _compared(name: str, text: str) -> list[int]:
    after = re.findall(rf"\b{name}{_COMPARES}({_NUMBER})", text)
    before = re.findall(rf"({_NUMBER}){_COMPARES}{name}\b", text)
    return [int(n) for n in (*after, *before)]


def _far(text: str) -> list[int]:
    numbers = _all_numbers(text)
    return [*(n * m for n, m in itertools.combinations(numbers, 2)), 1_000_000]


def _all_numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(_NUMBER, _TEXTS.sub("", text))]


def _beside(numbers: list[int]) -> list[int]:
    near = {0, *(n + step for n in numbers for step in (-1, 0, 1))}
    return sorted(n for n in near if 0 <= n < 2**31)


def _days(text: str) -> Iterator[date]:
    yield date(1900, 1, 1)
    for found in _DAYS.findall(text):
        try:
            day = date.fromisoformat(found)
        except ValueError:
            continue
        beside = {max(day, _FIRST) - timedelta(days=1), day, min(day, _LAST) + timedelta(days=1)}
        yield from sorted(beside)
    yield date(2200, 1, 1)


def _days_with_parts(text: str) -> Iterator[date]:
    """Yield days of the years named and beside, in all months, on and beside the numbers named."""
    if not _PART_OF_DAY.search(text):
        return
    numbers = {n + step for n in _all_numbers(text) for step in (-1, 0, 1, 2)}
    named = {int(year) + step for year in _YEARS.findall(text) for step in (-1, 0, 1)}
    for year in sorted(year for year in named or {2023, 2024} if year <= date.max.year):
        for month in range(1, 13):
            last = monthrange(year, month)[1]
            yield from (date(year, month, n) for n in {1, last, *numbers} if 1 <= n <= last)
        yield from (date(year, 1, 1) + timedelta(n - 1) for n in numbers if 1 <= n <= 365)
        yield date(year, 12, 31)


def _values(fact: Fact, codes: Codes) -> Collection[str] | None:
    if fact.listed_in is not None:
        return codes.get(fact.listed_in, ())
    return fact.values or None


def _said(fact: Fact, text: str, codes: Codes) -> tuple[str, ...]:
    values = _values(fact, codes)
    return tuple(said for said in _literals(text) if values is None or said in values)


def _literals(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(double or single for double, single in _TEXTS.findall(text)))
