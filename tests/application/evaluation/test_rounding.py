"""Numbers in charts are rounded so that no report tells more of them than another one does."""

from itertools import product

import pytest

from application.evaluation.rounding import rounded, step_of


@pytest.mark.parametrize(
    ("threshold", "step"), [(0, 1), (1, 1), (2, 5), (5, 5), (6, 15), (15, 15), (16, 45), (100, 135)]
)
def test_the_step_is_no_less_than_the_threshold(threshold: int, step: int) -> None:
    assert step_of(threshold) == step


def test_a_coarser_step_tells_nothing_that_a_finer_one_does_not() -> None:
    worlds = list(product(range(40), range(30)))
    for fine, coarse in ((5, 15), (15, 45), (5, 135)):
        told = {
            (*rounded(world, [(0, 1)], fine), sum(world), *rounded(world, [(0, 1)], coarse))
            for world in worlds
        }
        assert len(told) == len({one[:3] for one in told})


@pytest.mark.parametrize("many", [2, 3, 4])
@pytest.mark.parametrize("threshold", [2, 5, 6, 15])
def test_no_small_number_follows_from_what_is_rounded_and_the_sum(
    many: int, threshold: int
) -> None:
    """Whoever knows how many there are in all, and how each is rounded."""
    worlds: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    most = 24 if many < 4 else 17
    for world in product(range(most), repeat=many):
        told = rounded(world, [range(many)], threshold)
        worlds.setdefault((sum(world), *told), []).append(world)
    for (every, *_), alike in worlds.items():
        for numbers in zip(*alike, strict=True):
            small = 0 < numbers[0] < threshold <= every < most
            assert not small or len(set(numbers)) > 1, (every, alike)


def test_a_number_is_told_as_one_of_the_multiples_around_it() -> None:
    for world in product(range(24), repeat=2):
        told = rounded(world, [(0, 1)], 5)
        assert all(abs(count - one) < 5 for count, one in zip(world, told, strict=True))
    assert rounded([3, 3], [(0, 1)], 5) == [0, 5]
    assert rounded([2, 7], [(0, 1)], 5) == [5, 5]
    assert rounded([3, 4], [(0, 1)], 5) == [5, 5]
    assert rounded([3, 3], [(0, 1)], 1) == [3, 3]


def test_no_small_flow_follows_from_how_many_there_are_in_all() -> None:
    """All came to intake, wait there or left it, or went on to training, are there yet or done."""
    worlds: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for waiting, left, training, done in product(range(12), repeat=4):
        world = (waiting, left, training + done, training, done)
        told = rounded(world, [(0, 1, 2), (0, 1, 3, 4)], 5)
        worlds.setdefault((waiting + left + training + done, *told), []).append(world)
    for (every, *_), alike in worlds.items():
        for numbers in zip(*alike, strict=True):
            small = 0 < numbers[0] < 5 <= every < 12
            assert not small or len(set(numbers)) > 1, (every, alike)
