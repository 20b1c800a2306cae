"""The acts of clients, organisations and programmes over HTTP."""

from dataclasses import replace
from typing import Any

from application.scope import Purpose, Role, Scope
from domain.entry import By
from domain.journey import team
from domain.programme.state import Programme
from infrastructure.definitions import load_definition, shipped_definitions
from tests.interfaces.http.acting import headers
from tests.interfaces.http.conftest import ClientOf
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MANAGER,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    Desk,
    as_client,
    desk,
    memory_desk,
)

__all__ = ["desk", "memory_desk"]

AINO = {"given_name": "Aino", "family_name": "Mäkinen", "date_of_birth": "1991-05-17"}


def registers(asking: Any, key: str | None = None, **body: Any) -> Any:
    return asking.post("/clients", json=body or AINO, headers=headers(key))


def changes(asking: Any, client: str, version: int = 1, **body: Any) -> Any:
    where = f"/clients/{client}/contact-details"
    return asking.post(where, json=body, headers=headers(version=version))


def acts(asking: Any, where: str, version: int | None, **body: Any) -> Any:
    return asking.post(where, json=body, headers=headers(version=version))


def test_a_client_is_registered_under_an_id_that_is_made(desk: Desk):
    answer = registers(desk.asks(WORKER), key="k")
    said = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/clients/{said['client']}"
    assert said["entries"][0]["kind"] == "client-registered"
    assert said["possible_duplicates"] == []
    state = desk.office.clients.newest(f"client:{said['client']}")
    assert state.registered.family_name.text == "Mäkinen"
    assert state.registered.birth_year == 1991
    again = registers(desk.asks(WORKER), key="k")
    assert (again.status_code, again.json()) == (201, said)
    assert again.headers["idempotency-replayed"] == "true"


def test_who_may_be_the_same_person_is_told_at_once(desk: Desk):
    first = registers(desk.asks(WORKER)).json()["client"]
    slip = AINO | {"family_name": "Makinen", "given_name": "Aina"}
    [other] = registers(desk.asks(WORKER), **slip).json()["possible_duplicates"]
    assert (other["id"], other["in_scope"], other["family_name"]) == (first, True, "Mäkinen")
    [hidden] = registers(desk.asks(STATE)).json()["possible_duplicates"][:1]
    assert (hidden["in_scope"], hidden["family_name"]) == (False, None)


def test_a_key_of_another_client_is_refused(memory_desk: Desk):
    registers(memory_desk.asks(WORKER), key="k")
    other = registers(memory_desk.asks(WORKER), key="k", given_name="Pekka")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def test_particulars_that_cannot_be_are_named(memory_desk: Desk):
    asking = memory_desk.asks(WORKER)
    bad = [
        ({"language": "fi"}, "/family_name"),
        ({"given_name": "A", "language": "Finnish"}, "/language"),
        ({"given_name": "A", "date_of_birth": "2025-03-09"}, "/date_of_birth"),
        ({"given_name": "A", "birth_year": 1800}, "/birth_year"),
        ({"given_name": "A\0"}, "/given_name"),
        ({"given_name": "A", "id": "c-1"}, "/id"),
        ({"given_name": "A", "occurred_on": "2025-03-05"}, "/occurred_on"),
    ]
    for body, pointer in bad:
        answer = registers(asking, **body)
        assert answer.status_code == 422, body
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], body


def test_contact_details_are_changed_by_who_tends_the_client(desk: Desk):
    client = registers(desk.asks(WORKER)).json()["client"]
    assert changes(desk.asks(WORKER), client, email="aino@example.org").status_code == 201
    assert changes(desk.asks(as_client(client)), client, 2, phone="040").status_code == 201
    refused = changes(desk.asks(STATE), client, 3, phone="041")
    assert (refused.status_code, refused.json()["reason"]) == (403, "client-not-in-scope")
    desk.refers("j-1", client)
    desk.takes("j-1")
    desk.does(
        "j-1", team.join_team, MONDAY, person="worker-2", organisation="state", role="adviser"
    )
    assert changes(desk.asks(STATE), client, 3, phone="", address="Torikatu 1").status_code == 201
    state = desk.office.clients.newest(f"client:{client}")
    assert (str(state.email), str(state.phone), str(state.address)) == (
        *("aino@example.org", ""),
        "Torikatu 1",
    )


def test_a_client_changes_their_own_contact_details_alone(memory_desk: Desk):
    client = registers(memory_desk.asks(WORKER)).json()["client"]
    refused = changes(memory_desk.asks(as_client("other")), client, phone="041")
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown-client")
    assert registers(memory_desk.asks(as_client("other"))).json()["reason"] == "not-in-role"
    assert changes(memory_desk.asks(AUDITOR), client, phone="1").json()["reason"] == "not-in-role"


