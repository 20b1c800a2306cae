"""Codes that only an earlier version of the definition has, after another was adopted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.definition import Definition, Phase, Service
from domain.journey import corrections, course, services
from domain.journey import events as e
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http.desk import MANAGER, MONDAY, WORKER, Desk, opened_desk, set_up

EARLY = date(2025, 1, 20)
"""A day on which only the first version was in force."""


def read(text: str, _origin: str) -> Definition:
    """The first version names things that the second has no more, or calls otherwise."""
    if text == "1":
        old = Service("old-course", j.title("The old course"), tuple(Phase))
        then = Service("course", j.title("Course of then"), tuple(Phase))
        return j.definition(services=(old, then), needs=j.coded("housing"))
    services_ = tuple(replace(x, phases=tuple(Phase)) for x in j.DEFINITION.services)
    return j.definition(2, phases=j.DEFINITION.phases[1:], services=services_)


@pytest.fixture
def renamed(own_database: Own) -> Iterator[Desk]:
    """A journey in a phase, and with a service, of the first version, which adopted the second."""
    with opened_desk(own_database.filled(set_up)) as desk:
        desk.office.programmes.read_definition = read
        desk.registers("c-1", "Aino", "Virtanen")
        desk.refers("j-1", "c-1", EARLY)
        desk.takes("j-1", EARLY)
        desk.does(
            "j-1",
            course.enter_phase,
            EARLY,
            phase=Phase.INTAKE,
            override=("eligible",),
            reason=j.WHY,
        )
        desk.does("j-1", services.propose_service, EARLY, service="old-course", reference="one")
        desk.does("j-1", services.propose_service, EARLY, service="course", reference="two")
        desk.does("j-1", course.adopt_definition, MONDAY, definition_version=2, reason=j.WHY)
        desk.does("j-1", services.propose_service, MONDAY, service="course", reference="three")
        desk.does(
            "j-1",
            corrections.correct,
            MONDAY,
            entry=6,
            event=e.ServiceProposed("two", "course", provider="city"),
            occurred_on=EARLY,
            reason=j.WHY,
        )
        desk.keep()
        yield desk


def told(desk: Desk, path: str, scope=WORKER, **asked):
    answer = desk.asks(scope).get(path, params=asked or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_code_of_an_earlier_version_has_its_title_in_lists_and_boards(renamed: Desk) -> None:
    (case,) = told(renamed, "/journeys")["items"]
    assert case["phase"] == {"code": "intake", "title": "Intake"}
    places = told(renamed, "/boards/programmes/trial", MANAGER)["places"]
    assert [one["standing"] for one in places] == [{"code": "intake", "title": "Intake"}]


def test_a_code_of_an_earlier_version_has_its_title_on_the_page(renamed: Desk) -> None:
    page = told(renamed, "/journeys/j-1")
    assert page["phase"]["title"] == "Intake"
    named = [one["service"]["title"] for one in page["services"]]
    assert named == ["The old course", "Course", "Course"]


@pytest.mark.parametrize("path", ["/journeys/j-1/timeline", "/changes?after=0"])
def test_an_entry_is_told_by_the_titles_that_its_codes_had(renamed: Desk, path: str) -> None:
    told_ = {one["version"]: one["sentence"] for one in told(renamed, path)["items"]}
    assert told_[4].startswith("Phase entered: Intake")
    proposed = [told_[version] for version in (5, 6, 8)]
    of_then = ["The old course", "Course of then", "Course"]
    assert proposed == [f"Service proposed: {title}" for title in of_then]
    assert "Service proposed: Course of then" in told_[9]
