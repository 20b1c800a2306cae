"""Facts that a person gives must be of the catalogue, and come before what was told earlier."""

from datetime import date

import pytest

from domain.definition import Facts, FactValue
from domain.facts import FACTS, check_facts
from domain.journey import events as e
from domain.journey.facts import facts_of, values
from domain.refusals import InvalidField
from tests.domain import journeys as j


def test_facts_of_the_catalogue_fit_and_what_is_not_known_always_does():
    """None of them is refused."""
    check_facts(
        {
            "age": 41,
            "unemployed": True,
            "unemployed_since": date(2025, 3, 1),
            "employment_status": "unemployed",
            "disadvantages": ("prison",),
            "municipality": "anywhere",
            "feedback_given": (),
        }
    )
    check_facts(dict.fromkeys(FACTS))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("agee", 41, "there is no such fact"),
        ("age", "41", "a whole number is wanted"),
        ("age", True, "a whole number is wanted"),
        ("unemployed", 1, "true or false is wanted"),
        ("unemployed_since", "2025-03-01", "a day is wanted"),
        ("employment_status", "jobless", "'jobless' is not one of employed"),
        ("disadvantages", "prison", "a list of codes is wanted"),
        ("feedback_given", ("client", "neighbour"), "'neighbour' is not one of client"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_name(name: str, value: FactValue, told: str):
    with pytest.raises(InvalidField) as refused:
        check_facts({name: value})
    assert refused.value.field == name
    assert told in refused.value.message


REFERRED = (e.ReferralMade("c", "trial", 1, "state", "city", "walk-in"), date(2025, 1, 2))
UNEMPLOYED = e.Situation(
    employment=e.EmploymentStatus.UNEMPLOYED, unemployed_since=date(2023, 3, 1)
)
AT_WORK = e.Situation(employment=e.EmploymentStatus.EMPLOYED)
SPELL = ("unemployed", "unemployed_since", "days_unemployed", "months_unemployed")


@pytest.mark.parametrize(
    ("told", "stated", "known"),
    [
        (UNEMPLOYED, {"employment_status": "employed"}, {"unemployed": False}),
        (UNEMPLOYED, {"unemployed": False}, {"unemployed": False}),
        (AT_WORK, {"employment_status": "unemployed"}, {"unemployed": True}),
        (AT_WORK, {"unemployed": True}, {"unemployed": True}),
        (
            AT_WORK,
            {"unemployed": True, "months_unemployed": 2},
            {"unemployed": True, "months_unemployed": 2},
        ),
        (UNEMPLOYED, {"days_unemployed": 0}, {"unemployed": False, "days_unemployed": 0}),
        (AT_WORK, {"months_unemployed": 2}, {"unemployed": True, "months_unemployed": 2}),
        (
            AT_WORK,
            {"unemployed_since": date(2025, 5, 31)},
            {
                "unemployed": True,
                "unemployed_since": date(2025, 5, 31),
                "days_unemployed": 2,
                "months_unemployed": 0,
            },
        ),
    ],
)
def test_what_is_stated_ends_what_was_told_of_working_life_before(
    told: e.Situation, stated: Facts, known: Facts
):
    """No rule finds somebody unemployed for two years who is stated to be at work, or 0 days."""
    journey = j.given(REFERRED, (e.IntakeInterviewHeld(told), date(2025, 1, 9))).journey
    found = values(facts_of(journey, date(2025, 6, 1), stated))
    assert {name: found[name] for name in SPELL if name in found} == known
    assert found.get("employment_status") == stated.get("employment_status")


@pytest.mark.parametrize(
    "stated",
    [
        {"unemployed": True},
        {"employment_status": "unemployed"},
        {"employment_status": "unknown"},
        {"age": 41},
        {"unemployed": None},
    ],
)
def test_what_was_told_of_a_spell_stays_where_nothing_else_is_stated(stated: Facts):
    journey = j.given(REFERRED, (e.IntakeInterviewHeld(UNEMPLOYED), date(2025, 1, 9))).journey
    found = values(facts_of(journey, date(2025, 6, 1), stated))
    assert found["unemployed"] is True
    assert found["unemployed_since"] == date(2023, 3, 1)
    assert found["months_unemployed"] == 27
