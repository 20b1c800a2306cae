from datetime import date
from typing import get_args

from domain.client import ClientEvent
from domain.data_kinds import KIND_OF, DataKind, data_kind, named_client
from domain.entry import Personal
from domain.journey import events as e
from domain.same_person import ClientsMerged, ClientsSplit


def test_every_event_about_a_person_is_of_a_kind() -> None:
    about = {*get_args(e.JourneyEvent), *get_args(ClientEvent)} - {e.EntryCorrected}
    assert about == set(KIND_OF)
    assert set(KIND_OF.values()) == set(DataKind)


def test_a_correction_is_of_the_kind_of_what_it_corrects() -> None:
    said = e.ServiceStarted("s-1", "work-try-out")
    corrected = e.EntryCorrected(3, said, date(2024, 2, 29), Personal("a slip"))
    assert data_kind(corrected) is data_kind(said) is DataKind.SERVICES


def test_what_names_a_client_is_told_of_that_client_too() -> None:
    why = "gdpr-5-1-d", Personal("one passport")
    referred = e.ReferralMade("c-2", "ali", 1, "a", "b", "self-referral")
    assert named_client(ClientsMerged("c-2", True, *why)) == "c-2"
    assert named_client(ClientsSplit("c-2", *why)) == "c-2"
    assert named_client(referred) == "c-2"
    assert named_client(e.EntryCorrected(1, referred, None, Personal("a slip"))) == "c-2"
    assert named_client(e.ReferralAccepted()) is None


def test_what_is_about_nobody_is_of_no_kind() -> None:
    assert data_kind(object()) is None
