"""Boards: how many clients stand where, for how long, what is overdue, who comes and who leaves.

A board tells numbers, and nobody's data.
"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from application.board_at import TooMany, board_at
from application.local_time import day_at, zone_of, zones_of
from application.permissions import Denied
from application.questions import Board, BoardLine
from application.scope import Role
from domain.definition import Phase
from domain.wording import in_language, in_words, said, wording_of
from interfaces.http.clocks import Clocks, Told
from interfaces.http.context import Asking, Here
from interfaces.http.journey_models import Coded
from interfaces.http.problems import FORBIDDEN, TOO_MANY, UNKNOWN_PROGRAMME, Problem
from interfaces.http.reading import Code, Id, WaitFor, require, tongue_of, wait_for
from interfaces.http.titles import Titles, newest_definition

router = APIRouter(tags=["boards"])


class BoardQuery(Clocks):
    """For which moment a board is wanted."""

    weeks: int = Field(default=8, ge=1, le=53)
    """Inflow and outflow of so many weeks, up to that of the day."""
    wait_for: WaitFor | None = None
    """A position of the log (that of a receipt): wait until the lists have come to it, at most a
    few seconds."""


class OrganisationBoardQuery(BoardQuery):
    """Which part of an organisation's board is wanted."""

    programme: Id | None = None
    """Only journeys of this programme."""


class ProgrammeBoardQuery(BoardQuery):
    """Which part of a programme's board is wanted."""

    organisation: Id | None = None
    """Only journeys of this organisation."""


class Place(Told):
    """Where journeys stand: a phase, or referred, waiting (for the first phase), paused ..."""

    programme: Coded
    """The programme, and what it is called."""
    organisation: Coded
    """The organisation, and what it is called."""
    standing: Coded
    """How the journeys stand: a phase, or what else they wait for."""
    journeys: int
    """How many journeys."""
    days_median: float
    """Days in the phase, or since they came to stand there."""
    days_most: int
    """The longest that one of them has been there, in days."""
    overdue: int
    """Deadlines overdue on the day, of the journeys that stand there."""


class Week(Told):
    """Journeys that came and left in a week."""

    monday: date
    """The Monday on which the week begins."""
    came: int
    """How many journeys came in the week."""
    left: int
    """How many left in the week."""


class BoardClocks(Told):
    """Which moment a board speaks of."""

    as_at: date | None
    """What had happened by this day counts; null: all that is recorded."""
    known_at: datetime | date | None
    """What was known by this instant (UTC) counts; null: what is known now."""
    claimed: bool
    """Whether it leans on another system's claim of when it knew something."""
    day: date
    """The day from which it is seen."""


class BoardTold(Told):
    """A board on a day."""

    clocks: BoardClocks
    """Which moment the answer speaks of."""
    journeys: int
    """How many go on: neither closed nor declined."""
    waiting: int
    """How many wait for acceptance, as it happened. `GET /journeys?whose=waiting` lists those of
    your organisation that do, as recorded, with what else waits for it."""
    overdue: int
    """How many deadlines are overdue."""
    places: list[Place]
    """Each place of a journey, and how many are there."""
    weeks: list[Week]
    """The oldest first."""
    position: int
    """How far the board had come in the log."""
    unread: int
    """How many journeys could not be read to the end, whosever they are: they are counted as they
    were, or, as with `known_at`, not at all."""


_PHASES = frozenset(Phase)
_ENDED = frozenset({"closed", "declined"})


@router.get("/boards/organisations/{code}", summary="The board of an organisation")
def organisation_board(
    code: Code, asked: Annotated[OrganisationBoardQuery, Query()], here: Asking
) -> BoardTold:
    """Tell how many clients an organisation has in which phase, on a day."""
    require(here, "board")
    scope = here.scope
    if scope.role in {Role.CASE_WORKER, Role.TEAM_LEAD}:
        _check(code in {scope.organisation, *scope.partners}, Denied.ROLE)
    if scope.role is Role.PROGRAMME_MANAGER:
        _check(asked.programme in scope.programmes, Denied.PROGRAMME)
    return _board(here, asked, programme=asked.programme, organisation=code)


