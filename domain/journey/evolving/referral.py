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
from domain.journey.state import BEFORE, Acceptance, Eligibility, Journey, Referral, Status

DOES: Doing = {}
"""What each kind of event of this room does."""

_evolves = evolving(DOES)


@_evolves
def _referred(journey: Journey, event: e.ReferralMade, entry: JourneyEntry) -> Journey:
    known = _known_before(journey, entry)
    early = known.early
    referral = Referral(
        entry.version,
        entry.occurred_on,
        event.from_organisation,
        event.to_organisation,
        event.channel,
        event.service_line,
        has_plan=event.existing_plan != e.NOTHING_SAID,
        has_need_definition=event.need_definition != e.NOTHING_SAID,
        accepted=early.entry if early else None,
        accepted_on=early.on if early else None,
    )
    has_begun = known.status is not Status.NOT_BEGUN
    return journey._replace(
        client=event.client,
        programme=event.programme,
        definition_version=known.definition_version or event.definition_version,
        status=known.status if has_begun else unless_closed(journey, Status.REFERRED),
        organisation=known.organisation or event.to_organisation,
        referral=referral,
    )


def _known_before(journey: Journey, entry: JourneyEntry) -> Journey:
    """Return what stands whatever a referral says that is dated after what followed it.

    That is all, where it opened the stream: other systems tell that a client was taken in on an
    earlier day than was referred. Any other referral is a new beginning.
    """
    return journey if entry.version == 1 and journey.referral is None else BEFORE


@_evolves
def _accepted(journey: Journey, _: e.ReferralAccepted, entry: JourneyEntry) -> Journey:
    status = unless_closed(journey, Status.OPEN)
    if journey.referral is None:
        return journey._replace(status=status, early=Acceptance(entry.version, entry.occurred_on))
    referral = journey.referral._replace(accepted=entry.version, accepted_on=entry.occurred_on)
    return journey._replace(status=status, referral=referral)


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
