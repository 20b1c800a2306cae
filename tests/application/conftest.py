"""An office over a real log, with the small programme of the domain's tests published in it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from application.acts import do
from application.importing.report import Report
from application.journeys import refer
from application.office import Office
from application.ports import EventLog
from application.programmes import Programmes
from application.transact import Asked, Streams
from domain.definition import Definition
from domain.programme import decisions, state
from infrastructure.event_log import SqlEventLog
from tests.application.hmis import brought_in
from tests.domain import journeys as j


def read_definition(text: str, _origin: str) -> Definition:
    """The trial programme, whose text is its version's number."""
    return j.definition(int(text))


def asked(on: date = j.DAY, **more: Any) -> Asked:
    return Asked(j.WORKER, on, **more)


def publish_trial(log: EventLog, versions: int = 2, code: str = "trial") -> None:
    streams = Streams(log, state.UNKNOWN, lambda before, new: state.fold(new, before))
    for version in range(1, versions + 1):
        decision = decisions.publish if version == 1 else decisions.revise
        do(
            streams,
            f"programme:{code}",
            asked(),
            decision,
            version=version,
            effective_from=date(2025, version, 1),
            definition=str(version),
            digest=f"digest-{version}",
        )


def referred(office: Office, journey: str = "j", on: date = j.DAY, *, client: str = "c") -> Office:
    """Refer a client to the city, under the trial programme; return the office."""
    refer(
        office,
        journey,
        asked(on),
        "trial",
        client=client,
        from_organisation="state",
        to_organisation="city",
        channel="walk-in",
    )
    return office


@pytest.fixture(scope="session")
def hmis() -> Iterator[tuple[SqlEventLog, Report]]:
    """The log of the whole HMIS sample, which takes seconds: it is read only; and the report."""
    with brought_in() as brought:
        yield brought


@pytest.fixture
def office_of() -> Callable[[EventLog], Office]:
    def make(log: EventLog) -> Office:
        return Office(log, Programmes(log, read_definition), lambda _country: j.is_weekday)

    return make


@pytest.fixture
def office(log: EventLog, office_of: Callable[[EventLog], Office]) -> Office:
    publish_trial(log)
    return office_of(log)


@pytest.fixture
def memory_office(memory_log: EventLog, office_of: Callable[[EventLog], Office]) -> Office:
    publish_trial(memory_log)
    return office_of(memory_log)
