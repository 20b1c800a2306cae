"""Every operation that tells of a client leaves a reading; which ones do not, a table says."""

from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from application.accesses import readings_stream
from application.partners import Partners
from application.ports import Append, Fresh
from domain.access import Answered, ReadingsRecorded, Subject
from domain.entry import By
from domain.organisation import events as o
from interfaces import bootstrap
from tests.interfaces.bundling import signing
from tests.interfaces.http.acting import PATHS, does, headers, refers
from tests.interfaces.http.conftest import Identified, clients_on
from tests.interfaces.http.desk import (
    AUDITOR,
    LEAD,
    MONDAY,
    STRANGER,
    After,
    as_client,
    memory_desk,  # noqa: F401
)

SHOW_NONE = {
    *("register_organisation", "list_organisations", "sign_agreement", "end_agreement"),
    *("publish_need", "fill_need", "withdraw_need", "publish_offering"),
    *("publish_programme", "list_programmes", "revise_programme", "join_programme"),
    *("leave_programme", "set_target", "close_programme", "show_programme", "show_definition"),
    *("organisation_board", "programme_board", "live", "ready", "numbers", "problems", "problem"),
    *("audit_programme", "audit_overview"),
    # What is found out of a programme is told under ids alone, and opens nothing that is sealed.
    *("ask_report", "show_report", "report_result", "cancel_report"),
    *("list_report_charts", "report_chart"),
    *("ask_figure", "show_figure", "figure_result", "cancel_figure"),
    *("ask_verification", "show_verification", "verification_result", "cancel_verification"),
    *("ask_restatement", "show_restatement", "restatement_result", "cancel_restatement"),
    *("issue_report", "restate_report", "list_issued_reports", "show_issued_report"),
    *("audit_report", "ask_survival", "ask_comparison", "ask_funnel", "ask_conformance"),
    *("ask_payments", "ask_flows", "show_evaluation", "evaluation_result", "cancel_evaluation"),
    *("ask_replay", "show_replay", "replay_result", "cancel_replay"),
    *("ask_export", "show_export", "export_result", "cancel_export"),
    # What was recorded is told by its kind and number alone, and to who recorded it.
    *("refer", "open_out_of_scope"),
}
"""The operations that tell nothing of a client."""

NAME = {"given_name": "Aino", "family_name": "Mäkinen", "date_of_birth": "1991-05-17"}
SEAT = {"offering": "o-1", "reference": "s-2", "client": "client-2"}
FREED = {"offering": "o-1", "reference": "s-1", "reason": "ill"}
CONSENT, WITHDRAWN = {"organisation": "state", "kinds": ["plan"]}, {"organisation": "state"}
RELEASED = {"hold": "h-1", "reason": "over"}
MERGED = {"merged": "client-2", "ground": "art-5", "reason": "one person"}
HOLD = RELEASED | {"basis": "R 25/117"}
STALE = {
    "mode": "each",
    "acts": [{"act": "resume", "journey": "j-1", "version": 1, "body": {}}],
}

