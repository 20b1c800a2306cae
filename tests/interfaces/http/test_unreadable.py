"""What cannot be read is one journey's or one client's: all else is told, and that some is not."""

from datetime import date
from time import monotonic, sleep

import pytest
from structlog.testing import capture_logs

from application import merging
from application.reading_grounds import Grounds, ground_of
from application.transact import Asked
from domain.access import Reading
from domain.journey import corrections, handover, team
from interfaces.http.following import Ear, Follower
from tests import unreadable
from tests.domain import journeys as j
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    STATE,
    After,
    Desk,
    as_client,
)

HIDDEN = "Aalto"


def spoil(desk: Desk, stream: str, name: str = "referral-accepted") -> int:
    return unreadable.spoil(desk.log, stream, name)


def _happened(desk: Desk) -> None:
    """Two journeys are whole (1, 4), two are not (2, 5), and of one the client is not (3)."""
    for number in range(1, 6):
        desk.registers(f"c-{number}", "Aino", f"{HIDDEN}{number}", date(1990, 1, number))
        desk.refers(f"j-{number}", f"c-{number}")
        desk.takes(f"j-{number}")
    for journey in ("j-4", "j-5"):
        desk.does(journey, handover.request_handover, to_organisation="state", reason=j.WHY)
    desk.keep()
    for stream in ("journey:j-2", "journey:j-5"):
        spoil(desk, stream)
    spoil(desk, "client:c-3", "unheard-of")
    desk.keep()


HAPPENED = After(_happened)


class Deaf(Ear):
    """Keeps the follower following, and hears nothing."""

    def __init__(self) -> None:
        self.deaf = False

    def ring(self) -> None:
        pass


def until(is_so) -> bool:
    """Whether something becomes so within five seconds."""
    over = monotonic() + 5
    while not is_so() and monotonic() < over:
        sleep(0.02)
    return bool(is_so())


@pytest.fixture
def desk(own_database):
    with HAPPENED.on(own_database) as opened:
        yield opened


def told(desk: Desk, scope, path: str, **asked):
    answer = desk.asks(scope).get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def journeys(told_: dict) -> list[str]:
    return sorted(one["journey"] for one in told_["items"])


def test_the_caseload_has_what_cannot_be_read_as_it_was_and_says_how_many(desk):
    found = told(desk, LEAD, "/journeys", whose="all")
    assert journeys(found) == ["j-1", "j-2", "j-3", "j-4", "j-5"]
    stale = {one["journey"] for one in found["items"] if one["stale_since"] is not None}
    assert (stale, found["unread"]) == ({"j-2", "j-5"}, 2)


def test_another_organisation_is_told_nothing_by_what_cannot_be_read_but_that_it_is_so(desk):
    found = told(desk, STATE, "/journeys", whose="shared")
    assert journeys(found) == ["j-4"]
    assert found["unread"] == 2
    answer = desk.asks(STATE).post("/clients/search", json={"name": f"{HIDDEN}5"})
    assert "c-5" not in {one["id"] for one in answer.json()["items"]}
    assert answer.json()["unread"] == 1


def test_a_caseload_of_another_moment_is_without_them_and_says_so(desk):
    found = told(desk, LEAD, "/journeys", whose="all", as_at="2025-03-03")
    assert (journeys(found), found["unread"]) == (["j-1", "j-3", "j-4"], 2)
    names = {one["journey"]: one["client"]["family_name"] for one in found["items"]}
    assert names == {"j-1": f"{HIDDEN}1", "j-3": None, "j-4": f"{HIDDEN}4"}


def test_a_caseload_of_another_moment_names_nobody_by_what_does_not_open(desk):
    moved(desk, "client:c-4", "client-registered")
    found = told(desk, LEAD, "/journeys", whose="all", as_at="2025-03-03")
    names = {one["journey"]: one["client"]["family_name"] for one in found["items"]}
    assert names == {"j-1": f"{HIDDEN}1", "j-3": None, "j-4": None}


@pytest.mark.parametrize(("asked", "counted"), [({}, 5), ({"known_at": "2025-03-04"}, 3)])
def test_a_board_says_how_many_it_does_not_know_to_the_end(desk, asked, counted):
    found = told(desk, LEAD, "/boards/organisations/city", **asked)
    assert (found["journeys"], found["unread"]) == (counted, 2)


