"""Small numbers: nobody can work a withheld cell out, tried by linear programming."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from application.evaluation.published import TOTAL, Cell, Counts, Key, cell_of, sums_of, values_of
from application.evaluation.suppression import suppress, suppress_means, suppress_shares

KUOPIO = {"team-1": "kuopio", "team-2": "kuopio", "team-3": "mikkeli", "team-4": "mikkeli"}


def with_margins(
    people: Mapping[tuple[str, ...], int],
    dimensions: Sequence[str],
    within: Mapping[str, Mapping[str, str]] | None = None,
) -> Counts:
    """Return a table with all its margins, and the sums of what is within another."""
    cells: Counter[Key] = Counter()
    for key, number in people.items():
        wholes = [
            (category, *([over] if (over := (within or {}).get(d, {}).get(category)) else []), None)
            for d, category in zip(dimensions, key, strict=True)
        ]
        for whole in product(*wholes):
            cells[whole] += number
    return Counts("clients", tuple(dimensions), dict(cells), within or {})


def ranges(tables: Sequence[Counts], hidden: Sequence[frozenset[Key]]) -> dict[Cell, float]:
    """Return how far apart the least and the greatest value of each withheld cell are.

    The attacker knows all that is published, every sum, and that zeros are published: each
    withheld cell is at least 1.
    """
    values = values_of(tables)
    withheld = sorted(
        {cell_of(t, key) for t, keys in zip(tables, hidden, strict=True) for key in keys}
    )
    place = {cell: number for number, cell in enumerate(withheld)}
    left, right = [], []
    for one in sums_of(tables, values):
        if sum(values[x] for x in one.parts) != values[one.total]:
            continue
        row, rest = np.zeros(len(withheld)), 0
        for cell, sign in [(one.total, -1), *((x, 1) for x in one.parts)]:
            if cell in place:
                row[place[cell]] += sign
            else:
                rest -= sign * values[cell]
        if row.any():
            left.append(row)
            right.append(rest)
    bounds = [(1, None)] * len(withheld)
    equations = {"A_eq": np.array(left), "b_eq": np.array(right)} if left else {}
    found = {}
    for cell, number in place.items():
        aim = np.zeros(len(withheld))
        aim[number] = 1
        least = linprog(aim, bounds=bounds, method="highs", **equations)
        most = linprog(-aim, bounds=bounds, method="highs", **equations)
        assert least.status == 0
        greatest = np.inf if most.status in (3, 4) else -most.fun
        assert least.fun - 1e-6 <= values[cell] <= greatest + 1e-6
        found[cell] = greatest - least.fun
    return found


def assert_safe(tables: Sequence[Counts], threshold: int) -> list[frozenset[Key]]:
    hidden = suppress(tables, threshold)
    for table, keys in zip(tables, hidden, strict=True):
        small = {key for key, value in table.cells.items() if 0 < value < threshold}
        assert small <= keys
        assert all(table.cells[key] > 0 for key in keys)
    widths = ranges(tables, hidden)
    assert all(width > 1e-6 for width in widths.values()), widths
    return hidden


SIZES = {1: [(6,)], 2: [(2, 3), (4, 4)], 3: [(2, 2, 3)]}


@st.composite
def people(draw: st.DrawFn) -> tuple[list[str], dict[tuple[str, ...], int]]:
    size = draw(st.sampled_from(SIZES[draw(st.integers(1, 3))]))
    keys = list(product(*([f"{d}{n}" for n in range(many)] for d, many in enumerate(size))))
    numbers = st.one_of(st.integers(0, 3), st.integers(0, 12), st.integers(0, 200))
    counts = draw(st.lists(numbers, min_size=len(keys), max_size=len(keys)))
    return [f"d{d}" for d in range(len(size))], dict(zip(keys, counts, strict=True))


@given(people(), st.integers(2, 10))
@settings(max_examples=25, deadline=None)
def test_no_withheld_cell_of_a_table_can_be_worked_out(given_people, threshold) -> None:
    dimensions, counts = given_people
    assert_safe([with_margins(counts, dimensions)], threshold)


@st.composite
def hierarchies(draw: st.DrawFn) -> dict[tuple[str, ...], int]:
    keys = list(product(KUOPIO, ("f", "m")))
    counts = draw(st.lists(st.integers(0, 15), min_size=len(keys), max_size=len(keys)))
    return dict(zip(keys, counts, strict=True))


@given(hierarchies(), st.integers(2, 6))
@settings(max_examples=15, deadline=None)
def test_nor_where_categories_sum_to_others(counts, threshold) -> None:
    within = {"organisation": KUOPIO}
    assert_safe([with_margins(counts, ["organisation", "gender"], within)], threshold)


@st.composite
def linked(draw: st.DrawFn) -> list[Counts]:
    """Two tables of the same clients that share the margins of gender, each with a third."""
    size = (3, 2, 3)
    keys = list(product(*(range(n) for n in size)))
    counts = draw(st.lists(st.integers(0, 9), min_size=len(keys), max_size=len(keys)))
    tables = []
    for name, place in (("age", 0), ("organisation", 2)):
        two: Counter[tuple[str, ...]] = Counter()
        for key, number in zip(keys, counts, strict=True):
            two[f"g{key[1]}", f"{name}{key[place]}"] += number
        tables.append(with_margins(two, ["gender", name]))
    return tables


@given(linked(), st.integers(2, 6))
@settings(max_examples=15, deadline=None)
def test_nor_from_tables_that_share_a_margin(tables, threshold) -> None:
    assert_safe(tables, threshold)


@given(hierarchies(), st.data())
@settings(max_examples=10, deadline=None)
def test_nor_what_a_share_is_made_of(counts, data) -> None:
    shares: dict[tuple[str | None, ...], tuple[int, int]] = {}
    yes = {key: data.draw(st.integers(0, number)) for key, number in counts.items()}
    within = {"organisation": KUOPIO}
    among = with_margins(counts, ["organisation", "gender"], within).cells
    counted = with_margins(yes, ["organisation", "gender"], within).cells
    shares = {key: (counted.get(key, 0), number) for key, number in among.items()}
    hidden = suppress_shares(("organisation", "gender"), shares, 5, within)
    for key, (number, of) in shares.items():
        if key not in hidden.values:
            assert number == 0 or number >= 5
            assert of - number == 0 or of - number >= 5
    answers = {
        (*key, answer): yes[key] if answer == "yes" else counts[key] - yes[key]
        for key in counts
        for answer in ("yes", "no")
    }
    assert_safe([with_margins(answers, ["organisation", "gender", "answer"], within)], 5)
    assert hidden.counts <= hidden.values


def test_a_single_small_cell_takes_the_smallest_other_along() -> None:
    table = with_margins({("a",): 3, ("b",): 40, ("c",): 9}, ["organisation"])
    assert suppress([table]) == [frozenset({("a",), ("c",)})]


def test_a_table_of_two_dimensions_takes_a_rectangle_along() -> None:
    counts = {("a", "f"): 3, ("a", "m"): 10, ("b", "f"): 20, ("b", "m"): 30}
    table = with_margins(counts, ["organisation", "gender"])
    assert suppress([table]) == [frozenset(counts)]


def test_ones_are_not_told_by_their_number() -> None:
    """Zeros are published, so two withheld cells that sum to two would both be 1."""
    table = with_margins({("a",): 1, ("b",): 1, ("c",): 20, ("d",): 9}, ["organisation"])
    assert suppress([table]) == [frozenset({("a",), ("b",), ("d",)})]


def test_what_a_total_leaves_over_is_not_small_either() -> None:
    table = with_margins({("a",): 2, ("b",): 2, ("c",): 20, ("d",): 30}, ["organisation"])
    assert suppress([table]) == [frozenset({("a",), ("b",), ("c",)})]


def test_a_zero_is_published_and_protects_nothing() -> None:
    table = with_margins({("a",): 3, ("b",): 0, ("c",): 9}, ["organisation"])
    assert suppress([table]) == [frozenset({("a",), ("c",)})]


def test_a_small_total_is_withheld_with_all_that_is_in_it() -> None:
    table = with_margins({("a",): 3, ("b",): 0}, ["organisation"])
    assert suppress([table]) == [frozenset({("a",), (TOTAL,)})]


def test_a_threshold_of_none_withholds_nothing() -> None:
    table = with_margins({("a",): 1, ("b",): 1}, ["organisation"])
    assert suppress([table], 0) == suppress([table], 1) == [frozenset()]


def test_what_is_large_is_published() -> None:
    table = with_margins(
        dict.fromkeys(product("ab", "cd", "ef"), 5), ["organisation", "gender", "age"]
    )
    assert suppress([table]) == [frozenset()]


def test_it_depends_on_no_order() -> None:
    counts = {("a", "f"): 3, ("a", "m"): 10, ("b", "f"): 20, ("b", "m"): 30, ("c", "f"): 30}
    counts |= {("c", "m"): 30}
    one = with_margins(counts, ["organisation", "gender"])
    other = with_margins(dict(reversed(counts.items())), ["organisation", "gender"])
    assert suppress([one]) == suppress([other])


def test_clients_who_count_in_two_organisations_are_reckoned_with() -> None:
    """The parts are more than the total: then the sum is no equation, but it may nearly be one."""
    cells = {("a",): 3, ("b",): 10, ("c",): 30, (TOTAL,): 42}
    assert suppress([Counts("clients", ("organisation",), cells)])[0] >= {("a",), ("b",)}


def test_a_total_with_parts_that_nobody_sees_gives_nothing_away() -> None:
    cells = {("a",): 3, ("b",): 10, (TOTAL,): 42}
    assert suppress([Counts("clients", ("organisation",), cells)]) == [frozenset({("a",)})]


def test_one_cell_with_two_values_is_refused() -> None:
    one = Counts("clients", ("gender",), {("f",): 3})
    other = Counts("clients", ("gender", "age"), {("f", TOTAL): 4})
    with pytest.raises(ValueError, match="3 and 4"):
        suppress([one, other])


def test_a_share_of_few_is_withheld_and_so_is_one_that_tells_of_few() -> None:
    shares = {("a",): (1, 3), ("b",): (20, 40), ("c",): (38, 40), (TOTAL,): (59, 83)}
    hidden = suppress_shares(("organisation",), shares)
    assert hidden.values >= {("a",), ("c",)}
    assert hidden.counts >= {("a",)}
    assert len(hidden.counts) == 2


def test_a_share_of_all_or_of_none_is_published() -> None:
    shares = {("a",): (0, 30), ("b",): (40, 40), (TOTAL,): (40, 70)}
    assert suppress_shares(("organisation",), shares).values == frozenset()


def test_a_mean_is_withheld_where_its_count_is() -> None:
    hidden = suppress_means(("organisation",), {("a",): 3, ("b",): 8, ("c",): 9, (TOTAL,): 20})
    assert hidden.values == hidden.counts == {("a",), ("b",)}
