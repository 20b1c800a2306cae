"""A programme: a service model that organisations run together, with every version of it.

Order: events (stored formats: a change of shape needs a new version), state, evolve, decisions.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.calendar import Period
from domain.entry import Entry
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import said

# Events


@dataclass(frozen=True, slots=True)
class ProgrammePublished:
    """The programme began with its first version.

    `definition` is the whole text of the definition, `digest` its SHA-256 (hex).
    """

    version: int
    effective_from: date
    definition: str
    digest: str


@dataclass(frozen=True, slots=True)
class ProgrammeRevised:
    """A further version of the definition, in force from a day on (included)."""

    version: int
    effective_from: date
    definition: str
    digest: str


@dataclass(frozen=True, slots=True)
class OrganisationJoined:
    """An organisation (its code) came to run the programme with the others."""

    organisation: str


@dataclass(frozen=True, slots=True)
class OrganisationLeft:
    """An organisation no longer runs the programme."""

    organisation: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetSet:
    """What the programme, or one organisation of it, means to reach.

    `target` is its id: a later one under the same id takes the place of the one before. `value`
    is a number or a share (0 to 1), as the measure says.
    """

    target: str
    measure: str
    value: float
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeClosed:
    """The programme ended: nothing more is revised, joined or set."""

    reason: str


ProgrammeEvent: TypeAlias = (
    ProgrammePublished
    | ProgrammeRevised
    | OrganisationJoined
    | OrganisationLeft
    | TargetSet
    | ProgrammeClosed
)

# State


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the definition: the text itself and from when it is in force."""

    number: int
    effective_from: date
    definition: str
    digest: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as the stream tells.

    `organisations` says when each took part last, `before` when it did the times before that.
    """

    version: int = 0
    versions: tuple[Version, ...] = ()
    organisations: Mapping[str, Period] = field(default_factory=dict)
    before: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    targets: Mapping[str, TargetSet] = field(default_factory=dict)
    closed_on: date | None = None

    def takes_part(self, organisation: str) -> bool:
        """Whether the organisation runs the programme with the others now."""
        period = self.organisations.get(organisation)
        return period is not None and period.end is None

    def left_on(self, organisation: str, day: date) -> date | None:
        """Return when the organisation had left, where it took no part on the day for that.

        None where it took part, and where it had not joined yet: the definition says who is there.
        """
        last = self.organisations.get(organisation)
        if last is None:
            return None
        periods = (*self.before.get(organisation, ()), last)
        if any(p.start <= day and (p.end is None or day < p.end) for p in periods):
            return None
        return max((p.end for p in periods if p.end is not None and p.end <= day), default=None)

    def numbered(self, number: int) -> Version | None:
        """Return the version of that number, None where it was never published."""
        return next((v for v in self.versions if v.number == number), None)

    def current(self, day: date) -> Version | None:
        """Return the newest version in force on the day, None before the first one is."""
        return next((v for v in reversed(self.versions) if v.effective_from <= day), None)


UNKNOWN = Programme()

# Evolve


def evolve(state: Programme, entry: Entry[ProgrammeEvent]) -> Programme:
    """Return the programme after one more entry. Total: every recorded history can be read."""
    state = replace(state, version=entry.version)
    match entry.event:
        case ProgrammePublished() | ProgrammeRevised() as event:
            new = Version(event.version, event.effective_from, event.definition, event.digest)
            return replace(state, versions=(*state.versions, new))
        case OrganisationJoined(organisation):
            return _joined(state, organisation, entry.occurred_on)
        case OrganisationLeft(organisation):
            since = state.organisations.get(organisation, Period(entry.occurred_on)).start
            return _taking_part(state, organisation, Period(since, entry.occurred_on))
        case TargetSet() as event:
            return replace(state, targets={**state.targets, event.target: event})
        case ProgrammeClosed():
            return replace(state, closed_on=entry.occurred_on)
        case never:
            assert_never(never)


def fold(entries: Iterable[Entry[ProgrammeEvent]], state: Programme = UNKNOWN) -> Programme:
    """Return the programme after the entries, from `state` on."""
    for entry in entries:
        state = evolve(state, entry)
    return state


def _joined(state: Programme, organisation: str, day: date) -> Programme:
    last = state.organisations.get(organisation)
    if last is not None:
        before = (*state.before.get(organisation, ()), last)
        state = replace(state, before={**state.before, organisation: before})
    return _taking_part(state, organisation, Period(day))


def _taking_part(state: Programme, organisation: str, period: Period) -> Programme:
    return replace(state, organisations={**state.organisations, organisation: period})


# Decisions


def publish(
    state: Programme, *, version: int, effective_from: date, definition: str, digest: str
) -> tuple[ProgrammeEvent, ...]:
    """Publish the programme's first version, number 1.

    The same version with the same digest records nothing. Raises IllegalTransition where the
    number was published with another text, or a programme is there already.
    """
    if _is_published(state, version, digest):
        return ()
    if state.versions:
        newest = state.versions[-1].number
        raise IllegalTransition(
            state=said("version {newest} is published", newest=newest),
            act=said("publish version {version}", version=version),
            missing=said(
                "what follows is a revision: number it {number} and revise", number=newest + 1
            ),
        )
    if version != 1:
        raise IllegalTransition(
            state=said("no version is published yet"),
            act=said("publish version {version}", version=version),
            missing=said("the first version of a programme is version 1"),
        )
    return (ProgrammePublished(version, effective_from, definition, digest),)


def revise(
    state: Programme, *, version: int, effective_from: date, definition: str, digest: str
) -> tuple[ProgrammeEvent, ...]:
    """Publish the next version of a programme; its number is exactly the next.

    The same version with the same digest records nothing. Raises IllegalTransition where the
    programme is closed or the number is not the next, and InvalidField where the version would
    be in force before the one that it follows.
    """
    act = said("revise to version {version}", version=version)
    if _is_published(state, version, digest):
        return ()
    _check_runs(state, act)
    newest = state.versions[-1]
    if version != newest.number + 1:
        raise IllegalTransition(
            state=said("version {number} is the newest", number=newest.number),
            act=act,
            missing=said("number the revision {number}", number=newest.number + 1),
        )
    if effective_from < newest.effective_from:
        raise InvalidField(
            "effective_from",
            said(
                "{effective_from} lies before {since}, from which version {number} is in force: "
                "choose that day or a later one",
                effective_from=effective_from,
                since=newest.effective_from,
                number=newest.number,
            ),
        )
    return (ProgrammeRevised(version, effective_from, definition, digest),)


def join(state: Programme, *, organisation: str, on: date) -> tuple[ProgrammeEvent, ...]:
    """Let an organisation run the programme with the others from a day on.

    Raises InvalidField where it had not left yet by that day.
    """
    if state.takes_part(organisation):
        return ()
    _check_runs(state, said("let {organisation} join", organisation=organisation))
    last = state.organisations.get(organisation)
    if last is not None and last.end is not None and on < last.end:
        left, who = last.end, organisation
        when = said("{on} lies before {left}, on which {who} left", on=on, left=left, who=who)
        raise InvalidField("occurred_on", when)
    return (OrganisationJoined(organisation),)


def leave(
    state: Programme, *, organisation: str, reason: str, on: date
) -> tuple[ProgrammeEvent, ...]:
    """Record that an organisation that had joined no longer runs the programme from a day on.

    Raises InvalidField where it had not joined yet by that day.
    """
    act = said("let {organisation} leave", organisation=organisation)
    if organisation not in state.organisations:
        raise _takes_no_part(organisation, act)
    if not state.takes_part(organisation):
        return ()
    _check_runs(state, act)
    _check_said("reason", reason)
    since, who = state.organisations[organisation].start, organisation
    if on < since:
        when = said("{on} lies before {since}, on which {who} joined", on=on, since=since, who=who)
        raise InvalidField("occurred_on", when)
    return (OrganisationLeft(organisation, reason),)


def set_target(
    state: Programme, *, target: str, measure: str, value: float, organisation: str | None = None
) -> tuple[ProgrammeEvent, ...]:
    """Set a target for the whole programme, or for one organisation that has joined it."""
    event = TargetSet(target, measure, value, organisation)
    if state.targets.get(target) == event:
        return ()
    act = said("set the target {target}", target=target)
    _check_runs(state, act)
    if organisation is not None and not state.takes_part(organisation):
        raise _takes_no_part(organisation, act)
    if not (math.isfinite(value) and value >= 0):
        raise InvalidField(
            "value", said("{value} is no target: give a number from 0 up", value=value)
        )
    return (event,)


def close(state: Programme, *, reason: str) -> tuple[ProgrammeEvent, ...]:
    """Close the programme; what was opened under it stays as it is."""
    if state.closed_on is not None:
        return ()
    _check_runs(state, said("close the programme"))
    _check_said("reason", reason)
    return (ProgrammeClosed(reason),)


def _is_published(state: Programme, version: int, digest: str) -> bool:
    there = state.numbered(version)
    if there is not None and there.digest != digest:
        raise IllegalTransition(
            state=said(
                "version {version} is published with another text (digest {digest})",
                version=version,
                digest=there.digest[:12],
            ),
            act=said("publish version {version}", version=version),
            missing=said(
                "a published version stays: revise under {number}",
                number=state.versions[-1].number + 1,
            ),
        )
    return there is not None


def _takes_no_part(organisation: str, act: str) -> IllegalTransition:
    return IllegalTransition(
        state=said("{organisation} does not take part in the programme", organisation=organisation),
        act=act,
        missing=said("record first that {organisation} joined", organisation=organisation),
    )


def _check_runs(state: Programme, act: str) -> None:
    if not state.versions:
        raise IllegalTransition(
            state=said("no version is published yet"),
            act=act,
            missing=said("publish version 1 first"),
        )
    if state.closed_on is not None:
        raise IllegalTransition(
            state=said("the programme was closed on {closed_on}", closed_on=state.closed_on),
            act=act,
            missing=said("publish what follows as a programme of its own"),
        )


def _check_said(name: str, text: str) -> None:
    if not text.strip():
        raise InvalidField(name, said("say it in a few words"))
