"""What the view tables answer: the questions that cross streams, on the live tables of views."""

from collections.abc import Mapping, Sequence
from datetime import date

from application.questions import (
    Board,
    CaseFound,
    CaseQuery,
    ClientFound,
    ClientQuery,
    DueFound,
    DueQuery,
    Page,
    SetAside,
    ViewStatus,
)
from application.scope import Scope
from application.views.rows import CaseRow, ClientRow, ResponsibilityRow
from infrastructure import view_queries_board as boards
from infrastructure import view_queries_caseload as cases
from infrastructure import view_queries_clients as register
from infrastructure import view_queries_due as deadlines
from infrastructure import view_queries_past as past
from infrastructure import view_standing as standing
from infrastructure.projections import Projections
from infrastructure.view_reading import ViewReader


class ViewQueries:
    """Answers questions that cross streams; each sees one state of the database."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections
        self._reader = ViewReader(projections.database)

    def caseload(self, scope: Scope, asked: CaseQuery) -> Page[CaseFound]:
        """Return the journeys of the scope. Raises BadCursor."""
        return cases.caseload(self._reader, scope, asked)

    def candidates(self, scope: Scope, asked: CaseQuery, after: str, limit: int) -> list[str]:
        """Return ids of journeys above `after` that are or ever were within what is asked."""
        return past.candidates(self._reader, scope, asked, after, limit)

    def due(self, scope: Scope, asked: DueQuery) -> Page[DueFound]:
        """Return the open deadlines of the scope, with their journeys. Raises BadCursor."""
        return deadlines.due(self._reader, scope, asked)

    def find_clients(self, scope: Scope, asked: ClientQuery) -> Page[ClientFound]:
        """Return clients who fit, the best first. Raises BadCursor and NothingAsked."""
        return register.find_clients(self._reader, scope, asked)

    def possible_duplicates(self, scope: Scope, client: ClientRow) -> list[ClientFound]:
        """Return other clients who may be the same person, the likeliest first."""
        return register.possible_duplicates(self._reader, scope, client)

    def clients(self, clients: Sequence[str]) -> Mapping[str, ClientRow]:
        """Return those of the clients who are registered, by id, whoever may see them."""
        return register.clients(self._reader, clients)

    def client(self, client: str) -> ClientRow | None:
        """Return a client as registered, whoever may see it."""
        return register.client(self._reader, client)

    def journeys_of(self, client: str) -> list[CaseRow]:
        """Return the journeys of a client, the newest first, whoever may see them."""
        return register.journeys_of_each(self._reader, [client])[client]

    def journeys_of_each(self, clients: Sequence[str]) -> dict[str, list[CaseRow]]:
        """Return what `journeys_of` returns of each of many clients, at once."""
        return register.journeys_of_each(self._reader, clients)

    def board(
        self, day: date, *, programme: str | None, organisation: str | None, weeks: int
    ) -> Board:
        """Return where journeys stood on the day, and the flow of the weeks up to it."""
        return boards.board(
            self._reader, day, programme=programme, organisation=organisation, weeks=weeks
        )

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
        return past.responsibility(
            self._reader,
            journey=journey,
            person=person,
            organisation=organisation,
            limit=limit,
            cursor=cursor,
        )

    def readings(self, key: str) -> list[int]:
        """Return the positions of the entries that have readings under a key, in order."""
        return past.readings(self._reader, key)

    def statuses(self) -> list[ViewStatus]:
        """Return how each view stands."""
        return standing.statuses(self._projections)

    def set_aside(self) -> list[SetAside]:
        """Return the streams that views could not take."""
        return standing.set_aside(self._projections)

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until every view has come to the position; False where the time ran out."""
        return standing.wait_for(self._projections, position, seconds)
