"""Versions of a rule, each from a day on and for some organisations, laid on one time line.

As in a table of law, a version holds until the next one that covers the same organisation; `until`
may end it earlier. On every day from the definition's first to its last, exactly one version must
hold in each organisation that takes part, from its first day on (any can receive clients, and they
may still be judged after it left). A gap is said as a version whose rule is null.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.definition import DatedRule, Rule
from infrastructure.definition_reading import Reading
from infrastructure.marked_yaml import Keys, Place

ELSEWHERE = ""
"""Stands for every organisation that no version of the rule names."""


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stands from a day on, as the file says; `rule` None: no longer."""

    keys: Keys
    rule: Rule | None
    since: date
    until: date | None
    only: tuple[str, ...]
    never: tuple[str, ...]

    def covers(self, organisation: str) -> bool:
        """Whether the version speaks of the organisation at all."""
        return (not self.only or organisation in self.only) and organisation not in self.never


def lay_out(versions: list[Version]) -> Iterator[DatedRule]:
    """Yield each version with the days and organisations in which it holds."""
    places = _places(versions)
    for version in versions:
        if version.rule is None:
            continue
        ends = {place: _end(version, versions, place) for place in places if version.covers(place)}
        for until in dict.fromkeys(ends.values()):
            held = tuple(place for place, end in ends.items() if end == until)
            if until is not None and until <= version.since:
                continue
            if ELSEWHERE in held:
                others = tuple(place for place in places if place not in held)
                yield DatedRule(version.rule, version.since, until, never=others)
            else:
                yield DatedRule(version.rule, version.since, until, only=held)


def check_time_line(place: Place, versions: list[Version], reading: Reading) -> None:
    """Note overlaps and holes between the versions, and at both ends of the definition's time.

    `place` is the list of versions: there it is noted where an organisation has none at all.
    """
    found: dict[_Finding, list[str]] = {}
    for organisation, joined in reading.organisations.items():
        held = sorted((v for v in versions if v.covers(organisation)), key=lambda v: v.since)
        first = reading.since and max(reading.since, joined or reading.since)
        for finding in _findings(place, held, first, reading.until):
            found.setdefault(finding, []).append(organisation)
    for finding, where in found.items():
        everywhere = len(where) == len(reading.organisations)
        there = "" if everywhere else f" ({', '.join(f'in {name}' for name in where)})"
        finding.at.fault(finding.code, f"{finding.message}{there}")


@dataclass(frozen=True, slots=True)
class _Finding:
    at: Place
    code: str
    message: str

    def __hash__(self) -> int:
        return hash((self.at.line, self.at.path, self.message))


def _findings(
    place: Place, held: list[Version], since: date | None, until: date | None
) -> Iterator[_Finding]:
    if since is not None and until is not None and since >= until:
        return
    if not held:
        if since is not None:
            yield _hole(place, since, until)
        return
    if since is not None and held[0].since > since:
        yield _hole(held[0].keys["from"], since, held[0].since)
    for earlier, later in pairwise(held):
        yield from _meeting(earlier, later)
    last = held[-1].until
    if last is not None and (until is None or last < until):
        yield _hole(held[-1].keys["until"], last, until)


def _meeting(earlier: Version, later: Version) -> Iterator[_Finding]:
    place = later.keys["from"]
    if earlier.since == later.since:
        line = earlier.keys["from"].line
        message = f"the version of line {line} begins on the same day"
        yield _Finding(place, "dates-overlap", message)
    elif earlier.until is not None and earlier.until > later.since:
        line = earlier.keys["until"].line
        message = f"the version before it holds until {earlier.until} (line {line})"
        yield _Finding(place, "dates-overlap", message)
    elif earlier.until is not None and earlier.until < later.since:
        yield _hole(place, earlier.until, later.since)


def _hole(at: Place, since: date, until: date | None) -> _Finding:
    to = f" to {until}" if until else " on"
    message = f"nothing is said from {since}{to}: add a version, with `rule: null` if none is meant"
    return _Finding(at, "dates-hole", message)


def _places(versions: list[Version]) -> tuple[str, ...]:
    named = {place for version in versions for place in (*version.only, *version.never)}
    return (*sorted(named), ELSEWHERE)


def _end(version: Version, versions: list[Version], place: str) -> date | None:
    later = [v.since for v in versions if v.covers(place) and v.since > version.since]
    ends = [*later, *([version.until] if version.until else [])]
    return min(ends, default=None)
