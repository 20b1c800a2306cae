"""Whether the service lives and is ready, and its numbers: for machines, about nobody."""

import re
import shutil
import sqlite3
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, make_url
from structlog.testing import capture_logs

from application import programmes
from application.ports import Append, Fresh, NotNoted
from application.transact import Asked
from domain.access import Answered, Subject
from domain.entry import By
from domain.programme.events import ProgrammePublished
from infrastructure import readiness, schema, working_days
from infrastructure.definitions import shipped_definitions
from infrastructure.projection_registry import Aside
from infrastructure.settings import Settings
from infrastructure.translations import translations
from interfaces import bootstrap
from interfaces.http.parts import Check
from tests.infrastructure.full_disk import disk_with
from tests.interfaces.http.conftest import Identified, clients_on
from tests.interfaces.http.desk import MONDAY, desk  # noqa: F401

SHIPPED = shipped_definitions()
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


def test_who_is_set_aside_is_said_and_takes_no_requests_away(client, opened):
    until_ready(client)
    aside = Aside("board", "j-1", 1, 1, 0, "KeyError in somewhere")
    projections = bootstrap.projections_of(opened.office)
    with projections.writing() as cursor:
        projections.registry.set_aside(cursor, [aside])
    with capture_logs() as logs:
        missing, found = standing(client)
    assert missing == []
    assert [one["part"] for one in found.values() if one["said"]] == ["projections"]
    assert "j-1" not in str(found)
    assert "set aside: 1 of board" in str(logs)
    assert 'polku_view_set_aside{view="board"} 1.0' in client.get("/metrics").text


def test_where_no_reading_can_be_noted_it_is_not_ready_and_says_so(client, given):
    until_ready(client)
    given.readings_folder.rename(given.readings_folder.with_name("elsewhere"))
    missing, found = standing(client)
    assert missing == ["access-spool"]
    assert str(given.readings_folder) not in str(found)


def _publishes(opened, code):
    published = ProgrammePublished(1, MONDAY, "a definition", "0" * 64)
    stream, by = f"programme:{code}", By("somebody", "somewhere")
    opened.office.log.append(Append(stream, 0, (Fresh(published, MONDAY),), by))


def _notes(opened):
    read = (Subject("client-1", None),)
    at = opened.office.log.now()
    role, purpose = "case-worker", "casework"
    opened.accesses.note(Answered("somebody", role, "somewhere", purpose, "page", at, "c", read))


def test_a_full_disk_takes_requests_away_until_it_has_room(tmp_path):
    file = tmp_path / "polku.db"
    given = Settings(database_url=f"sqlite:///{file}", access_folder=tmp_path / "readings")
    schema.upgrade_url(given.database_url)
    with bootstrap.open_service(given) as opened:
        for number, client_of in enumerate(clients_on(replace(opened, identify=Identified()))):
            client = client_of()
            until_ready(client)
            with capture_logs(), disk_with(0):
                with pytest.raises(sqlite3.OperationalError):
                    _publishes(opened, f"refused-{number}")
                assert "database" in standing(client)[0]
            until_ready(client)
            _publishes(opened, f"taken-{number}")
            until_ready(client)


def test_a_disk_without_room_for_a_reading_takes_requests_away_until_it_has(opened):
    for client_of in clients_on(replace(opened, identify=Identified())):
        client = client_of()
        until_ready(client)
        with capture_logs(), disk_with(0):
            with pytest.raises(NotNoted):
                _notes(opened)
            assert "access-spool" in standing(client)[0]
        until_ready(client)
        _notes(opened)
        opened.accesses.flush()


def test_a_sqlite_file_that_was_replaced_is_not_ready_until_it_is_put_back(tmp_path):
    file, aside, copy = (tmp_path / name for name in ("polku.db", "aside.db", "copy.db"))
    given = Settings(database_url=f"sqlite:///{file}", access_folder=tmp_path / "readings")
    schema.upgrade_url(given.database_url)
    shutil.copy(file, copy)
    with bootstrap.open_service(given) as opened:
        for client_of in clients_on(replace(opened, identify=Identified())):
            client = client_of()
            until_ready(client)
            file.rename(aside)
            shutil.copy(copy, file)
            assert "database" in standing(client)[0]
            aside.replace(file)
            until_ready(client)


def test_a_service_that_ends_while_its_file_is_elsewhere_says_so_as_it_says_all(tmp_path):
    file = tmp_path / "polku.db"
    given = Settings(database_url=f"sqlite:///{file}", access_folder=tmp_path / "readings")
    schema.upgrade_url(given.database_url)
    with capture_logs() as logged, bootstrap.open_service(given) as opened:
        for client_of in clients_on(replace(opened, identify=Identified())):
            until_ready(client_of())
        file.rename(tmp_path / "elsewhere.db")
    assert "projector-not-signed-off" in [one["event"] for one in logged]


