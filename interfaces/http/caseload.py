"""The caseload: my clients, with what is due next and what is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query

from application.caseload_at import CaseAt, cases_at
from application.questions import CaseFound, CaseOrder, CaseQuery
from application.scope import Role
from application.sentences.words import Words, words_of
from application.views.rows import CaseRow, ClientRow
from domain.definition import Phase
from domain.journey.state import BEFORE, Status
from domain.wording import in_language, in_words, titled
from interfaces.http.clocks import Clocks, Day, Told
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import ClientLink, Coded
from interfaces.http.reading import (
    Cursor,
    Definitions,
    Id,
    Limit,
    WaitFor,
    client_of,
    require,
    tongue_of,
    wait_for,
)

router = APIRouter(tags=["caseload"])

_TURNS = 5
"""How many pages of the scope are looked through for journeys that others share."""


class Whose(StrEnum):
    """Whose journeys: one's own, those of one's organisation, those others share, or all."""

    MINE = "mine"
    ORGANISATION = "organisation"
    SHARED = "shared"
    ALL = "all"


class Which(StrEnum):
    """Journeys that go on, those that have ended, or all."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


_OPEN = {Which.OPEN: True, Which.ENDED: False, Which.ALL: None}


class CaseloadQuery(Clocks):
    """Which journeys are wanted; what is not given does not matter."""

    whose: Whose | None = None
    """By default `mine` for a case worker, `organisation` for a team lead, else `all` of the scope.
    `shared`: by handover, team or agreement."""
    worker: Id | None = None
    """The person who answers for the journey."""
    organisation: Id | None = None
    programme: Id | None = None
    phase: Phase | None = None
    status: Status | None = None
    which: Which = Which.OPEN
    """`open`, `ended`, or `all`."""
    due_by: Day | None = None
    """With something due up to this day."""
    stale: bool | None = None
    """True: those that the lists could not take the newest entries of."""
    order: CaseOrder = CaseOrder.DUE
    """`due`: what is due first; `recent`: what changed last; `phase-since`: who is longest in a
    phase. With clocks the order is that of the ids."""
    limit: Limit = 50
    cursor: Cursor | None = None
    wait_for: WaitFor | None = None


class NextDeadline(Told):
    """The deadline that is due first."""

    id: str
    title: str
    due: date
    days_left: int
    overdue: bool


class LastEntry(Told):
    """The newest entry of a journey."""

    kind: str
    occurred_on: date
    recorded_at: datetime


class CaseTold(Told):
    """A journey in the caseload."""

    journey: str
    version: int
    client: ClientLink
    programme: Coded
    organisation: Coded
    status: Coded
    is_open: bool
    phase: Coded | None
    phase_since: date | None
    phase_days: int | None
    responsible: str | None
    responsible_since: date | None
    next_deadline: NextDeadline | None
    exempt: int
    """How many deadlines were lifted."""
    reviews: int
    """How many decisions wait for review after a correction."""
    last: LastEntry
    day: date
    """The day it is seen from, where its programme is run."""
    stale_since: datetime | None
    """Since when this list could not take its newest entries; its page tells them."""


class ListClocks(Told):
    """Which moment a list speaks of; a day of `known_at` ends where each programme is run."""

    as_at: date | None
    known_at: datetime | date | None
    claimed: bool
    """Whether a journey of the page leans on another system's claim of when it knew something."""


class Caseload(Told):
    """Some of the journeys of a caseload."""

    clocks: ListClocks
    items: list[CaseTold]
    next: str | None
    """The cursor of what follows; null at the end. With clocks, or with `shared`, a page may have
    fewer than asked for, or none, and not be the last."""
    position: int
    """How far the list had come in the log."""


@router.get("/journeys", summary="My clients: the caseload")
def list_journeys(asked: Annotated[CaseloadQuery, Query()], here: Asking) -> Caseload:
    """Tell the journeys of the scope, each with its client and what is due next."""
    require(here, "caseload")
    wait_for(here, asked.wait_for)
    query = _query(here, asked)
    telling = Telling(here)
    if asked.asked:
        return _at_the_clocks(here, asked, query, telling)
    found, next_, position = _now(here, asked, query)
    telling.note(one.case for one in found)
    return Caseload.model_construct(
        clocks=ListClocks(as_at=None, known_at=None, claimed=False),
        items=[telling.case(one.case, link_of(one)) for one in found],
        next=next_,
        position=position,
    )


def _at_the_clocks(
    here: Here, asked: CaseloadQuery, query: CaseQuery, telling: "Telling"
) -> Caseload:
    position = here.office.log.position()
    page = cases_at(
        here.office,
        here.parts.views,
        here.scope,
        query,
        as_at=asked.as_at,
        known_at=asked.known_at,
    )
    items = [one for one in page.items if not _left_out(here, asked, one.case)]
    telling.note(one.case for one in items)
    return Caseload.model_construct(
        clocks=ListClocks.model_construct(
            as_at=asked.as_at,
            known_at=asked.known_at,
            claimed=any(one.claimed for one in items),
        ),
        items=[_told_at(here, one, telling) for one in items],
        next=page.next,
        position=position,
    )


def _told_at(here: Here, one: CaseAt, telling: "Telling") -> CaseTold:
    known = client_of(here, one.case.client).registered
    born = known.date_of_birth.text if known else None
    client = ClientLink.model_construct(
        id=one.case.client,
        given_name=known.given_name.text if known else None,
        family_name=known.family_name.text if known else None,
        born=date.fromisoformat(born) if born else None,
    )
    return telling.case(one.case, client, day=one.day)


