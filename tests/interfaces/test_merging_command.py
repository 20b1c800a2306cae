"""`polku clients merge` and `split`, and what the commands say of a person with two ids."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from application import clients as register
from application import erasing, merging, retention
from application.office import Office
from application.retention import Due, Looked
from application.transact import Asked
from domain.client import Particulars
from domain.entry import By, Personal
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.databases import Fill
from tests.interfaces.conftest import Clock, Polku, asked, publish_shipped
from tests.interfaces.test_clients_command import closed, held_by, registered
from tests.interfaces.test_erasure_properties import referred

DAY = date(2025, 3, 4)
MERGED = ("--merged", "c-2", "--ground", "gdpr-5-1-d", "--reason", "the passport shows it")
WHO = ("--by", "officer", "--organisation", "mikkeli")
ERASE = ("--ground", "gdpr-17-1-b", *WHO)
HOLD = ("--hold", "K-1", *WHO)
LATER = date(2027, 3, 4)
"""Two years after the journeys' end: contact details are kept so long."""


def prepare(office: Office) -> None:
    """Two clients, who are one person, and a third one, each with a journey that has ended."""
    publish_shipped(office, "etela-savo")
    people = {"c-1": "Kivelähde", "c-2": "Kurkela", "c-3": "Nordqvist"}
    for client, family in people.items():
        registered(office, client, "Aurelia", family, f"LOCAL-{client}")
        referred(office, client, f"j-{client}")
        closed(office, f"j-{client}")


def _fill(url: str) -> None:
    clock = Clock()
    clock.put(date(2025, 4, 1))
    with bootstrap.open_office(Settings(database_url=url), clock=clock) as office:
        prepare(office)


@pytest.fixture
def known(polku_on: Callable[[Fill], Polku]) -> Polku:
    return polku_on(_fill)


@pytest.fixture
def open_one(known: Any) -> Iterator[Office]:
    with bootstrap.open_office() as office:
        merges(office)
        yield office


def merges(office: Office, merged: str = "c-2") -> None:
    why = Personal("the passport shows it")
    said: dict[str, Any] = {"merged": merged, "ground": "gdpr-5-1-d", "reason": why}
    merging.merge(office, "c-1", asked(DAY), **said)


def exported(polku: Any, client: str, folder: Path) -> Any:
    file = folder / f"{client}-{len(list(folder.iterdir()))}.json"
    wanted = ("--out", str(file), "--format", "json")
    assert polku("export", "subject", client, *wanted).code == 0
    return json.loads(file.read_text(encoding="utf-8"))


def test_a_merge_a_copy_of_both_and_a_split(known: Any, tmp_path: Path, database_url: str) -> None:
    done = known("clients", "merge", "c-1", *MERGED, *WHO, "--json")
    assert (done.code, done.json["merged"], done.json["version"]) == (0, "c-2", 3)
    again = known("clients", "merge", "c-1", *MERGED, *WHO)
    assert again.out == "c-2 goes by c-1 from now on.\n"
    assert "the passport shows it" not in "\n".join(held_by(database_url)), "it is sealed"
    copies = [exported(known, client, tmp_path) for client in ("c-1", "c-2")]
    for copy in copies:
        assert copy["client"] == "c-1"
        assert [one["journey"] for one in copy["journeys"]] == ["j-c-1", "j-c-2"]
        (other,) = copy["merged"]
        assert (other["client"], other["particulars"]["local_id"]) == ("c-2", "LOCAL-c-2")
        assert other["entries"][-1]["sentence"] == "This client was merged into c-1"
    refused = known("clients", "merge", "c-3", *MERGED, *WHO)
    assert refused.code == 1
    assert "c-2 is merged into c-1; name c-1 in its place" in refused.err

    assert known("clients", "split", "c-1", *MERGED, *WHO).code == 0
    alone = exported(known, "c-2", tmp_path)
    assert ([one["journey"] for one in alone["journeys"]], alone["merged"]) == (["j-c-2"], [])
    never = known("clients", "split", "c-3", *MERGED, *WHO)
    assert (never.code, "c-2 is not merged into another client" in never.err) == (1, True)


def test_an_erasure_erases_both_ids_and_nobody_else(known: Any, database_url: str) -> None:
    known("clients", "merge", "c-1", *MERGED, *WHO)
    known("clients", "hold", "c-2", *HOLD, "--basis", "file 12")
    held = known("clients", "erase", "c-1", *ERASE)
    assert (held.code, "the legal hold K-1 is in force" in held.err) == (1, True)
    known("clients", "release", "c-2", *HOLD)
    with bootstrap.open_office() as office:
        before = office.log.load("client:c-3"), office.log.load("journey:j-c-3")

    done = known("clients", "erase", "c-2", *ERASE, "--json").json

    assert (done["client"], done["also"]) == ("c-2", ["c-1"])
    assert done["journeys"] == ["j-c-1", "j-c-2"]
    everything = "\n".join(held_by(database_url))
    for text in ("Kivelähde", "kivelahde", "Kurkela", "kurkela", "LOCAL-c-1", "LOCAL-c-2"):
        assert text not in everything
    assert "Nordqvist" in everything
    with bootstrap.open_office() as office:
        assert (office.log.load("client:c-3"), office.log.load("journey:j-c-3")) == before
    assert known("clients", "erase", "c-2", *ERASE, "--json").json == done
    assert "also      c-1" in known("clients", "erase", "c-2", *ERASE).out


