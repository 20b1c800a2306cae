"""`polku retention`: what is due by the definitions, and erasing it kind by kind."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from application import clients as register
from application import merging, programmes, retention
from application.erasing import place_hold
from application.journeys import act
from application.office import Office
from application.ports import Append, Fresh
from application.retention import Looked
from application.transact import Asked
from domain.client import Particulars
from domain.entry import By, Personal
from domain.erasure import DataErased
from domain.journey import corrections, ending, referral
from domain.journey import events as e
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.etela_savo import refer_to_mikkeli
from tests.interfaces.conftest import Clock, asked, live_journey, publish_shipped
from tests.interfaces.test_clients_command import HOLD, closed, registered, retracted
from tests.unreadable import spoil

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


def test_what_puts_a_declined_referral_right_keeps_nothing_longer(polku_on: Any) -> None:
    kept = polku_on(declined)
    (found, *_) = kept("retention", "due", "--as-at", "2090-01-01", "--json").json["due"]
    assert (found["client"], found["ended_on"]) == ("c-1", "2025-03-06")


def declined(url: str) -> None:
    """Fill a database with a referral that was declined, and was found to be wrong years later."""
    clock = Clock()
    with bootstrap.open_office(Settings(database_url=url), clock=clock) as office:
        publish_shipped(office, "etela-savo")
        clock.put(date(2026, 6, 1))
        registered(office, "c-1", "Aurelia", "Kivelähde", "LOCAL-4711")
        referred(office)
        no, slip = Personal("no room"), Personal("a slip")
        act(office, "j-2", asked(date(2025, 3, 6)), referral.decline_referral, reason=no)
        meant = {"entry": 2, "event": e.ReferralDeclined(Personal("full")), "reason": slip}
        act(office, "j-2", asked(date(2026, 5, 4)), corrections.correct, **meant)


@pytest.fixture
def two_years_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.cli.retention._today", lambda _: date(2027, 3, 5))


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


def test_what_was_told_with_a_referral_that_was_retracted_goes_with_the_others(
    kept: Any, two_years_later: None
) -> None:
    with bootstrap.open_office() as office:
        retracted(office)
    assert due(kept, "2090-01-01") == []  # the other journey goes on
    end(kept)
    assert due(kept, "2027-03-03") == []
    done = kept("retention", "carry-out", *WHO, "--as-at", LATER, "--json").json["erased"]
    assert [one["journeys"] for one in done] == [["j-1", "j-9"]]
    with bootstrap.open_office() as office:
        assert "evenings" in repr(office.log.load("journey:j-9"))  # of a kind that is kept longer
        streams = ["client:c-1", "journey:j-1", "journey:j-9"]
        assert "contact" not in bootstrap.kinds_left(office)(streams)


def test_a_journey_whose_referral_was_retracted_after_its_end_decides_nothing(kept: Any) -> None:
    end(kept)
    with bootstrap.open_office() as office:
        referred(office)
        closed(office, "j-2")
        slip = {"entry": 1, "reason": Personal("Aurelia was served already")}
        act(office, "j-2", asked(date(2025, 3, 6)), corrections.retract, **slip)
    assert due(kept, "2027-03-03") == []
    (found,) = kept("retention", "due", "--as-at", LATER, "--json").json["due"]
    assert (found["ended_on"], found["journeys"]) == ("2025-03-04", ["j-1", "j-2"])


def test_each_kind_goes_by_the_version_that_kept_it_longest(
    kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same programme, on the same basis: an entry names one version for all its kinds."""
    monkeypatch.setattr("interfaces.cli.retention._today", lambda _: date(2031, 3, 5))
    end(kept)
    text = bootstrap.shipped_definitions()["etela-savo"].replace("version: 1", "version: 2", 1)
    other = re.sub("{kind: ([a-z-]+), months: [0-9]+", r"{kind: \1, months: 12", text)
    other = other.replace("{kind: contact, months: 12", "{kind: contact, months: 36")
    with bootstrap.open_office() as office:
        programmes.revise(office.programmes, asked(date(2025, 3, 5)), other, "again")
        referred(office)
        closed(office, "j-2")
    kept("retention", "carry-out", *WHO)
    with bootstrap.open_office() as office:
        erased = [x.event for x in office.log.load("client:c-1")]
        by_version = {
            kind: one.definition_version
            for one in erased
            if isinstance(one, DataErased)
            for kind in one.kinds
        }
    of_the_first = ("situation", "competences", "plan", "services", "follow-up")
    assert by_version == {"contact": 2} | dict.fromkeys(of_the_first, 1)


