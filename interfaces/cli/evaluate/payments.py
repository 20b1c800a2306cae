"""`polku evaluate payments`: municipal payments of labour-market subsidy that were avoided."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from application.evaluation.payments import Group, Payments
from interfaces import bootstrap
from interfaces.cli.evaluate.asking import clocks_of
from interfaces.cli.evaluate.programme_asked import AsAt, KnownAt, Programme
from interfaces.cli.terminal import AsJson, BadInput, Screen, answer, progress, table
from interfaces.evaluations.payments import PaymentsAsked, avoided
from interfaces.evaluations.reading import CannotEvaluate, OfJourneys


def told_payments(
    programme: Programme,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    per_day: Annotated[
        str | None,
        typer.Option(metavar="EUROS", help="What a day costs, in place of the definition's sum."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Reckon the municipal payments avoided, by municipality, before and after the rule changed.

    A day counts where a client was at work on it after the start: it would have been the next paid
    day of the subsidy. What clients would have done without the programme, nothing tells.

    JSON: programme, as_at, known_at, terms (tiers: from_day, share; per_day), groups (municipality,
    since, until: null for all; clients, known, at_work: days, avoided: euros), clients (journey,
    client, municipality, started_on, paid_before, paid_since, at_work, avoided, unknown), unknown
    (how many clients by what is not known).
    """
    asked = PaymentsAsked(OfJourneys(programme, *clocks_of(as_at, known_at)), _euros(per_day))
    with bootstrap.open_office() as office, progress("Reading journeys") as advance:
        try:
            found, value = avoided(office, asked, advance)
        except CannotEvaluate as error:
            raise BadInput(error.message) from error
    answer(as_json, value, lambda to: _draw(to, found))


def _euros(text: str | None) -> Decimal | None:
    try:
        sum_ = None if text is None else Decimal(text)
    except InvalidOperation:
        raise BadInput(f"--per-day: {text!r} is not a sum; write it as 37.21") from None
    if sum_ is not None and not (sum_.is_finite() and sum_ >= 0):
        raise BadInput(f"--per-day: {text!r} is not a sum; write it as 37.21")
    return sum_


def _draw(to: Screen, found: Payments) -> None:
    tiers = ", ".join(
        f"{one.share * 100:.0f} % from day {one.from_day:,}" for one in found.terms.tiers
    )
    to.print(f"As at {found.day}; a municipality pays {tiers} of {found.terms.per_day} euros a day")
    drawn = table(
        None,
        ("Municipality", "wrap"),
        ("Started", "wrap"),
        *((name, "right") for name in ("Clients", "Known", "Days at work", "Avoided, euros")),
    )
    for one in found.groups:
        figures = (f"{one.clients:,}", f"{one.known:,}", f"{one.at_work:,}", f"{one.avoided:,.2f}")
        drawn.add_row(
            one.municipality or ("all" if one.municipality is None else "-"), _time(one), *figures
        )
    to.print(drawn)
    for what, count in found.unknown.items():
        to.print(f"- of {count:,} clients nothing is known: {what}", soft_wrap=True)
    to.print(
        "- would they have stayed on the benefit without the programme? Nothing tells",
        soft_wrap=True,
    )


def _time(one: Group) -> Any:
    if one.since is None:
        return "any time"
    return f"from {one.since}" if one.until is None else f"{one.since} to before {one.until}"
