"""Every command that shows what is held of a client records that it does, before it shows it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from application import merging
from application.accesses import readings as recorded_readings
from application.accesses import readings_stream, record_opening
from application.erasing import place_hold
from application.journeys import act, assess_eligibility
from application.office import Office
from application.ports import Append, Fresh
from domain.access import Answered, Reading, ReadingsRecorded, Subject
from domain.entry import By, Personal
from domain.journey.corrections import correct
from domain.organisation import events as o
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.databases import Own
from tests.etela_savo import refer_to_mikkeli
from tests.interfaces.conftest import (
    Clock,
    Polku,
    asked,
    bring_journey,
    live_journey,
    publish_shipped,
)
from tests.interfaces.test_clients_command import DAY, closed, registered
from tests.interfaces.test_documented import every_command

MODEL = "--programme etela-savo"
OFFICER = "--by officer --organisation mikkeli"
J1, J2, X1 = ("c-1", "j-1"), ("c-2", "j-2"), ("x-c", "x-1")

SHOWING: dict[str, tuple[str, set[tuple[str | None, str | None]]]] = {
    "journeys list": ("caseload", {J1, J2, X1}),
    "journeys list --status closed --limit 1": ("caseload", {J1}),
    "journeys show j-1": ("journey-page", {J1}),
    "audit access --client c-1": ("audit-access", {J1}),
    "audit access --unusual": ("audit-access", {J1}),
    "audit bundle x-1 --out x-1.zip": ("audit-bundle", {X1}),
    "audit history journey j-1": ("audit-history", {J1}),
    "audit history client c-9": ("audit-history", {("c-1", None), ("c-9", None)}),
    "audit history access j-1": ("audit-history", {J1}),
    "audit history organisation school": ("audit-history", {("c-2", None)}),
    "audit decisions j-1 --entry 2": ("audit-decisions", {J1}),
    "audit corrections j-1": ("audit-corrections", {J1}),
    "audit difference j-1 --as-at 2025-01-15..": ("audit-difference", {J1}),
    "audit sample --size 9 --seed s --where status=closed": ("audit-sample", {J1, X1}),
    "audit overview openings": ("audit-overviews", {J1}),
    "retention due": ("retention", {("c-1", None), ("c-9", None)}),
    f"retention carry-out {OFFICER}": ("retention", {("c-1", None), ("c-9", None)}),
    "export subject c-9 --out copy.html": ("client-copy", {("c-1", None), ("c-9", None)}),
    f"what-if {MODEL} --with sooner.yaml --names": ("what-if", {J2}),
}
"""Under which name the reading of a command is recorded, and of whom."""

SHOWING_NONE = (
    *("db upgrade", "db status", "keys rotate", "token --role auditor --organisation mikkeli"),
    *("programmes list", "programmes show etela-savo", "programmes check sooner.yaml"),
    *("programmes publish ali", "audit history programme etela-savo"),
    *("audit checkpoint", "audit verify --jobs 1", "audit overview openings --limit 0"),
    "import unemployment-spells spells.csv",
    *("projections status", "projections run --once", "projections rebuild all"),
    # What is found out of a programme is told under ids alone, and opens nothing that is sealed.
    *(f"report {MODEL}", f"report {MODEL} --open clients"),
    f"what-if {MODEL} --with sooner.yaml",
    *(f"evaluate payments {MODEL}", f"evaluate flows {MODEL}", f"evaluate conformance {MODEL}"),
    f"evaluate survival {MODEL} --from referral-made --until referral-accepted",
    f"evaluate compare {MODEL} --outcome referral-accepted --treated plan-agreed --threshold 0",
    f"evaluate funnel {MODEL} --outcome measure:employment",
    *("export parquet tables", "export xes", "export ocel", "export csv", "export cloudevents"),
    # Acts are entries of their own, which say who did them; they show what was given, under ids.
    f"clients hold c-1 --hold K-1 --basis law {OFFICER}",
    f"clients release x-c --hold K-0 {OFFICER}",
    f"clients merge c-1 --merged c-2 --ground law --reason passport {OFFICER}",
    f"clients split c-1 --merged c-9 --ground law --reason passport {OFFICER}",
    f"clients erase c-1 --ground law {OFFICER}",
)
"""What shows nothing of a client, or only under ids."""

ELSEWHERE = {
    "serve": "its readings are recorded too: see tests/interfaces/http/test_every_reading.py",
    "demo": "its people are fictitious, and a second run must write nothing: see its own tests",
    "simulate": "its people are fictitious, and it must not come among others: see its own tests",
}
"""Commands that do not run here, and why."""


def fill(url: str) -> None:
    """Fill a database with journeys, a person of two ids, a seat, an opening, and a reading."""
    clock = Clock()
    with bootstrap.open_office(Settings(database_url=url), clock=clock) as office:
        publish_shipped(office, "etela-savo")
        live_journey(office, clock)
        bring_journey(office)
        clock.put(DAY)
        for client, name in (("c-1", "Aurelia"), ("c-9", "Aurelia"), ("x-c", "Bertil")):
            registered(office, client, name, "Nord", f"LOCAL-{client}")
        registered(office, "c-2", "Maija", "Mallikas", "LOCAL-2")
        refer_to_mikkeli(office, "j-2", asked(DAY), "c-2")
        stated = {"months_unemployed": 3, "days_unemployed_of_last_16_months": 100}
        facts = {**stated, "finished_vocational_school": False}
        assess_eligibility(office, "j-2", asked(DAY), facts)
        record_opening(office, "j-1", Personal("on duty"), asked(DAY))
        closed(office)
        why: dict[str, Any] = {"ground": "law", "reason": Personal("passport")}
        merging.merge(office, "c-1", asked(DAY), merged="c-9", **why)
        place_hold(office, "x-c", asked(DAY), hold="K-0", basis="law", reason=Personal(None))
        _append(office, "organisation:school", *SCHOOL)
        _append(office, readings_stream(f"{DAY}-1"), ReadingsRecorded((EARLIER,)))
        bootstrap.catch_up(office, lambda _done, _all: None)


NIGHT = datetime(2025, 3, 4, 1, tzinfo=UTC)
EARLIER = Answered(
    "vera", "case-worker", "oulu", "service", "timeline", NIGHT, "r", (Subject(*J1),)
)
SCHOOL = (
    o.OrganisationRegistered("School", o.OrganisationKind.SCHOOL),
    o.OfferingPublished("o-1", "course", 5, DAY, DAY, "Workshop"),
    o.SeatReserved("o-1", "s-1", "c-2"),
)


def _append(office: Office, stream: str, *events: Any) -> None:
    fresh = tuple(Fresh(event, DAY) for event in events)
    office.log.append(Append(stream, 0, fresh, By("polku", "polku")))


def readings() -> list[Reading]:
    """Return what is recorded beside the reading that was there before."""
    with bootstrap.open_office() as office:
        return [one for one in recorded_readings(office.log) if one.at != NIGHT]


@pytest.fixture
def commands(run: Polku, own_sqlite: Own, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Polku:
    """Commands by o.perator, years later, beside the files that some of them take."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLKU_DATABASE_URL", own_sqlite.filled(fill))
    monkeypatch.setenv("POLKU_OPERATOR", "o.perator")
    monkeypatch.setattr("infrastructure.clock.utc_now", lambda: datetime(2031, 1, 2, 9, tzinfo=UTC))
    now = bootstrap.shipped_definitions()["etela-savo"]
    Path("sooner.yaml").write_text(now.replace(*SOONER), "utf-8")
    Path("spells.csv").write_text("id,start,weeks,end,age\n1,2024-03-04,12,work,24\n", "utf-8")
    return run


