"""How many have come to it, where something else can come first: Aalen-Johansen.

Who went another way can no longer come to it, and is not like somebody who has not come to it yet:
one minus Kaplan-Meier would say too much. The estimate is exact with ties: all that happened on one
day is taken together, nothing is moved apart. Its variance is that of the delta method with the
multinomial variance of each day's shares (E. Marubini and M. G. Valsecchi, Analysing Survival Data
from Clinical Trials and Observational Studies, 1995, 10.4): where nobody is censored it is that of
a share. O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978), 141-150.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from application.evaluation.distributions import COVERAGE, normal_quantile
from application.evaluation.survival import AWAITED, Day


class Incidence(NamedTuple):
    """The share that has come to it within so many days, before anything else, with its limits.

    `at_risk` and `ended` (with this) are numbers of stays on the day itself.
    """

    days: float
    at_risk: float
    ended: int
    share: float
    variance: float
    low: float
    high: float


class _Jump(NamedTuple):
    """A day's step: the share free of everything before it, and that come to it after it."""

    day: Day
    ended: int
    free: float
    share: float


def aalen_johansen(days: Iterable[Day], ended: int = AWAITED) -> list[Incidence]:
    """Return the share whose stay ended so after each day, given what happened on it."""
    jumps = _jumps(days, ended)
    sums = _Sums()
    found = []
    for jump in jumps:
        sums.add(jump)
        variance = sums.variance(jump.share)
        low, high = _limits(jump.share, variance)
        found.append(
            Incidence(jump.day.days, jump.day.at_risk, jump.ended, jump.share, variance, low, high)
        )
    return found


def _jumps(days: Iterable[Day], ended: int) -> list[_Jump]:
    free, share = 1.0, 0.0
    jumps = []
    for day in days:
        with_this = day.ended.get(ended, 0)
        share += free * with_this / day.at_risk
        jumps.append(_Jump(day, with_this, free, share))
        free *= 1 - day.ends / day.at_risk
    return jumps


class _Sums:
    """The sums over the days so far from which the variance of the last share is had.

    With F the share after the last day, f that after an earlier one, S the share free before that
    one, d ends (k with this) of n at risk, the variance is the sum over the days of
    (F - f)^2 d / n(n - d) + S^2 k(n - k) / n^3 - 2 (F - f) S k / n^2. The squares are taken apart,
    so that each further day costs the same. Where all ended on one day, F - f is 0 from there on.
    """

    def __init__(self) -> None:
        self._of_squares = self._of_shares = self._of_rates = 0.0
        self._own = self._of_crossed = self._crossed = 0.0

    def add(self, jump: _Jump) -> None:
        day, k, f, s = jump.day, jump.ended, jump.share, jump.free
        n, left = day.at_risk, day.at_risk - day.ends
        rate = day.ends / (n * left) if left else 0.0
        self._of_rates += rate
        self._of_shares += rate * f
        self._of_squares += rate * f * f
        self._own += s * s * k * (n - k) / n**3
        self._crossed += s * k / n**2
        self._of_crossed += f * s * k / n**2

    def variance(self, share: float) -> float:
        apart = share * share * self._of_rates - 2 * share * self._of_shares + self._of_squares
        crossed = share * self._crossed - self._of_crossed
        return max(0.0, apart + self._own - 2 * crossed)


def _limits(share: float, variance: float) -> tuple[float, float]:
    """Return limits of a share by log(-log), so that they stay between 0 and 1."""
    if not 0 < share < 1 - 1e-12 or not variance:
        return share, share
    reach = normal_quantile((1 + COVERAGE) / 2) * math.sqrt(variance)
    reach /= share * abs(math.log(share))
    return share ** math.exp(reach), share ** math.exp(-reach)
