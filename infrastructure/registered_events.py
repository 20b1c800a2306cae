"""Which events the log stores, under which names, and how older shapes of them are read.

To change an event's fields: register the class with the next version here, write an upcaster from
the last one beside it, and write the new golden file (`python -m tests.golden_events --write`).
The old golden file stays for ever.
"""

from functools import cache

from domain.access import AccessEvent
from domain.client import ClientEvent
from domain.journey.events import JourneyEvent
from domain.organisation.events import OrganisationEvent
from domain.programme import ProgrammeEvent
from infrastructure.event_names import EventNames


@cache
def registered_events() -> EventNames:
    """Return the names of all events of Polku, checked. Raises BrokenNames."""
    names = EventNames()
    for events in (JourneyEvent, ClientEvent, ProgrammeEvent, OrganisationEvent, AccessEvent):
        names.register_union(events)
    names.check()
    return names
