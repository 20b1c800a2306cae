"""`polku evaluate` with an archive reads the programme's own journeys, and says the same."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from application import programmes
from application.evaluation.asking import Moment
from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import By
from domain.facts import EmploymentStatus as Status
from domain.journey import events as e
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.databases import Own
from tests.interfaces.conftest import Clock, Polku, asked

BY = By("ville", "mikkeli")
OURS, OTHERS = "etela-savo", "duunipolku"
MOVED = {"j-0", "j-1", "j-3", "j-7", "j-9", "j-10", "j-11"}
"""The journeys of `OURS` when all was put right."""


def tell(url: str) -> None:
    """Fill a database with journeys of two programmes; some were put down for the wrong one."""
    with bootstrap.open_office(Settings(database_url=url), clock=Clock(), inline=False) as office:
        for code in (OURS, OTHERS):
            text = bootstrap.shipped_definitions()[code]
            programmes.publish(office.programmes, asked(date(2024, 12, 1)), text, code)
        office.log.append_all([one for n in range(12) for one in journey(n)])


def journey(number: int) -> tuple[Append, Append]:
    """Every second client comes from one of the programmes; every fifth was moved by correction."""
    programme, other = (OURS, OTHERS) if number % 2 else (OTHERS, OURS)
    client, day = f"c-{number % 10}", date(2025, 1, 2 + number)

    def referral(code: str) -> e.ReferralMade:
        return e.ReferralMade(client, code, 1, "te-office", "mikkeli", "te-office-referral")

    events: list[Any] = [
        referral(programme),
        e.ReferralAccepted(),
        e.IntakeInterviewHeld(e.Situation(Status.UNEMPLOYED, date(2023, 5 + number % 7, 1))),
        e.BenefitPeriodRecorded(
            date(2024, 1, 1), date(2025, 1, 10), "labour-market-subsidy", 295 + number
        ),
        e.EmploymentPeriodRecorded(
            date(2025, 2, 3), date(2025, 3, 7 + number), "open-labour-market"
        ),
    ]
    if number % 3 == 0:
        events.append(e.JourneyClosed("completed", "employment"))
    told = [Fresh(event, day) for event in events]
    if number % 5 == 0:
        told.append(Fresh(e.EntryCorrected(1, referral(other), day, e.NOTHING_SAID), day))
    return (
        Append(f"client:{client}", number // 10, (registered(number, day),), BY),
        Append(f"journey:j-{number}", 0, tuple(told), BY),
    )


def registered(number: int, day: date) -> Fresh:
    return Fresh(ClientRegistered(gender="fm"[number % 2], birth_year=1980 + number), day)


@pytest.fixture
def two(run: Polku, own_database: Own, monkeypatch: pytest.MonkeyPatch) -> Polku:
    monkeypatch.setenv("POLKU_DATABASE_URL", own_database.filled(tell))
    monkeypatch.delenv("POLKU_ARCHIVE", raising=False)
    return run


DAY = ("--programme", OURS, "--as-at", "2025-06-01")
NO_FEWEST = ("--threshold", "0")
ASKED: Sequence[tuple[str, ...]] = (
    ("payments", *DAY, *NO_FEWEST),
    ("flows", *DAY, *NO_FEWEST),
    ("funnel", *DAY, *NO_FEWEST, "--outcome", "measure:employment"),
    ("compare", *DAY, *NO_FEWEST, "--outcome", "journey-closed", "--by", "gender=f..m"),
    (
        *("survival", *DAY, *NO_FEWEST, "--by", "gender"),
        *("--from", "referral-accepted", "--until", "journey-closed:employment"),
    ),
)


def test_both_ways_have_the_same_figures(
    two: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_log = [two("evaluate", *ask, "--json") for ask in ASKED]
    monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "archive"))
    by_archive = [two("evaluate", *ask, "--json") for ask in ASKED]
    assert {one.code for one in (*by_log, *by_archive)} == {0}
    assert [one.json for one in by_archive] == [one.json for one in by_log]
    clients = by_log[0].json["clients"]
    again = {"j-10", "j-11"}  # of clients who had a journey before: each is one client
    assert {one["journey"] for one in clients} == MOVED - again
    assert any((tmp_path / "archive").iterdir())


def test_the_archive_tells_which_journeys_a_programme_had_at_a_moment(
    two: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bootstrap.open_office(inline=False) as office:
        assert bootstrap.archived_journeys(office) is None
        monkeypatch.setenv("POLKU_ARCHIVE", str(tmp_path / "archive"))
        told = bootstrap.archived_journeys(office)
        assert told is not None
        assert told(OURS, Moment(date(2025, 1, 4))) == ["j-0", "j-1"]
        assert set(told(OURS, Moment(date(2025, 6, 1)))) == MOVED
