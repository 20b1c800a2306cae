"""A worker's open deadlines and follow-ups as a calendar (iCalendar, RFC 5545).

Calendars are synchronised to telephones and servers elsewhere: by default they name no client.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Query, Response
from icalendar import Calendar, Event

from application.questions import MOST, DueFound, DueQuery
from domain.data_kinds import DataKind
from domain.wording import in_language, said
from interfaces.http.caseload_rows import Telling
from interfaces.http.clocks import Question
from interfaces.http.context import Asking, Here
from interfaces.http.reading import WaitFor, require, tongue_of, wait_for

router = APIRouter(tags=["caseload"])

MEDIA_TYPE = "text/calendar"

LONGEST = 2_000
"""How many deadlines a calendar has, the earliest first; where there are more, it says so."""


AGAIN = 2
"""How often a calendar of many pages is read again at most, where things happen all the time."""


class CalendarQuery(Question):
    """How the calendar is wanted."""

    names: bool = False
    """Name the client in the titles: they stand then wherever the calendar is synchronised to."""
    wait_for: WaitFor | None = None
    """A position of the log (that of a receipt): wait until the lists have come to it, at most a
    few seconds."""


@router.get(
    "/calendar/{worker}.ics",
    summary="A worker's deadlines as a calendar feed",
    response_class=Response,
    responses={
        200: {
            "description": "The calendar: one all-day event for each open deadline or follow-up.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        }
    },
)
def calendar_feed(
    worker: Annotated[
        str,
        Path(max_length=200, pattern=r"^[^\s\x00-\x1f\x7f]+$", description="The worker's id."),
    ],
    asked: Annotated[CalendarQuery, Query()],
    here: Asking,
) -> Response:
    """Give the open deadlines and follow-ups of a worker's journeys, as far as they are in scope.

    The feed needs the bearer token like everything else: give a calendar program one that can send
    it. There is no address with a secret in it.
    """
    require(here, "calendar")
    wait_for(here, asked.wait_for)
    telling = Telling(here)
    calendar = Calendar()
    calendar.add("prodid", "-//Polku//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", in_language(said("Deadlines of {person}", person=worker), tongue_of(here)))
    found, next_due, _ = _open(here, worker)
    dated = [(one, one.due.due) for one in found if one.due.due is not None]
    cases = [one.found.case for one, _ in dated]
    kinds = None if asked.names else {case.owner: {DataKind.COURSE} for case in cases}
    telling.note_as("calendar", cases, kinds)
    now = here.office.log.now()
    for one, due in dated:
        calendar.add_component(_event(one, due, telling, now, names=asked.names))
    if next_due is not None:
        last = found[-1].found.case
        today = telling.definitions.today(last.programme, last.definition_version)
        calendar.add_component(_more(here, worker, next_due, max(next_due, today), now))
    return Response(
        calendar.to_ical(),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": 'inline; filename="deadlines.ics"'},
    )


class _Read(NamedTuple):
    """Open deadlines, and the day of the first that the calendar has no room for.

    `is_one` says whether nothing was recorded from the first page to the last.
    """

    found: list[DueFound]
    next_due: date | None
    is_one: bool


def _open(here: Here, worker: str) -> _Read:
    """Return the open deadlines of the worker, read again where something happened meanwhile.

    What was moved from one page to another would be missing until the calendar is fetched again.
    """
    read = _read(here, worker)
    for _ in range(AGAIN):
        if read.is_one:
            break
        read = _read(here, worker)
    return read


def _read(here: Here, worker: str) -> _Read:
    """Read the open deadlines page by page.

    One that was moved to a later page meanwhile is told once, as it was read last: no two events of
    a calendar have the same id.
    """
    views, query = here.parts.views, DueQuery(worker=worker, limit=MOST)
    began = here.office.log.position()
    page = views.due(here.scope, query)
    found = _in_scope(here, page.items)
    if page.next is None:
        return _Read([*found.values()], None, is_one=True)
    while page.next is not None and len(found) < LONGEST:
        page = views.due(here.scope, replace(query, cursor=page.next))
        found |= _in_scope(here, page.items)
    following: tuple[DueFound, ...] = ()
    if page.next is not None:
        page = views.due(here.scope, replace(query, cursor=page.next, limit=1))
        following = page.items
    next_due = following[0].due.due if following else None
    return _Read([*found.values()], next_due, here.office.log.position() == began)


def _in_scope(here: Here, dues: Sequence[DueFound]) -> dict[tuple[str, str], DueFound]:
    """Return the deadlines of journeys that are in scope as the log has them, by their ids."""
    still = here.still_in_scope([one.found.case for one in dues])
    return {(one.due.owner, one.due.deadline): one for one in dues if still(one.found.case)}


def _more(here: Here, worker: str, since: date, shown_on: date, now: datetime) -> Event:
    """Return the event that tells of deadlines for which there is no room.

    It is shown on a day that somebody looks at: `since` may be long over.
    """
    title = said("More is due from {since} on than this calendar shows", since=since)
    where = said("It shows {n} deadlines: see the list of deadlines for all.", n=LONGEST)
    event = Event()
    event.add("uid", f"more/{worker}@polku")
    event.add("summary", in_language(title, tongue_of(here)))
    event.add("description", in_language(where, tongue_of(here)))
    _add_day(event, shown_on)
    event.add("dtstamp", now)
    return event


def _add_day(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")


def _event(one: DueFound, due: date, telling: Telling, now: datetime, *, names: bool) -> Event:
    """Return an open deadline as an event.

    It is stamped by when it was told, as RFC 5545 (3.8.7.2) wants it of what is published: what it
    says can change without its journey, as a name does that becomes known.
    """
    case = one.found.case
    title = telling.title(case, "deadline", one.due.rule).title
    event = Event()
    event.add("uid", f"{case.owner}/{one.due.deadline}@polku")
    event.add("summary", f"{title}: {_who(one) if names else case.owner}")
    event.add("description", telling.ground(case, one.due.basis))
    _add_day(event, due)
    event.add("dtstamp", now)
    event.add("sequence", case.version)
    return event


def _who(one: DueFound) -> str:
    client = one.found.client
    names = (client.given_name, client.family_name) if client else ()
    return " ".join(name for name in names if name) or one.found.case.owner
