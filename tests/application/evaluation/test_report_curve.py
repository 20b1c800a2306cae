"""The survival curve of a report: as lifelines has it, and giving no small number away."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from application.evaluation.asking import Rows
from application.evaluation.report_curve import EVERY, awaited, curve_of
from domain.definition import Title

TITLE = Title("Evaluation", "Arviointi", "fi")
STAYS = st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=80)

Row = tuple[int, float, float, float]


class Archived:
    """The archive's answer: how many journeys were followed so long, and came to it."""

    def __init__(self, stays: Sequence[tuple[int, bool]]) -> None:
        self.counts = Counter(stays)

    def ask(self, _sql: str, _parameters: Sequence[Any] = ()) -> Rows:
        longest = max(days for days, _ in self.counts) if self.counts else 0
        rows = [
            (days, came, longest if came else days, n) for (days, came), n in self.counts.items()
        ]
        return Rows(("days", "came", "followable", "journeys"), rows)


def curve(stays: Sequence[tuple[int, bool]], threshold: int) -> list[Row]:
    found = curve_of(Archived(stays), TITLE, "p", date(2025, 6, 1), {"employment"}, threshold)
    return [tuple(row) for row in found.rows]


@settings(max_examples=25, deadline=None)
@given(STAYS)
def test_with_nothing_withheld_it_is_the_curve_of_lifelines(stays: list[tuple[int, bool]]) -> None:
    fitted = KaplanMeierFitter().fit([days for days, _ in stays], [came for _, came in stays])
    for day, share, low, high in curve(stays, 0):
        assert share == pytest.approx(fitted.predict(day), abs=1e-9)
        assert low <= share <= high
        if 0 < share < 1:
            band = fitted.confidence_interval_.loc[:day].iloc[-1]
            assert (low, high) == pytest.approx(tuple(band), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(STAYS, st.integers(2, 12))
def test_shares_stand_for_multiples_of_the_threshold(
    stays: list[tuple[int, bool]], threshold: int
) -> None:
    rows = curve(stays, threshold)
    levels = (2 * len(stays) + threshold) // (2 * threshold)
    assert levels >= 2 or not rows
    for day, *shares in rows:
        assert day % EVERY == 0
        for share in shares:
            assert share * levels == pytest.approx(round(share * levels), abs=1e-9)
        share, low, high = shares
        assert 0 <= low <= share <= high <= 1
    shown = [row[1] for row in rows]
    assert shown == sorted(shown, reverse=True)


@settings(max_examples=40, deadline=None)
@given(STAYS, st.integers(2, 12))
def test_nobody_is_told_of_who_was_followed_longer_than_all_but_a_few(
    stays: list[tuple[int, bool]], threshold: int
) -> None:
    for day, share, *_ in curve(stays, threshold)[1:]:
        beyond = sum(days > day for days, _ in stays)
        assert beyond >= threshold or share < threshold / len(stays)


@pytest.mark.parametrize("every", [8, 11, 26, 33, 47, 97])
def test_no_small_number_follows_from_a_share_and_its_limits(every: int) -> None:
    """Whoever knows how many there are: all were followed for 80 days, and some came to it."""
    worlds: dict[tuple[Row, ...], list[tuple[int, int]]] = {}
    for first, second in product(range(every + 1), repeat=2):
        rest = every - first - second
        if rest >= 0:
            stays = [(20, True)] * first + [(50, True)] * second + [(80, False)] * rest
            worlds.setdefault(tuple(curve(stays, 5)), []).append((first, second))
    for rows, alike in worlds.items():
        for place in (0, 1) if rows else ():
            if any(0 < world[place] < 5 for world in alike):
                assert len({world[place] for world in alike}) > 1, (rows, alike)


@settings(max_examples=40, deadline=None)
@given(STAYS, st.integers(2, 12))
def test_the_band_holds_that_of_the_curve_itself(
    stays: list[tuple[int, bool]], threshold: int
) -> None:
    itself = {row[0]: row for row in curve(stays, 0)}
    for day, _, low, high in curve(stays, threshold):
        assert low <= itself[day][1] <= high


def test_the_days_of_the_rows_are_not_those_on_which_anything_happened() -> None:
    many = [(100, True)] * 50 + [(300, False)] * 50
    assert curve([*many, (137, True)], 5) == curve([*many, (141, True)], 5)
    assert curve([*many, (137, True)], 0) == curve([*many, (141, True)], 0)


def test_too_few_have_no_curve() -> None:
    assert curve([(100, True)] * 7, 5) == []
    assert curve([], 0) == []


@pytest.mark.parametrize(
    ("measures", "ends", "why"),
    [
        ({"employment"}, {"employment", "self-employment"}, "an end in work"),
        ({"employment", "follow-up-path"}, None, "a follow-up path"),
        ({"clients"}, None, "assumed"),
    ],
)
def test_what_is_waited_for_is_what_the_definition_sets_a_value_for(
    measures: set[str], ends: set[str] | None, why: str
) -> None:
    what, said = awaited(measures)
    wide = {"employment", "self-employment", "education-or-training", "other-measure"}
    assert what.ends == (ends or wide)
    assert why in said


def test_the_curve_says_how_it_is_told() -> None:
    found = curve_of(Archived([]), TITLE, "p", date(2025, 6, 1), {"employment"}, 5)
    assert found.title == Title(
        "How long until work is found", "Kuinka kauan kestää työn löytyminen", "fi"
    )
    assert any("multiples of 5 journeys" in note for note in found.notes)
