"""What placements, and the money for them, do to a journey."""

from domain.calendar import Period
from domain.journey import events as e
from domain.journey.evolving.shared import Doing, JourneyEntry, evolving, with_course
from domain.journey.state import Advice, Journey, Money, MoneyKind, Placement, PlacementStatus

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _placement_proposed(
    journey: Journey, event: e.PlacementProposed, entry: JourneyEntry
) -> Journey:
    return _placement(
        journey,
        entry,
        employer=event.employer,
        form=event.form,
        status=PlacementStatus.PROPOSED,
        proposed_on=entry.occurred_on,
    )


@_evolves
def _placement_agreed(journey: Journey, _: e.PlacementAgreed, entry: JourneyEntry) -> Journey:
    return _placement(
        journey,
        entry,
        status=PlacementStatus.AGREED,
        agreed_on=entry.occurred_on,
        agreed=entry.version,
    )


@_evolves
def _placement_started(journey: Journey, _: e.PlacementStarted, entry: JourneyEntry) -> Journey:
    return _placement(
        journey,
        entry,
        status=PlacementStatus.STARTED,
        started_on=entry.occurred_on,
        started=entry.version,
    )


@_evolves
def _placement_reviewed(
    journey: Journey, event: e.PlacementReviewed, entry: JourneyEntry
) -> Journey:
    known = journey.placement(event.reference)
    reviews = known.reviews + 1 if known else 1
    return _placement(journey, entry, reviews=reviews)


@_evolves
def _placement_ended(journey: Journey, _: e.PlacementEnded, entry: JourneyEntry) -> Journey:
    return _placement(
        journey,
        entry,
        status=PlacementStatus.ENDED,
        ended_on=entry.occurred_on,
        ended=entry.version,
    )


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


_UNKNOWN = Placement(0, "", "", "", PlacementStatus.PROPOSED)


def _placement(journey: Journey, entry: JourneyEntry, **changes: object) -> Journey:
    return journey._replace(placements=with_course(journey.placements, entry, _UNKNOWN, changes))
