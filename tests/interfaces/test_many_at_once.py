"""Fifty workers on the same ten journeys: what is acknowledged is stored once, a no is honest."""

import random

import pytest

from tests.interfaces.crowd import Crowd, begin, judged
from tests.interfaces.running import Server

WORKERS = 50
MET = frozenset({200, 201, 409, 412})


def crowd_on(url, folder, processes, acts):
    begin(url)
    server = Server(url, folder, processes)
    crowd = Crowd(server, WORKERS, seed=random.getrandbits(32))
    try:
        server.start()
        crowd.run(acts, MET)
        assert server.stop() == 0
    finally:
        server.kill()
    assert server.said == ""
    return crowd


@pytest.mark.parametrize(
    ("processes", "acts"),
    [
        (2, 600),
        pytest.param(1, 20_000, marks=pytest.mark.deep),
        pytest.param(2, 20_000, marks=pytest.mark.deep),
    ],
)
def test_what_is_acknowledged_is_stored_once(database_url, tmp_path, processes, acts):
    crowd = crowd_on(database_url, tmp_path, processes, acts)
    counted, read = judged(database_url, crowd.attempts)
    assert all(read[one.correlation] == 1 for one in crowd.reads)
    assert set(counted) == MET
    assert any(attempt.broken for attempt in crowd.attempts)
    assert any(answer.replayed for attempt in crowd.attempts for answer in attempt.answers)