def test_what_was_carried_out_is_due_no_more_where_the_longest_kept_ended_before_another(
    kept: Any,
) -> None:
    """Of two ids of a person one's contact details went between the ends of their journeys."""
    end(kept)
    text = bootstrap.shipped_definitions()["etela-savo"].replace("version: 1", "version: 2", 1)
    longer = text.replace("{kind: contact, months: 24", "{kind: contact, months: 120")
    with bootstrap.open_office() as office:
        journeys_of = bootstrap.journeys_of_clients(office)
        look = Looked(journeys_of, bootstrap.kinds_left(office))

        def carry_out(day: date) -> list[tuple[str, ...]]:
            listed = [x for x in list_due(day) if x.kind == "contact"]
            done = retention.carry_out(office, listed, asked(day), day, look)
            return [one.kinds for one in done]

        def list_due(day: date) -> list[retention.Due]:
            journeys = {one: [*journeys_of(one)] for one in ("c-1", "c-2")}
            return [*retention.due(office, journeys, day, look.kinds_left)]

        assert carry_out(date(2027, 3, 5)) == [("contact",)]
        referred(office)
        ended(office, "j-2", date(2028, 1, 10))
        programmes.revise(office.programmes, asked(date(2025, 3, 6)), longer, "longer")
        said = Particulars("Aurelia", "Kivelahde", date(1988, 2, 29), "LOCAL-2")
        register.register(office.clients, "c-2", Asked(By("v", "mikkeli"), CLOSED), said)
        referred(office, "j-3", "c-2", date(2025, 3, 7))
        ended(office, "j-3", date(2026, 6, 1))
        why = {"ground": "gdpr-5-1-d", "reason": Personal("one person")}
        merging.merge(office, "c-1", asked(date(2028, 2, 1)), merged="c-2", **why)
        (found,) = [one for one in list_due(date(2036, 6, 1)) if one.kind == "contact"]
        assert (found.ended_on, found.definition_version) == (date(2026, 6, 1), 2)
        assert carry_out(date(2036, 6, 1)) == [("contact",)]
        assert carry_out(date(2036, 6, 2)) == []
        assert "contact" not in [one.kind for one in list_due(date(2036, 6, 2))]


def ended(office: Office, journey: str, on: date) -> None:
    version = office.histories.newest(f"journey:{journey}").version
    event = e.JourneyClosed("ended-early", "unknown", Personal("so"))
    fresh = (Fresh(event, on),)
    office.log.append(Append(f"journey:{journey}", version, fresh, By("v", "mikkeli")))


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


