"""Flows into and out of long unemployment, and what is to be expected."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from application.evaluation.flows import MONTHS, Flows
from application.evaluation.reckoning import flows_of
from application.journeys import Office
from interfaces.evaluations.reading import Advance, OfJourneys
from interfaces.evaluations.reckoned import asking


@dataclass(frozen=True, slots=True)
class FlowsAsked:
    """Of which journeys, and from how many months on a spell is structural."""

    of: OfJourneys
    months: int = MONTHS


class Flowing(NamedTuple):
    """The flows, and the answer as JSON has it."""

    found: Flows
    told: dict[str, Any]


def flowing(office: Office, asked: FlowsAsked, on_progress: Advance) -> Flowing:
    """Count flows, and project the coming year's inflow. Raises NotPublished."""
    at = asking(office, asked.of)
    found = flows_of(office, at, asked.months, on_progress)
    told = {
        "programme": at.programme,
        "as_at": at.as_at,
        "known_at": at.known_at,
        "months": asked.months,
        "flows": found.months,
        "lengths": found.lengths,
        "projection": found.projection,
    }
    return Flowing(found, told)
