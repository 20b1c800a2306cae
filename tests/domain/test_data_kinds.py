from datetime import date
from typing import get_args

from domain.client import ClientEvent
from domain.data_kinds import KIND_OF, DataKind, data_kind
from domain.entry import Personal
from domain.journey import events as e


def test_every_event_about_a_person_is_of_a_kind() -> None:
    about = {*get_args(e.JourneyEvent), *get_args(ClientEvent)} - {e.EntryCorrected}
    assert about == set(KIND_OF)
    assert set(KIND_OF.values()) == set(DataKind)


def test_a_correction_is_of_the_kind_of_what_it_corrects() -> None:
    said = e.ServiceStarted("s-1", "work-try-out")
    corrected = e.EntryCorrected(3, said, date(2024, 2, 29), Personal("a slip"))
    assert data_kind(corrected) is data_kind(said) is DataKind.SERVICES


def test_what_is_about_nobody_is_of_no_kind() -> None:
    assert data_kind(object()) is None
