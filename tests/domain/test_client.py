from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.client import (
    UNKNOWN,
    Client,
    ClientEvent,
    ClientRegistered,
    ContactDetailsChanged,
    Particulars,
    age_on,
    change_contact_details,
    fold,
    register,
)
from domain.entry import By, Personal
from domain.erasure import (
    ClientErased,
    DataErased,
    LegalHoldPlaced,
    LegalHoldReleased,
    place_hold,
    refuse_if_held,
)
from domain.refusals import IllegalTransition, InvalidField
from tests.domain.streams import DAY, entries, histories

AINO = Particulars(
    given_name="Aino",
    family_name="Virtanen",
    date_of_birth=date(1996, 2, 29),
    municipality="491",
    language="fi",
)


APPEAL = "R 25/117", Personal("an appeal")


def registered(said: Particulars = AINO) -> Client:
    return fold(entries(*register(UNKNOWN, said, on=DAY)))


def test_a_registered_client_keeps_a_coarse_birth_year_beside_what_can_be_sealed():
    (event,) = register(UNKNOWN, AINO, on=DAY)
    assert event == ClientRegistered(
        given_name=Personal("Aino"),
        family_name=Personal("Virtanen"),
        date_of_birth=Personal("1996-02-29"),
        municipality="491",
        language="fi",
        birth_year=1996,
    )


def test_registration_is_dated_by_the_day_it_happened():
    assert registered().registered_on == DAY
    assert registered().version == 1


def test_the_register_tells_which_organisation_registered_the_person():
    told = entries(*register(UNKNOWN, AINO, on=DAY))
    first = told[0]._replace(by=By("worker-1", "kuopio"), position=5)
    moved = first._replace(
        version=2,
        event=ContactDetailsChanged(phone=Personal("040")),
        by=By("worker-2", "oulu"),
        position=8,
    )
    assert UNKNOWN.registered_by is None
    assert (fold([first]).registered_by, fold([first]).position) == ("kuopio", 5)
    assert (fold([first, moved]).registered_by, fold([first, moved]).position) == ("kuopio", 8)


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2024, 2, 28), 27), (date(2024, 2, 29), 28), (date(2025, 2, 28), 29)],
)
def test_age_on_a_day_counts_whole_years(day: date, age: int):
    assert age_on(registered(), day) == age


def test_age_is_unknown_where_the_birthday_is_not_known():
    assert age_on(registered(Particulars(local_id="77", birth_year=1980)), DAY) is None
    assert age_on(UNKNOWN, DAY) is None


def test_registering_the_same_person_again_records_nothing():
    assert register(registered(), AINO, on=date(2024, 5, 1)) == ()


def test_registering_another_person_under_the_id_is_refused():
    with pytest.raises(IllegalTransition, match="under an id of their own") as refused:
        register(registered(), replace(AINO, given_name="Eino"), on=DAY)
    assert refused.value.act == "register the client"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Particulars(), "family_name"),
        (Particulars(given_name="  "), "family_name"),
        (replace(AINO, date_of_birth=date(2024, 3, 2)), "date_of_birth"),
        (replace(AINO, birth_year=1997), "birth_year"),
        (Particulars(local_id="77", birth_year=1879), "birth_year"),
        (Particulars(local_id="77", birth_year=2025), "birth_year"),
        (replace(AINO, language="Finnish"), "language"),
    ],
)
def test_a_bad_value_is_named(said: Particulars, field: str):
    with pytest.raises(InvalidField) as bad:
        register(UNKNOWN, said, on=DAY)
    assert bad.value.field == field
    assert str(bad.value).startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        (replace(AINO, date_of_birth=date(2024, 3, 2)), "2024-03-02"),
        (replace(AINO, birth_year=1997), "1996"),
        (replace(AINO, birth_year=1997), "1997"),
        (Particulars(local_id="77", birth_year=1879), "1879"),
    ],
)
def test_when_somebody_was_born_is_not_repeated_in_a_message(said: Particulars, typed: str):
    with pytest.raises(InvalidField) as bad:
        register(UNKNOWN, said, on=DAY)
    assert typed not in str(bad.value)


