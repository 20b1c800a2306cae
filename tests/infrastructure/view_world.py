"""A small world of journeys for tests of what views answer: drawn at random, and kept in tables."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from application.scope import keys_of
from application.views import BOARD, CASELOAD, REGISTER, RESPONSIBILITY, VIEWS
from application.views.register import FoldedName, folded_id, folded_words
from application.views.register import name_rows as rows_of_name
from application.views.rows import (
    CaseRow,
    ClientRow,
    DueReachRow,
    DueRow,
    ReachRow,
    RecentRow,
)
from application.views.view import Rules, View
from domain.definition import Phase
from domain.entry import By, Entry
from domain.journey import events as e
from domain.journey.history import History
from domain.journey.state import Handover, Journey, Member, Responsible, Status, Stay
from infrastructure.event_log import open_log
from infrastructure.projections import Projections
from infrastructure.view_queries import ViewQueries

ORGANISATIONS = ("kuopio", "kela", "oulu", "school")
PROGRAMMES = ("ali", "askel", "follow-me")
WORKERS = ("aino", "eero", "paola")
DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PHASES = (None, *Phase)


def no_definition(programme: str, version: int) -> Any:
    raise AssertionError(f"{programme} {version} is asked for, but no journey has a referral")


RULES = Rules(no_definition, lambda _country: lambda _day: True)


@dataclass
class Known:
    """A journey of the world: its state, and the rows the view makes of it."""

    journey: Journey
    rows: list[Any]

    @property
    def case(self) -> CaseRow:
        return next(row for row in self.rows if isinstance(row, CaseRow))

    @property
    def reaches(self) -> list[ReachRow]:
        return [row for row in self.rows if isinstance(row, ReachRow)]

    @property
    def dues(self) -> list[DueRow]:
        return [row for row in self.rows if isinstance(row, DueRow)]

    @property
    def keys(self) -> frozenset[str]:
        return keys_of(self.case.owner, self.journey)


@dataclass
class World:
    journeys: dict[str, Known] = field(default_factory=dict)
    clients: dict[str, ClientRow] = field(default_factory=dict)


def drawn_world(seed: int, journeys: int = 120) -> World:
    draw = random.Random(seed)  # noqa: S311 - for play
    world = World()
    for number in range(journeys // 2):
        client = drawn_client(draw, f"client-{number}")
        world.clients[client.owner] = client
    for number in range(journeys):
        name = f"{draw.choice('aBzäÖ')}-{number}"
        world.journeys[name] = drawn_journey(draw, name, number + 1, journeys // 2 + 2)
    return world


def drawn_client(draw: random.Random, owner: str) -> ClientRow:
    given, family = draw.choice(["Aino", "Pekka", "Zoë"]), draw.choice(["Mäkelä", "Rossi"])
    return client_row(owner, given, family, registered_by=draw.choice(ORGANISATIONS))


def client_row(owner: str, given: str | None, family: str | None, **more: Any) -> ClientRow:
    words = (*folded_words(family or ""), *folded_words(given or ""))
    row = ClientRow(
        owner=owner,
        given_name=given,
        family_name=family,
        sorted_name=" ".join(words),
        born=None,
        local_id=None,
        municipality=None,
        language=None,
        registered_on=DAY,
        registered_by="kuopio",
        version=1,
        position=1,
    )
    row = row._replace(**more)
    return row._replace(folded_id=row.local_id and folded_id(row.local_id))


def name_rows(client: ClientRow) -> list[Any]:
    name = FoldedName.of(client.given_name or "", client.family_name or "")
    return list(rows_of_name(client.owner, name, client.goes_by))


def drawn_journey(draw: random.Random, name: str, position: int, clients: int) -> Known:
    state = drawn_state(draw, clients)
    by = By("somebody", "somewhere")
    last = Entry(3, e.ReferralAccepted(), _day(draw), MOMENT, by, position=position)
    rows = list(CASELOAD.rows(name, History((last,), (), state), RULES))
    dues = [drawn_due(draw, rows[0], number) for number in range(draw.choice([0, 0, 1, 1, 2, 3]))]
    if draw.random() < 0.1:
        rows[0] = rows[0]._replace(stale_since=MOMENT)
    return Known(state, with_dues(rows, dues))


def drawn_state(draw: random.Random, clients: int) -> Journey:
    if draw.random() < 0.03:
        return Journey()  # its referral was retracted
    status = draw.choice([Status.OPEN, Status.OPEN, Status.OPEN, *Status])
    phase = draw.choice(PHASES)
    organisation = draw.choice(ORGANISATIONS)
    there = draw.sample(ORGANISATIONS, draw.randrange(3))
    asked, worker = draw.choice([None, None, None, *ORGANISATIONS]), draw.choice([None, *WORKERS])
    return Journey(
        client=f"client-{draw.randrange(clients)}",
        programme=draw.choice(PROGRAMMES),
        definition_version=1,
        status=status,
        organisation=organisation,
        responsible=Responsible(2, worker, organisation, DAY) if worker else None,
        stays=(Stay(3, phase, _day(draw)),) if phase else (),
        team=tuple(
            Member(4, "person", code, "tutor", DAY, draw.choice([None, DAY])) for code in there
        ),
        handover=Handover(5, DAY, asked) if asked else None,
    )


def _day(draw: random.Random) -> date:
    return DAY + timedelta(days=draw.randrange(-6, 6))


def drawn_due(draw: random.Random, case: CaseRow, number: int) -> DueRow:
    return DueRow(
        owner=case.owner,
        deadline=f"rule/{number}",
        rule="rule",
        title_en="Something is due",
        title_local="Jotain on tehtävä",
        basis="",
        organisation=case.organisation,
        responsible=case.responsible,
        opened_on=DAY,
        due=None if draw.random() < 0.2 else _day(draw),
    )


def with_dues(rows: list[Any], dues: list[DueRow]) -> list[Any]:
    case = rows[0]
    first = min((d for d in dues if d.due), key=lambda d: (d.due, d.deadline), default=None)
    due = first.due if first else None
    case = case._replace(next_due=due, next_deadline=first.deadline if first else None)
    reaches = [row._replace(due=due or date.max) for row in rows if isinstance(row, ReachRow)]
    recents = [row for row in rows if isinstance(row, RecentRow)]
    by_key = [
        DueReachRow(d.owner, reach.key, d.deadline, d.due or date.max)
        for d in dues
        for reach in reaches
        if not reach.key.startswith("waiting:")
    ]
    return [case, *reaches, *recents, *dues, *by_key]


class Tables:
    """The views' tables of one database, to be written by hand and asked."""

    def __init__(self, projections: Projections) -> None:
        self.projections = projections
        self.ask = ViewQueries(projections)
        self._generations = {view.name: 1 for view in VIEWS}

    def put(self, view: View[Any], rows: dict[str, list[Any]]) -> None:
        """Put rows in the place of their owners'."""
        tables = self.projections.tables(view, self._generations[view.name])
        with self.projections.writing() as cursor:
            every = [row for some in rows.values() for row in some]
            tables.replace(cursor, list(rows), every)

    def put_clients(self, *clients: ClientRow) -> None:
        self.put(REGISTER, {one.owner: [one, *name_rows(one)] for one in clients})

    def put_world(self, world: World) -> None:
        self.put(CASELOAD, {owner: one.rows for owner, one in world.journeys.items()})
        self.put_clients(*world.clients.values())

    def put_spans(self, rows: dict[str, list[Any]]) -> None:
        self.put(BOARD, rows)

    def put_responsible(self, rows: dict[str, list[Any]]) -> None:
        self.put(RESPONSIBILITY, rows)

    def switch(self, view: View[Any], *, drop: bool) -> None:
        """Copy a view's rows into its next generation, have that one read, and drop the old one."""
        old = self.projections.tables(view, self._generations[view.name])
        self._generations[view.name] += 1
        new = self.projections.tables(view, self._generations[view.name])
        with self.projections.writing() as cursor:
            owners = old.owners(cursor, view.tables[0], "", 10_000)
            new.create(cursor, indexes=False)
            new.insert(cursor, old.rows_of(cursor, owners))
            new.create_indexes(cursor)
            cursor.execute(
                f"UPDATE projections SET generation = {new.generation}, position = 77 "
                f"WHERE name = '{view.name}'"
            )
            if drop:
                old.drop(cursor)


@contextmanager
def tables(url: str) -> Iterator[Tables]:
    with open_log(url) as log:
        projections = Projections(log, VIEWS, RULES)
        projections.begin()
        yield Tables(projections)
