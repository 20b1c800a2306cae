"""Indicators in files: file, line and field of every fault, and the ESF+ set, figure by figure."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from application.evaluation.put_in import Here
from application.evaluation.report import Table
from application.evaluation.reporting import count_all
from domain.faults import DefinitionFaults
from domain.indicators import FromFacts, Indicator
from infrastructure.definitions import check, load_definition, shipped_definitions
from infrastructure.indicator_rules import compile_judged
from infrastructure.indicator_trials import check as check_indicators
from infrastructure.indicator_trials import trials
from infrastructure.indicators import (
    Trial,
    load_indicators,
    read_set,
    shipped_indicators,
    try_indicators,
)
from tests.application.evaluation.rows import DAY, filled, told

HEAD = "title: {en: Mine, fi: Omat}\nsettings: {months: 12}\nindicators:\n"
GOOD = """\
  - id: young
    title: {en: Young, fi: Nuoret}
    unit: clients
    measure: share
    who: months_unemployed_at_start > $months
    what: age_at_start < 30
    by: [gender, gender*municipality]
    target: young
"""


@pytest.fixture(scope="module")
def tried() -> Iterator[Trial]:
    with trials() as tried:
        yield tried


def faults(text: str, tried: Trial) -> list[tuple[int, str, str]]:
    try:
        load_indicators(text, "mine.yaml", tried=tried)
    except DefinitionFaults as refused:
        return [(fault.line, fault.field, fault.code) for fault in refused.faults]
    return []


def test_an_indicator_is_read_with_its_settings_and_breakdowns(tried: Trial) -> None:
    read = load_indicators(HEAD + GOOD, "mine.yaml", language="fi", tried=tried)

    (one,) = read.indicators
    assert (one.id, one.unit, one.measure, one.of) == ("young", "clients", "share", "journeys")
    assert one.who == "months_unemployed_at_start > 12"
    assert one.by == (("gender",), ("gender", "municipality"))
    assert (one.title.local, read.title.local, read.title.language) == ("Nuoret", "Omat", "fi")


def test_a_setting_can_be_given_anew() -> None:
    read = load_indicators(HEAD + GOOD, "mine.yaml", given={"months": 6})

    assert read.indicators[0].who == "months_unemployed_at_start > 6"
    assert read.settings == {"months": 6}


def test_a_setting_keeps_all_its_digits_and_others_are_not_taken_in() -> None:
    given = {"months": 1234567.0, "other": 3}
    read = load_indicators(HEAD + GOOD, "mine.yaml", given=given)

    assert read.indicators[0].who == "months_unemployed_at_start > 1234567"
    assert read.settings == {"months": 1234567}


def test_titles_fall_back_to_english() -> None:
    read = load_indicators(HEAD + GOOD, "mine.yaml", language="it")

    assert (read.title.local, read.title.language) == ("Mine", "en")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("measure: share", "measure: most", (7, "indicators[0].measure", "unknown-measure")),
        ("measure: share", "measure: count", (9, "indicators[0].what", "what-without-use")),
        ("    what: age_at_start < 30\n", "", (4, "indicators[0]", "missing-key")),
        ("unit: clients", "unit: people", (6, "indicators[0].unit", "unknown-unit")),
        ("$months", "$month", (8, "indicators[0].who", "unknown-setting")),
        ("gender*municipality", "gender+age", (10, "indicators[0].by[1]", "bad-breakdown")),
        ("age_at_start < 30", "age < 30", (9, "indicators[0].what", "bad-sql")),
        ("age_at_start < 30", "1); DROP TABLE x; --", (9, "indicators[0].what", "bad-sql")),
        ("$months", "(SELECT 1", (8, "indicators[0].who", "bad-sql")),
        ("[gender,", "[nowhere,", (10, "indicators[0].by", "bad-sql")),
        ("    unit:", "    of: nowhere\n    unit:", (6, "indicators[0].of", "unknown-table")),
        (
            "    unit:",
            "    of: journeys\n    sql: SELECT 1\n    unit:",
            (7, "indicators[0].sql", "too-many-sources"),
        ),
        (
            "    unit:",
            "    cel: {who: 'true', what: age < 30}\n    unit:",
            (9, "indicators[0].who", "two-places"),
        ),
        (
            "    who: months_unemployed_at_start > $months\n    what: age_at_start < 30\n",
            "    cel: {who: 'true', what: ag < 30}\n",
            (8, "indicators[0].cel.what", "unknown-fact"),
        ),
        ("id: young", "id: Young", (4, "indicators[0].id", "bad-code")),
        ("age_at_start < 30", "age_at_start", (9, "indicators[0].what", "bad-sql")),
        ("age_at_start < 30", "programme", (9, "indicators[0].what", "bad-sql")),
        ("months_unemployed_at_start > $months", "programme", (8, "indicators[0].who", "bad-sql")),
        ("age_at_start < 30", "count(*) > 1", (9, "indicators[0].what", "bad-sql")),
        ("what: age_at_start < 30", 'what: "\\ud800"', (9, "indicators[0].what", "bad-text")),
        ("{en: Young,", '{en: "\\ud800",', (5, "indicators[0].title.en", "bad-text")),
        (
            "    target:",
            "    part: {of: all-of-them, by: age}\n    target:",
            (11, "indicators[0].part.of", "unknown-whole"),
        ),
        (
            "    target:",
            "    part: {of: young, by: age}\n    target:",
            (11, "indicators[0].part.of", "unknown-whole"),
        ),
    ],
)
def test_each_fault_is_named_with_line_and_field(
    before: str, after: str, fault: tuple[int, str, str], tried: Trial
) -> None:
    found = faults(HEAD + GOOD.replace(before, after, 1), tried)

    assert fault in [
        (line, "indicators[0]" if code == "missing-key" else field, code)
        for line, field, code in found
    ]


@pytest.mark.parametrize(
    "what", ["age_at_start", "age_at_start / 2", "eligible", "coalesce(NULL, NULL)"]
)
def test_numbers_and_conditions_can_be_averaged_and_other_things_not(
    what: str, tried: Trial
) -> None:
    mean = HEAD + GOOD.replace("share", "mean")

    assert faults(mean.replace("age_at_start < 30", what), tried) == []
    assert faults(mean.replace("age_at_start < 30", "accepted_on"), tried) == [
        (9, "indicators[0].what", "bad-sql")
    ]


def test_parts_go_in_no_circle(tried: Trial) -> None:
    wholes = {"all": "few", "some": "all", "few": "some", "others": "all"}
    text = HEAD + "".join(
        GOOD.replace("id: young", f"id: {name}")
        .replace("share", "count")
        .replace("    what: age_at_start < 30\n", "")
        .replace("    target:", f"    part: {{of: {whole}, by: kind}}\n    target:")
        for name, whole in wholes.items()
    )

    assert [(field, code) for _, field, code in faults(text, tried)] == [
        (f"indicators[{n}].part.of", "part-of-itself") for n in range(3)
    ]


@pytest.mark.parametrize("name", ["as_at", "known_until", "dictionary", "dictionaries"])
def test_a_setting_does_not_go_by_a_name_of_the_question(name: str, tried: Trial) -> None:
    text = HEAD.replace("{months: 12}", f"{{months: 12, {name}: 3}}") + GOOD

    assert faults(text, tried) == [(2, f"settings.{name}", "reserved")]


def test_an_id_is_used_once_and_a_definition_names_targets_that_it_has(tmp_path: Path) -> None:
    text = shipped_definitions()["duunipolku"].replace("target: young", "target: yung")
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    twice = tmp_path / "twice.yaml"
    twice.write_text(HEAD + GOOD + GOOD, encoding="utf-8")

    assert [fault.code for fault in check(file)] == ["unknown-target"]
    assert [fault.code for fault in check_indicators(twice)] == ["duplicate-code"]
    assert [f.code for f in check_indicators(tmp_path / "nowhere.yaml")] == ["unreadable"]


def test_the_sql_of_a_definition_is_checked_with_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = shipped_definitions()["duunipolku"].replace("what: age_at_start < 30\n", "what: age\n")
    file.write_text(text, encoding="utf-8")

    (fault,) = check(file)
    assert fault.field.endswith(".what")
    assert text.splitlines()[fault.line - 1].strip() == "what: age"


def test_a_definition_says_of_what_its_parts_are_and_is_read_once_it_is_published(
    tmp_path: Path,
) -> None:
    who = "    who: accepted_on IS NOT NULL AND student_in_last_phase\n"
    named = f"{who}    part: {{of: cleints, by: studies}}\n"
    text = shipped_definitions()["duunipolku"].replace(who, named)
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")

    assert [fault.code for fault in check(file)] == ["unknown-whole"]
    parts = [one.part for one in load_definition(text, "mine.yaml").indicators if one.part]
    assert parts == [("cleints", "studies")]


def test_every_shipped_indicator_can_be_asked(tried: Trial) -> None:
    for name, text in shipped_indicators().items():
        assert load_indicators(text, name, tried=tried).indicators
    for name, text in shipped_definitions().items():
        assert load_definition(text, name).indicators
        try_indicators(text, name, tried)


def test_facts_are_compiled() -> None:
    cel = "    cel: {who: 'true', what: months_unemployed}\n"
    text = HEAD + GOOD.replace("share", "mean").replace(
        "    who: months_unemployed_at_start > $months\n    what: age_at_start < 30\n", cel
    )
    (one,) = load_indicators(text, "mine.yaml").indicators

    assert isinstance(one.facts, FromFacts)
    assert one.facts.counts({}) is True
    assert one.facts.measures is not None
    assert one.facts.measures({"months_unemployed": 7}) == 7
    assert one.facts.measures({}) is None


FITTING = (
    ("true", "age < 30"),
    ("accepted", "employment_status in ['employed', 'self-employed']"),
    ("municipality.matches('^2[0-9]$')", "age % 10 == 5"),
    ("channel == 'school'", "months_unemployed > 20 && age > months_unemployed"),
    ("'prison' in disadvantages", "int(municipality) > 100"),
    ("age > 20 && municipality.size() == 3", "100 / (age - 20) > 7"),
    ("age >= 0", "employment_status.startsWith('self') || employment_status != ''"),
    ("'client' in feedback_given && size(feedback_given) > 1", "feedback_given[1] == 'client'"),
    (
        "'client' in feedback_given && 'staff' in feedback_given && !('network' in feedback_given)",
        "feedback_given.all(x, x == 'staff') || employment_status in ['employed', '']",
    ),
    (
        "employment_status == 'unemployed' && unemployed_since < timestamp('2024-01-01T00:00:00Z')",
        "(age < 30 ? 'young' : 'old') == 'old' && employment_status == 'employed'",
    ),
    ("employment_status > 'f'", "employment_status + '-now' == 'employed-now'"),
)
MISFITTING = (
    ("accepted", "'employr' in feedback_given && channel == 'school'", "cel.what"),
    ("employment_status in ['employed', 'unemployd']", "accepted", "cel.who"),
    ("'unemployd' != employment_status && municipality == '491'", "accepted", "cel.who"),
    ("age > 'thirty'", "accepted", "cel.who"),
    ("accepted", "municipality < 30", "cel.what"),
    ("employment_status == 'unemployd'", "accepted", "cel.who"),
    ("accepted", "age < 20 || employment_status != 'unemployd'", "cel.what"),
    ("accepted", "age > 30 && age < 20", "cel.what"),
    ("age", "accepted", "cel.who"),
    ("accepted", "age", "cel.what"),
)


def of_facts(who: str, what: str, measure: str = "share") -> str:
    asked = f'    cel:\n      who: "{who}"\n      what: "{what}"\n'
    sql = "    who: months_unemployed_at_start > $months\n    what: age_at_start < 30\n"
    return HEAD + GOOD.replace(sql, asked).replace("share", measure)


@pytest.mark.parametrize(("who", "what"), FITTING)
def test_what_facts_can_answer_is_good(who: str, what: str, tried: Trial) -> None:
    assert faults(of_facts(who, what), tried) == []
    assert faults(of_facts(who, "age", "mean"), tried) == []


@pytest.mark.parametrize(("who", "what", "field"), MISFITTING)
def test_what_facts_can_never_answer_is_named(
    who: str, what: str, field: str, tried: Trial
) -> None:
    line = 9 if field == "cel.who" else 10
    assert faults(of_facts(who, what), tried) == [(line, f"indicators[0].{field}", "bad-rule")]


@pytest.mark.parametrize("what", ["double(age) / 0.0", "age / 0", "age % 0"])
def test_what_facts_are_divided_by_zero_for_is_not_known(what: str) -> None:
    assert compile_judged(what)({"age": 20}) is None


# The ESF+ set: clients made by hand, and what each indicator must say of them.

START = date(2025, 1, 15)


def client(name: str, **said: Any) -> dict[str, Any]:
    """One participant; nothing is known that is not said."""
    row = {"client": name, "gender": "f", "started_on": START, "certificates": 0, **said}
    for bound in ("earliest", "latest"):
        row.setdefault(f"unemployed_since_{bound}", row.get("unemployed_since"))
    left = row.get("left_on")
    if left is not None:
        row.setdefault("six_months_on", date(left.year, left.month + 6, left.day))
    return row


def figures(
    rows: list[dict[str, Any]], dictionaries: dict[int, tuple[str, ...]] | None = None, **more: Any
) -> Any:
    read, ids = read_set("esf-plus", "en", more.pop("settings", {})), more.pop("ids", ())
    wanted = [one for one in read.indicators if not ids or one.id in ids]
    until = more.pop("until", None)
    with filled(esf_participants=rows, **more) as asked:
        here = Here(asked, "p", DAY, lambda _: {}, (), dictionaries, until)
        return count_all(here, wanted).tables


def value(tables: tuple[Table, ...], id_: str, by: tuple[str, ...] = ()) -> dict[Any, Any]:
    """Return value and missing by group."""
    (table,) = (t for t in tables if t.indicator == id_ and t.by == by)
    return {key: (said, missing) for key, (said, _, missing) in told(table).items()}


def in_all(rows: list[dict[str, Any]], id_: str, **more: Any) -> tuple[Any, Any]:
    found: tuple[Any, Any] = value(figures(rows, ids=(id_,), **more), id_)[()]
    return found


def test_it_has_the_23_indicators_in_order() -> None:
    ids = [one.id for one in read_set("esf-plus", "en", {}).indicators]

    assert ids == [f"eeco{n:02}" for n in range(1, 18)] + [f"eecr{n:02}" for n in range(1, 7)]


def test_all_participants_by_gender_and_those_whose_gender_is_not_known() -> None:
    rows = [client("1"), client("2", gender="m"), client("3", gender=None)]
    tables = figures(rows)

    assert value(tables, "eeco01") == {(): (3, 0)}
    assert value(tables, "eeco01", ("gender",)) == {
        ("f",): (1, 0),
        ("m",): (1, 0),
        (None,): (1, 0),
    }


@pytest.mark.parametrize(
    ("id_", "status"),
    [("eeco02", "unemployed"), ("eeco04", "inactive"), ("eeco05", "employed")],
)
def test_the_status_at_the_start_and_who_told_none_is_missing(id_: str, status: str) -> None:
    statuses = ["unemployed", "unemployed", "inactive", "employed", None]
    rows = [client(str(n), status_at_start=one) for n, one in enumerate(statuses)]

    assert in_all(rows, id_) == (statuses.count(status), 1)


@pytest.mark.parametrize(
    ("since", "age", "expected"),
    [
        (date(2024, 1, 14), 40, (1, 0)),  # a day more than twelve months
        (date(2024, 1, 15), 40, (0, 0)),  # twelve months are not more than twelve
        (date(2024, 7, 14), 24, (1, 0)),  # a young person, a day more than six
        (date(2024, 7, 15), 24, (0, 0)),
        (date(2024, 7, 14), 25, (0, 0)),  # no longer under 25
        (date(2024, 7, 14), None, (0, 1)),  # the age decides, and is not known
        (date(2024, 1, 14), None, (1, 0)),  # the age does not matter
        (date(2024, 12, 1), None, (0, 0)),
        (None, 40, (0, 1)),
    ],
)
def test_long_term_unemployed(since: date | None, age: int | None, expected: Any) -> None:
    one = client("1", status_at_start="unemployed", unemployed_since=since, age_at_start=age)

    assert in_all([one], "eeco03") == expected


@pytest.mark.parametrize(
    ("earliest", "latest", "age", "expected"),
    [
        (date(2023, 12, 15), date(2024, 1, 14), None, (1, 0)),
        (date(2023, 12, 16), date(2024, 1, 15), 40, (0, 1)),  # one of the days is not before
        (date(2023, 12, 16), date(2024, 1, 15), 24, (1, 0)),
        (date(2024, 7, 15), date(2024, 8, 14), None, (0, 0)),
        (date(2024, 7, 14), date(2024, 8, 13), None, (0, 1)),
        (date(2024, 7, 14), date(2024, 8, 13), 24, (0, 1)),
        (date(2024, 7, 14), date(2024, 8, 13), 25, (0, 0)),
    ],
)
def test_who_has_been_unemployed_since_one_of_several_days_is_missing_where_it_hangs_on_which(
    earliest: date, latest: date, age: int | None, expected: Any
) -> None:
    bounds = {"unemployed_since_earliest": earliest, "unemployed_since_latest": latest}
    one = client("1", status_at_start="unemployed", age_at_start=age, **bounds)

    assert in_all([one], "eeco03") == expected


def test_long_term_is_asked_of_the_unemployed_and_can_be_set_otherwise() -> None:
    long = date(2020, 1, 1)
    rows = [
        client("1", status_at_start="employed", unemployed_since=long),
        client("2", status_at_start=None, unemployed_since=long),
        client(
            "3", status_at_start="unemployed", unemployed_since=date(2024, 9, 1), age_at_start=40
        ),
    ]
    shorter = {"long_term_months": 3.0}

    assert in_all(rows, "eeco03") == (0, 1)
    assert in_all(rows, "eeco03", settings=shorter) == (1, 1)


@pytest.mark.parametrize(
    ("since", "age", "expected"),
    [
        (date(2024, 1, 14), 24, (0, 0)),  # for more than 12 months, and for no more than 18
        (date(2024, 1, 14), 25, (1, 0)),
        (date(2024, 1, 14), None, (0, 1)),
        (date(2023, 7, 14), 24, (1, 0)),  # a day more than eighteen
        (date(2024, 1, 15), 25, (0, 0)),
    ],
)
def test_it_can_take_the_young_longer_than_others_to_be_long_term_unemployed(
    since: date, age: int | None, expected: Any
) -> None:
    one = client("1", status_at_start="unemployed", unemployed_since=since, age_at_start=age)

    longer = {"long_term_months_young": 18.0}
    assert in_all([one], "eeco03", settings=longer) == expected


@pytest.mark.parametrize(
    ("column", "ids", "values", "expected"),
    [
        (
            "age_at_start",
            ("eeco06", "eeco07", "eeco08"),
            [17, 18, 29, 30, 54, 55, None],
            [(1, 1), (2, 1), (1, 1)],
        ),
        (
            "education",
            ("eeco09", "eeco10", "eeco11"),
            [0, 2, 3, 4, 5, 8, None],
            [(2, 1), (2, 1), (2, 1)],
        ),
    ],
)
def test_ages_and_education(
    column: str, ids: tuple[str, ...], values: list[Any], expected: list[Any]
) -> None:
    tables = figures([client(str(n), **{column: one}) for n, one in enumerate(values)])

    assert [value(tables, one)[()] for one in ids] == expected


CODES = {
    "eeco12": "disability",
    "eeco13": "third-country-national",
    "eeco14": "migration",
    "eeco15": "minority",
    "eeco16": "homeless",
    "eeco17": "rural",
}


@pytest.mark.parametrize(("id_", "code"), CODES.items())
def test_a_disadvantage_is_known_only_where_the_programme_asks_for_it(id_: str, code: str) -> None:
    rows = [
        client("1", disadvantages=[code, "other"], disadvantages_version=2),
        client("2", disadvantages=[], disadvantages_version=2),
        client("3", disadvantages=None),
        client("4", disadvantages=[], disadvantages_version=1),  # told when nobody was asked it
    ]

    assert in_all(rows, id_, dictionaries={1: ("another",), 2: (code,)}) == (1, 2)
    assert in_all(rows, id_, dictionaries={1: (code,), 2: ("another",)}) == (0, 3)
    assert in_all(rows, id_) == (0, 4)


LEFT = {"left_on": date(2025, 3, 1)}


def outcome(start: str | None, leaving: str | None, **more: Any) -> dict[str, Any]:
    return client("1", status_at_start=start, status_at_leaving=leaving, **{**LEFT, **more})


@pytest.mark.parametrize(
    ("row", "job_searching", "training", "employed"),
    [
        (outcome("inactive", "unemployed"), (1, 0), (0, 0), (0, 0)),
        (outcome("unemployed", "unemployed"), (0, 0), (0, 0), (0, 0)),
        (outcome("inactive", "employed"), (0, 0), (0, 0), (1, 0)),
        (outcome("unemployed", "employed"), (0, 0), (0, 0), (1, 0)),
        (outcome("employed", "employed"), (0, 0), (0, 0), (0, 0)),
        (outcome("unemployed", "in-training"), (0, 0), (1, 0), (0, 0)),
        (outcome("inactive", None), (0, 1), (0, 1), (0, 1)),
        (outcome("employed", None), (0, 0), (0, 1), (0, 0)),
        (outcome(None, "employed"), (0, 0), (0, 0), (0, 1)),
        (outcome(None, "unemployed"), (0, 1), (0, 0), (0, 0)),
        (outcome("inactive", "employed", left_on=None), (0, 0), (0, 0), (0, 0)),
    ],
)
def test_results_upon_leaving_count_by_the_status_at_the_start(
    row: dict[str, Any], job_searching: Any, training: Any, employed: Any
) -> None:
    tables = figures([row])

    assert value(tables, "eecr01")[()] == job_searching
    assert value(tables, "eecr02")[()] == training
    assert value(tables, "eecr04")[()] == employed


def test_a_qualification_is_gained_upon_leaving() -> None:
    rows = [
        client("1", certificates=2, **LEFT),
        client("2", certificates=0, **LEFT),
        client("3", certificates=1),
    ]

    assert in_all(rows, "eecr03") == (1, 0)


@pytest.mark.parametrize(
    ("start", "after", "left", "expected"),
    [
        ("unemployed", "employed", date(2024, 1, 10), (1, 0)),
        ("inactive", "employed", date(2024, 1, 10), (1, 0)),
        ("employed", "employed", date(2024, 1, 10), (0, 0)),
        ("unemployed", "inactive", date(2024, 1, 10), (0, 0)),
        ("unemployed", None, date(2024, 1, 10), (0, 1)),
        ("unemployed", None, date(2025, 2, 1), (0, 0)),  # not due yet on 30 June
    ],
)
def test_employment_six_months_after_leaving(
    start: str, after: str | None, left: date, expected: Any
) -> None:
    row = client("1", status_at_start=start, status_after_six_months=after, left_on=left)

    assert in_all([row], "eecr05") == expected


@pytest.mark.parametrize("id_", ["eecr05", "eecr06"])
def test_what_is_due_after_all_that_is_known_is_not_missing(id_: str) -> None:
    status = "unemployed" if id_ == "eecr05" else "employed"
    row = client("1", status_at_start=status, left_on=date(2024, 5, 10))

    known = [in_all([row], id_, until=date(2024, 11, day)) for day in (9, 10)]

    assert known == [(0, 0), (0, 1)]


@pytest.mark.parametrize(
    ("start", "after", "kinds", "expected"),
    [
        ("employed", "employed", ("fixed-term", "permanent"), (1, 0)),
        ("employed", "employed", ("permanent", "fixed-term"), (0, 0)),
        ("employed", "employed", ("permanent", "permanent"), (0, 0)),
        ("employed", "employed", ("fixed-term", "whatever"), (0, 1)),
        ("employed", "unemployed", ("fixed-term", None), (0, 0)),
        ("employed", None, ("fixed-term", "permanent"), (0, 1)),
        ("unemployed", "employed", (None, "permanent"), (0, 0)),
    ],
)
def test_a_better_situation_six_months_after_leaving(
    start: str, after: str | None, kinds: tuple[str | None, str | None], expected: Any
) -> None:
    days = ((date(2023, 1, 1), date(2024, 2, 1)), (date(2024, 5, 1), None))
    periods = [
        {"journey": "j", "what": "employment", "kind": kind, "first_day": on, "last_day": until}
        for kind, (on, until) in zip(kinds, days, strict=True)
        if kind
    ]
    row = client(
        "1",
        status_at_start=start,
        status_after_six_months=after,
        started_on=date(2023, 6, 1),
        left_on=date(2024, 1, 10),
    )
    tables = figures([row], journeys=[{"journey": "j", "client": "1"}], periods=periods)

    assert value(tables, "eecr06")[()] == expected


def test_each_part_of_all_participants_says_so() -> None:
    parts = {one.id: one.part for one in indicators() if one.part}

    assert parts.pop("eeco03") == ("eeco02", "long-term")
    assert {of for of, _ in parts.values()} == {"eeco01"}
    assert {one for one, (_, by) in parts.items() if by == "status"} == {
        "eeco02",
        "eeco04",
        "eeco05",
    }


def indicators() -> tuple[Indicator, ...]:
    return read_set("esf-plus", "en", {}).indicators


SPELLS = ("into-structural", "out-of-structural", "days-unemployed")


def on(day: int | None) -> date | None:
    """Return a day of 2024 and later, the first being 1."""
    return None if day is None else date(2023, 12, 31) + timedelta(day)


def spells_of(*periods: tuple[str, int, int | None], **more: Any) -> tuple[Any, ...]:
    """Return the figures of askel's spells: of a person with two journeys, by days of 2024.

    A third journey of theirs, `z`, is of another programme. `works` are periods of work; `talks`
    interviews, and follow-ups (`held`), each with a day, a status and since when unemployed;
    `called` follow-ups that tell a status alone;
    `closed` journeys with the day and the destination.
    """
    told = [*(("unemployment", *one) for one in periods)]
    told += [("employment", *one) for one in more.get("works", ())]
    rows = [
        {
            "journey": journey,
            "what": what,
            "first_day": on(first),
            "last_day": on(last),
            "entry": entry,
        }
        for entry, (what, journey, first, last) in enumerate(told, 3)
    ]
    said: dict[str, list[dict[str, Any]]] = {"intake_interview_held": [], "follow_up_held": []}
    for entry, (journey, day, status, since, held) in enumerate(more.get("talks", ()), 30):
        situation = None
        if not held or status or since:
            situation = {"employment": status, "unemployed_since": on(since)}
        row = {"journey": journey, "occurred_on": on(day), "entry": entry, "situation": situation}
        said["follow_up_held" if held else "intake_interview_held"].append(row)
    for entry, (journey, day, status) in enumerate(more.get("called", ()), 60):
        row = {"journey": journey, "occurred_on": on(day), "entry": entry, "status": status}
        said["follow_up_held"].append(row)
    text = shipped_definitions()["askel"]
    indicators = [x for x in load_definition(text, "askel").indicators if x.id in SPELLS]
    closed = more.get("closed", {})
    journeys = [{"journey": name, "client": "c", "referred_to": "x"} for name in ("a", "b")]
    for one in journeys:
        day, destination = closed.get(one["journey"], (None, None))
        one |= {"closed_on": on(day), "destination": destination}
    journeys.append({"journey": "z", "client": "c", "programme": "other"})
    with filled(journeys=journeys, periods=rows, **said) as asked:
        here = Here(asked, "p", DAY, lambda _journey: {}, known_until=on(more.get("until")))
        tables = count_all(here, indicators).tables
    return tuple(table.figures[0].value for table in tables if not table.by)


@pytest.mark.parametrize(
    ("told", "also", "expected"),
    [
        ((1, 400), (1, 400), (1, 1, 400)),
        ((1, 400), (30, 420), (1, 1, 420)),
        ((1, 400), (30, 40), (1, 1, 400)),
        ((1, 200), (201, 410), (1, 1, 410)),
        ((1, 200), (202, 410), (0, 0, 204.5)),
        ((1, None), (30, 420), (1, 1, 420)),
        ((1, 400), (30, None), (1, 0, None)),
        ((1, None), (30, None), (1, 0, None)),
        ((1, 600), (30, 400), (1, 0, None)),  # ends later than the day asked about
    ],
)
def test_nobody_has_two_spells_of_unemployment_at_a_time(
    told: tuple[int, int | None], also: tuple[int, int | None], expected: Any
) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        assert spells_of((one, *told), (other, *also)) == expected
        if told[0] != also[0]:
            assert spells_of((one, *told), (one, *also)) == expected


def test_a_spell_goes_on_no_further_than_anything_is_known() -> None:
    assert spells_of(("a", 1, None), until=366) == (0, 0, None)
    assert spells_of(("a", 1, None), until=367) == (1, 0, None)
    assert spells_of(("a", 1, 400), until=399) == (1, 0, None)
    assert spells_of(("a", 1, 400), until=400) == (1, 1, 400)


def test_a_spell_told_in_another_programme_takes_none_of_this_one() -> None:
    """A row is of the programme of its journey: the spell would have been the other's alone."""
    assert spells_of(("z", 1, 40), ("a", 30, 420)) == (1, 1, 391)
    assert spells_of(("a", 1, None), ("z", 30, 40)) == (1, 0, None)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"works": [("b", 420, None)]}, (1, 1, 419)),
        ({"works": [("a", 300, 310)]}, (0, 0, 299)),
        ({"works": [("z", 420, None)]}, (1, 0, None)),  # another programme tells it
        ({"closed": {"a": (430, "employment")}}, (1, 1, 429)),
        ({"closed": {"b": (430, "self-employment")}}, (1, 1, 429)),
        ({"closed": {"a": (430, "unemployed")}}, (1, 0, None)),
        ({"works": [("a", 1, 5)], "closed": {"a": (430, "education-or-training")}}, (1, 0, None)),
    ],
)
def test_a_spell_that_nobody_saw_the_end_of_ends_with_work(
    more: dict[str, Any], expected: Any
) -> None:
    """`polku evaluate flows` said so, and the report that it lasts."""
    assert spells_of(("a", 1, None), **more) == expected


