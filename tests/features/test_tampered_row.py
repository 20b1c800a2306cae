"""An audit of a log that somebody altered behind Polku's back, as an auditor asks for it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from domain.entry import event_name
from infrastructure.ledger_filling import cover_rows
from interfaces.cli import main
from tests.features.phrases import spoken
from tests.features.words import NAME, code
from tests.features.world import World
from tests.infrastructure.tampering import tampering
from tests.infrastructure.test_ledger_audit import rewrite_ledger

scenarios("tampered-row.feature")

COLUMNS = {"the day of": "occurred_on", "the person of": "actor", "what": "body"}
CLIENT = rf"(?P<client>{NAME})"
ENTRY = rf'{CLIENT}\'s "(?P<entry>[a-z ]+)"'


@dataclass
class Auditor:
    """Somebody with a file of checkpoints, who has the log audited; `found` is what was told."""

    checkpoints: Path
    capture: pytest.CaptureFixture[str]
    found: Any = None

    def asks(self, *words: str) -> int:
        self.capture.readouterr()
        ended = main(("audit", *words, "--json"))
        self.found = json.loads(self.capture.readouterr().out)
        return ended


@pytest.fixture
def auditor(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Auditor:
    monkeypatch.setenv("POLKU_DATABASE_URL", database_url)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Auditor(tmp_path / "checkpoints", capsys)


def position_of(world: World, client: str, entry: str) -> int:
    """The place in the log of a client's entry that is called so."""
    return next(
        one.position for one in world.entries(client) if event_name(type(one.event)) == code(entry)
    )


@pytest.fixture
def places(world: World) -> dict[tuple[str, str], int]:
    """Where entries were before anybody touched the log, by client and kind."""
    return {}


@given("Raija keeps a checkpoint of the log")
def keeps(world: World, auditor: Auditor, places: dict[tuple[str, str], int]) -> None:
    assert auditor.asks("checkpoint", "--out", str(auditor.checkpoints)) == 0
    for client in world.journeys:
        for one in world.entries(client):
            places[client, event_name(type(one.event))] = one.position


@when(
    spoken(
        rf"behind Polku's back (?P<what>{'|'.join(COLUMNS)}) {ENTRY}(?: says)? is made (?P<to>.+)"
    )
)
def altered(
    database_url: str,
    places: dict[tuple[str, str], int],
    what: str,
    client: str,
    entry: str,
    to: str,
) -> None:
    value = to.encode() if COLUMNS[what] == "body" else to
    with tampering(database_url) as tamper:
        statement = f"UPDATE events SET {COLUMNS[what]} = ? WHERE position = ?"
        tamper.run(statement, value, places[client, code(entry)])


@when(spoken(rf"behind Polku's back {ENTRY} is taken out"))
def taken_out(
    database_url: str, places: dict[tuple[str, str], int], client: str, entry: str
) -> None:
    with tampering(database_url) as tamper:
        tamper.delete(places[client, code(entry)])


@when(spoken(rf'behind Polku\'s back {ENTRY} and "(?P<other>[a-z ]+)" change places'))
def swapped(
    database_url: str, places: dict[tuple[str, str], int], client: str, entry: str, other: str
) -> None:
    with tampering(database_url) as tamper:
        tamper.swap(places[client, code(entry)], places[client, code(other)])


@when(spoken(rf"behind Polku's back another row is put in before {ENTRY}"))
def put_in(database_url: str, places: dict[tuple[str, str], int], client: str, entry: str) -> None:
    at = places[client, code(entry)]
    with tampering(database_url) as tamper:
        tamper.make_room(at)
        tamper.insert(at, "journey:forged")


@when("behind Polku's back the ledger is rewritten to fit, and its checkpoints are made anew")
def rewritten(database_url: str, auditor: Auditor) -> None:
    with tampering(database_url) as tamper:
        rewrite_ledger(tamper)
        for table in ("ledger_checkpoints", "ledger_keys"):
            tamper.run(f"DELETE FROM {table}")
        is_sqlite = database_url.startswith("sqlite")
        cover_rows(tamper._connection.cursor(), is_sqlite=is_sqlite)
    assert auditor.asks("checkpoint") == 0


@when("Raija has the log audited")
def audited(auditor: Auditor) -> None:
    ended = auditor.asks("verify", "--checkpoint", str(auditor.checkpoints))
    assert ended == (0 if auditor.found["right"] else 1)


@when("Raija has the log audited without her checkpoint")
def audited_alone(auditor: Auditor) -> None:
    ended = auditor.asks("verify")
    assert ended == (0 if auditor.found["right"] else 1)


@then("the audit finds that all is right")
def right(world: World, auditor: Auditor) -> None:
    assert (auditor.found["right"], auditor.found["faults"]) == (True, [])
    assert auditor.found["entries"] == world.recorded()


@then(spoken(rf"the audit names {ENTRY}: it was (?P<how>[a-z]+)"))
def named(
    auditor: Auditor, places: dict[tuple[str, str], int], client: str, entry: str, how: str
) -> None:
    """Of all rows it is the first; that the checkpoint does not fit any more is told beside."""
    first = next(one for one in auditor.found["faults"] if one["wrong"] != "checkpoint")
    assert (first["wrong"], first["position"]) == (how, places[client, code(entry)])
    assert re.search(rf"\b{first['position'] - (how == 'truncated')}\b", first["said"])


@then("the audit finds that all is right, and that the checkpoint fits")
def right_and_fitting(world: World, auditor: Auditor) -> None:
    right(world, auditor)
    assert auditor.found["checkpoints"]


@then("the audit finds that the checkpoint tells of another history")
def another_history(auditor: Auditor) -> None:
    assert auditor.found["faults"][0]["wrong"] == "checkpoint"
    assert "the checkpoint shows another history" in auditor.found["faults"][0]["said"]
