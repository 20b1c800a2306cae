"""`polku demo` and `polku simulate`, as a newcomer runs them."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from application.case_file import open_case_file
from application.office import Office
from application.ports import Append, Fresh
from application.programmes import Programmes
from application.simulation.casting import CannotSimulate
from application.simulation.days import VirtualClock, Window
from domain.journey import events as e
from infrastructure.event_log import open_log
from interfaces import bootstrap
from interfaces.cli import demo, demo_pages, simulate
from interfaces.cli.simulate import FIRST
from interfaces.cli.terminal import Refused
from tests.application.conftest import publish_trial, read_definition
from tests.domain import journeys as j

SHARE = ("--share", "0.02")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'polku.db'}"


def test_the_demo_sets_up_its_database_and_shows_its_pages(run, empty_database_url: str) -> None:
    said = run("demo", *SHARE, url=empty_database_url)
    assert (said.code, said.err) == (0, "")
    for title in (
        "Clients by phase and organisation on 2026-06-30",
        "Longest overdue on 2026-06-30",
        "One history, with both clocks: ",
        "The same journey on ",
        "Targets, and what came of them",
        "Go on from here",
    ):
        assert title in said.out
    for code in demo.CLIENTS:
        assert f"({code})" in said.out
    assert max(map(len, said.out.splitlines())) <= 100


def test_a_period_that_was_recorded_anew_with_its_end_is_on_record_once(memory_log) -> None:
    publish_trial(memory_log)
    office = Office(memory_log, Programmes(memory_log, read_definition), lambda _: j.is_weekday)
    period = e.UnemploymentPeriodRecorded(j.DAY, None, "registered", None)
    told = (j.REFERRED, e.ReferralAccepted(), period, replace(period, end=j.DAY))
    fresh = tuple(Fresh(event, j.DAY) for event in told)
    memory_log.append(Append("journey:j-1", 0, fresh, j.WORKER))
    assert demo_pages._said(open_case_file(office, "j-1"))["Periods on record"] == "1"


def test_a_second_run_shows_the_same_and_writes_nothing(run, url: str, tmp_path: Path) -> None:
    first = run("demo", *SHARE, "--json", url=url).json
    before = hashlib.sha256((tmp_path / "polku.db").read_bytes()).hexdigest()
    second = run("demo", *SHARE, "--json", url=url).json
    assert hashlib.sha256((tmp_path / "polku.db").read_bytes()).hexdigest() == before
    assert first["played"]["refused"] == []
    assert first["played"]["journeys"] == sum(cast.clients for cast in demo.casts_of(0.02))
    assert second["played"] is None
    assert second["programmes"] == first["programmes"]
    assert "holds the demo already" in " ".join(run("demo", url=url).out.split())


def test_while_one_sets_it_up_another_is_told_to_wait(
    run, empty_database_url: str, monkeypatch
) -> None:
    """It was told to delete the database that the first was filling, or was refused an entry."""
    told = []

    def while_others_ask(office, clock, casts, window):
        told.append(run("demo", *SHARE))
        simulate.play(office, clock, casts[-1:], Window(window.first, window.first))
        told.append(run("demo", *SHARE))
        raise Refused("broken off")

    monkeypatch.setattr(demo, "play", while_others_ask)
    assert "broken off" in run("demo", *SHARE, url=empty_database_url).err
    assert [(one.code, "wait until it is done" in one.err) for one in told] == [(1, True)] * 2
    assert "wait until" not in run("demo", *SHARE).err


def test_of_two_who_play_clients_at_a_time_the_second_is_refused_and_records_nothing(
    run, empty_database_url: str, monkeypatch
) -> None:
    """Its entries were all recorded at the last instant of the first: known months too late."""
    asked = ("simulate", "--programme", "ali", "--clients", "1", "--until", "2025-02-28", "--seed")
    told = []

    def meanwhile(office, casts, window, unpublished=MappingProxyType({})):
        told.append(run(*asked, "2"))
        told.append(office.log.position())
        raise CannotSimulate("broken off")

    run("db", "upgrade", url=empty_database_url)
    with monkeypatch.context() as patched:
        patched.setattr(simulate.casting, "check", meanwhile)
        assert "broken off" in run(*asked, "1").err
    second, position = told
    assert (second.code, position) == (1, 0)
    assert "wait until it is done, and run `polku simulate` again" in second.err
    assert run(*asked, "1").code == 0


def on_the_day(monkeypatch, day: date) -> None:
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    monkeypatch.setattr("infrastructure.clock.utc_now", lambda: now)


def test_the_commands_that_the_demo_names_work_and_its_pages_agree(
    run, url: str, monkeypatch
) -> None:
    on_the_day(monkeypatch, date(2026, 11, 21))
    first = run("demo", *SHARE, "--json", url=url).json
    assert first["day"] == "2026-06-30"
    playing, *looking = first["next"]
    assert playing.endswith("--seed 8 --from 2026-07-01 --until 2026-09-30")
    assert run(*playing.split()[1:], url=url).code == 0
    later = run("demo", "--json", url=url).json
    assert "--seed 9 --from" in later["next"][0]
    for command in looking:
        assert run(*command.split()[1:], url=url).code == 0, command
    looked = run("demo", "--json", url=url).json
    assert looked["programmes"] == later["programmes"]
    assert (looked["day"], looked["next"]) == (later["day"], later["next"][1:])
    assert "2026-09-15" < later["day"] <= "2026-09-30"
    every = ("journeys", "list", "--programme", "ali", "--limit", "500", "--json")
    listed = run(*every, url=url).json["journeys"]
    ali = next(page for page in later["programmes"] if page["code"] == "ali")
    assert sum(sum_of_places(row) for row in ali["standings"]) == len(listed) > 50
    assert f"Clients by phase and organisation on {later['day']}" in run("demo", url=url).out
    assert all(
        one["due"] < later["day"] for page in later["programmes"] for one in page["longest_overdue"]
    )


def sum_of_places(row: dict[str, object]) -> int:
    return sum(n for place, n in row.items() if place not in {"organisation", "overdue"})


def test_the_demo_names_no_simulation_of_days_still_to_come(run, url: str, monkeypatch) -> None:
    on_the_day(monkeypatch, date(2026, 7, 8))
    named = run("demo", *SHARE, "--json", url=url).json["next"]
    assert not any("simulate" in command for command in named)
    on_the_day(monkeypatch, date(2026, 8, 15))
    more = run("demo", "--json", url=url).json["next"][0]
    assert more.endswith("--from 2026-07-01 --until 2026-08-15")


def test_a_database_with_other_entries_is_left_alone(run, url: str) -> None:
    run("db", "upgrade", url=url)
    run("programmes", "publish", "ali", url=url)
    said = run("demo", *SHARE, url=url)
    assert said.code == 1
    assert "holds entries that are not the demo's; they were left alone" in said.err
    known = run("programmes", "list", "--json", url=url).json["programmes"]
    assert [one["code"] for one in known if one["published"]] == ["ali"]


def test_a_demo_that_was_broken_off_is_told(run, url: str, monkeypatch) -> None:
    monkeypatch.setenv("POLKU_DATABASE_URL", url)
    bootstrap.upgrade()
    clock = VirtualClock(FIRST)
    until_summer = Window(FIRST, FIRST.replace(month=6))
    with bootstrap.open_office(clock=clock) as office:
        simulate.play(office, clock, demo.casts_of(0.03), until_summer)
    for looked in (False, True):  # to look does not make it whole
        said = run("demo", *SHARE, url=url)
        assert said.code == 1, looked
        assert "was broken off on 2025-06" in said.err
        assert run("journeys", "list", "--limit", "1", url=url).code == 0


def test_a_simulation_publishes_plays_and_sums_up(run, url: str, monkeypatch) -> None:
    on_the_day(monkeypatch, date(2026, 11, 21))
    run("db", "upgrade", url=url)
    arguments = ("simulate", "--programme", "ali", "--clients", "20", "--seed", "3")
    value = run(*arguments, "--json", url=url).json
    assert (value["published"], value["clients"], value["refused"]) == (True, 20, [])
    assert sum(row["journeys"] for row in value["stands"]) == value["journeys"] == 20
    again = run(*arguments, url=url)
    assert again.code == 2
    assert "never runs backwards: begin after that day" in again.err
    later = run(*arguments, "--from", "2026-07-01", "--until", "2026-07-31", url=url)
    assert later.code == 2
    assert "seed 3 of ali was played before (its journeys in the log: 20)" in later.err


def test_a_simulation_of_one_client_says_so(run, url: str) -> None:
    run("db", "upgrade", url=url)
    said = run("simulate", "--programme", "ali", "--clients", "1", url=url)
    assert "\n1 client of ali, 2025-01-07 to 2026-06-30: " in said.out


def test_a_simulation_says_what_is_wrong_with_what_it_is_given(run, url: str) -> None:
    run("db", "upgrade", url=url)
    unknown = run("simulate", "--programme", "none", url=url)
    assert unknown.code == 2
    assert "'none' is not a programme here; there are: ali, askel" in unknown.err
    backwards = run("simulate", "--programme", "ali", "--until", "2024-01-01", url=url)
    assert backwards.code == 2
    assert "--until: 2024-01-01 lies before the first day" in backwards.err


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("--from", "2025-03-08", "--until", "2025-03-09"), "has no working day in IT"),
        (("--from", "2010-01-01"), "ali begins on "),
        (("--from", "1960-01-01"), "ali begins on "),
        (("--until", "2026-10-02"), "2026-10-02 is still to come"),
        (("--from", "9999-01-01"), "--from: 9999-01-01 lies after the last day, 2026-06-30"),
        (("--from", "9999-01-01", "--until", "9999-12-31"), "9999-12-31 is still to come"),
    ],
)
def test_days_that_cannot_be_played_are_refused_before_anything_is_published(
    run, url: str, monkeypatch, days: tuple[str, ...], said: str
) -> None:
    on_the_day(monkeypatch, date(2026, 10, 1))
    run("db", "upgrade", url=url)
    answer = run("simulate", "--programme", "ali", *days, url=url)
    assert answer.code == 2
    assert said in answer.err
    known = run("programmes", "list", "--json", url=url).json["programmes"]
    assert not any(one["published"] for one in known)


def test_a_log_of_real_entries_takes_no_simulation(told) -> None:
    answer = told("simulate", "--programme", "ali", "--from", "2025-06-02")
    assert answer.code == 2
    assert "the log holds journey:j-1, which was not simulated" in answer.err


def test_the_same_seed_gives_the_same_log_whatever_the_hash_seed_of_python(
    run, tmp_path: Path
) -> None:
    """In a process of its own, and in this one, which has a hash seed that is another."""
    here, there = (f"sqlite:///{tmp_path / name}" for name in ("here.db", "there.db"))
    played = ["simulate", "--programme", "duunipolku", "--clients", "15"]
    for command in (["db", "upgrade"], played):
        assert run(*command, url=here).code == 0
    code = "from interfaces.cli import main; raise SystemExit("
    code += f"main(['db', 'upgrade']) or main({played!r}))"
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={**os.environ, "POLKU_DATABASE_URL": there, "PYTHONHASHSEED": seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
    )
    assert _digest(here) == _digest(there)


def _digest(url: str) -> str:
    with open_log(url) as log:  # what is sealed is opened: keys are made by chance
        recorded = list(log.read())
    assert len(recorded) > 200
    return hashlib.sha256(repr(recorded).encode()).hexdigest()
