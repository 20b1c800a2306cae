"""The client's own copy: all that is held about one person, in words and as it is stored.

It is the answer to the right of access (article 15 of the General Data Protection Regulation): the
entries of the client and of every journey, with both clocks, who recorded each and where it came
from; what organisations recorded of seats and openings; what the client has consented to; who has
read the data, on which ground, and what left for other organisations; and who opened a journey out
of scope, and why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from enum import Enum
from typing import Any

from application.accesses import LookUp, Opened, Wanted, of_person, openings, readings
from application.acts import named
from application.case_file import see
from application.erasing import tells_of_alone
from application.journey_clients import client_of
from application.local_time import zone_in, zones_of
from application.named_organisations import named_organisations
from application.office import KIND, Office, country_of, journey_of
from application.own_journey import (
    clients_at,
    told_by_mistake,
    without_another,
    without_others,
)
from application.permissions import Way, way_to
from application.ports import TextNotReadable
from application.reading_grounds import Grounds
from application.same_person import ids_of
from application.scope import Role, Scope
from application.sentences.persons import client_said
from application.told_by_organisations import told_by_organisations
from domain.access import Reading
from domain.client import Client, fold
from domain.consent import Consent
from domain.data_kinds import data_kind, named_client
from domain.entry import Entry, Personal, event_name
from domain.wording import ENGLISH, Tongue, in_language, titled


@dataclass(frozen=True, slots=True)
class EntryCopied:
    """One entry as it is held: in words where it is of a journey, and field by field.

    `source` says where an imported one came from, field by field too.
    """

    version: int
    position: int
    kind: str
    data_kind: str | None
    sentence: str
    occurred_on: date
    recorded_at: datetime
    person: str
    organisation: str
    source: Mapping[str, Any] | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JourneyCopied:
    """A journey with every entry in the order recorded, and when it was opened out of scope.

    Of one that was said to be the client's by mistake, what tells of the client.
    """

    journey: str
    programme: str
    entries: tuple[EntryCopied, ...]
    openings: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class ToldCopied:
    """What an organisation recorded of the client; `about` is the offering or need it is of."""

    organisation: str
    about: Mapping[str, Any] | None
    entry: EntryCopied


@dataclass(frozen=True, slots=True)
class ReadingCopied:
    """One reading, with its ground in words."""

    reading: Reading
    ground: str


@dataclass(frozen=True, slots=True)
class IdCopied:
    """All that is held in the client's own stream under one id."""

    client: str
    state: Client
    entries: tuple[EntryCopied, ...]


@dataclass(frozen=True, slots=True)
class SubjectCopy:
    """All that is held about a client; `others` counts journeys that who asked may not copy.

    `unread` counts journeys that are missing because they cannot be read, or a text of them cannot.
    `by_mistake` are other people's, which were said to be the client's.

    `client`, `state` and `entries` are of the id that the person goes by, `merged` those of other
    ids of the same person. `zone` is where the client reads a clock: where the programme of the
    newest journey is run, or where the organisation is that registered the client; UTC where
    nobody knows. `names` are what organisations are called, by their codes, for who reads a page.
    """

    client: str
    made_at: datetime
    state: Client
    entries: tuple[EntryCopied, ...]
    merged: tuple[IdCopied, ...]
    journeys: tuple[JourneyCopied, ...]
    by_mistake: tuple[JourneyCopied, ...]
    by_organisations: tuple[ToldCopied, ...]
    others: int
    unread: int
    readings: tuple[ReadingCopied, ...]
    zone: tzinfo = UTC
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def organisations(self) -> set[str]:
        """The codes of organisations that a page names."""
        ways = (*self.journeys, *self.by_mistake)
        entries = (
            *self.entries,
            *(entry for one in self.merged for entry in one.entries),
            *(entry for way in ways for entry in way.entries),
            *(one.entry for one in self.by_organisations),
        )
        states = (self.state, *(one.state for one in self.merged))
        found = {
            *(entry.organisation for entry in entries),
            *(opened.by.organisation for way in ways for opened in way.openings),
            *(one.organisation for one in self.consents),
            *(one.organisation for one in self.by_organisations),
            *(one.reading.organisation for one in self.readings),
            *(state.registered.municipality for state in states if state.registered),
        }
        return {code for code in found if code}

    @property
    def consents(self) -> tuple[Consent, ...]:
        """The consents under every id, those that were withdrawn included."""
        return (*self.state.consents, *(own for one in self.merged for own in one.state.consents))


