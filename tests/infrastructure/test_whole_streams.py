"""Whole journeys, one after the other: each as the log loads it, none opened."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from application.ports import Append, Fresh
from domain.client import ClientRegistered
from domain.entry import By, Personal
from domain.journey import events as e
from domain.same_person import ClientsMerged
from infrastructure import whole_streams
from infrastructure.event_log import SqlEventLog
from infrastructure.whole_streams import cases
from tests.infrastructure.projecting import Writing, opened, played


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    with opened(database_url) as found:
        yield found


def test_every_journey_comes_whole_with_its_client_up_to_a_position(
    log: SqlEventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    Writing(log).bring_in(played()[:400])
    head = log.position() - 50
    monkeypatch.setattr(whole_streams, "PAGE", 7)
    progress: list[tuple[int, int]] = []

    found = list(cases(log, head, lambda done, whole: progress.append((done, whole))))

    assert [one.journey for one in found] == sorted(one.journey for one in found)
    assert [f"journey:{one.journey}" for one in found] == _with_entries(log, "journey:", head)
    for one in found:
        _same(one.entries, log.load(f"journey:{one.journey}"), head)
        for client, entries in one.clients.items():
            _same(entries, log.load(f"client:{client}"), head)
    assert progress == sorted(progress)
    assert progress[-2:] == [(sum(len(one.entries) for one in found), head), (head, head)]
    assert any(one.clients for one in found)


def test_a_journey_comes_with_every_other_id_of_its_client(log: SqlEventLog) -> None:
    at = date(2025, 3, 3)
    refer = e.ReferralMade("gone", "ali", 1, "kuopio", "kuopio", "own-contact")
    told = {
        "journey:j-1": [refer],
        "client:gone": [ClientRegistered(), ClientsMerged("kept", False, "duplicate", Personal())],
        "client:kept": [
            *(ClientRegistered(), ClientsMerged("gone", True, "duplicate", Personal())),
            ClientsMerged("third", True, "duplicate", Personal()),
        ],
        "client:third": [ClientsMerged("kept", False, "duplicate", Personal())],
        "client:another": [ClientRegistered()],
    }
    for stream, events in told.items():
        log.append(Append(stream, 0, tuple(Fresh(one, at) for one in events), By("p", "kuopio")))

    (found,) = cases(log, log.position())
    assert {client: len(some) for client, some in found.clients.items()} == {
        "gone": 2,
        "kept": 3,
        "third": 1,
    }


def test_what_is_sealed_stays_so(log: SqlEventLog) -> None:
    Writing(log).bring_in(played()[:400])
    registered = [
        entry.event
        for one in cases(log, log.position())
        for entries in one.clients.values()
        for entry in entries
    ]
    texts = [v for event in registered for v in _texts(event)]
    assert any(text.sealed for text in texts)
    assert {text.text for text in texts} == {None}


def _texts(event: Any) -> list[Personal]:
    return [v for v in (getattr(event, n) for n in event.__slots__) if isinstance(v, Personal)]


def _with_entries(log: SqlEventLog, prefix: str, head: int) -> list[str]:
    return [one for one in log.streams(prefix) if log.load(one)[0].position <= head]


def _same(found: Any, loaded: Any, head: int) -> None:
    assert [(x.version, x.position, x.occurred_on, type(x.event)) for x in found] == [
        (x.version, x.position, x.occurred_on, type(x.event)) for x in loaded if x.position <= head
    ]
