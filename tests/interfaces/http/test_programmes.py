"""Programmes with their definitions, and organisations with agreements, needs and seats."""

from dataclasses import replace
from datetime import date

import pytest

from application.acts import do
from application.office import TIME_ZONES
from application.organisations import act
from application.transact import Asked
from domain.entry import By
from domain.organisation import decisions as d
from domain.organisation.events import Duty, NeedKind, OrganisationKind
from domain.programme.decisions import publish
from infrastructure.definitions import load_definition, shipped_definitions
from interfaces.http.organisations import OrganisationPage, Organisations
from interfaces.http.programme_models import DefinitionPage, ProgrammeTold
from tests.application.conftest import publish_trial
from tests.interfaces.http.acting import headers, refer_body
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    LEAD,
    MANAGER,
    MONDAY,
    STATE,
    desk,  # noqa: F401
    memory_desk,  # noqa: F401
)


@pytest.fixture
def school(desk):  # noqa: F811
    asked = Asked(By("somebody", "city"), MONDAY)
    organisations = desk.parts.organisations
    act(
        organisations,
        "city",
        asked,
        d.register,
        name="The City",
        kind=OrganisationKind.MUNICIPALITY,
    )
    act(organisations, "firm", asked, d.register, name="A firm", kind=OrganisationKind.EMPLOYER)
    act(
        organisations,
        "city",
        asked,
        d.sign_agreement,
        agreement="a-1",
        partners=("city", "firm"),
        duties=(Duty("firm", "places"),),
        start=date(2025, 1, 1),
    )
    act(
        organisations,
        "city",
        asked,
        d.publish_offering,
        offering="o-1",
        service="course",
        seats=2,
        start=date(2025, 4, 1),
        end=date(2025, 5, 1),
        place="town hall",
    )
    act(
        organisations,
        "city",
        asked,
        d.reserve_seat,
        offering="o-1",
        reference="s-1",
        client="c-1",
        journey="j-1",
    )
    act(
        organisations,
        "firm",
        asked,
        d.publish_need,
        need="n-1",
        occupation="welder",
        competences=("welding",),
        openings=3,
        kind=NeedKind.ACUTE,
    )
    return desk


def test_programmes_with_their_versions(desk):  # noqa: F811
    [told] = desk.asks(EVALUATOR).get("/programmes").json()["items"]
    assert ProgrammeTold.model_validate(told).model_dump(mode="json") == told
    assert (told["code"], told["title"], told["current"]) == ("trial", "Trial", 2)
    assert [version["version"] for version in told["versions"]] == [1, 2]
    assert desk.asks().get("/programmes/trial").json() == told


def test_programmes_page_by_page(memory_desk):  # noqa: F811
    publish_trial(memory_desk.log, code="askel")
    asks = memory_desk.asks()
    first = asks.get("/programmes?limit=1").json()
    assert ([one["code"] for one in first["items"]], first["next"]) == (["askel"], "askel")
    rest = asks.get("/programmes", params={"cursor": first["next"], "limit": 1}).json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["trial"], None)
    assert asks.get("/programmes?limit=0").status_code == 422


def test_a_definition_names_every_code_an_act_can_name(desk):  # noqa: F811
    answer = desk.asks().get("/programmes/trial/versions/1")
    told = answer.json()
    assert DefinitionPage.model_validate(told).model_dump(mode="json") == told
    assert {service["code"] for service in told["services"]} == {"course", "coaching"}
    assert told["phases"][0]["requires"][0]["basis"] == "basis of eligible"
    assert told["deadlines"][0]["span"] == {"count": 10, "unit": "working-days"}
    assert told["eligibility"][0]["until"] == "2025-09-01"
    assert answer.headers["etag"]


@pytest.mark.parametrize("path", ["/programmes/none", "/programmes/trial/versions/9"])
def test_a_programme_that_is_none_is_not_found(memory_desk, path):  # noqa: F811
    answer = memory_desk.asks().get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-programme")


