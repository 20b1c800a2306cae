"""Which entries make a difference, found by leaving some out: against all that there is to try."""

from collections.abc import Callable, Hashable, Iterable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.evaluation.leaving_out import Differing, Needed, Some, all_needed

EVERY = frozenset(range(1, 7))
SOME = st.frozensets(st.sampled_from(sorted(EVERY)), min_size=1, max_size=3)
MANY = 1000
WAYS = st.sets(SOME, min_size=1, max_size=4)

Comes = Callable[[Some], Hashable]


def found(comes_to: Comes, every: Iterable[int] = EVERY) -> Needed:
    """Ask of one person alone."""
    before, now = comes_to(frozenset()), comes_to(frozenset(every))
    differing = {"it": Differing("ann", frozenset(every), before, now)}
    return all_needed(differing, lambda batch: {"it": comes_to(batch["ann"])}, MANY)["it"]


def any_of(ways: Iterable[Some]) -> Comes:
    """It is so where all entries of one of the ways are there."""
    return lambda some: any(way <= some for way in ways)


@given(WAYS)
def test_those_are_named_without_which_it_is_not_so(ways: set[Some]) -> None:
    so = any_of(ways)
    told = found(so)

    named = {*told.entries}
    assert so(frozenset(named))
    least = [way for way in ways if not any(other < way for other in ways)]
    assert named <= frozenset().union(*least)
    needed_by_all = {one for one in EVERY if not so(EVERY - {one})}
    assert needed_by_all <= named
    assert named - needed_by_all == {one for some in told.instead for one in some}


@given(WAYS)
def test_of_those_instead_any_one_would_do_and_no_fewer_are_named(ways: set[Some]) -> None:
    so = any_of(ways)
    for some in found(so).instead:
        assert len(some) > 1
        assert not so(EVERY - {*some})
        assert all(so(EVERY - {*some} | {one}) for one in some)


@given(WAYS)
def test_of_those_together_none_makes_a_difference_by_itself(ways: set[Some]) -> None:
    so = any_of(ways)
    for some in found(so).together:
        assert so(frozenset(some))
        assert not any(so(frozenset(fewer)) for fewer in combinations(some, len(some) - 1))


@pytest.mark.parametrize(
    ("comes_to", "told"),
    [
        (lambda some: 7, Needed()),
        (lambda some: 3 in some, Needed((3,))),
        (lambda some: len(some & {2, 5}), Needed((2, 5))),
        (any_of([frozenset({2, 5})]), Needed((2, 5), ((2, 5),))),
        (any_of([frozenset({2}), frozenset({5})]), Needed((2, 5), (), ((2, 5),))),
        # 4 corrects 2, and 5 takes 4 back: the two change nothing.
        (lambda some: (2 in some, {2, 4} <= some and 5 not in some), Needed((2,))),
        # 3 is paid by itself, 4 only where 3 is.
        (lambda some: (3 in some) + ({3, 4} <= some), Needed((3, 4), ((3, 4),))),
    ],
)
def test_what_it_comes_to_may_be_anything(comes_to: Any, told: Needed) -> None:
    assert found(comes_to) == told


def test_where_something_else_makes_the_difference_all_are_named_and_it_is_said() -> None:
    differing = {"it": Differing("ann", frozenset({1, 2}), 5, 6)}
    told = all_needed(differing, lambda _batch: {"it": 6})["it"]
    assert told == Needed((1, 2), gives_back=False)


@given(WAYS, st.integers(0, 12))
def test_where_it_is_broken_off_that_is_said_and_those_that_are_named_would_do(
    ways: set[Some], most: int
) -> None:
    so, asked = any_of(ways), []

    def answers(batch: Any) -> dict[str, Hashable]:
        asked.append(batch["ann"])
        return {"it": so(batch["ann"])}

    differing = {"it": Differing("ann", EVERY, False, True)}
    told = all_needed(differing, answers, most)["it"]

    assert len(asked) <= most
    assert so(frozenset(told.entries))
    assert told.broken_off or told == found(so)
    assert told.broken_off == (told != all_needed(differing, answers, MANY)["it"])


def test_of_very_many_few_are_found_by_asking_seldom() -> None:
    asked = []

    def answers(batch: Any) -> dict[str, Hashable]:
        asked.append(batch["ann"])
        return {"it": {7, 300} <= batch["ann"]}

    differing = {"it": Differing("ann", frozenset(range(500)), False, True)}
    told = all_needed(differing, answers)["it"]
    assert told == Needed((7, 300), ((7, 300),))
    assert len(asked) < 40


def test_who_has_nothing_in_common_is_asked_about_in_one_go() -> None:
    asked: list[dict[str, Some]] = []
    first, second = any_of([frozenset({1, 2})]), any_of([frozenset({8})])

    def answers(batch: Any) -> dict[Any, Hashable]:
        asked.append(dict(batch))
        told = {("ann", of): first(batch["ann"]) for of in "ab" if "ann" in batch}
        return told | ({("ben", "a"): second(batch["ben"])} if "ben" in batch else {})

    every: Any = {("ann", of): Differing("ann", frozenset({1, 2, 3}), False, True) for of in "ab"}
    every["ben", "a"] = Differing("ben", frozenset({7, 8, 9}), False, True)
    told = all_needed(every, answers)

    assert told == {
        ("ann", "a"): Needed((1, 2), ((1, 2),)),
        ("ann", "b"): Needed((1, 2), ((1, 2),)),
        ("ben", "a"): Needed((8,)),
    }
    times = [one["ann"] for one in asked if "ann" in one]
    assert len(times) == len(set(times)) >= sum("ben" in one for one in asked)
