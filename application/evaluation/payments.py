"""Municipal payments of labour-market subsidy that were avoided, per client and municipality.

The municipality pays a share of each day of the benefit from a number of paid days on (the tiers of
the definition's reference values of `co-payment-share`). A day counts as avoided where the client
was at work on it, in a period of work recorded after the start in the programme: had the benefit
gone on instead, it would have been the next paid day. A period whose end nobody recorded lasts
until the day before the client is known to have no work (`out_of_work`). What a day costs is the
definition's value of `benefit-per-day`, or as given. Nothing tells whether the client would have
found work without the programme: these are payments that were not made, and not what the programme
did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, zip_longest
from typing import TypeAlias

from application.evaluation.followed import Followed
from application.evaluation.periods import benefit_days, benefit_days_in, out_of_work
from domain.calendar import until_one_of
from domain.definition import Definition
from domain.journey.state import PeriodKind, RecordedPeriod, periods_in_force
from domain.wording import Wording, said, worded

CO_PAID = "labour-market-subsidy"
"""The kind of benefit that municipalities co-pay."""

AVOIDED = "payments-avoided"
"""The measure of targets for them."""

_CENT = Decimal("0.01")

_Span: TypeAlias = tuple[date | None, date | None]
"""The first day of a time and the first after it; None: it has none."""

_ANY_TIME: _Span = (None, None)


@dataclass(frozen=True, slots=True)
class Tier:
    """From which paid day on (counted from 1) the municipality pays which share of a day."""

    from_day: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """By which terms payments are reckoned: the tiers, and what a day costs in euros.

    `basis` says where the sum of a day comes from, empty: whoever asks gave it. `assumed` is true
    where the definition itself says that no source states it.
    """

    tiers: tuple[Tier, ...]
    per_day: Decimal
    basis: str = ""
    assumed: bool = False

    def payment(self, first: int, days: int) -> Decimal:
        """Return what the municipality pays for so many paid days, the first being the nth.

        Day by day: a day before all tiers costs it nothing. In euros, to the cent.
        """
        last = first + days - 1
        bounds = [tier.from_day for tier in self.tiers[1:]]
        total = Decimal(0)
        for tier, until in zip(self.tiers, [*bounds, last + 1], strict=True):
            counted = min(last + 1, until) - max(first, tier.from_day)
            total += max(0, counted) * tier.share
        return (total * self.per_day).quantize(_CENT)


class NoShare(LookupError):
    """The definition does not say that a municipality pays a share."""


class NoSum(LookupError):
    """The definition does not say for what sum it pays, and none was given."""


def terms_of(definition: Definition, per_day: Decimal | None = None) -> Terms:
    """Return the terms that a definition says; `per_day` in place of its sum.

    Raises NoShare and NoSum.
    """
    values = definition.reference_values
    tiers = [
        Tier(one.from_days or 1, Decimal(str(one.value)))
        for one in values
        if one.measure == "co-payment-share"
    ]
    sums = [one for one in values if one.measure == "benefit-per-day"]
    if not tiers:
        raise NoShare(
            said(
                "{programme} names no share that municipalities pay", programme=definition.programme
            )
        )
    if per_day is None and not sums:
        raise NoSum(said("the definition names no sum of a day: give it with --per-day"))
    ordered = tuple(sorted(tiers, key=lambda tier: tier.from_day))
    if per_day is not None:
        return Terms(ordered, per_day)
    basis = worded(sums[0].basis, definition.texts)
    return Terms(ordered, Decimal(str(sums[0].value)), basis, sums[0].assumed)


@dataclass(frozen=True, slots=True)
class ClientPayments:
    """What is known of the payments for one client.

    `paid_before` and `paid_since` are paid days of the benefit before, and from, the start in the
    programme; `at_work` the benefit days at work since then. `avoided` is None where `unknown` says
    what nothing tells.
    """

    journey: str
    client: str
    municipality: str
    started_on: date
    paid_before: int | None = None
    paid_since: int | None = None
    at_work: int = 0
    avoided: Decimal | None = None
    unknown: Wording | None = None


def client_payments(
    journeys: Sequence[Followed], client: str, municipality: str, terms: Terms, day: date
) -> ClientPayments | None:
    """Return the payments for a client up to a day; None for one who was not taken in by then.

    `journeys` are all that the client has in the programme: the first that was accepted says the
    start, and a period that several tell of is one.
    """
    starts = [
        (one.journey.referral.accepted_on, one.id)
        for one in journeys
        if one.journey.referral and one.journey.referral.accepted_on
    ]
    start, journey = min(starts, default=(None, ""))
    if start is None or start > day:
        return None
    without = out_of_work(one.journey for one in journeys)
    told = _told(journeys, PeriodKind.EMPLOYMENT)
    work = [until_one_of(one.period, without) for one, _ in told]
    at_work = benefit_days_in(work, start, day)
    known = ClientPayments(journey, client, municipality, start, at_work=at_work)
    benefits = _told(journeys, PeriodKind.BENEFIT)
    unknown = _unknown(benefits)
    if unknown is not None:
        return replace(known, unknown=unknown)
    paid = [_paid(one, told_on, start) for one, told_on in benefits if one.kind == CO_PAID]
    before, since = (sum(part) for part in zip(*paid, strict=True)) if paid else (0, 0)
    avoided = terms.payment(before + since + 1, at_work) if paid else Decimal(0)
    return replace(known, paid_before=before, paid_since=since, avoided=avoided)


def _told(journeys: Iterable[Followed], of: PeriodKind) -> list[tuple[RecordedPeriod, date]]:
    """Return the periods of a kind by their first day, each with the day it was told.

    Of two records of one period the newest holds.
    """
    found: dict[tuple[PeriodKind, date, str], tuple[RecordedPeriod, date]] = {}
    for seen in journeys:
        told = {entry.version: entry.occurred_on for entry in seen.entries}
        for one in periods_in_force(seen.journey.periods, of):
            on, which = told.get(one.entry, date.min), one.which
            if which not in found or found[which][1] <= on:
                found[which] = one, on
    return sorted(found.values(), key=lambda one: one[0].period.start)


def _unknown(benefits: Sequence[tuple[RecordedPeriod, date]]) -> Wording | None:
    if not benefits:
        return said("no period of a benefit was recorded")
    co_paid = [(one, told_on) for one, told_on in benefits if one.kind == CO_PAID]
    if any(one.paid_days is None for one, _ in co_paid):
        return said("paid days were not recorded")
    if any(_last(*before) >= after.period.start for before, (after, _) in pairwise(co_paid)):
        return said("periods of the benefit overlap, and a day is paid once")
    return None


def _last(one: RecordedPeriod, told_on: date) -> date:
    """Return the last day that the paid days of a period are of: of one that lasts, when told."""
    return one.period.end or max(told_on, one.period.start)


def _paid(one: RecordedPeriod, told_on: date, start: date) -> tuple[int, int]:
    """Return the paid days of a period before, and from, a day: spread evenly over its days.

    A period that lasts has the days that were paid until it was told.
    """
    paid, first = one.paid_days or 0, one.period.start
    last = _last(one, told_on)
    days = benefit_days(first, last)
    before = benefit_days(first, min(last, date.fromordinal(start.toordinal() - 1)))
    earlier = paid if days == 0 and last < start else round(paid * before / days) if days else 0
    return earlier, paid - earlier


@dataclass(frozen=True, slots=True)
class Group:
    """Payments of a municipality (None: all) for clients who started in a time (None: any time).

    `since` and `until` (excluded) are the days between which the rule did not change; `known` are
    the clients of whom the payments are known. `target` is what the definition means to avoid, in
    euros; None where it says nothing.
    """

    municipality: str | None
    since: date | None
    until: date | None
    clients: int
    known: int
    at_work: int
    avoided: Decimal
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments avoided: per client, in groups, and what is not known, counted.

    `until` is the last day of which anything is known: days at work are counted up to it.
    """

    terms: Terms
    day: date
    until: date
    clients: tuple[ClientPayments, ...]
    groups: tuple[Group, ...]
    unknown: Mapping[str, int]


