"""What is shown of flows gives no small number away, tried by linear programming."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil, floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from application.evaluation.flows import Flows, Spell, flows
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
    """Spells of which many begin and end in the same months, and some are short."""
    found = []
    for _ in range(draw(st.integers(1, 8))):
        start = BEGAN + timedelta(days=draw(st.integers(0, 800)))
        days = draw(st.none() | st.integers(20, 700))
        each = Period(start, None if days is None else start + timedelta(days=days))
        found += [each] * draw(st.integers(1, 4) | st.integers(5, 12))
    return found


Cell = tuple[int, str]


def equations(told: FlowsShown, found: Flows) -> Iterator[dict[Cell, int]]:
    """What a reader knows of the numbers, as factors of each; all together are 0.

    Also of numbers that no table has: who was there before all and since, who left outside of the
    months, and of the spells that ended how many were structural.
    """
    last = len(told.months)
    for at in range(last):
        before = (at - 1, "stock") if at else (-1, "before")
        yield {before: 1, (at, "inflow"): 1, (at, "outflow"): -1, (at, "stock"): -1}
    outside = {(-1, "earlier"): 1, (-1, "lately"): 1}
    if last:
        yield {(last - 1, "stock"): 1, (-1, "since"): 1, (-1, "lately"): -1, (-1, "now"): -1}
        yield {**{(n, "outflow"): 1 for n in range(last)}, **outside, (-1, "long"): -1}
    yield {(-1, "long"): 1, (-1, "short"): 1, (-1, "ended"): -1}
    far = {} if found.beside.far is None else {(-1, "far"): 1}
    yield {(-1, "now"): 1, (-1, "coming"): 1, **far, (-1, "lasting"): -1}
    if told.projection is not None:
        yield {**{(n, "inflow"): 1 for n in range(last - 12, last)}, (-1, "year"): -1}


def numbers(told: FlowsShown) -> dict[Cell, float | None]:
    found: dict[Cell, float | None] = {
        (n, word): getattr(x, word) for n, x in enumerate(told.months) for word in WORDS
    }
    found |= {(-1, "ended"): told.lengths.ended, (-1, "lasting"): told.lengths.lasting}
    coming = told.projection
    if coming is not None:
        found |= {(-1, "year"): coming.expected, (-1, "coming"): coming.on_the_way}
    return found


def between(told: FlowsShown, months: int) -> tuple[float, float]:
    """How many of the spells that ended were structural, at least and at most, by quartiles."""
    lengths, least, most = told.lengths, 0.0, 999.0
    for quarter, days in ((1, lengths.lower), (2, lengths.median), (3, lengths.upper)):
        if lengths.ended and days is not None:
            place = (lengths.ended - 1) * quarter / 4
            if days > 31 * months:
                least = max(least, lengths.ended - ceil(place))
            if days <= 28 * months:
                most = min(most, lengths.ended - floor(place) - 1)
    return least, most


def reckoned(told: FlowsShown, of: Flows) -> dict[Cell, tuple[float, float]]:
    """The least and the greatest that each number can be that is not told, to whoever reckons."""
    known, every = numbers(told), list(equations(told, of))
    names = {name for one in every for name in one} | known.keys()
    hidden = {name: n for n, name in enumerate(sorted(x for x in names if known.get(x) is None))}
    bounds = [(1.0 if name in known else 0.0, 999.0) for name in hidden]
    bounds[hidden[-1, "long"]] = between(told, of.length)
    rows, rest = [], []
    for one in every:
        row = np.zeros(len(hidden))
        for name in one.keys() & hidden.keys():
            row[hidden[name]] = one[name]
        rows.append(row)
        rest.append(-sum(f * (known.get(name) or 0) for name, f in one.items()))
    found = {}
    for name, number in hidden.items():
        aim = np.zeros(len(hidden))
        aim[number] = 1
        least, most = (
            linprog(sign * aim, A_eq=rows, b_eq=rest, bounds=bounds, method="highs").fun
            for sign in (1, -1)
        )
        found[name] = (least, -most)
    return found


def truly(found: Flows) -> dict[Cell, int]:
    """What the numbers are that no table has."""
    beside = found.beside._asdict().items()
    return {(-1, name): many.persons for name, many in beside if many is not None}


def given_away(found: Flows, told: FlowsShown) -> list[tuple[Cell, float]]:
    """The numbers that can be reckoned, and are withheld or small."""
    known, real = numbers(told), truly(found)
    return [
        (name, least)
        for name, (least, most) in reckoned(told, found).items()
        if most - least < 1e-6 and (name in known or 0 < real[name] < FEWEST)
    ]


@settings(max_examples=40, deadline=None)
@given(spells(), st.sampled_from([1, 6, 12, 15]), st.sampled_from([1, 10, 31]))
def test_no_small_number_is_shown_and_none_can_be_reckoned(
    drawn: list[Period], months: int, day: int
) -> None:
    found = flows(each(drawn), date(2025, 2, 1), date(2026, 7, day), months)
    told = shown(found, FEWEST)
    lengths, coming = told.lengths, told.projection
    assert coming is not None
    for number in numbers(told).values():
        assert number is None or number == 0 or number >= FEWEST
    if lengths.lasting is not None and coming.on_the_way is not None:
        assert not 0 < lengths.lasting - coming.on_the_way < FEWEST
    if any(one.inflow is None for one in told.months[-12:]):
        assert (coming.dispersion, coming.least, coming.most) == (None, None, None)
    assert given_away(found, told) == []


def test_who_was_there_before_the_first_month_is_not_told_where_they_are_few() -> None:
    """Of twenty at its end seventeen flowed in: three were there before."""
    new, old = Period(date(2024, 1, 15)), Period(date(2023, 6, 1))
    found = flows(each([new] * 17 + [old] * 3), date(2025, 1, 1), date(2025, 3, 10))
    told = shown(found, FEWEST)
    assert given_away(found, told) == []
    assert (told.months[0].inflow, told.months[0].stock) != (17, 20)
    many = flows(each([new] * 17 + [old] * 5), date(2025, 1, 1), date(2025, 3, 10))
    assert shown(many, FEWEST).months[0].stock == 22


def test_how_many_ended_does_not_tell_who_flowed_out_in_no_month() -> None:
    """Twelve ended, of whom ten flowed out: two were never structural."""
    long = Period(date(2024, 1, 15), date(2025, 2, 10))
    short = Period(date(2024, 12, 1), date(2025, 2, 10))
    found = flows(each([long] * 10 + [short] * 2), date(2025, 1, 1), date(2025, 4, 10))
    told = shown(found, FEWEST)
    assert given_away(found, told) == []
    assert (told.lengths.ended, told.months[1].outflow) != (12, 10)


def test_who_flowed_in_since_the_last_month_is_not_told_by_who_is_there_now() -> None:
    """Nobody's spell ended: of the 22 who are not on the way, 20 were there and two came."""
    spells_ = [Period(date(2024, 1, 15))] * 20 + [Period(date(2025, 7, 4))] * 2
    spells_ += [Period(date(2026, 1, 1))] * 9
    found = flows(each(spells_), date(2025, 1, 1), DAY)
    told = shown(found, FEWEST)
    assert found.projection is not None
    assert (found.projection.on_the_way, found.lengths.lasting) == (9, 31)
    assert given_away(found, told) == []


