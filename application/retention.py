"""What need not be kept any longer: by the retention of the programmes, and carrying it out.

A kind of a client's data is kept until its months after the end of the client's last journey are
over; of several journeys the one that keeps it longest counts. While a journey goes on, or where
the definition of one says nothing of the kind, it is kept. So is all of a client who was never
referred: no programme says how long, and only an erasure ends it. Clients who were merged are one
client here, with the journeys of all ids: what is due goes under each of them, or under none.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from application.acts import named
from application.erasing import (
    JourneysOf,
    disturbed,
    referred_by,
    refuse_if_any_is_held,
    streams_of,
    tells_of_alone,
    told_beside,
)
from application.office import KIND, Office
from application.ports import Destroying, LogWentOn, NotReadable
from application.programmes import NotPublished
from application.same_person import ids_of
from application.together import transact_together
from application.transact import TRIES, Asked, digest_of
from domain import erasure
from domain.calendar import add_months
from domain.client import Client
from domain.data_kinds import DataKind
from domain.definition import Definition
from domain.erasure import DataErased
from domain.journey.ending import ENDED
from domain.journey.events import ReferralDeclined
from domain.journey.state import Journey
from domain.refusals import IllegalTransition
from domain.wording import said

Journeys = Mapping[str, Sequence[str]]
"""The ids of the journeys of each client, by the client's id."""

TELLING_OF_OTHERS = frozenset({DataKind.COURSE, DataKind.IDENTITY})
"""The kinds in which a person's data tells of others: a referral put right, a merge split again."""

KindsLeft = Callable[[Sequence[str]], Collection[str]]
"""Which kinds of the personal data in streams have a key that is not destroyed."""


class Looked(NamedTuple):
    """What is looked up anew as each client's turn comes."""

    journeys_of: JourneysOf
    kinds_left: KindsLeft


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of a client's data whose time is over, or is held beyond it.

    `ended_on` is the day the deciding journey ended, `due_on` the first day on which the data need
    not be kept. `held_by` are the legal holds that stop it, `also` other ids of the same person.
    """

    client: str
    kind: str
    ended_on: date
    due_on: date
    programme: str
    definition_version: int
    basis: str
    journeys: tuple[str, ...]
    held_by: tuple[str, ...]
    also: tuple[str, ...] = ()


def of_anybody(office: Office, journeys: Journeys) -> frozenset[str]:
    """Return the journeys that cannot be read and are listed as nobody's, or not at all.

    Whose they are nobody knows: a person's data may have to be kept for one of them.
    """
    listed = {named(KIND, one) for client, own in journeys.items() if client for one in own}
    others = {*office.log.streams(f"{KIND}:")} - listed
    unread = others.difference(office.histories.readable_of(others))
    return frozenset(stream.removeprefix(f"{KIND}:") for stream in unread)


def due(
    office: Office,
    journeys: Journeys,
    as_at: date,
    left: KindsLeft,
    unread: Callable[[str], object] | None = None,
) -> Iterator[Due]:
    """Yield what is due by the day, person by person in the order of their ids, kind by kind.

    Of whom something cannot be read, nothing is due: `unread` is told of the client. Raises
    NotReadable where it is not given, and where that is a journey of nobody (`of_anybody`).

    What was erased is due again where more of the kind was recorded since: somebody was late.
    A journey whose referral was retracted goes with the others of whom it had referred, where that
    is nobody else's.
    """
    of_persons: dict[str, set[str]] = {}
    for client, own in journeys.items():
        for journey in own:
            for one in {client} if client else referred_by(office, journey):
                ids = ids_of(office.clients, one)
                if client or tells_of_alone(office, journey, ids):
                    of_persons.setdefault(ids[0], set()).add(journey)
    for person in sorted(of_persons):
        try:
            found = [*_due_of(office, person, sorted(of_persons[person]), as_at, left)]
        except NotReadable:
            if unread is None:
                raise
            unread(person)
        else:
            yield from found


def _due_of(
    office: Office, client: str, journeys: Sequence[str], day: date, left: KindsLeft
) -> Iterator[Due]:
    ids = ids_of(office.clients, client)
    kept = [office.clients.newest(named("client", one)).keeping for one in ids]
    ended = _ends(office, journeys)
    if all(one.erased for one in kept) or ended is None:
        return
    last = _last(ended, day)
    for kind in DataKind:
        found = _longest(kind, ended)
        if found is None or found[0] > day:
            continue
        gone = all(one.erased or one.gone_since(kind, last) for one in kept)
        if gone and kind not in left(streams_of(client, journeys, ids[1:])):
            continue
        until, journey, on, basis = found
        yield Due(
            client=client,
            kind=kind.value,
            ended_on=on,
            due_on=until,
            programme=journey.programme,
            definition_version=journey.definition_version,
            basis=basis,
            journeys=tuple(journeys),
            held_by=_held_by(office, ids, journeys, kind),
            also=ids[1:],
        )


Ended = tuple[Journey, Definition, date]
"""A journey that has ended, the definition that says how long it is kept, and the day it ended."""


def _ends(office: Office, journeys: Iterable[str]) -> list[Ended] | None:
    """Return how journeys ended; None where one goes on, or nobody has said how long it is kept.

    One whose referral was retracted decides nothing.
    """
    found: list[Ended] = []
    for one in journeys:
        journey = office.histories.newest(named("journey", one)).journey
        if journey.status not in ENDED:
            return None
        if journey.programme:
            definition = _definition(office, journey)
            if definition is None:
                return None
            on = journey.closing.on if journey.closing else _declined_on(office, one)
            found.append((journey, definition, on))
    return found


def _last(ended: Iterable[Ended], day: date) -> date:
    """Return the day the last journey ended; the given one where there is none."""
    return max((on for *_, on in ended), default=day)


def _longest(kind: DataKind, ended: Iterable[Ended]) -> tuple[date, Journey, date, str] | None:
    """Return until when a kind is kept, and by which journey; None: without an end."""
    found: tuple[date, Journey, date, str] | None = None
    for journey, definition, on in ended:
        rule = next((rule for rule in definition.retention if rule.kind == kind), None)
        if rule is None:
            return None
        until = add_months(on, rule.months)
        if found is None or until > found[0]:
            found = until, journey, on, rule.basis
    return found


def _declined_on(office: Office, journey_id: str) -> date:
    """Return the day on which the referral was declined: what puts an entry right ends nothing."""
    in_force = office.histories.newest(named("journey", journey_id)).in_force
    return max(one.occurred_on for one in in_force if isinstance(one.event, ReferralDeclined))


def _definition(office: Office, journey: Journey) -> Definition | None:
    try:
        return office.programmes.definition(journey.programme, journey.definition_version)
    except NotPublished:  # brought in from another system: nobody has said how long
        return None


def _held_by(
    office: Office, ids: Sequence[str], journeys: Sequence[str], kind: DataKind
) -> tuple[str, ...]:
    """Return the legal holds that stop the end of a kind: on others, too, of whom it tells."""
    beside = told_beside(office, ids, journeys) if kind in TELLING_OF_OTHERS else ()
    every = (office.clients.newest(named("client", one)) for one in (*ids, *beside))
    return tuple(hold.hold for one in every for hold in one.keeping.holds)


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What was erased of one client under one programme's retention."""

    client: str
    kinds: tuple[str, ...]
    programme: str
    basis: str
    journeys: tuple[str, ...]
    position: int


