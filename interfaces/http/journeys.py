"""One journey: its page, its timeline, and the acts that are possible now."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from application.case_file import Line, case_file, seen_at
from application.of_whom import besides
from domain.entry import Source, event_name
from interfaces.http import journey_models as m
from interfaces.http.clocks import Clocks, used
from interfaces.http.context import Asking
from interfaces.http.headers import HAS_ETAG
from interfaces.http.journey_page import page_of
from interfaces.http.reading import (
    Cursor,
    JourneyId,
    Limit,
    client_named,
    numbered,
    reach_entries,
    tongue_of,
)
from interfaces.http.speaking import Speaking
from interfaces.http.withheld import withheld_told
from interfaces.http.written import written

router = APIRouter(tags=["journeys"])


class TimelineQuery(Clocks):
    """Which entries of a journey are wanted."""

    order: Literal["newest", "oldest"] = "newest"
    """Which entries come first: `newest` or `oldest` by version."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get("/journeys/{journey}", summary="The page of a journey", responses=HAS_ETAG)
@written
def journey_page(
    journey: JourneyId, clocks: Annotated[Clocks, Query()], here: Asking, response: Response
) -> m.JourneyPage:
    """Tell a journey as it stands: now, as at a day, as known at an instant, or both.

    Without clocks the answer carries an ETag: send it as If-Match with an act.
    """
    found = reach_entries(here, journey, "journey-page")
    tongue = tongue_of(here)
    seen = seen_at(
        here.office,
        journey,
        found,
        as_at=clocks.as_at,
        known_at=clocks.known_at,
        tongue=tongue,
    )
    read = [(found.journey.client or None, journey)]
    beside = besides(journey, found, (), seen.journey.client)
    here.note_readings("journey-page", read, beside=beside)
    if not clocks.asked:
        response.headers["ETag"] = f'"{found.version}"'
    # Whom it was said to be of by mistake is told by the id alone: that one's data is another's.
    # So is whose names cannot be read: the journey goes on.
    is_its_own = seen.journey.client == found.journey.client
    client = client_named(here, seen.journey.client) if is_its_own else None
    shown = here.shown(journey, found.journey)
    return page_of(case_file(here.office, seen), client, tongue, shown)


@router.get("/journeys/{journey}/timeline", summary="The history of a journey", responses=HAS_ETAG)
@written
def journey_timeline(
    journey: JourneyId, asked: Annotated[TimelineQuery, Query()], here: Asking, response: Response
) -> m.Timeline:
    """Tell each entry in a sentence, with both clocks, who, from where, and what became of it."""
    after = numbered(asked.cursor)
    found = reach_entries(here, journey, "timeline")
    tongue = tongue_of(here)
    seen = seen_at(
        here.office, journey, found, as_at=asked.as_at, known_at=asked.known_at, tongue=tongue
    )
    if not asked.asked:
        response.headers["ETag"] = f'"{found.version}"'
    oldest = asked.order == "oldest"
    shown = here.shown(journey, found.journey)
    told = [*filter(shown.entries(found), seen.entries)] if shown.withheld else seen.entries
    entries = told if oldest else told[::-1]
    if after is not None:
        entries = [x for x in entries if x.version != after and (x.version > after) is oldest]
    here.note_entries("timeline", journey, found, entries[: asked.limit])
    page = seen.lines_of(map(here.own_words(found), entries[: asked.limit]))
    say = Speaking(seen, tongue)
    return m.Timeline.model_construct(
        journey=journey,
        version=seen.version,
        clocks=used(seen),
        items=[line_told(line, say) for line in page],
        next=str(page[-1].entry.version) if len(entries) > len(page) else None,
        withheld=withheld_told(shown, tongue),
    )


def line_told(line: Line, say: Speaking) -> m.LineTold:
    """Return a line of the history in the language that was asked for."""
    entry = line.entry
    return m.LineTold.model_construct(
        version=entry.version,
        position=entry.position,
        kind=event_name(type(entry.event)),
        sentence=say.text(line.sentence),
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at,
        person=entry.by.person,
        organisation=say.title("organisation", entry.by.organisation),
        source=source_told(entry.source),
        corrected_by=line.corrected_by,
        retracted_by=line.retracted_by,
    )


def source_told(source: Source | None) -> m.SourceTold | None:
    """Return where an imported entry came from."""
    if source is None:
        return None
    return m.SourceTold.model_construct(
        name=source.name,
        table=source.table,
        row=source.row,
        record=source.record,
        digest=source.digest,
        recorded_at=source.recorded_at,
    )
