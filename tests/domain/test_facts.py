"""Facts that a person gives must be of the catalogue, and come before what was told earlier."""

import sys
from datetime import date, timedelta
from typing import Any

import pytest

from domain.definition import Facts, FactValue
from domain.facts import FACTS, check_facts
from domain.journey import events as e
from domain.journey.facts import facts_of, used, values
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


JUDGED = date(2025, 6, 30)
TALK = e.IntakeInterviewHeld(UNEMPLOYED)
NOW_SINCE = e.Situation(
    employment=e.EmploymentStatus.UNEMPLOYED, unemployed_since=date(2024, 11, 15)
)


def spell(start: date, end: date | None = None) -> e.UnemploymentPeriodRecorded:
    return e.UnemploymentPeriodRecorded(start, end, "spell")


def work(start: date, end: date | None = None) -> e.EmploymentPeriodRecorded:
    return e.EmploymentPeriodRecorded(start, end, "work")


def followed_up(status: str, situation: e.Situation | None = None) -> e.FollowUpHeld:
    return e.FollowUpHeld(e.EmploymentStatus(status), situation=situation)


def told_of(*events: Any, on: date = JUDGED, stated: Facts | None = None) -> Facts:
    return values(facts_of(j.given(REFERRED, *events).journey, on, stated))


OF_NOBODY: Facts = {}
NOT_UNEMPLOYED = {"unemployed": False, "days_unemployed": 0, "months_unemployed": 0}


@pytest.mark.parametrize(
    ("events", "status", "known"),
    [
        ([work(date(2025, 4, 2))], "employed", NOT_UNEMPLOYED),
        ([spell(date(2023, 3, 1), date(2025, 4, 1))], None, OF_NOBODY),
        ([work(date(2025, 4, 2), date(2025, 5, 31))], None, OF_NOBODY),
        ([(followed_up("employed"), date(2025, 5, 5))], "employed", NOT_UNEMPLOYED),
        ([(followed_up("student"), date(2025, 5, 5))], "student", NOT_UNEMPLOYED),
        (
            [work(date(2025, 4, 2)), (followed_up("unemployed"), date(2025, 5, 5))],
            "unemployed",
            {"unemployed": True},
        ),
        (
            [
                work(date(2025, 4, 2)),
                (followed_up("unknown", e.Situation(education=3)), date(2025, 5, 5)),
            ],
            "employed",
            NOT_UNEMPLOYED,
        ),
        (
            [work(date(2025, 4, 2), date(2025, 4, 30)), spell(date(2025, 5, 1))],
            "unemployed",
            {
                "unemployed": True,
                "unemployed_since": date(2025, 5, 1),
                "days_unemployed": 61,
                "months_unemployed": 1,
            },
        ),
    ],
)
def test_what_is_told_last_of_working_life_holds(events, status, known):
    """Nobody who found work since the interview is found unemployed by what was told there."""
    found = told_of(
        (TALK, date(2025, 1, 9)),
        *[one if isinstance(one, tuple) else (one, date(2025, 6, 1)) for one in events],
    )
    assert {name: found[name] for name in SPELL if name in found} == known
    assert found.get("employment_status") == status


def test_what_a_follow_up_says_again_of_a_spell_leaves_its_first_day():
    found = told_of((TALK, date(2025, 1, 9)), (followed_up("unemployed"), date(2025, 5, 5)))
    assert found["unemployed_since"] == date(2023, 3, 1)
    assert found["months_unemployed"] == 27


@pytest.mark.parametrize("before", ["employed", "self-employed", "student", "inactive"])
def test_who_is_told_to_be_unemployed_since_a_day_is_nothing_else_that_was_told_before(before):
    since = e.Situation(unemployed_since=date(2025, 4, 1))
    talk = e.IntakeInterviewHeld(e.Situation(e.EmploymentStatus(before)))
    found = told_of(
        (talk, date(2025, 1, 9)),
        (followed_up("unknown", since), date(2025, 5, 5)),
    )
    assert (found["unemployed"], found["unemployed_since"]) == (True, date(2025, 4, 1))
    assert "employment_status" not in found


def test_who_was_unemployed_stays_so_where_only_the_first_day_is_told_anew():
    found = told_of(
        (e.IntakeInterviewHeld(NOW_SINCE), date(2025, 1, 9)),
        (followed_up("unknown", e.Situation(unemployed_since=date(2024, 12, 1))), date(2025, 5, 5)),
    )
    assert found["employment_status"] == "unemployed"
    assert found["unemployed_since"] == date(2024, 12, 1)


