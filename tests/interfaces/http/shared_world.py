"""Worlds by chance: clients with journeys at several organisations, and what each may see.

What is told of a client has a mark of its own in it, so that an answer shows what it tells. Who may
see a mark is reckoned here from what was done, by none of the rules of the service.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from application.scope import Purpose, Role, Scope
from domain.entry import By
from domain.kinds import DataKind as Kind
from tests.interfaces.http.acting import headers
from tests.interfaces.http.desk import AUDITOR, EVALUATOR, MANAGER, MONDAY, Desk, as_client

SERVING = ("city", "state")
ORGANISATIONS = (*SERVING, "school", "elsewhere")
ALWAYS = {Kind.IDENTITY, Kind.COURSE}
ALL = {*Kind}
BY_CONSENT = sorted(ALL - ALWAYS)
LEADS = {
    code: Scope(f"lead-{code}", Role.TEAM_LEAD, code, Purpose.SERVICE, rights=("team-lead",))
    for code in ORGANISATIONS
}
WORKERS = {
    code: replace(lead, person=f"worker-{code}", role=Role.CASE_WORKER, rights=())
    for code, lead in LEADS.items()
}
SYSTEMS = {
    code: replace(worker, person=f"system-{code}", role=Role.INTEGRATION)
    for code, worker in WORKERS.items()
}
OF_ORGANISATIONS = {Role.CASE_WORKER, Role.TEAM_LEAD, Role.INTEGRATION}
CLIENTS = ("client-1", "client-2", "client-3")


class Mark(NamedTuple):
    """Of whom something is told, in which journey (None: in the register), and of which kind."""

    client: str
    journey: str | None
    kind: Kind


@dataclass
class Way:
    """A journey as it stands."""

    id: str
    client: str
    organisation: str
    team: list[tuple[str, str]] = field(default_factory=list)
    asked: str | None = None


@dataclass
class Given:
    """What a client let an organisation see, by an entry of the client's stream."""

    client: str
    organisation: str
    kinds: set[Kind]
    start: date
    until: date | None
    entry: int


