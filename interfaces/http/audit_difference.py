"""What differs in a journey between two moments, on either clock."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from application.audit.difference import Difference, EntryDiffers, difference
from application.case_file import seen_at
from application.questions import MOST
from domain.entry import event_name
from domain.journey.history import recorded_up_to
from interfaces.http.audit_corrections import ChangedTold, changed_told
from interfaces.http.clocks import ClocksUsed, Day, Moment, Question, Told, used
from interfaces.http.context import Asking
from interfaces.http.paging import link_next, place_of
from interfaces.http.reading import Cursor, JourneyId, Limit, reach_entries

router = APIRouter(tags=["audit"])


class EntryDiffersTold(Told):
    """An entry that differs between the two moments."""

    version: int
    """The number of the entry in its stream, from 1."""
    kind: str
    """What kind of event it is, such as intake-interview-held."""
    how: Difference
    """Added, corrected, retracted; or not yet: it had not happened, or was not known, by then."""
    before: date | None
    """The day it happened by the first moment; null where it did not count there."""
    after: date | None
    """The day it happened by the second moment; null where it does not count there."""
    changed: list[ChangedTold]
    """The fields in which it differs, for one that was corrected."""


class DiffersTold(Told):
    """What differs in a journey from one moment to another."""

    journey: str
    """The id of the journey."""
    since: ClocksUsed
    """The first moment."""
    until: ClocksUsed
    """The second moment."""
    entries: list[EntryDiffersTold]
    """A page of the entries that differ, by version."""
    state: list[ChangedTold]
    """The fields of the journey's state that differ; at most 200 of them."""
    fields: int
    """How many fields of the state differ in all."""
    next: str | None
    """The cursor of the entries that follow; null at the end."""


class DifferenceQuery(Question):
    """Between which two moments; a clock that is left out stands at now."""

    since_as_at: Day | None = Field(default=None, examples=["2025-02-01"])
    """First moment: what had happened by this day (included)."""
    since_known_at: Moment | None = Field(default=None, examples=["2025-02-01T12:00:00Z"])
    """First moment: what was known by this instant; a day stands for its end."""
    until_as_at: Day | None = Field(default=None, examples=["2025-03-01"])
    """Second moment: what had happened by this day (included)."""
    until_known_at: Moment | None = Field(default=None, examples=["2025-03-01"])
    """Second moment: what was known by this instant; a day stands for its end."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get(
    "/audit/journeys/{journey}/difference", summary="What differs between two moments of a journey"
)
def audit_difference(
    journey: JourneyId,
    asked: Annotated[DifferenceQuery, Query()],
    here: Asking,
    request: Request,
    response: Response,
) -> DiffersTold:
    """Tell entry by entry, and field by field of the state, what differs from moment to moment.

    The pages that follow are of what was recorded when the first one was asked for.
    """
    place = place_of(here, asked.cursor)
    known = reach_entries(here, journey, "audit-difference")
    found = recorded_up_to(known, place.head)
    one, other = (
        seen_at(here.office, journey, found, as_at=as_at, known_at=known_at)
        for as_at, known_at in (
            (asked.since_as_at, asked.since_known_at),
            (asked.until_as_at, asked.until_known_at),
        )
    )
    differs = difference(one, other)
    told = [x for each in differs.entries for x in (each.before, each.after) if x]
    here.note_entries("audit-difference", journey, known, told)
    page, following = place.page(differs.entries, asked.limit)
    link_next(request, response, following)
    return DiffersTold(
        journey=journey,
        since=used(one),
        until=used(other),
        entries=[_told(x) for x in page],
        state=[changed_told(x) for x in differs.state[:MOST]],
        fields=len(differs.state),
        next=following,
    )


def _told(one: EntryDiffers) -> EntryDiffersTold:
    there = one.after or one.before
    return EntryDiffersTold(
        version=one.version,
        kind=event_name(type(there.event)) if there else "",
        how=one.how,
        before=one.before.occurred_on if one.before else None,
        after=one.after.occurred_on if one.after else None,
        changed=[changed_told(x) for x in one.changed],
    )