UNEMPLOYED, AT_WORK = "unemployed", "employed"


@pytest.mark.parametrize(
    ("talks", "expected"),
    [
        ([("a", 40, UNEMPLOYED, 1, False)], (1, 1, 419)),
        ([("a", 40, UNEMPLOYED, 1, False), ("a", 50, UNEMPLOYED, 30, False)], (1, 1, 390)),
        ([("a", 50, UNEMPLOYED, 30, False), ("a", 40, UNEMPLOYED, 1, False)], (1, 1, 390)),
        ([("a", 40, UNEMPLOYED, 1, False), ("a", 50, None, 200, True)], (0, 0, 220)),
        ([("a", 40, UNEMPLOYED, 1, False), ("a", 50, None, None, True)], (1, 1, 419)),
        ([("a", 40, UNEMPLOYED, 1, False), ("a", 50, AT_WORK, None, True)], (0, 0, 49)),
        ([("a", 40, UNEMPLOYED, 1, False), ("a", 410, AT_WORK, None, False)], (1, 1, 409)),
        ([("a", 40, UNEMPLOYED, 1, False), ("b", 410, "self-employed", None, True)], (1, 1, 409)),
        ([("a", 40, UNEMPLOYED, 1, False), ("z", 410, AT_WORK, None, True)], (1, 1, 419)),
        ([("a", 40, UNEMPLOYED, 1, False), ("a", 50, "inactive", None, True)], (1, 1, 419)),
        (
            [
                ("a", 40, UNEMPLOYED, 1, False),
                ("a", 50, AT_WORK, None, True),
                ("a", 400, None, 380, True),
            ],
            (0, 0, 44.5),
        ),
        ([("a", 40, None, None, False)], (0, 0, None)),
        ([("b", 40, UNEMPLOYED, 60, False)], (0, 0, 360)),
    ],
)
def test_where_no_spell_was_recorded_the_one_told_counts(
    talks: list[tuple[str, int, str | None, int | None, bool]], expected: Any
) -> None:
    assert spells_of(talks=talks, works=[("a", 420, None)]) == expected


