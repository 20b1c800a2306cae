"""`polku evaluate payments`: municipal payments of labour-market subsidy that were avoided."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from application.evaluation.payments import Terms
from application.evaluation.payments_shown import GroupShown, PaymentsShown
from application.evaluation.suppression import THRESHOLD
from domain.wording import Listed, Wording, counted, said
from interfaces.cli.clocks import AsAtElseToday, KnownAt
from interfaces.cli.evaluate.asking import OfProgramme, Threshold, called, journeys_of, reading
from interfaces.cli.language import Language
from interfaces.cli.speaking import InLanguage, Speaker, say_withheld, tongue_of
from interfaces.cli.terminal import AsJson, BadInput, answer
from interfaces.evaluations.payments import PaymentsAsked, avoided


def told_payments(
    programme: OfProgramme,
    as_at: AsAtElseToday = None,
    known_at: KnownAt = None,
    per_day: Annotated[
        str | None,
        typer.Option(metavar="EUROS", help="What a day costs, in place of the definition's sum."),
    ] = None,
    threshold: Threshold = THRESHOLD,
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Reckon the municipal payments avoided, by municipality, before and after the rule changed.

    A day counts where a client was at work on it after the start: it would have been the next paid
    day of the subsidy. A period of work whose end nobody recorded is taken to last until the
    client is known to have no work. What clients would have done without the programme, nothing
    tells.

    JSON: programme, as_at, known_at, until (the last day of which anything is known: days at work
    are counted up to it), threshold, terms (tiers: from_day, share; per_day; basis of
    it, empty: as given; assumed: no source states it), groups (municipality, since, until: null for
    all; clients, known, at_work: days, avoided: euros, target: euros, null where the definition
    says none), clients (journey, client, municipality, started_on, paid_before, paid_since,
    at_work, avoided, unknown; null, but for --threshold 0), unknown (how many clients by what is
    not known). A number that is withheld is null.
    """
    asked = PaymentsAsked(journeys_of(programme, as_at, known_at), _euros(per_day), threshold)
    with reading() as source:
        found, value = avoided(source, asked)
        places = {one.municipality for one in found.groups if one.municipality}
        names = called(source, programme, "municipality", places)
    answer(
        as_json, value, lambda to: _draw(Speaker(to, language, names), found), tongue_of(language)
    )


def _euros(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        sum_ = Decimal(text)
    except InvalidOperation:
        sum_ = Decimal("NaN")
    if not (sum_.is_finite() and sum_ >= 0):
        raise BadInput(said("--per-day: {text!r} is not a sum; write it as 37.21", text=text))
    return sum_


def _draw(speaker: Speaker, found: PaymentsShown) -> None:
    speaker.line(_terms(speaker, found))
    speaker.line(_sum(found.terms))
    _draw_groups(speaker, found.groups)
    for what, count in found.unknown.items():
        if count is not None:
            speaker.line(
                counted(
                    "- of {n} client nothing is known: {what}",
                    "- of {n} clients nothing is known: {what}",
                    count,
                    what=what,
                )
            )
    speaker.line(
        said(
            "- a period of work whose end nobody recorded is taken to last until the client is "
            "known to have no work, else until {day}",
            day=speaker.day(found.until),
        )
    )
    speaker.line(
        said("- would they have stayed on the benefit without the programme? Nothing tells")
    )
    say_withheld(speaker, found.threshold)


def _draw_groups(speaker: Speaker, groups: Sequence[GroupShown]) -> None:
    aims = any(one.target is not None for one in groups)
    drawn = speaker.table(
        (said("Municipality"), "wrap"),
        (said("Started"), "wrap"),
        (said("Clients"), "right"),
        (said("Known"), "right"),
        (said("Days at work"), "right"),
        (said("Avoided, euros"), "right"),
        *([(said("Target"), "right")] if aims else []),
    )
    for one in groups:
        drawn.add_row(
            speaker.text(said("all"))
            if one.municipality is None
            else speaker.called(one.municipality or "-"),
            speaker.text(_time(speaker, one)),
            *map(speaker.number, (one.clients, one.known, one.at_work)),
            speaker.euros(one.avoided),
            *(["" if one.target is None else speaker.euros(one.target)] if aims else []),
        )
    speaker.show(drawn)


def _terms(speaker: Speaker, found: PaymentsShown) -> Wording:
    tiers = (
        said(
            "{share} % from day {day}",
            share=speaker.number(float(one.share * 100)),
            day=speaker.number(one.from_day),
        )
        for one in found.terms.tiers
    )
    return said(
        "As at {day}; a municipality pays {tiers} of {per_day} euros a day",
        day=speaker.day(found.day),
        tiers=Listed(tiers),
        per_day=speaker.euros(found.terms.per_day),
    )


def _sum(terms: Terms) -> Wording:
    """Say where the sum of a day comes from."""
    if not terms.basis:
        return said("The sum of a day is the one that was given.")
    if terms.assumed:
        return said(
            "The sum of a day is assumed, no source states it (--per-day takes another): {basis}",
            basis=terms.basis,
        )
    return said("The sum of a day: {basis}", basis=terms.basis)


def _time(speaker: Speaker, one: GroupShown) -> Wording:
    if one.since is None:
        return said("any time")
    since = speaker.day(one.since)
    if one.until is None:
        return said("from {day}", day=since)
    return said("{since} to before {until}", since=since, until=speaker.day(one.until))
