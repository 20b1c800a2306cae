"""A world whose people ask Polku over HTTP: as it is served, each with a token of their own."""

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, Self

from starlette.testclient import TestClient

from application.catalogue import JOURNEY_ACTS
from application.scope import Role
from domain.client import Particulars
from domain.entry import Personal, event_name
from domain.journey import corrections, referral
from infrastructure.settings import Settings
from interfaces import bootstrap
from interfaces.http.app import create_app
from interfaces.http.identity_development import local_key, sign
from interfaces.http.parts import HttpSettings, Parts
from tests.features.words import code
from tests.features.world import Asking, Clock, Person, Refused, World

CODES = {act.decision: act.code for act in JOURNEY_ACTS.values()}

REGISTER = Person("Register", "population-register", "integration")
"""Brings in whom a feature registers, so that no organisation of the programme has done it."""
CAME = "the person came to us"
"""Why an organisation refers somebody whom the register brought in."""

AMPLE = HttpSettings(requests_per_minute=1_000_000, burst=1_000_000)


class Service:
    """The application that `polku serve` runs, on one database; only the log's clock is made up."""

    def __init__(self, parts: Parts, client: TestClient, settings: Settings) -> None:
        self.parts, self._client = parts, client
        self._key = local_key(settings.development_key_file)
        self._tokens: dict[Person, str] = {}

    @classmethod
    @contextmanager
    def opened(cls, database_url: str, folder: Path, clock: Clock) -> Any:
        settings = Settings(
            database_url=database_url,
            development_key=folder / "token-key",
            access_folder=folder / "readings",
        )
        with ExitStack() as stack:
            app = create_app(lambda: bootstrap.open_service(settings, clock=clock), AMPLE)
            client = stack.enter_context(TestClient(app))
            yield cls(app.state.parts, client, settings)

    def ask(self, who: Person, method: str, path: str, **more: Any) -> Any:
        """Ask as a person does: with a token, and in a language."""
        headers = {
            "Authorization": f"Bearer {self._token(who)}",
            "Accept-Language": who.language,
            **more.pop("headers", {}),
        }
        return self._client.request(method, path, headers=headers, **more)

    def _token(self, who: Person) -> str:
        if who not in self._tokens:
            self._tokens[who] = sign(self._key, seconds=3600, **_claims(who))
        return self._tokens[who]


def _claims(who: Person) -> dict[str, Any]:
    """A role of Polku's as it is; any other is a right of a case worker's."""
    called = code(who.role)
    said: dict[str, Any] = {"organisation": who.organisation, "person": who.by.person}
    if called == Role.CLIENT:
        return {**said, "role": Role.CLIENT, "client": who.by.person}
    if called in set(Role):
        return {**said, "role": Role(called), "programmes": who.programmes}
    return {**said, "role": Role.CASE_WORKER, "rights": (called,)}


class Answer(NamedTuple):
    """What somebody was answered: of which kind, to whom, and what."""

    kind: str
    who: str
    told: Any


