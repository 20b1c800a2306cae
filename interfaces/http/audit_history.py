"""The history of a stream as an auditor reads it: all that was recorded, and what became of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from application.audit.history import Order, StreamKind, Traced, Trail, UnknownStream, trail
from application.of_whom import Read, beside_openings
from application.plainly import fields_of
from domain.data_kinds import named_client
from domain.entry import Entry, event_name
from domain.organisation.events import SeatReleased, SeatReserved
from domain.wording import said
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import SourceTold
from interfaces.http.journeys import source_told
from interfaces.http.paging import Place, link_next, place_of
from interfaces.http.problems import (
    UNKNOWN_CLIENT,
    UNKNOWN_ORGANISATION,
    UNKNOWN_PROGRAMME,
    UNKNOWN_REPORT,
    Problem,
)
from interfaces.http.reading import (
    ClientId,
    Code,
    Cursor,
    JourneyId,
    Limit,
    reach_entries,
    require,
    tongue_of,
)
from interfaces.http.reporting import ReportId

router = APIRouter(tags=["audit"])

QUESTION = "audit-history"


class UnderTold(Told):
    """The version of a definition that was in force on an entry's day, as it was known then."""

    programme: str
    """The code of the programme."""
    version: int
    """The number of the version."""


class TracedTold(Told):
    """An entry as it was recorded, and what became of it."""

    version: int
    """The number of the entry in its stream, from 1: the order in which it was recorded."""
    place: int
    """Its place, from 1, in the order in which it all happened."""
    position: int
    """Its place in the order of the whole log."""
    kind: str
    """What kind of event it is, such as intake-interview-held."""
    sentence: str
    """What it says, in the language that was asked for."""
    fields: dict[str, Any]
    """All that was recorded, field by field; texts that were erased say "(erased)"."""
    occurred_on: date
    """The day it happened, as it was recorded."""
    stands_on: date | None
    """The day it happened, by what is known now; null where it was retracted."""
    recorded_at: datetime
    """The instant (UTC) at which the log stored it."""
    known_at: datetime
    """The instant (UTC) from which it was known: what another system claims, else `recorded_at`."""
    person: str
    """Who recorded it, as identity tells."""
    organisation: str
    """For which organisation (its code)."""
    source: SourceTold | None
    """Where it was brought in from; null where somebody recorded it here."""
    correlation: str | None
    """The request that it came of; null where it came of none."""
    under: UnderTold | None
    """The definition that was in force for it; null where none was."""
    corrected_by: int | None
    """The entry (version) that corrected it, where that holds; else null."""
    retracted_by: int | None
    """The entry (version) that retracted it, where that holds; else null."""


class TrailTold(Told):
    """A page of the history of a stream."""

    kind: StreamKind
    """What it is the history of."""
    id: str
    """The id of what it is the history of."""
    version: int
    """How many entries there are."""
    order: Order
    """In which order they are told."""
    items: list[TracedTold]
    """A page of the entries."""
    next: str | None
    """The cursor of what follows; null at the end."""


class TrailQuery(Question):
    """In which order, and which page."""

    order: Order = Order.RECORDED
    """As it was recorded, or as it happened."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


Asked = Annotated[TrailQuery, Query()]


@router.get("/audit/journeys/{journey}/history", summary="All that was recorded of a journey")
def audit_journey(
    journey: JourneyId, asked: Asked, here: Asking, request: Request, response: Response
) -> TrailTold:
    """Tell every entry with both clocks, who, from where, under what, and what became of it.

    The pages that follow are of what was recorded when the first one was asked for.
    """
    place = place_of(here, asked.cursor)  # what shows nothing is no reading
    known = reach_entries(here, journey, QUESTION)
    found = trail(here.office, StreamKind.JOURNEY, journey, tongue_of(here), place.head)
    here.note_entries(QUESTION, journey, known, _told(found, asked, place))
    return _page(found, asked, place, request, response)


@router.get(
    "/audit/journeys/{journey}/openings", summary="Who opened one journey out of scope, and why"
)
def audit_openings(
    journey: JourneyId, asked: Asked, here: Asking, request: Request, response: Response
) -> TrailTold:
    """Tell the openings of one journey as entries; none where nobody opened it."""
    place = place_of(here, asked.cursor)  # what shows nothing is no reading
    known = reach_entries(here, journey, QUESTION)
    try:
        found = trail(here.office, StreamKind.ACCESS, journey, tongue_of(here), place.head)
    except UnknownStream:
        found = Trail(StreamKind.ACCESS, journey, (), tongue_of(here), None, {}, {}, {})
    opened = [(journey, entry.position) for entry in _told(found, asked, place)]
    read = [(known.journey.client or None, journey)]
    here.note_readings(QUESTION, read, beside=beside_openings(here.office, opened))
    return _page(found, asked, place, request, response)


@router.get("/audit/clients/{client}/history", summary="All that was recorded of a client")
def audit_client(
    client: ClientId, asked: Asked, here: Asking, request: Request, response: Response
) -> TrailTold:
    """Tell every entry of a client's particulars."""
    require(here, QUESTION)
    place = place_of(here, asked.cursor)
    found = _trail(here, StreamKind.CLIENT, client, place.head)
    named = (named_client(entry.event) for entry in _told(found, asked, place))
    here.note_readings(QUESTION, dict.fromkeys((one, None) for one in (client, *named) if one))
    return _page(found, asked, place, request, response)


