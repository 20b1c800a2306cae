"""Readings that somebody should look into: a question put to what is recorded, not a judgement.

A reading is unusual where the journey was opened out of scope; at odd hours, where the programme is
run, or of no journey where the reader's organisation is; where the same person read of many clients
in a short time; and where the client may be the reader, or of the reader's family or household: a
name or an address that both have.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from application.accesses import LookUp, Wanted, readings
from application.acts import named
from application.local_time import zone_known, zones_of
from application.office import KIND, Office, journey_of
from application.permissions import Way
from application.programmes import NotPublished
from application.scope import Role
from application.transact import Streams
from application.views.register import folded_words
from domain.access import Reading
from domain.client import Client
from domain.journey.history import History
from domain.same_person import SamePerson

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
    every = [*((one, True) for one in found), *((one, False) for one in beside)]
    by_time = sorted(every, key=lambda each: each[0].at)
    look = _Look(office, usual)
    look.look_up(by_time)
    for _, some in groupby(by_time, key=lambda each: each[0].at):
        at_once = list(some)  # an answer reads of all of its clients at one instant
        for reading, _is_told in at_once:
            look.count(reading)
        for reading, is_told in at_once:
            why = tuple(look.reasons(reading)) if is_told else ()
            if why:
                yield Unusual(reading, why)


_NOT_LOOKED_AT = frozenset({Role.CLIENT.value, Role.INTEGRATION.value})

AT_A_TIME = 500
"""Streams that are looked up at a time."""


class _Person(NamedTuple):
    """What is compared of somebody under one id: words of the names and of the address."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    address: tuple[str, ...]
    same: SamePerson


def _person(client: Client) -> _Person:
    registered = client.registered
    given = folded_words(str(registered.given_name)) if registered else ()
    family = folded_words(str(registered.family_name)) if registered else ()
    return _Person(given, family, folded_words(str(client.address)), client.same)


@dataclass(slots=True)
class _People:
    """Who is known under which ids, each looked up once: there are many more readings."""

    clients: Streams[Client]
    _told: dict[str, _Person] = field(default_factory=dict)

    def look_up(self, ids: Iterable[str]) -> None:
        """Look up what is not known yet, and under which other ids those are known."""
        while wanted := [one for one in dict.fromkeys(ids) if one not in self._told]:
            for some in _some_at_a_time(wanted):
                found = self.clients.newest_of(named("client", one) for one in some)
                self._told |= {one: _person(found[named("client", one)]) for one in some}
            ids = [other for one in wanted for other in self._others(one)]

    def _others(self, id_: str) -> tuple[str, ...]:
        same = self._told[id_].same
        return same.taken_in if same.into is None else (same.into,)

    def ids_of(self, id_: str) -> tuple[str, ...]:
        """Return every id of a person, the one that the person goes by first."""
        self.look_up([id_])
        first = self._told[id_].same.into or id_
        return (first, *self._told[first].same.taken_in)

    def of(self, id_: str) -> list[_Person]:
        """Return what is known of a person, under every id that the person has by now."""
        return [self._told[one] for one in self.ids_of(id_)]


@dataclass(slots=True)
class _Recent:
    """What one reader read of within the time that counts, and of whom how often."""

    read: deque[tuple[datetime, str]] = field(default_factory=deque)
    clients: Counter[str] = field(default_factory=Counter)

    def add(self, at: datetime, client: str, since: datetime) -> None:
        """Count a reading, and forget those from before an instant."""
        self.read.append((at, client))
        self.clients[client] += 1
        while self.read[0][0] < since:
            _, gone = self.read.popleft()
            self.clients[gone] -= 1
            if not self.clients[gone]:
                del self.clients[gone]


@dataclass(slots=True)
class _Look:
    """Looks through readings in the order of time."""

    office: Office
    usual: Thresholds
    _zones: dict[str, ZoneInfo | None] = field(default_factory=dict)
    _places: Mapping[str, ZoneInfo] | None = None
    _recent: dict[tuple[str, str], _Recent] = field(default_factory=dict)
    _owns: dict[tuple[str, str], tuple[Why, ...]] = field(default_factory=dict)
    _people: _People = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nobody known."""
        self._people = _People(self.office.clients)

    def look_up(self, every: Iterable[tuple[Reading, bool]]) -> None:
        """Look up together whom and what the readings are of: one by one it would take minutes."""
        looked_at = [one for one in every if one[0].role not in _NOT_LOOKED_AT]
        of_somebody = [each for each in looked_at if each[0].client is not None]
        clients = (one.client for one, _ in of_somebody if one.client is not None)
        readers = (one.person for one, is_told in of_somebody if is_told)
        self._people.look_up(chain(clients, readers))
        journeys = {one.journey for one, is_told in looked_at if is_told and one.journey}
        for some in _some_at_a_time(sorted(journeys)):
            found = self.office.histories.newest_of(named(KIND, one) for one in some)
            self._zones |= {one: self._zone(found[named(KIND, one)]) for one in some}

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
            pair = one.person, one.client
            if pair not in self._owns:
                self._owns[pair] = tuple(self._own(*pair))
            yield from self._owns[pair]

    def count(self, one: Reading) -> None:
        """Count a reading among those of many clients; who has several ids is one client."""
        if one.role in _NOT_LOOKED_AT or one.client is None:
            return
        since = one.at - timedelta(minutes=self.usual.minutes)
        client = self._people.ids_of(one.client)[0]
        self._recent.setdefault(_reader(one), _Recent()).add(one.at, client, since)

    def _is_odd(self, one: Reading) -> bool:
        zone = self._zones[one.journey] if one.journey else None
        hour = one.at.astimezone(zone or self._place(one.organisation)).hour
        begins, ends = self.usual.begins, self.usual.ends
        if begins < ends:
            return not begins <= hour < ends
        return ends <= hour < begins

    def _zone(self, found: History) -> ZoneInfo | None:
        """Return the time zone where a journey's programme is run; None where nobody knows it."""
        begun = journey_of(found)
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
        return len(self._recent[_reader(one)].clients) > self.usual.clients

    def _own(self, person: str, client: str) -> Iterator[Why]:
        read, reader = self._people.of(client), self._people.of(person)
        called = [{*folded_words(person)}, *({*one.given, *one.family} for one in reader)]
        if person == client or any(_is_called(one, words) for one in read for words in called):
            yield Why.OWN_NAME
        if not _addresses(read).isdisjoint(_addresses(reader)):
            yield Why.OWN_ADDRESS


def _some_at_a_time(every: Sequence[str]) -> Iterator[Sequence[str]]:
    return (every[at : at + AT_A_TIME] for at in range(0, len(every), AT_A_TIME))


def _reader(one: Reading) -> tuple[str, str]:
    return one.organisation, one.person


def _is_called(one: _Person, words: Collection[str]) -> bool:
    """Whether words may be the person's name: the family name, and a given one or its letter.

    Identities of workers often have the first letter alone: "e.niskanen".
    """
    either = {*one.given, *(name[0] for name in one.given)}
    return bool(one.family) and {*one.family} <= {*words} and not either.isdisjoint(words)


def _addresses(known: Iterable[_Person]) -> set[tuple[str, ...]]:
    return {one.address for one in known if one.address}
