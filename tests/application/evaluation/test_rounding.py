"""Numbers in charts are rounded so that no report tells more of them than another one does."""

from itertools import pairwise, product

import pytest

from application.evaluation.rounding import least_told, rounded, step_of

THRESHOLDS = (2, 3, 5, 6, 8, 15, 16)


@pytest.mark.parametrize(
    ("threshold", "step"), [(0, 1), (1, 1), (2, 5), (5, 5), (6, 15), (15, 15), (16, 45), (100, 135)]
)
def test_the_step_is_no_less_than_the_threshold(threshold: int, step: int) -> None:
    assert step_of(threshold) == step


@pytest.mark.parametrize(
    ("threshold", "least"), [(0, 1), (1, 1), (2, 3), (3, 8), (5, 8), (6, 8), (8, 23), (16, 23)]
)
def test_what_is_told_as_none_can_be_more_than_a_small_number(threshold: int, least: int) -> None:
    assert least_told(threshold) == least
    assert rounded([least - 1], threshold) == [0]
    assert rounded([least], threshold) != [0]


def test_a_number_is_told_as_the_multiple_next_to_it() -> None:
    assert rounded([0, 4, 7, 8, 12, 13, 17, 18], 5) == [0, 0, 0, 10, 10, 15, 15, 20]
    assert rounded([0, 1, 2, 3, 7, 8], 2) == [0, 0, 0, 5, 5, 10]
    assert rounded([3, 7, 8, 22, 23], 6) == [0, 0, 15, 15, 30]
    assert rounded([3, 3], 1) == [3, 3]


def test_a_coarser_step_tells_nothing_that_a_finer_one_does_not() -> None:
    for fine, coarse in pairwise(THRESHOLDS):
        numbers = range(150)
        told = set(zip(rounded(numbers, fine), rounded(numbers, coarse), strict=True))
        assert len(told) == len({one for one, _ in told}), (fine, coarse)


@pytest.mark.parametrize("many", [2, 3, 4])
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_no_small_number_follows_from_what_is_rounded_and_the_sum(
    many: int, threshold: int
) -> None:
    """Whoever knows how many some of them are together, and how each is rounded."""
    worlds: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    most = 34 if many < 4 else 17
    for world in product(range(most), repeat=many):
        told = rounded(world, threshold)
        worlds.setdefault((sum(world), *told), []).append(world)
    for (every, *_), alike in worlds.items():
        for numbers in zip(*alike, strict=True):
            small = 0 < numbers[0] < threshold <= every < most
            assert not small or len(set(numbers)) > 1, (every, alike)


def test_no_small_flow_follows_from_how_many_there_are_in_all() -> None:
    """All came to intake, wait there or left it, or went on to training, are there yet or done."""
    worlds: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for waiting, left, training, done in product(range(12), repeat=4):
        world = (waiting, left, training + done, training, done)
        told = rounded(world, 5)
        worlds.setdefault((waiting + left + training + done, *told), []).append(world)
    for (every, *_), alike in worlds.items():
        for numbers in zip(*alike, strict=True):
            small = 0 < numbers[0] < 5 <= every < 12
            assert not small or len(set(numbers)) > 1, (every, alike)
