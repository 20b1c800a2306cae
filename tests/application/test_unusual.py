"""Which readings are out of the usual, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest

from application import clients, merging
from application.accesses import RECORDER, Wanted
from application.journeys import act
from application.office import Office
from application.ports import Append, Fresh
from application.transact import Asked
from application.unusual import Thresholds, Why, unusual, unusual_of
from domain.access import Answered, Disclosed, Reading, ReadingsRecorded, Subject
from domain.client import Particulars
from domain.entry import By, Personal, Source
from domain.journey import corrections
from domain.journey import events as e
from domain.kinds import DataKind
from tests.application.conftest import asked, referred
from tests.domain import journeys as j

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


@pytest.mark.parametrize(
    ("hour", "odd"), [(21, True), (22, False), (0, False), (5, False), (6, True)]
)
def test_hours_of_a_night_duty_go_on_past_midnight(office, hour, odd):
    usual = Thresholds(begins=22, ends=6)
    told = why(office, replace(READING, at=NOON.replace(hour=hour)), usual=usual)
    assert told == ([(Why.ODD_HOURS,)] if odd else [])


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_where_every_hour_is_usual_none_is_odd(office, hour):
    for usual in (Thresholds(begins=0, ends=24), Thresholds(begins=8, ends=8)):
        assert why(office, replace(READING, at=NOON.replace(hour=hour)), usual=usual) == []


@pytest.mark.parametrize(
    ("person", "is_own"),
    [
        ("e.niskanen", True),
        ("Eeva.Niskanen@kuopio.example", True),
        ("niskanen.eeva", True),
        ("a.niskanen", True),  # a second given name
        ("k.niskanen", False),
        ("niskanen", False),
        ("e.virtanen", False),
    ],
)
def test_a_worker_of_the_clients_name_is_found_also_by_the_first_letter(office, person, is_own):
    register(office, "c-1", given_name="Eeva Anna", family_name="Niskanen")
    told = why(office, replace(READING, person=person))
    assert told == ([(Why.OWN_NAME,)] if is_own else [])


def test_hours_are_those_of_the_time_zone(office):
    early = replace(READING, at=NOON.replace(hour=4))
    assert why(office, early, usual=Thresholds(time_zone="Europe/Helsinki")) == []


def test_hours_of_no_journey_are_those_of_the_place_of_the_reader(office):
    """It is half past eight in the morning in Helsinki, where the programme of the city is run."""
    early = replace(READING, at=NOON.replace(hour=5, minute=30))
    assert why(office, early) == [(Why.ODD_HOURS,)]
    assert why(office, replace(early, organisation="city")) == []
    late = replace(early, organisation="city", at=NOON.replace(hour=17, minute=30))
    assert why(office, late) == [(Why.ODD_HOURS,)]


def test_hours_of_a_journey_that_no_programme_here_runs_are_those_of_the_reader(office):
    made = e.ReferralMade("c-1", "elsewhere", 0, "office", "city", "letter")
    source = Source("registry", "d" * 64, "cases", 1, "7")
    office.log.append(Append("journey:j-1", 0, (Fresh(made, date(2025, 1, 2), source),), j.WORKER))
    early = replace(READING, journey="j-1", at=NOON.replace(hour=5, minute=30))
    assert why(office, replace(early, organisation="city")) == []
    assert why(office, early, usual=Thresholds(time_zone="Europe/Helsinki")) == []
    assert why(office, early) == [(Why.ODD_HOURS,)]


def test_hours_of_a_journey_whose_referral_was_retracted_are_those_of_its_programme(office):
    referred(office, "j-1", client="c-1")
    act(office, "j-1", asked(), corrections.retract, entry=1, reason=Personal("a slip"))
    early = replace(READING, journey="j-1", at=NOON.replace(hour=5, minute=30))
    assert why(office, early) == []


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


def note(office: Office, *found: Reading) -> None:
    """Record readings as a server does, those of each day in a stream."""
    for day, some in groupby(sorted(found, key=lambda one: one.at), key=lambda one: one.at.date()):
        told = tuple(
            Answered(**{f: getattr(x, f) for f in SHARED}, read=(Subject(x.client, None),))
            for x in some
        )
        fresh = (Fresh(ReadingsRecorded(told), day),)
        office.log.append(Append(f"readings:{day}-x", 0, fresh, RECORDER))


SHARED = ("person", "role", "organisation", "purpose", "what", "at", "correlation")
MIDNIGHT = NOON.replace(hour=0)


@pytest.mark.parametrize(
    "wanted", [Wanted(client="c-2"), Wanted(since=NOON.date()), Wanted(organisation="kuopio")]
)
def test_what_the_same_person_read_beside_counts_whoever_is_asked_about(office, wanted):
    """Who looks through many clients does so also where one of them is asked about."""
    usual = Thresholds(begins=0, ends=24, clients=2, minutes=10)
    quick = [
        replace(READING, client=f"c-{n}", at=MIDNIGHT + timedelta(minutes=n - 2)) for n in range(3)
    ]
    note(office, *quick, replace(READING, person="other", client="c-2", at=MIDNIGHT))
    told = list(unusual_of(office, wanted, usual))
    assert [(one.reading.client, one.why) for one in told] == [("c-2", (Why.MANY_CLIENTS,))]
    assert list(unusual_of(office, wanted, replace(usual, clients=3))) == []


def test_all_clients_of_one_answer_count_at_once_whoever_is_asked_about(office):
    """In which order a list tells of them says nothing of when they were read."""
    usual = Thresholds(begins=0, ends=24, clients=2, minutes=10)
    at_once = [replace(READING, client=f"c-{n}", correlation="r") for n in range(3)]
    note(office, *at_once)
    for wanted in (Wanted(), *(Wanted(client=f"c-{n}") for n in range(3))):
        told = [one.reading.client for one in unusual_of(office, wanted, usual)]
        assert told == ([wanted.client] if wanted.client else ["c-0", "c-1", "c-2"])


def test_a_person_of_several_ids_is_one_client_of_many(office):
    for client in ("c-1", "c-2"):
        register(office, client, given_name=client, family_name="Kettunen")
    said = {"merged": "c-2", "ground": "art-5", "reason": Personal("one passport")}
    merging.merge(office, "c-1", Asked(By("l", "kuopio"), date(2025, 1, 3)), **said)
    found = [replace(READING, client=client) for client in ("c-1", "c-2", "c-3")]
    assert why(office, *found[:2], usual=Thresholds(clients=1)) == []
    assert why(office, *found, usual=Thresholds(clients=1)) == [(Why.MANY_CLIENTS,)] * 3


def test_the_own_name_and_address_are_found_under_every_id_of_a_person(office):
    for client, family in (("c-1", "Mäkinen"), ("c-2", "Kettunen"), ("riku.k", "Järvi")):
        register(office, client, given_name="Riku", family_name=family)
        asked = Asked(By("riku.k", "kuopio"), date(2025, 1, 2))
        where = {"address": "Kuja 2" if client == "c-2" else "Torikatu 1"}
        clients.change_contact_details(office.clients, client, asked, **where)
    found = replace(READING, person="r.makinen", client="c-2"), replace(READING, client="c-2")
    assert why(office, found[0]) == why(office, replace(found[1], person="riku.k")) == []
    said = {"merged": "c-2", "ground": "art-5", "reason": Personal("one passport")}
    merging.merge(office, "c-1", Asked(By("l", "kuopio"), date(2025, 1, 3)), **said)
    assert why(office, *found) == [(Why.OWN_NAME,), (Why.OWN_ADDRESS,)]


def test_a_client_who_reads_the_own_data_at_night_is_not_unusual(office):
    assert why(office, replace(READING, role="client", at=NOON.replace(hour=2))) == []


def test_each_client_reader_and_journey_is_looked_up_once_however_much_is_read(office, monkeypatch):
    for client in ("c-1", "c-2", "c-3"):
        register(office, client, given_name="Riku", family_name="Kettunen")
    said = {"merged": "c-2", "ground": "art-5", "reason": Personal("one passport")}
    merging.merge(office, "c-1", Asked(By("l", "kuopio"), date(2025, 1, 3)), **said)
    asked, rows = [], office.log.database.rows
    monkeypatch.setattr(
        office.log.database, "rows", lambda *given: asked.append(given) or rows(*given)
    )

    def read(times: int) -> int:
        found = [
            replace(READING, client=f"c-{n % 3 + 1}", person=f"p-{n % 2}", journey=f"j-{n % 5}")
            for n in range(30 * times)
        ]
        asked.clear()
        own = [replace(READING, person="r.kettunen", client="c-2")]
        assert why(office, *found, *own) == [(Why.OWN_NAME,)]
        return len(asked)

    first = read(1)  # which reads what programmes there are, too
    assert read(20) == read(1) <= first <= 8


def test_of_many_clients_are_those_alone_who_were_read_of_in_that_time(office):
    usual = Thresholds(clients=2, minutes=10)
    at = [("c-1", 0), ("c-1", 1), ("c-2", 9), ("c-3", 10), ("c-3", 12), ("c-1", 13)]
    found = [replace(READING, client=c, at=NOON + timedelta(minutes=m)) for c, m in at]
    told = [one.reading for one in unusual(office, found, usual)]
    assert told == [found[3], found[5]]
