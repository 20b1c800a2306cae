"""A few clients of duunipolku, recorded by hand, to report on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from application import programmes
from application.office import Office
from application.ports import Append, Fresh
from application.transact import Asked
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.facts import EmploymentStatus as Status
from domain.journey import events as e
from interfaces import bootstrap
from tests.interfaces.conftest import Clock

WORKER = By("ville", "tampere")
WHY = Personal("why")


def record(office: Office, clock: Clock, stream: str, *told: tuple[date, Any]) -> None:
    """Record events of a stream, each on the day it happened or, where it is late, afterwards."""
    version = len(office.log.load(stream))
    for day, event in told:
        if clock.instant.date() < day:
            clock.put(day)
        fresh = Fresh(event, day, None)
        office.log.append(Append(stream, version, (fresh,), WORKER))
        version += 1


def publish(office: Office, clock: Clock) -> None:
    clock.put(date(2024, 12, 2))
    asked = Asked(By("eeva", "tampere"), date(2024, 12, 2))
    text = bootstrap.shipped_definitions()["duunipolku"]
    programmes.publish(office.programmes, asked, text, "duunipolku.yaml")


def register(office: Office, clock: Clock, client: str, gender: str | None, born: int) -> None:
    event = ClientRegistered(given_name=Personal("Aino"), gender=gender, birth_year=born)
    record(office, clock, f"client:{client}", (date(2025, 1, 2), event))


def referred(client: str, on: date, to: str = "tampere") -> tuple[tuple[date, Any], ...]:
    referral = e.ReferralMade(client, "duunipolku", 1, to, to, "school")
    return (on, referral), (on, e.ReferralAccepted())


def interview(on: date, employment: Status | None, **more: Any) -> tuple[date, Any]:
    return on, e.IntakeInterviewHeld(e.Situation(employment=employment, **more))


def closed(on: date, destination: str) -> tuple[date, Any]:
    return on, e.JourneyClosed("completed", destination)


def begin(office: Office, clock: Clock) -> None:
    """Record three clients: one comes again, one goes to work, and one is there still."""
    publish(office, clock)
    register(office, clock, "again", "female", 2002)
    register(office, clock, "worker", "male", 1980)
    register(office, clock, "there", None, 2004)
    record(
        office, clock, "journey:a1", *referred("again", date(2025, 1, 10)),
        interview(
            date(2025, 1, 15), Status.UNEMPLOYED, unemployed_since=date(2024, 5, 1), education=2
        ),
        closed(date(2025, 2, 1), "unemployed"),
    )  # fmt: skip
    record(
        office, clock, "journey:w1", *referred("worker", date(2025, 2, 3), "turku"),
        interview(date(2025, 2, 10), Status.INACTIVE, education=4),
        (date(2025, 2, 20), e.CertificateAwarded("Hygiene", "school")),
        closed(date(2025, 3, 1), "inactive"),
        (date(2025, 3, 20), e.FollowUpHeld(Status.EMPLOYED)),
        (date(2025, 9, 1), e.FollowUpHeld(Status.EMPLOYED)),
    )  # fmt: skip
    record(
        office, clock, "journey:a2", *referred("again", date(2025, 4, 1), "turku"),
        interview(date(2025, 4, 8), Status.EMPLOYED, education=6),
        closed(date(2025, 5, 1), "education-or-training"),
    )  # fmt: skip
    record(office, clock, "journey:t1", *referred("there", date(2025, 5, 5)))
    clock.put(date(2025, 10, 1))


@contextmanager
def archived(folder: Path) -> Iterator[Path]:
    """Give a folder with a database of these clients, and their archive: it is used meanwhile."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POLKU_DATABASE_URL", f"sqlite:///{folder}/polku.db")
        bootstrap.upgrade()
        clock = Clock()
        with bootstrap.open_office(clock=clock, inline=False) as office:
            begin(office, clock)
            bootstrap.open_archive(office).catch_up()
        yield folder
