"""Merging and splitting clients over HTTP: who may, what is refused, and what each page says."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest

from application.accesses import readings_stream
from application.ports import Append, Fresh
from application.scope import Role
from domain.access import Answered, ReadingsRecorded, Subject
from domain.entry import By
from domain.journey import ending, team
from infrastructure.clearing import clear
from interfaces.http import live
from interfaces.http.following import Follower
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http.acting import headers
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    LEAD,
    MANAGER,
    MONDAY,
    STATE,
    WORKER,
    After,
    Desk,
    Followed,
    as_client,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)
from tests.interfaces.running import SECONDS, until

MERGE = {"merged": "client-2", "ground": "gdpr-5-1-d", "reason": "The passport shows it"}
SPLIT = MERGE | {"reason": "They are sisters"}
HOLD = {"hold": "h-1", "basis": "R 25/117", "reason": "Aino has appealed"}
CONSENT = {"organisation": "state", "kinds": ["situation"]}
INTEGRATION = replace(WORKER, person="system", role=Role.INTEGRATION)
OTHER_LEAD = replace(LEAD, person="lead-2", organisation="state")


def _registered(desk: Desk) -> None:  # noqa: F811
    """Two clients of the city, who are one person, and a third."""
    desk.registers("client-1", "Aino", "Mäkinen")
    desk.registers("client-2", "Aino", "Nyberg")
    desk.registers("client-3", "Salla", "Nieminen")
    for number in (1, 2, 3):
        desk.refers(f"j-{number}", f"client-{number}")
        desk.takes(f"j-{number}")
    desk.keep()


REGISTERED = After(_registered)


@pytest.fixture
def both(own_database: Own) -> Iterator[Desk]:
    with REGISTERED.on(own_database) as opened:
        yield opened


@pytest.fixture
def known(own_sqlite: Own) -> Iterator[Desk]:
    with REGISTERED.on(own_sqlite) as opened:
        yield opened


def posts(
    here: Desk,
    path: str,
    version: int,
    body: dict[str, Any],
    *,
    client: str = "client-1",
    who: Any = LEAD,
    key: str | None = None,
) -> Any:
    here.keep()
    where = f"/clients/{client}/{path}"
    return here.asks(who).post(where, json=body, headers=headers(key, version))


def done(*args: Any, **more: Any) -> Any:
    answer = posts(*args, **more)
    assert answer.status_code == 201, answer.text
    return answer


def page(here: Desk, client: str, who: Any = LEAD) -> Any:
    here.keep()
    return here.asks(who).get(f"/clients/{client}").json()


def test_a_merge_is_read_from_either_id_and_a_split_undoes_it(both):
    before = [page(both, f"client-{number}") for number in (1, 2)]
    made = done(both, "merges", 1, MERGE, key="merge")
    assert (made.headers["ETag"], made.headers["Location"]) == ('"2"', "/clients/client-1")
    assert [one["kind"] for one in made.json()["entries"]] == ["clients-merged"]
    told = [page(both, f"client-{number}") for number in (1, 2)]
    assert [one["id"] for one in told] == ["client-1", "client-1"]
    assert [one["asked_for"] for one in told] == [None, "client-2"]
    assert [one["id"] for one in told[1]["merged"]] == ["client-2"]
    assert told[1]["merged"][0]["family_name"] == "Nyberg"
    etags = [both.asks(LEAD).get(f"/clients/client-{n}").headers["ETag"] for n in (1, 2)]
    under = (told[0]["version"], told[0]["merged"][0]["version"])
    assert etags == [f'"{version}"' for version in under]
    journeys = {one["journey"]: one["client"] for one in told[0]["journeys"]}
    assert {name: client["id"] for name, client in journeys.items()} == {
        "j-1": "client-1",
        "j-2": "client-2",
    }
    assert [journeys[name]["goes_by"] for name in ("j-1", "j-2")] == [None, "client-1"]
    shown = both.asks(WORKER).get("/journeys/j-2").json()["client"]
    assert (shown["id"], shown["family_name"], shown["goes_by"]) == (
        "client-2",
        "Nyberg",
        "client-1",
    )

    again = posts(both, "merges", 1, MERGE, key="merge")
    assert again.json() == made.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert posts(both, "merges", 2, MERGE).status_code == 200, "it is so already"

    assert done(both, "splits", 2, SPLIT).headers["ETag"] == '"3"'
    assert posts(both, "splits", 3, SPLIT).status_code == 200
    after = [page(both, f"client-{number}") for number in (1, 2)]
    assert [one | {"version": 1} for one in after] == before


def test_after_a_split_a_merge_that_is_sent_again_is_answered_and_not_done_again(known):
    made = done(known, "merges", 1, MERGE, key="merge")
    done(known, "splits", 2, SPLIT)
    assert posts(known, "merges", 1, MERGE, key="merge").json() == made.json()
    assert page(known, "client-2")["asked_for"] is None
    reused = posts(known, "merges", 3, SPLIT, key="merge")
    assert reused.json()["code"] == "key-reused"


@pytest.mark.parametrize(
    ("body", "client", "state"),
    [
        ({"merged": "client-1"}, "client-2", "client-2 is merged into client-1"),
        ({"merged": "client-2"}, "client-3", "client-2 is merged into client-1"),
        ({"merged": "client-1"}, "client-3", "client-1 has taken in client-2"),
    ],
)
def test_what_leaves_no_single_id_is_refused_and_nothing_recorded(known, body, client, state):
    done(known, "merges", 1, MERGE)
    version = len(known.log.load(f"client:{client}"))
    position = known.log.position()
    refused = posts(known, "merges", version, MERGE | body, client=client)
    assert (refused.status_code, refused.json()["state"]) == (409, state)
    assert known.log.position() == position


def test_nobody_is_merged_who_is_unknown_the_same_or_held(known):
    unknown = posts(known, "merges", 1, MERGE | {"merged": "nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-client")
    same = posts(known, "merges", 1, MERGE | {"merged": "client-1"})
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (422, "/merged")
    done(known, "legal-holds", 1, HOLD, client="client-2")
    held = posts(known, "merges", 1, MERGE)
    assert (held.status_code, held.json()["missing"]) == (409, "wait until it is released")
    never = posts(known, "splits", 1, SPLIT)
    assert never.json()["state"] == "client-2 is not merged into another client"


@pytest.mark.parametrize("who", [WORKER, MANAGER, AUDITOR, EVALUATOR, STATE, INTEGRATION])
def test_only_team_leads_merge_and_split(known, who):
    for act, body in (("merges", MERGE), ("splits", SPLIT)):
        refused = posts(known, act, 1, body, who=who)
        assert (refused.status_code, refused.json()["reason"]) == (403, "not-in-role"), act
    assert posts(known, "merges", 1, MERGE, who=as_client("client-1")).status_code == 403


def test_one_merges_those_alone_whom_ones_own_organisation_serves(known):
    known.registers("client-4", "Aino", "Mäkinen", by=By("x", "state"))
    for who, merged in ((OTHER_LEAD, "client-2"), (LEAD, "client-4")):
        refused = posts(known, "merges", 1, MERGE | {"merged": merged}, who=who)
        assert (refused.status_code, refused.json()["reason"]) == (403, "client-not-in-scope")
    assert len(known.log.load("client:client-4")) == 1


def test_a_merge_is_decided_on_what_was_seen_and_no_day_ahead(known):
    assert posts(known, "contact-details", 1, {"phone": "040"}).status_code == 201
    stale = posts(known, "merges", 1, MERGE)
    assert (stale.status_code, [one["kind"] for one in stale.json()["changed"]]) == (
        412,
        ["contact-details-changed"],
    )
    ahead = posts(known, "merges", 2, MERGE | {"occurred_on": "2025-06-01"})
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "/occurred_on")


def test_contact_details_are_changed_under_the_id_that_the_person_goes_by(known):
    done(known, "merges", 1, MERGE)
    refused = posts(known, "contact-details", 2, {"phone": "040"}, client="client-2")
    assert refused.json()["missing"] == "change those of client-1"
    done(known, "contact-details", 2, {"phone": "040"})
    assert page(known, "client-2")["contact"]["phone"] == "040"
    done(known, "splits", 3, SPLIT)
    assert page(known, "client-2")["contact"]["phone"] is None, "what was made since stays"
    assert page(known, "client-1")["contact"]["phone"] == "040"


def test_a_merged_client_signs_in_with_either_id_and_sees_all_that_is_the_persons(known):
    one, other = as_client("client-1"), as_client("client-2")
    assert known.asks(other).get("/clients/client-1").status_code == 404
    done(known, "merges", 1, MERGE)
    for who in (one, other):
        assert known.asks(who).get("/journeys/j-1").status_code == 200
        listed = known.asks(who).get("/journeys").json()["items"]
        assert sorted(case["journey"] for case in listed) == ["j-1", "j-2"]
        copy = known.asks(who).get("/clients/client-2/copy").json()
        assert [journey["journey"] for journey in copy["journeys"]] == ["j-1", "j-2"]
        assert (copy["client"], copy["merged"][0]["client"]) == ("client-1", "client-2")
        assert copy["merged"][0]["particulars"]["family_name"] == "Nyberg"
        kinds = [entry["kind"] for entry in copy["merged"][0]["entries"]]
        assert kinds == ["client-registered", "clients-merged"]
    html = known.asks(other).get("/clients/client-2/copy?format=html").text
    assert "Nyberg" in html
    assert "Mäkinen" in html
    done(known, "splits", 2, SPLIT)
    assert known.asks(other).get("/clients/client-1").status_code == 404
    assert known.asks(other).get("/journeys/j-1").status_code == 404
    own = known.asks(other).get("/clients/client-2/copy").json()
    assert ([one["journey"] for one in own["journeys"]], own["merged"]) == (["j-2"], [])


def test_after_a_split_neither_copy_tells_why_they_were_one_and_are_two(known):
    """What is said in words of both is the other's, too; that there was a mistake is told."""

    def copies():
        for client in ("client-1", "client-2"):
            asking = known.asks(as_client(client))
            yield (
                asking.get(f"/clients/{client}/copy"),
                asking.get(f"/clients/{client}/copy?format=html"),
            )

    done(known, "merges", 1, MERGE)
    for told in copies():
        assert all("The passport shows it" in one.text for one in told), "it is one person's"
    done(known, "splits", 2, SPLIT)
    for told in copies():
        for one in told:
            assert "The passport shows it" not in one.text
            assert "They are sisters" not in one.text
        entries = told[0].json()["entries"][-2:]
        assert [one["kind"] for one in entries] == ["clients-merged", "clients-split"]
        assert {one["fields"]["ground"] for one in entries} == {"gdpr-5-1-d"}


