"""A verdict put to other rules, and the first day with a yes."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.evaluation.verdicts_again import (
    Answer,
    ToldOf,
    asked_then,
    changes_of,
    counts_days,
    each_day,
    facts_kept,
    first_day,
    judge_again,
    rules_on,
)
from domain.definition import Definition, Participant
from domain.journey import events as e
from domain.policy import Outcome, RuleOutcome
from infrastructure.definitions import load_definition, shipped_definitions
from tests.domain import journeys as j

DAY = date(2025, 3, 3)
YEAR, FIRST = (
    j.definition().rules_in_force(date(2025, 3, 1), "city"),
    (j.rule("unemployed", "unemployed", j.fact_is_true("unemployed")),),
)


@cache
def savo() -> Definition:
    return load_definition(shipped_definitions()["etela-savo"], "etela-savo.yaml")


def verdict(*, eligible: bool, missing: tuple[str, ...] = (), **facts: object):
    outcome = Outcome.MET if eligible else Outcome.UNKNOWN if missing else Outcome.NOT_MET
    rule = RuleOutcome("r", "R", outcome, "basis", "text", missing)
    used = tuple(e.FactUsed(name, value) for name, value in facts.items())
    return e.EligibilityAssessed(1, "city", eligible, used, (rule,))


def test_the_same_rules_say_the_same():
    made = verdict(eligible=False, months_unemployed=3)
    assert judge_again(asked_then(made), DAY, YEAR, facts_kept(made)).eligible is False
    made = verdict(eligible=True, months_unemployed=12)
    assert judge_again(asked_then(made), DAY, YEAR, facts_kept(made)) == Answer(eligible=True)


def test_what_was_asked_then_and_not_known_stays_unknown():
    made = verdict(eligible=False, missing=("unemployed",), months_unemployed=3)
    answer = judge_again(
        asked_then(made), DAY, FIRST, facts_kept(made), lambda: {"unemployed": True}
    )
    assert answer.eligible is False


def test_what_follows_from_the_facts_is_used_then_what_was_told_later():
    made = verdict(eligible=False, months_unemployed=3)
    assert judge_again(asked_then(made), DAY, FIRST, facts_kept(made)) == Answer(eligible=True)
    made = verdict(eligible=False, months_unemployed=0)
    later = judge_again(
        asked_then(made), DAY, FIRST, facts_kept(made), lambda: {"unemployed": True}
    )
    assert later == Answer(eligible=True, later=True)
    assert judge_again(asked_then(made), DAY, FIRST, facts_kept(made)) == Answer(
        None, unasked=("unemployed",)
    )


def test_a_rule_that_says_no_needs_no_other_fact():
    made = verdict(eligible=False, months_unemployed=0)
    answer = judge_again(asked_then(made), DAY, (*YEAR, *FIRST), facts_kept(made))
    assert answer.eligible is False
    assert len(answer.reasons) == 2


@pytest.mark.parametrize(
    ("day", "referred", "changes", "why"),
    [
        (date(2024, 11, 30), DAY, {}, "the programme begins on 2024-12-01"),
        (DAY, DAY, {"effective_until": DAY}, "the programme ends on 2025-03-03"),
        (DAY, DAY, {"organisations": ()}, "mikkeli does not take part then"),
        (DAY, DAY, {"since": date(2025, 4, 1)}, "mikkeli does not take part then"),
        (DAY, DAY, {"until": DAY}, "mikkeli does not take part then"),
    ],
)
def test_where_and_when_a_programme_is_not_run_nobody_is_let_in(day, referred, changes, why):
    period = {name: changes.pop(name) for name in ("since", "until") if name in changes}
    part = Participant("mikkeli", j.title("Mikkeli"), ("municipality",), **period)
    definition = replace(savo(), **{"organisations": (part,), **changes})
    rules = rules_on(definition, day, "mikkeli", referred)
    assert not isinstance(rules, tuple)
    assert why in rules
    assert judge_again(frozenset(), day, rules, {}).reasons == (rules,)


def test_who_was_referred_before_an_organisation_left_is_judged_still():
    part = Participant("mikkeli", j.title("Mikkeli"), ("municipality",), until=DAY)
    definition = replace(savo(), organisations=(part,))
    assert isinstance(rules_on(definition, DAY, "mikkeli", DAY - timedelta(days=1)), tuple)


def in_mikkeli(day: date):
    return rules_on(savo(), day, "mikkeli", day)


@given(
    since=st.dates(date(2023, 6, 1), date(2026, 1, 1)),
    days=st.integers(0, 600),
    born=st.dates(date(1994, 6, 1), date(1997, 6, 1)),
    guidance=st.booleans(),
)
@settings(max_examples=30)
def test_the_first_day_is_that_which_asking_on_every_day_would_find(since, days, born, guidance):
    told_on = since + timedelta(days=days)
    facts = {
        "unemployed_since": since,
        "service_line": "line-1",
        "finished_vocational_school": True,
        "needs_more_guidance": guidance,
    }
    told = ToldOf(facts, told_on, born)
    referred = told_on - timedelta(days=min(days, 5))
    found = first_day(told, in_mikkeli, changes_of(savo()), referred)
    every = (day for day in each_day(since, told_on) if isinstance(in_mikkeli(day), tuple))
    first = next(
        (day for day in every if all(rule.says(told.at(day)) for rule in in_mikkeli(day))), None
    )
    assert (found.day if found else None) == first
    daily = first_day(told, in_mikkeli, (), referred, daily=True)
    assert daily == found


def test_a_length_in_months_gives_a_day_at_the_latest():
    told = ToldOf({"months_unemployed": 14, "service_line": "line-1"}, date(2025, 3, 15))
    found = first_day(told, in_mikkeli, changes_of(savo()), date(2025, 3, 10))
    assert found is not None
    assert (found.day, found.exact) == (date(2025, 1, 15), False)


def test_nothing_tells_of_a_day_without_facts():
    assert first_day(ToldOf({}, DAY), in_mikkeli, (), DAY) is None


def test_rules_that_count_days_are_asked_for_every_day():
    assert not counts_days(savo())
    rule = replace(savo().eligibility[0].rule, needs=("days_unemployed",))
    dated = replace(savo().eligibility[0], rule=rule)
    assert counts_days(replace(savo(), eligibility=(dated,)))
