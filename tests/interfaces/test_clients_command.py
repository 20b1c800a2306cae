"""`polku clients`: legal holds, and an erasure after which nothing tells who the client was."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import sleep
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import MetaData, select

from application import clients as register
from application import erasing
from application.accesses import RECORDER, open_journey, readings_stream, record_opening
from application.erasing import Certificate
from application.journeys import Doing, act
from application.many_acts import act_all
from application.office import Office
from application.ports import Append, Fresh, Receipt
from application.scope import Purpose, Role, Scope
from application.transact import Asked
from application.views.register import REGISTER
from domain.access import Answered, ReadingsRecorded, Subject
from domain.client import Particulars
from domain.entry import By, Personal, Source
from domain.journey import corrections, ending, follow_up, referral
from domain.journey import events as e
from domain.refusals import IllegalTransition
from infrastructure.database import Database
from infrastructure.keeping import KeepingThread, bring_up_to_date
from infrastructure.rebuilding import Cancelled, Rebuild
from infrastructure.settings import Settings
from infrastructure.view_queries import ViewQueries
from interfaces import bootstrap
from tests.etela_savo import refer_to_mikkeli
from tests.interfaces.conftest import Clock, asked, bring_journey, live_journey, publish_shipped
from tests.unreadable import spoil

DAY = date(2025, 3, 4)
CORRECTED = {
    "entry": 7,
    "event": e.ServiceNeedsDefined(("skills",), "line-1", Personal("likes people at work")),
    "occurred_on": DAY,
    "reason": Personal("the wrong day was noted"),
}
TELLING = (
    *("Aurelia", "aurelia", "Kivelähde", "kivelahde", "1988-02-29", "LOCAL-4711", "Salatie 9"),
    *("+358 55 123", "likes people", "find work in care", "a course in care", "seen at night"),
    *("RECORD-X-77", "the wrong day was noted", "the case 77 is open"),
)
ERASE = ("--ground", "gdpr-17-1-b", "--by", "officer", "--organisation", "mikkeli")
HOLD = ("--hold", "K-1", "--by", "officer", "--organisation", "mikkeli")


def closed(office: Office, journey: str = "j-1") -> None:
    version = office.histories.newest(f"journey:{journey}").version
    source = Source("old", "ab" * 32, "ends", 1, "RECORD-X-77")
    event = e.JourneyClosed("ended-early", "unknown", Personal("seen at night"))
    append = Append(f"journey:{journey}", version, (Fresh(event, DAY, source),), By("v", "mikkeli"))
    office.log.append(append)


def registered(office: Office, client: str, given: str, family: str, local_id: str) -> None:
    said = Particulars(given, family, date(1988, 2, 29), local_id)
    register.register(office.clients, client, Asked(By("v", "mikkeli"), DAY, key=client), said)
    contact = {"address": "Salatie 9", "phone": "+358 55 123"}
    register.change_contact_details(office.clients, client, asked(DAY), **contact)


def serve(url: str) -> None:
    """Fill a database with the journey of a client, and another client's."""
    clock = Clock()
    with bootstrap.open_office(Settings(database_url=url), clock=clock) as office:
        publish_shipped(office, "etela-savo")
        live_journey(office, clock)
        bring_journey(office)
        registered(office, "c-1", "Aurelia", "Kivelähde", "LOCAL-4711")
        registered(office, "x-c", "Bertil", "Nordqvist", "LOCAL-2")
        record_opening(office, "j-1", Personal("seen at night"), asked(DAY))


@pytest.fixture
def served(polku_on: Any) -> Any:
    """Commands on a database with the journey of a client, and another client's."""
    return polku_on(serve)


def held_by(url: str) -> Iterator[str]:
    """Yield all that the tables of a database hold, as texts."""
    database = Database(url)
    tables = MetaData()
    tables.reflect(database.engine)
    with database.reading() as connection:
        for table in tables.sorted_tables:
            for row in connection.execute(select(table)):
                yield " ".join(
                    bytes(x).decode("utf-8", "replace") if isinstance(x, bytes) else str(x)
                    for x in row
                )
    database.close()


