"""A client: the person served, in one stream, apart from the journeys he or she goes.

Order: events (stored formats: a change of shape needs a new version), state, evolve, decisions.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias, assert_never

from domain import erasure, same_person
from domain.calendar import whole_years
from domain.consent import (
    ConsentEvent,
    ConsentGiven,
    Consents,
    ConsentWithdrawn,
    give_consent,
    with_consent,
    withdraw_consent,
)
from domain.entry import Entry, Personal
from domain.erasure import (
    NOTHING_DECIDED,
    ClientErased,
    DataErased,
    ErasureEvent,
    Keeping,
    LegalHoldPlaced,
    LegalHoldReleased,
)
from domain.refusals import IllegalTransition, InvalidField
from domain.same_person import ALONE, ClientsMerged, ClientsSplit, MergeEvent, SamePerson
from domain.texts import check_text
from domain.wording import said

NOTHING_SAID = Personal()

# Events


@dataclass(frozen=True, slots=True)
class ClientRegistered:
    """A person became known as a client.

    `date_of_birth` holds an ISO 8601 day; `birth_year` is its coarse form, kept for evaluation.
    `local_id` is the person's id in the organisation's own system, `municipality` and `gender`
    are codes of the place, `language` is an ISO 639 code.
    """

    given_name: Personal = NOTHING_SAID
    family_name: Personal = NOTHING_SAID
    date_of_birth: Personal = NOTHING_SAID
    local_id: Personal = NOTHING_SAID
    municipality: str | None = None
    language: str | None = None
    gender: str | None = None
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class ContactDetailsChanged:
    """How to reach the client changed; what nothing is said of stays, an empty text ends it."""

    address: Personal = NOTHING_SAID
    phone: Personal = NOTHING_SAID
    email: Personal = NOTHING_SAID


ClientEvent: TypeAlias = (
    ClientRegistered | ContactDetailsChanged | ConsentEvent | ErasureEvent | MergeEvent
)

# State


@dataclass(frozen=True, slots=True)
class Client:
    """A client as the stream tells; `registered` is None before the person is known.

    `registered_by` is the organisation that registered the person, `position` the log's position
    of the newest entry. `same` are other ids of the same person.
    """

    version: int = 0
    registered: ClientRegistered | None = None
    registered_on: date | None = None
    registered_by: str | None = None
    address: Personal = NOTHING_SAID
    phone: Personal = NOTHING_SAID
    email: Personal = NOTHING_SAID
    position: int = 0
    keeping: Keeping = NOTHING_DECIDED
    consents: Consents = ()
    same: SamePerson = ALONE

    @property
    def nameless(self) -> bool:
        """Whether who the client is was erased: only the id is left."""
        return self.keeping.erased or "identity" in dict(self.keeping.gone)


UNKNOWN = Client()


def age_on(state: Client, day: date) -> int | None:
    """Return the client's age in whole years on the day; None where the birthday is not known."""
    born = state.registered.date_of_birth.text if state.registered else None
    return whole_years(date.fromisoformat(born), day) if born else None


# Evolve


def evolve(state: Client, entry: Entry[ClientEvent]) -> Client:
    """Return the client after one more entry. Total: every recorded history can be read."""
    state = replace(state, version=entry.version, position=entry.position)
    match entry.event:
        case ClientRegistered() as event:
            return replace(
                state,
                registered=event,
                registered_on=entry.occurred_on,
                registered_by=entry.by.organisation,
            )
        case ContactDetailsChanged() as event:
            return replace(
                state,
                address=_newest(state.address, event.address),
                phone=_newest(state.phone, event.phone),
                email=_newest(state.email, event.email),
            )
        case LegalHoldPlaced() | LegalHoldReleased() | ClientErased() | DataErased() as event:
            keeping = erasure.evolve(state.keeping, event, entry.occurred_on)
            return _without_what_goes(replace(state, keeping=keeping), event)
        case ConsentGiven() | ConsentWithdrawn() as event:
            return replace(state, consents=with_consent(state.consents, event, entry))
        case ClientsMerged() | ClientsSplit() as event:
            return replace(state, same=same_person.evolve(state.same, event))
        case never:
            assert_never(never)


def _without_what_goes(state: Client, event: ErasureEvent) -> Client:
    """Return the client without the texts whose keys an event destroys.

    Contact details may be told anew after their time was over: those stay, whatever comes next.
    """
    ended = event.kinds if isinstance(event, DataErased) else ()
    if isinstance(event, ClientErased) or "contact" in ended:
        state = replace(state, address=NOTHING_SAID, phone=NOTHING_SAID, email=NOTHING_SAID)
    if state.registered is None or not state.nameless:
        return state
    registered = replace(
        state.registered,
        given_name=NOTHING_SAID,
        family_name=NOTHING_SAID,
        date_of_birth=NOTHING_SAID,
        local_id=NOTHING_SAID,
    )
    return replace(state, registered=registered)


def fold(entries: Iterable[Entry[ClientEvent]], state: Client = UNKNOWN) -> Client:
    """Return the client after the entries, from `state` on."""
    for entry in entries:
        state = evolve(state, entry)
    return state


