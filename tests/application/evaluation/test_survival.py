"""Survival and competing risks: by hand, as published, and as an independent library has them."""

from fractions import Fraction

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import CumIncidenceRight

from application.evaluation.competing import aalen_johansen
from application.evaluation.curves import curves
from application.evaluation.survival import (
    Stay,
    days_of,
    kaplan_meier,
    log_rank,
    median,
    restricted_mean,
)
from tests.application.evaluation.drawing import chance, ways

# Weeks in remission of leukaemia, E. J. Freireich and others, Blood 21 (1963), 699-716; the sample
# of most textbooks (D. R. Cox, J. R. Stat. Soc. B 34 (1972), 187-220). Below 0: censored.
TREATED = (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23)
TREATED += (-25, -32, -32, -34, -35)
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)


def weeks(*given: int) -> list[Stay]:
    return [Stay(abs(x), int(x > 0)) for x in given]


def drawn(seed: int, people: int = 80, ends: int = 1, most: int = 25) -> list[Stay]:
    """Stays with many ties, some of them censored."""
    draw = chance(seed)
    return [Stay(draw.randint(0, most), draw.randint(0, ends)) for _ in range(people)]


def test_the_remissions_come_out_as_published() -> None:
    steps = {step.days: step for step in kaplan_meier(days_of(weeks(*TREATED)))}
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {days: round(steps[days].share, 3) for days in published} == published
    assert round(steps[6].variance ** 0.5, 4) == 0.0764
    assert round(steps[23].variance ** 0.5, 4) == 0.1346
    assert median(list(steps.values())).days == 23
    assert median(kaplan_meier(days_of(weeks(*PLACEBO)))).days == 8