def files_beside(url: str) -> Iterator[tuple[Path, bytes]]:
    if url.startswith("sqlite:"):
        file = Path(url.removeprefix("sqlite:///"))
        for found in sorted(file.parent.rglob("*")):
            if found.is_file():
                yield found, found.read_bytes()


def told_of(url: str) -> set[str]:
    everything = "\n".join(held_by(url))
    found = {text for text in TELLING if text in everything}
    for _, content in files_beside(url):
        found |= {text for text in TELLING if text.encode() in content}
    return found


def test_after_an_erasure_no_table_and_no_file_tells_who_it_was(
    served: Any, database_url: str
) -> None:
    assert told_of(database_url) >= {"Aurelia", "kivelahde", "LOCAL-4711", "1988-02-29"}
    with bootstrap.open_office() as office:
        closed(office)
        before = office.log.load("client:x-c"), office.log.load("journey:x-1")

    done = served("clients", "erase", "c-1", *ERASE, "--json")

    assert (done.code, done.err) == (0, "")
    assert (done.json["client"], done.json["journeys"]) == ("c-1", ["j-1"])
    assert (done.json["kinds"], done.json["ground"]) == (None, "gdpr-17-1-b")
    assert done.json["by"] == {"person": "officer", "organisation": "mikkeli"}
    assert done.json["keys_destroyed"].keys() >= {"identity", "contact", "course", "situation"}
    # The other client was born on the same day, and lives at the same address.
    shared = {"1988-02-29"}
    assert told_of(database_url) - shared == set()
    assert "1988-02-29" not in "".join(t for t in held_by(database_url) if "c-1" in t.split())
    with bootstrap.open_office() as office:
        views = ViewQueries(bootstrap.projections_of(office))
        assert views.client("c-1") is None
        assert views.client("x-c").given_name == "Bertil"
        after = office.log.load("client:x-c"), office.log.load("journey:x-1")
        assert after == before
        for entry in office.log.load("client:c-1")[:2]:
            assert "Aurelia" not in repr(entry)
    told = served("journeys", "show", "j-1").out
    assert "(erased)" in told
    assert not [text for text in TELLING if text in told]


def test_an_erasure_is_finished_and_certified_again_when_it_is_asked_again(served: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)
    first = served("clients", "erase", "c-1", *ERASE, "--json").json
    again = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert again == first
    drawn = served("clients", "erase", "c-1", *ERASE).out
    assert "Certificate of erasure" in drawn
    assert "remains" in drawn


CODE = "KIVAUR88B69Z109X"
SIGNED_IN = (
    "the ids that the client signed in by, under which acts and readings were recorded before "
    "clients went by their own id: they may tell who it was"
)


def reads(office: Office, person: str, role: Role, client: str = "c-1") -> None:
    """Record that somebody read of a client."""
    told = (person, role.value, "mikkeli", "own-data", "journey-page", Clock()(), None)
    event = ReadingsRecorded((Answered(*told, (Subject(client, "j-1", None),)),))
    stream = readings_stream(f"{DAY}-{person}")
    office.log.append(Append(stream, 0, (Fresh(event, DAY),), RECORDER))


def test_a_certificate_says_that_ids_remain_which_the_client_signed_in_by(served: Any) -> None:
    """Older programs recorded a client by the subject of the token, maybe a personal code."""
    with bootstrap.open_office() as office:
        closed(office)
        reads(office, CODE, Role.CLIENT)
    done = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert SIGNED_IN in done["remains"]


