"""The offices of a feature: people, clients, a log whose clock is set, and the way into both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from application import clients, journeys, organisations, programmes
from application.case_file import CaseFile, open_case_file
from application.office import Office
from application.ports import Receipt
from application.transact import Asked
from domain.client import Particulars
from domain.definition import Definition
from domain.entry import By
from domain.faults import Fault
from domain.journey.history import JourneyEntry, Look
from domain.organisation.state import Organisation
from tests.features.words import code

EVENING = time(20, 59, tzinfo=UTC)
"""The end of a day in Finland and in Italy, all year round."""


Phrases = Sequence[Any]
"""What can be said in a feature (`tests.features.phrases`)."""


class Refused(Exception):
    """The API refused; each member of the problem is an attribute, and what is wrong with a field.

    `problem` is the whole answer.
    """

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['code']}: {problem['detail']} {problem['errors']}")
        self.problem = problem
        self.__dict__.update(problem)
        for wrong in problem["errors"][:1]:
            self.field = wrong["pointer"].strip("/").replace("/", ".")
            self.message = wrong["message"]


class Clock:
    """The log's clock, set by the day on which something is recorded."""

    def __init__(self) -> None:
        self.instant = datetime(2024, 1, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def set(self, day: date) -> None:
        """Go on to the day, and by a minute where it is that day already."""
        today = self.instant.date()
        assert day >= today, f"recorded on {day}, but it is {today} already: say when it was"
        if day > today:
            self.instant = datetime.combine(day, time(8, tzinfo=UTC))
        self.instant += timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with clients, or a client acting for himself or herself."""

    name: str
    organisation: str
    role: str
    language: str = "en"
    programmes: tuple[str, ...] = ()

    @property
    def by(self) -> By:
        return By(code(self.name), self.organisation)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, on which day it happened, for which reason, and when it is recorded."""

    who: str
    on: date
    reason: str | None = None
    recorded: date | None = None


@dataclass
class World:
    """One scenario's offices."""

    office: Office
    clock: Clock
    people: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=dict)
    journeys: dict[str, str] = field(default_factory=dict)
    programme: str = ""
    last: Receipt | None = None
    refusal: Exception | None = None
    text: str = ""
    faults: Sequence[Fault] = ()
    here: Office | None = None
    phrases: Phrases = ()

    def __post_init__(self) -> None:
        self.organisations = organisations.organisations_of(self.office.log)
        self.register = clients.clients_of(self.office.log)

    def person(self, name: str) -> Person:
        if name in self.clients:
            return Person(name, "client", "client")
        assert name in self.people, f"{name}? known: {[*self.people, *self.clients]}"
        return self.people[name]

    def asked(self, asking: Asking) -> Asked:
        self.clock.set(asking.recorded or asking.on)
        person = self.person(asking.who)
        return Asked(person.by, asking.on, (code(person.role),))

    def journey(self, client: str) -> str:
        assert client in self.journeys, f"{client} was not referred; {list(self.journeys)} were"
        return self.journeys[client]

    def act(self, asking: Asking, client: str, decision: Callable[..., Any], **said: Any) -> None:
        journey = self.journey(client)
        self.last = journeys.act(self.office, journey, self.asked(asking), decision, **said)

    def refer(self, asking: Asking, client: str, **said: Any) -> None:
        """Refer a client; a second journey is told from the first by its place."""
        name, journey = self.begun(client)
        fields = {"client": self.clients[name], **said}
        asked = self.asked(asking)
        self.last = journeys.refer(self.office, journey, asked, self.programme, **fields)

    def begun(self, client: str) -> tuple[str, str]:
        """The client's name, and the journey that begins."""
        name, _, place = client.partition(" in ")
        return name, self.journeys.setdefault(client, code(f"{name} {place or 'first'}"))

    def assess(self, asking: Asking, client: str, given: dict[str, Any]) -> None:
        journey = self.journey(client)
        self.last = journeys.assess_eligibility(self.office, journey, self.asked(asking), given)

    def registers(self, asking: Asking, name: str, particulars: Particulars) -> None:
        self.clients[name] = code(name)
        self.last = clients.register(
            self.register, self.clients[name], self.asked(asking), particulars
        )

    def recorded(self) -> int:
        """How many entries there are."""
        return self.office.log.position()

    def case(self, client: str, as_at: date | None = None, known: date | None = None) -> CaseFile:
        """The journey as its page tells it."""
        known_at = datetime.combine(known, EVENING) if known else None
        return open_case_file(self.office, self.journey(client), as_at=as_at, known_at=known_at)

    def look(self, client: str, as_at: date | None = None, known: date | None = None) -> Look:
        return self.case(client, as_at, known).look

    def entries(self, client: str) -> tuple[JourneyEntry, ...]:
        return journeys.history(self.office, self.journey(client)).entries

    def organisation(self, name: str) -> Organisation:
        return self.organisations.newest(f"organisation:{code(name)}")

    def definition(self) -> Definition:
        """The newest version of the programme that was published."""
        state = self.office.programmes.state(self.programme)
        return self.office.programmes.definition(self.programme, state.versions[-1].number)

    def publish(self, text: str, asking: Asking, *, revised: bool = False) -> None:
        do = programmes.revise if revised else programmes.publish
        self.last = do(self.office.programmes, self.asked(asking), text, "the text of the feature")