def test_who_was_at_work_at_the_interview_and_lost_it_since_is_unemployed():
    found = told_of(
        (e.IntakeInterviewHeld(AT_WORK), date(2025, 1, 9)),
        (spell(date(2025, 3, 1)), date(2025, 3, 3)),
    )
    assert (found["unemployed"], found["months_unemployed"]) == (True, 3)
    assert found["employment_status"] == "unemployed"


def test_a_spell_that_was_recorded_as_lasting_ends_with_the_work_that_began():
    found = told_of(spell(date(2024, 1, 15)), work(date(2025, 4, 2)))
    assert found["unemployed"] is False
    assert found["days_unemployed_of_last_16_months"] == 398  # 29 February 2024 to 1 April


def test_spells_without_a_day_between_are_one():
    """As reports count them. To the day of twelve months it is a year, whoever recorded it how."""
    first, second = spell(date(2025, 1, 1), date(2025, 6, 30)), spell(date(2025, 7, 1))
    journey = j.given(REFERRED, first, second).journey
    known = facts_of(journey, date(2026, 1, 1))
    assert known["months_unemployed"] == (12, (2, 3))
    assert known["unemployed_since"] == (date(2025, 1, 1), (2, 3))
    apart = j.given(REFERRED, first, spell(date(2025, 7, 2))).journey
    assert facts_of(apart, date(2026, 1, 1))["months_unemployed"] == (5, (3,))


def test_of_a_spell_within_another_the_longer_lasts():
    found = told_of(
        spell(date(2025, 1, 1), date(2025, 12, 31)), spell(date(2025, 2, 1), date(2025, 3, 1))
    )
    assert found["unemployed_since"] == date(2025, 1, 1)


@pytest.mark.parametrize("stated", [False, True])
def test_the_spell_of_now_is_among_the_days_of_16_months(stated: bool):
    """245 days of a recorded spell, and 228 of the one that was told, or is stated."""
    earlier = spell(date(2024, 3, 1), date(2024, 10, 31))
    talk = [] if stated else [(e.IntakeInterviewHeld(NOW_SINCE), date(2025, 1, 9))]
    given = {"unemployed_since": date(2024, 11, 15)} if stated else {}
    found = told_of(earlier, *talk, stated=given)
    assert found["days_unemployed_of_last_16_months"] == 245 + 228
    assert found["months_unemployed"] == 7


def test_a_spell_that_was_told_counts_until_something_else_was_told():
    earlier = spell(date(2024, 3, 1), date(2024, 10, 31))
    found = told_of(
        earlier,
        (e.IntakeInterviewHeld(NOW_SINCE), date(2025, 1, 9)),
        (work(date(2025, 4, 2)), date(2025, 4, 2)),
    )
    assert found["days_unemployed_of_last_16_months"] == 245 + 138


@pytest.mark.parametrize(
    ("stated", "stored"),
    [
        ({"unemployed_since": date(2024, 11, 15)}, ("unemployed_since", "2024-11-15", ())),
        ({"days_unemployed": 228}, ("days_unemployed", 228, ())),
    ],
)
def test_the_spell_that_is_stated_is_stored_with_the_days_it_is_counted_among(
    stated: Facts, stored: tuple[Any, ...]
):
    """Else nobody could count them again."""
    rule = j.rule("most", "days_unemployed_of_last_16_months", lambda _facts: True)
    earlier = spell(date(2024, 3, 1), date(2024, 10, 31))
    known = facts_of(j.given(REFERRED, earlier).journey, JUDGED, stated)
    assert used(known, (rule,)) == tuple(
        sorted(
            (
                e.FactUsed("days_unemployed_of_last_16_months", 473, (2,)),
                e.FactUsed(*stored),
            ),
            key=lambda one: one.name,
        )
    )


@pytest.mark.parametrize("recorded", [spell, work])
def test_a_period_without_an_end_may_be_told_to_end_on_the_last_day_there_is(recorded):
    """Other systems write so that nobody knows when it ends."""
    lasting = recorded(date(2025, 1, 1), date.max)
    later = recorded(date(2025, 2, 1), date.max)
    assert told_of(lasting, later) == told_of(recorded(date(2025, 1, 1)))


def test_a_history_of_very_many_periods_is_told_without_comparing_each_with_each():
    def calls_for(count: int) -> int:
        days = [date(2015, 1, 1) + timedelta(days=3 * number) for number in range(count)]
        journey = j.given(REFERRED, *(spell(day, day) for day in days)).journey
        calls: list[str] = []
        sys.setprofile(lambda _frame, what, _arg: calls.append(what))
        try:
            facts_of(journey, JUDGED)
        finally:
            sys.setprofile(None)
        return len(calls)

    assert calls_for(400) < 3 * calls_for(200)
