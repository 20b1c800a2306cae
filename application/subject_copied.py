"""What a client's own copy consists of, and how JSON has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import Enum
from typing import Any

from application.accesses import Opened
from domain.access import Reading
from domain.client import Client
from domain.consent import Consent
from domain.data_kinds import data_kind
from domain.entry import Entry, Personal, event_name


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


def entry_copied(entry: Entry[Any], sentence: str) -> EntryCopied:
    """Return an entry as it is held, with the sentence that says it."""
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
