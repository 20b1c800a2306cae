"""A board as it was known at an instant: the same count as the tables', over histories folded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from application.case_file import seen_at
from application.journeys import UnknownJourney, history, rules_of
from application.office import Office
from application.ports import NotReadable
from application.questions import Board, BoardLine, CaseQuery, Views, WeekFlow
from application.scope import Purpose, Role, Scope
from application.views.board import board_rows
from application.views.rows import ObligationRow, SpanRow
from application.views.view import by_table
from domain.wording import said

FOLDED = 2_000
"""How many journeys a board is folded from at most."""

_BATCH = 500
_ALL = Scope("board", Role.AUDITOR, "", Purpose.AUDIT)
"""A board counts every journey of its place and tells none of them."""


class TooMany(Exception):
    """More journeys come into question than one request may fold."""

    def __init__(self) -> None:
        super().__init__(
            said(
                "more than {most} journeys would have to be folded for known_at: ask as_at alone, "
                "or for one organisation",
                most=FOLDED,
            )
        )


@dataclass(frozen=True, slots=True)
class BoardAt:
    """A board at another moment, and whether it leans on another system's claim."""

    board: Board
    claimed: bool


def board_at(
    office: Office,
    views: Views,
    day: date,
    known_at: datetime | date,
    *,
    programme: str | None,
    organisation: str | None,
    weeks: int,
) -> BoardAt:
    """Return the board of the day by what was known at the instant. Raises TooMany."""
    position = office.log.position()
    asked = CaseQuery(programme=programme, organisation=organisation, open=None)
    spans: list[SpanRow] = []
    owed: list[ObligationRow] = []
    claimed, unread = False, 0
    for number, journey in enumerate(_candidates(views, asked), start=1):
        if number > FOLDED:
            raise TooMany
        try:
            seen = seen_at(office, journey, history(office, journey), known_at=known_at)
        except UnknownJourney:
            continue
        except NotReadable:
            unread += 1
            continue
        claimed = claimed or seen.look.claimed
        rows = by_table(board_rows(journey, seen.known, rules_of(office)))
        spans += rows.get(SpanRow, [])
        owed += rows.get(ObligationRow, [])
    if programme is not None:
        spans = [span for span in spans if span.programme == programme]
    lines = board_lines(spans, owed, day, organisation)
    flow = week_flow(spans, day, organisation, weeks)
    return BoardAt(Board(day, lines, flow, position, unread), claimed)


def board_lines(
    spans: Iterable[SpanRow],
    owed: Iterable[ObligationRow],
    day: date,
    organisation: str | None,
) -> tuple[BoardLine, ...]:
    """Return where journeys stood on the day, for how long, and what was overdue."""
    overdue = Counter(one.owner for one in owed if _overdue(one, day))
    stood: dict[tuple[str, str, str], list[SpanRow]] = defaultdict(list)
    for span in spans:
        here = organisation in {None, span.organisation}
        if here and span.since <= day and (span.until is None or day < span.until):
            stood[(span.programme, span.organisation, span.standing)].append(span)
    return tuple(_line(place, those, overdue, day) for place, those in sorted(stood.items()))


def _line(
    place: tuple[str, str, str], those: list[SpanRow], overdue: Counter[str], day: date
) -> BoardLine:
    days = [(day - (span.phase_since or span.since)).days for span in those]
    late = sum(overdue[span.owner] for span in those)
    return BoardLine(*place, len(those), float(median(days)), max(days), late)


def _overdue(one: ObligationRow, day: date) -> bool:
    owed = one.opened_on <= day and one.due is not None and one.due < day
    return owed and (one.settled_on is None or day < one.settled_on)


def week_flow(
    spans: Iterable[SpanRow], day: date, organisation: str | None, weeks: int
) -> tuple[WeekFlow, ...]:
    """Return who came and who left in each of the weeks up to that of the day.

    The last week is that of the day, up to the day.
    """
    last = day - timedelta(days=day.weekday())
    came: Counter[date] = Counter()
    left: Counter[date] = Counter()
    for span in spans:
        for of, moved, where in _moves(span):
            if organisation in {None, where} and moved <= day:
                (came if of == "came" else left)[moved - timedelta(days=moved.weekday())] += 1
    first = last - timedelta(weeks=weeks - 1)
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    return tuple(WeekFlow(monday, came[monday], left[monday]) for monday in mondays)


_ENDED = frozenset({"closed", "declined"})


def _moves(span: SpanRow) -> Iterator[tuple[str, date, str]]:
    """Yield the days on which a journey came to an organisation and left it, by one span.

    It comes when it begins there, is handed over to it or reopened there, and leaves when it is
    handed over or ends.
    """
    ended = span.standing in _ENDED
    if not ended and (span.number == 1 or span.came_from is not None):
        yield "came", span.since, span.organisation
    if ended and span.number > 1 and span.came_from is None:
        yield "left", span.since, span.organisation
    if span.until is None:
        return
    if ended and span.went_to is None:
        yield "came", span.until, span.organisation
    if not ended and span.went_to is not None:
        yield "left", span.until, span.organisation


def _candidates(views: Views, asked: CaseQuery) -> Iterator[str]:
    after = ""
    while batch := views.candidates(_ALL, asked, after, _BATCH):
        yield from batch
        after = batch[-1]
