"""Differences, standardising and funnels, against scipy and statsmodels."""

import math
from statistics import fmean, variance

import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from application.evaluation.differences import (
    Estimate,
    difference_of_means,
    difference_of_shares,
    mean_of,
    share_of,
)
from application.evaluation.funnels import Kind, Stands, funnel, point
from application.evaluation.side_by_side import Verdict, side_by_side, verdict
from application.evaluation.standardising import Valued, standardised
from domain.definition import ReferenceValue
from tests.application.evaluation.drawing import chance


def limits(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.low, estimate.high


@pytest.mark.parametrize(("counted", "among"), [(0, 9), (1, 9), (9, 9), (56, 70), (480, 1000)])
def test_the_limits_of_a_share_are_wilsons(counted: int, among: int) -> None:
    theirs = proportion_confint(counted, among, method="wilson")
    assert limits(share_of(counted, among)) == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("one", "other"), [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((0, 10), (5, 20))]
)
def test_the_limits_of_two_shares_are_newcombes(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    theirs = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    assert limits(difference_of_shares(one, other)) == pytest.approx(theirs)


def test_newcombes_own_example_comes_out_as_published() -> None:
    """Table II of Newcombe (1998), method 10, 56/70 against 48/80: 0.0524 to 0.3339."""
    found = difference_of_shares((56, 70), (48, 80))
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("seed", range(3))
def test_the_limits_of_means_are_students_and_welchs(seed: int) -> None:
    draw = chance(seed)
    one = [draw.gauss(10, 3) for _ in range(12)]
    other = [draw.gauss(8, 9) for _ in range(31)]
    theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert limits(difference_of_means(one, other)) == pytest.approx((theirs.low, theirs.high))
    alone = stats.ttest_1samp(one, 0).confidence_interval()
    assert limits(mean_of(one)) == pytest.approx((alone.low, alone.high))


def test_one_value_has_no_limits() -> None:
    assert mean_of([3.0]) == Estimate(3.0, None, None)
    assert difference_of_means([3.0], [1.0, 2.0]) == Estimate(1.5, None, None)
    assert difference_of_means([3.0, 3.0], [1.0, 1.0]) == Estimate(2.0, 2.0, 2.0)


# Standardising


def valued(stratum: str | None, first: list[float], second: list[float]) -> list[Valued]:
    return [
        Valued(group, (stratum,), value)
        for group, values in ((True, first), (False, second))
        for value in values
    ]


def test_a_difference_is_taken_within_strata_and_weighted() -> None:
    people = valued("young", [1, 2, 3], [1, 1, 4, 6, 8]) + valued("old", [9, 7], [5, 6])
    found = standardised(people)
    assert [s.weight for s in found.strata] == [pytest.approx(4 / 12), pytest.approx(8 / 12)]
    apart = 4 / 12 * (8 - 5.5) + 8 / 12 * (2 - 4)
    assert found.difference is not None
    assert found.difference.value == pytest.approx(apart)
    assert found.compared == (5, 7)
    parts = [
        (8 / 12) ** 2 * variance([1, 2, 3]) / 3,
        (8 / 12) ** 2 * variance([1, 1, 4, 6, 8]) / 5,
        (4 / 12) ** 2 * variance([9, 7]) / 2,
        (4 / 12) ** 2 * variance([5, 6]) / 2,
    ]
    freedom = sum(parts) ** 2 / sum(x**2 / n for x, n in zip(parts, (2, 4, 1, 1), strict=True))
    reach = stats.t.ppf(0.975, freedom) * math.sqrt(sum(parts))
    assert limits(found.difference) == pytest.approx((apart - reach, apart + reach))


def test_one_stratum_is_welch() -> None:
    one, other = [1.0, 5, 6, 9], [2.0, 2, 3]
    found = standardised(valued("all", one, other))
    assert found.difference is not None
    assert limits(found.difference) == pytest.approx(limits(difference_of_means(one, other)))


def shares(stratum: str, *of: tuple[int, int]) -> list[Valued]:
    """Two groups of a stratum, of whom so many have it among so many."""
    groups = [[1.0] * having + [0.0] * (among - having) for having, among in of]
    return valued(stratum, groups[0], groups[1])


@pytest.mark.parametrize(
    ("one", "other"), [((56, 70), (48, 80)), ((5, 5), (0, 6)), ((0, 9), (0, 40))]
)
def test_shares_of_one_stratum_are_newcombes(one: tuple[int, int], other: tuple[int, int]) -> None:
    found = standardised(shares("all", one, other), is_share=True).difference
    assert found is not None
    theirs = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    assert limits(found) == pytest.approx(theirs)
    assert found.low != found.high  # that nobody has it of five is no certainty


def test_the_limits_of_shares_of_several_strata_by_hand() -> None:
    """Each stratum's Wilson limits, weighted, lie as far from the difference as squares add up."""
    strata = {"young": ((0, 5), (1, 20)), "old": ((2, 8), (0, 30))}
    people = [one for name, of in strata.items() for one in shares(name, *of)]
    found = standardised(people, is_share=True).difference
    value, down, up = 0.0, 0.0, 0.0
    for of in strata.values():
        weight = sum(among for _, among in of) / 63
        for sign, (having, among) in zip((1, -1), of, strict=True):
            low, high = proportion_confint(having, among, method="wilson")
            value += sign * weight * having / among
            below, above = (having / among - low, high - having / among)[::sign]
            down += (weight * below) ** 2
            up += (weight * above) ** 2
    wanted = (value, value - math.sqrt(down), value + math.sqrt(up))
    assert found is not None
    assert (found.value, *limits(found)) == pytest.approx(wanted)


def test_limits_of_shares_have_the_difference_as_often_as_they_say() -> None:
    """Of rare outcomes, and few of one group: by Student's t 16 of 20 times, not 19."""
    draw, inside, tried = chance(1), 0, 400
    strata = [(5, 20, 0.05), (8, 30, 0.1)]
    for _ in range(tried):
        people = []
        for number, (few, many, share) in enumerate(strata):
            of = [(sum(draw.random() < share for _ in range(n)), n) for n in (few, many)]
            people += shares(str(number), *of)
        found = standardised(people, is_share=True).difference
        assert found is not None
        inside += (found.low or 0) <= 0 <= (found.high or 0)
    assert inside / tried >= 0.93


def test_what_makes_the_groups_up_is_evened_out() -> None:
    """Nothing differs within strata; the groups differ only in how many of each they have."""
    people = valued("low", [1, 1.2] * 20, [1, 1.2] * 2) + valued("high", [9, 9.2] * 2, [9, 9.2] * 9)
    raw = difference_of_means(
        [x.value for x in people if x.first], [x.value for x in people if not x.first]
    )
    found = standardised(people).difference
    assert found is not None
    assert raw.value < -5
    assert found.value == pytest.approx(0)


def test_strata_that_compare_with_nothing_are_named() -> None:
    people = valued("a", [1, 2], [3, 4]) + valued("b", [5.0], []) + valued("c", [5.0], [1, 2, 3])
    found = standardised([*people, *valued(None, [1, 2], [1, 2])])
    assert {s.categories[0]: s.left_out for s in found.strata} == {
        "a": "",
        "b": "nobody in the second group",
        "c": "only one in the first group",
        None: "not known",
    }
    assert found.compared == (2, 2)
    assert standardised(valued("b", [5.0], [])).difference is None


# Funnels


def test_the_limits_of_shares_are_exact() -> None:
    units = {"small": [1.0, 0, 0, 0], "large": [1.0] * 150 + [0.0] * 250}
    found = funnel(Kind.SHARE, units)
    centre = 151 / 404
    assert found.centre == pytest.approx(centre)
    for one, size in zip(found.points, (400, 4), strict=True):
        for ours, tail in ((one.inner, 0.025), (one.outer, 0.001)):
            theirs = [stats.binom.ppf(x, size, centre) / size for x in (tail, 1 - tail)]
            assert ours == pytest.approx(theirs)


def test_a_small_unit_is_not_blamed_for_chance() -> None:
    """Both reached a fifth, where half was to be reached; only of the large one it says much."""
    units = {"small": [1.0, 0, 0, 0, 0], "large": [1.0] * 20 + [0.0] * 80}
    stands = {x.unit: x.stands for x in funnel(Kind.SHARE, units, 0.5).points}
    assert stands == {"small": Stands.WITHIN, "large": Stands.BELOW_OUTER}


def test_of_units_that_are_alike_few_are_outside() -> None:
    draw = chance(5)
    units = {
        str(n): [float(draw.random() < 0.4) for _ in range(draw.randint(5, 60))] for n in range(600)
    }
    points = funnel(Kind.SHARE, units, 0.4).points
    outside = sum(one.stands is not Stands.WITHIN for one in points)
    assert outside <= 0.06 * len(points)
    assert sum(x.stands in (Stands.BELOW_OUTER, Stands.ABOVE_OUTER) for x in points) <= 4


def test_the_limits_of_counts_are_exact_too() -> None:
    found = point(Kind.RATE, "a", [0.0, 1, 0, 2, 0, 0], 0.8)
    theirs = [stats.poisson.ppf(x, 4.8) / 6 for x in (0.025, 0.975)]
    assert found.inner == pytest.approx(theirs)
    assert found.stands is Stands.WITHIN


def test_the_limits_of_means_know_how_single_values_differ() -> None:
    units = {"a": [1.0, 3, 5], "b": [10.0, 14, 12, 13]}
    found = funnel(Kind.MEAN, units)
    spread = math.sqrt((2 * variance(units["a"]) + 3 * variance(units["b"])) / 5)
    for limits, beyond in (("inner", 0.975), ("outer", 0.999)):
        reach = stats.t.ppf(beyond, 5) * spread / math.sqrt(3)
        expected = (found.centre - reach, found.centre + reach)
        assert getattr(found.points[0], limits) == pytest.approx(expected)
    assert found.centre == pytest.approx(fmean(units["a"] + units["b"]))
    alone = point(Kind.MEAN, "a", units["a"], 3.0)
    assert alone.inner[1] - 3 == pytest.approx(stats.t.ppf(0.975, 2) * 2 / math.sqrt(3))


def test_where_every_unit_has_one_client_no_mean_is_more_than_chance() -> None:
    """Nothing tells how far values differ within a unit: each was blamed, or praised, for it."""
    found = funnel(Kind.MEAN, {"a": [49.0], "b": [53.0], "c": [400.0], "none": []})
    assert [(x.unit, x.stands) for x in found.points] == [(x, Stands.WITHIN) for x in "abc"]
    assert {x.outer for x in found.points} == {(-math.inf, math.inf)}
    assert point(Kind.MEAN, "a", [49.0], 3.0).stands is Stands.WITHIN


@pytest.mark.parametrize("many", [2, 3, 30])
def test_units_that_are_alike_are_seldom_blamed_however_small_they_are(many: int) -> None:
    """One unit of two and others of one: how values differ is known by that one alone."""
    draw, stands = chance(many), list[Stands]()
    for _ in range(2000):
        units = {"a": [draw.gauss(0, 1) for _ in range(many)], "b": [draw.gauss(0, 1)]}
        found = funnel(Kind.MEAN, units, centre=0.0)
        stands += [x.stands for x in found.points]
    beyond = [x is not Stands.WITHIN for x in stands]
    assert fmean(beyond) == pytest.approx(0.05, abs=0.012)
    far = [x in (Stands.BELOW_OUTER, Stands.ABOVE_OUTER) for x in stands]
    assert fmean(far) == pytest.approx(0.002, abs=0.003)


@pytest.mark.parametrize("seed", range(6))
def test_a_median_stands_as_the_sign_test_says(seed: int) -> None:
    draw = chance(seed)
    values = [draw.expovariate(1 / 12) for _ in range(draw.choice([4, 9, 40]))]
    for centre in (3.0, 8.0, 14.0, 40.0):
        found = point(Kind.MEDIAN, "a", values, centre)
        above = sum(value > centre for value in values)
        different = stats.binomtest(above, len(values), 0.5).pvalue < 0.05
        assert (found.stands is not Stands.WITHIN) == different


def test_nobody_is_no_funnel() -> None:
    with pytest.raises(ValueError, match="nobody"):
        funnel(Kind.SHARE, {"a": []})


# Reference values


def reference(level: str, value: float) -> ReferenceValue:
    return ReferenceValue(f"plans-{level}", {"en": level}, "plans-agreed", level, value, "protocol")


def test_strengths_and_weaknesses_are_told_by_each_reference_value() -> None:
    units = {"north": [1.0] * 45 + [0.0] * 5, "south": [1.0] * 6 + [0.0] * 6}
    known = [reference("european", 0.68), reference("local", 0.65), reference("national", 0.6)]
    found = side_by_side(Kind.SHARE, units, references=known, threshold=0)
    said = {(one.unit, one.reference.level): one.verdict for one in found.against}
    assert said == {
        (None, "local"): Verdict.STRENGTH,
        (None, "national"): Verdict.STRENGTH,
        (None, "european"): Verdict.STRENGTH,
        ("north", "local"): Verdict.STRENGTH,
        ("north", "national"): Verdict.STRENGTH,
        ("north", "european"): Verdict.STRENGTH,
        ("south", "local"): Verdict.WITHIN_CHANCE,
        ("south", "national"): Verdict.WITHIN_CHANCE,
        ("south", "european"): Verdict.WITHIN_CHANCE,
    }
    assert [one.reference.level for one in found.against[:3]] == ["local", "national", "european"]


def test_fewer_days_are_better() -> None:
    assert verdict(Stands.BELOW, "less") is Verdict.STRENGTH
    assert verdict(Stands.ABOVE, "less") is Verdict.WEAKNESS
    assert verdict(Stands.BELOW, "more") is Verdict.WEAKNESS
    assert verdict(Stands.WITHIN, "more") is Verdict.WITHIN_CHANCE


def test_a_small_unit_is_withheld_and_another_with_it() -> None:
    units = {"a": [1.0, 0, 1], "b": [1.0] * 8 + [0.0] * 6, "c": [1.0] * 30 + [0.0] * 20}
    found = side_by_side(Kind.SHARE, units)
    assert found.withheld == ("a", "b")
    assert found.funnel is not None
    assert [one.unit for one in found.funnel.points] == ["c"]
    assert {one.unit for one in found.against} <= {None, "c"}
    assert side_by_side(Kind.SHARE, {"a": [1.0, 0]}).funnel is None
    assert side_by_side(Kind.MEAN, {"a": [1.0, 7], "b": [3.0] * 9}).withheld == ("a", "b")


def test_a_unit_of_few_persons_is_withheld_however_many_values_they_have() -> None:
    """Spells and journeys are of persons; so are those of whom a share is true."""
    units = {"a": [1.0] * 7 + [0.0] * 7, "b": [1.0] * 30 + [0.0] * 20, "c": [1.0] * 9 + [0.0] * 9}
    each = {name: [f"{name}{n}" for n in range(len(some))] for name, some in units.items()}
    one = {**each, "a": ["he"] * 14}
    those_of_whom = {**each, "a": ["he"] * 7 + each["a"][7:]}

    def withheld(kind: Kind, persons: dict[str, list[str]]) -> tuple[str, ...]:
        return side_by_side(kind, units, persons=persons).withheld

    assert withheld(Kind.SHARE, each) == withheld(Kind.MEDIAN, those_of_whom) == ()
    assert withheld(Kind.MEDIAN, one) == withheld(Kind.SHARE, those_of_whom) == ("a", "c")