def subject_copy(
    office: Office,
    client: str,
    journeys: Iterable[str],
    look_up: LookUp,
    *,
    scope: Scope | None = None,
    tongue: Tongue = ENGLISH,
) -> SubjectCopy:
    """Return the copy of all that is held about a client, sentences in a language.

    Where the client was merged, it is that of the person, under all ids. `journeys` are all of the
    client's, under every id, those whose referral was retracted too; where `scope` is given, those
    alone are copied that the person may see whole. `look_up` finds where readings are noted; who
    serves the client is told none under a journey that is the client's no more.
    """
    ids = ids_of(office.clients, client)
    surviving, *others = (_of_id(office, one, ids, tongue) for one in ids)
    # Who lists them may not know yet that one is another's by now.
    readable, unread = _readable(office, journeys)
    own = sorted(one for one in readable if client_of(office, one) in {"", *ids})
    covered = _covered(office, ids, own, unread, scope)
    copied = [_journey(office, one, ids, tongue) for one in covered.journeys]
    mistaken = [_journey(office, one, ids, tongue, by_mistake=True) for one in covered.by_mistake]
    copy = SubjectCopy(
        client=surviving.client,
        made_at=office.log.now(),
        state=surviving.state,
        entries=surviving.entries,
        merged=tuple(others),
        journeys=tuple(one for one in copied if one is not None),
        by_mistake=tuple(one for one in mistaken if one is not None),
        by_organisations=_by_organisations(office, ids, covered, tongue),
        others=len(covered.hidden),
        unread=covered.unread + (copied + mistaken).count(None),
        readings=_readings(office, client, look_up, covered, tongue),
        zone=_zone(office, surviving.state, covered.journeys),
    )
    told = (*covered.journeys, *covered.by_mistake)
    names = named_organisations(office, copy.organisations, told, tongue)
    return replace(copy, names=names)