@dataclass
class World:
    """What was done at a desk, one thing after another, by chance."""

    desk: Desk
    chance: random.Random
    day: date = MONDAY
    ways: dict[str, Way] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    opened: list[tuple[Scope, str, date]] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)

    def begin(self) -> None:
        """Register clients and refer them, each to one of two organisations."""
        for client in CLIENTS:
            self.desk.registers(client, "Aino", self._mark(client, None, Kind.IDENTITY), by=_CITY)
            self.says(client, "contact-details", {"address": "?"}, Kind.CONTACT, LEADS["city"])
        for number, client in enumerate((*CLIENTS, CLIENTS[0]), 1):
            code = SERVING[number % 2]
            way = self.ways[f"j-{number}"] = Way(f"j-{number}", client, code)
            self.desk.refers(way.id, client, to=code)
            self.desk.takes(way.id, by=By(f"lead-{code}", code))
            for kind in TOLD:
                self.tells(way, kind)

    def goes_on(self, steps: int) -> None:
        """Do so many things."""
        doing: tuple[Callable[[Way, str], Any], ...] = (
            *(self._tells_more, self._joins, self._leaves, self._asks_over, self._takes_over),
            *(self._consents, self._consents, self._consents, self._withdraws),
            *(self._opens, self._next_day),
        )
        for _ in range(steps):
            way = self.chance.choice([*self.ways.values()])
            self.chance.choice(doing)(way, self.chance.choice(ORGANISATIONS))

    def _mark(self, client: str, journey: str | None, kind: Kind) -> str:
        text = f"zq{len(self.marks)}q"
        self.marks[text] = Mark(client, journey, kind)
        return text

    def post(self, who: Scope, path: str, said: Any, stream: str) -> Any:
        """Do something, having seen the newest of the stream; it may be refused."""
        of = self.desk.office
        known = of.clients if stream.startswith("client:") else of.histories
        version = known.newest(stream).version
        answer = self.desk.asks(who).post(path, json=said, headers=headers(version=version))
        assert answer.status_code in {200, 201, 409}, (path, said, answer.text)
        return answer

    def says(self, client: str, what: str, said: Any, kind: Kind, who: Scope) -> None:
        """Have something told of a client in the register, with a mark for each "?"."""
        told = self._marked(said, client, None, kind)
        assert self.post(who, f"/clients/{client}/{what}", told, f"client:{client}").is_success

    def does(self, way: Way, code: str, kind: Kind = Kind.COURSE, **said: Any) -> bool:
        """Do an act of a journey for whom it is with, with a mark for each "?"."""
        who, before = LEADS[way.organisation], {*self.marks}
        told = self._marked(said, way.client, way.id, kind)
        answer = self.post(who, f"/journeys/{way.id}/acts/{code}", told, f"journey:{way.id}")
        if answer.status_code != 201:
            self.marks = {mark: of for mark, of in self.marks.items() if mark in before}
        return answer.status_code == 201

    def _marked(self, said: Any, *of: Any) -> Any:
        match said:
            case "?":
                return self._mark(*of)
            case dict():
                return {name: self._marked(value, *of) for name, value in said.items()}
            case list():
                return [self._marked(value, *of) for value in said]
            case _:
                return said

    def tells(self, way: Way, kind: Kind) -> None:
        """Have something of a kind told in a journey."""
        code, said = self.chance.choice(TOLD[kind])
        self.does(way, code, kind, **said)

    def _tells_more(self, way: Way, _: str) -> None:
        self.tells(way, self.chance.choice([*TOLD]))

    def _joins(self, way: Way, code: str) -> None:
        member = f"m-{self.chance.random()}", code
        role = {"person": member[0], "organisation": code, "role": "support"}
        if self.does(way, "join-team", **role):
            way.team.append(member)

    def _leaves(self, way: Way, _: str) -> None:
        if way.team:
            person, code = member = self.chance.choice(way.team)
            assert self.does(way, "leave-team", person=person, organisation=code)
            way.team.remove(member)

    def _asks_over(self, way: Way, _: str) -> None:
        other = next(code for code in SERVING if code != way.organisation)
        if self.does(way, "request-handover", to_organisation=other, reason="?", brief="?"):
            way.asked = other

    def _takes_over(self, way: Way, _: str) -> None:
        if way.asked:
            who, path = LEADS[way.asked], f"/journeys/{way.id}/acts/accept-handover"
            assert self.post(who, path, {"person": who.person}, f"journey:{way.id}").is_success
            way.organisation, way.asked = way.asked, None

    def _consents(self, way: Way, code: str) -> None:
        code = self._in_team(way, code)
        kinds = self.chance.sample(BY_CONSENT, self.chance.randint(1, 4))
        start = self.day + timedelta(days=self.chance.choice([-2, 0, 0, 1]))
        until = self.chance.choice([None, start, start + timedelta(days=2)])
        said = {"organisation": code, "kinds": kinds, "start": str(start)}
        more = {"until": str(until)} if until else {}
        path, client = f"/clients/{way.client}/consents", way.client
        answer = self.post(as_client(client), path, said | more, f"client:{client}")
        if answer.status_code == 201:
            entry = answer.json()["version"]
            self.given.append(Given(client, code, {*kinds}, start, until, entry))

    def _in_team(self, way: Way, code: str) -> str:
        """Return an organisation of the team, most of the time: else consent opens nothing."""
        return self.chance.choice([code, *(of for _, of in way.team)])

    def _withdraws(self, way: Way, code: str) -> None:
        code, client = self._in_team(way, code), way.client
        taken = self.chance.choice([BY_CONSENT, BY_CONSENT[:3]])
        said = {"organisation": code, "kinds": taken}
        path = f"/clients/{client}/consent-withdrawals"
        assert self.post(as_client(client), path, said, f"client:{client}").is_success
        for one in self.given:
            if (one.client, one.organisation) == (client, code):
                one.kinds -= {*taken}

    def _opens(self, way: Way, code: str) -> None:
        who, path = WORKERS[code], f"/journeys/{way.id}/openings"
        answer = self.desk.asks(who).post(path, json={"reason": "on duty"})
        if answer.status_code == 201:
            self.opened.append((who, way.id, self.day + timedelta(days=1)))

    def _next_day(self, _way: Way, _code: str) -> None:
        self.day += timedelta(days=1)
        self.desk.today(self.day)

    # Who may see what

    def ground(self, scope: Scope, way: Way) -> str | None:
        """Return how somebody of an organisation comes to a journey; None: not at all."""
        code = scope.organisation
        if way.organisation == code:
            return "responsible"
        if any(code == of for _, of in way.team):
            return "team"
        if way.asked == code:
            return "handover"
        if way.organisation in scope.partners:
            return "partner"
        is_open = any((scope, way.id) == one[:2] and self.day <= one[2] for one in self.opened)
        return "opened" if is_open else None

    def consented(self, client: str, code: str) -> Iterator[Given]:
        """Yield the consents that count today."""
        for one in self.given:
            counts = one.start <= self.day and (one.until is None or self.day <= one.until)
            if counts and (one.client, one.organisation) == (client, code):
                yield one

    def kinds(self, scope: Scope, way: Way) -> set[Kind]:
        """Return the kinds of data in a journey that somebody may see."""
        if scope.role in OF_ORGANISATIONS:
            ground = self.ground(scope, way)
            if ground in {"responsible", "opened"}:
                return ALL
            given = self.consented(way.client, scope.organisation)
            return ALWAYS.union(*(one.kinds for one in given)) if ground else set()
        sees = {
            Role.AUDITOR: True,
            Role.CLIENT: scope.client == way.client,
            Role.PROGRAMME_MANAGER: "trial" in scope.programmes,
        }
        return ALL if sees.get(scope.role) else set()

    def ways_of(self, mark: Mark) -> Iterable[Way]:
        """Return the journeys by which a mark is come to."""
        if mark.journey:
            return (self.ways[mark.journey],)
        return [way for way in self.ways.values() if way.client == mark.client]

    def may_see(self, scope: Scope, mark: Mark) -> bool:
        """Whether somebody may be told this."""
        return any(mark.kind in self.kinds(scope, way) for way in self.ways_of(mark))

    def everybody(self) -> Iterator[Scope]:
        """Yield somebody of each role in each organisation, and clients."""
        for code in ORGANISATIONS:
            yield from (LEADS[code], WORKERS[code], SYSTEMS[code])
        for code, partner in (("elsewhere", "city"), ("school", "state")):
            partners = frozenset({partner})
            yield replace(WORKERS[code], person=f"partner-{code}", partners=partners)
        yield from map(as_client, CLIENTS)
        yield from (MANAGER, replace(MANAGER, person="m", programmes=frozenset({"other"})))
        yield from (EVALUATOR, AUDITOR)


_CITY = By("lead-city", "city")

STEP = {"id": "?", "goal": "?", "by": "2026-06-02"}
UNEMPLOYED = {"employment": "unemployed"}

TOLD: dict[Kind, tuple[tuple[str, dict[str, Any]], ...]] = {
    Kind.SITUATION: (
        ("hold-intake-interview", {"situation": UNEMPLOYED, "note": "?"}),
        ("define-service-needs", {"needs": ["language"], "note": "?"}),
    ),
    Kind.COMPETENCES: (
        ("record-competence", {"concept": "welding", "level": "high", "evidence": "?"}),
    ),
    Kind.PLAN: (("draft-plan", {"steps": [STEP]}),),
    Kind.SERVICES: (("award-certificate", {"title": "?", "awarding_body": "school"}),),
    Kind.PLACEMENTS: (
        ("propose-placement", {"reference": "?", "employer": "?", "form": "work-try-out"}),
        ("advise-employer", {"employer": "?", "topic": "contract"}),
    ),
    Kind.FOLLOW_UP: (("hold-follow-up", {"status": "employed", "note": "?"}),),
}
"""Acts by which something of a kind is told, whatever phase a journey is in."""
