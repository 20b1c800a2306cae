"""The real application on a real log, asked by whom a test says.

`client_of(scope)` gives a client whose requests come from that scope. The log has the five shipped
programmes in it; `trial_client_of` stands on the small programme of the domain's tests instead.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from application import programmes
from application.office import Office
from application.organisations import organisations_of
from application.ports import EventLog
from application.programmes import Programmes
from application.scope import Purpose, Role, Scope
from application.transact import Asked
from domain.access import Answered, Reading
from domain.entry import By
from domain.wording import ENGLISH
from infrastructure.definitions import shipped_definitions
from infrastructure.settings import Settings
from interfaces import bootstrap
from interfaces.http.app import create_app
from interfaces.http.parts import HttpSettings, Parts
from tests.application.conftest import publish_trial, read_definition
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http import raising

WORKER = Scope("ville", Role.CASE_WORKER, "mikkeli", Purpose.SERVICE)

AMPLE = HttpSettings(requests_per_minute=1_000_000, burst=1_000_000)
"""No test is slowed down by how often it asks."""

SAYS_WHO = "x-test-scope"


@dataclass
class Identified:
    """Tells who asks by a header that names one of the scopes known to the test."""

    scopes: list[Scope] = field(default_factory=list)

    def __call__(self, request: Any) -> Scope:
        return self.scopes[int(request.headers[SAYS_WHO])]


@dataclass
class Notebook:
    """The readings that were noted."""

    readings: list[Reading] = field(default_factory=list)

    def note(self, answer: Answered) -> None:
        self.readings += answer.readings()


def parts_on(office: Office, **more: Any) -> Parts:
    """The parts of the application on an office."""
    made: dict[str, Any] = {
        "organisations": organisations_of(office.log),
        "views": None,
        "accesses": Notebook(),
        "identify": Identified(),
        "translations": lambda _language: ENGLISH,
        "working": lambda: True,
        "checks": lambda: (),
    }
    return Parts(office, **(made | more))


def publish_all(url: str) -> None:
    """Fill a database with the five shipped programmes."""
    asked = Asked(By("somebody", "somewhere"), date(2024, 12, 1))
    with bootstrap.open_office(Settings(database_url=url)) as office:
        for code, text in shipped_definitions().items():
            programmes.publish(office.programmes, asked, text, code)


@pytest.fixture
def parts(own_database: Own, tmp_path: Path) -> Iterator[Parts]:
    """The parts as `polku serve` has them, with the five shipped programmes; on both databases.

    Only who asks is told by the test.
    """
    url = own_database.filled(publish_all)
    given = Settings(
        database_url=url, access_folder=tmp_path / "readings", archive=tmp_path / "archive"
    )
    with bootstrap.open_service(given) as opened:
        yield replace(opened, identify=Identified(), recognise=lambda _: None)


@pytest.fixture
def trial_parts(log: EventLog) -> Parts:
    """The parts on a log with the small trial programme; the test runs on both databases."""
    publish_trial(log)
    return parts_on(Office(log, Programmes(log, read_definition), lambda _country: j.is_weekday))


ClientOf = Callable[..., TestClient]


def clients_on(parts: Parts, settings: HttpSettings = AMPLE) -> Iterator[ClientOf]:
    """Give clients of one running application: `client_of()`, `client_of(scope)`."""
    app = create_app(lambda: nullcontext(parts), settings)
    app.include_router(raising.router)
    identified = parts.identify
    with ExitStack() as opened:
        first: list[TestClient] = []

        def client_of(scope: Scope = WORKER, **changes: Any) -> TestClient:
            identified.scopes.append(replace(scope, **changes))
            says = {SAYS_WHO: str(len(identified.scopes) - 1)}
            client = TestClient(app, headers=says, raise_server_exceptions=False)
            if not first:  # the application is started once
                first.append(opened.enter_context(client))
            client.portal = first[0].portal  # else each question would make a loop of its own
            return client

        yield client_of


@pytest.fixture
def client_of(parts: Parts) -> Iterator[ClientOf]:
    yield from clients_on(parts)


@pytest.fixture
def trial_client_of(trial_parts: Parts) -> Iterator[ClientOf]:
    yield from clients_on(trial_parts)


@pytest.fixture
def memory_client_of(memory_log: EventLog) -> Iterator[ClientOf]:
    """For tests that do not ask about the database: the trial programme, in memory."""
    publish_trial(memory_log)
    office = Office(memory_log, Programmes(memory_log, read_definition), lambda _: j.is_weekday)
    yield from clients_on(parts_on(office))


@pytest.fixture(scope="session")
def described() -> dict[str, Any]:
    """The description of the API as it is served; to make it takes seconds, so nobody alters it."""
    with TestClient(create_app(lambda: nullcontext(None))) as client:
        answer: dict[str, Any] = client.get("/openapi.json").json()
    return answer


@pytest.fixture
def client(client_of: ClientOf) -> TestClient:
    """A client whose requests come from a case worker in Mikkeli."""
    return client_of()
