"""What acts on journeys have to do with their clients: what is known of them, who was erased."""

from collections.abc import Callable
from datetime import date

from application.acts import named
from application.office import KIND, Office
from application.transact import Leaning
from domain.client import Client, age_on
from domain.definition import Facts, FactValue
from domain.journey import referral
from domain.journey.act import Act, Events
from domain.journey.ending import goes_on_for, told_after_the_end
from domain.journey.history import History, told_why_of
from domain.refusals import IllegalTransition
from domain.wording import said


def client_of(office: Office, journey: str) -> str:
    """Return whose a journey is, under the id it was referred under; empty where it is nobody's."""
    return office.histories.newest(named(KIND, journey)).journey.client


def with_register(facts_of: Callable[[str, date], Facts]) -> Callable[..., Events]:
    """Return the decision on eligibility; `facts_of` a client on a day come from the register."""

    def assess_eligibility(history: History, act: Act, *, given: Facts | None = None) -> Events:
        stated = {**facts_of(history.journey.client, act.on), **(given or {})}
        return referral.assess_eligibility(history, act, given=stated)

    return assess_eligibility


def facts_of_register(office: Office, client: str, day: date) -> dict[str, FactValue]:
    """Return the facts that the register knows of a client on the day."""
    return facts_known(office.clients.newest(named("client", client)), day) if client else {}


def facts_known(client: Client, day: date) -> dict[str, FactValue]:
    """Return the facts that a client's particulars tell on the day."""
    facts: dict[str, FactValue] = {"age": age_on(client, day)}
    if client.registered is not None:
        facts["municipality"] = client.registered.municipality
    return {name: value for name, value in facts.items() if value is not None}


def on_clients(
    office: Office, history: History, events: Events, known: dict[str, Client] | None = None
) -> Leaning:
    """Return the streams of the clients who must not be erased when the events are recorded.

    Raises IllegalTransition where a journey of an erased client would begin, or go on again. Nor is
    anything told of such a client in words: what is recorded after an erasure would lie under keys
    that it has not destroyed. `known` are clients who were asked for already, and takes more.
    """
    known = {} if known is None else known

    def is_erased(client: str) -> bool:
        if client not in known:
            known[client] = office.clients.newest(named("client", client))
        return known[client].keeping.erased

    for event in events:
        client = goes_on_for(history, event)
        if client and is_erased(client):
            raise IllegalTransition(
                state=said("the data of client {client} was erased", client=client),
                act=said("begin or reopen a journey"),
                missing=said("register the person under a new id, and refer that client"),
            )
        for one in told_after_the_end(history, event):
            if is_erased(one):
                raise IllegalTransition(
                    state=said("the data of client {client} was erased", client=one),
                    act=said("record what tells of the client in words"),
                    missing=said(
                        "leave out what tells of the client in words, or leave the history as it is"
                    ),
                )
    return tuple((named("client", one), state.version) for one, state in known.items())


def spoken_of(history: History, events: Events) -> str | None:
    """Return the stream of the client of whom it is told why a referral is put right."""
    told_of = (told_why_of(history, event) for event in events)
    return next((named("client", one) for one in told_of if one is not None), None)
