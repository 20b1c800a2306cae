"""What was recorded wrongly, what it should have been, and what had leaned on it meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from application.journeys import doubts_in
from application.office import Office
from application.plainly import Changed, changed, said_by
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.history import History, JourneyEntry, effective, find
from domain.journey.reliance import Doubt, changed_by


class Became(StrEnum):
    """What became of a decision that had leaned on what was corrected."""

    WAITING = "waiting"
    UPHELD = "upheld"
    NOT_UPHELD = "not-upheld"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    DECIDED_ANEW = "decided-anew"


@dataclass(frozen=True, slots=True)
class Leaned:
    """A decision, or a deadline, that had leaned on what was corrected, and what became of it.

    `by` is the entry that settled it; None while it waits.
    """

    doubt: Doubt
    became: Became
    by: JourneyEntry | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction or retraction, and all that came of it.

    `target` is the entry whose meaning it changes. `before` is what that said until then, `after`
    what it should have said: None where it did not count, or no more does. `changed` are the fields
    in which they differ, the day (occurred_on) among them. `holds` is whether it still does.
    """

    entry: JourneyEntry
    target: int
    before: JourneyEntry | None
    after: JourneyEntry | None
    changed: tuple[Changed, ...]
    reason: Personal
    holds: bool
    leaned: tuple[Leaned, ...]


def corrections(office: Office, found: History) -> Iterator[Correction]:
    """Yield the corrections and retractions of a journey, in the order recorded.

    Each is worked out as it is asked for, but for the doubts, which are once for all.
    """
    known = doubts_in(office, found)
    holding = {x.version for x in found.in_force}
    for index, entry in enumerate(found.entries):
        event = entry.event
        if not isinstance(event, e.EntryCorrected | e.EntryRetracted):
            continue
        target = changed_by(found.entries[:index], event.entry)
        before = find(effective(found.entries[:index]), target)
        after = find(effective(found.entries[: index + 1]), target)
        leaned = (_leaned(found, doubt) for doubt in known if doubt.correction == entry.version)
        yield Correction(
            entry,
            target,
            before,
            after,
            changed(said_by(before), said_by(after)),
            event.reason,
            entry.version in holding,
            tuple(leaned),
        )


def _leaned(found: History, doubt: Doubt) -> Leaned:
    if doubt.open:
        return Leaned(doubt, Became.WAITING, None)
    later = [x for x in found.in_force if x.version > doubt.correction]
    return _reviewed(later, doubt) or _put_right(later, doubt) or _anew(found, later, doubt)


def _reviewed(later: Sequence[JourneyEntry], doubt: Doubt) -> Leaned | None:
    for x in reversed(later):
        if not isinstance(x.event, e.DecisionReviewed):
            continue
        asked = (x.event.entry, x.event.deadline) == (doubt.entry, doubt.deadline)
        if asked and x.event.correction in doubt.since:
            return Leaned(doubt, Became.UPHELD if x.event.upheld else Became.NOT_UPHELD, x)
    return None


def _put_right(later: Sequence[JourneyEntry], doubt: Doubt) -> Leaned | None:
    for x in reversed(later):
        match x.event:
            case e.EntryCorrected(entry=entry) if entry == doubt.entry:
                return Leaned(doubt, Became.CORRECTED, x)
            case e.EntryRetracted(entry=entry) if entry == doubt.entry:
                return Leaned(doubt, Became.RETRACTED, x)
    return None


def _anew(found: History, later: Sequence[JourneyEntry], doubt: Doubt) -> Leaned:
    """Return the verdict in the place of the doubted one: the first that is about no day before."""
    then = effective([x for x in found.entries if x.version < doubt.correction])
    decision = find(then, doubt.entry or 0)
    since = decision.occurred_on if decision is not None else date.min
    verdicts = (x for x in later if isinstance(x.event, e.EligibilityAssessed))
    anew = (x for x in verdicts if x.occurred_on >= since)
    return Leaned(doubt, Became.DECIDED_ANEW, next(anew, None))
