"""A running service with a few clients of duunipolku, and what becomes of jobs that it is given."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from starlette.testclient import TestClient

from application.office import Office
from infrastructure.settings import Settings
from interfaces import bootstrap
from tests.interfaces.conftest import Clock
from tests.interfaces.http.conftest import Identified
from tests.interfaces.http.conftest import clients_on as application_on
from tests.interfaces.reported import begin

SECONDS = 60.0

Asks = Callable[..., TestClient]


class House:
    """A running service with a few clients of duunipolku, on a clock that the test moves."""

    def __init__(
        self, folder: Path, opened: ExitStack, begin: Callable[[Office, Clock], None] = begin
    ) -> None:
        self.settings = Settings(database_url=f"sqlite:///{folder}/polku.db")
        self.clock = Clock()
        bootstrap.upgrade(self.settings)
        with bootstrap.open_office(self.settings, clock=self.clock, inline=False) as office:
            begin(office, self.clock)
        self.parts = replace(
            opened.enter_context(bootstrap.open_service(self.settings, clock=self.clock)),
            identify=Identified(),
        )
        self._clients = application_on(self.parts)
        self.asks: Asks = next(self._clients)
        opened.callback(self._clients.close)


def ended(asking: TestClient, place: str) -> dict[str, Any]:
    """Return how a job stands once it has ended."""
    until = monotonic() + SECONDS
    while monotonic() < until:
        told: dict[str, Any] = asking.get(place).json()
        if told["state"] not in ("waiting", "running"):
            return told
        sleep(0.02)
    raise AssertionError(told)


def job(asking: TestClient, way: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for something, and return how it stands once it has ended."""
    answer = asking.post(way, json=body)
    assert answer.status_code == 202, answer.text
    told = ended(asking, answer.headers["location"])
    assert told["links"]["self"] == answer.headers["location"]
    return told


def result_of(asking: TestClient, way: str, body: dict[str, Any]) -> Any:
    """Ask for something, and return what came of it."""
    told = job(asking, way, body)
    assert told["state"] == "done", told
    answer = asking.get(told["links"]["result"])
    assert answer.status_code == 200, answer.text
    return answer
