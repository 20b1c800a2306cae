"""What organisations recorded of a client in their own streams: seats reserved, openings filled."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from application.office import Office
from domain.entry import Entry
from domain.organisation.events import (
    EmployerNeedFilled,
    EmployerNeedPublished,
    OfferingPublished,
    SeatReleased,
    SeatReserved,
)
from domain.organisation.state import Organisation

PREFIX = "organisation:"


@dataclass(frozen=True, slots=True)
class ToldByOrganisation:
    """An entry of an organisation's stream that is of a client, and the offering or need of it.

    `about` is None where nothing of that name was published.
    """

    organisation: str
    about: OfferingPublished | EmployerNeedPublished | None
    entry: Entry[Any]


def told_by_organisations(
    office: Office,
    ids: Collection[str],
    journeys: Collection[str],
    may_tell_under: Callable[[str | None], bool],
) -> Iterator[ToldByOrganisation]:
    """Yield what organisations recorded of who has the ids, organisation by organisation.

    These are seats for one of the ids, by the journey they are for, and openings that one of the
    `journeys` filled. Organisations are asked for at once; only streams that tell something of the
    client are read entry by entry.
    """
    streams = office.log.streams(PREFIX)
    known = office.organisations.newest_of(streams)
    for stream in streams:
        seats = {
            (seat.offering, seat.reference)
            for seat in _seats(known[stream])
            if seat.client in ids and may_tell_under(seat.journey)
        }
        if seats or not _filled(known[stream]).isdisjoint(journeys):
            yield from _of(office, stream, seats, journeys)


def _of(
    office: Office, stream: str, seats: Collection[tuple[str, str]], journeys: Collection[str]
) -> Iterator[ToldByOrganisation]:
    offerings: dict[str, OfferingPublished] = {}
    needs: dict[str, EmployerNeedPublished] = {}
    organisation = stream.removeprefix(PREFIX)
    for entry in office.log.load(stream):
        match entry.event:
            case OfferingPublished() as event:
                offerings[event.offering] = event
            case EmployerNeedPublished() as event:
                needs[event.need] = event
            case SeatReserved() | SeatReleased() as event:
                if (event.offering, event.reference) in seats:
                    yield ToldByOrganisation(organisation, offerings.get(event.offering), entry)
            case EmployerNeedFilled() as event if event.journey in journeys:
                yield ToldByOrganisation(organisation, needs.get(event.need), entry)


def _seats(known: Organisation) -> Iterator[SeatReserved]:
    return (seat for one in known.offerings.values() for seat in one.seats.values())


def _filled(known: Organisation) -> frozenset[str | None]:
    return frozenset(one.journey for need in known.needs.values() for one in need.filled.values())