SHOWING = {
    "search_clients": (LEAD, "/clients/search", {"name": "aino"}, 200),
    "client_page": (LEAD, "/clients/client-1", None, 200),
    "register_client": (LEAD, "/clients", NAME, 201),
    "change_contact_details": (LEAD, "/clients/client-1/contact-details", {"phone": "1"}, 412),
    "give_consent": (LEAD, "/clients/client-1/consents", CONSENT, 412),
    "withdraw_consent": (LEAD, "/clients/client-1/consent-withdrawals", WITHDRAWN, 412),
    "place_hold": (LEAD, "/clients/client-1/legal-holds", HOLD, 412),
    "release_hold": (LEAD, "/clients/client-1/legal-hold-releases", RELEASED, 412),
    "erase_client": (LEAD, "/clients/client-1/erasures", {"ground": "art-17"}, 412),
    "merge_clients": (LEAD, "/clients/client-1/merges", MERGED, 412),
    "split_clients": (LEAD, "/clients/client-1/splits", MERGED, 412),
    "journey_page": (LEAD, "/journeys/j-1", None, 200),
    "journey_timeline": (LEAD, "/journeys/j-1/timeline", None, 200),
    "journey_acts": (LEAD, "/journeys/j-1/acts", None, 200),
    "journey_responsibility": (LEAD, "/journeys/j-1/responsibility", None, 200),
    "list_journeys": (LEAD, "/journeys", None, 200),
    "list_deadlines": (LEAD, "/deadlines", None, 200),
    "list_changes": (LEAD, "/changes?after=0", None, 200),
    "follow_changes": (LEAD, "/changes/live?after=0&seconds=0.2", None, 200),
    "list_responsibility": (LEAD, "/responsibility", None, 200),
    "calendar_feed": (LEAD, "/calendar/worker-1.ics", None, 200),
    "do_batch": (LEAD, "/batch", STALE, 200),
    "list_readings": (AUDITOR, "/audit/access", None, 200),
    "list_unusual": (AUDITOR, "/audit/access/unusual", None, 200),
    "client_access": (as_client("client-1"), "/clients/client-1/access", None, 200),
    "client_copy": (as_client("client-1"), "/clients/client-1/copy", None, 200),
    "list_openings": (AUDITOR, "/audit/openings", None, 200),
    "audit_journey": (AUDITOR, "/audit/journeys/j-1/history", None, 200),
    "audit_decisions": (AUDITOR, "/audit/journeys/j-1/decisions", None, 200),
    "audit_corrections": (AUDITOR, "/audit/journeys/j-1/corrections", None, 200),
    "audit_difference": (AUDITOR, "/audit/journeys/j-1/difference", None, 200),
    "audit_bundle": (AUDITOR, "/audit/journeys/j-1/bundle", None, 200),
    "audit_sample": (AUDITOR, "/audit/sample?seed=s", None, 200),
    "audit_overview_entries": (AUDITOR, "/audit/overviews/openings/entries", None, 200),
    "audit_openings": (AUDITOR, "/audit/journeys/j-1/openings", None, 200),
    "audit_client": (AUDITOR, "/audit/clients/client-1/history", None, 200),
    "audit_organisation": (AUDITOR, "/audit/organisations/school/history", None, 200),
    "show_organisation": (LEAD, "/organisations/school", None, 200),
    "reserve_seat": (LEAD, "/organisations/school/acts/reserve-seat", SEAT, 201),
    "release_seat": (LEAD, "/organisations/school/acts/release-seat", FREED, 201),
}
"""Who asks an operation for what, by which a client is told of, and the status of the answer."""

BODIES = {act: body for path in PATHS.values() for act, body in path}
"""A body for each act of a journey."""


def _begun(desk):
    for client in ("client-1", "client-2"):
        desk.registers(client, "Aino", "Mäkinen", date(1991, 5, 17))
        desk.refers(f"j-{client[-1]}", client)
    desk.takes("j-1")
    desk.asks(STRANGER).post("/journeys/j-1/openings", json={"reason": "on duty"})
    read = (Subject("client-1", "j-1"),)
    night = desk.log.now().replace(hour=2)
    once = Answered("p", "auditor", "a", "audit", "timeline", night, None, read)
    recorded = Fresh(ReadingsRecorded((once,)), MONDAY)
    school = (
        o.OrganisationRegistered("School", o.OrganisationKind.SCHOOL),
        o.OfferingPublished("o-1", "course", 5, MONDAY, MONDAY, "Workshop"),
        o.SeatReserved("o-1", "s-1", "client-1"),
    )
    by = By("polku", "polku")
    desk.log.append(Append(f"{readings_stream(MONDAY)}-1", 0, (recorded,), by))
    fresh = tuple(Fresh(event, MONDAY) for event in school)
    desk.log.append(Append("organisation:school", 0, fresh, by))
    desk.keep()


BEGUN = After(_begun)


@pytest.fixture
def known(own_sqlite):
    """A desk with something to show at every operation."""
    with BEGUN.on(own_sqlite) as opened:
        opened.parts = replace(opened.parts, bundle=bootstrap.bundling(opened.office, signing()))
        yield opened