def test_nobody_is_registered_by_changing_contact_details(memory_desk: Desk):
    answer = changes(memory_desk.asks(WORKER), "nobody", phone="041")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-client")


def test_who_is_behind_on_a_client_is_told_what_changed(desk: Desk):
    client = registers(desk.asks(WORKER)).json()["client"]
    changes(desk.asks(WORKER), client, phone="041")
    answer = changes(desk.asks(LEAD), client, phone="042")
    [changed] = answer.json()["changed"]
    assert (answer.status_code, changed["version"]) == (412, 2)
    assert (changed["kind"], changed["person"]) == ("contact-details-changed", "worker-1")
    assert changes(desk.asks(STRANGER), client, phone="042").status_code == 403


def test_the_acts_of_an_organisation_go_their_way(desk: Desk):
    manager = desk.asks(replace(MANAGER, organisation="school"))
    lead = desk.asks(replace(LEAD, organisation="school"))
    school = {"code": "school", "name": "School", "kind": "school"}
    made = acts(manager, "/organisations", None, **school)
    assert (made.status_code, made.json()["organisation"]) == (201, "school")
    agreement = {
        "agreement": "a-1",
        "partners": ["school", "city"],
        "duties": [{"partner": "city", "duty": "intake"}],
        "start": "2025-01-01",
    }
    need = {"need": "n-1", "occupation": "welder", "openings": 2, "kind": "acute"}
    course = {
        "offering": "o-1",
        "service": "course",
        "seats": 1,
        "start": "2025-03-03",
        "end": "2025-05-30",
        "place": "Workshop",
    }
    path = [
        ("sign-agreement", agreement, "agreement-signed"),
        (
            "end-agreement",
            {"agreement": "a-1", "last_day": "2025-06-30", "reason": "over"},
            "agreement-ended",
        ),
        ("publish-need", need, "employer-need-published"),
        ("fill-need", {"need": "n-1", "reference": "f-1"}, "employer-need-filled"),
        ("withdraw-need", {"need": "n-1", "reason": "cancelled"}, "employer-need-withdrawn"),
        ("publish-offering", course, "offering-published"),
        (
            "reserve-seat",
            {"offering": "o-1", "reference": "s-1", "client": "client-1"},
            "seat-reserved",
        ),
        (
            "release-seat",
            {"offering": "o-1", "reference": "s-1", "reason": "ill"},
            "seat-released",
        ),
    ]
    desk.registers("client-1", "Aino", "Mäkinen", by=By("lead-1", "school"))
    for version, (act, body, kind) in enumerate(path, start=1):
        answer = acts(lead, f"/organisations/school/acts/{act}", version, **body)
        assert answer.status_code == 201, (act, answer.text)
        assert answer.json()["entries"][0]["kind"] == kind
        assert answer.headers["etag"] == f'"{version + 1}"'
    stale = acts(lead, "/organisations/school/acts/publish-need", 1, **need | {"need": "n-2"})
    assert (stale.status_code, len(stale.json()["changed"])) == (412, 8)


def test_pages_say_by_their_etag_what_if_match_of_an_act_names(memory_desk: Desk):
    memory_desk.registers("client-1", "Aino", "Mäkinen")
    memory_desk.keep()
    manager, lead = memory_desk.asks(MANAGER), memory_desk.asks(LEAD)
    acts(manager, "/organisations", None, code="city", name="City", kind="municipality")
    need = {"need": "n-1", "occupation": "welder", "openings": 2, "kind": "acute"}
    target = {"target": "t", "measure": "employment", "value": 0.5}
    for asking, where, act, body in [
        (lead, "/clients/client-1", "contact-details", {"phone": "040"}),
        (lead, "/organisations/city", "acts/publish-need", need),
        (manager, "/programmes/trial", "acts/set-target", target),
    ]:
        seen = asking.get(where).headers["etag"]
        sent = headers() | {"If-Match": seen}
        answer = asking.post(f"{where}/{act}", json=body, headers=sent)
        assert answer.status_code == 201, (where, answer.text)
        assert asking.get(where).headers["etag"] == answer.headers["etag"] != seen


def test_nobody_opens_another_organisation_s_journeys_by_signing_alone(memory_desk: Desk):
    manager = memory_desk.asks(MANAGER)
    acts(manager, "/organisations", None, code="state", name="State", kind="state-office")
    agreement = {"agreement": "a-1", "partners": ["state", "city"], "duties": []}
    answer = acts(
        memory_desk.asks(LEAD),
        *("/organisations/state/acts/sign-agreement", 1),
        **agreement,
        start="2025-01-01",
    )
    assert (answer.status_code, answer.json()["reason"]) == (403, "not-own-organisation")


