"""Readings that somebody should look into: a question put to what is recorded, not a judgement.

A reading is unusual where the journey was opened out of scope; at odd hours, where the programme is
run; where the same person read of many clients in a short time; and where the client may be the
reader, or of the reader's family or household: a name or an address that both have.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from application.accesses import zone_at
from application.acts import named
from application.journeys import KIND, Office
from application.permissions import Way
from application.scope import Role
from application.views.register import folded_words
from domain.access import Reading
from domain.client import Client


class Why(StrEnum):
    """Why a reading is unusual."""

    OPENED = "opened-out-of-scope"
    ODD_HOURS = "odd-hours"
    MANY_CLIENTS = "many-clients"
    OWN_NAME = "own-name"
    OWN_ADDRESS = "own-address"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is usual: hours of the day from `begins` (included) until `ends` (excluded).

    Where the day ends before it begins, as for a night duty, it goes on past midnight.

    More than `clients` different ones within `minutes`, by one person, are many. `time_zone` is for
    readings of no journey; others are in the zone of the journey's programme.
    """

    begins: int = 6
    ends: int = 20
    clients: int = 300
    minutes: int = 60
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Unusual:
    """A reading and why it is unusual."""

    reading: Reading
    why: tuple[Why, ...]


def unusual(office: Office, found: Iterable[Reading], usual: Thresholds) -> Iterator[Unusual]:
    """Yield the unusual ones of the readings, in the order of time."""
    look = _Look(office, usual)
    for reading in sorted(found, key=lambda one: one.at):
        why = tuple(look.reasons(reading))
        if why:
            yield Unusual(reading, why)


@dataclass(slots=True)
class _Look:
    """Looks through readings in the order of time."""

    office: Office
    usual: Thresholds
    _zones: dict[str | None, ZoneInfo] = field(default_factory=dict)
    _recent: dict[str, deque[tuple[datetime, str]]] = field(default_factory=dict)

    def reasons(self, one: Reading) -> Iterator[Why]:
        """Yield why the reading is unusual."""
        if one.role in {Role.CLIENT.value, Role.INTEGRATION.value}:
            return
        if one.disclosed is not None and one.disclosed.ground == Way.OPENED.value:
            yield Why.OPENED
        if self._is_odd(one):
            yield Why.ODD_HOURS
        if self._are_many(one):
            yield Why.MANY_CLIENTS
        if one.client is not None:
            yield from self._own(one.person, one.client)

    def _is_odd(self, one: Reading) -> bool:
        if one.journey not in self._zones:
            self._zones[one.journey] = self._zone(one.journey)
        hour = one.at.astimezone(self._zones[one.journey]).hour
        begins, ends = self.usual.begins, self.usual.ends
        if begins < ends:
            return not begins <= hour < ends
        return ends <= hour < begins

    def _zone(self, journey: str | None) -> ZoneInfo:
        if journey is None:
            return ZoneInfo(self.usual.time_zone)
        found = self.office.histories.newest(named(KIND, journey)).journey
        return zone_at(self.office, found) if found.programme else ZoneInfo(self.usual.time_zone)

    def _are_many(self, one: Reading) -> bool:
        if one.client is None:
            return False
        recent = self._recent.setdefault(f"{one.organisation} {one.person}", deque())
        recent.append((one.at, one.client))
        since = one.at - timedelta(minutes=self.usual.minutes)
        while recent[0][0] < since:
            recent.popleft()
        return len(recent) > self.usual.clients and (
            len({client for _, client in recent}) > self.usual.clients
        )

    def _own(self, person: str, client: str) -> Iterator[Why]:
        read, reader = self._known(client), self._known(person)
        called = {*folded_words(person)}, {*_given(reader), *_family(reader)}
        if person == client or any(_is_called(read, words) for words in called):
            yield Why.OWN_NAME
        if str(read.address).strip() and _same(str(read.address), str(reader.address)):
            yield Why.OWN_ADDRESS

    def _known(self, id_: str) -> Client:
        """Return a person as a client: a worker may be one, under the id that identity tells."""
        return self.office.clients.newest(named("client", id_))


def _given(client: Client) -> tuple[str, ...]:
    return folded_words(str(client.registered.given_name)) if client.registered else ()


def _family(client: Client) -> tuple[str, ...]:
    return folded_words(str(client.registered.family_name)) if client.registered else ()


def _is_called(client: Client, words: Collection[str]) -> bool:
    """Whether words may be the client's name: the family name, and a given one or its letter.

    Identities of workers often have the first letter alone: "e.niskanen".
    """
    given, family = _given(client), _family(client)
    either = {*given, *(name[0] for name in given)}
    return bool(family) and {*family} <= {*words} and not either.isdisjoint(words)


def _same(one: str, other: str) -> bool:
    return folded_words(one) == folded_words(other)
