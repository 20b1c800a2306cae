"""Whether the rules of a decision would be told something else since an entry was put right.

A decision names the facts that it used, and the entries that they came from. It leaned as well on
what no entry said: on a fact that was not known, or that another entry would have told.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import TypeAlias

from domain.definition import FactValue
from domain.journey import events as e
from domain.journey.deadlines import DefinitionOf, versions_there
from domain.journey.evolve import fold
from domain.journey.facts import Known, facts_of, restored, stored
from domain.journey.history import JourneyEntry, find, happened_by, history_of, state_of
from domain.journey.state import BEFORE, Journey

_Ruled: TypeAlias = e.EligibilityAssessed | e.PhaseEntered

UNTOLD: tuple[FactValue, tuple[int, ...]] = (None, ())
"""A fact that nobody knows, and no entry tells."""


def until(entries: Sequence[JourneyEntry], version: int, since: int = 0) -> int:
    """Return the place up to which entries, in the order recorded, were there before a version."""
    return bisect_left(entries, version, lo=since, key=attrgetter("version"))


class _Standing:
    """What entries fold to, up to one place after the other: so each is folded but once."""

    def __init__(self, entries: Sequence[JourneyEntry]) -> None:
        self._entries, self._place, self._journey = entries, 0, BEFORE
        self._was_imported = any(x.source is not None for x in entries)
        self.last = date.min

    def of(self, entries: Sequence[JourneyEntry]) -> "_Standing":
        """Return the same for other entries, which are these up to here."""
        other = _Standing(entries)
        other._place, other._journey, other.last = self._place, self._journey, self.last
        return other

    def advance(self, version: int) -> None:
        """Go on to what was there before a version, which is no earlier than the one before."""
        place = until(self._entries, version, self._place)
        some = self._entries[self._place : place]
        self._journey, self._place = fold(some, self._journey), place
        self.last = max((self.last, *(x.occurred_on for x in some)))

    def at(self, day: date, *, late: bool) -> Journey:
        """Return the state on a day; not `late`: nothing there happened after it."""
        if late:
            return fold(happened_by(day, self._entries[: self._place]))
        return state_of(self._entries[: self._place]) if self._was_imported else self._journey


class Told:
    """What decisions were told as an entry stood until it was put right, and are told since.

    `target` is its version, `recorded` the entries as they were recorded until then, `before` those
    in force, and `after` those in force since, all in the order recorded. Decisions that were made
    after the target are asked in that order.
    """

    def __init__(
        self,
        target: int,
        recorded: Sequence[JourneyEntry],
        before: Sequence[JourneyEntry],
        after: Sequence[JourneyEntry],
        definition_of: DefinitionOf,
    ) -> None:
        self._recorded, self._definition_of = recorded, definition_of
        self._target, self._before, self._after = target, before, after
        self._standing: tuple[_Standing, _Standing] | None = None

    def otherwise(self, decision: JourneyEntry) -> bool:
        """Whether what a decision of rules was made by is otherwise.

        That is a fact that its rules asked for, or the place and the version whose rules they are.
        What was stated with the decision, and what another system decided, no entry tells
        otherwise.
        """
        event, day = decision.event, decision.occurred_on
        if decision.source is not None or not isinstance(event, _Ruled):
            return False
        was, now = self._journeys(decision.version, day)
        if _whose_rules(event, was) == _named(event) != _whose_rules(event, now):
            return True
        asked = self._asked(event)
        other = _differing(asked, facts_of(was, day), facts_of(now, day))
        by_entries = {fact.name for fact in event.facts if fact.entries}
        if not other or other & by_entries:
            return bool(other)
        stated = self._stated(decision, event)
        was_known, now_known = (facts_of(one, day, stated) for one in (was, now))
        return bool(_differing(other, was_known, now_known))

    def _journeys(self, version: int, day: date) -> tuple[Journey, Journey]:
        """Return the states of before and since, of what was there before a version, on a day."""
        if self._standing is None:
            begun = _Standing(self._before)
            begun.advance(self._target)
            self._standing = begun, begun.of(self._after)
        for one in self._standing:
            one.advance(version)
        late = any(one.last > day for one in self._standing)
        was, now = (one.at(day, late=late) for one in self._standing)
        return was, now

    def _asked(self, event: _Ruled) -> set[str]:
        """Return the facts that the rules asked for, also those that nobody knew."""
        asked = {fact.name for fact in event.facts}
        if isinstance(event, e.EligibilityAssessed):
            return asked | {name for rule in event.rules for name in rule.missing}
        for definition in versions_there([event.definition_version], self._definition_of):
            phase = definition.phase(event.phase)
            for rule in phase.requires if phase is not None else ():
                if rule.id in event.overridden:
                    asked.update(rule.needs)
        return asked

    def _stated(self, decision: JourneyEntry, event: _Ruled) -> dict[str, FactValue]:
        """Return the facts that came with a decision, and from no entry that was there then."""
        by_none = [fact for fact in event.facts if not fact.entries]
        made = find(self._recorded, decision.version) if by_none else None
        if made is None:
            return {}
        then = history_of(self._recorded[: until(self._recorded, decision.version)])
        told = facts_of(then.at(made.occurred_on), made.occurred_on)
        return {
            fact.name: restored(fact.name, fact.value) for fact in by_none if _is_stated(fact, told)
        }


def _differing(names: Iterable[str], told: Known, since: Known) -> set[str]:
    """Return which of the facts are known otherwise since."""
    return {name for name in names if told.get(name, UNTOLD)[0] != since.get(name, UNTOLD)[0]}


def _is_stated(fact: e.FactUsed, told: Known) -> bool:
    value, entries = told.get(fact.name, UNTOLD)
    return stored(value) != fact.value or entries != ()


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
