"""Spans of time: months that end early, leap days, and working days over holidays."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    Period,
    Span,
    add_months,
    add_span,
    days_covered,
    latest_start,
    whole_months,
    whole_years,
)

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(0, 600)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def weekday_but(*holidays: date) -> Callable[[date], bool]:
    return lambda day: weekday(day) and day not in holidays


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 15), 0, date(2025, 1, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int, later: date
):
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 12, 1), date(2025, 11, 30), 11),
        (date(2024, 12, 1), date(2025, 12, 1), 12),
        (date(2024, 2, 29), date(2025, 2, 27), 11),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2025, 6, 1), date(2025, 5, 1), 0),
    ],
)
def test_months_are_whole_only_on_their_day(start: date, end: date, months: int):
    assert whole_months(start, end) == months


def test_a_person_born_on_a_leap_day_grows_older_on_the_last_of_february():
    assert whole_years(date(2004, 2, 29), date(2025, 2, 27)) == 20
    assert whole_years(date(2004, 2, 29), date(2025, 2, 28)) == 21
    assert whole_years(date(2004, 2, 29), date(2028, 2, 28)) == 23
    assert whole_years(date(2004, 2, 29), date(2028, 2, 29)) == 24


@given(DAYS, MONTHS)
def test_whole_months_undo_added_months(day: date, months: int):
    assert whole_months(day, add_months(day, months)) == months


@given(DAYS, DAYS)
def test_whole_months_are_the_most_that_fit(start: date, end: date):
    months = whole_months(start, end)
    assert end < start or add_months(start, months) <= end < add_months(start, months + 1)


@pytest.mark.parametrize(
    ("span", "due"),
    [
        (Span(1, "days"), date(2024, 2, 29)),
        (Span(2, "weeks"), date(2024, 3, 13)),
        (Span(1, "months"), date(2024, 3, 28)),
        (Span(2, "working-days"), date(2024, 3, 1)),
        (Span(3, "working-days"), date(2024, 3, 4)),
        (Span(0, "working-days"), date(2024, 2, 28)),
    ],
)
def test_each_unit_counts_from_the_next_day(span: Span, due: date):
    assert add_span(date(2024, 2, 28), span, weekday) == due


def test_a_holiday_moves_a_deadline_in_working_days_but_not_one_in_days():
    vappu = weekday_but(date(2025, 5, 1))
    assert add_span(date(2025, 4, 30), Span(1, "working-days"), vappu) == date(2025, 5, 2)
    assert add_span(date(2025, 4, 30), Span(1, "days"), vappu) == date(2025, 5, 1)


@given(DAYS, st.integers(1, 60))
def test_working_days_end_on_a_working_day_with_so_many_passed(day: date, count: int):
    due = add_span(day, Span(count, "working-days"), weekday)
    passed = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert weekday(due)
    assert sum(map(weekday, passed)) == count


PERIODS = st.lists(
    st.builds(
        lambda start, length: Period(
            start, None if length is None else start + timedelta(days=length)
        ),
        st.dates(date(2025, 1, 1), date(2025, 3, 31)),
        st.none() | st.integers(0, 40),
    ),
    max_size=6,
)


@given(PERIODS)
def test_days_that_several_periods_cover_count_once(periods: list[Period]):
    first, last = date(2025, 1, 15), date(2025, 3, 15)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    covered = [day for day in every if any(p.start <= day <= (p.end or date.max) for p in periods)]
    assert days_covered(periods, first, last) == len(covered)


@given(end=DAYS, months=MONTHS)
def test_the_latest_start_is_the_last_day_with_so_many_whole_months(end: date, months: int):
    start = latest_start(end, months)
    later = start + timedelta(days=1)
    assert whole_months(start, end) == months
    assert later > end or whole_months(later, end) == months - 1


@pytest.mark.parametrize(
    ("end", "months", "start"),
    [
        (date(2025, 2, 28), 1, date(2025, 1, 31)),
        (date(2024, 2, 28), 1, date(2024, 1, 28)),
        (date(2025, 4, 30), 2, date(2025, 2, 28)),
        (date(2025, 3, 30), 1, date(2025, 2, 28)),
        (date(2025, 3, 15), 12, date(2024, 3, 15)),
    ],
)
def test_in_a_month_that_ends_early_several_days_have_as_many_months_to_its_last(
    end: date, months: int, start: date
):
    assert latest_start(end, months) == start
