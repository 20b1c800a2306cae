"""A journey's corrections, and what leaned on what was wrong."""

from datetime import UTC, date, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from application.audit.corrections import Became, Correction, Leaned, corrections
from application.plainly import Changed, worded
from domain.entry import event_name
from domain.journey.events import EntryCorrected
from interfaces.http.clocks import Question, Told
from interfaces.http.context import Asking
from interfaces.http.paging import link_next
from interfaces.http.reading import Cursor, JourneyId, Limit, numbered, reach_entries

router = APIRouter(tags=["audit"])


class ChangedTold(Told):
    """A field, and what it said before and after."""

    field: str
    """The path of the field, such as situation.unemployed_since or steps[0].by."""
    before: Any
    """What it said; null where there was none."""
    after: Any
    """What it says then; null where there is none."""


class LeanedTold(Told):
    """A decision, or a deadline, that had leaned on what was wrong."""

    kind: str
    """What was decided, such as eligibility-assessed, or deadline."""
    entry: int | None
    """The entry (version) of the decision; null for a deadline."""
    deadline: str | None
    """The id of the deadline; null for a decision."""
    became: Became
    """What became of it."""
    by: int | None
    """The entry (version) that settled it; null while it waits."""
    person: str | None
    """Who settled it; null while it waits."""
    reason: str
    """Why, as the person said; empty where nothing was said."""


class CorrectionTold(Told):
    """A correction or retraction, and what came of it."""

    entry: int
    """The entry (version) that it is."""
    kind: str
    """entry-corrected or entry-retracted."""
    target: int
    """The entry (version) whose meaning it changes."""
    what: str
    """What kind of event that is."""
    before: bool
    """Whether the target counted until then."""
    after: bool
    """Whether the target counts by it."""
    changed: list[ChangedTold]
    """What was recorded and what it should have been, field by field, the day among them."""
    reason: str
    """Why, as the person said."""
    person: str
    """Who put it right, as identity tells."""
    organisation: str
    """For which organisation (its code)."""
    occurred_on: date
    """The day on which it was put right."""
    recorded_at: datetime
    """The instant (UTC) at which the log stored it."""
    holds: bool
    """Whether it still holds; false where it was retracted itself."""
    leaned: list[LeanedTold]
    """The later decisions that had leaned on it, and what became of each."""


class Corrections(Told):
    """A page of a journey's corrections and retractions, in the order recorded."""

    journey: str
    """The id of the journey."""
    items: list[CorrectionTold]
    """A page of them."""
    next: str | None
    """The cursor of what follows; null at the end."""


class CorrectionsQuery(Question):
    """Which page of corrections is wanted."""

    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get(
    "/audit/journeys/{journey}/corrections", summary="What was put right, and what leaned on it"
)
def audit_corrections(
    journey: JourneyId,
    asked: Annotated[CorrectionsQuery, Query()],
    here: Asking,
    request: Request,
    response: Response,
) -> Corrections:
    """Tell each correction field by field: why, by whom, and what became of what leaned on it."""
    skip = numbered(asked.cursor) or 0
    found = reach_entries(here, journey, "audit-corrections")
    page = list(islice(corrections(here.office, found), skip, skip + asked.limit + 1))
    following = str(skip + asked.limit) if len(page) > asked.limit else None
    link_next(request, response, following)
    here.note_entries("audit-corrections", journey, found, [x.entry for x in page[: asked.limit]])
    return Corrections(
        journey=journey, items=[_told(one) for one in page[: asked.limit]], next=following
    )


def changed_told(one: Changed) -> ChangedTold:
    """Return a field that changed as the answer has it."""
    return ChangedTold(field=one.field, before=one.before, after=one.after)


def _told(one: Correction) -> CorrectionTold:
    entry, target = one.entry, one.before or one.after
    return CorrectionTold(
        entry=entry.version,
        kind=event_name(type(entry.event)),
        target=one.target,
        what=event_name(type(target.event)) if target else _named(one),
        before=one.before is not None,
        after=one.after is not None,
        changed=[changed_told(x) for x in one.changed],
        reason=worded(one.reason),
        person=entry.by.person,
        organisation=entry.by.organisation,
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at.astimezone(UTC),
        holds=one.holds,
        leaned=[_leaned(x) for x in one.leaned],
    )


def _named(one: Correction) -> str:
    """Return what a correction says of an entry that counts neither before nor after it."""
    event = one.entry.event
    return event_name(type(event.event if isinstance(event, EntryCorrected) else event))


def _leaned(one: Leaned) -> LeanedTold:
    doubt, by = one.doubt, one.by
    return LeanedTold(
        kind=doubt.kind,
        entry=doubt.entry,
        deadline=doubt.deadline,
        became=one.became,
        by=by.version if by else None,
        person=by.by.person if by else None,
        reason=worded(getattr(by.event, "reason", "")) if by else "",
    )
