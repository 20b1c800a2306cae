"""Numbers in charts are rounded so that no report tells more of them than another one does."""

import pytest

from application.evaluation.series import step_of


@pytest.mark.parametrize(
    ("threshold", "step"), [(0, 1), (1, 1), (2, 5), (5, 5), (6, 15), (15, 15), (16, 45), (100, 135)]
)
def test_the_step_is_no_less_than_the_threshold(threshold: int, step: int) -> None:
    assert step_of(threshold) == step


def test_a_coarser_step_tells_nothing_that_a_finer_one_does_not() -> None:
    def rounded(count: int, step: int) -> int:
        return (2 * count + step) // (2 * step)

    for fine, coarse in ((5, 15), (15, 45), (5, 135)):
        told = {(rounded(n, fine), rounded(n, coarse)) for n in range(1000)}
        assert len(told) == len({of for of, _ in told})
