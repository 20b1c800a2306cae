"""Which decisions relied on an entry that was corrected or retracted since.

A verdict on eligibility and an entry into a phase name the facts they used and the entries those
came from. They stand on more: on who was responsible (the rules are those of a place), on the
client, on the definition's version, on the phase before. They leaned on what no entry said, too:
where one that was put right, or counts again, would have told their rules something else
(`told_otherwise`). An agreement relies on the draft that was signed; a decision that relied on such
a decision relied on its facts too. A deadline was met by an entry, and its day by others.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace

from domain.calendar import IsWorkingDay
from domain.entry import Personal, event_name
from domain.journey import events as e
from domain.journey.deadlines import (
    Deadline,
    DefinitionOf,
    deadlines,
    kinds_that_matter,
    versions_there,
)
from domain.journey.history import History, JourneyEntry, as_it_happened, effective, find
from domain.journey.told_otherwise import Told, until


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision that somebody should look at again, and the correction that calls for it.

    `entry` is the decision's entry and `kind` its event's name; for a deadline `entry` is None and
    `deadline` its id. `open` until somebody reviewed it, corrected it, or decided anew. `since` are
    the corrections of the same entry from this one on: who reviewed it by one of them, has done so.
    """

    correction: int
    corrected: int
    kind: str
    entry: int | None
    deadline: str | None
    open: bool
    since: frozenset[int] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class _Change:
    """A correction or retraction in force: what it changed, for decisions made after `since`."""

    entry: JourneyEntry
    target: int
    since: int
    recorded: tuple[JourneyEntry, ...]
    before: tuple[JourneyEntry, ...]
    after: tuple[JourneyEntry, ...]


def doubts(
    history: History, definition_of: DefinitionOf, is_working_day: IsWorkingDay
) -> tuple[Doubt, ...]:
    """Return every decision that relied on an entry corrected or retracted later, in order.

    Who looked at one again after the same entry was put right once more, looked at all of it.
    """
    found: list[tuple[int, int, JourneyEntry | Deadline]] = []
    put_right: dict[int, list[int]] = {}
    for change in _changes(history):
        version, target = change.entry.version, change.target
        put_right.setdefault(target, []).append(version)
        found += ((version, target, one) for one in _shaken(change, definition_of))
        not_met = _no_longer_met(change, definition_of, is_working_day)
        found += ((version, target, one) for one in not_met)
    return tuple(
        _doubt(history, target, frozenset(x for x in put_right[target] if x >= version), one)
        for version, target, one in found
    )


def _doubt(
    history: History, corrected: int, since: frozenset[int], one: JourneyEntry | Deadline
) -> Doubt:
    version = min(since)
    if isinstance(one, Deadline):
        open_ = not _reviewed(history, since, None, one.id)
        return Doubt(version, corrected, "deadline", None, one.id, open_, since)
    kind = event_name(type(one.event))
    open_ = not _settled(history, since, one)
    return Doubt(version, corrected, kind, one.version, None, open_, since)


def _changes(history: History) -> Iterator[_Change]:
    holds = {x.version for x in history.in_force}
    for index, entry in enumerate(history.entries):
        event = entry.event
        if not isinstance(event, e.EntryCorrected | e.EntryRetracted):
            continue
        if entry.version not in holds or event.entry >= entry.version:
            continue
        recorded = history.entries[:index]
        target = changed_by(recorded, event.entry)
        before, after = effective(recorded), effective((*recorded, entry))
        change = _Change(entry, target, event.entry, recorded, before, after)
        if not _says_the_same(find(change.before, target), find(change.after, target)):
            yield change


def changed_by(recorded: Sequence[JourneyEntry], version: int) -> int:
    """Follow corrections of corrections from the version named to the entry that means another."""
    named = {
        x.version: x.event.entry
        for x in recorded
        if isinstance(x.event, e.EntryCorrected | e.EntryRetracted) and x.event.entry < x.version
    }
    while version in named:
        version = named[version]
    return version


def _says_the_same(before: JourneyEntry | None, after: JourneyEntry | None) -> bool:
    """Whether nothing but a person's words changed, which no decision leans on."""
    if before is None or after is None:
        return before is after
    same_day = before.occurred_on == after.occurred_on
    return same_day and _without_words(before.event) == _without_words(after.event)


def _without_words(event: e.JourneyEvent) -> e.JourneyEvent:
    words = [f.name for f in fields(event) if isinstance(getattr(event, f.name), Personal)]
    return replace(event, **dict.fromkeys(words, e.NOTHING_SAID))  # type: ignore[arg-type]


