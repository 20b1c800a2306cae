"""A journey's course day by day, as it happened: where it stood and who answered for it.

A day is told by how it ended: what came and went within a day leaves nothing. Corrections are
applied. The course begins with the referral, whatever is dated before it; a journey
whose referral was retracted has none.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from application.views.view import Rules
from domain.journey import events as e
from domain.journey.evolve import evolve
from domain.journey.history import History, as_it_happened
from domain.journey.state import BEFORE, Journey, Status

WAITING = "waiting"
"""How an open journey stands that has not entered a phase yet."""

_TELLING = frozenset(
    {
        *(e.ReferralMade, e.ReferralAccepted, e.ReferralDeclined),
        *(e.CaseWorkerAssigned, e.HandoverAccepted, e.PhaseEntered),
        *(e.JourneyPaused, e.JourneyResumed, e.JourneyClosed, e.JourneyReopened),
    }
)
"""What says where a journey stands; nothing else need be folded for it."""


class Evening(NamedTuple):
    """How a journey stood at the end of a day on which something happened to it."""

    day: date
    journey: Journey


def evenings(history: History) -> Iterator[Evening]:
    """Yield how the journey stood after each day on which where it stands may have changed."""
    if history.journey.referral is None:
        return
    journey, day = BEFORE, None
    for entry in as_it_happened([x for x in history.in_force if type(x.event) in _TELLING]):
        if day is not None and entry.occurred_on != day and journey.referral is not None:
            yield Evening(day, journey)
        journey, day = evolve(journey, entry), entry.occurred_on
    if day is not None and journey.referral is not None:
        yield Evening(day, journey)


def course(history: History, _rules: Rules) -> tuple[Evening, ...]:
    """Return all evenings of a journey."""
    return tuple(evenings(history))


def standing(journey: Journey) -> str:
    """Return where a journey stands: its phase, or "waiting" for the first, or its status."""
    if journey.status is not Status.OPEN:
        return journey.status.value
    stay = journey.stay
    return stay.phase.value if stay else WAITING
