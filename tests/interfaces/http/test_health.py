"""Whether the service lives and is ready, and its numbers: for machines, about nobody."""

import re
from dataclasses import replace

import pytest

from infrastructure.settings import Settings
from interfaces import bootstrap
from interfaces.http.context import Check
from tests.interfaces.http.conftest import Identified, clients_on

PARTS = ["database", "migrations", "projections", "access-spool"]


@pytest.fixture
def given(database_url, tmp_path):
    return Settings(database_url=database_url, access_folder=tmp_path / "readings")


@pytest.fixture
def opened(given):
    with bootstrap.open_service(given) as parts:
        yield replace(parts, identify=Identified())


@pytest.fixture
def client(opened):
    for client_of in clients_on(opened):
        yield client_of()


def standing(client):
    answer = client.get("/health/ready")
    found = {one["part"]: one for one in answer.json()["parts"]}
    assert answer.status_code == (200 if answer.json()["status"] == "ready" else 503)
    return [part for part in PARTS if not found[part]["ready"]], found


def until_ready(client):
    for _ in range(100):
        missing, found = standing(client)
        if not missing:
            return found
    raise AssertionError(found)


def test_a_service_is_ready_when_all_its_parts_are(client):
    assert list(until_ready(client)) == PARTS


def test_where_no_reading_can_be_noted_it_is_not_ready_and_says_so(client, given):
    until_ready(client)
    given.readings_folder.rename(given.readings_folder.with_name("elsewhere"))
    missing, found = standing(client)
    assert missing == ["access-spool"]
    assert "POLKU_ACCESS_FOLDER" in found["access-spool"]["said"]


def test_where_the_tables_are_not_this_programs_it_is_not_ready(client, opened):
    until_ready(client)
    with opened.office.log.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE polku_version SET version_num = '0001'")
    missing, found = standing(client)
    assert missing == ["migrations"]
    assert "polku db upgrade" in found["migrations"]["said"]


def test_a_part_in_the_way_is_named_and_takes_requests_away(opened):
    checks = [Check("database", True), Check("projections", False, "behind the log")]
    for client_of in clients_on(replace(opened, checks=lambda: checks)):
        answer = client_of().get("/health/ready")
        assert answer.status_code == 503
        assert answer.json()["parts"][1]["said"] == "behind the log"


def test_numbers_count_requests_by_template_and_tell_where_the_views_stand(client):
    for name in ("Meikäläinen", "Virtanen"):
        client.get(f"/raise/{name}")
    client.get("/raise/stale")
    client.post("/journeys/j-1/acts/resume", json={})
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    told = answer.text
    lines = dict(line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
    of = 'polku_request_seconds_count{method="GET",route="/raise/{what}",status="%s"}'
    assert float(lines[of % 500]) == 2
    assert float(lines[of % 412]) == 1
    assert float(lines['polku_problems_total{code="stale"}']) == 1
    assert sum(float(n) for line, n in lines.items() if line.startswith("polku_acts_total")) == 1
    assert float(lines["polku_log_position"]) == 0
    for view in ("caseload", "register", "board", "responsibility"):
        assert float(lines[f'polku_view_lag_events{{view="{view}"}}']) == 0
    assert not re.search("Meik|Virtanen", told)