def test_where_the_tables_are_not_this_programs_it_is_not_ready(client, opened):
    until_ready(client)
    with opened.office.log.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE polku_version SET version_num = '0001'")
    missing, found = standing(client)
    assert missing == ["migrations"]
    assert "polku db status" in found["migrations"]["said"]


def test_a_database_that_is_gone_is_not_ready_and_its_address_is_told_to_nobody(
    postgresql_url, tmp_path
):
    url = make_url(postgresql_url)
    given = Settings(database_url=postgresql_url, access_folder=tmp_path / "readings")
    with bootstrap.open_service(given) as opened:
        parts = replace(opened, identify=Identified())
        for client_of in clients_on(parts):
            client = client_of()
            until_ready(client)
            with _refused(url):
                missing, found = standing(client)
                assert "database" in missing
                assert url.database not in str(found)
                assert "postgresql" not in str(found)
                assert client.get("/health/live").status_code == 200
                told = client.get("/metrics")
                assert told.status_code == 200
                assert "polku_request_seconds_count" in told.text
                assert "\npolku_database_answers 0.0" in told.text
                assert "polku_log_position" not in told.text
            until_ready(client)
            assert "\npolku_database_answers 1.0" in client.get("/metrics").text


@contextmanager
def _refused(url):
    """Have the server let nobody into the database, and end who is in."""
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = url.database

    def says(text):
        with admin.connect() as connection:
            connection.exec_driver_sql(text)

    says(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
    try:
        says(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        yield
    finally:
        says(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        admin.dispose()


def test_a_projection_that_lags_takes_requests_away_until_it_has_caught_up(desk):  # noqa: F811
    at_work = SimpleNamespace(works=True)

    def checks():
        said = readiness.projections(desk.parts.views, at_work, lag_seconds=30)
        return [Check("projections", not said, said)]

    desk.refers("j-1", "client-1")
    desk.today(MONDAY, hour=10)
    for client_of in clients_on(replace(desk.parts, checks=checks)):
        client = client_of()
        assert client.get("/health/ready").status_code == 503
        desk.keep()
        assert client.get("/health/ready").json()["status"] == "ready"


def test_a_part_in_the_way_is_named_and_takes_requests_away(opened):
    checks = [Check("database", True), Check("projections", False, "behind the log")]
    for client_of in clients_on(replace(opened, checks=lambda: checks)):
        with capture_logs() as logged:
            answer = client_of().get("/health/ready")
        assert answer.status_code == 503
        assert [one["ready"] for one in answer.json()["parts"]] == [True, False]
        assert "behind the log" not in answer.text
        (told,) = [one for one in logged if one["event"] == "not-ready"]
        assert (told["part"], told["said"]) == ("projections", "behind the log")


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
    for view in ("caseload", "register", "board", "responsibility", "readings"):
        assert float(lines[f'polku_view_lag_events{{view="{view}"}}']) == 0
    assert not re.search("Meik|Virtanen", told)


def test_all_definitions_are_read_before_the_service_is_open(given):
    asked = Asked(By("somebody", "somewhere"), MONDAY)
    with bootstrap.open_service(given) as parts:
        for code, text in SHIPPED.items():
            programmes.publish(parts.office.programmes, asked, text, code)
        newer = ProgrammePublished(1, MONDAY, "of a newer program: yes", "0" * 64)
        known = Append("programme:newer", 0, (Fresh(newer, MONDAY),), asked.by)
        parts.office.log.append(known)
    with bootstrap.open_service(given) as parts:
        office = parts.office
        office.programmes.read_definition = lambda _text, origin: pytest.fail(origin)
        found = {code: office.programmes.definition(code, 1).programme for code in SHIPPED}
    assert found == {code: code for code in SHIPPED}


def test_languages_and_holidays_are_read_before_the_service_is_open(given, monkeypatch):
    translations.cache_clear()
    working_days._holidays.cache_clear()
    year = 2025
    with bootstrap.open_service(given, clock=lambda: datetime(year, 12, 31, tzinfo=UTC)) as parts:
        monkeypatch.setattr("infrastructure.translations.catalogue", pytest.fail)
        monkeypatch.setattr(working_days, "country_holidays", pytest.fail)
        assert [parts.translations(one).language for one in ("fi", "it")] == ["fi", "it"]
        is_working_day = parts.office.working_days("FI")
        assert sum(is_working_day(date(year, 7, day)) for day in range(1, 8)) == 5
