"""Small numbers are taken out of tables so that neither totals nor other indicators tell them."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from application.evaluation.cells import Kin
from application.evaluation.figures import Persons
from application.evaluation.report import Figure, Key, Table
from application.evaluation.showing import Groups, tables_shown
from application.evaluation.suppressing import kin_of, related, suppressed
from domain.indicators import FromFacts
from tests.application.evaluation.rows import NAME, filled, here, indicator

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
    found = suppressed(tables, threshold, Kin(parts, {}))
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
    found = suppressed((share({(): (28, 30)}, by=()), share({("f",): (19, 20)})), 5, Kin({}, {}))
    figures = [figure for one in found for figure in one.figures]

    assert [(f.value, f.having, f.suppressed) for f in figures] == [(None, None, True)] * 2
    assert [f.counted for f in figures] == [30, 20]


def test_of_how_many_it_is_not_known_is_told_however_few_they_are() -> None:
    (found,) = suppressed((table({(): 30}, by=(), missing=2),), 5, Kin({}, {}))

    assert (found.figures[0].value, found.figures[0].missing) == (30, 2)


def test_groups_of_few_in_all_are_not_even_named() -> None:
    """Four withheld, of whom there are fewer than five together, are one each."""
    four = (table({(): 4}, by=()), table({(name,): 1 for name in "abcd"}))
    five = (table({(): 5}, by=()), table({(name,): 1 for name in "abcde"}))

    assert shown(four) == {("one", ()): None}
    assert shown(five)["one", ()] is None or shown(five)["one", ("a",)] is None
    assert len(shown(four, threshold=0)) == 5


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

    assert kin_of([part]).parts == {}
    assert kin_of([part, indicator(id="all")]).parts == {"a": ("all", "status")}


@pytest.mark.parametrize(("untold", "unknown"), [(0, 0), (1, 0), (1, 6)])
def test_the_rest_of_a_part_is_reckoned_with(untold: int, unknown: int) -> None:
    """Of 20 unemployed 18 are so for long: two are not, whatever is not known of others."""
    all_, out = indicator(id="all"), indicator(id="out", part=("all", "status"))
    long = indicator(id="long", part=("out", "spell"))

    def numbers(of: int) -> list[int | None]:
        tables = (
            table({(): 50}, "all", by=()),
            table({(): 20 + unknown}, "out", by=(), missing=untold),
            table({(): of}, "long", by=(), missing=untold + unknown),
        )
        found = suppressed(tables, 5, kin_of([all_, out, long]))
        return [n for one in found for n in (one.figures[0].value, one.figures[0].missing)]

    assert None in numbers(18)[2:]
    assert numbers(15) == [50, 0, 20 + unknown, untold, 15, untold + unknown]
    assert related([long], [all_, out, long]) == (all_, out, long)


def test_the_rest_of_a_part_is_reckoned_with_where_it_has_several_parts() -> None:
    """Of 20 unemployed 10 are so for long and 7 for less: of three it is neither."""
    all_, out = indicator(id="all"), indicator(id="out", part=("all", "status"))
    spells = [indicator(id=id_, part=("out", "spell")) for id_ in ("long", "short")]

    def numbers(out_: int, untold: int) -> list[int | None]:
        of = {"all": 50, "out": out_, "long": 10, "short": 7}
        tables = (
            table({(): n}, id_, by=(), missing=0 if id_ in {"all", "out"} else untold)
            for id_, n in of.items()
        )
        found = suppressed(tuple(tables), 5, kin_of([all_, out, *spells]))
        return [one.figures[0].value for one in found]

    assert None in numbers(20, 0)
    assert None in numbers(26, 6)
    assert numbers(22, 0) == [50, 22, 10, 7]
    assert numbers(20, 3) == [50, 20, 10, 7]


def test_the_rest_of_a_whole_is_reckoned_with_where_some_are_not_known_of_it_either() -> None:
    """Of 20 out of work 10 are so for long and 7 for less; of three more nothing is known."""
    out = indicator(id="out")
    spells = [indicator(id=id_, part=("out", "spell")) for id_ in ("long", "short")]

    def numbers(out_: int, untold: int) -> list[tuple[int | float | None, int | None]]:
        of = {"out": (out_, 3), "long": (10, untold), "short": (7, untold)}
        tables = (table({(): n}, id_, by=(), missing=missing) for id_, (n, missing) in of.items())
        found = suppressed(tuple(tables), 5, kin_of([out, *spells]))
        return [(one.figures[0].value, one.figures[0].missing) for one in found]

    assert None in {number for told in numbers(20, 3) for number in told}
    assert numbers(20, 6) == [(20, 3), (10, 6), (7, 6)]
    assert numbers(22, 3) == [(22, 3), (10, 3), (7, 3)]


@pytest.mark.parametrize("having", [2, 28])
def test_a_share_of_a_part_tells_of_no_few(having: int) -> None:
    all_ = indicator(id="all")
    work = indicator("share", id="work", part=("all", "status"), what="paid")

    def figures(of: dict[Key, int], having: dict[Key, int], by: tuple[str, ...]) -> Table:
        told = (Figure(k, having[k] / n, n, 0, having=having[k]) for k, n in of.items())
        return Table("work", NAME, "clients", "share", by, tuple(told))

    in_all = figures({(): 30}, {(): having}, ())
    counts = table({(): 50}, "all", by=())
    found = suppressed((counts, in_all), 5, kin_of([all_, work]))
    assert [(one.figures[0].value, one.figures[0].having) for one in found[1:]] == [(None, None)]
    enough = figures({(): 30}, {(): 12}, ())
    found = suppressed((counts, enough), 5, kin_of([all_, work]))
    assert (found[1].figures[0].having, found[1].figures[0].counted) == (12, 30)
    # Of the women it is told then, and of all: so of the men.
    groups = figures({("f",): 20, ("m",): 10}, {("f",): 9, ("m",): 3}, GENDER)
    both = (table({("f",): 30, ("m",): 20}, "all"), counts, enough, groups)
    shares = [f.having for f in suppressed(both, 5, kin_of([all_, work]))[3].figures]
    assert shares == [None, None]


def test_whom_a_part_of_nobody_misses_its_whole_misses() -> None:
    """Of 12 are 6 in work and none out of it; three are not known, and of three it is neither."""
    parts = {"work": ("all", "status"), "out": ("all", "status"), "long": ("out", "spell")}
    asked = [indicator(id=id_, part=part) for id_, part in parts.items()]
    of = {"all": 12, "work": 6, "out": 0, "long": 0}
    tables = (table({(): n}, id_, by=(), missing=0 if id_ == "all" else 3) for id_, n in of.items())
    found = suppressed(tuple(tables), 5, kin_of([indicator(id="all"), *asked]))
    told = {one.indicator: one.figures[0] for one in found}
    assert None in {told["all"].value, told["work"].value} or {
        figure.missing for name, figure in told.items() if name != "all"
    } == {None}


@pytest.mark.parametrize("by", ["spell", "status"])
def test_a_part_of_a_part_is_none_of_the_whole_beside_it(by: str) -> None:
    """Of 50 are 48 unemployed, 30 of these for long: two are not, whatever both are split by."""
    all_, out = indicator(id="all"), indicator(id="out", part=("all", "status"))
    kin = kin_of([all_, out, indicator(id="long", part=("out", by))])
    of = {"all": 50, "out": 48, "long": 30}
    found = suppressed(tuple(table({(): n}, id_, by=()) for id_, n in of.items()), 5, kin)
    assert [one.figures[0].value for one in found] == [50, None, 30]


def test_the_rest_of_a_part_is_reckoned_with_where_its_own_part_is_a_mean() -> None:
    """It is made of 18 of 20; how many of these add something to it is another number."""
    all_, out = indicator(id="all"), indicator(id="out", part=("all", "status"))
    kin = kin_of([all_, out, indicator("mean", id="long", part=("out", "spell"), what="months")])
    long = Table("long", NAME, "clients", "mean", (), (Figure((), 7.5, 18, 0),))
    counts = (table({(): n}, id_, by=()) for id_, n in (("all", 50), ("out", 20)))
    behind = {("long", (), ()): Persons(18, 18, 0, 18)}
    found = suppressed((*counts, long), 5, kin, persons=behind)
    assert [one.figures[0].counted for one in found] == [50, 20, None]


def test_parts_of_one_another_are_no_endless_way() -> None:
    both = [indicator(id="a", part=("b", "x")), indicator(id="b", part=("a", "x"))]
    assert {*kin_of(both).parts} == {"a", "b"}


counts = st.lists(st.integers(0, 12), min_size=2, max_size=4)


@settings(max_examples=40, deadline=None)
@given(counts)
def test_no_group_that_is_withheld_is_told_by_the_total_less_the_others(numbers: list[int]) -> None:
    groups: dict[Key, int] = {(str(n),): count for n, count in enumerate(numbers)}
    total = sum(numbers)
    found = shown((table({(): total}, by=()), table(groups)))
    hidden = [key for key in groups if found.get(("one", key)) is None]

    assert all(found.get(("one", key)) is None for key, n in groups.items() if 0 < n < 5)
    if found["one", ()] is not None:
        assert len(hidden) != 1
        assert not 0 < sum(groups[key] for key in hidden) < 5


def test_indicators_that_ask_of_the_same_ones_are_alike_whatever_they_are_called() -> None:
    count = indicator(id="all", who="accepted_on IS NOT  NULL")
    young = indicator("share", id="young", who="accepted_on IS NOT NULL", what="age_at_start < 30")
    other = indicator("share", id="other", who="closed_on IS NOT NULL", what="TRUE")

    assert kin_of([count, young, other]).alike == {"all": "all (all)", "young": "all (all)"}
    assert related([young], [other, count, young]) == (count, young)


def test_the_same_ones_in_another_table_are_alike_and_others_are_not() -> None:
    """A count of journeys that closed, less whom a share of them misses, tells the few known."""

    def shown_of(closed: int) -> Any:
        all_ = table({(): closed}, "all", by=())
        work = Table("work", NAME, "journeys", "share", (), (Figure((), 0.5, 4, 10, having=2),))
        feedback = indicator(id="all", select="SELECT * FROM journeys", who="closed_on > $as_at")
        asked = [feedback, indicator("share", id="work", who="closed_on > $as_at", what="TRUE")]
        return suppressed((all_, work), 5, kin_of(asked))[1].figures[0].missing

    assert (shown_of(14), shown_of(30)) == (None, 10)


def test_a_part_that_is_asked_for_alone_is_looked_at_with_the_others() -> None:
    whole, other = indicator(id="all"), indicator(id="x", who="closed_on IS NOT NULL")
    a, b = (indicator(id=id_, who=id_, part=("all", "status")) for id_ in "ab")

    assert related([b], [whole, other, a, b]) == (whole, a, b)


def test_a_count_and_whom_a_share_of_the_same_ones_misses_do_not_tell_the_few_known() -> None:
    all_ = table({(): 30}, "all", by=())
    young = Table("young", NAME, "clients", "share", (), (Figure((), 0.5, 4, 26, having=2),))
    kin = Kin({}, {"all": "all (all)", "young": "all (all)"})

    alone = suppressed((young,), 5, Kin({}, {}))
    first, second = suppressed((all_, young), 5, kin)
    assert (alone[0].figures[0].counted, alone[0].figures[0].missing) == (None, 26)
    assert first.figures[0].value == 30
    assert (second.figures[0].counted, second.figures[0].missing) == (None, None)


def test_what_a_report_withholds_does_not_depend_on_the_groups_that_are_added() -> None:
    """Or else two reports together would tell what each of them withholds."""
    always = (table({(): 60}, by=()), table({("f",): 3, ("m",): 10, ("x",): 47}))
    more = table({("a",): 13, ("b",): 47}, by=("town",))
    pairs = table(
        {("f", "a"): 3, ("m", "a"): 10, ("x", "b"): 47, ("f", "b"): 0}, by=("gender", "town")
    )

    def withheld(tables: tuple[Table, ...]) -> set[Any]:
        found = suppressed(tables, 5, Kin({}, {}), lambda one: one.by in {(), GENDER})
        return {f.key for t in found if t.by in {(), GENDER} for f in t.figures if f.suppressed}

    assert withheld(always) == withheld((*always, more)) == withheld((*always, more, pairs))


def test_a_breakdown_whose_margins_tell_it_is_not_told_at_all() -> None:
    """All men are of one town, so the margins tell the few women of it to who knows that."""
    always = (table({(): 13}, by=()), table({("f",): 8, ("m",): 5}))
    town = table({("a",): 8, ("b",): 5}, by=("town",))
    pairs = table({("f", "a"): 3, ("f", "b"): 5, ("m", "a"): 5}, by=("gender", "town"))

    found = suppressed((*always, town, pairs), 5, Kin({}, {}), lambda one: one.by in {(), GENDER})
    assert [[f.value for f in one.figures] for one in found] == [[13], [8, 5], [8, 5], []]


def test_a_total_does_not_tell_a_pair_where_no_margin_between_is_asked() -> None:
    pairs = {("f", "a"): 3, ("f", "b"): 9, ("m", "a"): 20, ("m", "b"): 30}
    tables = (table({(): 62}, by=()), table(pairs, by=("gender", "town")))

    found = shown(tables)
    assert (found["one", ("f", "a")], found["one", ("f", "b")]) == (None, None)
    assert (found["one", ()], found["one", ("m", "b")]) == (62, 30)


REPORTS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (),
    (("town",),),
    (("school",),),
    (("town",), ("gender", "town")),
    (("town",), ("school",), ("town", "school")),
)
"""By what several reports are broken down beside the gender; each with what it counts for that."""


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(*map(st.sampled_from, ("fm", "abc", "pq"))), max_size=60))
def test_several_reports_together_tell_no_small_number(persons: list[tuple[str, ...]]) -> None:
    columns = ("gender", "town", "school")

    def by(*names: str) -> Table:
        places = [columns.index(name) for name in names]
        groups = Counter(tuple(one[place] for place in places) for one in persons)
        return table(dict(sorted(groups.items())) if names else {(): len(persons)}, by=names)

    reports = [
        suppressed(
            (by(), by("gender"), *(by(*one) for one in more)),
            threshold,
            Kin({}, {}),
            lambda one: one.by in {(), GENDER},
        )
        for more, threshold in product(REPORTS, (5, 8))
    ]
    figures = [(t, f) for one in reports for t in one for f in t.figures]
    named: dict[tuple[str, ...], set[Key]] = {}
    for of, one in figures:
        named.setdefault(of.by, set()).add(one.key)

    def group(cell: tuple[str, ...], names: Iterable[str]) -> Key:
        return tuple(cell[columns.index(name)] for name in names)

    # Who reads them knows of no other group than those that some table names.
    cells = [
        cell
        for cell in product("fm", "abc", "pq")
        if all(group(cell, names) in keys for names, keys in named.items())
    ]

    def row(of: Table, key: Key) -> list[float]:
        return [float(group(cell, of.by) == key) for cell in cells]

    known = [(row(t, f.key), f.value) for t, f in figures if not f.suppressed]
    bound = {"bounds": (0, 99), "method": "highs"}
    if known and cells:
        bound |= {"A_eq": [one for one, _ in known], "b_eq": [number for _, number in known]}
    hidden = {
        tuple(row(t, f.key)): (t.by, f.key)
        for t, f in figures
        if f.suppressed and np.dot(row(t, f.key), [persons.count(c) for c in cells]) < 5
    }
    for aim, place in hidden.items():
        least, most = (linprog(sign * np.array(aim), **bound).fun for sign in (1, -1))
        assert -most - least > 0.5, place


ANSWERS = st.sampled_from([True, False, None])
PERSONS = st.lists(st.tuples(st.sampled_from("abc"), ANSWERS, ANSWERS), max_size=36)


def shares_of(persons: list[tuple[str, Any, Any]], id_: str, place: int) -> list[Table]:
    def figure(key: Key, some: list[Any]) -> Figure:
        known = [answer for answer in some if answer is not None]
        value = sum(known) / len(known) if known else None
        return Figure(key, value, len(known), len(some) - len(known), having=sum(known))

    groups = sorted({one[0] for one in persons})
    by = [figure((g,), [one[place] for one in persons if one[0] == g]) for g in groups]
    all_ = figure((), [one[place] for one in persons])
    return [
        Table(id_, NAME, "clients", "share", by_, tuple(figures))
        for by_, figures in (((), [all_]), (GENDER, by))
    ]


def reader_of(tables: tuple[Table, ...]) -> tuple[list[Any], list[list[float]], list[float]]:
    """What is counted, and the equations that a reader has: of kinds, groups and of what is shown.

    Of each group all are the known and the missing, the known those with and those without it.
    """
    names = [(t.indicator, f.key, word) for t in tables for f in t.figures for word in "akymn"]
    equations: list[tuple[dict[Any, int], int]] = []
    for t in tables:
        for f in t.figures:
            id_, key = t.indicator, f.key
            whole = ("all", key, "a")
            equations += [
                ({(id_, key, "a"): 1, (id_, key, "k"): -1, (id_, key, "m"): -1}, 0),
                ({(id_, key, "k"): 1, (id_, key, "y"): -1, (id_, key, "n"): -1}, 0),
                ({(id_, key, "a"): 1, whole: -1} if id_ != "all" and whole in names else {}, 0),
            ]
            shown = {"k": f.counted, "m": f.missing, "y": f.having}
            equations += [({(id_, key, w): 1}, n) for w, n in shown.items() if n is not None]
    for id_ in {t.indicator for t in tables}:
        keys = [f.key for t in tables if t.indicator == id_ and t.by for f in t.figures]
        equations += [
            ({(id_, (), w): 1, **{(id_, key, w): -1 for key in keys}}, 0) for w in "akymn" if keys
        ]
    rows = [[float(factors.get(name, 0)) for name in names] for factors, _ in equations]
    return names, rows, [float(number) for _, number in equations]


@settings(max_examples=12, deadline=None)
@given(PERSONS)
def test_nobody_can_reckon_a_small_number_from_all_indicators_together(persons: list[Any]) -> None:
    groups: dict[Key, int] = {}
    for group, _, _ in persons:
        groups[group,] = groups.get((group,), 0) + 1
    count = (table({(): len(persons)}, "all", by=()), table(dict(sorted(groups.items())), "all"))
    tables = (*count, *shares_of(persons, "x", 1), *shares_of(persons, "y", 2))
    found = suppressed(tables, 5, Kin({}, dict.fromkeys(("all", "x", "y"), "all (all)")))

    names, rows, numbers = reader_of(found)
    small = {
        (t.indicator, f.key, word): number
        for t in tables
        for f in t.figures
        for word, number in (
            ("k", f.counted or 0),
            ("y", f.having or 0),
            ("n", (f.counted or 0) - f.having if f.having is not None else 0),
        )
        if 0 < number < 5
    }
    for name, number in small.items():
        if name not in names:
            continue  # of few in all no group is named
        aim = np.array([float(one == name) for one in names])
        ends = [
            linprog(sign * aim, A_eq=rows, b_eq=numbers, bounds=(0, 99), method="highs").fun
            for sign in (1, -1)
        ]
        assert -ends[1] - ends[0] > 0.5, (name, number)


# Columns of which one tells the other


def journeys_of(groups: dict[tuple[str, ...], int], *columns: str) -> list[dict[str, Any]]:
    """Return journeys, so many of each group, each of another client."""
    every = [key for key, number in groups.items() for _ in range(number)]
    return [
        {"journey": f"j{n}", "client": f"c{n}", **dict(zip(columns, key, strict=True))}
        for n, key in enumerate(every)
    ]


def told_by(rows: list[dict[str, Any]], *by: tuple[str, ...]) -> dict[tuple[Any, Any], Any]:
    """Return what one report tells of journeys, by breakdown and group."""
    with filled(journeys=rows) as asked:
        tables = tables_shown(here(asked), [indicator()], [indicator()], Groups(by, 5), ())
    return {(table.by, figure.key): figure.value for table in tables for figure in table.figures}


PERSON, ORGANISATION = ("responsible_person",), ("organisation",)


def test_those_who_answer_for_journeys_are_withheld_with_their_organisations_in_mind() -> None:
    """Of two for whom Roma answers one is withheld: the other is what that leaves over."""
    team = {("milano", "ada"): 7, ("milano", "bea"): 5, ("roma", "cia"): 8, ("roma", "dan"): 2}
    rows = journeys_of(team, "organisation", "responsible_person")

    together = told_by(rows, ORGANISATION, PERSON)
    assert together[ORGANISATION, ("milano",)] == 12
    assert [together[PERSON, (name,)] for name in ("ada", "bea", "cia", "dan")] == [
        7,
        5,
        None,
        None,
    ]
    alone = {**told_by(rows, ORGANISATION), **told_by(rows, PERSON)}
    assert alone == together


def test_journeys_without_an_end_are_those_that_are_not_closed() -> None:
    ways = {("closed", "completed"): 12, ("closed", "ended-early"): 3, ("open", None): 7}
    rows = journeys_of(ways, "status", "end_state")

    for found in (told_by(rows, ("status",), ("end_state",)), told_by(rows, ("end_state",))):
        ends = [found[("end_state",), (name,)] for name in ("completed", "ended-early", None)]
        assert ends == [None, None, 7]


def test_the_year_of_birth_tells_nothing_that_the_age_does_not() -> None:
    ages = {(20, 2005): 1, (21, 2004): 6, (22, 2003): 6}
    rows = journeys_of(ages, "age_at_start", "birth_year")

    found = told_by(rows, ("birth_year",), ("age_at_start",))
    told = {age: found[("age_at_start",), (str(age),)] for age, _ in ages}
    assert told == {age: found[("birth_year",), (str(year),)] for age, year in ages}
    assert sorted(told.values(), key=str) == [6, None, None]


@pytest.mark.parametrize(
    ("table", "columns", "ways"),
    [
        ("responsibilities", ("organisation", "person"), [("a", "p"), ("a", "q"), ("b", "r")]),
        (
            "services",
            ("status", "result"),
            [("completed", "x"), ("completed", "y"), ("open", None)],
        ),
        ("periods", ("what", "kind"), [("benefit", "x"), ("benefit", "y"), ("employment", None)]),
    ],
)
def test_columns_of_other_tables_that_tell_one_another_are_looked_at_together(
    table: str, columns: tuple[str, str], ways: list[tuple[str, str | None]]
) -> None:
    """Of 30 of the first kind 28 are of one group: the other two are what that leaves over."""
    every = [way for way, number in zip(ways, (28, 2, 10), strict=True) for _ in range(number)]
    rows = [
        {"journey": f"j{n}", **dict(zip(columns, way, strict=True))} for n, way in enumerate(every)
    ]
    one = indicator(of=table)
    journeys = [{"journey": f"j{n}", "client": f"c{n}"} for n in range(len(every))]
    with filled(journeys=journeys, **{table: rows}) as asked:
        by = Groups(tuple((name,) for name in columns), 5)
        tables = tables_shown(here(asked), [one], [one], by, ())
    told = {figure.key: figure.value for some in tables for figure in some.figures}
    assert [told[way[:1]] for way in ways] == [30, 30, 10]
    assert [told[way[1:]] for way in ways] == [None, None, 10]


TIED = ("organisation", "responsible_person", "gender", "status", "end_state")
TIED_REPORTS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("organisation",), ("responsible_person",)),
    (("responsible_person",), ("end_state",)),
    (("status",), ("gender", "organisation")),
    (("gender", "responsible_person"), ("end_state",)),
)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a1", "a2", "b1", "b2", "c1", None]),
            st.sampled_from("fm"),
            st.sampled_from([("open", None), ("paused", None), ("closed", "x"), ("closed", "y")]),
        ),
        max_size=70,
    )
)
def test_reports_by_columns_that_tell_one_another_tell_no_small_number(told: list[Any]) -> None:
    """By linear programming: who answers is of the organisation, who has ended is closed."""
    every = [(w[0] if w else "c", w, gender, *state) for w, gender, state in told]
    rows = journeys_of(dict(Counter(every)), *TIED)
    found = [told_by(rows, *by) for by in TIED_REPORTS]
    cells = [
        (w[0] if w else "c", w, gender, *state)
        for w in ("a1", "a2", "b1", "b2", "c1", None)
        for gender in "fm"
        for state in (("open", None), ("paused", None), ("closed", "x"), ("closed", "y"))
    ]

    def row(by: tuple[str, ...], key: Key) -> tuple[float, ...]:
        wanted = dict(zip(by, key, strict=True))
        return tuple(
            float(all(cell[TIED.index(c)] == w for c, w in wanted.items())) for cell in cells
        )

    figures = {(by, key): value for one in found for (by, key), value in one.items()}
    known = [(row(*place), value) for place, value in figures.items() if value is not None]
    bound: dict[str, Any] = {"bounds": (0, 99), "method": "highs"}
    if known:
        bound |= {"A_eq": [one for one, _ in known], "b_eq": [number for _, number in known]}
    counts = [every.count(cell) for cell in cells]
    for place in (place for place, value in figures.items() if value is None):
        aim = np.array(row(*place))
        if 0 < aim @ counts < 5:
            least, most = (linprog(sign * aim, **bound).fun for sign in (1, -1))
            assert -most - least > 0.5, place


# Of how few persons


def persons_shown(one: Any, *by: tuple[str, ...], **rows: Any) -> dict[Key, Any]:
    """Return what is shown of an indicator over rows, under a threshold of 5."""
    with filled(**rows) as asked:
        tables = tables_shown(here(asked), [one], [one], Groups(by, 5), ())
    return {figure.key: figure.value for table in tables for figure in table.figures}


NINE = [{"journey": f"j{n}", "client": f"c{n}"} for n in range(9)]


def paid(journey: str, amount: int, payer: str) -> dict[str, Any]:
    return {"journey": journey, "payer": payer, "amount": Decimal(amount)}


def test_payments_to_one_client_are_not_shown_however_many_they_are() -> None:
    money = [paid("j0", 500, "a")] * 6 + [paid(f"j{n}", 400, "b") for n in range(1, 9)]
    money += [paid(f"j{n}", 10, "c") for n in range(6)]
    grants = indicator("sum", "money", of="money", what="amount", by=(("payer",),))

    found = persons_shown(grants, journeys=NINE, money=money)
    assert found == {(): 6260, ("a",): None, ("b",): 3200, ("c",): None}


@pytest.mark.parametrize("measure", ["count", "share", "sum", "mean", "median"])
def test_no_measure_shows_what_is_of_few_persons(measure: str) -> None:
    money = [paid("j0", n, "a") for n in range(9)] + [paid(f"j{n}", 4, "b") for n in range(9)]
    what = {"count": "", "share": "amount > 3"}.get(measure, "amount")
    of = indicator(measure, "money", of="money", what=what)

    assert persons_shown(of, ("payer",), journeys=NINE, money=money)["a",] is None


@pytest.mark.parametrize("measure", ["sum", "mean"])
@pytest.mark.parametrize("unit", ["clients", "journeys"])
def test_what_few_add_to_is_not_shown_however_many_add_nothing(measure: str, unit: str) -> None:
    """Once of nine is how often it came to one."""
    rows = [one | {"placements_started": int(one["journey"] == "j0")} for one in NINE]
    of = indicator(measure, unit, what="placements_started")
    none = [one | {"placements_started": 0} for one in NINE]
    every = [one | {"placements_started": 2} for one in NINE]

    assert persons_shown(of, journeys=rows) == {(): None}
    with filled(journeys=rows) as asked:
        both = [indicator("count", unit, id="all"), of]
        all_, few = tables_shown(here(asked), both, both, Groups((), 5), ())
    assert (all_.figures[0].value, few.figures[0].counted) == (9, 9)
    assert persons_shown(of, journeys=none) == {(): 0}
    assert persons_shown(of, journeys=every) == {(): 2 * (9 if measure == "sum" else 1)}
    told = FromFacts("true", "1", lambda _: True, lambda facts: facts.get("times", 0))
    with filled(journeys=NINE) as asked:
        one = indicator(measure, unit, facts=told)
        at = here(asked, {"j0": {"times": 1}})
        (found,) = tables_shown(at, [one], [one], Groups((), 5), ())
    assert found.figures[0].value is None


def test_journeys_of_one_person_are_of_one_and_so_is_what_a_share_is_true_of() -> None:
    """Whatever ids a person had: of a journey the table has the one that the person goes by."""
    his = [{"journey": f"h{n}", "client": "he", "gender": "m"} for n in range(6)]
    hers = [one | {"gender": "f"} for one in NINE]
    closed = indicator("share", what="gender = 'm'")

    assert persons_shown(indicator(), ("gender",), journeys=his + hers)["m",] is None
    assert persons_shown(closed, journeys=his + hers) == {(): None}


def test_clients_that_were_merged_are_one_person() -> None:
    def ids(*goes_by: str | None) -> list[dict[str, Any]]:
        return [{"client": f"r{n}", "goes_by": into} for n, into in enumerate(goes_by)]

    of = indicator("count", "clients", of="clients")
    journeys = [{"journey": f"j{n}", "client": f"r{n}"} for n in range(6)]

    assert persons_shown(of, clients=ids(*[None] * 6), journeys=journeys) == {(): 6}
    assert persons_shown(of, clients=ids(None, *["r0"] * 5), journeys=journeys) == {(): None}


def test_rows_that_are_nobodys_count_one_by_one() -> None:
    of = indicator(
        "count", "rows", select="SELECT programme FROM journeys, range(8)", by=(("programme",),)
    )
    assert set(persons_shown(of, journeys=NINE[:1]).values()) == {8}


def test_facts_of_one_person_are_of_one() -> None:
    def always(_facts: Any) -> bool:
        return True

    told = FromFacts("true", "", always, None)
    his = [{"journey": f"j{n}", "client": "he"} for n in range(6)]

    assert persons_shown(indicator(facts=told), journeys=his) == {(): None}
    assert persons_shown(indicator(facts=told), journeys=NINE) == {(): 9}


rows_of_persons = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from("ab"), st.sampled_from("xyz")), max_size=60
)


@settings(max_examples=20, deadline=None)
@given(rows_of_persons)
def test_nothing_that_is_shown_or_left_over_is_of_few_persons(
    rows: list[tuple[int, str, str]],
) -> None:
    """Whoever takes what is shown off a total has rows of at least five persons, or of nobody."""
    money = [{"journey": f"j{n}", "payer": p, "kind": k} for n, p, k in rows]
    of = indicator("count", "money", of="money", by=(("payer",), ("kind",), ("payer", "kind")))
    with filled(journeys=NINE, money=money) as asked:
        tables = tables_shown(here(asked), [of], [of], Groups((), 5), ())
    shown_: dict[tuple[Any, Any], Any] = {}
    for table in tables:
        for figure in table.figures:
            named = dict(zip(table.by, figure.key, strict=True))
            shown_[named.get("payer"), named.get("kind")] = figure.value

    def of_whom(payer: str | None, kind: str | None) -> set[int]:
        return {n for n, p, k in rows if payer in (None, p) and kind in (None, k)}

    assert all(len(of_whom(*key)) not in range(1, 5) for key, n in shown_.items() if n is not None)
    for payer, kind in (key for key, n in shown_.items() if n):
        for parts in (
            [(p, kind) for p in "ab"] if payer is None else [],
            [(payer, k) for k in "xyz"] if kind is None else [],
        ):
            left = set[int]().union(*(of_whom(*x) for x in parts if shown_.get(x, 0) is None))
            assert len(left) not in range(1, 5)
