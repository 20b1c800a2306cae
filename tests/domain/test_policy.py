"""Rules judge facts: here the rules are plain functions, as any compiled rule is to the domain."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.definition import Facts, Rule, Title
from domain.policy import Eligible, NotEligible, Outcome, ask, judge, reasons, unmet
from domain.wording import English, in_language


def rule(
    name: str, says: Callable[[Facts], bool | None], *needs: str, basis: str = "Town plan"
) -> Rule:
    title = Title(en=name.replace("-", " ").capitalize(), local=name, language="fi")
    return Rule(name, title, f"text of {name}", basis, needs, says)


def known(name: str) -> Callable[[Facts], bool | None]:
    def says(facts: Facts) -> bool | None:
        value = facts.get(name)
        return None if value is None else bool(value)

    return says


WITHOUT_WORK = rule("without-work", known("unemployed"), "unemployed", basis="Act 1")
FINISHED = rule(
    "finished-school", known("finished_vocational_school"), "finished_vocational_school"
)


def test_everybody_is_eligible_where_no_rule_is_in_force():
    assert judge((), {}) == Eligible(())


def test_a_client_who_meets_every_rule_is_eligible_and_the_verdict_tells_each_rule():
    verdict = judge(
        (WITHOUT_WORK, FINISHED), {"unemployed": True, "finished_vocational_school": True}
    )
    assert isinstance(verdict, Eligible)
    assert [(r.id, r.outcome, r.basis, r.text) for r in verdict.rules] == [
        ("without-work", Outcome.MET, "Act 1", "text of without-work"),
        ("finished-school", Outcome.MET, "Town plan", "text of finished-school"),
    ]


def test_one_rule_that_is_not_met_is_enough_to_say_no_with_reason_and_basis():
    verdict = judge(
        (WITHOUT_WORK, FINISHED), {"unemployed": False, "finished_vocational_school": True}
    )
    assert isinstance(verdict, NotEligible)
    assert verdict.reasons == ("Without work: not met (Act 1)",)
    assert verdict.basis == ("Act 1",)
    assert verdict.missing == ()
    assert [r.outcome for r in verdict.rules] == [Outcome.NOT_MET, Outcome.MET]


def test_a_missing_fact_makes_no_client_eligible_and_is_named_in_words():
    verdict = judge((WITHOUT_WORK, FINISHED), {"unemployed": None})
    assert isinstance(verdict, NotEligible)
    assert verdict.missing == ("unemployed", "finished_vocational_school")
    assert verdict.reasons == (
        "Without work: cannot be told, unemployed is not known (Act 1)",
        "Finished school: cannot be told, finished vocational school is not known (Town plan)",
    )


def test_several_missing_facts_are_listed():
    both = rule("both", lambda _: None, "age", "unemployed", "plan_agreed")
    outcome = ask(both, {"age": 20})
    assert outcome.missing == ("unemployed", "plan_agreed")
    assert outcome.reason.startswith(
        "Both: cannot be told, unemployed and plan agreed are not known"
    )


def test_a_rule_that_gives_no_answer_though_its_facts_are_there_names_them_all():
    odd = rule("odd", lambda _: None, "age")
    assert ask(odd, {"age": 20}).missing == ("age",)


def test_a_basis_shared_by_two_rules_is_told_once():
    twin = rule("twin", known("unemployed"), "unemployed", basis="Act 1")
    verdict = judge((WITHOUT_WORK, twin), {"unemployed": False})
    assert isinstance(verdict, NotEligible)
    assert len(verdict.reasons) == 2
    assert verdict.basis == ("Act 1",)


def test_requirements_of_a_phase_give_back_only_what_is_not_met():
    facts = {"unemployed": True, "finished_vocational_school": False}
    assert [r.id for r in unmet((WITHOUT_WORK, FINISHED), facts)] == ["finished-school"]
    assert unmet((WITHOUT_WORK,), facts) == ()


@pytest.mark.parametrize("outcome", [True, False, None])
def test_the_reason_is_empty_only_where_the_rule_is_met(outcome: bool | None):
    answer = ask(rule("any", lambda _: outcome, "age"), {})
    assert (answer.reason == "") is (outcome is True)


@given(st.lists(st.sampled_from([True, False, None]), max_size=6))
def test_a_client_is_eligible_exactly_where_every_rule_says_yes(answers: list[bool | None]):
    rules = [rule(f"rule-{i}", lambda _, a=a: a, "age") for i, a in enumerate(answers)]
    verdict = judge(rules, {})
    assert isinstance(verdict, Eligible) is all(a is True for a in answers)
    assert len(verdict.rules) == len(answers)
    if isinstance(verdict, NotEligible):
        assert len(verdict.reasons) == sum(a is not True for a in answers)


def test_reasons_can_be_told_in_the_language_of_the_place():
    """Each with the title of its rule there, and a basis where the definition says it there."""
    spoken = type("Finnish", (English,), {"language": "fi"})()
    rules = (WITHOUT_WORK, FINISHED)
    outcomes = unmet(rules, {"unemployed": False, "finished_vocational_school": False})
    both = reasons(outcomes, rules, (Title(en="Act 1", local="Laki 1", language="fi"),))
    assert both == (outcomes[0].reason, outcomes[1].reason)
    assert [in_language(one, spoken) for one in both] == [
        "without-work: not met (Laki 1)",
        "finished-school: not met (Town plan)",
    ]
