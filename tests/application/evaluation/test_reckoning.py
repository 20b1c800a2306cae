"""In which municipality a client is reckoned: by the register, as told, or by who serves them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from application.evaluation.reckoning import flows_of, payments_of
from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.journey import events as e
from infrastructure.definitions import shipped_definitions
from tests.application.simulated import Stage, stage

DAY = date(2025, 6, 30)
BY = By("somebody", "somewhere")


def place(*journeys: tuple[str, Sequence[tuple[date, e.JourneyEvent]]], lives: str | None) -> str:
    """Return where the one client of some journeys is reckoned."""
    with stage(first=DAY) as here:
        here.publish("etela-savo", shipped_definitions()["etela-savo"])
        registered = ClientRegistered(Personal("A"), municipality=lives)
        write(here, "client:c", [(date(2025, 1, 2), registered)])
        for journey, told in journeys:
            write(here, f"journey:{journey}", told)
        (client,) = payments_of(here.office, "etela-savo", DAY, None, None, lambda *_: None).clients
        return client.municipality


def write(here: Stage, stream: str, told: Sequence[tuple[date, object]]) -> None:
    fresh = tuple(Fresh(event, day, None) for day, event in told)
    here.log.append(Append(stream, 0, fresh, BY))


def began(to: str, day: date = date(2025, 2, 3)) -> list[tuple[date, e.JourneyEvent]]:
    made = e.ReferralMade("c", "etela-savo", 1, "te-office", to, "te-office-referral", "line-1")
    return [(day, made), (day, e.ReferralAccepted())]


def interview(municipality: str | None) -> tuple[date, e.JourneyEvent]:
    return date(2025, 2, 5), e.IntakeInterviewHeld(e.Situation(municipality=municipality))


HANDED_OVER = (date(2025, 3, 3), e.HandoverAccepted("social-services", "worker-1"))


@pytest.mark.parametrize("lives", [None, ""])
def test_where_a_client_was_told_to_live_comes_before_who_serves_them(lives):
    """As `report` and `compare` tell them apart by municipality."""
    told = [*began("mikkeli"), interview("savonlinna")]
    assert place(("j", told), lives=lives) == "savonlinna"


def test_the_register_says_where_a_client_lives_before_all_else():
    told = [*began("mikkeli"), interview("savonlinna")]
    assert place(("j", told), lives="kangasniemi") == "kangasniemi"


def test_else_it_is_where_the_organisation_responsible_is():
    told = [*began("mikkeli"), interview(None)]
    assert place(("j", told), lives=None) == "mikkeli"
    moved = [*told, (date(2025, 3, 3), e.HandoverAccepted("savonlinna", "worker-1"))]
    assert place(("j", moved), lives=None) == "savonlinna"


def test_an_organisation_of_no_municipality_does_not_take_the_client_out_of_theirs():
    told = [*began("mikkeli"), interview(None), HANDED_OVER]
    assert place(("j", told), lives=None) == "mikkeli"


def test_of_several_journeys_the_one_that_says_the_start_says_where_it_was():
    """Whatever their ids are."""
    later = began("savonlinna", date(2025, 5, 5))
    assert place(("a", later), ("b", began("mikkeli")), lives=None) == "mikkeli"


@pytest.mark.parametrize("known_at", [None, datetime(2035, 7, 1, tzinfo=UTC)])
def test_nothing_is_known_of_days_after_today_whenever_it_is_to_be_known(known_at):
    work = e.EmploymentPeriodRecorded(date(2025, 6, 23), None, "wage-subsidised-work")
    told = [*began("mikkeli"), (date(2025, 6, 23), work)]
    asked = "etela-savo", date(2035, 6, 30), known_at, None, lambda *_: None
    with stage(first=DAY) as here:
        here.publish("etela-savo", shipped_definitions()["etela-savo"])
        write(here, "client:c", [(date(2025, 1, 2), ClientRegistered(Personal("A")))])
        write(here, "journey:j", told)
        found = payments_of(here.office, *asked)
        (client,) = found.clients
        assert (found.until, client.at_work) == (DAY, 6)
        programme, day, _, _, progress = asked
        flowed = flows_of(here.office, programme, day, known_at, 12, progress)
        assert flowed.months[-1].month == date(2025, 6, 1)
