"""How long something takes, where not all have come to it yet: Kaplan-Meier and log-rank.

A *stay* is the days somebody was followed, and how that ended: with what was waited for, or not
(censored: nobody knows for how long still). Who was censored on a day counts as at risk on it.
E. L. Kaplan and P. Meier, J. Am. Stat. Assoc. 53 (1958), 457-481; the variance is Greenwood's.
Limits hold for each day by itself, on the scale of log(-log), so that they stay between 0 and 1
(J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., 1.4).

The tests hold all of it against lifelines. Loading that takes longer than a whole report may, which
has a curve; so it is reckoned here, and Aalen-Johansen in `competing`, whose tied times lifelines
moves apart by chance.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from application.evaluation.distributions import COVERAGE, chi_squared_above, normal_quantile
from domain.wording import written

CENSORED = 0
"""How a stay ended that did not end with anything waited for."""

AWAITED = 1
"""How a stay ended that ended with what was waited for; 2, 3 ...: with what competes with it."""


class Stay(NamedTuple):
    """For how many days somebody was followed, and how that ended: CENSORED, AWAITED, 2 ..."""

    days: float
    ended: int = AWAITED


class Day(NamedTuple):
    """What happened on one day: how many were at risk, ended so (by how), or were censored.

    Of days that are told together as one (`curves`), it is as many as were at risk in the mean.
    """

    days: float
    at_risk: float
    ended: Mapping[int, int]
    censored: int

    @property
    def ends(self) -> int:
        """How many stays ended, with whatever."""
        return sum(self.ended.values())


class Step(NamedTuple):
    """The share that has not come to it after so many days, with its limits.

    `at_risk`, `ended` and `censored` are numbers of stays on the day itself. `variance` is that of
    the share.
    """

    days: float
    at_risk: float
    ended: int
    censored: int
    share: float
    variance: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Median:
    """The days after which half of all have come to it, with limits; None: not reached."""

    days: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """The mean days without it, of the first `until` days, with its variance."""

    until: float
    days: float
    variance: float


@dataclass(frozen=True, slots=True)
class LogRank:
    """Whether groups differ: how many stays ended and were expected to, and the test.

    `freedom` is 0, and `probability` 1, where nothing can be compared.
    """

    observed: Mapping[str, int]
    expected: Mapping[str, float]
    statistic: float
    freedom: int
    probability: float


def days_of(stays: Iterable[Stay]) -> list[Day]:
    """Return what happened on each day on which a stay ended or was censored, in order."""
    return days_of_counts(Counter(stays))


def days_of_counts(counts: Mapping[tuple[float, int], int]) -> list[Day]:
    """Return the same, given how many stays there are of so many days that ended so."""
    by_day: dict[float, Counter[int]] = {}
    for (days, ended), number in counts.items():
        by_day.setdefault(days, Counter())[ended] += number
    at_risk = sum(ends.total() for ends in by_day.values())
    found = []
    for days in sorted(by_day):
        ends = by_day[days]
        how = {one: ends[one] for one in sorted(ends) if one != CENSORED}
        found.append(Day(days, at_risk, how, ends[CENSORED]))
        at_risk -= ends.total()
    return found


def kaplan_meier(days: Iterable[Day]) -> list[Step]:
    """Return the share that has not come to it after each day, given what happened on it.

    Whatever ended a stay counts as what was waited for; see `competing` for what competes.
    """
    share, rate = 1.0, 0.0
    steps = []
    for day in days:
        left = day.at_risk - day.ends
        share *= left / day.at_risk
        rate += day.ends / (day.at_risk * left) if left else math.inf
        variance = share * share * rate if left else 0.0
        low, high = _limits(share, rate)
        steps.append(
            Step(day.days, day.at_risk, day.ends, day.censored, share, variance, low, high)
        )
    return steps


def _limits(share: float, rate: float) -> tuple[float, float]:
    """Return limits of a share by log(-log); `rate` is the variance of its logarithm."""
    if not 0 < share < 1:
        return share, share
    reach = normal_quantile((1 + COVERAGE) / 2) * math.sqrt(rate) / abs(math.log(share))
    return share ** math.exp(reach), share ** math.exp(-reach)


def limits_of(share: float, size: float) -> tuple[float, float]:
    """Return the limits of a share of so many who were all followed for as long."""
    return _limits(share, (1 - share) / (share * size) if share > 0 else 0.0)


def median(steps: Sequence[Step]) -> Median:
    """Return the median with limits: where those of the curve reach one half.

    R. Brookmeyer and J. Crowley, Biometrics 38 (1982), 29-41.
    """

    def first(shares: Iterable[float]) -> float | None:
        pairs = zip(steps, shares, strict=True)
        return next((step.days for step, share in pairs if share <= 0.5 + 1e-12), None)

    return Median(
        first(step.share for step in steps),
        first(step.low for step in steps),
        first(step.high for step in steps),
    )


def restricted_mean(steps: Sequence[Step], until: float) -> RestrictedMean:
    """Return the mean days without it, of the first `until` days: the area under the curve.

    Raises ValueError where nobody was followed for so long: nothing is known of those days.
    """
    within_followed(steps, until)
    inside = [step for step in steps if step.days <= until]
    shares = [1.0, *(step.share for step in inside)]
    edges = [0.0, *(step.days for step in inside), until]
    areas = [s * (b - a) for s, a, b in zip(shares, edges, edges[1:], strict=False)]
    variance, beyond = 0.0, sum(areas[1:])
    for step, area in zip(inside, areas[1:], strict=True):
        left = step.at_risk - step.ended
        variance += beyond**2 * step.ended / (step.at_risk * left) if left else 0.0
        beyond -= area
    return RestrictedMean(until, sum(areas), variance)


def within_followed(steps: Sequence[Step], until: float) -> None:
    """Raise ValueError where nobody was followed for `until` days."""
    last = steps[-1] if steps else None
    if last is None or (until > last.days and last.share > 0):
        raise ValueError(f"nobody was followed for {written(until)} days")


def log_rank(groups: Mapping[str, Sequence[Stay]]) -> LogRank:
    """Return whether groups come to it at different paces (`log_rank_of`)."""
    names = sorted(name for name, stays in groups.items() if stays)
    at_risk: dict[str, float] = {name: len(groups[name]) for name in names}
    by_day = {name: {day.days: day for day in days_of(groups[name])} for name in names}
    moments = []
    for days in sorted({days for those in by_day.values() for days in those}):
        there = {name: by_day[name].get(days) for name in names}
        moments.append(
            {name: (at_risk[name], day.ends if day else 0) for name, day in there.items()}
        )
        for name, day in there.items():
            at_risk[name] -= day.ends + day.censored if day else 0
    return log_rank_of(moments)


def log_rank_of(moments: Iterable[Mapping[str, tuple[float, int]]]) -> LogRank:
    """Return the same, given how many of each group were at risk and ended at each moment.

    Each moment names every group. N. Mantel, Cancer Chemotherapy Reports 50 (1966), 163-170, for
    any number of groups; ties are taken by the hypergeometric variance.
    """
    moments = list(moments)
    names = sorted(moments[0]) if moments else []
    observed = {name: sum(one[name][1] for one in moments) for name in names}
    expected = dict.fromkeys(names, 0.0)
    spread = [[0.0] * len(names) for _ in names]
    for moment in moments:
        every = sum(at_risk for at_risk, _ in moment.values())
        ends = sum(ended for _, ended in moment.values())
        shares = [moment[name][0] / every for name in names]
        for name, share in zip(names, shares, strict=True):
            expected[name] += ends * share
        if every > 1:
            _add_spread(spread, shares, ends * (every - ends) / (every - 1))
    apart = [observed[name] - expected[name] for name in names]
    statistic, freedom = _quadratic([row[:-1] for row in spread[:-1]], apart[:-1])
    return LogRank(
        observed,
        expected,
        statistic,
        freedom,
        chi_squared_above(statistic, freedom) if freedom else 1.0,
    )


def _add_spread(spread: list[list[float]], shares: Sequence[float], scale: float) -> None:
    for row, one in enumerate(shares):
        for column, other in enumerate(shares):
            spread[row][column] += scale * one * ((row == column) - other)


def _quadratic(matrix: list[list[float]], vector: Sequence[float]) -> tuple[float, int]:
    """Return v' M^-1 v and the rank of M, which is symmetric and has no negative eigenvalue."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    statistic, rank = 0.0, 0
    for place in range(len(rows)):
        pivot = rows[place][place]
        if pivot <= 1e-12:
            continue
        statistic += rows[place][-1] ** 2 / pivot
        rank += 1
        for row in rows[place + 1 :]:
            factor = row[place] / pivot
            for column in range(place, len(row)):
                row[column] -= factor * rows[place][column]
    return statistic, rank
