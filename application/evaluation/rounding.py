"""Numbers of journeys in charts, rounded so that none of a small group follows from a sum of them.

Each is the next multiple of a step, whatever the others are. Whoever knows the sum of several, from
a table of the same report, can tell all of them where it is the least or the most that they can be
together: were 5 told of 3 to 7, then 5 and 5 of six in all would be three and three. So a small
number must be neither the least nor the most that is told in its way: where it would be, the
numbers around the first multiple are told as 0, too. Another number of the sum can be one more or
one less, whatever it is, and the small one can go the other way then.
"""

from collections.abc import Iterable

FINEST = 5


def step_of(threshold: int) -> int:
    """Return the step of rounding: numbers in charts are multiples of 5, 15, 45 and so on; or 1.

    It is no less than the threshold. Each step holds the one before an odd number of times, so
    that whoever knows a number by the finer one learns nothing from the coarser one.
    """
    step = 1 if threshold <= 1 else FINEST
    while step < threshold:
        step *= 3
    return step


def least_told(threshold: int) -> int:
    """Return the least number that is not told as 0, under a threshold; 1 under 0 and 1."""
    step = step_of(threshold)
    most = step // 2
    return 1 + most + (step if 0 < most < threshold else 0)


def rounded(counts: Iterable[int], threshold: int) -> list[int]:
    """Return the counts as multiples of the step; a threshold of 0 or 1 leaves them."""
    step, least = step_of(threshold), least_told(threshold)
    return [0 if one < least else (2 * one + step) // (2 * step) * step for one in counts]