@router.get("/boards/programmes/{code}", summary="The board of a programme")
def programme_board(
    code: Code, asked: Annotated[ProgrammeBoardQuery, Query()], here: Asking
) -> BoardTold:
    """Tell how many clients each organisation of a programme has in which phase, on a day."""
    require(here, "board")
    scope, definition = here.scope, newest_definition(here, code)
    if definition is None:
        raise Problem(UNKNOWN_PROGRAMME, said("see GET /programmes for those that are published"))
    if scope.role is Role.PROGRAMME_MANAGER:
        _check(code in scope.programmes, Denied.PROGRAMME)
    if scope.role in {Role.CASE_WORKER, Role.TEAM_LEAD}:
        taking_part = {one.code for one in definition.organisations}
        taking_part |= set(here.office.programmes.state(code).organisations)
        _check(scope.organisation in taking_part, Denied.PROGRAMME)
    return _board(here, asked, programme=code, organisation=asked.organisation)


def _check(allowed: bool, why: Denied) -> None:
    if not allowed:
        raise Problem(FORBIDDEN, why.said, reason=why.value)


def _board(
    here: Here, asked: BoardQuery, *, programme: str | None, organisation: str | None
) -> BoardTold:
    wait_for(here, asked.wait_for)
    day = asked.as_at or _day(here, asked, programme, organisation)
    claimed = False
    if asked.known_at is None:
        board = here.parts.views.board(
            day, programme=programme, organisation=organisation, weeks=asked.weeks
        )
    else:
        try:
            found = board_at(
                here.office,
                here.parts.views,
                day,
                asked.known_at,
                programme=programme,
                organisation=organisation,
                weeks=asked.weeks,
            )
        except TooMany as error:
            raise Problem(TOO_MANY, wording_of(error)) from None
        board, claimed = found.board, found.claimed
    clocks = BoardClocks(as_at=asked.as_at, known_at=asked.known_at, claimed=claimed, day=day)
    return _told(here, board, clocks)


def _day(here: Here, asked: BoardQuery, programme: str | None, organisation: str | None) -> date:
    """Return the day of `known_at`, else today, where the programme or organisation is."""
    if asked.known_at is not None and not isinstance(asked.known_at, datetime):
        return asked.known_at
    instant = asked.known_at or here.office.log.now()
    if programme is not None:
        return instant.astimezone(zone_of(newest_definition(here, programme))).date()
    return day_at(organisation or "", instant, zones_of(here.office.programmes))


def _told(here: Here, board: Board, clocks: BoardClocks) -> BoardTold:
    titles = Titles(here)
    places = [_place(here, line, titles) for line in board.lines]
    going_on = [line for line in board.lines if line.standing not in _ENDED]
    return BoardTold(
        clocks=clocks,
        journeys=sum(line.journeys for line in going_on),
        waiting=sum(line.journeys for line in going_on if line.standing == "referred"),
        overdue=sum(line.overdue for line in board.lines),
        places=places,
        weeks=[Week(monday=week.week, came=week.came, left=week.left) for week in board.weeks],
        position=board.position,
        unread=board.unread,
    )


def _place(here: Here, line: BoardLine, titles: Titles) -> Place:
    standing = line.standing
    status = in_language(in_words("status", standing), tongue_of(here))
    return Place(
        programme=titles.programme(line.programme),
        organisation=titles.organisation(line.programme, line.organisation),
        standing=titles.of(line.programme, "phase", standing)
        if standing in _PHASES
        else Coded(code=standing, title=status),
        journeys=line.journeys,
        days_median=line.days_median,
        days_most=line.days_most,
        overdue=line.overdue,
    )
