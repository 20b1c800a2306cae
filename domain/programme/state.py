"""A programme as its stream tells: its versions, who runs it, and what it means to reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from domain.calendar import Period
from domain.entry import Entry
from domain.programme.events import (
    OrganisationJoined,
    OrganisationLeft,
    ProgrammeClosed,
    ProgrammeEvent,
    ProgrammePublished,
    ProgrammeRevised,
    TargetSet,
)


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
    published_on: date | None = None
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


def evolve(state: Programme, entry: Entry[ProgrammeEvent]) -> Programme:
    """Return the programme after one more entry. Total: every recorded history can be read."""
    state = replace(state, version=entry.version)
    match entry.event:
        case ProgrammePublished() | ProgrammeRevised() as event:
            new = Version(event.version, event.effective_from, event.definition, event.digest)
            since = state.published_on or entry.occurred_on
            return replace(state, versions=(*state.versions, new), published_on=since)
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