_DECISIONS = (
    *(e.EligibilityAssessed, e.PhaseEntered, e.PlanAgreed, e.PlacementAgreed),
    *(e.ReferralAccepted, e.ReferralDeclined),
)


def relied_on(entry: JourneyEntry) -> frozenset[int]:
    """Return the entries whose facts a decision names; empty where it is no decision."""
    match entry.event:
        case e.EligibilityAssessed(facts=facts) | e.PhaseEntered(facts=facts):
            return frozenset(version for fact in facts for version in fact.entries)
        case _:
            return frozenset()


def grounds(entry: JourneyEntry, before: Sequence[JourneyEntry]) -> frozenset[int]:
    """Return the entries that a decision stands on beside its facts.

    `before` are the entries in force when it was made.
    """
    match entry.event:
        case e.EligibilityAssessed():
            return _grounds_of_verdict(entry, entry.event, before)
        case e.PhaseEntered(definition_version=version):
            adopted = _made_so(entry, version, before, *e.VERSION_NAMING)
            return adopted | _newest(before, e.PhaseEntered)
        case e.PlanAgreed():
            return _newest(before, e.PlanDrafted)
        case e.ReferralAccepted() | e.ReferralDeclined():
            return _verdict_until(entry, before)
        case e.PlacementAgreed(reference):
            proposed = [x for x in before if isinstance(x.event, e.PlacementProposed)]
            return _newest([x for x in proposed if x.event.reference == reference])  # type: ignore[union-attr]
        case _:
            return frozenset()


def _verdict_until(entry: JourneyEntry, before: Sequence[JourneyEntry]) -> frozenset[int]:
    """Return the verdict about the last day until a decision: one told late undoes none.

    Where there is none until then, it is the newest.
    """
    then = [x for x in before if x.occurred_on <= entry.occurred_on]
    until = _newest(as_it_happened(then), e.EligibilityAssessed)
    return until or _newest(before, e.EligibilityAssessed)


def _grounds_of_verdict(
    entry: JourneyEntry, verdict: e.EligibilityAssessed, before: Sequence[JourneyEntry]
) -> frozenset[int]:
    """Return the referral, and what made the place and the version those that a verdict names.

    They are those of the day that it is about, which may have been before a handover.
    """
    places = e.ReferralMade, e.HandoverAccepted, e.CaseWorkerAssigned
    return (
        _newest(before, e.ReferralMade)
        | _made_so(entry, verdict.organisation, before, *places)
        | _made_so(entry, verdict.definition_version, before, *e.VERSION_NAMING)
    )


def _made_so(
    entry: JourneyEntry, named: object, before: Sequence[JourneyEntry], *kinds: type
) -> frozenset[int]:
    """Return the entry, of some kinds, that put a journey where a decision says it was on its day.

    A decision that names another place or version, as an older program gave it the newest, stands
    on what made that so.
    """
    then = [x for x in before if x.occurred_on <= entry.occurred_on]
    orders = (
        [x for x in order if isinstance(x.event, kinds)] for order in (as_it_happened(then), before)
    )
    newest = [one for found in orders for one in found[-1:]]
    said_so = (x for x in newest if named in _named(x))
    return frozenset(x.version for x in (*said_so, *newest[-1:])[:1])


def _named(entry: JourneyEntry) -> tuple[object, ...]:
    """Return the place and the version that an entry puts a journey in."""
    match entry.event:
        case e.ReferralMade(definition_version=version, to_organisation=organisation):
            return organisation, version
        case e.HandoverAccepted(organisation) | e.CaseWorkerAssigned(organisation=organisation):
            return (organisation,)
        case e.DefinitionAdopted(version):
            return (version,)
        case _:
            return ()


def _newest(before: Sequence[JourneyEntry], *kinds: type) -> frozenset[int]:
    for x in reversed(before):
        if not kinds or isinstance(x.event, kinds):
            return frozenset({x.version})
    return frozenset()


