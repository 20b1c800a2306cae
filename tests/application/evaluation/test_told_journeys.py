"""Journeys one after the other, for other tools."""

from datetime import UTC, date, datetime

from application.evaluation.asking import Moment
from application.evaluation.told_journeys import Case, seen
from domain.client import ClientRegistered
from domain.entry import By, Entry
from domain.journey.events import ReferralMade

BY = By("ville", "city")
KNOWN = datetime(2025, 3, 3, 12, tzinfo=UTC)
REFERRED = Entry(1, ReferralMade("c", "p", 1, "school", "city", "x"), date(2025, 1, 10), KNOWN, BY)
REGISTERED = Entry(1, ClientRegistered(gender="female"), date(2025, 3, 3), KNOWN, BY)


def test_who_a_client_is_is_no_matter_of_the_day_but_of_what_was_known() -> None:
    """As in the archive: who is registered later is told of days before, once it is known."""
    case = Case(
        "j",
        (REFERRED._replace(recorded_at=datetime(2025, 1, 10, tzinfo=UTC)),),
        {"c": (REGISTERED,)},
    )
    genders = [
        one.client.registered and one.client.registered.gender
        for moment in (
            Moment(date(2025, 2, 1)),
            Moment(date(2025, 2, 1), KNOWN),
            Moment(date(2025, 2, 1), datetime(2025, 2, 1, tzinfo=UTC)),
        )
        for one in seen([case], moment)
    ]
    assert genders == ["female", "female", None]