def test_a_stock_less_an_earlier_one_is_not_how_few_flowed_in_between() -> None:
    """Three in two months, neither of which is told by itself; nobody flowed out."""
    there = [Period(date(2024, 1, 15))] * 20
    new = [Period(date(2025, 4, 20)), *[Period(date(2025, 5, 20))] * 2]
    found = flows(each([*there, *new]), date(2026, 3, 1), DAY)
    assert [x.inflow for x in found.months] == [0, 1, 2, 0]
    told = shown(found, FEWEST).months
    assert [x.stock for x in told] != [20, None, 23, 23]
    assert [x.inflow for x in told] == [0, None, None, 0]
    many = flows(each([*there, *new, *new[1:]]), date(2026, 3, 1), DAY)
    assert [x.stock for x in shown(many, FEWEST).months] == [20, None, 25, 25]


def test_quartiles_do_not_tell_how_few_spells_were_structural() -> None:
    """Three in four of ten were short: no more than two flowed out, and one did in each month."""
    short = [Period(date(2025, 1, 1), date(2025, 4, 1))] * 8
    long = [Period(date(2024, 1, 15), date(2025, n, 10)) for n in (5, 7)]
    there = [Period(date(2024, 1, 15))] * 20
    found = flows(each([*short, *long, *there]), date(2025, 1, 1), date(2025, 9, 1))
    told = shown(found, FEWEST)
    assert given_away(found, told) == []


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
    """One flowed in and nine out of 29: the stock stays, and neither flow is told.

    Nor how many ended: no more than that flowed out, and no fewer than one flowed in.
    """
    month = Period(date(2025, 1, 1), date(2026, 2, 10))
    many = [Period(date(2025, 1, 1))] * 20
    one = Period(date(2025, 2, 3))
    found = flows(each([*many, *[month] * 9, one]), date(2025, 12, 1), date(2026, 4, 1))
    told = shown(found, FEWEST)
    assert [(x.inflow, x.outflow, x.stock) for x in told.months] == [
        (0, 0, 0),
        (29, 0, 29),
        (None, None, 21),
        (0, 0, 21),
    ]
    assert told.lengths.ended is None
    assert given_away(found, told) == []


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