def _shaken(change: _Change, definition_of: DefinitionOf) -> list[JourneyEntry]:
    """Return the decisions, made before the correction, that relied on what it changed."""
    before, after = find(change.before, change.target), find(change.after, change.target)
    facts, ground = {change.target}, set[int]()
    if _is_ground(before or after) and not (
        before is not None and after is not None and _ground(before) == _ground(after)
    ):
        ground.add(change.target)
    told = Told(change.target, change.recorded, change.before, change.after, definition_of)
    stood = change.after if before is None else change.before
    decisions = []
    for entry in change.before:
        if entry.version <= change.since or not isinstance(entry.event, _DECISIONS):
            continue
        if (
            relied_on(entry) & facts
            or (ground and grounds(entry, stood[: until(stood, entry.version)]) & ground)
            or told.otherwise(entry)
            or _by_another_verdict(entry, change)
        ):
            facts.add(entry.version)
            ground.add(entry.version)
            decisions.append(entry)
    return decisions


def _by_another_verdict(entry: JourneyEntry, change: _Change) -> bool:
    """Whether a verdict whose day was put right has another one say otherwise of an acceptance."""
    target = find(change.after, change.target)
    if target is None or not isinstance(target.event, e.EligibilityAssessed):
        return False
    if not isinstance(entry.event, e.ReferralAccepted | e.ReferralDeclined):
        return False
    was, now = (_verdict_of(entry, some) for some in (change.before, change.after))
    return was != now


def _verdict_of(entry: JourneyEntry, entries: Sequence[JourneyEntry]) -> bool | None:
    """Return what the verdict said that a decision stands on; None where there is none."""
    there = entries[: until(entries, entry.version)]
    found = (find(there, version) for version in _verdict_until(entry, there))
    events = (x.event for x in found if x is not None)
    return next((x.eligible for x in events if isinstance(x, e.EligibilityAssessed)), None)


_STOOD_ON = (
    *(e.ReferralMade, e.DefinitionAdopted, e.HandoverAccepted, e.CaseWorkerAssigned),
    *(e.EligibilityAssessed, e.PhaseEntered, e.PlanDrafted, e.PlacementProposed),
)
"""The kinds of events that `grounds` tells."""


def _is_ground(entry: JourneyEntry | None) -> bool:
    return entry is not None and isinstance(entry.event, _STOOD_ON)


def _ground(entry: JourneyEntry) -> object:
    """Return what of an entry other decisions stand on."""
    match entry.event:
        case e.ReferralMade(client, programme, version, to_organisation=organisation):
            return client, programme, version, organisation
        case e.HandoverAccepted(organisation) | e.CaseWorkerAssigned(organisation=organisation):
            return organisation
        case e.DefinitionAdopted(version):
            return version
        case e.PhaseEntered(phase):
            return phase
        case event:
            return event


def _settled(history: History, since: frozenset[int], decision: JourneyEntry) -> bool:
    """Whether the decision was reviewed, corrected, retracted or made anew after a correction.

    `since` are the correction and the later ones of the same entry.
    """
    if _reviewed(history, since, decision.version, None):
        return True
    verdict = isinstance(decision.event, e.EligibilityAssessed)

    def anew(x: JourneyEntry) -> bool:
        """Whether it is a verdict in the place of the doubted one: about no day before it."""
        return isinstance(x.event, e.EligibilityAssessed) and x.occurred_on >= decision.occurred_on

    return any(
        (
            isinstance(x.event, e.EntryCorrected | e.EntryRetracted)
            and x.event.entry == decision.version
        )
        or (verdict and anew(x))
        for x in history.in_force
        if x.version > min(since)
    )


def _reviewed(
    history: History, since: Container[int], entry: int | None, deadline: str | None
) -> bool:
    return any(
        r.correction in since and (r.decision, r.deadline) == (entry, deadline)
        for r in history.journey.reviewed
    )


def _no_longer_met(
    change: _Change, definition_of: DefinitionOf, is_working_day: IsWorkingDay
) -> list[Deadline]:
    """Return the deadlines that counted as met, and are not met so after the correction."""
    versions = {
        x.event.definition_version
        for x in (*change.before, *change.after)
        if isinstance(x.event, e.VERSION_NAMING)
    }
    target = find(change.before, change.target) or find(change.after, change.target)
    kinds = kinds_that_matter(versions_there(versions, definition_of))
    if target is None or type(target.event) not in kinds:
        return []
    was = deadlines(change.before, definition_of, is_working_day)
    now = {d.id: d for d in deadlines(change.after, definition_of, is_working_day)}
    return [d for d in was if d.met_on is not None and _differs(d, now.get(d.id))]


def _differs(was: Deadline, now: Deadline | None) -> bool:
    return now is None or (was.due, was.met_by, was.met_on) != (now.due, now.met_by, now.met_on)