def test_a_day_begins_at_midnight_where_a_programme_is_run(memory_desk):  # noqa: F811
    asked, since = Asked(By("planner", "city"), MONDAY), date(2025, 4, 1)
    text = {"version": 1, "effective_from": since, "definition": "1", "digest": "d"}
    do(memory_desk.office.programmes.streams, "programme:night", asked, publish, **text)
    organisations = memory_desk.parts.organisations
    kind = OrganisationKind.MUNICIPALITY
    act(organisations, "city", asked, d.register, name="The City", kind=kind)
    signed = {"agreement": "a-1", "partners": ("city", "state"), "duties": (), "start": since}
    act(organisations, "city", asked, d.sign_agreement, **signed)
    asks, referring = memory_desk.asks(), memory_desk.asks(STATE)
    for hour, begun in ((20, False), (21, True)):  # midnight in Helsinki, in summer
        memory_desk.today(date(2025, 3, 31), hour)
        assert asks.get("/programmes/night").json()["current"] == (1 if begun else None)
        page = asks.get("/organisations/city").json()
        assert page["agreements"][0]["in_force"] is begun
        body = refer_body(programme="night", occurred_on=None)
        answer = referring.post("/journeys", json=body, headers=headers(str(hour)))
        assert answer.status_code == (201 if begun else 422), answer.json()


def test_who_joins_today_joins_on_the_day_that_it_is_there(memory_desk, monkeypatch):  # noqa: F811
    monkeypatch.setitem(TIME_ZONES, "XX", "Pacific/Kiritimati")  # ahead of Finland
    memory_desk.today(date(2025, 3, 31), 12)
    manager = memory_desk.asks(MANAGER)
    answer = manager.post(
        "/programmes/trial/acts/join",
        json={"organisation": "city"},
        headers=headers(version=2),
    )
    assert answer.json()["entries"][0]["occurred_on"] == "2025-03-31"


def test_a_programme_is_published_on_the_day_that_it_is_there(memory_desk, monkeypatch):  # noqa: F811
    monkeypatch.setitem(TIME_ZONES, "XX", "Pacific/Kiritimati")  # ahead of Finland
    memory_desk.today(date(2025, 3, 31), 12)
    manager = memory_desk.asks(replace(MANAGER, programmes=frozenset({"duunipolku"})))
    monkeypatch.setattr(memory_desk.office.programmes, "read_definition", load_definition)
    new = {"definition": shipped_definitions()["duunipolku"]}
    made = manager.post("/programmes", json=new, headers=headers())
    assert made.status_code == 201, made.text
    assert made.json()["entries"][0]["occurred_on"] == "2025-03-31"
    path, why = "/programmes/duunipolku/acts/close", {"reason": "it was a slip"}
    assert manager.post(path, json=why, headers=headers(version=1)).status_code == 201


def test_organisations_page_by_page(school):
    first = school.asks().get("/organisations?limit=1").json()
    assert Organisations.model_validate(first).model_dump(mode="json") == first
    rest = school.asks().get("/organisations", params={"cursor": first["next"]}).json()
    assert [one["code"] for one in first["items"] + rest["items"]] == ["city", "firm"]
    assert rest["next"] is None


def test_an_organisation_with_agreements_offerings_and_seats(school):
    told = school.asks(LEAD).get("/organisations/city").json()
    assert OrganisationPage.model_validate(told).model_dump(mode="json") == told
    assert told["duties"] == [{"partner": "firm", "duty": "places"}]
    assert told["agreements"][0]["in_force"] is True
    [offering] = told["offerings"]
    assert (offering["seats"], offering["free"]) == (2, 1)
    assert offering["held"] == [{"reference": "s-1", "client": "c-1", "journey": "j-1"}]
    assert [(r.client, r.what) for r in school.parts.accesses.readings] == [
        ("c-1", "organisations")
    ]


@pytest.mark.parametrize(("scope", "held"), [(STATE, 0), (EVALUATOR, 0), (AUDITOR, 1)])
def test_whose_the_seats_are_is_not_told_to_others(school, scope, held):
    [offering] = school.asks(scope).get("/organisations/city").json()["offerings"]
    assert (offering["free"], len(offering["held"])) == (1, held)


def test_an_employers_need(school):
    [need] = school.asks(EVALUATOR).get("/organisations/firm").json()["needs"]
    assert (need["occupation"], need["open"], need["kind"]) == ("welder", 3, "acute")


def test_an_organisation_that_is_none_is_not_found(memory_desk):  # noqa: F811
    answer = memory_desk.asks().get("/organisations/none")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-organisation")
    assert memory_desk.asks().get("/organisations").json() == {"items": [], "next": None}
