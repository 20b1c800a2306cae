"""The whole specification by force: drawn requests of every operation, on both databases at once.

Each request is asked of two equal worlds, one on SQLite and one on PostgreSQL. No answer is a fault
of the server, or one that the OpenAPI document does not tell; what is wrong is refused, what is
lawful is done, and both databases answer alike.
"""

import random
from random import Random

import pytest
from schemathesis.generation import GenerationMode

from infrastructure import logging
from tests.interfaces.http.asked_of_all import (
    Asking,
    asked_at_the_edges,
    drawn,
    followed,
    operations_of,
)
from tests.interfaces.http.specified_world import opened_world


@pytest.fixture
def quiet():
    """Let only faults of the server be written."""
    logging.set_up("error", "json")


@pytest.fixture
def asking(quiet, sqlite_url, postgresql_url, tmp_path):
    (tmp_path / "sqlite").mkdir()
    (tmp_path / "postgresql").mkdir()
    with (
        opened_world(sqlite_url, tmp_path / "sqlite") as sqlite,
        opened_world(postgresql_url, tmp_path / "postgresql") as postgresql,
    ):
        yield Asking((sqlite, postgresql), Random(random.random()))  # noqa: S311 - no secret


@pytest.fixture
def operations(asking):
    return operations_of(asking.document)


def told(asking):
    account = asking.account
    return f"{account.told_faults()}\n\n{account.told()}"


@pytest.mark.slow
def test_the_edges_of_every_operation_and_what_follows_from_answers(asking, operations):
    with asking.jobs_waiting():  # what they come to is asked of those that were done before
        for operation in operations:
            for _ in asked_at_the_edges(asking, operation, most=1):
                pass
    account = asking.account
    assert not account.faults, told(asking)
    assert len(account.answers) == len(operations)
    assert account.never_done() == [], told(asking)
    for _ in range(10):  # a row may by chance begin with nothing that anything follows from
        linked = followed(asking, 3, 12, random.getrandbits(32))
        assert not account.faults, told(asking)
        if linked:
            break
    assert linked.total() > 0


@pytest.mark.deep
def test_long_rows_of_what_follows_from_answers(asking):
    linked = followed(asking, 100, 40, random.getrandbits(32))
    assert not asking.account.faults, told(asking)
    assert linked.total() > 400
    assert len(linked) > 100


@pytest.mark.deep
def test_twenty_thousand_requests(asking, operations, capsys):
    asked = 0
    for operation in operations:
        asked += sum(1 for _ in asked_at_the_edges(asking, operation))
        for mode, number in ((GenerationMode.POSITIVE, 25), (GenerationMode.NEGATIVE, 15)):
            for case in drawn(operation, mode, number, random.getrandbits(32)):
                asking.ask(case)
                asked += 1
    account = asking.account
    with capsys.disabled():
        print(f"\n{asked} requests, each asked of both databases\n{account.told()}")
    assert not account.faults, told(asking)
    assert account.never_done() == []
    assert asked >= 20_000
    assert account.share(200, 201) > 0.2
    assert account.share(422) > 0.1
    assert account.share(409, 412) > 0.03
    assert account.share(401, 404) < 0.3