def _readable(office: Office, journeys: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return those of the journeys that can be read to the end, and the others."""
    streams = {one: named(KIND, one) for one in journeys}
    found = office.histories.readable_of(streams.values())
    readable = [one for one, stream in streams.items() if stream in found]
    return readable, [one for one, stream in streams.items() if stream not in found]


def _zone(office: Office, client: Client, journeys: Iterable[str]) -> tzinfo:
    found = (office.histories.newest(named(KIND, journey)) for journey in journeys)
    newest = sorted(found, key=lambda one: one.entries[-1].position if one.entries else 0)
    for history in reversed(newest):
        programme = (journey_of(history) or ("", 0))[0]
        zone = zone_in(country_of(office, programme, history.entries))
        if zone is not None:
            return zone
    return zones_of(office.programmes).get(client.registered_by or "", UTC)


@dataclass(frozen=True, slots=True)
class _Covered:
    """Of the journeys that tell of a person, which are copied, and which are hidden.

    `own`: what was recorded beside a journey is told of these alone; None: of all but the hidden.
    `unread` is how many cannot be read.
    """

    journeys: Sequence[str]
    by_mistake: Sequence[str]
    hidden: Collection[str]
    own: Collection[str] | None
    unread: int

    def tells_beside(self, journey: str | None) -> bool:
        """Whether a reading or a seat is told that was for the journey, or for none."""
        if self.own is None:
            return journey not in self.hidden
        return journey is None or journey in self.own


def _covered(
    office: Office,
    ids: Sequence[str],
    every: Sequence[str],
    unread: Sequence[str],
    scope: Scope | None,
) -> _Covered:
    shown = [one for one in every if scope is None or may_copy(office, scope, one)]
    mistaken, lost = _readable(office, _told_by_mistake(office, ids, {*every, *unread}))
    hidden = {*every, *mistaken}.difference(shown)
    if scope is None or scope.role in {Role.CLIENT, Role.AUDITOR}:
        many = len({*unread, *lost})
        return _Covered(shown, mistaken, hidden.difference(mistaken), None, many)
    served = {one for one in shown if client_of(office, one) in ids}
    return _Covered(shown, (), hidden, served, len(unread))


def may_copy(office: Office, scope: Scope, journey: str) -> bool:
    """Whether the person may have the whole of a journey copied: the client's own or served.

    A client's own is one whose referral was retracted, too: it is held all the same.
    """
    if scope.role is Role.AUDITOR:
        return True
    found = office.histories.newest(named(KIND, journey)).journey
    if scope.role is Role.CLIENT and not found.client:
        return tells_of_alone(office, journey, scope.own_ids)
    return way_to(scope, journey, found) in {Way.OWN, Way.RESPONSIBLE}


def _of_id(office: Office, client: str, ids: Collection[str], tongue: Tongue) -> IdCopied:
    entries = office.log.load(named("client", client))
    told = (without_another(entry, ids) for entry in entries)
    copied = tuple(_copied(entry, event_said(entry.event, tongue)) for entry in told)
    return IdCopied(client, fold(entries), copied)


def _told_by_mistake(office: Office, ids: Sequence[str], own: Collection[str]) -> list[str]:
    """Return the journeys that tell of a person by name, and are not the person's own."""
    found = (stream.partition(":") for stream in office.log.telling_of(ids))
    return [journey for kind, _, journey in found if kind == KIND and journey not in own]


def _journey(
    office: Office,
    journey: str,
    ids: Collection[str],
    tongue: Tongue,
    *,
    by_mistake: bool = False,
) -> JourneyCopied | None:
    """Return a journey as it is copied; None where a text of it cannot be read."""
    try:
        return _whole_journey(office, journey, ids, tongue, by_mistake=by_mistake)
    except TextNotReadable:
        return None


def _whole_journey(
    office: Office, journey: str, ids: Collection[str], tongue: Tongue, *, by_mistake: bool
) -> JourneyCopied:
    seen = see(office, journey, tongue=tongue)
    told = map(without_others(seen.known, ids), seen.entries)
    own = seen.lines_of(told_by_mistake(seen.known, ids) if by_mistake else told)
    title = in_language(titled(seen.definition.title), tongue) if seen.definition else ""
    return JourneyCopied(
        journey,
        title or seen.journey.programme,
        tuple(_copied(line.entry, in_language(line.sentence, tongue)) for line in own),
        tuple(
            one
            for one in openings(office.log, journey=journey)
            if clients_at(seen.known, one.position) <= {*ids}
        ),
    )


def _by_organisations(
    office: Office, ids: Sequence[str], covered: _Covered, tongue: Tongue
) -> tuple[ToldCopied, ...]:
    return tuple(
        ToldCopied(
            one.organisation,
            as_held(one.about) if one.about else None,
            _copied(one.entry, event_said(one.entry.event, tongue)),
        )
        for one in told_by_organisations(office, ids, covered.journeys, covered.tells_beside)
    )


def _readings(
    office: Office, client: str, look_up: LookUp, covered: _Covered, tongue: Tongue
) -> tuple[ReadingCopied, ...]:
    wanted, grounds = of_person(office, Wanted(client=client)), Grounds(office.clients)
    return tuple(
        ReadingCopied(one, in_language(grounds.of(one), tongue))
        for one in readings(office.log, wanted, look_up)
        if covered.tells_beside(one.journey)
    )


def event_said(event: Any, tongue: Tongue) -> str:
    """Return what an entry of the client's own stream, or of an organisation's, is called.

    It begins as a sentence does, unless with the id of another: that stays as it is.
    """
    told, other = in_language(client_said(event), tongue), named_client(event)
    return told if other and told.startswith(other) else told[:1].upper() + told[1:]


def _copied(entry: Entry[Any], sentence: str) -> EntryCopied:
    kind = data_kind(entry.event)
    return EntryCopied(
        entry.version,
        entry.position,
        event_name(type(entry.event)),
        kind.value if kind else None,
        sentence,
        entry.occurred_on,
        entry.recorded_at,
        entry.by.person,
        entry.by.organisation,
        as_held(entry.source) if entry.source else None,
        as_held(entry.event),
    )


def as_held(value: Any) -> Any:  # noqa: PLR0911 - a line for each kind of value
    """Return a value field by field, in what JSON has; days and instants as in ISO 8601."""
    match value:
        case Personal():
            return value.text
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple() | list() | frozenset():
            return [as_held(one) for one in value]
        case Mapping():
            return {str(key): as_held(one) for key, one in value.items()}
        case str() | bool() | int() | float() | None:
            return value
        case _ if is_dataclass(value):
            return {own.name: as_held(getattr(value, own.name)) for own in fields(value)}
        case _:
            return str(value)


def as_json(copy: SubjectCopy) -> dict[str, Any]:
    """Return the copy as JSON has it."""
    return {
        "client": copy.client,
        "made_at": copy.made_at.isoformat(),
        **_held_of(copy.state),
        "consents": as_held(copy.state.consents),
        "entries": as_held(copy.entries),
        "merged": [
            {
                "client": one.client,
                **_held_of(one.state),
                "consents": as_held(one.state.consents),
                "entries": as_held(one.entries),
            }
            for one in copy.merged
        ],
        "journeys": as_held(copy.journeys),
        "journeys_by_mistake": as_held(copy.by_mistake),
        "by_organisations": as_held(copy.by_organisations),
        "journeys_elsewhere": copy.others,
        "journeys_unread": copy.unread,
        "readings": [as_held(one.reading) | {"ground": one.ground} for one in copy.readings],
    }


def _held_of(state: Client) -> dict[str, Any]:
    contact = {"address": state.address, "phone": state.phone, "email": state.email}
    return {"particulars": as_held(state.registered), "contact": as_held(contact)}