def carry_out(
    office: Office, dues: Iterable[Due], asked: Asked, as_at: date, look: Looked
) -> Iterator[CarriedOut]:
    """Erase what is due by the day, and yield what was done; what is held stays.

    Each client's turn asks again what is due, by the journeys as they are then: somebody may have
    referred the client since the list was made. The keys of the kinds are destroyed with an entry
    of the client's own stream. What is left in files is to be cleared afterwards, once for all.
    """
    free = (one for one in dues if not one.held_by)
    for _, some in groupby(free, key=lambda one: (one.client, _whose_rule(one))):
        done = _erased(office, [*some], asked, as_at, look)
        if done is not None:
            yield done


def _erased(
    office: Office, listed: Sequence[Due], asked: Asked, as_at: date, look: Looked
) -> CarriedOut | None:
    """Erase what is still due of what was listed of a client. Raises IllegalTransition."""
    for _ in range(TRIES):
        read_to = office.log.position()
        some = _still_due(office, listed, as_at, look)
        if not some:
            return None
        # A journey began, or a hold was placed, at this very moment: look once more.
        with suppress(LogWentOn, IllegalTransition):
            return _ended(office, some, asked, read_to, look.kinds_left)
    raise disturbed(said("erase what need not be kept any longer"))


def _still_due(office: Office, listed: Sequence[Due], as_at: date, look: Looked) -> list[Due]:
    """Return what of the listed is due by the journeys as they are now, and not held."""
    client = listed[0].client
    ids = ids_of(office.clients, client)
    journeys = sorted({one for name in ids for one in look.journeys_of(name)})
    wanted = {(one.kind, _whose_rule(one)) for one in listed}
    return [
        one
        for one in _due_of(office, client, journeys, as_at, look.kinds_left)
        if (one.kind, _whose_rule(one)) in wanted and not one.held_by
    ]


def _whose_rule(one: Due) -> tuple[str, int, str]:
    """Return by whose retention a kind is due: what an entry says of all its kinds together."""
    return one.programme, one.definition_version, one.basis


def _ended(
    office: Office, some: Sequence[Due], asked: Asked, read_to: int, left: KindsLeft
) -> CarriedOut | None:
    """Erase some kinds of one client that one rule ends; None where nothing is recorded of it.

    Raises LogWentOn, and IllegalTransition where a hold is in force.
    """
    first, kinds = some[0], tuple(one.kind for one in some)
    last = _last(_ends(office, first.journeys) or (), first.ended_on)
    streams = streams_of(first.client, first.journeys, first.also)
    event = DataErased(
        kinds, first.basis, first.programme, first.definition_version, first.journeys
    )

    ids = (first.client, *first.also)
    stream, *also = (named("client", one) for one in ids)
    beside = told_beside(office, ids, first.journeys)

    def decide(every: Mapping[str, Client]) -> Mapping[str, tuple[object, ...]]:
        if {*ids} != {*ids_of(office.clients, first.client)}:
            return {}  # merged or split since it was listed: the next run lists it anew
        if not TELLING_OF_OTHERS.isdisjoint(kinds):
            refuse_if_any_is_held(every, beside)
        states = {one: every[one] for one in (stream, *also)}
        kinds_left = left(streams)
        decided = {
            stream: erasure.end_keeping(state.keeping, event, last_ended_on=last, left=kinds_left)
            for stream, state in states.items()
        }
        if any(decided.values()):
            for state in states.values():
                erasure.refuse_if_held(state.keeping, erasure.END_KEEPING)
        return decided

    destroying = Destroying(streams, kinds, read_to, ids)
    digest = digest_of("end-keeping", first.client, kinds)
    leans_on = [*also, *(named("client", one) for one in beside)]
    done = transact_together(
        office.clients, stream, lambda _: leans_on, decide, asked, digest, destroying
    )
    if not done.entries:
        return None
    return CarriedOut(
        first.client, kinds, first.programme, first.basis, first.journeys, done.position
    )