class Sent(NamedTuple):
    """A request that was sent, to be sent again."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class ServedWorld(World):
    """One scenario's people before their screens.

    Who has a client's page open acts on what it shows; who has not, on how things stand.
    """

    service: Service = field(kw_only=True)
    answer: Answer | None = None
    sent: dict[str, Sent] = field(default_factory=dict)
    pages: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: dict[tuple[str, str, date], Any] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, service: Service, clock: Clock, **more: Any) -> Self:
        return cls(service.parts.office, clock, service=service, **more)

    def person(self, name: str) -> Person:
        if name in self.clients:
            language = self.languages.get(name, "en")
            return Person(self.clients[name], "client", "client", language)
        found = super().person(name)
        managing = code(found.role) == Role.PROGRAMME_MANAGER
        programmes = (self.programme,) if managing and self.programme else ()
        return Person(name, found.organisation, found.role, found.language, programmes)

    def name_of(self, client: str) -> str:
        """A client's name by the id."""
        return next((name for name, id_ in self.clients.items() if id_ == client), client)

    # What is done

    def registers(self, asking: Asking, name: str, particulars: Particulars) -> None:
        self.clock.set(asking.on)
        said = plain(particulars)
        answer = self._checked(self._post(REGISTER, "/clients", said))
        self.clients[name] = answer.json()["client"]
        self.languages[name] = particulars.language or "en"

    def publish(self, text: str, asking: Asking, *, revised: bool = False) -> None:
        assert not revised, "no feature over HTTP revises a programme"
        self.clock.set(asking.on)
        self._checked(self._post(self.person(asking.who), "/programmes", {"definition": text}))

    def refer(self, asking: Asking, client: str, **said: Any) -> None:
        name, journey = self.begun(client)
        self.clock.set(asking.recorded or asking.on)
        body = {"journey": journey, "programme": self.programme, "client": self.clients[name]}
        why = {"opening_reason": CAME}
        self._write(asking, "/journeys", {**body, **why, **plain(said)})

    def assess(self, asking: Asking, client: str, given: dict[str, Any]) -> None:
        self.act(asking, client, referral.assess_eligibility, given=given)

    def act(self, asking: Asking, client: str, decision: Callable[..., Any], **said: Any) -> None:
        self.clock.set(asking.recorded or asking.on)
        body = corrected(said) if decision is corrections.correct else plain(said)
        path = f"/journeys/{self.journey(client)}/acts/{CODES[decision]}"
        seen = self.pages.get((asking.who, client))
        version = seen or f'"{len(self.entries(client))}"'
        answer = self._write(asking, path, body, {"If-Match": version})
        if seen:
            self.pages[asking.who, client] = answer.headers["ETag"]

    def send_again(self, who: str) -> Any:
        """Send the last act of a person once more, to the letter."""
        path, body, headers = self.sent[who]
        return self._checked(
            self.service.ask(self.person(who), "POST", path, json=body, headers=headers)
        )

    def _write(
        self,
        asking: Asking,
        path: str,
        body: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Any:
        if asking.recorded:
            body = {**body, "occurred_on": plain(asking.on)}
        sent = {"Idempotency-Key": f"{asking.who}-{self.recorded()}", **(headers or {})}
        self.sent[asking.who] = Sent(path, body, sent)
        return self.send_again(asking.who)

    def _post(self, who: Person, path: str, body: dict[str, Any]) -> Any:
        headers = {"Idempotency-Key": f"setting-up-{self.recorded()}"}
        return self.service.ask(who, "POST", path, json=body, headers=headers)

    def recorded(self) -> int:
        """How many entries there are, beside the readings, which are recorded meanwhile."""
        return sum(not stream.startswith("readings:") for stream, _ in self.office.log.read())

    # What is asked

    def asks(self, asking: Asking, path: str, /, method: str = "GET", **more: Any) -> Any:
        """Ask a question on a day. Raises Refused."""
        self.clock.set(asking.recorded or asking.on)
        return self._checked(self.service.ask(self.person(asking.who), method, path, **more))

    def _checked(self, answer: Any) -> Any:
        if answer.status_code >= 400:
            raise Refused(answer.json())
        return answer


def plain(value: Any) -> Any:
    """A value of the domain as JSON has it; what was not said is left out."""
    if is_dataclass(value) and not isinstance(value, Personal | type):
        value = {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if plain(item) is not None}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Personal):
        return value.text
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def corrected(said: dict[str, Any]) -> dict[str, Any]:
    """The body of a correction: the whole event, with its kind and the day it really happened."""
    event = said["event"]
    told = {"kind": event_name(type(event)), "fields": plain(event)}
    if said["occurred_on"] is not None:
        told["occurred_on"] = plain(said["occurred_on"])
    return {"entry": said["entry"], "event": told, "reason": plain(said["reason"])}
