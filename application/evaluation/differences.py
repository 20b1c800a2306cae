"""How far two groups lie apart, in shares or in means, with limits.

Shares: Wilson's interval for one (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212), Newcombe's
for the difference of two (R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10) and
for a sum of several (G. Y. Zou and others, Computational Statistics & Data Analysis 53 (2009),
1080-1085).
Means: Welch's, which takes the groups' spreads as they are (B. L. Welch, Biometrika 34 (1947),
28-35).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from application.evaluation.distributions import COVERAGE, normal_quantile, student_quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and the limits between which it lies (`COVERAGE`).

    Limits are None where too few were counted for any.
    """

    value: float
    low: float | None
    high: float | None


def share_of(counted: int, among: int) -> Estimate:
    """Return a share with Wilson's limits; there must be one among whom to count."""
    z = normal_quantile((1 + COVERAGE) / 2)
    share = counted / among
    middle = (share + z * z / (2 * among)) / (1 + z * z / among)
    reach = z * math.sqrt(share * (1 - share) / among + (z / (2 * among)) ** 2)
    reach /= 1 + z * z / among
    low = 0.0 if counted == 0 else middle - reach
    return Estimate(share, low, 1.0 if counted == among else middle + reach)


def difference_of_shares(one: tuple[int, int], other: tuple[int, int]) -> Estimate:
    """Return by how much the first share (those counted, among whom) is the greater."""
    return sum_of_shares([(1, one), (-1, other)])


def sum_of_shares(parts: Iterable[tuple[float, tuple[int, int]]]) -> Estimate:
    """Return what independent shares (those counted, among whom) come to, each times its factor."""
    value, down, up = 0.0, list[float](), list[float]()
    for factor, of in parts:
        share = share_of(*of)
        own = factor * share.value
        ends = sorted((factor * (share.low or 0), factor * (share.high or 0)))
        value += own
        down.append(own - ends[0])
        up.append(ends[1] - own)
    return Estimate(value, value - math.hypot(*down), value + math.hypot(*up))


def mean_of(values: Sequence[float]) -> Estimate:
    """Return a mean with Student's limits; there must be one value."""
    if len(values) < 2:
        return Estimate(fmean(values), None, None)
    reach = student_quantile((1 + COVERAGE) / 2, len(values) - 1)
    reach *= math.sqrt(variance(values) / len(values))
    return Estimate(fmean(values), fmean(values) - reach, fmean(values) + reach)


def difference_of_means(one: Sequence[float], other: Sequence[float]) -> Estimate:
    """Return by how much the first mean is the greater; each needs one value, for limits two."""
    apart = fmean(one) - fmean(other)
    if min(len(one), len(other)) < 2:
        return Estimate(apart, None, None)
    parts = [(variance(values) / len(values), len(values) - 1) for values in (one, other)]
    reach = reach_of(parts)
    return Estimate(apart, apart - reach, apart + reach)


def reach_of(parts: Sequence[tuple[float, int]]) -> float:
    """Return how far limits reach, of a sum of independent values.

    Each has a variance, estimated with so many degrees of freedom; those of the sum are
    Satterthwaite's (Biometrics Bulletin 2 (1946), 110-114).
    """
    spread = sum(part for part, _ in parts)
    if not spread:
        return 0.0
    freedom = spread**2 / sum(part**2 / free for part, free in parts)
    return student_quantile((1 + COVERAGE) / 2, freedom) * math.sqrt(spread)
