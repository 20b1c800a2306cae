"""The client's own copy: all that is held about one person, in words and as it is stored.

It is the answer to the right of access (article 15 of the General Data Protection Regulation): the
entries of the client and of every journey, with both clocks, who recorded each and where it came
from; what organisations recorded of seats and openings; what the client has consented to; who has
read the data, on which ground, and what left for other organisations; and who opened a journey out
of scope, and why.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

from application.accesses import LookUp, Wanted, of_person, openings, readings
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
from application.subject_copied import (
    IdCopied,
    JourneyCopied,
    ReadingCopied,
    SubjectCopy,
    ToldCopied,
    as_held,
    entry_copied,
)
from application.told_by_organisations import told_by_organisations
from domain.client import Client, fold
from domain.data_kinds import named_client
from domain.wording import ENGLISH, Tongue, in_language, titled


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
    copied = tuple(entry_copied(entry, event_said(entry.event, tongue)) for entry in told)
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
        tuple(entry_copied(line.entry, in_language(line.sentence, tongue)) for line in own),
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
            entry_copied(one.entry, event_said(one.entry.event, tongue)),
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
