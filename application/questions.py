"""Questions that cross streams, as interfaces ask them and the view tables answer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Protocol, Self, TypeVar

from application.scope import Scope
from application.views.rows import CaseRow, ClientRow, DueRow, ResponsibilityRow

T = TypeVar("T")

MOST = 200
"""The largest page."""


class BadCursor(ValueError):
    """A cursor was given that no page has handed out, or that belongs to another question."""


class NothingAsked(ValueError):
    """A search was made without saying for what."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of what was found. `next` is the cursor of what follows, None at the end.

    `position` is the log's position up to which the view had come when it was asked. `more` says
    that more would fit than a search looks through: the person should say more of whom they seek.
    `unread` is how many journeys or clients the view could not take, whoever may see them: they are
    found as they were, or not at all.
    """

    items: tuple[T, ...]
    next: str | None
    position: int
    more: bool = False
    unread: int = 0


class CaseOrder(StrEnum):
    """How a caseload is sorted: what is due first, what changed last, who is longest in a phase."""

    DUE = "due"
    RECENT = "recent"
    PHASE_SINCE = "phase-since"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which journeys of a scope are wanted. None: no matter.

    `worker` is a responsible person's id; `due_by` asks for those with a deadline up to the day.
    `waiting_for` is an organisation of which somebody is to take them: see
    `application.views.caseload.asked_to_take`.
    """

    worker: str | None = None
    organisation: str | None = None
    programme: str | None = None
    phase: str | None = None
    status: str | None = None
    open: bool | None = True
    due_by: date | None = None
    stale: bool | None = None
    waiting_for: str | None = None
    order: CaseOrder = CaseOrder.DUE
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFound:
    """A journey of a caseload, with its client as registered (None: not in the register)."""

    case: CaseRow
    client: ClientRow | None


@dataclass(frozen=True, slots=True)
class DueFound:
    """An open deadline, with its journey and client."""

    due: DueRow
    found: CaseFound


@dataclass(frozen=True, slots=True)
class DueQuery:
    """Which open deadlines of a scope are wanted, the earliest first."""

    worker: str | None = None
    organisation: str | None = None
    until: date | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ClientQuery:
    """Whom somebody looks for: words of a name (with slips), a day of birth, a local id."""

    name: str = ""
    born: date | None = None
    local_id: str | None = None
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ClientFound:
    """A client who fits; `in_scope` says whether the person may see more than that there is one.

    `score` orders the hits, 1 where everything fits exactly. Of a client out of scope there is the
    id and the initials. `served`: the person's organisation answers for a journey of the client,
    by this id; where it is not said, it may do so by another. `journeys` are the ids of all that
    there are of who is in scope and not served; None where they were not looked up. `to_anybody`:
    whoever asks the same is told that there is one.
    """

    client: ClientRow
    in_scope: bool
    score: float
    served: bool = False
    journeys: tuple[str, ...] | None = None
    to_anybody: bool = False

    def out_of_scope(self) -> Self:
        """Return the same as it is told of one out of scope."""
        return replace(self, client=veiled(self.client), in_scope=False)


def veiled(client: ClientRow) -> ClientRow:
    """Return a client of whom only id and initials are told; the days are the first there is."""
    return ClientRow(
        owner=client.owner,
        given_name=client.given_name and f"{client.given_name.strip()[:1]}.",
        family_name=client.family_name and f"{client.family_name.strip()[:1]}.",
        sorted_name="",
        born=None,
        local_id=None,
        municipality=None,
        language=None,
        registered_on=date.min,
        registered_by="",
        version=0,
        position=0,
    )


@dataclass(frozen=True, slots=True)
class BoardLine:
    """How many journeys stood in one place on a day, and for how long they had.

    `days_median` and `days_most` are days in the phase (or since the span began), `overdue` the
    deadlines overdue on the day of the journeys that stood there.
    """

    programme: str
    organisation: str
    standing: str
    journeys: int
    days_median: float
    days_most: int
    overdue: int


@dataclass(frozen=True, slots=True)
class WeekFlow:
    """Journeys that came to an organisation and left it in the week that begins on a Monday."""

    week: date
    came: int
    left: int


@dataclass(frozen=True, slots=True)
class Board:
    """An organisation board as at a day; `position` is how far the view had come.

    `unread` is how many journeys could not be read to the end, whosever they are: they are counted
    as they were, or not at all.
    """

    day: date
    lines: tuple[BoardLine, ...]
    weeks: tuple[WeekFlow, ...]
    position: int
    unread: int = 0


@dataclass(frozen=True, slots=True)
class ViewStatus:
    """How a view stands: how far it has come, how far behind the log, and what it set aside."""

    name: str
    shape: int
    generation: int
    state: str
    position: int
    lag_events: int
    lag_seconds: float
    quarantined: int
    runner: str | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A stream that a view could not take: since when, since which entry, and why (no values)."""

    view: str
    owner: str
    version: int
    since: datetime
    error: str


class Views(Protocol):
    """What the view tables answer."""

    def caseload(self, scope: Scope, asked: CaseQuery) -> Page[CaseFound]:
        """Return the journeys of the scope. Raises BadCursor."""
        ...

    def candidates(self, scope: Scope, asked: CaseQuery, after: str, limit: int) -> list[str]:
        """Return ids of journeys above `after` that are or ever were within what is asked."""
        ...

    def readings(self, key: str) -> list[int]:
        """Return the positions of the entries that have readings under a key, in order."""
        ...

    def due(self, scope: Scope, asked: DueQuery) -> Page[DueFound]:
        """Return the open deadlines of the scope, with their journeys. Raises BadCursor."""
        ...

    def find_clients(self, scope: Scope, asked: ClientQuery) -> Page[ClientFound]:
        """Return clients who fit, the best first. Raises BadCursor and NothingAsked."""
        ...

    def possible_duplicates(self, scope: Scope, client: ClientRow) -> list[ClientFound]:
        """Return other clients who may be the same person, the likeliest first."""
        ...

    def clients(self, clients: Sequence[str]) -> Mapping[str, ClientRow]:
        """Return those of the clients who are registered, by id, whoever may see them."""
        ...

    def client(self, client: str) -> ClientRow | None:
        """Return a client as registered, whoever may see it."""
        ...

    def journeys_of(self, client: str) -> list[CaseRow]:
        """Return the journeys of a client, the newest first, whoever may see them."""
        ...

    def journeys_of_each(self, clients: Sequence[str]) -> dict[str, list[CaseRow]]:
        """Return what `journeys_of` returns of each of many clients, at once."""
        ...

    def board(
        self, day: date, *, programme: str | None, organisation: str | None, weeks: int
    ) -> Board:
        """Return where journeys stood on the day, and the flow of the weeks up to it."""
        ...

    def responsibility(
        self,
        *,
        journey: str | None,
        person: str | None,
        organisation: str | None,
        limit: int,
        cursor: str | None,
    ) -> Page[ResponsibilityRow]:
        """Return who was responsible for what, the earliest first. Raises BadCursor."""
        ...

    def statuses(self) -> list[ViewStatus]:
        """Return how each view stands."""
        ...

    def set_aside(self) -> list[SetAside]:
        """Return the streams that views could not take."""
        ...

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until every view has come to the position; False where the time ran out."""
        ...
