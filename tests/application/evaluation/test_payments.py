"""Municipal payments avoided: by the day, per client, by municipality and time of the rule."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.followed import Followed
from application.evaluation.payments import (
    ClientPayments,
    NoShare,
    NoSum,
    Terms,
    Tier,
    client_payments,
    payments,
    terms_of,
)
from application.evaluation.periods import benefit_days, benefit_days_in, spells_of
from domain.calendar import Period
from domain.client import UNKNOWN
from domain.definition import Definition
from domain.journey import events as e
from domain.journey.history import History, look
from domain.journey.state import PeriodKind, periods_in_force
from infrastructure.definitions import load_definition, shipped_definitions
from tests.domain import journeys as j

SUBSIDY = "labour-market-subsidy"
TERMS = Terms((Tier(300, Decimal("0.5")), Tier(1000, Decimal("0.7"))), Decimal(40))
START, DAY = date(2025, 3, 3), date(2025, 6, 30)


@pytest.fixture(scope="module")
def savo() -> Definition:
    return load_definition(shipped_definitions()["etela-savo"], "etela-savo.yaml")


def test_the_terms_are_those_of_the_definition(savo):
    terms = terms_of(savo)
    assert terms.tiers == TERMS.tiers
    assert (terms.per_day, terms.assumed) == (Decimal("37.21"), True)
    assert "assumption" in terms.basis
    assert terms_of(savo, Decimal(30)).per_day == 30
    with pytest.raises(NoShare, match="trial names no share"):
        terms_of(j.definition())
    shares = tuple(x for x in savo.reference_values if x.measure == "co-payment-share")
    with pytest.raises(NoSum, match="--per-day"):
        terms_of(replace(savo, reference_values=shares))


@given(first=st.integers(1, 1500), days=st.integers(0, 400))
@settings(max_examples=40)
def test_a_payment_is_the_sum_over_its_days(first, days):
    def share(number: int) -> Decimal:
        return max((t.share for t in TERMS.tiers if number >= t.from_day), default=Decimal(0))

    each = sum((share(number) for number in range(first, first + days)), Decimal(0))
    assert TERMS.payment(first, days) == each * 40


@given(st.dates(date(2025, 1, 1), date(2025, 2, 1)), st.integers(-3, 60))
@settings(max_examples=30)
def test_benefit_days_are_those_of_the_week(first, days):
    last = first + timedelta(days=days)
    every = (first + timedelta(days=n) for n in range(days + 1))
    assert benefit_days(first, last) == sum(day.weekday() < 5 for day in every)


def test_days_in_several_periods_count_once():
    periods = [Period(date(2025, 3, 3), date(2025, 3, 14)), Period(date(2025, 3, 10))]
    assert benefit_days_in(periods, START, date(2025, 3, 21)) == 15
    assert benefit_days_in([], START, DAY) == 0


def test_work_that_lasts_until_the_last_day_there_is_can_be_counted():
    lasting = [Period(date(9999, 12, 20)), Period(date(9999, 12, 25))]
    assert benefit_days_in(lasting, START, date.max) == 10


def client(*happened: object) -> History:
    return j.given(j.REFERRED, e.ReferralAccepted(), *happened)


def found(*happened: object, day: date = DAY) -> ClientPayments | None:
    return client_payments([followed(client(*happened), day)], "c-1", "mikkeli", TERMS, day)


def followed(history: History, day: date, journey: str = "j-1") -> Followed:
    seen = look(history.entries, as_at=day)
    return Followed(journey, seen.entries, seen.journey, UNKNOWN, START, seen.claimed)


BENEFIT = e.BenefitPeriodRecorded(date(2024, 1, 1), date(2025, 2, 28), SUBSIDY, 290)
WORK = e.EmploymentPeriodRecorded(date(2025, 4, 7), date(2025, 5, 2), "wage-subsidised-work")


def test_another_benefit_from_the_same_day_takes_none_of_the_paid_days():
    other = replace(BENEFIT, kind="housing", paid_days=None)
    assert found(BENEFIT, other) == found(other, BENEFIT) == found(BENEFIT)
    lasting = replace(BENEFIT, end=None, paid_days=250)
    assert found(lasting, other, BENEFIT) == found(BENEFIT)


def test_days_at_work_would_have_been_the_next_paid_days():
    one = found(BENEFIT, (WORK, date(2025, 4, 7)))
    assert one is not None
    assert (one.paid_before, one.paid_since, one.at_work) == (290, 0, 20)
    assert one.avoided == TERMS.payment(291, 20) == Decimal(11 * 20)


def test_a_period_that_lasts_is_paid_until_it_was_told():
    lasting = e.BenefitPeriodRecorded(date(2025, 2, 17), None, SUBSIDY, 20)
    one = found((lasting, date(2025, 3, 14)), (WORK, date(2025, 4, 7)))
    assert one is not None
    assert (one.paid_before, one.paid_since) == (10, 10)


def test_of_two_records_of_one_period_the_newer_holds():
    again = replace(BENEFIT, end=date(2025, 3, 31), paid_days=310)
    one = found(BENEFIT, (again, date(2025, 4, 1)))
    assert one is not None
    assert one.paid_before is not None
    assert one.paid_since is not None
    assert one.paid_before + one.paid_since == 310
    assert one.paid_since > 0


LASTING = replace(WORK, end=None)
NONE = e.EmploymentStatus.UNEMPLOYED


@pytest.mark.parametrize(
    ("after", "days"),
    [
        (e.FollowUpHeld(NONE), 20),
        (e.FollowUpHeld(e.EmploymentStatus.INACTIVE), 20),
        (e.UnemploymentPeriodRecorded(date(2025, 5, 5), None, "registered"), 20),
        (e.IntakeInterviewHeld(e.Situation(NONE, date(2025, 5, 5))), 20),
        (e.IntakeInterviewHeld(e.Situation(NONE)), 20),
        (e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.LAID_OFF)), 20),
        (e.IntakeInterviewHeld(e.Situation(unemployed_since=date(2025, 3, 1))), 20),
        (e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.STUDENT)), 61),
        (e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.IN_MEASURE, date(2025, 3, 1))), 61),
        (e.FollowUpHeld(e.EmploymentStatus.UNKNOWN, situation=e.Situation(NONE)), 20),
        (e.JourneyClosed("ended-early", "unemployed"), 20),
        (e.JourneyClosed("ended-early", "inactive"), 20),
        (e.JourneyClosed("ended-early", "unknown"), 61),
        (e.JourneyClosed("completed", "education-or-training"), 61),
        (e.FollowUpHeld(e.EmploymentStatus.IN_MEASURE), 61),
        (e.FollowUpHeld(e.EmploymentStatus.EMPLOYED), 61),
    ],
)
def test_work_whose_end_nobody_recorded_lasts_until_the_client_is_known_to_have_none(after, days):
    """A journey that was closed as inactive was at work, and avoided payments, ever after."""
    one = found(BENEFIT, (LASTING, date(2025, 4, 7)), (after, date(2025, 5, 5)))
    assert one is not None
    assert one.at_work == days
    before = found(BENEFIT, (e.FollowUpHeld(NONE), date(2025, 4, 4)), (LASTING, date(2025, 4, 7)))
    assert before is not None
    assert before.at_work == 61


def test_another_benefit_costs_the_municipality_nothing():
    one = found(replace(BENEFIT, kind="basic-unemployment-benefit"), (WORK, date(2025, 4, 7)))
    assert one is not None
    assert (one.avoided, one.at_work, one.unknown) == (0, 20, None)


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        ((), "no period of a benefit was recorded"),
        ((replace(BENEFIT, paid_days=None),), "paid days were not recorded"),
        (
            (BENEFIT, replace(BENEFIT, start=date(2025, 2, 28), end=None, paid_days=3)),
            "periods of the benefit overlap, and a day is paid once",
        ),
    ],
)
def test_what_is_not_known_is_said(happened, why):
    one = found(*happened, (WORK, date(2025, 4, 7)))
    assert one is not None
    assert (one.avoided, one.unknown, one.at_work) == (None, why, 20)


def test_who_was_not_taken_in_by_the_day_is_no_client():
    assert found(BENEFIT, day=date(2025, 3, 2)) is None
    referred = followed(j.given(j.REFERRED, BENEFIT), DAY)
    assert client_payments([referred], "c-1", "mikkeli", TERMS, DAY) is None


def test_paid_days_that_two_journeys_tell_of_one_time_are_not_added_up():
    """Each counts from another first day: added up they are more days than there were."""
    later = replace(BENEFIT, start=date(2024, 1, 15), paid_days=280)
    journeys = [
        followed(client(told, (WORK, date(2025, 4, 7))), DAY, name)
        for name, told in (("j-1", BENEFIT), ("j-2", later))
    ]
    one = client_payments(journeys, "c-1", "mikkeli", TERMS, DAY)
    assert one is not None
    assert (one.paid_before, one.avoided) == (None, None)
    after = replace(BENEFIT, start=date(2025, 3, 1), end=date(2025, 4, 6), paid_days=25)
    known = found(BENEFIT, after, (WORK, date(2025, 4, 7)))
    assert known is not None
    assert (known.paid_before or 0) + (known.paid_since or 0) == 290 + 25


def test_a_client_who_enters_again_is_one_with_all_that_both_journeys_tell():
    """Work that both tell of counts once, and paid days that the first alone tells of count."""
    first = followed(client(BENEFIT, (WORK, date(2025, 4, 7))), DAY)
    second = followed(client((WORK, date(2025, 5, 20))), DAY, "j-2")

    one = client_payments([second, first], "c-1", "mikkeli", TERMS, DAY)

    assert one is not None
    assert (one.journey, one.client, one.at_work) == ("j-1", "c-1", 20)
    assert one.avoided == TERMS.payment(291, 20)


def test_groups_are_by_place_and_before_and_after_the_rule_changed(savo):
    def one(id_: str, place: str, on: date, euros: int | None) -> ClientPayments:
        why = None if euros is not None else j.title("nothing known").en
        avoided = None if euros is None else Decimal(euros)
        return ClientPayments(id_, "c", place, on, 1, 1, 10, avoided, why)  # type: ignore[arg-type]

    old, new = date(2025, 8, 31), date(2025, 9, 1)
    each = [
        one("b", "mikkeli", old, 100),
        one("a", "mikkeli", new, 50),
        one("c", "pieksamaki", new, None),
    ]
    told = payments(each, [savo], TERMS, DAY)
    figures = {(g.municipality, g.since): (g.clients, g.known, g.avoided) for g in told.groups}
    assert figures[None, None] == (3, 2, 150)
    assert figures[None, date(2024, 12, 1)] == (1, 1, 100)
    assert figures[None, new] == (2, 1, 50)
    assert figures["mikkeli", None] == (2, 2, 150)
    assert figures["pieksamaki", new] == (1, 0, 0)
    assert len(figures) == len(told.groups) == 9
    assert [x.journey for x in told.clients] == ["a", "b", "c"]
    assert told.unknown == {"nothing known": 1}


def test_a_rule_that_changes_in_a_later_version_parts_the_times(savo):
    """What only another version says anew changes nothing."""
    again = replace(savo, version=2, effective_from=date(2026, 1, 1))
    (first, *_) = savo.eligibility
    other = replace(first, rule=replace(first.rule, text="true"))
    third = replace(savo, version=3, effective_from=date(2026, 3, 1), eligibility=(other,))

    def times(*versions):
        return [x.since for x in payments([], versions, TERMS, DAY).groups]

    before_and_after = [None, date(2024, 12, 1), date(2025, 9, 1)]
    assert times(savo) == times(savo, again) == before_and_after
    assert times(savo, again, third) == [*before_and_after, date(2026, 3, 1)]


def spells(*journeys: tuple[object, ...]) -> tuple[Period, ...]:
    return spells_of([client(*happened).journey for happened in journeys])


def test_a_spell_is_that_of_the_interview_where_no_period_is_recorded():
    since = date(2024, 3, 1)
    told = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED, since))
    assert spells((told,)) == (Period(since),)
    assert spells() == ()
    period = e.UnemploymentPeriodRecorded(date(2024, 4, 1), None, "registered")
    assert spells((told, period)) == (Period(date(2024, 4, 1)),)


def test_a_spell_that_was_told_ends_with_work_that_is_told():
    since, again = date(2024, 3, 1), date(2025, 6, 1)
    told = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED, since))
    works = (e.FollowUpHeld(e.EmploymentStatus.EMPLOYED), date(2025, 5, 5))
    assert spells((told, works)) == (Period(since, date(2025, 5, 4)),)
    situation = e.Situation(e.EmploymentStatus.SELF_EMPLOYED)
    also = (e.FollowUpHeld(e.EmploymentStatus.UNKNOWN, situation=situation), date(2025, 5, 5))
    assert spells((told, also)) == (Period(since, date(2025, 5, 4)),)
    back = e.Situation(e.EmploymentStatus.UNEMPLOYED, again)
    once_more = (e.FollowUpHeld(e.EmploymentStatus.UNEMPLOYED, situation=back), date(2025, 7, 1))
    both = (Period(since, date(2025, 5, 4)), Period(again))
    assert spells((told, works, once_more)) == both
    still = (e.FollowUpHeld(e.EmploymentStatus.UNEMPLOYED), date(2025, 7, 1))
    assert spells((told, still)) == (Period(since),)


def test_a_spell_ends_with_its_period_with_work_or_with_a_closing_into_work():
    start = date(2024, 4, 1)
    period = e.UnemploymentPeriodRecorded(start, None, "registered")
    ended = replace(period, end=date(2025, 3, 31))
    assert spells((period, ended, WORK)) == (Period(start, date(2025, 3, 31)),)
    assert spells((period, WORK)) == (Period(start, date(2025, 4, 6)),)
    closed = (e.JourneyClosed("completed", "employment"), date(2025, 5, 5))
    assert spells((period, closed)) == (Period(start, date(2025, 5, 4)),)
    out = (e.JourneyClosed("completed", "unemployed"), date(2025, 5, 5))
    assert spells((period, out)) == (Period(start),)


@pytest.mark.parametrize(
    ("told", "also", "expected"),
    [
        ((1, 90), (60, 120), [(1, 120)]),
        ((1, 90), (30, 40), [(1, 90)]),
        ((1, None), (30, 120), [(1, 120)]),
        ((1, None), (1, 90), [(1, 90)]),
        ((1, 90), (30, None), [(1, None)]),
        ((1, 90), (91, None), [(1, None)]),
        ((1, 90), (92, None), [(1, 90), (92, None)]),
    ],
)
def test_nobody_is_unemployed_twice_at_a_time(told, also, expected):
    """By days of 2024; whether one journey tells of both spells, or a journey of each."""

    def spell(first: int, last: int | None) -> Period:
        days = [None if n is None else date(2023, 12, 31) + timedelta(n) for n in (first, last)]
        return Period(*days)

    one, other = (
        e.UnemploymentPeriodRecorded(x.start, x.end, "registered")
        for x in (spell(*told), spell(*also))
    )
    wanted = tuple(spell(*x) for x in expected)
    assert spells((one,), (other,)) == spells((other,), (one,)) == wanted
    if told[0] != also[0]:
        assert spells((one, other)) == spells((other, one)) == wanted


def test_work_that_another_journey_of_the_person_tells_of_ends_a_spell():
    since = date(2024, 3, 1)
    told = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus.UNEMPLOYED, since))
    assert spells((told,), (WORK,)) == (Period(since, date(2025, 4, 6)),)


def test_periods_are_told_by_what_they_are_of():
    periods = client(BENEFIT, WORK, replace(BENEFIT, start=START, kind="other")).journey.periods
    assert len(periods_in_force(periods, PeriodKind.BENEFIT)) == 2
    assert len(periods_in_force(periods, PeriodKind.EMPLOYMENT)) == 1


def test_the_target_of_the_definition_stands_beside_what_was_avoided(savo):
    """Nothing that Polku told had the two side by side."""
    each = [ClientPayments("a", "c", place, START, 1, 1) for place in ("mikkeli", "pieksamaki")]
    told = payments(each, [savo], TERMS, DAY)
    assert {(g.municipality, g.since): g.target for g in told.groups if g.target is not None} == {
        (None, None): 400_000
    }
    (whole,) = (one for one in savo.targets if one.measure == "payments-avoided")
    of_towns = tuple(
        replace(whole, id=town, organisation=town, value=euros)
        for town, euros in (("mikkeli", 250_000), ("pieksamaki", 0.5))
    )
    by_town = payments(each, [replace(savo, targets=of_towns)], TERMS, DAY)
    assert {g.municipality: g.target for g in by_town.groups if g.since is None} == {
        None: None,
        "mikkeli": 250_000,
        "pieksamaki": Decimal("0.5"),
    }
