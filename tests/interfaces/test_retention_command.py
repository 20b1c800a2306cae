"""`polku retention`: what is due by the definitions, and erasing it kind by kind."""

from datetime import date
from typing import Any

import pytest

from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.interfaces.conftest import Clock, live_journey, publish_shipped
from tests.interfaces.test_clients_command import HOLD, closed, registered

WHO = ("--by", "officer", "--organisation", "mikkeli")
CLOSED = date(2025, 3, 4)
LATER = "2027-03-04"
"""Two years after: the contact details of Etelä-Savo are kept so long."""


def keep(url: str) -> None:
    """Fill a database with a journey that ended on 4 March 2025, and one of nowhere."""
    clock = Clock()
    with bootstrap.open_office(Settings(database_url=url), clock=clock) as office:
        publish_shipped(office, "etela-savo")
        live_journey(office, clock)
        registered(office, "c-1", "Aurelia", "Kivelähde", "LOCAL-4711")


@pytest.fixture
def kept(polku_on: Any) -> Any:
    return polku_on(keep)


def end(kept: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)


def due(kept: Any, day: str) -> list[str]:
    return [one["kind"] for one in kept("retention", "due", "--as-at", day, "--json").json["due"]]


def test_nothing_is_due_while_a_journey_goes_on(kept: Any) -> None:
    assert due(kept, "2090-01-01") == []


def test_each_kind_is_due_when_its_months_are_over(kept: Any) -> None:
    end(kept)
    assert due(kept, "2027-03-03") == []
    assert due(kept, LATER) == ["contact"]
    assert due(kept, "2030-03-04") == [
        *("contact", "situation", "competences", "plan", "services", "follow-up"),
    ]
    assert len(due(kept, "2035-03-04")) == 9
    (found,) = kept("retention", "due", "--as-at", LATER, "--json").json["due"]
    assert (found["ended_on"], found["due_on"]) == ("2025-03-04", LATER)
    assert (found["client"], found["programme"], found["held_by"]) == ("c-1", "etela-savo", [])
    assert "916/2012" in found["basis"]
    assert "contact" in kept("retention", "due", "--as-at", LATER).out


@pytest.fixture
def two_years_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.cli.retention.latest_today", lambda _: date(2027, 3, 5))


def test_what_is_due_is_erased_and_all_else_stays(kept: Any, two_years_later: None) -> None:
    end(kept)
    done = kept("retention", "carry-out", *WHO, "--json")
    assert (done.code, [one["kinds"] for one in done.json["erased"]]) == (0, [["contact"]])
    with bootstrap.open_office() as office:
        registration, contact, *_ = office.log.load("client:c-1")
        assert str(registration.event.given_name) == "Aurelia"
        assert contact.event.address.text is None
        assert contact.event.address.sealed
        assert "likes people" in repr(office.log.load("journey:j-1"))
    assert due(kept, LATER) == []
    assert kept("retention", "carry-out", *WHO, "--json").json["erased"] == []


def test_a_legal_hold_stops_the_end_of_keeping(kept: Any, two_years_later: None) -> None:
    end(kept)
    kept("clients", "hold", "c-1", *HOLD, "--basis", "court file 12")
    done = kept("retention", "carry-out", *WHO, "--json").json
    assert done["erased"] == []
    assert [one["held_by"] for one in done["held"]] == [["K-1"]]
    with bootstrap.open_office() as office:
        assert str(office.log.load("client:c-1")[1].event.address) == "Salatie 9"


def test_nothing_is_carried_out_ahead_of_its_day(kept: Any) -> None:
    refused = kept("retention", "carry-out", *WHO, "--as-at", "2999-01-01")
    assert refused.code == 2
    assert "2999-01-01 lies ahead of today" in refused.err
