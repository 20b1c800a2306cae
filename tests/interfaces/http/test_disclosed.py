"""What is recorded as having left for another organisation is what an answer held, and no more."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from domain.access import Disclosed, Reading
from domain.entry import By
from domain.journey import team
from domain.kinds import DataKind
from tests.databases import Own
from tests.interfaces.http.acting import consents, does, gives, headers
from tests.interfaces.http.desk import LEAD, STATE, STRANGER, Desk
from tests.interfaces.http.test_withheld import (
    HIDDEN,
    LIVED,
    comes_true,
    joins,
    kinds_in,
    listening,
)

COURSE, IDENTITY, PLAN = DataKind.COURSE, DataKind.IDENTITY, DataKind.PLAN
BY_TEAM = Disclosed((IDENTITY, COURSE), "team")


@pytest.fixture
def shared(own_database: Own) -> Iterator[Desk]:
    """A client of the city with all kinds of data; the state office is in the team."""
    with LIVED.on(own_database) as opened:
        joins(opened)
        opened.keep()
        yield opened


def left(here: Desk, path: str, **body: Any) -> list[Disclosed | None]:
    """What was recorded to have left by an answer to the state office."""
    noted, asking = here.parts.accesses.readings, here.asks(STATE)
    noted.clear()
    answer = asking.post(path, json=body, headers=headers()) if body else asking.get(path)
    assert answer.status_code == 200, answer.text
    return [one.disclosed for one in noted if one.person == STATE.person]


def is_due(here: Desk) -> None:
    """Refer the client anew: an interview is due, of which the state office is told, too."""
    here.refers("j-2", "client-1")
    here.takes("j-2")
    member = {"person": "worker-2", "organisation": "state", "role": "support"}
    here.does("j-2", team.join_team, **member)
    here.keep()


@pytest.mark.parametrize(
    "path", ["/journeys?whose=all", "/deadlines?whose=all", "/calendar/worker-1.ics?names=true"]
)
def test_a_consent_by_which_nothing_left_is_no_ground(shared, path):
    """A list tells who the client is and how the journey goes on: the team is the ground."""
    gives(shared, {"plan", "identity"})
    is_due(shared)
    assert {*left(shared, path)} == {BY_TEAM}


def test_a_consent_is_a_ground_of_the_kinds_that_it_covers_alone(shared):
    of_plan = consents(shared, "consents", kinds=["plan"])
    of_contact = consents(shared, "consents", kinds=["contact"])
    page, client = left(shared, "/journeys/j-1"), left(shared, "/clients/client-1")
    assert page == [replace(BY_TEAM, kinds=(IDENTITY, COURSE, PLAN), consents=(of_plan,))]
    of_the_person = Disclosed((IDENTITY, DataKind.CONTACT), "team", (of_contact,))
    assert client == [of_the_person, Disclosed((COURSE,), "team")]


def test_of_entries_those_kinds_left_that_were_told(shared):
    gives(shared, HIDDEN)
    kinds = set[DataKind]()
    for path in ("/journeys/j-1/timeline?limit=2&order=oldest", "/changes?after=0&limit=2"):
        (told,) = left(shared, path)
        kinds = {*told.kinds}
        assert kinds - {IDENTITY} == {COURSE, DataKind.SITUATION}, path
    (told,) = left(shared, "/journeys/j-1/timeline?limit=200")
    assert {*told.kinds} == {*DataKind} - {IDENTITY, DataKind.CONTACT}


def test_what_is_told_of_a_conflict_left_and_no_other_kind(shared):
    gives(shared, HIDDEN)
    noted = shared.parts.accesses.readings
    version = shared.office.histories.newest("journey:j-1").version
    shared.interviews("j-1")
    noted.clear()
    assert does(shared.asks(STATE), "j-1", "pause", version, reason="ill").status_code == 412
    assert [{*one.disclosed.kinds} for one in noted] == [{COURSE, DataKind.SITUATION}]
    late = [
        {"act": "pause", "journey": "j-1", "version": one, "body": {"reason": "ill"}}
        for one in (version, version + 1, version)
    ]
    (of_both,) = left(shared, "/batch", mode="each", acts=late[:1] + late[2:])
    assert {*of_both.kinds} == {COURSE, DataKind.SITUATION}


def test_a_calendar_that_names_nobody_tells_how_the_journey_goes_on(shared):
    is_due(shared)
    assert left(shared, "/calendar/worker-1.ics") == [Disclosed((COURSE,), "team")]


def test_a_row_on_a_client_s_page_leaves_with_the_kind_of_its_newest_entry(shared):
    shared.interviews("j-1")
    entry = consents(shared, "consents", kinds=["situation"])
    shared.keep()
    page = shared.asks(STATE).get("/clients/client-1").json()
    assert page["journeys"][0]["last"]["kind"] == "intake-interview-held"
    of_the_row = Disclosed((COURSE, DataKind.SITUATION), "team", (entry,))
    assert left(shared, "/clients/client-1") == [Disclosed((IDENTITY,), "team"), of_the_row]


def test_what_another_organisation_does_leaves_also_for_one_that_serves_the_client(shared):
    shared.refers("j-2", "client-1", to="state")
    shared.takes("j-2", by=By("worker-2", "state"))
    shared.keep()
    noted = shared.parts.accesses.readings
    noted.clear()
    shared.asks(STATE).get("/clients/client-1")
    of = {one.journey: one.disclosed for one in noted if one.what == "client-page"}
    assert of == {None: None, "j-2": None, "j-1": Disclosed((COURSE,), "team")}


def test_what_a_listener_is_sent_later_is_recorded_when_it_leaves(shared):
    noted = shared.parts.accesses.readings
    noted.clear()

    def of_listener() -> list[Reading]:
        return [one for one in noted if one.person == STATE.person]

    with listening(shared, STATE) as heard:
        for number in (1, 2):
            shared.today(shared.log.now().date(), 10 + number)
            member = {"person": f"w-{number}", "organisation": "state", "role": "support"}
            shared.does("j-1", team.join_team, **member)
            comes_true(lambda number=number: len(of_listener()) == number)
    assert kinds_in(heard.result().text) == ["team-member-joined"] * 2
    assert [one.at.hour for one in of_listener()] == [11, 12]
    assert {one.disclosed for one in of_listener()} == {BY_TEAM}


def test_what_stays_in_the_house_is_one_reading_of_a_journey_while_somebody_listens(shared):
    """A page is open all day: each entry of each journey would be noted for each who listens."""
    noted = shared.parts.accesses.readings
    noted.clear()
    with listening(shared, LEAD) as heard:
        shared.interviews("j-1")
        comes_true(lambda: noted)
        joins(shared, "school")
        shared.refers("j-2", "client-1")
        comes_true(lambda: len({one.journey for one in noted}) == 2)
    assert len(kinds_in(heard.result().text)) == 3
    assert [(one.journey, one.disclosed) for one in noted] == [("j-1", None), ("j-2", None)]


def test_who_is_behind_on_a_client_is_told_of_no_contact_details_without_consent(shared):
    late = {"act": "change-contact-details", "client": "client-1", "version": 1}
    items = [late | {"body": {"phone": "1"}}]
    noted = shared.parts.accesses.readings

    def told(who: Any = STATE) -> list[list[str]]:
        asking = shared.asks(who)
        where = "/clients/client-1/contact-details"
        alone = asking.post(where, json={"phone": "1"}, headers=headers(version=1))
        many = asking.post("/batch", json={"mode": "each", "acts": items}, headers=headers())
        problems = (alone.json(), many.json()["items"][0]["problem"])
        return [[one["kind"] for one in problem["changed"]] for problem in problems]

    assert told(LEAD) == [["contact-details-changed"]] * 2
    noted.clear()
    assert told() == [[]] * 2
    assert [one.disclosed for one in noted] == [Disclosed((IDENTITY,), "team")] * 2
    entry = consents(shared, "consents", kinds=["contact"])
    noted.clear()
    assert told() == [["contact-details-changed", "consent-given"]] * 2
    kinds = (IDENTITY, DataKind.CONTACT, COURSE)
    assert {one.disclosed and {*one.disclosed.kinds} == {*kinds} for one in noted} == {True}
    assert [one.disclosed.consents for one in noted] == [(entry,)] * 2


def test_a_refusal_that_tells_how_a_journey_stands_is_a_reading(shared):
    noted, version = shared.parts.accesses.readings, shared.office.histories.newest("journey:j-1")
    body = {"reference": "c9", "reason": "ill"}

    def refused(code: str, **said: Any) -> list[Disclosed | None]:
        noted.clear()
        answer = does(shared.asks(STATE), "j-1", code, version.version, **said)
        assert answer.status_code in (409, 422), answer.text
        assert {(one.what, one.client, one.journey) for one in noted} <= {
            ("journey-acts", "client-1", "j-1")
        }
        return [one.disclosed for one in noted]

    assert refused("interrupt-service", **body) == []
    entry = consents(shared, "consents", kinds=["services"])
    by_consent = Disclosed((DataKind.SERVICES,), "team", (entry,))
    assert refused("interrupt-service", **body) == [by_consent]
    assert refused("resume") == [Disclosed((COURSE,), "team")]
    assert refused("pause", reason="ill", occurred_on="2198-01-01") == []
    one = {"act": "interrupt-service", "journey": "j-1", "body": body}
    assert left(shared, "/batch", mode="each", acts=[one, one]) == [by_consent]


def test_a_refusal_to_who_may_not_act_is_none(shared):
    noted = shared.parts.accesses.readings
    noted.clear()
    assert does(shared.asks(STRANGER), "j-1", "resume", 1).status_code == 403
    assert noted == []
