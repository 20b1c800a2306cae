"""What an auditor looks for over all journeys: its distribution, and down to the entries."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from application.audit.overviews import (
    Found,
    OverviewKind,
    Window,
    beside_found,
    entries_found,
    overview,
)
from application.audit.spread import Distribution, Quantiles
from application.questions import BadCursor
from interfaces.http.audit_extent import require_few
from interfaces.http.clocks import Day, Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.paging import link_next
from interfaces.http.reading import Cursor, Limit, numbered, require

router = APIRouter(tags=["audit"])

QUESTION = "audit-overviews"

Kind = Annotated[OverviewKind, Path(description="What is looked for.")]


class DaysTold(Told):
    """Days by nearest rank."""

    least: int
    """The fewest days."""
    median: int
    """Half of all had at most so many days."""
    ninety: int
    """90 of 100 had at most so many days."""
    ninety_nine: int
    """99 of 100 had at most so many days."""
    most: int
    """The most days."""


class DistributionTold(Told):
    """How what is looked for is spread in an organisation."""

    organisation: str | None
    """The code of the organisation; null: all together."""
    found: int
    """How many were found."""
    among: int
    """Among how many: of all entries, or deadlines, that could be such."""
    what: dict[str, int]
    """How many by code: the requirement, the kind of event, or the rule of the deadline."""
    days: DaysTold | None
    """Between the two clocks, of all entries; by which deadlines were missed; else null."""


class OverviewTold(Told):
    """The distribution of what is looked for."""

    kind: OverviewKind
    """What is looked for."""
    since: date | None
    """From this day (UTC) of the recording, or of the deadline, on; null: from the first."""
    until: date | None
    """Up to this day (UTC), included; null: to the last."""
    position: int
    """The position of the log that it was counted at."""
    distributions: list[DistributionTold]
    """The first is of all together, then each organisation's, by code."""


class FoundTold(Told):
    """An entry that was looked for, or that opened a deadline that was missed."""

    stream: str
    """The stream that it is of, such as journey:j-1."""
    entry: int
    """The number of the entry in its stream, from 1."""
    position: int
    """Its place in the order of the whole log."""
    on: date
    """The day it happened, or on which the deadline was due."""
    recorded_at: datetime
    """The instant (UTC) at which the log stored it."""
    person: str
    """Who recorded it, as identity tells."""
    organisation: str
    """For which organisation (its code); of a deadline, the one that is responsible now."""
    what: list[str]
    """The requirements overridden, the kind of event, or the rule of the deadline."""
    days: int | None
    """Days between the two clocks, or by which the deadline was missed; else null."""
    reason: str
    """Why, as the person said; empty where nothing was said."""


class FoundEntries(Told):
    """A page of what was found."""

    items: list[FoundTold]
    """A page of the entries; deadlines by journey, all else in the order recorded."""
    next: str | None
    """The cursor of what follows; null at the end."""


class OverviewQuery(Question):
    """Of which days."""

    since: Day | None = None
    """From this day (UTC) of the recording, or of the deadline, on."""
    until: Day | None = None
    """Up to this day (UTC), included."""

    def window(self, head: int) -> Window:
        """Return the days as they are looked through, in the log as it was at a position."""
        return Window(self.since, self.until, head)


class FoundQuery(OverviewQuery):
    """Which page of what was found."""

    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get("/audit/overviews/{kind}", summary="How what an auditor looks for is spread")
def audit_overview(
    kind: Kind, asked: Annotated[OverviewQuery, Query()], here: Asking
) -> OverviewTold:
    """Tell how many there are, in all and by organisation, and of how many days.

    The log is read for it, within the days that are asked for: ask for few days of a large log. An
    answer reads at most 500,000 entries; of deadlines, 20,000 journeys.
    """
    require(here, QUESTION)
    position = here.office.log.position()
    window = asked.window(position)
    require_few(here.office.log, kind, window)
    found = overview(here.office, kind, window)
    return OverviewTold(
        kind=kind,
        since=asked.since,
        until=asked.until,
        position=position,
        distributions=[_distribution(x) for x in found.distributions],
    )


@router.get("/audit/overviews/{kind}/entries", summary="The entries that an auditor looks for")
def audit_overview_entries(
    kind: Kind,
    asked: Annotated[FoundQuery, Query()],
    here: Asking,
    request: Request,
    response: Response,
) -> FoundEntries:
    """Tell each entry: of which journey, when, by whom, and why. It reads as much at most.

    The pages that follow are of what was recorded when the first one was asked for.
    """
    require(here, QUESTION)
    head, after = _held(here, asked.cursor)
    window = asked.window(head)
    require_few(here.office.log, kind, window)
    every = entries_found(here.office, kind, window, after)
    page = list(islice(every, asked.limit + 1))
    told, more = page[: asked.limit], len(page) > asked.limit
    _note(here, kind, told)
    following = f"{head}.{told[-1].after}" if more else None
    link_next(request, response, following)
    return FoundEntries(items=[_found(one) for one in told], next=following)


def _held(here: Here, cursor: str | None) -> tuple[int, str | None]:
    """Return at which position of the log the pages are held, and behind what. Raises BadCursor."""
    newest = here.office.log.position()
    if cursor is None:
        return newest, None
    head, _, after = cursor.partition(".")
    if (numbered(head) or 0) > newest:
        raise BadCursor(cursor)
    return int(head), after


def _note(here: Here, kind: OverviewKind, told: Iterable[Found]) -> None:
    found = list(told)
    read = dict.fromkeys((None, one.journey) for one in found)
    here.note_readings(QUESTION, read, beside=beside_found(here.office, kind, found))


def _distribution(one: Distribution) -> DistributionTold:
    return DistributionTold(
        organisation=one.organisation,
        found=one.found,
        among=one.among,
        what=dict(one.what),
        days=_days(one.days),
    )


def _days(days: Quantiles | None) -> DaysTold | None:
    return None if days is None else DaysTold(**days._asdict())


def _found(one: Found) -> FoundTold:
    return FoundTold(
        stream=one.stream,
        entry=one.entry,
        position=one.position,
        on=one.on,
        recorded_at=one.recorded_at.astimezone(UTC),
        person=one.by.person,
        organisation=one.organisation,
        what=list(one.what),
        days=one.days,
        reason=one.reason,
    )