def test_their_log_rank_test_does_too() -> None:
    found = log_rank({"treated": weeks(*TREATED), "placebo": weeks(*PLACEBO)})
    assert found.observed == {"treated": 9, "placebo": 21}
    assert round(found.expected["treated"], 2) == 19.25
    assert round(found.statistic, 2) == 16.79
    assert found.freedom == 1
    assert found.probability == pytest.approx(4.17e-05, rel=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_kaplan_meier_agrees_with_lifelines(seed: int) -> None:
    stays = drawn(seed)
    ended = [stay.ended > 0 for stay in stays]
    theirs = KaplanMeierFitter().fit([stay.days for stay in stays], ended)
    ours = kaplan_meier(days_of(stays))
    shares = theirs.survival_function_["KM_estimate"]
    limits = theirs.confidence_interval_
    for step in ours:
        assert step.share == pytest.approx(shares.loc[step.days])
        assert step.at_risk == theirs.event_table.loc[step.days, "at_risk"]
        if step.share < 1:
            assert step.low == pytest.approx(limits.loc[step.days].iloc[0])
            assert step.high == pytest.approx(limits.loc[step.days].iloc[1])
    assert median(ours).days == theirs.median_survival_time_
    mean = restricted_mean(ours, 20)
    assert mean.days == pytest.approx(restricted_mean_survival_time(theirs, 20))


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_log_rank_agrees_with_lifelines(groups: int) -> None:
    given = {str(n): drawn(groups * 10 + n, 30 + 5 * n, most=10 + 3 * n) for n in range(groups)}
    found = log_rank(given)
    rows = [(stay.days, name, stay.ended) for name, stays in given.items() for stay in stays]
    theirs = multivariate_logrank_test(*zip(*rows, strict=True))
    assert found.statistic == pytest.approx(theirs.test_statistic)
    assert found.probability == pytest.approx(theirs.p_value)
    assert found.freedom == groups - 1


def test_groups_that_cannot_be_told_apart_have_no_test() -> None:
    found = log_rank({"one": weeks(5, 5), "other": weeks(-1, -2)})
    assert (found.freedom, found.probability) == (0, 1.0)


def test_aalen_johansen_with_ties_by_hand() -> None:
    """Ten people: on day 2 two came to it and one went another way, and so on."""
    stays = [Stay(2, 1), Stay(2, 1), Stay(2, 2), Stay(2, 0), Stay(5, 1), Stay(5, 2), Stay(5, 2)]
    stays += [Stay(7, 0), Stay(9, 1), Stay(9, 0)]
    first = Fraction(2, 10)
    second = first + Fraction(7, 10) * Fraction(1, 6)
    third = second + Fraction(7, 10) * Fraction(3, 6) * Fraction(1, 2)
    found = aalen_johansen(days_of(stays), 1)
    assert [one.days for one in found] == [2, 5, 7, 9]
    assert [one.share for one in found] == pytest.approx(
        [float(x) for x in (first, second, second, third)]
    )
    assert [one.ended for one in found] == [2, 1, 0, 1]
    # By the formula, on day 5: F - f, d, k, n and S of days 2 and 5.
    apart = float(second - first)
    variance = apart**2 * 3 / (10 * 7) + 2 * 8 / 10**3 - 2 * apart * 2 / 10**2
    variance += 0.7**2 * 1 * 5 / 6**3
    assert found[1].variance == pytest.approx(variance)


@pytest.mark.parametrize("seed", range(3))
def test_aalen_johansen_agrees_with_lifelines_where_nothing_is_tied(seed: int) -> None:
    draw = chance(seed)
    days = draw.sample(range(1, 500), 70)
    stays = [Stay(day, draw.randint(0, 2)) for day in days]
    for ended in (1, 2):
        theirs = AalenJohansenFitter(calculate_variance=True)
        theirs.fit(
            np.array(days), np.array([stay.ended for stay in stays]), event_of_interest=ended
        )
        # Of the last day, after which nobody is at risk, their variance is no number.
        for one in aalen_johansen(days_of(stays), ended)[:-1]:
            assert one.share == pytest.approx(theirs.cumulative_density_.loc[one.days].iloc[0])
            assert one.variance == pytest.approx(theirs.variance_.loc[one.days], abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_aalen_johansen_agrees_with_statsmodels_where_much_is_tied(seed: int) -> None:
    stays = drawn(seed, 120, 2)
    days, ended = (np.array(x) for x in zip(*stays, strict=True))
    theirs = CumIncidenceRight(days, ended)
    for number in (1, 2):
        shares = dict(zip(theirs.times, theirs.cinc[number - 1], strict=True))
        for one in aalen_johansen(days_of(stays), number):
            assert one.share == pytest.approx(shares[one.days])


@pytest.mark.parametrize("seed", range(3))
def test_where_nobody_is_censored_it_is_a_plain_share(seed: int) -> None:
    stays = [Stay(stay.days, stay.ended or 2) for stay in drawn(seed, 60, 3)]
    for one in aalen_johansen(days_of(stays), 2):
        share = sum(stay.ended == 2 and stay.days <= one.days for stay in stays) / 60
        assert one.share == pytest.approx(share)
        assert one.variance == pytest.approx(share * (1 - share) / 60)


@pytest.mark.parametrize("seed", range(3))
def test_all_ways_and_none_of_them_are_one(seed: int) -> None:
    stays = drawn(seed, 90, 3)
    free = {step.days: step for step in kaplan_meier(days_of(stays))}
    ways = [aalen_johansen(days_of(stays), ended) for ended in (1, 2, 3)]
    for one, other, third in zip(*ways, strict=True):
        shares = one.share + other.share + third.share
        assert shares + free[one.days].share == pytest.approx(1)
    only = [Stay(stay.days, min(stay.ended, 1)) for stay in stays]
    for one in aalen_johansen(days_of(only), 1):
        assert one.share == pytest.approx(1 - free[one.days].share)
        assert one.variance == pytest.approx(free[one.days].variance, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_restricted_mean_of_all_is_a_plain_mean(seed: int) -> None:
    stays = [Stay(stay.days, 1) for stay in drawn(seed)]
    cut = [min(stay.days, 15) for stay in stays]
    found = restricted_mean(kaplan_meier(days_of(stays)), 15)
    assert found.days == pytest.approx(np.mean(cut))
    assert found.variance == pytest.approx(np.var(cut) / len(cut))


def test_a_mean_of_days_that_nobody_was_followed_for_is_refused() -> None:
    with pytest.raises(ValueError, match="30 days"):
        restricted_mean(kaplan_meier(days_of(weeks(3, -20))), 30)
    with pytest.raises(ValueError, match="nobody"):
        restricted_mean([], 1)


def test_a_median_that_half_have_not_come_to_is_not_made_up() -> None:
    assert median(kaplan_meier(days_of(weeks(3, -20, -20, -20)))).days is None


def test_days_are_told_in_order() -> None:
    first, second = days_of([Stay(4, 2), Stay(1, 0), Stay(4, 1), Stay(4, 0)])
    assert (first.at_risk, first.ended, first.censored) == (4, {}, 1)
    assert (second.at_risk, second.ended, second.censored, second.ends) == (3, {1: 1, 2: 1}, 1, 2)


def test_a_curve_tells_of_no_stretch_of_days_in_which_few_persons_ended() -> None:
    draw = chance(7)
    stays = drawn(7, 120, ends=2)
    persons = [f"c{draw.randint(0, 12)}" for _ in stays]
    (group,) = curves({"all": stays}, ["a", "b"], persons={"all": persons}).groups

    before = -1.0
    for row in group.curve:
        assert row.at_risk == sum(stay.days > before for stay in stays)
        for ended in (0, 1, 2):
            those = {
                person
                for person, stay in zip(persons, stays, strict=True)
                if before < stay.days <= row.days and stay.ended == ended
            }
            assert len(those) not in range(1, 5)
        before = row.days
    assert before == max(stay.days for stay in stays)
    his = curves({"all": stays}, ["a", "b"], persons={"all": ["he"] * len(stays)})
    assert [(one.withheld, one.stays) for one in his.groups] == [(True, None)]


def test_days_are_gone_over_twice_at_most_where_few_end_one_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a rare way to end, which takes in most days, takes each of them as often as others."""
    taken: list[object] = []
    monkeypatch.setattr(
        "application.evaluation.life_table._take_in", lambda *one: taken.append(one)
    )
    monkeypatch.setattr(
        "application.evaluation.life_table._enough", lambda _those, _threshold: False
    )
    curves({"all": [Stay(day) for day in range(50)]}, ["a"])
    assert len(taken) <= 2 * 50


def between(early: int, late: int) -> list[Stay]:
    """Of 25, five end on day 7; some are censored before it and some after it."""
    stays = [Stay(5, 0)] * early + [Stay(7)] * 5 + [Stay(9, 0)] * late
    return stays + [Stay(40)] * 6 + [Stay(60, 0)] * 9


@pytest.mark.parametrize("ends", [["a"], ["a", "b"]])
def test_no_figure_tells_in_which_order_days_that_are_taken_together_were(ends: list[str]) -> None:
    first, *others = [curves({"one": between(k, 5 - k)}, ends) for k in (1, 2, 3, 4)]
    assert all(other == first for other in others)
    beside = [Stay(n, n % 2) for n in range(60)]
    first, *others = [
        curves({"one": between(k, 5 - k), "other": beside}, ends) for k in (1, 2, 3, 4)
    ]
    assert first.log_rank is not None
    assert all(other == first for other in others)


def test_what_is_told_of_days_taken_together_is_the_life_table() -> None:
    (group,) = curves({"one": between(2, 3)}, ["a"]).groups
    assert [(x.days, x.at_risk, x.ended["a"], x.censored) for x in group.curve] == [
        (9, 25, 5, 5),
        (40, 15, 6, 0),
        (60, 9, 0, 9),
    ]
    first = 1 - 5 / 22.5
    second = first * (1 - 6 / 15)
    assert [x.share for x in group.curve] == pytest.approx([first, second, second])
    assert group.mean is not None
    assert group.mean.until == 60
    area = 9 * (1 + first) / 2 + 31 * (first + second) / 2 + 20 * second
    assert group.mean.days == pytest.approx(area)
    assert group.median is not None
    assert group.median.days == 40


@pytest.mark.parametrize("seed", range(3))
def test_with_many_on_each_day_it_comes_near_the_curve_of_each_day(seed: int) -> None:
    stays = drawn(seed, 6000, 2)
    groups = {"a": stays[:3500], "b": [stay._replace(days=stay.days * 2) for stay in stays[3500:]]}
    told, exact = (curves(groups, ["a", "b"], threshold=n) for n in (5, 0))
    for one, other in zip(told.groups, exact.groups, strict=True):
        exactly = {row.days: row.share for row in other.curve}
        assert all(row.share == pytest.approx(exactly[row.days], abs=0.03) for row in one.curve)
        assert one.mean is not None
        assert other.mean is not None
        assert one.mean.days == pytest.approx(other.mean.days, abs=0.6)
        assert one.mean.variance == pytest.approx(other.mean.variance, rel=0.15)
    assert told.log_rank is not None
    assert exact.log_rank is not None
    assert told.log_rank.statistic == pytest.approx(exact.log_rank.statistic, rel=0.1)


def test_the_rows_of_all_less_those_of_a_group_tell_of_no_few_of_another() -> None:
    """Five of one and one of another end by day 10: six together; the other's others later."""
    one = [Stay(10)] * 5 + [Stay(50)] * 5 + [Stay(60, 0)] * 10
    other = [Stay(9)] + [Stay(30)] * 9 + [Stay(60, 0)] * 10
    everyone, *each = curves({"one": one, "other": other}, ["a"]).groups
    told = {row.days for row in everyone.curve}
    for group in each:
        before = 0
        for edge in sorted(told):
            ended = sum(row.ended["a"] for row in group.curve if before < row.days <= edge)
            assert ended not in range(1, 5)
            before = edge
        assert any(row.days >= max(told) for row in group.curve)
    assert [(row.days, row.ended["a"]) for row in everyone.curve] == [(30, 15), (50, 5), (60, 0)]


@pytest.mark.parametrize(
    ("cells", "every"),
    [
        ([("one", day, ended) for day in (2, 4, 6) for ended in (0, 1)], 9),
        ([("one", day, ended) for day in (2, 4) for ended in (0, 1, 2)], 9),
        ([(name, day, end) for name in ("one", "two") for day in (2, 4) for end in (0, 1)], 8),
    ],
)
def test_no_small_number_follows_from_all_that_is_told(
    cells: list[tuple[str, int, int]], every: int
) -> None:
    """Of each world there is another that tells the same, and in which a small number differs.

    Whoever tries it knows on which days anything can have happened, and how all this is reckoned.
    """
    worlds: dict[str, list[tuple[int, ...]]] = {}
    for world in ways(every, len(cells)):
        groups: dict[str | None, list[Stay]] = {}
        for (name, day, ended), number in zip(cells, world, strict=True):
            groups.setdefault(name, []).extend([Stay(day, ended)] * number)
        worlds.setdefault(repr(curves(groups, ["a", "b"], threshold=3)), []).append(world)
    for told, alike in worlds.items():
        for numbers in zip(*alike, strict=True):
            assert len(set(numbers)) > 1 or numbers[0] not in (1, 2), (told, alike)


def test_groups_of_few_in_all_are_not_even_named() -> None:
    """Four named, of whom there are fewer than five together, are one each."""
    four = {name: [Stay(7)] for name in "abcd"}
    (everyone,) = curves(four, ["a"]).groups
    assert (everyone.name, everyone.withheld, everyone.stays) == ("all", True, None)
    assert curves(four, ["a"]) == curves({"a": [Stay(9, 0)] * 3}, ["a"])
    assert len(curves(four, ["a"], threshold=0).groups) == 5
