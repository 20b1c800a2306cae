"""Small numbers are taken out of tables so that neither totals nor other indicators tell them."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.report import Figure, Key, Table
from application.evaluation.suppressing import parts_of, suppressed
from tests.application.evaluation.rows import NAME, indicator

GENDER = ("gender",)


def table(
    groups: dict[Key, int], id_: str = "one", by: tuple[str, ...] = GENDER, missing: int = 0
) -> Table:
    figures = tuple(Figure(key, n, n, missing if key == () else 0) for key, n in groups.items())
    return Table(id_, NAME, "clients", "count", by, figures)


def share(groups: dict[Key, tuple[int, int]], by: tuple[str, ...] = GENDER) -> Table:
    figures = tuple(
        Figure(key, having / of if of else None, of, 0, having=having)
        for key, (having, of) in groups.items()
    )
    return Table("one", NAME, "clients", "share", by, figures)


def shown(tables: tuple[Table, ...], threshold: int = 5, **parts: tuple[str, str]) -> Any:
    found = suppressed(tables, threshold, parts)
    return {
        (t.indicator, f.key): None if f.suppressed else f.value for t in found for f in t.figures
    }


def test_a_small_group_is_not_shown_nor_the_one_that_tells_it() -> None:
    tables = (table({(): 30}, by=()), table({("f",): 20, ("m",): 8, (None,): 2}))

    assert shown(tables) == {
        ("one", ()): 30,
        ("one", ("f",)): 20,
        ("one", ("m",)): None,
        ("one", (None,)): None,
    }


def test_without_a_threshold_all_is_shown_and_nobody_is_shown_as_nobody() -> None:
    tables = (table({(): 8}, by=()), table({("f",): 8, ("m",): 0}))

    assert shown(tables) == {("one", ()): 8, ("one", ("f",)): 8, ("one", ("m",)): 0}
    assert None not in shown((table({(): 2}, by=()),), threshold=0).values()


def test_a_share_of_few_is_not_shown_nor_one_that_few_are_left_out_of() -> None:
    found = suppressed((share({(): (28, 30)}, by=()), share({("f",): (19, 20)})), 5, {})
    figures = [figure for one in found for figure in one.figures]

    assert [(f.value, f.having, f.suppressed) for f in figures] == [(None, None, True)] * 2
    assert [f.counted for f in figures] == [30, 20]


def test_those_of_whom_it_is_not_known_are_a_small_number_too() -> None:
    (found,) = suppressed((table({(): 30}, by=(), missing=2),), 5, {})

    assert (found.figures[0].value, found.figures[0].missing) == (30, None)


def test_parts_of_a_whole_do_not_tell_one_another() -> None:
    whole = table({(): 50}, "all", by=())
    parts = [table({(): n}, id_, by=()) for id_, n in (("a", 2), ("b", 18), ("c", 30))]
    of = dict.fromkeys("abc", ("all", "status"))

    alone = shown((whole, *parts))
    together = shown((whole, *parts), **of)
    assert (alone["b", ()], alone["a", ()]) == (18, None)
    assert (together["a", ()], together["b", ()], together["c", ()]) == (None, None, 30)


def test_the_rest_of_a_whole_is_reckoned_with() -> None:
    tables = (table({(): 30}, "all", by=()), table({(): 28}, "most", by=()))

    assert shown(tables)["most", ()] == 28
    assert shown(tables, most=("all", "kind"))["most", ()] is None


def test_parts_are_looked_at_together_where_their_whole_is_asked_too() -> None:
    part = indicator(id="a", part=("all", "status"))

    assert parts_of([part]) == {}
    assert parts_of([part, indicator(id="all")]) == {"a": ("all", "status")}


counts = st.lists(st.integers(0, 12), min_size=2, max_size=4)


@settings(max_examples=40, deadline=None)
@given(counts)
def test_no_group_that_is_withheld_is_told_by_the_total_less_the_others(numbers: list[int]) -> None:
    groups: dict[Key, int] = {(str(n),): count for n, count in enumerate(numbers)}
    total = sum(numbers)
    found = shown((table({(): total}, by=()), table(groups)))
    hidden = [key for key in groups if found["one", key] is None]

    assert all(found["one", key] is None for key, n in groups.items() if 0 < n < 5)
    if found["one", ()] is not None:
        assert len(hidden) != 1
        assert not 0 < sum(groups[key] for key in hidden) < 5
