"""What is shown of flows gives no small number away, tried by linear programming."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from application.evaluation.flows import Spell, flows
from application.evaluation.flows_shown import FlowsShown, shown
from domain.calendar import Period

DAY, FEWEST = date(2026, 7, 10), 5
BEGAN = date(2024, 1, 1)
WORDS = ("inflow", "outflow", "stock")


def each(drawn: list[Period]) -> list[Spell]:
    """Return spells as those of a person each."""
    return [Spell(f"c{n}", spell) for n, spell in enumerate(drawn)]


@st.composite
def spells(draw: st.DrawFn) -> list[Period]:
    """Spells of which many begin and end in the same months."""
    found = []
    for _ in range(draw(st.integers(1, 12))):
        start = BEGAN + timedelta(days=draw(st.integers(0, 800)))
        days = draw(st.none() | st.integers(200, 700))
        each = Period(start, None if days is None else start + timedelta(days=days))
        found += [each] * draw(st.integers(1, 12))
    return found


def equations(told: FlowsShown) -> Iterator[dict[tuple[int, str], int]]:
    """What a reader knows of the numbers, as factors of each; all together are 0."""
    for at, _ in enumerate(pairwise(told.months)):
        yield {
            (at, "stock"): 1,
            (at + 1, "inflow"): 1,
            (at + 1, "outflow"): -1,
            (at + 1, "stock"): -1,
        }
    if told.projection is not None:
        last = len(told.months)
        yield {**{(n, "inflow"): 1 for n in range(last - 12, last)}, (-1, "year"): -1}


def numbers(told: FlowsShown) -> dict[tuple[int, str], float | None]:
    found = {(n, word): getattr(x, word) for n, x in enumerate(told.months) for word in WORDS}
    return found | ({(-1, "year"): told.projection.expected} if told.projection else {})


@settings(max_examples=25, deadline=None)
@given(spells())
def test_no_small_number_is_shown_and_none_can_be_reckoned(drawn: list[Period]) -> None:
    told = shown(flows(each(drawn), date(2025, 2, 1), DAY, 6), FEWEST)
    known = numbers(told)
    lengths, coming = told.lengths, told.projection
    assert coming is not None
    for number in (*known.values(), lengths.ended, lengths.lasting, coming.on_the_way):
        assert number is None or number == 0 or number >= FEWEST
    if lengths.lasting is not None and coming.on_the_way is not None:
        assert not 0 < lengths.lasting - coming.on_the_way < FEWEST
    hidden = {name: n for n, name in enumerate(x for x, number in known.items() if number is None)}
    if any(known[n, "inflow"] is None for n in range(len(told.months) - 12, len(told.months))):
        assert (coming.dispersion, coming.least, coming.most) == (None, None, None)
    rows, rest = [], []
    for equation in equations(told):
        row = np.zeros(len(hidden))
        for name in equation.keys() & hidden.keys():
            row[hidden[name]] = equation[name]
        if row.any():
            rows.append(row)
            rest.append(-sum(f * (known[name] or 0) for name, f in equation.items()))
    for number in hidden.values():
        aim = np.zeros(len(hidden))
        aim[number] = 1
        given_ = {"A_eq": np.array(rows), "b_eq": np.array(rest)} if rows else {}
        least, most = (
            linprog(sign * aim, bounds=(1, 999), method="highs", **given_).fun for sign in (1, -1)
        )
        assert -most - least > 1e-6


@settings(max_examples=10, deadline=None)
@given(spells(), st.sampled_from([0, 1]))
def test_without_a_threshold_all_is_shown(drawn: list[Period], threshold: int) -> None:
    found = flows(each(drawn), date(2025, 2, 1), DAY, 6)
    told = shown(found, threshold)
    counted = [(x.inflow, x.outflow, x.stock) for x in found.months]
    assert [(x.inflow, x.outflow, x.stock) for x in told.months] == counted
    assert (told.lengths.ended, told.lengths.median) == (found.lengths.ended, found.lengths.median)
    assert told.projection is not None
    assert found.projection is not None
    assert told.projection.dispersion == found.projection.dispersion


def test_flows_in_and_out_of_a_month_keep_each_other() -> None:
    """One flowed in and nine out of twenty: the stock stays, and neither flow is told."""
    month = Period(date(2025, 1, 1), date(2026, 2, 10))
    many = [Period(date(2025, 1, 1))] * 20
    one = Period(date(2025, 2, 3))
    told = shown(
        flows(each([*many, *[month] * 9, one]), date(2025, 12, 1), date(2026, 4, 1)), FEWEST
    )
    assert [(x.inflow, x.outflow, x.stock) for x in told.months] == [
        (0, 0, 0),
        (29, 0, 29),
        (None, None, 21),
        (0, 0, 21),
    ]


def test_spells_of_few_persons_are_not_shown_however_many_they_are() -> None:
    short = [
        Period(BEGAN + timedelta(days=30 * n), BEGAN + timedelta(days=30 * n + 9)) for n in range(8)
    ]

    def told(persons: int) -> FlowsShown:
        spells_ = [Spell(f"c{n % persons}", spell) for n, spell in enumerate(short)]
        return shown(flows(spells_, date(2025, 2, 1), DAY, 6), FEWEST)

    assert (told(8).lengths.ended, told(8).lengths.median) == (8, 10)
    assert (told(4).lengths.ended, told(4).lengths.median) == (None, None)


def test_a_year_that_is_not_full_yet_tells_nothing_of_itself() -> None:
    """Nothing is projected of it, however few persons flowed in."""
    told = shown(flows(each([Period(date(2026, 1, 5))]), date(2026, 1, 1), DAY, 1), FEWEST)
    assert told.projection is None
    assert [x.inflow for x in told.months] == [0, None, 0, 0, 0, 0]
