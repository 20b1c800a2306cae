"""Whether the rules of a decision would be told something else since an entry was put right.

A decision names the facts that it used, and the entries that they came from. It leaned as well on
what no entry said: on a fact that was not known, or that another entry would have told.
"""

from collections.abc import Sequence
from typing import TypeAlias

from domain.definition import FactValue
from domain.journey import events as e
from domain.journey.evolve import fold
from domain.journey.facts import Known, facts_of, stored
from domain.journey.history import JourneyEntry, happened_by
from domain.journey.state import Journey

_Ruled: TypeAlias = e.EligibilityAssessed | e.PhaseEntered

UNTOLD: tuple[FactValue, tuple[int, ...]] = (None, ())
"""A fact that nobody knows, and no entry tells."""


def is_told_otherwise(
    decision: JourneyEntry, before: Sequence[JourneyEntry], after: Sequence[JourneyEntry]
) -> bool:
    """Whether what a decision of rules was made by is otherwise.

    That is a fact that its rules asked for, or the place and the version whose rules they are.
    `before` and `after` are the entries that were there when it was made, in the order recorded, as
    they stood until another was put right, and as they stand since. What was stated with the
    decision, and what another system decided, no entry tells otherwise.
    """
    event, day = decision.event, decision.occurred_on
    if decision.source is not None or not isinstance(event, _Ruled):
        return False
    late = any(x.occurred_on > day for x in (*before, *after))
    was, now = (fold(happened_by(day, some) if late else some) for some in (before, after))
    if _whose_rules(event, was) == _named(event) != _whose_rules(event, now):
        return True
    told, since = facts_of(was, day), facts_of(now, day)
    asked = _asked(event) - {fact.name for fact in event.facts if _is_stated(fact, told)}
    return any(told.get(name, UNTOLD)[0] != since.get(name, UNTOLD)[0] for name in asked)


def _is_stated(fact: e.FactUsed, told: Known) -> bool:
    """Whether a fact came with the decision, and from no entry."""
    value, entries = told.get(fact.name, UNTOLD)
    return not fact.entries and (stored(value) != fact.value or entries != ())


def _asked(event: _Ruled) -> set[str]:
    """Return the facts that the rules asked for, also those that nobody knew."""
    asked = {fact.name for fact in event.facts}
    if isinstance(event, e.EligibilityAssessed):
        asked |= {name for rule in event.rules for name in rule.missing}
    return asked


def _named(event: _Ruled) -> tuple[object, ...]:
    """Return the version and the place whose rules a decision names."""
    if isinstance(event, e.EligibilityAssessed):
        return event.definition_version, event.organisation
    return (event.definition_version,)


def _whose_rules(event: _Ruled, journey: Journey) -> tuple[object, ...]:
    """Return the same as the journey stands."""
    if isinstance(event, e.EligibilityAssessed):
        return journey.definition_version, journey.organisation
    return (journey.definition_version,)
