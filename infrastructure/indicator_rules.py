"""What an indicator in CEL says of a journey's facts: yes, no, a number, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite

from domain.definition import Facts
from domain.indicators import Indicator
from infrastructure.rule_trials import never_right
from infrastructure.rules import CANNOT_SAY, CompiledRule, as_cel, compile_rule


@dataclass(frozen=True, slots=True)
class JudgedFacts:
    """An expression over facts. `true` as the whole text says yes of every journey."""

    rule: CompiledRule | None

    def __call__(self, facts: Facts) -> bool | int | float | None:
        """Return what the expression says, None where the facts at hand do not decide it."""
        if self.rule is None:
            return True
        known = {n: as_cel(v) for n in self.rule.needs if (v := facts.get(n)) is not None}
        try:
            answer = self.rule.program.execute(known)
        except CANNOT_SAY:
            return None
        told = isinstance(answer, bool | int | float) and isfinite(answer)  # by 0: infinite
        return answer if told else None


def compile_judged(text: str) -> JudgedFacts:
    """Compile an expression over the facts of the catalogue. Raises BadRule."""
    return JudgedFacts(None if text.strip() == "true" else compile_rule(text))


def misfits(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """Yield what an indicator asks of facts that can never be answered, and why not."""
    facts, share = indicator.facts, indicator.measure == "share"
    if facts is not None:
        yield from _misfits("cel.who", facts.counts, condition=True)
        yield from _misfits("cel.what", facts.measures, condition=share)


def _misfits(
    field: str, judged: Callable[..., object] | None, *, condition: bool
) -> Iterator[tuple[str, str]]:
    if isinstance(judged, JudgedFacts) and judged.rule is not None:
        for fault in never_right(judged.rule, condition=condition):
            yield field, fault.message
