from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from application.organisations import act, organisations_of
from application.transact import Asked
from domain.entry import By
from domain.organisation import decisions
from domain.organisation.events import Duty, NeedKind, OrganisationKind
from domain.organisation.state import duties_on, fold
from domain.refusals import IllegalTransition

ASKED = Asked(By("planner", "kuopio"), date(2024, 3, 1))
CODE = "kuopio"


@pytest.fixture
def kuopio(log):
    organisations = organisations_of(log)
    kind = OrganisationKind.MUNICIPALITY
    act(organisations, CODE, ASKED, decisions.register, name="City of Kuopio", kind=kind)
    return organisations


def publish_course(kuopio, seats: int):
    return act(
        kuopio,
        CODE,
        ASKED,
        decisions.publish_offering,
        offering="course",
        service="job-search-training",
        seats=seats,
        start=date(2024, 4, 1),
        end=date(2024, 4, 30),
        place="Kuopio",
    )


def reserve(kuopio, number: int):
    return act(
        kuopio,
        CODE,
        ASKED,
        decisions.reserve_seat,
        offering="course",
        reference=f"seat-{number}",
        client=f"client-{number}",
    )


def test_who_does_what_is_known_from_the_agreement_on(kuopio):
    act(
        kuopio,
        CODE,
        ASKED,
        decisions.sign_agreement,
        agreement="pair",
        partners=("kuopio", "te-office"),
        duties=(Duty("te-office", "referral"),),
        start=date(2024, 3, 1),
    )
    assert duties(kuopio, date(2024, 2, 29)) == ()
    assert duties(kuopio, date(2024, 3, 1)) == (Duty("te-office", "referral"),)
    act(
        kuopio,
        CODE,
        ASKED,
        decisions.end_agreement,
        agreement="pair",
        last_day=date(2024, 12, 31),
        reason="reform",
    )
    assert duties(kuopio, date(2025, 1, 1)) == ()


def duties(organisations, day):
    return duties_on(organisations.newest(f"organisation:{CODE}"), day)


def test_needs_and_seats_are_read_back_as_they_were_recorded(kuopio, log):
    act(
        kuopio,
        CODE,
        ASKED,
        decisions.publish_need,
        need="welders",
        occupation="7212",
        competences=("MIG welding",),
        openings=3,
        kind=NeedKind.ACUTE,
        by=date(2024, 6, 1),
    )
    act(kuopio, CODE, ASKED, decisions.fill_need, need="welders", reference="1", journey="j1")
    act(kuopio, CODE, ASKED, decisions.withdraw_need, need="welders", reason="no order")
    publish_course(kuopio, seats=1)
    reserve(kuopio, 1)
    act(
        kuopio,
        CODE,
        ASKED,
        decisions.release_seat,
        offering="course",
        reference="seat-1",
        reason="ill",
    )
    state = fold(log.load("organisation:kuopio"))
    assert state == kuopio.remembered("organisation:kuopio")
    assert state.needs["welders"].withdrawn_on == ASKED.on
    assert state.offerings["course"].free == 1
    assert state.version == 7


def test_many_who_reserve_at_once_get_no_more_seats_than_there_are(kuopio, log):
    publish_course(kuopio, seats=3)

    def refusal(number: int) -> str | None:
        try:
            reserve(kuopio, number)
        except IllegalTransition as refused:
            return refused.state
        return None

    with ThreadPoolExecutor(8) as people:
        refusals = list(people.map(refusal, range(12)))
    assert Counter(refusals) == {None: 3, "it is full (3 seats)": 9}
    assert fold(log.load("organisation:kuopio")).offerings["course"].free == 0