def test_a_contact_detail_that_nothing_is_said_of_stays():
    first = ContactDetailsChanged(phone=Personal("040 123"), email=Personal("aino@example.fi"))
    (second,) = change_contact_details(registered(), phone="050 456")
    client = fold(entries(*register(UNKNOWN, AINO, on=DAY), first, second))
    assert (client.phone.text, client.email.text) == ("050 456", "aino@example.fi")


def test_an_empty_text_ends_a_contact_detail():
    known = fold(entries(ContactDetailsChanged(phone=Personal("040 123"))), registered())
    (event,) = change_contact_details(known, phone="")
    assert str(fold(entries(event), known).phone) == ""
    assert change_contact_details(fold(entries(event), known), phone="") == ()


def test_contact_details_told_anew_after_their_time_was_over_stay_until_they_are_erased():
    before, anew = (ContactDetailsChanged(phone=Personal(said)) for said in ("040", "050"))
    over = DataErased(("contact",), "basis", "trial", 1, ())
    hold = LegalHoldPlaced("h-1", "R 25/117", Personal("an appeal"))
    released, plan_over = (
        LegalHoldReleased("h-1", Personal("decided")),
        replace(over, kinds=("plan",)),
    )
    told = (*register(UNKNOWN, AINO, on=DAY), before, over)
    assert fold(entries(*told)).phone == Personal()
    for since in ((), (hold,), (hold, released), (plan_over,)):
        assert fold(entries(*told, anew, *since)).phone == Personal("050")
    for since in (over, ClientErased("gdpr-17-1-b", ())):
        assert fold(entries(*told, anew, since)).phone == Personal()


def test_contact_details_need_a_registered_client():
    with pytest.raises(IllegalTransition, match="register the client first"):
        change_contact_details(UNKNOWN, phone="040 123")


def test_an_email_without_an_at_sign_is_refused():
    with pytest.raises(InvalidField, match="email: "):
        change_contact_details(registered(), email="aino.example.fi")


DETAIL = st.none() | st.sampled_from(["", "x", "y"])


@given(address=DETAIL, phone=DETAIL, later=DETAIL)
def test_changing_contact_details_twice_records_once(address, phone, later):
    client = fold(entries(*change_contact_details(registered(), address=later)), registered())
    changed = fold(entries(*change_contact_details(client, address=address, phone=phone)), client)
    assert change_contact_details(changed, address=address, phone=phone) == ()


@given(history=histories(ClientEvent), cut=st.integers(0, 12))
def test_any_history_folds_and_pieces_equal_the_whole(history, cut):
    whole = fold(history)
    assert fold(history[cut:], fold(history[:cut])) == whole
    assert whole.version == len(history)


@pytest.mark.parametrize(
    ("basis", "reason"), [("R 25/200", "an appeal"), ("R 25/117", "another appeal")]
)
def test_a_hold_that_is_in_force_does_not_take_another_basis_or_reason_unsaid(basis, reason):
    held = fold(entries(ClientRegistered(), LegalHoldPlaced("h-1", *APPEAL))).keeping
    assert place_hold(held, hold="h-1", basis=APPEAL[0], reason=APPEAL[1]) == ()
    with pytest.raises(IllegalTransition, match="the same id stands for something else"):
        place_hold(held, hold="h-1", basis=basis, reason=Personal(reason))
    assert place_hold(held, hold="h-2", basis=basis, reason=Personal(reason))


@pytest.mark.parametrize(
    ("reason", "told"), [(None, "law"), ("", "law"), ("  ", "law"), ("an appeal", "law: an appeal")]
)
def test_a_hold_tells_its_reason_where_it_has_one(reason, told):
    held = fold(entries(ClientRegistered(), LegalHoldPlaced("h-1", "law", Personal(reason))))
    with pytest.raises(IllegalTransition) as refused:
        refuse_if_held(held.keeping, "erase the client")
    assert refused.value.state == f"the legal hold h-1 is in force ({told})"