def test_who_is_merged_while_the_person_is_erased_is_erased_too(open_one: Office) -> None:
    listed: list[str] = []
    usual = bootstrap.journeys_of_clients(open_one)

    def journeys_of(client: str) -> list[str]:
        if not listed:
            merges(open_one, "c-3")
        listed.append(client)
        return list(usual(client))

    done = erasing.erase(
        open_one,
        "c-1",
        asked(DAY),
        ground="gdpr-17-1-b",
        journeys_of=journeys_of,
        left=bootstrap.keys_left(open_one),
        clear=bootstrap.clearing(open_one),
    )
    assert (done.also, done.journeys) == (("c-2", "c-3"), ("j-c-1", "j-c-2", "j-c-3"))
    entries = open_one.log.load("client:c-3")
    assert [type(x.event).__name__ for x in entries[-2:]] == ["ClientsMerged", "ClientErased"]
    assert entries[0].event.family_name.text is None


def looking(office: Office) -> Looked:
    return Looked(bootstrap.journeys_of_clients(office), bootstrap.kinds_left(office))


def due_of(office: Office, journeys: dict[str, list[str]] | None = None) -> list[Due]:
    return [*retention.due(office, journeys or JOURNEYS, LATER, bootstrap.kinds_left(office))]


JOURNEYS = {"c-1": ["j-c-1"], "c-2": ["j-c-2"], "c-3": ["j-c-3"]}


def test_what_is_due_is_due_of_the_person_and_goes_under_both_ids(open_one: Office) -> None:
    due = due_of(open_one)
    told = [(one.client, one.also, one.kind, one.journeys) for one in due]
    assert told == [
        ("c-1", ("c-2",), "contact", ("j-c-1", "j-c-2")),
        ("c-3", (), "contact", ("j-c-3",)),
    ]
    done = list(retention.carry_out(open_one, due[:1], asked(DAY), LATER, looking(open_one)))
    assert [one.client for one in done] == ["c-1"]
    texts = [open_one.log.load(f"client:c-{n}")[1].event.address.text for n in (1, 2, 3)]
    assert texts == [None, None, "Salatie 9"]
    left = [one.client for one in due_of(open_one)]
    assert left == ["c-3"]


def test_while_a_journey_under_another_id_goes_on_nothing_is_due(open_one: Office) -> None:
    referred(open_one, "c-2", "j-new")
    journeys = {**JOURNEYS, "c-2": ["j-c-2", "j-new"]}
    assert [one.client for one in due_of(open_one, journeys)] == ["c-3"]


def test_a_hold_on_either_id_keeps_what_is_due_of_both(open_one: Office) -> None:
    due = due_of(open_one)[:1]
    erasing.place_hold(
        open_one, "c-2", asked(DAY), hold="K-1", basis="file 12", reason=Personal("a case")
    )
    (held, _) = due_of(open_one)
    assert held.held_by == ("K-1",)
    assert not list(retention.carry_out(open_one, due, asked(DAY), LATER, looking(open_one)))
    assert open_one.log.load("client:c-1")[1].event.address.text == "Salatie 9"


def test_what_is_decided_on_two_clients_is_recorded_of_both_or_of_none(open_one: Office) -> None:
    by = Asked(By("officer", "mikkeli"), DAY, key="split-1", expected_version=3)
    why = Personal("they are sisters")
    said: dict[str, Any] = {"merged": "c-2", "ground": "gdpr-5-1-d", "reason": why}
    newest, raced = open_one.clients.newest, []

    def then_written(stream: str) -> Any:
        """Somebody else writes to the other client just after it was read."""
        state = newest(stream)
        if stream == "client:c-2" and not raced:
            raced.append(stream)
            with bootstrap.open_office() as another:
                erasing.place_hold(
                    another, "c-2", asked(DAY), hold="K-1", basis="x", reason=Personal("y")
                )
        return state

    open_one.clients.newest = then_written  # type: ignore[method-assign]
    with pytest.raises(Exception, match="the legal hold K-1 is in force"):
        merging.split(open_one, "c-1", by, **said)
    assert raced
    assert len(open_one.log.load("client:c-1")) == 3, "the first conflict recorded of neither"


def test_the_registers_own_rules_hold_for_who_is_merged(open_one: Office) -> None:
    again = Particulars("Aurelia", "Kurkela", date(1988, 2, 29), "LOCAL-c-2")
    done = register.register(open_one.clients, "c-2", asked(DAY), again)
    assert done.entries == (), "the id is the person's still"


@pytest.mark.parametrize("erased", ["c-1", "c-2"])
def test_why_they_were_one_person_is_erased_with_either_of_them(
    known: Any, database_url: str, erased: str
) -> None:
    """The reason is in the stream of each, and speaks of both."""
    assert known("clients", "merge", "c-1", *MERGED, *WHO).code == 0
    assert known("clients", "split", "c-1", *MERGED, *WHO).code == 0
    assert known("clients", "erase", erased, *ERASE).code == 0
    (other,) = {"c-1", "c-2"} - {erased}
    with bootstrap.open_office() as office:
        assert "the passport shows it" not in repr(office.log.load(f"client:{other}"))
        assert "Salatie 9" in repr(office.log.load(f"client:{other}"))
