"""An answer about many clients asks the log no more often than one about a few."""

from collections import Counter
from typing import Any

import pytest

from domain.journey import team
from tests.interfaces.http.desk import STATE, WORKER, Desk, memory_desk  # noqa: F401


@pytest.fixture
def shared(memory_desk: Desk) -> Desk:  # noqa: F811
    """Clients of the city; the state office is in the team of each."""
    for number in range(6):
        journey, client = f"j-{number}", f"client-{number}"
        memory_desk.registers(client, "Aino", "Mäkinen")
        memory_desk.refers(journey, client)
        memory_desk.takes(journey)
        told = {"person": STATE.person, "organisation": "state", "role": "adviser"}
        memory_desk.does(journey, team.join_team, **told)
    memory_desk.keep()
    return memory_desk


@pytest.fixture
def asked(shared: Desk, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the log was asked for streams, by the function that asks."""
    counted: Counter[str] = Counter()

    def count(name: str, to: Any) -> None:
        def ask(*given: Any, **more: Any) -> Any:
            counted[name] += 1
            return to(*given, **more)

        monkeypatch.setattr(shared.log, name, ask)

    count("load", shared.log.load)
    count("load_many", shared.log.load_many)
    return counted


QUESTIONS = {
    "list": ("GET", "/journeys?whose=all&limit={limit}", None),
    "deadlines": ("GET", "/deadlines?whose=all&limit={limit}", None),
    "search": ("POST", "/clients/search", {"name": "Mäkinen"}),
}


def items(desk: Desk, who: Any, question: str, limit: int) -> list[Any]:
    method, path, said = QUESTIONS[question]
    body = None if said is None else said | {"limit": limit}
    answer = desk.asks(who).request(method, path.format(limit=limit), json=body)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_of_the_own_organisations_clients_the_log_is_not_asked(shared, asked, question):
    assert len(items(shared, WORKER, question, 6)) == 6
    assert asked == {}
    assert {one.disclosed for one in shared.parts.accesses.readings} == {None}


@pytest.mark.parametrize("question", QUESTIONS)
def test_of_anothers_it_is_asked_for_all_at_once(shared, asked, question):
    few = len(items(shared, STATE, question, 2)), +asked
    asked.clear()
    many = len(items(shared, STATE, question, 6)), +asked
    assert (few[0], many[0]) == (2, 6)
    assert few[1] == many[1] != {}
    grounds = {one.disclosed and one.disclosed.ground for one in shared.parts.accesses.readings}
    assert grounds == {"team"}


def test_a_reading_by_another_says_of_each_client_what_left(shared):
    assert len(items(shared, STATE, "search", 6)) == 6
    noted = [(one.client, one.disclosed.ground) for one in shared.parts.accesses.readings]
    assert sorted(noted) == [(f"client-{number}", "team") for number in range(6)]
