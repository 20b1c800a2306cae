"""Flows into and out of structural unemployment, lengths of spells, and the projection."""

from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.flows import Flow, Lengths, Spell, flows, project, structural
from domain.calendar import Period, add_months

FIRST, DAY = date(2025, 1, 1), date(2026, 7, 10)


def each(spells: list[Period]) -> list[Spell]:
    """Return spells as those of a person each."""
    return [Spell(f"c{n}", spell) for n, spell in enumerate(spells)]


def test_a_spell_is_structural_from_its_twelfth_month_on():
    spell = Period(date(2024, 2, 29), date(2025, 5, 1))
    assert structural(spell, 12, DAY) == Period(date(2025, 2, 28), date(2025, 5, 1))
    assert structural(spell, 12, date(2025, 2, 27)) is None
    assert structural(Period(date(2024, 2, 29), date(2025, 2, 27)), 12, DAY) is None


def test_flows_are_counted_month_by_month():
    spells = [
        Period(date(2024, 1, 15), date(2025, 2, 28)),
        Period(date(2024, 2, 10), date(2025, 3, 30)),
        Period(date(2024, 3, 31)),
        Period(date(2025, 3, 1), date(2025, 4, 1)),
    ]
    told = flows(each(spells), FIRST, date(2025, 5, 10))
    assert told.months == (
        Flow(date(2025, 1, 1), 1, 0, 1),
        Flow(date(2025, 2, 1), 1, 0, 2),
        Flow(date(2025, 3, 1), 1, 2, 1),
        Flow(date(2025, 4, 1), 0, 0, 1),
    )
    assert told.lengths.ended == 3
    assert told.lengths.lasting == 1
    assert told.projection is None


@given(
    st.lists(
        st.tuples(st.dates(date(2023, 1, 1), date(2026, 6, 1)), st.none() | st.integers(1, 900)),
        max_size=30,
    )
)
@settings(max_examples=40)
def test_the_stock_is_what_flowed_in_and_not_yet_out(drawn):
    spells = [Period(s, None if n is None else s + timedelta(days=n)) for s, n in drawn]
    told = flows(each(spells), date(2024, 1, 1), DAY)
    assert len(told.months) == 30
    stock = 0
    for month in told.months:
        stock += month.inflow - month.outflow
        assert month.stock == stock
    assert told.lengths.ended + told.lengths.lasting == sum(s.start <= DAY for s in spells)


def test_what_ends_after_the_day_lasts_as_at_it():
    spell = Period(date(2025, 6, 1), date(2026, 8, 1))
    assert flows(each([spell]), FIRST, DAY).lengths == Lengths(0, None, None, None, 1)


def test_what_ends_on_the_day_has_ended():
    spell = Period(DAY - timedelta(days=9), DAY)
    told = flows(each([spell]), FIRST, DAY)
    assert (told.lengths, told.ended) == (Lengths(1, 10, 10, 10, 0), 1)


def test_lengths_are_told_by_quartiles_of_spells_that_ended():
    spells = [Period(FIRST, FIRST + timedelta(days=n - 1)) for n in (10, 20, 30, 40, 50)]
    assert flows(each(spells), FIRST, DAY).lengths == Lengths(5, 20, 30, 40, 0)
    assert flows(each(spells[:1]), FIRST, DAY).lengths == Lengths(1, 10, 10, 10, 0)


def series(*inflows: int) -> list[Flow]:
    return [Flow(add_months(FIRST, n), inflow, 0, 0) for n, inflow in enumerate(inflows)]


def test_the_projection_takes_the_coming_year_to_be_like_the_last():
    told = project(series(99, *[4] * 12), on_the_way=31)
    assert told is not None
    assert (told.since, told.expected, told.dispersion) == (date(2026, 2, 1), 48.0, 1.0)
    spread = 1.96 * sqrt(2 * 48)
    assert (told.least, told.most) == pytest.approx((48 - spread, 48 + spread))
    assert told.on_the_way == 31


def test_counts_that_jump_widen_the_interval():
    told = project(series(*[0, 8] * 6), on_the_way=0)
    assert told is not None
    assert told.dispersion == pytest.approx(16 * 12 / 11 / 4)
    assert told.most - told.expected == pytest.approx(1.96 * sqrt(2 * told.dispersion * 48))


def test_there_is_none_without_a_full_year_and_none_below_nothing():
    assert project(series(*[4] * 11), on_the_way=0) is None
    told = project(series(*[0] * 12), on_the_way=0)
    assert told is not None
    assert (told.expected, told.least, told.most) == (0, 0, 0)


def on_the_way(spells: list[Period], day: date, months: int = 12) -> int:
    told = flows(each(spells), FIRST, day, months).projection
    assert told is not None
    return told.on_the_way


def test_on_the_way_are_spells_that_reach_it_within_the_year_that_is_projected():
    spells = [
        Period(date(2025, 7, 11)),
        Period(date(2026, 6, 30)),
        Period(date(2026, 1, 1), date(2026, 2, 1)),
    ]
    assert on_the_way(spells, DAY) == 2


def test_what_reaches_it_after_the_year_that_is_projected_is_not_on_the_way():
    """The year is that from the first of the month on, wherever in the month the day is."""
    assert on_the_way([Period(date(2026, 7, 1)), Period(date(2026, 7, 10))], DAY) == 0


def test_what_reached_it_by_the_day_is_not_on_the_way():
    assert on_the_way([Period(date(2025, 7, 10)), Period(date(2025, 7, 1))], DAY) == 0


@pytest.mark.parametrize("last", [date(2025, 12, 31), date(2028, 2, 29), date(2026, 2, 28)])
def test_a_month_is_full_on_its_last_day(last: date):
    """What had happened by a day is asked: whoever asks for a year asks for all of its months."""
    spells = [Period(add_months(last, -12)), Period(add_months(last, -12), last)]
    told = flows(each(spells), FIRST, last)
    month = last.replace(day=1)
    assert told.months[-1] == Flow(month, 2, 0, 2)
    assert told.projection is not None
    assert (told.projection.since, told.projection.expected) == (last + timedelta(days=1), 2)
    assert flows(each(spells), FIRST, last - timedelta(days=1)).months[-1].month < month


def test_far_is_what_reaches_it_after_that_year_where_anything_can():
    def far(day: date, months: int) -> int | None:
        many = flows(each([Period(day)]), FIRST, day, months).beside.far
        return None if many is None else many.spells

    assert [far(DAY, months) for months in (11, 12, 13)] == [None, 1, 1]
    assert [far(date(2026, 7, 31), months) for months in (12, 13)] == [None, 1]
