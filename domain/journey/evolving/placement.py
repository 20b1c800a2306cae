"""What placements, and the money for them, do to a journey."""

from domain.calendar import Period
from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving
from domain.journey.state import Advice, Journey, Money, MoneyKind, Placement, PlacementStatus

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _placement_proposed(
    journey: Journey, event: e.PlacementProposed, entry: JourneyEntry
) -> Journey:
    proposed = _known(journey, event.reference, entry)._replace(
        employer=event.employer,
        form=event.form,
        status=PlacementStatus.PROPOSED,
        proposed_on=entry.occurred_on,
    )
    return journey.with_placement(proposed)


@_evolves
def _placement_agreed(journey: Journey, event: e.PlacementAgreed, entry: JourneyEntry) -> Journey:
    agreed = _known(journey, event.reference, entry)._replace(
        status=PlacementStatus.AGREED, agreed_on=entry.occurred_on, agreed=entry.version
    )
    return journey.with_placement(agreed)


@_evolves
def _placement_started(journey: Journey, event: e.PlacementStarted, entry: JourneyEntry) -> Journey:
    started = _known(journey, event.reference, entry)._replace(
        status=PlacementStatus.STARTED, started_on=entry.occurred_on, started=entry.version
    )
    return journey.with_placement(started)


@_evolves
def _placement_reviewed(
    journey: Journey, event: e.PlacementReviewed, entry: JourneyEntry
) -> Journey:
    known = _known(journey, event.reference, entry)
    return journey.with_placement(known._replace(reviews=known.reviews + 1))


@_evolves
def _placement_ended(journey: Journey, event: e.PlacementEnded, entry: JourneyEntry) -> Journey:
    ended = _known(journey, event.reference, entry)._replace(
        status=PlacementStatus.ENDED, ended_on=entry.occurred_on, ended=entry.version
    )
    return journey.with_placement(ended)


@_evolves
def _money(
    journey: Journey,
    event: e.GrantAwarded | e.GrantPaid | e.WageSubsidyGranted,
    entry: JourneyEntry,
) -> Journey:
    period = Period(event.start, event.end)
    money = Money(
        entry.version,
        _MONEY[type(event)],
        event.reference,
        event.amount,
        event.currency,
        event.payer,
        period,
    )
    return journey._replace(money=(*journey.money, money))


@_evolves
def _advised(journey: Journey, event: e.EmployerAdvised, entry: JourneyEntry) -> Journey:
    advice = Advice(entry.version, entry.occurred_on, event.employer, event.topic)
    return journey._replace(advice=(*journey.advice, advice))


_MONEY = {
    e.GrantAwarded: MoneyKind.GRANT_AWARDED,
    e.GrantPaid: MoneyKind.GRANT_PAID,
    e.WageSubsidyGranted: MoneyKind.WAGE_SUBSIDY,
}


def _known(journey: Journey, reference: str, entry: JourneyEntry) -> Placement:
    """Return the placement with the reference; where none is known, one that an entry begins."""
    return journey.placement(reference) or Placement(
        entry.version, reference, "", "", PlacementStatus.PROPOSED
    )