SOONER = ("months_unemployed >= 12", "months_unemployed >= 3")
"""Who had been without work for three months would have been let in."""


def command_of(line: str) -> str:
    words = line.split()
    return next(name for name in (" ".join(words[:2]), words[0]) if name in every_command())


def test_every_command_is_said_to_show_something_or_nothing() -> None:
    said = {command_of(line) for line in (*SHOWING, *SHOWING_NONE)}
    assert said | {*ELSEWHERE} == {*every_command()}
    assert not said & {*ELSEWHERE}


@pytest.mark.parametrize("line", SHOWING)
def test_what_a_command_shows_is_recorded(commands: Polku, line: str) -> None:
    what, whom = SHOWING[line]
    said = commands(*line.split())
    assert said.code == 0, said.err
    found = readings()
    assert {(one.client, one.journey) for one in found} == whom
    assert len(found) == len(whom)
    assert {(one.person, one.role, one.organisation, one.what) for one in found} == {
        ("o.perator", "operator", "", what)
    }
    assert len({one.correlation for one in found}) == 1


@pytest.mark.parametrize(
    "line",
    [
        "journeys show j-2",
        "journeys show j-2 --known-at 2030-12-31",
        "audit history journey j-2",
        "audit history access j-2",
        "audit corrections j-2",
        "audit difference j-2 --known-at 2030-12-31..",
        "audit bundle j-2 --out j-2.zip",
        "audit overview corrections",
        "audit overview openings",
    ],
)
def test_whose_a_journey_was_said_to_be_is_told_of_a_command_too(
    commands: Polku, line: str
) -> None:
    with bootstrap.open_office() as office:
        record_opening(office, "j-2", Personal("Maija rang"), asked(DAY))
        (first, *_) = office.histories.newest("journey:j-2").entries
        meant = {"event": replace(first.event, client="c-3"), "occurred_on": first.occurred_on}
        why = Personal("Maija left her card")
        act(office, "j-2", asked(DAY), correct, entry=1, **meant, reason=why)
    assert commands(*line.split()).code == 0
    assert {one.client for one in readings() if one.journey == "j-2"} == {"c-2", "c-3"}


