"""Rules in CEL: three-valued answers, and what the checker lets through."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.facts import EMPLOYMENT_STATUSES, FACTS
from domain.journey.events import EmploymentStatus
from infrastructure.rule_trials import examine
from infrastructure.rules import BadRule, compile_rule

CODES = {
    "channels": ("own-contact", "school"),
    "service_lines": ("line-1", "line-2"),
    "disadvantages": ("prison", "migration"),
}
YES, NO, UNKNOWN = True, False, None


@pytest.mark.parametrize(("left", "right"), list(product([YES, NO, UNKNOWN], repeat=2)))
def test_or_and_and_follow_three_valued_logic_on_both_sides(left: bool | None, right: bool | None):
    facts = {"accepted": left, "eligible": right}
    either = True if True in (left, right) else None if None in (left, right) else False
    both = False if False in (left, right) else None if None in (left, right) else True
    assert compile_rule("accepted || eligible")(facts) is either
    assert compile_rule("accepted && eligible")(facts) is both


def test_not_of_something_unknown_is_unknown():
    rule = compile_rule("!accepted")
    assert [rule({"accepted": v}) for v in (YES, NO, UNKNOWN)] == [False, True, None]


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"months_unemployed": 12}, True),
        ({"months_unemployed": 11}, None),
        ({"months_unemployed": 11, "age": 30}, False),
        ({"months_unemployed": 11, "age": 29}, None),
        ({"months_unemployed": 11, "finished_vocational_school": False}, False),
        ({"age": 29, "finished_vocational_school": True}, True),
        ({"age": 30, "finished_vocational_school": True}, None),
        ({"months_unemployed": None, "age": 29, "finished_vocational_school": True}, True),
        ({}, None),
    ],
)
def test_a_missing_fact_matters_only_where_it_would_decide(
    facts: dict[str, int | bool | None], answer: bool | None
):
    rule = compile_rule("months_unemployed >= 12 || (age < 30 && finished_vocational_school)")
    assert rule(facts) is answer


def test_a_comparison_with_a_missing_fact_is_never_true_by_accident():
    for text in (
        'employment_status != "employed"',
        'employment_status in ["employed"]',
        'employment_status == "employed"',
        "size(disadvantages) == 0",
        'disadvantages.all(d, d == "prison")',
        "unemployed ? accepted : accepted",
    ):
        assert compile_rule(text)({"accepted": True}) is None, text


def test_days_are_compared_as_days():
    rule = compile_rule('unemployed_since <= timestamp("2025-03-01T00:00:00Z")')
    assert rule({"unemployed_since": date(2025, 3, 1)}) is True
    assert rule({"unemployed_since": date(2025, 3, 2)}) is False


def test_lists_of_codes_can_be_searched():
    rule = compile_rule('disadvantages.exists(d, d in ["prison", "migration"])')
    assert rule({"disadvantages": ("prison",)}) is True
    assert rule({"disadvantages": ("poverty",)}) is False
    assert rule({"disadvantages": ()}) is False
    assert rule.needs == ("disadvantages",)


def test_a_fact_of_a_wrong_type_gives_no_answer_instead_of_an_error():
    assert compile_rule("age >= 18")({"age": "eighteen"}) is None
    assert compile_rule("accepted")({"accepted": 1}) is None


def test_a_rule_says_the_same_after_pickling():
    rule = compile_rule("age >= 18")
    again = pickle.loads(pickle.dumps(rule))  # noqa: S301
    assert again == rule
    assert again({"age": 18}) is True


def test_a_rule_compiled_in_one_thread_can_be_asked_in_others():
    rule = compile_rule("age >= 18 && unemployed")
    ages = list(range(200))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda age: rule({"age": age, "unemployed": True}), ages))
    assert answers == [age >= 18 for age in ages]


def test_a_rule_names_the_facts_it_needs():
    assert compile_rule("age > 40 && (unemployed || accepted)").needs == (
        "accepted",
        "age",
        "unemployed",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("months_unemploied > 3", "did you mean months_unemployed"),
        ("unemployed and accepted", "at character 12"),
        ("unemployed ||\n(accepted", "at line 2"),
        ("starts_with(municipality)", "there is no function 'starts_with'"),
    ],
)
def test_a_bad_rule_is_explained(text: str, told: str):
    with pytest.raises(BadRule) as bad:
        compile_rule(text)
    assert told in str(bad.value)


@pytest.mark.parametrize(
    "text",
    [
        "unemployed",
        "!unemployed && age >= 16",
        "age >= 18 && age < 30 && age != 20",
        "18 <= age",
        'channel in ["own-contact", "school"] || service_line == "line-2"',
        'municipality == "anywhere"',
        'from_organisation.startsWith("school-")' + ' || from_organisation == "school-x"',
        "size(disadvantages) >= 2",
        '"prison" in disadvantages && !("migration" in disadvantages)',
        'disadvantages.exists(d, d != "prison")',
        "accepted ? team_size >= 2 : team_organisations >= 3",
        "days_unemployed / 30 >= 12",
        "education_isced in [3, 4]",
        'unemployed_since < timestamp("2025-01-01T00:00:00Z")',
        '"client" in feedback_given',
        'employment_status == "student" && unemployed_since < timestamp("2025-01-01T00:00:00Z")',
        " && ".join(name for name, fact in FACTS.items() if fact.type == "bool"),
    ],
)
def test_a_sound_rule_passes_its_trials(text: str):
    assert examine(compile_rule(text), CODES) == []


@settings(deadline=None)
@given(st.text(alphabet="ae()&|!<>=\"'[]., 0123456789?:+-*/%\\\nunemployd_", max_size=60))
def test_no_text_makes_the_compiler_or_the_trials_fail(text: str):
    try:
        faults = examine(compile_rule(text), CODES)
    except BadRule as bad:
        faults = list(bad.faults)
    assert all(fault.code and fault.message for fault in faults)


def test_employment_statuses_are_those_of_the_events():
    assert set(EMPLOYMENT_STATUSES) == {s.value for s in EmploymentStatus} - {"unknown"}


def test_every_fact_has_its_own_name_and_is_explained():
    assert all(name == fact.name and name.isidentifier() for name, fact in FACTS.items())
    assert all(fact.title and fact.description.endswith(".") for fact in FACTS.values())


def test_the_engine_comes_without_the_command_line_of_its_package():
    asked = "import sys; import infrastructure.rules; print('prompt_toolkit' in sys.modules)"
    came_late = "; import cel.cli; print(callable(cel.cli.main))"
    command = [sys.executable, "-c", asked + came_late]
    assert subprocess.check_output(command, text=True).split() == ["False", "True"]
