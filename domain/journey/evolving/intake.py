"""What an intake interview and service needs do to a journey."""

from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving, newest, with_work_told
from domain.journey.state import Journey, Needs, Told

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _interviewed(journey: Journey, event: e.IntakeInterviewHeld, entry: JourneyEntry) -> Journey:
    told = Told(entry.version, entry.occurred_on, event.situation)
    return journey._replace(
        interviewed=entry.version,
        told=newest(journey.told, told),
        work_told=with_work_told(journey.work_told, entry, event.situation),
    )


@_evolves
def _needing(journey: Journey, event: e.ServiceNeedsDefined, entry: JourneyEntry) -> Journey:
    needs = Needs(entry.version, entry.occurred_on, event.needs, event.service_line)
    return journey._replace(needs=newest(journey.needs, needs))
