"""The real commands on a real database, and a journey to ask about."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from errno import ENOSPC
from os import strerror
from pathlib import Path
from typing import Any

import pytest

from application import programmes
from application.journeys import act
from application.office import Office
from application.ports import Append, Fresh
from application.transact import Asked
from domain.definition import Phase
from domain.entry import By, Personal, Source
from domain.journey import corrections, course, intake, plan, referral, services
from domain.journey import events as e
from infrastructure.settings import Settings
from interfaces import bootstrap
from interfaces.cli import main
from interfaces.exports import files
from tests.databases import Fill, Own
from tests.etela_savo import refer_to_mikkeli

WORKER = By("ville", "mikkeli")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Polku = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Polku:
    """Run a command in this process: `run("db", "status", url=...)`."""

    def ran(*arguments: str, url: str | None = None) -> Said:
        if url is not None:
            monkeypatch.setenv("POLKU_DATABASE_URL", url)
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return ran


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the disk full in the midst of each file that is written whole."""

    def half(_said: Any) -> Callable[[Path], None]:
        def write(part: Path) -> None:
            part.write_bytes(b"half")
            raise OSError(ENOSPC, strerror(ENOSPC))

        return write

    for name in ("write_bytes", "write_texts"):
        monkeypatch.setattr(files, name, half)


@pytest.fixture
def polku(run: Polku, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Polku:
    """Run a command on a fresh database with its tables; the test runs on both databases."""
    monkeypatch.setenv("POLKU_DATABASE_URL", database_url)
    return run


@pytest.fixture
def polku_on(
    run: Polku, own_database: Own, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Fill], Polku]:
    """Run commands on a database that was filled; the test runs on both databases."""

    def on(fill: Fill) -> Polku:
        monkeypatch.setenv("POLKU_DATABASE_URL", own_database.filled(fill))
        return run

    return on


@dataclass
class Clock:
    """A clock that stands where it is put."""

    instant: datetime = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def put(self, day: date, hour: int = 9) -> None:
        self.instant = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def asked(on: date) -> Asked:
    return Asked(WORKER, on)


def publish_shipped(office: Office, code: str) -> None:
    text = bootstrap.shipped_definitions()[code]
    programmes.publish(office.programmes, asked(date(2024, 12, 1)), text, code)


def live_journey(office: Office, clock: Clock) -> None:
    """Play journey j-1: recorded late, corrected, with a plan and a service under way."""

    def does(recorded: date, on: date, decision: Any, **fields: Any) -> None:
        clock.put(recorded)
        act(office, "j-1", asked(on), decision, **fields)

    clock.put(date(2025, 1, 10))
    refer_to_mikkeli(
        office,
        "j-1",
        asked(date(2025, 1, 10)),
        existing_plan=Personal("find work in care"),
        need_definition=Personal("help with applications"),
    )
    facts = {"unemployed": True, "months_unemployed": 14}
    day = date(2025, 1, 13)
    does(day, day, referral.assess_eligibility, given=facts)
    does(day, day, referral.accept_referral)
    does(day, day, referral.assign_case_worker, person="ville", organisation="mikkeli")
    does(day, day, course.enter_phase, phase=Phase.INTAKE)
    situation = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 11, 1))
    interview = {"situation": situation, "note": Personal("likes people")}
    does(date(2025, 2, 10), date(2025, 1, 20), intake.hold_intake_interview, **interview)
    day = date(2025, 2, 11)
    does(day, day, intake.define_service_needs, needs=("skills",), note=Personal("care"))
    does(day, day, course.enter_phase, phase=Phase.TRAINING)
    steps = (e.PlanStep("s1", Personal("a course in care"), date(2025, 4, 1)),)
    does(day, day, plan.draft_plan, steps=steps)
    signed = (e.Signatory("c-1", "client"), e.Signatory("ville", "case-worker"))
    does(day, day, plan.agree_plan, signatories=signed)
    proposed = {"reference": "t1", "service": "labour-market-training", "provider": "schools"}
    does(day, day, services.propose_service, **proposed)
    corrected = e.IntakeInterviewHeld(situation, Personal("likes people and animals"))
    does(
        date(2025, 3, 3),
        date(2025, 3, 3),
        corrections.correct,
        entry=6,
        event=corrected,
        occurred_on=date(2025, 1, 22),
        reason=Personal("the wrong day was noted"),
    )


def bring_journey(office: Office) -> None:
    """Bring in journey x-1 of another system, whose programme was never published here."""
    claimed = datetime(2024, 5, 2, 8, tzinfo=UTC)
    source = Source("kirjaamo", "d" * 64, "cases", 1, "77", claimed)
    referred = e.ReferralMade("x-c", "elsewhere", 0, "office", "ward", "letter")
    closed = e.JourneyClosed("completed", "employment")
    entries = (
        Fresh(referred, date(2024, 4, 1), source),
        Fresh(e.ReferralAccepted(), date(2024, 4, 2), source),
        Fresh(closed, date(2024, 5, 1), source),
    )
    office.log.append(Append("journey:x-1", 0, entries, By("import:kirjaamo", "ward")))


def tell(url: str) -> None:
    """Fill a database with Etelä-Savo, published, and the journeys j-1 and x-1."""
    clock = Clock()
    with bootstrap.open_office(Settings(database_url=url), clock=clock) as office:
        publish_shipped(office, "etela-savo")
        live_journey(office, clock)
        bring_journey(office)


@pytest.fixture
def told(polku_on: Callable[[Fill], Polku]) -> Polku:
    """Commands on a database with Etelä-Savo published, and the journeys j-1 and x-1."""
    return polku_on(tell)
