"""In worlds by chance nobody is told what consent or role does not cover; what leaves is recorded.

It is asked as each role, in each organisation, of all clients at once.
"""

import random
import re
from collections.abc import Iterable, Iterator

import pytest
from starlette.testclient import TestClient

from application.scope import Scope
from domain.access import Disclosed, Reading
from tests.databases import Own
from tests.interfaces.http.desk import opened_desk, set_up
from tests.interfaces.http.shared_world import (
    ALWAYS,
    CLIENTS,
    OF_ORGANISATIONS,
    SERVING,
    Mark,
    World,
)

MARK = re.compile(r"zq\d+q")
STEPS = 90


def questions(world: World) -> Iterator[str]:
    for way in world.ways:
        yield from (
            f"/journeys/{way}",
            f"/journeys/{way}/acts",
            f"/journeys/{way}?as_at=2025-03-03",
        )
        yield f"/journeys/{way}/timeline?limit=200"
    for client in CLIENTS:
        yield from (f"/clients/{client}", f"/clients/{client}/access")
        yield from (f"/clients/{client}/copy", f"/clients/{client}/copy?format=html")
    yield from ("/journeys?whose=all", "/journeys?whose=all&as_at=2025-03-03")
    yield from ("/deadlines?whose=all", "/changes?after=0&limit=200")
    yield from ("/changes/live?after=0&seconds=0.05", "/boards/programmes/trial")
    for code in SERVING:
        yield from (f"/calendar/lead-{code}.ics?names=true", f"/responsibility?organisation={code}")


def answers(world: World, asking: TestClient) -> Iterator[tuple[str, set[str], list[Reading]]]:
    """Yield what was asked, the marks that it was answered with, and what was noted of that."""
    notes = world.desk.parts.accesses.readings
    for path in (*questions(world), "/clients/search"):
        notes.clear()
        is_search = path.endswith("search")
        answer = asking.post(path, json={"name": "aino"}) if is_search else asking.get(path)
        assert answer.status_code in {200, 403, 404}, (path, answer.text)
        yield path, {*MARK.findall(answer.text)}, [*notes]


def recorded(world: World, who: Scope, mark: Mark, notes: Iterable[Reading]) -> bool:
    """Whether it is recorded that this was read, and, where it left, on which ground."""
    journeys = {mark.journey, None} if mark.journey else {None, *world.ways}
    of = [x for x in notes if x.client == mark.client and x.journey in journeys]
    grounds = {world.ground(who, way) for way in world.ways_of(mark)}
    if who.role not in OF_ORGANISATIONS or "responsible" in grounds:
        return bool(of)
    left = [x.disclosed for x in of if x.disclosed and mark.kind in x.disclosed.kinds]
    return any(_stands(world, who, mark, one, grounds) for one in left)


def _stands(
    world: World, who: Scope, mark: Mark, one: Disclosed, grounds: Iterable[str | None]
) -> bool:
    entries = {
        x.entry for x in world.consented(mark.client, who.organisation) if mark.kind in x.kinds
    }
    by_itself = one.ground == "opened" or mark.kind in ALWAYS
    return one.ground in grounds and (by_itself or bool(entries & {*one.consents}))


@pytest.mark.parametrize("seed", [2])
def test_nobody_is_told_what_is_not_covered_and_what_leaves_is_recorded(
    own_database: Own, seed: int
) -> None:
    with opened_desk(own_database.filled(set_up)) as desk:
        world = World(desk, random.Random(seed))  # noqa: S311 - no secret
        world.begin()
        world.goes_on(STEPS)
        desk.keep()
        wrong, told = [], set[tuple[str, str]]()
        for who in world.everybody():
            for path, marks, notes in answers(world, desk.asks(who)):
                for mark in map(world.marks.__getitem__, marks):
                    told.add((who.person, mark.kind))
                    if not world.may_see(who, mark):
                        wrong.append(("is told", who.person, path, mark))
                    elif not recorded(world, who, mark, notes):
                        wrong.append(("is not recorded", who.person, path, mark))
        assert wrong == []
        may = {
            (who.person, mark.kind)
            for who in world.everybody()
            for mark in world.marks.values()
            if world.may_see(who, mark)
        }
        assert may == told, "all that is covered is told somewhere"
