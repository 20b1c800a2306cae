"""Rules in CEL, compiled once into values that say yes, no, or nothing.

Facts are the only variables. A fact that is not known is left out of the evaluation, so that CEL's
own logic holds: `a || b` is yes where `b` is yes whatever `a` is, `a && b` is no where `b` is no,
and everything else that needs the missing fact says nothing (None).
"""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from domain.definition import Facts, FactValue
from domain.facts import FACTS
from infrastructure.cel_engine import cel

LONGEST_RULE = 1000
"""Characters. A longer text is no rule that a person reads, and can overwhelm the parser."""

CANNOT_SAY = (RuntimeError, TypeError, ValueError, ArithmeticError, LookupError)
"""What the engine raises where an expression has no value."""

_OPERATORS = re.compile(r"^(@in|@not_strictly_false|!_|-_|_\W.*)$")
_FUNCTIONS = frozenset(
    {
        *("size", "contains", "startsWith", "endsWith", "matches", "int", "double", "string"),
        *("timestamp", "duration", "getFullYear", "getMonth", "getDate"),
        *("getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
    }
)
_BOUND = re.compile(r"\.(?:all|exists|exists_one|map|filter)\(\s*([A-Za-z_]\w*)\s*,")
_PARSE_ERROR = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?(.*)")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What is wrong with a rule's text: a stable code, and a sentence."""

    code: str
    message: str


class BadRule(ValueError):
    """A rule's text cannot be used; `faults` say why."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be put to facts; it can be pickled, for work in several processes."""

    text: str
    needs: tuple[str, ...]
    program: cel.Program = field(compare=False, repr=False)

    def __call__(self, facts: Facts) -> bool | None:
        """Return yes or no, or None where the facts at hand do not decide it."""
        known = {
            name: as_cel(value) for name in self.needs if (value := facts.get(name)) is not None
        }
        try:
            answer = self.program.execute(known)
        except CANNOT_SAY:
            return None
        return answer if isinstance(answer, bool) else None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the text: the program is compiled again where it is read."""
        return compile_rule, (self.text,)


def compile_rule(text: str) -> CompiledRule:
    """Compile a rule over the facts of the catalogue. Raises BadRule."""
    program = _parse(text)
    needs, faults = _names(text, program)
    if faults:
        raise BadRule(faults)
    return CompiledRule(text, needs, program)


def as_cel(value: FactValue) -> object:
    """Return the fact's value as the engine takes it: a day is its first instant (UTC)."""
    if type(value) is date:
        return datetime.combine(value, time.min, UTC)
    return value


def nearest(word: str, words: Collection[str]) -> str:
    """Return a hint at the word that was probably meant, or at all of them where they are few."""
    near = difflib.get_close_matches(word, sorted(words), n=3, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    if 0 < len(words) <= 12:
        return f"; there are: {', '.join(sorted(words))}"
    return ""


def _parse(text: str) -> cel.Program:
    if len(text) > LONGEST_RULE:
        message = f"a rule has at most {LONGEST_RULE} characters, this one has {len(text)}"
        raise BadRule((RuleFault("rule-syntax", message),))
    try:
        return cel.compile(text)
    except ValueError as error:
        raise BadRule((RuleFault("rule-syntax", _explained(str(error))),)) from error


def _explained(error: str) -> str:
    found = _PARSE_ERROR.search(error)
    if found is None:
        return f"the rule is not valid CEL: {error.splitlines()[0]}"
    line, column, what = found.groups()
    what = what.split(" expecting {")[0]
    where = f"character {column}" if line == "1" else f"line {line}, character {column}"
    return f"the rule is not valid CEL at {where}: {what}"


def _names(text: str, program: cel.Program) -> tuple[tuple[str, ...], tuple[RuleFault, ...]]:
    bound = set(_BOUND.findall(text))
    needs = tuple(name for name in program.variables() if name not in bound)
    faults = [_unknown_fact(name) for name in needs if name not in FACTS]
    faults += [
        RuleFault("unknown-fact", f"{name} is a fact: give the variable of the macro another name")
        for name in sorted(bound & FACTS.keys())
    ]
    faults += [
        _unknown_function(name)
        for name in program.functions()
        if name not in _FUNCTIONS and not _OPERATORS.match(name)
    ]
    if not needs and not faults:
        faults.append(RuleFault("fact-without-effect", "the rule asks about no fact at all"))
    return needs, tuple(faults)


def _unknown_fact(name: str) -> RuleFault:
    return RuleFault("unknown-fact", f"there is no fact {name!r}{nearest(name, FACTS)}")


def _unknown_function(name: str) -> RuleFault:
    near = nearest(name, _FUNCTIONS)
    return RuleFault("unknown-function", f"there is no function {name!r} for rules{near}")
