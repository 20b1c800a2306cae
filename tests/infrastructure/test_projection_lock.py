"""Locks of workers: each is one worker's alone, and looking whether one is taken takes none."""

import fcntl
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from infrastructure.database import Database
from infrastructure.projection_lock import locks_of


@pytest.fixture
def memory() -> Iterator[Database]:
    with closing(Database("sqlite://")) as database:
        yield database


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
def test_a_lock_is_one_workers_until_it_is_given_back(kind: str, request: pytest.FixtureRequest):
    url = "sqlite://" if kind == "memory" else request.getfixturevalue(f"{kind}_url")
    with closing(Database(url)) as database:
        one, other = locks_of(database), locks_of(database)
        with closing(one), closing(other):
            assert (one.take("a"), other.take("a"), other.take("b")) == (True, False, True)
            assert [other.is_taken(name) for name in ("a", "b", "c")] == [True, True, False]
            one.give_back("b")
            assert (one.take("b"), other.holds("b")) == (False, True)
            one.close()
            assert (other.take("a"), one.holds("a"), other.holds("b")) == (True, False, True)


def test_who_only_looks_whether_a_lock_is_taken_keeps_nobody_from_taking_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
):
    """The numbers of a service are asked for all the time, and look at each view's locks."""
    left = Path(f"{sqlite_url.removeprefix('sqlite:///')}-a.lock")  # by who was killed
    looking = os.open(left, os.O_RDWR | os.O_CREAT)
    fcntl.flock(looking, fcntl.LOCK_SH)
    lock, looks = fcntl.flock, [looking]

    def until_it_has_looked(descriptor: int, how: int) -> None:
        try:
            lock(descriptor, how)
        finally:
            if looks:
                os.close(looks.pop())

    monkeypatch.setattr(fcntl, "flock", until_it_has_looked)
    with closing(Database(sqlite_url)) as database, closing(locks_of(database)) as locks:
        assert locks.take("a")
        with closing(locks_of(database)) as others:
            assert not others.take("a")


def test_workers_in_memory_take_locks_while_others_give_theirs_back(memory: Database):
    """Threads are switched as often as can be, between any two steps of theirs."""

    def work(number: int) -> None:
        for _ in range(1500):
            with closing(locks_of(memory)) as locks:
                assert all(locks.take(f"{number}-{n}") for n in range(8))

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(work, range(4)))
    finally:
        sys.setswitchinterval(usual)
    assert not any(locks_of(memory).is_taken(f"{number}-0") for number in range(4))
