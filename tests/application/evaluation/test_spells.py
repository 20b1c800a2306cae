"""For how long journeys are followed from one event until another, and how that ends."""

from datetime import date, timedelta

import pytest

from application.evaluation.followed import Followed
from application.evaluation.happenings import happening
from application.evaluation.spells import Span, stay_of
from application.evaluation.survival import AWAITED, CENSORED, Stay
from domain.client import UNKNOWN
from domain.journey import events as e
from domain.journey.history import as_it_happened
from tests.domain import journeys as j

BEGAN = j.DAY
WORK = "employment-period-recorded"


def on(days: int) -> date:
    return BEGAN + timedelta(days=days)


def stay(
    *told: tuple[e.JourneyEvent, date],
    ends_at_closing: bool,
    until: str = WORK,
    begins: str = "referral-accepted",
) -> Stay:
    """The stay from the acceptance until work, by day 300."""
    begun = ((e.ReferralMade("c", "p", 1, "a", "a", "desk"), BEGAN), (e.ReferralAccepted(), BEGAN))
    seen = j.given(*begun, *told)
    entries = tuple(as_it_happened(seen.in_force))
    one = Followed("j", entries, seen.journey, UNKNOWN, BEGAN, claimed=False)
    competing = () if until == WORK else (happening(WORK),)
    span = Span(happening(begins), happening(until), competing, ends_at_closing)
    found = stay_of(one, span, on(300))
    assert found is not None
    return found


def worked(days: int) -> tuple[e.JourneyEvent, date]:
    return e.EmploymentPeriodRecorded(on(days), None, "full-time"), on(days)


CLOSED = (e.JourneyClosed("completed", "other"), on(100))
OPENED = (e.JourneyReopened("came back"), on(120))


@pytest.mark.parametrize(
    ("told", "followed_on", "followed_until_closing"),
    [
        ((), Stay(300, CENSORED), Stay(300, CENSORED)),
        ((CLOSED,), Stay(300, CENSORED), Stay(100, CENSORED)),
        ((worked(40), CLOSED), Stay(40, AWAITED), Stay(40, AWAITED)),
        ((worked(100), CLOSED), Stay(100, AWAITED), Stay(100, AWAITED)),
        ((CLOSED, worked(150)), Stay(150, AWAITED), Stay(100, CENSORED)),
        ((CLOSED, OPENED, worked(150)), Stay(150, AWAITED), Stay(150, AWAITED)),
        ((CLOSED, OPENED), Stay(300, CENSORED), Stay(300, CENSORED)),
    ],
)
def test_whoever_is_followed_until_the_closing_is_so_whatever_came_after_it(
    told: tuple[tuple[e.JourneyEvent, date], ...], followed_on: Stay, followed_until_closing: Stay
) -> None:
    """Else those alone are followed on to whom it came: on that day it comes to all at risk."""
    assert stay(*told, ends_at_closing=False) == followed_on
    assert stay(*told, ends_at_closing=True) == followed_until_closing


def test_what_competes_is_left_out_after_the_closing_too() -> None:
    told = (CLOSED, worked(150))
    ways = (stay(*told, ends_at_closing=x, until="placement-started") for x in (False, True))
    assert [*ways] == [Stay(150, 2), Stay(100, CENSORED)]


PLACED = "placement-started"


def placed(days: int) -> tuple[e.JourneyEvent, date]:
    return e.PlacementStarted(f"p-{days}"), on(days)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((placed(10),), Stay(290, CENSORED)),
        ((placed(10), placed(45)), Stay(35, AWAITED)),
        ((placed(10), placed(10)), Stay(0, AWAITED)),
        ((placed(10), CLOSED, OPENED, placed(130), placed(200)), Stay(120, AWAITED)),
        ((placed(10), CLOSED, placed(130)), Stay(90, CENSORED)),
    ],
)
def test_what_begins_a_spell_does_not_end_it(
    told: tuple[tuple[e.JourneyEvent, date], ...], expected: Stay
) -> None:
    """From one placement until the next: each had come to it on day 0, whoever had one."""
    assert stay(*told, ends_at_closing=True, until=PLACED, begins=PLACED) == expected


def test_an_entry_does_not_end_what_it_begins_by_another_name() -> None:
    """One with a code begins it, any of them ends it, and the other way round."""
    told = (CLOSED, OPENED, (e.JourneyClosed("ended", "work"), on(140)))
    ways = [("journey-closed:ended", "journey-closed"), ("journey-closed", "journey-closed:ended")]
    found = [stay(*told, ends_at_closing=False, until=b, begins=a) for a, b in ways]
    assert found == [Stay(160, CENSORED), Stay(40, AWAITED)]


def test_what_begins_a_spell_does_not_come_first_instead_either() -> None:
    told = (worked(20), placed(50))
    assert stay(*told, ends_at_closing=False, until=PLACED, begins=WORK) == Stay(30, AWAITED)
    again = (worked(20), worked(40), placed(50))
    assert stay(*again, ends_at_closing=False, until=PLACED, begins=WORK) == Stay(20, 2)
