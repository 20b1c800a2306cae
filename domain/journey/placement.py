"""Placement: with an employer, in a form of the vocabulary, with grants and advice."""

from datetime import date
from decimal import Decimal

from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    not_before,
    require_begun,
    require_code,
    require_name,
    require_open,
    require_period,
    require_text,
    unless_done,
    unless_recorded,
    would_have_to_be,
)
from domain.journey.history import History
from domain.journey.plan import require_client_signs
from domain.journey.state import Journey, MoneyKind, Placement, PlacementStatus
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Listed, coded, said

_LATER = (PlacementStatus.AGREED, PlacementStatus.STARTED, PlacementStatus.ENDED)


def propose_placement(
    history: History,
    act: Act,
    *,
    reference: str,
    employer: str,
    form: str,
    hours_per_week: float | None = None,
    tutor: Personal = e.NOTHING_SAID,
) -> Events:
    """Propose a placement, in a form of the definition, under a reference new to the journey."""
    require_open(history.journey, act, said("propose a placement"))
    require_name("reference", reference, act)
    require_text("employer", employer)
    require_code("form", form, act.definition.placement_forms)
    if hours_per_week is not None and not 0 < hours_per_week <= 168:
        raise InvalidField("hours_per_week", said("a week has from 1 to 168 hours"))
    event = e.PlacementProposed(reference, employer, form, hours_per_week, tutor)
    if not unless_recorded(history, act, event):
        return NOTHING
    known = history.journey.placement(reference)
    if known is not None:
        raise IllegalTransition(
            state=said(
                "{reference} is a placement at {employer}, {status}",
                reference=reference,
                employer=known.employer,
                status=coded("placement-status", known.status.value),
            ),
            act=said("propose a placement"),
            missing=said("give another reference"),
        )
    return (event,)


def agree_placement(
    history: History, act: Act, *, reference: str, signatories: tuple[e.Signatory, ...]
) -> Events:
    """Agree a proposed placement; the client must be among those who sign."""
    require_open(history.journey, act, said("agree a placement"))
    require_client_signs(history.journey, act, signatories)
    placement = _placement(
        history.journey, said("agree the placement"), reference, PlacementStatus.PROPOSED, *_LATER
    )
    if placement.status in _LATER:
        return NOTHING
    not_before(act, placement.proposed_on, said("the placement was proposed"))
    return (e.PlacementAgreed(reference, signatories),)


def start_placement(history: History, act: Act, *, reference: str) -> Events:
    """Record that the client began at the employer's."""
    require_open(history.journey, act, said("start a placement"))
    placement = _placement(history.journey, said("start the placement"), reference, *_LATER)
    if placement.started is not None:
        return NOTHING
    if placement.status is PlacementStatus.ENDED:
        raise IllegalTransition(
            state=said("the placement came to nothing on {ended_on}", ended_on=placement.ended_on),
            act=said("start the placement"),
            missing=said("propose another under a new reference"),
        )
    not_before(act, placement.agreed_on, said("the placement was agreed"))
    return (e.PlacementStarted(reference),)


def review_placement(
    history: History, act: Act, *, reference: str, note: Personal = e.NOTHING_SAID
) -> Events:
    """Record a talk on how a running placement goes."""
    require_open(history.journey, act, said("review a placement"))
    placement = _placement(
        history.journey, said("review the placement"), reference, PlacementStatus.STARTED
    )
    not_before(act, placement.started_on, said("the placement started"))
    return unless_recorded(history, act, e.PlacementReviewed(reference, note))


def end_placement(
    history: History, act: Act, *, reference: str, reason: Personal = e.NOTHING_SAID
) -> Events:
    """Record the end of a placement, or that an agreed one came to nothing."""
    require_begun(history.journey, act, said("end a placement"))
    placement = _placement(history.journey, said("end the placement"), reference, *_LATER)
    event = e.PlacementEnded(reference, reason)
    if placement.status is PlacementStatus.ENDED:
        return unless_done(history, event, said("it has ended already"), said("end the placement"))
    not_before(
        act, placement.started_on or placement.agreed_on, said("the placement was agreed or began")
    )
    return (event,)


def award_grant(
    history: History,
    act: Act,
    *,
    reference: str,
    amount: Decimal,
    currency: str,
    payer: str,
    start: date,
    end: date,
) -> Events:
    """Award a grant for a placement: an amount in all, for a period (both days included)."""
    event = e.GrantAwarded(reference, amount, currency, payer, start, end)
    _check_money(history, act, said("award a grant"), event)
    return unless_recorded(history, act, event)


def pay_grant(
    history: History,
    act: Act,
    *,
    reference: str,
    amount: Decimal,
    currency: str,
    payer: str,
    start: date,
    end: date,
) -> Events:
    """Record a payment of a grant that was awarded; not more in all than was awarded."""
    event = e.GrantPaid(reference, amount, currency, payer, start, end)
    _check_money(history, act, said("pay a grant"), event)
    if not unless_recorded(history, act, event):
        return NOTHING
    money = [m for m in history.journey.money if (m.reference, m.currency) == (reference, currency)]
    awarded = sum((m.amount for m in money if m.kind is MoneyKind.GRANT_AWARDED), Decimal(0))
    paid = sum((m.amount for m in money if m.kind is MoneyKind.GRANT_PAID), Decimal(0))
    if paid + amount > awarded:
        raise IllegalTransition(
            state=said(
                "{awarded} {currency} were awarded and {paid} paid",
                awarded=awarded,
                currency=currency,
                paid=paid,
            ),
            act=said("pay {amount} {currency}", amount=amount, currency=currency),
            missing=said("award a grant that covers it"),
        )
    return (event,)


def grant_wage_subsidy(
    history: History,
    act: Act,
    *,
    reference: str,
    amount: Decimal,
    currency: str,
    payer: str,
    start: date,
    end: date,
) -> Events:
    """Record a wage subsidy to the employer of a placement."""
    event = e.WageSubsidyGranted(reference, amount, currency, payer, start, end)
    _check_money(history, act, said("grant a wage subsidy"), event)
    return unless_recorded(history, act, event)


def advise_employer(history: History, act: Act, *, employer: str, topic: str) -> Events:
    """Record advice to an employer."""
    require_begun(history.journey, act, said("advise the employer"))
    require_text("employer", employer)
    require_text("topic", topic)
    return unless_recorded(history, act, e.EmployerAdvised(employer, topic))


def _placement(journey: Journey, what: str, reference: str, *allowed: PlacementStatus) -> Placement:
    placement = journey.placement(reference)
    if placement is None:
        known = Listed(p.reference for p in journey.placements) or said("none")
        raise InvalidField(
            "reference",
            said(
                "no placement {reference!r} here; known: {known}", reference=reference, known=known
            ),
        )
    if placement.status not in allowed:
        raise IllegalTransition(
            state=said(
                "the placement {reference} is {status}",
                reference=reference,
                status=coded("placement-status", placement.status.value),
            ),
            act=what,
            missing=would_have_to_be("placement-status", allowed),
        )
    return placement


def _check_money(
    history: History,
    act: Act,
    what: str,
    money: e.GrantAwarded | e.GrantPaid | e.WageSubsidyGranted,
) -> None:
    require_begun(history.journey, act, what)
    _placement(history.journey, what, money.reference, *PlacementStatus)
    if not money.amount.is_finite() or money.amount <= 0:
        raise InvalidField(
            "amount", said("{amount} is not an amount above nothing", amount=money.amount)
        )
    if len(money.currency) != 3 or not money.currency.isupper():
        raise InvalidField("currency", said("give an ISO 4217 code, as EUR"))
    require_period(money.start, money.end)
