"""What each event does to a journey's state. Total: it never raises, whatever the order.

A history from another system, or one ordered by the day things happened, may tell of a service
that was completed before it started; the state then holds what is known and makes up nothing.
"""

from collections.abc import Iterable
from typing import Any

from domain.journey.evolving import (
    course,
    follow_up,
    intake,
    placement,
    plan,
    referral,
    review,
    services,
)
from domain.journey.evolving.growing import Growing
from domain.journey.evolving.shared import Doing, JourneyEntry
from domain.journey.state import BEFORE, Journey

ROOMS = (referral, intake, review, plan, services, placement, follow_up, course)

EVOLVED: Doing = {kind: does for room in ROOMS for kind, does in room.DOES.items()}
"""What each kind of event does."""


def fold(entries: Iterable[JourneyEntry], journey: Journey = BEFORE) -> Journey:
    """Fold effective entries, in the order given, into a state."""
    growing: Any = Growing(journey)
    for entry in entries:
        event = entry.event
        EVOLVED[type(event)](growing, event, entry)
    done: Journey = growing.grown()
    return done


def evolve(journey: Journey, entry: JourneyEntry) -> Journey:
    """Return the state after the entry."""
    event = entry.event
    return EVOLVED[type(event)](journey, event, entry)