@pytest.mark.parametrize("path", ["/deadlines", "/responsibility"])
def test_other_lists_say_it_too(desk, path):
    found = told(desk, LEAD, path)
    assert found["unread"] == 2
    assert {"j-1", "j-3", "j-4"} <= {*journeys(found)}


@pytest.mark.parametrize(("scope", "client"), [(LEAD, 3), (LEAD, 5), (AUDITOR, 3)])
def test_a_search_finds_a_client_as_it_was_and_says_how_many_could_not_be_read(desk, scope, client):
    answer = desk.asks(scope).post("/clients/search", json={"name": f"{HIDDEN}{client}"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["unread"] == 1
    assert f"c-{client}" in {one["id"] for one in answer.json()["items"]}


def test_what_changed_goes_on_behind_what_cannot_be_read(desk):
    after = desk.log.position()
    desk.interviews("j-1")
    first = told(desk, LEAD, "/changes", after=0)
    assert {one["journey"] for one in first["items"]} == {"j-1", "j-3", "j-4"}
    of_j_2, of_j_5, of_client = 4, 5, 1
    assert (first["unread"], first["more"]) == (of_j_2 + of_j_5 + of_client, False)
    assert first["next"] == desk.log.position()
    later = told(desk, LEAD, "/changes", after=after - 1)
    assert [one["kind"] for one in later["items"]] == ["intake-interview-held"]

    live = desk.asks(LEAD).get("/changes/live", params={"after": 0, "seconds": 0.05})
    assert live.status_code == 200
    assert live.text.count("event: change") == len(first["items"])


def moved(desk: Desk, stream: str, name: str) -> int:
    return unreadable.move(desk.log, stream, name)


@pytest.mark.parametrize("scope", [LEAD, AUDITOR, as_client("c-4")])
def test_what_changed_goes_on_behind_a_text_that_does_not_open(desk, scope):
    before = told(desk, scope, "/changes", after=0)
    lost = moved(desk, "journey:j-4", "handover-requested")
    desk.interviews("j-4")
    found = told(desk, scope, "/changes", after=0)
    positions = [one["position"] for one in found["items"]]
    assert positions == [*(one["position"] for one in before["items"]), lost + 1]
    assert (found["unread"], found["next"]) == (before["unread"] + 1, lost + 1)

    live = desk.asks(scope).get("/changes/live", params={"after": 0, "seconds": 0.05})
    assert live.text.count("event: change") == len(positions)


@pytest.mark.parametrize("scope", [STATE, as_client("c-4")])
def test_the_live_feed_goes_on_behind_what_could_be_read_when_it_was_kept(desk, scope):
    follower, ear = Follower(desk.office), Deaf()
    desk.app.state.follower = follower
    follower.add(ear)
    try:
        before = desk.log.position()
        desk.does("j-4", handover.accept_handover, by=j.STATE, person="worker-2")
        assert until(lambda: follower.after(before))
        spoil(desk, "journey:j-4")
        desk.refers("j-6", "c-4", to="state")
        assert until(lambda: len(follower.after(before) or ()) > 1)
        live = desk.asks(scope).get("/changes/live", params={"after": before, "seconds": 0.05})
        assert live.text.count("event: change") == 1
        assert '"journey":"j-6"' in live.text
    finally:
        follower.remove(ear)


def test_one_question_asks_the_log_once_for_a_journey_that_cannot_be_read(desk, monkeypatch):
    asked, newest = [], desk.office.histories.newest
    monkeypatch.setattr(
        desk.office.histories, "newest", lambda stream: asked.append(stream) or newest(stream)
    )
    told(desk, LEAD, "/changes", after=0)
    assert asked.count("journey:j-2") == 1


def test_what_cannot_be_read_is_passed_over_once_also_where_it_is_the_last(desk):
    spoil(desk, "journey:j-2")
    head = desk.log.position()
    with capture_logs() as logged:
        live = desk.asks(LEAD).get("/changes/live", params={"after": head - 1, "seconds": 2.2})
    assert live.status_code == 200
    passed = [one["position"] for one in logged if one["event"] == "change-not-readable"]
    assert passed == [head]


def test_a_client_of_whom_a_journey_cannot_be_read_has_a_page(desk):
    page = told(desk, LEAD, "/clients/c-2")
    assert [one["journey"] for one in page["journeys"]] == ["j-2"]


def test_a_journey_has_a_page_where_the_name_of_its_client_cannot_be_read(desk):
    moved(desk, "client:c-4", "client-registered")
    for journey, client in (("j-3", "c-3"), ("j-4", "c-4")):
        page = told(desk, LEAD, f"/journeys/{journey}")
        assert (page["client"]["id"], page["client"]["family_name"]) == (client, None)
        assert page["version"] >= 3
    assert told(desk, LEAD, "/journeys/j-1")["client"]["family_name"] == f"{HIDDEN}1"


@pytest.mark.parametrize("path", ["/journeys/j-2", "/journeys/j-2/timeline", "/clients/c-3"])
@pytest.mark.parametrize("language", ["en", "fi", "it"])
def test_what_cannot_be_read_itself_is_said_in_words(desk, path, language):
    answer = desk.asks(LEAD, language).get(path)
    assert (answer.status_code, answer.json()["code"]) == (500, "unreadable")
    assert "polku projections status" in answer.json()["detail"]
    assert HIDDEN not in answer.text


def test_nobody_who_follows_passes_over_what_only_a_programme_keeps_from_being_told(desk):
    spoil(desk, "programme:trial", "unheard-of")
    desk.office.programmes.streams.forget()
    desk.office.programmes._definitions.clear()  # as where the program has just begun
    answer = desk.asks(LEAD).get("/changes", params={"after": 0})
    assert (answer.status_code, answer.json()["code"]) == (500, "unreadable")


def test_another_organisation_is_shown_nothing_of_whose_consents_cannot_be_read(desk):
    before = told(desk, STATE, "/changes", after=0)
    assert {one["journey"] for one in before["items"]} == {"j-4"}
    spoil(desk, "client:c-4", "unheard-of")
    desk.office.clients.forget()
    after = told(desk, STATE, "/changes", after=0)
    assert (after["items"], after["next"]) == ([], desk.log.position())


def searched(desk: Desk, scope, name: str, **more) -> dict[str, bool]:
    """Return who is found by a search, each with whether as more than that there is one."""
    answer = desk.asks(scope).post("/clients/search", json={"name": name} | more)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one["in_scope"] for one in answer.json()["items"]}


def test_a_search_of_another_organisation_goes_on_behind_whose_consents_cannot_be_read(desk):
    assert searched(desk, STATE, "aino") == {"c-4": True}
    desk.does("j-3", handover.request_handover, to_organisation="state", reason=j.WHY)
    desk.keep()
    assert searched(desk, STATE, "aino") == {"c-4": True}
    page = told(desk, STATE, "/clients/c-4")
    assert [one["journey"] for one in page["journeys"]] == ["j-4"]


def test_who_registered_a_client_does_not_see_it_by_a_journey_that_cannot_be_read(desk):
    desk.registers("c-6", "Aino", f"{HIDDEN}6", date(1990, 1, 6), by=j.STATE)
    desk.refers("j-6", "c-6")
    desk.takes("j-6")
    member = {"person": "worker-2", "organisation": "state", "role": "support"}
    desk.does("j-6", team.join_team, **member)
    desk.keep()
    assert searched(desk, STATE, f"aino {HIDDEN}6")["c-6"] is True
    spoil(desk, "journey:j-6")
    desk.keep()
    assert "c-6" not in searched(desk, STATE, f"aino {HIDDEN}6")
    assert desk.asks(STATE).get("/clients/c-6").json()["code"] == "client-out-of-scope"


def test_who_registered_a_client_without_journeys_finds_it_as_it_was(desk):
    desk.registers("c-6", "Aino", f"{HIDDEN}6", date(1990, 1, 6))
    desk.keep()
    spoil(desk, "client:c-6", "unheard-of")
    desk.keep()
    assert searched(desk, LEAD, f"aino {HIDDEN}6")["c-6"] is True


@pytest.mark.parametrize(("stream", "name"), [("client:c-6", "unheard-of"), ("journey:j-1", "x")])
def test_a_search_finds_a_person_with_several_ids_of_which_one_cannot_be_read(desk, stream, name):
    asked = Asked(j.WORKER, MONDAY, ("team-lead",))
    desk.registers("c-6", "Aino", f"{HIDDEN}6", date(1990, 1, 6))
    merging.merge(desk.office, "c-6", asked, merged="c-1", ground="gdpr-5-1-d", reason=j.WHY)
    desk.keep()
    assert searched(desk, LEAD, f"aino {HIDDEN}6")["c-6"] is True
    spoil(desk, stream, name)
    desk.keep()
    assert searched(desk, LEAD, f"aino {HIDDEN}6")["c-6"] is True


@pytest.mark.parametrize("scope", [LEAD, AUDITOR], ids=lambda scope: scope.role.value)
def test_a_caseload_has_a_journey_that_is_nobody_s_and_cannot_be_read(desk, scope):
    desk.does("j-1", corrections.retract, entry=1, reason=j.WHY)
    desk.keep()
    whole = told(desk, scope, "/journeys", whose="all")
    spoil(desk, "journey:j-1")
    desk.keep()
    found = told(desk, scope, "/journeys", whose="all")
    assert journeys(found) == journeys(whole)
    assert "j-1" in journeys(found)
    read = [(one.client, one.journey) for one in desk.parts.accesses.readings]
    assert (None, "j-1") in read


@pytest.mark.parametrize(("reader", "client"), [("c-3", "c-3"), ("c-3", "c-1"), ("c-1", "c-3")])
def test_on_which_ground_it_was_is_told_where_a_client_cannot_be_read(desk, reader, client):
    """Whether the reader is another client is not known then: what was recorded says the ground."""
    at = desk.log.now()
    one = Reading(reader, "client", "client", "own-data", client, None, "timeline", at)
    assert Grounds(desk.office.clients).of(one) == ground_of(one)


@pytest.fixture
def served(desk):
    """Aino 1 has a journey that cannot be read beside the one that can; return the desk."""
    desk.refers("j-9", "c-1")
    desk.takes("j-9")
    spoil(desk, "journey:j-9")
    desk.keep()
    return desk


def test_who_serves_a_client_by_another_journey_acts_for_the_client(served):
    worker = served.asks(LEAD)
    seen = {"If-Match": '"1"', "Idempotency-Key": "moved"}
    body = {"address": "Kauppakatu 1", "phone": "", "email": ""}
    answer = worker.post("/clients/c-1/contact-details", json=body, headers=seen)
    assert answer.status_code == 201, answer.text
    seen = {"If-Match": '"2"', "Idempotency-Key": "gone"}
    answer = worker.post("/clients/c-1/erasures", json={"ground": "request"}, headers=seen)
    assert (answer.status_code, answer.json()["code"]) == (500, "unreadable")


@pytest.mark.parametrize("client", ["c-1", "c-2"])
def test_whoever_was_told_of_a_client_is_told_to_the_client_still(served, client):
    assert told(served, as_client(client), f"/clients/{client}/access")["items"] == []
    assert told(served, AUDITOR, f"/clients/{client}/access")["items"] == []


def test_who_may_ask_who_was_told_hangs_on_what_can_be_read(served):
    assert told(served, LEAD, "/clients/c-1/access")["items"] == []
    answer = served.asks(LEAD).get("/clients/c-2/access")
    assert (answer.status_code, answer.json()["code"]) == (500, "unreadable")


@pytest.mark.parametrize("scope", [LEAD, AUDITOR, as_client("c-1")])
def test_a_copy_is_without_what_cannot_be_read_and_says_so(served, scope):
    copy = told(served, scope, "/clients/c-1/copy")
    assert [one["journey"] for one in copy["journeys"]] == ["j-1"]
    assert copy["journeys_unread"] == 1
    page = served.asks(scope).get("/clients/c-1/copy?format=html")
    assert "1 journey cannot be read and is not in this copy" in page.text


def test_a_copy_is_without_a_journey_of_which_a_text_does_not_open(desk):
    moved(desk, "journey:j-4", "handover-requested")
    copy = told(desk, as_client("c-4"), "/clients/c-4/copy")
    assert (copy["journeys"], copy["journeys_unread"]) == ([], 1)
    assert copy["particulars"]["given_name"] == "Aino"


def test_nobody_else_is_refused_a_copy_for_a_retracted_referral_that_cannot_be_read(desk):
    desk.refers("j-9", "c-4")
    desk.does("j-9", corrections.retract, entry=1, reason=j.WHY)
    desk.keep()
    spoil(desk, "journey:j-9")
    desk.keep()
    copy = told(desk, as_client("c-1"), "/clients/c-1/copy")
    assert ([one["journey"] for one in copy["journeys"]], copy["journeys_unread"]) == (["j-1"], 0)
