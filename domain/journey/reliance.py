"""Which decisions relied on an entry that was corrected or retracted since.

A verdict on eligibility and an entry into a phase name the facts they used and the entries those
came from; an agreement relies on the draft that was signed; a decision that relied on such a
decision relied on its facts too. A deadline was met by an entry, and its day by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.calendar import IsWorkingDay
from domain.entry import event_name
from domain.journey import events as e
from domain.journey.deadlines import Deadline, DefinitionOf, deadlines
from domain.journey.history import History, JourneyEntry, effective


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision that somebody should look at again, and the correction that calls for it.

    `entry` is the decision's entry and `kind` its event's name; for a deadline `entry` is None and
    `deadline` its id. `open` until somebody reviewed it, corrected it, or decided anew.
    """

    correction: int
    corrected: int
    kind: str
    entry: int | None
    deadline: str | None
    open: bool


def doubts(
    history: History, definition_of: DefinitionOf, is_working_day: IsWorkingDay
) -> tuple[Doubt, ...]:
    """Return every decision that relied on an entry corrected or retracted later, in order."""
    found: list[Doubt] = []
    for index, entry in enumerate(history.entries):
        event = entry.event
        if not isinstance(event, e.EntryCorrected | e.EntryRetracted):
            continue
        before = history.entries[:index]
        target = _root(before, event.entry)
        for decision in _decisions_on(before, target):
            name = event_name(type(decision.event))
            open_ = not _settled(history, entry, decision)
            found.append(Doubt(entry.version, target, name, decision.version, None, open_))
        for deadline in _deadlines_on(before, entry, definition_of, is_working_day):
            open_ = not _reviewed(history, entry.version, None, deadline.id)
            found.append(Doubt(entry.version, target, "deadline", None, deadline.id, open_))
    return tuple(found)


def relied_on(entry: JourneyEntry, before: Sequence[JourneyEntry]) -> set[int]:
    """Return the entries that a decision leaned on directly; empty where it is no decision."""
    match entry.event:
        case e.EligibilityAssessed(facts=facts) | e.PhaseEntered(facts=facts):
            return {fact.entry for fact in facts if fact.entry is not None}
        case e.PlanAgreed():
            return _newest(before, e.PlanDrafted)
        case e.ReferralAccepted() | e.ReferralDeclined():
            return _newest(before, e.EligibilityAssessed)
        case e.PlacementAgreed(reference):
            return {
                b.version
                for b in before
                if isinstance(b.event, e.PlacementProposed) and b.event.reference == reference
            }
        case _:
            return set()


def _newest(before: Sequence[JourneyEntry], kind: type) -> set[int]:
    versions = [b.version for b in before if isinstance(b.event, kind)]
    return {versions[-1]} if versions else set()


def _root(before: Sequence[JourneyEntry], version: int) -> int:
    """Follow a retracted correction to the entry whose meaning changes."""
    by_version = {b.version: b.event for b in before}
    event = by_version.get(version)
    while isinstance(event, e.EntryCorrected | e.EntryRetracted):
        version = event.entry
        event = by_version.get(version)
    return version


def _decisions_on(before: Sequence[JourneyEntry], target: int) -> list[JourneyEntry]:
    in_force = effective(before)
    shaken = {target}
    decisions = []
    for index, entry in enumerate(in_force):
        if entry.version > target and relied_on(entry, in_force[:index]) & shaken:
            shaken.add(entry.version)
            decisions.append(entry)
    return decisions


def _settled(history: History, correction: JourneyEntry, decision: JourneyEntry) -> bool:
    """Whether the decision was reviewed, corrected, retracted or made anew after the correction."""
    if _reviewed(history, correction.version, decision.version, None):
        return True
    later = [entry.event for entry in history.entries if entry.version > correction.version]
    return any(
        (isinstance(ev, e.EntryCorrected | e.EntryRetracted) and ev.entry == decision.version)
        or (isinstance(ev, e.EligibilityAssessed) and type(ev) is type(decision.event))
        for ev in later
    )


def _reviewed(history: History, correction: int, entry: int | None, deadline: str | None) -> bool:
    return any(
        (r.correction, r.decision, r.deadline) == (correction, entry, deadline)
        for r in history.journey.reviewed
    )


def _deadlines_on(
    before: Sequence[JourneyEntry],
    correction: JourneyEntry,
    definition_of: DefinitionOf,
    is_working_day: IsWorkingDay,
) -> list[Deadline]:
    """Return the deadlines that counted as met, and would not be met so after the correction."""
    was = deadlines(effective(before), definition_of, is_working_day)
    now = {
        d.id: d for d in deadlines(effective((*before, correction)), definition_of, is_working_day)
    }
    return [d for d in was if d.met_on is not None and _differs(d, now.get(d.id))]


def _differs(was: Deadline, now: Deadline | None) -> bool:
    return now is None or (was.due, was.met_by, was.met_on) != (now.due, now.met_by, now.met_on)
