"""The few distributions that intervals and tests lean on, on the standard library alone.

The tests hold them against scipy, which takes as long to load as a whole report may.
The incomplete beta and gamma functions are continued fractions and series of W. Press and others,
Numerical Recipes, 3rd edition, chapter 6; they are right to some twelve digits.
"""

import math
from collections.abc import Callable
from statistics import NormalDist

TINY = 1e-300
PRECISE = 1e-15
STEPS = 10_000

COVERAGE = 0.95
"""How probable it is that limits have the value between them, where nothing else is said."""


def normal_quantile(probability: float) -> float:
    """Return what a standard normal value stays below with the probability."""
    return NormalDist().inv_cdf(probability)


def student_below(value: float, freedom: float) -> float:
    """Return the probability that Student's t with so many degrees of freedom is below a value."""
    if value * value < freedom:  # near the middle the tail is one half less a little
        inside = _beta_below(value * value / (freedom + value * value), 0.5, freedom / 2) / 2
        return 0.5 + math.copysign(inside, value)
    tail = _beta_below(freedom / (freedom + value * value), freedom / 2, 0.5) / 2
    return tail if value < 0 else 1 - tail


def student_quantile(probability: float, freedom: float) -> float:
    """Return what Student's t with so many degrees of freedom stays below with the probability."""
    low, high = -1.0, 1.0
    while student_below(low, freedom) > probability:
        low *= 2
    while student_below(high, freedom) < probability:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        if student_below(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def chi_squared_above(value: float, freedom: float) -> float:
    """Return the probability that chi squared with so many degrees of freedom is above a value."""
    return _gamma_above(freedom / 2, value / 2)


def binomial_at_most(count: int, of: int, share: float) -> float:
    """Return the probability of at most so many of so many, each of which has the share."""
    if count < 0:
        return 0.0
    if count >= of:
        return 1.0
    return _beta_below(1 - share, of - count, count + 1)


def poisson_at_most(count: int, expected: float) -> float:
    """Return the probability of at most so many, where so many are expected."""
    if count < 0:
        return 0.0
    return _gamma_above(count + 1, expected) if expected > 0 else 1.0


def within(at_most: Callable[[int], float], coverage: float, highest: int) -> tuple[int, int]:
    """Return the least and the greatest count that chance alone explains.

    A count is outside where it, or one further out, has a probability below half of what the
    coverage leaves (0.95 leaves 0.05). `at_most` gives the probability of at most so many.
    """
    tail = (1 - coverage) / 2
    least = _first(lambda count: at_most(count) >= tail, highest)
    return least, _first(lambda count: at_most(count) >= 1 - tail, highest)


def _first(holds: Callable[[int], bool], highest: int) -> int:
    """Return the first count from 0 at which something holds, that goes on to hold."""
    low, high = 0, highest
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _beta_below(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logs + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _not_nothing(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for factor in (even, odd):
            d = 1 / _not_nothing(1 + factor * d)
            c = _not_nothing(1 + factor / c)
            change = c * d
            found *= change
        if abs(change - 1) < PRECISE:
            break
    return found


def _gamma_above(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function."""
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return 1 - front * _gamma_series(a, x)
    return front * _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, STEPS):
        term *= x / (a + n)
        total += term
        if term < total * PRECISE:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / TINY, 1 / _not_nothing(b)
    found = d
    for n in range(1, STEPS):
        factor = -n * (n - a)
        b += 2
        d = 1 / _not_nothing(factor * d + b)
        c = _not_nothing(b + factor / c)
        found *= c * d
        if abs(c * d - 1) < PRECISE:
            break
    return found


def _not_nothing(value: float) -> float:
    return value if abs(value) > TINY else TINY
