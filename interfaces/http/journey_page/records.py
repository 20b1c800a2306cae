"""What was found, awarded, paid and followed up on the way."""

from typing import Any

from domain.journey.state import (
    Certificate,
    Competence,
    FollowUp,
    Journey,
    Money,
    Pause,
    RecordedPeriod,
    periods_that_hold,
)
from interfaces.http import journey_models as m
from interfaces.http.speaking import Speaking


def records(journey: Journey, say: Speaking) -> dict[str, Any]:
    """Return the parts of the page, by their fields."""
    return {
        "competences": [_competence(one, say) for one in journey.competences],
        "certificates": [_certificate(one) for one in journey.certificates],
        "money": [_money(one, say) for one in journey.money],
        "follow_ups": [_follow_up(one, say) for one in journey.follow_ups],
        "periods": [_period(one, say) for one in periods_that_hold(journey.periods)],
        "pauses": [_pause(one) for one in journey.pauses],
    }


def _competence(one: Competence, say: Speaking) -> m.CompetenceTold:
    return m.CompetenceTold.model_construct(
        concept=say.title("concept", one.concept),
        level=one.level,
        on=one.on,
        validated_by=one.validated_by,
        entry=one.entry,
    )


def _certificate(one: Certificate) -> m.CertificateTold:
    return m.CertificateTold.model_construct(
        title=one.title,
        awarding_body=one.awarding_body,
        eqf_level=one.eqf_level,
        on=one.on,
        entry=one.entry,
    )


def _money(one: Money, say: Speaking) -> m.MoneyTold:
    return m.MoneyTold.model_construct(
        kind=say.code("money", one.kind.value),
        reference=one.reference,
        amount=one.amount,
        currency=one.currency,
        payer=say.title("organisation", one.payer),
        start=one.period.start,
        end=one.period.end,
        entry=one.entry,
    )


def _follow_up(one: FollowUp, say: Speaking) -> m.FollowUpTold:
    return m.FollowUpTold.model_construct(
        on=one.on,
        status=say.code("employment", one.status.value),
        point=say.maybe("point", one.point),
        entry=one.entry,
    )


def _period(one: RecordedPeriod, say: Speaking) -> m.PeriodTold:
    return m.PeriodTold.model_construct(
        of=say.code("period", one.of.value),
        kind=one.kind,
        start=one.period.start,
        end=one.period.end,
        paid_days=one.paid_days,
        entry=one.entry,
    )


def _pause(one: Pause) -> m.PauseTold:
    return m.PauseTold.model_construct(since=one.start, until=one.end, entry=one.entry)