def payments(
    clients: Iterable[ClientPayments],
    versions: Sequence[Definition],
    terms: Terms,
    day: date,
    until: date | None = None,
) -> Payments:
    """Return payments in groups: by municipality, before and after each change of the rule.

    `versions` are those of the programme's definition that came into force, in their order. Without
    `until` all is known of the day.
    """
    each = tuple(sorted(clients, key=lambda one: one.journey))
    spans = _spans(versions)
    places: list[str | None] = [None, *sorted({one.municipality for one in each})]
    aims = _aims(versions[-1])
    groups = [
        _group(each, place, span, aims.get(place) if span == _ANY_TIME else None)
        for place in places
        for span in (_ANY_TIME, *(spans if len(spans) > 1 else ()))
    ]
    unknown: dict[str, int] = {}
    for one in each:
        if one.unknown is not None:
            unknown[one.unknown] = unknown.get(one.unknown, 0) + 1
    return Payments(terms, day, until or day, each, tuple(groups), unknown)


def _aims(definition: Definition) -> dict[str | None, Decimal]:
    """Return what is to be avoided in a municipality (None: in all), by the definition's targets.

    A municipality has those of its organisations together.
    """
    places = {place.code: place.municipality for place in definition.organisations}
    aims: dict[str | None, Decimal] = {}
    for one in definition.targets:
        place = places.get(one.organisation) if one.organisation else None
        if one.measure == AVOIDED and (place or not one.organisation):
            aims[place] = aims.get(place, Decimal(0)) + Decimal(str(one.value)).quantize(_CENT)
    return aims


def _spans(versions: Sequence[Definition]) -> list[_Span]:
    """Return the times between which no rule of eligibility changed, in and between versions."""
    first = versions[0].effective_from
    changes: set[date] = set()
    for one, after in zip_longest(versions, versions[1:]):
        until = after.effective_from if after else date.max
        changes |= {x.since for x in one.eligibility if one.effective_from <= x.since < until}
        if after is not None and _rules_on(one, until) != _rules_on(after, until):
            changes.add(until)
    return list(pairwise([first, *sorted(day for day in changes if day > first), None]))


def _rules_on(definition: Definition, day: date) -> list[tuple[object, ...]]:
    """Return the rules of a day, each with where it holds, whatever day they are from."""
    own = (x for x in definition.eligibility if x.since <= day and (not x.until or day < x.until))
    return [(x.rule.text, x.only, x.never) for x in own]


def _group(
    each: Sequence[ClientPayments], place: str | None, span: _Span, target: Decimal | None
) -> Group:
    since, until = span
    mine = [
        one
        for one in each
        if place in (None, one.municipality)
        and (since is None or since <= one.started_on)
        and (until is None or one.started_on < until)
    ]
    known = [one for one in mine if one.avoided is not None]
    return Group(
        place,
        since,
        until,
        len(mine),
        len(known),
        sum(one.at_work for one in known),
        sum((one.avoided or Decimal(0) for one in known), Decimal(0)),
        target,
    )
