"""Stable names, upcasters, and what is refused at the start."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from application.ports import Append, Fresh
from domain.entry import By, Personal
from domain.journey.events import (
    AttendanceRecorded,
    EntryCorrected,
    EntryRetracted,
    GrantPaid,
    PlanDrafted,
    PlanStep,
    PlanStepReached,
    ReferralMade,
)
from infrastructure import event_names
from infrastructure.event_log import open_log
from infrastructure.event_names import (
    BrokenNames,
    EventNames,
    UnknownEvent,
    UnreadableEvent,
    UnstorableEvent,
)
from infrastructure.event_shapes import event_fields, personal_fields
from infrastructure.registered_events import registered_events

SAMPLES = Path(__file__).parents[1] / "golden" / "samples"


@dataclass(frozen=True, slots=True)
class AddressChanged:
    street: str
    postcode: str
    town: str


@dataclass(frozen=True, slots=True)
class EntryPutRight:
    entry: int
    event: "AddressChanged | EntryPutRight | None"


@dataclass(frozen=True, slots=True)
class NoteTaken:
    note: Personal


def sample_names() -> EventNames:
    names = EventNames()
    names.register(AddressChanged, version=3)
    names.register(EntryPutRight)

    @names.upcaster("address-changed", 1)
    def split_at_the_comma(body: dict[str, Any]) -> dict[str, Any]:
        street, place = body["address"].split(", ", 1)
        return {"street": street, "place": place}

    @names.upcaster("address-changed", 2)
    def split_at_the_space(body: dict[str, Any]) -> dict[str, Any]:
        postcode, town = body["place"].split(" ", 1)
        return {"street": body["street"], "postcode": postcode, "town": town}

    names.check()
    return names


def read_sample(names: EventNames, file: str) -> Any:
    stored = json.loads((SAMPLES / file).read_text(encoding="utf-8"))
    return names.decode(stored["name"], stored["version"], json.dumps(stored["body"]).encode())


PRESENT = AddressChanged("Hämeenkatu 1", "33100", "Tampere")


@pytest.mark.parametrize("file", ["address-changed.v1.json", "address-changed.v2.json"])
def test_an_old_shape_is_read_as_the_present_one(file: str):
    assert read_sample(sample_names(), file) == PRESENT


def test_an_old_shape_within_another_event_is_brought_up_too():
    assert read_sample(sample_names(), "entry-put-right.v1.json") == EntryPutRight(4, PRESENT)


def test_a_stored_entry_of_an_old_shape_is_read_from_the_log(database_url: str):
    @dataclass(frozen=True, slots=True)
    class OldAddressChanged:
        address: str

    before = EventNames()
    before.register(OldAddressChanged, name="address-changed")
    event = OldAddressChanged("Hämeenkatu 1, 33100 Tampere")
    with open_log(database_url, names=before) as log:
        log.append(Append("c", 0, (Fresh(event, date(2024, 1, 1)),), By("p", "o")))

    with open_log(database_url, names=sample_names()) as log:
        assert [entry.event for entry in log.load("c")] == [PRESENT]


def test_a_correction_within_a_correction_is_stored_and_read():
    names = sample_names()
    event = EntryPutRight(5, EntryPutRight(4, PRESENT))
    assert names.decode(*names.encode(event)) == event
    assert names.decode(*names.encode(EntryPutRight(5, None))) == EntryPutRight(5, None)


def paid(amount: Decimal) -> GrantPaid:
    return GrantPaid("g", amount, "EUR", "inps", date(2024, 1, 1), date(2024, 1, 31))


@pytest.mark.parametrize(
    "event",
    [
        EntryCorrected(
            3,
            PlanDrafted((PlanStep("a", Personal("find work"), date(2024, 5, 1)),)),
            date(2024, 2, 29),
            Personal("wrong day"),
        ),
        paid(Decimal("120.50")),
        AttendanceRecorded("s", 7),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_is_read_as_it_was_stored(event: Any):
    names = registered_events()
    assert names.decode(*names.encode(event)) == event


def test_a_correction_carries_its_event_with_name_and_shape():
    event = EntryCorrected(3, PlanStepReached("a"), date(2024, 2, 29))
    name, version, body = registered_events().encode(event)
    assert (name, version) == ("entry-corrected", 1)
    stored = {"name": "plan-step-reached", "schema": 1, "body": {"step": "a"}}
    assert json.loads(body)["event"] == stored


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (PlanStepReached(3), "step"),
        (PlanDrafted([]), "another type"),
        (AttendanceRecorded("s", float("nan")), "hours"),
        (paid(Decimal("NaN")), "another type"),
        (paid(Decimal("sNaN")), "InvalidOperation"),
        (PlanStepReached("\ud800"), "surrogates"),
        (EntryRetracted(True, Personal()), "entry"),
        (EntryCorrected(1, "text", date(2024, 1, 1)), "builtins.str"),
    ],
)
def test_what_could_not_be_read_again_is_not_stored(event: Any, said: str):
    with pytest.raises((UnstorableEvent, UnknownEvent), match=said):
        registered_events().encode(event)


def test_a_stored_body_of_another_shape_is_refused():
    with pytest.raises(UnreadableEvent, match=r"plan-step-reached\.v1 cannot be read"):
        registered_events().decode("plan-step-reached", 1, b'{"stepp": "a"}')
    with pytest.raises(UnreadableEvent, match=r"address-changed\.v1"):
        sample_names().decode("address-changed", 1, b'{"addres": "a"}')


def test_an_unknown_name_or_a_newer_shape_says_what_to_do():
    with pytest.raises(UnknownEvent, match="no event is registered under the name 'moved-house'"):
        registered_events().decode("moved-house", 1, b"{}")
    with pytest.raises(UnknownEvent, match=r"referral-made\.v2 is newer than this program"):
        registered_events().decode("referral-made", 2, b"{}")


def test_a_hole_in_the_chain_stops_the_start():
    names = EventNames()
    names.register(AddressChanged, version=3)
    names.upcaster("address-changed", 2)(dict)
    with pytest.raises(BrokenNames, match=r"address-changed\.v1 has no upcaster to version 2"):
        names.check()
    with pytest.raises(BrokenNames, match=r"address-changed\.v1"):
        open_log("sqlite://", names=names)


def test_an_upcaster_that_leads_nowhere_stops_the_start():
    names = EventNames()
    names.register(AddressChanged)
    names.upcaster("adress-changed", 1)(dict)
    names.upcaster("address-changed", 1)(dict)
    with pytest.raises(BrokenNames) as stopped:
        names.check()
    assert "no class has the name 'adress-changed'" in str(stopped.value)
    assert "register it as version 2" in str(stopped.value)


def test_two_upcasters_for_one_shape_are_refused():
    names = sample_names()
    with pytest.raises(BrokenNames, match=r"address-changed\.v1 has two upcasters"):
        names.upcaster("address-changed", 1)(dict)


def test_a_name_belongs_to_one_class():
    names = EventNames()
    names.register(AddressChanged)
    with pytest.raises(BrokenNames, match="belongs to"):
        names.register(EntryPutRight, name="address-changed")
    with pytest.raises(BrokenNames, match="already"):
        names.register(AddressChanged, name="moved-house")
    with pytest.raises(BrokenNames, match="count from 1"):
        names.register(EntryPutRight, version=0)
    with pytest.raises(BrokenNames, match="dataclass"):
        names.register(str)
    with pytest.raises(BrokenNames, match="2 classes"):
        names.register(EntryPutRight, AddressChanged, name="one")


def test_a_field_that_cannot_be_stored_stops_the_start():
    @dataclass(frozen=True, slots=True)
    class Odd:
        when: date | str

    names = EventNames()
    names.register(Odd)
    with pytest.raises(BrokenNames, match=r"Odd cannot be stored"):
        names.check()


def test_a_field_that_mixes_events_with_others_stops_the_start():
    names = EventNames()
    names.register(EntryPutRight)
    with pytest.raises(BrokenNames, match="mixes events with AddressChanged"):
        names.check()


def test_personal_fields_are_told_with_their_paths():
    assert personal_fields(PlanDrafted) == ("steps[].goal",)
    assert personal_fields(ReferralMade) == ("existing_plan", "need_definition")
    assert personal_fields(EntryCorrected) == ("reason",)
    assert personal_fields(PlanStepReached) == ()


def test_what_a_class_holds_is_looked_at_once_and_not_for_every_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = EventNames()
    names.register(AddressChanged, EntryPutRight, NoteTaken)
    events = (PRESENT, EntryPutRight(1, PRESENT), NoteTaken(Personal("calls at noon")))

    def told() -> list[tuple[bytes, bool]]:
        stored = [names.encode(event, lambda _field, text: text) for event in events]
        return [(body, names.opening(name, shape) is None) for name, shape, body in stored]

    first, looked = told(), list[Any]()
    monkeypatch.setattr(
        event_names,
        "event_fields",
        lambda cls, known: looked.append(cls) or event_fields(cls, known),
    )
    assert told() == first
    assert looked == []
