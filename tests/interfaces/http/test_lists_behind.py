"""A list can be behind the log: it tells nobody of what is in their scope no more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from application.journeys import act
from application.office import Office
from application.scope import Scope
from application.transact import Asked
from domain.journey import corrections, handover, team
from domain.journey import events as e
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http.acting import headers
from tests.interfaces.http.desk import AUDITOR, LEAD, MONDAY, STATE, After, Desk, as_client
from tests.interfaces.http.test_withheld import joins

LISTS = "/journeys?whose=all", "/deadlines?whose=all", "/calendar/worker-1.ics?names=true"


def _begun(here: Desk) -> None:
    for client, family in (("client-1", "Mäkinen"), ("client-2", "Nyberg")):
        here.registers(client, "Aino", family, date(1991, 5, 17), by=j.STATE)
    here.refers("j-1", "client-1")
    here.takes("j-1")
    joins(here)
    here.keep()


BEGUN = After(_begun)


@pytest.fixture
def begun(own_database: Own) -> Iterator[Desk]:
    """A client of the city; the state office is in the team, and the lists are where the log is."""
    with BEGUN.on(own_database) as opened:
        yield opened


class SetsAside:
    """Lists that could not take an entry: the journey is set aside, and its row stays as it was."""

    def __init__(self, desk: Desk) -> None:
        self._inline: Any = desk.office.inline

    def of(self, *given: Any) -> Any:
        drafted = self._inline.of(*given)
        return tuple(replace(one, rows=None, error="it could not be taken") for one in drafted)


WAYS: dict[str, Callable[[Desk], Office]] = {
    "they follow later": lambda here: replace(here.office, inline=None),
    "the journey is set aside": lambda here: replace(here.office, inline=SetsAside(here)),
}


def does(office: Office, decision: Any, by: Any = j.WORKER, **fields: Any) -> None:
    act(office, "j-1", Asked(by, MONDAY, ("team-lead",)), decision, **fields)


def hands_over(office: Office) -> None:
    does(office, handover.request_handover, to_organisation="state", reason=j.WHY)
    does(office, handover.accept_handover, j.STATE, person="worker-2")


def is_another_s(office: Office) -> None:
    """Put right whose the journey is."""
    made: Any = office.histories.newest("journey:j-1").entries[0].event
    assert isinstance(made, e.ReferralMade)
    said = replace(made, client="client-2")
    does(office, corrections.correct, entry=1, event=said, reason=j.WHY)


def told(here: Desk, who: Scope) -> dict[str, str]:
    """What the lists, and a search where there is one, tell somebody of the journey."""
    asking = here.asks(who)
    found = {path: asking.get(path) for path in LISTS}
    found["search"] = asking.post("/clients/search", json={"name": "aino mäkinen"})
    return {
        path: one.text
        for path, one in found.items()
        if one.status_code == 200 and ("j-1" in one.text or "Mäkinen" in one.text)
    }


@pytest.mark.parametrize("way", WAYS)
def test_who_left_the_team_is_told_of_the_client_no_more(begun, way):
    assert {*told(begun, STATE)} == {*LISTS, "search"}
    does(WAYS[way](begun), team.leave_team, person="worker-2", organisation="state")
    begun.parts.accesses.readings.clear()
    assert told(begun, STATE) == {}
    assert begun.parts.accesses.readings == []
    assert {*told(begun, LEAD)} == {*LISTS, "search"}


def test_who_handed_over_is_told_no_more_of_a_journey_that_is_set_aside(begun):
    hands_over(WAYS["the journey is set aside"](begun))
    begun.parts.accesses.readings.clear()
    assert told(begun, LEAD) == {}
    assert begun.parts.accesses.readings == []
    assert "/journeys?whose=all" in told(begun, AUDITOR)


def test_who_serves_another_by_a_journey_that_is_set_aside_finds_no_more_whose_it_was(begun):
    asked = {"name": "aino mäkinen", "born": "1991-05-17"}
    is_another_s(WAYS["the journey is set aside"](begun))
    begun.parts.accesses.readings.clear()
    (hit,) = begun.asks(LEAD).post("/clients/search", json=asked).json()["items"]
    assert (hit["id"], hit["in_scope"], hit["given_name"]) == ("client-1", False, None)
    (reading,) = begun.parts.accesses.readings
    assert reading.what == "client-search-out-of-scope"


@pytest.mark.parametrize("way", WAYS)
def test_whose_a_journey_was_by_mistake_is_told_of_it_no_more(begun, way):
    own = as_client("client-1")
    assert LISTS[0] in told(begun, own)
    is_another_s(WAYS[way](begun))
    assert told(begun, own) == {}


@pytest.mark.parametrize("way", WAYS)
def test_a_client_s_page_is_not_opened_by_what_is_another_s_by_now(begun, way):
    asking = begun.asks(LEAD)
    assert asking.get("/clients/client-1").status_code == 200
    is_another_s(WAYS[way](begun))
    begun.parts.accesses.readings.clear()
    assert asking.get("/clients/client-1").json()["code"] == "client-out-of-scope"
    for what in ("copy", "access"):
        assert asking.get(f"/clients/client-1/{what}").status_code == 403, what
    where, seen = "/clients/client-1/contact-details", headers(version=1)
    assert asking.post(where, json={"phone": "1"}, headers=seen).status_code == 403
    assert begun.parts.accesses.readings == []


@pytest.mark.parametrize("who", [AUDITOR, as_client("client-1")], ids=lambda who: who.role.value)
@pytest.mark.parametrize("way", WAYS)
def test_a_client_s_copy_has_of_another_s_journey_what_tells_of_the_client_alone(begun, way, who):
    is_another_s(WAYS[way](begun))
    copy = begun.asks(who).get("/clients/client-1/copy").json()
    assert copy["journeys"] == []
    (by_mistake,) = copy["journeys_by_mistake"]
    assert [one["version"] for one in by_mistake["entries"]] == [1, 5]


@pytest.mark.parametrize("way", WAYS)
def test_of_whom_one_lost_sight_one_is_told_no_less_than_of_a_stranger(begun, way):
    """Who knows name and day of birth would register the person anew, told of nobody."""
    asking = begun.asks(STATE)
    begun.registers("client-3", "Aino", "Mäkinen", date(1991, 5, 17), by=j.STATE)

    def found() -> tuple[list[Any], list[Any]]:
        begun.parts.accesses.readings.clear()
        asked = {"name": "aino mäkinen", "born": "1991-05-17"}
        hits = asking.post("/clients/search", json=asked).json()["items"]
        hits += asking.get("/clients/client-3").json()["possible_duplicates"]
        read = [(x.what, x.disclosed) for x in begun.parts.accesses.readings]
        return [x for x in hits if x["id"] == "client-1"], [x for x in read if "page" not in x[0]]

    before, _ = found()
    assert [one["in_scope"] for one in before] == [True, True]
    does(WAYS[way](begun), team.leave_team, person="worker-2", organisation="state")
    behind = found()
    begun.keep()
    assert behind == found()
    assert [one["in_scope"] for one in behind[0]] == [False, False]
    assert {one["family_name"] for one in behind[0]} == {None}


@pytest.mark.parametrize("way", WAYS)
def test_by_a_journey_that_is_shared_nobody_is_told_whose_it_was_by_mistake(begun, way):
    assert {*told(begun, STATE)} == {*LISTS, "search"}
    is_another_s(WAYS[way](begun))
    begun.parts.accesses.readings.clear()
    lists = {path: text for path, text in told(begun, STATE).items() if path in LISTS}
    assert [path for path, text in lists.items() if "Mäkinen" in text] == []
    assert [x for x in begun.parts.accesses.readings if x.journey and x.client != "client-2"] == []
    begun.keep()
    lists = told(begun, STATE)
    assert {path for path, text in lists.items() if "Nyberg" in text} == {*LISTS}
