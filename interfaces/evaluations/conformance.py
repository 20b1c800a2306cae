"""Whether journeys went as the definition's own pathway has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from application.evaluation.conformance import (
    Conformance,
    Outcome,
    StepCount,
    Taken,
    Went,
    conformance,
)
from application.evaluation.told_journeys import Asked, Case, Origin, seen
from application.journeys import Office
from application.local_time import instant_meant, zone_of
from application.plainly import plain
from application.views.view import Rules
from interfaces.evaluations.reading import Advance, OfJourneys


@dataclass(frozen=True, slots=True)
class ConformanceAsked:
    """Of which journeys, and how many of those that deviate are named (by id)."""

    of: OfJourneys
    journeys: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """The log as it is now, and every journey up to a position of it."""

    origin: Callable[[Asked], Origin]
    journeys: Callable[[int, Advance], Iterator[Case]]


class Conforming(NamedTuple):
    """How journeys went, and the answer as JSON has it."""

    found: Conformance
    told: dict[str, Any]


def conforming(
    office: Office, log: Log, asked: ConformanceAsked, on_progress: Advance
) -> Conforming:
    """Hold journeys against the pathway of their definition. Raises NotPublished."""
    of = asked.of
    versions = [one.number for one in office.programmes.state(of.programme).versions]
    newest = office.programmes.definition(of.programme, versions[-1] if versions else 1)
    zone = zone_of(newest)
    origin = log.origin(Asked(of.programme, of.as_at, instant_meant(of.known_at, zone)))
    now = origin.asked.known_at or office.log.now()
    day = origin.asked.as_at or now.astimezone(zone).date()
    at = replace(origin.asked, as_at=day)
    cases = seen(log.journeys(origin.position, on_progress), at)
    rules = Rules(office.programmes.definition, office.working_days)
    found = conformance(cases, rules, day, first=asked.journeys)
    told = {
        "programme": of.programme,
        "as_at": day,
        "known_at": at.known_at,
        "position": origin.position,
        **_keys(found),
    }
    return Conforming(found, told)


def in_order(found: Conformance) -> list[StepCount]:
    """Return the steps by kind, and those of a kind as they first came."""
    kinds = ["phase", "requirement", "deadline"]
    return sorted(found.steps.values(), key=lambda one: (kinds.index(one.step.kind), one.step.id))


def _keys(found: Conformance) -> dict[str, Any]:
    return {
        "journeys": found.total.journeys,
        "conforming": found.total.conforming,
        "share": found.total.share,
        "share_of_steps": found.share_of_steps,
        "untold": found.untold,
        "organisations": [
            {"organisation": name, **plain(count), "share": count.share}
            for name, count in sorted(found.organisations.items())
        ],
        "steps": [_step_keys(one) for one in in_order(found)],
        "deviating": [_went_keys(one) for one in found.deviating],
    }


def _step_keys(one: StepCount) -> dict[str, Any]:
    outcomes = {name.value.replace("-", "_"): one.outcomes[name] for name in Outcome}
    return {
        "kind": one.step.kind.value,
        "step": one.step.id,
        "title": plain(one.step.title),
        "asked": one.asked,
        **outcomes,
        "overridden": one.overridden,
        "journeys": one.journeys,
        "share": one.share,
    }


def _went_keys(one: Went) -> dict[str, Any]:
    return {
        "journey": one.journey,
        "organisation": one.organisation,
        "deviations": [_taken_keys(x) for x in one.deviations],
    }


def _taken_keys(one: Taken) -> dict[str, Any]:
    told = {name: value for name, value in one._asdict().items() if name != "step"}
    return {"kind": one.step.kind.value, "step": one.step.id, **plain(told)}
