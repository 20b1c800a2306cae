"""A worker's desk: a few clients of the trial programme, on a clock that the test sets.

Import the fixture `desk`: it runs on both databases, with views as `polku serve` keeps them.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from starlette.testclient import TestClient

from application import clients
from application.journeys import act, refer
from application.office import Office
from application.ports import Receipt
from application.programmes import Programmes
from application.scope import Purpose, Role, Scope
from application.transact import Asked
from application.views import VIEWS
from application.views.inline import Inline
from application.views.view import Rules
from domain.client import Particulars
from domain.entry import By
from domain.journey import events as e
from domain.journey import handover, intake, referral
from infrastructure.event_log import open_log
from infrastructure.keeping import bring_up_to_date
from infrastructure.projections import Projections
from infrastructure.translations import translations
from infrastructure.view_queries import ViewQueries
from interfaces.http.app import create_app
from interfaces.http.parts import Parts
from tests.application.conftest import publish_trial, read_definition
from tests.databases import Own
from tests.domain import journeys as j
from tests.interfaces.http.conftest import AMPLE, SAYS_WHO, parts_on

MONDAY = date(2025, 3, 3)
WORKER = Scope("worker-1", Role.CASE_WORKER, "city", Purpose.SERVICE)
LEAD = replace(WORKER, person="lead-1", role=Role.TEAM_LEAD)
STATE = Scope("worker-2", Role.CASE_WORKER, "state", Purpose.SERVICE)
STRANGER = Scope("worker-9", Role.CASE_WORKER, "elsewhere", Purpose.SERVICE)
MANAGER = Scope(
    "manager-1",
    Role.PROGRAMME_MANAGER,
    "city",
    Purpose.SUPERVISION,
    programmes=frozenset({"trial"}),
)
AUDITOR = Scope("auditor-1", Role.AUDITOR, "auditors", Purpose.AUDIT)
EVALUATOR = Scope("evaluator-1", Role.EVALUATOR, "university", Purpose.EVALUATION)


def as_client(client: str) -> Scope:
    return Scope(client, Role.CLIENT, "", Purpose.OWN_DATA, client=client)


class Followed(ViewQueries):
    """Views that are brought to where the log is while somebody waits for them, as in a server."""

    def __init__(self, projections: Projections) -> None:
        super().__init__(projections)
        self._followed = projections

    def wait_for(self, position: int, seconds: float) -> bool:
        bring_up_to_date(self._followed)
        return super().wait_for(position, seconds)


class Desk:
    """What happens at the desk, and who asks about it."""

    def __init__(self, url: str) -> None:
        self._now = datetime.combine(MONDAY, time(9), UTC)
        self.log = open_log(url, clock=lambda: self._now, views=VIEWS)
        programmes = Programmes(self.log, read_definition)
        publish_trial(self.log)  # nothing, where it is a copy of a desk that was set up
        rules = Rules(programmes.definition, lambda _country: j.is_weekday)
        self.office = Office(
            self.log, programmes, lambda _country: j.is_weekday, Inline(VIEWS, rules)
        )
        self.projections = Projections(self.log, VIEWS, rules)
        self.projections.begin_if_allowed()
        self.parts: Parts = parts_on(
            self.office, views=ViewQueries(self.projections), translations=translations
        )
        self.keep()
        self.app = create_app(lambda: nullcontext(self.parts), AMPLE)
        self._running = ExitStack()
        self._first: TestClient | None = None

    def today(self, day: date, hour: int = 9) -> None:
        """Set the clock of the log."""
        self._now = datetime.combine(day, time(hour), UTC)

    def keep(self) -> None:
        """Bring all views to where the log is."""
        bring_up_to_date(self.projections)

    def asks(self, scope: Scope = WORKER, language: str = "en") -> TestClient:
        """Give a client of the API whose requests come from the scope."""
        identified: Any = self.parts.identify
        identified.scopes.append(scope)
        headers = {SAYS_WHO: str(len(identified.scopes) - 1), "accept-language": language}
        client = TestClient(self.app, headers=headers, raise_server_exceptions=False)
        if self._first is None:  # the application is started once
            self._first = self._running.enter_context(client)
        client.portal = self._first.portal  # else each question would make a loop of its own
        return client

    def registers(
        self,
        client: str,
        given: str,
        family: str,
        born: date | None = None,
        by: By = j.WORKER,
    ) -> Receipt:
        particulars = Particulars(given_name=given, family_name=family, date_of_birth=born)
        return clients.register(self.office.clients, client, Asked(by, MONDAY), particulars)

    def refers(
        self, journey: str, client: str, on: date = MONDAY, to: str = "city", **more: Any
    ) -> None:
        fields = {
            "client": client,
            "from_organisation": "state",
            "to_organisation": to,
            "channel": "walk-in",
            "service_line": "line-1",
        }
        refer(self.office, journey, Asked(j.STATE, on), "trial", **(fields | more))

    def takes(self, journey: str, on: date = MONDAY, by: By = j.WORKER) -> None:
        """Accept the referral, and become responsible."""
        self.does(journey, referral.accept_referral, on, by)
        self.does(
            journey,
            referral.assign_case_worker,
            on,
            by,
            person=by.person,
            organisation=by.organisation,
        )

    def does(
        self,
        journey: str,
        decision: Callable[..., Any],
        on: date = MONDAY,
        by: By = j.WORKER,
        **fields: Any,
    ) -> Receipt:
        asked = Asked(by, on, ("team-lead",))
        return act(self.office, journey, asked, decision, **fields)

    def interviews(self, journey: str, on: date = MONDAY) -> None:
        situation = e.Situation(e.EmploymentStatus.UNEMPLOYED, date(2023, 1, 1))
        self.does(journey, intake.hold_intake_interview, on, situation=situation)

    def hands_over(self, journey: str, on: date) -> None:
        """Ask the state office to take over, which it does."""
        self.does(journey, handover.request_handover, on, to_organisation="state", reason=j.WHY)
        self.does(journey, handover.accept_handover, on, j.STATE, person="worker-2")

    def close(self) -> None:
        self._running.close()
        self.log.close()


@contextmanager
def opened_desk(url: str) -> Iterator[Desk]:
    desk = Desk(url)
    try:
        yield desk
    finally:
        desk.close()


def set_up(url: str) -> None:
    """Fill a database with a desk where nothing has happened yet."""
    Desk(url).close()


class After:
    """A desk after something happened there, which is made once in a run and copied for each test.

    What is copied is the log with its views, and where the clock stood. Who asked, and what was
    noted of the answers, is a new desk's.
    """

    def __init__(self, happened: Callable[[Desk], Any]) -> None:
        self._happened = happened
        self._now: datetime | None = None

    def __call__(self, url: str) -> None:
        """Fill a database."""
        with opened_desk(url) as desk:
            self._happened(desk)
            self._now = desk.log.now()

    @contextmanager
    def on(self, own: Own) -> Iterator[Desk]:
        """Open a copy."""
        with opened_desk(own.filled(self)) as desk:
            assert self._now is not None
            desk.today(self._now.date(), self._now.hour)
            yield desk


@pytest.fixture
def desk(own_database: Own) -> Iterator[Desk]:
    with opened_desk(own_database.filled(set_up)) as opened:
        yield opened


@pytest.fixture
def memory_desk(own_sqlite: Own) -> Iterator[Desk]:
    """For what does not hang on the database."""
    with opened_desk(own_sqlite.filled(set_up)) as opened:
        yield opened
