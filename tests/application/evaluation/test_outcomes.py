"""What is not known of a journey is missing from a figure, and never taken for a no."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from application.evaluation.asking import Moment
from application.evaluation.followed import followed
from application.evaluation.outcomes import outcome
from application.ports import Recorded
from domain.client import ClientRegistered
from domain.entry import By, Entry
from domain.facts import EmploymentStatus as Status
from domain.journey import events as e

DAY = date(2025, 3, 3)


def values(measure: str, *events: Any, born: int | None = 2000) -> list[float] | None:
    """What a journey with these events adds to a measure."""
    return came_of(f"measure:{measure}", *events, born=born)


def came_of(
    what: str, *events: Any, born: int | None = 2000, last: date = date(2025, 6, 1)
) -> list[float] | None:
    """What a journey with these events adds to an outcome by the last day."""
    told = (e.ReferralMade("c", "p", 1, "a", "a", "desk"), e.ReferralAccepted(), *events)
    recorded = [("client:c", 1, ClientRegistered(birth_year=born))]
    recorded += [("journey:j", version, event) for version, event in enumerate(told, 1)]
    entries = [
        Recorded(stream, Entry(version, event, DAY, datetime(2025, 3, 4, tzinfo=UTC), By("w", "a")))
        for stream, version, event in recorded
    ]
    (one,) = followed(entries, "p", Moment(last))
    return outcome(what).values(one, last)


@pytest.mark.parametrize(
    ("destination", "onward", "to_work"),
    [
        ("employment", [1.0], [1.0]),
        ("education-or-training", [1.0], [0.0]),
        ("moved-away", [0.0], [0.0]),
        ("unknown", None, None),
    ],
)
def test_an_end_nobody_knows_of_is_missing(destination: str, onward: Any, to_work: Any) -> None:
    closed = e.JourneyClosed("completed", destination)
    assert values("follow-up-path", closed) == onward
    assert values("employment", closed) == to_work


def test_days_from_one_time_to_the_next_are_not_those_to_itself() -> None:
    one, other = (e.EmploymentPeriodRecorded(date(2025, 4, x), None, "part-time") for x in (1, 11))
    measure = "days:employment-period-recorded..employment-period-recorded"
    assert came_of(measure, one) is None
    assert came_of(measure, other, one) == [10.0]


def test_a_journey_that_goes_on_does_not_count() -> None:
    assert values("follow-up-path") == []


@pytest.mark.parametrize(
    ("situation", "born", "young"),
    [
        (e.Situation(Status.UNEMPLOYED), 2000, [1.0]),
        (e.Situation(Status.EMPLOYED, threatened_by_unemployment=True), 2000, [1.0]),
        (e.Situation(Status.EMPLOYED, threatened_by_unemployment=False), 2000, [0.0]),
        (e.Situation(Status.EMPLOYED), 2000, None),
        (e.Situation(threatened_by_unemployment=False), 2000, None),
        (e.Situation(), 1960, [0.0]),
        (e.Situation(Status.UNEMPLOYED), None, None),
    ],
)
def test_who_may_be_young_and_at_stake_is_missing(
    situation: e.Situation, born: int | None, young: Any
) -> None:
    told = e.IntakeInterviewHeld(situation)
    assert values("young-unemployed-or-threatened", told, born=born) == young


WORK = "employment-period-recorded"


@pytest.mark.parametrize(
    ("first_day", "came", "within_60_days", "within_120_days", "days"),
    [
        (date(2025, 2, 1), 1.0, 0.0, None, None),  # before the start: it came of nothing here
        (DAY, 1.0, 1.0, None, 0.0),
        (date(2025, 5, 2), 1.0, 1.0, None, 60.0),
        (date(2025, 5, 3), 1.0, 0.0, None, 61.0),
        (date(2025, 6, 1), 1.0, 0.0, None, 90.0),
        (date(2025, 6, 2), 0.0, 0.0, None, None),  # agreed, and not begun by 1 June
    ],
)
def test_work_counts_from_its_first_day_on(
    first_day: date,
    came: float,
    within_60_days: float,
    within_120_days: float | None,
    days: float | None,
) -> None:
    """Nobody was followed for 120 days: of whom it came to already it is not told, either."""
    work = e.EmploymentPeriodRecorded(first_day, None, "full-time")
    outcomes = (WORK, f"within:60:{WORK}", f"within:120:{WORK}", f"days:referral-accepted..{WORK}")
    found = [came_of(what, work) for what in outcomes]
    wanted = (came, within_60_days, within_120_days, days)
    assert found == [None if one is None else [one] for one in wanted]


def test_a_share_within_so_many_days_is_the_same_of_those_who_began_lately() -> None:
    """Of each three one finds work after 30 days: of who began 40 days ago not all have."""
    shares = []
    for ago in (40, 60, 100):
        last = DAY + timedelta(days=ago)
        work = e.EmploymentPeriodRecorded(DAY + timedelta(days=30), None, "full-time")
        told = [came_of(f"within:60:{WORK}", *events, last=last) for events in ((work,), (), ())]
        known = [one[0] for one in told if one is not None]
        shares.append(sum(known) / len(known) if known else None)
    assert shares == [None, 1 / 3, 1 / 3]
