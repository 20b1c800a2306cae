"""A server that is killed under load, again and again, with all its processes at once."""

import random
from collections import Counter

import pytest

from application.scope import Role
from tests.interfaces.crowd import Attempt, Crowd, begin, connected, judged
from tests.interfaces.running import Server

WORKERS = 12


def killed_under_load(server, crowd, times):
    server.start()
    crowd.start()
    try:
        for _ in range(times):
            crowd.wait_for(random.randrange(30, 90))  # noqa: S311 - no secret
            server.kill()
            if crowd.stop.is_set():
                return
            server.start()
        crowd.wait_for(50)
        most = len(crowd.attempts) + 500 * times
        while not crowd.stop.is_set() and crowd.recorded <= 10 * times:
            assert len(crowd.attempts) < most, "hardly anything is acknowledged"
            crowd.wait_for(10)
    finally:
        crowd.end()


def ask_again(server: Server, attempts: list[Attempt]) -> None:
    """Ask for what was acknowledged in any life of the server once more: the first answer comes."""
    done = [attempt for attempt in attempts if attempt.done is not None]
    with connected(server, {}) as client:
        for attempt in done:
            headers = {
                **server.headers(attempt.person, Role.TEAM_LEAD),
                "Idempotency-Key": attempt.key,
                "If-Match": f'"{attempt.seen}"',
            }
            where = f"/journeys/{attempt.journey}/acts/{attempt.act}"
            answer = client.post(where, json=attempt.body, headers=headers)
            assert (answer.status_code, answer.json()) == (201, attempt.done.body)
            assert answer.headers["idempotency-replayed"] == "true"


def check_the_projector_runs(server: Server) -> None:
    """Check that what is recorded now comes into the views that follow behind."""
    with connected(server, {}) as client:
        client.headers.update(server.headers("worker-0", Role.TEAM_LEAD))
        body = {"given_name": "Aino", "family_name": "Mäkinen"}
        act = client.post("/clients", json=body, headers={"Idempotency-Key": "last"})
        assert act.status_code == 201, act.text
        asked = {"wait_for": act.json()["position"]}
        board = client.get("/boards/organisations/mikkeli", params=asked)
        assert board.status_code == 200, board.text


@pytest.mark.parametrize(
    ("processes", "times"),
    [
        (1, 2),
        pytest.param(1, 30, marks=pytest.mark.deep),
        pytest.param(2, 30, marks=pytest.mark.deep),
    ],
)
def test_nothing_acknowledged_is_lost(database_url, tmp_path, processes, times):
    begin(database_url)
    server = Server(database_url, tmp_path, processes)
    crowd = Crowd(server, WORKERS, seed=random.getrandbits(32), breaking=0)
    try:
        killed_under_load(server, crowd, times)
        ask_again(server, random.sample(crowd.attempts, min(300, len(crowd.attempts))))
        check_the_projector_runs(server)
        assert server.stop() == 0
    finally:
        server.kill()
    counted, read = judged(database_url, crowd.attempts)
    assert Counter(read[one.correlation] for one in crowd.reads) == {1: len(crowd.reads)}
    assert counted[201] > 10 * times
    assert sum(attempt.broken for attempt in crowd.attempts) >= times
