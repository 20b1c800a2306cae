from dataclasses import replace
from datetime import date

import pytest

from application.clients import change_contact_details, clients_of, register
from application.transact import Asked
from domain.client import ContactDetailsChanged, Particulars, age_on
from domain.entry import By, Personal
from domain.refusals import IllegalTransition, InvalidField

ASKED = Asked(By("case-worker", "kuopio"), date(2024, 3, 1))
AINO = Particulars(given_name="Aino", family_name="Virtanen", date_of_birth=date(1996, 5, 2))


def test_a_client_is_registered_and_read_back(log):
    register(clients_of(log), "c1", ASKED, AINO)
    client = clients_of(log).newest("client:c1")
    assert str(client.registered.family_name) == "Virtanen"
    assert client.registered.birth_year == 1996
    assert age_on(client, date(2024, 5, 2)) == 28


def test_registering_twice_records_once(log):
    clients = clients_of(log)
    register(clients, "c1", ASKED, AINO)
    assert register(clients, "c1", ASKED, AINO).entries == ()
    with pytest.raises(IllegalTransition):
        register(clients, "c1", ASKED, replace(AINO, given_name="Eino"))
    assert log.position() == 1


def test_contact_details_change_one_by_one(log):
    clients = clients_of(log)
    register(clients, "c1", ASKED, AINO)
    change_contact_details(clients, "c1", ASKED, phone="040 123", email="aino@example.fi")
    change_contact_details(clients, "c1", ASKED, phone="", address="Tori 1")
    client = clients_of(log).newest("client:c1")
    assert [str(d) for d in (client.address, client.phone, client.email)] == [
        "Tori 1",
        "",
        "aino@example.fi",
    ]
    assert log.load("client:c1")[-1].event == ContactDetailsChanged(
        Personal("Tori 1"), Personal("")
    )


def test_a_refused_client_leaves_nothing(log):
    with pytest.raises(InvalidField):
        register(clients_of(log), "c1", ASKED, Particulars())
    with pytest.raises(InvalidField, match="client: "):
        register(clients_of(log), "c 1", ASKED, AINO)
    assert log.position() == 0
