"""Whether journeys went as the definition's own pathway has it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from application.evaluation.asking import Moment
from application.evaluation.conformance import Taken, Went
from application.evaluation.conformance_counted import Conformance, conformance
from application.evaluation.conformance_shown import (
    ConformanceShown,
    PlaceShown,
    StepShown,
    shown,
)
from application.evaluation.suppression import THRESHOLD
from application.evaluation.told_journeys import Origin, seen
from application.plainly import plain
from application.views.view import Rules
from domain.wording import said
from interfaces.evaluations.reading import CannotEvaluate, OfJourneys, Source


@dataclass(frozen=True, slots=True)
class ConformanceAsked:
    """Of which journeys, and how many of those that deviate are named (by id).

    Numbers of fewer persons than `threshold` are withheld; then no single one is named.
    """

    of: OfJourneys
    journeys: int = 0
    threshold: int = THRESHOLD

    def check(self) -> None:
        """Raise CannotEvaluate where single journeys are asked for, and small numbers withheld."""
        if self.journeys and self.threshold > 1:
            alone = said("single journeys are small numbers: they need a threshold of 0")
            raise CannotEvaluate("journeys", alone)


class Conforming(NamedTuple):
    """How journeys went, and the answer as JSON has it."""

    found: ConformanceShown
    told: dict[str, Any]


def conforming(source: Source, asked: ConformanceAsked) -> Conforming:
    """Hold journeys against the pathway of their definition.

    Raises NotPublished and CannotEvaluate.
    """
    asked.check()
    of = asked.of
    source.office.programmes.check_published(of.programme)
    day, instant = of.clocks(source.office)
    origin = source.log.origin(of.programme, Moment(day, instant))
    went = _went(source, origin, day, asked.journeys)
    found = shown(went, asked.threshold)
    told = {
        "programme": of.programme,
        "as_at": day,
        "known_at": instant,
        "position": origin.position,
        "threshold": asked.threshold,
        **_keys(found),
    }
    return Conforming(found, told)


def _went(source: Source, origin: Origin, day: date, first: int) -> Conformance:
    rules = Rules(source.office.programmes.definition, source.office.working_days)
    cases = source.log.journeys(origin.position, source.on_progress)
    return conformance(seen(cases, origin.moment, origin.programme), rules, day, first=first)


def _keys(found: ConformanceShown) -> dict[str, Any]:
    total = _place_keys(found.total)
    del total["organisation"]
    return {
        **total,
        "share_of_steps": found.share_of_steps,
        "untold": found.untold,
        "organisations": [_place_keys(one) for one in found.organisations],
        "steps": [_step_keys(one) for one in found.steps],
        "deviating": [_went_keys(one) for one in found.deviating],
    }


def _place_keys(one: PlaceShown) -> dict[str, Any]:
    told: dict[str, Any] = plain(one)
    return told


def _step_keys(one: StepShown) -> dict[str, Any]:
    outcomes = {name.value.replace("-", "_"): number for name, number in one.outcomes.items()}
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
