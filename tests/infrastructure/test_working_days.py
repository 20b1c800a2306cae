"""Holidays of Finland and Italy, fixed and movable."""

from datetime import date

import pytest

from domain.calendar import Span, add_span
from infrastructure.working_days import COUNTRIES, working_days_of

FINLAND, ITALY = working_days_of("FI"), working_days_of("IT")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("New Year", date(2025, 1, 1)),
        ("Epiphany", date(2025, 1, 6)),
        ("Good Friday", date(2025, 4, 18)),
        ("Easter Monday", date(2025, 4, 21)),
        ("Vappu", date(2025, 5, 1)),
        ("Ascension Day", date(2025, 5, 29)),
        ("Midsummer Eve", date(2025, 6, 20)),
        ("Midsummer Eve of another year", date(2026, 6, 19)),
        ("Independence Day on a Tuesday", date(2022, 12, 6)),
        ("Christmas Eve", date(2025, 12, 24)),
        ("Second Christmas Day", date(2025, 12, 26)),
        ("a Saturday", date(2025, 3, 1)),
        ("a Sunday", date(2025, 3, 2)),
    ],
)
def test_finland_rests(name: str, day: date):
    assert not FINLAND(day), name


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Epiphany", date(2025, 1, 6)),
        ("Easter Monday", date(2025, 4, 21)),
        ("Liberation Day", date(2025, 4, 25)),
        ("Labour Day", date(2025, 5, 1)),
        ("Republic Day", date(2025, 6, 2)),
        ("Ferragosto", date(2025, 8, 15)),
        ("Immaculate Conception", date(2025, 12, 8)),
        ("Santo Stefano", date(2025, 12, 26)),
    ],
)
def test_italy_rests(name: str, day: date):
    assert not ITALY(day), name


def test_one_countrys_holiday_is_another_ones_working_day():
    assert FINLAND(date(2025, 4, 25))
    assert FINLAND(date(2025, 8, 15))
    assert ITALY(date(2025, 4, 18))
    assert ITALY(date(2025, 6, 20))
    assert ITALY(date(2025, 12, 24))


def test_a_leap_day_is_a_working_day_unless_it_falls_on_a_weekend():
    assert FINLAND(date(2024, 2, 29))
    assert ITALY(date(2028, 2, 29))
    assert not FINLAND(date(2032, 2, 29))


def test_ten_working_days_over_easter():
    assert add_span(date(2025, 4, 14), Span(10, "working-days"), FINLAND) == date(2025, 4, 30)
    assert add_span(date(2025, 4, 14), Span(10, "working-days"), ITALY) == date(2025, 4, 30)
    assert add_span(date(2025, 4, 17), Span(1, "working-days"), FINLAND) == date(2025, 4, 22)
    assert add_span(date(2025, 4, 17), Span(1, "working-days"), ITALY) == date(2025, 4, 18)


def test_working_days_over_midsummer_and_ferragosto():
    assert add_span(date(2025, 6, 19), Span(1, "working-days"), FINLAND) == date(2025, 6, 23)
    assert add_span(date(2025, 8, 14), Span(1, "working-days"), ITALY) == date(2025, 8, 18)


def test_a_country_that_is_not_known_is_named_with_those_that_are():
    with pytest.raises(ValueError, match="'SE' are not known; there are: FI, IT"):
        working_days_of("SE")
    assert COUNTRIES == ("FI", "IT")
