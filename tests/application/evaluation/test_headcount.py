"""Persons are counted once, in little memory, as a set of them would."""

from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.headcount import Headcount

PERSONS = st.lists(st.integers(0, 40))


@settings(max_examples=30, deadline=None)
@given(PERSONS, PERSONS)
def test_persons_are_counted_as_in_a_set(some: list[int], others: list[int]) -> None:
    one, other = Headcount(some), Headcount(others)
    both = one | other
    assert (len(one), len(both)) == (len({*some}), len({*some, *others}))
    one.add(7)
    assert (len(one), len(both)) == (len({*some, 7}), len({*some, *others}))
    assert bool(other) is bool(others)