def heard(known, act, last, monkeypatch):
    """Return of which journeys client-2 hears when something is done meanwhile, `last` of one."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    known.app.state.stopping = stopping = Event()
    readings = known.parts.accesses.readings

    def do() -> None:
        try:
            until(lambda: getattr(known.app.state, "follower", None) is not None)
            sleep(0.2)  # it has begun to listen
            act()
            until(lambda: ("changes", last) in {(one.what, one.journey) for one in readings})
            sleep(0.2)  # whatever else it might hear
        finally:
            stopping.set()

    acting = Thread(target=do)
    acting.start()
    asking = known.asks(as_client("client-2"))
    told = asking.get("/changes/live", params={"seconds": SECONDS}).text
    acting.join()
    data = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    return [one["journey"] for one in data if "journey" in one]


def test_a_client_who_listens_hears_nothing_of_another_from_the_split_on(known, monkeypatch):
    done(known, "merges", 1, MERGE)

    def act() -> None:
        done(known, "splits", 2, SPLIT)
        known.interviews("j-1")
        known.interviews("j-2")

    assert heard(known, act, "j-2", monkeypatch) == ["j-2"]


def test_nor_where_the_split_is_read_before_anybody_has_followed_it(known, monkeypatch):
    done(known, "merges", 1, MERGE)
    monkeypatch.setattr(Follower, "after", lambda *_: None)
    monkeypatch.setattr(Follower, "_follow", lambda _, following: following.close())

    def act() -> None:
        done(known, "splits", 2, SPLIT)
        known.interviews("j-1")
        known.interviews("j-2")

    assert heard(known, act, "j-2", monkeypatch) == ["j-2"]


def test_a_client_who_listens_hears_of_the_other_id_from_the_merge_on(known, monkeypatch):
    def act() -> None:
        done(known, "merges", 1, MERGE)
        known.interviews("j-1")

    assert heard(known, act, "j-1", monkeypatch) == ["j-1"]


def test_who_used_the_data_is_told_for_both_ids_while_they_are_merged(known):
    at = datetime(2025, 3, 3, 8, tzinfo=UTC)
    answers = tuple(
        Answered(f"p-{n}", "case-worker", "city", "service", "timeline", at, None, (subject,))
        for n, subject in enumerate((Subject("client-1", "j-1"), Subject("client-2", "j-2")), 1)
    )
    stream = readings_stream(f"{MONDAY}-1")
    event = Fresh(ReadingsRecorded(answers), MONDAY)
    known.log.append(Append(stream, 0, (event,), By("polku", "polku")))
    known.keep()

    def used(client: str) -> list[str]:
        own = known.asks(LEAD).get(f"/clients/{client}/access").json()["items"]
        audited = known.asks(AUDITOR).get("/audit/access", params={"client": client}).json()
        assert [one["person"] for one in audited["items"]] == [one["person"] for one in own]
        return [one["person"] for one in own]

    assert (used("client-1"), used("client-2")) == (["p-1"], ["p-2"])
    done(known, "merges", 1, MERGE)
    assert used("client-1") == used("client-2") == ["p-1", "p-2"]
    known.parts.accesses.readings.clear()
    known.asks(LEAD).get("/clients/client-2/access")
    noted = [(one.what, one.client) for one in known.parts.accesses.readings]
    assert noted == [("client-access", "client-1"), ("client-access", "client-2")]
    done(known, "splits", 2, SPLIT)
    assert (used("client-1"), used("client-2")) == (["p-1"], ["p-2"])


def test_who_read_as_the_client_while_taken_for_one_person_is_told_as_another_after_the_split(both):
    """The merge was a mistake: it was not the client, nor anybody whom the client let in."""
    at = datetime(2025, 3, 3, 8, tzinfo=UTC)
    answers = tuple(
        Answered(person, "client", "client", "own-data", "timeline", at, None, (subject,))
        for person in ("client-1", "client-2", "sign-in-1")
        for subject in (Subject("client-1", "j-1"),)
    )
    event = Fresh(ReadingsRecorded(answers), MONDAY)
    both.log.append(Append(readings_stream(f"{MONDAY}-1"), 0, (event,), By("polku", "polku")))
    oneself = "You yourself, or somebody you let in as you"
    another = "Another client, as you two were taken for one person by mistake"

    def grounds() -> list[dict[str, str]]:
        both.keep()
        asking = both.asks(as_client("client-1"))
        used = asking.get("/clients/client-1/access").json()["items"]
        copied = asking.get("/clients/client-1/copy").json()["readings"]
        return [{one["person"]: one["ground"] for one in told} for told in (used, copied)]

    done(both, "merges", 1, MERGE)
    told = dict.fromkeys(("client-1", "client-2", "sign-in-1"), oneself)
    assert grounds() == [told, told]
    done(both, "splits", 2, SPLIT)
    told["client-2"] = another
    assert grounds() == [told, told]


def situation_seen(here: Desk, journey: str) -> bool:
    """Whether the state office, which is in the team, sees the situation."""
    shown = here.asks(STATE).get(f"/journeys/{journey}").json()
    return "situation" not in {one["kind"]["code"] for one in shown["withheld"]}


def test_consent_lets_see_what_it_was_given_under_and_a_withdrawal_counts_for_both(known):
    for journey in ("j-1", "j-2"):
        member = {"person": "worker-2", "organisation": "state", "role": "support"}
        known.does(journey, team.join_team, **member)
    done(known, "consents", 1, CONSENT, client="client-2")
    done(known, "merges", 1, MERGE)
    assert [situation_seen(known, journey) for journey in ("j-1", "j-2")] == [False, True]
    # It is taken back under the other id, and that holds after a split, too.
    taken = done(known, "consent-withdrawals", 2, {"organisation": "state"}, key="taken")
    assert taken.json()["client"] == "client-2", "it is recorded where consent was given"
    assert not situation_seen(known, "j-2")
    again = posts(known, "consent-withdrawals", 2, {"organisation": "state"}, key="taken")
    assert again.json() == taken.json()
    done(known, "splits", 2, SPLIT)
    assert not situation_seen(known, "j-2")


@pytest.mark.parametrize("given", [("client-1", "client-2"), ("client-2",)])
def test_a_withdrawal_in_a_batch_counts_for_both_ids_too(known, given):
    for client in given:
        done(known, "consents", 1, CONSENT, client=client)
    version = len(known.log.load("client:client-1"))
    done(known, "merges", version, MERGE)
    body = {"organisation": "state"}
    act = {"act": "withdraw-consent", "client": "client-1", "version": version + 1, "body": body}
    answer = known.asks(LEAD).post(
        "/batch", json={"mode": "all", "acts": [act]}, headers={"Idempotency-Key": "b"}
    )
    assert answer.json()["items"][0]["status"] == 201, answer.text
    states = [known.office.clients.newest(f"client:client-{n}") for n in (1, 2)]
    assert [one.kinds for state in states for one in state.consents] == [()] * len(given)


def test_contact_that_one_id_lets_see_is_not_the_others(known):
    member = {"person": "worker-2", "organisation": "state", "role": "support"}
    known.does("j-2", team.join_team, **member)
    done(known, "consents", 1, CONSENT | {"kinds": ["contact"]}, client="client-2")
    done(known, "contact-details", 2, {"phone": "041"}, client="client-2")
    done(known, "contact-details", 1, {"phone": "040"})
    done(known, "merges", 2, MERGE)
    done(known, "contact-details", 3, {"phone": "050"})
    assert page(known, "client-1", STATE)["contact"] is None
    assert page(known, "client-1", STATE)["merged"][0]["contact"]["phone"] == "041"
    assert page(known, "client-1", LEAD)["contact"]["phone"] == "050"


GROUND = {"ground": "gdpr-17-1-b"}


def test_an_erasure_erases_the_person_under_every_id_and_a_hold_on_either_stops_it(both):
    both.parts = replace(
        both.parts,
        views=Followed(both.projections),
        left=both.log.keys.left,
        clear=partial(clear, both.projections),
    )
    others = both.log.load("client:client-3"), both.log.load("journey:j-3")
    done(both, "merges", 1, MERGE)
    going = posts(both, "erasures", 2, GROUND)
    assert going.json()["state"] == "these journeys have not ended: j-1, j-2"
    for journey in ("j-1", "j-2"):
        both.does(journey, ending.close, end_state="cancelled", destination="unknown", reason=j.WHY)
    done(both, "legal-holds", 2, HOLD, client="client-2")
    assert "h-1 is in force" in posts(both, "erasures", 2, GROUND).json()["state"]
    assert posts(both, "splits", 2, SPLIT).status_code == 409
    released = {"hold": "h-1", "reason": "over"}
    done(both, "legal-hold-releases", 3, released, client="client-2")

    told = done(both, "erasures", 2, GROUND).json()
    assert (told["client"], told["also"]) == ("client-1", ["client-2"])
    assert told["journeys"] == ["j-1", "j-2"]
    assert told["keys_destroyed"]["identity"] == 4, "two of each: why they are one has its own"
    for client in ("client-1", "client-2"):
        assert both.log.load(f"client:{client}")[0].event.family_name.text is None
        assert both.office.clients.newest(f"client:{client}").keeping.erased
    both.keep()
    found = both.asks(LEAD).post("/clients/search", json={"name": "aino"}).json()["items"]
    assert found == []
    assert (both.log.load("client:client-3"), both.log.load("journey:j-3")) == others
    again = posts(both, "erasures", 3, GROUND)
    assert (again.status_code, again.json()["also"]) == (200, ["client-2"])
    assert "was erased" in posts(both, "splits", 3, SPLIT).json()["state"]


def test_who_is_served_by_others_under_another_id_is_not_erased(known):
    known.does("j-1", ending.close, end_state="cancelled", destination="unknown", reason=j.WHY)
    known.refers("j-4", "client-2", to="state")
    done(known, "merges", 1, MERGE)
    assert posts(known, "erasures", 2, GROUND).json()["reason"] == "others-serve-the-client-too"


def test_an_audit_tells_the_merge_in_the_history_of_each(known):
    done(known, "merges", 1, MERGE)
    done(known, "splits", 2, SPLIT)
    for client, other, merged in (
        ("client-1", "client-2", "client-2 was merged into this client"),
        ("client-2", "client-1", "this client was merged into client-1"),
    ):
        told = known.asks(AUDITOR).get(f"/audit/clients/{client}/history").json()["items"]
        sentences = [one["sentence"] for one in told]
        assert sentences[-2:] == [merged, f"this client and {other} were split again"]
