"""What every question passes before it is answered: the role, the scope, and the note of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypeAlias

from fastapi import Path
from pydantic import Field

from application.accesses import with_opened
from application.client_scope import JourneysOf, client_in_scope
from application.journeys import UnknownJourney, history
from application.local_time import zone_of
from application.permissions import Denied, may_do, way_to
from application.ports import NotReadable
from application.programmes import NotPublished
from application.questions import MOST, BadCursor
from application.scope import Role
from domain.client import UNKNOWN, Client
from domain.definition import Definition
from domain.journey.history import History
from domain.texts import KNOWN_ID
from domain.wording import Tongue, said
from interfaces.http.context import Here
from interfaces.http.problems import FORBIDDEN, OUT_OF_SCOPE, UNAVAILABLE, UNKNOWN_CLIENT, Problem

WAIT_SECONDS = 5.0
"""How long an answer waits at most for the views to come to a position."""

JourneyId: TypeAlias = Annotated[
    str, Path(max_length=200, pattern=KNOWN_ID, description="The journey's id.")
]
ClientId: TypeAlias = Annotated[
    str, Path(max_length=200, pattern=KNOWN_ID, description="The client's id.")
]
Code: TypeAlias = Annotated[
    str,
    Path(
        max_length=200, pattern=KNOWN_ID, description="The code of the programme or organisation."
    ),
]

Limit: TypeAlias = Annotated[int, Field(ge=1, le=MOST, description=f"At most {MOST}.")]
Cursor: TypeAlias = Annotated[
    str, Field(max_length=2000, pattern=r"^[^\x00]*$", description="`next` of the page before.")
]
WaitFor: TypeAlias = Annotated[
    int,
    Field(
        ge=0,
        le=2**62,
        description="Wait until the lists have come to this position of the log (that of a receipt "
        f"or of a change), at most {WAIT_SECONDS:g} seconds.",
    ),
]
Id: TypeAlias = Annotated[str, Field(max_length=200, pattern=KNOWN_ID)]


def require(here: Here, question: str) -> None:
    """Raise Problem unless the role may ask the question."""
    if not may_do(here.scope.role, question):
        raise Problem(FORBIDDEN, Denied.ROLE.said, reason=Denied.ROLE.value)


def reach(here: Here, journey: str, question: str) -> History:
    """Return the journey's history and note the reading, where no entries are shown.

    Raises Problem where role or scope do not allow it, UnknownJourney.
    """
    found = reach_entries(here, journey, question)
    here.note_reading(question, client=found.journey.client or None, journey=journey)
    return found


def reach_entries(here: Here, journey: str, question: str) -> History:
    """Return the journey's history, for who notes which entries of it are shown.

    Raises what `reach` raises.
    """
    require(here, question)
    found = history(here.office, journey)
    require_scope(here, journey, found)
    here.shown(journey, found.journey)
    return found


def require_scope(here: Here, journey: str, found: History) -> None:
    """Raise Problem unless the journey is in scope, or was opened out of scope with a reason.

    Raises UnknownJourney for a client, who is not told that others have journeys.
    """
    scope = here.scope
    if way_to(scope, journey, found.journey) is not None:
        return
    try:
        scope = with_opened(here.office, scope, journey, found.journey)
    except NotPublished:
        pass
    else:
        if way_to(scope, journey, found.journey) is not None:
            return
    if scope.role is Role.CLIENT:  # another's journey is none for a client
        raise UnknownJourney(journey)
    opening = f"/journeys/{journey}/openings" if scope.role in _OPENERS else None
    raise Problem(OUT_OF_SCOPE, Denied.SCOPE.said, reason=Denied.SCOPE.value, open=opening)


_OPENERS = frozenset(role for role in Role if may_do(role, "break-glass"))


def journeys_of(here: Here) -> JourneysOf:
    """Return a look-up of the ids of a client's journeys (`application.erasing.JourneysOf`)."""
    return lambda client: (row.owner for row in here.parts.views.journeys_of(client))


def knows_client(here: Here, client: str, journey: str | None = None) -> bool:
    """Whether a client is in the person's scope, or the journey of the client that is named."""
    office, scope = here.office, here.scope
    if client_in_scope(office, scope, client, journeys_of(here)):
        return True
    if journey is None:
        return False
    found = office.histories.newest(f"journey:{journey}").journey
    return found.client == client and way_to(scope, journey, found) is not None


def tongue_of(here: Here) -> Tongue:
    """Return how the language that was asked for says things."""
    return here.parts.translations(here.language)


def client_of(here: Here, client: str) -> Client:
    """Return a client's particulars as the register's own stream has them."""
    return here.office.clients.newest(f"client:{client}") if client else UNKNOWN


def client_named(here: Here, client: str) -> Client | None:
    """Return a client whose names can be read; None: tell who it is by the id alone."""
    try:
        found = client_of(here, client)
        known = found.registered
        if known is not None:
            _ = known.given_name.text, known.family_name.text, known.date_of_birth.text
    except NotReadable:
        return None
    return found


def unknown_client(here: Here) -> Problem:
    """Return the problem that there is no such client for who asks."""
    if here.scope.role is Role.CLIENT:
        return Problem(UNKNOWN_CLIENT, said("your own page has your own id: see GET /journeys"))
    return Problem(UNKNOWN_CLIENT, said("search by name, or register the client first"))


def wait_for(here: Here, position: int | None) -> None:
    """Wait until the views have come to the position. Raises Problem where they do not in time."""
    if position is None:
        return
    if position > here.office.log.position() or not here.parts.views.wait_for(
        position, WAIT_SECONDS
    ):
        raise Problem(
            UNAVAILABLE,
            said("the lists have not come to that position yet: ask again in a moment"),
            headers={"Retry-After": "2"},
        )


def numbered(cursor: str | None) -> int | None:
    """Return the number that a cursor is. Raises BadCursor."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise BadCursor(cursor)
    return int(cursor)


@dataclass(slots=True)
class Definitions:
    """Definitions and days of one request, each looked up once."""

    here: Here
    _known: dict[tuple[str, int], Definition | None] = field(default_factory=dict)
    _days: dict[tuple[str, int], date] = field(default_factory=dict)

    def of(self, programme: str, version: int) -> Definition | None:
        """Return a version of a programme's definition, None where nobody published it.

        A journey whose referral was retracted has no programme: None, too.
        """
        if not programme:
            return None
        key = (programme, version)
        if key not in self._known:
            try:
                self._known[key] = self.here.office.programmes.definition(*key)
            except NotPublished:
                self._known[key] = None
        return self._known[key]

    def today(self, programme: str, version: int) -> date:
        """Return which day it is where the programme is run."""
        key = (programme, version)
        if key not in self._days:
            zone = zone_of(self.of(programme, version))
            self._days[key] = self.here.office.log.now().astimezone(zone).date()
        return self._days[key]
