"""Whoever knows how an answer is made, and tries all that was there, finds no small number in it.

All worlds of so many people are played, and those that give the same answer taken together: no
number below the threshold may be the same in all of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from application.evaluation.comparison import Counted, Design, compared
from application.evaluation.curves import curves
from application.evaluation.funnels import Kind
from application.evaluation.side_by_side import side_by_side
from application.evaluation.survival import Stay
from domain.definition import ReferenceValue

THRESHOLD = 3


def worlds(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which so many people, or fewer, can be in so many cells."""
    if cells == 0:
        yield ()
        return
    for first in range(people + 1):
        for rest in worlds(people - first, cells - 1):
            yield (first, *rest)


def assert_none_is_told(
    answers: Iterator[tuple[str, tuple[int, ...]]], told: Sequence[int] = ()
) -> None:
    """Assert that no small number in the cells is the same in all worlds of an answer.

    `told` are cells that are told however small.
    """
    alike: dict[str, set[tuple[int, ...]]] = {}
    for answer, world in answers:
        alike.setdefault(answer, set()).add(world)
    for answer, those in alike.items():
        for place, numbers in enumerate(zip(*those, strict=True)):
            small = 0 < numbers[0] < THRESHOLD and place not in told
            assert not small or len(set(numbers)) > 1, (answer, those)


@pytest.mark.parametrize("missing", [0, 6])
def test_a_comparison_tells_no_small_number(missing: int) -> None:
    """Of how many it is not known is told, however few."""
    kinds = [*product((True, False), (1.0, 0.0)), (True, None)]

    def answers() -> Iterator[tuple[str, tuple[int, ...]]]:
        known = worlds(7, 4)
        for world in ((*some, lacking) for some in known for lacking in (0, missing)):
            people = [
                Counted(first, (), value)
                for (first, value), number in zip(kinds, world, strict=True)
                for _ in range(number)
            ]
            names = ("one", "other")
            found = compared(
                people, names, is_share=True, design=Design.TREATED, threshold=THRESHOLD
            )
            one, other = sum(world[:2]), sum(world[2:4])
            yield repr(found), (*world, one, other, one + other)

    assert_none_is_told(answers(), told=(4,))


def test_units_side_by_side_tell_no_small_number() -> None:
    cells = list(product("abc", (1.0, 0.0)))
    reference = ReferenceValue("r", {"en": "R"}, "employment", "national", 0.4, "law")

    def answers() -> Iterator[tuple[str, tuple[int, ...]]]:
        for world in worlds(6, len(cells)):
            units: dict[str, list[float]] = {unit: [] for unit in "abc"}
            for (unit, value), number in zip(cells, world, strict=True):
                units[unit] += [value] * number
            found = side_by_side(Kind.SHARE, units, references=[reference], threshold=THRESHOLD)
            yield repr(found), world

    assert_none_is_told(answers())


def test_units_of_what_comes_several_times_tell_no_few_to_whom_it_came() -> None:
    """A rate and of how many it is tell how often it came: once of twenty came to one."""
    cells = list(product("abc", (2.0, 1.0, 0.0)))

    def answers() -> Iterator[tuple[str, tuple[int, ...]]]:
        for world in worlds(5, len(cells)):
            units: dict[str, list[float]] = {unit: [] for unit in "abc"}
            for (unit, value), number in zip(cells, world, strict=True):
                units[unit] += [value] * number
            came = [sum(value > 0 for value in values) for values in units.values()]
            yield repr(side_by_side(Kind.RATE, units, threshold=THRESHOLD)), (*came, sum(came))

    assert_none_is_told(answers())
    once = {"a": [1.0] + [0.0] * 19, "b": [1.0, 2.0] * 10, "c": [0.0, 3.0, 1.0] * 10}
    assert side_by_side(Kind.RATE, once).withheld == ("a", "b")


def test_a_comparison_of_what_comes_several_times_tells_no_few_to_whom_it_came() -> None:
    cells = list(product((True, False), "pq", (2.0, 1.0, 0.0)))

    def answers() -> Iterator[tuple[str, tuple[int, ...]]]:
        for world in worlds(4, len(cells)):
            people = [
                Counted(first, (stratum,), value)
                for (first, stratum, value), number in zip(cells, world, strict=True)
                for _ in range(number)
            ]
            found = compared(
                people, ("one", "other"), is_share=False, is_count=True, design=Design.TREATED,
                strata_by=("age",), threshold=THRESHOLD,
            )  # fmt: skip
            came = Counter(one.first for one in people if one.value)
            yield repr(found), (came[True], came[False], came.total())

    assert_none_is_told(answers())


@pytest.mark.parametrize("kind", [Kind.SHARE, Kind.MEAN, Kind.RATE, Kind.MEDIAN])
def test_units_of_few_in_all_are_not_even_named(kind: Kind) -> None:
    """Four named, of whom there are fewer than five together, are one each."""
    units = {unit: [1.0] for unit in "abcd"}
    assert side_by_side(kind, units) == side_by_side(kind, {"a": [1.0, 1.0]})
    assert side_by_side(kind, units).size is None
    assert side_by_side(kind, {"a": []}).size == 0


def test_how_many_came_to_what_begins_a_curve_tells_no_groups_of_one() -> None:
    """Three groups that are named, of whom there are three together, are one each."""

    def answers() -> Iterator[tuple[str, tuple[int, ...]]]:
        for world in worlds(6, 3):
            groups: dict[str | None, list[Stay]] = {
                name: [Stay(9.0, 1)] * number
                for name, number in zip("abc", world, strict=True)
                if number
            }
            if groups:
                found = curves(groups, ["ended"], threshold=THRESHOLD)
                yield repr(found), world

    assert_none_is_told(answers())
    found = curves({name: [Stay(9.0, 1)] for name in "abc"}, ["ended"], threshold=THRESHOLD)
    assert found.stays is None
    assert curves({"a": [Stay(9.0, 1)] * 3}, ["ended"], threshold=THRESHOLD).stays == 3
