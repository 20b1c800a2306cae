"""Which readings are out of the usual, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from application import clients
from application.journeys import Office
from application.transact import Asked
from application.unusual import Thresholds, Why, unusual
from domain.access import Disclosed, Reading
from domain.client import Particulars
from domain.entry import By
from domain.kinds import DataKind

NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)
READING = Reading("riku.k", "case-worker", "kuopio", "service", "c-1", None, "client-page", NOON)
OPENED = Disclosed((DataKind.COURSE,), "opened")


def register(office: Office, client: str, **more: str) -> None:
    asked = Asked(By("riku.k", "kuopio"), date(2025, 1, 2))
    clients.register(office.clients, client, asked, Particulars(**more))


def why(office: Office, *found: Reading, usual: Thresholds = Thresholds()) -> list[tuple[Why, ...]]:  # noqa: B008
    return [one.why for one in unusual(office, found, usual)]


def test_what_is_usual_is_not_told(office):
    register(office, "c-1", given_name="Aino", family_name="Mäkinen")
    assert why(office, READING) == []


def test_what_was_opened_out_of_scope_is_unusual(office):
    assert why(office, replace(READING, disclosed=OPENED)) == [(Why.OPENED,)]


@pytest.mark.parametrize(("hour", "odd"), [(5, True), (6, False), (19, False), (20, True)])
def test_odd_hours_are_those_outside_the_day(office, hour, odd):
    told = why(office, replace(READING, at=NOON.replace(hour=hour)))
    assert told == ([(Why.ODD_HOURS,)] if odd else [])


def test_hours_are_those_of_the_time_zone(office):
    early = replace(READING, at=NOON.replace(hour=4))
    assert why(office, early, usual=Thresholds(time_zone="Europe/Helsinki")) == []


def test_many_clients_in_a_short_time_are_unusual_and_the_same_one_is_not(office):
    usual = Thresholds(clients=2, minutes=10)

    def at(minute: int, client: str) -> Reading:
        return replace(READING, client=client, at=NOON + timedelta(minutes=minute))

    same = [at(n, "c-1") for n in range(5)]
    assert why(office, *same, usual=usual) == []
    quick = [at(n, f"c-{n}") for n in range(4)]
    assert why(office, *quick[::-1], usual=usual) == [(Why.MANY_CLIENTS,)] * 2
    assert why(office, *(at(6 * n, f"c-{n}") for n in range(4)), usual=usual) == []


def test_a_client_of_the_readers_own_name_or_address_is_unusual(office):
    register(office, "c-1", given_name="Riku", family_name="K")
    assert why(office, READING) == [(Why.OWN_NAME,)]
    for client in ("c-2", "riku.k"):
        register(office, client, given_name="Aino", family_name=f"Mäkinen {client}")
        asked = Asked(By("riku.k", "kuopio"), date(2025, 1, 2))
        clients.change_contact_details(office.clients, client, asked, address="Torikatu 1, Kuopio")
    assert why(office, replace(READING, client="c-2")) == [(Why.OWN_ADDRESS,)]
    assert why(office, replace(READING, client="riku.k")) == [(Why.OWN_NAME, Why.OWN_ADDRESS)]


def test_a_client_who_reads_the_own_data_at_night_is_not_unusual(office):
    assert why(office, replace(READING, role="client", at=NOON.replace(hour=2))) == []
