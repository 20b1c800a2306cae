"""Bodies of the acts of placement, with grants and advice to employers."""

from typing import Annotated

from pydantic import Field

from domain.definition import PLACEMENT_FORMS
from interfaces.http.acts.fields import (
    Amount,
    Body,
    Currency,
    Day,
    KnownName,
    Name,
    Said,
    SaidShortly,
    given,
    maybe,
    one_of,
)
from interfaces.http.acts.values import Signatories


class ProposePlacement(Body):
    """A placement with an employer is proposed."""

    reference: Name = given("placement-1")
    """What this placement is called within the journey; a new one."""
    employer: Name = given("north-welding")
    """The employer's code or name."""
    form: Annotated[str, one_of(PLACEMENT_FORMS)] = given("work-try-out")
    """The form of the placement."""
    hours_per_week: (
        Annotated[float, Field(strict=True, gt=0, le=168, allow_inf_nan=False)] | None
    ) = maybe(30)
    """The hours of a week, up to 168."""
    tutor: SaidShortly | None = maybe("Ms Lahti of the workshop")
    """Who looks after the client at the employer's."""


class AgreePlacement(Body):
    """A placement is agreed and signed."""

    reference: KnownName = given("placement-1")
    """The placement, as it was called when it was proposed."""
    signatories: Signatories = given(
        [{"person": "c-1042", "role": "client"}, {"person": "north-welding", "role": "employer"}]
    )
    """Who signed; the client is among them."""


class StartPlacement(Body):
    """The client begins at the employer's."""

    reference: KnownName = given("placement-1")
    """The placement."""


class ReviewPlacement(Body):
    """How the placement goes was talked over."""

    reference: KnownName = given("placement-1")
    """The placement."""
    note: Said | None = maybe("Goes well; a little more welding would be good.")
    """What was said."""


class EndPlacement(Body):
    """The placement ends, or an agreed one comes to nothing."""

    reference: KnownName = given("placement-1")
    """The placement."""
    reason: Said | None = maybe("The agreed three months are over.")
    """Why it ends."""


class _Money(Body):
    reference: KnownName = given("placement-1")
    """The placement that the money is for."""
    amount: Amount = given("1250.50")
    """The sum, as a text with at most two decimals."""
    currency: Currency = given("EUR")
    """The currency, as an ISO 4217 code."""
    payer: Name = given("kuopio")
    """Who pays."""
    start: Day = given("2025-03-03")
    """The first day that it is for."""
    end: Day = given("2025-05-30")
    """The last day that it is for."""


class AwardGrant(_Money):
    """A grant for a placement is awarded."""


class PayGrant(_Money):
    """A part of a grant is paid."""


class GrantWageSubsidy(_Money):
    """A wage subsidy is granted to the employer."""


class AdviseEmployer(Body):
    """The employer was advised."""

    employer: Name = given("north-welding")
    """The employer's code or name."""
    topic: Name = given("wage subsidy")
    """What the advice was on."""