def asked(desk, scope, where, body, version):
    asking = desk.asks(scope)
    if body is None:
        return asking.get(where)
    return asking.post(where, json=body, headers=headers(version=version))


@pytest.fixture
def operations(described):
    """Every operation of the service by its id, with whether it is an act of a journey."""
    return {
        said["operationId"]: path.startswith("/journeys/{journey}/acts/")
        for path, methods in described["paths"].items()
        for said in methods.values()
    }


def test_every_operation_shows_a_client_or_is_said_not_to(operations):
    others = {name for name, of_journey in operations.items() if not of_journey}
    assert others == SHOW_NONE | set(SHOWING)
    assert not SHOW_NONE & set(SHOWING)


@pytest.mark.parametrize("operation", SHOWING)
def test_what_shows_a_client_is_a_reading(known, operation):
    scope, where, body, status = SHOWING[operation]
    version = 3 if "school" in where else 7 if status == 412 else None
    answer = asked(known, scope, where, body, version)
    assert answer.status_code == status, answer.text
    noted = known.parts.accesses.readings
    assert {one.person for one in noted} == {scope.person}
    assert {"client-1", "client-2", None} >= {one.client for one in noted}
    assert any(one.client or one.journey for one in noted)
    correlation = answer.headers["x-correlation-id"]
    assert {one.correlation for one in noted} == {correlation}


def test_every_act_of_a_journey_that_tells_what_changed_is_a_reading(known, operations):
    acts = {name.replace("_", "-") for name, of in operations.items() if of}
    noted, asking = known.parts.accesses.readings, known.asks(LEAD)
    for act in sorted(acts):
        noted.clear()
        answer = does(asking, "j-1", act, 1, **BODIES[act])
        assert answer.status_code == 412, (act, answer.text)
        assert [(one.client, one.journey) for one in noted] == [("client-1", "j-1")], act


def test_what_is_recorded_has_the_correlation_of_its_request(known):
    asking = known.asks(STRANGER)
    own = {"from_organisation": "elsewhere", "opening_reason": "She came to our desk"}
    answers = {
        "journey:j-3": refers(asking, "j-3", client="client-2", **own),
        "access:j-3": None,
        "client:client-2": asked(
            known, LEAD, "/clients/client-2/contact-details", {"phone": "1"}, 1
        ),
        "organisation:school": asked(known, *SHOWING["reserve_seat"][:3], 3),
    }
    answers["access:j-3"] = answers["journey:j-3"]
    for stream, answer in answers.items():
        assert answer.status_code == 201, answer.text
        *_, newest = known.log.load(stream)
        assert newest.correlation == answer.headers["x-correlation-id"], stream


def test_an_agreement_opens_journeys_for_as_long_as_it_holds(known):
    ticks = count()
    partners = Partners(known.parts.organisations, lambda: float(next(ticks)), fresh_for=0)

    class WithPartners(Identified):
        def __call__(self, request):
            scope = super().__call__(request)
            return replace(scope, partners=partners.of(scope.organisation))

    where = "/organisations/city/acts"
    said = {"agreement": "a", "partners": ["city", "elsewhere"], "duties": []}
    ended = {"agreement": "a", "last_day": MONDAY.isoformat(), "reason": "over"}
    city = {"code": "city", "name": "City", "kind": "municipality"}
    for client_of in clients_on(replace(known.parts, identify=WithPartners())):
        lead, stranger = client_of(LEAD), client_of(replace(STRANGER, person="worker-8"))

        def acts(code, version, body, lead=lead):
            answer = lead.post(f"{where}/{code}", json=body, headers=headers(version=version))
            assert answer.status_code == 201, answer.text

        assert lead.post("/organisations", json=city, headers=headers()).status_code == 201
        assert stranger.get("/journeys/j-1").status_code == 403
        acts("sign-agreement", 1, said | {"start": "2025-01-01"})
        assert stranger.get("/journeys/j-1").status_code == 200
        acts("end-agreement", 2, ended)
        assert stranger.get("/journeys/j-1").status_code == 200
        known.today(date(2025, 3, 4))
        assert stranger.get("/journeys/j-1").status_code == 403