def test_nothing_is_erased_by_a_clock_that_ran_years_ahead_once(
    kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    end(kept)
    with bootstrap.open_office(clock=Clock(datetime(2099, 1, 1, tzinfo=UTC))) as office:
        registered(office, "c-2", "Onni", "Laine", "LOCAL-4712")
    monkeypatch.setattr(bootstrap, "now", lambda: datetime(2027, 3, 3, 9, tzinfo=UTC))

    found = kept("retention", "due", "--json").json
    assert (found["as_at"], found["due"]) == ("2027-03-03", [])
    done = kept("retention", "carry-out", *WHO, "--json").json

    assert done == {"as_at": "2027-03-03", "erased": [], "held": [], "unread": []}
    refused = kept("retention", "carry-out", *WHO, "--as-at", LATER)
    assert (refused.code, f"{LATER} lies ahead of today, 2027-03-03" in refused.err) == (2, True)
    monkeypatch.setattr(bootstrap, "now", lambda: datetime(2027, 3, 4, 9, tzinfo=UTC))
    (erased,) = kept("retention", "carry-out", *WHO, "--json").json["erased"]
    assert (erased["client"], erased["kinds"]) == ("c-1", ["contact"])


def carried_out(office: Office, journeys_of: Any, left: Any = None) -> list[Any]:
    day, look = date(2027, 3, 5), Looked(journeys_of, left or bootstrap.kinds_left(office))
    listed = [*retention.due(office, {"c-1": ["j-1"]}, day, look.kinds_left)]
    assert [one.kind for one in listed] == ["contact"]
    asked = Asked(By("officer", "mikkeli"), day)
    return [*retention.carry_out(office, listed, asked, day, look)]


def referred(
    office: Office, journey: str = "j-2", client: str = "c-1", on: date = date(2025, 3, 5)
) -> None:
    refer_to_mikkeli(office, journey, Asked(By("officer", "te-office"), on), client)


def test_who_was_referred_again_since_the_list_was_made_keeps_all(kept: Any) -> None:
    end(kept)
    with bootstrap.open_office() as office:
        referred(office)
        assert carried_out(office, bootstrap.journeys_of_clients(office)) == []
        assert str(office.log.load("client:c-1")[1].event.address) == "Salatie 9"


def test_who_is_referred_again_at_that_very_moment_keeps_all(kept: Any) -> None:
    """After the journeys were read, before the keys are destroyed: the log's lock decides."""
    end(kept)
    with bootstrap.open_office() as office:
        listed, looked = bootstrap.journeys_of_clients(office), list[int]()

        def listed_then_referred(client: str) -> list[str]:
            found = [*listed(client)]
            looked.append(len(found))
            if len(looked) == 1:
                referred(office)
            return found

        assert carried_out(office, listed_then_referred) == []
        assert looked == [1, 2]
        assert str(office.log.load("client:c-1")[1].event.address) == "Salatie 9"


def test_a_journey_that_is_reopened_at_that_very_moment_keeps_all(kept: Any) -> None:
    """After it was seen to have ended, while it is decided: the log's lock decides."""
    end(kept)
    with bootstrap.open_office() as office:
        left, looked = bootstrap.kinds_left(office), list[int]()

        def left_then_reopened(streams: Sequence[str]) -> Collection[str]:
            looked.append(len(streams))
            if len(looked) == 1:
                by = Asked(By("officer", "mikkeli"), date(2025, 3, 6))
                act(office, "j-1", by, ending.reopen, reason=Personal("she came back"))
            return left(streams)

        assert carried_out(office, bootstrap.journeys_of_clients(office), left_then_reopened) == []
        assert len(looked) == 1
        assert str(office.log.load("client:c-1")[1].event.address) == "Salatie 9"


def test_what_others_record_meanwhile_stops_nothing(kept: Any) -> None:
    end(kept)
    with bootstrap.open_office() as office:
        listed = bootstrap.journeys_of_clients(office)

        def listed_then_registered(client: str) -> list[str]:
            found = [*listed(client)]
            registered(office, "c-2", "Bertil", "Nyberg", "LOCAL-2")
            return found

        (done,) = carried_out(office, listed_then_registered)
        assert (done.client, done.kinds) == ("c-1", ("contact",))


def test_a_hold_that_is_placed_since_the_list_was_made_stops_it(kept: Any) -> None:
    end(kept)
    with bootstrap.open_office() as office:
        listed = bootstrap.journeys_of_clients(office)

        def listed_then_held(client: str) -> list[str]:
            found = [*listed(client)]
            by = Asked(By("officer", "mikkeli"), date(2025, 3, 6))
            place_hold(office, "c-1", by, hold="K-1", basis="file 12", reason=Personal("so"))
            return found

        assert carried_out(office, listed_then_held) == []
        assert str(office.log.load("client:c-1")[1].event.address) == "Salatie 9"


def test_what_was_recorded_late_after_the_erasure_is_due_again(
    kept: Any, two_years_later: None
) -> None:
    """Otherwise it would be kept for ever: the journey ended before it went."""
    end(kept)
    assert len(kept("retention", "carry-out", *WHO, "--json").json["erased"]) == 1
    with bootstrap.open_office() as office:
        late = Asked(By("officer", "mikkeli"), date(2025, 1, 2))
        register.change_contact_details(office.clients, "c-1", late, address="Rantakatu 2")
    assert due(kept, LATER) == ["contact"]
    done = kept("retention", "carry-out", *WHO, "--json").json["erased"]
    assert [one["kinds"] for one in done] == [["contact"]]
    with bootstrap.open_office() as office:
        contacts = [x.event for x in office.log.load("client:c-1") if hasattr(x.event, "address")]
    assert [one.address.text for one in contacts] == [None, None]
    assert due(kept, LATER) == []


def of_two(kept: Any) -> None:
    """End the journey of c-1, and one of c-2, too."""
    with bootstrap.open_office() as office:
        registered(office, "c-2", "Berta", "Koski", "LOCAL-2")
        refer_to_mikkeli(office, "j-2", asked(CLOSED), client="c-2")
        closed(office)
        closed(office, "j-2")


def test_of_whom_a_journey_cannot_be_read_nothing_is_erased_and_of_all_others_it_is(
    kept: Any, two_years_later: None
) -> None:
    of_two(kept)
    with bootstrap.open_office() as office:
        spoil(office.log, "journey:j-1")
    found = kept("retention", "due", "--as-at", LATER, "--json")
    assert (found.code, {one["client"] for one in found.json["due"]}) == (1, {"c-2"})
    assert found.json["unread"] == ["c-1"]
    assert "nothing is told or erased of c-1" in found.err
    done = kept("retention", "carry-out", *WHO, "--json")
    assert (done.code, {one["client"] for one in done.json["erased"]}) == (1, {"c-2"})
    assert done.json["unread"] == ["c-1"]


def test_nothing_is_erased_where_a_journey_that_cannot_be_read_may_be_anybodys(
    kept: Any, two_years_later: None
) -> None:
    of_two(kept)
    with bootstrap.open_office() as office:
        spoil(office.log, "journey:j-7", "unheard-of")
    found = kept("retention", "due", "--as-at", LATER, "--json")
    assert (found.code, {one["client"] for one in found.json["due"]}) == (1, {"c-1", "c-2"})
    done = kept("retention", "carry-out", *WHO)
    assert (done.code, done.out) == (1, "")
    assert "nothing is erased: nobody knows whose j-7 is" in done.err