def test_who_is_called_and_works_is_unemployed_no_more() -> None:
    talks = [("a", 40, UNEMPLOYED, 1, False)]
    assert spells_of(talks=talks, called=[("a", 410, AT_WORK)]) == (1, 1, 409)
    assert spells_of(("b", 1, None), called=[("a", 410, AT_WORK)]) == (1, 1, 409)
    assert spells_of(talks=talks, called=[("a", 410, "student")]) == (1, 0, None)


def test_a_spell_that_was_told_counts_for_nothing_where_one_was_recorded() -> None:
    talks = [("a", 40, UNEMPLOYED, 1, False)]
    assert spells_of(("a", 10, 400), talks=talks) == (1, 1, 391)
    assert spells_of(("b", 10, 400), talks=talks) == (1, 1, 400)


def test_who_turns_40_is_over_40_in_follow_me_as_its_rule_takes_it() -> None:
    text = shipped_definitions()["follow-me"]
    over = [x for x in load_definition(text, "follow-me").indicators if x.id == "over-40"]
    rows = [
        {"journey": f"j{age}", "client": f"c{age}", "accepted_on": DAY, "age_at_start": age}
        for age in (39, 40, 41)
    ]
    with filled(journeys=rows) as asked:
        [table, _] = count_all(Here(asked, "p", DAY, lambda _journey: {}), over).tables
    assert (table.figures[0].having, table.figures[0].counted) == (2, 3)
