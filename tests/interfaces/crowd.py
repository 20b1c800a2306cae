"""Many workers on the same few journeys, and the judgement of what they were answered.

Each act has a key and a correlation of its own. So it can be told afterwards, from the log alone,
how often it was stored, and what the journey was like when it was refused.
"""

import random
import socket
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

import httpx2
import pytest

from application import programmes
from application.catalogue import JOURNEY_ACTS
from application.journeys import act
from application.office import Office, act_of
from application.scope import Role
from application.transact import Asked
from domain.definition import Phase
from domain.entry import By, Personal
from domain.journey import course, referral
from domain.journey.history import History, history_of
from domain.refusals import IllegalTransition
from infrastructure.comparing import Comparison
from infrastructure.keeping import bring_up_to_date
from infrastructure.log_tables import events
from infrastructure.rebuilding import Rebuild
from infrastructure.settings import Settings
from interfaces import bootstrap
from interfaces.http.acts.table import BODIES
from tests.etela_savo import refer_to_mikkeli
from tests.interfaces.running import NO_TLS, SECONDS, Server

PROGRAMME = "etela-savo"
JOURNEYS = tuple(f"j-{n}" for n in range(10))
BEGAN, DAY = date(2025, 3, 3), date(2025, 3, 4)


def begin(url: str) -> None:
    """Publish the programme, and begin the journeys, up to the intake."""
    with bootstrap.open_office(Settings(database_url=url)) as office:
        asked = Asked(By("somebody", "mikkeli"), BEGAN)
        definition = bootstrap.shipped_definitions()[PROGRAMME]
        programmes.publish(office.programmes, asked, definition, PROGRAMME)
        for number, journey in enumerate(JOURNEYS):
            _begin(office, journey, f"c-{number}", asked)


def _begin(office: Office, journey: str, client: str, asked: Asked) -> None:
    refer_to_mikkeli(
        office,
        journey,
        asked,
        client,
        existing_plan=Personal("find work in care"),
        need_definition=Personal("help with applications"),
    )
    facts = {"unemployed": True, "months_unemployed": 14}
    act(office, journey, asked, referral.assess_eligibility, given=facts)
    act(office, journey, asked, referral.accept_referral)
    own = {"person": "worker-0", "organisation": "mikkeli"}
    act(office, journey, asked, referral.assign_case_worker, **own)
    act(office, journey, asked, course.enter_phase, phase=Phase.INTAKE)


class Answer(NamedTuple):
    """What one request was answered, and when it had come whole."""

    status: int
    body: Any
    etag: str | None
    replayed: bool
    at: datetime


@dataclass
class Attempt:
    """An act that somebody asks for: once, or again after no answer came, or for certainty."""

    person: str
    journey: str
    act: str
    body: dict[str, Any]
    seen: int
    key: str = field(default_factory=lambda: uuid4().hex)
    answers: list[Answer] = field(default_factory=list)
    broken: int = 0

    @property
    def correlation(self) -> str:
        return f"act-{self.key}"

    @property
    def done(self) -> Answer | None:
        """The answer that says that it was recorded, if any."""
        return next((answer for answer in self.answers if answer.status == 201), None)


@dataclass
class Read:
    """A client's page that was answered: it has to be in the record of readings."""

    person: str
    journey: str
    correlation: str


def _some_act(chance: random.Random) -> tuple[str, dict[str, Any]]:
    new, few = uuid4().hex[:12], chance.randrange(3)
    needs = chance.sample(["job-search", "skills", "everyday-life"], k=1 + few)
    team = {"organisation": "mikkeli"}
    acts: list[tuple[str, dict[str, Any]]] = [
        ("join-team", team | {"person": f"p-{new}", "role": "adviser"}),
        ("join-team", team | {"person": f"p-{few}", "role": "adviser"}),
        ("leave-team", team | {"person": f"p-{few}"}),
        ("define-service-needs", {"needs": needs, "note": new}),
        ("pause", {"reason": new}),
        ("resume", {}),
        ("draft-plan", {"steps": [{"id": new, "goal": new, "by": "2027-01-01"}]}),
        ("decline-referral", {"reason": new}),
        ("hold-intake-interview", {"situation": {"employment": "unemployed"}, "note": new}),
    ]
    code, body = chance.choice(acts)
    return code, body | {"occurred_on": DAY.isoformat()}


def connected(server: Server, headers: dict[str, str]) -> httpx2.Client:
    """Return a client with connections of its own."""
    return httpx2.Client(base_url=server.address, headers=headers, timeout=SECONDS, verify=NO_TLS)


