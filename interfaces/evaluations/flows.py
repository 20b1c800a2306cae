"""Flows into and out of long unemployment, and what is to be expected."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from application.evaluation.flows import MONTHS
from application.evaluation.flows_shown import FlowsShown, shown
from application.evaluation.reckoning import flows_of
from application.evaluation.suppression import THRESHOLD
from interfaces.evaluations.reading import OfJourneys, Source


@dataclass(frozen=True, slots=True)
class FlowsAsked:
    """Of which journeys, and from how many months on a spell is structural.

    Numbers below `threshold` are withheld.
    """

    of: OfJourneys
    months: int = MONTHS
    threshold: int = THRESHOLD

    def check(self) -> None:
        """Do nothing: whatever is said can be asked."""


class Flowing(NamedTuple):
    """The flows, and the answer as JSON has it."""

    found: FlowsShown
    told: dict[str, Any]


def flowing(source: Source, asked: FlowsAsked) -> Flowing:
    """Count flows, and project the coming year's inflow. Raises NotPublished."""
    programme = asked.of.programme
    day, instant = asked.of.clocks(source.office)
    counted = flows_of(
        source.office,
        programme,
        day,
        instant,
        asked.months,
        source.on_progress,
        source.journeys_of,
    )
    found = shown(counted, asked.threshold)
    told = {
        "programme": programme,
        "as_at": day,
        "known_at": instant,
        "months": asked.months,
        "threshold": found.threshold,
        "flows": found.months,
        "lengths": found.lengths,
        "projection": found.projection,
    }
    return Flowing(found, told)
