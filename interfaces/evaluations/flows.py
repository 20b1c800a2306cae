"""Flows into and out of long unemployment, and what is to be expected."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from application.evaluation.flows import MONTHS, Flows
from application.evaluation.reckoning import flows_of
from interfaces.evaluations.reading import OfJourneys, Source


@dataclass(frozen=True, slots=True)
class FlowsAsked:
    """Of which journeys, and from how many months on a spell is structural."""

    of: OfJourneys
    months: int = MONTHS


class Flowing(NamedTuple):
    """The flows, and the answer as JSON has it."""

    found: Flows
    told: dict[str, Any]


def flowing(source: Source, asked: FlowsAsked) -> Flowing:
    """Count flows, and project the coming year's inflow. Raises NotPublished."""
    programme = asked.of.programme
    day, instant = asked.of.clocks(source.office)
    found = flows_of(
        source.office,
        programme,
        day,
        instant,
        asked.months,
        source.on_progress,
        source.journeys_of,
    )
    told = {
        "programme": programme,
        "as_at": day,
        "known_at": instant,
        "months": asked.months,
        "flows": found.months,
        "lengths": found.lengths,
        "projection": found.projection,
    }
    return Flowing(found, told)
