"""Opening a journey out of scope, with a reason; and who read what, for those who audit."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import ConfigDict, Field

from application.accesses import Opened, Wanted, of_person, open_journey, openings, readings
from application.of_whom import beside_openings
from application.plainly import worded
from domain.access import Disclosed, JourneyOpened, Reading
from domain.entry import Personal
from interfaces.http.clocks import Day, Question, Told
from interfaces.http.context import Asking, Here
from interfaces.http.paging import place_of
from interfaces.http.reading import Cursor, Id, JourneyId, Limit, require

router = APIRouter(tags=["access"])


_ON_DUTY = "On duty tonight: the client called about the placement of tomorrow"


class Opening(Question):
    """Why a journey out of scope is to be opened."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": _ON_DUTY}]})

    reason: str = Field(
        min_length=3,
        max_length=2000,
        pattern=r"^[^\x00]*$",
        examples=[_ON_DUTY],
    )
    """It is recorded, and shown in an audit."""


class OpeningTold(Told):
    """A journey that is open out of scope, for reading."""

    journey: str
    """The id of the journey."""
    until: date
    """The last day on which it may be read, where the programme is run."""
    repeated: bool
    """Whether it had been opened before."""


class DisclosedTold(Told):
    """What left for another organisation, and on which ground."""

    kinds: list[str]
    """The kinds of data."""
    ground: str
    """How the organisation comes to the journey: team, handover, partner, or opened; seat where it
    runs a service in which a seat was reserved for the client."""
    consents: list[int]
    """The entries of the client's stream by which it is shown more: consents."""
    duties: list[str]
    """The duties of the programme's agreement by which it is shown more."""


class ReadingTold(Told):
    """One reading of a client's data."""

    at: datetime
    """The instant (UTC)."""
    person: str
    """Who it is, as identity tells."""
    role: str
    """In which role."""
    organisation: str
    """For which organisation (its code)."""
    purpose: str
    """For which purpose."""
    client: str | None
    """The client's id; null where it was of none."""
    journey: str | None
    """The id of the journey; null where it was of none."""
    what: str
    """What was read, such as journey-page."""
    correlation: str | None
    """The request it was read in; null where it was read otherwise."""
    disclosed: DisclosedTold | None
    """What left for another organisation by it; null where it stayed with the responsible one."""


class Readings(Told):
    """Readings, by day and in the order recorded."""

    items: list[ReadingTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""


class OpenedTold(Told):
    """One opening of a journey out of scope."""

    journey: str
    """The id of the journey."""
    person: str
    """Who it is, as identity tells."""
    organisation: str
    """For which organisation (its code)."""
    reason: str
    """Why, as the person said."""
    opened_on: date
    """The day it was opened."""
    until: date
    """The last day on which it is open."""
    recorded_at: datetime
    """The instant (UTC) at which it was stored."""


class Openings(Told):
    """Openings out of scope, by journey and in the order made."""

    items: list[OpenedTold]
    """What was found, a page of it."""
    next: str | None
    """The cursor of what follows; null at the end."""


class OpeningsQuery(Question):
    """Which openings are wanted."""

    person: Id | None = None
    """Only those by this person."""
    journey: Id | None = None
    """Only those of this journey."""
    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


class ReadingsQuery(OpeningsQuery):
    """Which readings are wanted; what is not given does not matter."""

    client: Id | None = None
    """Whose data were read."""
    since: Day | None = None
    """From this day (UTC) on."""
    until: Day | None = None
    """Up to this day (UTC), included."""
    organisation: Id | None = None
    """Only for this organisation."""

    def wanted(self) -> Wanted:
        """Return which readings are wanted."""
        return Wanted(
            self.client, self.journey, self.person, self.organisation, self.since, self.until
        )


@router.post(
    "/journeys/{journey}/openings",
    summary="Open a journey out of scope",
    responses={
        200: {"description": "It was open already."},
        201: {"model": OpeningTold, "description": "It is open for reading."},
    },
)
def open_out_of_scope(
    journey: JourneyId,
    asked: Opening,
    here: Asking,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="A text of your own: the same when you repeat the request.",
        ),
    ] = None,
) -> OpeningTold:
    """Open a journey for reading, with a reason, until the end of tomorrow.

    It is an entry of the log that an audit shows. A repetition opens nothing anew.
    """
    named = here.asked(date.min, idempotency_key, None).key
    receipt = open_journey(
        here.office,
        here.scope,
        journey,
        Personal(asked.reason),
        key=named,
        correlation=here.correlation,
    )
    opened = next((x.event for x in receipt.entries if isinstance(x.event, JourneyOpened)), None)
    until = opened.until if opened else _open_until(here, journey)
    response.status_code = 200 if opened is None or receipt.repeated else 201
    return OpeningTold(journey=journey, until=until, repeated=opened is None or receipt.repeated)


def _open_until(here: Here, journey: str) -> date:
    """Return until when the journey is open that the person has opened before."""
    scope = here.scope
    own = (
        one.until
        for one in openings(here.office.log, journey=journey, person=scope.person)
        if one.by.organisation == scope.organisation
    )
    return max(own)


@router.get("/audit/access", summary="Who read what of a client's data")
def list_readings(asked: Annotated[ReadingsQuery, Query()], here: Asking) -> Readings:
    """Tell the readings that were noted, by day and in the order recorded.

    The pages that follow are of what was recorded when the first one was asked for.
    """
    require(here, "audit-access")
    place, wanted = place_of(here, asked.cursor), of_person(here.office, asked.wanted())
    found = readings(here.office.log, wanted, here.parts.views.readings, head=place.head)
    page, following = place.page(found, asked.limit)
    here.note_readings("audit-access", dict.fromkeys((one.client, one.journey) for one in page))
    return Readings(items=[reading_told(one) for one in page], next=following)


@router.get("/audit/openings", summary="Who opened journeys out of scope, and why")
def list_openings(asked: Annotated[OpeningsQuery, Query()], here: Asking) -> Openings:
    """Tell the openings with their reasons, by journey and in the order made.

    The pages that follow are of what was recorded when the first one was asked for.
    """
    require(here, "audit-access")
    place, log = place_of(here, asked.cursor), here.office.log
    found = openings(log, journey=asked.journey, person=asked.person, head=place.head)
    page, following = place.page(found, asked.limit)
    opened = [(one.journey, one.position) for one in page]
    read = [(None, one.journey) for one in page]
    here.note_readings("audit-access", read, beside=beside_openings(here.office, opened))
    return Openings(items=[_opened(one) for one in page], next=following)


def reading_told(one: Reading) -> ReadingTold:
    """Return a reading as an audit reads it."""
    return ReadingTold(
        at=one.at.astimezone(UTC),
        person=one.person,
        role=one.role,
        organisation=one.organisation,
        purpose=one.purpose,
        client=one.client,
        journey=one.journey,
        what=one.what,
        correlation=one.correlation,
        disclosed=disclosed_told(one.disclosed),
    )


def disclosed_told(one: Disclosed | None) -> DisclosedTold | None:
    """Return what left for another organisation, as an audit reads it."""
    if one is None:
        return None
    return DisclosedTold(
        kinds=[kind.value for kind in one.kinds],
        ground=one.ground,
        consents=list(one.consents),
        duties=list(one.duties),
    )


def _opened(one: Opened) -> OpenedTold:
    return OpenedTold(
        journey=one.journey,
        person=one.by.person,
        organisation=one.by.organisation,
        reason=worded(one.reason),
        opened_on=one.on,
        until=one.until,
        recorded_at=one.recorded_at,
    )
