"""`polku projections`: what a person and a program are told of the views."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from application.ports import Append, Fresh
from application.views.listing import Wanted
from domain.entry import By, Personal
from domain.journey.events import ReferralMade
from infrastructure.case_listing import listing
from infrastructure.event_log import open_log
from interfaces import bootstrap
from tests.etela_savo import refer_to_mikkeli
from tests.infrastructure.tampering import tampering
from tests.interfaces.conftest import asked, publish_shipped, tell

ROOT = Path(__file__).parents[2]
VIEWS = ["board", "caseload", "readings", "register", "responsibility"]
STATUS = {
    *("name", "shape", "generation", "state", "position", "lag_events", "lag_seconds"),
    *("quarantined", "runner"),
}


def refer_one(office, journey="j-1"):
    refer_to_mikkeli(
        office,
        journey,
        asked(date(2025, 1, 10)),
        existing_plan=Personal("find work in care"),
        need_definition=Personal("help with applications"),
    )


def test_an_act_is_found_in_the_caseload_at_once_without_any_projector(polku):
    with bootstrap.open_office() as office:
        publish_shipped(office, "etela-savo")
        refer_one(office)
        found = listing(bootstrap.projections_of(office), Wanted())
        assert [case.journey for case in found.cases] == ["j-1"]
        assert found.behind == 2
    assert {one["position"] for one in polku("projections", "status", "--json").json["views"]} == {
        0
    }


def test_the_status_tells_how_far_each_view_has_come(told):
    said = told("projections", "status", "--json")
    assert said.code == 0
    assert set(said.json) == {"views", "set_aside"}
    assert [one["name"] for one in said.json["views"]] == VIEWS
    for one in said.json["views"]:
        assert set(one) == STATUS
        assert one["lag_events"] > 0
        assert one["lag_seconds"] > 0
        assert one["runner"] is None

    caught_up = told("projections", "run", "--once", "--json")
    assert caught_up.code == 0
    for one in caught_up.json["views"]:
        assert (one["state"], one["lag_events"], one["lag_seconds"]) == ("live", 0, 0)
    shown = told("projections", "status").out
    for name in VIEWS:
        assert name in shown


def test_without_any_view_the_status_says_what_to_do(polku):
    said = polku("projections", "status")
    assert said.code == 0
    assert "`polku projections run --once` makes them" in said.out


@pytest.fixture
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a rebuild wait for nobody who is about to read the old tables."""
    monkeypatch.setattr("infrastructure.rebuilding.GRACE_SECONDS", 0.0)


def test_a_rebuild_tells_what_it_did(told, nobody_reads):
    told("projections", "run", "--once")
    said = told("projections", "rebuild", "caseload", "--json")
    assert said.code == 0
    (rebuilt,) = said.json["rebuilt"]
    assert rebuilt["view"] == "caseload"
    assert rebuilt["generation"] == 2
    assert rebuilt["compared"] == {"owners": 2, "differing": 0, "first": None}
    every = told("projections", "rebuild", "all")
    assert every.code == 0
    assert every.out.count("Equal to the rows before") == len(VIEWS)


def test_a_rebuild_that_finds_wrong_rows_puts_them_right_and_says_so(
    told, database_url, nobody_reads
):
    told("projections", "run", "--once")
    with open_log(database_url) as log, log.database.writing() as connection:
        connection.exec_driver_sql("UPDATE view_caseload_case_1 SET client = 'another'")
    said = told("projections", "rebuild", "caseload")
    assert said.code == 1
    assert "wrong for 2 of 2 owners; the first is j-1, in view_caseload_case_2: client" in said.out
    assert told("journeys", "list", "--json").json["journeys"][0]["client"] == "c-1"


def test_a_view_that_is_none_is_refused_with_those_there_are(told):
    said = told("projections", "rebuild", "caselod")
    assert said.code == 2
    assert "there is no view 'caselod'; there are: caseload, register" in said.err


def test_what_is_set_aside_is_shown_and_ends_with_1(told, database_url):
    with open_log(database_url) as log:
        referred = ReferralMade("c-9", "elsewhere", 0, "office", "ward", "letter")
        spoilt = (Fresh(referred, date(2025, 1, 7)),)
        log.append(Append("journey:spoilt", 0, spoilt, By("p", "o")))
        position = log.position() + 1
        body = "x'7b'" if log.database.is_sqlite else "'\\x7b'::bytea"
        with log.database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO events (position, stream, version, name, schema_version, occurred_on, "
                f"recorded_at, actor, organisation, body) VALUES ({position}, 'journey:spoilt', 2, "
                f"'referral-accepted', 1, '2025-01-08', 0, 'p', 'o', {body})"
            )
    said = told("projections", "run", "--once")
    assert said.code == 1
    assert "set aside: caseload of spoilt at version 2" in said.out
    assert "UnreadableEvent in infrastructure." in said.out
    status = told("projections", "status", "--json")
    assert status.code == 1
    assert {one["owner"] for one in status.json["set_aside"]} == {"spoilt"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_runner_that_is_asked_to_stop_lets_go_of_the_views(told, database_url, number):
    polku = Path(sys.executable).with_name("polku")
    running = subprocess.Popen(
        [polku, "projections", "run", "--json"],
        cwd=ROOT,
        env={**os.environ, "POLKU_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
    )
    with running, bootstrap.open_projections() as views:
        for _ in range(600):
            found, _aside = bootstrap.view_statuses(views)
            if {(one.lag_events, one.runner is None) for one in found} == {(0, False)}:
                break
            assert running.poll() is None
            time.sleep(0.05)
        assert all(one.runner.endswith(f":{running.pid}") for one in found)
        running.send_signal(number)
        assert running.wait(60) == 0
        found, _aside = bootstrap.view_statuses(views)
        assert {one.runner for one in found} == {None}
    if database_url.startswith("sqlite"):
        assert not [*Path(database_url.removeprefix("sqlite:///")).parent.glob("*.lock")]


@pytest.mark.parametrize(("position", "view_is_at"), [("max(position)", "position"), ("2", "1")])
def test_an_entry_whose_instant_is_none_is_told_by_its_place(run, own_sqlite, position, view_is_at):
    """SQLite takes anything in a column, and PostgreSQL nothing but a number."""
    url = own_sqlite.filled(tell)
    with tampering(url) as tamper:
        at = tamper.one(f"SELECT {position} FROM events")
        tamper.run("UPDATE events SET recorded_at = 'noon' WHERE position = ?", at)
        tamper.run(f"UPDATE projections SET position = {view_is_at}")
    said = run("projections", "status", url=url)
    assert said.code != 0
    assert f"position {at} of the log: when it was recorded is no instant" in said.err