class Crowd:
    """Workers, each in a thread with connections of its own, for as long as it is let."""

    def __init__(self, server: Server, workers: int, seed: int, *, breaking: float = 0.1) -> None:
        self._server, self._breaking = server, breaking
        self.stop = threading.Event()
        self.attempts: list[Attempt] = []
        self.reads: list[Read] = []
        self.failures: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._work, args=(f"worker-{n}", seed + n))
            for n in range(workers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let each worker come to an answer, and go."""
        self.stop.set()
        for thread in self._threads:
            thread.join(2 * SECONDS)
            assert not thread.is_alive()
        if self.failures:
            raise self.failures[0]

    def run(self, acts: int, met: frozenset[int] = frozenset()) -> None:
        """Let it ask for so many acts; for up to ten times as many while a status is not met."""
        self.start()
        self.wait_for(acts)
        while not (self.stop.is_set() or met <= self.statuses) and len(self.attempts) < 10 * acts:
            self.wait_for(acts // 10)
        self.end()

    @property
    def statuses(self) -> set[int]:
        """The statuses that it was answered with up to now."""
        return {answer.status for one in self.attempts for answer in one.answers}

    @property
    def recorded(self) -> int:
        """How many acts were acknowledged up to now."""
        return sum(one.done is not None for one in self.attempts)

    def wait_for(self, acts: int) -> None:
        """Wait until it has asked for so many acts more, or something failed."""
        until, deadline = len(self.attempts) + acts, time.monotonic() + SECONDS + acts / 10
        while len(self.attempts) < until and not self.stop.wait(0.02):
            assert time.monotonic() < deadline, "hardly anything is answered"

    def _work(self, person: str, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - no secret
        headers = self._server.headers(person, Role.TEAM_LEAD)
        seen: dict[str, int] = {}
        try:
            with connected(self._server, headers) as client:
                while not self.stop.is_set():
                    journey = chance.choice(JOURNEYS)
                    if journey not in seen or chance.random() < 0.1:
                        seen[journey] = self._read(client, person, journey)
                    code, body = _some_act(chance)
                    attempt = Attempt(person, journey, code, body, seen[journey])
                    self.attempts.append(attempt)
                    seen[journey] = self._act(client, attempt, headers, chance)
        except BaseException as failure:  # noqa: BLE001 - it is raised where the crowd ends
            self.failures.append(failure)
            self.stop.set()

    def _read(self, client: httpx2.Client, person: str, journey: str) -> int:
        while True:
            correlation = f"read-{uuid4().hex}"
            known = {"X-Correlation-Id": correlation}
            try:
                answer = client.get(f"/journeys/{journey}", headers=known)
            except httpx2.TransportError:
                time.sleep(0.02)
                continue
            assert answer.status_code == 200, answer.text
            self.reads.append(Read(person, journey, correlation))
            return int(answer.json()["version"])

    def _act(
        self,
        client: httpx2.Client,
        attempt: Attempt,
        known: dict[str, str],
        chance: random.Random,
    ) -> int:
        """Ask until there is an answer; return the version that is known then."""
        where = f"/journeys/{attempt.journey}/acts/{attempt.act}"
        headers = {
            "Idempotency-Key": attempt.key,
            "If-Match": f'"{attempt.seen}"',
            "X-Correlation-Id": attempt.correlation,
        }
        request = client.build_request("POST", where, json=attempt.body, headers=headers)
        if chance.random() < self._breaking:
            self._break_off(request, known, chance)
            attempt.broken += 1
        more = 1 + (chance.random() < 0.1)
        while more:
            try:
                answer = client.send(
                    client.build_request("POST", where, json=attempt.body, headers=headers)
                )
            except httpx2.TransportError:
                attempt.broken += 1
                time.sleep(0.02)
                continue
            attempt.answers.append(_answer(answer))
            more -= 1
        last = attempt.answers[-1]
        if last.status in (200, 201):
            return int(last.body["version"])
        return int(last.body.get("actual", attempt.seen))

    def _break_off(
        self, request: httpx2.Request, known: dict[str, str], chance: random.Random
    ) -> None:
        """Send a request, and hang up before the answer can be read."""
        body = request.read()
        lines = [f"POST {request.url.path} HTTP/1.1", "Host: polku"]
        lines += [f"{name}: {value}" for name, value in {**request.headers, **known}.items()]
        address = self._server.address.removeprefix("http://").split(":")
        try:
            with socket.create_connection((address[0], int(address[1])), timeout=5) as to:
                to.sendall("\r\n".join([*lines, "", ""]).encode() + body)
                time.sleep(chance.choice([0, 0.002, 0.01]))
        except OSError:
            return


def _answer(answer: httpx2.Response) -> Answer:
    replayed = answer.headers.get("idempotency-replayed") == "true"
    etag, now = answer.headers.get("etag"), bootstrap.now()
    return Answer(answer.status_code, answer.json(), etag, replayed, now)


class Judgement:
    """What the log says of what was answered."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.entries = {journey: office.log.load(f"journey:{journey}") for journey in JOURNEYS}
        self._histories: dict[tuple[str, int], History] = {}
        self.stored: dict[str, list[tuple[str, int]]] = defaultdict(list)
        log: Any = office.log
        asked = f"SELECT correlation, stream, version FROM {events.name} ORDER BY position"
        for correlation, stream, version in log.database.rows(asked, {}):
            self.stored[correlation].append((stream, version))

    def judge(self, attempts: list[Attempt]) -> Counter[int]:
        """Check every answer against the log; return how often there was which."""
        counted: Counter[int] = Counter()
        for attempt in attempts:
            assert attempt.answers, attempt
            for answer in attempt.answers:
                counted[answer.status] += 1
                self._check(attempt, answer)
            self._check_stored(attempt)
        return counted

    def _check_stored(self, attempt: Attempt) -> None:
        """Check that what was acknowledged is stored exactly once, and nothing else is at all."""
        stored, done = self.stored.get(attempt.correlation, []), attempt.done
        if done is None:
            assert stored == [], (attempt, stored)
            return
        versions = [entry["version"] for entry in done.body["entries"]]
        assert stored == [(f"journey:{attempt.journey}", version) for version in versions]
        for told in done.body["entries"]:
            entry = self.entries[attempt.journey][told["version"] - 1]
            assert datetime.fromisoformat(told["recorded_at"]) == entry.recorded_at
            assert entry.by == By(attempt.person, "mikkeli")
        assert [one.body for one in attempt.answers if one.status == 201] == [done.body] * sum(
            one.status == 201 for one in attempt.answers
        )

    def _check(self, attempt: Attempt, answer: Answer) -> None:
        entries = self.entries[attempt.journey]
        match answer.status:
            case 201:
                first = answer.body["entries"][0]["version"]
                assert first == attempt.seen + 1, "it was decided on what the person had seen"
                assert answer.etag == f'"{answer.body["version"]}"'
                again = attempt.answers.index(answer) > 0 and attempt.answers[0].status == 201
                assert answer.replayed or not again
            case 200:
                assert answer.body["entries"] == []
                assert self._decided(attempt) == ()
            case 412:
                self._check_stale(attempt, answer, entries)
            case 409:
                self._check_refused(attempt, answer)
            case status:
                raise AssertionError((status, answer.body, attempt))

    def _check_stale(self, attempt: Attempt, answer: Answer, entries: list[Any]) -> None:
        """Check that the journey had really moved, and that what moved it is told whole."""
        body = answer.body
        assert body["code"] == "stale"
        assert body["expected"] == attempt.seen < body["actual"] <= len(entries)
        assert entries[body["actual"] - 1].recorded_at <= answer.at
        told = [one["version"] for one in body["changed"]]
        assert told[: body["actual"] - attempt.seen] == list(
            range(attempt.seen + 1, body["actual"] + 1)
        )

    def _check_refused(self, attempt: Attempt, answer: Answer) -> None:
        """Check that the state that the person had seen refuses the act, in the same words."""
        assert answer.body["code"] == "illegal-transition"
        with pytest.raises(IllegalTransition) as refused:
            self._decided(attempt)
        assert answer.body["missing"] == str(refused.value.missing)

    def _decided(self, attempt: Attempt) -> tuple[Any, ...]:
        """Decide the act again on what the person had seen."""
        key = attempt.journey, attempt.seen
        history = self._histories.get(key)
        if history is None:
            history = history_of(self.entries[attempt.journey][: attempt.seen])
            self._histories[key] = history
        fields = BODIES[attempt.act].model_validate(attempt.body).fields()
        asked = Asked(By(attempt.person, "mikkeli"), DAY)
        definition = self._office.programmes.definition(PROGRAMME, 1)
        circumstances = act_of(self._office, asked, definition)
        return JOURNEY_ACTS[attempt.act].decision(history, circumstances, **fields)

    def readings(self) -> Counter[str]:
        """Return how often a reading was recorded, by its correlation."""
        found: Counter[str] = Counter()
        for stream in self._office.log.streams("readings:"):
            for entry in self._office.log.load(stream):
                found.update(one.correlation for one in entry.event.answers)
        return found


def check_streams(judgement: Judgement) -> None:
    """Check that versions and positions are dense: nothing is half stored, or stored twice."""
    for entries in judgement.entries.values():
        assert [entry.version for entry in entries] == list(range(1, len(entries) + 1))


def check_views(office: Office) -> None:
    """Check that all views, brought to where the log is, equal views made of it anew."""
    projections = bootstrap.projections_of(office)
    bring_up_to_date(projections)
    views = list(projections.views.values())
    for rebuilt in Rebuild(projections, views, grace=0).run():
        compared: Comparison | None = rebuilt.compared
        assert compared is not None, rebuilt
        assert (compared.differing, compared.first) == (0, None), rebuilt
        assert rebuilt.quarantined == 0


class Judged(NamedTuple):
    """How often there was which answer (HTTP status), and a reading noted, by its correlation."""

    answers: Counter[int]
    readings: Counter[str]


def judged(url: str, attempts: list[Attempt]) -> Judged:
    """Check each answer against the log, and all streams and views; nobody may write any more."""
    with bootstrap.open_office(Settings(database_url=url)) as office:
        judgement = Judgement(office)
        answers = judgement.judge(attempts)
        check_streams(judgement)
        check_views(office)
        return Judged(answers, judgement.readings())