def test_a_certificate_does_not_where_everybody_was_recorded_by_their_own_id(served: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        reads(office, "c-1", Role.CLIENT)
        reads(office, "x-c", Role.CLIENT)  # the same person for a while, until they were split
        reads(office, "worker-1", Role.CASE_WORKER)
        reads(office, CODE, Role.CLIENT, "c-7")
    done = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert SIGNED_IN not in done["remains"]


def test_there_is_a_certificate_where_a_client_who_was_once_merged_cannot_be_read(
    served: Any,
) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        reads(office, "x-c", Role.CLIENT)
        spoil(office.log, "client:x-c", "unheard-of")
    done = served("clients", "erase", "c-1", *ERASE, "--json")
    assert (done.code, SIGNED_IN in done.json["remains"]) == (0, False), done.err


def test_a_certificate_says_that_files_remain_which_were_given_out(
    served: Any, tmp_path: Path
) -> None:
    """A bundle's page tells the texts as they were when it was made: Polku cannot reach it."""
    bundle, copy = tmp_path / "j-1.zip", tmp_path / "c-1.json"
    with bootstrap.open_office() as office:
        closed(office)
    assert served("audit", "bundle", "j-1", "--out", str(bundle)).code == 0
    assert served("export", "subject", "c-1", "--out", str(copy)).code == 0
    done = served("clients", "erase", "c-1", *ERASE, "--json").json
    with ZipFile(bundle) as files:
        assert "seen at night" in files.read("index.html").decode()
    assert "Aurelia" in copy.read_text()
    assert [one for one in done["remains"] if "copies for the client, and bundles" in one]


def refer_again(office: Office, journey: str, client: str = "c-1") -> Receipt:
    """Refer a client who was served before."""
    need = Personal("help with the evenings")
    return refer_to_mikkeli(office, journey, asked(DAY), client, need_definition=need)


def referred_meanwhile(office: Office, journeys: list[list[str]]) -> Certificate:
    """Erase c-1 while somebody refers the same client: what each listing of journeys has."""
    listed = iter(journeys)

    def journeys_of(_client: str) -> list[str]:
        found = next(listed)
        if not office.log.load("journey:j-9"):
            refer_again(office, "j-9")
            declines = {"reason": Personal("busy in the evenings")}
            act(office, "j-9", asked(DAY), referral.decline_referral, **declines)
        return found

    return erasing.erase(
        office,
        "c-1",
        asked(DAY),
        ground="gdpr-17-1-b",
        journeys_of=journeys_of,
        left=bootstrap.keys_left(office),
        clear=bootstrap.clearing(office),
    )


def retracted(office: Office) -> None:
    """Refer c-1 once more, by mistake, and take that back."""
    refer_again(office, "j-9")
    slip = {"entry": 1, "reason": Personal("Aurelia was served already")}
    act(office, "j-9", asked(DAY), corrections.retract, **slip)


def test_what_was_told_with_a_referral_that_was_retracted_is_erased_too(
    served: Any, database_url: str
) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        retracted(office)
        refer_again(office, "j-8", "x-c")
        slip = {"entry": 1, "reason": Personal("another")}
        act(office, "j-8", asked(DAY), corrections.retract, **slip)
    done = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert done["journeys"] == ["j-1", "j-9"]
    with bootstrap.open_office() as office:
        assert "evenings" not in need_of(office)
        assert "Aurelia" not in repr(office.log.load("journey:j-9"))
        assert "evenings" in repr(office.log.load("journey:j-8"))  # another client's stays


def mistaken(office: Office) -> None:
    """Say that the journey of c-1 was c-9's from its beginning, and end it."""
    registered(office, "c-9", "Birgit", "Ahlroos", "LOCAL-9")
    meant = replace(office.log.load("journey:j-1")[0].event, client="c-9")
    slip = {"entry": 1, "event": meant, "reason": Personal("Aurelia left her card")}
    act(office, "j-1", asked(DAY), corrections.correct, **slip)
    closed(office)


def test_a_hold_stops_that_what_is_told_of_its_client_goes_with_another(served: Any) -> None:
    with bootstrap.open_office() as office:
        mistaken(office)
    served("clients", "hold", "c-1", *HOLD, "--basis", "court file 12", "--reason", "in court")
    refused = served("clients", "erase", "c-9", *ERASE)
    assert refused.code == 1
    assert "c-1" in refused.err
    assert "K-1" in refused.err
    assert "in court" not in refused.err
    listed = served("retention", "due", "--as-at", "2090-01-01", "--json").json["due"]
    held = {one["kind"]: one["held_by"] for one in listed if one["client"] == "c-9"}
    assert (held["course"], held["identity"], held["situation"]) == (["K-1"], ["K-1"], [])
    with bootstrap.open_office() as office:
        assert "Aurelia left her card" in repr(office.log.load("journey:j-1"))
    served("clients", "release", "c-1", *HOLD, "--reason", "it is over")
    assert served("clients", "erase", "c-9", *ERASE).code == 0
    with bootstrap.open_office() as office:
        assert "Aurelia left her card" not in repr(office.log.load("journey:j-1"))


def test_the_copy_has_what_was_told_with_a_referral_that_was_retracted(
    served: Any, tmp_path: Path
) -> None:
    with bootstrap.open_office() as office:
        retracted(office)
    file = tmp_path / "copy.json"
    assert served("export", "subject", "c-1", "--out", str(file)).code == 0
    assert "help with the evenings" in file.read_text()


def test_the_copy_says_that_a_journey_cannot_be_read(served: Any, tmp_path: Path) -> None:
    with bootstrap.open_office() as office:
        spoil(office.log, "journey:j-1")
    file = tmp_path / "copy.json"
    told = served("export", "subject", "c-1", "--out", str(file))
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert "the copy is without 1 journey that could not be read" in told.err
    copy = json.loads(file.read_text(encoding="utf-8"))
    assert (copy["journeys"], copy["journeys_unread"]) == ([], 1)
    assert copy["particulars"]["given_name"] == "Aurelia"


@pytest.mark.parametrize("journey", ["j-1", "j-9"])
def test_no_end_and_no_slip_of_an_erased_client_is_taken_back(served: Any, journey: str) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        retracted(office)
    assert served("clients", "erase", "c-1", *ERASE).code == 0
    with bootstrap.open_office() as office:
        found = office.histories.newest(f"journey:{journey}")
        back = {"entry": found.version, "reason": Personal("it was right")}
        with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
            act(office, journey, asked(DAY), corrections.retract, **back)
        assert office.histories.newest(f"journey:{journey}").version == found.version


def test_what_was_told_with_a_referral_that_turned_out_to_be_anothers_is_erased_too(
    served: Any, database_url: str
) -> None:
    """It was told of whom it names; whose journey it is by now keeps what was told since."""
    with bootstrap.open_office() as office:
        closed(office)
        refer_again(office, "j-9")
        first = office.log.load("journey:j-9")[0].event
        right = replace(first, client="x-c", need_definition=Personal("a bus ticket"))
        record_opening(office, "j-9", Personal("Aurelia came"), asked(DAY))
        why = Personal("Aurelia left her card")
        slip = {"entry": 1, "event": right, "occurred_on": DAY, "reason": why}
        act(office, "j-9", asked(DAY), corrections.correct, **slip)
    done = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert done["journeys"] == ["j-1"]
    with bootstrap.open_office() as office:
        back = {"entry": 2, "reason": Personal("it was right")}
        with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
            act(office, "j-9", asked(DAY), corrections.retract, **back)
        assert "evenings" not in need_of(office)
        told = repr([office.log.load(stream) for stream in ("journey:j-9", "access:j-9")])
        assert "Aurelia" not in told
        assert "a bus ticket" in told


def test_nothing_is_told_of_an_erased_client_in_words(served: Any) -> None:
    """Whoever corrects or retracts an entry says why; where all is coded, it is recorded."""
    with bootstrap.open_office() as office:
        closed(office)
        retracted(office)
    assert served("clients", "erase", "c-1", *ERASE).code == 0
    situation = e.Situation(e.EmploymentStatus.UNEMPLOYED)
    misheard = {"entry": 6, "event": e.IntakeInterviewHeld(situation), "occurred_on": DAY}
    slip = {"entry": 6, "reason": Personal("Aurelia said so")}
    with bootstrap.open_office() as office:
        for journey, decision, said in (
            ("j-1", corrections.correct, misheard | {"reason": Personal("Aurelia said so")}),
            ("j-1", corrections.retract, slip),
            ("j-9", corrections.retract, slip | {"entry": 2}),
        ):
            with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
                act(office, journey, asked(DAY), decision, **said)
        period = {"start": date(2025, 2, 1), "kind": "full-time"}
        act(office, "j-1", asked(DAY), follow_up.record_employment_period, **period)
        assert not bootstrap.keys_left(office)(["client:c-1", "journey:j-1", "journey:j-9"])


def test_no_reason_is_recorded_for_reading_of_who_was_erased(served: Any) -> None:
    """It would speak of the client, and there is nothing left to read."""
    with bootstrap.open_office() as office:
        closed(office)
    assert served("clients", "erase", "c-1", *ERASE).code == 0
    stranger = Scope("w", Role.CASE_WORKER, "elsewhere", Purpose.SERVICE)
    with bootstrap.open_office() as office:
        with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
            open_journey(office, stranger, "j-1", Personal("Aurelia called"))
        assert not bootstrap.keys_left(office)(["client:c-1", "journey:j-1"])


def refers(office: Office) -> Any:
    return refer_again(office, "j-9")


def explains(office: Office) -> Any:
    slip = {"entry": 6, "reason": Personal("Aurelia said so")}
    return act(office, "j-1", asked(DAY), corrections.retract, **slip)


def explains_with_others(office: Office) -> Any:
    slip = {"entry": 6, "reason": Personal("Aurelia said so")}
    (answer,) = act_all(office, [Doing("j-1", asked(DAY), corrections.retract, slip)])
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.mark.parametrize("does", [refers, explains, explains_with_others])
def test_what_was_decided_before_an_erasure_is_not_recorded_after_it(
    served: Any, monkeypatch: pytest.MonkeyPatch, does: Any
) -> None:
    """It would lie under new keys, and the certificate would be wrong."""
    with bootstrap.open_office() as office:
        closed(office)
        erased: list[int] = []
        real: Any = office.log.append_all

        def append_all(appends: Any, **more: Any) -> Any:
            if not erased:
                erased.append(served("clients", "erase", "c-1", *ERASE).code)
            return real(appends, **more)

        monkeypatch.setattr(office.log, "append_all", append_all)
        monkeypatch.setattr(office.log, "append", lambda one: told_one(append_all([one])))
        with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
            does(office)
        assert erased == [0]
        assert not bootstrap.keys_left(office)(["client:c-1", "journey:j-1", "journey:j-9"])


def told_one(answers: list[Any]) -> Any:
    (answer,) = answers
    if isinstance(answer, Exception):
        raise answer
    return answer


def need_of(office: Office) -> str:
    return repr(office.log.load("journey:j-9"))


def test_a_referral_made_while_a_client_is_erased_is_erased_with_the_others(served: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        done = referred_meanwhile(office, [["j-1"], ["j-1", "j-9"], ["j-1", "j-9"]])
        assert done.journeys == ("j-1", "j-9")
        assert "evenings" not in need_of(office)


def test_a_journey_that_only_began_while_a_client_was_erased_is_named_too(served: Any) -> None:
    """Its referral names the client, and so is erased already."""
    with bootstrap.open_office() as office:
        closed(office)
    assert served("clients", "erase", "c-1", *ERASE).code == 0
    with bootstrap.open_office() as office:
        told = office.log.load("journey:j-1")[0].event
        office.log.append(Append("journey:j-9", 0, (Fresh(told, DAY),), By("v", "mikkeli")))
    again = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert again["journeys"] == ["j-1", "j-9"]


def erased_while(office: Office, does: Any) -> tuple[Certificate, int]:
    """Erase c-1 while somebody does something at the very moment that it is decided.

    Return the certificate, and how often it was decided.
    """
    left, looked = bootstrap.keys_left(office), list[int]()

    def left_then_done(streams: Sequence[str]) -> bool:
        looked.append(len(streams))
        if len(looked) == 1:
            does(office)
        return left(streams)

    done = erasing.erase(
        office,
        "c-1",
        asked(DAY),
        ground="gdpr-17-1-b",
        journeys_of=bootstrap.journeys_of_clients(office),
        left=left_then_done,
        clear=bootstrap.clearing(office),
    )
    return done, len(looked)


def turns_out_to_be_anothers(office: Office) -> Any:
    meant = replace(office.log.load("journey:j-1")[0].event, client="x-c")
    slip = {"entry": 1, "event": meant, "reason": Personal("Aurelia left her card")}
    return act(office, "j-1", asked(DAY), corrections.correct, **slip)


def test_a_journey_that_is_anothers_as_of_that_moment_is_not_erased(served: Any) -> None:
    """Its keys would be gone for good, and with them what is held of somebody else."""
    with bootstrap.open_office() as office:
        closed(office)
        done, _ = erased_while(office, turns_out_to_be_anothers)
        assert done.journeys == ()
        told = repr(office.log.load("journey:j-1"))
        assert "likes people" in told
        assert "Aurelia left her card" not in told
        assert "Aurelia" not in repr(office.log.load("client:c-1"))


def comes_back(office: Office) -> Any:
    return act(office, "j-1", asked(DAY), ending.reopen, reason=Personal("she came back"))


@pytest.mark.parametrize(("does", "journey"), [(comes_back, "j-1"), (refers, "j-9")])
def test_who_is_served_again_at_that_moment_is_not_erased(
    served: Any, does: Any, journey: str
) -> None:
    """What is told on a journey that goes on would be kept, with nobody to erase it."""
    with bootstrap.open_office() as office:
        closed(office)
        with pytest.raises(IllegalTransition, match=f"these journeys have not ended: {journey}"):
            erased_while(office, does)
        assert not office.clients.newest("client:c-1").keeping.erased
        assert "likes people" in repr(office.log.load("journey:j-1"))
        assert "Aurelia" in repr(office.log.load("client:c-1"))


def refers_another(office: Office) -> Any:
    return refer_again(office, "j-8", "x-c")


def test_who_is_referred_at_that_moment_on_a_journey_that_was_nobodys_is_not_erased(
    served: Any,
) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        refers_another(office)
        slip = {"entry": 1, "reason": Personal("somebody else was meant")}
        act(office, "j-8", asked(DAY), corrections.retract, **slip)
        with pytest.raises(IllegalTransition, match="these journeys have not ended: j-8"):
            erased_while(office, lambda _: refer_again(office, "j-8"))
        assert not office.clients.newest("client:c-1").keeping.erased
        assert "Aurelia" in repr(office.log.load("client:c-1"))


def puts_anothers_right(client: str) -> Any:
    def does(office: Office) -> Any:
        meant = replace(
            office.log.load("journey:j-8")[0].event, client=client, service_line="line-2"
        )
        slip = {"entry": 1, "event": meant, "reason": Personal("it was the other line")}
        return act(office, "j-8", asked(DAY), corrections.correct, **slip)

    return does


@pytest.mark.parametrize("does", [refers_another, puts_anothers_right("x-c")])
def test_what_is_recorded_of_another_at_that_moment_is_no_matter(served: Any, does: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        if does is not refers_another:
            refers_another(office)
        done, decided = erased_while(office, does)
        assert (done.journeys, decided) == (("j-1",), 2), "once more to look what is left"
        assert "evenings" in repr(office.log.load("journey:j-8"))


def test_who_turns_out_at_that_moment_to_be_served_is_not_erased(served: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        refers_another(office)
        with pytest.raises(IllegalTransition, match="these journeys have not ended: j-8"):
            erased_while(office, puts_anothers_right("c-1"))
        assert not office.clients.newest("client:c-1").keeping.erased
        assert "Aurelia" in repr(office.log.load("client:c-1"))


def test_an_erasure_that_is_asked_again_erases_what_it_missed(
    served: Any, database_url: str
) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        done = referred_meanwhile(office, [["j-1"]] * 3)
        assert done.journeys == ("j-1",)
        assert "evenings" in need_of(office)
    again = served("clients", "erase", "c-1", *ERASE, "--json").json
    assert again["journeys"] == ["j-1", "j-9"]
    with bootstrap.open_office() as office:
        assert "evenings" not in need_of(office)
    assert told_of(database_url) <= {"1988-02-29"}
    assert served("clients", "erase", "c-1", *ERASE, "--json").json == again


def test_memory_forgets_with_the_erasure(served: Any) -> None:
    with bootstrap.open_office() as office, bootstrap.open_office() as another:
        closed(office)
        for one in (office, another):
            one.histories.newest("journey:j-1")
            assert "likes people" in repr(one.histories.remembered("journey:j-1"))
        assert served("clients", "erase", "c-1", *ERASE).code == 0
        for one in (office, another):
            one.log.keys.look_for_destroyed()
            assert "likes people" not in repr(one.histories.remembered("journey:j-1"))
            assert "Aurelia" not in repr(one.clients.remembered("client:c-1"))


@pytest.mark.parametrize("when", ["keys-at-hand", "entries-read", "entry-stored"])
def test_what_was_read_just_before_an_erasure_is_not_remembered_after(
    served: Any, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    with bootstrap.open_office() as office:
        closed(office)
    with bootstrap.open_office() as office:
        log: Any = office.log
        place, name = {
            "keys-at-hand": (log.keys, "_unwrapped"),
            "entries-read": (log, "load"),
            "entry-stored": (log, "append"),
        }[when]
        usual, erased = getattr(place, name), []

        def then_erased(*asked: Any, **more: Any) -> Any:
            found = usual(*asked, **more)
            if not erased:
                erased.append(served("clients", "erase", "c-1", *ERASE))
                log.keys.look_for_destroyed()
            return found

        monkeypatch.setattr(place, name, then_erased)
        if when == "entry-stored":
            act(office, "j-1", asked(DAY), corrections.correct, **CORRECTED)
        else:
            office.histories.newest("journey:j-1")
        assert [one.code for one in erased] == [0]
        told = repr(office.histories.remembered("journey:j-1"))
        assert told.count("likes people") == told.count("the wrong day was noted") == 0
        assert "likes people" not in repr(log.load("journey:j-1"))


def test_a_rebuild_of_the_register_forgets_the_words_of_who_is_erased_meanwhile(
    served: Any, database_url: str
) -> None:
    with bootstrap.open_office() as office:
        closed(office)
        bring_up_to_date(bootstrap.projections_of(office))
        projections, erased = bootstrap.projections_of(office), []

        def between() -> None:
            if not erased:
                assert sum("kivelahde" in row.split() for row in held_by(database_url)) > 1
                erased.append(served("clients", "erase", "c-1", *ERASE))
                assert "rebuilt" in erased[0].out

        Rebuild(projections, [REGISTER], between=between, grace=0).run()
    assert [one.code for one in erased] == [0]
    assert "kivelahde" not in " ".join(held_by(database_url))
    again = served("clients", "erase", "c-1", *ERASE)
    assert "rebuilt" not in again.out
    assert told_of(database_url) <= {"1988-02-29"}


@pytest.mark.parametrize("killed", ["_give_up", "_drop_retired"])
def test_what_a_killed_rebuild_left_behind_tells_nothing_of_who_is_erased(
    served: Any, database_url: str, monkeypatch: pytest.MonkeyPatch, killed: str
) -> None:
    """Before the new tables are read, or before the old ones are dropped, while others go on."""

    def before() -> None:
        if killed == "_give_up":
            raise Cancelled

    with bootstrap.open_office() as office, bootstrap.open_office() as serving:
        closed(office)
        projections = bootstrap.projections_of(office)
        bring_up_to_date(projections)
        keeping = KeepingThread(bootstrap.projections_of(serving))
        keeping.start()
        while not keeping.works:
            sleep(0.01)
        with monkeypatch.context() as patched, suppress(Cancelled):
            patched.setattr(Rebuild, killed, lambda _: None)
            Rebuild(projections, [REGISTER], between=before, grace=0).run()
        done = served("clients", "erase", "c-1", *ERASE)
        keeping.stop()
    assert (done.code, "rebuilt" in done.out) == (0, False)
    assert told_of(database_url) <= {"1988-02-29"}


def test_a_legal_hold_stops_an_erasure_until_it_is_released(served: Any, database_url: str) -> None:
    with bootstrap.open_office() as office:
        closed(office)
    held = ("--basis", "court file 12", "--reason", "the case 77 is open")
    assert served("clients", "hold", "c-1", *HOLD, *held).code == 0
    assert "the case 77 is open" not in "\n".join(held_by(database_url))

    refused = served("clients", "erase", "c-1", *ERASE)
    assert refused.code == 1
    assert "the legal hold K-1 is in force (court file 12: the case 77 is open)" in refused.err
    (read,) = served("audit", "access", "--client", "c-1", "--json").json["readings"]
    assert (read["what"], read["role"]) == ("changes", "operator")
    assert "Aurelia" in told_of(database_url)

    assert served("clients", "release", "c-1", *HOLD).code == 0
    assert served("clients", "erase", "c-1", *ERASE).code == 0
    assert told_of(database_url) <= {"1988-02-29"}


@pytest.mark.parametrize(
    "act",
    [
        ("hold", "c-1", *HOLD, "--basis", "court file 12"),
        ("release", "c-1", *HOLD),
        ("erase", "c-1", *ERASE),
        ("merge", "c-1", "--merged", "c-2", "--ground", "gdpr-5-1-d", "--reason", "r", *ERASE[2:]),
        ("split", "c-1", "--merged", "c-2", "--ground", "gdpr-5-1-d", "--reason", "r", *ERASE[2:]),
    ],
    ids=lambda act: act[0],
)
def test_nothing_is_decided_on_a_day_that_lies_ahead(served: Any, act: tuple[str, ...]) -> None:
    refused = served("clients", *act, "--on", "2999-01-01")

    assert (refused.code, refused.out) == (2, "")
    assert "polku: --on: 2999-01-01 lies ahead of today, " in refused.err


def test_who_is_being_served_is_not_erased(served: Any) -> None:
    refused = served("clients", "erase", "c-1", *ERASE)
    assert refused.code == 1
    assert "these journeys have not ended: j-1; close them first" in refused.err


def test_nobody_is_registered_again_under_the_id_of_an_erased_client(served: Any) -> None:
    assert served("clients", "erase", "x-c", *ERASE).code == 0
    with (
        bootstrap.open_office() as office,
        pytest.raises(IllegalTransition, match="who this client is was erased"),
    ):
        registered(office, "x-c", "Bertil", "Nordqvist", "LOCAL-2")


def test_no_journey_of_an_erased_client_begins_or_goes_on(served: Any) -> None:
    with bootstrap.open_office() as office:
        closed(office)
    assert served("clients", "erase", "c-1", *ERASE).code == 0
    with bootstrap.open_office() as office:
        with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
            act(office, "j-1", asked(DAY), ending.reopen, reason=Personal("came back"))
        with pytest.raises(IllegalTransition, match="the data of client c-1 was erased"):
            refer_to_mikkeli(office, "j-9", asked(DAY))


def test_a_client_whom_nobody_knows_is_not_erased(served: Any) -> None:
    refused = served("clients", "erase", "nobody", *ERASE)
    assert refused.code == 1
    assert "no client is known under this id" in refused.err
