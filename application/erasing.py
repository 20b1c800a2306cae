"""Erasing a client, holding what must be kept, and the certificate of what was done.

An erasure is two steps. The first is one entry: in its transaction the keys of all the client's
personal data are destroyed and the client leaves the register, so from then on nobody can read it.
The second clears what is left of it in files (`Clear`), and can be done again if it was broken off.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from application.acts import named
from application.office import Office
from application.ports import Destroying, LogWentOn, NotReadable, Receipt
from application.same_person import ids_of, others_of
from application.together import transact_together
from application.transact import TRIES, Asked, digest_of, transact
from domain import erasure
from domain.client import Client
from domain.data_kinds import named_client
from domain.entry import By, Personal
from domain.erasure import ClientErased, DataErased
from domain.journey.ending import ENDED
from domain.journey.history import clients_referred
from domain.refusals import IllegalTransition
from domain.wording import Wording, said

JourneysOf = Callable[[str], Iterable[str]]
"""Finds a client's journeys; under "" those that are nobody's, for their referral was retracted."""

Guard = Callable[[Client], None]


def anybody(_: Client) -> None:
    """Let whoever runs the service erase a client."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared in files after keys were destroyed, and what may still be elsewhere.

    `keys` are how many keys of the client's are destroyed, by the kind of data.
    """

    keys: dict[str, int]
    cleared: tuple[str, ...]
    elsewhere: tuple[str, ...]


Left = Callable[[Sequence[str]], bool]
"""Whether keys of these streams are not destroyed."""

Clear = Callable[[Sequence[str]], Cleared]
"""Clears what is left of the data in these streams in files."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased of a client, when, by whom, on which ground, and what remains.

    `also` are other ids of the same person, which were merged and are erased with it. `kinds` are
    the kinds of data, None: all. `position` is that of the entry in the log.
    """

    client: str
    erased_at: datetime
    occurred_on: date
    by: By
    ground: str
    kinds: tuple[str, ...] | None
    journeys: tuple[str, ...]
    also: tuple[str, ...]
    position: int
    keys_destroyed: dict[str, int]
    cleared: tuple[str, ...]
    remains: tuple[str, ...]


REMAINS = (
    said(
        "the history under ids that name nobody: which acts, on which days, by which organisations"
    ),
    said("coded facts of that history, and the totals that are counted from it"),
    said("the sealed forms of the personal texts, which no key opens any more"),
)


def place_hold(
    office: Office, client: str, asked: Asked, *, hold: str, basis: str, reason: Personal
) -> Receipt:
    """Place a legal hold on a client's data. Raises InvalidField or IllegalTransition."""

    def decide(state: Client) -> tuple[object, ...]:
        _require_known(state)
        return erasure.place_hold(state.keeping, hold=hold, basis=basis, reason=reason)

    digest = digest_of("place-hold", client, hold, basis, reason)
    return transact(office.clients, named("client", client), decide, asked, digest)


def release_hold(
    office: Office, client: str, asked: Asked, *, hold: str, reason: Personal
) -> Receipt:
    """Release a legal hold. Raises IllegalTransition where there is none of that id."""
    return transact(
        office.clients,
        named("client", client),
        lambda state: erasure.release_hold(state.keeping, hold=hold, reason=reason),
        asked,
        digest_of("release-hold", client, hold, reason),
    )


def erase(
    office: Office,
    client: str,
    asked: Asked,
    *,
    ground: str,
    journeys_of: JourneysOf,
    left: Left,
    clear: Clear,
    guard: Guard = anybody,
) -> Certificate:
    """Erase a client, and return the certificate; again, what was begun or missed is finished.

    Where the client was merged, the person is erased: every id, with all that is held under it.
    Each time that `journeys_of` is asked, it tells what the log has by then. Where a journey of
    the client begins, goes on or becomes another's at that moment, it is decided anew. Raises
    InvalidField, and IllegalTransition under a legal hold (on another, too, of whom the client's
    data tells), for a client who is not known, or where a journey has not ended; what `guard`
    raises where the person may not, and VersionConflict.
    """
    if office.clients.newest(named("client", client)).keeping.erased:
        # The log forgot the requests with the client, and so cannot tell that this is one again.
        asked = replace(asked, key=None, expected_version=None)
    for _ in range(TRIES):
        try:
            more = _erased_anew(office, client, asked, ground, journeys_of, left, guard)
        except (_MergedMeanwhile, LogWentOn):
            continue  # nothing is recorded: list all of it again
        if not more:
            return certificate(office, client, clear)
        # It is decided: what others recorded at the same moment goes without asking again.
        asked, guard = replace(asked, key=None, expected_version=None), anybody
    raise disturbed(said("erase the client"))


def disturbed(act: Wording) -> IllegalTransition:
    """Return why an act on all of a client's data was given up: each time there was more."""
    return IllegalTransition(
        state=said("others record on this client's journeys at every moment"),
        act=act,
        missing=said("try again later"),
    )


class _MergedMeanwhile(Exception):
    """Somebody merged or split the client after the other ids were listed."""