@pytest.mark.parametrize("line", SHOWING_NONE)
def test_what_shows_nothing_of_a_client_records_nothing(commands: Polku, line: str) -> None:
    said = commands(*line.split())
    assert said.code == 0, said.err
    assert readings() == []


def test_what_is_refused_is_no_reading(commands: Polku) -> None:
    assert commands("audit", "decisions", "j-1", "--entry", "1").code == 2
    assert readings() == []


def read_only(url: str) -> str:
    """Return the URL by which the same database may only be read."""
    if url.startswith("sqlite:///"):
        return f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    options = {"options": "-c default_transaction_read_only=on"}
    return make_url(url).update_query_dict(options).render_as_string(hide_password=False)


@pytest.mark.parametrize(
    "line", ["journeys list", "journeys show j-1", "export subject c-1 --out copy.html"]
)
def test_nothing_is_shown_where_the_reading_cannot_be_recorded(
    run: Polku, own_database: Own, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(*line.split(), url=read_only(own_database.filled(fill)))
    assert (said.code, said.out) == (1, "")
    assert "the reading could not be recorded, so nothing is shown (" in said.err
    assert not Path("copy.html").exists()


def test_without_a_setting_it_is_the_user_of_the_operating_system(
    commands: Polku, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POLKU_OPERATOR")
    monkeypatch.setenv("POLKU_OPERATOR_ORGANISATION", "mikkeli")
    monkeypatch.setattr("interfaces.cli.noting.getuser", lambda: "root")
    assert commands("journeys", "show", "j-1").code == 0
    assert [(one.person, one.organisation) for one in readings()] == [("root", "mikkeli")]


def test_where_nobody_can_tell_who_reads_nothing_is_shown(
    commands: Polku, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.delenv("POLKU_OPERATOR")
    monkeypatch.setattr("interfaces.cli.noting.getuser", nobody)
    said = commands("journeys", "show", "j-1")
    assert (said.code, said.out) == (1, "")
    assert "say who you are in POLKU_OPERATOR" in said.err


def test_auditors_and_the_client_are_told_who_looked_by_the_command_line(commands: Polku) -> None:
    assert commands("journeys", "show", "j-1").code == 0
    (told,) = commands("audit", "access", "--person", "o.perator", "--json").json["readings"]
    assert (told["role"], told["purpose"], told["what"]) == (
        "operator",
        "operation",
        "journey-page",
    )
    assert told["ground"].startswith("The running of the service")
    for language in ("en", "fi", "it"):
        out = f"{language}.html"
        copied = commands("export", "subject", "c-1", "--out", out, "--language", language)
        assert copied.code == 0, copied.err
        assert "<td>o.perator</td>" in Path(out).read_text("utf-8")