def _query(here: Here, asked: CaseloadQuery) -> CaseQuery:
    whose, scope = _whose(here, asked), here.scope
    worker, organisation = asked.worker, asked.organisation
    if whose is Whose.MINE:
        worker = worker or scope.person
    if whose is Whose.ORGANISATION:
        organisation = organisation or scope.organisation
    return CaseQuery(
        worker=worker,
        organisation=organisation,
        programme=asked.programme,
        phase=asked.phase.value if asked.phase else None,
        status=asked.status.value if asked.status else None,
        open=_OPEN[asked.which],
        due_by=asked.due_by,
        stale=asked.stale,
        order=asked.order,
        limit=asked.limit,
        cursor=asked.cursor,
    )


def _whose(here: Here, asked: CaseloadQuery) -> Whose:
    if asked.whose is not None:
        return asked.whose
    if asked.worker is not None or asked.organisation is not None:
        return Whose.ALL
    return default_whose(here.scope.role)


def default_whose(role: Role) -> Whose:
    """Return whose journeys a role asks for where it does not say."""
    own = {Role.CASE_WORKER: Whose.MINE, Role.TEAM_LEAD: Whose.ORGANISATION}
    return own.get(role, Whose.ALL)


def _now(
    here: Here, asked: CaseloadQuery, query: CaseQuery
) -> tuple[list[CaseFound], str | None, int]:
    found: list[CaseFound] = []
    for _ in range(_TURNS):
        page = here.parts.views.caseload(here.scope, query)
        found += [one for one in page.items if not _left_out(here, asked, one.case)]
        if page.next is None or len(found) == asked.limit:
            break
        query = replace(query, cursor=page.next, limit=asked.limit - len(found))
    return found, page.next, page.position


def _left_out(here: Here, asked: CaseloadQuery, case: CaseRow) -> bool:
    return asked.whose is Whose.SHARED and case.organisation == here.scope.organisation


def link_of(found: CaseFound) -> ClientLink:
    """Return the client of a journey in a few words."""
    return client_link(found.case.client, found.client)


def client_link(client: str, known: ClientRow | None) -> ClientLink:
    """Return a client of the register in a few words."""
    return ClientLink.model_construct(
        id=client,
        given_name=known.given_name if known else None,
        family_name=known.family_name if known else None,
        born=known.born if known else None,
    )


@dataclass(slots=True)
class Telling:
    """Tells the rows of one list, with the titles of their definitions."""

    here: Here
    definitions: Definitions = field(init=False)
    _words: dict[tuple[str, int], Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up each definition once."""
        self.definitions = Definitions(self.here)

    def note(self, cases: Iterable[CaseRow]) -> None:
        """Note that the clients of the list are about to be read."""
        for case in cases:
            self.here.note_reading("caseload", client=case.client or None, journey=case.owner)

    def case(self, case: CaseRow, client: ClientLink, day: date | None = None) -> CaseTold:
        """Return a row as it is told, seen from the day (today)."""
        day = day or self.definitions.today(case.programme, case.definition_version)
        return CaseTold.model_construct(
            journey=case.owner,
            version=case.version,
            client=client,
            programme=self.programme(case),
            organisation=self.title(case, "organisation", case.organisation),
            status=self._code("status", case.status),
            is_open=case.is_open,
            phase=self.title(case, "phase", case.phase) if case.phase else None,
            phase_since=case.phase_since,
            phase_days=(day - case.phase_since).days if case.phase_since else None,
            responsible=case.responsible,
            responsible_since=case.since,
            next_deadline=self._deadline(case, day),
            exempt=case.exempt,
            reviews=case.doubts,
            last=LastEntry.model_construct(
                kind=case.last_event,
                occurred_on=case.last_on,
                recorded_at=case.last_recorded_at.astimezone(UTC),
            ),
            day=day,
            stale_since=case.stale_since,
        )

    def title(self, case: CaseRow, kind: str, code: str) -> Coded:
        """Return a code of the journey's definition with its title."""
        key = (case.programme, case.definition_version)
        if key not in self._words:
            self._words[key] = words_of(self.definitions.of(*key), BEFORE, tongue_of(self.here))
        return Coded.model_construct(code=code, title=self._words[key].title(kind, code))

    def _code(self, kind: str, code: str) -> Coded:
        title = in_language(in_words(kind, code), tongue_of(self.here))
        return Coded.model_construct(code=code, title=title)

    def programme(self, case: CaseRow) -> Coded:
        """Return the programme of a journey with its title."""
        definition = self.definitions.of(case.programme, case.definition_version)
        title = (
            case.programme
            if definition is None
            else in_language(titled(definition.title), tongue_of(self.here))
        )
        return Coded.model_construct(code=case.programme, title=title)

    def _deadline(self, case: CaseRow, day: date) -> NextDeadline | None:
        if case.next_deadline is None or case.next_due is None:
            return None
        rule = case.next_deadline.partition("/")[0]
        return NextDeadline.model_construct(
            id=case.next_deadline,
            title=self.title(case, "deadline", rule).title,
            due=case.next_due,
            days_left=(case.next_due - day).days,
            overdue=case.next_due < day,
        )