def _erased_anew(
    office: Office,
    client: str,
    asked: Asked,
    ground: str,
    journeys_of: JourneysOf,
    left: Left,
    guard: Guard,
) -> bool:
    """Destroy the keys of the person and of all journeys; return whether to look for more.

    Raises _MergedMeanwhile and LogWentOn, where nothing is recorded, beside what `erase` raises.
    """
    read_to = office.log.position()
    others = others_of(office.clients, client)
    journeys = sorted({journey for one in (client, *others) for journey in journeys_of(one)})
    streams = streams_of(client, journeys, others)
    stream, also = named("client", client), [named("client", one) for one in others]

    beside = told_beside(office, (client, *others), journeys)

    def decide(every: Mapping[str, Client]) -> Mapping[str, tuple[object, ...]]:
        if {*others} != {*others_of(office.clients, client)}:
            raise _MergedMeanwhile
        states = {one: every[one] for one in (stream, *also)}
        guard(states[stream])
        _require_known(states[stream])
        if not states[stream].keeping.erased:
            refuse_if_any_is_held(every, beside)
        going = [journey for journey in journeys if not _has_ended(office, journey)]
        there = left(streams) or not {*journeys} <= _named(office, client)
        return {
            one: erasure.erase(
                state.keeping, ground=ground, journeys=journeys, not_ended=going, left=there
            )
            for one, state in states.items()
        }

    destroying = Destroying(streams, read_to=read_to, clients=(client, *others))
    digest = digest_of("erase", client, ground)
    leans_on = [*also, *(named("client", one) for one in beside)]
    done = transact_together(
        office.clients, stream, lambda _: leans_on, decide, asked, digest, destroying
    )
    return bool(done.entries)


def _named(office: Office, client: str) -> set[str]:
    """Return the journeys that erasures of the client have named."""
    events = (entry.event for entry in office.log.load(named("client", client)))
    return {one for event in events if isinstance(event, ClientErased) for one in event.journeys}


def certificate(office: Office, client: str, clear: Clear) -> Certificate:
    """Clear what is left of a client who was erased, and say what was done.

    Raises IllegalTransition where nothing of the client was erased.
    """
    for entry in reversed(office.log.load(named("client", client))):
        event = entry.event
        if isinstance(event, ClientErased | DataErased):
            others = others_of(office.clients, client)
            done = clear(streams_of(client, event.journeys, others))
            return Certificate(
                client=client,
                erased_at=entry.recorded_at,
                occurred_on=entry.occurred_on,
                by=entry.by,
                ground=event.ground if isinstance(event, ClientErased) else event.basis,
                kinds=event.kinds if isinstance(event, DataErased) else None,
                journeys=event.journeys,
                also=others,
                position=entry.position,
                keys_destroyed=done.keys,
                cleared=done.cleared,
                remains=(*REMAINS, *done.elsewhere),
            )
    raise IllegalTransition(
        state=said("nothing of this client was erased"),
        act=said("give a certificate"),
        missing=said("erase the client first"),
    )


def with_retracted(office: Office, journeys_of: JourneysOf, *, strict: bool = True) -> JourneysOf:
    """Return a look-up that also finds a client's journeys whose referral was retracted.

    They are nobody's in the lists, and what was told of the client there is held all the same. Of
    one that cannot be read nobody knows whose it was: raises NotReadable, unless not `strict`.
    """

    def tells(journey: str, ids: Collection[str]) -> bool:
        try:
            return tells_of_alone(office, journey, ids)
        except NotReadable:
            if strict:
                raise
            return False

    def every(client: str) -> Iterable[str]:
        ids = ids_of(office.clients, client)
        yield from journeys_of(client)
        yield from (one for one in journeys_of("") if tells(one, ids))

    return every


def tells_of_alone(office: Office, journey: str, ids: Collection[str]) -> bool:
    """Whether a journey's referrals name a person by these ids, and nobody else who is there.

    Where one turned out to be another's, what was told with the first goes by a key of its own;
    the rest is not taken from the other, who may be served or held.
    """
    named_there = referred_by(office, journey)
    others = named_there.difference(ids)
    return not named_there.isdisjoint(ids) and all(
        office.clients.newest(named("client", one)).keeping.erased for one in others
    )


def referred_by(office: Office, journey: str) -> frozenset[str]:
    """Return the clients whom any entry of a journey refers, one that was retracted too."""
    return clients_referred(office.histories.newest(named("journey", journey)).entries)


def told_beside(office: Office, ids: Sequence[str], journeys: Iterable[str]) -> tuple[str, ...]:
    """Return every id of others who are told of in a person's streams, and would lose that.

    They are those whose the person's journeys were said to be, and who was once merged with them.
    """
    merges = (named_client(x.event) for one in ids for x in office.log.load(named("client", one)))
    found = {one for one in merges if one is not None}.union(
        *(referred_by(office, journey) for journey in journeys)
    )
    every = {one for other in found for one in ids_of(office.clients, other)}
    return tuple(sorted(every.difference(ids)))


def refuse_if_any_is_held(every: Mapping[str, Client], beside: Iterable[str]) -> None:
    """Raise IllegalTransition where one of `told_beside` is under a legal hold; by their ids."""
    for client in beside:
        erasure.refuse_if_another_is_held(every[named("client", client)].keeping, client)


def streams_of(client: str, journeys: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the streams that a client's personal data is in; `others` are other ids."""
    of_journeys = [f"{kind}:{journey}" for journey in journeys for kind in ("journey", "access")]
    return (*(named("client", one) for one in (client, *others)), *of_journeys)


def _has_ended(office: Office, journey: str) -> bool:
    return office.histories.newest(named("journey", journey)).journey.status in ENDED


def _require_known(state: Client) -> None:
    if not state.version:
        raise IllegalTransition(
            state=said("no client is known under this id"),
            act=said("decide on the client's data"),
            missing=said("look the client up first"),
        )
