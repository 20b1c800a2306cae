"""Readings that somebody should look into: a question put to what is recorded, not a judgement.

A reading is unusual where the journey was opened out of scope; at odd hours, where the programme is
run, or of no journey where the reader's organisation is; where the same person read of many clients
in a short time; and where the client may be the reader, or of the reader's family or household: a
name or an address that both have.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from application.accesses import LookUp, Wanted, readings
from application.acts import named
from application.local_time import zone_known, zones_of
from application.office import KIND, Office, journey_of
from application.permissions import Way
from application.programmes import NotPublished
from application.same_person import ids_of
from application.scope import Role
from application.views.register import folded_words
from domain.access import Reading
from domain.client import Client

MINUTES_OF_A_DAY = 24 * 60


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

    More than `clients` different ones within `minutes`, by one person, are many. The hour is that
    of the journey's programme; of no journey, that of the programme which names the reader's
    organisation; where neither is known, that of `time_zone`.
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


def unusual_of(
    office: Office,
    wanted: Wanted,
    usual: Thresholds,
    look_up: LookUp | None = None,
    *,
    head: int | None = None,
) -> Iterator[Unusual]:
    """Yield the unusual ones of the readings that are wanted, in the order of time.

    Whether they are of many clients hangs also on what the same persons read beside: of other
    clients, and just before the first day. `head`: of what the log had at this position.
    """
    found = list(readings(office.log, wanted, look_up, head=head))
    known, wide = frozenset(found), _beside(wanted, usual)
    if wide is None:
        return unusual(office, found, usual)
    persons = {one.person for one in found}
    beside = readings(office.log, wide, look_up, persons=persons, head=head)
    return unusual(office, found, usual, (one for one in beside if one not in known))


def _beside(wanted: Wanted, usual: Thresholds) -> Wanted | None:
    """Return what else is to be looked through: what the same persons may have read at that time.

    None: nothing, as everything is wanted.
    """
    since = wanted.since
    if since is not None:
        days = -(-usual.minutes // MINUTES_OF_A_DAY)
        since = date.fromordinal(max(since.toordinal() - days, 1))
    if wanted.client is not None or wanted.journey is not None:
        return replace(wanted, client=None, also=(), journey=None, since=since)
    return None if since is None else replace(wanted, since=since, until=wanted.since)


def unusual(
    office: Office,
    found: Iterable[Reading],
    usual: Thresholds,
    beside: Iterable[Reading] = (),
) -> Iterator[Unusual]:
    """Yield the unusual ones of the readings, in the order of time.

    `beside` are others, which count where many clients are read of, and are not told.
    """
    look = _Look(office, usual)
    every = [*((one, True) for one in found), *((one, False) for one in beside)]
    by_time = sorted(every, key=lambda each: each[0].at)
    for _, some in groupby(by_time, key=lambda each: each[0].at):
        at_once = list(some)  # an answer reads of all of its clients at one instant
        for reading, _is_told in at_once:
            look.count(reading)
        for reading, is_told in at_once:
            why = tuple(look.reasons(reading)) if is_told else ()
            if why:
                yield Unusual(reading, why)


_NOT_LOOKED_AT = frozenset({Role.CLIENT.value, Role.INTEGRATION.value})


@dataclass(slots=True)
class _Look:
    """Looks through readings in the order of time."""

    office: Office
    usual: Thresholds
    _zones: dict[str | None, ZoneInfo | None] = field(default_factory=dict)
    _places: Mapping[str, ZoneInfo] | None = None
    _recent: dict[tuple[str, str], deque[tuple[datetime, str]]] = field(default_factory=dict)
    _persons: dict[str, str] = field(default_factory=dict)

    def reasons(self, one: Reading) -> Iterator[Why]:
        """Yield why the reading is unusual."""
        if one.role in _NOT_LOOKED_AT:
            return
        if one.disclosed is not None and one.disclosed.ground == Way.OPENED.value:
            yield Why.OPENED
        if self._is_odd(one):
            yield Why.ODD_HOURS
        if self._are_many(one):
            yield Why.MANY_CLIENTS
        if one.client is not None:
            yield from self._own(one.person, one.client)

    def count(self, one: Reading) -> None:
        """Count a reading among those of many clients; who has several ids is one client."""
        if one.role in _NOT_LOOKED_AT or one.client is None:
            return
        if one.client not in self._persons:
            self._persons[one.client] = ids_of(self.office.clients, one.client)[0]
        recent = self._recent.setdefault(_reader(one), deque())
        recent.append((one.at, self._persons[one.client]))
        since = one.at - timedelta(minutes=self.usual.minutes)
        while recent[0][0] < since:
            recent.popleft()

    def _is_odd(self, one: Reading) -> bool:
        if one.journey not in self._zones:
            self._zones[one.journey] = self._zone(one.journey)
        zone = self._zones[one.journey] or self._place(one.organisation)
        hour = one.at.astimezone(zone).hour
        begins, ends = self.usual.begins, self.usual.ends
        if begins < ends:
            return not begins <= hour < ends
        return ends <= hour < begins

    def _zone(self, journey: str | None) -> ZoneInfo | None:
        """Return the time zone where a journey's programme is run; None where nobody knows it."""
        if journey is None:
            return None
        begun = journey_of(self.office.histories.newest(named(KIND, journey)))
        try:
            return begun and zone_known(self.office.programmes.definition(*begun))
        except NotPublished:  # brought in from another system
            return None

    def _place(self, organisation: str) -> ZoneInfo:
        """Return the time zone of a reader's organisation, as programmes name it."""
        if self._places is None:
            self._places = zones_of(self.office.programmes)
        return self._places.get(organisation) or ZoneInfo(self.usual.time_zone)

    def _are_many(self, one: Reading) -> bool:
        if one.client is None:
            return False
        recent = self._recent[_reader(one)]
        return len(recent) > self.usual.clients and (
            len({client for _, client in recent}) > self.usual.clients
        )

    def _own(self, person: str, client: str) -> Iterator[Why]:
        read, reader = self._known(client), self._known(person)
        called = [{*folded_words(person)}, *({*_given(one), *_family(one)} for one in reader)]
        if person == client or any(_is_called(one, words) for one in read for words in called):
            yield Why.OWN_NAME
        if not _addresses(read).isdisjoint(_addresses(reader)):
            yield Why.OWN_ADDRESS

    def _known(self, id_: str) -> list[Client]:
        """Return a person as a client, under every id that the person has by now.

        A worker may be one, under the id that identity tells.
        """
        newest = self.office.clients.newest
        return [newest(named("client", one)) for one in ids_of(self.office.clients, id_)]


def _reader(one: Reading) -> tuple[str, str]:
    return one.organisation, one.person


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


def _addresses(known: Iterable[Client]) -> set[tuple[str, ...]]:
    return {words for one in known if (words := folded_words(str(one.address)))}