@router.get("/audit/programmes/{code}/history", summary="All that was recorded of a programme")
def audit_programme(
    code: Code, asked: Asked, here: Asking, request: Request, response: Response
) -> TrailTold:
    """Tell every entry of a programme, with the whole text of each version of its definition."""
    require(here, QUESTION)
    place = place_of(here, asked.cursor)
    found = _trail(here, StreamKind.PROGRAMME, code, place.head)
    return _page(found, asked, place, request, response)


@router.get(
    "/audit/organisations/{code}/history", summary="All that was recorded of an organisation"
)
def audit_organisation(
    code: Code, asked: Asked, here: Asking, request: Request, response: Response
) -> TrailTold:
    """Tell every entry of an organisation: agreements, needs, offerings, and who has seats."""
    require(here, QUESTION)
    place = place_of(here, asked.cursor)
    found = _trail(here, StreamKind.ORGANISATION, code, place.head)
    here.note_readings(QUESTION, _clients(found, _told(found, asked, place)))
    return _page(found, asked, place, request, response)


@router.get("/audit/reports/{issued}/history", summary="All that was recorded of a report")
def audit_report(
    issued: Annotated[ReportId, Path(description="The id of an issued report.")],
    asked: Asked,
    here: Asking,
    request: Request,
    response: Response,
) -> TrailTold:
    """Tell when a report was issued, what it stands on, and each restatement with its causes."""
    require(here, QUESTION)
    place = place_of(here, asked.cursor)
    found = _trail(here, StreamKind.REPORT, issued, place.head)
    return _page(found, asked, place, request, response)


_UNKNOWN = {
    StreamKind.REPORT: UNKNOWN_REPORT,
    StreamKind.CLIENT: UNKNOWN_CLIENT,
    StreamKind.PROGRAMME: UNKNOWN_PROGRAMME,
    StreamKind.ORGANISATION: UNKNOWN_ORGANISATION,
}


def _trail(here: Here, kind: StreamKind, id_: str, head: int) -> Trail:
    try:
        return trail(here.office, kind, id_, tongue_of(here), head)
    except UnknownStream as error:
        raise Problem(_UNKNOWN[kind], said("nothing was ever recorded under this id")) from error


def _clients(found: Trail, told: Iterable[Entry[Any]]) -> dict[Read, None]:
    """Return of whom the entries are; that a seat was released does not say whose it was."""
    seats: dict[tuple[str, str], SeatReserved] = {}
    for entry in found.entries:
        if isinstance(entry.event, SeatReserved):
            seats[entry.event.offering, entry.event.reference] = entry.event
    events = (
        seats.get((x.event.offering, x.event.reference), x.event)
        if isinstance(x.event, SeatReleased)
        else x.event
        for x in told
    )
    named = ((getattr(x, "client", None), getattr(x, "journey", None)) for x in events)
    return dict.fromkeys(one for one in named if any(one))


def _told(found: Trail, asked: TrailQuery, place: Place) -> list[Entry[Any]]:
    """Return the entries of the page that was asked for."""
    return place.page(found.ordered(asked.order), asked.limit)[0]


def _page(
    found: Trail, asked: TrailQuery, place: Place, request: Request, response: Response
) -> TrailTold:
    entries, following = place.page(found.ordered(asked.order), asked.limit)
    link_next(request, response, following)
    return TrailTold(
        kind=found.kind,
        id=found.id,
        version=len(found.entries),
        order=asked.order,
        items=[traced_told(one) for one in found.traced(entries)],
        next=following,
    )


def traced_told(one: Traced) -> TracedTold:
    """Return an entry as the answer has it."""
    entry, under = one.entry, one.under
    return TracedTold(
        version=entry.version,
        place=one.place,
        position=entry.position,
        kind=event_name(type(entry.event)),
        sentence=one.sentence,
        fields=fields_of(entry.event),
        occurred_on=entry.occurred_on,
        stands_on=one.stands_on,
        recorded_at=entry.recorded_at.astimezone(UTC),
        known_at=entry.known_at.astimezone(UTC),
        person=entry.by.person,
        organisation=entry.by.organisation,
        source=source_told(entry.source),
        correlation=entry.correlation,
        under=None if under is None else UnderTold(**under._asdict()),
        corrected_by=one.corrected_by,
        retracted_by=one.retracted_by,
    )
