"""Opening a journey out of scope with a reason, and what an audit reads of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from application.accesses import Wanted, has_opened, open_journey, openings, readings, with_opened
from application.journeys import UnknownJourney, history
from application.permissions import Denied, NotAllowed
from application.ports import Append, Fresh, KeyReused
from application.scope import PURPOSES, Role, Scope, keys_of, may_see
from domain.access import Answered, ReadingsRecorded, Subject
from domain.entry import By, Personal
from domain.journey import events as e
from domain.refusals import IllegalTransition, InvalidField
from infrastructure.event_log import open_log
from tests.application.conftest import publish_trial, referred
from tests.domain import journeys as j

WHY = Personal("she sits before me, and her worker is ill")


def scope(person="vera", role=Role.CASE_WORKER, organisation="kuopio", **more) -> Scope:
    return Scope(person, role, organisation, PURPOSES[role][0], **more)


class Clock:
    """A clock that stands where it is put."""

    instant = datetime(2025, 6, 2, 9, tzinfo=UTC)

    def __call__(self):
        return self.instant


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(database_url, clock, office_of):
    with open_log(database_url, clock=clock) as log:
        publish_trial(log)
        yield referred(office_of(log), "j-1", date(2025, 6, 2), client="c-1")


def journey(office):
    return history(office, "j-1").journey


def sees(office, who: Scope) -> bool:
    found = journey(office)
    return may_see(with_opened(office, who, "j-1", found), keys_of("j-1", found))


def test_whoever_opens_a_journey_may_read_it_until_the_end_of_the_next_day(office, clock):
    vera = scope()
    assert not sees(office, vera)
    receipt = open_journey(office, vera, "j-1", WHY, correlation="r-1")
    (opened,) = receipt.entries
    assert (receipt.stream, opened.by) == ("access:j-1", By("vera", "kuopio"))
    assert (opened.event.reason, opened.event.until) == (WHY, date(2025, 6, 3))
    assert opened.correlation == "r-1"
    assert sees(office, vera)
    # The trial programme is Finland's: there it is three hours later than UTC.
    clock.instant = datetime(2025, 6, 3, 20, 59, tzinfo=UTC)
    assert sees(office, vera)
    clock.instant = datetime(2025, 6, 3, 21, 0, tzinfo=UTC)
    assert not sees(office, vera)


def test_it_is_open_to_that_person_of_that_organisation_alone(office):
    open_journey(office, scope(), "j-1", WHY)
    day = date(2025, 6, 2)
    assert has_opened(office.log, scope(), "j-1", day)
    others = [scope("tero"), scope(organisation="iisalmi")]
    assert not any(has_opened(office.log, other, "j-1", day) for other in others)
    assert not has_opened(office.log, scope(), "j-2", day)
    assert not any(sees(office, other) for other in others)


def test_to_open_it_again_the_same_day_records_nothing_and_the_next_day_does(office, clock):
    open_journey(office, scope(), "j-1", WHY)
    assert open_journey(office, scope(), "j-1", Personal("again")).entries == ()
    clock.instant += timedelta(days=1)
    again = open_journey(office, scope(), "j-1", Personal("again"))
    assert [entry.event.until for entry in again.entries] == [date(2025, 6, 4)]


def test_a_repeated_request_gets_its_first_answer_also_after_midnight(office, clock):
    first = open_journey(office, scope(), "j-1", WHY, key="k")
    clock.instant += timedelta(days=1)
    again = open_journey(office, scope(), "j-1", WHY, key="k")
    assert again.repeated
    assert again.entries == first.entries
    with pytest.raises(KeyReused):
        open_journey(office, scope(), "j-1", Personal("another reason"), key="k")


@pytest.mark.parametrize("role", set(Role) - {Role.CASE_WORKER, Role.TEAM_LEAD})
def test_only_case_workers_and_team_leads_open_journeys(office, role):
    with pytest.raises(NotAllowed) as refused:
        open_journey(office, scope(role=role), "j-1", WHY)
    assert refused.value.denied is Denied.ROLE
    assert office.log.streams("access:") == []


def test_what_was_opened_in_another_role_does_not_count(office):
    open_journey(office, scope(), "j-1", WHY)
    assert not sees(office, scope(role=Role.EVALUATOR))


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(office, reason):
    with pytest.raises(InvalidField, match="reason"):
        open_journey(office, scope(), "j-1", Personal(reason))


def test_a_journey_in_scope_is_read_as_it_is(office):
    with pytest.raises(IllegalTransition, match="in your scope"):
        open_journey(office, scope(organisation="city"), "j-1", WHY)


def test_a_journey_that_there_is_not_cannot_be_opened(office):
    with pytest.raises(UnknownJourney):
        open_journey(office, scope(), "j-2", WHY)


def test_a_journey_of_a_programme_that_nobody_published_can_be_opened_too(office, clock):
    made = e.ReferralMade("c-9", "elsewhere", 1, "state", "city", "walk-in")
    event = Fresh(made, date(2025, 6, 1))
    office.log.append(Append("journey:j-9", 0, (event,), By("import", "city")))
    clock.instant = datetime(2025, 6, 2, 23, tzinfo=UTC)
    (opened,) = open_journey(office, scope(), "j-9", WHY).entries
    assert opened.event.until == date(2025, 6, 3)
    found = history(office, "j-9").journey
    assert with_opened(office, scope(), "j-9", found).opened == {"j-9"}


def test_an_audit_reads_who_opened_what_and_why(office):
    open_journey(office, scope(), "j-1", WHY)
    open_journey(office, scope("tero", Role.TEAM_LEAD), "j-1", Personal("a call at night"))
    told = [(one.by.person, str(one.reason)) for one in openings(office.log)]
    assert told == [("vera", str(WHY)), ("tero", "a call at night")]
    (one,) = openings(office.log, journey="j-1", person="tero")
    assert (one.journey, one.on, one.until) == ("j-1", date(2025, 6, 2), date(2025, 6, 3))
    assert list(openings(office.log, person="nobody")) == []


ANSWER = Answered(
    person="vera",
    role="case-worker",
    organisation="kuopio",
    purpose="service",
    what="journey-page",
    at=datetime(2025, 6, 2, 9, tzinfo=UTC),
    correlation=None,
    read=(Subject("c-1", "j-1"),),
)


def test_a_reading_of_before_midnight_is_found_on_its_day_in_a_spool_begun_after(log):
    """The instant is taken before it is looked up what may be shown, and noted after."""
    asked = replace(ANSWER, at=datetime(2025, 6, 2, 23, 59, 59, 990_000, tzinfo=UTC))
    event = Fresh(ReadingsRecorded((asked,)), date(2025, 6, 2))
    log.append(Append("readings:2025-06-03-a", 0, (event,), By("polku", "polku")))
    for day, found in ((date(2025, 6, 2), 1), (date(2025, 6, 3), 0)):
        assert len([*readings(log, Wanted(since=day, until=day))]) == found


def test_readings_are_found_by_client_journey_person_and_day(log):
    late = datetime(2025, 6, 3, 0, 0, 1, tzinfo=UTC)
    of_tero = replace(ANSWER, person="tero", read=(Subject("c-2", None),), at=late)
    spools = {"2025-06-02-a": (ANSWER, of_tero), "2025-06-02-b": (replace(ANSWER, what="x"),)}
    for spool, noted in spools.items():
        event = Fresh(ReadingsRecorded(noted), j.DAY)
        log.append(Append(f"readings:{spool}", 0, (event,), By("polku", "polku")))

    def found(**asked):
        return [(one.person, one.what) for one in readings(log, Wanted(**asked))]

    vera, tero, again = ("vera", "journey-page"), ("tero", "journey-page"), ("vera", "x")
    assert found() == [vera, tero, again]
    assert found(client="c-1") == found(journey="j-1") == found(person="vera") == [vera, again]
    assert found(person="tero", client="c-1") == []
    assert found(since=date(2025, 6, 3)) == [tero]
    assert found(until=date(2025, 6, 2)) == [vera, again]
    assert found(since=date(2025, 6, 3), until=date(2025, 6, 3)) == [tero]
