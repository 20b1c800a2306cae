"""A served log with something in it to ask about: journeys of every programme, and every role.

Two worlds on two databases are the same: one seed, one clock, one order of what happened. So one
request can be asked of both, and has to be answered alike.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

from starlette.testclient import TestClient

from application import clients, erasing, merging, programmes
from application.acts import do
from application.evaluation.issued import event_of, id_of, issued_reports
from application.evaluation.kept_report import read_report
from application.jobs import GOING, Cancelled, Doing, owner_of
from application.office import Office
from application.organisations import organisations_of
from application.partners import Partners
from application.plainly import plain
from application.ports import Append, Fresh
from application.programmes import Programmes
from application.scope import Purpose, Role, Scope
from application.simulation.casting import Cast
from application.simulation.days import VirtualClock, Window
from application.simulation.profiles import PROFILES
from application.simulation.run import simulate
from application.transact import Asked
from application.views import VIEWS
from application.views.inline import Inline
from application.views.view import Rules
from domain import issued_report
from domain.client import Particulars
from domain.definition import Definition
from domain.entry import By, Personal
from domain.organisation import events as o
from infrastructure.access_spool import AccessSpool
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.event_log import open_log
from infrastructure.jobs import FolderJobs, Limits
from infrastructure.keeping import KeepingThread, bring_up_to_date
from infrastructure.projections import Projections
from infrastructure.settings import Settings
from infrastructure.translations import translations
from infrastructure.view_queries import ViewQueries
from interfaces import bootstrap
from interfaces.http.app import create_app
from interfaces.http.identity import identifier
from interfaces.http.identity_development import local_key, sign
from interfaces.http.parts import Parts
from tests.application.conftest import publish_trial
from tests.domain import journeys as j
from tests.interfaces.bundling import signing
from tests.interfaces.http.acting import PATHS, headers, walk
from tests.interfaces.http.conftest import AMPLE
from tests.interfaces.http.desk import (
    AUDITOR,
    EVALUATOR,
    LEAD,
    MONDAY,
    STATE,
    STRANGER,
    WORKER,
    as_client,
)

PLAYED = Window(date(2025, 1, 7), date(2025, 2, 28))
SHIPPED = shipped_definitions()
MANAGER = Scope(
    "manager-1",
    Role.PROGRAMME_MANAGER,
    "city",
    Purpose.SUPERVISION,
    programmes=frozenset({"trial", *SHIPPED}),
)
INTEGRATION = Scope("registry", Role.INTEGRATION, "city", Purpose.INTEGRATION)
CLIENT = replace(as_client("client-1"), organisation="client")
WORKERS = (LEAD, WORKER, STATE, STRANGER)
EVERYBODY = (*WORKERS, MANAGER, AUDITOR, EVALUATOR, INTEGRATION, CLIENT)

AMPLE_JOBS = Limits(waiting=1_000_000, own=1_000_000)

JOBS: dict[str, dict[str, Any]] = {
    "/reports": {"programme": "trial", "sets": ["esf-plus"]},
    "/replays": {"programme": "trial", "definition": "2"},
    "/exports": {"programme": "trial", "format": "csv"},
    "/figures": {
        "programme": "trial",
        "sets": ["esf-plus"],
        "indicator": "eeco01",
        "threshold": 0,
    },
    "/evaluations/survival": {
        "programme": "trial",
        "from": "referral-made",
        "until": "journey-closed",
    },
    "/evaluations/compare": {
        "programme": "trial",
        "outcome": "journey-closed",
        "treated": "plan-agreed",
    },
    "/evaluations/funnel": {"programme": "trial", "outcome": "journey-closed"},
    "/evaluations/conformance": {"programme": "trial"},
    "/evaluations/payments": {"programme": "trial", "per_day": "37.21"},
    "/evaluations/flows": {"programme": "trial"},
}
"""What can be made as a job, and with which body."""

KEPT = ("/verifications", "/restatements")
"""What is made as a job of a report that somebody kept."""

ASKING = {"/figures": AUDITOR}
"""Who asks for jobs that no evaluator may: all small figures."""

KINDS = {
    "report": "/reports",
    "replay": "/replays",
    "export": "/exports",
    "figure": "/figures",
    "verification": "/verifications",
    "restatement": "/restatements",
    "evaluation": "/evaluations/flows",
}
"""The kinds of jobs, and how one of each is asked for."""

REGISTERED = o.OrganisationRegistered("Firm", o.OrganisationKind.EMPLOYER)
DONE = (
    o.AgreementSigned("a-0", ("firm", "city"), (o.Duty("city", "intake"),), MONDAY),
    o.EmployerNeedPublished("n-0", "welder", (), 5, o.NeedKind("acute")),
    o.OfferingPublished("o-0", "course", 5, MONDAY, MONDAY, "Workshop"),
    o.SeatReserved("o-0", "s-0", "client-1"),
)
"""What an organisation has done that is there to be acted on."""

STEPS = {
    act: (path, number, body)
    for path, steps in PATHS.items()
    for number, (act, body) in enumerate(steps)
}
"""Where an act can lawfully be done: as which step of which path, and with which body."""


def read(text: str, origin: str) -> Definition:
    """Read a definition: "2" is a version of the trial programme, "way-1 2" of one like it."""
    code, _, version = text.rpartition(" ")
    if re.fullmatch("[1-9][0-9]?", version) and re.fullmatch("(way-[0-9]+)?", code):
        return j.definition(int(version), programme=code or "trial")
    return load_definition(text, origin)


def _weekdays(_country: str) -> Callable[[date], bool]:
    return j.is_weekday


class World:
    """The application on one database, with journeys of its own to every act."""

    def __init__(self, url: str, folder: Path, opened: ExitStack) -> None:
        self._clock = VirtualClock(PLAYED.first)
        self._numbers = count(1)
        self._figures = count(1)
        self._other: str | None = None
        self._restatement = ""
        self._key = local_key(folder / "token-key")
        self.log = opened.enter_context(open_log(url, clock=self._clock, views=VIEWS))
        known = Programmes(self.log, read)
        rules = Rules(known.definition, _weekdays)
        self.office = Office(self.log, known, _weekdays, Inline(VIEWS, rules))
        projections = Projections(self.log, VIEWS, rules)
        projections.begin_if_allowed()
        settings = Settings(
            database_url=url,
            development_key=folder / "token-key",
            access_folder=folder,
            archive=folder / "archive",
        )
        organisations = organisations_of(self.log)
        spool = opened.enter_context(AccessSpool(self.log, folder / "readings"))
        keeping = KeepingThread(Projections(self.log, VIEWS, rules))
        ids = (f"{number:032x}" for number in count(1))
        self._evaluating = opened.enter_context(
            bootstrap.open_evaluating(
                self.office, settings, limits=AMPLE_JOBS, new_id=lambda: next(ids)
            )
        )
        # As those of another process: they wait for no job of the service.
        self._beside = opened.enter_context(
            FolderJobs(self._evaluating.jobs._folder, self.log.now, AMPLE_JOBS, lambda: next(ids))
        )
        parts = Parts(
            office=self.office,
            organisations=organisations,
            views=ViewQueries(projections),
            accesses=spool,
            identify=identifier(settings, Partners(organisations, lambda: 0.0).of),
            translations=translations,
            working=lambda: True,
            checks=lambda: (),
            bundle=bootstrap.bundling(self.office, signing()),
            evaluating=self._evaluating,
        )
        self._jobs: dict[str, str] = {}
        self.journeys = self._played()
        bring_up_to_date(projections)
        keeping.start()
        opened.callback(keeping.stop)
        self.app = create_app(lambda: nullcontext(parts), AMPLE)
        self.http = opened.enter_context(TestClient(self.app, raise_server_exceptions=False))
        self.clients: tuple[str, ...] = ()
        self._templates = {path: self._walked(path, f"t-{n}") for n, path in enumerate(PATHS)}
        self._begun()

    def _played(self) -> tuple[str, ...]:
        asked = Asked(By("somebody", "somewhere"), PLAYED.first)
        for code, text in SHIPPED.items():
            programmes.publish(self.office.programmes, asked, text, code)
        casts = [Cast(code, 2, 7, PROFILES.get(code)) for code in SHIPPED]
        played = simulate(self.office, self._clock, casts, PLAYED)
        self._clock.move(datetime.combine(MONDAY, time(9), UTC))
        publish_trial(self.log)
        return tuple(played.journeys)

    def _walked(self, path: str, journey: str) -> list[tuple[Any, ...]]:
        """Return the entries that were there before each step of a path."""
        answers: Any = walk(self, path, journey)  # it is asked as a desk is
        entries = tuple(self.log.load(f"journey:{journey}"))
        return [entries[: answer.json()["version"]] for answer in answers]

    def _begun(self) -> None:
        """Register clients and organisations, one of which has done all that can be done."""
        asking = self.asks(LEAD)
        made = []
        for given, family in (("Aino", "Mäkinen"), ("Aina", "Makinen"), ("Matti", "Virtanen")):
            body = {"given_name": given, "family_name": family, "date_of_birth": "1991-05-17"}
            made.append(asking.post("/clients", json=body, headers=headers(f"c-{given}")).json())
        self.clients = ("client-1", *(one["client"] for one in made))
        for code in ("city", "state", "school"):
            body = {"code": code, "name": code.title(), "kind": "municipality"}
            asking.post("/organisations", json=body, headers=headers(f"o-{code}"))
        for kind in KINDS:  # now: what they load is not to be loaded while requests are drawn
            self.job(kind)
        self.drawn()

    def staged(self, act: str) -> tuple[str, int]:
        """Return a journey of its own where the act can be done, and its version."""
        path, number, _ = STEPS[act]
        entries = self._templates[path][number]
        journey = f"s-{next(self._numbers)}"
        fresh = tuple(Fresh(entry.event, entry.occurred_on) for entry in entries)
        append = Append(f"journey:{journey}", 0, fresh, j.WORKER)
        streams = self.office.histories
        receipt = self.log.append(streams.drafted(append, streams.newest(append.stream)))
        return journey, receipt.version

    def organisation(self) -> tuple[str, int]:
        """Return an organisation of its own that has done all it can do, and its version.

        It has registered a client, "of-" and its code.
        """
        code = f"org-{next(self._numbers)}"
        fresh = tuple(Fresh(event, MONDAY) for event in (REGISTERED, *DONE))
        receipt = self.log.append(Append(f"organisation:{code}", 0, fresh, j.WORKER))
        asked = Asked(By("lead-1", code), MONDAY)
        person = Particulars(given_name="Aino", family_name="Mäkinen")
        clients.register(self.office.clients, f"of-{code}", asked, person)
        return code, receipt.version

    def client(self) -> str:
        """Return a client of its own, whom the city registered."""
        client = f"person-{next(self._numbers)}"
        asked = Asked(By("lead-1", "city"), MONDAY)
        clients.register(self.office.clients, client, asked, Particulars(given_name="Aino"))
        return client

    def held(self) -> str:
        """Return a client of its own who is under the legal hold h-0."""
        client, asked = self.client(), Asked(By("lead-1", "city"), MONDAY)
        why = Personal("an appeal")
        erasing.place_hold(self.office, client, asked, hold="h-0", basis="law", reason=why)
        return client

    def merged(self) -> str:
        """Return a client of its own into whom another one was merged: `other` says which."""
        client, other, asked = self.client(), self.client(), Asked(By("lead-1", "city"), MONDAY)
        why = Personal("one person")
        merging.merge(self.office, client, asked, merged=other, ground="law", reason=why)
        self._other = other
        return client

    def other(self) -> str:
        """Return who was merged last, or else a client of its own."""
        other, self._other = self._other, None
        return other or self.client()

    def programme(self) -> tuple[str, int]:
        """Return a programme of its own, run by the city, and its version."""
        code = f"way-{next(self._numbers)}"
        asked = Asked(By("manager-1", "city"), MONDAY)
        known = self.office.programmes
        programmes.publish(known, asked, f"{code} 1", code)
        return code, programmes.join(known, code, asked, "city").version

    def job(self, kind: str) -> str:
        """Return a job of a kind that is done."""
        if kind not in self._jobs:
            way = KINDS[kind]
            body = {"report": self.kept()} if way in KEPT else JOBS[way]
            self._jobs[kind] = self._made(ASKING.get(way, EVALUATOR), way, body)
        return self._jobs[kind]

    def drawn(self) -> str:
        """Return an auditor's report with all small numbers: in others there is nothing to draw."""
        if "drawn" not in self._jobs:
            body = {**JOBS["/reports"], "threshold": 0}
            self._jobs["drawn"] = self._made(AUDITOR, "/reports", body)
        return self._jobs["drawn"]

    def _made(self, who: Scope, way: str, body: dict[str, Any]) -> str:
        """Return a job that somebody asked for, once it is done."""
        answer = self.asks(who).post(way, json=body)
        assert answer.status_code == 202, answer.text
        return self._ended(answer.headers["location"])

    def _ended(self, place: str) -> str:
        """Return a job by its address once it is done."""
        asking, until = self.asks(AUDITOR), monotonic() + 300
        while (told := asking.get(place).json())["state"] in GOING and monotonic() < until:
            sleep(0.02)
        assert told["state"] == "done", told
        return place.rpartition("/")[2]

    def kept(self) -> dict[str, Any]:
        """Return the report of the job, as somebody keeps it."""
        found: dict[str, Any] = (
            self.asks(EVALUATOR).get(f"/reports/{self.job('report')}/result").json()
        )
        return found

    def issued(self) -> tuple[str, int]:
        """Return a report of its own that was issued, and its version.

        One of its figures is another one now: `restatement` is the job that tells.
        """
        # Each log has a root of its own, by its keys, and may have come further by the time that
        # the job read it: the same report is to have one id in all.
        now = replace(read_report(json.dumps(self.kept())), root="", position=1)
        table = now.tables[0]
        figure = replace(table.figures[0], value=next(self._figures), suppressed=False)
        then = replace(now, tables=(replace(table, figures=(figure,)), *now.tables[1:]))
        asked = Asked(By(EVALUATOR.person, EVALUATOR.organisation), MONDAY)
        reports, id_ = issued_reports(self.log), id_of(then)
        receipt = do(reports, f"report:{id_}", asked, issued_report.issue, report=event_of(then))
        told = plain({"then": then, "now": now, "changed": [{"causes": []}]})

        def work(doing: Doing) -> Path:
            out = doing.folder / "restatement.json"
            out.write_text(json.dumps(told), encoding="utf-8")
            return out

        made = self._beside.begin("restatement", owner_of(EVALUATOR), work)
        self._restatement = self._ended(f"/restatements/{made.id}")
        return id_, receipt.version

    def restatement(self) -> str:
        """Return the job that tells what is another figure of the report that was issued last."""
        return self._restatement

    def job_to_cancel(self, kind: str) -> str:
        """Return a job of its own."""

        def work(doing: Doing) -> Path:
            out = doing.folder / "made"
            out.touch()
            return out

        who = ASKING.get(KINDS[kind], EVALUATOR)
        return self._evaluating.jobs.begin(kind, owner_of(who), work).id

    @contextmanager
    def jobs_waiting(self) -> Iterator[None]:
        """Have no job begin meanwhile: those of the service wait for one that only waits itself."""
        may_begin = Event()

        def work(_doing: Doing) -> Path:
            may_begin.wait()
            raise Cancelled

        self._evaluating.jobs.begin("report", owner_of(EVALUATOR), work)
        try:
            yield
        finally:
            may_begin.set()

    def break_off(self, place: str) -> None:
        """Break off a job by its address."""
        self._evaluating.jobs.cancel(place.rpartition("/")[2])

    def new(self, kind: str) -> str:
        """Return what nothing is called yet."""
        return f"{kind}-{next(self._numbers)}"

    def version(self, stream: str) -> int:
        """Return at which version a stream is."""
        entries = self.log.load(stream)
        return entries[-1].version if entries else 1

    def token(self, scope: Scope) -> str:
        """Return a token for the scope."""
        return sign(
            self._key,
            scope.role,
            scope.organisation,
            person=scope.person,
            client=scope.client,
            programmes=scope.programmes,
            rights=("team-lead",) if scope.role is Role.TEAM_LEAD else (),
            seconds=1e6,
        )

    def asks(self, scope: Scope) -> TestClient:
        """Return a client of the API whose requests come from the scope."""
        known = {"authorization": f"Bearer {self.token(scope)}"}
        client = TestClient(self.app, headers=known, raise_server_exceptions=False)
        client.portal = self.http.portal  # else each question would make a loop of its own
        return client


@contextmanager
def opened_world(url: str, folder: Path) -> Iterator[World]:
    """Open a world on a database that is fresh."""
    with ExitStack() as opened:
        yield World(url, folder, opened)
