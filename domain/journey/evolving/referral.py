"""What happens to a journey when a client is referred and taken in."""

from domain.journey import events as e
from domain.journey.evolving.shared import (
    Doing,
    JourneyEntry,
    answering,
    evolving,
    newest,
    unless_closed,
)
from domain.journey.state import Eligibility, Journey, Referral, Status

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _referred(journey: Journey, event: e.ReferralMade, entry: JourneyEntry) -> Journey:
    referral = Referral(
        entry.version,
        entry.occurred_on,
        event.from_organisation,
        event.to_organisation,
        event.channel,
        event.service_line,
        has_plan=event.existing_plan != e.NOTHING_SAID,
        has_need_definition=event.need_definition != e.NOTHING_SAID,
    )
    return journey._replace(
        client=event.client,
        programme=event.programme,
        definition_version=event.definition_version,
        status=unless_closed(journey, Status.REFERRED),
        organisation=event.to_organisation,
        referral=referral,
    )


@_evolves
def _accepted(journey: Journey, _: e.ReferralAccepted, entry: JourneyEntry) -> Journey:
    referral = journey.referral and journey.referral._replace(
        accepted=entry.version, accepted_on=entry.occurred_on
    )
    return journey._replace(status=unless_closed(journey, Status.OPEN), referral=referral)


@_evolves
def _declined(journey: Journey, _: e.ReferralDeclined, __: JourneyEntry) -> Journey:
    return journey._replace(status=unless_closed(journey, Status.DECLINED))


@_evolves
def _assessed(journey: Journey, event: e.EligibilityAssessed, entry: JourneyEntry) -> Journey:
    verdict = Eligibility(
        entry.version, entry.occurred_on, event.eligible, event.definition_version
    )
    return journey._replace(eligibility=newest(journey.eligibility, verdict))


@_evolves
def _assigned(journey: Journey, event: e.CaseWorkerAssigned, entry: JourneyEntry) -> Journey:
    return journey._replace(responsible=answering(event, entry), organisation=event.organisation)
