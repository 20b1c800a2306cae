"""Indicators are counted per unit, each once, and what is not known is missing, never guessed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from application.evaluation.counting import counted as of_table
from application.evaluation.counting import question
from application.evaluation.figures import Seen, figure, tallies_of, truth
from application.evaluation.meant import Meant, target_for
from application.evaluation.reporting import BadIndicator, count_all, units
from application.evaluation.wanted import left_without
from domain.indicators import FromFacts
from tests.application.evaluation.rows import counted, filled, here, indicator, told, total

JOURNEYS: list[dict[str, Any]] = [
    {"journey": "a", "client": "1", "gender": "f", "referred_to": "x", "age_at_start": 20},
    {"journey": "b", "client": "1", "gender": "f", "referred_to": "y", "age_at_start": 21},
    {"journey": "c", "client": "2", "gender": "m", "referred_to": "x", "age_at_start": 40},
    {"journey": "d", "client": "3", "gender": None, "referred_to": "x", "age_at_start": None},
]


def test_a_journey_counts_once_and_a_client_counts_once() -> None:
    journeys = counted([indicator()], [("referred_to",)], journeys=JOURNEYS)
    clients = counted([indicator(unit="clients")], [("referred_to",)], journeys=JOURNEYS)

    assert told(journeys[0]) == {(): (4, 4, 0)}
    assert told(clients[0]) == {(): (3, 3, 0)}
    assert told(clients[1]) == {("x",): (3, 3, 0), ("y",): (1, 1, 0)}


def test_what_is_not_known_of_who_counts_is_missing() -> None:
    young = indicator(unit="clients", who="age_at_start < 30")

    assert told(counted([young], journeys=JOURNEYS)[0]) == {(): (1, 1, 1)}


def test_a_share_is_of_those_of_whom_it_is_known() -> None:
    young = indicator("share", "clients", what="age_at_start < 30")
    tables = counted([young], [("gender",)], journeys=JOURNEYS)

    assert told(tables[0]) == {(): (0.5, 2, 1)}
    assert total(tables).having == 1
    assert told(tables[1]) == {("f",): (1.0, 1, 0), ("m",): (0.0, 1, 0), (None,): (None, 0, 1)}


def test_a_group_that_is_not_known_comes_last() -> None:
    tables = counted([indicator()], [("gender",)], journeys=JOURNEYS)

    assert [figure.key for figure in tables[1].figures] == [("f",), ("m",), (None,)]


def test_pairs_are_groups_of_two_columns() -> None:
    tables = counted([indicator()], [("gender", "referred_to")], journeys=JOURNEYS)

    assert told(tables[1]) == {
        ("f", "x"): (1, 1, 0),
        ("f", "y"): (1, 1, 0),
        ("m", "x"): (1, 1, 0),
        (None, "x"): (1, 1, 0),
    }


def test_a_client_is_young_where_one_of_the_journeys_says_so_and_unknown_where_none_can() -> None:
    rows = [
        {"journey": "a", "client": "1", "age_at_start": 20},
        {"journey": "b", "client": "1", "age_at_start": None},
        {"journey": "c", "client": "2", "age_at_start": 50},
        {"journey": "d", "client": "2", "age_at_start": None},
    ]
    young = indicator("share", "clients", what="age_at_start < 30")

    assert told(counted([young], journeys=rows)[0]) == {(): (1.0, 1, 1)}


def test_sums_add_up_all_rows_of_a_client_and_means_take_the_mean_of_them() -> None:
    rows = [
        {"journey": "a", "client": "1", "placements": 1},
        {"journey": "b", "client": "1", "placements": 2},
        {"journey": "c", "client": "2", "placements": 6},
        {"journey": "d", "client": "3", "placements": None},
    ]
    tables = counted(
        [
            indicator(measure, "clients", id=measure, what="placements")
            for measure in ("sum", "mean", "median")
        ],
        journeys=rows,
    )

    assert [table.figures[0].value for table in tables] == [9, 3.75, 3.75]
    assert {table.figures[0].missing for table in tables} == {1}


def test_amounts_are_exact_and_empty_tables_come_to_nothing() -> None:
    money = [{"journey": "a", "amount": Decimal("0.1")} for _ in range(10)]
    amount = indicator("sum", "money", of="money", what="amount")

    assert told(counted([amount], journeys=JOURNEYS, money=money)[0]) == {(): (1, 10, 0)}
    assert told(counted([amount], journeys=JOURNEYS)[0]) == {(): (0, 0, 0)}
    assert told(counted([indicator("mean", what="placements")])[0]) == {(): (None, 0, 0)}


def test_rows_of_another_table_have_the_columns_of_their_journey() -> None:
    placements = [
        {"journey": "a", "reference": "1", "form": "work-try-out", "started_on": date(2025, 1, 1)},
        {"journey": "a", "reference": "2", "form": "apprenticeship", "started_on": None},
        {"journey": "c", "reference": "1", "form": "work-try-out", "started_on": date(2025, 2, 1)},
    ]
    started = indicator(unit="placements", of="placements", who="started_on IS NOT NULL")
    tables = counted([started], [("form",), ("gender",)], journeys=JOURNEYS, placements=placements)

    assert told(tables[0]) == {(): (2, 2, 0)}
    assert told(tables[1]) == {("apprenticeship",): (0, 0, 0), ("work-try-out",): (2, 2, 0)}
    assert told(tables[2]) == {("f",): (1, 1, 0), ("m",): (1, 1, 0)}


def test_other_programmes_do_not_count() -> None:
    rows = [*JOURNEYS, {"journey": "e", "client": "9", "programme": "other"}]

    assert told(counted([indicator()], journeys=rows)[0]) == {(): (4, 4, 0)}


def test_a_select_of_ones_own_is_counted_as_a_table() -> None:
    own = indicator(
        unit="clients",
        select="SELECT client, journey, age_at_start + 1 AS older FROM journeys",
        who="older > 40",
    )

    assert told(counted([own], [("gender",)], journeys=JOURNEYS)[1]) == {
        ("f",): (0, 0, 0),
        ("m",): (1, 1, 0),
        (None,): (0, 0, 1),
    }


def test_the_day_asked_about_can_be_named() -> None:
    rows = [{"journey": "a", "referred_on": date(2025, 6, 30)}, {"journey": "b"}]
    due = indicator(who="referred_on = $as_at")

    assert told(counted([due], journeys=rows)[0]) == {(): (1, 1, 1)}


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (indicator(who="nothing > 1"), "who"),
        (indicator("share", what="ag < 30"), "what"),
        (indicator(by=(("nowhere",),)), "by"),
        (indicator(who="1); DELETE FROM journeys; SELECT (1"), "who"),
        (indicator(select="SELECT 1 AS one"), "sql"),
        (indicator(select="DROP TABLE journeys"), "sql"),
        (indicator(unit="clients", of="organisation_registered"), "of"),
        (indicator(unit="clients", select="SELECT journey FROM stays"), None),
    ],
)
def test_an_indicator_that_cannot_be_asked_is_named_with_its_field(
    broken: Any, field: str | None
) -> None:
    good = indicator(id="good")
    if field is None:
        assert counted([good, broken], journeys=JOURNEYS)
        return
    with pytest.raises(BadIndicator) as refused:
        counted([good, broken], journeys=JOURNEYS)

    assert (refused.value.indicator, refused.value.field) == ("one", field)


FACTS = {"a": {"age": 20}, "b": {"age": 21}, "c": {"age": 40}, "d": {}}


def test_an_indicator_over_facts_counts_as_one_in_sql_does() -> None:
    facts = FromFacts(
        "true",
        "age < 30",
        lambda _known: True,
        lambda known: None if "age" not in known else known["age"] < 30,  # type: ignore[operator]
    )
    young = indicator("share", "clients", facts=facts)
    same = indicator("share", "clients", what="age_at_start < 30", id="two")
    with filled(journeys=JOURNEYS) as asked:
        tables = count_all(here(asked, FACTS), [young, same], (), [("gender",)]).tables

    assert told(tables[0]) == told(tables[2]) == {(): (0.5, 2, 1)}
    assert told(tables[1]) == told(tables[3])


def test_who_has_several_rows_is_one_person_and_a_row_of_nobody_is_one_too() -> None:
    rows = [{"journey": f"n-{n}", "client": None} for n in range(2)]
    young = indicator("share", what="age_at_start < 30")
    with filled(journeys=[*JOURNEYS, *rows]) as asked:
        found = count_all(here(asked), [young], (), [("referred_to",)]).persons

    assert found["one", (), ()] == (5, 2, 3, 1, 1)
    assert found["one", ("referred_to",), ("x",)] == (3, 2, 1, 1, 1)
    assert found["one", ("referred_to",), (None,)] == (2, 0, 2, 0, 0)


def test_a_journey_of_nobody_that_was_judged_by_its_facts_is_of_one_too() -> None:
    rows = [Seen(unit, {"client": None}, counts=True, has=True) for unit in ("a", "b")]

    assert tallies_of(rows, "count", ())[()].persons == (2, 2, 0, None, None)


def test_a_figure_opens_to_the_units_behind_it() -> None:
    young = indicator("share", "clients", what="age_at_start < 30")
    with filled(journeys=JOURNEYS) as asked:
        found = sorted(units(here(asked), young, ("gender",)), key=lambda one: str(one.journey))

    assert [(one.unit, one.journey, one.key, one.has) for one in found] == [
        ("1", "a", ("f",), True),
        ("1", "b", ("f",), True),
        ("2", "c", ("m",), False),
        ("3", "d", (None,), None),
    ]


def test_an_organisation_has_the_target_of_the_same_measure_that_was_set_for_it() -> None:
    meant = [
        Meant("clients", "clients", 870, None),
        Meant("clients-x", "clients", 150, "x"),
        Meant("young", "young", 0.64, None),
    ]
    clients = indicator(target="clients")

    assert target_for(clients, (), (), meant) == 870
    assert target_for(clients, ("referred_to",), ("x",), meant) == 150
    assert target_for(clients, ("referred_to",), ("y",), meant) is None
    assert target_for(clients, ("gender",), ("x",), meant) is None
    assert target_for(indicator(value=3.5), (), (), meant) == 3.5
    assert target_for(indicator(), (), (), meant) is None


rows = st.lists(
    st.fixed_dictionaries(
        {
            "client": st.sampled_from("12345"),
            "gender": st.sampled_from(["f", "m", None]),
            "age_at_start": st.sampled_from([None, 17, 20, 40]),
            "placements": st.sampled_from([None, 0, 1, 7]),
        }
    ),
    max_size=8,
)


def of_client(client: str, *placements: int) -> list[dict[str, Any]]:
    known = {"client": client, "gender": "f", "age_at_start": 20}
    return [known | {"placements": one} for one in placements]


@settings(max_examples=25, deadline=None)
@given(rows, st.sampled_from(["count", "share", "sum", "mean", "median"]))
@example([*of_client("1", 0, 0, 1), *of_client("2", 0)], "median")
@example([*of_client("1", 0, 0, 7), *of_client("2", 1)], "median")
def test_sql_and_python_count_the_same(found: list[dict[str, Any]], measure: str) -> None:
    what = "" if measure == "count" else "placements > 0" if measure == "share" else "placements"
    one = indicator(measure, "clients", who="age_at_start < 30", what=what)
    named = [row | {"journey": str(n)} for n, row in enumerate(found)]
    tables = counted([one], [("gender",)], journeys=named)
    seen = [_seen(row, measure) for row in named]
    for table in tables:
        expected = {
            key: figure(key, tally, measure, None)
            for key, tally in tallies_of(seen, measure, table.by).items()
        }
        if named:
            assert {one.key: one for one in table.figures} == expected


def _seen(row: dict[str, Any], measure: str) -> Seen:
    age, placements = row["age_at_start"], row["placements"]
    counts = None if age is None else age < 30
    has = placements if measure != "share" or placements is None else placements > 0
    has = True if measure == "count" else truth(indicator(measure), has)
    return Seen(row["client"], row, counts, has)


def test_an_indicator_whose_table_lacks_a_column_is_told_without_that_breakdown() -> None:
    services = [{"journey": "a", "service": "job-search"}]
    started = indicator(id="started", unit="services", of="services")
    by = [("gender",), ("form",), ("gender", "service")]
    placed = indicator(id="placed", unit="placements", of="placements")
    tables = counted([indicator(), started, placed], by, journeys=JOURNEYS, services=services)

    assert [(table.indicator, table.by) for table in tables] == [
        *(("one", ()), ("one", ("gender",))),
        *(("started", ()), ("started", ("gender",)), ("started", ("gender", "service"))),
        *(("placed", ()), ("placed", ("gender",)), ("placed", ("form",))),
    ]
    assert [(table.indicator, lacking) for table, lacking in left_without(tables, by)] == [
        *(("one", ("form",)), ("one", ("gender", "service"))),
        *(("started", ("form",)), ("placed", ("gender", "service"))),
    ]


@pytest.mark.parametrize(
    ("by", "named"), [(("gender", "shoe"), "shoe"), (("form", "service"), r"form\*service")]
)
def test_what_no_indicator_can_be_broken_down_by_is_refused(
    by: tuple[str, ...], named: str
) -> None:
    started = indicator(id="started", unit="services", of="services")
    placed = indicator(id="placed", unit="placements", of="placements")
    with pytest.raises(BadIndicator, match=f"no column {named} to break it down by"):
        counted([started, placed], [by], journeys=JOURNEYS)


def test_whoever_names_a_column_that_is_not_there_reads_which_there_are() -> None:
    """Nobody could know them without the dictionary of an archive that was written out."""
    services = indicator(id="started", unit="services", of="services")
    with pytest.raises(BadIndicator) as refused:
        counted([services], [("shoe",)], journeys=JOURNEYS)
    said = refused.value.message
    assert said.startswith("there is no column shoe to break it down by; there is ")
    listed = said.rpartition("there is ")[2].split(", ")
    assert {"service", "gender", "referred_to"} <= {*listed}
    assert "journey" not in listed  # each of its groups is one person


BY_ZERO = [
    {"journey": "a", "client": "1", "placements": 4, "age_at_start": 2},
    {"journey": "b", "client": "2", "placements": 4, "age_at_start": 0},
    {"journey": "c", "client": "3", "placements": 0, "age_at_start": 0},
]


@pytest.mark.parametrize("what", ["placements / age_at_start", "placements // age_at_start"])
@pytest.mark.parametrize("measure", ["sum", "mean", "median"])
def test_what_is_divided_by_zero_is_not_known(measure: str, what: str) -> None:
    tables = counted([indicator(measure, what=what), indicator(id="good")], journeys=BY_ZERO)

    assert told(tables[0]) == {(): (2, 1, 2)}
    assert told(tables[1]) == {(): (3, 3, 0)}


def test_a_condition_on_what_is_divided_by_zero_is_not_known() -> None:
    many = indicator("share", what="placements / age_at_start > 1")
    who = indicator(id="who", who="placements / age_at_start > 1")
    tables = counted([many, who], journeys=BY_ZERO)

    assert told(tables[0]) == {(): (1.0, 1, 2)}
    assert told(tables[1]) == {(): (1, 1, 2)}


@pytest.mark.parametrize("what", ["exp(500.0 * placements)", "'nan'::DOUBLE * placements"])
def test_what_is_infinite_or_no_number_is_not_known(what: str) -> None:
    rows = [{"journey": "a", "placements": 2}, {"journey": "b", "placements": None}]
    (table,) = counted([indicator("mean", what=what)], journeys=rows)

    assert told(table) == {(): (None, 0, 2)}


def test_duckdb_is_not_asked_to_tell_persons_apart_for_each_number_by_itself() -> None:
    share = indicator("share", what="destination = 'education-or-training'")
    median = indicator("median", id="two", what="age_at_start")
    columns = ("journey", "client", "programme", "destination", "age_at_start", "education")
    of = of_table([share, median], [("destination",)], columns)
    assert of is not None
    assert "education" not in of.sql  # a word of a text, and no column
    asked = question(of, [share, median], [(), ("destination",)])
    assert "DISTINCT" not in asked.replace("IS DISTINCT FROM", "")
