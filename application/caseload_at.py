"""A caseload and a board at another moment: the journeys that come into question, each folded.

The tables of the views say how things stand now. What stood at a day, or was known at an instant,
is told by the histories themselves: as many as one request may fold, and from there on in the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from application.case_file import Seen, open_doubts, seen_at
from application.journeys import UnknownJourney, history, rules_of
from application.office import Office
from application.ports import NotReadable
from application.questions import BadCursor, CaseQuery, Views
from application.scope import Scope, keys_of, may_see
from application.transact import digest_of
from application.views.caseload import asked_to_take, caseload_rows
from application.views.rows import CaseRow
from domain.journey.history import History

FOLDED = 500
"""How many journeys one request folds at most."""

_BATCH = 100


@dataclass(frozen=True, slots=True)
class CaseAt:
    """A journey of a caseload at another moment; `day` is the day it is seen from.

    `claimed` says that the answer leans on another system's claim of when it knew; `is_its_own`
    that the journey is of the same client now, and was not said to be of another by mistake.
    """

    case: CaseRow
    day: date
    claimed: bool
    is_its_own: bool


@dataclass(frozen=True, slots=True)
class CasesAt:
    """Some of a caseload at another moment, in the order of the ids.

    `next` is the cursor to go on with, None at the end: a page may have less than was asked for, or
    nothing, and not be the last. `unread` is how many journeys that come into question are missing,
    because they cannot be read.
    """

    items: tuple[CaseAt, ...]
    next: str | None
    unread: int = 0


def cases_at(
    office: Office,
    views: Views,
    scope: Scope,
    asked: CaseQuery,
    *,
    as_at: date | None,
    known_at: datetime | date | None,
) -> CasesAt:
    """Return the journeys that were of what is asked at the moment, and are in scope now.

    Who may see a journey is a question to the present: what one may not open is in no list.
    Raises BadCursor for a cursor of another question.
    """
    found: list[CaseAt] = []
    question = digest_of("caseload-at", replace(asked, limit=0, cursor=None), as_at, known_at)
    after, unread = _after(question, asked.cursor), 0
    for folded, journey in enumerate(_candidates(views, scope, asked, after), start=1):
        try:
            one = _case_at(office, scope, journey, as_at=as_at, known_at=known_at)
        except NotReadable:
            one, unread = None, unread + 1
        if one is not None and fits(asked, one.case):
            found.append(one)
        after = journey
        if len(found) == asked.limit or folded == FOLDED:
            more = views.candidates(scope, _wide(asked), after, 1)
            return CasesAt(tuple(found), _cursor(question, after) if more else None, unread)
    return CasesAt(tuple(found), None, unread)


_DIGEST = 12
"""Characters at a cursor's head that tell which question it is of."""


def _cursor(question: str, journey: str) -> str:
    return f"{question[:_DIGEST]}.{journey}"


def _after(question: str, cursor: str | None) -> str:
    """Return the id to go on after. Raises BadCursor."""
    if cursor is None:
        return ""
    head, _, journey = cursor.partition(".")
    if head != question[:_DIGEST]:
        raise BadCursor(cursor)
    return journey


def row_at(office: Office, seen: Seen) -> CaseRow | None:
    """Return the caseload's row of a journey as it was seen; None before its first entry."""
    entries = seen.look.entries
    if not entries:
        return None
    then = History(entries, entries, seen.journey)
    rows = caseload_rows(seen.id, then, rules_of(office))
    row = next(row for row in rows if isinstance(row, CaseRow))
    doubted = open_doubts(office, seen)
    return row._replace(doubts=len(doubted), version=seen.version)


def fits(asked: CaseQuery, case: CaseRow) -> bool:
    """Whether a row of another moment is of all that is asked: being folded, it is never stale."""
    if asked.stale:
        return False
    wanted = {
        "responsible": asked.worker,
        "organisation": asked.organisation,
        "programme": asked.programme,
        "phase": asked.phase,
        "status": asked.status,
        "is_open": asked.open,
    }
    if any(value is not None and getattr(case, name) != value for name, value in wanted.items()):
        return False
    if asked.waiting_for is not None and asked.waiting_for not in asked_to_take(case):
        return False
    if asked.due_by is None:
        return True
    return case.next_due is not None and case.next_due <= asked.due_by


def _candidates(views: Views, scope: Scope, asked: CaseQuery, after: str) -> Iterator[str]:
    wide = _wide(asked)
    while batch := views.candidates(scope, wide, after, _BATCH):
        yield from batch
        after = batch[-1]


def _case_at(
    office: Office,
    scope: Scope,
    journey: str,
    *,
    as_at: date | None,
    known_at: datetime | date | None,
) -> CaseAt | None:
    try:
        found = history(office, journey)
    except UnknownJourney:
        return None
    if not may_see(scope, keys_of(journey, found.journey)):
        return None
    seen = seen_at(office, journey, found, as_at=as_at, known_at=known_at)
    row = row_at(office, seen)
    if row is None or not (row.client or _is_nobodys(seen)):
        return None
    return CaseAt(row, seen.day, seen.look.claimed, row.client == found.journey.client)


def _is_nobodys(seen: Seen) -> bool:
    """Whether no referral was known any more: it was retracted, and a list of then has it."""
    return seen.known.journey.referral is None


def _wide(asked: CaseQuery) -> CaseQuery:
    """Return the query without what the tables know of the present alone."""
    # A handover that was declined since has left nothing in the tables, and was asked all the same.
    wide = replace(asked, waiting_for=None)
    return replace(wide, phase=None, status=None, open=None, due_by=None, stale=None)
