"""Distributions against scipy's."""

import pytest
from scipy import stats

from application.evaluation.distributions import (
    binomial_at_most,
    chi_squared_above,
    normal_quantile,
    poisson_at_most,
    student_below,
    student_quantile,
    within,
)


@pytest.mark.parametrize("freedom", [1, 1.7, 5, 30, 411.3, 1e5])
@pytest.mark.parametrize("value", [-12.0, -1.5, 0.0, 0.3, 2.2, 40.0])
def test_student(freedom: float, value: float) -> None:
    theirs = stats.t.cdf(value, freedom)
    assert student_below(value, freedom) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("freedom", [1, 2.4, 12, 1000])
@pytest.mark.parametrize("probability", [0.001, 0.025, 0.5, 0.975, 0.999])
def test_quantiles(freedom: float, probability: float) -> None:
    theirs = stats.t.ppf(probability, freedom)
    assert student_quantile(probability, freedom) == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    assert normal_quantile(probability) == pytest.approx(stats.norm.ppf(probability))


@pytest.mark.parametrize("freedom", [1, 2, 7, 60])
@pytest.mark.parametrize("value", [0.0, 0.4, 3.0, 16.79, 200.0])
def test_chi_squared(freedom: int, value: float) -> None:
    theirs = stats.chi2.sf(value, freedom)
    assert chi_squared_above(value, freedom) == pytest.approx(theirs, rel=1e-8, abs=1e-14)


@pytest.mark.parametrize("of", [1, 7, 60, 3000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.37, 0.9, 1.0])
def test_binomial(of: int, share: float) -> None:
    for count in {-1, 0, 1, of // 3, of // 2, of - 1, of, of + 1}:
        theirs = stats.binom.cdf(count, of, share)
        assert binomial_at_most(count, of, share) == pytest.approx(theirs, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("expected", [0.0, 0.2, 5.0, 900.0])
def test_poisson(expected: float) -> None:
    for count in (-1, 0, 1, 4, 30, 880, 950):
        theirs = stats.poisson.cdf(count, expected) if expected else float(count >= 0)
        assert poisson_at_most(count, expected) == pytest.approx(theirs, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(("of", "share"), [(3, 0.4), (12, 0.05), (47, 0.61), (400, 0.5)])
@pytest.mark.parametrize("coverage", [0.95, 0.998])
def test_what_chance_explains(of: int, share: float, coverage: float) -> None:
    tail = (1 - coverage) / 2
    limits = within(lambda count: binomial_at_most(count, of, share), coverage, of)
    assert limits == tuple(int(stats.binom.ppf(x, of, share)) for x in (tail, 1 - tail))
    inside = [k for k in range(of + 1) if limits[0] <= k <= limits[1]]
    for k in inside:
        assert stats.binom.cdf(k, of, share) >= tail - 1e-12
        assert stats.binom.sf(k - 1, of, share) >= tail - 1e-12