def _newest(before: Personal, said: Personal) -> Personal:
    return before if said == NOTHING_SAID else said


# Decisions


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said of a person who becomes a client; None where nobody asked or nobody knows.

    `birth_year` is for a person whose day of birth is not known.
    """

    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    local_id: str | None = None
    municipality: str | None = None
    language: str | None = None
    gender: str | None = None
    birth_year: int | None = None


def register(state: Client, particulars: Particulars, *, on: date) -> tuple[ClientEvent, ...]:
    """Register a person as a client on the day `on`; a name or a local id is needed.

    Raises InvalidField, and IllegalTransition where this id belongs to another person.
    """
    event = _registration(particulars, on)
    if state.nameless:
        raise IllegalTransition(
            state=said("who this client is was erased"),
            act=said("register the client"),
            missing=said("register the person under a new id"),
        )
    if state.registered is None:
        return (event,)
    if state.registered == event:
        return ()
    raise IllegalTransition(
        state=said("a client with other particulars is registered under this id"),
        act=said("register the client"),
        missing=said(
            "look the client up first, or register the other person under an id of their own"
        ),
    )


def change_contact_details(
    state: Client,
    *,
    address: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> tuple[ClientEvent, ...]:
    """Change how to reach the client: None leaves a detail as it is, an empty text ends it.

    Raises InvalidField for an e-mail address without an @ and a text that cannot stand as it is,
    and IllegalTransition for a person who is not registered, or whose id was merged into another:
    that one's details are the ones in use.
    """
    if state.registered is None:
        raise IllegalTransition(
            state=said("no client is registered under this id"),
            act=said("change the contact details"),
            missing=said("register the client first"),
        )
    if state.keeping.erased:
        raise IllegalTransition(
            state=said("the client's data was erased"),
            act=said("change the contact details"),
            missing=said("register the person under a new id"),
        )
    if state.same.into is not None:
        raise IllegalTransition(
            state=said("this client is merged into {into}", into=state.same.into),
            act=said("change the contact details"),
            missing=said("change those of {into}", into=state.same.into),
        )
    check_text("address", address, one_line=False)
    check_text("phone", phone, one_line=True)
    check_text("email", email, one_line=True)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise InvalidField("email", said("an e-mail address looks like name@example.org"))
    event = ContactDetailsChanged(
        address=_changed(state.address, address),
        phone=_changed(state.phone, phone),
        email=_changed(state.email, email),
    )
    return () if event == ContactDetailsChanged() else (event,)


def consent(state: Client, *, on: date, code: str, **fields: Any) -> tuple[ClientEvent, ...]:
    """Give or withdraw consent, as `code` says, on the day `on`.

    Raises IllegalTransition for a person who is not registered, and what the decisions raise.
    """
    if state.registered is None:
        raise IllegalTransition(
            state=said("no client is registered under this id"),
            act=said("record what the client consents to"),
            missing=said("register the client first"),
        )
    if code == "give-consent":
        return give_consent(state.consents, on=on, **fields)
    return withdraw_consent(state.consents, **fields)


def _changed(before: Personal, said: str | None) -> Personal:
    # Ending a detail that was never given changes nothing.
    return NOTHING_SAID if said is None or said == str(before) else Personal(said)


def _registration(said: Particulars, on: date) -> ClientRegistered:
    _check_known_by(said.given_name, said.family_name, said.local_id)
    for name in ("given_name", "family_name", "local_id", "municipality", "gender"):
        check_text(name, getattr(said, name), one_line=True)
    _check_language(said.language)
    born = said.date_of_birth
    return ClientRegistered(
        given_name=Personal(said.given_name),
        family_name=Personal(said.family_name),
        date_of_birth=Personal(born.isoformat() if born else None),
        local_id=Personal(said.local_id),
        municipality=said.municipality,
        language=said.language,
        gender=said.gender,
        birth_year=_birth_year(born, said.birth_year, on),
    )


def _check_known_by(*names: str | None) -> None:
    if not any(name and name.strip() for name in names):
        raise InvalidField(
            "family_name",
            said("a client needs a name or a local id, or nobody can find them again"),
        )


def _check_language(language: str | None) -> None:
    if language is not None and not re.fullmatch(r"[a-z]{2,3}", language):
        raise InvalidField(
            "language",
            said("{language!r} is no ISO 639 code, such as fi, sv, it or en", language=language),
        )


def _birth_year(born: date | None, year: int | None, on: date) -> int | None:
    if born is not None and born > on:
        raise InvalidField(
            "date_of_birth", said("the day lies after the registration on {on}", on=on)
        )
    if born is not None and year not in (None, born.year):
        raise InvalidField(
            "birth_year",
            said("it is not the year of the date of birth: give one of the two, or both alike"),
        )
    year = born.year if born else year
    if year is not None and not 1880 <= year <= on.year:
        raise InvalidField(
            "birth_year", said("the year must lie between 1880 and {last}", last=on.year)
        )
    return year
