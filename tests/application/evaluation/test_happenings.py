"""On which days something happened, by what is in force."""

from datetime import date, timedelta

import pytest

from application.evaluation.happenings import happening
from domain.journey import events as e
from domain.journey.history import as_it_happened
from tests.domain import journeys as j

FIRST, LAST = j.DAY, j.DAY + timedelta(days=90)
TOLD = (
    (e.EmploymentPeriodRecorded(FIRST, None, "full-time"), FIRST),
    (e.EmploymentPeriodRecorded(LAST, None, "full-time"), LAST),
    (e.UnemploymentPeriodRecorded(FIRST, None, "part-time"), FIRST),
    (e.EmploymentPeriodRecorded(FIRST, LAST, "part-time"), FIRST + timedelta(days=1)),
)


@pytest.mark.parametrize(
    ("name", "days", "recorded_the_other_way_round"),
    [
        ("employment-period-recorded", [FIRST, LAST], [FIRST, LAST]),
        ("employment-period-recorded:part-time", [FIRST], []),
        ("employment-period-recorded:full-time", [LAST], [FIRST, LAST]),
        ("unemployment-period-recorded:part-time", [FIRST], [FIRST]),
    ],
)
def test_of_two_records_of_one_period_the_newer_says_its_kind(
    name: str, days: list[date], recorded_the_other_way_round: list[date]
) -> None:
    """An end is recorded as the same period once more, whichever was told of the earlier day."""
    for told, expected in ((TOLD, days), (TOLD[::-1], recorded_the_other_way_round)):
        entries = as_it_happened(j.given(*told).in_force)
        assert sorted(happening(name).days(entries, LAST)) == expected


def test_two_benefits_from_one_day_are_two_periods() -> None:
    both = (
        e.BenefitPeriodRecorded(FIRST, None, "subsidy"),
        e.BenefitPeriodRecorded(FIRST, None, "housing"),
        e.BenefitPeriodRecorded(FIRST, LAST, "subsidy"),
    )
    entries = as_it_happened(j.given(*both).in_force)
    days = {
        kind: [*happening(f"benefit-period-recorded{kind}").days(entries, LAST)]
        for kind in ("", ":subsidy", ":housing", ":other")
    }
    assert days == {"": [FIRST, FIRST], ":subsidy": [FIRST], ":housing": [FIRST], ":other": []}


NEEDED = e.ServiceNeedsDefined(("language", "job-search"), "line-2")
HELD = e.FollowUpHeld(e.EmploymentStatus.EMPLOYED, support_needed=("debt-advice",))
TOLD_IN = e.IntakeInterviewHeld(
    e.Situation(e.EmploymentStatus.UNEMPLOYED, disadvantages=("long-term-unemployed",))
)


@pytest.mark.parametrize(
    ("name", "event", "is_there"),
    [
        ("service-needs-defined:job-search", NEEDED, True),
        ("service-needs-defined:line-2", NEEDED, True),
        ("service-needs-defined:skills", NEEDED, False),
        ("follow-up-held:debt-advice", HELD, True),
        ("follow-up-held:employed", HELD, True),
        ("intake-interview-held:unemployed", TOLD_IN, True),
        ("intake-interview-held:long-term-unemployed", TOLD_IN, True),
        ("intake-interview-held:employed", TOLD_IN, False),
    ],
)
def test_a_code_is_one_of_several_that_an_event_carries(
    name: str, event: e.JourneyEvent, is_there: bool
) -> None:
    assert happening(name).is_in(j.entry(1, event)) is is_there
