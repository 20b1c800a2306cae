"""Which events the log stores, under which names, and how older shapes of them are read.

To change an event's fields: register the class with the next version here, write an upcaster from
the last one beside it, and write the new golden file (`python -m tests.golden_events --write`).
The old golden file stays for ever.
"""

from functools import cache
from typing import Any

from domain.access import AccessEvent, ReadingsRecorded
from domain.client import ClientEvent
from domain.issued_report import ReportEvent
from domain.journey.events import JourneyEvent
from domain.organisation.events import OrganisationEvent
from domain.programme.events import ProgrammeEvent
from infrastructure.event_names import EventNames


@cache
def registered_events() -> EventNames:
    """Return the names of all events of Polku, checked. Raises BrokenNames."""
    names = EventNames()
    names.register(ReadingsRecorded, version=2)
    names.upcaster("readings-recorded", 1)(nothing_disclosed)
    for events in (JourneyEvent, ClientEvent, ProgrammeEvent, OrganisationEvent, AccessEvent):
        names.register_union(events)
    names.register_union(ReportEvent)
    names.check()
    return names


def nothing_disclosed(body: dict[str, Any]) -> dict[str, Any]:
    """Read what was recorded before disclosures were: nobody noted what left for whom."""
    answers = [
        {**answer, "read": [{**subject, "disclosed": None} for subject in answer["read"]]}
        for answer in body["answers"]
    ]
    return {**body, "answers": answers}