def test_who_signs_an_agreement_is_one_of_its_partners(memory_desk: Desk):
    lead = memory_desk.asks(LEAD)
    acts(lead, "/organisations", None, code="city", name="City", kind="municipality")
    agreement = {"agreement": "a-1", "partners": ["state", "school"], "duties": []}
    answer = acts(
        lead, "/organisations/city/acts/sign-agreement", 1, **agreement, start="2025-01-01"
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/partners"


def test_a_seat_is_reserved_on_a_journey_in_scope(memory_desk: Desk):
    lead = memory_desk.asks(LEAD)
    acts(lead, "/organisations", None, code="city", name="City", kind="municipality")
    offering = {"offering": "o", "service": "course", "seats": 1, "place": "here"}
    days = {"start": "2025-03-03", "end": "2025-03-04"}
    acts(lead, "/organisations/city/acts/publish-offering", 1, **offering, **days)
    memory_desk.refers("j-1", "client-1")
    seat = {"offering": "o", "reference": "s", "client": "client-1", "journey": "j-1"}
    where = "/organisations/city/acts/reserve-seat"
    refused = acts(memory_desk.asks(STRANGER), where, 2, **seat)
    assert (refused.status_code, refused.json()["reason"]) == (403, "not-in-scope")
    assert acts(lead, where, 2, **seat).status_code == 201


def test_an_organisation_that_is_not_registered_does_nothing(memory_desk: Desk):
    answer = acts(
        memory_desk.asks(WORKER),
        *("/organisations/nowhere/acts/withdraw-need", 1),
        need="n",
        reason="gone",
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-organisation")


PROGRAMME = "duunipolku"
ANSWERING = Scope(
    "manager-1",
    Role.PROGRAMME_MANAGER,
    "kuopio",
    Purpose.SUPERVISION,
    programmes=frozenset({PROGRAMME, "new-way"}),
)


def state_of(parts: Any, code: str) -> Programme:
    return parts.office.programmes.state(code)


def test_the_acts_of_a_programme_go_their_way(client_of: ClientOf, parts: Any):
    manager = client_of(ANSWERING)
    text = shipped_definitions()[PROGRAMME]
    revised = text.replace("version: 1", "version: 2", 1)
    assert load_definition(revised, "revised").version == 2
    path = [
        ("revise", {"definition": revised}, "programme-revised"),
        ("join", {"organisation": "kuopio"}, "organisation-joined"),
        (
            "set-target",
            {"target": "t", "measure": "employed", "value": 0.5, "organisation": "kuopio"},
            "target-set",
        ),
        ("leave", {"organisation": "kuopio", "reason": "done"}, "organisation-left"),
        ("close", {"reason": "The funding ended."}, "programme-closed"),
    ]
    for version, (act, body, kind) in enumerate(path, start=1):
        answer = acts(manager, f"/programmes/{PROGRAMME}/acts/{act}", version, **body)
        assert answer.status_code == 201, (act, answer.text)
        assert answer.json()["entries"][0]["kind"] == kind
    assert state_of(parts, PROGRAMME).closed_on is not None
    new = text.replace(f"programme: {PROGRAMME}", "programme: new-way", 1)
    published = acts(manager, "/programmes", None, definition=new)
    assert (published.status_code, published.json()["programme"]) == (201, "new-way")


def test_the_faults_of_a_definition_are_told_with_their_lines(client_of: ClientOf):
    text = shipped_definitions()[PROGRAMME].replace("version: 1", "version: one", 1)
    answer = acts(client_of(ANSWERING), "/programmes", None, definition=text)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    faults = answer.json()["errors"]
    assert {fault["pointer"] for fault in faults} == {"/definition"}
    assert any(fault["message"].startswith("line ") for fault in faults)


def test_a_fault_of_a_text_as_a_whole_names_its_line_alone(client_of: ClientOf):
    answer = acts(client_of(ANSWERING), "/programmes", None, definition="programme: [")
    (fault,) = answer.json()["errors"]
    assert fault["message"].startswith("line 1: the text ")


def test_a_revision_is_of_the_programme_that_it_is_sent_to(client_of: ClientOf):
    other = shipped_definitions()["askel"]
    where = f"/programmes/{PROGRAMME}/acts/revise"
    answer = acts(client_of(ANSWERING), where, 1, definition=other)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/definition"]


def test_a_programme_is_managed_by_its_own_manager(client_of: ClientOf):
    where = "/programmes/askel/acts/close"
    other = acts(client_of(ANSWERING), where, 1, reason="over")
    assert (other.status_code, other.json()["reason"]) == (403, "not-own-programme")
    worker = acts(client_of(), where, 1, reason="over")
    assert (worker.status_code, worker.json()["reason"]) == (403, "not-in-role")
    text = shipped_definitions()["askel"]
    assert acts(client_of(), "/programmes", None, definition=text).status_code == 403
