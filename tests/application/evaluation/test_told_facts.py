"""What facts tell of each other and of other days: nothing that they do not say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.told_facts import (
    beginning_of_spell,
    completed,
    on_another_day,
    told_later,
)
from domain.entry import By, Entry
from domain.journey import events as e
from domain.journey.facts import spell

DAY = date(2025, 9, 1)


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ({"months_unemployed": 3}, {"unemployed": True}),
        ({"months_unemployed": 0}, {}),
        ({"days_unemployed": 0}, {"unemployed": False, "months_unemployed": 0}),
        ({"unemployed": False}, {"days_unemployed": 0, "months_unemployed": 0}),
        ({"employment_status": "employed"}, {"unemployed": False, "months_unemployed": 0}),
        ({"employment_status": "unemployed"}, {"unemployed": True}),
        ({"days_unemployed": 32}, {"unemployed_since": date(2025, 8, 1), "months_unemployed": 1}),
        ({"unemployed_since": date(2024, 9, 1)}, {"months_unemployed": 12, "unemployed": True}),
        ({"unemployed": True}, {}),
        ({"days_unemployed": 2_000_000_000}, {"unemployed": True, "unemployed_since": None}),
        ({"months_unemployed": 2_000_000_000}, {"unemployed": True, "unemployed_since": None}),
        ({"age": 40, "channel": None}, {}),
    ],
)
def test_what_follows_from_a_fact(told, follows):
    found = completed(told, DAY)
    assert {name: found.get(name) for name in follows} == follows
    assert {name: found[name] for name, value in told.items() if value is not None}.items() <= (
        told.items()
    )
    if not follows:
        assert "months_unemployed" in told or "months_unemployed" not in found


def test_a_fact_that_was_told_is_never_overruled():
    told = {"unemployed_since": date(2024, 9, 1), "months_unemployed": 3}
    assert completed(told, DAY)["months_unemployed"] == 3


@given(
    since=st.dates(date(2020, 1, 1), DAY),
    days=st.integers(-900, 900),
    age=st.integers(16, 70),
)
@settings(max_examples=40)
def test_a_spell_tells_of_every_day_since_it_began(since, days, age):
    day = DAY + timedelta(days=days)
    told = on_another_day({"unemployed_since": since, "age": age, "channel": "x"}, DAY, day)
    expected = spell(since, day) if day >= since else {}
    if day == DAY:
        expected = {**expected, "age": age}
    assert told == {**expected, "channel": "x"}


def test_a_length_in_months_tells_of_the_days_that_are_sure():
    told = {"months_unemployed": 5, "days_unemployed_of_last_16_months": 170}
    assert beginning_of_spell(told, DAY) == (date(2025, 3, 2), date(2025, 4, 1))
    assert on_another_day(told, DAY, date(2025, 6, 1))["months_unemployed"] == 2
    assert on_another_day(told, DAY, date(2025, 3, 31)) == {}
    assert beginning_of_spell({"months_unemployed": 0}, DAY) is None
    within = {"unemployed": True, "months_unemployed": 0}
    assert beginning_of_spell(within, DAY) == (date(2025, 8, 2), DAY)
    assert beginning_of_spell({"unemployed_since": date(2025, 9, 2)}, DAY) is None


def test_at_the_end_of_a_month_a_spell_can_have_begun_as_late_as_on_the_last_of_another():
    """From any day of January it is one whole month to 28 February, and two from 31 December."""
    began = beginning_of_spell({"months_unemployed": 1}, date(2025, 2, 28))
    assert began == (date(2025, 1, 1), date(2025, 1, 31))


def entry(version: int, event: e.JourneyEvent, on: date) -> Entry[e.JourneyEvent]:
    return Entry(version, event, on, datetime(2025, 1, 1, tzinfo=UTC), By("w", "city"))


@pytest.mark.parametrize("length", ["days_unemployed", "months_unemployed"])
def test_longer_than_a_century_is_a_slip_and_tells_of_no_other_day(length):
    assert beginning_of_spell({length: 2_000_000_000}, DAY) is None
    assert on_another_day({length: 2_000_000_000}, DAY, DAY - timedelta(days=1)) == {}


def test_the_first_interview_afterwards_tells_of_the_day():
    since = date(2025, 7, 14)
    said = e.Situation(e.EmploymentStatus.UNEMPLOYED, since, education=3, municipality="mikkeli")
    other = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2025, 9, 5))
    entries = [
        entry(1, e.IntakeInterviewHeld(other), date(2025, 8, 1)),
        entry(2, e.IntakeInterviewHeld(said), date(2025, 9, 10)),
        entry(3, e.IntakeInterviewHeld(other), date(2025, 10, 10)),
    ]
    told = told_later(entries, DAY)
    assert told["unemployed_since"] == since
    assert (told["education_isced"], told["municipality"]) == (3, "mikkeli")
    assert "unemployed_since" not in told_later(entries[2:], DAY)


def test_a_period_tells_no_more_than_the_newest_record_of_it():
    lasts = e.UnemploymentPeriodRecorded(date(2025, 3, 1), None, "registered")
    ended = e.UnemploymentPeriodRecorded(date(2025, 3, 1), date(2025, 5, 31), "registered")
    interview = e.IntakeInterviewHeld(e.Situation(education=3))
    both = [
        entry(1, lasts, date(2025, 3, 1)),
        entry(2, interview, DAY),
        entry(3, ended, date(2025, 10, 1)),
    ]
    assert "unemployed" not in told_later(both, DAY)
    assert told_later(both, date(2025, 5, 31))["unemployed"] is True


def test_a_period_of_unemployment_tells_of_the_days_in_it():
    period = e.UnemploymentPeriodRecorded(date(2025, 3, 1), date(2025, 9, 30), "registered")
    assert told_later([entry(1, period, date(2025, 10, 1))], DAY)["months_unemployed"] == 6
    assert told_later([entry(1, period, date(2025, 10, 1))], date(2025, 10, 1)) == {}
